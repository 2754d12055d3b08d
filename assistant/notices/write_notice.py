"""Notices written, revised, addressed and approved. Every edit is a new revision, approved anew.

`write_notice` takes everything at once: one call makes the batch of a notice to a list of clients.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from assistant.app import App
from assistant.notices.view import NoticeView, view_of
from assistant.papers.table_files import table_rows
from assistant.tickets_view import seen_ticket
from records.errors import BadInput, Conflict
from records.people import Person
from records.permissions import Permission
from tickets.drafts.filling import described
from tickets.errors import MoveNotAllowed, SamePerson, StepMissing
from tickets.notices.client_table import (
    MOST_CLIENTS,
    ClientTable,
    checked_addressee,
    read_clients,
)
from tickets.notices.data import Addressee, NoticeKind, Tongue, checked, named, notice_rules
from tickets.notices.records import KeptNotice, NoticeState, Wish
from tickets.ticket import Json

LARGEST_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class AddressedNotice:
    """The table as read; the notice has its clients only where no row was wrong."""

    table: ClientTable = field(repr=False)
    notice: NoticeView


def write_notice(
    app: App, person: Person, wish: Wish, addressees: Sequence[Addressee] = ()
) -> NoticeView:
    """A new notice, to these clients if any are given. It is a draft: nothing is sent.

    A notice of a drill's ticket is a drill. Raises NotPermitted, TicketNotFound, BadInput.
    """
    app.authorise(person, Permission.NOTICE_WRITE)
    if wish.ticket_id:
        ticket = seen_ticket(app, person, wish.ticket_id)
        asked = notice_rules(wish.kind).elements
        known = {name: text for name, text in described(ticket).items() if name in asked}
        wish = replace(
            wish,
            ticket_id=ticket.id,
            drill=wish.drill or ticket.drill,
            given={**known, **wish.given} if wish.kind is NoticeKind.BREACH else wish.given,
        )
    with app.database.transaction() as session:
        return add_notice(app, session, person, wish, addressees)


def add_notice(
    app: App, session: Session, person: Person, wish: Wish, addressees: Sequence[Addressee]
) -> NoticeView:
    """The same within the caller's transaction, whose permission was checked. Raises BadInput."""
    people = _checked(addressees, wish)
    given = checked(notice_rules(wish.kind), wish.given)
    wish = replace(wish, given=given, ticket_id=wish.ticket_id or None)
    number = app.notices.write(session, wish, people, person_id=person.id, now=app.clock())
    notice = app.notices.get(session, number)
    note_on_ticket(app, session, person, notice, "notice:written")
    details = {"kind": wish.kind.value, "clients": len(people), "drill": wish.drill}
    app.append(session, person, "notice:written", number, details)
    return view_of(app, session, notice)


def revise_notice(
    app: App,
    person: Person,
    number: str,
    *,
    given: Mapping[str, str],
    tongue: Tongue | None = None,
) -> NoticeView:
    """The draft saying this instead; approvals of it no longer count. Raises MoveNotAllowed."""

    def change(kept: KeptNotice, people: list[Addressee]) -> tuple[Wish, list[Addressee]]:
        said = checked(notice_rules(kept.wish.kind), given)
        return replace(kept.wish, given=said, tongue=tongue or kept.wish.tongue), people

    return _rewritten(app, person, number, change)


def address_notice(
    app: App, person: Person, number: str, untrusted_data: bytes, name: str
) -> AddressedNotice:
    """The draft to the clients of this table instead of those before.

    With one bad row nothing is taken over; the rows are told. Raises BadInput for no table.
    """
    app.authorise(person, Permission.NOTICE_WRITE)
    if len(untrusted_data) > LARGEST_BYTES:
        raise BadInput("表格超过 20 MB，请拆分。", "The table is over 20 MB; split it.")
    with app.database.reading() as session:
        notice = app.notices.get(session, number)
        rows = table_rows(untrusted_data, name, most=MOST_CLIENTS * 2)
        table = read_clients(iter(rows), notice_rules(notice.wish.kind))
        if table.problems:
            app.record(person, "notice:table-refused", notice.id, {"rows": len(table.problems)})
            return AddressedNotice(table, view_of(app, session, notice))
    view = _rewritten(app, person, number, lambda kept, _: (kept.wish, list(table.addressees)))
    return AddressedNotice(table, view)


def add_addressee(app: App, person: Person, number: str, addressee: Addressee) -> NoticeView:
    """The draft to one client more. Raises BadInput, Conflict for one it goes to already."""

    def change(kept: KeptNotice, people: list[Addressee]) -> tuple[Wish, list[Addressee]]:
        (new,) = _checked([addressee], kept.wish)
        if any(_same(new, one) for one in people):
            raise Conflict("这位客户已在名单里。", "This client is on the list already.")
        if len(people) >= MOST_CLIENTS:
            raise BadInput("客户太多，请分成几份通知。", "Too many clients; make several notices.")
        return kept.wish, [*people, new]

    return _rewritten(app, person, number, change)


def approve_notice(app: App, person: Person, number: str, *, revision: int) -> NoticeView:
    """One more approval, of the revision the person saw and no other.

    Raises StepMissing naming every element missing or overdue, SamePerson for whoever wrote it,
    Conflict where it was edited since.
    """
    app.authorise(person, Permission.NOTICE_APPROVE)
    with app.database.transaction() as session:
        notice = app.notices.get(session, number, to_change=True)
        check_draft(notice)
        if notice.revision != revision:
            raise Conflict(
                f"通知已改为第 {notice.revision} 版，请重新查看后再批准。",
                f"It is revision {notice.revision} by now; read it again before you approve.",
            )
        check_whole(view_of(app, session, notice))
        check_as_written(app, session, notice)
        if person.id in notice.writers:
            raise SamePerson(
                "起草或修改过的人不能批准，请另外两位批准人处理。",
                "Whoever wrote or edited it cannot approve it; two others must.",
            )
        app.notices.approve(session, notice, person_id=person.id, at=app.clock())
        view = view_of(app, session, app.notices.get(session, number))
        details = {"revision": revision, "approvals": len(view.summary.approvals)}
        app.append(session, person, "notice:approved", notice.id, details)
        return view


def check_draft(notice: KeptNotice) -> None:
    """Nothing, or MoveNotAllowed: once released it is what it is."""
    if notice.state is not NoticeState.DRAFT:
        raise MoveNotAllowed(
            f"这份通知“{notice.state.label.zh}”，不能再改，请另写一份。",
            f"This notice is “{notice.state.label.en}” and changes no more; write another.",
        )


def check_whole(view: NoticeView) -> None:
    """Nothing, or StepMissing with every element that stands in the way, one by one."""
    if view.missing:
        said = named(view.missing)
        raise StepMissing(f"缺少：{said.zh}。", f"Missing: {said.en}.")
    if view.overdue:
        said = named(view.overdue)
        raise StepMissing(f"期限已过，请改期：{said.zh}。", f"Already over, set anew: {said.en}.")


def check_as_written(app: App, session: Session, notice: KeptNotice) -> None:
    """Nothing, or Conflict: a template that changed would send other words than were approved."""
    if all(one.as_approved for one in app.notices.letters(session, notice)):
        return
    raise Conflict(
        "模板在起草之后有改动，请打开通知重新保存一次，再批准。",
        "The template changed since this was written; save the notice once more, then approve it.",
    )


def note_on_ticket(
    app: App, session: Session, person: Person, notice: KeptNotice, what: str
) -> None:
    """A line in the timeline of the ticket the notice is about, if it is about one."""
    wish = notice.wish
    if wish.ticket_id is None:
        return
    told: dict[str, Json] = {
        "notice": notice.id,
        "about_zh": f"{notice.id} {wish.kind.label.zh}",
        "about_en": f"{notice.id} {wish.kind.label.en}",
    }
    app.ticket_store.note(
        session, wish.ticket_id, at=app.clock(), person_id=person.id, what=what, details=told
    )


Change = Callable[[KeptNotice, list[Addressee]], tuple[Wish, list[Addressee]]]


def _rewritten(app: App, person: Person, number: str, change: Change) -> NoticeView:
    app.authorise(person, Permission.NOTICE_WRITE)
    with app.database.transaction() as session:
        notice = app.notices.get(session, number, to_change=True)
        check_draft(notice)
        wish, people = change(notice, app.notices.addressees(session, notice.id))
        app.notices.rewrite(session, notice.id, wish, people, person_id=person.id, now=app.clock())
        view = view_of(app, session, app.notices.get(session, number))
        details = {"revision": view.summary.revision, "clients": len(people)}
        app.append(session, person, "notice:revised", notice.id, details)
        return view


def _checked(addressees: Sequence[Addressee], wish: Wish) -> list[Addressee]:
    if len(addressees) > MOST_CLIENTS:
        raise BadInput(
            f"一份通知最多 {MOST_CLIENTS:,} 位客户，请分成几份。",
            f"A notice takes {MOST_CLIENTS:,} clients at most; make several.",
        )
    rules = notice_rules(wish.kind)
    found: dict[tuple[str, str, str], Addressee] = {}
    for one in addressees:
        person = checked_addressee(one, rules)
        found.setdefault((person.name, person.mail.lower(), person.address), person)
    return list(found.values())


def _same(one: Addressee, other: Addressee) -> bool:
    return (one.name, one.mail.lower(), one.address) == (
        other.name,
        other.mail.lower(),
        other.address,
    )
