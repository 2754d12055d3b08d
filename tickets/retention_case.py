"""One record of a known holder: its rules weighed against each other."""

from dataclasses import dataclass
from datetime import date, timedelta

from records.language import Bilingual
from tickets.citation import Citation, Confidence
from tickets.retention_facts import (
    Decision,
    Effect,
    Fact,
    RecordFacts,
    RecordKind,
    RuleOutcome,
    Status,
)
from tickets.retention_outcomes import (
    first_free_day,
    former_ended_first,
    is_minimum,
    outcome,
    purpose_day,
    unasked_flag,
)
from tickets.retention_rules import Block, Rule, Rulebook

_ACCOUNTING = (RecordKind.ACCOUNTING_VOUCHER, RecordKind.ACCOUNTING_OTHER)


@dataclass(frozen=True)
class Case:
    """A record, the day, and every rule of its kind with its outcome."""

    facts: RecordFacts
    today: date
    book: Rulebook
    weighed: tuple[tuple[Rule, RuleOutcome], ...]

    @classmethod
    def of(cls, facts: RecordFacts, today: date, book: Rulebook) -> "Case":
        """The case with each rule of the kind applied."""
        rules = book.of_kind(facts.kind)
        return cls(facts, today, book, tuple((r, outcome(r, facts, today)) for r in rules))

    def decide(self) -> Decision:
        """The first of the steps that has an answer; the order is the order of strength."""
        return (
            self._permanent()
            or self._blocked()
            or self._keep()
            or self._past_ceiling()
            or self._ask()
            or self._contested()
            or self._after_minimums()
            or self._by_purpose()
        )

    # The steps, strongest first.

    def _permanent(self) -> Decision | None:
        found = self._first(Effect.PERMANENT)
        return self._answer(Status.PERMANENT, "permanent", deciding=found) if found else None

    def _blocked(self) -> Decision | None:
        blocks = self.book.answers.blocks
        for stopped, name, block in (
            (self.facts.hold, "hold", blocks.hold),
            (self.facts.dispute, "dispute", blocks.dispute),
        ):
            if stopped:
                return self._answer(
                    Status.BLOCKED,
                    "blocked",
                    deciding=_stop(name, block),
                    reason=block.text,
                    interim=True,
                )
        return None

    def _keep(self) -> Decision | None:
        running = [o for o in self._firm_minimums() if o.running]
        if not running:
            if self._not_begun():
                return self._answer(Status.NOT_YET, "not_ended", interim=False)
            return None
        deciding = max(running, key=_last)
        ceiling = self._first(Effect.CEILING)
        if ceiling and ceiling.last_day and ceiling.last_day < _last(deciding):
            return self._contest("conflict", deciding)
        achieved, _ = self._purpose()
        return self._answer(
            Status.NOT_YET,
            "not_yet",
            deciding=deciding,
            earliest=first_free_day(deciding),
            latest=deciding.last_day if achieved else None,
            missing=self._unknown(),
            interim=True,
        )

    def _past_ceiling(self) -> Decision | None:
        ceiling = self._first(Effect.CEILING)
        if ceiling is None or ceiling.running is not False:
            return None
        return self._answer(
            Status.MUST_DELETE,
            "past_ceiling",
            deciding=ceiling,
            latest=ceiling.last_day,
            conditions=("no_dispute", "no_hold", "procedure"),
        )

    def _ask(self) -> Decision | None:
        unknown = self._unknown()
        if not unknown:
            return None
        undated = [
            (rule.period.days_about, found)
            for rule, found in self.weighed
            if is_minimum(found) and found.last_day is None and rule.period
        ]
        if not undated:
            return self._needs(unknown)
        # The period itself is known: say it, then ask for the day it runs from.
        longest = max(undated, key=lambda pair: pair[0])[1]
        return self._answer(
            Status.NEEDS_FACT,
            "needs_date",
            deciding=longest,
            missing=unknown,
            reason=unknown[0].question,
            interim=True,
        )

    def _contested(self) -> Decision | None:
        for rule, found in self.weighed:
            if found.applies and found.running and rule.former and self._lapsed_before(rule):
                return self._contest(rule.former.reason, found)
        evidence = self._first(Effect.EVIDENCE)
        if evidence and evidence.running:
            return self._contest("evidence", evidence)
        return None

    def _after_minimums(self) -> Decision | None:
        passed = self._firm_minimums()
        if not passed:
            return None
        deciding = max(passed, key=_last)
        if deciding.citation.confidence is not Confidence.VERIFIED:
            return self._contest("not_verified", deciding)
        after = self.book.kinds[self.facts.kind].after
        if after == "must_delete":
            return self._answer(
                Status.MUST_DELETE,
                "period_over",
                deciding=deciding,
                earliest=first_free_day(deciding),
                latest=deciding.last_day,
                conditions=("no_dispute", "no_hold", "procedure"),
            )
        achieved, _ = self._purpose()
        if after == "ask_purpose" and achieved:
            return None  # the purpose rule decides
        return self._may_destroy(deciding, ask=after == "ask_purpose")

    def _by_purpose(self) -> Decision:
        rule = self._first(Effect.PURPOSE)
        ceiling = self._first(Effect.CEILING)
        achieved, since = self._purpose()
        if rule and achieved:
            passed = [o.last_day for o in self._firm_minimums() if o.last_day]
            return self._answer(
                Status.MUST_DELETE,
                "must_delete",
                deciding=rule,
                earliest=max((d + timedelta(days=1) for d in passed), default=since),
                latest=max((*passed, *([since] if since else ())), default=None),
                conditions=("no_other_minimum", "no_dispute", "no_hold", "limitation", "procedure"),
            )
        if rule and (ends := self._still_serving()):
            return self._answer(Status.NOT_YET, "not_ended", deciding=rule, earliest=ends.on)
        return self._needs(
            (self.book.fact("purpose"),), latest=ceiling.last_day if ceiling else None
        )

    def _may_destroy(self, deciding: RuleOutcome, *, ask: bool) -> Decision:
        accounting = self.facts.kind in _ACCOUNTING
        return self._answer(
            Status.MAY_DESTROY,
            "may_destroy",
            deciding=deciding,
            earliest=first_free_day(deciding),
            missing=(self.book.fact("purpose"),) if ask else (),
            conditions=(
                "no_dispute",
                "no_hold",
                *(("archives",) if accounting else ()),
                "personal_after_minimum",
                "procedure",
            ),
        )

    # What the steps look at.

    def _first(self, effect: Effect) -> RuleOutcome | None:
        return next((o for _, o in self.weighed if o.applies and o.effect is effect), None)

    def _lapsed_before(self, rule: Rule) -> bool:
        return former_ended_first(rule, self.facts)

    def _firm_minimums(self) -> list[RuleOutcome]:
        """The minimums that bind and whose dates are known; a revived one is not firm."""
        return [
            o
            for rule, o in self.weighed
            if is_minimum(o) and o.last_day and not (o.running and self._lapsed_before(rule))
        ]

    def _not_begun(self) -> bool:
        """True if a minimum waits for an event known not to have happened yet."""
        return any(
            is_minimum(o) and o.last_day is None and rule.starts[0] in self.facts.not_happened
            for rule, o in self.weighed
        )

    def _unknown(self) -> tuple[Fact, ...]:
        """The dates and flags without which a binding rule cannot be set aside."""
        names: list[str] = []
        for rule, found in self.weighed:
            timed = found.effect in (Effect.MINIMUM, Effect.CEILING)
            if found.applies and timed and found.last_day is None:
                names.append(rule.starts[0])
            if flag := unasked_flag(rule, self.facts):
                names.append(flag)
        return tuple(self.book.fact(name) for name in dict.fromkeys(names))

    def _purpose(self) -> tuple[bool, date | None]:
        own = self.book.kinds[self.facts.kind].purpose_by_event
        named = (e for r, o in self.weighed if o.effect is Effect.PURPOSE for e in r.starts)
        return purpose_day((*own, *named), self.facts, self.today)

    def _still_serving(self) -> "_Ends | None":
        """Known not to be over: said so, or ending on a day to come."""
        events = [e for r, o in self.weighed if o.effect is Effect.PURPOSE for e in r.starts]
        days = [self.facts.dates[e] for e in events if e in self.facts.dates]
        if days:
            return _Ends(min(days))
        return _Ends(None) if self.facts.not_happened.intersection(events) else None

    # The answer.

    def _contest(self, why: str | Bilingual, deciding: RuleOutcome) -> Decision:
        reason = self.book.answers.contested[why] if isinstance(why, str) else why
        return self._answer(
            Status.CONTESTED,
            "contested",
            deciding=deciding,
            earliest=first_free_day(deciding) if deciding.effect is Effect.MINIMUM else None,
            latest=deciding.last_day if deciding.effect is Effect.EVIDENCE else None,
            reason=reason,
            interim=True,
        )

    def _needs(self, missing: tuple[Fact, ...], *, latest: date | None = None) -> Decision:
        return self._answer(
            Status.NEEDS_FACT,
            "needs_fact",
            latest=latest,
            missing=missing,
            reason=missing[0].question,
            interim=True,
        )

    def _answer(
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
        advised = any(o.effect is Effect.ADVICE and o.last_day for _, o in self.weighed)
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
class _Ends:
    on: date | None


def _last(found: RuleOutcome) -> date:
    return found.last_day or date.min


def _stop(name: str, block: Block) -> RuleOutcome:
    citation: Citation = block.cite.citation()
    return RuleOutcome(
        rule_id=name,
        name=block.text,
        effect=Effect.MINIMUM,
        citation=citation,
        applies=True,
        starts_on=None,
        last_day=None,
        running=True,
        reason=block.text,
    )
