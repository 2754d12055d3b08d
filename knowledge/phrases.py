"""Which of many phrases stand in a text: looked up by first character, where one long pattern would be slow."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

# English as whole words in any ending.
_ENDING = re.compile(r"(?:s|es|d|ed|r|ing|ring|red)?(?![a-z])")


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase in a text; its English ending, where it has one, lies before `end`."""

    start: int
    end: int
    phrase: str


class Phrases:
    """Phrases in lower case: English found as whole words, Chinese anywhere."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._phrases = frozenset(phrases)
        lengths: dict[str, set[int]] = {}
        for phrase in self._phrases:
            lengths.setdefault(phrase[0], set()).add(len(phrase))
        self._lengths = {first: sorted(many, reverse=True) for first, many in lengths.items()}

    def found_in(self, text: str) -> Iterator[Found]:
        """The phrases in a text of lower case, the longest at each place, without overlap."""
        free = 0
        for start, first in enumerate(text):
            if start < free or first not in self._lengths:
                continue
            for length in self._lengths[first]:
                phrase = text[start : start + length]
                if phrase in self._phrases:
                    found = _whole(text, start, phrase)
                    if found:
                        free = found.end
                        yield found
                        break

    def replaced(self, text: str, by: Callable[[str], str]) -> str:
        """The text with each phrase, ending and all, put in other words."""
        pieces, place = [], 0
        for found in self.found_in(text):
            pieces += [text[place : found.start], by(found.phrase)]
            place = found.end
        return "".join((*pieces, text[place:]))


def _whole(text: str, start: int, phrase: str) -> Found | None:
    """The phrase at this place; None where it is but a part of an English word."""
    end = start + len(phrase)
    ending = _ENDING.match(text, end)
    if phrase.isascii() and (ending is None or _is_letter(text[start - 1 : start])):
        return None
    return Found(start, ending.end() if ending and _is_letter(phrase[-1]) else end, phrase)


def _is_letter(character: str) -> bool:
    return "a" <= character <= "z"
