"""The outbox: replies written down as jobs, posted once, those of one conversation in order.

A post is tried until it arrives, for a day. What surely did not arrive is posted again. Where nobody
knows, Slack is asked whether the message is there, by the mark it carries; where that cannot be read,
in channels, it goes to the person directly, so that nothing stands twice in one place and nobody waits
for nothing. That a post is being tried is noted before, so that a crash is the same doubt.
"""

import json
import logging
from collections.abc import Mapping, Sequence
from contextvars import Context
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Protocol

from integrations.chat.calls import Declined, NotDelivered, Uncertain
from integrations.slack.blocks import Message, escaped
from integrations.slack.web_api import Slack
from integrations.slack.workspaces import SlackOf
from records.jobs import Jobs, Stopping, TryLater
from records.language import Bilingual

JOB = "slack-reply"
# A response_url takes five answers; longer replies go by direct message.
MOST_RESPONSES = 5
# What was cut off may still be on its way into the conversation; then one looks whether it is there.
LOOK_AFTER_SECONDS = 10
_UNSURE = Bilingual(
    "Slack 没有确认这条回复是否送到，现直接发给您；那里若已看到，请忽略。",
    "Slack did not confirm that this reply arrived, so here it is; if you saw it there, ignore it.",
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reply goes: a channel and thread, a person, or a slash command's response_url."""

    channel: str
    thread: str = ""
    response_url: str = ""
    # Where to go instead when the place takes nothing, or nobody knows whether it did.
    person: str = ""
    # The message of ours whose place the reply takes: what was streamed of it.
    replaces: str = ""
    # The only one who sees it, where others read along.
    only_for: str = ""
    team: str = ""

    @property
    def lane(self) -> str:
        """What keeps its order: the thread, or all that is said to one person."""
        return f"{self.team}:{self.channel}:{self.thread}"

    @property
    def directly(self) -> "Place | None":
        """The same person's direct messages; None where it goes there already, or to nobody."""
        person = self.person or self.only_for
        there = self.channel == person and not (self.response_url or self.only_for)
        return Place(channel=person, team=self.team) if person and not there else None


class Tries(Protocol):
    """Remembers which posts were tried, over a restart."""

    def begin(self, mark: str) -> datetime | None:
        """Note that it is tried now; when that was noted before, if it was."""

    def undo(self, mark: str) -> None:
        """Forget it: the post surely did not arrive."""


class Outbox:
    """Sends replies. `keep` is called from a job, `work` is the handler of the jobs it makes."""

    def __init__(self, jobs: Jobs, slack_of: SlackOf, tries: Tries | None = None) -> None:
        self._jobs = jobs
        self._slack_of = slack_of
        self._tries = tries

    def keep(self, reply_id: str, place: Place, messages: Sequence[Message]) -> None:
        """Write the messages down; they are posted one after the other, soon."""
        if place.response_url and len(messages) > MOST_RESPONSES:
            place = Place(channel=place.person, team=place.team)
        for part, message in enumerate(messages):
            first = place if part == 0 else replace(place, replaces="")
            self._submit(reply_id, part, first, [message])

    def work(self, payload: Mapping[str, str]) -> None:
        """Post one message. Raises TryLater until it arrived, or went to the person instead."""
        message, *rest = json.loads(payload["messages"])
        place = Place(
            payload["channel"],
            payload["thread"],
            payload["response_url"],
            payload["person"],
            payload.get("replaces", ""),
            payload.get("only_for", ""),
            payload.get("team", ""),
        )
        reply_id, part = payload["reply_id"], int(payload["part"])
        self._send(reply_id, part, place, message)
        if rest:
            # Written down by an older release, as one job.
            self._submit(reply_id, part + 1, replace(place, replaces=""), rest)

    def submit(self, kind: str, job_id: str, payload: Mapping[str, str], *, lane: str = "") -> None:
        """Hand in a job out of another one."""
        # DBOS does not let a running job hand in another: its own mark on this thread's context
        # is left behind.
        Context().run(self._jobs.submit, kind, job_id, payload, lane=lane)

    def _submit(self, reply_id: str, part: int, place: Place, messages: Sequence[Message]) -> None:
        payload = {
            "channel": place.channel,
            "thread": place.thread,
            "response_url": place.response_url,
            "person": place.person,
            "replaces": place.replaces,
            "only_for": place.only_for,
            "team": place.team,
            "reply_id": reply_id,
            "part": str(part),
            "messages": json.dumps(list(messages), ensure_ascii=False),
        }
        self.submit(JOB, f"{reply_id}:{part}", payload, lane=place.lane)

    def _send(self, reply_id: str, part: int, place: Place, message: Message) -> None:
        mark = sha256(f"{reply_id}:{part}".encode()).hexdigest()[:40]
        since = self._tries.begin(mark) if self._tries else None
        if since is not None and not place.replaces:
            arrived = self._arrived(place, mark, since)
            if arrived is None:
                self._instead(reply_id, part, place, message)
            if arrived is not False:
                return
        try:
            self._once(place, message, mark)
        except (NotDelivered, Stopping) as error:
            if self._tries:
                self._tries.undo(mark)
            if isinstance(error, Stopping):
                # It waited for a 429 to be over.
                raise
            logger.warning("a reply waits until Slack takes it: %s", error)
            raise TryLater(error.wait_seconds) from None
        except Uncertain as error:
            if self._tries is None:
                logger.error("a reply may not have arrived: %s", error)
                return
            logger.warning("a reply may not have arrived, looking soon: %s", error)
            raise TryLater(LOOK_AFTER_SECONDS) from None
        except Declined as error:
            if place.directly is None:
                logger.error("Slack declined a reply: %s", error)
                return
            logger.warning("Slack declined a reply (%s): sending a direct message", error)
            self._submit(f"{reply_id}:direct", part, place.directly, [message])

    def _once(self, place: Place, message: Message, mark: str) -> None:
        slack = self._slack_of(place.team)
        if place.response_url:
            slack.respond(place.response_url, message)
        elif place.only_for:
            slack.whisper(
                channel=place.channel, thread=place.thread, user=place.only_for, message=message
            )
        elif not (place.replaces and self._replaced(slack, place, message)):
            slack.post(channel=place.channel, thread=place.thread, message=message, mark=mark)

    def _arrived(self, place: Place, mark: str, since: datetime) -> bool | None:
        """Whether an earlier try got there; None where that cannot be known. Raises TryLater."""
        if place.response_url or place.only_for:
            return None
        try:
            return self._slack_of(place.team).has_posted(
                channel=place.channel, thread=place.thread, mark=mark, since=since
            )
        except NotDelivered as error:
            raise TryLater(error.wait_seconds) from None
        except Uncertain:
            raise TryLater from None
        except Declined as error:
            logger.info("a conversation cannot be read (%s)", error)
            return None

    def _instead(self, reply_id: str, part: int, place: Place, message: Message) -> None:
        """To the person directly, with the reason."""
        if place.directly is None:
            logger.error("a reply may not have arrived, and nobody can be told")
            return
        told = {"text": escaped(f"{_UNSURE.zh}\n{_UNSURE.en}")}
        self._submit(f"{reply_id}:unsure", 2 * part, place.directly, [told])
        self._submit(f"{reply_id}:unsure", 2 * part + 1, place.directly, [message])

    def _replaced(self, slack: Slack, place: Place, message: Message) -> bool:
        """Whether the message stands where the stream was. Raises NotDelivered, for it may be repeated."""
        channel, ts = place.channel, place.replaces
        try:
            try:
                slack.update(channel=channel, ts=ts, message=message)
            except Declined:
                # Most likely still streaming: our stop did not get through, or a crash came first.
                slack.stop_stream(channel=channel, ts=ts)
                slack.update(channel=channel, ts=ts, message=message)
        except Uncertain as error:
            raise NotDelivered(str(error)) from None
        except Declined as error:
            logger.warning("Slack keeps what was streamed (%s): posting the reply", error)
            return False
        return True
