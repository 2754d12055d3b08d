"""A folder of company policy → documents of sections; a bad file is named and left out."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from knowledge import sections
from knowledge.errors import UnreadablePolicy
from knowledge.levels import Level, Standing
from knowledge.particulars import Given, beside, describe, side_car
from knowledge.provisions import EVERYONE, Provision
from knowledge.reading.documents import read_document
from knowledge.store import Document, Particulars
from records.errors import ProductError
from records.language import Bilingual

KIND = "policy"
# Raise when the rules of splitting or of masking change, so that unchanged files are read again.
READING = 7
# A policy that names no day for its next review is looked at a year after its approval.
_REVIEW_AFTER = timedelta(days=365)
_VERSION = re.compile(r"[\s_\-（(]*(?:V|v|版本?)\s*(?P<version>\d+(?:\.\d+)*)\s*[)）]?$")


@dataclass(frozen=True)
class SkippedFile:
    """A file that was left out, and why."""

    name: str
    reason: Bilingual


def read_policies(folder: Path) -> Iterator[Document | SkippedFile]:
    """Every policy file below the folder, in order of name; hidden files are passed over."""
    for path in files_below(folder):
        name = path.relative_to(folder).as_posix()
        try:
            yield _read(path, name)
        except ProductError as error:
            yield SkippedFile(name, error.message)


def files_below(folder: Path) -> list[Path]:
    """The files below a folder that are not hidden, an editor's lock (~$…) or a side-car."""
    found = [
        path
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith((".", "~$"))
    ]
    side_cars = {described for path in found for described in [beside(path)] if described}
    return sorted(path for path in found if path not in side_cars)


def _read(path: Path, name: str) -> Document:
    given = side_car(path)
    reading = read_document(path, instructions_reviewed=given.instructions_reviewed)
    described = describe(given, reading.lines)
    given = described.given
    found = sections.split(described.lines)
    if not found:
        raise UnreadablePolicy
    in_name = _VERSION.search(path.stem)
    version = given.version or (in_name["version"] if in_name else None)
    title = given.name or (path.stem[: in_name.start()].strip() if in_name else "") or path.stem
    begins = given.effective or given.approved
    identity = f"policy/{name}"
    ends_as = _ends_as(given)
    return Document(
        id=identity,
        kind=KIND,
        name=title,
        level=Level.POLICY,
        effective_from=begins,
        effective_to=given.ends,
        ends_as=ends_as,
        source=name,
        provisions=tuple(
            _provision(identity, title, name, section, given, begins, ends_as) for section in found
        ),
        content_hash=hashlib.sha256(
            f"{READING}\0{name}\0{given!r}\0".encode() + path.read_bytes()
        ).hexdigest(),
        particulars=Particulars(
            adopted=given.adopted,
            version=version,
            owner=given.owner,
            approved=given.approved,
            review_by=given.review_by or _next_review(begins),
            remarks=reading.remarks,
        ),
    )


def _ends_as(given: Given) -> Standing | None:
    if given.status == "draft":
        return Standing.DRAFT
    return Standing.REPEALED if given.status == "repealed" or given.ends else None


def _next_review(begins: date | None) -> date | None:
    return begins + _REVIEW_AFTER if begins else None


def _provision(
    identity: str,
    title: str,
    name: str,
    section: sections.Section,
    given: Given,
    begins: date | None,
    ends_as: Standing | None,
) -> Provision:
    return Provision(
        id=f"{identity}#{section.number}",
        instrument=title,
        article=section.number,
        heading=section.heading,
        chapter=section.chapter,
        text=section.text,
        level=Level.POLICY,
        effective_from=begins,
        effective_to=given.ends,
        source=name,
        audience=given.audience or EVERYONE,
        ends_as=ends_as,
    )
