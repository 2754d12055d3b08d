"""A tree of files into an inventory: repeats read once, cut short and gone on with at will."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pii.inventory import Contents, FileEntry, State
from pii.scan_state import Manifest
from pii.scan_workers import Setup, Workers
from pii.tree import Seen, files_under, mark_of, printable, read_file

Progress = Callable[[int, int, int], None]
"""Files done, files seen, bytes done."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """The entries of a tree in order of path, and how many were known from an earlier run."""

    entries: tuple[FileEntry, ...]
    known_before: int


def scan(
    root: Path, manifest: Manifest, setup: Setup, *, workers: int, progress: Progress
) -> Scanned:
    """Every file of the tree. The manifest is written as it goes on."""
    run = _Run(root, manifest, setup, workers, progress)
    try:
        return run.all()
    finally:
        run.pool.close()


class _Run:
    def __init__(
        self, root: Path, manifest: Manifest, setup: Setup, workers: int, progress: Progress
    ) -> None:
        self.pool = Workers(workers, setup)
        self._root, self._manifest, self._limit = root, manifest, setup.limits.size
        self._progress = progress
        self._before = frozenset(manifest.known)
        self._waiting: dict[str, list[Seen]] = {}
        self._entries: list[FileEntry] = []
        self._known = self._bytes = 0

    def all(self) -> Scanned:
        """Everything below the root."""
        listed = list(files_under(self._root))
        for seen in listed:
            self._take(seen, len(listed))
        while self.pool.busy:
            self._collect(len(listed))
        return Scanned(tuple(sorted(self._entries, key=lambda e: e.path)), self._known)

    def _take(self, seen: Seen, total: int) -> None:
        found = seen.problem or read_file(self._root, seen.path, self._limit)
        if isinstance(found, State):
            self._done(seen, "", Contents(found), total)
            return
        suffix = PurePosixPath(seen.path).suffix.lower()
        # The same bytes called .txt and .csv are read in two ways.
        mark = mark_of(suffix.encode() + b"\0" + found, self._key)
        if mark in self._manifest.known:
            self._known += mark in self._before
            self._done(seen, mark, self._manifest.known[mark], total)
        elif mark in self._waiting:
            self._waiting[mark].append(seen)
        else:
            while not self.pool.free:
                self._collect(total)
            self._waiting[mark] = [seen]
            self.pool.give(mark, found, suffix)

    def _collect(self, total: int) -> None:
        for mark, contents in self.pool.collect():
            self._manifest.add(mark, contents)
            for seen in self._waiting.pop(mark):
                self._done(seen, mark, contents, total)

    def _done(self, seen: Seen, mark: str, contents: Contents, total: int) -> None:
        path = printable(seen.path)
        self._entries.append(FileEntry(path, seen.size, seen.modified, mark, contents))
        self._bytes += seen.size
        self._progress(len(self._entries), total, self._bytes)

    @property
    def _key(self) -> bytes:
        return self.pool.setup.key
