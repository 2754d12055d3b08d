"""The weeks of questions in figures."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from assistant.answering.answers import Outcome
from assistant.app import App
from assistant.questions.ask import ask
from assistant.questions.give_feedback import give_feedback
from assistant.questions.hand_over import hand_over, reply_to
from assistant.questions.read_quality import WEEKS, read_quality
from records.errors import NotPermitted
from records.people import Person, Role

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday, 10:00 in Beijing
People = Callable[..., Person]
KEPT = "客户解约三年了,他的身份证复印件可以销毁吗?"
LIST = "把客户名单卖给同行行不行?"


def test_each_question_counts_in_the_week_it_came(app: App, person_with: People) -> None:
    employee, officer = person_with(Role.EMPLOYEE), person_with(Role.OFFICER)
    # Eleven hours before is the week before.
    before = replace(app, clock=lambda: NOW - timedelta(hours=11))
    ask(before, employee, LIST)
    answer = ask(app, employee, KEPT)
    give_feedback(app, employee, answer.id, right=False)
    opened = hand_over(app, employee, answer.id)
    waited = read_quality(app, officer)
    later = replace(app, clock=lambda: NOW + timedelta(hours=3))
    reply_to(later, officer, opened.id, "先暂存。")
    quality = read_quality(app, officer)

    assert len(quality.weeks) == WEEKS
    last, this = quality.weeks[-2:]
    assert (last.monday, this.monday) == (date(2026, 11, 16), date(2026, 11, 23))
    assert last.outcomes[Outcome.DECLINED] == last.asked == 1
    assert (this.asked, this.right, this.wrong, this.handed_over) == (1, 0, 1, 1)
    assert sum(quality.outcomes.values()) == 2
    assert (waited.waiting, waited.reply_hours) == (1, None)
    assert (quality.waiting, quality.reply_hours) == (0, 3.0)


def test_what_is_older_than_the_weeks_shown_does_not_count(app: App, person_with: People) -> None:
    long_ago = replace(app, clock=lambda: NOW - timedelta(weeks=WEEKS))
    ask(long_ago, person_with(Role.EMPLOYEE), LIST)
    assert sum(read_quality(app, person_with(Role.OFFICER)).outcomes.values()) == 0


def test_the_figures_of_the_release_are_there(app: App, person_with: People) -> None:
    suites = read_quality(app, person_with(Role.OFFICER)).measured.suites
    assert suites
    assert all(0 <= one.share <= 1 and one.number for one in suites)


def test_it_is_for_those_who_may_read_feedback(app: App, person_with: People) -> None:
    with pytest.raises(NotPermitted):
        read_quality(app, person_with(Role.EMPLOYEE))
