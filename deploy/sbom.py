"""The bill of materials of what is installed to run, and the licence of each part.

    python deploy/sbom.py                 CycloneDX 1.6 (ECMA-424) in JSON
    python deploy/sbom.py --table         package, version, licence, as a table
    python deploy/sbom.py --check         ends with 1 and names each package under a licence not allowed

Names, versions, hashes and who needs whom come from requirements.lock; licences from the installed
packages, which must be those of the lock. The same lock gives the same bill, to the byte.
"""

import argparse
import json
import re
import sys
import tomllib
import uuid
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "requirements.lock"
RULES = Path(__file__).parent / "licences.yaml"
PRODUCT = "compliance-assistant"
_PINNED = re.compile(r"^([a-z0-9][a-z0-9.-]*)(?:\[[^]]*\])?==([^\s;]+)")


@dataclass(frozen=True)
class Locked:
    """One package of the lock."""

    name: str
    version: str
    hashes: tuple[str, ...]
    needed_by: frozenset[str]


def read_lock(path: Path) -> list[Locked]:
    """Every package with its hashes and the packages that need it, as `make lock` writes them."""
    found: list[Locked] = []
    for block in re.split(r"\n(?=[a-z0-9])", path.read_text(encoding="utf-8")):
        pinned = _PINNED.match(block)
        if pinned:
            hashes = tuple(sorted(re.findall(r"--hash=sha256:([0-9a-f]{64})", block)))
            comments = block.split("# via", 1)[-1]
            needed = frozenset(re.findall(r"(?m)^\s*#?\s+([a-z0-9][a-z0-9.-]*)", comments))
            found.append(Locked(pinned[1], pinned[2], hashes, needed))
    return found


def licence_of(package: Locked, rules: dict[str, Any]) -> str:
    """An SPDX expression. Raises SystemExit where another version is installed or nothing is said."""
    try:
        said = metadata(package.name)
    except PackageNotFoundError:
        raise SystemExit(f"{package.name} is not installed: pip install -r {LOCK.name}") from None
    if said["Version"] != package.version:
        raise SystemExit(
            f"{package.name} {said['Version']} is installed, the lock has {package.version}"
        )
    classified = [
        one.rpartition(" :: ")[2]
        for one in said.get_all("Classifier", [])
        if one.startswith("License :: OSI Approved :: ")
    ]
    declared = (
        rules["read"].get(package.name)
        or said.get("License-Expression")
        or said.get("License")
        or " AND ".join(rules["spelled"].get(one, one) for one in classified)
    )
    # Some give the whole text, which begins with its name.
    name = declared.strip().partition("\n")[0]
    return str(rules["spelled"].get(name, name))


def is_allowed(name: str, licence: str, rules: dict[str, Any]) -> bool:
    """Whether one side of each OR, and every part of it, may be used."""
    if licence == rules["by_package"].get(name, {}).get("licence"):
        return True
    allowed = set(rules["allowed"])

    def holds(expression: str) -> bool:
        return all(part.strip("() ") in allowed for part in re.split(r"\bAND\b", expression))

    # In brackets first, so that what is left has one kind of word at a time.
    while inner := re.search(r"\(([^()]*)\)", licence):
        good = any(holds(one) for one in re.split(r"\bOR\b", inner[1]))
        licence = licence.replace(inner[0], rules["allowed"][0] if good else "none", 1)
    return bool(licence.strip()) and any(holds(one) for one in re.split(r"\bOR\b", licence))


def refused(packages: dict[Locked, str], rules: dict[str, Any]) -> list[str]:
    """Each package under a licence that is not allowed."""
    return [
        f"{one.name} {one.version}: {licence or 'no licence named'}"
        for one, licence in packages.items()
        if not is_allowed(one.name, licence, rules)
    ]


def bill(packages: dict[Locked, str], lock: bytes) -> dict[str, Any]:
    """The bill of materials; it holds no time and no address, so that it can be made again."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    reference = {one.name: f"pkg:pypi/{one.name}@{one.version}" for one in packages}
    product = f"pkg:pypi/{PRODUCT}@{project['version']}"
    needs: dict[str, list[str]] = {product: [], **{one: [] for one in reference.values()}}
    for one in packages:
        for name in one.needed_by:
            if name == PRODUCT or name in reference:
                needs[product if name == PRODUCT else reference[name]].append(reference[one.name])
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, product + lock.hex())}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": product,
                "name": PRODUCT,
                "version": project["version"],
                "purl": product,
                "licenses": [{"expression": project["license"]}],
            }
        },
        "components": [
            {
                "type": "library",
                "bom-ref": reference[one.name],
                "name": one.name,
                "version": one.version,
                "purl": reference[one.name],
                "scope": "required",
                "licenses": [{"expression": licence}],
                "externalReferences": [
                    {
                        "type": "distribution",
                        "url": reference[one.name],
                        "comment": "the files accepted at installation, by hash",
                        "hashes": [{"alg": "SHA-256", "content": value} for value in one.hashes],
                    }
                ],
            }
            for one, licence in packages.items()
        ],
        "dependencies": [
            {"ref": ref, "dependsOn": sorted(parts)} for ref, parts in sorted(needs.items())
        ],
    }


def main() -> None:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lock", type=Path, default=LOCK)
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--check", action="store_true")
    asked = parser.parse_args()
    rules = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    packages = {one: licence_of(one, rules) for one in read_lock(asked.lock)}
    if asked.check:
        wrong = refused(packages, rules)
        print("\n".join(wrong) or f"{len(packages)} packages, every licence allowed")
        sys.exit(1 if wrong else 0)
    if asked.table:
        print("| Package | Version | Licence |\n|---|---|---|")
        for one, licence in packages.items():
            print(f"| {one.name} | {one.version} | {licence} |")
        return
    text = json.dumps(bill(packages, asked.lock.read_bytes()), indent=1, ensure_ascii=False)
    print(text)


if __name__ == "__main__":
    main()
