"""A drill scored: what its scenario expects against what stands on record, and when it was put there.

Times come from the timeline, which the clock stamps, not from what somebody says was done when.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from records.language import Bilingual
from tickets.clocks.deadlines import Outcome
from tickets.drills.data import PASS_PERCENT, Scenario
from tickets.incidents.fact_values import read_facts
from tickets.incidents.facts import Severity
from tickets.incidents.grading_data import grading_data
from tickets.ticket import Event, Json, Ticket
from tickets.ticket_facts import incident_of

INJECT = "drill:inject"
_FIRST, _GRADE, _FACT, _CLOCK, _WRONG, _STEP, _DRAFT = 10, 15, 5, 10, 5, 3, 5


@dataclass(frozen=True)
class Item:
    """One thing that was expected, and what it earned."""

    what: Bilingual
    points: int
    most: int
    why: Bilingual


@dataclass(frozen=True)
class Score:
    """Every item, the sum and whether that passes."""

    items: tuple[Item, ...]

    @property
    def points(self) -> int:
        """The sum of what was earned."""
        return sum(one.points for one in self.items)

    @property
    def most(self) -> int:
        """The sum of what could be earned."""
        return sum(one.most for one in self.items)

    @property
    def percent(self) -> int:
        """Marks of a hundred, rounded down: just below the pass mark is no pass."""
        return self.points * 100 // self.most if self.most else 0

    @property
    def passed(self) -> bool:
        """Whether that is enough."""
        return self.percent >= PASS_PERCENT


def score(scenario: Scenario, ticket: Ticket, timeline: Sequence[Event]) -> Score:
    """What the response earned."""
    took_part = ticket.participants
    acts = [
        one for one in timeline if one.what.startswith("incident:") and one.person_id in took_part
    ]
    return Score(
        (
            _first_action(scenario, ticket, acts),
            *_graded(scenario, ticket),
            *_clocks(scenario, ticket, acts),
            _wrong(scenario, ticket),
            *_steps(scenario, ticket, acts),
            *_drafts(scenario, acts),
        )
    )


def score_as_json(found: Score) -> Json:
    """The score as the ticket keeps it."""
    return [
        {
            "what_zh": one.what.zh,
            "what_en": one.what.en,
            "points": one.points,
            "most": one.most,
            "why_zh": one.why.zh,
            "why_en": one.why.en,
        }
        for one in found.items
    ]


def score_of(ticket: Ticket) -> Score | None:
    """The score the ticket keeps, None before the drill has ended."""
    kept = ticket.facts.get("drill_score")
    if not isinstance(kept, list):
        return None
    items = [one for one in kept if isinstance(one, dict)]
    return Score(
        tuple(
            Item(
                Bilingual(str(one["what_zh"]), str(one["what_en"])),
                int(str(one["points"])),
                int(str(one["most"])),
                Bilingual(str(one["why_zh"]), str(one["why_en"])),
            )
            for one in items
        )
    )


def _first_action(scenario: Scenario, ticket: Ticket, acts: Sequence[Event]) -> Item:
    within = scenario.expect.first_action_within
    what = Bilingual(f"{within} 分钟内第一次行动", f"first action within {within} minutes")
    if not acts:
        return Item(what, 0, _FIRST, Bilingual("没有人行动", "nobody acted"))
    after = _minutes(acts[0].at - ticket.opened_at)
    points = _FIRST if after <= within else 0
    return Item(what, points, _FIRST, Bilingual(f"第 {after} 分钟", f"minute {after}"))


def _graded(scenario: Scenario, ticket: Ticket) -> Iterator[Item]:
    expected, found = scenario.expect.severity, Severity(str(ticket.facts["severity"]))
    provisional = ticket.facts.get("provisional") is True
    right = expected is found and not provisional
    still = Bilingual("（暂定）", " (provisional)") if provisional else Bilingual("", "")
    yield Item(
        Bilingual(f"定级为“{expected.label.zh}”", f"graded {expected.label.en}"),
        _GRADE if right else 0,
        _GRADE,
        Bilingual(f"{found.label.zh}{still.zh}", f"{found.label.en}{still.en}"),
    )
    facts = incident_of(ticket.facts)
    for name, value in read_facts(scenario.expect.facts).items():
        known = getattr(facts, name)
        asked = grading_data().questions[name].ask
        yield Item(
            Bilingual(f"查明：{asked.zh}", f"established: {asked.en}"),
            _FACT if known == value else 0,
            _FACT,
            _shown(known),
        )


def _clocks(scenario: Scenario, ticket: Ticket, acts: Sequence[Event]) -> Iterator[Item]:
    for expected in scenario.expect.clocks:
        running = [one for one in ticket.deadlines if one.id == expected.id]
        done = [one for one in running if one.outcome is Outcome.DONE]
        known = running[0] if running else None
        name = known.name if known else Bilingual(expected.id, expected.id)
        to = known.recipient if known else Bilingual("—", "—")
        what = Bilingual(
            f"{expected.within} 分钟内：{name.zh}（报送{to.zh}）",
            f"within {expected.within} minutes: {name.en} (to {to.en})",
        )
        at = _first_at(acts, "incident:clock-settled", "clock", {one.key for one in done})
        if at is None:
            yield Item(what, 0, _CLOCK, Bilingual("没有报送", "not reported"))
            continue
        after = _minutes(at - ticket.opened_at)
        late = after > expected.within
        yield Item(
            what,
            _CLOCK // 3 if late else _CLOCK,
            _CLOCK,
            Bilingual(
                f"第 {after} 分钟{'，迟了' if late else ''}", f"minute {after}{', late' * late}"
            ),
        )


def _wrong(scenario: Scenario, ticket: Ticket) -> Item:
    what = Bilingual("没有向不相干的部门报送", "nothing reported to whom it does not concern")
    told = [
        one
        for one in ticket.deadlines
        if one.id in scenario.expect.wrong and one.outcome is Outcome.DONE
    ]
    if not told:
        return Item(what, _WRONG, _WRONG, Bilingual("对", "right"))
    zh = "、".join(one.recipient.zh for one in told)
    en = ", ".join(one.recipient.en for one in told)
    return Item(what, 0, _WRONG, Bilingual(f"报给了{zh}", f"reported to {en}"))


def _steps(scenario: Scenario, ticket: Ticket, acts: Sequence[Event]) -> Iterator[Item]:
    for step in ticket.steps:
        number = step.step.number
        if number not in scenario.expect.steps:
            continue
        at = _first_at(acts, "incident:step-taken", "step", {number})
        limit = min(
            step.due_at or ticket.opened_at + scenario.length, ticket.opened_at + scenario.length
        )
        points, why = _STEP, Bilingual("按时", "in time")
        if at is None:
            points, why = 0, Bilingual("没有做", "not taken")
            if _first_at(acts, "incident:step-skipped", "step", {number}) is not None:
                why = Bilingual("跳过了", "skipped")
        elif at > limit:
            points, why = _STEP // 3, Bilingual("迟了", "late")
        text = step.step.text
        yield Item(
            Bilingual(f"第 {number} 步：{text.zh}", f"step {number}: {text.en}"), points, _STEP, why
        )


def _drafts(scenario: Scenario, acts: Sequence[Event]) -> Iterator[Item]:
    for kind in scenario.expect.drafts:
        made = _first_at(acts, "incident:drafted", "draft", {kind.value}) is not None
        yield Item(
            Bilingual(f"起草：{kind.label.zh}", f"drafted: {kind.label.en}"),
            _DRAFT if made else 0,
            _DRAFT,
            Bilingual("已起草", "drafted") if made else Bilingual("没有起草", "not drafted"),
        )


def _first_at(
    acts: Iterable[Event], what: str, name: str, values: set[str] | set[int]
) -> datetime | None:
    found = (one.at for one in acts if one.what == what and one.details.get(name) in values)
    return next(found, None)


def _minutes(length: timedelta) -> int:
    """Whole minutes, a begun one counted: 10 minutes and a second is minute 11."""
    return -int(-length.total_seconds() // 60)


def _shown(value: object) -> Bilingual:
    if isinstance(value, bool):
        return Bilingual("是", "yes") if value else Bilingual("否", "no")
    if value is None:
        return Bilingual("不明", "unknown")
    said = f"{value:,}" if isinstance(value, int) else str(value)
    return Bilingual(said, said)
