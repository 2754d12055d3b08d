"""A file sent to us comes back redacted: fetched from Slack alone, never stored, shared with its sender.

Two jobs: the first fetches and redacts, the second shares the copy (kept encrypted for a day). What
Slack says of the file is checked before its bytes are, and its bytes are counted as they come.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from assistant.app import App
from assistant.redaction.redact_file import redact_file
from assistant.redaction.redacted_copies import RedactedFile, fetch_redacted
from integrations.chat.calls import CallFailed, Declined, NotDelivered, TooLarge, Uncertain
from integrations.chat.said import Door, Said, text_in
from integrations.chat.words import asks_to_share
from integrations.errors import UNEXPECTED, log_unexpected
from integrations.identity import person_in_chat
from integrations.replies import Reply, error_reply, redaction_reply
from integrations.slack.blocks import escaped, messages
from integrations.slack.outbox import Outbox, Place
from integrations.slack.web_api import Slack
from integrations.slack.workspaces import Workspaces
from records.errors import BadInput, ProductError, Unavailable
from records.jobs import Jobs, TryLater
from records.language import Bilingual, Language
from records.people import Person

FETCH_JOB, SHARE_JOB = "slack-file", "slack-share"
MAX_BYTES = 25 * 1024 * 1024
WITHIN_SECONDS = 60
MOST_FILES = 10
# Slack's words for what is no file of this workspace with bytes of its own.
_NOT_HERE = frozenset({"tombstone", "hidden_by_limit", "external", "email", "space", "canvas"})

_STILL_THERE = Bilingual(
    "原文件还留在 Slack 里。不需要的话请删除它。",
    "The original is still in Slack. Delete it if it is not needed there.",
)
_COPY = Bilingual("脱敏副本", "Redacted copy")
_ON_THE_WEB = Bilingual(
    "副本可能没有送到。24 小时内可在网页“脱敏”里下载。",
    "The copy may not have arrived. For 24 hours it can be downloaded on the web under Redact.",
)
_TOO_LARGE = BadInput(
    f"文件超过 {MAX_BYTES // 1024 // 1024} MB，没有下载。请拆分，或在服务器上用 compliance redact。",
    f"The file is over {MAX_BYTES // 1024 // 1024} MB and was not fetched. Split it, or use "
    "compliance redact on the server.",
)
_NO_BYTES = BadInput(
    "这不是一份存放在本工作区的文件（可能是外部链接、画布或已删除的文件），无法脱敏。请上传文件本身。",
    "This is no file stored in this workspace (a link, a canvas, or deleted), so it cannot be "
    "redacted. Upload the file itself.",
)
_NOT_FETCHED = Unavailable(
    "从 Slack 取不到这份文件，没有处理。请把文件直接私信发给我再试。",
    "The file could not be fetched from Slack; nothing was done. Send it to me directly and try again.",
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sent:
    """A file somebody wants redacted. `public`: its copy goes into the thread, as they asked."""

    key: str
    file: str
    team: str
    user: str
    channel: str = ""
    thread: str = ""
    public: bool = False

    @property
    def lane(self) -> str:
        """One file of a person after the other."""
        return f"{self.team}:{self.user}"

    def payload(self) -> dict[str, str]:
        """The same as the payload of a job."""
        return {
            "key": self.key,
            "file": self.file,
            "team": self.team,
            "user": self.user,
            "channel": self.channel,
            "thread": self.thread,
            "public": "1" if self.public else "",
        }


def sent_in(payload: Mapping[str, str]) -> Sent:
    """What a job's payload holds."""
    return Sent(
        key=payload["key"],
        file=payload["file"],
        team=payload["team"],
        user=payload["user"],
        channel=payload["channel"],
        thread=payload["thread"],
        public=bool(payload["public"]),
    )


def ids_in(message: Mapping[str, Any]) -> tuple[str, ...]:
    """The files of a message by Slack's numbers, as many as we take."""
    files = message.get("files")
    listed = files if isinstance(files, list) else []
    ids = (text_in(one.get("id")) for one in listed if isinstance(one, dict))
    return tuple(one for one in ids if one.isalnum())[:MOST_FILES]


def sent_with(said: Said, file: str, key: str) -> Sent:
    """A file that came with what somebody said."""
    return Sent(
        key=key,
        file=file,
        team=said.team,
        user=said.user,
        channel=said.channel,
        thread=said.thread,
        public=said.door is Door.CHANNEL and asks_to_share(said.text),
    )


def keep(jobs: Jobs, sent: Sent) -> None:
    """Hand it to the durable jobs; the same file of the same message twice is one job."""
    jobs.submit(FETCH_JOB, sent.key, sent.payload(), lane=sent.lane)


class Files:
    """Does the jobs of files."""

    def __init__(self, app: App, outbox: Outbox, workspaces: Workspaces) -> None:
        self._app = app
        self._outbox = outbox
        self._workspaces = workspaces

    def work(self, payload: Mapping[str, str]) -> None:
        """Redact one file and hand in its sharing; or say why not."""
        sent = sent_in(payload)
        language = self._app.settings.language
        try:
            person = person_in_chat(self._app, "slack", team=sent.team, user=sent.user)
            language = person.language
            file = self._redacted(person, sent)
        except ProductError as error:
            self._say(sent, error_reply(error.message, language))
        except TryLater:
            raise
        except Exception as error:
            log_unexpected(error, where="slack file")
            self._say(sent, error_reply(UNEXPECTED, language))
        else:
            self._say(sent, _summary(file, language))
            self._outbox.submit(
                SHARE_JOB, sent.key, {**payload, "file_id": file.file_id}, lane=sent.lane
            )

    def share(self, payload: Mapping[str, str]) -> None:
        """Put the copy where its sender sees it. Raises what may be repeated."""
        sent = sent_in(payload)
        person = person_in_chat(self._app, "slack", team=sent.team, user=sent.user)
        name, data = fetch_redacted(self._app, person, payload["file_id"])
        comment = f"{_COPY.pick(person.language)}: {escaped(name)}"
        try:
            slack = self._workspaces.slack(sent.team)
            _upload(slack, sent, data, name, comment)
        except NotDelivered as error:
            raise TryLater(error.wait_seconds) from None
        except (Declined, Uncertain) as error:
            logger.error("a redacted copy may not have arrived: %s", error)
            self._say(sent, error_reply(_ON_THE_WEB, person.language), "failed")

    def _redacted(self, person: Person, sent: Sent) -> RedactedFile:
        slack = self._workspaces.slack(sent.team)
        try:
            told = slack.file_info(sent.file)
            data = _fetched(slack, told)
        except TooLarge:
            raise _TOO_LARGE from None
        except NotDelivered as error:
            raise TryLater(error.wait_seconds) from None
        except CallFailed as error:
            logger.warning("a file was not fetched: %s", error)
            raise _NOT_FETCHED from None
        return redact_file(self._app, person, data, text_in(told.get("name")) or "file")

    def _say(self, sent: Sent, reply: Reply, what: str = "report") -> None:
        """The report goes to the sender alone, also where the copy does not."""
        direct = sent.channel.startswith("D")
        place = Place(channel=sent.user, team=sent.team)
        if direct:
            place = replace(place, channel=sent.channel, thread=sent.thread)
        self._outbox.keep(f"{sent.key}:{what}", place, messages(reply))


def _fetched(slack: Slack, told: Mapping[str, Any]) -> bytes:
    """The bytes of a file, once what Slack says of it allows that."""
    size, url = told.get("size"), text_in(told.get("url_private_download"))
    if told.get("is_external") or text_in(told.get("mode")) in _NOT_HERE or not url:
        raise _NO_BYTES
    if isinstance(size, int) and size > MAX_BYTES:
        raise TooLarge
    found = slack.download(url, most=MAX_BYTES, within_seconds=WITHIN_SECONDS)
    # Where the token may not read it, Slack answers with a page to sign in.
    if found.content_type == "text/html" and "html" not in text_in(told.get("mimetype")):
        raise Declined("a page instead of the file")
    return found.data


def _upload(slack: Slack, sent: Sent, data: bytes, name: str, comment: str) -> None:
    channel, thread = sent.channel, sent.thread
    if not (sent.public or channel.startswith("D")):
        channel, thread = slack.direct_channel(sent.user), ""
    slack.upload(data, name, channel=channel, thread=thread, comment=comment)


def _summary(file: RedactedFile, language: Language) -> Reply:
    reply = redaction_reply(file, language=language)
    return replace(reply, notes=(*reply.notes, _STILL_THERE.pick(language)))
