"""Markdown: blocks as in plain text, pipe tables by cell, so that a header governs its column."""

import re

from pii.formats.encoding import decode
from pii.formats.grid import labels_of
from pii.formats.opening import Opening
from pii.formats.plain import block_spans, numbered_segments
from pii.formats.segments import Segment, TextDocument

_ROW = re.compile(r"^[ \t]*\|.*\|[ \t]*\r?$", re.MULTILINE)
_CELL = re.compile(r"(?:\\\||[^|\r\n])+")
_RULE = re.compile(r"[\s|:\-]+")


def open_markdown(data: bytes, _: Opening) -> TextDocument:
    """A Markdown file by blocks and table cells."""
    decoded = decode(data)
    text = decoded.text
    spans: list[tuple[int, int]] = []
    labels: dict[tuple[int, int], str | None] = {}
    position = 0
    for table in _tables(text):
        spans += block_spans(text, position, table[0][0])
        cells = [_cells(text, *row) for row in table]
        governed = labels_of([[text[a:b] for a, b in row] for row in cells])
        for row, row_labels in zip(cells, governed, strict=True):
            labels |= dict(zip(row, row_labels, strict=True))
            spans += row
        position = table[-1][1]
    spans += block_spans(text, position)
    segments = [
        Segment(s.place, s.text, labels.get(span), first_line=s.first_line)
        for s, span in zip(numbered_segments(text, spans), spans, strict=True)
    ]
    return TextDocument(text, decoded.encode, segments, spans)


def _tables(text: str) -> list[list[tuple[int, int]]]:
    """Neighbouring rows, as spans."""
    tables: list[list[tuple[int, int]]] = []
    for match in _ROW.finditer(text):
        if tables and not text[tables[-1][-1][1] : match.start()].strip("\r\n"):
            gap = text[tables[-1][-1][1] : match.start()]
            if gap.count("\n") == 1:
                tables[-1].append(match.span())
                continue
        tables.append([match.span()])
    return tables


def _cells(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The trimmed content of each cell."""
    if _RULE.fullmatch(text, start, end):
        return []
    spans = []
    for match in _CELL.finditer(text, start, end):
        content = match.group().strip()
        if content:
            begin = match.start() + match.group().index(content)
            spans.append((begin, begin + len(content)))
        elif spans or match.start() > start:
            spans.append((match.start(), match.start()))
    return spans
