"""Many files through one job: what was done before is known by content, the rest goes to an engine.

The engine is the map: processes of this machine here, a Ray cluster in `ray_engine.py`. Listing,
marks, manifest and results are the same for each.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pii.inventory import State
from pii.places import Place
from pii.scan_state import Manifest
from pii.scan_workers import Setup, Workers
from pii.tree import Seen, mark_of, printable

Progress = Callable[[int, int, int], None]
"""Files done, files seen, bytes done."""


@dataclass(frozen=True, slots=True)
class Found:
    """One file as an engine gives it back: why it was not read, a result, or neither: it is known."""

    seen: Seen
    mark: str = ""
    state: State | None = None
    result: Any = None


Engine = Callable[[Place, Sequence[Seen], Mapping[str, Any], Setup, int], Iterator[Found]]
"""A place, its files, results by mark (they grow as results are taken), the job, how many processes."""


@dataclass(frozen=True, slots=True)
class Done:
    """One file of the place with what became of it."""

    path: str
    seen: Seen
    mark: str
    result: Any
    known_before: bool


def run(
    place: Place,
    manifest: Manifest,
    setup: Setup,
    *,
    workers: int,
    progress: Progress,
    engine: Engine,
) -> Iterator[Done]:
    """Every file of the place, in whatever order. The manifest is written as it goes on."""
    listed = list(place.listing())
    before = frozenset(manifest.known)
    size = 0
    for number, found in enumerate(engine(place, listed, manifest.known, setup, workers), start=1):
        if found.state is not None:
            result = setup.failed(found.state)
        else:
            if found.result is not None and found.mark not in manifest.known:
                manifest.add(found.mark, found.result)
            result = manifest.known[found.mark]
        size += found.seen.size
        progress(number, len(listed), size)
        yield Done(printable(found.seen.path), found.seen, found.mark, result, found.mark in before)


def read_marked(place: Place, seen: Seen, setup: Setup) -> Found | tuple[str, bytes]:
    """The mark and bytes of a file, or why it is not read.

    The same bytes called .txt and .csv are read in two ways: the suffix is in the mark.
    """
    found = seen.problem or place.read(seen.path, setup.limits.size)
    if isinstance(found, State):
        return Found(seen, state=found)
    suffix = setup.called(seen.path)
    return mark_of(suffix.encode("utf-8", "replace") + b"\0" + found, setup.key), found


def on_this_machine(
    place: Place, listed: Sequence[Seen], known: Mapping[str, Any], setup: Setup, workers: int
) -> Iterator[Found]:
    """So many processes here; the same bytes are read once."""
    pool = Workers(workers, setup)
    waiting: dict[str, list[Seen]] = {}

    def collected() -> Iterator[Found]:
        for mark, result in pool.collect():
            kept = setup.keep(mark, result)
            for seen in waiting.pop(mark):
                yield Found(seen, mark, result=kept)

    try:
        for seen in listed:
            read = read_marked(place, seen, setup)
            if isinstance(read, Found):
                yield read
                continue
            mark, data = read
            if mark in known:
                yield Found(seen, mark)
            elif mark in waiting:
                waiting[mark].append(seen)
            else:
                while not pool.free:
                    yield from collected()
                waiting[mark] = [seen]
                pool.give(mark, data, setup.called(seen.path))
        while pool.busy:
            yield from collected()
    finally:
        pool.close()
