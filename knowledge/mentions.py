"""Instruments named in a text: 《网络安全法》, 个保法, PIPL, 旧网安法, 同法."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from knowledge.sources import by_name

# "消费者权益保护法实施条例" is another instrument than the law its name opens with.
_OTHER = re.compile(r"\s*(?:的)?(?:实施|解释|若干|配套|修正案|草案|释义|司法解释)")
# 公司法务, 合同法律, 公司法人, 仲裁法院, 公司法定: the 法 belongs to another word; 公司法规定 is the law.
_OTHER_WORD = re.compile(
    r"务(?![必须实])|律|人(?![脸员工])|院|官(?![方网])|庭|学(?![习了])|[规定](?![定了于])|制(?!定)"
)
_OLD_BEFORE = re.compile(
    r"(?:旧版?|老|原|(?:修订|修改|修正)前的?|former|old|previous)[\s《]*$", re.IGNORECASE
)
_EDITION = re.compile(
    r"\s*[（(\[]?\s*(?:(?P<old>旧法|旧版|旧|原|(?:修订|修改|修正)前|old|former)"
    r"|(?P<year>(?:19|20)\d\d)\s*(?:年)?\s*(?:版|修订|修正|文本|version|edition)?)\s*[)）\]]"
    r"|\s*(?P<bare>(?:19|20)\d\d)\s*年?\s*版",
    re.IGNORECASE,
)
_YEAR_BEFORE = re.compile(r"(?P<year>(?:19|20)\d\d)\s*年?\s*版?的?[\s《]*$")
# 同法第五条, 本条例第三条: the instrument named before; only where an article follows.
_PRONOUN = (
    r"(?:同|本|该|旧|原|上述|前述)(?:法律?|条例|办法|规定|解释|细则)"
    r"(?=\s*(?:第|[0-9]|art|§))|\b(?:same|this|that|old|former) law\b|\bibid\b"
)
_PRONOUN_OPENS = "同本该旧原上前stofi"


@dataclass(frozen=True)
class Mention:
    """Where an instrument is named, and whether an earlier text of it is meant.

    `instrument` is None where the words turn out to name something else.
    """

    start: int
    end: int
    instrument: str | None
    old: bool = False


def find_mentions(text: str, known: Mapping[str, str], before: str | None) -> Iterator[Mention]:
    """Every instrument named, in order; `before` is what 本法 means when nothing was named yet."""
    taken, last = 0, before
    for match in _pattern(tuple(known)).finditer(text):
        if match.start() < taken:
            continue
        mention = _mention(text, known, match, last)
        taken, last = mention.end, mention.instrument or last
        yield mention


def _mention(
    text: str, known: Mapping[str, str], match: re.Match[str], last: str | None
) -> Mention:
    if match["pronoun"]:
        old = match["pronoun"].lower().startswith(("旧", "原", "old", "former"))
        return Mention(match.start(), match.end(), last, old)
    book, name = match["book"], match["book"] or match["name"]
    if not book and (
        _OTHER.match(text, match.end())
        or (name.endswith("法") and _OTHER_WORD.match(text, match.end()))
    ):
        return Mention(match.start(), match.end(), None)
    # 《《个保法》》
    name = name[1:-1] if name[0] + name[-1] == "《》" else name
    # An unknown title stays itself: it is looked up, not found, and said so.
    instrument = folded(known, name) or (name if book else None)
    edition = _EDITION.match(text, match.end())
    old = _OLD_BEFORE.search(text, max(0, match.start() - 12), match.start()) is not None
    year_before = _YEAR_BEFORE.search(text, max(0, match.start() - 10), match.start())
    if year_before and "版" in year_before[0]:
        old = old or _before_current(instrument, year_before["year"])
    if edition is None:
        return Mention(match.start(), match.end(), instrument, old)
    year = edition["year"] or edition["bare"]
    old = old or edition["old"] is not None or _before_current(instrument, year)
    return Mention(match.start(), edition.end(), instrument, old)


def is_old_edition(instrument: str, text: str, at: int) -> bool:
    """Whether an earlier text is named straight behind an article: 第一百八十三条（2018年修正）."""
    edition = _EDITION.match(text, at)
    return edition is not None and _before_current(instrument, edition["year"] or edition["bare"])


def _before_current(instrument: str | None, year: str | None) -> bool:
    """Whether a text of that year is older than the one the catalogue has as current."""
    entry = by_name().get(instrument or "")
    current = entry.version_effective or entry.effective if entry else None
    version = entry.version[:4] if entry and entry.version else str(current.year) if current else ""
    return bool(year and version and year < version)


@lru_cache(maxsize=8)
def _pattern(ways: tuple[str, ...]) -> re.Pattern[str]:
    def guarded(way: str) -> str:
        escaped = re.escape(way)
        return rf"(?<![A-Za-z0-9]){escaped}(?![A-Za-z])" if way.isascii() else escaped

    longest_first = sorted(ways, key=len, reverse=True)
    bare = "|".join(guarded(way) for way in longest_first)
    # Where none of these stands nothing begins: looked at first, for trying hundreds of names is slow.
    opening = re.escape("".join({way[0] for way in ways}))
    return re.compile(
        # 《个保法第四十七条》: the name alone, with its article behind it.
        rf"(?=[《{_PRONOUN_OPENS}{opening}])(?:《(?!(?:{bare})\s*第[^《》]{{1,12}}条)(?P<book>[^《》]*(?:[《〈][^《》〈〉]*[》〉][^《》]*)?)》|(?P<name>{bare})|(?P<pronoun>{_PRONOUN}))",
        re.IGNORECASE,
    )


def folded(known: Mapping[str, str], name: str) -> str | None:
    """The full name behind a way to call it, in any case."""
    found = known.get(name) or known.get(name.upper())
    if found:
        return found
    lowered = name.lower()
    if lowered == name.upper():
        return None
    return next((full for way, full in known.items() if way.lower() == lowered), None)
