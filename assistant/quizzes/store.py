"""Items, quizzes, assignments, attempts and practice as kept: plain values in and out."""

import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from assistant.quizzes.items import Item, from_json, to_json
from assistant.quizzes.tables import (
    AssignmentRow,
    AttemptRow,
    CardRow,
    ItemRow,
    ItemState,
    QuizRow,
)
from records.database import Base
from records.errors import Conflict, NotFound

Row = TypeVar("Row", bound=Base)


@dataclass(frozen=True, slots=True)
class KeptItem:
    """An item as kept."""

    id: str
    state: ItemState
    item: Item
    reviewed_by: str | None
    reviewed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Rules:
    """How a quiz is taken."""

    title: str
    pass_percent: int = 80
    # None: as long as it takes.
    minutes: int | None = 30
    attempts: int = 2


@dataclass(frozen=True, slots=True)
class Quiz:
    """A quiz as kept."""

    id: str
    rules: Rules
    item_ids: tuple[str, ...]
    built_at: datetime


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who is to take which quiz until when."""

    quiz_id: str
    person_id: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt as kept; `answers` are the places chosen, by the place of the item."""

    id: str
    quiz_id: str
    person_id: str
    number: int
    paper: tuple[Item, ...]
    answers: dict[int, frozenset[int]]
    started_at: datetime
    ends_at: datetime | None
    closed_at: datetime | None
    points: int | None


class NoSuch(NotFound):
    """No item, quiz or attempt of that number, or not this person's."""

    def __init__(self) -> None:
        super().__init__(
            "没有这个编号，或者不是您的。请回到培训页面查看。",
            "Nothing of that number, or it is not yours. See the training page.",
        )


def add_items(session: Session, items: Iterable[Item], now: datetime) -> list[str]:
    """The numbers of the new items; one that exists already gets none."""
    known = origins(session)
    added = []
    for item in items:
        if item.origin in known:
            continue
        known.add(item.origin)
        number = f"QI-{secrets.token_hex(4)}"
        session.add(
            ItemRow(
                id=number,
                origin=item.origin,
                state=ItemState.DRAFT,
                content=to_json(item),
                made_at=now,
            )
        )
        added.append(number)
    session.flush()
    return added


def origins(session: Session) -> set[str]:
    """What exists already."""
    return set(session.scalars(select(ItemRow.origin)))


def all_items(session: Session, state: ItemState | None = None) -> list[KeptItem]:
    """Every item, or those in one state, oldest first."""
    query = select(ItemRow).order_by(ItemRow.made_at, ItemRow.id)
    if state:
        query = query.where(ItemRow.state == state)
    return [_kept(row) for row in session.scalars(query)]


def read_item(session: Session, number: str) -> KeptItem:
    """The item. Raises NoSuch."""
    return _kept(_row(session, ItemRow, number))


def items_of(session: Session, numbers: Sequence[str]) -> list[KeptItem]:
    """The items in the order of the numbers."""
    rows = session.scalars(select(ItemRow).where(ItemRow.id.in_(list(numbers))))
    found = {row.id: _kept(row) for row in rows}
    return [found[number] for number in numbers if number in found]


def settle_item(
    session: Session,
    number: str,
    state: ItemState,
    *,
    by: str,
    now: datetime,
    item: Item | None = None,
) -> None:
    """The item in another state, with other words where given. Raises Conflict for the same twice."""
    row = _row(session, ItemRow, number)
    if item is not None:
        twin = session.scalar(
            select(ItemRow.id).where(ItemRow.origin == item.origin, ItemRow.id != row.id)
        )
        if twin:
            raise Conflict(f"题库里已有相同的题（{twin}）。", f"{twin} asks the same already.")
        row.content, row.origin = to_json(item), item.origin
    row.state, row.reviewed_by, row.reviewed_at = state, by, now


def add_quiz(
    session: Session, rules: Rules, item_ids: Sequence[str], *, by: str, now: datetime
) -> str:
    """The number of the new quiz."""
    number = f"QZ-{secrets.token_hex(4)}"
    session.add(
        QuizRow(
            id=number,
            title=rules.title,
            items=json.dumps(list(item_ids)),
            pass_percent=rules.pass_percent,
            minutes=rules.minutes,
            attempts=rules.attempts,
            built_by=by,
            built_at=now,
        )
    )
    session.flush()
    return number


def all_quizzes(session: Session) -> list[Quiz]:
    """Every quiz, newest first."""
    query = select(QuizRow).order_by(QuizRow.built_at.desc(), QuizRow.id)
    return [_quiz(row) for row in session.scalars(query)]


def read_quiz(session: Session, number: str) -> Quiz:
    """The quiz. Raises NoSuch."""
    return _quiz(_row(session, QuizRow, number))


def assign(
    session: Session,
    quiz_id: str,
    people: Iterable[str],
    *,
    due_at: datetime | None,
    by: str,
    now: datetime,
) -> int:
    """How many people have it now who had not; a day that was set before is set anew."""
    added = 0
    for person_id in people:
        row = session.get(AssignmentRow, (quiz_id, person_id))
        if row is None:
            row = AssignmentRow(quiz_id=quiz_id, person_id=person_id)
            session.add(row)
            added += 1
        row.assigned_by, row.assigned_at, row.due_at = by, now, due_at
    session.flush()
    return added


def assignments(session: Session, *, quiz_id: str = "", person_id: str = "") -> list[Assignment]:
    """Those of a quiz, of a person, or all."""
    query = select(AssignmentRow).order_by(AssignmentRow.assigned_at.desc())
    if quiz_id:
        query = query.where(AssignmentRow.quiz_id == quiz_id)
    if person_id:
        query = query.where(AssignmentRow.person_id == person_id)
    return [Assignment(r.quiz_id, r.person_id, r.due_at) for r in session.scalars(query)]


def add_attempt(
    session: Session,
    assignment: Assignment,
    *,
    number: int,
    paper: Sequence[Item],
    now: datetime,
    ends_at: datetime | None,
) -> str:
    """The number of the new attempt."""
    row = AttemptRow(
        id=f"QA-{secrets.token_hex(8)}",
        quiz_id=assignment.quiz_id,
        person_id=assignment.person_id,
        number=number,
        paper=json.dumps([to_json(item) for item in paper], ensure_ascii=False),
        answers="{}",
        started_at=now,
        ends_at=ends_at,
    )
    session.add(row)
    session.flush()
    return row.id


def attempts(session: Session, *, quiz_id: str = "", person_id: str = "") -> list[Attempt]:
    """Those of a quiz, of a person, or both, oldest first."""
    query = select(AttemptRow).order_by(AttemptRow.started_at, AttemptRow.number)
    if quiz_id:
        query = query.where(AttemptRow.quiz_id == quiz_id)
    if person_id:
        query = query.where(AttemptRow.person_id == person_id)
    return [_attempt(row) for row in session.scalars(query)]


def read_attempt(session: Session, number: str, person_id: str) -> Attempt:
    """This person's attempt. Raises NoSuch, for somebody else's as well."""
    attempt = _attempt(_row(session, AttemptRow, number))
    if attempt.person_id != person_id:
        raise NoSuch
    return attempt


def save_answers(session: Session, number: str, answers: dict[int, frozenset[int]]) -> None:
    """What was answered so far."""
    row = _row(session, AttemptRow, number)
    row.answers = json.dumps({str(place): sorted(chosen) for place, chosen in answers.items()})


def close_attempt(session: Session, number: str, *, points: int, now: datetime) -> None:
    """The attempt as marked."""
    row = _row(session, AttemptRow, number)
    row.points, row.closed_at = points, now


def forget_attempts(session: Session, before: datetime) -> None:
    """Papers and answers of before gone, and whose quiz it was; their results are kept elsewhere."""
    session.execute(delete(AttemptRow).where(AttemptRow.started_at < before))
    left = exists().where(
        AttemptRow.quiz_id == AssignmentRow.quiz_id, AttemptRow.person_id == AssignmentRow.person_id
    )
    session.execute(delete(AssignmentRow).where(AssignmentRow.assigned_at < before, ~left))


def cards(session: Session, person_id: str) -> list[CardRow]:
    """What a person has practised, soonest due first."""
    query = select(CardRow).where(CardRow.person_id == person_id).order_by(CardRow.due_at)
    return list(session.scalars(query))


def save_card(
    session: Session, person_id: str, item_id: str, *, card: str, due_at: datetime
) -> None:
    """When the person is asked this again."""
    session.merge(CardRow(person_id=person_id, item_id=item_id, card=card, due_at=due_at))


def _row(session: Session, table: type[Row], number: str) -> Row:
    row = session.get(table, number.strip())
    if row is None:
        raise NoSuch
    return row


def _kept(row: ItemRow) -> KeptItem:
    return KeptItem(
        row.id, ItemState(row.state), from_json(row.content), row.reviewed_by, row.reviewed_at
    )


def _quiz(row: QuizRow) -> Quiz:
    rules = Rules(row.title, row.pass_percent, row.minutes, row.attempts)
    return Quiz(row.id, rules, tuple(json.loads(row.items)), row.built_at)


def _attempt(row: AttemptRow) -> Attempt:
    answers = json.loads(row.answers)
    return Attempt(
        id=row.id,
        quiz_id=row.quiz_id,
        person_id=row.person_id,
        number=row.number,
        paper=tuple(from_json(text) for text in json.loads(row.paper)),
        answers={int(place): frozenset(chosen) for place, chosen in answers.items()},
        started_at=row.started_at,
        ends_at=row.ends_at,
        closed_at=row.closed_at,
        points=row.points,
    )
