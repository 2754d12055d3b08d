"""CSV and TSV. A scanner of our own keeps every untouched byte: quoting, line ends, formulas."""

import csv
import io
import re
from collections.abc import Callable

from pii.errors import UnreadableDocument
from pii.formats.encoding import decode
from pii.formats.grid import labels_of
from pii.formats.opening import Opening
from pii.formats.segments import Segment, TextDocument
from records.language import Bilingual

_DELIMITERS = ",;\t|"
_NEEDS_QUOTES = re.compile(r"[\"\r\n,;\t|]")


def open_csv(data: bytes, _: Opening) -> TextDocument:
    """A CSV file by cell, its delimiter read off its first lines."""
    decoded = decode(data)
    return _opened(decoded.text, decoded.encode, sniff(decoded.text))


def open_tsv(data: bytes, _: Opening) -> TextDocument:
    """A TSV file by cell."""
    decoded = decode(data)
    return _opened(decoded.text, decoded.encode, "\t")


def sniff(text: str) -> str:
    """The delimiter most used outside quotes in the first lines."""
    sample = re.sub(r'"[^"]*"', "", text[:8192])
    return max(_DELIMITERS, key=lambda mark: (sample.count(mark), -_DELIMITERS.index(mark)))


def _opened(text: str, encode: Callable[[str], bytes], delimiter: str) -> TextDocument:
    rows = _scan(text, delimiter)
    values = [[_value(text[a:b]) for a, b in row] for row in rows]
    governed = labels_of(values)
    segments, spans = [], []
    for number, row in enumerate(rows):
        for column, span in enumerate(row):
            if values[number][column].strip():
                place = cell_place(number, column)
                segments.append(Segment(place, values[number][column], governed[number][column]))
                spans.append(span)
    return TextDocument(
        text, encode, segments, spans, lambda i, new: _spell(new, text[slice(*spans[i])])
    )


def cell_place(row: int, column: int) -> Bilingual:
    """A cell's place for people, counted from one."""
    return Bilingual(f"第{row + 1}行第{column + 1}列", f"row {row + 1}, column {column + 1}")


def _scan(text: str, delimiter: str) -> list[list[tuple[int, int]]]:
    """Every field's span, row by row."""
    mark = re.escape(delimiter)
    field = re.compile(rf'("(?:[^"]|"")*"|[^{mark}\r\n]*)({mark}|\r\n|\n|\r|\Z)')
    rows: list[list[tuple[int, int]]] = [[]]
    position = 0
    while position <= len(text):
        match = field.match(text, position)
        if match is None:
            # Text behind a closing quote: not CSV as anyone writes it; read the field as it stands.
            match = re.compile(rf"([^{mark}\r\n]*)({mark}|\r\n|\n|\r|\Z)").match(text, position)
        if match is None:
            raise UnreadableDocument("表格文件的引号不成对。", "The table's quotes do not match.")
        rows[-1].append(match.span(1))
        position = match.end()
        if match.group(2) == "":
            break
        if match.group(2) != delimiter:
            rows.append([])
    return rows


def _value(raw: str) -> str:
    if len(raw) >= 2 and raw[0] == raw[-1] == '"':
        return raw[1:-1].replace('""', '"')
    return raw


def _spell(new: str, raw: str) -> str:
    if raw.startswith('"') or _NEEDS_QUOTES.search(new):
        return '"' + new.replace('"', '""') + '"'
    return new


def read_csv_again(data: bytes, _: Opening) -> list[Segment]:
    """The second reading, by Python's csv module."""
    text = decode(data).text
    return _read_again(text, sniff(text))


def read_tsv_again(data: bytes, _: Opening) -> list[Segment]:
    """The second reading of a TSV file."""
    return _read_again(decode(data).text, "\t")


def _read_again(text: str, delimiter: str) -> list[Segment]:
    csv.field_size_limit(64 * 1024 * 1024)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    governed = labels_of(rows)
    return [
        Segment(cell_place(number, column), value, governed[number][column])
        for number, row in enumerate(rows)
        for column, value in enumerate(row)
        if value.strip()
    ]
