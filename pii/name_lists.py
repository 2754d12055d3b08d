"""Names beside names: in 王芳、鄂如意、党书 the first is sure, and what stands in a row with it is no word.

Rows are items between 、 , / and blanks; lines that hold nothing else (a list of participants, speakers
of a chat, signatures) are a row from top to bottom. A person's number speaks for the name before it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from pii.findings import CERTAIN, Finding
from pii.kinds import Kind
from pii.name_context import is_apart_name, is_ordinary_word, is_unexplained
from pii.surnames import surnames

_ITEM = re.compile(r"(?<![㐀-鿿·])[㐀-鿿]{2,4}(?![㐀-鿿·])")
_BETWEEN = re.compile(r"[ \t]*[、,/;；]?[ \t]*")
_LINE = re.compile(
    r"^[ \t>@*•-]*(?:[(（]?\d{1,3}[.、)）]?)?[ \t]*(?P<item>[㐀-鿿·]{2,16})[ \t]*(?:[:：]|\d{1,2}:\d{2})?[ \t]*$",
    re.MULTILINE,
)
_NUMBER_FOLLOWS = re.compile(r"[ \t]{0,3}[:：/,，(（|]?[ \t]{0,3}")
_GREETED = re.compile(r"[ ]?[，,：:]?\s{0,2}[您你]好")
_OF_SOMEBODY = frozenset({Kind.MOBILE, Kind.RESIDENT_ID, Kind.LANDLINE, Kind.EMAIL, Kind.BANK_CARD})
_FEWEST_LINES = 2
SCORE = 0.8


def beside_names(text: str, findings: Sequence[Finding]) -> list[Finding]:
    """Further names: whole items in a row with a sure name, whole lines among lines of sure names."""
    names = {
        (f.start, f.end) for f in findings if f.kind is Kind.PERSON_NAME and f.score >= CERTAIN
    }
    known = frozenset(names)
    numbers = {f.start for f in findings if f.kind in _OF_SOMEBODY}
    if not names and not numbers and "好" not in text:
        return []
    likely = names | {(f.start, f.end) for f in findings if f.kind is Kind.PERSON_NAME}
    names |= set(_before_numbers(text, numbers)) | set(_pairs(text, likely))
    fresh = {*names, *_in_rows(text, names), *_in_lines(text, names)}
    return [
        Finding(Kind.PERSON_NAME, start, end, SCORE, f"{Kind.PERSON_NAME.value}/row")
        for start, end in sorted(fresh)
        if (start, end) not in known
        and not any(
            one.start < end and start < one.end and not _is_part(one, start, end)
            for one in findings
        )
    ]


_PAIR = range(4, 7)


def _pairs(text: str, names: set[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Two names with nothing between them that fill a row's item, where a name was read in it: 周涛张雪."""
    for first, last in names:
        start = first
        while start and first - start < _PAIR.stop and "㐀" <= text[start - 1] <= "鿿":
            start -= 1
        end = last
        while end < len(text) and end - last < _PAIR.stop and "㐀" <= text[end] <= "鿿":
            end += 1
        cuts = [at for at in (start + 2, start + 3, start + 4) if end - start in _PAIR and at < end]
        cuts = [at for at in cuts if _are_names(text, start, at, end)]
        whole = [at for at in cuts if not any(a < at < b for a, b in names)]
        # Where what was read crosses from one name into the other, all of it is people.
        if cuts:
            yield from ((start, whole[0]), (whole[0], end)) if whole else ((start, end),)


# 王问渠曾获, 李海燕任: what a person did or was.
_LEADS_ON = frozenset("曾任于时常向应和经由")


def _is_rare_name(text: str, start: int, end: int) -> bool:
    """Whether it is a rare surname and characters of given names that no word holds."""
    return surnames().given.issuperset(text[start + 1 : end]) and is_unexplained(text, start, end)


def _are_names(text: str, start: int, at: int, end: int) -> bool:
    """Whether two names stand side by side: usual ones, or with usual surnames or no word in them."""
    known = surnames()
    return text[at] not in _LEADS_ON and all(
        known.is_full_name(text[first:last])
        and (known.begins_usually(text[first:last]) or _is_rare_name(text, first, last))
        and not is_ordinary_word(text[first:last])
        and not (last - first == 3 and is_ordinary_word(text[first : first + 2]))
        for first, last in ((start, at), (at, end))
    )


def _is_part(one: Finding, start: int, end: int) -> bool:
    """Whether a finding is a piece of the name, such as 桂花 of 应桂花, which the whole replaces."""
    return one.kind is Kind.PERSON_NAME and start <= one.start and one.end <= end


def _before_numbers(text: str, numbers: set[int]) -> Iterator[tuple[int, int]]:
    """Whole items with somebody's number right behind them, or a greeting."""
    for item in _ITEM.finditer(text):
        gap = _NUMBER_FOLLOWS.match(text, item.end())
        near = bool(gap and gap.end() in numbers) or _GREETED.match(text, item.end())
        if near and is_apart_name(text, *item.span()):
            yield item.span()


def _in_rows(text: str, names: set[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Items next to a name, or next to one that stands next to a name, and so on."""
    items = [match.span() for match in _ITEM.finditer(text)]
    edges = sorted({*items, *names})
    for row in (edges, edges[::-1]):
        reached: tuple[int, int] | None = None
        for span in row:
            near = reached and _BETWEEN.fullmatch(text, *sorted((*span, *reached))[1:3])
            if span in names:
                reached = span
            elif near and is_apart_name(text, *span):
                yield span
                reached = span
            else:
                reached = None


def _in_lines(text: str, names: set[tuple[int, int]]) -> Iterable[tuple[int, int]]:
    lines = [match.span("item") for match in _LINE.finditer(text)]
    if sum(span in names for span in lines) < _FEWEST_LINES:
        return ()
    return (span for span in lines if span not in names and is_apart_name(text, *span))
