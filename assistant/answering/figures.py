"""Numbers with their units, read alike from 三年, 3年 and three years, to be compared."""

import re
from dataclasses import dataclass
from fractions import Fraction

from knowledge.numerals import to_number


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount and what it counts; dates are kept as written, in ISO form."""

    amount: Fraction | str
    unit: str


_CHINESE = "〇零一二两三四五六七八九十百千"
_UNITS = {
    "年": "年", "周年": "年", "个月": "月", "月": "月", "周": "周", "星期": "周",
    "日": "日", "天": "日", "个工作日": "工作日", "工作日": "工作日",
    "小时": "小时", "个小时": "小时", "分钟": "分钟",
    "人": "人", "名": "人", "位": "人", "条": "条", "元": "元", "倍": "倍", "次": "次", "份": "份",
    "year": "年", "month": "月", "week": "周", "day": "日", "working day": "工作日",
    "hour": "小时", "minute": "分钟", "person": "人", "people": "人", "individual": "人",
    "record": "条", "yuan": "元", "rmb": "元", "time": "次", "%": "%",
}  # fmt: skip
_COUNTED = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    *("nineteen", "twenty"),
)
_ENGLISH = {word: value for value, word in enumerate(_COUNTED, start=1)} | {
    "thirty": 30,
    "sixty": 60,
    "seventy-two": 72,
    "ninety": 90,
    "hundred": 100,
}
_SCALE = {"万": 10_000, "亿": 100_000_000, "million": 1_000_000, "thousand": 1_000}

_ADDRESS = re.compile(rf"第\s*[0-9{_CHINESE}]+\s*[条款项章节](?:之[{_CHINESE}]+)?")
_DATE = re.compile(r"(\d{4})\s*(?:年|-|/)\s*(\d{1,2})\s*(?:月|-|/)\s*(\d{1,2})\s*日?")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*年?(?!\d)")
_ZH_UNITS = "|".join(sorted((u for u in _UNITS if not u.isascii()), key=len, reverse=True))
_EN_UNITS = "|".join(
    sorted((u for u in _UNITS if u.isalpha() and u.isascii()), key=len, reverse=True)
)
_AMOUNT = re.compile(
    rf"(?P<percent>百分之(?P<hundredths>[{_CHINESE}0-9.]+))|"
    rf"(?P<number>\d[\d,，]*(?:\.\d+)?|[{_CHINESE}]+)\s*(?P<scale>[万亿]*)\s*余?\s*"
    rf"(?P<unit>{_ZH_UNITS}|%|(?:working day|{_EN_UNITS})s?\b)|"
    rf"(?P<word>\b(?:{'|'.join(_ENGLISH)}))[\s-]+(?P<large>million|thousand)?\s*"
    rf"(?P<en>(?:working day|{_EN_UNITS}))s?\b",
    re.IGNORECASE,
)


def figures(text: str) -> frozenset[Figure]:
    """Every amount and date in the text. Article numbers are left to the address check."""
    rest = _ADDRESS.sub(" ", text)
    found: set[Figure] = set()
    for year, month, day in _DATE.findall(rest):
        found.add(Figure(f"{int(year):04}-{int(month):02}-{int(day):02}", "date"))
    rest = _DATE.sub(" ", rest)
    found |= {Figure(year, "year") for year in _YEAR.findall(rest)}
    rest = _YEAR.sub(" ", rest).replace("半年", "6个月")
    return frozenset(found | {f for m in _AMOUNT.finditer(rest) if (f := _figure(m))})


def _figure(match: re.Match[str]) -> Figure | None:
    if match["percent"]:
        value = _value(match["hundredths"])
        return Figure(value, "%") if value is not None else None
    if match["word"]:
        amount = Fraction(_ENGLISH[match["word"].lower()])
        amount *= _SCALE.get((match["large"] or "").lower(), 1)
        return Figure(amount, _unit(match["en"]))
    value = _value(match["number"])
    if value is None:
        return None
    for scale in match["scale"]:
        value *= _SCALE[scale]
    return Figure(value, _unit(match["unit"]))


def _unit(written: str) -> str:
    lowered = written.lower()
    return _UNITS.get(lowered) or _UNITS.get(lowered.removesuffix("s")) or lowered


def _value(written: str) -> Fraction | None:
    plain = written.replace(",", "").replace("，", "")
    if re.fullmatch(r"\d+(?:\.\d+)?", plain):
        return Fraction(plain)
    value = to_number(plain)
    return None if value is None else Fraction(value)
