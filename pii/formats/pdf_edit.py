"""Characters taken out of content streams, and what stands in their place drawn there.

A removed character leaves a move of the same width, so nothing behind it shifts. The replacement is
drawn after its text object, in the frame of the characters it stands for: turned, scaled and
clipped as they were. Its fonts are ones every reader brings: Helvetica, and for Chinese STSong-Light
(ISO 32000-2, 9.7.5.2), which readers replace by a font of their own.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pikepdf

from pii.formats.pdf_fonts import standard_width
from pii.formats.pdf_matrix import IDENTITY, Matrix, inverse, times
from pii.formats.pdf_shown import Glyph, Stream

_LATIN, _HAN = "/RedactedLatin", "/RedactedHan"
_RUN = re.compile(r"[\x20-\x7e]+|[^\x20-\x7e]+")
_SHOWING = frozenset({"Tj", "TJ", "'", '"'})
_KNOWN = frozenset(
    [
    "b", "B", "b*", "B*", "BDC", "BI", "BMC", "BT", "BX", "c", "cm", "CS", "cs", "d", "d0",
    "d1", "Do", "DP", "EI", "EMC", "ET", "EX", "f", "F", "f*", "G", "g", "gs", "h", "i", "ID",
    "INLINE", "IMAGE", "j", "J", "K", "k", "l", "m", "M", "MP", "n", "q", "Q", "re", "RG", "rg",
    "ri", "s", "S", "SC", "sc", "SCN", "scn", "sh", "T*", "Tc", "Td", "TD", "Tf", "Tj", "TJ",
    "TL", "Tm", "Tr", "Ts", "Tw", "Tz", "v", "w", "W", "W*", "y", "'", '"',
]
) | {"INLINE IMAGE"}  # fmt: skip
_BELOW, _HEIGHT = -0.2, 1.12


@dataclass(frozen=True)
class Replacement:
    """Characters that go, and the text that comes."""

    glyphs: Sequence[Glyph]
    text: str


def rewrite(
    streams: Sequence[Stream],
    glyphs: Iterable[Glyph],
    replacements: Sequence[Replacement],
    fonts: "DrawingFonts",
) -> None:
    """Every stream written anew: edits made, comments and unknown operators gone."""
    shown: dict[tuple[int, int], dict[tuple[int, int], Glyph]] = {}
    for glyph in glyphs:
        shown.setdefault((glyph.stream, glyph.instruction), {})[(glyph.piece, glyph.start)] = glyph
    gone = {(g.stream, g.instruction, g.piece, g.start) for one in replacements for g in one.glyphs}
    drawings = _drawings(streams, replacements)
    for number, stream in enumerate(streams):
        written: list[Any] = []
        for index, instruction in enumerate(stream.instructions):
            known = shown.get((number, index), {})
            written += _rewritten(number, index, instruction, known, gone)
            written += drawings.get((number, index), ())
        written += drawings.get((number, -1), ())
        if any(key[0] == number for key in drawings):
            fonts.add_to(stream.resources)
        stream.store(pikepdf.unparse_content_stream(written))


def _rewritten(
    number: int,
    index: int,
    instruction: Any,
    known: Mapping[tuple[int, int], Glyph],
    gone: set[tuple[int, int, int, int]],
) -> list[Any]:
    operator = str(instruction.operator)
    if operator == "INLINE IMAGE":
        return [instruction]
    if operator not in _KNOWN:
        return []
    if operator in ("BDC", "DP"):
        return [_made(operator, [_without_text(item) for item in instruction.operands])]
    if operator not in _SHOWING or not any(
        (number, index, piece, start) in gone for piece, start in known
    ):
        return [instruction]
    before = []
    operands = list(instruction.operands)
    if operator == '"':
        before = [_made("Tw", operands[:1]), _made("Tc", operands[1:2])]
    if operator in ("'", '"'):
        before.append(_made("T*", []))
    items = operands[-1].as_list() if operator == "TJ" else [operands[-1]]
    pieces = []
    for piece, item in enumerate(items):
        if isinstance(item, pikepdf.String):
            ordered = sorted((g for (p, _), g in known.items() if p == piece), key=_start)
            pieces += _remaining(bytes(item), ordered, number, index, gone)
        else:
            pieces.append(item)
    return [*before, _made("TJ", [pikepdf.Array(pieces)])]


def _start(glyph: Glyph) -> int:
    return glyph.start


def _remaining(
    data: bytes,
    glyphs: Sequence[Glyph],
    number: int,
    index: int,
    gone: set[tuple[int, int, int, int]],
) -> list[Any]:
    """A string without the removed characters: what stays, and moves."""
    pieces: list[Any] = []
    kept, move = b"", 0.0
    for glyph in glyphs:
        if (number, index, glyph.piece, glyph.start) in gone:
            if kept:
                pieces.append(pikepdf.String(kept))
                kept = b""
            move -= glyph.advance
            continue
        if move:
            pieces.append(round(move, 2))
            move = 0.0
        kept += data[glyph.start : glyph.start + glyph.size]
    if kept:
        pieces.append(pikepdf.String(kept))
    if move:
        pieces.append(round(move, 2))
    return pieces


def _without_text(item: Any) -> Any:
    """Marked-content properties without ActualText, Alt, E and whatever else holds a string."""
    if not isinstance(item, pikepdf.Dictionary):
        return item
    return pikepdf.Dictionary(
        {k: v for k, v in item.items() if isinstance(v, (pikepdf.Name, int, bool))}
    )


def _made(operator: str, operands: Sequence[Any]) -> pikepdf.ContentStreamInstruction:
    return pikepdf.ContentStreamInstruction(list(operands), pikepdf.Operator(operator))


# --- drawing


def _drawings(
    streams: Sequence[Stream], replacements: Sequence[Replacement]
) -> dict[tuple[int, int], list[Any]]:
    """Instructions by the instruction they follow; -1 for the end of the stream."""
    made: dict[tuple[int, int], list[Any]] = {}
    drawn: set[tuple[int, int, int, int]] = set()
    for one in replacements:
        text = one.text
        runs = sorted(_runs(one.glyphs), key=_extent, reverse=True)
        for run in runs:
            first = run[0]
            key = (first.stream, first.instruction, first.piece, first.start)
            # A form used on many pages is edited once.
            if key in drawn:
                continue
            drawn.add(key)
            stream = streams[first.stream]
            after = next((i for i in sorted(stream.text_ends) if i > first.instruction), -1)
            back = inverse(stream.text_ends.get(after, IDENTITY))
            if back is not None:
                here = made.setdefault((first.stream, after), [])
                here += _drawn(run, text, times(first.local, back))
            text = ""
    return made


def _runs(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Glyphs that stand side by side on one line of one stream."""
    runs: list[list[Glyph]] = []
    for glyph in glyphs:
        if runs and _beside(runs[-1][-1], glyph):
            runs[-1].append(glyph)
        else:
            runs.append([glyph])
    return runs


def _beside(a: Glyph, b: Glyph) -> bool:
    place = _from(a, b)
    if a.stream != b.stream or place is None:
        return False
    along, across = (-place[1], place[0]) if a.vertical else place
    return abs(across) < 0.3 and -0.5 < along - abs(a.width) < 1.5


def _from(a: Glyph, b: Glyph) -> tuple[float, float] | None:
    """Where b begins, in ems of a."""
    back = inverse(a.local)
    if back is None:
        return None
    x, y = b.local[4], b.local[5]
    return back[0] * x + back[2] * y + back[4], back[1] * x + back[3] * y + back[5]


def _extent(run: Sequence[Glyph]) -> float:
    place = _from(run[0], run[-1]) or (0.0, 0.0)
    return max(abs(place[0]), abs(place[1])) + abs(run[-1].width)


def _drawn(run: Sequence[Glyph], text: str, place: Matrix) -> list[Any]:
    """A grey box over the line of the removed characters, and the text in it."""
    length = _extent(run)
    if run[0].vertical:
        place = times((0, -1, 1, 0, -0.36, 0), place)
    lines = [_made("q", []), _made("cm", [round(v, 5) for v in place])]
    if not run[0].invisible:
        lines += [
            _made("g", [0.88]),
            _made("re", [0, _BELOW, round(length, 4), _HEIGHT]),
            _made("f", []),
        ]
    width = sum(_width(part) for part in _RUN.findall(text))
    if text and length > 0.05:
        fit = min(1.0, length / width)
        # Narrow letters stay readable to about half their width; beyond, all of it gets smaller.
        size = min(1.0, fit / 0.55)
        lines += [
            _made("BT", []),
            _made("g", [0]),
            _made("Tr", [3 if run[0].invisible else 0]),
            *(_made(op, [0]) for op in ("Tc", "Tw", "Ts")),
            _made("Tz", [round(100 * fit / size, 2)]),
            _made("Tm", [1, 0, 0, 1, 0, 0]),
        ]
        for part in _RUN.findall(text):
            latin = part.isascii()
            data = part.encode("ascii") if latin else part.encode("utf-16-be")
            lines += [
                _made("Tf", [pikepdf.Name(_LATIN if latin else _HAN), round(size, 4)]),
                _made("Tj", [pikepdf.String(data)]),
            ]
        lines.append(_made("ET", []))
    return [*lines, _made("Q", [])]


def _width(part: str) -> float:
    return standard_width("Helvetica", part) / 1000 if part.isascii() else float(len(part))


class DrawingFonts:
    """The two fonts replacements are drawn with, one pair a document."""

    latin, han = _LATIN, _HAN

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._pdf = pdf
        self._made: dict[str, Any] = {}

    def add_to(self, resources: Any) -> None:
        """Name them in a resource dictionary."""
        if not self._made:
            self._made = {
                _LATIN: self._pdf.make_indirect(_latin()),
                _HAN: self._pdf.make_indirect(_han(self._pdf)),
            }
        if not isinstance(resources.get("/Font"), pikepdf.Dictionary):
            resources["/Font"] = pikepdf.Dictionary()
        for name, font in self._made.items():
            resources["/Font"][name] = font


def _latin() -> pikepdf.Dictionary:
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica,
        Encoding=pikepdf.Name.WinAnsiEncoding,
    )  # fmt: skip


def _han(pdf: pikepdf.Pdf) -> pikepdf.Dictionary:
    descriptor = pikepdf.Dictionary(
        Type=pikepdf.Name.FontDescriptor, FontName=pikepdf.Name("/STSong-Light"), Flags=6,
        FontBBox=[-25, -254, 1000, 880], ItalicAngle=0, Ascent=880, Descent=-120, CapHeight=880,
        StemV=93,
    )  # fmt: skip
    child = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.CIDFontType0,
        BaseFont=pikepdf.Name("/STSong-Light"), DW=1000,
        CIDSystemInfo=pikepdf.Dictionary(Registry="Adobe", Ordering="GB1", Supplement=4),
        FontDescriptor=pdf.make_indirect(descriptor),
    )  # fmt: skip
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type0,
        BaseFont=pikepdf.Name("/STSong-Light-UniGB-UTF16-H"),
        Encoding=pikepdf.Name("/UniGB-UTF16-H"),
        DescendantFonts=[pdf.make_indirect(child)],
    )  # fmt: skip
