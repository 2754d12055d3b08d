"""What a person wants done by a button, shortcut or form, read out of Slack's interaction payloads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from unicodedata import normalize

from integrations.acts import ACTS
from integrations.acts.entries import RIGHTS
from integrations.chat.said import Said, dict_in, text_in
from integrations.chat.wanted import Wanted, fields_in
from integrations.chat.words import Verb
from integrations.slack.blocks import ACT
from integrations.slack.files import ids_in
from integrations.slack.modals import meant_by, values_of
from integrations.slack.shortcuts import SHORTCUTS
from integrations.slack.words import plain
from records.jobs import Jobs

JOB = "slack-act"


@dataclass(frozen=True, slots=True)
class SlackWanted(Wanted):
    """An act asked for in Slack: what opens its form, and where its reply goes."""

    trigger: str = ""
    # Where the reply goes, if not to the person alone: their direct messages, or one use of a URL.
    channel: str = ""
    thread: str = ""
    response_url: str = ""
    from_home: bool = False
    files: tuple[str, ...] = ()

    def payload(self) -> dict[str, str]:
        """The same as the payload of a job."""
        return {
            **Wanted.payload(self),
            "trigger": self.trigger,
            "channel": self.channel,
            "thread": self.thread,
            "response_url": self.response_url,
            "from_home": "1" if self.from_home else "",
            "files": ",".join(self.files),
        }


def wanted_in(payload: Mapping[str, str]) -> SlackWanted:
    """What a job's payload holds."""
    return SlackWanted(
        **fields_in(payload),
        trigger=payload["trigger"],
        channel=payload["channel"],
        thread=payload["thread"],
        response_url=payload["response_url"],
        from_home=bool(payload["from_home"]),
        files=tuple(one for one in payload["files"].split(",") if one),
    )


def wanted_by_press(body: Mapping[str, Any], now: datetime) -> SlackWanted | None:
    """What a button of ours is for; None for one of an older version, or of nobody."""
    actions = body.get("actions")
    pressed = actions[0] if isinstance(actions, list) and actions else {}
    if not isinstance(pressed, dict):
        return None
    act = text_in(pressed.get("action_id")).removeprefix(ACT).partition(":")[0]
    container, message = dict_in(body.get("container")), dict_in(body.get("message"))
    channel = text_in(container.get("channel_id")) or text_in(
        dict_in(body.get("channel")).get("id")
    )
    direct = channel.startswith("D") and not container.get("is_ephemeral")
    value = text_in(pressed.get("value"))
    return _wanted(
        body,
        now,
        act,
        subject="" if value == act else value,
        # In direct messages nobody reads along; elsewhere the reply is for whoever pressed.
        channel=channel if direct else "",
        thread=text_in(message.get("thread_ts")) if direct else "",
        response_url="" if direct else text_in(body.get("response_url")),
        from_home=container.get("type") == "view",
    )


def wanted_by_shortcut(body: Mapping[str, Any], now: datetime) -> SlackWanted | None:
    """What a shortcut is for, with the words, time and files of its message."""
    shortcut = SHORTCUTS.get(text_in(body.get("callback_id")))
    if shortcut is None:
        return None
    message = dict_in(body.get("message"))
    words, written = plain(text_in(message.get("text"))), _seconds(text_in(message.get("ts")))
    given = {shortcut.words: words, shortcut.time: written}
    return _wanted(
        body,
        now,
        shortcut.act,
        subject=shortcut.subject,
        values={name: value for name, value in given.items() if name and value},
        files=ids_in(message) if shortcut.act == "redact" else (),
    )


# What /compliance opens a form for: the act, its subject, the field its words go into. The first
# always; the others where nothing was written behind the name.
_ASKED_FOR = {
    Verb.RIGHTS: ("register", RIGHTS, "request"),
    Verb.INCIDENT: ("incident", "", ""),
    Verb.DESTROY: ("destroy", "", ""),
}


def wanted_by_command(body: Mapping[str, Any], said: Said) -> SlackWanted | None:
    """The form that /compliance is to open; None where what was said is done without one."""
    act, subject, field_ = _ASKED_FOR.get(said.verb, ("", "", ""))
    if said.verb is Verb.REGISTER and said.text:
        act, subject = "register", normalize("NFKC", said.text.partition(" ")[0]).lower()
    trigger = text_in(body.get("trigger_id"))
    if not (act and trigger and said.user and said.team) or (
        said.text and said.verb not in (Verb.RIGHTS, Verb.REGISTER)
    ):
        return None
    return SlackWanted(
        key=f"{said.team}:{said.user}:{trigger}",
        act=act,
        team=said.team,
        user=said.user,
        said_at=said.said_at,
        subject=subject,
        values={field_: said.text} if field_ and said.text else {},
        trigger=trigger,
        response_url=said.response_url,
    )


def wanted_by_form(body: Mapping[str, Any], now: datetime) -> SlackWanted | None:
    """What a form that was handed in is for."""
    view = dict_in(body.get("view"))
    meant = meant_by(view)
    view_id, written = text_in(view.get("id")), text_in(view.get("hash"))
    return _wanted(
        body,
        now,
        text_in(view.get("callback_id")).removeprefix(ACT),
        key=f"view:{view_id}:{written}" if view_id else "",
        subject=meant.subject,
        values=values_of(view),
        submitted=True,
        from_home=meant.from_home,
    )


def keep(jobs: Jobs, wanted: SlackWanted) -> None:
    """Hand it to the durable jobs; the same wish twice is one job. Raises if it cannot be kept."""
    jobs.submit(JOB, wanted.key, wanted.payload())


def team_of_person(body: Mapping[str, Any]) -> tuple[str, str]:
    """The workspace it happened in, and the one the person belongs to."""
    team = text_in(dict_in(body.get("team")).get("id"))
    return team, text_in(dict_in(body.get("user")).get("team_id")) or team


def _wanted(
    body: Mapping[str, Any], now: datetime, act: str, *, key: str = "", **more: Any
) -> SlackWanted | None:
    user, trigger = text_in(dict_in(body.get("user")).get("id")), text_in(body.get("trigger_id"))
    team, _ = team_of_person(body)
    if act not in ACTS or not (user and team and (key or trigger)):
        return None
    return SlackWanted(
        key=f"{team}:{user}:{key or trigger}",
        act=act,
        team=team,
        user=user,
        said_at=now,
        trigger=trigger,
        **more,
    )


def _seconds(ts: str) -> str:
    """The whole seconds of a message's time, for a field of a moment."""
    whole = ts.partition(".")[0]
    try:
        return str(int(datetime.fromtimestamp(int(whole), UTC).timestamp()))
    except (ValueError, OverflowError, OSError):
        return ""
