"""Keep or destroy: the decision for one record, from its kind, holder, dates and facts.

The longest minimum wins; a hold or dispute stops everything; what must be kept for ever stays;
with no minimum left, personal data goes once its purpose is achieved (PIPL 19, 47). A period that
was not checked against the official text never alone allows destruction: the answer is then
CONTESTED. With the holder unknown the answer is given for each type that would differ.
"""

from dataclasses import replace
from datetime import date

from records.language import Bilingual
from tickets.retention.case import Case
from tickets.retention.facts import (
    Alternative,
    Decision,
    Effect,
    Fact,
    Flag,
    HolderType,
    RecordFacts,
    RecordKind,
    RuleOutcome,
    StartEvent,
    Status,
)
from tickets.retention.outcomes import outcome
from tickets.retention.record_text import record_facts_from_text
from tickets.retention.rules import Rulebook, rulebook

__all__ = [
    "Alternative",
    "Decision",
    "Effect",
    "Fact",
    "Flag",
    "HolderType",
    "RecordFacts",
    "RecordKind",
    "RuleOutcome",
    "StartEvent",
    "Status",
    "decide",
    "record_facts_from_text",
]


def decide(facts: RecordFacts, *, today: date, book: Rulebook | None = None) -> Decision:
    """What may be done with the record today, why, and what would change it.

    Where several kinds were named, or none exactly, nothing may go on the strength of one of them.
    """
    book = book or rulebook()
    decision = _decide(facts, today, book)
    if not facts.also and facts.kind is not RecordKind.CLIENT_FILES:
        return decision
    return _one_kind_at_a_time(decision, facts, book)


def _one_kind_at_a_time(decision: Decision, facts: RecordFacts, book: Rulebook) -> Decision:
    """The decision, but that no record may go before its kind is named and asked about alone."""
    names = [book.kinds[kind].name for kind in (facts.kind, *facts.also)]
    zh, en = "、".join(name.zh for name in names), ", ".join(name.en for name in names)
    said = book.answers.summaries["several_kinds"]
    words = Bilingual(said.zh.format(kinds=zh), said.en.format(kinds=en))
    destroyable = {Status.MUST_DELETE, Status.MAY_DESTROY}
    found = {decision.status, *(one.decision.status for one in decision.alternatives)}
    if not found & destroyable:
        return replace(decision, conditions=(words, *decision.conditions))
    keeping = tuple(o for o in decision.alternatives if o.decision.status not in destroyable)
    return replace(
        decision,
        status=Status.NEEDS_FACT,
        earliest=None,
        latest=None,
        summary=words,
        missing=(book.fact("record_kind"), *decision.missing),
        alternatives=keeping,
    )


def _decide(facts: RecordFacts, today: date, book: Rulebook) -> Decision:
    stopped = facts.hold or facts.dispute
    if facts.holder is None and book.holders_of(facts.kind) and not stopped:
        return _by_holder(facts, today, book)
    return Case.of(facts, today, book).decide()


def _by_holder(facts: RecordFacts, today: date, book: Rulebook) -> Decision:
    """One decision for each holder that matters; a single one where they all agree."""
    found = tuple(
        Alternative(
            holder=holder,
            name=book.holders[holder],
            decision=Case.of(replace(facts, holder=holder), today, book).decide(),
        )
        for holder in book.holders_of(facts.kind)
    )
    first = found[0].decision
    if all(_same(one.decision, first) for one in found):
        return first
    missing = [book.fact("holder")]
    for one in found:
        missing += [fact for fact in one.decision.missing if fact not in missing]
    return Decision(
        status=Status.NEEDS_FACT,
        earliest=None,
        latest=None,
        deciding=None,
        considered=tuple(outcome(rule, facts, today) for rule in book.of_kind(facts.kind)),
        interim=book.answers.interim,
        conditions=(),
        missing=tuple(missing),
        summary=_depends(found, book),
        alternatives=found,
    )


def _same(one: Decision, other: Decision) -> bool:
    return (one.status, one.earliest, one.latest) == (other.status, other.earliest, other.latest)


def _depends(found: tuple[Alternative, ...], book: Rulebook) -> Bilingual:
    """The first two types side by side; the rest stand in the alternatives."""
    template = book.answers.summaries["by_holder"]
    return Bilingual(
        template.zh.format(
            parts="".join(f"【{one.name.zh}】{one.decision.summary.zh}" for one in found[:2])
        ),
        template.en.format(
            parts=" ".join(f"[{one.name.en}] {one.decision.summary.en}" for one in found[:2])
        ),
    )
