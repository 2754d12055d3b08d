"""Words of a sentence by jieba's dictionary: 异常|说明, so 常说明 is nobody."""

import re
from itertools import accumulate

_REACH = 8
_RUN_BEFORE, _RUN_AFTER = re.compile(r"[㐀-鿿]*\Z"), re.compile(r"[㐀-鿿]*")


def word_edges(sentence: str) -> frozenset[int]:
    """The offsets between two words, and the ends of the sentence."""
    import rjieba

    return frozenset((0, *accumulate(map(len, rjieba.cut(sentence, False)))))


ALONE, BEGIN, INSIDE, END = 0, 1, 4, 5
PLACES = 8
"""What `word_places` tells apart."""
_BY_LENGTH = [
    b"",
    bytes([ALONE]),
    *(bytes([BEGIN + size, *[INSIDE] * size, END + size]) for size in range(3)),
]


def word_places(sentence: str) -> bytes:
    """For each character, whether it is a word alone or where it stands in one of two, three or more."""
    import rjieba

    return b"".join(
        _BY_LENGTH[size]
        if (size := len(word)) < 5
        else b"%c%b%c" % (BEGIN + 2, bytes([INSIDE]) * (size - 2), END + 2)
        for word in rjieba.cut(sentence, False)
    )


def is_cut_out(text: str, start: int, end: int) -> bool:
    """Whether a word of the text begins at `start` and one ends at `end`, by the nearest characters."""
    first, edges = near_edges(text, start, end)
    return start - first in edges and end - first in edges


def begins_word(text: str, start: int) -> bool:
    """Whether a word of the text begins at `start`: 经理 alone does in 当班经理."""
    first, edges = near_edges(text, start, start)
    return start - first in edges


def near_edges(text: str, start: int, end: int) -> tuple[int, frozenset[int]]:
    """Where the run of Chinese around a stretch begins, and the edges in it."""
    before = _RUN_BEFORE.search(text, max(0, start - _REACH), start)
    after = _RUN_AFTER.match(text, end, end + _REACH)
    first = before.start() if before else start
    return first, word_edges(text[first : after.end() if after else end])
