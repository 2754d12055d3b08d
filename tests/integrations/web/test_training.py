"""Training on the pages and by programs: from items to a certificate, and nothing told too early."""

import re
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from assistant.app import App
from records.people import Person, Role
from records.permissions import Permission

Browser = Callable[..., TestClient]
Headers = Callable[..., dict[str, str]]


def bank(client: TestClient, trainer: dict[str, str], count: int = 4) -> list[str]:
    """Approved items, made and approved by a program."""
    made = client.post("/api/quiz-items", json={"count": count}, headers=trainer).json()
    for number in made["item_ids"]:
        client.post(f"/api/quiz-items/{number}/approve", headers=trainer)
    return list(made["item_ids"])


def quiz(client: TestClient, trainer: dict[str, str]) -> str:
    """A quiz of them, given to everybody."""
    bank(client, trainer)
    new = {"title": "季度考试", "count": 4, "attempts": 1}
    number = client.post("/api/quizzes", json=new, headers=trainer).json()["quiz_id"]
    given = client.post(f"/api/quizzes/{number}/assignments", json={}, headers=trainer)
    assert given.status_code == 201
    return str(number)


def test_a_program_takes_an_exam_and_sees_no_key_before_the_end(
    client: TestClient, bearer: Headers
) -> None:
    learner, trainer = bearer(), bearer(Role.TRAINER)
    number = quiz(client, trainer)
    items = [one["item"] for one in client.get(f"/api/quizzes/{number}", headers=trainer).json()]
    keys = {
        one["stem"]: [place for place, o in enumerate(one["options"]) if o["right"]]
        for one in items
    }
    way = f"/api/training/quizzes/{number}/attempts"
    attempt = client.post(way, headers=learner).json()["attempt_id"]
    running = client.get(f"/api/training/attempts/{attempt}", headers=learner)
    for one in items:
        hidden = [one["rationale"], *(o["why"] for o in one["options"])]
        hidden += [cited["words"] for cited in one["cites"]]
        assert not any(text in running.text for text in hidden)
    assert running.json()["feedback"] == []
    assert running.json()["result"] is None
    answers = {one["place"]: keys[one["stem"]] for one in running.json()["questions"]}
    saved = client.put(
        f"/api/training/attempts/{attempt}", json={"answers": {"0": answers[0]}}, headers=learner
    )
    assert saved.status_code == 204
    sent = {"answers": {str(place): chosen for place, chosen in answers.items()}}
    marked = client.post(f"/api/training/attempts/{attempt}/submit", json=sent, headers=learner)
    assert marked.json()["result"]["percent"] == 100
    assert all(one["rationale"] for one in marked.json()["feedback"])
    late = client.put(f"/api/training/attempts/{attempt}", json=sent, headers=learner)
    assert late.status_code == 409
    serial = marked.json()["result"]["serial"]
    pdf = client.get(f"/api/training/certificates/{serial}", headers=learner)
    assert pdf.content.startswith(b"%PDF")
    (all_of_them,) = client.get("/api/training/results", headers=trainer).json()
    assert all_of_them["result"]["serial"] == serial


def test_a_program_of_somebody_else_sees_neither_bank_nor_attempt(
    client: TestClient, bearer: Headers
) -> None:
    learner, other, trainer = bearer(), bearer(), bearer(Role.TRAINER)
    number = quiz(client, trainer)
    attempt = client.post(f"/api/training/quizzes/{number}/attempts", headers=learner).json()
    way = f"/api/training/attempts/{attempt['attempt_id']}"
    assert client.get(way, headers=other).status_code == 404
    assert client.post(f"{way}/submit", json={}, headers=other).status_code == 404
    for closed in (
        "/api/quiz-items",
        "/api/quizzes",
        f"/api/quizzes/{number}",
        "/api/training/results",
    ):
        assert client.get(closed, headers=other).status_code == 403


def test_practice_by_a_program(client: TestClient, bearer: Headers) -> None:
    learner, trainer = bearer(), bearer(Role.TRAINER)
    bank(client, trainer, 1)
    now = client.get("/api/training/practice", headers=learner).json()
    assert set(now["question"]) == {"place", "kind", "language", "stem", "options", "chosen"}
    way = f"/api/training/practice/{now['item_id']}"
    said = client.post(way, json={"chosen": [0]}, headers=learner).json()
    assert said["feedback"]["rationale"]
    assert client.get("/api/training/practice", headers=learner).json()["question"] is None


@pytest.mark.parametrize("form", ["moodle", "gift", "qti", "kahoot", "anki", "docx"])
def test_a_quiz_is_downloaded_in_each_format(
    client: TestClient, bearer: Headers, form: str
) -> None:
    trainer = bearer(Role.TRAINER)
    response = client.get(f"/api/quizzes/{quiz(client, trainer)}/export/{form}", headers=trainer)
    assert response.status_code == 200
    assert "attachment" in response.headers["content-disposition"]


def test_a_trainer_makes_reviews_builds_and_assigns_on_the_pages(browser: Browser) -> None:
    trainer = browser(Role.TRAINER)
    made = trainer.post("/training/items", data={"count": "3", "seed": "4", "language": "zh"})
    assert made.headers["location"] == "/training/items?made=3&missing=0"
    page = trainer.get(made.headers["location"]).text
    numbers = re.findall(r"/training/items/(QI-[0-9a-f]{8})", page)
    assert len(numbers) == 3
    edited = trainer.get(f"/training/items/{numbers[0]}").text
    assert "依据" in edited
    refused = trainer.post(
        f"/training/items/{numbers[0]}", data={"edit": "yes", "stem": "以上都对吗", "option0": " "}
    )
    assert refused.status_code == 400
    assert "这道题还不能用" in refused.text
    trainer.post(f"/training/items/{numbers[0]}", data={"reject": "yes"})
    for number in numbers[1:]:
        assert trainer.post(f"/training/items/{number}", data={"approve": "yes"}).status_code == 303
    form = {"title": "<b>考试</b>", "count": "2", "pass": "50", "minutes": "0", "attempts": "1"}
    built = trainer.post("/training/quizzes", data=form).headers["location"]
    shown = trainer.get(built).text
    assert "&lt;b&gt;考试" in shown
    assert "<b>考试" not in shown
    assert trainer.post(f"{built}/assign", data={}).status_code == 400
    assert trainer.post(f"{built}/assign", data={"everybody": "yes"}).status_code == 303
    assert trainer.get(f"{built}/export/gift").status_code == 200


def test_an_exam_on_the_page_hides_the_key_until_it_is_handed_in(
    browser: Browser, client: TestClient, bearer: Headers
) -> None:
    learner = browser(Role.EMPLOYEE)
    trainer = bearer(Role.TRAINER)
    number = quiz(client, trainer)
    items = client.get(f"/api/quizzes/{number}", headers=trainer).json()
    assert "开始考试" in learner.get("/training").text
    way = learner.post(f"/training/quizzes/{number}/start").headers["location"]
    page = learner.get(way).text
    for one in items:
        assert one["item"]["rationale"] not in page
        assert all(o["why"] not in page for o in one["item"]["options"])
        assert all(cited["words"] not in page for cited in one["item"]["cites"])
    assert (
        "已保存"
        in learner.get(learner.post(way, data={"q0": "1", "save": "yes"}).headers["location"]).text
    )
    assert learner.post(way, data={"q0": ["", "1"], "save": "yes"}).status_code == 303
    assert learner.get(way).text.count(" checked") == 1
    assert learner.post(way, data={"q0": "", "save": "yes"}).status_code == 303
    assert " checked" not in learner.get(way).text
    several = {f"q{place}": ["0", "1"] for place in range(len(items))}
    assert learner.post(way, data=several).headers["location"] == way
    marked = learner.get(way).text
    assert items[0]["item"]["stem"].split("“")[0] in marked
    assert "正确答案" in marked
    assert "不能再考" in learner.get("/training").text


def test_practice_on_the_page_asks_explains_and_ends(
    browser: Browser, client: TestClient, bearer: Headers
) -> None:
    learner = browser(Role.EMPLOYEE)
    assert "今天练完了" in learner.get("/training/practice").text
    (number,) = bank(client, bearer(Role.TRAINER), 1)
    assert "看答案" in learner.get("/training/practice").text
    said = learner.post(f"/training/practice/{number}", data={"q0": "0"}).text
    assert "下一题" in said
    assert "今天练完了" in learner.get("/training/practice").text


@pytest.mark.parametrize("path", ["/training/items", "/training/quizzes", "/training/results"])
def test_the_trainer_s_pages_are_closed_to_others(browser: Browser, path: str) -> None:
    employee = browser(Role.EMPLOYEE)
    assert employee.get(path).status_code == 403
    assert path not in employee.get("/training").text
    assert browser(Role.TRAINER).get(path).status_code == 200


def test_somebody_without_a_role_may_take_nothing(app: App) -> None:
    nobody = Person("P-nobody", "林晓", frozenset())
    with pytest.raises(Exception, match=Permission.QUIZ_TAKE):
        app.authorise(nobody, Permission.QUIZ_TAKE)
