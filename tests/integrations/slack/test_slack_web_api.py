"""What we say to Slack: to its hosts alone, once, patient where it is told to wait."""

import logging
from typing import Any

import pytest

from integrations.chat.calls import Declined, NotDelivered, Uncertain
from integrations.slack.outbox import Outbox, Place
from integrations.slack.transport import is_slack_address
from integrations.slack.web_api import Slack
from records.jobs import TryLater

POST = "/api/chat.postMessage"
TOKEN = "xoxb-invented-token"


@pytest.fixture
def sleeps() -> list[float]:
    return []


@pytest.fixture
def api(slack: Any, sleeps: list[float]) -> Slack:
    return Slack(token=TOKEN, base_url=slack.url, sleep=sleeps.append)


def _post(api: Slack) -> None:
    api.post(channel="C1", thread="1.2", message={"text": "你好"})


def test_a_429_is_waited_out_as_long_as_it_asks(
    api: Slack, slack: Any, sleeps: list[float]
) -> None:
    slack.answer(POST, status=429, body={"ok": False}, headers={"Retry-After": "7"})
    _post(api)
    assert sleeps == [7]
    assert len(slack.calls) == 2


def test_endless_429_ends_as_not_delivered(api: Slack, slack: Any, sleeps: list[float]) -> None:
    for _ in range(9):
        slack.answer(POST, status=429, body={"ok": False}, headers={"Retry-After": "9999"})
    with pytest.raises(NotDelivered):
        _post(api)
    assert sleeps == [60, 60, 60]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"status": 500, "body": "oops"}, Uncertain),
        ({"status": 503, "body": {"ok": False, "error": "service_unavailable"}}, NotDelivered),
        ({"status": 503, "body": "<html>away</html>"}, NotDelivered),
        ({"body": {"ok": False, "error": "internal_error"}}, Uncertain),
        ({"body": {"ok": False, "error": "invalid_auth"}}, Declined),
        ({"body": {"ok": False, "error": "channel_not_found"}}, Declined),
        ({"body": {"ok": False, "error": "ratelimited"}}, NotDelivered),
    ],
)
def test_an_answer_tells_whether_the_message_may_be_sent_again(
    api: Slack, slack: Any, answer: dict[str, Any], error: type[Exception]
) -> None:
    slack.answer(POST, **answer)
    with pytest.raises(error):
        _post(api)
    assert len(slack.calls) == 1


def test_a_timeout_leaves_it_uncertain_and_is_not_repeated(slack: Any) -> None:
    slack.answer(POST, after_seconds=2)
    with pytest.raises(Uncertain):
        _post(Slack(token=TOKEN, base_url=slack.url, timeout_seconds=1))
    assert len(slack.wait_for(2, seconds=1)) == 1


def test_a_closed_port_is_surely_not_delivered(sleeps: list[float]) -> None:
    with pytest.raises(NotDelivered):
        _post(Slack(token=TOKEN, base_url="http://127.0.0.1:9/api/", sleep=sleeps.append))


def test_a_redirect_is_not_followed_and_takes_no_token_along(api: Slack, slack: Any) -> None:
    slack.answer(POST, status=302, body="", headers={"Location": f"{slack.url}elsewhere"})
    with pytest.raises(Declined):
        _post(api)
    assert [call.path for call in slack.calls] == [POST]


def test_a_response_url_redirect_is_not_followed(api: Slack, slack: Any) -> None:
    url = slack.response_url()
    slack.answer(
        f"/{url.split('/', 3)[3]}", status=302, body="", headers={"Location": f"{slack.url}else"}
    )
    with pytest.raises(Declined):
        api.respond(url, {"text": "你好"})
    assert len(slack.calls) == 1


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        ("https://hooks.slack.com/commands/T1/2/x", True),
        ("https://slack.com/commands/1", True),
        ("http://localhost:7000/commands/1", True),
        ("http://localhost:7001/commands/1", False),
        ("https://localhost:7000/commands/1", False),
        ("http://hooks.slack.com/commands/1", False),
        ("https://hooks.slack.com:8443/commands/1", False),
        ("https://hooks.slack.com.evil.example/1", False),
        ("https://evilslack.com/1", False),
        ("https://evil.example/hooks.slack.com", False),
        ("https://hooks.slack.com@evil.example/1", False),
        ("https://me@hooks.slack.com/1", False),
        ("file:///etc/passwd", False),
        ("https://[::1", False),
        ("", False),
    ],
)
def test_only_slack_and_the_configured_api_are_slack(url: str, ours: bool) -> None:
    assert is_slack_address(url, "http://localhost:7000/api/") is ours


def test_the_token_is_never_logged(
    api: Slack, slack: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    slack.answer(POST, body={"ok": False, "error": "invalid_auth"})
    with pytest.raises(Declined):
        _post(api)
    slack.answer(POST, status=500, body="oops")
    with pytest.raises(Uncertain):
        _post(api)
    assert TOKEN not in caplog.text
    assert "你好" not in caplog.text


class _Flaky:
    """Says the errors it was given, then delivers."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.posted: list[str] = []

    def post(self, *, channel: str, thread: str, message: dict[str, Any], mark: str) -> None:
        if self.errors:
            raise self.errors.pop(0)
        self.posted.append(message["text"])


def _worked(kept: Any, flaky: Any) -> int:
    """How often a job said that it is to be tried later."""
    outbox = Outbox(kept, lambda _team: flaky)
    outbox.keep("r1", Place("C1"), [{"text": "一"}, {"text": "二"}])
    later = 0
    for job in sorted(kept.kept):
        while True:
            try:
                outbox.work(kept.kept[job])
                break
            except TryLater:
                later += 1
    return later


def test_what_did_not_arrive_is_sent_again_later(kept: Any) -> None:
    flaky = _Flaky(NotDelivered(), NotDelivered())
    assert _worked(kept, flaky) == 2
    assert flaky.posted == ["一", "二"]


def test_what_may_have_arrived_is_not_sent_again_unseen(kept: Any) -> None:
    flaky = _Flaky(Uncertain("TimeoutError"))
    assert _worked(kept, flaky) == 0
    assert flaky.posted == ["二"]


def test_parts_of_one_reply_are_separate_jobs_in_order(kept: Any) -> None:
    flaky = _Flaky()
    _worked(kept, flaky)
    assert list(kept.kept) == ["slack-reply:r1:0", "slack-reply:r1:1"]
    assert flaky.posted == ["一", "二"]


def test_a_reply_of_many_parts_does_not_use_up_a_response_url(kept: Any) -> None:
    flaky = _Flaky()
    outbox = Outbox(kept, lambda _team: flaky)
    place = Place(channel="U1", response_url="https://hooks.slack.com/1", person="U1")
    outbox.keep("r2", place, [{"text": str(number)} for number in range(6)])
    places = {(p["response_url"], p["channel"]) for p in kept.kept.values()}
    assert (len(kept.kept), places) == (6, {("", "U1")})
