"""Addresses of provisions, read from what people write: 个保法第47条, PIPL art. 47(1)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from knowledge.address_forms import (
    JOINED,
    PLACE,
    Place,
    between,
    chinese_places,
    english_places,
    narrowed,
    tail_places,
)
from knowledge.levels import Level
from knowledge.mentions import Mention, find_mentions, is_old_edition
from knowledge.sources import by_name, catalogued

_RANGE = re.compile(r"\s*(?:至|到|—|–|-|~|～|to)\s*$")
_OLD_AFTER = re.compile(
    r"\s*[（(]\s*(?:旧法?|旧版|原|(?:修订|修改|修正)前|old|former)[^)）]{0,4}[)）]", re.I
)
_OF = re.compile(r"[^。；;]{0,24}?\bof\s+(?:the\s+)?(?:(?:old|former)\s+)?", re.IGNORECASE)
_ADJACENT = re.compile(r"[\s,，的(（:：·]*")
_SPACES = re.compile(r"\s*,?\s*")
_ENDS_PLAIN = re.compile(r"\s*(?:$|[，。？！?!、；;,.)）:：]|[的吗呢和与及或]|[A-Za-z(（])")
_A_YEAR = range(1900, 2100)


@dataclass(frozen=True)
class Address:
    """One provision: full name of the instrument, article label, and the part of it if named.

    `old` says that the writer means an earlier text: 网安法21条（旧）.
    """

    instrument: str
    article: str
    paragraph: int | None = None
    item: int | None = None
    old: bool = False


@dataclass(frozen=True)
class _Found:
    address: Address
    start: int
    end: int


def parse_address(
    text: str, names: Mapping[str, str] | None = None, *, context: Address | None = None
) -> list[Address]:
    """The provisions named in the text, in order, each once; none without an instrument.

    `names` maps every way to call an instrument to its full name; the catalogue's by default.
    `context` is what was spoken of before: it gives 本法 and 该条 their meaning.
    """
    known = catalogued() if names is None else names
    text, written = narrowed(text), text
    if text != written:
        # A text of the company's own may have its name in these very characters.
        known = _as_read(tuple(known.items()))
    matches = list(PLACE.finditer(text))
    if not matches:
        return []
    mentions = list(find_mentions(text, known, context.instrument if context else None))
    found: list[_Found] = []
    for match in matches:
        if not mentions and context is None:
            break
        if any(m.start <= match.start() < m.end for m in mentions):
            # The digits of "GB/T 35273-2020" are a name.
            continue
        last = found[-1].address if found else context
        mention = _instrument(mentions, match, text, last)
        goes_on = bool(found) and JOINED.fullmatch(text, found[-1].end, match.start()) is not None
        places = _places(match, mention, text, last, goes_on=goes_on)
        if mention is None or mention.instrument is None:
            continue
        old = (
            mention.old
            or _OLD_AFTER.match(text, match.end()) is not None
            or is_old_edition(mention.instrument, text, match.end())
        )
        found += _continued(found, places, mention.instrument, text[: match.start()])
        found += [
            _Found(
                Address(mention.instrument, one.article, one.paragraph, one.item, old),
                match.start(),
                match.end(),
            )
            for one in places
        ]
    return list(dict.fromkeys(one.address for one in found))


@lru_cache(maxsize=8)
def _as_read(ways: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return {narrowed(way): full for way, full in ways}


def _places(
    match: re.Match[str],
    mention: Mention | None,
    text: str,
    last: Address | None,
    *,
    goes_on: bool,
) -> list[Place]:
    if match["zh"]:
        return chinese_places(match["zh"], match["zhbranch"], match["zhtail"])
    if match["bare"]:
        places = chinese_places(match["bare"], match["barebranch"], match["baretail"])
        # 第五十五条、五十六条 goes on; 第五十五条和一条短信 does not.
        rises = goes_on and last is not None and _is_after(places, last)
        follows = _follows(mention, match.start("bare"), text)
        return places if match["bare"][0].isdecimal() or rises or follows else []
    if match["same"]:
        # 该条 means an article named before; 本条 in a sentence of its own means nothing.
        return tail_places(last.article, match["sametail"]) if last and match["sametail"] else []
    if match["en"]:
        return english_places(match["en"], match["enpara"], match["enitem"])
    # 个保法13(1)(2)、14(2) goes on.
    if not _follows(mention, match.start(), text) and not (
        goes_on and "(" in (match["plain"] or "")
    ):
        return []
    if match["decimal"]:
        return [Place(match["decimal"])] if _counts_by_decimals(mention) else []
    return _plain(match, text)


def _is_after(places: list[Place], last: Address) -> bool:
    labels = [places[0].article, last.article] if places else []
    return (
        all(one.isdecimal() for one in labels) and bool(labels) and int(labels[0]) > int(labels[1])
    )


def _plain(match: re.Match[str], text: str) -> list[Place]:
    (place, *_) = english_places(match["plain"])
    if int(place.article) in _A_YEAR or not _ENDS_PLAIN.match(text, match.end()):
        return []
    branch = match["plainbranch"]
    return [Place(place.article + branch)] if branch else [place]


def _follows(mention: Mention | None, start: int, text: str) -> bool:
    """Whether nothing but a space or 的 stands between the instrument's name and the place."""
    return bool(
        mention and mention.end <= start and _ADJACENT.fullmatch(text[mention.end : start] or " ")
    )


def _counts_by_decimals(mention: Mention | None) -> bool:
    known = by_name().get(mention.instrument or "") if mention else None
    # What the catalogue does not know is company policy, more often than not.
    return known is None or known.level in {Level.STANDARD, Level.FOREIGN}


def _instrument(
    mentions: list[Mention], match: re.Match[str], text: str, last: Address | None
) -> Mention | None:
    """The instrument named last before the place; failing that, "Article 47 of the PIPL"."""
    start, end = match.start(), match.end()
    before = [m for m in mentions if m.end <= start]
    following = next((m for m in mentions if m.start >= end), None)
    if match["same"] and last:
        return Mention(start, start, last.instrument, last.old)
    if match["en"] and following:
        beside = before and _SPACES.fullmatch(text[before[-1].end : start])
        joined = _SPACES.fullmatch(text[end : following.start])
        if _OF.fullmatch(text[end : following.start]) or (joined and not beside):
            return following
    if before:
        return before[-1]
    if last:
        return Mention(start, start, last.instrument, last.old)
    return following


def _continued(
    found: list[_Found], places: list[Place], instrument: str, before: str
) -> list[_Found]:
    """The articles between, where this place ends a range: 第二百三十五条至第二百三十七条."""
    if not found or not places or found[-1].address.instrument != instrument:
        return []
    first, gap = found[-1].address, before[found[-1].end :]
    if not (_RANGE.fullmatch(gap) and first.article.isdecimal() and places[0].article.isdecimal()):
        return []
    inner = between(int(first.article), int(places[0].article))
    return [_Found(Address(instrument, label, old=first.old), 0, 0) for label in inner]
