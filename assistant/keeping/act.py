"""What may be done once a period of keeping is over: ask for the destruction, or keep on with a reason."""

from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from assistant.app import App
from assistant.closing.decide_closing import request_closing_destruction
from assistant.closing.steps import closing_stores
from assistant.destruction.destroy_data import open_destruction
from assistant.keeping.periods import kept_as, kept_for, left_in, periods_over, request_key, whose
from assistant.keeping.tables import ExtensionRow
from assistant.redaction.clearing import stated_reason
from assistant.registers.work_register import Change, write_change
from records.beijing import shanghai_day
from records.errors import BadInput, NotFound
from records.people import Person, Role
from records.permissions import Permission
from tickets.errors import MoveNotAllowed, NotLawfulYet, OnHold
from tickets.keeping import Kept, Sort, day_after
from tickets.retention.facts import RecordFacts, StartEvent
from tickets.ticket import Json, Ticket

# A purpose is written down anew at least so often.
LONGEST_YEARS = 10


def list_kept(app: App, person: Person) -> tuple[Kept, ...]:
    """What this person is to see to because its period is over; everything, for an administrator."""
    app.authorise(person, Permission.TICKET_LIST)
    with app.database.transaction() as session:
        found = periods_over(app, session)
        if Role.ADMINISTRATOR not in person.roles:
            found = kept_for(app, session, person, found)
        app.append(session, person, "kept:listed", "kept", {"subjects": len(found)})
    return found


def read_kept(app: App, person: Person, subject: str) -> Kept:
    """One thing that is kept until a day, if it is this person's to see to. Raises NotFound."""
    app.authorise(person, Permission.TICKET_LIST)
    with app.database.transaction() as session:
        kept = _theirs(app, session, person, subject)
        app.append(session, person, "kept:read", kept.subject)
    return kept


def destroy_kept(app: App, person: Person, subject: str) -> tuple[Ticket, ...]:
    """The destruction of what is kept asked for; asked for again it is the same ticket.

    Of a closing, what was asked for is not kept any more: cut short, the rest is asked for.
    Nothing is destroyed by it: appraisal, notice and two approvals come as for every request. Raises
    NotPermitted, NotFound, NotLawfulYet before the day, OnHold while something about it is open.
    """
    app.authorise(person, Permission.DESTRUCTION_REQUEST)
    with app.database.reading() as session:
        kept = _theirs(app, session, person, subject)
        _check_over(app, kept)
        key, _ = request_key(app, session, kept)
        facts = _facts(app, session, kept)
    if facts is None:
        return _of_closing(app, person, kept)
    said = f"{kept.name.zh}，{kept.count} 条，保存期已满。 {kept.name.en}, period of keeping over."
    about = f"{kept.subject}：{said}"
    return (open_destruction(app, person, facts, about, key=key, own=kept.subject)[0],)


def extend_kept(app: App, person: Person, subject: str, until: date, *, reason: str) -> Kept:
    """Kept on until that day, for the reason given (个人信息保护法 19: only as long as it is needed).

    Raises NotFound, NotLawfulYet before the day, MoveNotAllowed where the law demands that it goes or
    its destruction was asked for, BadInput for the day or without a reason.
    """
    app.authorise(person, Permission.REGISTER_USE)
    said, today = stated_reason(app, reason), app.today()
    with app.database.transaction() as session:
        kept = _theirs(app, session, person, subject)
        _check_over(app, kept)
        if kept.ticket:
            raise MoveNotAllowed(
                f"已申请销毁（{kept.ticket}）。要继续保存，请先驳回该工单。",
                f"Its destruction was asked for ({kept.ticket}). To keep it, refuse that ticket first.",
            )
        if not kept.extendable:
            raise MoveNotAllowed(
                "其中有法律规定应当删除的资料，不能延长（个人信息保护法第47条）。请申请销毁。",
                "The law demands that some of it is deleted (PIPL art. 47); it is not kept on. "
                "Request the destruction.",
            )
        if not today < until <= day_after(today, LONGEST_YEARS):
            raise BadInput(
                f"请写今天之后、{LONGEST_YEARS} 年以内的日期，如 {day_after(today, 1)}。",
                f"Give a day after today and within {LONGEST_YEARS} years, such as {day_after(today, 1)}.",
            )
        _extend(app, session, person, kept, until, said)
        app.append(
            session,
            person,
            "kept:extended",
            kept.subject,
            {"until": until.isoformat(), "reason": said},
        )
    return replace(kept, day=until)


def _theirs(app: App, session: Session, person: Person, subject: str) -> Kept:
    """What is kept under that number, if it is this person's to decide."""
    kept = kept_as(app, session, subject)
    theirs = kept is not None and (
        Role.ADMINISTRATOR in person.roles
        or person.id in whose(app, session, (kept,))[kept.subject]
    )
    if kept is None or not theirs:
        raise NotFound(
            "没有这一项，或不由您负责。用 compliance kept list 查看编号。",
            "There is no such thing, or it is not yours to decide; see: compliance kept list",
        )
    return kept


def _check_over(app: App, kept: Kept) -> None:
    if kept.day > app.today():
        raise NotLawfulYet(
            f"保存期未满：最早 {kept.day} 起可以申请销毁。",
            f"The period of keeping still runs; destruction may be asked for from {kept.day}.",
        )
    if kept.held:
        raise OnHold


def _facts(app: App, session: Session, kept: Kept) -> RecordFacts | None:
    """What the retention engine is asked about it; None for records of a closing, each with its own."""
    if kept.sort is Sort.CLOSING:
        return None
    holder, over = app.settings.holder, date.fromordinal(kept.day.toordinal() - 1)
    entry = app.entries.get(session, kept.subject)
    keep = app.kinds[entry.kind].keep
    if keep.since is None:
        return RecordFacts(keep.record, holder, {StartEvent.PURPOSE_ACHIEVED: over})
    return RecordFacts(keep.record, holder, {keep.since: shanghai_day(entry.entered[entry.state])})


def _of_closing(app: App, person: Person, kept: Kept) -> tuple[Ticket, ...]:
    """Tickets for what a closing left with a custodian, by kind, as for what it destroys."""
    with app.database.reading() as session:
        left = left_in(app, session, closing_stores(app), kept.subject)
        over = frozenset(one.weighed for one, _, day in left if day <= app.today())
    done = request_closing_destruction(app, person, kept.subject, over=over)
    with app.database.reading() as session:
        return tuple(app.ticket_store.get(session, number) for number, _, _ in done.tickets)


def _extend(
    app: App, session: Session, person: Person, kept: Kept, until: date, reason: str
) -> None:
    if kept.sort is not Sort.ENTRY:
        session.add(
            ExtensionRow(
                subject=kept.subject, until=until, reason=reason, by=person.id, at=app.clock()
            )
        )
        return
    entry = app.entries.get(session, kept.subject, to_change=True)
    details: dict[str, Json] = {
        "about_zh": f"继续保存至 {until}",
        "about_en": f"kept on until {until}",
        "text": reason,
    }
    done = Change(replace(entry, keep_until=until), details, {"until": until.isoformat()})
    write_change(app, session, person, app.kinds[entry.kind], "entry:kept_on", done)
