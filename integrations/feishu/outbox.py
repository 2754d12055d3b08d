"""The outbox: replies written down as jobs, posted once, the parts of one reply in order.

Each post has a uuid made of its id, and Feishu takes a uuid once within an hour: so one of which nobody
knows whether it arrived is posted again. https://open.feishu.cn/document/server-docs/im-v1/message/create
"""

import hashlib
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from contextvars import Context
from dataclasses import dataclass

from integrations.chat.calls import Declined, NotDelivered, Sleep, Uncertain
from integrations.feishu.api import Feishu
from integrations.feishu.cards import Card, as_json
from records.jobs import Jobs, TryLater

JOB = "feishu-reply"
PAUSES_SECONDS = (1, 3, 9, 27)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reply goes: below a message, or to a person; to the person, too, where the first fails."""

    message: str = ""
    person: str = ""


class Outbox:
    """Sends replies. `keep` is called from a job, `work` is the handler of the jobs it makes."""

    def __init__(self, jobs: Jobs, feishu: Feishu, sleep: Sleep) -> None:
        self._jobs = jobs
        self._feishu = feishu
        self._sleep = sleep

    def keep(self, reply_id: str, place: Place, cards: Sequence[Card]) -> None:
        """Write the cards down; they are posted one after the other, soon."""
        payload = {
            "message": place.message,
            "person": place.person,
            "reply_id": reply_id,
            "part": "0",
            "cards": json.dumps(list(cards), ensure_ascii=False),
        }
        self._submit(payload)

    def work(self, payload: Mapping[str, str]) -> None:
        """Post the first card, then hand in the rest. Raises TryLater where Feishu is away."""
        first, *rest = json.loads(payload["cards"])
        place = Place(payload["message"], payload["person"])
        try:
            self._send(place, first, _uuid(payload["reply_id"], payload["part"]))
        except NotDelivered as error:
            raise TryLater(error.wait_seconds) from None
        if rest:
            part = str(int(payload["part"]) + 1)
            self._submit({**payload, "part": part, "cards": json.dumps(rest, ensure_ascii=False)})

    def send_file(self, reply_id: str, person: str, name: str, data: bytes) -> None:
        """A file to a person. Raises what may be repeated, and Declined."""

        def send() -> None:
            content = as_json({"file_key": self._feishu.upload(name, data)})
            self._feishu.send(person, "file", content, person=True, uuid=_uuid(reply_id, "file"))

        self._patiently(send)

    def submit(self, kind: str, job_id: str, payload: Mapping[str, str]) -> None:
        """Hand in a job out of another one."""
        # DBOS does not let a running job hand in another: its own mark on this thread's context
        # is left behind.
        Context().run(self._jobs.submit, kind, job_id, payload)

    def _submit(self, payload: Mapping[str, str]) -> None:
        self.submit(JOB, f"{payload['reply_id']}:{payload['part']}", payload)

    def _send(self, place: Place, card: Card, uuid: str) -> None:
        try:
            self._patiently(lambda: self._once(place, card, uuid))
        except Declined as error:
            if not (place.message and place.person):
                logger.error("Feishu declined a reply: %s", error)
                return
            # Taken back since, most likely: as whoever pasted personal data was asked to do.
            logger.warning(
                "Feishu declined a reply below a message (%s): sending it directly", error
            )
            self._send(Place(person=place.person), card, _uuid(uuid, "direct"))

    def _once(self, place: Place, card: Card, uuid: str) -> None:
        if place.message:
            self._feishu.reply(place.message, card, uuid=uuid)
        else:
            self._feishu.send(place.person, "interactive", as_json(card), person=True, uuid=uuid)

    def _patiently(self, call: Callable[[], None]) -> None:
        """Do it; again after a pause where it did not arrive, or nobody knows. Raises NotDelivered."""
        for pause in PAUSES_SECONDS:
            try:
                return call()
            except NotDelivered as error:
                logger.warning("a call did not get through, trying again: %s", error)
                self._sleep(max(pause, error.wait_seconds))
            except Uncertain as error:
                logger.warning("a call may not have got through, trying again: %s", error)
                self._sleep(pause)
        try:
            return call()
        except Uncertain as error:
            raise NotDelivered(str(error)) from None


def _uuid(reply_id: str, part: str) -> str:
    """At most 50 characters, the same each time."""
    return hashlib.sha256(f"{reply_id}:{part}".encode()).hexdigest()[:40]
