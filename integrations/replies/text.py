"""A reply as plain text, wrapped to a width."""

import unicodedata
from collections.abc import Iterator
from dataclasses import fields, replace
from enum import Enum
from typing import Any

from integrations.replies.model import (
    Action,
    Choice,
    Fact,
    Point,
    Press,
    Quote,
    Reply,
    Section,
)
from integrations.replies.wording import day, headed
from knowledge.provisions import DATE_NOT_CERTAIN
from records.language import Bilingual, Language

# No line begins with one of these.
_CLOSING = frozenset("，。；：！？、）》】〕”’…")


# All but tab and line feed: a terminal would obey them, wherever a file's name brings them from.
_CONTROLS = dict.fromkeys((*range(9), *range(11, 32), *range(127, 160), 8232, 8233), "�")


def printable(reply: Reply) -> Reply:
    """The reply with nothing in it that a terminal would obey."""
    kept: Reply = _printable(reply)
    return kept


def printable_text(text: str) -> str:
    """The text with nothing in it that a terminal would obey."""
    return text.translate(_CONTROLS)


def _printable(value: Any) -> Any:
    if isinstance(value, str) and not isinstance(value, Enum):
        return printable_text(value)
    if isinstance(value, tuple):
        return tuple(_printable(one) for one in value)
    if isinstance(value, Reply | Point | Quote | Section | Fact | Action | Choice | Press):
        return replace(
            value, **{one.name: _printable(getattr(value, one.name)) for one in fields(value)}
        )
    return value


def as_text(reply: Reply, width: int = 80) -> str:
    """The whole reply, conclusion first; only a long word makes a line wider than `width`."""
    shown = paragraphs(printable(reply))
    return "\n".join(line for text in shown for line in wrap(text, width))


def paragraphs(reply: Reply) -> Iterator[str]:
    """The reply's paragraphs in reading order, unwrapped; "" is an empty line."""
    yield reply.title
    yield point_text(reply.lead, reply.language)
    for fact in reply.facts:
        yield f"{fact.name}{_colon(reply.language)}{fact.value}"
    for section in reply.sections:
        yield ""
        yield section.heading
        for point in section.points:
            yield f"- {point_text(point, reply.language)}"
    for quote in reply.quotes:
        yield ""
        yield quote_heading(quote, reply.language)
        yield from (f"  {line}" for line in quote.words.splitlines())
    if reply.asks or reply.choices:
        yield ""
        if reply.asks:
            yield f"❓ {reply.asks}"
        yield from (f"  {number}. {one.text}" for number, one in enumerate(reply.choices, start=1))
    closing = (
        *reply.notes,
        *masked_lines(reply),
        *(f"{a.text}: {a.subject}" for a in reply.actions),
    )
    if closing:
        yield ""
        yield from closing


def point_text(point: Point, language: Language) -> str:
    """One statement with its warning, its quotes' numbers and what it rests on."""
    zh = language is Language.ZH
    label = (
        f"【{point.label}】" if point.label and zh else f"[{point.label}] " if point.label else ""
    )
    refs = "".join(f" [{number}]" for number in point.refs)
    rests_on = ("；" if zh else "; ").join(point.rests_on)
    source = (f"（{rests_on}）" if zh else f" ({rests_on})") if rests_on else ""
    return f"{label}{point.text}{refs}{source}"


def quote_heading(quote: Quote, language: Language) -> str:
    """[1] 《个人信息保护法》第四十七条 · 法律 · 2021-11-01 起施行."""
    zh = language is Language.ZH
    parts = [f"[{quote.number}] {headed(quote.instrument, quote.heading, language)}", quote.rank]
    if quote.in_force_since:
        since = day(quote.in_force_since)
        parts.append(f"{since} 起施行" if zh else f"in force since {since}")
    if not quote.date_certain:
        parts.append(DATE_NOT_CERTAIN.pick(language))
    return " · ".join(parts)


def masked_lines(reply: Reply) -> tuple[str, ...]:
    """What was taken out of the person's words, if anything."""
    if not reply.masked:
        return ()
    said = Bilingual(
        f"已先遮盖您文字中的个人信息：{'、'.join(reply.masked)}。",
        f"Personal data in your text was masked first: {', '.join(reply.masked)}.",
    )
    return (said.pick(reply.language),)


def split(text: str, limit: int) -> list[str]:
    """The text in parts of at most `limit`, cut at line ends or sentences, never inside &amp;."""
    parts = []
    rest = text
    while len(rest) > limit:
        cut = _cut(rest[:limit])
        parts.append(rest[:cut].rstrip("\n"))
        rest = rest[cut:].lstrip("\n")
    parts.append(rest)
    return [part for part in parts if part.strip()]


def _cut(window: str) -> int:
    for end in ("\n", "。", "；", ". ", " "):
        at = window.rfind(end)
        if at > len(window) // 3:
            return at + len(end)
    entity = window.rfind("&", len(window) - 5)
    return entity if entity > 0 and ";" not in window[entity:] else len(window)


def wrap(text: str, width: int) -> Iterator[str]:
    """Lines of about `width` columns; Chinese breaks anywhere, English between words."""
    line, used = "", 0
    for piece in _pieces(text):
        if line and used + _columns(piece.rstrip()) > width:
            yield line.rstrip()
            line, used = "", 0
        line, used = line + piece, used + _columns(piece)
    yield line.rstrip()


def _pieces(text: str) -> Iterator[str]:
    """Wide characters one by one, with the marks that close them; else up to the next space."""
    piece = ""
    for character in text:
        wide, closing = _columns(character) > 1, character in _CLOSING
        breaks = piece and (piece.endswith(" ") or wide or _columns(piece[0]) > 1)
        if breaks and not closing:
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _colon(language: Language) -> str:
    return "：" if language is Language.ZH else ": "
