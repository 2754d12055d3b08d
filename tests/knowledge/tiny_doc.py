"""The streams of a small Word file, written by hand [MS-DOC]: what no office at hand writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from struct import pack, pack_into

_PAIRS = 0x9A
CHARACTERS, PARAGRAPHS, PIECES = 12, 13, 33


@dataclass(frozen=True)
class Piece:
    """A stretch of text, as narrow bytes or not, with what is laid over it."""

    text: str
    narrow: bool = False
    marks: int = 0

    @property
    def raw(self) -> bytes:
        return self.text.encode("cp1252" if self.narrow else "utf-16-le")


def streams(
    pieces: Sequence[Piece],
    *,
    laid_over: Sequence[bytes] = (),
    characters: Sequence[bytes] = (),
    flags: int = 0,
    version: int = 0xC1,
) -> dict[str, bytes]:
    """A file of these pieces, stored last first; each may have direct marks of its characters."""
    stream = bytearray(2048)
    offsets: dict[int, int] = {}
    for i in reversed(range(len(pieces))):
        offsets[i] = len(stream)
        stream += pieces[i].raw
    stream += bytes(-len(stream) % 512)
    units = [len(one.raw) // (1 if one.narrow else 2) for one in pieces]
    ends = [sum(units[: i + 1]) for i in range(len(pieces))]
    clx = b"".join(pack("<BH", 1, len(one)) + one for one in laid_over)
    entries = b"".join(
        pack("<HIH", 0, (2 * offsets[i] | 0x40000000) if one.narrow else offsets[i], one.marks)
        for i, one in enumerate(pieces)
    )
    plc = pack(f"<{len(ends) + 1}I", 0, *ends) + entries
    table = clx + pack("<BI", 2, len(plc)) + plc
    pack_into("<HH", stream, 0, 0xA5EC, version)
    pack_into("<H", stream, 0x0A, flags)
    pack_into("<H", stream, 0x20, 14)
    pack_into("<i", stream, 0x4C, sum(units))
    pack_into("<II", stream, _PAIRS + 8 * PIECES, 0, len(table))
    if characters:
        page, bounds = _page(pieces, offsets, characters)
        bin_table = pack("<III", *bounds, len(stream) // 512)
        pack_into("<II", stream, _PAIRS + 8 * CHARACTERS, len(table), len(bin_table))
        stream, table = stream + page, table + bin_table
    return {"WordDocument": bytes(stream), "0Table": table}


def _page(
    pieces: Sequence[Piece], offsets: dict[int, int], characters: Sequence[bytes]
) -> tuple[bytes, tuple[int, int]]:
    """One page of 512 bytes with the marks of each piece."""
    order = sorted(offsets, key=lambda i: offsets[i])
    bounds = [offsets[i] for i in order]
    bounds.append(offsets[order[-1]] + len(pieces[order[-1]].raw))
    page, at = bytearray(512), 510
    pack_into(f"<{len(bounds)}I", page, 0, *bounds)
    for run, i in enumerate(order):
        marks = characters[i]
        if marks:
            at = (at - len(marks) - 1) // 2 * 2
            page[at : at + 1 + len(marks)] = bytes([len(marks)]) + marks
            page[4 * len(bounds) + run] = at // 2
    page[511] = len(order)
    return bytes(page), (bounds[0], bounds[-1])
