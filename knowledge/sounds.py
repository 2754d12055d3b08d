"""Words of the subject written by their sound, put right: 公司注消 → 公司注销, 客户信吸 → 客户信息."""

from functools import cache
from itertools import accumulate
from pathlib import Path

from pydantic import Field

from knowledge.phrases import Found, Phrases
from knowledge.tokens import cut
from records.data_files import Entry, load

FILE = Path(__file__).with_name("sounds.yaml")


class _File(Entry):
    words: tuple[str, ...] = Field(min_length=1)
    sounds: tuple[str, ...] = Field(min_length=1)
    never_meant: tuple[str, ...]


def put_right(text: str) -> str:
    """The text with every word of the subject that has one character wrong, but of the same sound, put right.

    Only where the wrong character belongs to no other word, and none reaches in: 业主销号 holds no 注销.
    """
    meant, never_meant, phrases = _table()
    found = list(phrases.found_in(text))
    if not found:
        return text
    bounds = set(accumulate(map(len, cut(text)), initial=0))
    pieces, place = [], 0
    for one in found:
        right = meant[one.phrase]
        whole = {one.start, one.end} <= bounds
        if whole and (one.phrase in never_meant or _alone(one, right, bounds)):
            pieces += [text[place : one.start], right]
            place = one.end
    return "".join((*pieces, text[place:]))


def _alone(found: Found, right: str, bounds: set[int]) -> bool:
    """Whether the wrong character is a word of its own."""
    at = next(i for i, char in enumerate(found.phrase) if char != right[i]) + found.start
    return {at, at + 1} <= bounds


@cache
def _table() -> tuple[dict[str, str], frozenset[str], Phrases]:
    """What each misspelling means; the words nobody means; the misspellings as phrases."""
    file = load(FILE, _File)
    alike: dict[str, set[str]] = {}
    for group in file.sounds:
        for char in group:
            alike.setdefault(char, set()).update(group)
    meant = {
        word[:at] + other + word[at + 1 :]: word
        for word in file.words
        for at, char in enumerate(word)
        for other in sorted(alike.get(char, set()) - {char})
    }
    right = {wrong: word for wrong, word in meant.items() if wrong not in file.words}
    return right, frozenset(file.never_meant), Phrases(right)
