"""Taking a quiz: what is open to me, an attempt, its answers, its marks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from assistant.app import App
from assistant.errors import AttemptOver
from assistant.quizzes import exam
from assistant.quizzes.grounds import stands
from assistant.quizzes.store import (
    Assignment,
    Attempt,
    NoSuch,
    Rules,
    add_attempt,
    assignments,
    attempts,
    close_attempt,
    items_of,
    read_attempt,
    read_quiz,
    save_answers,
)
from assistant.quizzes.tables import ItemState
from records.audit import Detail
from records.errors import Conflict
from records.people import Person
from records.permissions import Permission
from records.training import TrainingResult, keep_result, results


@dataclass(frozen=True, slots=True)
class MyQuiz:
    """A quiz I am to take: its rules, how often I may still try, how I did."""

    quiz_id: str
    rules: Rules
    questions: int
    due_at: datetime | None
    left: int
    running: str | None
    best: TrainingResult | None
    last_attempt: str | None


@dataclass(frozen=True, slots=True)
class Paper:
    """An attempt that runs: the questions, without any key."""

    attempt_id: str
    quiz_id: str
    title: str
    number: int
    questions: tuple[exam.Question, ...]
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Marked:
    """An attempt that is over: marks, and for each question the key with reason and article."""

    attempt_id: str
    title: str
    result: TrainingResult
    feedback: tuple[exam.Feedback, ...]
    # Whether it was closed because its time was over.
    late: bool


def my_quizzes(app: App, person: Person) -> tuple[MyQuiz, ...]:
    """What is assigned to me, newest first. Raises NotPermitted."""
    app.authorise(person, Permission.QUIZ_TAKE)
    with app.database.transaction() as session:
        mine = quizzes_of(app, session, person)
        app.append(session, person, "quiz:mine", "quizzes", {"quizzes": len(mine)})
    return mine


def quizzes_of(app: App, session: Session, person: Person) -> tuple[MyQuiz, ...]:
    """The same within a transaction."""
    return tuple(_mine(app, session, one) for one in assignments(session, person_id=person.id))


def start_attempt(app: App, person: Person, quiz_id: str) -> str:
    """The number of my attempt; the running one where there is one.

    Raises NotPermitted, NotFound where it is not assigned to me, Conflict, AttemptOver.
    """
    app.authorise(person, Permission.QUIZ_TAKE)
    now = app.clock()
    with app.database.transaction() as session:
        quiz = read_quiz(session, quiz_id)
        assignment = _assignment(session, quiz.id, person)
        tried = _closing_late(app, session, person, quiz.id)
        running = next((one for one in tried if one.closed_at is None), None)
        if running:
            app.append(session, person, "quiz:resumed", running.id)
            return running.id
        if assignment.due_at and now >= assignment.due_at:
            raise AttemptOver
        if len(tried) >= quiz.rules.attempts:
            raise Conflict(
                f"这份试卷最多考 {quiz.rules.attempts} 次，您已用完。",
                f"This quiz may be taken {quiz.rules.attempts} times; you have used them all.",
            )
        paper = [
            one.item
            for one in items_of(session, quiz.item_ids)
            if one.state is ItemState.APPROVED and stands(one.item, app.library, app.today())
        ]
        if not paper:
            raise Conflict(
                "试卷里的题因条文变动都已撤下，请等培训人员复核。",
                "Every item was withdrawn because the law changed; wait for the trainer.",
            )
        number = add_attempt(
            session,
            assignment,
            number=len(tried) + 1,
            paper=paper,
            now=now,
            ends_at=exam.ends_at(now, minutes=quiz.rules.minutes, due_at=assignment.due_at),
        )
        app.append(session, person, "quiz:started", number, {"items": len(paper)})
    return number


def read_paper(app: App, person: Person, attempt_id: str) -> Paper | Marked:
    """My attempt: its questions while it runs, its marks afterwards. Raises NotPermitted, NotFound."""
    app.authorise(person, Permission.QUIZ_TAKE)
    with app.database.transaction() as session:
        attempt = read_attempt(session, attempt_id, person.id)
        title = read_quiz(session, attempt.quiz_id).rules.title
        if _is_late(app, attempt):
            _close(app, session, person, attempt)
            attempt = read_attempt(session, attempt_id, person.id)
        app.append(session, person, "quiz:looked", attempt.id)
        if attempt.closed_at is not None:
            return _marked(session, attempt)
    return Paper(
        attempt.id,
        attempt.quiz_id,
        title,
        attempt.number,
        tuple(
            exam.question(item, place, attempt.answers.get(place, frozenset()))
            for place, item in enumerate(attempt.paper)
        ),
        attempt.ends_at,
    )


def save_attempt(
    app: App, person: Person, attempt_id: str, answers: Mapping[int, exam.Chosen]
) -> None:
    """The answers given so far, to be changed until the end. Raises NotPermitted, NotFound, AttemptOver."""
    app.authorise(person, Permission.QUIZ_TAKE)
    with app.database.transaction() as session:
        attempt = read_attempt(session, attempt_id, person.id)
        over = attempt.closed_at is not None or _is_late(app, attempt)
        if not over:
            save_answers(session, attempt.id, _merged(attempt, answers))
        elif attempt.closed_at is None:
            _close(app, session, person, attempt)
        app.append(session, person, "quiz:late" if over else "quiz:answered", attempt.id)
    if over:
        raise AttemptOver


def submit_attempt(
    app: App, person: Person, attempt_id: str, answers: Mapping[int, exam.Chosen] | None = None
) -> Marked:
    """The marks, on record. Handed in twice, it counts once.

    After its end the answers sent along are refused, and those saved in time are marked.
    Raises NotPermitted, NotFound.
    """
    app.authorise(person, Permission.QUIZ_TAKE)
    with app.database.transaction() as session:
        attempt = read_attempt(session, attempt_id, person.id)
        if attempt.closed_at is None:
            if answers and not _is_late(app, attempt):
                save_answers(session, attempt.id, _merged(attempt, answers))
                attempt = read_attempt(session, attempt_id, person.id)
            _close(app, session, person, attempt)
        else:
            app.append(session, person, "quiz:looked", attempt.id)
        return _marked(session, read_attempt(session, attempt_id, person.id))


def _merged(attempt: Attempt, answers: Mapping[int, exam.Chosen]) -> dict[int, exam.Chosen]:
    """The answers before and now; a place or option that is not there is left aside."""
    given = {
        place: frozenset(c for c in chosen if c < len(attempt.paper[place].options))
        for place, chosen in answers.items()
        if 0 <= place < len(attempt.paper)
    }
    return {**attempt.answers, **given}


def _is_late(app: App, attempt: Attempt) -> bool:
    return (
        attempt.closed_at is None and attempt.ends_at is not None and app.clock() >= attempt.ends_at
    )


def _closing_late(app: App, session: Session, person: Person, quiz_id: str) -> list[Attempt]:
    """My attempts at a quiz; one whose time is over is marked first."""
    for one in attempts(session, quiz_id=quiz_id, person_id=person.id):
        if _is_late(app, one):
            _close(app, session, person, one)
    return attempts(session, quiz_id=quiz_id, person_id=person.id)


def _close(app: App, session: Session, person: Person, attempt: Attempt) -> None:
    """Marks and result in the caller's transaction; a late one ends when its time was over."""
    rules = read_quiz(session, attempt.quiz_id).rules
    now = app.clock()
    points = exam.points(attempt.paper, attempt.answers)
    close_attempt(session, attempt.id, points=points, now=now)
    result = keep_result(
        session,
        person_id=person.id,
        source=attempt.id,
        subject=attempt.quiz_id,
        title=rules.title,
        points=points,
        out_of=len(attempt.paper),
        pass_percent=rules.pass_percent,
        now=now,
    )
    details: dict[str, Detail] = {"serial": result.serial, "passed": result.passed}
    app.append(session, person, "quiz:marked", attempt.id, details)


def _marked(session: Session, attempt: Attempt) -> Marked:
    found = next(
        one for one in results(session, person_id=attempt.person_id) if one.source == attempt.id
    )
    said = tuple(
        exam.feedback(item, attempt.answers.get(place, frozenset()), place)
        for place, item in enumerate(attempt.paper)
    )
    late = attempt.ends_at is not None and found.at >= attempt.ends_at
    return Marked(attempt.id, found.title, found, said, late)


def _assignment(session: Session, quiz_id: str, person: Person) -> Assignment:
    mine = assignments(session, quiz_id=quiz_id, person_id=person.id)
    if not mine:
        raise NoSuch
    return mine[0]


def _mine(app: App, session: Session, assignment: Assignment) -> MyQuiz:
    quiz = read_quiz(session, assignment.quiz_id)
    tried = attempts(session, quiz_id=quiz.id, person_id=assignment.person_id)
    kept = results(session, person_id=assignment.person_id, subject=quiz.id)
    running = next((o.id for o in tried if o.closed_at is None and not _is_late(app, o)), None)
    over = assignment.due_at is not None and app.clock() >= assignment.due_at
    return MyQuiz(
        quiz_id=quiz.id,
        rules=quiz.rules,
        questions=len(quiz.item_ids),
        due_at=assignment.due_at,
        left=0 if over else max(0, quiz.rules.attempts - len(tried)),
        running=running,
        best=max(kept, key=lambda one: one.percent, default=None),
        last_attempt=tried[-1].id if tried else None,
    )
