"""Section numbers that Word counts itself and does not write into the text of a docx."""

from typing import Any

from knowledge.reading.counted import Counter, Form

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# How Word takes a number away that the style would give.
_NO_LIST = "0"


class Numbering:
    """Numbers the paragraphs of one document in reading order."""

    def __init__(self, document: Any) -> None:
        self._counter = _counter(document)

    def number(self, paragraph: Any) -> str:
        """The number Word shows before this paragraph; empty for none and for bullets."""
        place = _place(paragraph)
        if place is None or place[0] == _NO_LIST:
            return ""
        return self._counter.number(*place)


def _counter(document: Any) -> Counter:
    """Word's tables: list → definition, and definition and level → how a number looks."""
    try:
        root = document.part.numbering_part.element
    except (KeyError, NotImplementedError):
        return Counter({}, {})
    definitions: dict[str, str] = {}
    anew: dict[tuple[str, int], int] = {}
    own: dict[tuple[str, int], Form] = {}
    for num in root.findall(f"{_W}num"):
        list_id = num.get(f"{_W}numId")
        definitions[list_id] = _value(num, "abstractNumId") or ""
        for override in num.findall(f"{_W}lvlOverride"):
            place = (list_id, int(override.get(f"{_W}ilvl")))
            start, level = _value(override, "startOverride"), override.find(f"{_W}lvl")
            if start is not None:
                anew[place] = int(start)
            if level is not None:
                own[place] = _form(level)
    forms = {
        (abstract.get(f"{_W}abstractNumId"), int(level.get(f"{_W}ilvl"))): _form(level)
        for abstract in root.findall(f"{_W}abstractNum")
        for level in abstract.findall(f"{_W}lvl")
    }
    return Counter(definitions, forms, anew, own)


def _form(level: Any) -> Form:
    start, restart = _value(level, "start"), _value(level, "lvlRestart")
    legal = level.find(f"{_W}isLgl")
    return Form(
        kind=_value(level, "numFmt") or "decimal",
        text=_value(level, "lvlText") or "",
        start=1 if start is None else int(start),
        legal=legal is not None and legal.get(f"{_W}val", "1") not in {"0", "false"},
        restart=None if restart is None else int(restart),
    )


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
