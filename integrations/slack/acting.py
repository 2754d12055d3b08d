"""Jobs behind buttons, shortcuts and forms: the form is opened, or the act is done and answered.

What is asked for by a press may concern an incident, so the reply is for whoever pressed alone.
"""

import logging
from collections.abc import Mapping
from dataclasses import replace

from assistant.app import App
from assistant.clearing import clear_text
from integrations.acts import ACTS, Act, Wish
from integrations.errors import UNEXPECTED, log_unexpected
from integrations.identity import person_in_slack
from integrations.replies import Reply, error_reply
from integrations.replies.forms import Form
from integrations.slack.blocks import messages
from integrations.slack.files import FETCH_JOB, Sent
from integrations.slack.home import Home
from integrations.slack.modals import Meant, modal
from integrations.slack.outbox import Outbox, Place
from integrations.slack.transport import CallFailed
from integrations.slack.wanted import Wanted, wanted_in
from integrations.slack.workspaces import Workspaces
from records.errors import ProductError
from records.language import Bilingual
from records.people import Person

_TOO_LATE = Bilingual(
    "表单没能打开（Slack 只给几秒钟）。请再按一次，或用 /compliance。",
    "The form could not be opened (Slack allows only seconds). Press once more, or use /compliance.",
)
LONGEST_WORDS = 8000

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
            person = person_in_slack(self._app, team=wanted.team, user=wanted.user)
            language = person.language
            reply = self._reply(act, person, wanted)
        except ProductError as error:
            reply = error_reply(error.message, language)
        except Exception as error:
            log_unexpected(error, where=f"slack act {wanted.act}")
            reply = error_reply(UNEXPECTED, language)
        if reply is None:
            return
        self._outbox.keep(wanted.key, _place(wanted), messages(reply))
        if wanted.from_home:
            self._refresh(wanted)

    def _reply(self, act: Act, person: Person, wanted: Wanted) -> Reply | None:
        """What to say; nothing where a form was opened instead."""
        if act.form is not None and not wanted.submitted:
            return self._opened(act, act.form(person.language), person, wanted)
        wish = Wish(wanted.key, wanted.said_at, wanted.subject, wanted.values)
        return act.do(self._app, person, wish)

    def _opened(self, act: Act, form: Form, person: Person, wanted: Wanted) -> Reply | None:
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

    def _take_files(self, wanted: Wanted) -> None:
        for file in wanted.files:
            sent = Sent(f"{wanted.key}:{file}", file, wanted.team, wanted.user)
            self._outbox.submit(FETCH_JOB, sent.key, sent.payload())

    def _refresh(self, wanted: Wanted) -> None:
        try:
            self._home.publish(wanted.team, wanted.user)
        except CallFailed as error:
            logger.warning("a Home tab was not shown: %s", error)


def _place(wanted: Wanted) -> Place:
    """To whoever pressed: their direct messages with us, or one use of a response_url."""
    person = Place(channel=wanted.user, person=wanted.user, team=wanted.team)
    if wanted.channel:
        return replace(person, channel=wanted.channel, thread=wanted.thread)
    return replace(person, response_url=wanted.response_url)
