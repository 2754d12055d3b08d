"""What was said, pressed, filled in or sent in Feishu, worked on: the replies go to where they belong.

Groups are public: what concerns one person goes into their own chat with us. Feishu has no message in a
group that one person alone sees, so warnings go there, too.
"""

import logging
from collections.abc import Mapping
from dataclasses import replace

from assistant.app import App
from assistant.redaction.redact_file import redact_file
from assistant.redaction.redacted_copies import RedactedFile, fetch_redacted
from integrations.acts import ACTS, Act
from integrations.chat.answering import replies_to
from integrations.chat.calls import CallFailed, Declined, NotDelivered, TooLarge
from integrations.chat.said import Door, Said, said_in
from integrations.chat.wanted import Wanted, fields_in
from integrations.errors import UNEXPECTED, log_unexpected
from integrations.feishu.api import Feishu
from integrations.feishu.cards import Card, Where, cards
from integrations.feishu.events import CHAT
from integrations.feishu.forms import form_card
from integrations.feishu.outbox import Outbox, Place
from integrations.identity import person_in_chat
from integrations.replies import Reply, Tone, error_reply, masked_reply, redaction_reply
from integrations.replies.wording import CHATS
from records.errors import BadInput, ProductError, Unavailable
from records.jobs import TryLater
from records.language import Bilingual, Language
from records.people import Person

SAID_JOB, ACT_JOB, PAPER_JOB = "feishu-said", "feishu-act", "feishu-paper"
FILE_JOB, SHARE_JOB = "feishu-file", "feishu-share"
MAX_BYTES = 25 * 1024 * 1024

_ON_THE_WEB = Bilingual(
    "文件没能发到飞书。请在网页上下载（脱敏副本保留 24 小时）。",
    "The file could not be sent to Feishu. Fetch it on the web page (redacted copies stay for 24 hours).",
)
_STILL_THERE = Bilingual(
    "原文件还留在飞书里。不需要的话请撤回。",
    "The original is still in Feishu. Recall it if it is not needed there.",
)
_TOO_LARGE = BadInput(
    f"文件超过 {MAX_BYTES // 1024 // 1024} MB，没有下载。请拆分，或在服务器上用 compliance redact。",
    f"The file is over {MAX_BYTES // 1024 // 1024} MB and was not fetched. Split it, or use "
    "compliance redact on the server.",
)
_NOT_FETCHED = Unavailable(
    "从飞书取不到这份文件，没有处理。请检查应用权限 im:message 与 im:resource，再发一次。",
    "The file could not be fetched from Feishu; nothing was done. Check the scopes im:message and "
    "im:resource and send it again.",
)

logger = logging.getLogger(__name__)


class Worker:
    """Does the jobs behind what people say and send, press and fill in."""

    def __init__(self, app: App, outbox: Outbox, feishu: Feishu) -> None:
        self._app = app
        self._outbox = outbox
        self._feishu = feishu

    def said(self, payload: Mapping[str, str]) -> Said:
        """Answer one thing a person said. Raises nothing a repetition would help against."""
        said, key = said_in(payload), payload["key"]
        replies = replies_to(self._app, said, key)
        person, here = Place(person=said.user), replies.here
        public = said.door is Door.CHANNEL
        if here is not None and here.masked and public:
            # Others need not read that somebody pasted personal data, nor of which kinds.
            warning = masked_reply(here.masked, here.language, CHATS[CHAT])
            self._outbox.keep(f"{key}:masked", person, cards(warning))
            here = replace(here, masked=())
        if here is not None:
            shown = cards(here, Where(public, said.thread))
            place = Place(said.message, said.user, said.thread) if public else person
            self._outbox.keep(key, place, shown)
        if replies.private is not None:
            self._outbox.keep(f"{key}:private", person, cards(replies.private))
        return said

    def act(self, payload: Mapping[str, str]) -> None:
        """One wish: its form is sent, or it is done and answered. The reply is for the person alone."""
        wanted = Wanted(**fields_in(payload))
        act = ACTS.get(wanted.act)
        if act is None:
            return
        language, place = self._app.settings.language, Place(person=wanted.user)
        try:
            person = person_in_chat(self._app, CHAT, team=wanted.team, user=wanted.user)
            language = person.language
            reply = self._reply(act, person, wanted)
        except ProductError as error:
            reply = error_reply(error.message, language)
        except Exception as error:
            log_unexpected(error, where=f"feishu act {wanted.act}")
            reply = error_reply(UNEXPECTED, language)
        if not isinstance(reply, Reply):
            self._outbox.keep(wanted.key, place, [reply])
            return
        key = f"once:{wanted.team}:{wanted.user}:{reply.once}" if reply.once else wanted.key
        self._outbox.keep(key, place, cards(reply))
        if act.paper is not None and reply.tone is not Tone.FAILED:
            lane = f"{wanted.team}:{wanted.user}"
            self._outbox.submit(PAPER_JOB, wanted.key, payload, lane=lane)

    def _reply(self, act: Act, person: Person, wanted: Wanted) -> Reply | Card:
        """What to say, or the form to fill in first."""
        form = None
        if not wanted.submitted:
            form = act.asks(self._app, person.language, wanted.subject)
        if form is not None:
            filled = act.fill(self._app, person, form, wanted.subject)
            return form_card(wanted.act, filled, wanted.subject)
        return act.do(self._app, person, wanted.wish)

    def paper(self, payload: Mapping[str, str]) -> None:
        """Send the file that goes with a reply to the person. Raises what may be repeated."""
        wanted = Wanted(**fields_in(payload))
        act = ACTS.get(wanted.act)
        if act is None or act.paper is None:
            return
        person = person_in_chat(self._app, CHAT, team=wanted.team, user=wanted.user)
        name, data = act.paper(self._app, person, wanted.wish)
        self._share(wanted.key, wanted.user, person.language, name, data)

    def file(self, payload: Mapping[str, str]) -> None:
        """Redact one file and hand in its sharing; or say why not. The original is never stored."""
        key, place = payload["key"], Place(person=payload["user"])
        language = self._app.settings.language
        try:
            person = person_in_chat(self._app, CHAT, team=payload["team"], user=payload["user"])
            language = person.language
            file = self._redacted(person, payload)
        except ProductError as error:
            self._outbox.keep(f"{key}:report", place, cards(error_reply(error.message, language)))
        except TryLater:
            raise
        except Exception as error:
            log_unexpected(error, where="feishu file")
            self._outbox.keep(f"{key}:report", place, cards(error_reply(UNEXPECTED, language)))
        else:
            reply = redaction_reply(file, language=language)
            reply = replace(reply, notes=(*reply.notes, _STILL_THERE.pick(language)))
            self._outbox.keep(f"{key}:report", place, cards(reply))
            lane = f"{payload['team']}:{payload['user']}"
            self._outbox.submit(SHARE_JOB, key, {**payload, "file_id": file.file_id}, lane=lane)

    def share(self, payload: Mapping[str, str]) -> None:
        """Send the redacted copy to its sender. Raises what may be repeated."""
        user = payload["user"]
        person = person_in_chat(self._app, CHAT, team=payload["team"], user=user)
        name, data = fetch_redacted(self._app, person, payload["file_id"])
        self._share(payload["key"], user, person.language, name, data)

    def _redacted(self, person: Person, payload: Mapping[str, str]) -> RedactedFile:
        try:
            data = self._feishu.download(
                payload["message"], payload["file"], payload["type"], most=MAX_BYTES
            )
        except TooLarge:
            raise _TOO_LARGE from None
        except NotDelivered as error:
            raise TryLater(error.wait_seconds) from None
        except CallFailed as error:
            logger.warning("a file was not fetched: %s", error)
            raise _NOT_FETCHED from None
        # A picture comes without a name, as it was taken.
        named = payload["name"] or ("image.jpg" if data[:2] == b"\xff\xd8" else "image.png")
        return redact_file(self._app, person, data, named)

    def _share(self, key: str, user: str, language: Language, name: str, data: bytes) -> None:
        try:
            self._outbox.send_file(key, user, name, data)
        except Declined as error:
            logger.error("a file was declined: %s", error)
            reply = error_reply(_ON_THE_WEB, language)
            self._outbox.keep(f"{key}:failed", Place(person=user), cards(reply))
