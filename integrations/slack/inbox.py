"""The inbox: each thing a person says to us, written down once before it is acknowledged."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from integrations.chat.said import Door, Said, dict_in, text_in, written_at
from integrations.chat.words import Verb, verb_of_command, verb_of_message
from integrations.slack.blocks import ABOUT
from integrations.slack.words import plain
from records.jobs import Jobs

JOB = "slack-said"


def said_in_event(event: Mapping[str, Any], body: Mapping[str, Any], now: datetime) -> Said | None:
    """What a person wrote in a mention or direct message; None for whatever else an event is.

    None for bots and ourselves (both carry a bot_id), for edits and deletions (they have a
    subtype), and for events that lack what a reply needs.
    """
    user, channel, ts = (text_in(event.get(name)) for name in ("user", "channel", "ts"))
    own = own_users(body)
    if not (user and channel and ts) or event.get("bot_id") or user in own:
        return None
    if event.get("subtype") not in (None, "file_share", "thread_broadcast"):
        return None
    mentioned = event.get("type") == "app_mention"
    direct = event.get("channel_type") == "im" or channel.startswith("D")
    if not (mentioned or direct):
        return None
    words = plain(text_in(event.get("text")), drop_users=own)
    verb, text = verb_of_message(words)
    return Said(
        door=Door.DIRECT if direct else Door.CHANNEL,
        verb=verb,
        text=text,
        team=team_of(event, body),
        user=user,
        channel=channel,
        said_at=written_at(ts, now),
        thread=text_in(event.get("thread_ts")) or ts,
    )


def said_in_command(body: Mapping[str, Any], now: datetime) -> Said:
    """What a person wrote after /compliance."""
    verb, text = verb_of_command(plain(text_in(body.get("text"))))
    return Said(
        door=Door.COMMAND,
        verb=verb,
        text=text,
        team=text_in(body.get("team_id")),
        user=text_in(body.get("user_id")),
        channel=text_in(body.get("channel_id")),
        said_at=now,
        response_url=text_in(body.get("response_url")),
    )


def said_in_click(body: Mapping[str, Any], now: datetime) -> Said | None:
    """What a person chose by a button of ours; None for what lacks a reply's needs."""
    actions = body.get("actions") or [{}]
    pressed = actions[0] if isinstance(actions, list) and isinstance(actions[0], dict) else {}
    container, message = dict_in(body.get("container")), dict_in(body.get("message"))
    user, team = (
        text_in(dict_in(body.get("user")).get("id")),
        text_in(dict_in(body.get("team")).get("id")),
    )
    channel = text_in(container.get("channel_id")) or text_in(
        dict_in(body.get("channel")).get("id")
    )
    if not (user and channel and text_in(pressed.get("value"))):
        return None
    # Only the one it is shown to sees an ephemeral message: a reply to the command.
    door = Door.DIRECT if channel.startswith("D") else Door.CHANNEL
    if container.get("is_ephemeral"):
        door = Door.COMMAND
    act = _act(pressed)
    words = text_in(dict_in(pressed.get("text")).get("text")) or text_in(pressed.get("value"))
    return Said(
        door=door,
        verb=_ACTS.get(act, Verb.ASK),
        text=text_in(pressed.get("value")) if act in _ACTS else words,
        team=team,
        user=user,
        channel=channel,
        said_at=now,
        thread=text_in(message.get("thread_ts")) or text_in(container.get("message_ts")),
        response_url=text_in(body.get("response_url")),
        choice=act or text_in(pressed.get("value")),
    )


_ACTS = {"right": Verb.FEEDBACK, "wrong": Verb.FEEDBACK, "handover": Verb.HANDOVER}


def _act(pressed: Mapping[str, Any]) -> str:
    """What a button about an answer does; "" for one that answers what was asked back."""
    act = text_in(pressed.get("action_id")).removeprefix(ABOUT)
    return act if act in _ACTS else ""


def click_key(body: Mapping[str, Any]) -> str:
    """One key for one message's question: a second press is the same answer, not another."""
    pressed = (body.get("actions") or [{}])[0]
    act = _act(pressed)
    container = dict_in(body.get("container"))
    user = text_in(dict_in(body.get("user")).get("id"))
    place = f"{text_in(container.get('channel_id'))}:{text_in(container.get('message_ts'))}"
    return f"click:{place}:{user}" + (f":{act}" if act else "")


def write_down(jobs: Jobs, said: Said, said_id: str) -> None:
    """Hand it to the durable jobs, in the order of its conversation.

    The same id twice is one job. Raises if it cannot be kept.
    """
    jobs.submit(JOB, said_id, {**said.payload(), "key": said_id}, lane=said.conversation)


def event_key(event: Mapping[str, Any], body: Mapping[str, Any]) -> str:
    """One key for one message: Slack sends a mention twice, under two event ids."""
    return f"{text_in(body.get('team_id'))}:{event['channel']}:{event['ts']}"


def event_id(body: Mapping[str, Any]) -> str:
    """Slack's own number of an event, the same each time it is sent."""
    return text_in(body.get("event_id")) or _digest(body)


def command_key(body: Mapping[str, Any]) -> str:
    """One key for one use of the command."""
    trigger = text_in(body.get("trigger_id"))
    return trigger or _digest(body)


def _digest(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def installed_in(body: Mapping[str, Any]) -> str:
    """Our workspace, also for events out of a channel shared with another one."""
    authorizations = body.get("authorizations") or [{}]
    return text_in(authorizations[0].get("team_id")) or text_in(body.get("team_id"))


def team_of(event: Mapping[str, Any], body: Mapping[str, Any]) -> str:
    """The workspace of the writer: in a shared channel it may not be the one we are in.

    Slack may state the organisation instead; our own counts as our workspace.
    """
    installed = installed_in(body)
    stated = text_in(event.get("user_team")) or text_in(event.get("team"))
    return installed if stated in ("", text_in(body.get("enterprise_id"))) else stated


def own_users(body: Mapping[str, Any]) -> frozenset[str]:
    """Our own user ids in this workspace, as every event states them: no call to Slack needed."""
    return frozenset(
        text_in(one.get("user_id")) for one in body.get("authorizations") or [] if one.get("is_bot")
    )
