"""The numbers a browser counts for list items and does not write into the page's text."""

import re
from dataclasses import dataclass
from typing import Any

from knowledge.numerals import to_chinese
from knowledge.reading.counted import roman

_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([\w-]+)", re.IGNORECASE)
_BY_TYPE = {"a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman"}
_CHINESE = re.compile(r"cjk-|(?:simp|trad)-chinese-")
# A law printed as a list carries its own numbers: 第一条, （一）, 一、.
_OWN = re.compile(
    r"第\s*[〇零一二三四五六七八九十百千\d]+\s*[编章节条]|[（(]\S{1,3}[)）]|[一二三四五六七八九十]+、"
)


@dataclass
class List:
    """One open list: how its numbers look, and the last one given."""

    form: str | None
    last: int
    step: int = 1

    @classmethod
    def opened(cls, element: Any) -> "List":
        """The list of an <ol> or <ul>; bullets and `list-style: none` give no number."""
        style = _STYLE.search(element.get("style") or "")
        form = style[1].lower() if style else _BY_TYPE.get(element.get("type") or "", "decimal")
        if element.tag != "ol" or form in {"none", "disc", "circle", "square"}:
            return cls(None, 0)
        items = sum(1 for child in element if child.tag == "li")
        backwards = element.get("reversed") is not None
        first = _number(element.get("start"), items if backwards else 1)
        step = -1 if backwards else 1
        return cls(form, first - step, step)

    def number(self, item: Any, text: str) -> str:
        """What stands before this item, to be put before its text; empty for none."""
        if self.form is None:
            return ""
        self.last = _number(item.get("value"), self.last + self.step)
        return "" if _OWN.match(text.strip()) else _written(self.last, self.form)


def _number(given: str | None, otherwise: int) -> int:
    return int(given) if given and re.fullmatch(r"-?\d{1,4}", given.strip()) else otherwise


def _written(number: int, form: str) -> str:
    if _CHINESE.match(form) and 0 < number < 10_000:
        return f"{to_chinese(number)}、"
    if form.endswith(("alpha", "latin")) and number > 0:
        letters = _letters(number)
    elif form.endswith("roman") and 0 < number < 4000:
        letters = roman(number)
    else:
        return f"{number}. "
    return f"{letters.upper() if form.startswith('upper') else letters}. "


def _letters(number: int) -> str:
    found = ""
    while number:
        number, place = divmod(number - 1, 26)
        found = chr(ord("a") + place) + found
    return found
