"""What Feishu sends over the long connection, read: what was said, pressed, filled in or sent.

Bodies are untrusted: whatever is not as documented is nothing.
https://open.feishu.cn/document/server-docs/im-v1/message/events/receive,
https://open.feishu.cn/document/feishu-cards/card-callback-communication
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from integrations.acts import ACTS
from integrations.chat.said import Door, Said, dict_in, text_in, written_at
from integrations.chat.wanted import Wanted
from integrations.chat.words import Verb, verb_of_message
from integrations.feishu.forms import values_of
from records.language import Language

MESSAGE, CARD, MENU = "im.message.receive_v1", "card.action.trigger", "application.bot.menu_v6"
CHAT = "feishu"

_SAY = {"right": Verb.FEEDBACK, "wrong": Verb.FEEDBACK, "handover": Verb.HANDOVER}
_FILES = {"file": ("file_key", "file_name", "file"), "image": ("image_key", "", "image")}


@dataclass(frozen=True, slots=True)
class File:
    """A file somebody sent: its message and key, its name if it has one, and whether file or image."""

    message: str
    key: str
    name: str
    type: str


def kind_of(body: Mapping[str, Any]) -> str:
    """Which event it is."""
    return text_in(dict_in(body.get("header")).get("event_type"))


def tenant_of(body: Mapping[str, Any]) -> str:
    """The tenant it happened in."""
    return text_in(dict_in(body.get("header")).get("tenant_key"))


def tenant_of_person(body: Mapping[str, Any]) -> str:
    """The tenant of whoever did it: in a chat with outsiders it may be another one."""
    event = _event(body)
    for who in ("sender", "operator"):
        if stated := text_in(dict_in(event.get(who)).get("tenant_key")):
            return stated
    return tenant_of(body) if kind_of(body) == MENU else ""


def said_in_message(body: Mapping[str, Any], own: str, now: datetime) -> Said | None:
    """What a person wrote to us; `own` is our open_id. None for bots, and where nobody mentions us."""
    sender, message = dict_in(_event(body).get("sender")), _message(body)
    user = text_in(dict_in(sender.get("sender_id")).get("open_id"))
    number, chat = (text_in(message.get(name)) for name in ("message_id", "chat_id"))
    if sender.get("sender_type") != "user" or not (user and number and chat) or user == own:
        return None
    direct = message.get("chat_type") == "p2p"
    mentions = [one for one in _listed(message.get("mentions")) if isinstance(one, dict)]
    if not direct and own not in {_open_id(one) for one in mentions}:
        return None
    verb, text = verb_of_message(_words(message, mentions, own))
    milliseconds = text_in(message.get("create_time"))
    return Said(
        door=Door.DIRECT if direct else Door.CHANNEL,
        verb=verb,
        text=text,
        team=tenant_of(body),
        user=user,
        channel=chat,
        said_at=written_at(milliseconds[:-3], now),
        thread="" if direct else text_in(message.get("root_id")) or number,
        message="" if direct else number,
        chat=CHAT,
    )


def file_in(body: Mapping[str, Any]) -> File | None:
    """The file or picture of a message, if it is one."""
    message = _message(body)
    key, name, kind = _FILES.get(text_in(message.get("message_type")), ("", "", ""))
    content = _content(message)
    found, number = text_in(content.get(key)), text_in(message.get("message_id"))
    if not (kind and found and number):
        return None
    return File(number, found, text_in(content.get(name)), kind)


def said_by_press(body: Mapping[str, Any], now: datetime) -> Said | None:
    """The answer to what was asked back, or what somebody says of an answer; None for other presses."""
    value, context = _value(body), dict_in(_event(body).get("context"))
    choice, say = text_in(value.get("choice")), text_in(value.get("say"))
    user, chat = _presser(body), text_in(context.get("open_chat_id"))
    if not (user and chat and (choice or say in _SAY)):
        return None
    public = value.get("public") is not False
    return Said(
        door=Door.CHANNEL if public else Door.DIRECT,
        verb=_SAY.get(say, Verb.ASK),
        text=text_in(value.get("about")) if say in _SAY else text_in(value.get("words")) or choice,
        team=tenant_of(body),
        user=user,
        channel=chat,
        said_at=now,
        thread=text_in(value.get("thread")) if public else "",
        message=text_in(context.get("open_message_id")) if public else "",
        choice=say or choice,
        chat=CHAT,
    )


def press_key(body: Mapping[str, Any], said: Said) -> str:
    """One key for one card's question: a second press is the same answer, not another."""
    message = text_in(dict_in(_event(body).get("context")).get("open_message_id"))
    act = said.choice if said.verb is not Verb.ASK else ""
    return f"press:{message}:{said.user}" + (f":{act}" if act else "")


def wanted_by_press(body: Mapping[str, Any], now: datetime) -> Wanted | None:
    """What a button is for; None for one of an older version, or of nobody."""
    value = _value(body)
    return _wanted(body, text_in(value.get("act")), _number(body), now, value)


def wanted_by_form(body: Mapping[str, Any], now: datetime) -> tuple[Wanted | None, Language]:
    """What a form that was handed in is for, and its language. The same card is the same wish."""
    value, event = _value(body), _event(body)
    filled = dict_in(dict_in(event.get("action")).get("form_value"))
    card = text_in(dict_in(event.get("context")).get("open_message_id"))
    wanted = _wanted(body, text_in(value.get("form")), f"form:{card}" if card else "", now, value)
    language = Language.EN if value.get("language") == Language.EN.value else Language.ZH
    if wanted is None:
        return None, language
    return replace(wanted, values=values_of(filled), submitted=True), language


def wanted_by_menu(body: Mapping[str, Any], now: datetime) -> Wanted | None:
    """What an entry of the bot's menu is for: its event_key is the name of an act."""
    return _wanted(body, text_in(_event(body).get("event_key")), _number(body), now, {})


def _wanted(
    body: Mapping[str, Any], act: str, key: str, now: datetime, value: Mapping[str, Any]
) -> Wanted | None:
    user, team = _presser(body), tenant_of(body)
    if act not in ACTS or not (user and team and key):
        return None
    subject = text_in(value.get("subject"))
    return Wanted(f"{team}:{user}:{key}", act, team, user, now, subject)


def _event(body: Mapping[str, Any]) -> Mapping[str, Any]:
    return dict_in(body.get("event"))


def _message(body: Mapping[str, Any]) -> Mapping[str, Any]:
    return dict_in(_event(body).get("message"))


def _number(body: Mapping[str, Any]) -> str:
    """Feishu's own number of an event, the same each time it is sent."""
    return text_in(dict_in(body.get("header")).get("event_id"))


def _presser(body: Mapping[str, Any]) -> str:
    operator = dict_in(_event(body).get("operator"))
    return text_in(operator.get("open_id")) or _open_id({"id": operator.get("operator_id")})


def _value(body: Mapping[str, Any]) -> Mapping[str, Any]:
    return dict_in(dict_in(_event(body).get("action")).get("value"))


def _open_id(mention: Mapping[str, Any]) -> str:
    return text_in(dict_in(mention.get("id")).get("open_id"))


def _content(message: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        return dict_in(json.loads(text_in(message.get("content"))))
    except (ValueError, RecursionError):
        return {}


def _words(message: Mapping[str, Any], mentions: list[dict[str, Any]], own: str) -> str:
    """The text as the person saw it: mentions by name, ours gone."""
    content = _content(message)
    text = "\n".join(_lines(content)) if "content" in content else text_in(content.get("text"))
    # The longest key first: @_user_1 begins @_user_10.
    for one in sorted(mentions, key=lambda one: -len(text_in(one.get("key")))):
        if key := text_in(one.get("key")):
            name = "" if _open_id(one) == own else f"@{text_in(one.get('name'))}"
            text = text.replace(key, name)
    return text.replace("@_all", "@所有人").strip()


def _lines(post: Mapping[str, Any]) -> Iterator[str]:
    """The lines of a rich text."""
    if title := text_in(post.get("title")):
        yield title
    for line in _listed(post.get("content")):
        parts = [dict_in(one) for one in _listed(line)]
        yield "".join(
            text_in(one.get("user_id")) if one.get("tag") == "at" else text_in(one.get("text"))
            for one in parts
        )


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
