"""A question handed to a person: opened by who asked, replied to by an officer."""

from assistant.answering import handovers
from assistant.answering.handovers import Handover, NoSuchQuestion
from assistant.answering.kept_answers import NoSuchAnswer, kept_answer
from assistant.app import App
from assistant.redaction.clearing import clear_text
from records.people import Person
from records.permissions import Permission, allowed

LONGEST_REPLY = 2000


def hand_over(app: App, person: Person, answer_id: str, *, place: str = "") -> Handover:
    """The question behind an answer, now waiting for an officer; the same one if asked twice.

    Only whoever asked hands over: for others there is no such answer. `place` says where the door wants
    the reply as well. Raises NotPermitted, NotFound.
    """
    app.authorise(person, Permission.QUESTION_ASK)
    with app.database.reading() as session:
        answer = kept_answer(session, answer_id)
    if answer.asked_by != person.id:
        app.record(person, "permission:refused", answer.id)
        raise NoSuchAnswer
    with app.database.transaction() as session:
        opened = handovers.open_handover(session, answer, place, app.clock())
        app.append(session, person, "handover:opened", opened.id, {"answer": answer.id})
    return opened


def my_questions(app: App, person: Person) -> tuple[Handover, ...]:
    """What this person handed over, with the replies, the newest first. Raises NotPermitted."""
    app.authorise(person, Permission.QUESTION_ASK)
    with app.database.transaction() as session:
        found = handovers.of_person(session, person.id)
        app.append(session, person, "handover:listed", "own", {"questions": len(found)})
    return found


def open_questions(app: App, person: Person) -> tuple[Handover, ...]:
    """What waits for a reply, the oldest first. Raises NotPermitted."""
    app.authorise(person, Permission.HANDOVER_REPLY)
    with app.database.transaction() as session:
        found = handovers.waiting(session)
        app.append(session, person, "handover:listed", "open", {"questions": len(found)})
    return found


def read_question(app: App, person: Person, handover_id: str) -> Handover:
    """One question handed over: for officers, and for who asked it; for others there is none.

    Raises NotPermitted, NotFound.
    """
    app.authorise(person, Permission.QUESTION_ASK)
    with app.database.reading() as session:
        found = handovers.read_handover(session, handover_id)
    if found.asked_by != person.id and not allowed(person, Permission.HANDOVER_REPLY):
        app.record(person, "permission:refused", found.id)
        raise NoSuchQuestion
    app.record(person, "handover:read", found.id)
    return found


def reply_to(app: App, person: Person, handover_id: str, reply: str) -> Handover:
    """The question with the officer's reply, personal data taken out of it.

    Raises NotPermitted, NotFound, Conflict, EmptyText, TextTooLong.
    """
    app.authorise(person, Permission.HANDOVER_REPLY)
    cleared = clear_text(app, reply, LONGEST_REPLY)
    with app.database.transaction() as session:
        done = handovers.keep_reply(
            session,
            handover_id,
            reply=cleared.cleared.text,
            person_id=person.id,
            now=app.clock(),
        )
        details = {"masked": len(cleared.findings)}
        app.append(session, person, "handover:replied", done.id, details)
    return done
