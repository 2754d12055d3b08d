"""What became of a client's copy, put on record by people: posted, bounced, decided.

Times are the clock's. What is uncertain goes again only by a person's decision, with its reason.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy.orm import Session

from assistant.app import App
from assistant.notices.view import NoticeView, view_of
from assistant.papers.table_files import table_rows
from assistant.redaction.clearing import stated_reason
from records.errors import BadInput, Conflict, NotFound
from records.people import Person
from records.permissions import Permission
from tickets.errors import MoveNotAllowed
from tickets.notices import ledger as notice_ledger
from tickets.notices.bounces import read_bounce
from tickets.notices.client_table import MOST_CLIENTS
from tickets.notices.data import NAMED_ROWS
from tickets.notices.delivery import DeliveryState, seen_state
from tickets.notices.records import NoticeState
from tickets.ticket import Json

LARGEST_BYTES = 20 * 1024 * 1024
_POSTED = re.compile(r"[A-Za-z0-9][A-Za-z0-9 -]{3,39}")
# Header words of a list of postings; the first is what `index.csv` of the letters calls a copy.
_COPY = ("编号 number", "编号", "number", "copy")
_LETTER = ("单号", "挂号单号", "挂号信单号", "快递单号", "邮件号", "registered", "tracking number")


def record_posted(app: App, person: Person, key: str, *, reference: str) -> NoticeView:
    """The copy sent by hand: the number of the registered letter, the time from the clock."""
    app.authorise(person, Permission.NOTICE_SEND)
    details: dict[str, Json] = {"reference": _posted(reference)}
    return _moved(app, person, key, DeliveryState.SENT, what="posted", details=details)


def record_postings(
    app: App, person: Person, number: str, untrusted_data: bytes, name: str
) -> NoticeView:
    """Every copy of a table (csv, xlsx) on record as posted: its number and that of its letter.

    Rows without a letter's number are passed over. One wrong row, and nothing is put on record;
    BadInput names the rows. Raises Conflict where no row has a letter's number.
    """
    app.authorise(person, Permission.NOTICE_SEND)
    if len(untrusted_data) > LARGEST_BYTES:
        raise BadInput("表格超过 20 MB，请拆分。", "The table is over 20 MB; split it.")
    posted = list(_postings(table_rows(untrusted_data, name, most=MOST_CLIENTS * 2)))
    if not posted:
        raise Conflict("表里没有填写单号的行。", "No row has the number of a letter.")
    wrong: list[int] = []
    with app.database.transaction() as session:
        notice = app.notices.get(session, number)
        for row, key, reference in posted:
            try:
                if key.rpartition("-")[0] != notice.id:
                    raise NotFound("", "")
                details: dict[str, Json] = {"reference": _posted(reference)}
                _move(app, session, person, key, DeliveryState.SENT, "posted", details)
            except (BadInput, NotFound, MoveNotAllowed):
                wrong.append(row)
        if wrong:
            rows = ", ".join(str(one) for one in wrong[:NAMED_ROWS])
            rows += " …" if len(wrong) > NAMED_ROWS else ""
            raise BadInput(
                f"{len(wrong)} 行有误，没有登记任何一行。第 {rows} 行：编号不是这份通知的、单号写法不对，"
                "或这一份现在不能登记寄出。",
                f"{len(wrong)} rows are wrong and none was put on record. Rows {rows}: not a copy of "
                "this notice, not the number of a letter, or a copy that cannot be posted now.",
            )
        return view_of(app, session, app.notices.get(session, notice.id))


def _posted(reference: str) -> str:
    if not _POSTED.fullmatch(reference.strip()):
        raise BadInput(
            "请填写挂号信或快递单号（4 至 40 位字母、数字）。",
            "Give the number of the registered letter, 4 to 40 letters and figures.",
        )
    return reference.strip()


def _postings(rows: Iterable[Sequence[object]]) -> Iterator[tuple[int, str, str]]:
    """Row, copy and letter of each row with a letter. Raises BadInput where no header names both."""
    places: tuple[int, int] | None = None
    for number, cells in enumerate(rows, start=1):
        texts = ["" if cell is None else str(cell).strip() for cell in cells]
        if places is None:
            words = [one.lower() for one in texts]
            copy, letter = (
                next((n for n, one in enumerate(words) if one in known), None)
                for known in (_COPY, _LETTER)
            )
            if copy is None or letter is None:
                raise BadInput(
                    "表头里要有“编号”和“单号”。可以在信件压缩包的 index.csv 里加一列“单号”。",
                    "The header needs the columns number and registered: add the latter to index.csv "
                    "of the letters.",
                )
            places = (copy, letter)
        elif len(texts) > max(places) and texts[places[1]]:
            yield number, texts[places[0]], texts[places[1]]


def decide_delivery(app: App, person: Person, key: str, *, again: bool, reason: str) -> NoticeView:
    """A copy that is uncertain or failed: sent again, or known to have arrived, with the reason."""
    app.authorise(person, Permission.NOTICE_SEND)
    details: dict[str, Json] = {"reason": stated_reason(app, reason)}
    with app.database.transaction() as session:
        delivery = notice_ledger.delivery(session, key)
        seen = seen_state(delivery.state, delivery.begun_at, app.clock())
        if seen not in (DeliveryState.UNCERTAIN, DeliveryState.FAILED):
            raise MoveNotAllowed(
                f"这一份“{seen.label.zh}”，不需要决定。", f"This one is “{seen.label.en}”."
            )
        if delivery.state is DeliveryState.BEGUN:
            notice_ledger.move(
                session, key, DeliveryState.UNCERTAIN, what="uncertain", person_id=person.id,
                at=app.clock(), details={"said": "no outcome"},
            )  # fmt: skip
    to, what = (
        (DeliveryState.WAITING, "again") if again else (DeliveryState.SENT, "known_to_have_arrived")
    )
    return _moved(app, person, key, to, what=what, details=details)


def record_bounce(app: App, person: Person, key: str, *, reason: str) -> NoticeView:
    """The copy came back, by hand."""
    app.authorise(person, Permission.NOTICE_SEND)
    details: dict[str, Json] = {"reason": stated_reason(app, reason)}
    return _moved(app, person, key, DeliveryState.BOUNCED, what="bounced", details=details)


def import_bounce(app: App, person: Person, untrusted_mail: bytes) -> NoticeView:
    """The copy that a bounce mail (.eml) names is on record as bounced; a delay only as a line.

    Raises BadInput where the mail names none of ours, NotFound for a token the ledger never gave.
    """
    app.authorise(person, Permission.NOTICE_SEND)
    bounce = read_bounce(untrusted_mail)
    with app.database.reading() as session:
        delivery = notice_ledger.by_token(session, bounce.token)
    if delivery is None:
        raise NotFound("发送台账里没有这封邮件。", "The ledger knows no such mail.")
    details: dict[str, Json] = {"status": bounce.status}
    if bounce.failed:
        if delivery.state in (DeliveryState.UNCERTAIN, DeliveryState.WRITTEN):
            # It came back, so it had left; from the folder, by somebody's own mail program.
            _moved(app, person, delivery.key, DeliveryState.SENT, what="left", details=details)
        return _moved(
            app, person, delivery.key, DeliveryState.BOUNCED, what="bounced", details=details
        )
    with app.database.transaction() as session:
        notice_ledger.note(
            session, delivery.key, what="delayed", person_id=person.id, at=app.clock(),
            details=details,
        )  # fmt: skip
        app.append(session, person, "notice:delayed", delivery.key, {"status": bounce.status})
        notice = app.notices.get(session, delivery.key.rpartition("-")[0])
        return view_of(app, session, notice)


def _moved(
    app: App,
    person: Person,
    key: str,
    to: DeliveryState,
    *,
    what: str,
    details: Mapping[str, Json],
) -> NoticeView:
    with app.database.transaction() as session:
        number = _move(app, session, person, key, to, what, details)
        return view_of(app, session, app.notices.get(session, number))


def _move(
    app: App,
    session: Session,
    person: Person,
    key: str,
    to: DeliveryState,
    what: str,
    details: Mapping[str, Json],
) -> str:
    """The notice's number, its copy moved and both records written."""
    delivery = notice_ledger.delivery(session, key)
    notice = app.notices.get(session, delivery.key.rpartition("-")[0])
    if notice.state is NoticeState.DRAFT:
        raise MoveNotAllowed(
            "通知还没有批准并交付发送，不能登记。",
            "The notice is not approved and released yet; nothing can be put on record.",
        )
    notice_ledger.move(
        session, delivery.key, to, what=what, person_id=person.id, at=app.clock(), details=details
    )
    app.append(session, person, f"notice:{what.replace('_', '-')}", delivery.key)
    return notice.id
