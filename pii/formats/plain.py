"""Plain text: a block of lines between empty lines is read as one."""

import re

from pii.formats.encoding import decode
from pii.formats.opening import Opening
from pii.formats.segments import Segment, TextDocument
from records.language import Bilingual

_BLOCK = re.compile(r"[^\r\n]+(?:(?:\r\n|\n|\r)[^\r\n]+)*")
_LONGEST = 4000


def open_plain(data: bytes, _: Opening) -> TextDocument:
    """A text file by blocks."""
    decoded = decode(data)
    spans = block_spans(decoded.text)
    return TextDocument(decoded.text, decoded.encode, numbered_segments(decoded.text, spans), spans)


def block_spans(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Blocks of neighbouring lines, very long ones cut at a line's end."""
    spans = []
    for match in _BLOCK.finditer(text, start, len(text) if end is None else end):
        begin = match.start()
        while match.end() - begin > _LONGEST:
            cut = text.rfind("\n", begin + 1, begin + _LONGEST)
            if cut < 0:
                cut = text.find("\n", begin + _LONGEST, match.end())
            if cut < 0:
                break
            spans.append((begin, cut))
            begin = cut + 1
        if begin < match.end():
            spans.append((begin, match.end()))
    return spans


def _numbered(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Spans with the number of the line each begins on."""
    numbered = []
    line, position = 1, 0
    for start, end in spans:
        line += _line_ends(text, position, start)
        position = start
        numbered.append((start, end, line))
    return numbered


def _line_ends(text: str, start: int, end: int) -> int:
    return text.count("\n", start, end) or text.count("\r", start, end)


def line_segment(text: str, start: int, end: int, line: int) -> Segment:
    """A segment whose places are lines."""
    place = Bilingual(f"第{line}行", f"line {line}")
    return Segment(place, text[start:end], first_line=line)


def numbered_segments(text: str, spans: list[tuple[int, int]]) -> list[Segment]:
    """Segments with line numbers."""
    return [line_segment(text, *span) for span in _numbered(text, spans)]


def read_plain_again(data: bytes, _: Opening) -> list[Segment]:
    """The second reading: the whole file line by line, by Python's own universal newlines."""
    text = decode(data).text
    return [
        Segment(Bilingual(f"第{n}行", f"line {n}"), line)
        for n, line in enumerate(text.splitlines(), start=1)
        if line.strip()
    ]
