"""Values that neighbouring cells hold in pieces: 138 | 0013 | 8000, one digit a cell, estate and door.

Each piece alone says nothing, so none has the shape of its kind; joined they do. A number with a check
character tells itself. A telephone number counts where a label says so, or a whole column of them does.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence

from pii.kinds import Kind
from pii.labels import IN_PIECES, plain_label, vocabulary
from pii.recognizers.bank_card import is_card_number
from pii.recognizers.mobile import is_mobile
from pii.recognizers.resident_id import is_resident_id

_MOBILE = {(3, 4, 4), (3, 8), (7, 4), (1,) * 11}
_RESIDENT = {(6, 8, 4), (6, 4, 4, 4), (6, 12), (14, 4), (1,) * 18}
_CARD = {(4, 4, 4, 4), (4, 4, 4, 4, 3), (1,) * 16, (1,) * 19}
_LENGTHS = sorted(_MOBILE | _RESIDENT | _CARD)
_LONGEST = 12
_MOST = 0.7
# A check digit of ten is right by chance in a table of figures; a check character, a province and a day are not.
_FEWEST_ROWS = {Kind.MOBILE: 2, Kind.RESIDENT_ID: 1, Kind.BANK_CARD: 3}
_KINDS: dict[Kind, tuple[set[tuple[int, ...]], Callable[[str], bool]]] = {
    Kind.MOBILE: (_MOBILE, is_mobile),
    Kind.RESIDENT_ID: (_RESIDENT, is_resident_id),
    Kind.BANK_CARD: (_CARD, is_card_number),
}
_WORDS = {Kind.MOBILE: "手机", Kind.RESIDENT_ID: "身份证号", Kind.BANK_CARD: "银行卡号"}
_OF_NUMBER = re.compile("手机|电话|联系|号码|证|卡|账|段|位|mobile|phone|tel|card", re.IGNORECASE)

_Window = tuple[int, tuple[int, ...]]


def label_pieces(rows: Sequence[Sequence[str]], governed: list[list[str | None]]) -> None:
    """Labels for cells that hold pieces of a value. Changes `governed`."""
    hits: dict[tuple[Kind, _Window], set[tuple[int, str]]] = defaultdict(set)
    filled = Counter[_Window]()
    for number, row in enumerate(rows):
        _label_places(row, governed[number])
        for window, joined in _windows(row):
            start, lengths = window
            if any(
                _is_impersonal(label) for label in governed[number][start : start + len(lengths)]
            ):
                continue
            filled[window] += 1
            for kind, (shapes, holds) in _KINDS.items():
                if lengths in shapes and holds(joined):
                    hits[kind, window].add((number, joined))
    for (kind, window), found in hits.items():
        rows_told = len({joined for _, joined in found})
        column = (
            rows_told >= _FEWEST_ROWS[kind]
            and len(found) >= _MOST * filled[window]
            and (kind is Kind.RESIDENT_ID or max(window[1]) > 1)
            and not _is_other(rows[0], window[0])
        )
        for number, _ in found:
            if column or _is_told(kind, rows[number], governed[number], window[0]):
                _mark(governed[number], window, kind)


def _windows(row: Sequence[str]) -> Iterator[tuple[_Window, str]]:
    """Stretches of cells of nothing but digits whose lengths are those of a value in pieces."""
    cells = [text.strip() for text in row]
    lengths = [len(c) if len(c) <= _LONGEST and _is_piece(c) else 0 for c in cells]
    for start in range(len(row) - 1):
        if not lengths[start]:
            continue
        for wanted in _LENGTHS:
            end = start + len(wanted)
            if tuple(lengths[start:end]) == wanted:
                # Eleven of twelve boxes are no number.
                if wanted[0] == 1 and (
                    (start and lengths[start - 1] == 1) or lengths[end : end + 1] == [1]
                ):
                    continue
                yield (start, wanted), "".join(cells[start:end])


def _is_piece(cell: str) -> bool:
    return cell.isascii() and (
        cell.isdigit() or (cell[:-1].isdigit() and cell[-1] in "Xx") or cell in ("X", "x")
    )


def _mark(labels: list[str | None], window: _Window, kind: Kind) -> None:
    start, lengths = window
    labels[start : start + len(lengths)] = [_WORDS[kind] + IN_PIECES] * len(lengths)


def _is_told(kind: Kind, row: Sequence[str], labels: Sequence[str | None], start: int) -> bool:
    """Whether a label above the first piece or to its left says what it is."""
    words = [labels[start] or "", row[start - 1] if start else ""]
    return any(vocabulary().kind_of(word) is kind for word in words if word)


def _is_other(first: Sequence[str], start: int) -> bool:
    """Whether the first row has a word for something else above the first piece: 数量."""
    head = first[start].strip() if start < len(first) else ""
    return bool(head) and not _is_piece(head) and not _OF_NUMBER.search(head)


def _is_impersonal(label: str | None) -> bool:
    plain = plain_label(label) if label else ""
    known = vocabulary().kinds
    return plain in known and known[plain] is None


def _label_places(row: Sequence[str], labels: list[str | None]) -> None:
    """Estate and door beside each other, 小区 | 门牌, whatever they look like."""
    places = [
        at
        for at, label in enumerate(labels)
        if label and plain_label(label) in vocabulary().estates
    ]
    if not places:
        return
    doors = [
        at
        for at, label in enumerate(labels)
        if label
        and (
            plain_label(label) in vocabulary().doors or vocabulary().kind_of(label) is Kind.ADDRESS
        )
    ]
    if doors:
        for at in (*places, *doors):
            if row[at].strip():
                labels[at] = f"地址{IN_PIECES}"
