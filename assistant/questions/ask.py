"""A question in; a cited answer that was checked, or a reasoned refusal, out."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from assistant.answering.answers import Answer, Claim
from assistant.answering.approved import Asker
from assistant.answering.graph import LONGEST_QUESTION, Context, run
from assistant.answering.kept_answers import keep_answer
from assistant.answering.threads import Turn, recall, remember
from assistant.app import App
from knowledge.as_of import day_asked
from records.language import Language
from records.people import Person
from records.permissions import Permission

__all__ = ["LONGEST_QUESTION", "ask"]


def ask(
    app: App,
    person: Person,
    question: str,
    *,
    as_of: date | None = None,
    language: Language | None = None,
    thread: str = "",
    choice: str = "",
    in_public: bool = False,
    heard: Callable[[Claim], None] = lambda _claim: None,
) -> Answer:
    """The answer as of a day (today in China by default), in the question's own language.

    In a `thread`, named by the door, a question may rest on the ones before. `choice` is the option
    chosen of what was asked back. `in_public` says that others read along, so that only what everybody
    may read is used. `heard` is told each statement of a model that stands, while the
    rest is still being written. Raises NotPermitted, EmptyText, TextTooLong, or Unavailable while
    nothing is ingested.
    """
    app.authorise(person, Permission.QUESTION_ASK)
    with app.database.reading() as session:
        turns = recall(session, thread, app.clock())
    answer = run(
        Context(
            app=app,
            untrusted_text=question,
            turns=turns,
            choice=choice,
            as_of=as_of or day_asked(question) or app.today(),
            language=language,
            asker=Asker(
                frozenset() if in_public else frozenset(role.value for role in person.roles),
                app.settings.holder,
            ),
            heard=heard,
        )
    )
    details = {
        "outcome": answer.outcome.value,
        "as_of": answer.as_of.isoformat(),
        "quotations": len(answer.quotations),
        "masked": len(answer.masked),
        "dropped": answer.dropped,
        "written_by": answer.written_by,
    }
    asked_back = answer.clarification.id if answer.clarification else ""
    with app.database.transaction() as session:
        remember(session, thread, answer.id, Turn(answer.question, asked_back), app.clock())
        keep_answer(session, answer, person.id, app.clock())
        app.append(session, person, "question:answered", answer.id, details)
    return answer


def answer_unheard(app: App, question: str) -> None:
    """One answer for nobody, by the rules alone: it loads what the first one would wait for.

    Raises Unavailable while nothing is ingested.
    """
    run(
        Context(
            app=replace(app, model=None),
            untrusted_text=question,
            turns=(),
            choice="",
            as_of=app.today(),
            language=None,
            asker=Asker(frozenset(), app.settings.holder),
        )
    )
