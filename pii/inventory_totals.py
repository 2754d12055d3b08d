"""The sums of an inventory: by kind, class, age, folder, file type and state."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import TypeVar

from pii.inventory import FileEntry, State
from pii.kinds import Kind, Sensitivity

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Totals:
    """What the first page of an inventory says. Ages are in whole years by file time."""

    files: int
    size: int
    by_state: Mapping[State, int]
    by_class: Mapping[Sensitivity | None, int]
    places_by_kind: Mapping[Kind, int]
    files_by_kind: Mapping[Kind, int]
    by_age: Mapping[int, int]
    by_folder: Mapping[str, int]
    by_suffix: Mapping[str, int]
    repeats: int
    repeated_size: int


def totals(entries: Sequence[FileEntry], today: date) -> Totals:
    """The sums. A repeat counts as a file, because it too must be kept or destroyed."""
    read = [one for one in entries if one.contents.state is State.READ]
    places: Counter[Kind] = Counter()
    for one in read:
        places.update(one.contents.counts)
    firsts = {one.mark: one for one in reversed(entries) if one.mark}
    again = [one for one in entries if one.mark and firsts[one.mark] is not one]
    return Totals(
        files=len(entries),
        size=sum(one.size for one in entries),
        by_state=_counted(one.contents.state for one in entries),
        by_class=_counted(one.sensitivity for one in read),
        places_by_kind=dict(places.most_common()),
        files_by_kind=_counted(kind for one in read for kind in one.contents.counts),
        by_age=dict(sorted(Counter(_age(one, today) for one in entries if one.modified).items())),
        by_folder=_counted(_top(one.path) for one in entries),
        by_suffix=_counted(one.suffix for one in entries),
        repeats=len(again),
        repeated_size=sum(one.size for one in again),
    )


def _counted(values: Iterable[Key]) -> dict[Key, int]:
    return dict(Counter(values).most_common())


def _age(entry: FileEntry, today: date) -> int:
    day = entry.modified.date() if entry.modified else today
    return max(0, today.year - day.year - ((today.month, today.day) < (day.month, day.day)))


def _top(path: str) -> str:
    parts = PurePosixPath(path).parts
    return parts[0] if len(parts) > 1 else "."
