"""The outbox: replies written down as jobs, posted once, the parts of one reply in order."""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from contextvars import Context
from dataclasses import dataclass

from integrations.chat.calls import Declined, NotDelivered, Sleep, Uncertain
from integrations.slack.blocks import Message
from integrations.slack.web_api import Slack
from integrations.slack.workspaces import SlackOf
from records.jobs import Jobs

JOB = "slack-reply"
# A response_url takes five answers; longer replies go by direct message.
MOST_RESPONSES = 5
PAUSES_SECONDS = (1, 3, 9)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reply goes: a channel and thread, a person, or a slash command's response_url."""

    channel: str
    thread: str = ""
    response_url: str = ""
    # Where to go instead when the response_url is used up or expired.
    person: str = ""
    # The message of ours whose place the reply takes: what was streamed of it.
    replaces: str = ""
    # The only one who sees it, where others read along.
    only_for: str = ""
    team: str = ""


class Outbox:
    """Sends replies. `keep` is called from a job, `work` is the handler of the jobs it makes."""

    def __init__(self, jobs: Jobs, slack_of: SlackOf, sleep: Sleep) -> None:
        self._jobs = jobs
        self._slack_of = slack_of
        self._sleep = sleep

    def keep(self, reply_id: str, place: Place, messages: Sequence[Message]) -> None:
        """Write the messages down; they are posted one after the other, soon."""
        if place.response_url and len(messages) > MOST_RESPONSES:
            place = Place(channel=place.person, team=place.team)
        payload = {
            "channel": place.channel,
            "thread": place.thread,
            "response_url": place.response_url,
            "person": place.person,
            "replaces": place.replaces,
            "only_for": place.only_for,
            "team": place.team,
            "reply_id": reply_id,
            "part": "0",
            "messages": json.dumps(list(messages), ensure_ascii=False),
        }
        self._submit(reply_id, payload)

    def work(self, payload: Mapping[str, str]) -> None:
        """Post the first message, then hand in the rest. Raises NotDelivered to be tried again."""
        first, *rest = json.loads(payload["messages"])
        place = Place(
            payload["channel"],
            payload["thread"],
            payload["response_url"],
            payload["person"],
            payload.get("replaces", ""),
            payload.get("only_for", ""),
            payload.get("team", ""),
        )
        self._send(place, first)
        if rest:
            part = str(int(payload["part"]) + 1)
            messages = json.dumps(rest, ensure_ascii=False)
            further = {**payload, "part": part, "messages": messages, "replaces": ""}
            self._submit(payload["reply_id"], further)

    def submit(self, kind: str, job_id: str, payload: Mapping[str, str]) -> None:
        """Hand in a job out of another one."""
        # DBOS does not let a running job hand in another: its own mark on this thread's context
        # is left behind.
        Context().run(self._jobs.submit, kind, job_id, payload)

    def _submit(self, reply_id: str, payload: Mapping[str, str]) -> None:
        self.submit(JOB, f"{reply_id}:{payload['part']}", payload)

    def _send(self, place: Place, message: Message) -> None:
        try:
            patiently(lambda: self._once(place, message), self._sleep)
        except Uncertain as error:
            logger.error("a reply may not have arrived: %s", error)
        except Declined as error:
            if not place.response_url or not place.person:
                logger.error("Slack declined a reply: %s", error)
                return
            logger.warning("response_url declined (%s): sending a direct message", error)
            self._send(Place(channel=place.person, team=place.team), message)

    def _once(self, place: Place, message: Message) -> None:
        slack = self._slack_of(place.team)
        if place.response_url:
            slack.respond(place.response_url, message)
        elif place.only_for:
            slack.whisper(
                channel=place.channel, thread=place.thread, user=place.only_for, message=message
            )
        elif not (place.replaces and self._replaced(slack, place, message)):
            slack.post(channel=place.channel, thread=place.thread, message=message)

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


def patiently(call: Callable[[], None], sleep: Sleep) -> None:
    """Do it; again after a pause where it surely did not arrive. Raises NotDelivered in the end."""
    for pause in PAUSES_SECONDS:
        try:
            return call()
        except NotDelivered as error:
            logger.warning("a call did not get through, trying again: %s", error)
            sleep(pause)
    return call()
