"""The scheduled turn: what must be gone by its date goes, whether or not anybody comes by."""

from sqlalchemy.orm import Session

from assistant.answering import feedback, handovers, kept_answers, threads
from assistant.app import App
from assistant.people.sign_in import idle_time
from assistant.quizzes.store import forget_attempts
from assistant.training.review_items import withdraw_changed
from records.accounts import forget_links
from records.kept_replies import forget_replies
from records.people import Person, Role
from records.sessions import forget_sessions
from records.sign_in_limits import forget_tries
from records.training import forget_results, kept_from

# Not a person: nobody signs in as it, and its name stands in the audit log as what it is.
SYSTEM = Person(id="system", name="system", roles=frozenset[Role]())


def upkeep(app: App) -> int:
    """How many files were erased because their time is over. Old threads, answers, replies,
    what was said of answers, and training of more than three years ago go as well.

    Quiz items whose article changed are withdrawn.
    """
    withdraw_changed(app, SYSTEM)
    with app.database.transaction() as session:
        threads.forget(session, app.clock())
        kept_answers.forget(session, app.clock())
        handovers.forget(session, app.clock())
        feedback.forget(session, app.clock())
        _forget_sign_ins(app, session)
        # Reviews before files: each ends with its original, and forgets the texts it held.
        erased = app.reviews.end_due(session, app.clock())
        erased += app.files.erase_due(session, app.clock())
        left_over = app.files.sweep(session, app.clock())
        if erased or left_over:
            details = {"files": erased, "left_over": left_over}
            app.append(session, SYSTEM, "file:erased", "files", details)
    _forget_training(app)
    return erased


def _forget_training(app: App) -> None:
    """By itself: the database keeps results by a clock of its own."""
    with app.database.transaction() as session:
        gone = forget_results(session, app.clock())
        forget_attempts(session, kept_from(app.clock()))
        if gone:
            app.append(session, SYSTEM, "training:forgotten", "training", {"results": gone})


def _forget_sign_ins(app: App, session: Session) -> None:
    now = app.clock()
    forget_links(session, now)
    forget_tries(session, now)
    forget_replies(session, now)
    forget_sessions(session, now, idle_time(app.settings))
