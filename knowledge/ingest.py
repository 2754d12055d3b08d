"""Statutes, regulations and company policy → database and index; only what changed is read in."""

import hashlib
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from knowledge import index, index_build, replaced, store
from knowledge.duties import load_duties
from knowledge.errors import NoSuchFolder
from knowledge.intake import KINDS, Clear, Folders, Progress, forget, read_sources, save
from knowledge.levels import Level
from knowledge.own_rules import read_ahead
from knowledge.policies import SkippedFile
from knowledge.provisions import Provision
from knowledge.search import prior
from knowledge.sentences import passages
from knowledge.sources import short_name
from knowledge.tokens import heading_words
from knowledge.traditional import simplified
from pii.cleared import ClearedText, public_text
from records.database import Database

__all__ = ["IngestReport", "SkippedFile", "entries_of", "ingest"]


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
    # Texts that were embedded anew; those that did not change were taken over.
    embedded: int = 0
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
    progress: Progress,
    regulations: Path | None = None,
    imported: Path | None = None,
    clear: Clear | None = None,
    only: frozenset[str] | None = None,
    rebuild: bool = False,
    stores: index.Stores | None = None,
) -> IngestReport:
    """Bring database and index up to the sources; doing it twice changes nothing.

    A folder given as None leaves what was loaded from it as it is. `clear` masks personal data in
    policy text before it is stored or indexed. `only` names the laws to load; `rebuild` makes the
    index anew even where nothing changed.
    """
    for folder in filter(None, (policies, regulations, imported)):
        if not folder.is_dir():
            raise NoSuchFolder(folder.name)
    clock = _Clock()
    with index_build.building(index_folder):
        duties = load_duties()
        clock.lap("duties")
        folders = Folders(regulations, imported, policies)
        found = read_sources(database, folders, only, clear)
        clock.lap("read")
        stored = save(database, found, progress, partial(replaced.keep, index_folder))
        clock.lap("store")
        where = stores or index.Stores()
        embedded = _index(
            database, index_folder, stored.gone, clear, progress, where, rebuild=rebuild
        )
        forget(database, stored.gone)
        replaced.forget(index_folder)
        clock.lap("index")
    with database.reading() as session:
        counts = store.count(session)
    return IngestReport(
        **counts,
        duties=len(duties),
        changed=stored.changed,
        removed=len(stored.gone),
        rebuilt=embedded is not None,
        embedded=embedded or 0,
        skipped=found.skipped,
        seconds=clock.seconds,
    )


def _index(
    database: Database,
    folder: Path,
    gone: frozenset[str],
    clear: Clear | None,
    progress: Progress,
    stores: index.Stores,
    *,
    rebuild: bool,
) -> int | None:
    """Build a new index, without what is gone, unless the one in use is of the same texts.

    Says how many texts were embedded anew; None where nothing was built.
    """
    with database.reading() as session:
        loaded = [store.hashes(session, kind) for kind in KINDS]
        hashes = ({k: v for k, v in one.items() if k not in gone} for one in loaded)
        made_by = f"{stores.maker.name} {stores.elsewhere}"
        fingerprint = _fingerprint(hashes, made_by, cleared=clear is not None)
        if not rebuild and index.fingerprint_in_use(folder) == fingerprint:
            return None
        provisions = [
            one for one in store.provisions(session) if one.id.partition("#")[0] not in gone
        ]
    entries = entries_of(provisions, clear)
    embedded = index_build.build(folder, entries, fingerprint, progress, stores, afresh=rebuild)
    read_ahead([one for one in provisions if one.level is Level.POLICY], passages(folder))
    return embedded


def _fingerprint(hashes: Iterable[dict[str, str]], made_by: str, *, cleared: bool) -> str:
    parts = sorted(f"{key}={value}" for loaded in hashes for key, value in loaded.items())
    return hashlib.sha256(
        "\0".join([f"{index.LAYOUT}{cleared}{made_by}", *parts]).encode()
    ).hexdigest()


def entries_of(provisions: Sequence[Provision], clear: Clear | None) -> list[index_build.Entry]:
    """What the index takes of provisions; policy text is masked by `clear`."""
    entries = []
    for provision in provisions:
        context = f"{short_name(provision.instrument)} {heading_words(provision.chapter or '')}"
        text = provision.text
        if provision.level is Level.POLICY:
            # Questions come in simplified characters.
            text = simplified(f"{provision.heading}\n{text}")
        masked = clear if provision.level is Level.POLICY else None
        entries.append(
            index_build.Entry(
                provision=provision,
                text=_cleared(text, provision.source, masked),
                context=_cleared(context, provision.source, masked),
                prior=prior(provision.instrument, provision.level),
            )
        )
    return entries


def _cleared(text: str, source: str, clear: Clear | None) -> ClearedText:
    return clear(text) if clear else public_text(text, source=source)
