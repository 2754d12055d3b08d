"""The database side of an ingest: what the sources hold now → rows, changed ones only.

Every batch is one transaction, so an ingest cut short is taken up where it stopped, and a reader
sees a text either as it was or as it is. What is gone is taken away only after the index that no
longer points to it is in use.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from knowledge import policies, regulations, store, versions
from knowledge.claims import judge
from knowledge.levels import Level
from knowledge.policies import SkippedFile
from knowledge.statutes import StatuteVersion, read_statutes
from knowledge.store import Document, Particulars
from pii.cleared import ClearedText
from records.database import Database

Clear = Callable[[str], ClearedText]
Progress = Callable[[str, int, int], None]
STATUTE, IMPORTED = "statute", "imported"
KINDS = (STATUTE, regulations.KIND, IMPORTED, policies.KIND)
_PER_TRANSACTION = 25


@dataclass(frozen=True)
class Folders:
    """Where texts lie; None leaves what was loaded from there as it is."""

    regulations: Path | None = None
    imported: Path | None = None
    policies: Path | None = None


@dataclass(frozen=True)
class Found:
    """What the sources hold now, by kind; what was refused, and what stays as it was loaded."""

    documents: dict[str, tuple[Document, ...]]
    skipped: tuple[SkippedFile, ...]
    kept: dict[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Stored:
    """How many texts changed, and the ids of those that are in no source any more."""

    changed: int
    gone: frozenset[str]


def read_sources(
    database: Database, folders: Folders, only: frozenset[str] | None, clear: Clear | None
) -> Found:
    """Every source read once; a bad file is refused and what it gave before stays."""
    statutes = tuple(_document(version) for version in read_statutes(only))
    documents: dict[str, tuple[Document, ...]] = {STATUTE: statutes}
    skipped: list[SkippedFile] = []
    kept: dict[str, frozenset[str]] = {}
    taken = {one.id: one for one in statutes}
    for kind, folder in (
        (regulations.KIND, folders.regulations),
        (IMPORTED, folders.imported),
        (policies.KIND, folders.policies),
    ):
        if folder is None:
            continue
        results = list(_read(kind, folder))
        judged = judge((r for r in results if isinstance(r, Document)), taken=taken)
        refused = [*(r for r in results if isinstance(r, SkippedFile)), *judged.refused]
        documents[kind] = tuple(_masked(one, clear) for one in judged.documents)
        with database.reading() as session:
            before = store.ids_from(session, kind, [one.name for one in refused])
        kept[kind] = judged.contested | before
        skipped += refused
        taken |= {one.id: one for one in judged.documents}
    return Found(documents, tuple(skipped), kept)


def _read(kind: str, folder: Path) -> Iterable[Document | SkippedFile]:
    if kind == policies.KIND:
        return policies.read_policies(folder)
    found = regulations.read_regulations(folder)
    return (replace(one, kind=kind) if isinstance(one, Document) else one for one in found)


def save(
    database: Database,
    found: Found,
    progress: Progress,
    before: Callable[[Session, Iterable[str]], None] = lambda _session, _names: None,
) -> Stored:
    """Store what changed, batch by batch, each version settled against its neighbours.

    `before` is given the names of the texts that are about to change.
    """
    changed, gone = 0, set[str]()
    plans: dict[str, list[Document]] = {}
    for kind, wanted in found.documents.items():
        with database.reading() as session:
            present = store.hashes(session, kind)
        plans[kind] = [d for d in wanted if present.get(d.id) != d.content_hash]
        gone |= present.keys() - {d.id for d in wanted} - found.kept.get(kind, frozenset())
    # What another kind of source holds now has only changed hands.
    gone -= {one.id for wanted in found.documents.values() for one in wanted}
    with database.reading() as session:
        named = {one.name for new in plans.values() for one in new}
        before(session, named.union(store.names_of(session, gone)))
    for kind, new in plans.items():
        for start in range(0, len(new), _PER_TRANSACTION):
            batch = new[start : start + _PER_TRANSACTION]
            with database.transaction() as session:
                store.save(session, batch, at=datetime.now(UTC))
                versions.settle(session, (one.name for one in batch), without=gone)
            progress(kind, min(start + _PER_TRANSACTION, len(new)), len(new))
        changed += len(new)
    if gone:
        with database.transaction() as session:
            versions.settle(session, store.names_of(session, gone), without=gone)
    return Stored(changed, frozenset(gone))


def forget(database: Database, gone: frozenset[str]) -> None:
    """Take away what is in no source any more."""
    if gone:
        with database.transaction() as session:
            store.remove(session, gone)


def _masked(document: Document, clear: Clear | None) -> Document:
    """A policy without the names and numbers of those it mentions: answers quote it to everybody."""
    if clear is None or document.level is not Level.POLICY:
        return document
    masked = tuple(
        replace(one, text=clear(one.text).text, heading=clear(one.heading).text)
        for one in document.provisions
    )
    owner = document.particulars.owner
    return replace(
        document,
        provisions=masked,
        content_hash=f"{document.content_hash}-masked",
        particulars=replace(document.particulars, owner=clear(owner).text if owner else None),
    )


def _document(version: StatuteVersion) -> Document:
    return Document(
        id=version.id,
        kind=STATUTE,
        name=version.name,
        level=Level.LAW,
        effective_from=version.effective_from,
        effective_to=version.effective_to,
        ends_as=version.ends_as,
        source=version.provisions[0].source if version.provisions else "",
        provisions=version.provisions,
        content_hash=version.content_hash,
        particulars=Particulars(adopted=version.version, date_certain=version.date_certain),
    )
