"""Quizzes of approved items: built, exported, assigned to people."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from random import Random

from assistant.app import App
from assistant.quizzes.exports import EXPORTS, Exported, Format, LeftOut, Sheet
from assistant.quizzes.flaw_names import Found
from assistant.quizzes.flaws import flaws_of_quiz, is_duplicate
from assistant.quizzes.grounds import stands
from assistant.quizzes.items import ItemKind
from assistant.quizzes.store import (
    KeptItem,
    Quiz,
    Rules,
    add_quiz,
    all_items,
    all_quizzes,
    assign,
    assignments,
    items_of,
    read_quiz,
)
from assistant.quizzes.tables import ItemState
from records.errors import BadInput, Conflict
from records.people import Person, all_people
from records.permissions import Permission
from records.training import TrainingResult, results
from tickets.periods import end_of_day

MOST_IN_A_QUIZ, LONGEST_TITLE = 100, 80


@dataclass(frozen=True, slots=True)
class Selection:
    """Which approved items a quiz takes: those named, or so many by chance over the topics."""

    item_ids: tuple[str, ...] = ()
    count: int = 10
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Assigned:
    """Somebody who is to take the quiz, until when, and how they did."""

    person_id: str
    name: str
    due_at: datetime | None
    best: TrainingResult | None


@dataclass(frozen=True, slots=True)
class OpenQuiz:
    """A quiz with its items, those that no longer stand, its flaws, and who has it."""

    quiz: Quiz
    items: tuple[KeptItem, ...]
    fallen: tuple[str, ...]
    flaws: tuple[Found, ...]
    assigned: tuple[Assigned, ...]
    # Who might be given it still.
    others: tuple[Person, ...]
    # What Kahoot's short screens cannot hold.
    too_long: tuple[LeftOut, ...]


def build_quiz(app: App, person: Person, rules: Rules, selection: Selection) -> str:
    """The number of the new quiz. Raises NotPermitted, BadInput, Conflict."""
    app.authorise(person, Permission.QUIZ_MANAGE)
    _must_make_sense(rules, selection)
    with app.database.reading() as session:
        approved = {one.id: one for one in all_items(session, ItemState.APPROVED)}
    chosen = [one for one in selection.item_ids if one in approved]
    if len(chosen) < len(selection.item_ids):
        raise Conflict(
            "只有已批准的题才能组卷。请先审核。",
            "Only approved items go into a quiz; review first.",
        )
    sound = [
        approved[number]
        for number in chosen or approved
        if stands(approved[number].item, app.library, app.today())
    ]
    picked = sound if chosen else _varied(sound, selection)
    if not picked:
        raise Conflict("题库里还没有已批准的题。", "The bank has no approved item yet.")
    with app.database.transaction() as session:
        number = add_quiz(session, rules, [one.id for one in picked], by=person.id, now=app.clock())
        app.append(session, person, "quiz:built", number, {"items": len(picked)})
    return number


def list_quizzes(app: App, person: Person) -> tuple[Quiz, ...]:
    """Every quiz, newest first. Raises NotPermitted."""
    app.authorise(person, Permission.QUIZ_MANAGE)
    with app.database.transaction() as session:
        found = tuple(all_quizzes(session))
        app.append(session, person, "quiz:listed", "quizzes", {"quizzes": len(found)})
    return found


def open_quiz(app: App, person: Person, quiz_id: str) -> OpenQuiz:
    """The quiz with its key. Raises NotPermitted, NotFound."""
    app.authorise(person, Permission.QUIZ_MANAGE)
    with app.database.transaction() as session:
        quiz = read_quiz(session, quiz_id)
        items = items_of(session, quiz.item_ids)
        people = {one.id: one for one in all_people(session)}
        given = assignments(session, quiz_id=quiz.id)
        best = _best(results(session, subject=quiz.id))
        app.append(session, person, "quiz:read", quiz.id)
    standing, fallen = _standing(app, items)
    has = {one.person_id for one in given}
    return OpenQuiz(
        quiz=quiz,
        items=tuple(standing),
        fallen=tuple(one.id for one in fallen),
        flaws=flaws_of_quiz([one.item for one in standing]),
        assigned=tuple(
            Assigned(
                one.person_id, _name(people, one.person_id), one.due_at, best.get(one.person_id)
            )
            for one in given
        ),
        others=tuple(one for one in people.values() if one.id not in has),
        too_long=EXPORTS[Format.KAHOOT](_sheet(quiz, standing)).left_out,
    )


def export_quiz(app: App, person: Person, quiz_id: str, form: Format) -> Exported:
    """A file for another program, the items that do not fit it named. Raises NotPermitted, NotFound."""
    app.authorise(person, Permission.QUIZ_MANAGE)
    with app.database.transaction() as session:
        quiz = read_quiz(session, quiz_id)
        standing, _ = _standing(app, items_of(session, quiz.item_ids))
        if not standing:
            raise Conflict("这份试卷已没有可用的题。", "No item of this quiz stands any more.")
        made = EXPORTS[form](_sheet(quiz, standing))
        details = {"format": form.value, "items": len(standing) - len(made.left_out)}
        app.append(session, person, "quiz:exported", quiz.id, details)
    return made


def assign_quiz(
    app: App,
    person: Person,
    quiz_id: str,
    *,
    people: Collection[str] = (),
    due_on: date | None = None,
) -> int:
    """How many people have it now who had not; everybody where none is named.

    Raises NotPermitted, NotFound, BadInput for a day that is over or somebody unknown.
    """
    app.authorise(person, Permission.QUIZ_MANAGE)
    if due_on and due_on < app.today():
        raise BadInput("截止日期已经过去。", "The last day is over already.")
    with app.database.transaction() as session:
        quiz = read_quiz(session, quiz_id)
        known = [one.id for one in all_people(session)]
        if unknown := set(people) - set(known):
            raise BadInput(
                f"没有这些人：{'、'.join(sorted(unknown))}。",
                f"Nobody of these numbers: {', '.join(sorted(unknown))}.",
            )
        added = assign(
            session,
            quiz.id,
            people or known,
            due_at=end_of_day(due_on) if due_on else None,
            by=person.id,
            now=app.clock(),
        )
        app.append(session, person, "quiz:assigned", quiz.id, {"people": added})
    return added


def _sheet(quiz: Quiz, items: Iterable[KeptItem]) -> Sheet:
    return Sheet(quiz.id, quiz.rules, tuple((one.id, one.item) for one in items))


def _best(found: Iterable[TrainingResult]) -> dict[str, TrainingResult]:
    """Everybody's best result."""
    best: dict[str, TrainingResult] = {}
    for one in found:
        if one.person_id not in best or one.percent > best[one.person_id].percent:
            best[one.person_id] = one
    return best


def _name(people: Mapping[str, Person], person_id: str) -> str:
    return people[person_id].name if person_id in people else person_id


def _standing(app: App, items: list[KeptItem]) -> tuple[list[KeptItem], list[KeptItem]]:
    """Those that may still be asked, and those that may not."""
    good = [
        one
        for one in items
        if one.state is ItemState.APPROVED and stands(one.item, app.library, app.today())
    ]
    kept = {one.id for one in good}
    return good, [one for one in items if one.id not in kept]


def _varied(items: list[KeptItem], selection: Selection) -> list[KeptItem]:
    """So many by chance: topics in turn, then places of the key, nothing asked twice."""
    # Nothing secret: the same seed builds the same quiz.
    rng = Random(selection.seed)  # noqa: S311
    waiting = sorted(items, key=lambda one: one.item.origin)
    rng.shuffle(waiting)
    topics, keys = Counter[int](), Counter[tuple[ItemKind, str]]()
    picked: list[KeptItem] = []
    while waiting and len(picked) < selection.count:
        best = min(
            waiting,
            key=lambda one: (topics[one.item.topic], keys[one.item.kind, one.item.letters]),
        )
        waiting.remove(best)
        if any(is_duplicate(best.item, other.item) for other in picked):
            continue
        topics[best.item.topic] += 1
        keys[best.item.kind, best.item.letters] += 1
        picked.append(best)
    return picked


def _must_make_sense(rules: Rules, selection: Selection) -> None:
    count = len(selection.item_ids) or selection.count
    if not rules.title.strip() or len(rules.title) > LONGEST_TITLE:
        raise BadInput(
            f"请给试卷起个名，最多 {LONGEST_TITLE} 字。",
            f"Give the quiz a title of at most {LONGEST_TITLE} characters.",
        )
    if not (
        1 <= rules.pass_percent <= 100
        and 1 <= rules.attempts <= 20
        and (rules.minutes is None or 1 <= rules.minutes <= 600)
        and 1 <= count <= MOST_IN_A_QUIZ
    ):
        raise BadInput(
            f"及格线 1–100，次数 1–20，时间 1–600 分钟或不限，题数 1–{MOST_IN_A_QUIZ}。",
            "Pass mark 1 to 100, attempts 1 to 20, minutes 1 to 600 or none, items 1 to "
            f"{MOST_IN_A_QUIZ}.",
        )
