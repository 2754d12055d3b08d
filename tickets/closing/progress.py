"""How far the clients of a closing project are: sums, notices, tickets, what was carried out."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, delete, distinct, func, select, update
from sqlalchemy.orm import Session

from records.language import Bilingual
from tickets.closing.decisions import Fate, may_become
from tickets.closing.records import Filter, joined
from tickets.closing.tables import ClientRow, RecordRow, WeighedRow
from tickets.retention.facts import RecordKind, Status

# What became of the notice to a client; "" where there is none yet.
NOTICES = {
    "": Bilingual("未通知", "not told yet"),
    "drafted": Bilingual("待批准", "waits for approval"),
    "approved": Bilingual("已批准，未发出", "approved, not sent"),
    "sent": Bilingual("已发出", "sent"),
    "delivered": Bilingual("已送达", "delivered"),
    "failed": Bilingual("退回或失败", "failed"),
    "not_needed": Bilingual("不需要（有理由）", "not needed (reason given)"),
}
TOLD = ("sent", "delivered", "not_needed")
WAITING = ("drafted", "approved")
# Numbers of notices written here; what is put on record by hand may not look like one.
NOTICE_PREFIX = "N-"


@dataclass(frozen=True)
class Tally:
    """The sums of a project's clients and records."""

    clients: int
    records: int
    by_fate: Mapping[str, int]
    by_status: Mapping[str, int]
    by_notice: Mapping[str, int]
    by_kind: Mapping[str, int]
    settled: int
    sensitive: int
    untold: int
    """Clients with a decision of which they had no notice that counts."""
    untold_fates: tuple[str, ...] = ()
    """What was decided of their records."""


def tally(session: Session, project_id: str) -> Tally:
    """The sums as they stand."""
    ours = RecordRow.project_id == project_id
    clients = ClientRow.project_id == project_id

    def number(query: object) -> int:
        found: int | None = session.scalar(query)  # type: ignore[call-overload]
        return found or 0

    decided = and_(ours, RecordRow.fate != "")
    clients_of_records = func.count(distinct(RecordRow.client))
    not_told = and_(decided, RecordRow.notice.not_in((*TOLD, *WAITING)))
    untold = select(clients_of_records).where(not_told)
    untold_fates = select(RecordRow.fate).distinct().where(not_told).order_by(RecordRow.fate)
    status = joined(select(WeighedRow.status, func.count())).where(ours)
    return Tally(
        clients=number(select(func.count()).select_from(ClientRow).where(clients)),
        records=number(select(func.count()).select_from(RecordRow).where(ours)),
        by_fate=_sums(session, select(RecordRow.fate, func.count()).where(ours), RecordRow.fate),
        by_status=_sums(session, status, WeighedRow.status),
        by_notice=_sums(
            session, select(RecordRow.notice, clients_of_records).where(decided), RecordRow.notice
        ),
        by_kind=_sums(session, select(RecordRow.kind, func.count()).where(ours), RecordRow.kind),
        settled=number(select(func.count()).where(ours, RecordRow.settled_at.is_not(None))),
        sensitive=number(select(func.count()).where(ours, RecordRow.sensitive)),
        untold=number(untold),
        untold_fates=tuple(session.scalars(untold_fates)),
    )


def _sums(session: Session, query: object, column: object) -> dict[str, int]:
    rows = session.execute(query.group_by(column).order_by(column))  # type: ignore[attr-defined]
    return {name: count for name, count in rows}  # noqa: C416  rows, not pairs


@dataclass(frozen=True)
class RecordGroup:
    """Records of one kind of which the law says one thing: how many, how many decided and settled."""

    kind: RecordKind
    status: Status
    may: tuple[Fate, ...]
    """What each of them may become today."""
    records: int
    decided: int
    settled: int


def groups(session: Session, project_id: str) -> tuple[RecordGroup, ...]:
    """All records of the project by kind and by what the law says of them."""
    bound = func.max(case((WeighedRow.bound, 1), else_=0))
    decided = func.sum(case((RecordRow.fate != "", 1), else_=0))
    settled = func.sum(case((RecordRow.settled_at.is_not(None), 1), else_=0))
    query = (
        joined(select(RecordRow.kind, WeighedRow.status, bound, func.count(), decided, settled))
        .where(RecordRow.project_id == project_id)
        .group_by(RecordRow.kind, WeighedRow.status)
        .order_by(RecordRow.kind, WeighedRow.status)
    )
    return tuple(
        RecordGroup(
            RecordKind(kind),
            Status(status),
            tuple(one for one in Fate if may_become(one, Status(status), bound=bool(some_bound))),
            *counts,
        )
        for kind, status, some_bound, *counts in session.execute(query)
    )


def set_notice(
    session: Session,
    project_id: str,
    wanted: Filter,
    *,
    state: str,
    notice_id: str,
    at: datetime,
    clients: Sequence[int] | None = None,
) -> None:
    """What became of the notice about the records asked for; of these clients, or of all."""
    about = joined(select(RecordRow.number)).where(wanted.of(project_id)).subquery()
    for part in _parts(clients) if clients is not None else (None,):
        query = update(RecordRow).where(
            RecordRow.project_id == project_id, RecordRow.number.in_(select(about))
        )
        if part is not None:
            query = query.where(RecordRow.client.in_(part))
        session.execute(
            query.values(notice=state, notice_id=notice_id, notice_at=at).execution_options(
                synchronize_session=False
            )
        )


def notices(session: Session, project_id: str) -> list[str]:
    """The notices whose copies are still on their way; those put on record by hand are not ours."""
    query = (
        select(RecordRow.notice_id)
        .where(
            RecordRow.project_id == project_id,
            RecordRow.notice.in_((*WAITING, "sent", "failed")),
            RecordRow.notice_id.startswith(NOTICE_PREFIX),
        )
        .distinct()
        .order_by(RecordRow.notice_id)
    )
    return list(session.scalars(query))


def clients_told_by(session: Session, project_id: str, notice_id: str) -> dict[int, str]:
    """The clients a notice was written to, and where their copy was when last looked at."""
    query = select(RecordRow.client, RecordRow.notice).where(
        RecordRow.project_id == project_id, RecordRow.notice_id == notice_id
    )
    return {client: state for client, state in session.execute(query)}  # noqa: C416  rows, not pairs


def project_of(session: Session, ticket_id: str) -> str | None:
    """The project with records that go by this destruction ticket."""
    query = select(RecordRow.project_id).where(RecordRow.ticket_id == ticket_id).limit(1)
    return session.scalar(query)


def assign_ticket(
    session: Session, project_id: str, numbers: Sequence[int], ticket_id: str | None
) -> None:
    """The destruction ticket that these records go by; None where they go by it no more."""
    for part in _parts(numbers):
        session.execute(
            update(RecordRow)
            .where(RecordRow.project_id == project_id, RecordRow.number.in_(part))
            .values(ticket_id=ticket_id)
            .execution_options(synchronize_session=False)
        )


def release_ticket(session: Session, project_id: str, ticket_id: str) -> None:
    """Records of a ticket refused for good: free to be decided or requested anew."""
    session.execute(
        update(RecordRow)
        .where(RecordRow.project_id == project_id, RecordRow.ticket_id == ticket_id)
        .values(ticket_id=None)
        .execution_options(synchronize_session=False)
    )


def tickets(session: Session, project_id: str) -> dict[str, int]:
    """The destruction tickets of the project, and how many records go by each."""
    query = (
        select(RecordRow.ticket_id, func.count())
        .where(RecordRow.project_id == project_id, RecordRow.ticket_id.is_not(None))
        .group_by(RecordRow.ticket_id)
        .order_by(RecordRow.ticket_id)
    )
    return {ticket: count for ticket, count in session.execute(query) if ticket}


def settle(session: Session, project_id: str, wanted: Filter, *, at: datetime, note: str) -> int:
    """The decision carried out for every record asked for; how many."""
    numbers = list(session.scalars(joined(select(RecordRow.number)).where(wanted.of(project_id))))
    for part in _parts(numbers):
        session.execute(
            update(RecordRow)
            .where(RecordRow.project_id == project_id, RecordRow.number.in_(part))
            .values(settled_at=at, settled_note=note)
            .execution_options(synchronize_session=False)
        )
    return len(numbers)


def clients_of(session: Session, project_id: str, wanted: Filter) -> list[int]:
    """The clients that have a record asked for."""
    query = joined(select(RecordRow.client)).where(wanted.of(project_id)).distinct()
    return sorted(session.scalars(query))


def existing(
    session: Session, project_id: str, chosen: Collection[int]
) -> dict[tuple[int, RecordKind], tuple[frozenset[str], bool]]:
    """By client and kind: the facts on record, and whether something was begun with them.

    `chosen`: the decisions by which clients had their records returned or transferred.
    """
    query = select(
        RecordRow.client,
        RecordRow.kind,
        RecordRow.weighed,
        RecordRow.ticket_id,
        RecordRow.settled_at,
        RecordRow.decision_id,
    ).where(RecordRow.project_id == project_id)
    found: dict[tuple[int, RecordKind], tuple[frozenset[str], bool]] = {}
    for client, kind, weighed, ticket, settled, decision in session.execute(query):
        key = (client, RecordKind(kind))
        keys, begun = found.get(key, (frozenset(), False))
        begun = begun or ticket is not None or settled is not None or decision in chosen
        found[key] = (keys | {weighed}, begun)
    return found


def drop(session: Session, project_id: str, groups: Iterable[tuple[int, RecordKind]]) -> None:
    """Records replaced by a corrected table; nothing was begun with them."""
    for client, kind in groups:
        session.execute(
            delete(RecordRow).where(
                RecordRow.project_id == project_id,
                RecordRow.client == client,
                RecordRow.kind == kind.value,
            )
        )


def marks(session: Session, project_id: str) -> frozenset[str]:
    """The marks by which an inventory names our clients."""
    query = select(ClientRow.holder).where(ClientRow.project_id == project_id)
    return frozenset(mark for mark in session.scalars(query) if mark)


def set_files(session: Session, project_id: str, files: Mapping[str, tuple[int, int]]) -> None:
    """Files and sensitive files of each client, by their mark in the inventories."""
    for row in session.scalars(select(ClientRow).where(ClientRow.project_id == project_id)):
        row.files, row.sensitive_files = files.get(row.holder, (0, 0))
    session.flush()


def free_to_destroy() -> Filter:
    """Records decided for destruction that go by no ticket yet."""
    return Filter(fate=Fate.DESTROY, ticketed=False, settled=False)


def _parts(numbers: Sequence[int], size: int = 500) -> Iterable[Sequence[int]]:
    """In pieces: a database takes only so many values in one statement."""
    for start in range(0, len(numbers), size):
        yield numbers[start : start + size]
