"""Which locked packages have a known weakness, asked of a feed that the network has.

    python deploy/audit.py [LOCK …]       ends with 1 and names each weakness and what mends it
    python deploy/audit.py --strict       ends with 2 where the feed did not answer for every package
    python deploy/audit.py -- -s osv --osv-url URL    what follows is said to pip-audit

pip-audit says "no known vulnerabilities" also of packages it could not look up: here they are
counted and named as what they are, not looked up.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", "requirements-extras.lock")
_SECONDS = 600


def main() -> int:
    """Ask, print, judge."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("locks", nargs="*", type=Path, default=[ROOT / one for one in LOCKS])
    parser.add_argument("--strict", action="store_true", help="2 where a package was not looked up")
    own = sys.argv.index("--") if "--" in sys.argv else len(sys.argv)
    given, passed_on = parser.parse_args(sys.argv[1:own]), sys.argv[own + 1 :]
    packages = asked(given.locks, passed_on)
    looked_up = [one for one in packages if "skip_reason" not in one]
    weak = [one for one in looked_up if one["vulns"]]
    for one in weak:
        for found in one["vulns"]:
            mended = ", ".join(found["fix_versions"]) or "no version yet"
            print(f"{one['name']} {one['version']}: {found['id']}, mended in: {mended}")
    print(f"{len(looked_up)} of {len(packages)} packages looked up, {len(weak)} with a weakness")
    if len(looked_up) < len(packages) or not packages:
        print("NOT AUDITED: the feed did not answer for the others", file=sys.stderr)
    if weak:
        return 1
    return 2 if given.strict and not (packages and len(looked_up) == len(packages)) else 0


def asked(locks: list[Path], passed_on: list[str]) -> list[dict[str, Any]]:
    """What pip-audit says of each package; nothing where it reached no feed."""
    command = [sys.executable, "-m", "pip_audit", "--no-deps", "--disable-pip", "--format", "json"]
    command += [word for one in locks for word in ("--requirement", str(one))]
    done = subprocess.run(
        [*command, "--progress-spinner", "off", *passed_on],
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    if not done.stdout.strip():
        print(done.stderr.strip().rpartition("\n")[2], file=sys.stderr)
        return []
    return list(json.loads(done.stdout)["dependencies"])


if __name__ == "__main__":
    sys.exit(main())
