"""What Bolt calls: each listener writes down what was said, then acknowledges.

The same listeners serve HTTP and Socket Mode. manifest.yaml names the same events and command.
"""

import logging
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt import Ack, App, BoltResponse
from slack_bolt.error import BoltUnhandledRequestError

from integrations.errors import log_unexpected
from integrations.replies import help_reply
from integrations.slack.blocks import ABOUT, CHOOSE, Message, messages, note
from integrations.slack.inbox import (
    Said,
    click_key,
    command_key,
    event_key,
    installed_in,
    said_in_click,
    said_in_command,
    said_in_event,
    write_down,
)
from integrations.slack.words import Verb
from records.errors import ProductError
from records.jobs import Jobs
from records.language import Bilingual, Language, language_of

EVENTS = ("app_mention", "message")
COMMAND = "/compliance"

WORKING = Bilingual("正在处理…", "Working on it…")
OTHER_WORKSPACE = Bilingual(
    "本助手只服务于另一个工作区。", "This assistant serves another workspace only."
)
LOST = Bilingual(
    "现在收不下您的请求，请稍后再试。", "Your request cannot be taken now. Please try again soon."
)

logger = logging.getLogger(__name__)


def register(bolt: App, jobs: Jobs, *, team: str | None, clock: Callable[[], datetime]) -> None:
    """Let Bolt call us for mentions, messages and the command."""

    def heard(body: dict[str, Any], event: dict[str, Any]) -> None:
        said = said_in_event(event, body, clock())
        if said is None:
            return
        # Somebody of another company in a shared channel is no member of ours.
        installed = installed_in(body)
        stated = {installed, body.get("team_id", installed)}
        if said.team != installed or (team and stated != {team}):
            logger.warning("an event of another workspace was left alone")
            return
        write_down(jobs, said, event_key(event, body))

    def commanded(ack: Ack, body: dict[str, Any]) -> None:
        said = said_in_command(body, clock())
        language = language_of(said.text or "中")
        if team and said.team != team:
            ack(_ephemeral(note(OTHER_WORKSPACE, language)))
        elif said.verb is Verb.HELP:
            ack(_ephemeral(messages(help_reply(language))[0]))
        else:
            ack(_ephemeral(_taken(jobs, said_id=command_key(body), said=said, language=language)))

    def clicked(ack: Ack, body: dict[str, Any]) -> None:
        said = said_in_click(body, clock())
        if said is not None and (not team or said.team == team):
            write_down(jobs, said, click_key(body))
        ack()

    for name in EVENTS:
        bolt.event(name)(heard)
    bolt.command(COMMAND)(commanded)
    bolt.action(re.compile(f"^(?:{CHOOSE}|{ABOUT})"))(clicked)
    bolt.error(failed)


def failed(error: Exception) -> BoltResponse:
    """200 for what nobody listens to; 503 otherwise, so that Slack sends it again.

    Bolt's own handlers log the request's body.
    """
    if isinstance(error, BoltUnhandledRequestError):
        return BoltResponse(status=200, body="")
    log_unexpected(error, where="slack listener")
    return BoltResponse(status=503, body="")


def _taken(jobs: Jobs, *, said: Said, said_id: str, language: Language) -> Message:
    """“Working on it”, once the job is safely kept; otherwise a sentence that says it is not."""
    try:
        write_down(jobs, said, said_id)
    except ProductError as error:
        return note(error.message, language)
    except Exception as error:
        log_unexpected(error, where="slack command")
        return note(LOST, language)
    return note(WORKING, language)


def _ephemeral(message: Message) -> Message:
    return {"response_type": "ephemeral", **message}
