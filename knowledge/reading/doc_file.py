"""The streams of a Word 97 to 2003 file, its header (FIB) and its pieces of text [MS-DOC 2.4, 2.5]."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from struct import unpack_from

from knowledge.errors import LockedDocument, OldWord, UnreadablePolicy

_WORD, _WORD_6 = 0xA5EC, 0xA5DC
_WORD_97 = 0x00C1
_LOCKED, _TABLE_1 = 0x0100, 0x0200
_COUNTS, _PAIRS = 0x4C, 0x9A
_LARGEST_STREAM = 64 * 1024 * 1024

# Of the pairs (offset, length) behind the header, those that are read here.
STYLES, NOTE_MARKS, NOTES, SECTIONS = 1, 2, 3, 6
CHARACTERS, PARAGRAPHS, PIECES, SHAPES = 12, 13, 33, 40
ENDNOTE_MARKS, ENDNOTES, BOXES, LISTS, LIST_USES = 46, 47, 56, 73, 74


@dataclass(frozen=True)
class Piece:
    """A stretch of text: character positions, where its bytes begin, and marks laid over it."""

    start: int
    end: int
    offset: int
    width: int
    marks: bytes

    def place(self, position: int) -> int:
        """Where in the stream the character lies; formatting is looked up by that."""
        return self.offset + (position - self.start) * self.width


class DocFile:
    """What the streams hold; positions count UTF-16 units over all stories, as Word does.

    Raises LockedDocument, OldWord, UnreadablePolicy.
    """

    def __init__(self, streams: Mapping[str, bytes]) -> None:
        self._stream = streams["WordDocument"]
        identity, version = unpack_from("<HH", self._stream)
        if identity == _WORD_6 or (identity == _WORD and version < _WORD_97):
            raise OldWord
        (flags,) = unpack_from("<H", self._stream, 0x0A)
        if identity != _WORD or unpack_from("<H", self._stream, 0x20) != (14,):
            raise UnreadablePolicy
        if flags & _LOCKED:
            raise LockedDocument
        self._table = streams["1Table" if flags & _TABLE_1 else "0Table"]
        self._data = streams.get("Data", b"")
        # Body, footnotes, headers, (unused), comments, endnotes, text boxes: in this order.
        counts = unpack_from("<8i", self._stream, _COUNTS)
        if min(counts) < 0:
            raise UnreadablePolicy
        starts = [sum(counts[:i]) for i in range(8)]
        self.body, self.notes, _, _, self.comments, self.endnotes, self.boxes, _ = (
            range(start, start + count) for start, count in zip(starts, counts, strict=True)
        )
        self.pieces = tuple(self._pieces())
        if not self.pieces or self.pieces[-1].end < sum(counts):
            raise UnreadablePolicy

    def piece(self, position: int) -> Piece:
        """The piece that holds a character."""
        return self.pieces[bisect_right(self._starts, position) - 1]

    @cached_property
    def _starts(self) -> list[int]:
        return [piece.start for piece in self.pieces]

    @cached_property
    def text(self) -> str:
        """All stories, one character for each UTF-16 unit."""
        found = []
        for piece in self.pieces:
            raw = self._stream[piece.offset : piece.place(piece.end)]
            if piece.width == 1:
                found.append(raw.decode("cp1252", "replace"))
            else:
                found.append("".join(map(chr, unpack_from(f"<{len(raw) // 2}H", raw))))
        return "".join(found)

    def part(self, index: int) -> bytes:
        """A structure of the table stream by its place in the header; empty where there is none."""
        offset, length = unpack_from("<II", self._stream, _PAIRS + 8 * index)
        if offset + length > len(self._table):
            raise UnreadablePolicy
        return self._table[offset : offset + length]

    def behind(self, index: int) -> bytes:
        """What follows a structure in the table stream: some lists are longer than said."""
        offset, length = unpack_from("<II", self._stream, _PAIRS + 8 * index)
        return self._table[offset + length :]

    def page(self, number: int) -> bytes:
        """A page of 512 bytes with formatting."""
        page = self._stream[512 * number : 512 * (number + 1)]
        if len(page) != 512:
            raise UnreadablePolicy
        return page

    def set_aside(self, offset: int) -> bytes:
        """Marks too long for a page, out of the data stream."""
        (length,) = unpack_from("<H", self._data, offset)
        return self._data[offset + 2 : offset + 2 + length]

    def _pieces(self) -> Iterator[Piece]:
        clx, laid_over, at = self.part(PIECES), [], 0
        while clx[at] == 1:
            (length,) = unpack_from("<H", clx, at + 1)
            laid_over.append(clx[at + 3 : at + 3 + length])
            at += 3 + length
        if clx[at] != 2:
            raise UnreadablePolicy
        (length,) = unpack_from("<I", clx, at + 1)
        room, before = len(self._stream), 0
        for start, end, entry in plc(clx[at + 5 : at + 5 + length], 8):
            place, marks = unpack_from("<IH", entry, 2)
            narrow, place = bool(place & 0x40000000), place & 0x3FFFFFFF
            piece = Piece(start, end, place // 2 if narrow else place, 1 if narrow else 2,
                          _laid_over(marks, laid_over))  # fmt: skip
            # No byte stands in two pieces: a small file may not say that it is a large one.
            room -= (end - start) * piece.width
            if start != before or end <= start or piece.place(end) > len(self._stream) or room < 0:
                raise UnreadablePolicy
            before = end
            yield piece


def plc(raw: bytes, size: int) -> Iterator[tuple[int, int, bytes]]:
    """The entries of a PLC: n + 1 positions, then n entries of `size` bytes [MS-DOC 2.2.2]."""
    count = (len(raw) - 4) // (4 + size) if raw else 0
    positions = unpack_from(f"<{count + 1}I", raw) if count > 0 else ()
    for i in range(count):
        at = 4 * (count + 1) + size * i
        yield positions[i], positions[i + 1], raw[at : at + size]


# Of the marks a piece names by one byte [MS-DOC 2.9.215], those that are read here.
_SHORT = {0x41: 0x0800, 0x42: 0x0801, 0x50: 0x0811, 0x5C: 0x083C, 0x62: 0x2A42}


def _laid_over(marks: int, laid_over: list[bytes]) -> bytes:
    if marks & 1:
        return laid_over[marks >> 1]
    short = _SHORT.get(marks >> 1 & 0x7F)
    return b"" if short is None else short.to_bytes(2, "little") + bytes([marks >> 8])


def read_streams(path: Path) -> dict[str, bytes]:
    """The streams of a file by their names; raises LockedDocument, UnreadablePolicy, OSError."""
    import olefile

    with olefile.OleFileIO(str(path)) as ole:
        if ole.exists("EncryptedPackage"):
            raise LockedDocument
        found = {}
        for name in ("WordDocument", "0Table", "1Table", "Data"):
            if ole.exists(name):
                if ole.get_size(name) > _LARGEST_STREAM:
                    raise UnreadablePolicy
                found[name] = ole.openstream(name).read()
        return found
