"""What a reply is, whichever door shows it: plain text in one language, in the order it is read.

Nothing here is markup. A door escapes every string as its own format demands.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from records.language import Language


class Tone(StrEnum):
    """How grave a reply is; doors choose colour and symbol by it."""

    INFO = "info"
    GOOD = "good"
    CAUTION = "caution"
    ALARM = "alarm"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Point:
    """One statement. `label` warns how far it may be relied on; `refs` are numbers of quotes."""

    text: str
    label: str = ""
    refs: tuple[int, ...] = ()
    rests_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """A named value: 截至日期, 工单."""

    name: str
    value: str


class Weight(StrEnum):
    """How a press is to look: what helps on, and what is hard to take back."""

    PLAIN = "plain"
    GOOD = "good"
    GRAVE = "grave"


@dataclass(frozen=True, slots=True)
class Press:
    """What the person may do now with one press: an act of `integrations.acts` and its subject.

    `confirm` is asked before it is done; "" where nothing is lost by a slip.
    """

    act: str
    text: str
    subject: str = ""
    weight: Weight = Weight.PLAIN
    confirm: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Points under a heading, and what may be done about them."""

    heading: str
    points: tuple[Point, ...]
    presses: tuple[Press, ...] = ()


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of one provision, letter for letter; `provision_id` lets a door link the full text."""

    number: int
    instrument: str
    heading: str
    words: str
    rank: str
    in_force_since: date | None
    provision_id: str
    date_certain: bool = True


@dataclass(frozen=True, slots=True)
class Action:
    """What the person may do next with the thing replied about: a ticket or file number."""

    text: str
    subject: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to what is asked back: its id, and the words of the button."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply, conclusion first.

    `masked` names the kinds of personal data that were taken out of what the person wrote.
    """

    language: Language
    tone: Tone
    title: str
    lead: Point
    facts: tuple[Fact, ...] = ()
    sections: tuple[Section, ...] = ()
    quotes: tuple[Quote, ...] = ()
    notes: tuple[str, ...] = ()
    masked: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    asks: str = ""
    """A question asked back; answered in words where there are no choices."""
    choices: tuple[Choice, ...] = ()
    about: str = ""
    """The number of the answer, where it can be rated or handed to a person."""
    presses: tuple[Press, ...] = ()
    """What the person may do next, where the door has something to press."""
    once: str = ""
    """Where not empty: a reply under the same words to the same person is told once."""

    def told_once(self, key: str) -> "Reply":
        """The reply, told once under this key, however often it is asked for."""
        return replace(self, once=key)
