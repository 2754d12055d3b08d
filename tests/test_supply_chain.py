"""What we ship and what it is made of: licences, bill of materials, no secrets, the same wheel twice."""

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
RULES = yaml.safe_load((ROOT / "deploy" / "licences.yaml").read_text(encoding="utf-8"))
# What a real secret looks like; the invented ones of tests have no digits where those have.
SECRETS = {
    "private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----",
    "Slack": r"xox[abeprs]-\d[0-9A-Za-z-]{14,}|xapp-\d-[0-9A-Za-z-]{14,}",
    "Slack webhook": r"hooks\.slack\.com/(?:services|workflows)/T[0-9A-Z]{8,}",
    "AWS": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "Aliyun, Tencent": r"\b(?:LTAI[0-9A-Za-z]{16,20}|AKID[0-9A-Za-z]{32})\b",
    "model endpoint": r"\bsk-(?=[\w-]*\d)[\w-]{20,}",
    "GitHub, GitLab": r"\b(?:gh[pousr]_\w{36}|github_pat_\w{22,}|glpat-[\w-]{20})",
    "Google": r"\bAIza[\w-]{35}",
    "token of an identity provider": r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}",
    "PyPI": r"\bpypi-AgE[\w-]{50,}",
}
SECRET = {name: re.compile(one) for name, one in SECRETS.items()}
# No secret of that kind is without one of these, which are found quickly.
MARKS = {
    "private key": ("-----BEGIN ",),
    "Slack": ("xox", "xapp-"),
    "Slack webhook": ("hooks.slack.com/",),
    "AWS": ("AKIA", "ASIA"),
    "Aliyun, Tencent": ("LTAI", "AKID"),
    "model endpoint": ("sk-",),
    "GitHub, GitLab": ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-"),
    "Google": ("AIza",),
    "token of an identity provider": ("eyJ",),
    "PyPI": ("pypi-AgE",),
}


def secrets_in(text: str) -> Iterator[int]:
    """Where each secret of the text begins."""
    for name, secret in SECRET.items():
        if any(mark in text for mark in MARKS[name]):
            yield from (hit.start() for hit in secret.finditer(text))


@pytest.fixture(scope="module")
def sbom() -> ModuleType:
    """The program that writes the bill of materials."""
    spec = importlib.util.spec_from_file_location("sbom", ROOT / "deploy" / "sbom.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["sbom"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def packages(sbom: ModuleType) -> dict[Any, str]:
    """What is locked to run, with the licence of each."""
    return {one: sbom.licence_of(one, RULES) for one in sbom.read_lock(sbom.LOCK)}


def tracked() -> list[Path]:
    """The files under version control; in an unpacked archive, all but what is built."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode == 0:
        found = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:
        built = {".venv", "var", "dist", "build"}
        found = [one for one in ROOT.rglob("*") if not built & set(one.relative_to(ROOT).parts)]
    return [one for one in found if one.is_file()]


def test_every_required_package_has_a_licence_that_is_allowed(
    sbom: ModuleType, packages: dict[Any, str]
) -> None:
    assert len(packages) > 150
    assert sbom.refused(packages, RULES) == []
    unused = set(RULES["by_package"]) - {one.name for one in packages}
    assert not unused, "an exception nobody needs"


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("MIT", True),
        ("MIT OR GPL-3.0-only", True),
        ("GPL-3.0-only", False),
        ("MIT AND GPL-2.0-or-later", False),
        ("MPL-2.0 AND (Apache-2.0 OR MIT)", True),
        ("MPL-2.0 AND (AGPL-3.0-only OR SSPL-1.0)", False),
        ("LGPL-3.0-only", False),
        ("CC-BY-NC-4.0", False),
        ("Proprietary", False),
        ("", False),
    ],
)
def test_a_licence_is_allowed_as_a_whole_or_not(
    sbom: ModuleType, licence: str, allowed: bool
) -> None:
    assert sbom.is_allowed("some-package", licence, RULES) is allowed
    package = sbom.Locked("some-package", "1.0", (), frozenset())
    assert bool(sbom.refused({package: licence}, RULES)) is not allowed


def test_the_bill_names_every_locked_package_with_its_hashes_and_who_needs_it(
    sbom: ModuleType, packages: dict[Any, str]
) -> None:
    lock = sbom.LOCK.read_bytes()
    made = sbom.bill(packages, lock)
    assert made == sbom.bill(packages, lock)
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")
    pinned = set(re.findall(rb"(?m)^([a-z0-9][\w.-]*)(?:\[\S+\])?==", lock))
    assert {one["name"].encode() for one in made["components"]} == pinned
    hashes = [
        h["content"] for c in made["components"] for h in c["externalReferences"][0]["hashes"]
    ]
    assert sorted(hashes) == sorted(re.findall(r"sha256:([0-9a-f]{64})", lock.decode()))
    known = {one["bom-ref"] for one in made["components"]}
    needed = {one["ref"]: one["dependsOn"] for one in made["dependencies"]}
    product = made["metadata"]["component"]["bom-ref"]
    assert {one for parts in needed.values() for one in parts} <= known == set(needed) - {product}
    # Everything is there because something needs it, in the end we.
    reached, waiting = set(), [product]
    while waiting:
        here = waiting.pop()
        reached.add(here)
        waiting += [one for one in needed[here] if one not in reached]
    assert reached == known | {product}
    direct = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {re.split(r"[\[<>=]", one)[0] for one in direct["dependencies"]}
    assert names <= {one.removeprefix("pkg:pypi/").split("@")[0] for one in needed[product]}
    json.dumps(made)


def test_no_file_under_version_control_holds_a_secret() -> None:
    files = tracked()
    assert len(files) > 500
    found = [
        f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, start) + 1}"
        for path in files
        for text in [path.read_bytes().decode("utf-8", errors="replace")]
        for start in secrets_in(text)
    ]
    assert found == []


@pytest.mark.parametrize(
    "parts",
    [
        ("-----BEGIN RSA ", "PRIVATE KEY-----"),
        ("-----BEGIN ", "PRIVATE KEY-----"),
        ("xoxb-", "123456789012-123456789012-abcDEF"),
        ("xapp-", "1-A0123456789-1234567890"),
        ("AKIA", "IOSFODNN7EXAMPLE"),
        ("LTAI", "5tAbCdEfGhIjKlMnOpQr"),
        ("sk-", "proj-abcdefghij0123456789"),
        ("ghp_", "0123456789abcdefghij0123456789abcdef"),
        ("eyJ", "hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N"),
    ],
)
def test_a_secret_would_be_found(parts: tuple[str, str]) -> None:
    assert list(secrets_in(f"token = '{''.join(parts)}'\n"))
    assert not any(list(secrets_in(one)) for one in parts)


def test_the_same_commit_gives_the_same_wheel_to_the_byte(tmp_path: Path) -> None:
    """Built in two places, at two times, by two people whose new files have other permissions."""
    shipped = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = {*shipped["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]}
    wanted |= {"pyproject.toml", "README.md", "LICENSE"}
    digests = set()
    for place, mask, at in (("one", 0o022, 1_700_000_000), ("two", 0o077, 1_800_000_000)):
        before = os.umask(mask)
        try:
            for path in tracked():
                name = path.relative_to(ROOT)
                if name.parts[0] in wanted:
                    copy = tmp_path / place / name
                    copy.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(path, copy)
                    os.utime(copy, (at, at))
            subprocess.run(
                [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", "dist"],
                cwd=tmp_path / place,
                env={**os.environ, "SOURCE_DATE_EPOCH": "1700000000"},
                capture_output=True,
                check=True,
            )
        finally:
            os.umask(before)
        (wheel,) = (tmp_path / place / "dist").glob("*.whl")
        digests.add((wheel.name, hashlib.sha256(wheel.read_bytes()).hexdigest()))
    assert len(digests) == 1


OSV = ("-s", "osv", "--osv-url")


class _Feed(BaseHTTPRequestHandler):
    """A feed of weaknesses: one in a package called weak, none in others, no answer for lost."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        name = asked["package"]["name"]
        found = [] if name != "weak" else [{"id": "OSV-1", "affected": [_affected(name)]}]
        body = json.dumps({"vulns": found} if found else {}).encode()
        self.send_response(500 if name == "lost" else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


def _affected(name: str) -> dict[str, Any]:
    events = [{"introduced": "0"}, {"fixed": "2.0"}]
    return {
        "package": {"name": name, "ecosystem": "PyPI"},
        "ranges": [{"type": "ECOSYSTEM", "events": events}],
    }


@pytest.mark.parametrize(
    ("packages", "code", "said"),
    [
        (["sound==1.0", "weak==1.0"], 1, "weak 1.0: OSV-1, mended in: 2.0"),
        (["sound==1.0"], 0, "1 of 1 packages looked up, 0 with a weakness"),
        (["sound==1.0", "lost==1.0"], 2, "NOT AUDITED"),
    ],
)
def test_a_known_weakness_is_named_and_no_answer_is_not_taken_for_a_clean_one(
    tmp_path: Path, packages: list[str], code: int, said: str
) -> None:
    lock = tmp_path / "some.lock"
    lock.write_text("\n".join(packages), encoding="utf-8")
    with ThreadingHTTPServer(("127.0.0.1", 0), _Feed) as feed:
        threading.Thread(target=feed.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{feed.server_port}/v1/query"
        done = subprocess.run(
            [sys.executable, "deploy/audit.py", "--strict", str(lock), "--", *OSV, url],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        feed.shutdown()
    assert (done.returncode, said in done.stdout + done.stderr) == (code, True), done.stderr
