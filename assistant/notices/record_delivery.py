"""What became of a client's copy, put on record by people: posted, bounced, decided.

Times are the clock's. What is uncertain goes again only by a person's decision, with its reason.
"""

import re
from collections.abc import Mapping

from assistant.app import App
from assistant.notices.view import NoticeView, view_of
from assistant.redaction.clearing import stated_reason
from records.errors import BadInput, NotFound
from records.people import Person
from records.permissions import Permission
from tickets.errors import MoveNotAllowed
from tickets.notices import ledger as notice_ledger
from tickets.notices.bounces import read_bounce
from tickets.notices.delivery import DeliveryState, seen_state
from tickets.notices.records import NoticeState
from tickets.ticket import Json

_POSTED = re.compile(r"[A-Za-z0-9][A-Za-z0-9 -]{3,39}")


def record_posted(app: App, person: Person, key: str, *, reference: str) -> NoticeView:
    """The copy sent by hand: the number of the registered letter, the time from the clock."""
    app.authorise(person, Permission.NOTICE_SEND)
    if not _POSTED.fullmatch(reference.strip()):
        raise BadInput(
            "请填写挂号信或快递单号（4 至 40 位字母、数字）。",
            "Give the number of the registered letter, 4 to 40 letters and figures.",
        )
    details: dict[str, Json] = {"reference": reference.strip()}
    return _moved(app, person, key, DeliveryState.SENT, what="posted", details=details)


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
        delivery = notice_ledger.delivery(session, key)
        notice = app.notices.get(session, delivery.key.rpartition("-")[0])
        if notice.state is NoticeState.DRAFT:
            raise MoveNotAllowed(
                "通知还没有批准并交付发送，不能登记。",
                "The notice is not approved and released yet; nothing can be put on record.",
            )
        notice_ledger.move(
            session, delivery.key, to, what=what, person_id=person.id, at=app.clock(),
            details=details,
        )  # fmt: skip
        app.append(session, person, f"notice:{what.replace('_', '-')}", delivery.key)
        return view_of(app, session, app.notices.get(session, notice.id))
