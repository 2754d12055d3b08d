"""Chinese numerals as the statutes write them, both ways: 二百五十三 and 253."""

import re

_DIGITS = "零一二三四五六七八九"
_VALUES = {digit: value for value, digit in enumerate(_DIGITS)} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_LARGEST = 9999

_NUMBER = r"[0-9０-９]+|[〇零一二两三四五六七八九十百千]+"
_LABEL = re.compile(
    rf"\s*第?\s*(?P<number>{_NUMBER})\s*条?\s*"
    rf"(?:[（(]?\s*之\s*(?P<branch>{_NUMBER})\s*[）)]?)?\s*条?\s*"
)


def to_chinese(number: int) -> str:
    """The numeral as a statute writes it: 10 is 十, 105 is 一百零五, 110 is 一百一十."""
    if not 1 <= number <= _LARGEST:
        raise ValueError(f"no statute counts to {number}")
    written, pending_zero = "", False
    for unit_name, unit in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit = number // unit % 10
        if digit:
            written += ("零" if pending_zero else "") + _DIGITS[digit] + unit_name
            pending_zero = False
        elif written:
            pending_zero = True
    return written[1:] if 10 <= number < 20 else written


def to_number(numeral: str) -> int | None:
    """The value of 四十七, 47, ４７ or 二〇二五; None for anything not well formed."""
    if numeral.isdecimal():
        return int(numeral)
    if len(numeral) > 1 and all(character in _VALUES for character in numeral):
        return int("".join(str(_VALUES[character]) for character in numeral))
    value = _spelled(numeral)
    # 一十七 for 17 is read as well; everything else must be the one right spelling.
    right = value and numeral in {to_chinese(value), "一" + to_chinese(value)}
    plain = numeral.replace("两", "二").replace("〇", "零")
    return value if right or (value and plain == to_chinese(value)) else None


def _spelled(numeral: str) -> int | None:
    total, digit = 0, None
    for character in numeral:
        if character in _VALUES and not digit:
            digit = _VALUES[character]
        elif character in _UNITS:
            total += (1 if digit is None else digit) * _UNITS[character]
            digit = None
        else:
            return None
    total += digit or 0
    return total if 1 <= total <= _LARGEST else None


def article_label(written: str) -> str | None:
    """The short label of an article: 第二百五十三条之一 is "253之一"; None if it is none."""
    found = _LABEL.fullmatch(written)
    number = to_number(found["number"]) if found else None
    if found is None or number is None:
        return None
    if not found["branch"]:
        return str(number)
    branch = to_number(found["branch"])
    return f"{number}之{to_chinese(branch)}" if branch else None


def article_heading(label: str) -> str:
    """How the statute writes the label: 第二百五十三条之一; other labels stay as they are."""
    number, _, branch = label.partition("之")
    if not number.isdecimal() or not 1 <= int(number) <= _LARGEST:
        return label
    return f"第{to_chinese(int(number))}条" + (f"之{branch}" if branch else "")
