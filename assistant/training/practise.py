"""Practice by spaced repetition: the question due now, and what was right. Every door may call it."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fsrs import Card, Rating, Scheduler
from sqlalchemy.orm import Session

from assistant.app import App
from assistant.quizzes import exam
from assistant.quizzes.grounds import stands
from assistant.quizzes.store import KeptItem, NoSuch, all_items, cards, save_card
from assistant.quizzes.store import read_item as read_kept
from assistant.quizzes.tables import CardRow, ItemState
from records.audit import Detail
from records.beijing import SHANGHAI
from records.language import Language
from records.people import Person
from records.permissions import Permission

# So many questions never asked before are begun in a day; the rest of the day only repeats.
NEW_A_DAY = 10
# The same for everybody and each time, so that what comes when can be told from the record.
_SCHEDULER = Scheduler(enable_fuzzing=False)


@dataclass(frozen=True, slots=True)
class Practice:
    """What to practise now: the next question, or when there is one again."""

    item_id: str | None
    question: exam.Question | None
    due: int
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Answered:
    """What was right and why, and when the question comes back."""

    item_id: str
    feedback: exam.Feedback
    next_at: datetime


def next_question(app: App, person: Person, language: Language = Language.ZH) -> Practice:
    """The question due longest, else one never asked. Raises NotPermitted."""
    app.authorise(person, Permission.QUIZ_TAKE)
    now = app.clock()
    with app.database.transaction() as session:
        known = {one.item_id: one for one in cards(session, person.id)}
        pool = {
            one.id: one
            for one in all_items(session, ItemState.APPROVED)
            if one.item.language is language
        }
        due = [number for number, one in known.items() if one.due_at <= now and number in pool]
        fresh = [number for number in pool if number not in known]
        begun = sum(
            app.today() == _first_seen(one.card).astimezone(SHANGHAI).date()
            for one in known.values()
        )
        waiting = [*due, *fresh[: max(0, NEW_A_DAY - begun)]]
        number = next((n for n in waiting if _may_be_asked(app, pool[n])), None)
        app.append(session, person, "practice:asked", number or "nothing", {"due": len(due)})
    if number is None:
        later = [one.due_at for n, one in known.items() if n in pool and one.due_at > now]
        return Practice(None, None, 0, min(later, default=None))
    return Practice(number, exam.question(pool[number].item), len(waiting), None)


def answer_question(app: App, person: Person, item_id: str, chosen: exam.Chosen) -> Answered:
    """Key, reason and article, and when it comes back. Raises NotPermitted, NotFound.

    It counts while the question is due. Answered again before that, by a second press or one taken up
    after a crash, it says the same and counts no more.
    """
    app.authorise(person, Permission.QUIZ_TAKE)
    now = app.clock()
    with app.database.transaction() as session:
        kept = read_kept(session, item_id)
        if kept.state is not ItemState.APPROVED or not _may_be_asked(app, kept):
            raise NoSuch
        said = exam.feedback(kept.item, chosen)
        known = next((one for one in cards(session, person.id) if one.item_id == kept.id), None)
        counts = known is None or known.due_at <= now
        due_at = known.due_at if known else now
        if counts:
            due_at = _remember(session, person.id, kept.id, known, right=said.right, now=now)
        details: dict[str, Detail] = {"right": said.right, "counted": counts}
        app.append(session, person, "practice:answered", kept.id, details)
    return Answered(kept.id, said, due_at)


def _remember(
    session: Session,
    person_id: str,
    item_id: str,
    known: CardRow | None,
    *,
    right: bool,
    now: datetime,
) -> datetime:
    kept: dict[str, Any] = json.loads(known.card) if known else {"first": now.isoformat()}
    card = Card.from_dict(kept["card"]) if known else Card(due=now)
    card, _ = _SCHEDULER.review_card(card, Rating.Good if right else Rating.Again, now)
    kept["card"] = card.to_dict()
    save_card(session, person_id, item_id, card=json.dumps(kept), due_at=card.due)
    return card.due


def _first_seen(card: str) -> datetime:
    return datetime.fromisoformat(json.loads(card)["first"])


def _may_be_asked(app: App, kept: KeptItem) -> bool:
    return stands(kept.item, app.library, app.today())
