"""What a person said, worked on: the verb is called and its replies go to where they belong.

Incidents are restricted: where others read along, only the number is said, the rest goes to the
person. https://docs.slack.dev/reference/methods/chat.postMessage: a user's id is a channel.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from assistant.answering.answers import Claim
from assistant.app import App
from assistant.ask import answer_unheard, ask
from assistant.destroy_data import request_destruction
from assistant.give_feedback import give_feedback
from assistant.hand_over import hand_over, reply_to
from assistant.report_incident import report_incident
from integrations.acts import ACTS, Wish
from integrations.acts.incidents import incident_presses
from integrations.errors import UNEXPECTED, log_unexpected
from integrations.identity import person_in_slack
from integrations.replies import (
    Reply,
    answer_reply,
    destruction_reply,
    error_reply,
    feedback_reply,
    handed_over_reply,
    help_reply,
    incident_reply,
    masked_reply,
    private_reply,
    reply_kept_reply,
    restricted_reply,
)
from integrations.slack.blocks import messages
from integrations.slack.handovers import place_of, tell
from integrations.slack.inbox import Door, Said, said_in
from integrations.slack.outbox import Outbox, Place
from integrations.slack.streams import Streams
from integrations.slack.words import Verb, numbered
from records.errors import ProductError
from records.language import language_of
from records.people import Person


def warm_up(app: App) -> None:
    """Load what answers need now, before events come: measured, the first questions otherwise
    hold up acknowledgements for up to eight seconds."""
    try:
        answer_unheard(app, "预热：客户资料 destruction of client records, 13800138000")
    except ProductError:
        # Nothing ingested yet: whoever asks is told so.
        return


@dataclass(frozen=True, slots=True)
class Replies:
    """What is said where it was asked, and what only the person may read."""

    here: Reply | None
    private: Reply | None = None


class Worker:
    """Does the jobs of the inbox."""

    def __init__(self, app: App, outbox: Outbox, streams: Streams) -> None:
        self._app = app
        self._outbox = outbox
        self._streams = streams

    def work(self, payload: Mapping[str, str]) -> None:
        """Answer one thing a person said. Raises nothing a repetition would help against."""
        said = said_in(payload)
        key = payload["key"]
        with self._streams.writing(said, key) as stream:
            replies = self._replies(said, key, stream.heard)
        place = replace(_place(said), replaces=stream.ts)
        self._say(said, key, place, replies)
        if said.verb in (Verb.HANDOVER, Verb.REPLY):
            tell(self._app, self._outbox)

    def _say(self, said: Said, key: str, place: Place, replies: Replies) -> None:
        here = replies.here
        if here is not None and here.masked and said.door is Door.CHANNEL:
            # Others need not read that somebody pasted personal data, nor of which kinds.
            warning = messages(masked_reply(here.masked, here.language))
            alone = Place(said.channel, said.thread, only_for=said.user, team=said.team)
            self._outbox.keep(f"{key}:masked", alone, warning)
            here = replace(here, masked=())
        if here is not None:
            self._outbox.keep(key, place, messages(here))
        if replies.private is not None:
            person = Place(channel=said.user, team=said.team)
            self._outbox.keep(f"{key}:private", person, messages(replies.private))

    def _replies(self, said: Said, key: str, heard: Callable[[Claim], None]) -> Replies:
        # A number alone is in no language.
        _, words = numbered(said.text)
        language = language_of(words) if words else self._app.settings.language
        try:
            person = person_in_slack(self._app, team=said.team, user=said.user)
            if said.verb is Verb.ASK:
                return _ask(self._app, person, said, heard)
            return _VERBS[said.verb](self._app, person, said, key)
        except ProductError as error:
            return Replies(error_reply(error.message, language))
        except Exception as error:
            # Not raised: the job would repeat the verb, and the person would hear nothing.
            log_unexpected(error, where=f"slack {said.verb}")
            return Replies(error_reply(UNEXPECTED, language))


def _ask(app: App, person: Person, said: Said, heard: Callable[[Claim], None]) -> Replies:
    answer = ask(
        app,
        person,
        said.text,
        thread=said.conversation,
        choice=said.choice,
        in_public=said.door is Door.CHANNEL,
        heard=heard,
    )
    return Replies(answer_reply(answer))


def _incident(app: App, person: Person, said: Said, key: str) -> Replies:
    report = report_incident(app, person, said.text, aware_at=said.said_at, key=key)
    full = incident_reply(report, now=app.clock())
    full = replace(full, presses=incident_presses(report.ticket, person))
    if said.door is Door.CHANNEL:
        return Replies(here=restricted_reply(report), private=full)
    return Replies(here=full)


def _destroy(app: App, person: Person, said: Said, key: str) -> Replies:
    request = request_destruction(app, person, said.text, key=key)
    full = destruction_reply(request)
    if said.door is Door.CHANNEL:
        return Replies(here=private_reply(request), private=full)
    return Replies(here=full)


def _redact(app: App, person: Person, said: Said, key: str) -> Replies:
    wish = Wish(key, said.said_at, values={"text": said.text})
    reply = ACTS["redact"].do(app, person, wish)
    return Replies(None, private=reply) if said.door is Door.CHANNEL else Replies(reply)


def _by_act(name: str) -> Callable[[App, Person, Said, str], Replies]:
    """What a press does, asked for in words. It concerns the person alone, also in a channel."""

    def work(app: App, person: Person, said: Said, key: str) -> Replies:
        reply = ACTS[name].do(app, person, Wish(key, said.said_at))
        return Replies(None, private=reply) if said.door is Door.CHANNEL else Replies(reply)

    return work


def _help(app: App, person: Person, said: Said, key: str) -> Replies:
    return Replies(help_reply(language_of(said.text) if said.text else person.language))


def _handover(app: App, person: Person, said: Said, key: str) -> Replies:
    number, _ = numbered(said.text)
    opened = hand_over(app, person, number, place=place_of(said))
    return Replies(handed_over_reply(opened, app.settings.officer))


def _reply(app: App, person: Person, said: Said, key: str) -> Replies:
    number, text = numbered(said.text)
    done = reply_to(app, person, number, text)
    return Replies(reply_kept_reply(done, person.language))


def _feedback(app: App, person: Person, said: Said, key: str) -> Replies:
    number, reason = numbered(said.text)
    language = language_of(said.text) if reason else person.language
    kept = give_feedback(app, person, number, right=said.choice == "right", reason=reason)
    return Replies(feedback_reply(kept, app.settings.officer, language))


_VERBS: dict[Verb, Callable[[App, Person, Said, str], Replies]] = {
    Verb.INCIDENT: _incident,
    Verb.DESTROY: _destroy,
    Verb.REDACT: _redact,
    Verb.HELP: _help,
    Verb.HANDOVER: _handover,
    Verb.REPLY: _reply,
    Verb.FEEDBACK: _feedback,
    # A message opens no form: the registers are offered as buttons.
    Verb.RIGHTS: _by_act("registers"),
    Verb.REGISTER: _by_act("registers"),
    Verb.EXAMS: _by_act("exams"),
    Verb.PRACTISE: _by_act("practise"),
}


def _place(said: Said) -> Place:
    # Thanks for a press are for whoever pressed, not for the channel.
    quiet = said.verb in (Verb.FEEDBACK, Verb.HANDOVER) and said.response_url
    if said.door is Door.COMMAND or quiet:
        url = said.response_url
        return Place(said.user, response_url=url, person=said.user, team=said.team)
    return Place(said.channel, said.thread, team=said.team)
