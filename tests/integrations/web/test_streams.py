"""What is sent while an answer is written: only what stands, and always an end."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest
from fastapi.testclient import TestClient

from assistant.app import App
from assistant.models import Shape
from integrations.web.api import create_web
from pii.cleared import ClearedText
from records.people import Person

HERE = "http://127.0.0.1:8000"
QUESTION = "客户信息泄露了要通知谁"


@dataclass
class Model:
    """Writes a conclusion that stands and a condition that does not, a few characters at a time."""

    name: str = "scripted"

    def stream(
        self, instructions: ClearedText, material: ClearedText, shape: Shape
    ) -> Iterator[str]:
        first = material.text.partition("[S1]")[2].partition("[S2]")[0]
        lines = (one for one in re.split(r"[。\n]", first) if one.startswith("《"))
        words = next(one for one in lines if "并通知" in one).partition("：")[2]
        right = {"text": "要通知主管部门和个人。", "sources": ["S1"], "quote": words}
        wrong = {"text": "要在 36 小时内通知。", "sources": ["S1"], "quote": words}
        text = json.dumps({"conclusion": right, "conditions": [wrong]}, ensure_ascii=False)
        yield from (text[at : at + 5] for at in range(0, len(text), 5))


@pytest.fixture
def with_model(app: App, bearer: Callable[..., dict[str, str]], employee: Person) -> TestClient:
    web = create_web(replace(app, model=Model()))
    return TestClient(web, base_url=HERE, headers=bearer(*employee.roles))


def events(text: str) -> list[tuple[str, dict[str, object]]]:
    found = re.findall(r"event: (\w+)\ndata: (.*)\n\n", text)
    return [(name, json.loads(data)) for name, data in found]


def test_what_stands_comes_first_and_the_whole_at_the_end(with_model: TestClient) -> None:
    response = with_model.post("/api/ask/stream", json={"question": QUESTION})
    assert response.headers["content-type"].startswith("text/event-stream")
    (claim, said), (answer, whole) = events(response.text)
    assert (claim, said) == ("claim", {"text": "要通知主管部门和个人。"})
    assert answer == "answer"
    assert whole["written_by"] == "scripted"
    assert whole["dropped"] == 1
    assert "36 小时" not in response.text


def test_without_a_model_there_is_the_whole_at_once(
    client: TestClient, bearer: Callable[..., dict[str, str]], employee: Person
) -> None:
    response = client.post(
        "/api/ask/stream", json={"question": QUESTION}, headers=bearer(*employee.roles)
    )
    assert [name for name, _ in events(response.text)] == ["answer"]


def test_what_goes_wrong_is_told_as_the_last_event(with_model: TestClient) -> None:
    ((name, problem),) = events(with_model.post("/api/ask/stream", json={"question": " "}).text)
    assert (name, problem["status"]) == ("problem", 400)
    # The same words and names as without a stream.
    assert problem == with_model.post("/api/ask", json={"question": " "}).json()


def test_nobody_listens_without_signing_in(client: TestClient) -> None:
    assert client.post("/api/ask/stream", json={"question": QUESTION}).status_code == 401


def test_the_page_comes_at_the_end_of_its_stream(with_model: TestClient) -> None:
    response = with_model.post("/ask/stream", data={"question": QUESTION})
    *_, (name, page) = events(response.text)
    assert name == "page"
    assert 'id="answer"' in str(page["html"])
