"""What comes in over HTTP: only what Slack signed just now, once, and well-formed."""

import json
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

from assistant.app import App
from integrations.slack.bot import slack_requests, slack_routes
from integrations.web.api import create_web
from integrations.web.first import first
from records.errors import Unavailable

WORDS = "我的秘密13800138000"
Headers = dict[str, str]
Spoiled = Callable[[Any, bytes], tuple[bytes, Headers]]


def _without(name: str) -> Spoiled:
    def spoil(door: Any, raw: bytes) -> tuple[bytes, Headers]:
        headers = door.signed(raw)
        del headers[name]
        return raw, headers

    return spoil


def _with(name: str, value: str | bytes) -> Spoiled:
    return lambda door, raw: (raw, {**door.signed(raw), name: value})


def _aged(**age: int) -> Spoiled:
    return lambda door, raw: (raw, door.signed(raw, at=door.now - timedelta(**age)))


def _signed_timestamp(timestamp: str) -> Spoiled:
    """The timestamp is wrong but properly signed."""

    def spoil(door: Any, raw: bytes) -> tuple[bytes, Headers]:
        headers = door.signed(raw)
        headers["x-slack-request-timestamp"] = timestamp
        headers["x-slack-signature"] = door.sign(raw, timestamp)
        return raw, headers

    return spoil


def _body(raw: bytes, content_type: str = "application/json") -> Spoiled:
    return lambda door, _raw: (raw, door.signed(raw, content_type=content_type))


def _changed(door: Any, raw: bytes) -> tuple[bytes, Headers]:
    return raw + b" ", door.signed(raw)


FORM = "application/x-www-form-urlencoded"
DEEP = b'{"a":' * 200 + b"1" + b"}" * 200
VERY_DEEP = b'{"type":"event_callback","event":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
SECRET_JSON = json.dumps({"type": "x", "text": WORDS}).encode()

BAD: list[tuple[str, Spoiled, int]] = [
    ("no signature", _without("x-slack-signature"), 401),
    ("no timestamp", _without("x-slack-request-timestamp"), 401),
    ("wrong signature", _with("x-slack-signature", "v0=" + "0" * 64), 401),
    ("signature without its version", _with("x-slack-signature", "0" * 64), 401),
    ("signature not ASCII", _with("x-slack-signature", b"v0=\xe9"), 401),
    ("one byte more than was signed", _changed, 401),
    ("five minutes and one second old", _aged(seconds=301), 401),
    ("from the future", _aged(seconds=-301), 401),
    ("timestamp no number", _signed_timestamp("tomorrow"), 401),
    ("timestamp empty", _signed_timestamp(""), 401),
    ("timestamp with a fraction", _signed_timestamp("1795399200.5"), 401),
    ("timestamp negative", _signed_timestamp("-1795399200"), 401),
    ("timestamp endless", _signed_timestamp("1" * 400), 401),
    ("broken JSON", _body(b'{"text": "' + WORDS.encode()), 400),
    ("no JSON at all", _body(WORDS.encode()), 400),
    ("empty", _body(b""), 400),
    ("bad UTF-8", _body(b'{"text": "\xff\xfe"}'), 400),
    ("a list", _body(b"[1, 2]"), 400),
    ("a number", _body(b"7"), 400),
    ("nested 200 deep", _body(DEEP), 400),
    ("nested 100,000 deep", _body(VERY_DEEP), 400),
    ("an event that is a word", _body(b'{"type":"event_callback","event":"hm"}'), 400),
    ("an event callback without event", _body(b'{"type":"event_callback"}'), 400),
    ("authorizations that are words", _body(b'{"type":"x","authorizations":["a"]}'), 400),
    ("a team that is a number", _body(b'{"type":"x","team":7}'), 400),
    ("a form that is not UTF-8", _body(b"text=%ff%fe", FORM), 400),
    ("a form with endless fields", _body(b"&".join([b"a=1"] * 5000), FORM), 400),
    ("a payload that is no JSON", _body(b"payload=%7Bhello", FORM), 400),
    ("a payload that is a list", _body(b"payload=%5B%5D", FORM), 400),
    ("plain text", _body(SECRET_JSON, "text/plain"), 415),
    ("more than a megabyte", _body(b'{"a":"' + b"x" * 1024 * 1024 + b'"}'), 413),
]


@pytest.mark.parametrize(("spoil", "status"), [b[1:] for b in BAD], ids=[b[0] for b in BAD])
def test_a_bad_request_is_refused_and_nothing_of_it_is_kept_or_logged(
    door: Any, kept: Any, caplog: pytest.LogCaptureFixture, spoil: Spoiled, status: int
) -> None:
    caplog.set_level(logging.DEBUG)
    raw, headers = spoil(door, json.dumps(door.saying(WORDS)).encode())
    answer = door.post(raw, headers)
    assert answer.status_code == status
    assert answer.content == b""
    assert kept.kept == {}
    ours = [r for r in caplog.records if r.name.startswith(("integrations", "slack"))]
    assert all(WORDS not in r.getMessage() and r.exc_info is None for r in ours)
    assert [r.levelname for r in ours] == ["WARNING"]


def test_exactly_five_minutes_is_still_fresh(door: Any, kept: Any) -> None:
    raw = json.dumps(door.saying("问题")).encode()
    headers = door.signed(raw, at=door.now - timedelta(seconds=300))
    assert door.post(raw, headers).status_code == 200
    assert len(kept.kept) == 1


def test_a_recorded_request_sent_again_is_refused(door: Any, kept: Any) -> None:
    raw = json.dumps(door.saying("问题")).encode()
    headers = door.signed(raw)
    assert [door.post(raw, headers).status_code for _ in range(3)] == [200, 401, 401]
    assert len(kept.kept) == 1


def test_a_request_that_could_not_be_kept_may_come_again_with_the_same_signature(
    door: Any, kept: Any
) -> None:
    raw = json.dumps(door.saying("问题")).encode()
    headers = door.signed(raw)
    kept.refusal = Unavailable("现在不行。", "Not now.")
    assert door.post(raw, headers).status_code == 503
    kept.refusal = None
    assert door.post(raw, headers).status_code == 200
    assert len(kept.kept) == 1


def test_a_failure_to_keep_is_logged_without_the_words(
    door: Any, kept: Any, caplog: pytest.LogCaptureFixture
) -> None:
    kept.refusal = ValueError(WORDS)
    assert door.event(door.saying(WORDS)).status_code == 503
    assert "ValueError" in caplog.text
    assert WORDS not in caplog.text


def test_lazy_listener_headers_from_outside_do_nothing(door: Any, kept: Any) -> None:
    raw = json.dumps(door.saying("问题")).encode()
    lazy = {"x-slack-bolt-lazy-only": "1", "x-slack-bolt-lazy-function-name": "heard"}
    assert door.post(raw, {**door.signed(raw), **lazy}).status_code == 200
    assert len(kept.kept) == 1


def test_the_address_check_of_slack_is_answered(door: Any) -> None:
    body = {"type": "url_verification", "challenge": "3eZbrw1aB", "token": "x"}
    answer = door.event(body)
    assert answer.status_code == 200
    assert "3eZbrw1aB" in answer.text


@pytest.mark.parametrize("kind", ["reaction_removed", "team_join", "never_heard_of"])
def test_events_nobody_listens_to_are_acknowledged_in_silence(
    door: Any, kept: Any, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    body = door.saying(WORDS)
    body["event"] = {"type": kind, "user": door.user, "text": WORDS}
    assert door.event(body).status_code == 200
    assert kept.kept == {}
    assert caplog.text == ""


def test_an_action_nobody_listens_to_is_acknowledged(door: Any) -> None:
    payload = {
        "type": "block_actions",
        "team": {"id": door.team},
        "user": {"id": door.user},
        "actions": [{"type": "button", "action_id": "from-an-older-version", "block_id": "b"}],
    }
    raw = urlencode({"payload": json.dumps(payload)}).encode()
    assert door.post(raw, door.signed(raw, content_type=FORM)).status_code == 200


def test_the_whole_web_service_lets_signed_requests_through(
    slack_app: App, door: Any, kept: Any
) -> None:
    routes = slack_routes(slack_app, slack_requests(slack_app, kept))
    web = TestClient(first(create_web(slack_app, slack_routes=routes), routes))
    raw = json.dumps(door.saying("问题")).encode()
    at_tunnel = {"host": "some-tunnel.example"}
    answer = web.post("/slack/events", content=raw, headers={**door.signed(raw), **at_tunnel})
    assert answer.status_code == 200
    assert len(kept.kept) == 1
    large = b"x" * (1024 * 1024 + 1)
    for size in ({}, {"content-length": "10"}):
        headers = {**door.signed(large), **at_tunnel, **size}
        assert web.post("/slack/events", content=large, headers=headers).status_code == 413


def test_only_posts_are_taken(door: Any) -> None:
    assert door.client.get("/slack/events").status_code == 405
