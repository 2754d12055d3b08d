"""Incidents out of forms and presses: reported, steps taken or skipped, clocks settled."""

from dataclasses import replace

from assistant.app import App
from assistant.incidents.report_incident import report_incident
from assistant.incidents.steps import skip_step, take_step
from assistant.incidents.work_incident import seen_incident, settle_clock
from assistant.my_work import is_own_step
from assistant.tickets_view import TicketView
from integrations.acts.model import Act, Wish, numbered, reason_form
from integrations.replies import Choice, Press, Reply, incident_reply, ticket_reply
from integrations.replies.forms import Field, FieldKind, Form, moment_of
from integrations.replies.model import Weight
from integrations.replies.wording import moment, ticket_number
from records.errors import BadInput, Conflict, NotFound
from records.language import Bilingual, Language
from records.people import Person
from records.permissions import Permission, allowed
from tickets.errors import MoveNotAllowed
from tickets.incidents.work import step_of
from tickets.ticket import State, StepState, Ticket, TicketKind

_YES = Bilingual("是", "Yes")
_NO = Bilingual("否", "No")


def incident_form(language: Language) -> Form:
    """What happened, when it was noticed, how many people it concerns."""
    zh = language is Language.ZH
    sensitive = (Choice("yes", _YES.pick(language)), Choice("no", _NO.pick(language)))
    return Form(
        language,
        "报告事件" if zh else "Report an incident",
        (
            Field(
                "description",
                "发生了什么" if zh else "What happened",
                FieldKind.TEXT,
                hint="例如：笔记本电脑丢了，里面有 1200 名客户的资料"
                if zh
                else "For example: a laptop with data of 1200 clients is gone",
            ),
            Field(
                "aware_at",
                "什么时候知道的" if zh else "When it was noticed",
                FieldKind.MOMENT,
                required=False,
                hint="时限从知悉时起算；不填就是现在"
                if zh
                else "Clocks run from that moment; empty means now",
            ),
            Field(
                "people",
                "涉及多少人" if zh else "How many people",
                FieldKind.NUMBER,
                required=False,
                most=2_000_000_000,
            ),
            Field(
                "sensitive",
                "有敏感个人信息吗" if zh else "Sensitive personal information?",
                FieldKind.CHOICE,
                required=False,
                choices=sensitive,
            ),
        ),
        lead="事件只限知情人员查看；文字里的个人信息会先遮盖。"
        if zh
        else "Incidents are restricted; personal data in the text is masked first.",
    )


def clock_form(language: Language) -> Form:
    """Which clock, by what evidence, when."""
    zh = language is Language.ZH
    return Form(
        language,
        "办结一项时限" if zh else "Settle a clock",
        (
            Field("clock", "哪一项" if zh else "Which one", FieldKind.CHOICE),
            Field(
                "reference",
                "回执或依据" if zh else "Receipt or evidence",
                FieldKind.TEXT,
                hint="例如：网信办回执 2026-118"
                if zh
                else "For example: receipt 2026-118 of the authority",
                most=1000,
            ),
            Field(
                "done_at",
                "什么时候办的" if zh else "When it was done",
                FieldKind.MOMENT,
                required=False,
                hint="不填就是现在" if zh else "Empty means now",
            ),
        ),
    )


def incident_presses(ticket: Ticket, person: Person) -> tuple[Press, ...]:
    """What this person may do with the incident now."""
    if ticket.kind is not TicketKind.INCIDENT or ticket.state is State.CLOSED:
        return ()
    language, handles = person.language, allowed(person, Permission.INCIDENT_HANDLE)
    presses = []
    step = ticket.next_step
    if step is not None and (handles or is_own_step(ticket, step, person)):
        subject = f"{ticket.id}:{step.step.number}"
        presses.append(Press("step-done", _DONE.pick(language), subject, Weight.GOOD))
        if handles:
            presses.append(Press("step-skip", _SKIP.pick(language), subject))
    if handles and any(one.satisfied_at is None for one in ticket.deadlines):
        settle = Bilingual("办结时限", "Settle a clock")
        presses.append(Press("clock-done", settle.pick(language), ticket.id))
    return tuple(presses)


def _report(app: App, person: Person, wish: Wish) -> Reply:
    people, sensitive = wish.text("people"), wish.text("sensitive")
    report = report_incident(
        app,
        person,
        wish.text("description"),
        aware_at=moment_of(wish.text("aware_at")),
        said_at=wish.said_at,
        people=int(people) if people else None,
        sensitive={"yes": True, "no": False}.get(sensitive),
        key=wish.key,
    )
    reply = incident_reply(report, now=app.clock())
    return replace(reply, presses=incident_presses(report.ticket, person))


def _take(app: App, person: Person, wish: Wish) -> Reply:
    ticket_id, number = numbered(wish.subject)
    try:
        ticket = take_step(app, person, ticket_id, number, note=wish.text("reason"))
    except MoveNotAllowed as refusal:
        ticket = _done_before(app, person, wish, StepState.TAKEN, refusal)
    return _after(app, person, ticket, Bilingual(f"第{number}步已完成", f"step {number} done"))


def _skip(app: App, person: Person, wish: Wish) -> Reply:
    ticket_id, number = numbered(wish.subject)
    try:
        ticket = skip_step(app, person, ticket_id, number, reason=wish.text("reason"))
    except MoveNotAllowed as refusal:
        ticket = _done_before(app, person, wish, StepState.SKIPPED, refusal)
    return _after(app, person, ticket, Bilingual(f"第{number}步已跳过", f"step {number} skipped"))


def _done_before(
    app: App, person: Person, wish: Wish, state: StepState, refusal: MoveNotAllowed
) -> Ticket:
    """The incident where this person did the same before, and a crash or a second press asks again.

    Raises the refusal where it was not so.
    """
    ticket_id, number = numbered(wish.subject)
    ticket = seen_incident(app, person, ticket_id)
    step = step_of(ticket, number)
    if (step.state, step.by) != (state, person.id):
        raise refusal
    return ticket


def _settle(app: App, person: Person, wish: Wish) -> Reply:
    key = wish.text("clock")
    try:
        ticket = settle_clock(
            app,
            person,
            wish.subject,
            key,
            reference=wish.text("reference"),
            done_at=moment_of(wish.text("done_at")) or wish.said_at,
        )
    except (Conflict, NotFound):
        ticket = seen_incident(app, person, wish.subject)
        if not any(o.key == key and o.satisfied_by == person.id for o in ticket.deadlines):
            raise
    return _after(app, person, ticket, Bilingual("时限已办结", "clock settled"))


def _offer_clocks(app: App, person: Person, form: Form, subject: str) -> Form:
    ticket, language = seen_incident(app, person, subject), form.language
    running = [one for one in ticket.deadlines if one.satisfied_at is None]
    if not running:
        raise BadInput("这张工单的时限都已办结。", "Every clock of this ticket is settled.")
    choices = [
        Choice(
            one.key,
            f"{one.name.pick(language)} → {one.recipient.pick(language)}"
            + (f" · {moment(one.due_at, language)}" if one.due_at else ""),
        )
        for one in running
    ]
    return form.offering("clock", tuple(choices))


def _after(app: App, person: Person, ticket: Ticket, done: Bilingual) -> Reply:
    """The incident as it stands after something was done with it."""
    view = TicketView(ticket, (), None)
    reply = ticket_reply(view, language=person.language, now=app.clock())
    title = f"{ticket_number(ticket, person.language)} {done.pick(person.language)}"
    return replace(reply, title=title, presses=incident_presses(ticket, person))


_SKIP = Bilingual("跳过这一步", "Skip the step")
_EVIDENCE = Bilingual("证据存放在哪里（可不填）", "Where the evidence is kept (optional)")
_DONE = Bilingual("完成这一步", "Step done")

ACTS = {
    "incident": Act(_report, incident_form),
    "step-done": Act(_take, reason_form(_DONE, _EVIDENCE, required=False)),
    "step-skip": Act(_skip, reason_form(_SKIP, Bilingual("理由", "Reason"))),
    "clock-done": Act(_settle, clock_form, _offer_clocks),
}
