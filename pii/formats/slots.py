"""XML text as people read it: a paragraph is one text although it is stored in many runs.

A slot is one place in the tree that holds characters: an element's text, or an attribute. A group
of slots is read as one segment; edits are written back slot by slot, the new value into the first
slot it touches.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pii.formats.quiet import Spelling, has_text, values_in
from pii.formats.segments import Segment, edited
from pii.operators import Edit

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_TELLING = re.compile(r"[㐀-鿿@]|\d{7,}|(?:\d{2,5}[ \-.]){2,}\d{2,}")
_WORD = re.compile(r"[^\W\d_]{2}|\d{5}")
_MADE_BY_PROGRAM = re.compile(r"[^\d]{0,30}\d{1,4}")
"""Title 1, 图片 3: names nobody gave."""
_SPOKEN = frozenset({
    "descr", "title", "alt", "prompt", "promptTitle", "error", "errorTitle", "tooltip", "display",
    "caption", "displayText",
})  # fmt: skip
_SPOKEN_OF = {
    "sheet": ("name",), "definedName": ("name", "comment", "description"), "s": ("v",),
    "sheetName": ("val",), "custShow": ("name",), "section": ("name",), "tag": ("val", "name"),
    "alias": ("val",), "docVar": ("val", "name"), "listItem": ("displayText", "value"),
    "tableColumn": ("name",), "cacheField": ("name",), "scenario": ("name", "comment"),
    "customSheetView": ("name",), "protectedRange": ("name",), "webPublishItem": ("title",),
}  # fmt: skip
_NUMBERED = frozenset({"docPr", "cNvPr"})
"""Drawings, which programs name by what they are and a number."""
_SPEAKING = _NUMBERED | _SPOKEN_OF.keys()
_HEX = re.compile(r"[0-9A-Fa-f]{8}|\{[0-9A-Fa-f\-]{36}\}|https?://(?:schemas|purl|www\.w3)\S*")


@dataclass(frozen=True)
class Slot:
    """Where characters are stored; without an element they are only implied (a tab, a break)."""

    text: str
    element: Any = None
    attribute: str | None = None
    tail: bool = False

    @property
    def key(self) -> tuple[int, str | None, bool]:
        return id(self.element), self.attribute, self.tail


@dataclass(frozen=True)
class Group:
    """Slots read as one segment."""

    segment: Segment
    slots: tuple[Slot, ...]
    when_edited: Callable[[str], None] | None = None
    """What else is done with the new text: a formula that spells the old one goes."""


class Pen:
    """Writes edits into slots; where two segments share a slot, no character is treated twice."""

    def __init__(self, *, keeps_space: bool = True) -> None:
        self._keeps_space = keeps_space
        self._slots: dict[tuple[int, str | None, bool], Slot] = {}
        self._claims: dict[tuple[int, str | None, bool], list[tuple[int, int, str]]] = {}

    def note(self, group: Group, edits: Sequence[Edit]) -> None:
        """Remember the edits of one group."""
        if edits and group.when_edited is not None:
            group.when_edited(edited(group.segment.text, edits))
        for edit in edits:
            fresh = edit.text
            for slot, start, end in _pieces(group.slots, edit.start, edit.end):
                self._slots[slot.key] = slot
                claims = self._claims.setdefault(slot.key, [])
                for a, b in _unclaimed(claims, start, end):
                    claims.append((a, b, fresh))
                    fresh = ""

    def write(self) -> None:
        """Make the remembered edits."""
        for key, claims in self._claims.items():
            slot = self._slots[key]
            text = slot.text
            for start, end, new in sorted(claims, reverse=True):
                text = text[:start] + new + text[end:]
            _store(slot, text, keeps_space=self._keeps_space)


def _pieces(slots: Sequence[Slot], start: int, end: int) -> Iterator[tuple[Slot, int, int]]:
    position = 0
    for slot in slots:
        a, b = max(start, position), min(end, position + len(slot.text))
        if a < b and slot.element is not None:
            yield slot, a - position, b - position
        position += len(slot.text)


def _unclaimed(
    claims: Sequence[tuple[int, int, str]], start: int, end: int
) -> list[tuple[int, int]]:
    free = [(start, end)]
    for a, b, _ in claims:
        free = [
            piece
            for s, e in free
            for piece in ((s, min(e, a)), (max(s, b), e))
            if piece[0] < piece[1]
        ]
    return free


def _store(slot: Slot, text: str, *, keeps_space: bool) -> None:
    if slot.attribute is not None:
        slot.element.set(slot.attribute, text)
    elif slot.tail:
        slot.element.tail = text
    else:
        slot.element.text = text
        if keeps_space and text != text.strip():
            slot.element.set(_SPACE, "preserve")


def local(element: Any) -> str:
    """An element's name without namespace; empty for comments."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def telling_attributes(root: Any, spelling: Spelling) -> Iterator[Slot]:
    """Attributes whose value could say something about somebody."""
    telling = {v for v in values_in(root) if _TELLING.search(v) and not _HEX.fullmatch(v)}
    spoken = spelling.may_have_attribute(_SPOKEN) or spelling.has_element(_SPEAKING)
    if not telling and not spoken:
        return
    for element in root.iter("*"):
        for name, value in element.items():
            if value in telling or (spoken and _says_words(Slot(value, element, name))):
                yield Slot(value, element, name)


def _says_words(slot: Slot) -> bool:
    return bool(_WORD.search(slot.text) and is_spoken(slot) and not _HEX.fullmatch(slot.text))


def is_spoken(slot: Slot) -> bool:
    """Whether an attribute holds words of a person: alternative text, a name they gave."""
    attribute = (slot.attribute or "").rpartition("}")[2]
    element = local(slot.element)
    if attribute == "name" and element in _NUMBERED:
        return not _MADE_BY_PROGRAM.fullmatch(slot.text)
    return attribute in _SPOKEN or attribute in _SPOKEN_OF.get(element, ())


def loose_text(root: Any, taken: set[int]) -> Iterator[Slot]:
    """Text outside the paragraphs already read: properties, custom XML, text between elements."""
    if not has_text(root):
        return
    for element in root.iter():
        if id(element) not in taken and element.text and element.text.strip():
            yield Slot(element.text, element)
        if element.tail and element.tail.strip():
            yield Slot(element.tail, element, tail=True)
