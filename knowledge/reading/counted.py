"""Numbers that Word counts and does not write into the text: how a list counts and how it looks."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from knowledge.errors import BrokenNumbering
from knowledge.numerals import to_chinese

DEEPEST = 9
"""Levels a list of Word has."""

_COUNTED = re.compile(r"%([1-9])")
_SILENT = frozenset({"bullet", "none"})
# These two differ from the statutes' way of writing from a hundred on.
_CHINESE_TO_99 = frozenset({"chineseCounting", "japaneseCounting", "taiwaneseCounting"})
_CHINESE = frozenset({"chineseCountingThousand", "taiwaneseCountingThousand"})
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
# One sign for each number, first 1.
_SIGNS = {
    "ideographTraditional": "甲乙丙丁戊己庚辛壬癸",
    "ideographZodiac": "子丑寅卯辰巳午未申酉戌亥",
    "decimalEnclosedCircle": "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳",
    "decimalEnclosedParen": "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇",
    "decimalEnclosedFullstop": "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛",
    "ideographEnclosedCircle": "㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩",
}
_SIGNS["decimalEnclosedCircleChinese"] = _SIGNS["decimalEnclosedCircle"]
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@dataclass(frozen=True)
class Form:
    """How one level of a list counts; `kind` is a numFmt of ECMA-376 (17.18.59), text holds %1 to %9."""

    kind: str = "decimal"
    text: str = ""
    start: int = 1
    legal: bool = False
    """Levels above are written 1, 2, 3 here, however they count."""
    restart: int | None = None
    """Begins anew below levels before this one; 0 never, None below any higher level."""


@dataclass
class Counter:
    """Counts the numbered paragraphs of one document in reading order, as Word does.

    A list is an instance of a definition, whose instances count on together; it may begin some
    levels anew, or give them another form.
    """

    definitions: Mapping[str, str]
    forms: Mapping[tuple[str, int], Form]
    anew: Mapping[tuple[str, int], int] = field(default_factory=dict)
    own_forms: Mapping[tuple[str, int], Form] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def number(self, list_id: str, level: int) -> str:
        """What Word shows before the next paragraph of the list; empty for bullets.

        Raises BrokenNumbering where nobody can know what it shows.
        """
        form = self._form(list_id, level)
        counts = self._counts.setdefault(self.definitions[list_id], {})
        first = self.anew.get((list_id, level), form.start)
        if (list_id, level) in self.anew and (list_id, level) not in self._begun:
            counts.pop(level, None)
        self._begun.add((list_id, level))
        counts[level] = counts.get(level, first - 1) + 1
        for deeper in [other for other in counts if other > level]:
            restart = self._form(list_id, deeper).restart
            if restart is None or level < restart:
                del counts[deeper]
        if form.kind in _SILENT:
            return ""
        return _COUNTED.sub(lambda m: self._shown(list_id, int(m[1]) - 1, counts, form), form.text)

    def _form(self, list_id: str, level: int) -> Form:
        found = self.own_forms.get((list_id, level))
        found = found or self.forms.get((self.definitions.get(list_id, ""), level))
        if found is None:
            raise BrokenNumbering
        return found

    def _shown(self, list_id: str, level: int, counts: Mapping[int, int], at: Form) -> str:
        form = self._form(list_id, level)
        value = counts.get(level, form.start)
        return written(value, "decimal" if at.legal and form is not at else form.kind)


def written(value: int, kind: str) -> str:
    """The value as Word writes it; raises BrokenNumbering for a way of counting not known here."""
    if kind == "decimal":
        return str(value)
    if kind == "decimalZero":
        return f"{value:02d}"
    if kind.startswith("decimalFullWidth"):
        return str(value).translate(_WIDE)
    if kind in _SILENT:
        return ""
    if 0 < value < (100 if kind in _CHINESE_TO_99 else 1000) and kind in _CHINESE_TO_99 | _CHINESE:
        return to_chinese(value)
    if 0 < value <= len(_SIGNS.get(kind, "")):
        return _SIGNS[kind][value - 1]
    if kind in {"lowerLetter", "upperLetter"} and 0 < value <= 780:
        letters = chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1)
    elif kind in {"lowerRoman", "upperRoman"} and 0 < value < 4000:
        letters = roman(value)
    else:
        raise BrokenNumbering
    return letters.upper() if kind.startswith("upper") else letters


def roman(number: int) -> str:
    """In small letters: 9 is ix."""
    found = ""
    for worth, letters in _ROMAN:
        times, number = divmod(number, worth)
        found += letters * times
    return found
