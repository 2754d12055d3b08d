"""What Bolt calls: each listener writes down what was said, then acknowledges.

The same listeners serve HTTP and Socket Mode. The manifest is made from the same names.
"""

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from slack_bolt import Ack, App, BoltContext, BoltResponse
from slack_bolt.error import BoltUnhandledRequestError

from assistant.app import App as Product
from integrations.acts import ACTS
from integrations.chat.said import Said, dict_in
from integrations.chat.words import Verb, asks_to_share
from integrations.errors import log_unexpected
from integrations.replies import help_reply
from integrations.replies.forms import Form, problems
from integrations.replies.wording import CHATS
from integrations.slack import files, home, installations, marks
from integrations.slack.blocks import ABOUT, ACT, CHOOSE, Message, messages, note
from integrations.slack.inbox import (
    click_key,
    command_key,
    event_id,
    event_key,
    installed_in,
    said_in_click,
    said_in_command,
    said_in_event,
    write_down,
)
from integrations.slack.modals import meant_by, taken
from integrations.slack.shortcuts import SHORTCUTS
from integrations.slack.wanted import (
    SlackWanted,
    team_of_person,
    wanted_by_command,
    wanted_by_form,
    wanted_by_press,
    wanted_by_shortcut,
)
from integrations.slack.wanted import keep as keep_wanted
from records.errors import ProductError
from records.jobs import Jobs
from records.language import Bilingual, Language, language_of

SAID_EVENTS = ("app_mention", "message")
HOME_EVENT = "app_home_opened"
MARK_EVENT = "reaction_added"
GONE_EVENTS = ("tokens_revoked", "app_uninstalled")
EVENTS = (*SAID_EVENTS, HOME_EVENT, MARK_EVENT, *GONE_EVENTS)
COMMAND = "/compliance"

WORKING = Bilingual("正在处理…", "Working on it…")
OPENING = Bilingual("正在打开表单…", "Opening the form…")
OTHER_WORKSPACE = Bilingual(
    "本助手只服务于另一个工作区。", "This assistant serves another workspace only."
)
LOST = Bilingual(
    "现在收不下您的请求，请稍后再试。", "Your request cannot be taken now. Please try again soon."
)

OTHERS = "an event of another workspace was left alone"

logger = logging.getLogger(__name__)


def register(bolt: App, jobs: Jobs, *, serves: Callable[[str], bool], product: Product) -> None:
    """Let Bolt call us for events, the command, buttons, shortcuts and forms."""
    clock = product.clock

    def heard(context: BoltContext, body: dict[str, Any], event: dict[str, Any]) -> None:
        said = said_in_event(event, body, _heard_at(context, clock))
        if said is None:
            return
        # Somebody of another company in a shared channel is no member of ours.
        installed = installed_in(body)
        stated = {installed, body.get("team_id", installed)}
        if said.team != installed or not all(serves(one) for one in stated):
            logger.warning(OTHERS)
            return
        _write_down(jobs, said, event_key(event, body), files.ids_in(event))

    def commanded(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
        said = said_in_command(body, _heard_at(context, clock))
        language = language_of(said.text or "中")
        if not serves(said.team):
            ack(_ephemeral(note(OTHER_WORKSPACE, language)))
        elif said.verb is Verb.HELP:
            ack(_ephemeral(messages(help_reply(language, CHATS["slack"]))[0]))
        elif wanted := wanted_by_command(body, said):
            ack(_ephemeral(_taken(lambda: keep_wanted(jobs, wanted), OPENING, language)))
        else:
            key = command_key(body)
            ack(_ephemeral(_taken(lambda: write_down(jobs, said, key), WORKING, language)))

    def clicked(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
        said = said_in_click(body, _heard_at(context, clock))
        if said is not None and _ours(body, serves):
            write_down(jobs, said, click_key(body))
        ack()

    def pressed(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
        _keep_wanted(jobs, wanted_by_press(body, _heard_at(context, clock)), body, serves)
        ack()

    def chosen(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
        _keep_wanted(jobs, wanted_by_shortcut(body, _heard_at(context, clock)), body, serves)
        ack()

    def filled(ack: Ack, body: dict[str, Any]) -> None:
        ack(**_handed_in(jobs, body, serves, product))

    for name in SAID_EVENTS:
        bolt.event(name)(heard)
    _hear_what_happened(bolt, jobs, serves, clock)
    bolt.command(COMMAND)(commanded)
    bolt.action(re.compile(f"^(?:{CHOOSE}|{ABOUT})"))(clicked)
    bolt.action(re.compile(f"^{ACT}"))(pressed)
    bolt.view(re.compile(f"^{ACT}"))(filled)
    for name in SHORTCUTS:
        bolt.shortcut(name)(chosen)
    bolt.error(failed)


def _hear_what_happened(
    bolt: App, jobs: Jobs, serves: Callable[[str], bool], clock: Callable[[], datetime]
) -> None:
    """Events in which nobody says anything."""

    def opened(body: dict[str, Any], event: dict[str, Any]) -> None:
        payload = home.opened(event, body)
        if payload and serves(payload["team"]):
            home.keep(jobs, payload, event_id(body))

    def marked(body: dict[str, Any], event: dict[str, Any]) -> None:
        payload = marks.marked(event, body)
        if payload and serves(payload["team"]):
            marks.keep(jobs, payload, event_id(body))

    def gone(context: BoltContext, body: dict[str, Any], event: dict[str, Any]) -> None:
        installations.keep_gone(jobs, event, body, _heard_at(context, clock))

    bolt.event(HOME_EVENT)(opened)
    bolt.event(MARK_EVENT)(marked)
    for name in GONE_EVENTS:
        bolt.event(name)(gone)


def _heard_at(context: BoltContext, clock: Callable[[], datetime]) -> datetime:
    """Now, or when the front acknowledged it."""
    heard_at: datetime = context.get("heard_at") or clock()
    return heard_at


def _write_down(jobs: Jobs, said: Said, key: str, sent: Sequence[str]) -> None:
    """The files of a message, and its words unless they only speak of the files."""
    about_files = said.verb in (Verb.HELP, Verb.REDACT) or asks_to_share(said.text)
    for one in sent:
        files.keep(jobs, files.sent_with(said, one, f"{key}:{one}"))
    if not (sent and about_files):
        write_down(jobs, said, key)


def _ours(body: Mapping[str, Any], serves: Callable[[str], bool]) -> bool:
    """Whether it happened in a workspace of ours, by a member of it."""
    team, of_person = team_of_person(body)
    if serves(team) and of_person == team:
        return True
    logger.warning(OTHERS)
    return False


def _keep_wanted(
    jobs: Jobs, wanted: SlackWanted | None, body: Mapping[str, Any], serves: Callable[[str], bool]
) -> None:
    if wanted is not None and _ours(body, serves):
        keep_wanted(jobs, wanted)


def _handed_in(
    jobs: Jobs, body: Mapping[str, Any], serves: Callable[[str], bool], product: Product
) -> dict[str, Any]:
    """What Slack does with the form: shows what is wrong in it, or says that it was received."""
    view = dict_in(body.get("view"))
    now = product.clock()
    language, wanted = meant_by(view).language, wanted_by_form(body, now)
    if wanted is None or not _ours(body, serves):
        return {}
    try:
        asked = ACTS[wanted.act].asks(product, language, wanted.subject)
    except ProductError as error:
        return {"response_action": "update", "view": taken(language, error.message)}
    if asked is None:
        return {}
    wrong = problems(asked, wanted.values, now)
    if not wrong:
        wrong = _not_kept(jobs, wanted, asked)
    if wrong:
        return {"response_action": "errors", "errors": wrong}
    return {"response_action": "update", "view": taken(language)}


def _not_kept(jobs: Jobs, wanted: SlackWanted, form: Form) -> dict[str, str]:
    """Nothing once it is safely kept; otherwise a sentence under the first field."""
    first = form.fields[0].id
    try:
        keep_wanted(jobs, wanted)
    except ProductError as error:
        return {first: error.message.pick(form.language)}
    except Exception as error:
        log_unexpected(error, where="slack form")
        return {first: LOST.pick(form.language)}
    return {}


def failed(error: Exception) -> BoltResponse:
    """200 for what nobody listens to; 503 otherwise, so that Slack sends it again.

    Bolt's own handlers log the request's body.
    """
    if isinstance(error, BoltUnhandledRequestError):
        return BoltResponse(status=200, body="")
    log_unexpected(error, where="slack listener")
    return BoltResponse(status=503, body="")


def _taken(keep: Callable[[], None], done: Bilingual, language: Language) -> Message:
    """What is being done, once the job is safely kept; otherwise a sentence that says it is not."""
    try:
        keep()
    except ProductError as error:
        return note(error.message, language)
    except Exception as error:
        log_unexpected(error, where="slack command")
        return note(LOST, language)
    return note(done, language)


def _ephemeral(message: Message) -> Message:
    return {"response_type": "ephemeral", **message}
