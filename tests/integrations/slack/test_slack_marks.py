"""📝 on a message in an incident's thread: on the timeline once, masked, with who and when."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from assistant.app import App
from records.people import Role, add_person, person_by_account
from tests.integrations.chats import Answer
from tickets.ticket import Event, TicketKind

WRITTEN = datetime(2026, 11, 23, 1, 58, tzinfo=UTC)
TS, OTHER_TS = (f"{WRITTEN.timestamp():.0f}.000{n}" for n in (200, 300))
PHONE = "13800138000"
WORDS = f"已远程抹除，联系人 周明轩 {PHONE}"
PERSON, OTHER, STRANGER = "U0LINXIAO", "U0ZHAO", "U0STRANGER"
REPLIES = "/api/conversations.replies"


def reaction(
    door: Any, *, user: str = PERSON, ts: str = TS, name: str = "memo", **item: str
) -> Any:
    body = door.mentioning("")
    body["event"] = {
        "type": "reaction_added", "user": user, "reaction": name, "item_user": OTHER,
        "item": {"type": "message", "channel": "C0GENERAL", "ts": ts, **item}, "event_ts": "1.2",
    }  # fmt: skip
    return body


def message(thread: str, text: str = WORDS, **more: str) -> dict[str, str]:
    return {"type": "message", "user": OTHER, "text": text, "ts": TS, "thread_ts": thread, **more}


@pytest.fixture(scope="module", autouse=True)
def people(slack_app: App) -> None:
    with slack_app.database.transaction() as session:
        for name, role, user in (("林晓", Role.RESPONDER, PERSON), ("赵青", Role.EMPLOYEE, OTHER)):
            add_person(
                session, name=name, roles={role}, now=slack_app.clock(),
                slack_id=f"T0QINGHE:{user}",
            )  # fmt: skip


@pytest.fixture
def reported(live_door: Any, slack: Any) -> str:
    """The thread in which an incident was reported just now."""
    body = live_door.mentioning("事件：前台笔记本电脑丢了，涉及 30 名客户")
    assert live_door.event(body).status_code == 200
    slack.wait_for(2)
    slack.clear()
    return str(body["event"]["ts"])


def notes(app: App) -> list[Event]:
    """The notes on the newest incident's timeline."""
    with app.database.reading() as session:
        newest = app.ticket_store.list(session, TicketKind.INCIDENT)[0]
        lines = app.ticket_store.timeline(session, newest.id)
    return [one for one in lines if one.what == "incident:noted"]


def scripted(slack: Any, *messages: dict[str, str], times: int = 1) -> None:
    answers = [slack.usual(body={"ok": True, "messages": list(messages)}) for _ in range(times)]
    slack.script[REPLIES] = answers


def test_a_marked_message_is_on_the_timeline_once_with_who_and_when(
    live_door: Any, slack: Any, slack_app: App, reported: str
) -> None:
    root = {"ts": reported, "user": PERSON, "text": "事件", "thread_ts": reported}
    scripted(slack, root, message(reported), times=3)
    first = reaction(live_door)
    others = reaction(live_door, name="pencil"), reaction(live_door, user=OTHER)
    for seconds, body in enumerate((first, first, *others)):
        at = live_door.now + timedelta(seconds=seconds)
        assert live_door.event(body, at=at).status_code == 200
    calls = slack.wait_for(6)
    (line,) = notes(slack_app)
    with slack_app.database.reading() as session:
        marker, writer = (
            person_by_account(session, "slack", f"T0QINGHE:{one}") for one in (PERSON, OTHER)
        )
    assert marker is not None
    assert writer is not None
    assert line.person_id == marker.id
    assert line.at == slack_app.clock()
    assert "已远程抹除" in str(line.details["text"])
    for masked in (PHONE, "周明轩"):
        assert masked not in str(line.details)
    assert line.details["about_zh"] == f"{writer.id} 的消息，2026-11-23 09:58"
    assert line.details["written_at"] == "2026-11-23T01:58:00.000200+00:00"
    told = [one for one in calls if one.path.endswith("postEphemeral")]
    assert {one.body["user"] for one in told} == {PERSON, OTHER}
    # Worked on side by side, in whatever order. Whoever may not see the incident hears that there is none.
    for words in ("已记入 INC-", "不重复记", "没有"):
        assert sum(words in one.text for one in told) == 1, words
    assert all(one.body["thread_ts"] == reported for one in told)
    assert PHONE not in str([one.body for one in told])


@pytest.mark.parametrize(
    "found",
    [
        {"thread": "1795.000001"},  # another thread of the channel
        {"text": "收到", "bot_id": "B0US"},
        {"ts": "1795.000009"},  # not the message that was marked
    ],
)
def test_nothing_comes_of_other_messages(
    live_door: Any, slack: Any, slack_app: App, reported: str, found: dict[str, str]
) -> None:
    scripted(slack, message(**{"thread": reported, **found}))
    assert live_door.event(reaction(live_door)).status_code == 200
    (call,) = slack.wait_for(1)
    assert call.path == REPLIES
    assert notes(slack_app) == []


@pytest.mark.parametrize(
    "body",
    [{"name": "tada"}, {"type": "file"}, {"channel": "C0ELSEWHERE"}, {"ts": ""}],
    ids=["another emoji", "a file", "where no incident was reported", "without a message"],
)
def test_what_is_no_mark_reads_nothing(
    live_door: Any, slack: Any, slack_app: App, reported: str, body: dict[str, str]
) -> None:
    assert live_door.event(reaction(live_door, **body)).status_code == 200
    assert slack.wait_for(0) == []
    assert notes(slack_app) == []


def test_a_member_of_another_company_marks_nothing(door: Any, kept: Any) -> None:
    body = reaction(door)
    body["event"]["user_team"] = "T0OTHER"
    assert door.event(body).status_code == 200
    assert kept.kept == {}
    body = reaction(door) | {"team_id": "T0OTHER", "authorizations": []}
    assert door.event(body).status_code == 200
    assert kept.kept == {}


def test_a_mark_while_slack_is_away_is_kept_and_done_later(
    live_door: Any, slack: Any, slack_app: App, reported: str
) -> None:
    scripted(slack, message(reported, ts=OTHER_TS))
    slack.script[REPLIES].insert(0, Answer(status=503, body={"ok": False, "error": "fatal_error"}))
    assert live_door.event(reaction(live_door, ts=OTHER_TS)).status_code == 200
    slack.wait_for(3)
    assert len(notes(slack_app)) == 1


def test_a_message_that_may_not_be_read_is_said_in_the_log_without_words(
    live_door: Any, slack: Any, slack_app: App, reported: str, caplog: pytest.LogCaptureFixture
) -> None:
    slack.script[REPLIES] = [slack.usual(body={"ok": False, "error": "missing_scope"})]
    assert live_door.event(reaction(live_door)).status_code == 200
    slack.wait_for(1)
    assert "missing_scope" in caplog.text
    assert notes(slack_app) == []
