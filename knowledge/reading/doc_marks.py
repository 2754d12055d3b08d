"""How text of a Word 97 to 2003 file is formatted: styles and direct marks [MS-DOC 2.4.6, 2.6]."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from struct import unpack_from

from knowledge.errors import UnreadablePolicy
from knowledge.reading.doc_file import CHARACTERS, PARAGRAPHS, STYLES, DocFile, plc
from knowledge.reading.hidden import SMALLEST_POINTS, WHITE

Marks = Mapping[int, bytes]

# The marks of characters that are read (sprm), see 2.6.1.
DELETED, INSERTED, HIDDEN, WEB_HIDDEN, SPECIAL = 0x0800, 0x0801, 0x083C, 0x0811, 0x0855
_STYLE, _HALF_POINTS, _COLOUR_80, _COLOUR = 0x4A30, 0x4A43, 0x2A42, 0x6870
_SHADE_80, _SHADE = 0x4866, 0xCA71
_TOGGLES = frozenset({HIDDEN, WEB_HIDDEN})
_WHITE_80 = 8
_DEEPEST_STYLE = 50
# Of paragraphs, 2.6.2; and of table rows, 2.6.3.
LEVEL, LIST, IN_TABLE, ROW_END = 0x260A, 0x460B, 0x2416, 0x2417
PARAGRAPH_SHADE_80, PARAGRAPH_SHADE = 0x442D, 0xC64D
CELL_SHADES_80, CELL_SHADES = 0xD609, 0xD612
_ASIDE = frozenset({0x6645, 0x6646})
_TABLE_DEFINITION, _TABS = 0xD608, 0xC615
_SIZES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}


def read_marks(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """Each mark of a list with its operand, the operand's own length left out."""
    at = 0
    while at + 2 < len(raw):
        (sprm,) = unpack_from("<H", raw, at)
        at += 2
        size = _SIZES.get(sprm >> 13)
        if size is None and sprm == _TABLE_DEFINITION:
            (size,) = unpack_from("<H", raw, at)
            size, at = size - 1, at + 2
        elif size is None:
            size, at = raw[at], at + 1
            if sprm == _TABS and size == 255:
                dropped = raw[at]
                size = 2 + 4 * dropped + 3 * raw[at + 1 + 4 * dropped]
        if size < 0:
            raise UnreadablePolicy
        yield sprm, raw[at : at + size]
        at += size


@dataclass(frozen=True)
class Style:
    """One style: Word's own number for it, what it is based on, and its marks."""

    known_as: int
    base: int
    paragraph: bytes = b""
    characters: bytes = b""


class Formatting:
    """The marks of characters and paragraphs by their place in the stream."""

    def __init__(self, file: DocFile) -> None:
        self._file = file
        self._styles = dict(_styles(file.part(STYLES)))
        self._runs = _Ranges(_character_runs(file))
        self._paragraphs = _Ranges(_paragraph_runs(file))
        # Texts repeat their few kinds of formatting thousands of times.
        self._of_style = lru_cache(maxsize=4096)(self._worked_style)

    def stretches(self, start: int, end: int) -> Iterator[tuple[int, int, bytes]]:
        """Character positions cut where the direct marks change, with these."""
        at, end = start, min(end, self._file.pieces[-1].end)
        while at < end:
            piece = self._file.piece(at)
            place = piece.place(at)
            until, raw = self._runs.at(place)
            count = -(-(until - place) // piece.width) if until > place else end - at
            following = min(end, piece.end, at + count)
            yield at, following, raw + piece.marks
            at = following

    def paragraph(self, position: int) -> tuple[int, Marks]:
        """The style of the paragraph that ends at this position, and all its marks."""
        piece = self._file.piece(position)
        _, raw = self._paragraphs.at(piece.place(position))
        style = unpack_from("<H", raw)[0] if len(raw) >= 2 else 0
        marks = dict(self._of_style(style)[0])
        marks.update(self._unfolded(raw[2:] + piece.marks))
        return style, marks

    def heading(self, style: int) -> int | None:
        """The level of a heading's style; a title's is 1."""
        known_as = self._styles[style].known_as if style in self._styles else 0
        return known_as if 1 <= known_as <= 9 else 1 if known_as == 62 else None

    def characters(self, raw: bytes, style: int) -> Marks:
        """The marks that hold for characters with these direct ones in a paragraph of that style."""
        direct = list(read_marks(raw))
        marks = dict(self._of_style(style)[1])
        for sprm, operand in direct:
            if sprm == _STYLE and len(operand) == 2:
                marks.update(self._of_style(unpack_from("<H", operand)[0])[1])
        return _over(marks, direct)

    def _unfolded(self, raw: bytes) -> dict[int, bytes]:
        marks = dict(read_marks(raw))
        for sprm in _ASIDE & marks.keys():
            marks.update(read_marks(self._file.set_aside(unpack_from("<I", marks[sprm])[0])))
        return marks

    def _worked_style(self, number: int) -> tuple[Marks, Marks]:
        chain: list[Style] = []
        while number in self._styles:
            style = self._styles[number]
            if len(chain) == _DEEPEST_STYLE:
                raise UnreadablePolicy
            chain.append(style)
            number = style.base
        paragraph: dict[int, bytes] = {}
        characters: Marks = {}
        for style in reversed(chain):
            paragraph.update(read_marks(style.paragraph))
            characters = _over(characters, read_marks(style.characters))
        return paragraph, characters


def _over(below: Marks, marks: Iterable[tuple[int, bytes]]) -> Marks:
    """Marks over marks; a toggle may keep what the style says (128), or turn it round (129)."""
    found = dict(below)
    for sprm, operand in marks:
        if sprm in _TOGGLES and operand[:1] >= b"\x80":
            on = is_on(below, sprm) != (operand[0] == 0x81)
            found[sprm] = bytes([on])
        else:
            found[sprm] = operand
    return found


def is_on(marks: Marks, sprm: int) -> bool:
    """Whether a mark of yes and no says yes."""
    return any(marks.get(sprm, b""))


def is_unseen(marks: Marks, *, shaded: bool) -> bool:
    """Hidden, tiny, or white on nothing that is darker."""
    if is_on(marks, HIDDEN) or is_on(marks, WEB_HIDDEN):
        return True
    size = marks.get(_HALF_POINTS, b"")
    if len(size) == 2 and unpack_from("<H", size)[0] / 2 < SMALLEST_POINTS:
        return True
    shades = (marks.get(_SHADE, b""), marks.get(_SHADE_80, b""))
    return _is_white(marks) and not shaded and not any(map(is_dark, shades))


def _is_white(marks: Marks) -> bool:
    colour = marks.get(_COLOUR, b"")
    if len(colour) == 4:
        return not colour[3] and colour[:3].hex() in WHITE
    return marks.get(_COLOUR_80, b"")[:1] == bytes([_WHITE_80])


def is_dark(shade: bytes) -> bool:
    """Whether a shade (10 bytes, or 2 of Word 97) gives the paper a colour."""
    if len(shade) >= 10:
        fore, back = shade[:4], shade[4:8]
        behind = fore if shade[8:10] == b"\x01\0" else back
        return not behind[3] and behind[:3].hex() not in WHITE
    if len(shade) == 2:
        value = int.from_bytes(shade, "little")
        behind_80 = value & 0x1F if value >> 10 == 1 else value >> 5 & 0x1F
        return behind_80 not in {0, _WHITE_80}
    return False


class _Ranges:
    """Values of ranges of bytes, found by a place; nothing is known between ranges."""

    def __init__(self, ranges: Iterable[tuple[int, int, bytes]]) -> None:
        self._ranges = sorted(ranges)
        self._starts = [start for start, _, _ in self._ranges]

    def at(self, place: int) -> tuple[int, bytes]:
        """Where the range of this place ends, and its value."""
        found = bisect_right(self._starts, place) - 1
        if found >= 0 and place < self._ranges[found][1]:
            return self._ranges[found][1:]
        following = self._starts[found + 1] if found + 1 < len(self._starts) else 0
        return following, b""


def _pages(file: DocFile, part: int) -> Iterator[tuple[bytes, tuple[int, ...]]]:
    """Each page of formatting with the places where its runs begin and end."""
    seen: set[int] = set()
    for _, _, entry in plc(file.part(part), 4):
        number = unpack_from("<I", entry)[0] & 0x3FFFFF
        if number in seen:
            raise UnreadablePolicy
        seen.add(number)
        page = file.page(number)
        yield page, unpack_from(f"<{page[511] + 1}I", page)


def _character_runs(file: DocFile) -> Iterator[tuple[int, int, bytes]]:
    for page, places in _pages(file, CHARACTERS):
        for i, (start, end) in enumerate(pairwise(places)):
            at = 2 * page[4 * len(places) + i]
            yield start, end, page[at + 1 : at + 1 + page[at]] if at else b""


def _paragraph_runs(file: DocFile) -> Iterator[tuple[int, int, bytes]]:
    for page, places in _pages(file, PARAGRAPHS):
        for i, (start, end) in enumerate(pairwise(places)):
            at = 2 * page[4 * len(places) + 13 * i]
            size = 2 * page[at] - 1
            if size < 0:
                at += 1
                size = 2 * page[at]
            yield start, end, page[at + 1 : at + 1 + size] if at > 1 else b""


def _styles(sheet: bytes) -> Iterator[tuple[int, Style]]:
    if not sheet:
        return
    header, count, fixed = unpack_from("<HHH", sheet)
    at = 2 + header
    for number in range(count):
        (length,) = unpack_from("<H", sheet, at)
        if length:
            yield number, _style(sheet[at + 2 : at + 2 + length], fixed)
        at += 2 + length


def _style(raw: bytes, fixed: int) -> Style:
    first, second, third = unpack_from("<HHH", raw)
    (named,) = unpack_from("<H", raw, fixed)
    at = fixed + 2 + 2 * (named + 1)
    parts = []
    for _ in range(third & 0xF):
        at += at % 2
        if at + 2 > len(raw):
            break
        (length,) = unpack_from("<H", raw, at)
        parts.append(raw[at + 2 : at + 2 + length])
        at += 2 + length
    # 1: of paragraphs, whose part begins with the style's number; 2: of characters; 4: of lists.
    paragraph, characters = {1: (0, 1), 2: (None, 0), 4: (0, None)}.get(second & 0xF, (None, None))
    return Style(
        known_as=first & 0xFFF,
        base=second >> 4,
        paragraph=parts[paragraph][2:] if paragraph is not None and paragraph < len(parts) else b"",
        characters=parts[characters] if characters is not None and characters < len(parts) else b"",
    )
