"""Lines of business papers with slots, one a line in `papers/`, filled with invented people and values.

Written for this corpus alone, by a language model that had seen nothing of `evals/datasets`; what
looks like a name in them and is none is written out. `\\n` is a line break.
"""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from evals.training.people import People
from evals.training.values import Values

FOLDER = Path(__file__).parent / "papers"
UNSEEN = Path(__file__).parent / "papers_unseen.txt"
UNSEEN_PLAIN = Path(__file__).parent / "papers_unseen_plain.txt"
SLOT = re.compile(r"\{([A-Z])\}")
_HELD_OUT = 16
_SHARE_CUT, _SHARE_BARE = 0.15, 0.12
# A blank beside a slot would tell where the value stands.
_BLANK = re.compile(r"(?<=[㐀-鿿，。：；、！？）“”]) (?=\{)|(?<=\}) (?=[㐀-鿿，。：；、！？（“”])")
_SHARE_BLANK = 0.12
_MARKS = re.compile(r"[，。：；、！？（）“”]")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text and the spans in it that are people, firms or what else the network learns."""

    text: str
    spans: tuple[tuple[int, int, str], ...]


Filler = tuple[Callable[[], str], str | None]
"""What fills a slot, and the tag of what it fills it with."""


def filled(line: str, slots: Mapping[str, Filler]) -> Labelled:
    """The line with every slot filled, and where what is learned stands."""
    pieces: list[str] = []
    spans: list[tuple[int, int, str]] = []
    position = at = 0
    for slot in SLOT.finditer(line):
        pieces.append(line[at : slot.start()])
        position += slot.start() - at
        make, tag = slots[slot.group(1)]
        value = make()
        if tag:
            spans.append((position, position + len(value), tag))
        pieces.append(value)
        position += len(value)
        at = slot.end()
    pieces.append(line[at:])
    return Labelled("".join(pieces), tuple(spans))


def taught() -> list[str]:
    """The lines the network learns from."""
    return [line for number, line in enumerate(_lines()) if number % _HELD_OUT]


def held_out() -> list[str]:
    """The lines of the same writers that it never sees."""
    return _lines()[::_HELD_OUT]


def of_another_writer() -> list[str]:
    """Lines for trades of their own, by somebody of whom the network saw nothing."""
    return _read(UNSEEN)


def of_rules_and_logs() -> list[str]:
    """Lines of rules, logs and English by yet another hand, in most of which nobody is."""
    return _read(UNSEEN_PLAIN)


def _lines() -> list[str]:
    return [line for path in sorted(FOLDER.glob("*.txt")) for line in _read(path)]


def _read(path: Path) -> list[str]:
    return [
        line.replace("\\n", "\n").replace("\\t", "\t")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]


@dataclass(frozen=True)
class Papers:
    """Fills lines of papers."""

    chosen: random.Random
    people: People
    lines: Sequence[str]

    def paper(self) -> Labelled:
        """One line or two, sometimes begun or ended in the middle, sometimes without its marks."""
        text = self.chosen.choice(self.lines)
        if self.chosen.random() > _SHARE_BLANK:
            text = _BLANK.sub("", text)
        if self.chosen.random() < _SHARE_BARE:
            text = _MARKS.sub(lambda m: self.chosen.choice((" ", "", m.group())), text)
        made = self.fill(text)
        if self.chosen.random() < _SHARE_CUT:
            return self._cut(made)
        return made

    def fill(self, line: str) -> Labelled:
        """The line with every slot filled."""
        return filled(line, self._slots)

    @cached_property
    def _slots(self) -> Mapping[str, Filler]:
        people, values = self.people, Values(self.chosen, self.people)
        return {
            "P": (people.person, "PER"), "G": (values.given_alone, "PER"), "S": (people.surname, "PER"),
            "T": (people.titled, "PER"), "L": (values.called, "PER"), "E": (people.latin, "PER"),
            "O": (values.firm, "ORG"), "F": (values.firm_short, "ORG"), "R": (values.brand, "ORG"),
            "V": (values.shop, "ORG"), "H": (values.institution, "ORG"),
            "A": (people.address, "LOC"), "B": (values.address_part, "LOC"),
            "W": (values.handle, "ID"), "U": (values.account, "ID"), "K": (values.secret, "KEY"),
            "Y": (values.birthday, "BORN"),
            "M": (people.mobile, None), "I": (values.identity, None), "C": (values.card, None),
            "X": (values.email, None), "D": (people.date, None), "N": (values.anything, None),
        }  # fmt: skip

    def _cut(self, made: Labelled) -> Labelled:
        """The text from one place outside every span to another."""
        inside = {at for start, end, _ in made.spans for at in range(start + 1, end)}
        outside = [at for at in range(len(made.text) + 1) if at not in inside]
        start, end = sorted(self.chosen.sample(outside, 2)) if len(outside) > 1 else (0, None)
        if end is None or end - start < 4:
            return made
        spans = tuple(
            (a - start, b - start, tag) for a, b, tag in made.spans if start <= a and b <= end
        )
        return Labelled(made.text[start:end], spans)
