"""A tree of elements (XML, HTML) as segments, with documents embedded in its texts or attributes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pii.formats.opening import Members
from pii.formats.segments import Opened, Segment
from pii.formats.slots import Group, Pen
from pii.operators import Edit


@dataclass(frozen=True)
class Embedded:
    """A document inside an element or attribute, and how its new bytes are put back."""

    document: Opened
    store: Callable[[bytes], None]


@dataclass
class TreeDocument:
    """Groups of slots, then the segments of what is embedded."""

    groups: list[Group]
    embedded: list[Embedded]
    serialise: Callable[[], bytes]
    removed: list[str] = field(default_factory=list)
    alive: list[Any] = field(default_factory=list)
    """lxml makes its elements anew when nobody holds them; identities are only good while we do."""

    @property
    def segments(self) -> Sequence[Segment]:
        """Every segment, in order."""
        return [*(group.segment for group in self.groups), *self._members.segments]

    @property
    def _members(self) -> Members:
        return Members([one.document for one in self.embedded])

    def write(self, edits: Sequence[Sequence[Edit]]) -> bytes:
        """The document with the edits made."""
        pen = Pen(keeps_space=False)
        count = len(self.groups)
        for group, made in zip(self.groups, edits[:count], strict=True):
            pen.note(group, made)
        pen.write()
        written = self._members.write_each(edits[count:])
        for one, data in zip(self.embedded, written, strict=True):
            one.store(data)
        return self.serialise()
