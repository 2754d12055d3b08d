"""Formulas that could bring a treated value back: ="138"&"0013"&"8000", =CONCAT(A1,"华")."""

import re
from typing import Any

from lxml import etree

from pii.formats.slots import local

_LITERAL = re.compile(r'"((?:[^"]|"")*)"')
_MAKES_TEXT = re.compile(r'"|\d{5,}|\b(?:UNI)?CHAR\(', re.IGNORECASE)
_FEWEST = 2


def joined_literals(formula: str) -> str:
    """The texts in a formula, one behind the other; empty with fewer than two."""
    found = _LITERAL.findall(formula)
    return "".join(text.replace('""', '"') for text in found) if len(found) >= _FEWEST else ""


def makes_text(formula: str) -> bool:
    """Whether a formula holds characters of its own, beyond references to other cells."""
    return _MAKES_TEXT.search(formula) is not None


def drop_formula(cell: Any, shown: str) -> None:
    """The cell keeps its value only; cells that share its formula keep theirs.

    A formula nobody has calculated yet leaves what it would have shown, treated.
    """
    formula = cell.find("{*}f")
    if formula is None:
        return
    value = cell.find("{*}v")
    if value is None:
        value = etree.SubElement(cell, formula.tag.rpartition("}")[0] + "}v")
    if not value.text:
        value.text = shown
        cell.set("t", "str")
    shared = formula.get("si") if formula.get("t") == "shared" else None
    sheet = next((e for e in cell.iterancestors() if local(e) == "sheetData"), None)
    if shared is not None and sheet is not None:
        for other in list(sheet.iter("{*}f")):
            if other.get("si") == shared:
                other.getparent().remove(other)
        return
    cell.remove(formula)
