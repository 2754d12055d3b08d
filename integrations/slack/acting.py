"""Jobs behind buttons, shortcuts and forms: the form is opened, or the act is done and answered.

What is asked for by a press may concern an incident, so the reply is for whoever pressed alone.
"""

import logging
from collections.abc import Mapping
from dataclasses import replace

from assistant.app import App
from assistant.redaction.clearing import clear_text
from integrations.acts import ACTS, Act, exams
from integrations.chat.calls import CallFailed, Declined, NotDelivered, Uncertain
from integrations.errors import UNEXPECTED, log_unexpected
from integrations.identity import person_in_chat
from integrations.replies import Reply, Tone, error_reply
from integrations.replies.forms import Form
from integrations.slack.blocks import messages
from integrations.slack.files import FETCH_JOB, Sent
from integrations.slack.home import Home
from integrations.slack.modals import Meant, modal
from integrations.slack.outbox import Outbox, Place
from integrations.slack.wanted import SlackWanted, wanted_in
from integrations.slack.workspaces import Workspaces
from records.errors import ProductError
from records.jobs import TryLater
from records.language import Bilingual
from records.people import Person

_TOO_LATE = Bilingual(
    "表单没能打开（Slack 只给几秒钟）。请再按一次，或用 /compliance。",
    "The form could not be opened (Slack allows only seconds). Press once more, or use /compliance.",
)
_ON_THE_WEB = Bilingual(
    "文件没能发到 Slack。请在网页上下载。",
    "The file could not be sent to Slack. Fetch it on the web page.",
)
LONGEST_WORDS = 8000
PAPER_JOB = "slack-paper"

logger = logging.getLogger(__name__)


class Actor:
    """Does what was pressed or handed in."""

    def __init__(self, app: App, outbox: Outbox, workspaces: Workspaces, home: Home) -> None:
        self._app = app
        self._outbox = outbox
        self._workspaces = workspaces
        self._home = home

    def work(self, payload: Mapping[str, str]) -> None:
        """One wish. Raises nothing a repetition would help against."""
        wanted = wanted_in(payload)
        act = ACTS.get(wanted.act)
        if act is None:
            return
        if wanted.files:
            self._take_files(wanted)
            return
        language = self._app.settings.language
        try:
            person = person_in_chat(self._app, "slack", team=wanted.team, user=wanted.user)
            language = person.language
            reply = self._reply(act, person, wanted)
        except ProductError as error:
            reply = error_reply(error.message, language)
        except Exception as error:
            log_unexpected(error, where=f"slack act {wanted.act}")
            reply = error_reply(UNEXPECTED, language)
        if reply is None:
            return
        key = f"once:{wanted.team}:{wanted.user}:{reply.once}" if reply.once else wanted.key
        self._outbox.keep(key, _place(wanted), messages(reply))
        if act.paper is not None and reply.tone is not Tone.FAILED:
            lane = f"{wanted.team}:{wanted.user}"
            self._outbox.submit(PAPER_JOB, wanted.key, payload, lane=lane)
        if wanted.from_home:
            self._refresh(wanted)

    def _reply(self, act: Act, person: Person, wanted: SlackWanted) -> Reply | None:
        """What to say; nothing where a form was opened instead."""
        form = None
        if not wanted.submitted:
            form = act.asks(self._app, person.language, wanted.subject)
        if form is not None:
            return self._opened(act, form, person, wanted)
        return act.do(self._app, person, wanted.wish)

    def _opened(self, act: Act, form: Form, person: Person, wanted: SlackWanted) -> Reply | None:
        filled = act.fill(self._app, person, form, wanted.subject)
        view = modal(
            wanted.act,
            filled.filled(**self._cleared(wanted.values)),
            Meant(wanted.subject, form.language, wanted.from_home),
        )
        try:
            self._workspaces.slack(wanted.team).open_view(trigger=wanted.trigger, view=view)
        except CallFailed as error:
            logger.warning("a form was not opened: %s", error)
            return error_reply(_TOO_LATE, form.language)
        return None

    def _cleared(self, values: Mapping[str, str]) -> dict[str, str]:
        """A message's words as they may stand in a form: personal data masked."""
        return {
            name: value
            if value.isdecimal()
            else clear_text(self._app, value[:LONGEST_WORDS], LONGEST_WORDS).cleared.text
            for name, value in values.items()
        }

    def _take_files(self, wanted: SlackWanted) -> None:
        for file in wanted.files:
            sent = Sent(f"{wanted.key}:{file}", file, wanted.team, wanted.user)
            self._outbox.submit(FETCH_JOB, sent.key, sent.payload(), lane=sent.lane)

    def paper(self, payload: Mapping[str, str]) -> None:
        """Send the file that goes with a reply to the person. Raises what may be repeated."""
        wanted = wanted_in(payload)
        act = ACTS.get(wanted.act)
        if act is None or act.paper is None:
            return
        person = person_in_chat(self._app, "slack", team=wanted.team, user=wanted.user)
        name, data = act.paper(self._app, person, wanted.wish)
        try:
            slack = self._workspaces.slack(wanted.team)
            channel = slack.direct_channel(wanted.user)
            slack.upload(data, name, channel=channel, thread="", comment=name)
        except NotDelivered as error:
            raise TryLater(error.wait_seconds) from None
        except (Declined, Uncertain) as error:
            logger.error("a file may not have arrived: %s", error)
            reply = error_reply(_ON_THE_WEB, person.language)
            self._outbox.keep(f"{wanted.key}:failed", _place(wanted), messages(reply))

    def _refresh(self, wanted: SlackWanted) -> None:
        try:
            self._home.publish(wanted.team, wanted.user)
        except CallFailed as error:
            logger.warning("a Home tab was not shown: %s", error)


def _place(wanted: SlackWanted) -> Place:
    """To whoever pressed: their direct messages with us, or one use of a response_url.

    An exam goes on where its questions stay, not where they are gone with the next reload.
    """
    person = Place(channel=wanted.user, person=wanted.user, team=wanted.team)
    if wanted.channel:
        return replace(person, channel=wanted.channel, thread=wanted.thread)
    lasting = wanted.act in exams.ACTS and wanted.act != "exams"
    return person if lasting else replace(person, response_url=wanted.response_url)
