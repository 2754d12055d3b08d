"""One record of a known holder: its rules weighed against each other, strongest first."""

from datetime import timedelta

from tickets.citation import Confidence
from tickets.retention.facts import Decision, Effect, RecordKind, RuleOutcome, Status
from tickets.retention.outcomes import first_free_day, is_minimum
from tickets.retention.rules import Block
from tickets.retention.weighed import Weighed, last_day

_ACCOUNTING = (RecordKind.ACCOUNTING_VOUCHER, RecordKind.ACCOUNTING_OTHER)


class Case(Weighed):
    """The steps of a decision."""

    def decide(self) -> Decision:
        """The first of the steps that has an answer; the order is the order of strength."""
        return (
            self._permanent()
            or self._blocked()
            or self._keep()
            or self._not_theirs()
            or self._past_ceiling()
            or self._ask()
            or self._contested()
            or self._after_minimums()
            or self._by_purpose()
        )

    # The steps, strongest first.

    def _permanent(self) -> Decision | None:
        found = self.first(Effect.PERMANENT)
        return self.answer(Status.PERMANENT, "permanent", deciding=found) if found else None

    def _blocked(self) -> Decision | None:
        blocks = self.book.answers.blocks
        for stopped, name, block in (
            (self.facts.hold, "hold", blocks.hold),
            (self.facts.dispute, "dispute", blocks.dispute),
        ):
            if stopped:
                return self.answer(
                    Status.BLOCKED,
                    "blocked",
                    deciding=_stop(name, block),
                    reason=block.text,
                    interim=True,
                )
        return None

    def _keep(self) -> Decision | None:
        running = [o for o in self.firm_minimums() if o.running]
        if not running:
            if self.not_begun():
                return self.answer(Status.NOT_YET, "not_ended", interim=False)
            return None
        deciding = max(running, key=last_day)
        ceiling = self.first(Effect.CEILING)
        if ceiling and ceiling.last_day and ceiling.last_day < last_day(deciding):
            return self.contest("conflict", deciding)
        achieved, _ = self.purpose()
        return self.answer(
            Status.NOT_YET,
            "not_yet",
            deciding=deciding,
            earliest=first_free_day(deciding),
            latest=deciding.last_day if achieved else None,
            missing=self.unknown(),
            interim=True,
        )

    def _not_theirs(self) -> Decision | None:
        if not self.book.kinds[self.facts.kind].bound_only:
            return None
        bound = [o for rule, o in self.weighed if rule.holders and o.effect is Effect.MINIMUM]
        if any(o.applies for o in bound) or bound[0].running is False:
            return None
        return self.contest("not_theirs", bound[0])

    def _past_ceiling(self) -> Decision | None:
        ceiling = self.first(Effect.CEILING)
        if ceiling is None or ceiling.running is not False:
            return None
        return self.answer(
            Status.MUST_DELETE,
            "past_ceiling",
            deciding=ceiling,
            latest=ceiling.last_day,
            conditions=("no_dispute", "no_hold", "procedure"),
        )

    def _ask(self) -> Decision | None:
        unknown = self.unknown()
        if not unknown:
            return None
        undated = [
            (rule.period.days_about, found)
            for rule, found in self.weighed
            if is_minimum(found) and found.last_day is None and rule.period
        ]
        if not undated:
            return self.needs(unknown)
        certain = [pair for pair in undated if pair[1] not in self.turning_on_a_flag()]
        if self.facts.whether_kept and certain:
            return self.answer(
                Status.NOT_YET,
                "still_kept",
                deciding=max(certain, key=lambda pair: pair[0])[1],
                interim=True,
            )
        # The period itself is known: say it, then ask for the day it runs from.
        longest = max(undated, key=lambda pair: pair[0])[1]
        return self.answer(
            Status.NEEDS_FACT,
            "needs_date",
            deciding=longest,
            missing=unknown,
            reason=unknown[0].question,
            interim=True,
        )

    def _contested(self) -> Decision | None:
        for rule, found in self.weighed:
            if found.applies and found.running and rule.former and self.lapsed_before(rule):
                return self.contest(rule.former.reason, found)
        evidence = self.first(Effect.EVIDENCE)
        achieved, _ = self.purpose()
        serves = not achieved and self.still_serving()
        if evidence and evidence.running and not serves:
            return self.contest("evidence", evidence)
        return None

    def _after_minimums(self) -> Decision | None:
        passed = self.firm_minimums()
        if not passed:
            return None
        deciding = max(passed, key=last_day)
        if deciding.citation.confidence is not Confidence.VERIFIED:
            return self.contest("not_verified", deciding)
        after = self.book.kinds[self.facts.kind].after
        if after == "must_delete":
            return self.answer(
                Status.MUST_DELETE,
                "period_over",
                deciding=deciding,
                earliest=first_free_day(deciding),
                latest=deciding.last_day,
                conditions=("no_dispute", "no_hold", "procedure"),
            )
        achieved, _ = self.purpose()
        if after == "ask_purpose" and achieved:
            return None  # the purpose rule decides
        return self._may_destroy(deciding, ask=after == "ask_purpose")

    def _by_purpose(self) -> Decision:
        rule = self.first(Effect.PURPOSE)
        ceiling = self.first(Effect.CEILING)
        achieved, since = self.purpose()
        if rule and achieved:
            passed = [o.last_day for o in self.firm_minimums() if o.last_day]
            return self.answer(
                Status.MUST_DELETE,
                "must_delete",
                deciding=rule,
                earliest=max((d + timedelta(days=1) for d in passed), default=since),
                latest=max((*passed, *([since] if since else ())), default=None),
                conditions=("no_other_minimum", "no_dispute", "no_hold", "limitation", "procedure"),
            )
        if rule and (ends := self.still_serving()):
            return self.answer(Status.NOT_YET, "not_ended", deciding=rule, earliest=ends.on)
        return self.needs(
            (self.book.fact("purpose"),), latest=ceiling.last_day if ceiling else None
        )

    def _may_destroy(self, deciding: RuleOutcome, *, ask: bool) -> Decision:
        accounting = self.facts.kind in _ACCOUNTING
        return self.answer(
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


def _stop(name: str, block: Block) -> RuleOutcome:
    citation = block.cite.citation()
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
