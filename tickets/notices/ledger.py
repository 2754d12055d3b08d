"""The ledger of a notice: where each client's copy is, claimed, moved, and every line written.

Nothing here opens what is sealed. Every function takes the caller's session.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from records.errors import NotFound
from tickets.notices.delivery import Channel, DeliveryState, check_delivery_move
from tickets.notices.records import Delivery, LedgerLine, NoticeState
from tickets.notices.tables import NoticeDeliveryRow, NoticeLedgerRow, NoticeRow
from tickets.ticket import Json


def deliveries(session: Session, notice_id: str) -> list[Delivery]:
    """Where each client's notice is."""
    return [_delivery(row) for row in session.scalars(rows_of(notice_id))]


def ledger(session: Session, notice_id: str) -> list[LedgerLine]:
    """Every line of the notice's ledger, in the order written."""
    query = (
        select(NoticeLedgerRow)
        .join(NoticeDeliveryRow, NoticeDeliveryRow.key == NoticeLedgerRow.key)
        .where(NoticeDeliveryRow.notice_id == notice_id)
        .order_by(NoticeLedgerRow.id)
    )
    return [
        LedgerLine(row.key, row.at, row.person_id, row.what, row.details)
        for row in session.scalars(query)
    ]


def due(session: Session, now: datetime, notice_id: str | None = None) -> list[str]:
    """The keys of mails that may go now, in order."""
    query = (
        select(NoticeDeliveryRow.key)
        .join(NoticeRow, NoticeRow.id == NoticeDeliveryRow.notice_id)
        .where(
            NoticeRow.state == NoticeState.RELEASED.value,
            NoticeDeliveryRow.state == DeliveryState.WAITING.value,
            NoticeDeliveryRow.channel == Channel.MAIL.value,
            (NoticeDeliveryRow.not_before.is_(None)) | (NoticeDeliveryRow.not_before <= now),
        )
        .order_by(NoticeDeliveryRow.notice_id, NoticeDeliveryRow.number)
    )
    if notice_id is not None:
        query = query.where(NoticeDeliveryRow.notice_id == notice_id)
    return list(session.scalars(query))


def claim(session: Session, key: str, now: datetime) -> Delivery | None:
    """The delivery, begun by this caller alone; None where somebody else has it or it is gone."""
    claimed = session.execute(
        update(NoticeDeliveryRow)
        .where(
            NoticeDeliveryRow.key == key,
            NoticeDeliveryRow.state == DeliveryState.WAITING.value,
            NoticeDeliveryRow.notice_id.in_(
                select(NoticeRow.id).where(NoticeRow.state == NoticeState.RELEASED.value)
            ),
        )
        .values(
            state=DeliveryState.BEGUN.value,
            attempts=NoticeDeliveryRow.attempts + 1,
            begun_at=now,
        )
        .returning(NoticeDeliveryRow.key)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    return None if claimed is None else _delivery(session.get_one(NoticeDeliveryRow, key))


def delivery(session: Session, key: str) -> Delivery:
    """Where one client's notice is. Raises NotFound."""
    return _delivery(delivery_row(session, key))


def by_token(session: Session, token: str) -> Delivery | None:
    """The delivery whose Message-ID holds this token."""
    query = select(NoticeDeliveryRow).where(NoticeDeliveryRow.token == token)
    row = session.scalar(query)
    return _delivery(row) if row else None


def move(
    session: Session,
    key: str,
    to: DeliveryState,
    *,
    what: str,
    person_id: str,
    at: datetime,
    details: Mapping[str, Json] | None = None,
    not_before: datetime | None = None,
) -> None:
    """The delivery moved, with its line in the ledger. Raises MoveNotAllowed."""
    row = delivery_row(session, key, to_change=True)
    check_delivery_move(DeliveryState(row.state), to)
    row.state, row.not_before = to.value, not_before
    session.flush()
    note(session, key, what=what, person_id=person_id, at=at, details=details)


def note(
    session: Session,
    key: str,
    *,
    what: str,
    person_id: str,
    at: datetime,
    details: Mapping[str, Json] | None = None,
) -> None:
    """One more line of the ledger."""
    line = NoticeLedgerRow(
        key=key, at=at, person_id=person_id, what=what, details=dict(details or {})
    )
    session.add(line)
    session.flush()


def delivery_row(session: Session, key: str, *, to_change: bool = False) -> NoticeDeliveryRow:
    wanted = key.strip().upper()[:30]
    row = session.get(NoticeDeliveryRow, wanted, with_for_update=to_change)
    if row is None:
        raise NotFound(
            "没有这个编号的送达记录。编号见通知页面，例如 N-2026-0001-0003。",
            "There is no such delivery. See the notice for its number, e.g. N-2026-0001-0003.",
        )
    return row


def rows_of(notice_id: str) -> Select[NoticeDeliveryRow]:
    """The copies of a notice in the order of its clients."""
    query = select(NoticeDeliveryRow).where(NoticeDeliveryRow.notice_id == notice_id)
    return query.order_by(NoticeDeliveryRow.number)


def _delivery(row: NoticeDeliveryRow) -> Delivery:
    return Delivery(
        key=row.key,
        number=row.number,
        channel=Channel(row.channel),
        state=DeliveryState(row.state),
        attempts=row.attempts,
        digest=row.digest,
        token=row.token,
        begun_at=row.begun_at,
    )
