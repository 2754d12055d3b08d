"""What every format hands over: segments of text, their places, and a way to write them back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from pii.operators import Edit
from records.language import Bilingual


@dataclass(frozen=True)
class Segment:
    """A stretch of text that is read as one, and where it stands."""

    place: Bilingual
    text: str
    label: str | None = None
    """The column header or form label that governs the whole segment."""
    technical: bool = False
    """An attribute or a name: the model's own guesses do not count here."""
    first_line: int | None = None
    """For text files: the number of its first line, from which places are counted."""
    inside: Bilingual | None = None
    """The document inside the document: an attachment, a file in a zip."""

    def place_at(self, offset: int) -> Bilingual:
        """Where an offset of this segment stands."""
        place = self.place
        if self.first_line is not None:
            number = self.first_line + self.text.count("\n", 0, offset)
            place = Bilingual(f"第{number}行", f"line {number}")
        if self.inside is None:
            return place
        return Bilingual(f"{self.inside.zh}，{place.zh}", f"{self.inside.en}, {place.en}")

    @property
    def whole_place(self) -> Bilingual:
        """Where the segment begins."""
        return self.place_at(0)


class Opened(Protocol):
    """A document taken apart."""

    @property
    def segments(self) -> Sequence[Segment]:
        """Everything in it that can hold text."""
        ...

    @property
    def removed(self) -> Sequence[str]:
        """Parts that are not carried over: pictures, thumbnails, printer settings."""
        ...

    def write(self, edits: Sequence[Sequence[Edit]]) -> bytes:
        """The document with each segment's edits made."""
        ...


@dataclass(frozen=True)
class TextDocument:
    """A document that is one text: each segment is a span of it."""

    text: str
    encode: Callable[[str], bytes]
    segments: Sequence[Segment]
    spans: Sequence[tuple[int, int]]
    spell: Callable[[int, str], str] = lambda _, new: new
    """How a changed segment is spelled in the file (CSV quoting)."""
    removed: Sequence[str] = field(default=())

    def write(self, edits: Sequence[Sequence[Edit]]) -> bytes:
        """The text with the changed segments put in."""
        pieces = []
        position = 0
        for number, (start, end) in enumerate(self.spans):
            if not edits[number]:
                continue
            pieces.append(self.text[position:start])
            pieces.append(self.spell(number, edited(self.segments[number].text, edits[number])))
            position = end
        pieces.append(self.text[position:])
        return self.encode("".join(pieces))


def edited(text: str, edits: Sequence[Edit]) -> str:
    """The text after edits that do not overlap."""
    pieces = []
    position = 0
    for edit in sorted(edits, key=lambda e: e.start):
        pieces += [text[position : edit.start], edit.text]
        position = edit.end
    return "".join(pieces) + text[position:]
