"""The outbox: replies written down as jobs, posted once, those of one conversation in order.

A post is tried until it arrives, for a day. Each has a uuid made of its id, and Feishu takes a uuid once
within an hour: so one of which nobody knows whether it arrived is posted again.
https://open.feishu.cn/document/server-docs/im-v1/message/create
"""

import hashlib
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from contextvars import Context
from dataclasses import dataclass

from integrations.chat.calls import Declined, NotDelivered, Uncertain
from integrations.feishu.api import Feishu
from integrations.feishu.cards import Card, as_json
from records.jobs import Jobs, TryLater

JOB = "feishu-reply"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reply goes: below a message, or to a person; to the person, too, where the first fails."""

    message: str = ""
    person: str = ""
    # The thread the message stands in, where it is known.
    thread: str = ""

    @property
    def lane(self) -> str:
        """What keeps its order: the thread, or all that is said to one person."""
        return self.thread or self.message or self.person


class Outbox:
    """Sends replies. `keep` is called from a job, `work` is the handler of the jobs it makes."""

    def __init__(self, jobs: Jobs, feishu: Feishu) -> None:
        self._jobs = jobs
        self._feishu = feishu

    def keep(self, reply_id: str, place: Place, cards: Sequence[Card]) -> None:
        """Write the cards down; they are posted one after the other, soon."""
        for part, card in enumerate(cards):
            self._submit(reply_id, part, place, [card])

    def work(self, payload: Mapping[str, str]) -> None:
        """Post one card. Raises TryLater until it arrived, or was declined."""
        first, *rest = json.loads(payload["cards"])
        place = Place(payload["message"], payload["person"], payload.get("thread", ""))
        reply_id, part = payload["reply_id"], int(payload["part"])
        self._send(reply_id, part, place, first)
        if rest:
            # Written down by an older release, as one job.
            self._submit(reply_id, part + 1, place, rest)

    def send_file(self, reply_id: str, person: str, name: str, data: bytes) -> None:
        """A file to a person. Raises TryLater and Declined."""

        def send() -> None:
            content = as_json({"file_key": self._feishu.upload(name, data)})
            self._feishu.send(person, "file", content, person=True, uuid=_uuid(reply_id, "file"))

        _or_later(send)

    def submit(self, kind: str, job_id: str, payload: Mapping[str, str], *, lane: str = "") -> None:
        """Hand in a job out of another one."""
        # DBOS does not let a running job hand in another: its own mark on this thread's context
        # is left behind.
        Context().run(self._jobs.submit, kind, job_id, payload, lane=lane)

    def _submit(self, reply_id: str, part: int, place: Place, cards: Sequence[Card]) -> None:
        payload = {
            "message": place.message,
            "person": place.person,
            "thread": place.thread,
            "reply_id": reply_id,
            "part": str(part),
            "cards": json.dumps(list(cards), ensure_ascii=False),
        }
        self.submit(JOB, f"{reply_id}:{part}", payload, lane=place.lane)

    def _send(self, reply_id: str, part: int, place: Place, card: Card) -> None:
        uuid = _uuid(reply_id, str(part))
        try:
            _or_later(lambda: self._once(place, card, uuid))
        except Declined as error:
            if not (place.message and place.person):
                logger.error("Feishu declined a reply: %s", error)
                return
            # Taken back since, most likely: as whoever pasted personal data was asked to do.
            logger.warning("Feishu declined a reply (%s): sending a direct message", error)
            self._submit(f"{reply_id}:direct", part, Place(person=place.person), [card])

    def _once(self, place: Place, card: Card, uuid: str) -> None:
        if place.message:
            self._feishu.reply(place.message, card, uuid=uuid)
        else:
            self._feishu.send(place.person, "interactive", as_json(card), person=True, uuid=uuid)


def _or_later(call: Callable[[], None]) -> None:
    """Do it. Raises TryLater where it did not arrive, or nobody knows, for the uuid is the same then."""
    try:
        call()
    except NotDelivered as error:
        logger.warning("a call waits until Feishu takes it: %s", error)
        raise TryLater(error.wait_seconds) from None
    except Uncertain as error:
        logger.warning("a call may not have got through, trying again: %s", error)
        raise TryLater from None


def _uuid(reply_id: str, part: str) -> str:
    """At most 50 characters, the same each time."""
    return hashlib.sha256(f"{reply_id}:{part}".encode()).hexdigest()[:40]
