"""An exam from assignment to certificate: what is hidden, refused, counted once."""

import io
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import timedelta

import pikepdf
import pytest

from assistant.app import App
from assistant.errors import AttemptOver, FlawedItem
from assistant.law.law_changes import CITERS
from assistant.operations.upkeep import upkeep
from assistant.quizzes.choosing import Wish
from assistant.quizzes.exports import Format
from assistant.quizzes.items import Option
from assistant.quizzes.store import (
    NoSuch,
    Rules,
    all_items,
    read_attempt,
    settle_item,
)
from assistant.quizzes.tables import ItemState
from assistant.training.build_quiz import Selection, assign_quiz, build_quiz, export_quiz, open_quiz
from assistant.training.practise import NEW_A_DAY, answer_question, next_question
from assistant.training.review_items import (
    Wording,
    approve_item,
    edit_item,
    list_items,
    make_items,
    read_quiz_item,
    reject_item,
)
from assistant.training.take_quiz import (
    Marked,
    Paper,
    my_quizzes,
    read_paper,
    save_attempt,
    start_attempt,
    submit_attempt,
)
from assistant.training.training_records import all_results, my_results, training_certificate
from knowledge.citing import Citer
from knowledge.errors import NoIndex
from records.errors import BadInput, Conflict, NotPermitted
from records.people import Person, Role

Exam = Callable[..., str]


def later(app: App, **spans: float) -> App:
    """The same product some time later."""
    now = app.clock() + timedelta(**spans)
    return replace(app, clock=lambda: now)


def key_of(app: App, person: Person, attempt_id: str) -> dict[int, frozenset[int]]:
    """The right answers, as only the database knows them."""
    with app.database.reading() as session:
        paper = read_attempt(session, attempt_id, person.id).paper
    return {place: item.key for place, item in enumerate(paper)}


@pytest.fixture
def learner(person_with: Callable[..., Person]) -> Person:
    """Somebody who takes exams; registered before any is assigned to everybody."""
    return person_with(Role.EMPLOYEE)


def test_no_key_no_reason_and_no_article_is_shown_before_the_paper_is_handed_in(
    app: App, learner: Person, exam: Exam
) -> None:
    attempt = start_attempt(app, learner, exam())
    shown = read_paper(app, learner, attempt)
    assert isinstance(shown, Paper)
    fields = {name for question in shown.questions for name in asdict(question)}
    assert fields == {"place", "kind", "language", "stem", "options", "chosen"}
    with app.database.reading() as session:
        for item in read_attempt(session, attempt, learner.id).paper:
            assert item.rationale not in str(shown)
            assert all(cited.words not in str(shown) for cited in item.cites)


def test_right_answers_pass_with_reasons_a_record_and_a_certificate(
    app: App, learner: Person, trainer: Person, exam: Exam
) -> None:
    attempt = start_attempt(app, learner, exam())
    marked = submit_attempt(app, learner, attempt, key_of(app, learner, attempt))
    assert marked.result.passed
    assert marked.result.percent == 100
    assert all(one.right and one.rationale and one.cites for one in marked.feedback)
    (mine,) = my_results(app, learner)
    assert [one.result for one in all_results(app, trainer)] == [mine]
    pdf = training_certificate(app, learner, mine.serial)
    assert len(pikepdf.open(io.BytesIO(pdf)).pages) == 1
    assert training_certificate(app, learner, mine.serial) == pdf


def test_below_the_pass_mark_there_is_no_certificate(app: App, learner: Person, exam: Exam) -> None:
    attempt = start_attempt(app, learner, exam())
    marked = submit_attempt(app, learner, attempt, {})
    assert (marked.result.points, marked.result.passed) == (0, False)
    with pytest.raises(Conflict):
        training_certificate(app, learner, marked.result.serial)


def test_a_mark_just_at_the_pass_mark_passes_and_one_below_does_not(
    app: App, learner: Person, exam: Exam
) -> None:
    quiz = exam(count=5, pass_percent=80)
    outcomes = []
    for right in (3, 4):
        attempt = start_attempt(app, learner, quiz)
        answers = dict(list(key_of(app, learner, attempt).items())[:right])
        outcomes.append(submit_attempt(app, learner, attempt, answers).result.passed)
    assert outcomes == [False, True]


def test_half_of_a_multiple_choice_is_no_point(app: App, learner: Person, exam: Exam) -> None:
    attempt = start_attempt(app, learner, exam(count=12))
    key = key_of(app, learner, attempt)
    several = next(place for place, chosen in key.items() if len(chosen) > 1)
    marked = submit_attempt(app, learner, attempt, {several: frozenset(sorted(key[several])[:1])})
    assert marked.result.points == 0


def test_a_paper_handed_in_twice_counts_once(app: App, learner: Person, exam: Exam) -> None:
    attempt = start_attempt(app, learner, exam())
    first = submit_attempt(app, learner, attempt, {})
    again = submit_attempt(app, learner, attempt, key_of(app, learner, attempt))
    assert again.result == first.result
    assert len(my_results(app, learner)) == 1


def test_answers_after_the_time_are_refused_and_those_saved_before_are_marked(
    app: App, learner: Person, exam: Exam
) -> None:
    attempt = start_attempt(app, learner, exam(minutes=30))
    key = key_of(app, learner, attempt)
    save_attempt(later(app, minutes=29), learner, attempt, {0: key[0]})
    over = later(app, minutes=30)
    with pytest.raises(AttemptOver):
        save_attempt(over, learner, attempt, key)
    shown = read_paper(over, learner, attempt)
    assert isinstance(shown, Marked)
    assert (shown.result.points, shown.late) == (1, True)
    assert submit_attempt(over, learner, attempt, key).result.points == 1


def test_after_the_last_day_nobody_starts_and_a_running_attempt_ends(
    app: App, learner: Person, exam: Exam
) -> None:
    quiz = exam(minutes=None)
    attempt = start_attempt(app, learner, quiz)
    tomorrow = later(app, days=1)
    with pytest.raises(AttemptOver):
        save_attempt(tomorrow, learner, attempt, {0: frozenset({0})})
    with pytest.raises(AttemptOver):
        start_attempt(tomorrow, learner, quiz)
    assert my_quizzes(tomorrow, learner)[0].left == 0


def test_attempts_are_limited_and_a_running_one_is_gone_on_with(
    app: App, learner: Person, exam: Exam
) -> None:
    quiz = exam(attempts=2)
    first = start_attempt(app, learner, quiz)
    assert start_attempt(app, learner, quiz) == first
    submit_attempt(app, learner, first)
    second = start_attempt(app, learner, quiz)
    submit_attempt(app, learner, second)
    with pytest.raises(Conflict):
        start_attempt(app, learner, quiz)


def test_nobody_reads_or_answers_somebody_else_s_attempt(
    app: App, learner: Person, trainer: Person, exam: Exam, person_with: Callable[..., Person]
) -> None:
    attempt = start_attempt(app, learner, exam())
    for other in (person_with(Role.EMPLOYEE), trainer):
        for act in (read_paper, submit_attempt):
            with pytest.raises(NoSuch):
                act(app, other, attempt)
        with pytest.raises(NoSuch):
            save_attempt(app, other, attempt, {})
    marked = submit_attempt(app, learner, attempt, key_of(app, learner, attempt))
    stranger = person_with(Role.EMPLOYEE)
    with pytest.raises(NoSuch):
        training_certificate(app, stranger, marked.result.serial)
    with pytest.raises(NotPermitted):
        all_results(app, stranger)


def test_only_whoever_it_is_assigned_to_takes_a_quiz(
    app: App, exam: Exam, person_with: Callable[..., Person]
) -> None:
    quiz = exam()
    with pytest.raises(NoSuch):
        start_attempt(app, person_with(Role.EMPLOYEE), quiz)


def test_an_answer_to_a_place_or_option_that_is_not_there_is_left_aside(
    app: App, learner: Person, exam: Exam
) -> None:
    attempt = start_attempt(app, learner, exam())
    save_attempt(app, learner, attempt, {99: frozenset({0}), 0: frozenset({0, 77})})
    shown = read_paper(app, learner, attempt)
    assert isinstance(shown, Paper)
    assert shown.questions[0].chosen == {0}


def test_without_any_law_nothing_is_made_and_what_to_do_is_said(
    app: App, trainer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(app.library), "loaded", lambda _library: [])
    with pytest.raises(NoIndex, match="compliance ingest"):
        make_items(app, trainer, Wish(3))


def test_only_approved_items_go_into_a_quiz(app: App, trainer: Person) -> None:
    drafts = make_items(app, trainer, Wish(3)).item_ids
    with pytest.raises(Conflict):
        build_quiz(app, trainer, Rules("早了"), Selection(item_ids=drafts))
    with pytest.raises(Conflict):
        build_quiz(app, trainer, Rules("空的"), Selection())
    approve_item(app, trainer, drafts[0])
    quiz = build_quiz(app, trainer, Rules("可以"), Selection(item_ids=drafts[:1]))
    assert len(open_quiz(app, trainer, quiz).items) == 1
    with pytest.raises(BadInput):
        assign_quiz(app, trainer, quiz, people=["P-nobody"])
    with pytest.raises(BadInput):
        build_quiz(app, trainer, Rules("线", pass_percent=101), Selection())


def test_an_edited_item_is_checked_again_and_a_draft_again(app: App, trainer: Person) -> None:
    (number,) = make_items(app, trainer, Wish(1, seed=9)).item_ids
    approve_item(app, trainer, number)
    item = read_quiz_item(app, trainer, number).kept.item
    edit_item(app, trainer, number, Wording(f"请问：{item.stem}", item.options, item.rationale))
    assert read_quiz_item(app, trainer, number).kept.state is ItemState.DRAFT
    spoilt = tuple(Option(one.text, True, one.why) for one in item.options)
    with pytest.raises(FlawedItem):
        edit_item(app, trainer, number, Wording(item.stem, spoilt, item.rationale))
    invented = Wording(item.stem, item.options, f"{item.rationale}违者罚款七百万元。")
    with pytest.raises(FlawedItem):
        edit_item(app, trainer, number, invented)
    reject_item(app, trainer, number)
    assert list_items(app, trainer).counts[ItemState.REJECTED] == 1


def spoil(app: App, number: str, trainer: Person) -> None:
    """The item as if its article had read otherwise when it was made."""
    with app.database.transaction() as session:
        kept = next(one for one in all_items(session) if one.id == number)
        cites = (replace(kept.item.cites[0], fingerprint="0" * 16), *kept.item.cites[1:])
        item = replace(kept.item, cites=cites)
        settle_item(session, number, kept.state, by=trainer.id, now=app.clock(), item=item)


def test_an_item_whose_article_changed_is_asked_nobody_and_withdrawn_by_the_upkeep(
    app: App, learner: Person, trainer: Person, exam: Exam
) -> None:
    quiz = exam(count=4)
    number = open_quiz(app, trainer, quiz).items[0].id
    spoil(app, number, trainer)
    assert open_quiz(app, trainer, quiz).fallen == (number,)
    paper = read_paper(app, learner, start_attempt(app, learner, quiz))
    assert isinstance(paper, Paper)
    assert len(paper.questions) == 3
    # The numbers of the bank do not wait for the turn.
    bank = list_items(app, trainer)
    assert (bank.counts[ItemState.APPROVED], bank.counts[ItemState.WITHDRAWN]) == (3, 1)
    assert [o.id for o in list_items(app, trainer, ItemState.WITHDRAWN).items] == [number]
    upkeep(app)
    judged = read_quiz_item(app, trainer, number)
    assert (judged.kept.state, judged.stands) == (ItemState.WITHDRAWN, False)
    with pytest.raises(FlawedItem):
        approve_item(app, trainer, number)


def test_what_cites_law_names_quiz_items_but_not_rejected_ones(app: App, trainer: Person) -> None:
    first, second = make_items(app, trainer, Wish(2)).item_ids
    reject_item(app, trainer, second)
    cited = list(CITERS[Citer.QUIZ](app, trainer))
    assert {one.id for one in cited} == {first}
    assert all(one.instrument and one.article for one in cited)


def test_each_export_of_a_real_quiz_is_made(app: App, trainer: Person, exam: Exam) -> None:
    quiz = exam()
    for form in Format:
        assert export_quiz(app, trainer, quiz, form).data


def test_practice_asks_what_is_due_and_puts_off_what_is_known(
    app: App, learner: Person, exam: Exam
) -> None:
    exam(count=3)
    first = next_question(app, learner)
    assert first.item_id
    assert first.due == 3
    right = answer_question(app, learner, first.item_id, _key(app, first.item_id))
    assert right.feedback.right
    second = next_question(app, learner)
    assert second.item_id not in (None, first.item_id)
    wrong = answer_question(app, learner, second.item_id or "", frozenset())
    assert not wrong.feedback.right
    assert app.clock() < wrong.next_at < right.next_at
    assert next_question(later(app, days=60), learner).item_id == second.item_id


def test_no_more_new_questions_are_begun_in_a_day_than_set(
    app: App, learner: Person, exam: Exam
) -> None:
    exam(count=NEW_A_DAY + 3)
    for _ in range(NEW_A_DAY):
        now = next_question(app, learner)
        answer_question(app, learner, now.item_id or "", _key(app, now.item_id or ""))
    assert next_question(app, learner).item_id is None
    assert next_question(later(app, days=1), learner).item_id


def test_an_item_not_approved_cannot_be_practised(
    app: App, learner: Person, trainer: Person
) -> None:
    (number,) = make_items(app, trainer, Wish(1)).item_ids
    assert next_question(app, learner).item_id is None
    with pytest.raises(NoSuch):
        answer_question(app, learner, number, frozenset({0}))


def _key(app: App, number: str) -> frozenset[int]:
    with app.database.reading() as session:
        return next(one for one in all_items(session) if one.id == number).item.key
