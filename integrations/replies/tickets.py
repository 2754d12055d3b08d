"""Replies about tickets: an incident with its clocks, a destruction with its lawful date."""

from datetime import datetime

from assistant.destruction.decide_record import DecidedRecord
from assistant.destruction.destroy_data import DestructionRequest
from assistant.incidents.report_incident import IncidentReport
from assistant.tickets_view import TicketView
from integrations.replies.model import Action, Fact, Point, Reply, Section, Tone
from integrations.replies.wording import (
    CONDITIONAL,
    CONTESTED,
    article,
    certainty,
    day,
    from_now,
    labelled,
    moment,
)
from records.language import Bilingual, Language
from tickets.clocks.deadlines import Deadline, most_pressing_first
from tickets.incidents.awareness import AwareBy
from tickets.incidents.facts import Grading, Severity
from tickets.retention.facts import Decision, RuleOutcome, Status
from tickets.retention.rules import rulebook
from tickets.ticket import State, Ticket, TicketKind, TicketStep

_STATUS = {
    Status.NOT_YET: (Tone.CAUTION, Bilingual("还不能销毁", "Not yet")),
    Status.MAY_DESTROY: (Tone.GOOD, Bilingual("可以销毁", "May be destroyed")),
    Status.MUST_DELETE: (Tone.CAUTION, Bilingual("应当删除", "Must be deleted")),
    Status.BLOCKED: (Tone.ALARM, Bilingual("暂停销毁", "On hold: must not be destroyed")),
    Status.PERMANENT: (Tone.ALARM, Bilingual("永久保存，不得销毁", "Keep for ever")),
    Status.CONTESTED: (Tone.CAUTION, Bilingual("有争议，由人决定", "Contested: a person decides")),
    Status.NEEDS_FACT: (Tone.CAUTION, Bilingual("还缺一项事实", "A fact is missing")),
}
_ENDED = frozenset({State.CLOSED, State.REGISTERED, State.REFUSED})
_PROVISIONAL = Bilingual("（暂定：人数未知）", " (provisional: head count unknown)")
_CLOCKS = Bilingual("时限（从知悉时起算，同时进行）", "Clocks (from awareness, in parallel)")
_FIRST = Bilingual("先做这一步", "Do this first")
_WHY = Bilingual("为何如此定级", "Why this grade")
_NEEDS = Bilingual("请补充（会改变结论）", "Please tell us (it changes the answer)")
_CONDITIONS = Bilingual("条件", "Conditions")
_BY_HOLDER = Bilingual("按公司类型", "By kind of company")
_UNTIL_THEN = Bilingual("保存期间", "While it is kept")
_RULES = Bilingual("考虑过的规则", "Rules considered")
_APPROVAL = Bilingual(
    "工单只是申请：鉴定、通知并由申请人以外的两人批准之前，什么都不要销毁。",
    "The ticket is only a request: destroy nothing before appraisal, notice and the approval of "
    "two people other than you.",
)
_DRILL = Bilingual(
    "演练：不是真实事件，不对外发送。", "A drill: not a real incident, nothing is sent outside."
)
_RESTRICTED = Bilingual(
    "事件工单限知情人员查看，请勿转发。",
    "Incident tickets are restricted; please do not pass this on.",
)


def incident_reply(report: IncidentReport, *, now: datetime) -> Reply:
    """The ticket, its grade, the first step and every clock with recipient, article and time."""
    ticket, language = report.ticket, report.language
    grave = report.grading.severity is not Severity.GENERAL
    return Reply(
        language=language,
        tone=Tone.ALARM if grave else Tone.CAUTION,
        title=_say(language, f"事件 {ticket.id} 已登记", f"Incident {ticket.id} is on record"),
        lead=_incident_lead(report, now),
        facts=(
            Fact(_say(language, "工单", "Ticket"), ticket.id),
            Fact(_say(language, "应急预案", "Playbook"), report.playbook.name.pick(language)),
            *_known_since(ticket, language),
        ),
        sections=(
            *_first_step(ticket, now, language),
            *_clocks(ticket, now, language),
            _reasons(report.grading, language),
        ),
        notes=(_RESTRICTED.pick(language),),
        masked=report.masked,
        actions=(_look_up(ticket, language),),
    )


def destruction_reply(request: DestructionRequest) -> Reply:
    """Whether and from when the records may go, why, and what would change it."""
    language, ticket = request.language, request.ticket
    tone, status = _STATUS[request.decision.status]
    verdict = status.pick(language)
    return Reply(
        language=language,
        tone=tone,
        title=_say(language, f"销毁申请 {ticket.id}：{verdict}", f"Request {ticket.id}: {verdict}"),
        lead=_decided(request.decision, language),
        facts=(
            Fact(_say(language, "工单", "Ticket"), ticket.id),
            *_dates(request.decision, language),
        ),
        sections=_decision_sections(request.decision, language),
        notes=(_APPROVAL.pick(language),),
        masked=request.masked,
        actions=(_look_up(ticket, language),),
    )


def decision_reply(decided: DecidedRecord, language: Language) -> Reply:
    """The same of one kind of record that was only asked about."""
    tone, status = _STATUS[decided.decision.status]
    return Reply(
        language=language,
        tone=tone,
        title=f"{rulebook().kinds[decided.kind].name.pick(language)}：{status.pick(language)}",
        lead=_decided(decided.decision, language),
        facts=_dates(decided.decision, language),
        sections=_decision_sections(decided.decision, language),
    )


def ticket_reply(view: TicketView, *, language: Language, now: datetime) -> Reply:
    """One ticket: state, what runs and since when, what may be done."""
    ticket = view.ticket
    incident = ticket.kind is TicketKind.INCIDENT
    facts = (
        Fact(_say(language, "状态", "State"), ticket.state.label.pick(language)),
        Fact(_say(language, "登记时间", "Opened"), moment(ticket.opened_at, language)),
        *_known_since(ticket, language),
    )
    open_sections = (
        (*_first_step(ticket, now, language), *_clocks(ticket, now, language)) if incident else ()
    )
    decided = view.decision
    return Reply(
        language=language,
        tone=Tone.INFO if ticket.state in _ENDED else Tone.CAUTION,
        title=f"{ticket.id} {ticket.title}",
        lead=_decided(decided, language) if decided else Point(ticket.description),
        facts=(*facts, *(_dates(decided, language) if decided else ())),
        sections=(*open_sections, *(_decision_sections(decided, language) if decided else ())),
        notes=tuple(
            note.pick(language)
            for note, holds in ((_DRILL, ticket.drill), (_RESTRICTED, ticket.restricted))
            if holds
        ),
    )


def restricted_reply(report: IncidentReport) -> Reply:
    """What may be said of an incident where others read along: its number, nothing else."""
    language, number = report.language, report.ticket.id
    return Reply(
        language=language,
        tone=Tone.INFO,
        title=_say(language, f"事件 {number} 已登记", f"Incident {number} is on record"),
        lead=Point(
            _say(
                language,
                "事件限知情人员查看：定级、时限和第一步已私信发给您。",
                "Incidents are restricted: grade, clocks and first step went to you directly.",
            )
        ),
        masked=report.masked,
    )


def private_reply(request: DestructionRequest) -> Reply:
    """What may be said of a destruction where others read along: its number, nothing else."""
    language, number = request.language, request.ticket.id
    return Reply(
        language=language,
        tone=Tone.INFO,
        title=_say(language, f"销毁申请 {number} 已登记", f"Destruction {number} is on record"),
        lead=Point(
            _say(
                language,
                "结论、日期和条件已私信发给您。",
                "The decision, its dates and conditions went to you directly.",
            )
        ),
        masked=request.masked,
    )


def _incident_lead(report: IncidentReport, now: datetime) -> Point:
    language = report.language
    graded = _graded(report.grading, language)
    running = [d for d in report.ticket.deadlines if d.due_at and not d.conditional and d.is_law]
    nearest = min(running, key=lambda one: one.due_at or now, default=None)
    if nearest is None or nearest.due_at is None:
        at_once = sum(one.at_once for one in report.ticket.deadlines)
        zh, en = f"，{at_once} 项须立即办理", f"; {at_once} things must be done at once"
        return Point(
            _say(
                language,
                f"定级：{graded}{zh if at_once else ''}。",
                f"Grade: {graded}{en if at_once else ''}.",
            )
        )
    who, when = nearest.recipient.pick(language), moment(nearest.due_at, language)
    left = from_now(nearest.due_at, now, language)
    return Point(
        _say(
            language,
            f"定级：{graded}。最近的时限：{when}前，{who}（{left}）。",
            f"Grade: {graded}. Nearest clock: by {when}, to {who} ({left}).",
        ),
        certainty(nearest.confidence, language),
    )


def _graded(grading: Grading, language: Language) -> str:
    provisional = _PROVISIONAL.pick(language) if grading.provisional else ""
    return grading.severity.label.pick(language) + provisional


def _first_step(ticket: Ticket, now: datetime, language: Language) -> tuple[Section, ...]:
    found = ticket.next_step
    if found is None or ticket.state in _ENDED:
        return ()
    return (Section(_FIRST.pick(language), (_step(found, len(ticket.steps), now, language),)),)


def _step(found: TicketStep, total: int, now: datetime, language: Language) -> Point:
    step = found.step
    colon = _say(language, "：", ": ")
    text = (
        f"{step.number}/{total} {step.role.label.pick(language)}{colon}{step.text.pick(language)}"
    )
    if found.due_at is not None:
        text += _say(language, "　时间：", " Time: ") + from_now(found.due_at, now, language)
    rests_on = (article(step.instrument, step.article, language),) if step.instrument else ()
    return Point(text, rests_on=rests_on)


def _clocks(ticket: Ticket, now: datetime, language: Language) -> tuple[Section, ...]:
    if not ticket.deadlines:
        return ()
    ordered = most_pressing_first(ticket.deadlines)
    points = tuple(_clock(deadline, now, language) for deadline in ordered)
    return (Section(_CLOCKS.pick(language), points),)


def _clock(deadline: Deadline, now: datetime, language: Language) -> Point:
    conditional = CONDITIONAL.pick(language) if deadline.conditional else ""
    colon = _say(language, "：", ": ")
    who, name = deadline.recipient.pick(language), deadline.name.pick(language)
    return Point(
        f"{_when(deadline, now, language)} → {who}{colon}{name}",
        labelled(language, conditional, certainty(deadline.confidence, language)),
        rests_on=(article(deadline.instrument, deadline.article, language),),
    )


def _known_since(ticket: Ticket, language: Language) -> tuple[Fact, ...]:
    """From when its clocks run, and where that was taken from."""
    at = ticket.facts.get("aware_at")
    if not isinstance(at, str):
        return ()
    source = AwareBy(str(ticket.facts.get("aware_by") or AwareBy.GIVEN)).label.pick(language)
    since = moment(datetime.fromisoformat(at), language)
    return (Fact(_say(language, "知悉时间", "Known since"), f"{since} · {source}"),)


def _when(deadline: Deadline, now: datetime, language: Language) -> str:
    if deadline.satisfied_at is not None:
        return _say(language, "已完成", "done")
    if deadline.due_at is not None:
        left = from_now(deadline.due_at, now, language)
        return _say(
            language,
            f"{moment(deadline.due_at, language)}前（{left}）",
            f"by {moment(deadline.due_at, language)} ({left})",
        )
    if deadline.awaits_end:
        return _say(language, "处置结束后起算", "counted from the end of handling")
    return _say(language, "立即", "at once")


def _reasons(grading: Grading, language: Language) -> Section:
    label = certainty(grading.confidence, language)
    rests_on = tuple(article(c.instrument, c.article, language) for c in grading.citations)
    points = [Point(reason.pick(language)) for reason in grading.reasons]
    if points:
        points[0] = Point(points[0].text, label, rests_on=rests_on)
    return Section(_WHY.pick(language), tuple(points))


def _decided(decision: Decision, language: Language) -> Point:
    """The conclusion with what decides it, and how far that may be relied on."""
    rule, summary = decision.deciding, decision.summary.pick(language)
    contested = CONTESTED.pick(language) if decision.status is Status.CONTESTED else ""
    if rule is None:
        return Point(summary, contested)
    label = labelled(language, contested, certainty(rule.citation.confidence, language))
    return Point(summary, label, rests_on=(_cited(rule, language),))


def _dates(decision: Decision, language: Language) -> tuple[Fact, ...]:
    facts = []
    if decision.earliest:
        name = _say(language, "最早合法销毁日期", "Earliest lawful destruction")
        facts.append(Fact(name, day(decision.earliest)))
    if decision.latest:
        name = _say(language, "最晚合法保存日期", "Latest lawful keeping")
        facts.append(Fact(name, day(decision.latest)))
    return tuple(facts)


def _decision_sections(decision: Decision, language: Language) -> tuple[Section, ...]:
    by_holder = tuple(
        Point(f"{one.name.pick(language)}：{one.decision.summary.pick(language)}")
        for one in decision.alternatives
    )
    interim = (Point(decision.interim.pick(language)),) if decision.interim else ()
    sections = (
        Section(_NEEDS.pick(language), tuple(_questions(decision, language))),
        Section(
            _CONDITIONS.pick(language), tuple(Point(c.pick(language)) for c in decision.conditions)
        ),
        Section(_BY_HOLDER.pick(language), by_holder),
        Section(_UNTIL_THEN.pick(language), interim),
        Section(
            _RULES.pick(language),
            tuple(_rule(rule, language) for rule in decision.considered if rule.applies),
        ),
    )
    return tuple(section for section in sections if section.points)


def _questions(decision: Decision, language: Language) -> list[Point]:
    return [Point(fact.question.pick(language)) for fact in decision.missing]


def _rule(rule: RuleOutcome, language: Language) -> Point:
    until = ""
    if rule.last_day:
        until = _say(language, f"，至 {day(rule.last_day)}", f", until {day(rule.last_day)}")
    return Point(
        rule.name.pick(language) + until,
        certainty(rule.citation.confidence, language),
        rests_on=(_cited(rule, language),),
    )


def _cited(rule: RuleOutcome, language: Language) -> str:
    return article(rule.citation.instrument, rule.citation.article, language)


def _look_up(ticket: Ticket, language: Language) -> Action:
    text = _say(language, "网页“工单”可查看全部步骤", "All steps are under Tickets on the web")
    return Action(text, ticket.id)


def _say(language: Language, zh: str, en: str) -> str:
    return Bilingual(zh, en).pick(language)
