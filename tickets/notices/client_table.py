"""A client table read row by row for a notice: columns by their header words, each row alone.

What is wrong with a row is told by its number and column and never by what it holds. One bad row
and nothing is taken over: a notice goes to everybody it should, or it is not ready.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from records.errors import BadInput
from records.language import Bilingual
from tickets.notices.data import (
    Addressee,
    NoticeRules,
    Tongue,
    checked,
    clean,
    column_words,
    in_english,
)
from tickets.retention.table import Cell

MOST_CLIENTS = 5_000
LONGEST_NAME = 120
LONGEST_ADDRESS = 300
HEADER_ROWS = 10
_PLACES = ("name", "mail", "address", "language")
# One mailbox, as RFC 5321 has it without quoting, comments or a second address.
_MAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z0-9-]{2,63}"
)
_TONGUES = {
    **{"": None, "zh": Tongue.ZH, "中文": Tongue.ZH, "汉语": Tongue.ZH, "chinese": Tongue.ZH},
    **{"en": Tongue.EN, "英文": Tongue.EN, "英语": Tongue.EN, "english": Tongue.EN},
    **{"both": Tongue.BOTH, "中英文": Tongue.BOTH, "双语": Tongue.BOTH},
}


@dataclass(frozen=True)
class RowProblem:
    """What is wrong with a row of the table, numbered as the spreadsheet numbers it."""

    row: int
    said: Bilingual


@dataclass(frozen=True)
class ClientTable:
    """The clients of a table, or what is wrong with its rows."""

    addressees: tuple[Addressee, ...] = field(repr=False)
    problems: tuple[RowProblem, ...]
    unused: tuple[int, ...]
    """Columns that are neither of ours nor an element of the notice, counted from one."""


class _Wrong(Exception):
    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.said = Bilingual(zh, en)


def read_clients(rows: Iterator[Sequence[Cell]], rules: NoticeRules) -> ClientTable:
    """The clients of the table. Raises BadInput where no header names them, or there are too many."""
    columns, unused, row = _header(rows, rules)
    people: list[Addressee] = []
    problems: list[RowProblem] = []
    seen: dict[tuple[str, str, str], int] = {}
    for number, cells in enumerate(rows, start=row + 1):
        given = {name: _text(cells[place]) for name, place in columns.items() if place < len(cells)}
        if not any(_text(cell) for cell in cells):
            continue
        if len(people) >= MOST_CLIENTS:
            raise BadInput(
                f"一份通知最多 {MOST_CLIENTS:,} 位客户，请分成几份。",
                f"A notice takes {MOST_CLIENTS:,} clients at most; make several.",
            )
        try:
            person = _addressee(given, rules)
            same = (person.name, person.mail.lower(), person.address)
            if same in seen:
                raise _Wrong(f"与第 {seen[same]} 行重复", f"the same client as row {seen[same]}")
            seen[same] = number
            people.append(person)
        except _Wrong as error:
            problems.append(RowProblem(number, error.said))
    if not people and not problems:
        raise BadInput("表格里没有客户。", "There is no client in the table.")
    return ClientTable(tuple(people), tuple(problems), unused)


def checked_addressee(person: Addressee, rules: NoticeRules) -> Addressee:
    """One client typed by hand, held to the rules of a row. Raises BadInput."""
    told = {"name": person.name, "mail": person.mail, "address": person.address}
    try:
        found = _addressee({**told, "language": "", **person.given}, rules)
    except _Wrong as error:
        raise BadInput(f"收件人：{error.said.zh}。", f"Client: {error.said.en}.") from None
    return Addressee(found.name, found.mail, found.address, person.tongue, found.given)


def _addressee(given: Mapping[str, str], rules: NoticeRules) -> Addressee:
    name = _bounded("姓名", "name", given.get("name", ""), LONGEST_NAME)
    address = _bounded("地址", "address", given.get("address", ""), LONGEST_ADDRESS)
    mail = given.get("mail", "").strip()
    if not name:
        raise _Wrong("没有客户姓名", "the name is missing")
    if not mail and not address:
        raise _Wrong("邮箱和地址都没有", "neither e-mail nor address")
    if mail and (not _MAIL.fullmatch(mail) or ".." in mail):
        raise _Wrong("邮箱写法不对（一格只写一个）", "this is not one e-mail address")
    language = given.get("language", "").strip().lower()
    if language not in _TONGUES:
        raise _Wrong("语言请写 zh、en 或 both", "write the language as zh, en or both")
    try:
        own = checked(rules, {key: text for key, text in given.items() if key not in _PLACES})
    except BadInput as error:
        raise _Wrong(error.message.zh.rstrip("。"), error.message.en.rstrip(".")) from None
    return Addressee(name, mail, address, _TONGUES[language], own)


def _bounded(zh: str, en: str, text: str, most: int) -> str:
    found = clean(text, one_line=True)
    if len(found) > most:
        raise _Wrong(f"{zh}超过 {most} 字", f"the {en} is over {most} characters")
    return found


def _header(
    rows: Iterator[Sequence[Cell]], rules: NoticeRules
) -> tuple[dict[str, int], tuple[int, ...], int]:
    """Which column is what, those that are nothing of ours, and the number of the header's row."""
    words = _header_words(rules)
    for number, cells in enumerate(rows, start=1):
        columns: dict[str, int] = {}
        unused = []
        for place, cell in enumerate(cells):
            name = words.get(_plain(_text(cell)))
            if name in columns:
                raise BadInput(
                    f"有两列都表示同一项（第 {columns[name] + 1}、{place + 1} 列），请只留一列。",
                    f"Columns {columns[name] + 1} and {place + 1} mean the same; keep one.",
                )
            if name:
                columns[name] = place
            elif _text(cell):
                unused.append(place + 1)
        if "name" in columns and {"mail", "address"} & set(columns):
            return columns, tuple(unused), number
        if number >= HEADER_ROWS:
            break
    raise BadInput(
        "表头里要有“姓名”，以及“邮箱”或“地址”。可用的表头词见 tickets/notices/columns.yaml。",
        "The header needs a column “name”, and “e-mail” or “address”.",
    )


def _header_words(rules: NoticeRules) -> Mapping[str, str]:
    """Header words → column; our own columns before elements of the same name."""
    found: dict[str, str] = {}
    for key, one in rules.elements.items():
        for word in (key, one.name.zh, one.name.en):
            found[_plain(word)] = key
        found[_plain(in_english(key))] = in_english(key)
    for place in _PLACES:
        found |= {_plain(word): place for word in getattr(column_words(), place)}
    return found


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    # A date of a spreadsheet comes with a midnight nobody wrote.
    return str(cell).removesuffix(" 00:00:00").strip()


def _plain(text: str) -> str:
    return re.sub(r"[\s_：:*＊]", "", text).lower()
