"""The long connection, frame by frame: asked for, acknowledged, broken and back, refused, ended."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from assistant.app import App
from integrations.feishu import bot
from integrations.feishu.long_connection import LongConnection
from records.errors import BadInput, Unavailable
from tests.integrations.chats import KeptJobs

ENDPOINT = "/callback/ws/endpoint"


@contextmanager
def serving(connection: LongConnection) -> Iterator[list[BaseException]]:
    """The connection in a thread; what it raised, at the end."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            connection.serve()
        except Unavailable as error:
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield raised
    finally:
        connection.stop()
        thread.join(20)
        assert not thread.is_alive()


@pytest.fixture
def connect(feishu: Any, door: Any) -> Callable[[], LongConnection]:
    return lambda: LongConnection(
        door.events, app_id=door.app_id, app_secret=door.secret, base_url=feishu.url
    )


def test_an_event_is_written_down_and_then_acknowledged(
    connect: Any, feishu: Any, far: Any, door: Any, kept: Any, capfd: Any, caplog: Any
) -> None:
    far.offer()
    with serving(connect()):
        far.send(door.message("机密问题"))
        assert far.answer_to() == (200, None)
        assert len(kept.kept) == 1
        far.send(door.press({"behaviors": [{"value": {"act": "help"}}]}), parts=3)
        code, told = far.answer_to()
        assert (code, told["toast"]["type"]) == (200, "info")
        far.send({"schema": "2.0", "header": {"event_type": "im.chat.updated_v1"}, "event": {}})
        assert far.answer_to() == (200, None)
        kept.refusal = Unavailable("现在不行。", "Not now.")
        far.send(door.message("问题"))
        assert far.answer_to() == (500, None)
    (asked,) = [one for one in feishu.calls if one.path == ENDPOINT]
    assert asked.body == {"AppID": door.app_id, "AppSecret": door.secret}
    written = caplog.text + "".join(capfd.readouterr())
    for secret in ("机密问题", "secret-ticket", door.secret):
        assert secret not in written


def test_a_broken_connection_comes_back(
    connect: Any, feishu: Any, far: Any, door: Any, kept: Any
) -> None:
    far.offer()
    feishu_answers_after_a_break(feishu, far)
    with serving(connect()):
        assert far.opened.wait(20)
        far.drop()
        assert far.opened.wait(20)
        far.send(door.message("还在吗"))
        assert far.answer_to()[0] == 200
    assert len(kept.kept) == 1


def feishu_answers_after_a_break(feishu: Any, far: Any) -> None:
    """Busy once, then an address again."""
    feishu.answer(ENDPOINT, body={"code": 1, "msg": "busy"})
    far.offer()


def test_it_ends_with_a_sentence_where_the_app_is_refused_later(
    connect: Any, feishu: Any, far: Any
) -> None:
    far.offer()
    feishu.answer(ENDPOINT, body={"code": 1000040345, "msg": "app is off"})
    with serving(connect()) as raised:
        assert far.opened.wait(20)
        far.drop()
        for thread in threading.enumerate():
            if thread.name.endswith("(run)"):
                thread.join(20)
    assert [str(one) for one in raised]
    assert "1000040345" in str(raised[0])


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        ({"body": {"code": 1000040345, "msg": "x"}}, "1000040345"),
        ({"status": 307, "body": b"", "headers": {"Location": "http://127.0.0.1:1/x"}}, "HTTPError"),
        ({"status": 500, "body": b"<html>"}, "HTTPError"),
        ({"body": b"<html>"}, "JSONDecodeError"),
        ({"body": {"code": 0, "data": {"URL": "wss://evil.example/ws?device_id=1&service_id=1"}}}, "0"),
        ({"body": {"code": 0, "data": {"URL": "ws://evil.example/ws?device_id=1&service_id=1"}}}, "0"),
        ({"body": {"code": 0, "data": None}}, "0"),
    ],
)  # fmt: skip
def test_no_connection_is_a_sentence_that_says_what_to_check(
    connect: Any, feishu: Any, answer: Any, word: str
) -> None:
    feishu.answer(ENDPOINT, **answer)
    with pytest.raises(Unavailable, match=word):
        connect().serve()


def test_a_wrong_secret_is_found_before_the_service_starts(
    feishu: Any, feishu_app: App, monkeypatch: Any
) -> None:
    feishu.answer("/open-apis/auth/v3/tenant_access_token/internal", body={"code": 10014})
    with pytest.raises(Unavailable, match="COMPLIANCE_FEISHU_APP_ID"):
        bot.run_feishu(feishu_app, KeptJobs())


def test_it_ends_on_sigterm_and_stops_the_jobs(feishu: Any, far: Any, feishu_app: App) -> None:
    far.offer()
    jobs: Any = KeptJobs()

    def end() -> None:
        assert far.opened.wait(30)
        os.kill(os.getpid(), signal.SIGTERM)

    before = signal.getsignal(signal.SIGTERM)
    threading.Thread(target=end).start()
    bot.run_feishu(feishu_app, jobs)
    assert jobs.told == ["start", "stop"]
    assert signal.getsignal(signal.SIGTERM) is before


def test_without_settings_it_says_which(feishu_app: App) -> None:
    from dataclasses import replace

    bare = replace(
        feishu_app, settings=feishu_app.settings.model_copy(update={"feishu_app_id": ""})
    )
    with pytest.raises(BadInput, match="COMPLIANCE_FEISHU_APP_ID"):
        bot.build_feishu(bare, KeptJobs())  # type: ignore[arg-type]
