"""Notices as people see them: what each kind must say, where each notice stands, its letters."""

import io
import zipfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from assistant.app import App
from assistant.papers.letter_files import NOT_APPROVED, letter_docx, letter_file
from assistant.papers.table_files import csv_file
from records.beijing import to_the_second
from records.errors import Conflict
from records.people import Person
from records.permissions import Permission
from tickets.notices import ledger as notice_ledger
from tickets.notices.data import (
    APPROVERS,
    Addressee,
    Missing,
    NoticeKind,
    NoticeRules,
    Tongue,
    missing,
    notice_rules,
    overdue,
)
from tickets.notices.delivery import Channel, DeliveryState, seen_state
from tickets.notices.letters import Letter, example_letter
from tickets.notices.records import KeptNotice, LedgerLine, NoticeState
from tickets.ticket import Approval

PREVIEWED = 3


@dataclass(frozen=True, slots=True)
class NoticeSummary:
    """A notice in a list."""

    number: str
    kind: NoticeKind
    state: NoticeState
    tongue: Tongue
    drill: bool
    ticket_id: str | None
    revision: int
    clients: int
    counts: Mapping[DeliveryState, int]
    approvals: tuple[Approval, ...]
    writers: tuple[str, ...]
    written_at: datetime
    released_at: datetime | None
    forgotten: bool

    @property
    def approved(self) -> bool:
        """Whether two people approved it as it is."""
        return len(self.approvals) >= APPROVERS


@dataclass(frozen=True, slots=True)
class SeenDelivery:
    """One client's notice, without the client."""

    key: str
    channel: Channel
    state: DeliveryState
    attempts: int


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice as it stands: what is missing or late, where each client's copy is, what happened."""

    summary: NoticeSummary
    missing: tuple[Missing, ...]
    overdue: tuple[Missing, ...]
    deliveries: tuple[SeenDelivery, ...]
    ledger: tuple[LedgerLine, ...]


@dataclass(frozen=True, slots=True)
class NoticePreview:
    """What a notice says, and the letters of the first clients; without any client, an example."""

    number: str
    given: Mapping[str, str] = field(repr=False)
    letters: tuple[Letter, ...] = field(repr=False)


def list_notice_kinds(app: App, person: Person) -> list[NoticeRules]:
    """Every kind of notice: what it must say, by which article, to whom and when."""
    app.authorise(person, Permission.NOTICE_READ)
    app.record(person, "notice:kinds", "notices", {"kinds": len(NoticeKind)})
    return [notice_rules(kind) for kind in NoticeKind]


def list_notices(app: App, person: Person, ticket_id: str | None = None) -> list[NoticeSummary]:
    """Every notice, or those of one ticket, the newest first."""
    app.authorise(person, Permission.NOTICE_READ)
    with app.database.reading() as session:
        found = [summary_of(app, session, one) for one in app.notices.listed(session, ticket_id)]
    app.record(person, "notice:listed", ticket_id or "notices", {"notices": len(found)})
    return found


def read_notice(app: App, person: Person, number: str) -> NoticeView:
    """A notice as it stands, without clients and letters. Raises NotFound."""
    app.authorise(person, Permission.NOTICE_READ)
    with app.database.reading() as session:
        view = view_of(app, session, app.notices.get(session, number))
    app.record(person, "notice:read", view.summary.number)
    return view


def preview_notice(
    app: App, person: Person, number: str, *, first: int = PREVIEWED
) -> NoticePreview:
    """What the notice says, and the letters of its first clients; `first` 0: an example, to nobody.

    Raises NotFound, Conflict once clients and texts were erased.
    """
    app.authorise(person, Permission.NOTICE_OPEN)
    with app.database.reading() as session:
        notice = _kept(app, session, number)
        kept = app.notices.letters(session, notice, limit=min(first, 20)) if first > 0 else []
        letters = tuple(one.letter for one in kept)
    wish = notice.wish
    if not letters:
        rules = notice_rules(wish.kind)
        letters = (example_letter(rules, wish.given, tongue=wish.tongue, drill=wish.drill),)
    app.record(person, "notice:previewed", notice.id, {"letters": len(letters)})
    return NoticePreview(notice.id, wish.given, letters)


def notice_letter(app: App, person: Person, key: str, *, word: bool = False) -> tuple[str, bytes]:
    """Name and bytes of one client's letter; what is not approved says so on every page."""
    app.authorise(person, Permission.NOTICE_OPEN)
    with app.database.reading() as session:
        kept = app.notices.letter(session, key)
        notice = app.notices.get(session, kept.key.rpartition("-")[0])
    app.record(person, "notice:letter", kept.key)
    ending, data = _file(app, notice, kept.letter, word=word)
    return f"{kept.key}.{ending}", data


def notice_letters(app: App, person: Person, number: str, *, word: bool = False) -> bytes:
    """Every letter in one zip, named by its number, and an index with names and addresses.

    Raises NotFound, Conflict once clients and texts were erased.
    """
    app.authorise(person, Permission.NOTICE_OPEN)
    out = io.BytesIO()
    index: list[tuple[str, ...]] = [("编号 number", "姓名 name", "邮箱 e-mail", "地址 address")]
    with app.database.reading() as session, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        notice = _kept(app, session, number)
        for kept in app.notices.letters(session, notice):
            ending, data = _file(app, notice, kept.letter, word=word)
            made.writestr(f"{kept.key}.{ending}", data)
            index.append((kept.key, *_place(kept.addressee)))
        made.writestr("index.csv", csv_file(index))
    app.record(person, "notice:letters", notice.id, {"letters": len(index) - 1})
    return out.getvalue()


def ledger_csv(view: NoticeView) -> bytes:
    """The ledger as a table, without clients: what happened to which copy, when, with its proof."""
    lines = [("编号 number", "时间 at", "事项 what", "经手 by", "凭据 proof")]
    for one in view.ledger:
        proof = "; ".join(f"{name}={value}" for name, value in sorted(one.details.items()))
        at = to_the_second(one.at)
        lines.append((one.key, at, one.what, one.person_id, proof))
    return csv_file(lines)


def summary_of(app: App, session: Session, notice: KeptNotice) -> NoticeSummary:
    """The notice in a list, with how many copies are where."""
    now = app.clock()
    copies = notice_ledger.deliveries(session, notice.id)
    counts = Counter(seen_state(one.state, one.begun_at, now) for one in copies)
    wish = notice.wish
    return NoticeSummary(
        number=notice.id,
        kind=wish.kind,
        state=notice.state,
        tongue=wish.tongue,
        drill=wish.drill,
        ticket_id=wish.ticket_id,
        revision=notice.revision,
        clients=len(copies),
        counts=dict(counts),
        approvals=notice.approvals,
        writers=notice.writers,
        written_at=notice.written_at,
        released_at=notice.released_at,
        forgotten=notice.forgotten,
    )


def view_of(app: App, session: Session, notice: KeptNotice) -> NoticeView:
    """The notice as it stands; verbs give it back after a change."""
    now, rules, given = app.clock(), notice_rules(notice.wish.kind), notice.wish.given
    draft = notice.state is NoticeState.DRAFT
    people = app.notices.addressees(session, notice.id) if draft else []
    return NoticeView(
        summary=summary_of(app, session, notice),
        missing=missing(rules, given, people) if draft else (),
        overdue=overdue(rules, given, people, today=app.today()) if draft else (),
        deliveries=tuple(
            SeenDelivery(
                one.key, one.channel, seen_state(one.state, one.begun_at, now), one.attempts
            )
            for one in notice_ledger.deliveries(session, notice.id)
        ),
        ledger=tuple(notice_ledger.ledger(session, notice.id)),
    )


def _kept(app: App, session: Session, number: str) -> KeptNotice:
    notice = app.notices.get(session, number)
    if notice.forgotten:
        raise Conflict(
            "这份通知的客户资料和内容已删除，只留下送达台账。",
            "The clients and texts of this notice were erased; its ledger is left.",
        )
    return notice


def _file(app: App, notice: KeptNotice, letter: Letter, *, word: bool) -> tuple[str, bytes]:
    released = notice.state is not NoticeState.DRAFT
    stamp, day = ("", app.today()) if released else (NOT_APPROVED, None)
    if word:
        return "docx", letter_docx(letter, day, stamp=stamp)
    return letter_file(letter, day, stamp=stamp)


def _place(person: Addressee) -> tuple[str, str, str]:
    return person.name, person.mail, person.address
