"""Whole numbers as people write them: 1200, 1,200, 三千, 五万, 1.2亿, 120万, three, 1.2 million."""

import re

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_TENS = {"十": 10, "百": 100, "千": 1000}
_BIG = {"万": 10_000, "亿": 100_000_000}
_ENGLISH_TO_TWENTY = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen", "twenty",
)  # fmt: skip
_ENGLISH = {word: i for i, word in enumerate(_ENGLISH_TO_TWENTY)} | {
    "a": 1,
    "an": 1,
    "a hundred": 100,
    "a thousand": 1000,
    "a million": 1_000_000,
}
_SCALE = {"thousand": 1000, "k": 1000, "million": 1_000_000, "m": 1_000_000}
_FIGURE = r"\d{1,3}(?:[,，]\d{3})+|\d+(?:\.\d+)?"
_EN_WORDS = "|".join(sorted(_ENGLISH, key=len, reverse=True))

# Matches one number; the longest form first.
NUMBER = (
    rf"(?:(?:{_FIGURE})\s*(?:万亿|[万亿千百])+|(?:{_FIGURE})\s*(?:thousand|million|k\b|m\b)"
    rf"|{_FIGURE}|[零〇一二两三四五六七八九十百千万亿]+"
    rf"|\b(?:{_EN_WORDS})\b(?:\s+(?:hundred|thousand|million)\b)?)"
)
_PARTS = re.compile(rf"^({_FIGURE})\s*(.*)$")


# 120余万, 两百多万, 三十几万: the stated floor; 200w, 150万+, 千万级: the same in other dress.
_ABOUT = re.compile(r"(?<=[\d零一二两三四五六七八九十百千])\s*[多余来几]\s*(?=[万亿])")
_W = re.compile(r"(?<=\d)\s*w(?![a-z])")
_PLUS = re.compile(r"(?<=[\d万亿])\s*[+＋]")
_CLASS = re.compile(r"(?<![\d零一二两三四五六七八九十百千万])([百千]万|亿)级(?:别)?的?")


# More than anybody counts: whoever writes such digits has told no number.
MOST = 10**12


def plain_numbers(text: str) -> str:
    """The text with its counts written so that `NUMBER` reads them whole, never too low."""
    text = _W.sub("万", text.lower())
    return _CLASS.sub(r"一\1", _PLUS.sub("", _ABOUT.sub("", text)))


def number(text: str) -> int | None:
    """The number written, or None where the words are no number."""
    text = text.strip().lower()
    if match := _PARTS.match(text):
        return _scaled(float(re.sub("[,，]", "", match[1])), match[2].strip())
    if text in _ENGLISH:
        return _ENGLISH[text]
    if match := re.match(r"^(\w+)\s+(hundred|thousand|million)$", text):
        base = _ENGLISH.get(match[1])
        return None if base is None else base * {"hundred": 100, **_SCALE}[match[2]]
    return _chinese(text)


def _scaled(value: float, unit: str) -> int | None:
    if value > MOST:
        return None
    if unit in _SCALE:
        return round(value * _SCALE[unit])
    for character in unit:
        value *= {**_TENS, **_BIG}.get(character, 0)
    return round(value) if not unit or value else None


def _chinese(text: str) -> int | None:
    """三千二百 and 一亿二千万; a bare 万 or 千 counts as one of it."""
    if not text or any(c not in _DIGITS and c not in _TENS and c not in _BIG for c in text):
        return None
    total = section = digit = 0
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character in _TENS:
            section += (digit or 1) * _TENS[character]
            digit = 0
        elif character == "亿":
            total = (total + section + digit or 1) * _BIG[character]
            section = digit = 0
        else:
            total += (section + digit or 1) * _BIG[character]
            section = digit = 0
    return total + section + digit
