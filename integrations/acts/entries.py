"""Register entries out of forms and presses: opened by the kind's own fields, shown, approved.

Which fields there are is read from the kind's file, so that a register of the company's own has its
form, too. What a kind seals is never said in a reply: doors of this sort keep their messages elsewhere.
"""

from dataclasses import replace

from assistant.app import App
from assistant.registers.entry_access import kind_named
from assistant.registers.read_registers import EntryView, list_kinds, read_entry
from assistant.registers.work_register import approve_entry, open_entry
from integrations.acts.model import Act, Wish
from integrations.replies import Choice, Point, Press, Reply, Tone
from integrations.replies.entries import entry_reply
from integrations.replies.forms import LONGEST_TEXT, Field, FieldKind, Form, moment_of
from integrations.replies.model import Weight
from records.language import Bilingual, Language
from records.people import Person
from records.permissions import Permission
from tickets.errors import MoveNotAllowed, SamePerson
from tickets.registers.entries import check_role, is_one_of
from tickets.registers.entry import Acting
from tickets.registers.kinds import ClockOf, FieldOf, FieldType, Kind, Since, Span
from tickets.ticket import Json

RIGHTS = "rights_request"

_YES_NO = (("yes", Bilingual("是", "Yes")), ("no", Bilingual("否", "No")))
_LEAD = Bilingual(
    "正文里的个人信息先遮盖再保存；标明“加密保存”的一栏只有承办人能看到，也不会出现在回复里。",
    "Personal data in the text is masked before it is kept; a field said to be kept encrypted is read "
    "only by those who work on it and never stands in a reply.",
)
_REGISTERS = Bilingual("登记台账", "Registers")
_CHOOSE = Bilingual("要登记哪一种？", "Which register is it for?")
_SEALED = Bilingual(
    "加密保存，只有承办人能看到", "kept encrypted; only those who work on it read it"
)


_KINDS = {
    FieldType.TEXT: FieldKind.TEXT,
    FieldType.CHOICE: FieldKind.CHOICE,
    FieldType.YES_NO: FieldKind.CHOICE,
    FieldType.DATE: FieldKind.DAY,
    FieldType.MOMENT: FieldKind.MOMENT,
    FieldType.NUMBER: FieldKind.NUMBER,
    FieldType.LINK: FieldKind.LINE,
    FieldType.PERSON: FieldKind.LINE,
}


def entry_form(app: App, language: Language, subject: str) -> Form:
    """What a new entry of the kind must hold, and what its clocks start from. Raises NotFound."""
    kind = kind_named(app, subject or RIGHTS)
    fields = tuple(_field(one, language) for one in asked_at_opening(kind))
    lead = f"{kind.about.pick(language)}\n{_LEAD.pick(language)}"
    return Form(language, kind.name.pick(language), fields, lead)


def asked_at_opening(kind: Kind) -> tuple[FieldOf, ...]:
    """The fields that must be filled at once, may have to be, or start or end a clock."""
    timed = {name for clock in kind.clocks for name in _named(clock)}
    return tuple(
        one
        for one in kind.fields
        if one.type is not FieldType.FILE
        and (one.required or one.id in timed or _may_be_due(one, kind))
    )


def _named(clock: ClockOf) -> set[str]:
    """The fields a clock counts from or to."""
    names = {clock.since.field} if isinstance(clock.since, Since) else set()
    names |= {clock.due.field} if isinstance(clock.due, Span) else set()
    return {one for one in names if one}


def _may_be_due(field: FieldOf, kind: Kind) -> bool:
    """Whether an answer given at opening can make it necessary."""
    first = {one.id for one in kind.fields if one.required}
    return bool(field.required_when) and field.required_when.keys() <= first


def _field(field: FieldOf, language: Language) -> Field:
    sealed = field.sealed and field.help is None
    said = _SEALED if sealed else field.help
    many = field.type is FieldType.CHOICE and field.many
    short = field.sealed and field.type is FieldType.TEXT
    return Field(
        field.id,
        field.name.pick(language),
        FieldKind.MANY if many else FieldKind.LINE if short else _KINDS[field.type],
        required=field.required,
        hint=said.pick(language) if said else "",
        choices=_choices(field, language),
        least=field.least or 0,
        most=field.most or 2_000_000_000 if field.type is FieldType.NUMBER else LONGEST_TEXT,
        ahead=not field.past,
    )


def _choices(field: FieldOf, language: Language) -> tuple[Choice, ...]:
    options = _YES_NO if field.type is FieldType.YES_NO else tuple(field.options.items())
    return tuple(Choice(name, text.pick(language)) for name, text in options)


def _may_open(app: App, person: Person, form: Form, subject: str) -> Form:
    """The form, for those who may open such an entry: nobody fills it in to be refused afterwards."""
    app.authorise(person, Permission.REGISTER_USE)
    kind = kind_named(app, subject or RIGHTS)
    check_role(Acting(person.id, person.roles, app.clock()), kind.opens)
    return form


def _open(app: App, person: Person, wish: Wish) -> Reply:
    kind = kind_named(app, wish.subject or RIGHTS)
    values = {one.id: _value(one, wish.text(one.id)) for one in asked_at_opening(kind)}
    given = {name: value for name, value in values.items() if value}
    entry = open_entry(app, person, kind.id, given, key=wish.key)
    return _standing(app, person, entry.id, Bilingual("已登记", "is on record"))


def _value(field: FieldOf, text: str) -> Json:
    """What a form gave, as the verb reads it."""
    if field.many:
        return [one for one in text.split(",") if one]
    if field.type is FieldType.MOMENT and (at := moment_of(text)):
        return at.isoformat()
    return text


def _offer(app: App, person: Person, wish: Wish) -> Reply:
    """The registers this person may open an entry in, a press for each; rights requests first."""
    language = person.language
    kinds = [one for one in list_kinds(app, person) if _opens(one, person, app)]
    kinds.sort(key=lambda one: one.id != RIGHTS)
    return Reply(
        language,
        Tone.INFO,
        _REGISTERS.pick(language),
        Point(_CHOOSE.pick(language)),
        presses=tuple(Press("register", one.name.pick(language), one.id) for one in kinds),
    )


def _opens(kind: Kind, person: Person, app: App) -> bool:
    return is_one_of(Acting(person.id, person.roles, app.clock()), kind.opens)


def _show(app: App, person: Person, wish: Wish) -> Reply:
    return _standing(app, person, wish.subject)


def _approve(app: App, person: Person, wish: Wish) -> Reply:
    try:
        approve_entry(app, person, wish.subject)
    except (SamePerson, MoveNotAllowed):
        # Pressed twice, or taken up after a crash: what was approved stands, and is said.
        timeline = read_entry(app, person, wish.subject).timeline
        if not any(o.what == "entry:approved" and o.person_id == person.id for o in timeline):
            raise
    return _standing(app, person, wish.subject, Bilingual("已批准", "approved"))


def _standing(app: App, person: Person, number: str, said: Bilingual | None = None) -> Reply:
    view = read_entry(app, person, number)
    reply = entry_reply(view, person.language, now=app.clock(), said=said)
    return replace(reply, presses=entry_presses(view, person))


def entry_presses(view: EntryView, person: Person) -> tuple[Press, ...]:
    """What this person may do with the entry by a press: give their approval."""
    if not view.may_approve or view.gate is None:
        return ()
    language, number = person.language, view.shown.entry.id
    step = view.gate.name
    sure = Bilingual(
        f"批准 {number}“{step.zh}”？批准以您的名义记录，不能代签。",
        f"Approve {number}, “{step.en}”? It goes on record in your name.",
    )
    text = Bilingual("批准", "Approve").pick(language)
    return (Press("entry-approve", text, number, Weight.GOOD, sure.pick(language)),)


ACTS = {
    "registers": Act(_offer),
    "register": Act(_open, fill=_may_open, form_of=entry_form),
    "entry": Act(_show),
    "entry-approve": Act(_approve),
}
