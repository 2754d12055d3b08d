"""The retention rules as reviewed data, loaded once and checked strictly."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from records.data_files import BadDataFile, Entry, load
from records.language import Bilingual
from tickets.data import Cited, Said
from tickets.periods import Period
from tickets.retention.facts import Effect, Fact, Flag, HolderType, RecordKind, StartEvent

FOLDER = Path(__file__).parent


class PeriodData(Entry):
    """A period in a rule file."""

    years: int = Field(default=0, ge=0, le=100)
    months: int = Field(default=0, ge=0, le=1200)
    days: int = Field(default=0, ge=0, le=3660)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.years or self.months or self.days):
            raise ValueError("a period needs years, months or days")
        return self

    @property
    def days_about(self) -> int:
        """Roughly how many days: only to tell the longer of two."""
        return self.years * 366 + self.months * 31 + self.days

    def period(self) -> Period:
        """The same as a plain value."""
        return Period(years=self.years, months=self.months, days=self.days)


class When(Entry):
    """The flag a rule depends on, and what to do while it is unknown."""

    flag: Flag
    is_: bool = Field(alias="is")
    if_unknown: Literal["ask", "condition"]


class Former(Entry):
    """An earlier, shorter period that may have ended before this rule took effect."""

    until: date
    period: PeriodData
    reason: Said


class Rule(Entry):
    """One rule of keeping or deleting."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    name: Said
    kinds: tuple[RecordKind, ...] = Field(min_length=1)
    holders: tuple[HolderType, ...] = ()
    effect: Effect
    when: When | None = None
    starts: tuple[StartEvent, ...] = ()
    start_stated: bool = True
    from_: Literal["event", "fiscal_year_end"] = Field(default="event", alias="from")
    period: PeriodData | None = None
    former: Former | None = None
    cite: Cited
    reason: Said

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        timed = self.effect in (Effect.MINIMUM, Effect.CEILING, Effect.EVIDENCE)
        if timed and not (self.period and self.starts):
            raise ValueError(f"{self.effect} needs a period and its starting events")
        if self.effect is Effect.PURPOSE and (self.period or not self.starts):
            raise ValueError("purpose names its events and has no period")
        if self.effect is Effect.PERMANENT and (self.period or self.starts):
            raise ValueError("permanent has neither period nor start")
        return self


class RuleFile(Entry):
    """A file of rules."""

    rules: tuple[Rule, ...] = Field(min_length=1)


class KindData(Entry):
    """What a kind of record is called and what follows once its minimums have passed."""

    name: Said
    # The event that a bare date in a question means.
    event: StartEvent
    after: Literal["ask_purpose", "may_destroy", "must_delete"]
    purpose_by_event: tuple[StartEvent, ...] = ()
    bound_only: bool = False


class KindFile(Entry):
    """kinds.yaml."""

    kinds: dict[RecordKind, KindData]

    @model_validator(mode="after")
    def _names_all(self) -> Self:
        if absent := set(RecordKind) - set(self.kinds):
            raise ValueError(f"kinds not described: {', '.join(sorted(absent))}")
        return self


class HolderFile(Entry):
    """holders.yaml."""

    holders: dict[HolderType, Said]

    @model_validator(mode="after")
    def _names_all(self) -> Self:
        if absent := set(HolderType) - set(self.holders):
            raise ValueError(f"holders not described: {', '.join(sorted(absent))}")
        return self


class QuestionFile(Entry):
    """questions.yaml."""

    questions: dict[str, Said]

    @model_validator(mode="after")
    def _names_all(self) -> Self:
        needed = {"holder", "purpose", "record_kind", *StartEvent, *Flag}
        if needed ^ set(self.questions):
            raise ValueError(f"questions differ: {sorted(needed ^ set(self.questions))}")
        return self


class Block(Entry):
    """What stops destruction whatever the period."""

    text: Said
    cite: Cited


class Blocks(Entry):
    """The two kinds of stop."""

    hold: Block
    dispute: Block


class AnswerFile(Entry):
    """answers.yaml."""

    blocks: Blocks
    interim: Said
    conditions: dict[str, Said]
    contested: dict[str, Said]
    summaries: dict[str, Said]


@dataclass(frozen=True)
class Rulebook:
    """Everything the retention engine knows."""

    rules: tuple[Rule, ...]
    kinds: Mapping[RecordKind, KindData]
    holders: Mapping[HolderType, Bilingual]
    questions: Mapping[str, Bilingual]
    answers: AnswerFile

    def of_kind(self, kind: RecordKind) -> tuple[Rule, ...]:
        """The rules that name the kind, in file order."""
        return tuple(rule for rule in self.rules if kind in rule.kinds)

    def longest_minimum(self, kind: RecordKind) -> int:
        """In days, about: how long anybody must keep the kind; permanent beats every figure."""
        rules = [rule for rule in self.of_kind(kind) if not rule.holders]
        if any(rule.effect is Effect.PERMANENT for rule in rules):
            return 100 * 366
        periods = [
            r.period for r in rules if r.effect is Effect.MINIMUM and r.period and not r.when
        ]
        return max((p.years * 365 + p.months * 30 + p.days for p in periods), default=0)

    def holders_of(self, kind: RecordKind) -> tuple[HolderType, ...]:
        """The holders whose answer may differ for the kind: ordinary company first."""
        named = {holder for rule in self.of_kind(kind) for holder in rule.holders}
        return tuple(h for h in HolderType if h in named or (named and h is HolderType.COMPANY))

    def fact(self, name: str) -> Fact:
        """The fact with its question."""
        return Fact(name, self.questions[name])


def load_rulebook(folder: Path) -> Rulebook:
    """The rulebook of a folder, or BadDataFile."""
    rules: list[Rule] = []
    for path in sorted((folder / "rules").glob("*.yaml")):
        for rule in load(path, RuleFile).rules:
            if any(rule.id == other.id for other in rules):
                raise BadDataFile(path, f"rule {rule.id} exists twice")
            rules.append(rule)
    return Rulebook(
        rules=tuple(rules),
        kinds=load(folder / "kinds.yaml", KindFile).kinds,
        holders=load(folder / "holders.yaml", HolderFile).holders,
        questions=load(folder / "questions.yaml", QuestionFile).questions,
        answers=load(folder / "answers.yaml", AnswerFile),
    )


@cache
def rulebook() -> Rulebook:
    """The rulebook shipped with the product, read at first use."""
    return load_rulebook(FOLDER)
