"""Statutes, regulations and company policy → database and index; only what changed is read in."""

import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from knowledge import index, policies, regulations, store
from knowledge.duties import load_duties
from knowledge.errors import NoSuchFolder
from knowledge.levels import Level
from knowledge.policies import SkippedFile
from knowledge.provisions import Provision
from knowledge.search import prior
from knowledge.sources import short_name
from knowledge.statutes import StatuteVersion, read_statutes
from knowledge.store import Document
from pii.cleared import ClearedText, public_text
from records.database import Database

__all__ = ["IngestReport", "SkippedFile", "ingest"]

Clear = Callable[[str], ClearedText]
_STATUTE = "statute"
_PER_TRANSACTION = 25


@dataclass(frozen=True)
class IngestReport:
    """What is loaded now, what changed, what was left out, and how long each part took."""

    instruments: int
    provisions: int
    policies: int
    policy_sections: int
    duties: int
    changed: int
    removed: int
    rebuilt: bool
    skipped: tuple[SkippedFile, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)


class _Clock:
    """Seconds spent on each part, for the report."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._since = time.perf_counter()

    def lap(self, part: str) -> None:
        now = time.perf_counter()
        self.seconds[part] = round(self.seconds.get(part, 0.0) + now - self._since, 2)
        self._since = now


def ingest(
    database: Database,
    index_folder: Path,
    *,
    policies: Path | None,
    progress: index.Progress,
    regulations: Path | None = None,
    clear: Clear | None = None,
    only: frozenset[str] | None = None,
) -> IngestReport:
    """Bring database and index up to the sources; doing it twice changes nothing.

    A folder given as None leaves what was loaded from it as it is. `clear` masks personal data in
    policy text before it is stored or indexed. `only` names the laws to load.
    """
    for folder in filter(None, (policies, regulations)):
        if not folder.is_dir():
            raise NoSuchFolder(folder.name)
    clock = _Clock()
    with index.building(index_folder):
        duties = load_duties()
        clock.lap("duties")
        documents, skipped = _read(policies, regulations, only, clear)
        clock.lap("read")
        changed, removed = _store(database, documents, progress)
        clock.lap("store")
        rebuilt = _index(database, index_folder, clear, progress)
        clock.lap("index")
    with database.reading() as session:
        counts = store.count(session)
    return IngestReport(
        **counts,
        duties=len(duties),
        changed=changed,
        removed=removed,
        rebuilt=rebuilt,
        skipped=skipped,
        seconds=clock.seconds,
    )


def _read(
    policy_folder: Path | None,
    regulation_folder: Path | None,
    only: frozenset[str] | None,
    clear: Clear | None,
) -> tuple[dict[str, list[Document]], tuple[SkippedFile, ...]]:
    """What the sources hold now, by kind, and the files left out."""
    found: dict[str, list[Document]] = {_STATUTE: [_document(v) for v in read_statutes(only)]}
    skipped: list[SkippedFile] = []
    for kind, folder, read in (
        (regulations.KIND, regulation_folder, regulations.read_regulations),
        (policies.KIND, policy_folder, policies.read_policies),
    ):
        if folder is not None:
            results = list(read(folder))
            found[kind] = [_masked(r, clear) for r in results if isinstance(r, Document)]
            skipped += (result for result in results if isinstance(result, SkippedFile))
    return found, tuple(skipped)


def _masked(document: Document, clear: Clear | None) -> Document:
    """A policy without the names and numbers of those it mentions: answers quote it to everybody."""
    if clear is None or document.level is not Level.POLICY:
        return document
    masked = tuple(
        replace(one, text=clear(one.text).text, heading=clear(one.heading).text)
        for one in document.provisions
    )
    return replace(document, provisions=masked, content_hash=f"{document.content_hash}-masked")


def _document(version: StatuteVersion) -> Document:
    return Document(
        id=version.id,
        kind=_STATUTE,
        name=version.name,
        level=Level.LAW,
        effective_from=version.effective_from,
        effective_to=version.effective_to,
        ends_as=version.ends_as,
        source=version.provisions[0].source if version.provisions else "",
        provisions=version.provisions,
        content_hash=version.content_hash,
    )


def _store(
    database: Database, documents: dict[str, list[Document]], progress: index.Progress
) -> tuple[int, int]:
    """Save what changed, then forget what is gone: a replaced text is never missing between."""
    changed = removed = 0
    for kind, wanted in documents.items():
        with database.reading() as session:
            present = store.hashes(session, kind)
        new = [d for d in wanted if present.get(d.id) != d.content_hash]
        for start in range(0, len(new), _PER_TRANSACTION):
            with database.transaction() as session:
                store.save(session, new[start : start + _PER_TRANSACTION], at=datetime.now(UTC))
            progress(kind, min(start + _PER_TRANSACTION, len(new)), len(new))
        gone = present.keys() - {d.id for d in wanted}
        if gone:
            with database.transaction() as session:
                store.remove(session, gone)
        changed += len(new)
        removed += len(gone)
    return changed, removed


def _index(database: Database, folder: Path, clear: Clear | None, progress: index.Progress) -> bool:
    """Build a new index unless the one in use was built from the same texts."""
    with database.reading() as session:
        kinds = (_STATUTE, regulations.KIND, policies.KIND)
        hashes = {kind: store.hashes(session, kind) for kind in kinds}
        fingerprint = _fingerprint(hashes.values(), cleared=clear is not None)
        if index.fingerprint_in_use(folder) == fingerprint:
            return False
        provisions = store.provisions(session)
    index.build(folder, _entries(provisions, clear), fingerprint, progress)
    return True


def _fingerprint(hashes: Iterable[dict[str, str]], *, cleared: bool) -> str:
    parts = sorted(f"{key}={value}" for loaded in hashes for key, value in loaded.items())
    return hashlib.sha256("\0".join([f"{index.LAYOUT}{cleared}", *parts]).encode()).hexdigest()


def _entries(provisions: Sequence[Provision], clear: Clear | None) -> list[index.Entry]:
    entries = []
    for provision in provisions:
        context = f"{short_name(provision.instrument)} {provision.chapter or ''}"
        text = provision.text
        if provision.level is Level.POLICY:
            text = f"{provision.heading}\n{text}"
        masked = clear if provision.level is Level.POLICY else None
        entries.append(
            index.Entry(
                provision=provision,
                text=_cleared(text, provision.source, masked),
                context=_cleared(context, provision.source, masked),
                prior=prior(provision.instrument, provision.level),
            )
        )
    return entries


def _cleared(text: str, source: str, clear: Clear | None) -> ClearedText:
    return clear(text) if clear else public_text(text, source=source)
