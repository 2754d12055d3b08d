"""Excel workbooks (ISO/IEC 29500-1): every cell of every sheet, shown or hidden, and the rest.

Shared strings are read once for each label that governs a cell using them. Numbers are read as
people see them (an 11-digit mobile, an 18-digit ID); a treated number becomes an inline string.
"""

import io
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from lxml import etree

from pii.formats.cleaning import NOBODY
from pii.formats.docx import read_paragraphs
from pii.formats.formulas import drop_formula, joined_literals, makes_text
from pii.formats.grid import labels_of
from pii.formats.office import OfficeDocument, OfficeKind, members_again, open_office
from pii.formats.opening import Opening
from pii.formats.part_places import part_place
from pii.formats.segments import Segment
from pii.formats.slots import Group, Slot, local
from records.language import Bilingual

_MAIN = "xl/workbook.xml"
_KIND = OfficeKind("Excel", ".xlsx", _MAIN)
_STRINGS = "xl/sharedStrings.xml"
_NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
HEADER_CODE = re.compile(r"&(?:[A-JL-Z&]|K[0-9A-F+\-]{2,6}|\"[^\"]*\"|\d{1,2}(?!\d))")
_DATE = re.compile(r"[\dT:.\-Z]+")
_ILLEGAL_IN_NAME = re.compile(r"[\[\]:*?/\\]")


def open_xlsx(data: bytes, opening: Opening) -> OfficeDocument:
    """A workbook by cells."""
    reader = _Reader()
    document = open_office(data, _KIND, opening, reader.read)
    reader.add_cells(document)
    document.finish = _finish
    return document


def _sheet_titles(roots: dict[str, Any]) -> dict[str, str]:
    """The title of each sheet by the name of its part."""
    relations = roots.get("xl/_rels/workbook.xml.rels")
    if relations is None:
        return {}
    targets = {
        element.get("Id"): element.get("Target", "").removeprefix("/xl/")
        for element in relations.iter(etree.Element)
    }
    titles = {}
    for sheet in roots[_MAIN].iter("{*}sheet"):
        for name, value in sheet.attrib.items():
            if name.endswith("}id") and value in targets:
                titles["xl/" + targets[value]] = sheet.get("name", "")
    return titles


class _Reader:
    """Reads sheets, and remembers which shared string which cell uses."""

    def __init__(self) -> None:
        self._grids: list[tuple[str, dict[tuple[int, int], Any]]] = []

    def read(self, name: str, root: Any) -> tuple[list[Group], set[int]]:
        """A part's groups."""
        if local(root) == "worksheet":
            return self._sheet(name, root)
        if name == _STRINGS:
            # Read in the end, when it is known which cells use them.
            return [], {id(t) for t in root.iter("{*}t")}
        if local(root) == "comments":
            return _comments(name, root)
        return read_paragraphs(name, root)

    def _sheet(self, name: str, root: Any) -> tuple[list[Group], set[int]]:
        cells: dict[tuple[int, int], Any] = {}
        for row_number, row in enumerate(root.iter("{*}row")):
            for column_number, cell in enumerate(row.findall("{*}c")):
                cells[_position(cell, row_number, column_number)] = cell
        self._grids.append((name, cells))
        # Cells are read with the shared strings; formulas and the rest as loose text.
        taken = {id(v) for cell in cells.values() for v in cell.findall("{*}v")}
        taken |= {id(t) for cell in cells.values() for t in cell.iter("{*}t")}
        headers = _page_headers(name, root)
        return headers, taken | {id(slot.element) for one in headers for slot in one.slots}

    def add_cells(self, document: OfficeDocument) -> None:
        """Groups for every cell, and for shared strings no cell uses."""
        titles = list(_sheet_titles(document.roots))
        root = document.roots.get(_STRINGS)
        items = list(root.iter("{*}si")) if root is not None else []
        used: set[int] = set()
        shared: dict[tuple[int, str | None], Bilingual] = {}
        for name, cells in self._grids:
            number = titles.index(name) + 1 if name in titles else 0
            document.groups += _cell_groups(number, cells, items, shared)
        for (index, label), place in shared.items():
            used.add(index)
            document.groups.append(_group(place, _string_slots(items[index]), label))
        place = part_place(_STRINGS)
        for index, item in enumerate(items):
            if index not in used:
                document.groups.append(_group(place, _string_slots(item), None))
            for phonetic in item.iter("{*}rPh"):
                slots = [Slot(t.text or "", t) for t in phonetic.iter("{*}t")]
                document.groups.append(_group(place, slots, "姓名" if index in used else None))
        document.groups = [g for g in document.groups if g.segment.text.strip()]


def _page_headers(name: str, root: Any) -> list[Group]:
    """Headers and footers without their codes: in &C138… the C is no letter before a number."""
    place = part_place(name)
    groups = []
    for header in root.iterfind("{*}headerFooter/*"):
        text = header.text or ""
        plain = HEADER_CODE.sub(lambda match: " " * len(match.group()), text)
        if plain.strip():
            groups.append(Group(Segment(place, plain), (Slot(text, header),)))
    return groups


def _cell_groups(
    number: int,
    cells: dict[tuple[int, int], Any],
    items: list[Any],
    shared: dict[tuple[int, str | None], Bilingual],
) -> list[Group]:
    slots = {position: _cell_slots(cell, items) for position, cell in cells.items()}
    labels = _grid_labels({p: "".join(s.text for s in found) for p, found in slots.items()})
    groups = []
    for position, cell in cells.items():
        place = Bilingual(
            f"第{number}个工作表{_name(position)}", f"sheet {number}, {_name(position)}"
        )
        if cell.get("t") == "s" and slots[position]:
            index = int(cell.find("{*}v").text)
            shared.setdefault((index, labels.get(position)), place)
        elif slots[position]:
            group = _group(place, slots[position], labels.get(position))
            groups.append(replace(group, when_edited=_drops_formula(cell)))
        groups += _formula_groups(cell, place, labels.get(position))
    return groups


def _drops_formula(cell: Any) -> Callable[[str], None] | None:
    """A formula with characters of its own would bring the value back at the next calculation."""
    formula = cell.find("{*}f")
    spells = formula is not None and makes_text(formula.text or "")
    return (lambda shown: drop_formula(cell, shown)) if spells else None


def _formula_groups(cell: Any, place: Bilingual, label: str | None) -> list[Group]:
    """What a formula's own texts say together; where that is treated, the formula goes."""
    formula = cell.find("{*}f")
    joined = joined_literals(formula.text or "") if formula is not None else ""
    if not joined.strip():
        return []
    return [Group(Segment(place, joined, label), (), lambda shown: drop_formula(cell, shown))]


def _group(place: Bilingual, slots: list[Slot], label: str | None) -> Group:
    return Group(Segment(place, "".join(slot.text for slot in slots), label), tuple(slots))


def _cell_slots(cell: Any, items: list[Any]) -> list[Slot]:
    kind = cell.get("t", "n")
    value = cell.find("{*}v")
    if kind == "inlineStr":
        return [Slot(t.text or "", t) for t in cell.iter("{*}t")]
    if value is None or not value.text:
        return []
    if kind == "s":
        index = int(value.text) if value.text.strip().isdigit() else -1
        return _string_slots(items[index]) if 0 <= index < len(items) else []
    if kind == "n":
        value.text = _plain_number(value.text)
    return [Slot(value.text, value)]


def _string_slots(item: Any) -> list[Slot]:
    """The runs of a shared string, without the phonetic guide."""
    return [Slot(t.text or "", t) for t in item.iter("{*}t") if local(t.getparent()) != "rPh"]


def _plain_number(text: str) -> str:
    """A whole number without exponent: 1.38E10 is a mobile number nobody would find."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    whole = number == number.to_integral_value() and abs(number.adjusted()) < 25
    return f"{number:.0f}" if whole and ("E" in text.upper() or "." in text) else text


def _grid_labels(texts: dict[tuple[int, int], str]) -> dict[tuple[int, int], str]:
    """Labels of cells, the rows taken in order, empty columns kept."""
    rows: dict[int, dict[int, str]] = {}
    for (row, column), text in texts.items():
        rows.setdefault(row, {})[column] = text
    first = min((column for _, column in texts), default=0)
    width = min(max((column for _, column in texts), default=0), first + 400)
    order = sorted(rows)
    table = [[rows[row].get(c, "") for c in range(first, width + 1)] for row in order]
    return {
        (row, first + offset): label
        for row, governed in zip(order, labels_of(table), strict=True)
        for offset, label in enumerate(governed)
        if label
    }


def _position(cell: Any, row: int, column: int) -> tuple[int, int]:
    match = _REFERENCE.fullmatch(cell.get("r", ""))
    if match is None:
        return row + 1, column + 1
    number = 0
    for letter in match.group(1):
        number = number * 26 + ord(letter) - 64
    return int(match.group(2)), number


def _name(position: tuple[int, int]) -> str:
    letters, rest = "", position[1]
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{position[0]}"


def _comments(name: str, root: Any) -> tuple[list[Group], set[int]]:
    place = part_place(name)
    groups = []
    taken: set[int] = set()
    for comment in root.iter("{*}text"):
        slots = [Slot(t.text or "", t) for t in comment.iter("{*}t")]
        taken |= {id(slot.element) for slot in slots}
        groups.append(_group(place, slots, None))
    return [g for g in groups if g.segment.text.strip()], taken


def _finish(document: OfficeDocument) -> None:
    """Cells whose number became text say so; sheet names stay legal and distinct."""
    for root in document.roots.values():
        if local(root) == "worksheet":
            for cell in root.iter("{*}c"):
                _retype(cell)
        elif local(root).startswith("pivotCache"):
            for number in list(root.iter("{*}n", "{*}d")):
                if not _is_number(number.get("v", "0")) and not _DATE.fullmatch(number.get("v")):
                    number.tag = number.tag.rpartition("}")[0] + "}s"
    seen: Counter[str] = Counter()
    for sheet in document.roots[_MAIN].iter("{*}sheet"):
        legal = _ILLEGAL_IN_NAME.sub("x", sheet.get("name", ""))[:28] or "Sheet"
        seen[legal.lower()] += 1
        sheet.set("name", legal if seen[legal.lower()] == 1 else f"{legal}{seen[legal.lower()]}")


def _retype(cell: Any) -> None:
    value = cell.find("{*}v")
    if value is None or cell.get("t", "n") not in ("n", "d"):
        return
    if not _is_number(value.text or "0"):
        cell.set("t", "str")


def _is_number(text: str) -> bool:
    try:
        Decimal(text)
    except InvalidOperation:
        return False
    return True


def read_xlsx_again(data: bytes, opening: Opening) -> list[Segment]:
    """The second reading, by openpyxl: stored and cached values, comments, names, properties."""
    import openpyxl

    segments: list[Segment] = []
    for cached in (False, True):
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=cached)
        for number, sheet in enumerate(book.worksheets, start=1):
            segments += _sheet_segments(number, sheet)
        place = Bilingual("工作簿", "the workbook")
        texts = [*book.sheetnames, *(str(n.attr_text) for n in book.defined_names.values())]
        properties = book.properties
        texts += [
            str(v)
            for v in (
                properties.title,
                properties.subject,
                properties.keywords,
                properties.description,
            )
            if v
        ]
        segments += [Segment(place, text, technical=True) for text in texts if text]
    return segments + members_again(data, opening)


def _sheet_segments(number: int, sheet: Any) -> list[Segment]:
    texts: dict[tuple[int, int], str] = {}
    segments = []
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is not None:
                texts[(cell.row, cell.column)] = str(cell.value)
            if cell.comment is not None and cell.comment.text != NOBODY:
                place = Bilingual("批注", "a comment")
                segments.append(Segment(place, cell.comment.text))
    labels = _grid_labels(texts)
    for position, text in texts.items():
        place = Bilingual(
            f"第{number}个工作表{_name(position)}", f"sheet {number}, {_name(position)}"
        )
        segments.append(Segment(place, text, labels.get(position)))
    return segments
