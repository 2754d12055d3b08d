"""Characters that only look different, folded one for one: full width, odd dashes, odd spaces."""

import re

BOUNDARY = "\ue000"
"""Private-use character that no recognizer matches: between segments and readings."""

INVISIBLE = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    r"\ufe00-\ufe0f\ufeff]+"
)
_DASHES = "‐‑‒–—−﹣－"
_SPACES = (
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f"
    "\u205f\u3000"
)
_LINE_ENDS = "\u000b\u000c\u0085\u2028\u2029"
# The first of ten digits that follow each other: Arabic-Indic and its eastern form, Devanagari.
_ZEROS = (0x0660, 0x06F0, 0x0966)


def _fold_table() -> dict[int, str]:
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    # These carry sentence structure in Chinese; folding them would hide clause ends.
    for mark in "，；！？（）":
        del table[ord(mark)]
    table |= {ord(dash): "-" for dash in _DASHES}
    table |= {ord(space): " " for space in _SPACES}
    table |= {ord(end): "\n" for end in _LINE_ENDS}
    table |= {0x1D7CE + n: str(n % 10) for n in range(50)}
    table |= {zero + n: str(n) for zero in _ZEROS for n in range(10)}
    table |= {ord(colon): ":" for colon in "﹕∶"} | {ord(dot): "·" for dot in "•・‧⋅"}
    return table | {ord("﹫"): "@", ord(BOUNDARY): "\ue0ff"}


_FOLD = _fold_table()


def fold(text: str) -> str:
    """The text with look-alikes folded, as long as before. No boundary and no NUL is left in it."""
    return text.translate(_FOLD).replace("\0", " ")
