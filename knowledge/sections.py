"""Headed text → sections, numbers and headings kept as the document has them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from knowledge.numerals import article_label

PREAMBLE = "前言"

_CN = r"[〇零一二三四五六七八九十百]+"
_MARKDOWN = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
_CHAPTER = re.compile(rf"^第\s*({_CN}|\d+)\s*(编|分编|章|节|部分)(?=\s|[：:、]|$)")
_ARTICLE = re.compile(
    rf"^(第\s*(?:{_CN}|\d+)\s*条(?:之{_CN})?)(?=\s|[：:、　]|\S)\s*[：:、]?\s*(.*)$"
)
_CLAUSE = re.compile(rf"^({_CN})、\s*(.+)$")
_DECIMAL = re.compile(r"^(\d{1,2}(?:\.\d{1,2}){1,4})(?=\s|[^\d.])[.、．]?\s*(.+)$")
_SINGLE = re.compile(r"^(\d{1,2})[.、．]\s*(\D.*)$")
# A chapter of a plain text, where what stands under it is counted on: 4 信息档案小组, then 4.1.
_SPACED = re.compile(r"^(\d{1,2})\s+(\D.*)$")
_SENTENCE = re.compile(r"[。；;！？]$")
_LONGEST_HEADING = 40
_SHORT_HEADING = 24
# How deep a heading stands that only its look makes one.
_BY_LOOK = 3


@dataclass(frozen=True)
class Line:
    """One paragraph of a document; `level` is its heading level where the format says so.

    An `item` of a list is no heading for being short and numbered.
    """

    text: str
    level: int | None = None
    item: bool = False


@dataclass(frozen=True)
class Section:
    """One numbered or headed piece of a document."""

    number: str
    heading: str
    chapter: str | None
    text: str


@dataclass
class _Open:
    number: str
    heading: str
    chapter: str | None
    lines: list[str] = field(default_factory=list)
    depth: int = 0


@dataclass(frozen=True)
class _Heading:
    """What a line opens; `depth` says which headings it stands under."""

    number: str
    title: str
    rest: str
    depth: int


def split(lines: Iterable[Line]) -> list[Section]:
    """The sections in order; text before the first heading is the preamble."""
    found: list[_Open] = [_Open(PREAMBLE, PREAMBLE, None)]
    trail: dict[int, str] = {}
    clauses = False
    listed = [(line, text) for line in lines if (text := line.text.strip())]
    counted_on = _counted_on([text for _, text in listed])
    for place, (line, text) in enumerate(listed):
        heading = _heading(text, line, inside_clause=clauses)
        if heading is None and place in counted_on and not line.item:
            heading = _Heading(text.split()[0], text, "", _BY_LOOK)
        if heading is None:
            found[-1].lines.append(text)
            continue
        clauses = clauses or _CLAUSE.match(_bare(text)) is not None
        chapter = " ".join(t for depth, t in sorted(trail.items()) if depth < heading.depth) or None
        trail = {depth: t for depth, t in trail.items() if depth < heading.depth}
        trail[heading.depth] = heading.title
        found.append(_Open(heading.number, heading.title, chapter, depth=heading.depth))
        if heading.rest:
            found[-1].lines.append(heading.rest)
    return _numbered(found)


def _counted_on(texts: list[str]) -> set[int]:
    """The lines like 4 信息档案小组 of which the next that is counted is 4.1."""
    found, begins = set(), ""
    for place in reversed(range(len(texts))):
        text = _bare(texts[place])
        decimal, spaced = _DECIMAL.match(text), _SPACED.match(text)
        if decimal:
            begins = decimal[1]
        elif spaced and begins == f"{spaced[1]}.1" and _is_short(text):
            found.add(place)
            begins = ""
    return found


def _heading(text: str, line: Line, *, inside_clause: bool) -> _Heading | None:
    level = line.level
    markdown = _MARKDOWN.match(text)
    if markdown:
        level, text = len(markdown[1]), markdown[2]
    chapter, article, decimal = (p.match(text) for p in (_CHAPTER, _ARTICLE, _DECIMAL))
    if chapter:
        return _Heading(chapter[0], text, "", level or (2 if chapter[2] == "节" else 1))
    if article:
        return _Heading(article_label(article[1]) or article[1], article[1], article[2], 8)
    if decimal:
        return _decimal(decimal, text, level)
    if level is not None:
        return _headed(text, level)
    return None if line.item else _plain(text, inside_clause=inside_clause)


def _plain(text: str, *, inside_clause: bool) -> _Heading | None:
    """A heading only by its look: numbered, short, and no sentence."""
    if len(text) > _LONGEST_HEADING or _SENTENCE.search(text):
        return None
    clause, single = _CLAUSE.match(text), _SINGLE.match(text)
    if clause:
        return _Heading(clause[1], text, "", _BY_LOOK)
    if single and _is_short(text) and not inside_clause:
        return _Heading(single[1], text, "", _BY_LOOK)
    return None


def _is_short(text: str) -> bool:
    return len(text) <= _SHORT_HEADING and not re.search(r"[，,：:。；]", text)


def _decimal(match: re.Match[str], text: str, level: int | None) -> _Heading:
    depth = level or 3 + match[1].count(".")
    if level is None and (len(text) > _LONGEST_HEADING or _SENTENCE.search(text)):
        return _Heading(match[1], match[1], match[2], depth)
    return _Heading(match[1], text, "", depth)


def _headed(text: str, level: int) -> _Heading:
    numbered = _CLAUSE.match(text) or _SINGLE.match(text) or re.match(r"^(\d+)\s+(\S.*)$", text)
    return _Heading(numbered[1] if numbered else text, text, "", level)


def _bare(text: str) -> str:
    markdown = _MARKDOWN.match(text)
    return markdown[2] if markdown else text


def _is_over(piece: _Open, following: _Open | None) -> bool:
    """Whether a heading without text of its own heads the section that follows."""
    if following is None:
        return False
    if piece.number.isdecimal():
        return following.number.startswith(f"{piece.number}.")
    return following.depth > piece.depth


def _numbered(found: list[_Open]) -> list[Section]:
    """Sections that hold text, each under a number of its own.

    What only looks like a heading and has nothing under it is an item of the section before it, or
    where it is counted 3.2, a section of one line.
    """
    sections, taken = [], dict[str, int]()
    held: list[_Open] = []
    for piece, following in zip(found, [*found[1:], None], strict=True):
        if piece.lines:
            held.append(piece)
        elif piece.depth == _BY_LOOK and held and not _is_over(piece, following):
            held[-1].lines.append(piece.heading)
        elif _DECIMAL.match(piece.heading) and not _is_over(piece, following):
            # A short rule in one line, as rows of a workbook are: 3.2 钥匙双人保管.
            piece.lines.append(piece.heading.removeprefix(piece.number).strip(" .、．"))
            held.append(piece)
    for piece in held:
        taken[piece.number] = taken.get(piece.number, 0) + 1
        count = taken[piece.number]
        number = piece.number if count == 1 else f"{piece.number}-{count}"
        sections.append(Section(number, piece.heading, piece.chapter, "\n".join(piece.lines)))
    return sections
