"""A document under review: what was found, equal texts together, and the decisions applied.

Equal texts of a kind are decided as one: a copy in which one of them stays and another is hidden
could never pass the proof, which searches it for every hidden value.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from pii.detect import Detector
from pii.formats.segments import Segment
from pii.kinds import Kind
from pii.redact import Treated
from pii.rules import BEFORE, Effect, Rule, RuledDetector, Rules, key_of
from records.language import Bilingual


class Verdict(StrEnum):
    """What a reviewer says about a text."""

    ACCEPT = "accept"
    """It is what the detector took it for."""
    REJECT = "reject"
    """It is not personal information; it stays."""
    CHANGE = "change"
    """It is personal information of another kind."""
    ADD = "add"
    """The detector missed it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text was found: the segment and the span in it."""

    segment: int
    start: int
    end: int
    score: float
    reason: str
    where: Bilingual


@dataclass(frozen=True, slots=True)
class Group:
    """Equal texts of one kind, decided together."""

    kind: Kind
    value: str = field(repr=False)
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """One segment as the reviewer reads it."""

    place: Bilingual
    text: str = field(repr=False)
    label: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict about every place of a text. `kind` is what it was found as, or is added as."""

    verdict: Verdict
    kind: Kind
    value: str = field(repr=False)
    new_kind: Kind | None = None
    reason: str = field(default="", repr=False)
    lasting: bool = False
    """Whether it becomes a rule for every document to come."""
    case: bool = False
    """Whether it becomes a case by which the detector is measured."""

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The decision as rules; accepting changes nothing."""
        allow = Rule(Effect.ALLOW, self.kind, self.value)
        if self.verdict is Verdict.REJECT:
            return (allow,)
        if self.verdict is Verdict.CHANGE and self.new_kind is not None:
            return (allow, Rule(Effect.DENY, self.new_kind, self.value))
        if self.verdict is Verdict.ADD:
            return (Rule(Effect.DENY, self.kind, self.value),)
        return ()


@dataclass(frozen=True, slots=True)
class Material:
    """Everything a reviewer looks at."""

    segments: tuple[Read, ...]
    groups: tuple[Group, ...]


def material(segments: Sequence[Segment], treated: Sequence[Treated]) -> Material:
    """The document's texts, and what was found in them by kind and text, in order of appearance."""
    places: dict[tuple[Kind, str], list[Place]] = {}
    values: dict[tuple[Kind, str], str] = {}
    for number, (segment, one) in enumerate(zip(segments, treated, strict=True)):
        for found in one.findings:
            value = segment.text[found.start : found.end]
            same = (found.kind, key_of(value) or value)
            values.setdefault(same, value)
            places.setdefault(same, []).append(
                Place(
                    segment=number,
                    start=found.start,
                    end=found.end,
                    score=found.score,
                    reason=found.reason,
                    where=segment.place_at(found.start),
                )
            )
    order = list(Kind)
    groups = [Group(same[0], values[same], tuple(at)) for same, at in places.items()]
    return Material(
        tuple(Read(segment.place, segment.text, segment.label) for segment in segments),
        tuple(sorted(groups, key=lambda group: order.index(group.kind))),
    )


def decided(detector: Detector, decisions: Iterable[Decision]) -> Detector:
    """The detector as the reviewer corrected it, for this document alone."""
    rules = Rules(tuple(rule for decision in decisions for rule in decision.rules))
    return RuledDetector(detector, lambda: rules)


def merged(old: Sequence[Decision], new: Sequence[Decision]) -> tuple[Decision, ...]:
    """The decisions with later ones in the place of earlier ones about the same text and kind."""
    kept = {(one.kind, key_of(one.value)): one for one in (*old, *new)}
    return tuple(kept.values())


def around(read: Read, start: int, end: int, reach: int = BEFORE) -> tuple[str, str, str]:
    """The words before a place, its text, the words behind: what a reviewer judges by."""
    before, after = read.text[max(0, start - reach) : start], read.text[end : end + reach]
    return before.split("\n")[-1], read.text[start:end], after.split("\n")[0]
