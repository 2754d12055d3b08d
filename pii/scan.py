"""A tree of files into an inventory: repeats read once, cut short and gone on with at will."""

from dataclasses import dataclass
from pathlib import Path

from pii.bulk import Engine, Progress, on_this_machine, run
from pii.inventory import FileEntry
from pii.places import Folder, Place
from pii.scan_state import Manifest
from pii.scan_workers import Setup

__all__ = ["Progress", "Scanned", "scan"]


@dataclass(frozen=True, slots=True)
class Scanned:
    """The entries of a tree in order of path, and how many were known from an earlier run."""

    entries: tuple[FileEntry, ...]
    known_before: int


def scan(
    root: Path | Place,
    manifest: Manifest,
    setup: Setup,
    *,
    workers: int,
    progress: Progress,
    engine: Engine = on_this_machine,
) -> Scanned:
    """Every file of the tree. The manifest is written as it goes on."""
    place = Folder(root) if isinstance(root, Path) else root
    entries, known = [], 0
    for done in run(place, manifest, setup, workers=workers, progress=progress, engine=engine):
        seen = done.seen
        entries.append(FileEntry(done.path, seen.size, seen.modified, done.mark, done.result))
        known += done.known_before
    return Scanned(tuple(sorted(entries, key=lambda e: e.path)), known)
