"""The store of notices: plain values in and out, clients sealed, a ledger that only grows.

Every method takes the caller's session, so a notice, its ledger and the audit event share one
transaction.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from records.beijing import shanghai_day
from records.errors import Conflict, NotFound
from records.sealing import Sealing
from tickets.errors import SamePerson
from tickets.notices.data import Addressee, NoticeKind, Tongue, notice_rules
from tickets.notices.delivery import Channel, DeliveryState
from tickets.notices.ledger import delivery_row, rows_of
from tickets.notices.letters import Letter, write_letter
from tickets.notices.records import (
    KeptLetter,
    KeptNotice,
    NoticeState,
    Wish,
)
from tickets.notices.tables import (
    NoticeApprovalRow,
    NoticeDeliveryRow,
    NoticeRow,
    NoticeVersionRow,
)
from tickets.store import take_number
from tickets.ticket import Approval

COUNTER = "notice"


class NoticeStore:
    """Keeps notices; what clients are called is sealed to the row it stands in."""

    def __init__(self, key: bytes) -> None:
        self._sealing = Sealing(key)
        # A plain hash of a known letter would give away whose name completes it.
        self._key = hashlib.sha256(b"hash of contents" + key).digest()

    def write(
        self,
        session: Session,
        wish: Wish,
        addressees: Sequence[Addressee],
        *,
        person_id: str,
        now: datetime,
    ) -> str:
        """The number of the new notice, such as N-2026-0001."""
        year = shanghai_day(now).year
        notice_id = f"N-{year}-{take_number(session, COUNTER, year):04d}"
        session.add(
            NoticeRow(
                id=notice_id,
                kind=wish.kind.value,
                tongue=wish.tongue.value,
                drill=wish.drill,
                ticket_id=wish.ticket_id,
                state=NoticeState.DRAFT.value,
                revision=0,
                sha256="",
                sealed=b"",
                written_by=person_id,
                written_at=now,
            )
        )
        session.flush()
        self.rewrite(session, notice_id, wish, addressees, person_id=person_id, now=now)
        return notice_id

    def rewrite(
        self,
        session: Session,
        notice_id: str,
        wish: Wish,
        addressees: Sequence[Addressee],
        *,
        person_id: str,
        now: datetime,
    ) -> None:
        """A new revision; approvals of the one before no longer count, for the hash is another."""
        row = self._row(session, notice_id, to_change=True)
        revision = row.revision + 1
        session.execute(delete(NoticeDeliveryRow).where(NoticeDeliveryRow.notice_id == row.id))
        rows = list(self._deliveries(row.id, wish, addressees))
        row.tongue, row.revision = wish.tongue.value, revision
        row.sha256 = self._content_hash(row.id, revision, wish, rows, addressees)
        row.sealed = self._sealing.seal(dict(wish.given), row=row.id)
        session.flush()
        session.add_all(rows)
        session.add(
            NoticeVersionRow(
                notice_id=row.id, revision=revision, person_id=person_id, at=now, sha256=row.sha256
            )
        )
        session.flush()

    def get(self, session: Session, number: str, *, to_change: bool = False) -> KeptNotice:
        """The notice of that number. Raises NotFound."""
        return self._kept(session, self._row(session, number, to_change=to_change))

    def listed(self, session: Session, ticket_id: str | None = None) -> list[KeptNotice]:
        """Every notice, or those of a ticket, the newest first."""
        query = select(NoticeRow).order_by(NoticeRow.written_at.desc(), NoticeRow.id.desc())
        if ticket_id is not None:
            query = query.where(NoticeRow.ticket_id == ticket_id)
        return [self._kept(session, row) for row in session.scalars(query)]

    def addressees(self, session: Session, notice_id: str) -> list[Addressee]:
        """The clients in the order given."""
        rows = session.scalars(rows_of(notice_id))
        return [self._addressee(row) for row in rows if row.sealed]

    def approve(
        self, session: Session, notice: KeptNotice, *, person_id: str, at: datetime
    ) -> None:
        """One approval of this content. Raises SamePerson, by the database itself too."""
        row = NoticeApprovalRow(
            notice_id=notice.id, person_id=person_id, sha256=notice.sha256, at=at
        )
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError as error:
            raise SamePerson(
                "起草或修改过的人不能批准，一个人也只能批准一次。请另一位批准人处理。",
                "Whoever wrote it cannot approve, and nobody approves twice. Ask somebody else.",
            ) from error

    def release(self, session: Session, notice_id: str, *, person_id: str, at: datetime) -> None:
        """The notice free to be sent; the database refuses without two approvals of its content."""
        row = self._row(session, notice_id, to_change=True)
        row.state, row.released_by, row.released_at = NoticeState.RELEASED.value, person_id, at
        session.flush()

    def stop(self, session: Session, notice_id: str) -> None:
        """What still waits is not sent any more."""
        self._row(session, notice_id, to_change=True).state = NoticeState.STOPPED.value
        session.flush()

    def forget(self, session: Session, notice_id: str) -> None:
        """Clients and texts of a notice that was released are gone; what happened stays."""
        row = self._row(session, notice_id, to_change=True)
        row.sealed = b""
        emptied = update(NoticeDeliveryRow).where(NoticeDeliveryRow.notice_id == row.id)
        session.execute(emptied.values(sealed=b""))
        session.flush()

    def letters(
        self, session: Session, notice: KeptNotice, limit: int | None = None
    ) -> Iterator[KeptLetter]:
        """Each client's letter in order, written anew from what is kept."""
        for row in session.scalars(rows_of(notice.id).limit(0 if notice.forgotten else limit)):
            yield self._kept_letter(notice.wish, row)

    def letter(self, session: Session, key: str) -> KeptLetter:
        """One client's letter, written anew from what is kept."""
        row = delivery_row(session, key)
        notice = self.get(session, row.notice_id)
        if notice.forgotten:
            raise Conflict(
                "这份通知的客户资料已按期删除，只留下送达台账。",
                "The clients of this notice were erased; only its ledger is left.",
            )
        return self._kept_letter(notice.wish, row)

    def _kept_letter(self, wish: Wish, row: NoticeDeliveryRow) -> KeptLetter:
        addressee = self._addressee(row)
        letter = _letter(wish, addressee, row.key)
        same = hmac.compare_digest(self._hash(letter.digest), row.digest)
        return KeptLetter(row.key, Channel(row.channel), addressee, letter, same)

    def _deliveries(
        self, notice_id: str, wish: Wish, addressees: Iterable[Addressee]
    ) -> Iterator[NoticeDeliveryRow]:
        for number, person in enumerate(addressees, 1):
            key = f"{notice_id}-{number:04d}"
            told = {
                "name": person.name,
                "mail": person.mail,
                "address": person.address,
                "tongue": person.tongue.value if person.tongue else None,
                "given": dict(person.given),
            }
            yield NoticeDeliveryRow(
                key=key,
                notice_id=notice_id,
                number=number,
                channel=(Channel.MAIL if person.mail else Channel.LETTER).value,
                sealed=self._sealing.seal(told, row=key),
                digest=self._hash(_letter(wish, person, key).digest),
                token=secrets.token_hex(8),
                state=DeliveryState.WAITING.value,
                attempts=0,
            )

    def _content_hash(
        self,
        notice_id: str,
        revision: int,
        wish: Wish,
        rows: Sequence[NoticeDeliveryRow],
        addressees: Sequence[Addressee],
    ) -> str:
        """What is approved: every letter and where it goes. The revision makes each edit new."""
        letters = [
            (row.digest, person.name, person.mail, person.address)
            for row, person in zip(rows, addressees, strict=True)
        ]
        return self._hash(
            [notice_id, revision, wish.kind, wish.tongue, wish.drill, dict(wish.given), letters]
        )

    def _hash(self, value: object) -> str:
        text = json.dumps(value, ensure_ascii=False, sort_keys=True)
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()

    def _addressee(self, row: NoticeDeliveryRow) -> Addressee:
        told = self._sealing.open(row.sealed, row=row.key)
        tongue = Tongue(told["tongue"]) if told["tongue"] else None
        return Addressee(told["name"], told["mail"], told["address"], tongue, told["given"])

    def _kept(self, session: Session, row: NoticeRow) -> KeptNotice:
        versions = select(NoticeVersionRow).where(NoticeVersionRow.notice_id == row.id)
        writers = dict.fromkeys(
            one.person_id for one in session.scalars(versions.order_by(NoticeVersionRow.revision))
        )
        approvals = session.scalars(
            select(NoticeApprovalRow)
            .where(NoticeApprovalRow.notice_id == row.id, NoticeApprovalRow.sha256 == row.sha256)
            .order_by(NoticeApprovalRow.id)
        )
        return KeptNotice(
            id=row.id,
            wish=Wish(
                kind=NoticeKind(row.kind),
                given=self._sealing.open(row.sealed, row=row.id) if row.sealed else {},
                tongue=Tongue(row.tongue),
                drill=row.drill,
                ticket_id=row.ticket_id,
            ),
            state=NoticeState(row.state),
            revision=row.revision,
            sha256=row.sha256,
            writers=tuple(writers),
            approvals=tuple(
                Approval(one.person_id, one.at) for one in approvals if one.person_id not in writers
            ),
            written_at=row.written_at,
            released_by=row.released_by,
            released_at=row.released_at,
            forgotten=not row.sealed,
        )

    def _row(self, session: Session, number: str, *, to_change: bool = False) -> NoticeRow:
        row = session.get(NoticeRow, number.strip().upper()[:20], with_for_update=to_change)
        if row is None:
            raise NotFound(
                "没有这个编号的通知。请核对编号，例如 N-2026-0001。",
                "There is no such notice. Check the number, for example N-2026-0001.",
            )
        return row


def _letter(wish: Wish, addressee: Addressee, key: str) -> Letter:
    return write_letter(
        notice_rules(wish.kind),
        wish.given,
        addressee,
        reference=key,
        tongue=wish.tongue,
        drill=wish.drill,
    )
