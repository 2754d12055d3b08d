"""Addresses of provisions, read from what people write: 个保法第47条, PIPL art. 47(1)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from knowledge.numerals import article_label, to_number
from knowledge.sources import names as catalogue_names

_N = r"(?:[0-9０-９]+|[〇零一二两三四五六七八九十百千]+)"
_ZH = (
    rf"(?:第\s*(?P<zh>{_N})\s*条(?:\s*之\s*(?P<zhb>[一二三四五六七八九十]+|[0-9]+(?![0-9款项条])))?"
    rf"|(?<![0-9.年月号])(?P<bare>[0-9]+)\s*条(?:\s*之\s*(?P<bareb>[一二三四五六七八九十]+))?"
    rf"(?!\s*(?:信息|记录|数据|以上|以下|规定|建议|消息|短信)))"
    rf"(?:\s*第\s*(?P<para>{_N})\s*款)?(?:\s*第?\s*[（(]?\s*(?P<item>{_N})\s*[）)]?\s*项)?"
)
_EN = r"(?:\b(?:articles?|arts?\.?|Art\.)\s*(?P<en>[0-9]+)(?P<enparts>(?:\s*\([0-9]+\)){0,2}))"
# "PIPL 47": counts only straight after the English abbreviation of an instrument.
_PLAIN = r"(?<=[A-Za-z] )(?P<plain>[0-9]{1,4})(?P<plainparts>(?:\([0-9]+\)){0,2})(?!\s*[0-9%年版])"
_PLACE = re.compile(f"{_ZH}|{_EN}|{_PLAIN}", re.IGNORECASE)
_RANGE = re.compile(r"\s*(?:至|到|—|–|-|~|～)\s*$")
# "消费者权益保护法实施条例" is another instrument than the law its name opens with.
_OTHER = re.compile(r"\s*(?:的)?(?:实施|解释|若干|配套|修正案|草案|释义|司法解释)")
_LONGEST_RANGE = 30


@dataclass(frozen=True)
class Address:
    """One provision: full name of the instrument, article label, and the part of it if named."""

    instrument: str
    article: str
    paragraph: int | None = None
    item: int | None = None


@dataclass(frozen=True)
class _Mention:
    start: int
    end: int
    instrument: str | None


def parse_address(text: str, names: Mapping[str, str] | None = None) -> list[Address]:
    """The provisions named in the text, in order, each once; none without an instrument.

    `names` maps every way to call an instrument to its full name; the catalogue's by default.
    """
    known = catalogue_names() if names is None else names
    mentions = list(_mentions(text, known))
    found: list[tuple[Address, int, int]] = []
    for match in _PLACE.finditer(text):
        if match["plain"] and not _follows_abbreviation(mentions, match.start(), text):
            continue
        address = _address(match, _instrument(mentions, match.start(), text))
        if address is None:
            continue
        if (
            found
            and found[-1][0].instrument == address.instrument
            and _RANGE.fullmatch(text[found[-1][2] : match.start()] or "x")
        ):
            found += [(between, 0, 0) for between in _between(found[-1][0], address)]
        found.append((address, match.start(), match.end()))
    return list(dict.fromkeys(address for address, _, _ in found))


def _follows_abbreviation(mentions: list[_Mention], start: int, text: str) -> bool:
    return any(m.instrument and m.end == start - 1 and text[m.end - 1].isascii() for m in mentions)


def _mentions(text: str, known: Mapping[str, str]) -> Iterator[_Mention]:
    pattern = _pattern(tuple(known))
    taken = 0
    for match in pattern.finditer(text):
        if match.start() < taken:
            continue
        taken = match.end()
        name = match["book"] or match["name"]
        if match["book"]:
            # An unknown title stays itself: it is looked up, not found, and said so.
            yield _Mention(
                match.start(), match.end(), known.get(name, _folded(known, name) or name)
            )
        elif _OTHER.match(text, match.end()):
            yield _Mention(match.start(), match.end(), None)
        else:
            yield _Mention(match.start(), match.end(), _folded(known, name))


@lru_cache(maxsize=8)
def _pattern(ways: tuple[str, ...]) -> re.Pattern[str]:
    def guarded(way: str) -> str:
        escaped = re.escape(way)
        return rf"(?<![A-Za-z0-9]){escaped}(?![A-Za-z])" if way.isascii() else escaped

    longest_first = sorted(ways, key=len, reverse=True)
    bare = "|".join(guarded(way) for way in longest_first)
    return re.compile(
        rf"《(?P<book>[^《》]*(?:[《〈][^《》〈〉]*[》〉][^《》]*)?)》|(?P<name>{bare})",
        re.IGNORECASE,
    )


def _folded(known: Mapping[str, str], name: str) -> str | None:
    return known.get(name) or known.get(name.upper()) or _by_lower(known, name)


def _by_lower(known: Mapping[str, str], name: str) -> str | None:
    lowered = name.lower()
    return next((full for way, full in known.items() if way.lower() == lowered), None)


def _instrument(mentions: list[_Mention], start: int, text: str) -> str | None:
    """The instrument named last before the article; failing that, "Article 47 of the PIPL"."""
    before = [m for m in mentions if m.end <= start]
    after = [m for m in mentions if m.start >= start]
    following = after[0] if after else None
    if following and re.fullmatch(
        r"[^。；;]{0,24}?\bof\s+(?:the\s+)?", text[start : following.start], re.IGNORECASE
    ):
        return following.instrument
    if before:
        return before[-1].instrument
    return following.instrument if following else None


def _address(match: re.Match[str], instrument: str | None) -> Address | None:
    if instrument is None:
        return None
    number = match["zh"] or match["bare"]
    if number is None:
        parts = [
            int(n) for n in re.findall(r"[0-9]+", match["enparts"] or match["plainparts"] or "")
        ]
        paragraph, item = [*parts, 0, 0][:2]
        return Address(instrument, match["en"] or match["plain"], paragraph or None, item or None)
    branch = match["zhb"] or match["bareb"]
    label = article_label(f"第{number}条" + (f"之{branch}" if branch else ""))
    if label is None:
        return None
    return Address(instrument, label, _count(match["para"]), _count(match["item"]))


def _count(numeral: str | None) -> int | None:
    return to_number(numeral) if numeral else None


def _between(first: Address, last: Address) -> list[Address]:
    if not (first.article.isdecimal() and last.article.isdecimal()):
        return []
    inner = range(int(first.article) + 1, int(last.article))
    if len(inner) > _LONGEST_RANGE:
        return []
    return [Address(first.instrument, str(number)) for number in inner]
