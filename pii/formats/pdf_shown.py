"""What following the content of a PDF gives: characters, pictures, straight lines."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pii.formats.pdf_matrix import Matrix


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character as shown. `em` takes units of its size to the page."""

    text: str | None
    stream: int
    instruction: int
    piece: int
    start: int
    size: int
    advance: float
    """What the pen moves by, spacing included, in thousandths as TJ counts them."""
    width: float
    """In ems, along the line (down the line where the font writes downwards)."""
    em: Matrix
    local: Matrix
    """The same in the frame of its own stream."""
    vertical: bool
    invisible: bool


@dataclass(frozen=True, slots=True)
class Placed:
    """A picture on the page: which, and the matrix that takes the unit square to its place."""

    image: Any
    place: Matrix
    inline: bool
    stencil: bool


@dataclass
class Stream:
    """A content stream taken apart. `owner` is what the fonts we draw with are added to."""

    instructions: list[Any]
    resources: Any
    store: Callable[[bytes], None]
    text_ends: dict[int, Matrix] = field(default_factory=dict)
    """The matrix in force where each text object ends, in the stream's own frame."""


@dataclass
class Shown:
    """What following a stream found."""

    glyphs: list[Glyph] = field(default_factory=list)
    pictures: list[Placed] = field(default_factory=list)
    lines: list[tuple[float, float, float, float]] = field(default_factory=list)
    curves: int = 0
    streams: set[int] = field(default_factory=set)
    """The numbers of the streams followed."""
