"""Reports of an incident as PDF: the closing report with its review, and the report after a drill."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from assistant.papers.paper import ACCENT, INK, MARGIN, SOFT, WIDTH, Paper
from records.beijing import to_the_minute
from records.language import Bilingual
from records.people import Person
from tickets.clocks.deadlines import Deadline, Outcome
from tickets.drills.data import Scenario
from tickets.drills.score import Score
from tickets.incidents.event_names import INCIDENT_EVENTS
from tickets.incidents.facts import Severity
from tickets.incidents.review import Review
from tickets.ticket import DRILL_MARK, Event, StepState, Ticket

_RIGHT = WIDTH - MARGIN
_OUTCOMES = {
    Outcome.DONE: Bilingual("已完成", "done"),
    Outcome.NOT_APPLICABLE: Bilingual("不适用", "not applicable"),
    Outcome.SUPERSEDED: Bilingual("由另一时限取代", "another clock runs instead"),
}


def closing_report(
    ticket: Ticket,
    timeline: Sequence[Event],
    review: Review | None,
    made_at: datetime,
    *,
    people: Sequence[Person],
) -> bytes:
    """What happened, how it was graded, every clock and how it was met, steps, review, timeline.

    `people`: all there are; those the report names by number stand at its end by name as well.
    """
    title = Bilingual("事件总结报告", "Closing report of an incident")
    paper = _paper(ticket, title, made_at)
    _part(paper, Bilingual("情况", "What happened"), [Bilingual(ticket.description, "")])
    severity = Severity(str(ticket.facts["severity"])).label
    still = Bilingual("（暂定）", " (provisional)")
    unsure = still if ticket.facts.get("provisional") else Bilingual("", "")
    _part(
        paper,
        Bilingual(f"定级：{severity.zh}{unsure.zh}", f"Grade: {severity.en}{unsure.en}"),
        _reasons(ticket),
    )
    _part(
        paper,
        Bilingual("时限及完成情况", "Clocks and how they were met"),
        [clock_line(one) for one in ticket.deadlines],
    )
    _part(paper, Bilingual("处置步骤", "Steps"), _steps(ticket))
    if review is not None:
        _review(paper, review)
    if said := str(ticket.facts.get("closing_report") or ""):
        _part(paper, Bilingual("总结", "Report"), [Bilingual(one, "") for one in said.splitlines()])
    _part(paper, Bilingual("经过", "Timeline"), [event_line(one) for one in timeline])
    owners = [one.owner for one in review.actions] if review else []
    _named(paper, people, {*_involved(ticket, timeline), *owners})
    return paper.pdf(f"{title.zh} {ticket.id}")


def drill_report(
    ticket: Ticket,
    scenario: Scenario,
    score: Score | None,
    timeline: Sequence[Event],
    made_at: datetime,
    *,
    people: Sequence[Person],
) -> bytes:
    """The score item by item, what came in when, and what was done."""
    title = Bilingual("演练评估报告", "Report after a drill")
    paper = _paper(ticket, title, made_at)
    _part(paper, scenario.name, [scenario.about])
    names = "、".join(ticket.participants)
    _part(paper, Bilingual("参加人", "Who took part"), [Bilingual(names, "")])
    if score is not None:
        passed = ("通过", "passed") if score.passed else ("未通过", "not passed")
        head = Bilingual(
            f"得分 {score.points}/{score.most}（{score.percent}%），{passed[0]}",
            f"Score {score.points} of {score.most} ({score.percent}%), {passed[1]}",
        )
        lines = [
            Bilingual(
                f"[{one.points}/{one.most}] {one.what.zh} —— {one.why.zh}",
                f"{one.what.en} — {one.why.en}",
            )
            for one in score.items
        ]
        _part(paper, head, lines)
    _part(paper, Bilingual("经过", "Timeline"), [event_line(one) for one in timeline])
    _named(paper, people, _involved(ticket, timeline))
    return paper.pdf(f"{title.zh} {ticket.id}")


def _involved(ticket: Ticket, timeline: Sequence[Event]) -> set[str | None]:
    """The numbers of everybody a report names."""
    return {
        *ticket.participants,
        *(one.person_id for one in timeline),
        *(one.by for one in ticket.steps),
        *(one.owner for one in ticket.steps),
        *(one.satisfied_by for one in ticket.deadlines),
    }


def _named(paper: Paper, people: Sequence[Person], numbers: set[str | None]) -> None:
    lines = [Bilingual(f"{one.id} {one.name}", "") for one in people if one.id in numbers]
    if lines:
        _part(paper, Bilingual("人员", "People"), lines)


def clock_line(one: Deadline) -> Bilingual:
    """One clock: to whom, until when, under which article, and how it ended."""
    by = moment(one.due_at) if one.due_at else "—"
    zh, en = (f"{by} 前", f"by {by}") if one.due_at else ("立即", "at once")
    if one.awaits_end:
        zh, en = "处置结束后起算", "from the end of handling"
    ended = Bilingual("未了结", "open")
    if one.outcome is not None and one.satisfied_at is not None:
        late = one.outcome is Outcome.DONE and one.due_at and one.satisfied_at > one.due_at
        said = _OUTCOMES[one.outcome]
        at, mark = moment(one.satisfied_at), Bilingual("（逾期）", " (late)")
        ended = Bilingual(
            f"{said.zh} {at}{mark.zh if late else ''} {one.satisfied_by}：{one.reference}",
            f"{said.en} {at}{mark.en if late else ''}",
        )
    article = f"《{one.instrument}》{f'第{one.article}条' if one.article else ''}"
    sure = "" if one.is_law else "（待核实）"
    return Bilingual(
        f"{one.name.zh}，{zh}，报送{one.recipient.zh}，{article}{sure}：{ended.zh}",
        f"{one.name.en}, {en}, to {one.recipient.en}: {ended.en}",
    )


def event_line(one: Event) -> Bilingual:
    """One line of the timeline."""
    name = INCIDENT_EVENTS.get(one.what, Bilingual(one.what, one.what))
    about = str(one.details.get("about_zh") or "")
    about_en = str(one.details.get("about_en") or "")
    text = str(one.details.get("text") or "")
    said = "；".join(part for part in (about, text) if part)
    return Bilingual(
        f"{moment(one.at)}  {name.zh}  {one.person_id}{f'：{said}' if said else ''}",
        f"{name.en}{f': {about_en}' if about_en else ''}",
    )


def moment(value: datetime) -> str:
    """A moment in Beijing time."""
    return to_the_minute(value)


def _paper(ticket: Ticket, title: Bilingual, made_at: datetime) -> Paper:
    paper = Paper(marks_stay=True, mark=DRILL_MARK if ticket.drill else None)
    paper.y -= 20
    paper.write(title.zh, x=MARGIN, y=paper.y, size=20)
    paper.y -= 16
    paper.write(title.en, x=MARGIN, y=paper.y, size=10, ink=SOFT)
    paper.y -= 22
    paper.write(ticket.id, x=MARGIN, y=paper.y, size=13, ink=ACCENT)
    paper.y -= 6
    aware = moment(datetime.fromisoformat(str(ticket.facts["aware_at"])))
    for said in (
        ticket.title,
        f"知悉 known since {aware}  登记 opened {moment(ticket.opened_at)}",
        f"出具 made {moment(made_at)}（北京时间 Beijing time）",
    ):
        paper.block(said, x=MARGIN, size=9, right=_RIGHT)
    paper.y -= 10
    paper.rule(ink=ACCENT, width=1.4)
    return paper


def _part(paper: Paper, heading: Bilingual, lines: Iterable[Bilingual]) -> None:
    paper.room(60)
    paper.y -= 10
    paper.block(f"{heading.zh}  {heading.en}", x=MARGIN, size=11.5, right=_RIGHT, ink=ACCENT)
    paper.y -= 2
    for line in lines:
        paper.block(line.zh, x=MARGIN + 8, size=9, right=_RIGHT, ink=INK)
        if line.en:
            paper.block(line.en, x=MARGIN + 8, size=7.5, right=_RIGHT, ink=SOFT)
        paper.y -= 3


def _reasons(ticket: Ticket) -> list[Bilingual]:
    zh, en = ticket.facts.get("reasons_zh"), ticket.facts.get("reasons_en")
    if not (isinstance(zh, list) and isinstance(en, list)):
        return []
    return [Bilingual(str(a), str(b)) for a, b in zip(zh, en, strict=True)]


def _steps(ticket: Ticket) -> list[Bilingual]:
    names = {
        StepState.TAKEN: Bilingual("已完成", "taken"),
        StepState.SKIPPED: Bilingual("已跳过", "skipped"),
        StepState.WAITING: Bilingual("未做", "open"),
    }
    lines = []
    for one in ticket.steps:
        said = names[one.state]
        when = f" {moment(one.at)} {one.by}" if one.at else ""
        note = f"：{one.note}" if one.note else ""
        lines.append(
            Bilingual(
                f"{one.step.number}. {one.step.text.zh} —— {said.zh}{when}{note}",
                f"{one.step.text.en} — {said.en}",
            )
        )
    return lines


def _review(paper: Paper, review: Review) -> None:
    for heading, text in (
        (Bilingual("复盘：发生了什么", "Review: what happened"), review.happened),
        (Bilingual("原因", "Cause"), review.cause),
        (Bilingual("做得好的", "What worked"), review.worked),
        (Bilingual("要改进的", "What to do better"), review.better),
    ):
        if text:
            _part(paper, heading, [Bilingual(one, "") for one in text.splitlines()])
    lines = [
        Bilingual(
            f"{one.number}. {one.text}（{one.owner}，{one.due_on} 前）"
            + (f" —— 已完成 {moment(one.done_at)}" if one.done_at else ""),
            "",
        )
        for one in review.actions
    ]
    _part(paper, Bilingual("整改行动", "Actions"), lines or [Bilingual("无", "none")])
