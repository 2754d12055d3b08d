"""Characters with places, as people read them: table cells with their labels, else paragraphs.

PDF pages, the second reading of them and recognised pictures all come through here, so that what
is one value to the eye is one text to the detector, wherever its characters were stored.
"""

import itertools
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pii.formats.grid import labels_of
from pii.formats.page_rules import Cell, Mark, Rule, ruled_cells, tables_of
from pii.operators import Edit

_SPACE, _MIXED, _WIDE, _CELL = 0.16, 0.3, 0.6, 1.5
"""Gaps in heights of a character: a space, one between Chinese and other characters (word
processors set these a quarter apart by themselves), one between Chinese ones, another cell."""
_LONGEST = 3000
_HAN = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef、-〗]")
_LINKS = "-@_./"
_STRETCHED = re.compile(r"^[㐀-鿿]{1,2}\s*[:：]")


@dataclass(frozen=True)
class Block:
    """A text read as one. `sources` has one entry a character; -1 for what only a gap implies."""

    text: str
    sources: tuple[int, ...]
    label: str | None = None


def spots(blocks: Sequence[Block], edits: Sequence[Sequence[Edit]]) -> list[list[int]]:
    """The sources each edit covers."""
    return [
        [s for s in block.sources[edit.start : edit.end] if s >= 0]
        for block, made in zip(blocks, edits, strict=True)
        for edit in made
    ]


@dataclass(frozen=True)
class _Piece:
    """Marks side by side."""

    marks: tuple[Mark, ...]

    @property
    def x0(self) -> float:
        return self.marks[0].x0

    @property
    def x1(self) -> float:
        return max(m.x1 for m in self.marks)

    @property
    def height(self) -> float:
        heights = sorted(m.y1 - m.y0 for m in self.marks)
        return max(heights[len(heights) // 2], 0.01)

    @property
    def middle(self) -> float:
        return sum(m.y0 + m.y1 for m in self.marks) / 2 / len(self.marks)


_Line = list[_Piece]


def lay_out(
    marks: Sequence[Mark], horizontals: Sequence[Rule] = (), verticals: Sequence[Rule] = ()
) -> list[Block]:
    """The blocks of one page in reading order."""
    shown = [m for m in marks if m.text.strip()]
    cells = ruled_cells(shown, horizontals, verticals)
    outside = cells.pop(None, [])
    blocks = _plain(outside)
    for table in tables_of(list(cells)):
        blocks += _table_blocks(table, cells)
    tops = {m.source: m.y0 for m in shown}
    # A table stands where its first character stands.
    return sorted(blocks, key=lambda b: min(tops.get(s, 1e9) for s in b.sources))


def _table_blocks(table: list[Cell], cells: dict[Cell | None, list[Mark]]) -> list[Block]:
    columns = sorted({cell[0] for cell in table})
    rows = sorted({cell[2] for cell in table})
    inside = {cell: _plain(cells[cell]) for cell in table}
    texts = [[""] * len(columns) for _ in rows]
    for cell, blocks in inside.items():
        texts[rows.index(cell[2])][columns.index(cell[0])] = "\n".join(b.text for b in blocks)
    governed = labels_of(texts)
    made = []
    for cell, blocks in inside.items():
        label = governed[rows.index(cell[2])][columns.index(cell[0])]
        made += [Block(b.text, b.sources, label) for b in blocks]
    return made


# --- text without rules


def _plain(marks: Sequence[Mark]) -> list[Block]:
    blocks: list[Block] = []
    paragraph: list[_Piece] = []
    for stretch in _stretches([_pieces(line) for line in _lines(marks)]):
        if isinstance(stretch, list):
            blocks += [*_paragraphs(paragraph), *_columns(stretch)]
            paragraph = []
        else:
            paragraph.append(stretch)
    return blocks + _paragraphs(paragraph)


def _lines(marks: Sequence[Mark]) -> list[list[Mark]]:
    """Marks of about the same height on the page, each line from left to right."""
    lines: list[list[Mark]] = []
    middle = 0.0
    for mark in sorted(marks, key=lambda m: m.y0 + m.y1):
        here = (mark.y0 + mark.y1) / 2
        if lines and here - middle < 0.45 * (mark.y1 - mark.y0):
            lines[-1].append(mark)
            middle += (here - middle) / len(lines[-1])
        else:
            lines.append([mark])
            middle = here
    return [one for line in lines for one in _untangled(sorted(line, key=lambda m: m.x0))]


def _untangled(line: list[Mark]) -> list[list[Mark]]:
    """Texts set over each other, told apart by the order in which they are stored."""
    overlaps = sum(
        b.x0 < a.x1 - 0.5 * min(a.x1 - a.x0, b.x1 - b.x0) for a, b in itertools.pairwise(line)
    )
    if overlaps < 3:
        return [line]
    runs: list[list[Mark]] = []
    for mark in sorted(line, key=lambda m: m.source):
        if not runs or mark.x0 < runs[-1][-1].x0:
            runs.append([])
        runs[-1].append(mark)
    return runs


def _pieces(line: list[Mark]) -> _Line:
    """A line cut at gaps as wide as between cells."""
    pieces: list[list[Mark]] = [[line[0]]]
    for before, mark in itertools.pairwise(line):
        if mark.x0 - before.x1 > _CELL * (mark.y1 - mark.y0):
            pieces.append([])
        pieces[-1].append(mark)
    joined: list[list[Mark]] = []
    for piece in pieces:
        text = "".join(m.text for m in piece)
        # 姓　　名：张三 is one label, however far its characters are set apart.
        if joined and len(joined[-1]) == 1 and _STRETCHED.match(text):
            joined[-1] += piece
        else:
            joined.append(piece)
    return [_Piece(tuple(piece)) for piece in joined]


def _stretches(lines: Sequence[_Line]) -> Iterator[_Piece | list[_Line]]:
    """Runs of lines set in columns as lists; every other line as one piece."""
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and (len(lines[end]) > 1 or (end > at and _hangs(lines, end))):
            end += 1
        while end > at and len(lines[end - 1]) == 1 and not _hangs(lines, end - 1):
            end -= 1
        if end - at > 1 and _column_edges(lines[at:end]):
            yield list(lines[at:end])
            at = end
        else:
            for line in lines[at : max(end, at + 1)]:
                yield _Piece(tuple(mark for piece in line for mark in piece.marks))
            at = max(end, at + 1)


def _hangs(lines: Sequence[_Line], at: int) -> bool:
    """Whether a line of one piece continues a cell above it: under a column that is not the first."""
    piece, above = lines[at][0], lines[at - 1]
    return (piece.x0 > above[0].x1 and piece.middle - above[-1].middle < 2.2 * piece.height) or (
        (len(above) == 1 and abs(above[0].x0 - piece.x0) < piece.height and at > 1)
        and lines[at - 1][0].x0 > lines[at - 2][0].x1
    )


def _column_edges(lines: Sequence[_Line]) -> list[tuple[float, float]]:
    """Columns as intervals; none where a line would have two pieces in one of them."""
    edges: list[tuple[float, float]] = []
    for x0, x1 in sorted((p.x0, p.x1) for line in lines for p in line):
        if edges and x0 < edges[-1][1]:
            edges[-1] = (edges[-1][0], max(edges[-1][1], x1))
        else:
            edges.append((x0, x1))
    for line in lines:
        taken = [_column(edges, piece) for piece in line]
        if len(set(taken)) != len(taken):
            return []
    return edges if len(edges) > 1 else []


def _column(edges: Sequence[tuple[float, float]], piece: _Piece) -> int:
    return bisect_right([x0 for x0, _ in edges], piece.x0) - 1


def _columns(lines: list[_Line]) -> list[Block]:
    """Cells with their labels; columns without any label as running text."""
    edges = _column_edges(lines)
    rows: list[list[list[_Piece]]] = []
    for line in lines:
        cells: list[list[_Piece]] = [[] for _ in edges]
        for piece in line:
            cells[_column(edges, piece)].append(piece)
        if rows and not cells[0] and len(line) < len(edges):
            # The first column is empty: cells of the row above go on.
            for column, more in enumerate(cells):
                rows[-1][column].extend(more)
        else:
            rows.append(cells)
    texts = [["\n".join(_joined([p]).text for p in cell) for cell in row] for row in rows]
    governed = labels_of(texts)
    blocks = []
    for column in range(len(edges)):
        loose: list[_Piece] = []
        for row, labels in zip(rows, governed, strict=True):
            if labels[column]:
                block = _joined(row[column])
                blocks.append(Block(block.text, block.sources, labels[column]))
            else:
                loose += row[column]
        blocks += _paragraphs(loose)
    return blocks


def _paragraphs(lines: Sequence[_Piece]) -> list[Block]:
    """Lines close to each other and of one size, joined."""
    blocks: list[Block] = []
    together: list[_Piece] = []
    length = 0
    for line in lines:
        if together and (not _follows(together[-1], line) or length > _LONGEST):
            blocks.append(_joined(together))
            together, length = [], 0
        together.append(line)
        length += len(line.marks)
    return [*blocks, _joined(together)] if together else blocks


def _follows(above: _Piece, below: _Piece) -> bool:
    step = below.middle - above.middle
    alike = 0.7 < above.height / below.height < 1.4
    return alike and 0 < step < 2.6 * min(above.height, below.height)


def _joined(pieces: Sequence[_Piece]) -> Block:
    """One text: gaps become spaces, a line that runs to the margin flows into the next."""
    text: list[str] = []
    sources: list[int] = []
    margin = max((piece.x1 for piece in pieces), default=0.0)
    for number, piece in enumerate(pieces):
        if number:
            full = margin - pieces[number - 1].x1 < 1.2 * piece.height
            if not (full and _flows(text[-1][-1], piece.marks[0].text)):
                text.append("\n")
                sources.append(-1)
        for index, mark in enumerate(piece.marks):
            if index and _gap(piece.marks[index - 1], mark):
                text.append(" ")
                sources.append(-1)
            text.append(mark.text)
            sources += [mark.source] * len(mark.text)
    return Block("".join(text), tuple(sources))


def _flows(end: str, start: str) -> bool:
    """Whether text at the end of a full line goes on without a space in the next."""
    return bool(_HAN.match(end) and _HAN.match(start)) or end in _LINKS or start in _LINKS


def _gap(before: Mark, mark: Mark) -> bool:
    han = bool(_HAN.match(before.text)) + bool(_HAN.match(mark.text))
    return mark.x0 - before.x1 > (_SPACE, _MIXED, _WIDE)[han] * min(
        mark.y1 - mark.y0, before.y1 - before.y0
    )
