"""A message marked with 📝 in the thread of an incident goes on the incident's timeline.

https://docs.slack.dev/reference/events/reaction_added. The event names the message only, so it is read;
none is in a conversation where no incident was reported. Whoever marked it is told, alone.
"""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from assistant.app import App
from assistant.incidents.marked_messages import ChatMessage, is_followed, note_message
from integrations.chat.calls import Declined, NotDelivered, Uncertain
from integrations.chat.said import dict_in, text_in
from integrations.errors import UNEXPECTED, log_unexpected
from integrations.identity import person_in_chat
from integrations.slack.blocks import note
from integrations.slack.inbox import installed_in, team_of
from integrations.slack.outbox import Outbox, Place
from integrations.slack.words import plain
from integrations.slack.workspaces import Workspaces
from records.errors import ProductError
from records.jobs import Jobs, TryLater
from records.language import Bilingual

JOB = "slack-mark"
# 📝 by both of its names.
EMOJI = frozenset({"memo", "pencil"})

logger = logging.getLogger(__name__)


def marked(event: Mapping[str, Any], body: Mapping[str, Any]) -> dict[str, str]:
    """The payload of the job that follows; empty for other emoji, and for what is no message."""
    item, team = dict_in(event.get("item")), installed_in(body)
    user, channel, ts = map(text_in, (event.get("user"), item.get("channel"), item.get("ts")))
    if event.get("reaction") not in EMOJI or item.get("type") != "message":
        return {}
    # Somebody of another company in a shared channel is no member of ours.
    if not (user and channel and ts and team) or team_of(event, body) != team:
        return {}
    return {"team": team, "user": user, "channel": channel, "ts": ts}


def keep(jobs: Jobs, payload: Mapping[str, str], event_id: str) -> None:
    """Hand it to the durable jobs: one job for one event, however often it is sent."""
    key = f"mark:{event_id}"
    jobs.submit(JOB, key, {**payload, "key": key})


def _moment(ts: str, now: datetime) -> datetime:
    """When the message was written, by Slack."""
    try:
        return min(datetime.fromtimestamp(float(ts), UTC), now)
    except (ValueError, OverflowError, OSError):
        return now


class Marks:
    """Does the jobs of marked messages."""

    def __init__(self, app: App, outbox: Outbox, workspaces: Workspaces) -> None:
        self._app = app
        self._outbox = outbox
        self._workspaces = workspaces

    def work(self, payload: Mapping[str, str]) -> None:
        """One mark. Raises TryLater while Slack cannot be asked."""
        team, user, channel, ts = (payload[one] for one in ("team", "user", "channel", "ts"))
        if not is_followed(self._app, f"slack:{channel}:"):
            return
        try:
            found = self._workspaces.slack(team).message_at(channel=channel, ts=ts)
        except NotDelivered as error:
            raise TryLater(error.wait_seconds) from None
        except Uncertain:
            raise TryLater from None
        except Declined as error:
            logger.warning("a marked message could not be read: %s", error)
            return
        thread = text_in(found.get("thread_ts")) or ts
        place = f"slack:{channel}:{thread}:{team}"
        if not found or found.get("bot_id") or not is_followed(self._app, f"{place}#"):
            return
        message = ChatMessage(
            key=f"note:slack:{team}:{channel}:{ts}",
            place=place,
            text=plain(text_in(found.get("text"))),
            account=f"{team}:{text_in(found.get('user'))}",
            written_at=_moment(ts, self._app.clock()),
        )
        alone = Place(channel, thread, only_for=user, person=user, team=team)
        self._outbox.keep(payload["key"], alone, [self._noted(user, team, message)])

    def _noted(self, user: str, team: str, message: ChatMessage) -> dict[str, Any]:
        """What whoever marked it is told."""
        language = self._app.settings.language
        try:
            person = person_in_chat(self._app, "slack", team=team, user=user)
            language = person.language
            ticket = note_message(self._app, person, "slack", message)
            said = Bilingual(
                f"已记入 {ticket.id} 的时间线（个人信息已遮盖）。",
                f"On the timeline of {ticket.id}; personal data is masked.",
            )
        except ProductError as error:
            said = error.message
        except Exception as error:
            log_unexpected(error, where="slack mark")
            said = UNEXPECTED
        return note(said, language)
