"""One client's notice on its way: the states, and the only moves between them.

`begun` is written before anything leaves, the outcome after. What was begun and has no outcome when
its time is over is uncertain: it is shown as such and goes again only by a person's decision.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from records.language import Bilingual
from tickets.errors import MoveNotAllowed

# Longer than any sending can take: the sender gives up on each exchange after twenty seconds.
GRACE = timedelta(minutes=5)


class Channel(StrEnum):
    """How a notice goes to a client."""

    MAIL = "mail"
    LETTER = "letter"

    @property
    def label(self) -> Bilingual:
        """The channel in both languages."""
        return {
            Channel.MAIL: Bilingual("电子邮件", "e-mail"),
            Channel.LETTER: Bilingual("纸质信函", "printed letter"),
        }[self]


class DeliveryState(StrEnum):
    """Where one client's notice is."""

    WAITING = "waiting"
    BEGUN = "begun"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    WRITTEN = "written"
    SENT = "sent"
    BOUNCED = "bounced"

    @property
    def label(self) -> Bilingual:
        """The state in both languages."""
        return _LABELS[self]


_LABELS = {
    DeliveryState.WAITING: Bilingual("待发送", "waiting"),
    DeliveryState.BEGUN: Bilingual("正在发送", "being sent"),
    DeliveryState.UNCERTAIN: Bilingual("不能确定是否已发出", "uncertain whether sent"),
    DeliveryState.FAILED: Bilingual("未能发出", "could not be sent"),
    DeliveryState.WRITTEN: Bilingual("已写入文件夹，待寄出", "written to the folder, to be sent"),
    DeliveryState.SENT: Bilingual("已发出", "sent"),
    DeliveryState.BOUNCED: Bilingual("被退回", "bounced"),
}

# begun → waiting: the server refused for now, and nothing left. uncertain, failed → waiting: a
# person decided so. To sent: the server took it, or a person put the posting on record.
MOVES: Mapping[DeliveryState, frozenset[DeliveryState]] = MappingProxyType(
    {
        DeliveryState.WAITING: frozenset({DeliveryState.BEGUN, DeliveryState.SENT}),
        DeliveryState.BEGUN: frozenset(
            {
                *(DeliveryState.WAITING, DeliveryState.UNCERTAIN, DeliveryState.FAILED),
                *(DeliveryState.WRITTEN, DeliveryState.SENT),
            }
        ),
        DeliveryState.UNCERTAIN: frozenset({DeliveryState.WAITING, DeliveryState.SENT}),
        DeliveryState.FAILED: frozenset({DeliveryState.WAITING, DeliveryState.SENT}),
        DeliveryState.WRITTEN: frozenset({DeliveryState.SENT}),
        DeliveryState.SENT: frozenset({DeliveryState.BOUNCED}),
        DeliveryState.BOUNCED: frozenset({DeliveryState.SENT}),
    }
)


def check_delivery_move(before: DeliveryState, after: DeliveryState) -> None:
    """Nothing, or MoveNotAllowed."""
    if after not in MOVES[before]:
        raise MoveNotAllowed(
            f"这一份现在是“{before.label.zh}”，不能改为“{after.label.zh}”。",
            f"This one is “{before.label.en}” and cannot become “{after.label.en}”.",
        )


def seen_state(state: DeliveryState, begun_at: datetime | None, now: datetime) -> DeliveryState:
    """The state as it must be shown: begun long ago without an outcome is uncertain."""
    over = begun_at is not None and now - begun_at > GRACE
    return DeliveryState.UNCERTAIN if state is DeliveryState.BEGUN and over else state
