"""Destructions out of forms and presses: requested, approved, refused."""

from dataclasses import replace
from datetime import date

from assistant.app import App
from assistant.destruction.certificate import read_destruction
from assistant.destruction.destroy_data import DestructionRequest, request_destruction
from assistant.destruction.prepare_destruction import (
    approve_destruction,
    refuse_destruction,
    state_facts,
)
from assistant.destruction.steps import Destruction, read
from assistant.my_work import may_approve
from integrations.acts.model import Act, Wish, reason_form
from integrations.replies import Choice, Fact, Point, Press, Reply, Section, Tone, destruction_reply
from integrations.replies.destruction import next_step, on_record
from integrations.replies.forms import Field, FieldKind, Form
from integrations.replies.model import Weight
from records.language import Bilingual, Language
from records.people import Person
from records.permissions import Permission, allowed
from tickets.errors import MoveNotAllowed, SamePerson
from tickets.retention.facts import Decision, Flag, HolderType, RecordKind, StartEvent
from tickets.retention.facts import Fact as FactAsked
from tickets.retention.rules import rulebook
from tickets.ticket import State, Ticket

_FACTS = Bilingual("补充事实", "Give the missing facts")
_IS, _IS_NOT = Bilingual("是", "yes"), Bilingual("否", "no")
_YES = Bilingual("有，或不清楚", "Yes, or not sure")
_NO = Bilingual("没有", "No")


def destruction_form(language: Language) -> Form:
    """Which records, of which kind, since when the client is gone."""
    zh = language is Language.ZH
    kinds = tuple(Choice(k.value, rulebook().kinds[k].name.pick(language)) for k in RecordKind)
    return Form(
        language,
        "申请销毁" if zh else "Request destruction",
        (
            Field(
                "description",
                "要销毁什么" if zh else "What is to be destroyed",
                FieldKind.TEXT,
                hint="例如：2021 年解约客户的身份证复印件 86 份"
                if zh
                else "For example: 86 ID copies of clients who left in 2021",
            ),
            Field("kind", "资料种类" if zh else "Kind of record", FieldKind.CHOICE, choices=kinds),
            Field(
                "holder",
                "我们是哪类单位（不选则用系统设置）"
                if zh
                else "What kind of company we are (else as set up)",
                FieldKind.CHOICE,
                required=False,
                choices=tuple(
                    Choice(k.value, name.pick(language)) for k, name in rulebook().holders.items()
                ),
            ),
            Field(
                "ended_on",
                "业务关系或合同结束日期" if zh else "Day the relationship ended",
                FieldKind.DAY,
                required=False,
            ),
            Field(
                "dispute",
                "有争议、诉讼或检查吗" if zh else "Any dispute, lawsuit or inspection?",
                FieldKind.CHOICE,
                choices=(Choice("no", _NO.pick(language)), Choice("yes", _YES.pick(language))),
            ),
        ),
        lead="这只是申请：鉴定、通知并由两人批准之前，什么都不要销毁。"
        if zh
        else "A request only: destroy nothing before appraisal, notice and two approvals.",
    )


def facts_form(app: App, language: Language, subject: str) -> Form:
    """The facts that the decision asks for, each its field; what is not known is left out.

    Raises TicketNotFound.
    """
    with app.database.reading() as session:
        missing = read(app, session, subject).decision.missing
    return Form(language, _FACTS.pick(language), tuple(_field(one, language) for one in missing))


def _field(fact: FactAsked, language: Language) -> Field:
    question = fact.question.pick(language)
    if fact.name == "holder":
        named = {k.value: name for k, name in rulebook().holders.items()}
    elif fact.name == "record_kind":
        named = {k.value: rulebook().kinds[k].name for k in RecordKind}
    elif fact.name in set(Flag):
        named = {"yes": _IS, "no": _IS_NOT}
    else:
        return Field(fact.name, question, FieldKind.DAY, required=False, ahead=True)
    choices = tuple(Choice(name, said.pick(language)) for name, said in named.items())
    return Field(fact.name, question, FieldKind.CHOICE, required=False, choices=choices)


def _may_state(app: App, person: Person, form: Form, subject: str) -> Form:
    """The form, for whoever may give the facts, while there are any to give."""
    found = read_destruction(app, person, subject)
    if not form.fields or found.ticket.state is not State.REQUESTED:
        raise MoveNotAllowed("没有还缺的事实。", "No fact is missing.")
    return form


def destruction_presses(
    ticket: Ticket, person: Person, decision: Decision | None = None
) -> tuple[Press, ...]:
    """What is this person's turn: missing facts, approving, refusing. The verbs check it again."""
    language = person.language
    mine = ticket.opened_by == person.id or allowed(person, Permission.DESTRUCTION_PREPARE)
    if ticket.state is State.REQUESTED and decision and decision.missing and mine:
        return (Press("facts", _FACTS.pick(language), ticket.id, Weight.GOOD),)
    if not may_approve(ticket, person):
        return ()
    sure = Bilingual(
        f"批准销毁 {ticket.id}？批准以您的名义记录，不能代签。",
        f"Approve the destruction {ticket.id}? It goes on record in your name.",
    )
    return (
        Press(
            "approve",
            Bilingual("批准", "Approve").pick(language),
            ticket.id,
            Weight.GOOD,
            sure.pick(language),
        ),
        Press("refuse", Bilingual("驳回", "Refuse").pick(language), ticket.id, Weight.GRAVE),
    )


def approval_reply(found: Destruction, person: Person) -> Reply:
    """To an approver: a destruction waits for them, what it is about and what is on record."""
    language, ticket = person.language, found.ticket
    title = Bilingual(f"待您审批：{ticket.id}", f"For your approval: {ticket.id}")
    return _standing(found, person, title.pick(language), Tone.CAUTION)


def _standing(found: Destruction, person: Person, title: str, tone: Tone) -> Reply:
    language, ticket = person.language, found.ticket
    zh = language is Language.ZH
    told = tuple(Point(one.pick(language)) for one in on_record(found))
    sections = (Section("已登记" if zh else "On record", told),) if told else ()
    earliest = found.decision.earliest
    return Reply(
        language=language,
        tone=tone,
        title=title,
        lead=Point(ticket.description),
        facts=(
            Fact("状态" if zh else "State", ticket.state.label.pick(language)),
            *(
                (Fact("最早合法销毁日期" if zh else "Earliest lawful day", earliest.isoformat()),)
                if earliest
                else ()
            ),
            Fact("下一步" if zh else "Next", next_step(found).pick(language)),
        ),
        sections=sections,
        presses=destruction_presses(ticket, person, found.decision),
    )


def _request(app: App, person: Person, wish: Wish) -> Reply:
    ended = wish.text("ended_on")
    request = request_destruction(
        app,
        person,
        wish.text("description"),
        record_kind=RecordKind(wish.text("kind")),
        holder=HolderType(wish.text("holder")) if wish.text("holder") else None,
        dates={StartEvent.RELATIONSHIP_ENDED: date.fromisoformat(ended)} if ended else None,
        dispute=wish.text("dispute") == "yes",
        key=wish.key,
    )
    return requested_reply(request, person)


def requested_reply(request: DestructionRequest, person: Person) -> Reply:
    """What came of a request, with what this person may do about it."""
    presses = destruction_presses(request.ticket, person, request.decision)
    return replace(destruction_reply(request), presses=presses)


def _state_facts(app: App, person: Person, wish: Wish) -> Reply:
    given = {name: value.strip() for name, value in wish.values.items() if value.strip()}
    found = state_facts(app, person, wish.subject, given=given)
    told = DestructionRequest(found.ticket, found.decision, (), person.language)
    return requested_reply(told, person)


def _approve(app: App, person: Person, wish: Wish) -> Reply:
    try:
        found = approve_destruction(app, person, wish.subject)
    except (SamePerson, MoveNotAllowed):
        # Pressed twice, or taken up after a crash: what was approved stands, and is said.
        found = read_destruction(app, person, wish.subject)
        if person.id not in {one.person_id for one in found.ticket.approvals}:
            raise
    title = Bilingual(f"已批准 {found.ticket.id}", f"Approved {found.ticket.id}")
    return _standing(found, person, title.pick(person.language), Tone.GOOD)


def _refuse(app: App, person: Person, wish: Wish) -> Reply:
    try:
        found = refuse_destruction(app, person, wish.subject, reason=wish.text("reason"))
    except MoveNotAllowed:
        found = read_destruction(app, person, wish.subject)
        if found.ticket.state is not State.REFUSED:
            raise
    title = Bilingual(f"已驳回 {found.ticket.id}", f"Refused {found.ticket.id}")
    return _standing(found, person, title.pick(person.language), Tone.INFO)


_REFUSING = Bilingual("驳回销毁申请", "Refuse the destruction")

ACTS = {
    "destroy": Act(_request, destruction_form),
    "approve": Act(_approve),
    "facts": Act(_state_facts, fill=_may_state, form_of=facts_form),
    "refuse": Act(_refuse, reason_form(_REFUSING, Bilingual("理由", "Reason"))),
}
