"""An article's paragraphs (款) and items (项)."""

import re
from dataclasses import dataclass

from knowledge.numerals import to_number

_ITEM = re.compile(r"^\s*[（(]([一二三四五六七八九十]+|[a-z]|[0-9]{1,2})[）)]")
# A European article counts its paragraphs itself: "1. In the case of …".
_NUMBERED = re.compile(r"^\s*([0-9]{1,2})\.\s")


@dataclass(frozen=True)
class Paragraph:
    """One 款: its own words, and the items that belong to it."""

    text: str
    items: tuple[str, ...] = ()

    @property
    def whole(self) -> str:
        """The paragraph with its items, a line each."""
        return "\n".join((self.text, *self.items))


def split_article(text: str) -> tuple[Paragraph, ...]:
    """The paragraphs in order; a line that opens with （一） is an item of the paragraph above."""
    paragraphs: list[Paragraph] = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        if _ITEM.match(line) and paragraphs:
            last = paragraphs.pop()
            paragraphs.append(Paragraph(last.text, (*last.items, line)))
        else:
            paragraphs.append(Paragraph(line))
    return tuple(paragraphs)


def part(text: str, *, paragraph: int | None, item: int | None) -> str | None:
    """The words of one paragraph or item; None if the article has no such part."""
    if paragraph is None and item is None:
        return text
    paragraphs = split_article(text)
    if paragraph is None:
        # "第二十五条第（三）项" names no paragraph: it means the one paragraph that has items.
        chosen = [p for p in paragraphs if p.items]
        if len(chosen) != 1:
            return None
    else:
        chosen = _numbered(paragraphs, paragraph)
    if not chosen:
        return None
    return chosen[0].whole if item is None else _item(chosen[0], item)


def _numbered(paragraphs: tuple[Paragraph, ...], number: int) -> list[Paragraph]:
    """By its own number where the text counts its paragraphs, else by its place."""
    counted = {int(found[1]): p for p in paragraphs for found in [_NUMBERED.match(p.text)] if found}
    if counted:
        return [counted[number]] if number in counted else []
    return list(paragraphs[number - 1 : number]) if number >= 1 else []


def _item(paragraph: Paragraph, number: int) -> str | None:
    for text in paragraph.items:
        found = _ITEM.match(text)
        if found and _ordinal(found[1]) == number:
            return text
    return None


def _ordinal(written: str) -> int | None:
    return ord(written) - ord("a") + 1 if "a" <= written <= "z" else to_number(written)
