"""Characters as the name model's numbers: the same in training and in use.

Known are the 6,763 Chinese characters of GB 2312-1980, our surnames, Latin letters and common
marks. All digits are one; a Chinese character outside the list is "some Chinese character".
"""

from functools import cache
from typing import Any

from pii.surnames import surnames

PADDING, OTHER, UNKNOWN_HAN, DIGIT = range(4)
_FIRST = 4
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MARKS = " ,.;:!?'\"()[]{}<>/\\|@#$%&*+-=_~^`，。；：！？、（）【】《》“”‘’·…—〔〕「」￥"
_LAST_CODE = 0xFFFF


def _gb2312() -> str:
    rows = (bytes([high, low]) for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF))
    return "".join(pair.decode("gb2312", "ignore") for pair in rows)


@cache
def vocabulary() -> dict[str, int]:
    """Each known character's number."""
    known = surnames()
    names = "".join(sorted(known.single)) + "".join(sorted(known.compound))
    everything = dict.fromkeys(_LETTERS + _MARKS + _gb2312() + names)
    return {char: _FIRST + number for number, char in enumerate(everything)}


@cache
def table() -> Any:
    """The number for each code point of the first plane."""
    import numpy

    numbers = numpy.full(_LAST_CODE + 1, OTHER, dtype=numpy.int32)
    numbers[0x3400:0xA000] = UNKNOWN_HAN
    numbers[ord("0") : ord("9") + 1] = DIGIT
    for char, number in vocabulary().items():
        numbers[ord(char)] = number
    return numbers


def encode(text: str) -> Any:
    """The numbers of a text's characters, as an array."""
    import numpy

    codes = numpy.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=numpy.uint32)
    return table()[numpy.minimum(codes, _LAST_CODE)]


FEATURES = 6


@cache
def features() -> Any:
    """What the surname list says about each number: usual, rare, compound, unsafe before a title."""
    import numpy

    known = surnames()
    rows = numpy.zeros((_FIRST + len(vocabulary()), FEATURES), dtype=numpy.float32)
    firsts = {name[0] for name in known.compound}
    lasts = {name[-1] for name in known.compound}
    titles = {title[0] for title in (*known.long_titles, *known.short_titles)}
    for char, number in vocabulary().items():
        rows[number] = [
            char in known.common,
            char in known.single and char not in known.common,
            char in firsts,
            char in lasts,
            char in known.single and char not in known.before_title,
            char in titles,
        ]
    return rows
