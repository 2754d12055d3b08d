"""What a destruction may take from a notice: how many clients were told, how, until when they reply.

A notice tells the clients of one matter: that of a ticket counts for the ticket, that of a closing
project for the project's tickets, and there for the clients whose records the ticket holds.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.closing.steps import ClosingStep
from assistant.destruction.of_letter import wrote
from assistant.destruction.record_choice import project_of
from assistant.destruction.steps import Step
from records.errors import BadInput
from tickets.closing.progress import TOLD
from tickets.closing.records import Filter, addressee_of, client_code
from tickets.errors import StepMissing
from tickets.notices import ledger as notice_ledger
from tickets.notices.data import Addressee, NoticeKind, day_of, for_client
from tickets.notices.delivery import DeliveryState
from tickets.notices.records import Delivery, KeptNotice

_Copy = tuple[Addressee, Delivery]
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Told:
    """The notice in the words of a destruction's record."""

    clients: int
    channel: str
    reply_by: date | None
    planned: date | None
    """The latest day of destruction it named."""


def told_by(at: Step, number: str) -> Told:
    """What this notice told the clients of the ticket.

    Raises BadInput for another matter's notice, StepMissing while a copy is on its way, uncertain or
    back, or a client of a closing project was not told.
    """
    app, session = at.app, at.session
    notice = app.notices.get(session, number)
    project_id = project_of(session, at.ticket)
    closing = ClosingStep(app, session, at.person, project_id) if project_id else None
    own = notice.wish.ticket_id == at.ticket.id or (closing and wrote(closing, notice.id))
    if notice.wish.kind is not NoticeKind.DESTRUCTION or notice.wish.drill or not own:
        raise BadInput(
            f"{notice.id} 不是这次销毁的告知书：要起草时写明 {at.ticket.id}，或出自这张工单所属的注销项目。"
            "用别的方式告知的，登记客户数和方式。",
            f"{notice.id} is not the notice of this destruction: it must be written for {at.ticket.id}, or "
            "in the closing project of this ticket. Where clients were told otherwise, say how many and how.",
        )
    if notice.forgotten:
        raise StepMissing(
            f"{notice.id} 的客户资料已删除，不能再作为通知依据。",
            f"The clients of {notice.id} were erased; it can no longer stand for the telling.",
        )
    people = app.notices.addressees(session, notice.id)
    copies = list(zip(people, notice_ledger.deliveries(session, notice.id), strict=True))
    others = 0
    if closing:
        copies, others = _of_clients(at, closing, notice, copies)
    left = sum(copy.state is not DeliveryState.SENT for _, copy in copies)
    if left or not copies:
        raise StepMissing(
            f"{notice.id} 还有 {left} 份没有发出或情况不明，先在通知页面办完。",
            f"{left} copies of {notice.id} have not gone out or are uncertain; settle them first.",
        )
    counts = Counter(copy.channel.label.zh for _, copy in copies)
    how = "，".join(f"{name} {count}" for name, count in counts.items())
    how += f"；另行告知或不需告知 {others}" if others else ""
    given = [for_client(notice.wish.given, one) for one, _ in copies]
    reply_by, planned = _latest(given, "reply_by"), _latest(given, "destroyed_on")
    return Told(len(copies), f"{notice.id}：{how}", reply_by, planned)


def _latest(given: Sequence[Mapping[str, str]], element: str) -> date | None:
    days = [day_of(one.get(element, "")) for one in given]
    return max((day for day in days if day), default=None)


def _of_clients(
    at: Step, closing: ClosingStep, notice: KeptNotice, copies: Sequence[_Copy]
) -> tuple[list[_Copy], int]:
    """The copies of the clients whose records the ticket holds, and how many were told otherwise."""
    to = {(one.name, one.mail, one.address): (one, copy) for one, copy in copies}
    wanted = Filter(ticket_id=at.ticket.id)
    records = closing.stores.clients.records(at.session, closing.id, wanted)
    told = {one.client: one.notice in TOLD for one in records}
    found, untold = [], []
    for client in closing.stores.clients.clients(at.session, closing.id, told):
        who = addressee_of(client)
        copy = to.get((who.name, who.mail, who.address)) if who else None
        if copy:
            found.append(copy)
        elif not told[client.number]:
            untold.append(client_code(client.number))
    if untold or not found:
        named = ", ".join(untold[:_NAMED]) + (" …" if len(untold) > _NAMED else "")
        raise StepMissing(
            f"{notice.id} 没有告知这张工单里的全部客户，还差 {len(untold)} 位：{named}。请先告知，"
            "或在注销项目里登记已另行告知、不需告知（close notices）。",
            f"{notice.id} does not tell every client of this ticket; {len(untold)} are missing: {named}. "
            "Tell them, or put on record in the project that they were told otherwise or need not be.",
        )
    return found, len(told) - len(found)
