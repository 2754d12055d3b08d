"""What one page shows: every character with its place and the bytes it is stored in, and pictures.

A content stream is followed as ISO 32000-2 (8.4, 9.4) says, with every form it calls. What no
reader shows is followed too: invisible, white, clipped, outside the page, in a hidden layer.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pikepdf

from pii.errors import TooLarge
from pii.formats.pdf_fonts import Font
from pii.formats.pdf_matrix import IDENTITY, Matrix, at, matrix, times
from pii.formats.pdf_paths import Paths
from pii.formats.pdf_shown import Glyph, Placed, Shown, Stream

_DEEPEST = 12
_MOST_INSTRUCTIONS = 3_000_000


@dataclass
class _State:
    ctm: Matrix = IDENTITY
    own: Matrix = IDENTITY
    """What the stream itself has added to the matrix it was called with."""
    font: Font | None = None
    size: float = 0.0
    char_space: float = 0.0
    word_space: float = 0.0
    scale: float = 1.0
    leading: float = 0.0
    rise: float = 0.0
    mode: int = 0

    def copy(self) -> "_State":
        return _State(**self.__dict__)


class Reader:
    """Follows content streams; keeps each stream once, however often it is called."""

    def __init__(self) -> None:
        self.streams: list[Stream] = []
        self.followed: set[tuple[int, int]] = set()
        self._numbers: dict[tuple[int, int], int] = {}
        self._fonts: dict[tuple[int, int], Font] = {}
        self._instructions = 0

    def read_page(self, page: Any, new_stream: Callable[[bytes], Any]) -> Shown:
        """Everything a page's own content shows."""

        def store(data: bytes) -> None:
            page.obj["/Contents"] = new_stream(data)

        if "/Contents" not in page.obj:
            return Shown()
        resources = page.resources
        number = self._add(page, resources, store)
        return self._follow(number, Shown(), IDENTITY, 0)

    def read_stream(self, form: Any, fallback: Any) -> Shown:
        """What a form, an appearance, a pattern or a glyph procedure shows."""
        return self._form(form, fallback, Shown(), _State(), 0)

    def _add(self, source: Any, resources: Any, store: Callable[[bytes], None]) -> int:
        instructions = list(pikepdf.parse_content_stream(source))
        self._instructions += len(instructions)
        if self._instructions > _MOST_INSTRUCTIONS:
            raise too_much()
        self.streams.append(Stream(instructions, resources, store))
        return len(self.streams) - 1

    def _form(self, form: Any, fallback: Any, shown: Shown, state: _State, depth: int) -> Shown:
        key = form.objgen
        resources = form.get("/Resources")
        if not isinstance(resources, pikepdf.Dictionary):
            resources = fallback
        if not isinstance(resources, pikepdf.Dictionary):
            resources = form["/Resources"] = pikepdf.Dictionary()
        if key not in self._numbers or key == (0, 0):
            self.followed.add(key)
            self._numbers[key] = self._add(form, resources, form.write)
        place = times(matrix(form.get("/Matrix")), state.ctm)
        return self._follow(self._numbers[key], shown, place, depth + 1, state)

    def _follow(
        self, number: int, shown: Shown, ctm: Matrix, depth: int, state: _State | None = None
    ) -> Shown:
        if depth > _DEEPEST:
            raise too_much()
        start = state.copy() if state else _State()
        start.ctm, start.own = ctm, IDENTITY
        shown.streams.add(number)
        run = _Run(self, number, shown, start, depth)
        self._instructions += len(self.streams[number].instructions)
        if self._instructions > 3 * _MOST_INSTRUCTIONS:
            raise too_much()
        run.all()
        return shown

    def font(self, resources: Any, name: str) -> Font | None:
        """A font by its resource name."""
        fonts = resources.get("/Font") if isinstance(resources, pikepdf.Dictionary) else None
        source = fonts.get(name) if isinstance(fonts, pikepdf.Dictionary) else None
        return self.font_of(source) if isinstance(source, pikepdf.Dictionary) else None

    def font_of(self, source: Any) -> Font:
        """A font by its dictionary."""
        key = source.objgen
        if key == (0, 0):
            return Font(source)
        if key not in self._fonts:
            self._fonts[key] = Font(source)
        return self._fonts[key]

    def call(self, form: Any, run: "_Run") -> None:
        """Follow a form that a stream calls."""
        self._form(form, run.resources, run.shown, run.state, run.depth)


def too_much() -> TooLarge:
    """The error for content that is more than any document needs."""
    return TooLarge(
        "PDF 内容过多或嵌套过深，未作处理。",
        "The PDF holds too much or is nested too deeply; it was not processed.",
    )


class _Run(Paths):
    """One passage through one content stream."""

    def __init__(
        self, reader: Reader, number: int, shown: Shown, state: _State, depth: int
    ) -> None:
        super().__init__(shown)
        self.reader, self.number = reader, number
        self.state, self.depth = state, depth
        self.stream = reader.streams[number]
        self.resources = self.stream.resources
        self._saved: list[_State] = []
        self._tm = self._line = IDENTITY

    def all(self) -> None:
        for index, instruction in enumerate(self.stream.instructions):
            operator = str(instruction.operator)
            if operator == "INLINE IMAGE":
                image = instruction.iimage
                self.shown.pictures.append(
                    Placed(image, self.state.ctm, True, bool(image.image_mask))
                )
                continue
            act = _ACTS.get(operator)
            if act is None:
                continue
            try:
                act(self, index, instruction.operands)
            except (TypeError, ValueError, IndexError, AttributeError, KeyError):
                # A malformed operator does nothing in any reader.
                continue

    def point(self, x: Any, y: Any) -> tuple[float, float]:
        """A point of the stream on the page."""
        return at(self.state.ctm, float(x), float(y))

    # graphics state

    def save(self, _: int, __: Any) -> None:
        if len(self._saved) < 512:
            self._saved.append(self.state.copy())

    def restore(self, _: int, __: Any) -> None:
        if self._saved:
            self.state = self._saved.pop()

    def concat(self, _: int, operands: Any) -> None:
        self.state.ctm = times(matrix(operands), self.state.ctm)
        self.state.own = times(matrix(operands), self.state.own)

    def extended(self, _: int, operands: Any) -> None:
        given = self.resources["/ExtGState"][str(operands[0])].get("/Font")
        if given is not None:
            self.state.font = self.reader.font_of(given[0])
            self.state.size = float(given[1])

    # text state and position

    def set_font(self, _: int, operands: Any) -> None:
        self.state.font = self.reader.font(self.resources, str(operands[0]))
        self.state.size = float(operands[1])

    def begin(self, _: int, __: Any) -> None:
        self._tm = self._line = IDENTITY

    def end(self, index: int, _: Any) -> None:
        self.stream.text_ends[index] = self.state.own

    def move(self, _: int, operands: Any) -> None:
        self._line = times((1, 0, 0, 1, float(operands[0]), float(operands[1])), self._line)
        self._tm = self._line

    def move_leading(self, index: int, operands: Any) -> None:
        self.state.leading = -float(operands[1])
        self.move(index, operands)

    def set_matrix(self, _: int, operands: Any) -> None:
        self._tm = self._line = matrix(operands)

    def next_line(self, index: int, _: Any) -> None:
        self.move(index, (0, -self.state.leading))

    # showing

    def show(self, index: int, operands: Any) -> None:
        self._string(index, 0, bytes(operands[0]))

    def show_next(self, index: int, operands: Any) -> None:
        self.next_line(index, operands)
        self.show(index, operands)

    def show_spaced(self, index: int, operands: Any) -> None:
        self.state.word_space = float(operands[0])
        self.state.char_space = float(operands[1])
        self.show_next(index, operands[2:])

    def show_array(self, index: int, operands: Any) -> None:
        for piece, item in enumerate(operands[0].as_list()):
            if isinstance(item, pikepdf.String):
                self._string(index, piece, bytes(item))
            else:
                self._advance(-float(item) / 1000 * self.state.size)

    def _advance(self, by: float) -> None:
        font = self.state.font
        if font is not None and font.vertical:
            self._tm = times((1, 0, 0, 1, 0, by), self._tm)
        else:
            self._tm = times((1, 0, 0, 1, by * self.state.scale, 0), self._tm)

    def _string(self, index: int, piece: int, data: bytes) -> None:
        state = self.state
        font = state.font
        if font is None:
            # No reader shows text without a font; but it is text, and goes.
            self._unshown(index, piece, data)
            return
        start = 0
        for code in font.codes(data):
            spacing = state.char_space + (state.word_space if code.is_space else 0.0)
            em = times((state.size * state.scale, 0.0, 0.0, state.size, 0.0, state.rise), self._tm)
            moved = code.advance / 1000 * state.size + spacing
            advance = 1000 * moved / state.size if state.size else 0.0
            self.shown.glyphs.append(
                Glyph(
                    code.text, self.number, index, piece, start, code.size, advance,
                    code.advance / 1000, times(em, state.ctm), times(em, state.own),
                    font.vertical, state.mode in (3, 7),
                )
            )  # fmt: skip
            self._advance(moved)
            start += code.size

    def _unshown(self, index: int, piece: int, data: bytes) -> None:
        place = times(self._tm, self.state.ctm)
        for start, byte in enumerate(data):
            text = chr(byte) if 32 <= byte < 127 else None
            here = times((10.0, 0.0, 0.0, 10.0, start * 5.0, 0.0), place)
            self.shown.glyphs.append(
                Glyph(
                    text, self.number, index, piece, start, 1, 0.0, 0.5, here, here, False, True
                )
            )  # fmt: skip

    # forms and pictures

    def invoke(self, _: int, operands: Any) -> None:
        target = self.resources["/XObject"][str(operands[0])]
        if target.get("/Subtype") == "/Form":
            self.reader.call(target, self)
        elif target.get("/Subtype") == "/Image":
            stencil = bool(target.get("/ImageMask", False))
            self.shown.pictures.append(Placed(target, self.state.ctm, False, stencil))


def _number(name: str, scale: float = 1.0) -> Callable[[_Run, int, Sequence[Any]], None]:
    def act(run: _Run, _: int, operands: Sequence[Any]) -> None:
        setattr(run.state, name, float(operands[0]) * scale)

    return act


_ACTS: dict[str, Callable[[_Run, int, Any], None]] = {
    "q": _Run.save, "Q": _Run.restore, "cm": _Run.concat, "gs": _Run.extended,
    "BT": _Run.begin, "ET": _Run.end, "Tf": _Run.set_font, "Td": _Run.move,
    "TD": _Run.move_leading, "Tm": _Run.set_matrix, "T*": _Run.next_line,
    "Tc": _number("char_space"), "Tw": _number("word_space"), "Tz": _number("scale", 0.01),
    "TL": _number("leading"), "Ts": _number("rise"), "Tr": _number("mode"),
    "Tj": _Run.show, "'": _Run.show_next, '"': _Run.show_spaced, "TJ": _Run.show_array,
    "Do": _Run.invoke, "m": _Run.start_path, "l": _Run.line_to, "c": _Run.curve,
    "v": _Run.curve, "y": _Run.curve, "re": _Run.rectangle, "h": _Run.close,
    "S": _Run.stroke, "s": _Run.stroke, "B": _Run.stroke, "B*": _Run.stroke, "b": _Run.stroke,
    "b*": _Run.stroke, "f": _Run.fill, "F": _Run.fill, "f*": _Run.fill, "n": _Run.forget,
}  # fmt: skip
