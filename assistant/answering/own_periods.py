"""How long the company's own rules keep a kind of record, weighed against what the law says of it.

The later of the two days governs, and where the company's runs from a day that nobody told, that day
is asked for: nothing is destroyed before either.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from assistant.answering.due_dates import own_limit
from knowledge.own_rules import OwnRule
from pii.cleared import ClearedText, public_text
from records.language import Bilingual
from tickets.periods import Period
from tickets.retention.decision import decide
from tickets.retention.facts import Decision, RecordFacts, StartEvent, Status
from tickets.retention.record_text import events_named, first_kind
from tickets.retention.rules import rulebook

# How likely a rule must be one that says how long the kind is kept: less than elsewhere, as it names the kind, a
# period and what that runs from, and one too many keeps a record longer, never shorter.
SURE = 0.4
_PURPOSE = "purpose"
_LETS_GO = frozenset({Status.MAY_DESTROY, Status.MUST_DELETE})
_EXAMPLE = re.compile(r"举例|例如|比如|\b(?:for example|e\.g\.)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class OwnPeriod:
    """A rule of the company's on keeping a kind of record, and its period."""

    rule: OwnRule
    period: Period
    events: frozenset[StartEvent]
    """From which of these it runs."""

    @property
    def said(self) -> Bilingual:
        """The company's period, in words."""
        zh, en = self.period.in_chinese, self.period.in_english
        return Bilingual(f"公司规定满{zh}", f"the company's own rule says {en}")

    def last_day(self, facts: RecordFacts) -> date | None:
        """Its last day; None where the day it runs from is not known."""
        days = [facts.dates[event] for event in self.events if event in facts.dates]
        return self.period.last_day(max(days)) if days else None


@dataclass(frozen=True, slots=True)
class Keeping:
    """What is decided of a record, and the company's own rule on how long its kind is kept."""

    decision: Decision | None = None
    rule: OwnRule | None = None
    words: frozenset[Bilingual] = frozenset()
    """What of the decision rests on that rule."""


def keeping_of(
    facts: RecordFacts | None, search: Callable[[ClearedText], Sequence[OwnRule]], today: date
) -> Keeping:
    """What the law decides, with the company's own period where one rule surely says it of one kind of record."""
    if facts is None:
        return Keeping()
    by_law = decide(facts, today=today)
    own = None if facts.also else own_period(facts, search)
    if own is None:
        return Keeping(by_law)
    later = later_of(by_law, own, facts, today)
    return Keeping(later, own.rule, words_of(later) - words_of(by_law))


def own_period(
    facts: RecordFacts, search: Callable[[ClearedText], Sequence[OwnRule]]
) -> OwnPeriod | None:
    """The company's rule on how long the kind is kept, where one surely says so and from what event."""
    name = rulebook().kinds[facts.kind].name.zh
    for rule in search(public_text(f"{name}要保存多久", source=facts.kind)):
        period, events = own_limit(rule.said), events_named(rule.said)
        sure = rule.score >= SURE and not _EXAMPLE.search(rule.words)
        if sure and period and events and first_kind(rule.said) is facts.kind:
            return OwnPeriod(rule, period, events)
    return None


def later_of(decision: Decision, own: OwnPeriod, facts: RecordFacts, today: date) -> Decision:
    """The decision with the company's own period: whichever ends later governs."""
    if decision.alternatives:
        those = decision.alternatives
        later = (replace(one, decision=later_of(one.decision, own, facts, today)) for one in those)
        return replace(decision, alternatives=tuple(later))
    ends, said = own.last_day(facts), own.said
    if ends is None:
        open_ = decision.status in _LETS_GO or _PURPOSE in (one.name for one in decision.missing)
        return _asking(decision, own) if open_ else decision
    free = ends + timedelta(days=1)
    lasts = Bilingual(f"{said.zh}，到 {ends}", f"{said.en}, until {ends}")
    from_then = Bilingual(f"{free} 起才可以销毁。", f"it may go from {free}.")
    # Whoever says 解约三年了 says that three years are full today.
    is_over = ends < today or (ends == today and facts.approximate)
    if decision.status in _LETS_GO and not is_over:
        return replace(
            _waiting(decision),
            status=Status.NOT_YET,
            earliest=free,
            summary=Bilingual(
                f"还不能销毁：法律没有要求再保存，但{lasts.zh}，{from_then.zh}",
                f"Not yet: no statute asks to keep it longer, but {lasts.en}; {from_then.en}",
            ),
        )
    if decision.status is Status.NOT_YET and decision.earliest and free > decision.earliest:
        return replace(
            decision,
            earliest=free,
            summary=Bilingual(
                f"{decision.summary.zh}但{lasts.zh}，{from_then.zh}",
                f"{decision.summary.en} But {lasts.en}; {from_then.en}",
            ),
        )
    over = Bilingual("，已经期满。", ", which is over.")
    shorter = Bilingual("；以法定的日期为准。", "; the day set by statute governs.")
    how = over if is_over else shorter
    words = Bilingual(f"{lasts.zh}{how.zh}", f"{lasts.en[0].upper()}{lasts.en[1:]}{how.en}")
    return replace(decision, conditions=(words, *decision.conditions))


def words_of(decision: Decision) -> frozenset[Bilingual]:
    """What a decision and the rule behind it say, for each kind of holder."""
    each = (decision, *(one.decision for one in decision.alternatives))
    rules = (one.deciding.reason for one in each if one.deciding)
    said = (words for one in each for words in (one.summary, *one.conditions))
    return frozenset((*rules, *said))


def _asking(decision: Decision, own: OwnPeriod) -> Decision:
    """The decision that turns on the day the company's own period runs from."""
    day = rulebook().fact(next(event for event in StartEvent if event in own.events))
    # What is asked about the purpose asks for its day too.
    asked = any(one.name == _PURPOSE for one in decision.missing)
    missing = decision.missing if asked else (day, *decision.missing)
    ask, said = missing[0].question, own.said
    return replace(
        _waiting(decision),
        status=Status.NEEDS_FACT,
        earliest=None,
        missing=missing,
        summary=Bilingual(
            f"先别销毁：{said.zh}，期满之前不能销毁。还缺一个事实：{ask.zh}",
            f"Do not destroy it yet: {said.en}, and until then it stays. One fact is missing: {ask.en}",
        ),
    )


def _waiting(decision: Decision) -> Decision:
    """A decision that let a record go, as what the law says beside the company's own period."""
    answers = rulebook().answers
    law = (decision.deciding.reason,) if decision.deciding else ()
    told = answers.conditions["approximate"]
    return replace(
        decision,
        latest=None,
        interim=answers.interim,
        conditions=(*law, *(one for one in decision.conditions if one == told)),
    )
