"""A table whose columns only blanks part: on slides, in what a PDF page gives, in a mail.

On a page the blanks between the labels of the header may be gone (序号员工出生日期银行卡号) and a row
may run on in the next line. So the header tells which kinds follow each other, and a row counts where
all of them do, each in its shape.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from pii.findings import Finding
from pii.kinds import Kind
from pii.labels import vocabulary
from pii.latin_names import latin_names
from pii.recognizers.base import Recognizer
from pii.surnames import surnames
from pii.values import DATE, refine, value_at

_HEADER = re.compile(
    r"(?:^|(?<=[\n\ue000]))(?P<line>[^\n\ue000，。：；、？！,;|:\d]{6,120})(?=[\n\ue000])"
)
_END = r"[ \t]*(?=[\n\ue000]|\Z)"
_GAP = r"(?:[ \t]+|[ \t]*\n[ \t]*)"
_ANYTHING = rf"(?:[^\s\ue000]+{_GAP}){{0,6}}?"
_HAN = "㐀-鿿"
_NAME = rf"[{_HAN}·]{{2,12}}|[A-Z][A-Za-z'’.\-]+(?: [A-Z][A-Za-z'’.\-]+){{1,3}}"
_PHONE = r"(?:\+?86[ \-]?)?1[3-9](?:[ \-]?\d){9}|0\d{2,3}[ \-]?\d{7,8}|\d{7,8}"
_SHAPES = {
    Kind.PERSON_NAME: _NAME, Kind.BIRTH_DATE: DATE.replace(r"\ ", " "),
    Kind.MOBILE: _PHONE, Kind.LANDLINE: _PHONE, Kind.BANK_CARD: r"\d(?:[ \-]?\d){11,18}",
    Kind.RESIDENT_ID: r"\d{6}[ \-]?\d{8}[ \-]?\d{3}[\dXx]|\d{15}",
    Kind.EMAIL: r"[^\s\ue000]+@[^\s\ue000]+", Kind.ADDRESS: rf"[^\s\ue000]*[{_HAN}][^\s\ue000]*",
}  # fmt: skip
_CODE = r"[^\s\ue000]{3,64}"
_SOME_DATE = re.compile("日期|时间")
_FEWEST_KINDS = 2
_MOST_TABLES = 8


class TableByBlanksRecognizer(Recognizer):
    """Values below labels, in lines in which all of them stand in the same order."""

    def __init__(self) -> None:
        words = sorted(vocabulary().kinds, key=len, reverse=True)
        self._labels = re.compile("|".join(re.escape(w) for w in words if not w.isascii()))

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Every kind that has labels."""
        return tuple(Kind)

    def find(self, text: str) -> Iterator[Finding]:
        """The values of every row below a header, and of rows that go on elsewhere: the next slide."""
        tables = dict.fromkeys(self._tables(text))
        for columns in list(tables)[:_MOST_TABLES]:
            for row in _row(columns).finditer(text):
                yield from _cells(row, columns)

    def _tables(self, text: str) -> Iterator[tuple[Kind | str | None, ...]]:
        """The columns of headers with a row below."""
        for header in _HEADER.finditer(text):
            columns = self._columns(header["line"])
            if len({kind for kind in columns if kind}) < _FEWEST_KINDS:
                continue
            row = _row(columns).match(text, header.end() + 1)
            if row and any(_cells(row, columns)):
                yield columns

    def _columns(self, line: str) -> tuple[Kind | str | None, ...]:
        """What follows what: kinds, `date` for somebody else's date, None for anything or nothing."""
        columns: list[Kind | str | None] = [None]
        for word in line.split():
            kind = vocabulary().kind_of(word)
            if word.isascii() or (len(word) <= _LONGEST_LABEL and kind):
                columns.append(kind)
                continue
            position = 0
            for label in self._labels.finditer(word):
                columns += _between(word[position : label.start()])
                columns.append(vocabulary().kind_of(label.group()))
                position = label.end()
            columns += _between(word[position:])
        once = [one for at, one in enumerate(columns) if not at or one != columns[at - 1]]
        return (*once, None) if once[-1] else tuple(once)


_LONGEST_LABEL = 8


def _between(text: str) -> list[Kind | str | None]:
    """Columns no label of ours names: 部门入职日期."""
    if not text:
        return []
    return [None, *(one for _ in _SOME_DATE.findall(text) for one in ("date", None))]


@lru_cache(maxsize=64)
def _row(columns: tuple[Kind | str | None, ...]) -> re.Pattern[str]:
    parts = []
    for at, column in enumerate(columns):
        if column is None:
            parts.append(_ANYTHING)
            continue
        kind = Kind.BIRTH_DATE if column == "date" else Kind(column)
        parts.append(f"(?P<c{at}>{_SHAPES.get(kind, _CODE)})(?:{_GAP}|{_END})")
    return re.compile(r"(?:^|(?<=[\n\ue000]))[ \t]*" + "".join(parts) + rf"(?:[^\s\ue000]+)?{_END}")


def _cells(row: re.Match[str], columns: tuple[Kind | str | None, ...]) -> Iterator[Finding]:
    """The row's values, or nothing where one of them is none."""
    found = []
    for at, column in enumerate(columns):
        if column is None or column == "date":
            continue
        kind, value = Kind(column), row[f"c{at}"]
        if value_at(kind, value) != (0, len(value)):
            return
        if kind is Kind.PERSON_NAME and not _is_name(value):
            return
        exact = refine(kind, value)
        found.append(Finding(exact, *row.span(f"c{at}"), 0.85, f"{exact.value}/column"))
    yield from found


def _is_name(value: str) -> bool:
    if value.isascii():
        return latin_names().may_be_names(value.split())
    return "·" in value or surnames().is_full_name(value)
