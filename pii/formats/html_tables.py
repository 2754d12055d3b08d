"""Which cells of a page's tables and definition lists are governed by which label."""

from typing import Any

from pii.formats.grid import labels_of

_WIDEST = 400


def cell_labels(root: Any) -> dict[int, str]:
    """The label of each cell and description, by the identity of its element."""
    labels: dict[int, str] = {}
    for table in root.iter("table"):
        rows = [
            [cell for cell in row if cell.tag in ("td", "th")]
            for row in table.iter("tr")
            if next(row.iterancestors("table"), None) is table
        ]
        # A cell over several columns counts as many, so that headers stay above their columns.
        wide = [[cell for cell in row for _ in range(_span(cell))] for row in rows]
        texts = [[_text(cell) for cell in row] for row in wide]
        for row, governed in zip(wide, labels_of(texts), strict=True):
            labels |= {id(cell): label for cell, label in zip(row, governed, strict=True) if label}
    for list_ in root.iter("dl"):
        term = ""
        for item in list_.iter("dt", "dd"):
            if item.tag == "dt":
                term = _text(item)
            elif term:
                labels[id(item)] = term
    return labels


def _span(cell: Any) -> int:
    span = cell.get("colspan", "1").strip()
    return min(int(span), _WIDEST) if span.isdecimal() and int(span) > 0 else 1


def _text(cell: Any) -> str:
    return " ".join("".join(cell.itertext("*")).split())
