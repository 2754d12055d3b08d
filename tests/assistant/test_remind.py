"""Escalation goes out once for each stage, whatever restarts, dies or jumps in between."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from assistant.app import App
from assistant.incidents.report_incident import report_incident
from assistant.incidents.work_incident import settle_clock
from assistant.notifiers import Notice, NotSent
from assistant.remind import CLAIM, send_reminders
from records.people import Person
from tickets.tables import DeliveryRow, SentRow

REPORT = "笔记本电脑丢失，涉及200万名客户"


class Letterbox:
    """A channel that keeps what it takes, or refuses."""

    def __init__(self, name: str = "mail") -> None:
        self.name = name
        self.taken: list[Notice] = []
        self.refuses = False

    def send(self, notice: Notice) -> None:
        if self.refuses:
            raise NotSent("OSError")
        self.taken.append(notice)


def at(app: App, moment: datetime) -> App:
    """The product as started again at that moment."""
    return replace(app, clock=lambda: moment)


@pytest.fixture
def filed(app: App, person_with: Callable[..., Person]) -> str:
    return report_incident(app, person_with(), REPORT).ticket.id


def stages(app: App, clock: str) -> list[str]:
    with app.database.reading() as session:
        rows = session.scalars(select(SentRow).where(SentRow.deadline_id == clock))
        return [row.stage for row in rows]


@pytest.mark.both_engines
@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        ([0, 0, 1, 1], ["started"]),
        ([0, 119, 120, 179, 180, 239, 240, 9999], ["started", "half", "near", "expired"]),
        ([240], ["expired"]),  # the machine was off: only the latest stage
        ([0, 240, 60, 0, 241], ["started", "expired"]),  # the clock jumped back and forth
    ],
)
def test_each_stage_goes_on_record_once(
    app: App, filed: str, minutes: list[int], expected: list[str]
) -> None:
    box = Letterbox()
    for minute in minutes:
        send_reminders(at(app, app.clock() + timedelta(minutes=minute)), [box])
    assert stages(app, "cac-4h") == expected
    assert len({one.key for one in box.taken}) == len(box.taken)
    assert sum("4小时" in n.text.zh or "四小时" in n.text.zh for n in box.taken) == len(expected)


def test_what_is_due_at_once_is_never_said_to_be_near_its_end(app: App, filed: str) -> None:
    box = Letterbox()
    for minutes in (0, 125, 185):
        send_reminders(at(app, app.clock() + timedelta(minutes=minutes)), [box])
    _first, second, third = [one.text.zh for one in box.taken]
    assert "仍未办结：立即通知履行个人信息保护职责的部门，立即" in second
    assert "时限过半：四小时内报" in second and second.startswith(f"{filed} 仍未办结")
    assert "即将到期：四小时内报" in third and "立即通知" not in third


@pytest.mark.both_engines
def test_a_channel_that_refuses_gets_it_later_and_the_others_not_again(
    app: App, filed: str
) -> None:
    mail, chat = Letterbox("mail"), Letterbox("chat")
    mail.refuses = True
    send_reminders(app, [mail, chat])
    assert (len(mail.taken), len(chat.taken)) == (0, 1)
    mail.refuses = False
    send_reminders(app, [mail, chat])
    send_reminders(app, [mail, chat])
    assert (len(mail.taken), len(chat.taken)) == (1, 1)


def test_a_notice_names_the_clock_and_nothing_of_the_incident(app: App, filed: str) -> None:
    box = Letterbox()
    send_reminders(app, [box])
    text = box.taken[0].text.zh + box.taken[0].text.en + box.taken[0].title.zh
    assert filed in text and "省级网信部门" in text
    assert "笔记本" not in text and "200" not in text


def test_what_was_met_before_it_went_out_is_not_sent(
    app: App, filed: str, administrator: Person
) -> None:
    box = Letterbox()
    box.refuses = True
    send_reminders(app, [box])
    with app.database.reading() as session:
        clocks = app.ticket_store.get(session, filed).deadlines
    for clock in clocks:
        settle_clock(app, administrator, filed, clock.key, reference="回执")
    box.refuses = False
    send_reminders(app, [box])
    assert box.taken == []
    with app.database.reading() as session:
        assert session.scalars(select(DeliveryRow.done_at)).one() is not None


DIES = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from assistant.app import build
from assistant.remind import CLAIM, send_reminders
from assistant.settings import Settings
home, when = Path(sys.argv[1]), sys.argv[2]

class Dies:
    name = "mail"
    def send(self, notice):
        if when == "after":
            with (home / "outbox").open("a") as out:
                out.write(notice.key + chr(10))
        os.kill(os.getpid(), signal.SIGKILL)

app = build(Settings(home=home, database_url=sys.argv[4]), clock=lambda: datetime.fromisoformat(sys.argv[3]))
send_reminders(app, [Dies()])
"""


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_while_sending_nothing_is_lost_and_a_repetition_carries_the_same_key(
    app: App, filed: str, when: str
) -> None:
    home, now = app.settings.home, app.clock()
    arguments = [sys.executable, "-c", DIES, str(home), when, now.isoformat()]
    arguments.append(app.settings.database_url)
    root = Path(__file__).parents[2]
    ended = subprocess.run(arguments, cwd=root, timeout=60, check=False)
    assert ended.returncode == -9
    box = Letterbox()
    send_reminders(app, [box])
    assert box.taken == []  # the dead process holds its claim a little longer
    for later in (CLAIM, 2 * CLAIM):
        send_reminders(at(app, now + later), [box])
    assert stages(app, "cac-4h") == ["started"]
    assert len(box.taken) == 1
    outbox = home / "outbox"
    earlier = outbox.read_text().split() if outbox.exists() else []
    assert earlier == ([box.taken[0].key] if when == "after" else [])


TURNS = """
import sys
from datetime import datetime, timedelta
from pathlib import Path
from assistant.app import build
from assistant.remind import send_reminders
from assistant.settings import Settings
home, start = Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2])

class Outbox:
    name = "mail"
    def send(self, notice):
        with (home / "outbox").open("a") as out:
            out.write(notice.key + chr(10))

minute = 0
app = build(Settings(home=home), clock=lambda: start + timedelta(minutes=minute))
for minute in (0, 0, 240, 240):
    print("ready", flush=True)
    sys.stdin.readline()
    send_reminders(app, [Outbox()])
    print("done", flush=True)
"""


def test_two_processes_and_restarts_send_each_stage_once(app: App, filed: str) -> None:
    """Both take every turn at the same moment; then the program starts again."""
    home, root = app.settings.home, Path(__file__).parents[2]
    arguments = [sys.executable, "-c", TURNS, str(home), app.clock().isoformat()]
    both = [
        subprocess.Popen(
            arguments, cwd=root, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for _ in range(2)
    ]
    try:
        for _turn in range(4):
            for word in ("ready", "done"):
                for one in both:
                    assert one.stdout is not None
                    assert one.stdout.readline().strip() == word
                for one in both if word == "ready" else []:
                    assert one.stdin is not None
                    one.stdin.write("go\n")
                    one.stdin.flush()
    finally:
        for one in both:
            one.kill()
            one.communicate()
    box = Letterbox()
    send_reminders(at(app, app.clock() + timedelta(minutes=240)), [box])
    assert box.taken == []
    assert stages(app, "cac-4h") == ["started", "expired"]
    sent = (home / "outbox").read_text().split()
    assert len(sent) == len(set(sent)) == 2
