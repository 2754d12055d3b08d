"""Section numbers that Word counts itself and does not write into the text."""

import re
from typing import Any

from knowledge.errors import BrokenNumbering
from knowledge.numerals import to_chinese

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHINESE = frozenset(
    {
        "chineseCounting",
        "chineseCountingThousand",
        "japaneseCounting",
        "ideographTraditional",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
    }
)
_COUNTED = re.compile(r"%(\d)")
# How Word takes a number away that the style would give.
_NO_LIST = "0"


class Numbering:
    """Counts numbered paragraphs of one document in reading order, as Word does."""

    def __init__(self, document: Any) -> None:
        self._lists, self._levels = _definitions(document)
        self._counts: dict[str, dict[int, int]] = {}

    def number(self, paragraph: Any) -> str:
        """The number Word shows before this paragraph; empty for none and for bullets."""
        place = _place(paragraph)
        if place is None:
            return ""
        list_id, level = place
        if list_id == _NO_LIST:
            return ""
        definition = self._lists.get(list_id)
        form = self._levels.get((definition, level)) if definition is not None else None
        if definition is None or form is None:
            # Word would count this paragraph; we cannot know what it shows.
            raise BrokenNumbering
        if form.kind in {"bullet", "none"}:
            return ""
        counts = self._counts.setdefault(definition, {})
        counts[level] = counts.get(level, form.start - 1) + 1
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]
        return _COUNTED.sub(lambda m: self._written(definition, int(m[1]) - 1), form.text)

    def _written(self, definition: str, level: int) -> str:
        form = self._levels.get((definition, level))
        value = self._counts[definition].get(level, form.start if form else 1)
        if form is not None and form.kind in _CHINESE and 0 < value < 10_000:
            return to_chinese(value)
        return str(value)


class _Form:
    def __init__(self, level: Any) -> None:
        self.kind = _value(level, "numFmt") or "decimal"
        self.text = _value(level, "lvlText") or ""
        start = _value(level, "start") or "1"
        self.start = int(start) if start.isdecimal() else 1


def _definitions(document: Any) -> tuple[dict[str, str], dict[tuple[str, int], _Form]]:
    """Word's two tables: list → definition, and definition and level → how a number looks."""
    try:
        root = document.part.numbering_part.element
    except (KeyError, NotImplementedError):
        return {}, {}
    lists = {
        num.get(f"{_W}numId"): _value(num, "abstractNumId") or ""
        for num in root.findall(f"{_W}num")
    }
    levels = {
        (abstract.get(f"{_W}abstractNumId"), int(level.get(f"{_W}ilvl"))): _Form(level)
        for abstract in root.findall(f"{_W}abstractNum")
        for level in abstract.findall(f"{_W}lvl")
    }
    return lists, levels


def _place(paragraph: Any) -> tuple[str, int] | None:
    """The list and level of a paragraph, its own or its style's."""
    holders = [paragraph._p.pPr]
    style = paragraph.style
    while style is not None:
        holders.append(style.element.pPr)
        style = style.base_style
    for holder in holders:
        numbering = holder.find(f"{_W}numPr") if holder is not None else None
        if numbering is not None:
            level = _value(numbering, "ilvl") or "0"
            return _value(numbering, "numId") or "0", int(level)
    return None


def _value(element: Any, name: str) -> str | None:
    child = element.find(f"{_W}{name}")
    return None if child is None else child.get(f"{_W}val")
