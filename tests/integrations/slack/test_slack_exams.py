"""An exam by button: one question at a time, over a restart, counted once, with marks and certificate."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.app import App
from assistant.quizzes.choosing import Wish
from assistant.quizzes.items import ItemKind
from assistant.quizzes.store import Rules, all_items, attempts, read_attempt
from assistant.training.build_quiz import Selection, assign_quiz, build_quiz
from assistant.training.review_items import approve_item, make_items
from assistant.training.take_quiz import my_quizzes
from integrations.slack.outbox import Outbox
from records.jobs import Jobs
from records.people import Person, Role, add_person

POST, OPEN = "/api/chat.postMessage", "/api/views.open"
USER, OTHER = "U6LEARNER", "U6OTHER"
SIZE = 4


@pytest.fixture(scope="module")
def people(slack_app: App) -> dict[str, Person]:
    made = {}
    with slack_app.database.transaction() as session:
        for user, roles in (
            (USER, {Role.EMPLOYEE}),
            (OTHER, {Role.EMPLOYEE}),
            ("U6TRAINER", {Role.TRAINER}),
        ):
            slack_id = f"T0QINGHE:{user}"
            now = slack_app.clock()
            made[user] = add_person(session, name=user, roles=roles, slack_id=slack_id, now=now)
    for number in make_items(slack_app, made["U6TRAINER"], Wish(8, seed=5)).item_ids:
        approve_item(slack_app, made["U6TRAINER"], number)
    return made


@pytest.fixture
def quiz(slack_app: App, people: dict[str, Person]) -> str:
    """A quiz of a few questions with one right option each, for one person."""
    with slack_app.database.reading() as session:
        items = [one for one in all_items(session) if one.item.kind is not ItemKind.MULTIPLE]
    chosen = tuple(one.id for one in items[:SIZE])
    rules = Rules(f"季度考试 {len(chosen)}", pass_percent=75, minutes=30, attempts=2)
    number = build_quiz(slack_app, people["U6TRAINER"], rules, Selection(item_ids=chosen))
    assign_quiz(slack_app, people["U6TRAINER"], number, people=[people[USER].id])
    return number


class Service:
    """The door over jobs that can be stopped and started again over the same database."""

    def __init__(self, app: App, door_of: Any, folder: Path) -> None:
        self._app, self._door_of = app, door_of
        self._url = f"sqlite:///{folder / 'jobs.db'}"
        self.start()

    def start(self) -> None:
        self.jobs = Jobs(self._url, b"k" * 32, polling_seconds=0.05)
        self.door = self._door_of(self._app, self.jobs)
        self.jobs.start()

    def restart(self) -> None:
        self.jobs.stop()
        self.start()

    def press(self, slack: Any, button: Any, *, user: str = USER) -> Any:
        """The one message that answers a press."""
        slack.clear()
        assert self.door.interaction(self.door.press(button, user=user)).status_code == 200
        (call,) = slack.wait_for(1)
        return call


@pytest.fixture
def service(slack_app: App, live_door_of: Any, slack: Any, tmp_path: Path) -> Iterator[Service]:
    made = Service(slack_app, live_door_of, tmp_path)
    yield made
    made.jobs.stop()


def button(act: str, value: str) -> dict[str, str]:
    return {"action_id": f"act:{act}:0", "value": value}


def attempt_of(app: App, person: Person, quiz_id: str) -> Any:
    with app.database.reading() as session:
        (found, *_) = attempts(session, quiz_id=quiz_id, person_id=person.id)
        return read_attempt(session, found.id, person.id)


def right_answer(app: App, person: Person, shown: dict[str, Any]) -> str:
    """The value of the button of the right option, as only the database knows it."""
    attempt_id, place, _ = shown["exam-answer"]["value"].split(":")
    with app.database.reading() as session:
        (key,) = read_attempt(session, attempt_id, person.id).paper[int(place)].key
    return f"{attempt_id}:{place}:{key}"


def test_an_exam_is_taken_one_question_at_a_time_over_a_restart_and_counted_once(
    service: Service, slack: Any, people: dict[str, Person], quiz: str, buttons: Any
) -> None:
    app, learner = service.door.app, people[USER]
    service.door.event(service.door.saying("考试", user=USER))
    (call,) = slack.wait_for(1)
    assert "还可考 2 次" in call.text and buttons(call)["exam-start"]["value"] == quiz
    assert "confirm" in buttons(call)["exam-start"]
    call = service.press(slack, buttons(call)["exam-start"])
    assert "第 1 题" in call.text
    first = buttons(call)
    # Two quick presses: one answer, one next question.
    value = right_answer(app, learner, first)
    slack.clear()
    for _ in range(2):
        service.door.interaction(service.door.press(button("exam-answer", value), user=USER))
    calls = slack.wait_for(2, seconds=1.5)
    assert len(calls) == 1 and "第 2 题" in calls[0].text
    assert attempt_of(app, learner, quiz).answers.keys() == {0}
    # What explains an answer is not shown before the paper is handed in.
    assert "正确答案" not in calls[0].text
    service.restart()
    call = calls[0]
    for place in range(1, SIZE):
        assert f"第 {place + 1} 题" in call.text
        value = right_answer(app, learner, buttons(call))
        call = service.press(slack, button("exam-answer", value))
    assert "全部答完" in call.text
    slack.clear()
    for _ in range(2):
        service.door.interaction(service.door.press(buttons(call)["exam-submit"], user=USER))
    (call,) = slack.wait_for(2, seconds=1.5)
    assert "合格" in call.text and f"{SIZE}/{SIZE}" in call.text and "《" in call.text
    (serial,) = set(re.findall(r"TR-2026-\d+", call.text))
    assert call.text.count("正确答案") == SIZE
    slack.answer("/api/conversations.open", body={"ok": True, "channel": {"id": "D0OPENED"}})
    at = slack.url.removesuffix("/api/") + "/api/upload/v1/abc"
    given = {"ok": True, "upload_url": at, "file_id": "F0PDF"}
    slack.answer("/api/files.getUploadURLExternal", body=given)
    slack.calls.clear()
    service.door.interaction(service.door.press(buttons(call)["certificate"], user=USER))
    found = {one.path: one for one in slack.wait_for(5)}
    assert found["/api/upload/v1/abc"].body["bytes"].startswith(b"%PDF")
    done = found["/api/files.completeUploadExternal"].body
    assert (done["channel_id"], done["files"][0]["title"]) == ("D0OPENED", f"{serial}.pdf")
    assert my_quizzes(app, learner)[0].best.serial == serial


@pytest.mark.parametrize("lost", [1, 3])
def test_a_crash_between_the_answer_and_the_next_question_leaves_nobody_without_it(
    service: Service,
    slack: Any,
    people: dict[str, Person],
    quiz: str,
    buttons: Any,
    monkeypatch: pytest.MonkeyPatch,
    lost: int,
) -> None:
    """After one crash the job taken up posts it; where all was lost, the same button does."""
    app, learner = service.door.app, people[USER]
    call = service.press(slack, button("exam-start", quiz))
    value = right_answer(app, learner, buttons(call))
    crashes = iter(range(lost))
    keep = Outbox.keep

    def crashing(self: Outbox, *given: Any) -> None:
        if next(crashes, None) is not None:
            raise RuntimeError("the process is gone")
        keep(self, *given)

    monkeypatch.setattr(Outbox, "keep", crashing)
    slack.clear()
    press = service.door.press(button("exam-answer", value), user=USER)
    service.door.interaction(press)
    calls = slack.wait_for(1, seconds=6)
    assert attempt_of(app, learner, quiz).answers.keys() == {0}
    if lost == 3:
        assert calls == []
        calls = [service.press(slack, button("exam-answer", value))]
    (call,) = calls
    assert "第 2 题" in call.text


def test_an_answer_may_be_changed_and_somebody_elses_attempt_is_not_there(
    service: Service, slack: Any, people: dict[str, Person], quiz: str, buttons: Any
) -> None:
    app, learner = service.door.app, people[USER]
    call = service.press(slack, button("exam-start", quiz))
    attempt_id, place, _ = buttons(call)["exam-answer"]["value"].split(":")
    for option in (0, 1, 0):
        call = service.press(slack, button("exam-answer", f"{attempt_id}:{place}:{option}"))
        assert "第 2 题" in call.text and f"已答 {'AB'[option]}" in call.text
        assert attempt_of(app, learner, quiz).answers == {0: frozenset({option})}
    strange = button("exam-answer", f"{attempt_id}:{place}:1")
    call = service.press(slack, strange, user=OTHER)
    assert "没有这个编号" in call.text
    assert attempt_of(app, learner, quiz).answers == {0: frozenset({0})}
    for wrong in ("", "x", f"{attempt_id}:9", f"{attempt_id}:99:1", f"{attempt_id}:0:½"):
        call = service.press(slack, button("exam-answer", wrong))
        assert call.text.startswith("❌")


def test_the_attempts_are_limited(
    service: Service, slack: Any, people: dict[str, Person], quiz: str, buttons: Any
) -> None:
    for _ in range(2):
        call = service.press(slack, button("exam-start", quiz))
        answer = buttons(call)["exam-answer"]
        call = service.press(slack, answer)
        call = service.press(slack, buttons(call)["exam-submit"])
        assert "未达到及格线" in call.text and "certificate" not in buttons(call)
    call = service.press(slack, button("exam-start", quiz))
    assert "最多考 2 次" in call.text


def test_a_question_with_several_right_options_is_answered_in_a_form(
    service: Service, slack: Any, people: dict[str, Person], buttons: Any
) -> None:
    app, learner = service.door.app, people[USER]
    with app.database.reading() as session:
        several = [one for one in all_items(session) if one.item.kind is ItemKind.MULTIPLE]
    if not several:
        pytest.skip("the bank made none")
    rules = Rules("多选", pass_percent=100, minutes=None, attempts=1)
    number = build_quiz(
        app, people["U6TRAINER"], rules, Selection(item_ids=tuple(one.id for one in several[:1]))
    )
    assign_quiz(app, people["U6TRAINER"], number, people=[learner.id])
    call = service.press(slack, button("exam-start", number))
    opened = service.press(slack, buttons(call)["exam-many"])
    assert opened.path == OPEN
    body = service.door.submission(opened.body["view"], user=USER, chosen="")
    keyed = [{"value": str(one)} for one in several[0].item.key]
    body["view"]["state"]["values"] = {"chosen": {"chosen": {"selected_options": keyed}}}
    slack.clear()
    service.door.interaction(body)
    (call,) = slack.wait_for(1)
    call = service.press(slack, buttons(call)["exam-submit"])
    assert "合格" in call.text and "1/1" in call.text


def test_an_exam_out_of_a_channel_goes_on_in_direct_messages(
    service: Service, slack: Any, people: dict[str, Person], quiz: str
) -> None:
    """What is shown to one person in a channel is gone with the next reload."""
    place = {
        "container": {"type": "message", "channel_id": "C0GENERAL", "is_ephemeral": True},
        "response_url": slack.response_url(),
    }
    slack.clear()
    service.door.interaction(service.door.press(button("exam-start", quiz), user=USER, **place))
    (call,) = slack.wait_for(1)
    assert (call.path, call.body["channel"]) == (POST, USER)
