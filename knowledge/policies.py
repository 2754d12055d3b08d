"""A folder of company policy → documents of sections; a bad file is named and left out."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from knowledge import sections
from knowledge.errors import UnreadablePolicy
from knowledge.levels import Level
from knowledge.loaders import read_lines
from knowledge.provisions import Provision
from knowledge.store import Document
from records.errors import ProductError
from records.language import Bilingual

KIND = "policy"
# Raise when the rules of splitting change, so that unchanged files are read again.
READING = 1


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
    """The files below a folder that are not hidden or an editor's lock (~$…)."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith((".", "~$"))
    )


def _read(path: Path, name: str) -> Document:
    lines = read_lines(path)
    found = sections.split(lines)
    if not found:
        raise UnreadablePolicy
    identity = f"policy/{name}"
    title = path.stem
    return Document(
        id=identity,
        kind=KIND,
        name=title,
        level=Level.POLICY,
        effective_from=None,
        effective_to=None,
        ends_as=None,
        source=name,
        provisions=tuple(_provision(identity, title, name, section) for section in found),
        content_hash=hashlib.sha256(
            f"{READING}\0{name}\0".encode() + path.read_bytes()
        ).hexdigest(),
    )


def _provision(identity: str, title: str, name: str, section: sections.Section) -> Provision:
    return Provision(
        id=f"{identity}#{section.number}",
        instrument=title,
        article=section.number,
        heading=section.heading,
        chapter=section.chapter,
        text=section.text,
        level=Level.POLICY,
        effective_from=None,
        effective_to=None,
        source=name,
    )
