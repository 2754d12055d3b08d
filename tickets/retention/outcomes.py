"""Each rule applied to one record: does it bind, from when, until when."""

from datetime import date, timedelta

from records.language import Bilingual
from tickets.periods import fiscal_year_end
from tickets.retention.facts import Effect, Flag, RecordFacts, RuleOutcome, StartEvent
from tickets.retention.rules import Rule

_OTHER_HOLDER = Bilingual("只约束特定单位,不适用。", "Binds only certain holders; does not apply.")
_NOT_SO = Bilingual("条件不成立,不适用。", "Its condition is not met; does not apply.")


def outcome(rule: Rule, facts: RecordFacts, today: date) -> RuleOutcome:
    """What the rule says of the record today. `running` is None where a date is missing."""
    why_not = _why_not(rule, facts)
    starts_on = start_of(rule, facts)
    last_day = None
    if starts_on and rule.period:
        counted_from = fiscal_year_end(starts_on) if rule.from_ == "fiscal_year_end" else starts_on
        last_day = rule.period.period().last_day(counted_from)
    return RuleOutcome(
        rule_id=rule.id,
        name=rule.name,
        effect=rule.effect,
        citation=rule.cite.citation(),
        applies=why_not is None,
        starts_on=starts_on,
        last_day=last_day,
        running=None if last_day is None else today <= last_day,
        reason=why_not or rule.reason,
    )


def _why_not(rule: Rule, facts: RecordFacts) -> Bilingual | None:
    if rule.holders and facts.holder not in rule.holders:
        return _OTHER_HOLDER
    if rule.when and facts.flags.get(rule.when.flag) is not rule.when.is_:
        return _NOT_SO
    return None


def start_of(rule: Rule, facts: RecordFacts) -> date | None:
    """The day of the first of the rule's starting events whose day is known."""
    return next((facts.dates[event] for event in rule.starts if event in facts.dates), None)


def unasked_flag(rule: Rule, facts: RecordFacts) -> Flag | None:
    """The flag that must be asked for before the rule can be set aside."""
    if rule.when is None or (rule.holders and facts.holder not in rule.holders):
        return None
    unknown = rule.when.flag not in facts.flags
    return rule.when.flag if unknown and rule.when.if_unknown == "ask" else None


def former_ended_first(rule: Rule, facts: RecordFacts) -> bool:
    """True if the shorter period of the former law was over before the rule took effect."""
    start = start_of(rule, facts)
    if rule.former is None or start is None:
        return False
    return rule.former.period.period().last_day(start) < rule.former.until


def first_free_day(found: RuleOutcome) -> date | None:
    """The day after the period's last."""
    return found.last_day + timedelta(days=1) if found.last_day else None


def purpose_day(
    events: tuple[StartEvent, ...], facts: RecordFacts, today: date
) -> tuple[bool, date | None]:
    """Whether the purpose is achieved, and since when where the day is known."""
    days = [facts.dates[e] for e in events if e in facts.dates and facts.dates[e] <= today]
    if days:
        return True, min(days)
    return any(event in facts.happened for event in events), None


def is_minimum(found: RuleOutcome) -> bool:
    """True for a statutory minimum that binds this record."""
    return found.applies and found.effect is Effect.MINIMUM
