"""What a destruction may take from a notice: how many clients were told, how, until when they reply."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from assistant.app import App
from records.errors import BadInput
from tickets.errors import StepMissing
from tickets.notices import ledger as notice_ledger
from tickets.notices.data import NoticeKind, day_of, for_client
from tickets.notices.delivery import DeliveryState


@dataclass(frozen=True, slots=True)
class Told:
    """The notice in the words of a destruction's record."""

    clients: int
    channel: str
    reply_by: date | None


def told_by(app: App, session: Session, number: str, ticket_id: str) -> Told:
    """What this notice told. Raises StepMissing while any copy is on its way, uncertain or back."""
    notice = app.notices.get(session, number)
    other = notice.wish.ticket_id not in (None, ticket_id)
    if notice.wish.kind is not NoticeKind.DESTRUCTION or other:
        raise BadInput(
            f"{notice.id} 不是这次销毁的告知书。",
            f"{notice.id} is not the notice of this destruction.",
        )
    if notice.forgotten:
        raise StepMissing(
            f"{notice.id} 的客户资料已删除，不能再作为通知依据。",
            f"The clients of {notice.id} were erased; it can no longer stand for the telling.",
        )
    copies = notice_ledger.deliveries(session, notice.id)
    left = sum(one.state is not DeliveryState.SENT for one in copies)
    if left or not copies:
        raise StepMissing(
            f"{notice.id} 还有 {left} 份没有发出或情况不明，先在通知页面办完。",
            f"{left} copies of {notice.id} have not gone out or are uncertain; settle them first.",
        )
    counts = Counter(one.channel.label.zh for one in copies)
    how = "，".join(f"{name} {count}" for name, count in counts.items())
    people = app.notices.addressees(session, notice.id)
    days = [day_of(for_client(notice.wish.given, one).get("reply_by", "")) for one in people]
    reply_by = max((day for day in days if day), default=None)
    return Told(len(copies), f"{notice.id}：{how}", reply_by)
