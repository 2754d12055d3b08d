"""A record with every rule of its kind applied: what can be seen in it, how it is answered."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from records.language import Bilingual
from tickets.retention.facts import Decision, Effect, Fact, RecordFacts, RuleOutcome, Status
from tickets.retention.outcomes import (
    first_free_day,
    former_ended_first,
    is_minimum,
    outcome,
    purpose_day,
    unasked_flag,
)
from tickets.retention.rules import Rule, Rulebook


@dataclass(frozen=True)
class Weighed:
    """A record, the day, and every rule of its kind with its outcome."""

    facts: RecordFacts
    today: date
    book: Rulebook
    weighed: tuple[tuple[Rule, RuleOutcome], ...]

    @classmethod
    def of(cls, facts: RecordFacts, today: date, book: Rulebook) -> Self:
        """The case with each rule of the kind applied."""
        rules = book.of_kind(facts.kind)
        return cls(facts, today, book, tuple((r, outcome(r, facts, today)) for r in rules))

    # What the steps look at.

    def first(self, effect: Effect) -> RuleOutcome | None:
        return next((o for _, o in self.weighed if o.applies and o.effect is effect), None)

    def lapsed_before(self, rule: Rule) -> bool:
        return former_ended_first(rule, self.facts)

    def firm_minimums(self) -> list[RuleOutcome]:
        """The minimums that bind and whose dates are known; a revived one is not firm."""
        return [
            o
            for rule, o in self.weighed
            if is_minimum(o) and o.last_day and not (o.running and self.lapsed_before(rule))
        ]

    def not_begun(self) -> bool:
        """True if a minimum waits for an event known not to have happened yet."""
        return any(
            is_minimum(o) and o.last_day is None and rule.starts[0] in self.facts.not_happened
            for rule, o in self.weighed
        )

    def unknown(self) -> tuple[Fact, ...]:
        """The dates and flags without which a binding rule cannot be set aside."""
        names: list[str] = []
        for rule, found in self.weighed:
            timed = found.effect in (Effect.MINIMUM, Effect.CEILING)
            if found.applies and timed and found.last_day is None:
                names.append(rule.starts[0])
            if flag := unasked_flag(rule, self.facts):
                names.append(flag)
        return tuple(self.book.fact(name) for name in dict.fromkeys(names))

    def turning_on_a_flag(self) -> list[RuleOutcome]:
        """The outcomes of rules whose condition nobody told to be met."""
        return [o for rule, o in self.weighed if unasked_flag(rule, self.facts)]

    def purpose(self) -> tuple[bool, date | None]:
        own = self.book.kinds[self.facts.kind].purpose_by_event
        named = (e for r, o in self.weighed if o.effect is Effect.PURPOSE for e in r.starts)
        return purpose_day((*own, *named), self.facts, self.today)

    def still_serving(self) -> "Ends | None":
        """Known not to be over: said so, or ending on a day to come."""
        events = [e for r, o in self.weighed if o.effect is Effect.PURPOSE for e in r.starts]
        days = [self.facts.dates[e] for e in events if e in self.facts.dates]
        if days:
            return Ends(min(days))
        return Ends(None) if self.facts.not_happened.intersection(events) else None

    # The answer.

    def contest(self, why: str | Bilingual, deciding: RuleOutcome) -> Decision:
        reason = self.book.answers.contested[why] if isinstance(why, str) else why
        return self.answer(
            Status.CONTESTED,
            "contested",
            deciding=deciding,
            earliest=first_free_day(deciding) if deciding.effect is Effect.MINIMUM else None,
            latest=deciding.last_day if deciding.effect is Effect.EVIDENCE else None,
            reason=reason,
            interim=True,
        )

    def needs(self, missing: tuple[Fact, ...], *, latest: date | None = None) -> Decision:
        return self.answer(
            Status.NEEDS_FACT,
            "needs_fact",
            latest=latest,
            missing=missing,
            reason=missing[0].question,
            interim=True,
        )

    def answer(
        self,
        status: Status,
        summary: str,
        *,
        deciding: RuleOutcome | None = None,
        earliest: date | None = None,
        latest: date | None = None,
        missing: tuple[Fact, ...] = (),
        conditions: tuple[str, ...] = (),
        reason: Bilingual | None = None,
        interim: bool = False,
    ) -> Decision:
        said = self.book.answers.summaries[summary]
        rule = deciding.name if deciding else Bilingual("", "")
        why = reason or Bilingual("", "")
        basis = deciding.reason if deciding else Bilingual("", "")
        fill = {"earliest": earliest, "latest": latest}
        return Decision(
            status=status,
            earliest=earliest,
            latest=latest,
            deciding=deciding,
            considered=tuple(o for _, o in self.weighed),
            interim=self.book.answers.interim if interim else None,
            conditions=self._conditions(conditions, deciding),
            missing=missing,
            summary=Bilingual(
                said.zh.format(
                    rule=rule.zh, basis=basis.zh, reason=why.zh, question=why.zh, **fill
                ),
                said.en.format(
                    rule=rule.en, basis=basis.en, reason=why.en, question=why.en, **fill
                ),
            ),
        )

    def _conditions(
        self, names: tuple[str, ...], deciding: RuleOutcome | None
    ) -> tuple[Bilingual, ...]:
        known = self.book.answers.conditions
        advised = any(o.effect is Effect.ADVICE and rule.period for rule, o in self.weighed)
        said = [known[n] for n in names if n != "limitation" or advised]
        for rule, found in self.weighed:
            open_flag = rule.when and rule.when.flag not in self.facts.flags
            if open_flag and not (rule.holders and self.facts.holder not in rule.holders):
                said.append(rule.reason)
            if found is deciding and not rule.start_stated:
                said.append(known["start_not_stated"])
        if self.facts.approximate:
            said.append(known["approximate"])
        return tuple(said)


@dataclass(frozen=True)
class Ends:
    """A purpose known to run on: until that day, or with no end known."""

    on: date | None


def last_day(found: RuleOutcome) -> date:
    return found.last_day or date.min
