"""The day whose law a question asks for: 截至2025年6月1日, 2025年6月1日的网安法第21条, as of 2025-06-01."""

import re
from datetime import date

from knowledge.mentions import find_mentions
from knowledge.sources import names
from knowledge.traditional import simplified

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = rf"(?P<{{name}}>{'|'.join(_MONTHS)})[a-z]*\.?"
_DAY = (
    r"(?:(?P<y>(?:19|20)\d\d)\s*[-年./]\s*(?P<m>\d{1,2})\s*[-月./]\s*(?P<d>\d{1,2})\s*日?(?!\d)"
    rf"|\b(?P<d2>\d{{1,2}})\s+{_MONTH.format(name='n2')},?\s+(?P<y2>(?:19|20)\d\d)\b"
    rf"|\b{_MONTH.format(name='n3')}\s+(?P<d3>\d{{1,2}}),?\s+(?P<y3>(?:19|20)\d\d)\b)"
)
_ANY_DAY = re.compile(_DAY, re.IGNORECASE)
# A date alone is a fact of the case ("2023年5月1日签的合同"), not the day whose law is wanted: what stands
# before or behind it says which.
_LAW = r"(?:当时|时|那时)?(?:有效|施行|适用)?的?(?:规定|法律|法|条文|版本|文本|规则)"
_ASKS_BEFORE = re.compile(r"(?:截至|截止到?|\bas (?:of|at)|\bin force on)\s*$", re.IGNORECASE)
_NEEDS_LAW = re.compile(r"(?:按照?|依照?|根据)\s*$")
_SAID_ON = re.compile(
    r"\bdid\b.{1,60}\b(?:say|read|provide|require|state)\s+(?:on|at)\s*$", re.IGNORECASE
)
_LAW_BEHIND = re.compile(rf"\s*{_LAW}")
_ASKS_BEHIND = re.compile(
    r"\s*(?:时|当时|那天)\s*(?:有效|施行|适用)"
    r"|\s*(?:时|当时|那天|那时候?|的时候)[^。？?]{0,30}?(?:(?:怎么|如何|怎样)规定|规定(?:的|了)?是?(?:什么|啥)|原文|条文)"
)
_JOINS = re.compile(r"\s*(?:的?时候?|当时|那天|那时候?)?\s*(?:的|，|,)?\s*")
# 2021年11月1日个保法施行后: the day is one of the law's own.
_OF_THE_LAW = re.compile(
    r"\s*(?:施行|生效|实施|公布|发布|出台|颁布|修订|修改|修正|通过|之?[前后]|以[前后来])"
)


def day_asked(text: str) -> date | None:
    """The day whose law is asked for; None where today's is."""
    text = simplified(text)
    for match in _ANY_DAY.finditer(text):
        if _asks_for_law(text, match) and (day := _date(match)):
            return day
    return None


def _asks_for_law(text: str, day: re.Match[str]) -> bool:
    before, behind = text[: day.start()], text[day.end() :]
    if _ASKS_BEFORE.search(before) or _SAID_ON.search(before) or _ASKS_BEHIND.match(behind):
        return True
    if _NEEDS_LAW.search(before) and _LAW_BEHIND.match(behind):
        return True
    joined = _JOINS.match(behind)
    rest = behind[joined.end() if joined else 0 :]
    named = next(find_mentions(rest, names(), None), None)
    return bool(
        named and named.start == 0 and named.instrument and not _OF_THE_LAW.match(rest, named.end)
    )


def _date(match: re.Match[str]) -> date | None:
    named = match["n2"] or match["n3"]
    month = _MONTHS.index(named.lower()) + 1 if named else int(match["m"])
    year, day = match["y"] or match["y2"] or match["y3"], match["d"] or match["d2"] or match["d3"]
    try:
        return date(int(year), month, int(day))
    except ValueError:
        return None
