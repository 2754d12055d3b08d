"""What a person said in a chat, answered: the verb is called, whichever chat it was said in.

Incidents are restricted: where others read along, only the number is said, the rest goes to the person.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from assistant.answering.answers import Claim
from assistant.app import App
from assistant.destruction.destroy_data import request_destruction
from assistant.incidents.report_incident import report_incident
from assistant.my_work import my_work
from assistant.questions.ask import answer_unheard, ask
from assistant.questions.give_feedback import give_feedback
from assistant.questions.hand_over import hand_over, reply_to
from integrations.acts import ACTS, Wish
from integrations.acts.destructions import requested_reply
from integrations.acts.incidents import incident_presses
from integrations.chat.said import Door, Said
from integrations.chat.words import Verb, numbered
from integrations.errors import UNEXPECTED, log_unexpected
from integrations.identity import person_in_chat
from integrations.replies import (
    Reply,
    answer_reply,
    board_reply,
    error_reply,
    feedback_reply,
    handed_over_reply,
    help_reply,
    incident_reply,
    private_reply,
    reply_kept_reply,
    restricted_reply,
)
from integrations.replies.wording import CHATS
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


def replies_to(
    app: App, said: Said, key: str, heard: Callable[[Claim], None] = lambda _claim: None
) -> Replies:
    """What the verb says. `heard` is told each statement of an answer as it stands. Raises nothing."""
    # A number alone is in no language.
    _, words = numbered(said.text)
    language = language_of(words) if words else app.settings.language
    try:
        person = person_in_chat(app, said.chat, team=said.team, user=said.user)
        if said.verb is Verb.ASK:
            return _ask(app, person, said, heard)
        return _VERBS[said.verb](app, person, said, key)
    except ProductError as error:
        return Replies(error_reply(error.message, language))
    except Exception as error:
        # Not raised: the job would repeat the verb, and the person would hear nothing.
        log_unexpected(error, where=f"{said.chat} {said.verb}")
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
    place = "" if said.door is Door.COMMAND else said.place
    report = report_incident(app, person, said.text, said_at=said.said_at, key=key, place=place)
    full = incident_reply(report, now=app.clock())
    full = replace(full, presses=incident_presses(report.ticket, person))
    if said.door is Door.CHANNEL:
        return Replies(here=restricted_reply(report), private=full)
    return Replies(here=full)


def _destroy(app: App, person: Person, said: Said, key: str) -> Replies:
    request = request_destruction(app, person, said.text, key=key)
    full = requested_reply(request, person)
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
    language = language_of(said.text) if said.text else person.language
    return Replies(help_reply(language, CHATS[said.chat]))


def _board(app: App, person: Person, said: Said, key: str) -> Replies:
    reply = board_reply(my_work(app, person), person, now=app.clock())
    return Replies(None, private=reply) if said.door is Door.CHANNEL else Replies(reply)


def _handover(app: App, person: Person, said: Said, key: str) -> Replies:
    number, _ = numbered(said.text)
    opened = hand_over(app, person, number, place=said.place)
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
    Verb.BOARD: _board,
    Verb.HANDOVER: _handover,
    Verb.REPLY: _reply,
    Verb.FEEDBACK: _feedback,
    # A message opens no form: the registers are offered as buttons.
    Verb.RIGHTS: _by_act("registers"),
    Verb.REGISTER: _by_act("registers"),
    Verb.EXAMS: _by_act("exams"),
    Verb.PRACTISE: _by_act("practise"),
}
