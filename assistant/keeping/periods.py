"""The one rule by which a period of keeping is over: what, of which sort, since which day, how much.

Entries of the registers by the day written when they were closed, records that a closing left with a
custodian by the retention engine. What links to something open is held; what a destruction was asked
for is in hand.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.app import App
from assistant.closing.steps import ClosingStores, closing_stores
from assistant.destruction.destroy_data import free_key
from assistant.keeping.tables import ExtensionRow
from assistant.registers.entry_access import in_words, links_of
from records.beijing import shanghai_day
from records.language import Bilingual
from records.people import Person, Role, all_people
from tickets.closing.decisions import Fate
from tickets.closing.records import Filter, Shared
from tickets.keeping import Kept, Sort
from tickets.registers.entry import RegisterEntry
from tickets.registers.kinds import Kind
from tickets.retention.decision import decide
from tickets.retention.facts import Decision, Status
from tickets.ticket import State, TicketKind

_ENDED = frozenset({State.CLOSED, State.REGISTERED, State.REFUSED})
_MAY_GO = (Status.MAY_DESTROY, Status.MUST_DELETE)


def periods_over(app: App, session: Session, *, closings: bool = True) -> tuple[Kept, ...]:
    """Everything whose period of keeping is over today and that nobody saw to yet, the oldest first."""
    today = app.today()
    found = (*_entries(app, session), *(_closings(app, session) if closings else ()))
    return tuple(sorted((one for one in found if one.over(today)), key=lambda one: one.day))


def whose(app: App, session: Session, found: Iterable[Kept]) -> dict[str, frozenset[str]]:
    """Who is told of each, by subject: the roles and persons it names, or else the administrators."""
    people = all_people(session)
    admins = frozenset(one.id for one in people if Role.ADMINISTRATOR in one.roles)
    concerned: dict[str, frozenset[str]] = {}
    for kept in found:
        own = {one.id for one in people if one.roles & kept.roles or one.id in kept.people}
        concerned[kept.subject] = frozenset(own) or admins
    return concerned


def kept_for(
    app: App, session: Session, person: Person, found: Iterable[Kept] | None = None
) -> tuple[Kept, ...]:
    """What of it waits for this person. `found`: what `periods_over` gave, where many people ask."""
    if found is None:
        # A closing is weighed record by record; nobody else is told of it.
        closings = bool(person.roles & {Role.OFFICER, Role.ADMINISTRATOR})
        found = periods_over(app, session, closings=closings)
    over = tuple(found)
    concerned = whose(app, session, over) if over else {}
    return tuple(one for one in over if person.id in concerned[one.subject])


def kept_as(app: App, session: Session, subject: str) -> Kept | None:
    """How one subject stands, whether its period is over or not; None where there is no such thing."""
    number = subject.strip().upper()
    closing = number.startswith("CLO-")
    found = _closings(app, session) if closing else _entries(app, session, number)
    return next((one for one in found if one.subject == number), None)


def request_key(app: App, session: Session, kept: Kept) -> tuple[str, str]:
    """The key of the request to destroy it, and the ticket that it opened if it is still in hand."""
    return free_key(app, session, f"kept:{kept.subject}:{kept.day}")


def left_in(
    app: App, session: Session, stores: ClosingStores, project_id: str
) -> Iterator[tuple[Shared, Decision, date]]:
    """Records a closing left with a custodian that the law lets go today, and since when they may."""
    today = app.today()
    wanted = Filter(fate=Fate.KEEP, ticketed=False, free_by=today)
    longer = _extensions(session, project_id)
    for one in stores.clients.shared(session, project_id, wanted):
        decision = decide(one.facts, today=today)
        if decision.status in _MAY_GO:
            yield one, decision, _with(longer, decision.earliest or today)


def _extensions(session: Session, subject: str) -> list[tuple[date, date]]:
    """The days on which a period was made longer, and until when."""
    rows = session.scalars(select(ExtensionRow).where(ExtensionRow.subject == subject))
    return [(shanghai_day(row.at), row.until) for row in rows]


def _with(longer: Iterable[tuple[date, date]], day: date) -> date:
    """The first day on which it may go; what was not over yet was not made longer."""
    return max((day, *(until for made, until in longer if day <= made)))


def _entries(app: App, session: Session, number: str = "") -> Iterator[Kept]:
    found = app.entries.kept_until(session, app.kinds, app.today())
    if number:
        known = app.entries.linked(session, [number]).get(number, ("", ""))[0] in app.kinds
        found = (app.entries.get(session, number),) if known else ()
    if not any(one.keep_until for one in found):
        return
    linking = _linking(app, session)
    names = {one.id: one.name for one in all_people(session)}
    for one in found:
        if one.keep_until is None:
            continue
        kind_of = app.kinds[one.kind]
        title = in_words(kind_of, one, sealed=False, names=names).title
        owner = str(one.values.get(kind_of.owner) or "") if kind_of.owner else ""
        kept = Kept(
            one.id, Sort.ENTRY, one.keep_until, 1, _named(kind_of, title),
            roles=frozenset(kind_of.works),
            people=frozenset({owner} - {""}),
            held=linking.get(one.id, "") or _open_link(app, session, kind_of, one),
        )  # fmt: skip
        yield _with_ticket(app, session, kept)


def _named(kind: Kind, title: Bilingual) -> Bilingual:
    return Bilingual(f"{kind.name.zh}：{title.zh}", f"{kind.name.en}: {title.en}")


def _linking(app: App, session: Session) -> dict[str, str]:
    """What entries that are still open link to, with the number of one that does."""
    return {
        str(number): one.id
        for one in app.entries.list(session, app.kinds)
        if not _is_final(app.kinds[one.kind], one.state)
        for number in links_of(app.kinds[one.kind], one)
    }


def _open_link(app: App, session: Session, kind: Kind, entry: RegisterEntry) -> str:
    """What the entry links to that is still open: an incident that runs, a dispute, a request."""
    numbers = [str(one) for one in links_of(kind, entry) if one]
    for number, (of, state) in app.entries.linked(session, numbers).items():
        ended = state in _ENDED if of in set(TicketKind) else _is_final(app.kinds.get(of), state)
        if not ended:
            return number
    return ""


def _is_final(kind: Kind | None, state: str) -> bool:
    found = kind.state(state) if kind else None
    return found is None or found.final


def _closings(app: App, session: Session) -> Iterator[Kept]:
    stores = closing_stores(app)
    for project in stores.projects.all(session):
        free = list(left_in(app, session, stores, project.id))
        over = [one for one in free if one[2] <= app.today()] or free
        if over:
            yield Kept(
                project.id, Sort.CLOSING,
                day=min(day for _, _, day in over),
                count=sum(one.count for one, _, _ in over),
                name=Bilingual(f"注销项目 {project.id} 交保管人留存的客户资料",
                               f"clients' records that closing {project.id} left with a custodian"),
                roles=frozenset({Role.OFFICER}),
                extendable=all(said.status is Status.MAY_DESTROY for _, said, _ in over),
            )  # fmt: skip


def _with_ticket(app: App, session: Session, kept: Kept) -> Kept:
    return replace(kept, ticket=request_key(app, session, kept)[1])
