"""Whatever crashes when: no client gets a notice twice, and what is unknown is shown as unknown."""

import os
import signal
import smtplib
import socket
import socketserver
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from assistant.my_work import my_work
from assistant.notices.record_delivery import (
    decide_delivery,
    import_bounce,
    record_bounce,
    record_posted,
    record_postings,
)
from assistant.notices.send_notice import (
    MOST_ATTEMPTS,
    deliver_notices,
    forget_notice,
    send_notice,
    stop_notice,
)
from assistant.notices.senders import FolderSender, MailSender, Sender, Unclear, sender_of
from assistant.notices.view import notice_letter, notice_letters, preview_notice, read_notice
from assistant.notices.write_notice import approve_notice, write_notice
from assistant.settings import Settings
from records.errors import BadInput, Conflict, NotFound
from records.people import Person
from tickets.errors import MoveNotAllowed, StepMissing
from tickets.notices.data import Addressee, NoticeKind
from tickets.notices.delivery import DeliveryState
from tickets.notices.records import Wish

MANY = tuple(Addressee(f"客户{n}", mail=f"c{n}@client.example") for n in range(1, 4))
Hook = Callable[[str], str | None]


class Mailbox(socketserver.ThreadingTCPServer):
    """A mail server that keeps what it took; `hook` may answer a stage otherwise, or end it."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.taken: list[bytes] = []
        self.hook: Hook = lambda _stage: None

    def keys(self) -> Counter[str]:
        """How often each client's notice was taken."""
        subjects = [message_from_bytes(one, policy=default)["Subject"] for one in self.taken]
        return Counter(subject.rpartition("（")[2].rstrip("）") for subject in subjects)


class Session(socketserver.StreamRequestHandler):
    """One connection."""

    server: Mailbox

    def handle(self) -> None:
        if not self.say("connect", "220 mail.example"):
            return
        for line in self.rfile:
            verb = line.split(maxsplit=1)[0].decode().lower() if line.strip() else ""
            if verb == "data":
                answer = self.say("data", "354 go on")
                if not answer or (answer.startswith("354") and not self.take()):
                    return
            elif verb == "quit":
                self.say("quit", "221 bye")
                return
            elif not self.say(verb, "250 ok"):
                return

    def take(self) -> str:
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        if not self.say("text", "taking"):
            return ""
        self.server.taken.append(b"".join(lines))
        return self.say("taken", "250 2.0.0 Ok: queued as 4F3A")

    def say(self, stage: str, answer: str) -> str:
        """What was said at this stage; nothing where the conversation ends."""
        said = self.server.hook(stage) or answer
        if said == "HANG UP":
            return ""
        if stage != "text":
            self.wfile.write(f"{said}\r\n".encode())
        return said


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    server = Mailbox()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def desk(notice_desk: Any, mailbox: Mailbox) -> Any:
    """The desk with that mail server."""
    told = {
        "smtp_host": "127.0.0.1",
        "smtp_port": mailbox.server_address[1],
        "smtp_starttls": False,
        "notice_mail_from": "notice@qinghe.example",
    }
    settings = notice_desk.app.settings.model_copy(update=told)
    return replace(notice_desk, app=replace(notice_desk.app, settings=settings))


def sender(desk: Any) -> Sender:
    found = sender_of(desk.app.settings)
    assert found is not None
    return found


def test_each_mail_goes_once_with_its_proof_and_letters_wait_for_a_person(
    desk: Any, mailbox: Mailbox
) -> None:
    number = desk.released()
    for _ in range(3):
        deliver_notices(desk.app, sender(desk))
    assert mailbox.keys() == {f"{number}-0001": 1}
    mail = message_from_bytes(mailbox.taken[0], policy=default)
    assert (mail["To"], mail["From"]) == ("zhou@client.example", "notice@qinghe.example")
    assert "尊敬的周明轩" in mail.get_body().get_content()  # type: ignore[attr-defined]
    (attached,) = mail.iter_attachments()  # type: ignore[attr-defined]
    assert attached.get_filename() == f"{number}-0001.pdf"
    view = read_notice(desk.app, desk.writer, number)
    proof = next(one for one in view.ledger if one.what == "sent")
    assert proof.details["message_id"] == mail["Message-ID"]
    assert proof.details["said"] == "250 2.0.0 Ok: queued as 4F3A"
    assert desk.states(number) == [DeliveryState.SENT, DeliveryState.WAITING]
    record_posted(desk.app, desk.writer, f"{number}-0002", reference="XA12345678933")
    assert desk.states(number) == [DeliveryState.SENT, DeliveryState.SENT]


def test_a_list_of_postings_is_taken_whole_or_not_at_all(desk: Any) -> None:
    number = desk.released(*MANY)
    head = "编号 number,姓名 name,单号\n"
    rows = [f"{number}-{one:04d},某人,XA0000000{one}CN\n" for one in (1, 2)]

    def take(table: str) -> None:
        record_postings(desk.app, desk.writer, number, table.encode(), "list.csv")

    for bad in (f"{number}-0099,,XA1234\n", "N-2026-0009-0001,,XA1234\n", f"{number}-0003,,？\n"):
        with pytest.raises(BadInput, match="Rows 4:"):
            take(head + "".join(rows) + bad)
    with pytest.raises(BadInput, match="registered"):
        take("编号,姓名\n" + rows[0])
    with pytest.raises(Conflict):
        take(head + f"{number}-0001,某人,\n")
    assert set(desk.states(number)) == {DeliveryState.WAITING}
    take(head + "".join(rows) + f"{number}-0003,某人,\n")
    assert desk.states(number)[:3] == [DeliveryState.SENT] * 2 + [DeliveryState.WAITING]
    proof = next(one for one in read_notice(desk.app, desk.writer, number).ledger)
    assert (proof.what, proof.details["reference"]) == ("posted", "XA00000001CN")
    with pytest.raises(BadInput, match="Rows 2, 3:"):
        take(head + "".join(rows))


@pytest.mark.parametrize("done", ["written", "approved"])
def test_what_was_not_released_never_leaves(desk: Any, mailbox: Mailbox, done: str) -> None:
    number = getattr(desk, done)()
    deliver_notices(desk.app, sender(desk))
    assert mailbox.taken == []
    with pytest.raises(MoveNotAllowed):
        record_posted(desk.app, desk.writer, f"{number}-0002", reference="XA12345678933")


@pytest.mark.parametrize(
    "stage", ["connect", "ehlo", "mail", "rcpt", "data", "text", "taken", "quit"]
)
def test_killed_at_any_point_nothing_goes_twice_and_the_rest_goes(
    desk: Any, mailbox: Mailbox, stage: str
) -> None:
    number = desk.released(*MANY)
    child = _killed_when_the_server_hears(desk, mailbox, stage)
    assert os.WIFSIGNALED(child)
    mailbox.hook = lambda _stage: None
    before = sum(mailbox.keys().values())
    desk.clock.pass_days(1)
    deliver_notices(desk.app, sender(desk))
    deliver_notices(desk.app, sender(desk))
    assert max(mailbox.keys().values()) == 1
    states = desk.states(number)
    assert states.count(DeliveryState.UNCERTAIN) == 1
    assert states.count(DeliveryState.SENT) == 2
    assert sum(mailbox.keys().values()) == before + 2


def _killed_when_the_server_hears(desk: Any, mailbox: Mailbox, stage: str) -> int:
    """How a process ended that was killed in the middle of sending."""
    begin, started = os.pipe()
    child = os.fork()
    if child == 0:
        # Connections do not survive a fork.
        desk.app.database.engine.dispose(close=False)
        os.read(begin, 1)
        deliver_notices(desk.app, sender(desk))
        os._exit(0)

    def kill(heard: str) -> str | None:
        if heard != stage:
            return None
        os.kill(child, signal.SIGKILL)
        os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
        return None if stage == "taken" else "HANG UP"

    mailbox.hook = kill
    os.write(started, b"x")
    ended = os.waitpid(child, 0)[1]
    os.close(begin)
    os.close(started)
    return ended


@pytest.mark.parametrize(
    ("stage", "answer", "state"),
    [
        ("rcpt", "550 no such user", DeliveryState.FAILED),
        ("rcpt", "450 try later", DeliveryState.WAITING),
        ("mail", "451 try later", DeliveryState.WAITING),
        ("data", "554 no", DeliveryState.FAILED),
        ("taken", "552 too much", DeliveryState.FAILED),
        ("taken", "452 full", DeliveryState.WAITING),
        ("connect", "HANG UP", DeliveryState.WAITING),
        ("rcpt", "HANG UP", DeliveryState.WAITING),
        ("text", "HANG UP", DeliveryState.UNCERTAIN),
        ("taken", "HANG UP", DeliveryState.UNCERTAIN),
        ("quit", "HANG UP", DeliveryState.SENT),
    ],
)
def test_only_what_certainly_did_not_leave_may_be_tried_again(
    desk: Any, mailbox: Mailbox, stage: str, answer: str, state: DeliveryState
) -> None:
    number = desk.released(MANY[0])
    mailbox.hook = lambda heard: answer if heard == stage else None
    deliver_notices(desk.app, sender(desk))
    assert desk.states(number) == [state]
    mailbox.hook = lambda _stage: None
    taken = len(mailbox.taken)
    deliver_notices(desk.app, sender(desk))
    assert len(mailbox.taken) == taken, "at once again"
    desk.clock.pass_days(1)
    deliver_notices(desk.app, sender(desk))
    again = 1 if state is DeliveryState.WAITING else 0
    assert len(mailbox.taken) == taken + again


def test_a_server_that_keeps_refusing_for_now_is_not_asked_for_ever(
    desk: Any, mailbox: Mailbox
) -> None:
    number = desk.released(MANY[0])
    mailbox.hook = lambda heard: "450 later" if heard == "rcpt" else None
    for _ in range(MOST_ATTEMPTS + 2):
        deliver_notices(desk.app, sender(desk))
        desk.clock.pass_days(1)
    assert desk.states(number) == [DeliveryState.FAILED]
    (copy,) = read_notice(desk.app, desk.writer, number).deliveries
    assert copy.attempts == MOST_ATTEMPTS


def test_two_turns_at_once_send_each_copy_once(desk: Any, mailbox: Mailbox) -> None:
    people = [Addressee(f"客户{n}", mail=f"c{n}@client.example") for n in range(8)]
    number = desk.released(*people)
    turns = [
        threading.Thread(target=deliver_notices, args=(desk.app, sender(desk))) for _ in range(3)
    ]
    for turn in turns:
        turn.start()
    for turn in turns:
        turn.join()
    assert set(mailbox.keys().values()) == {1}
    assert set(desk.states(number)) == {DeliveryState.SENT}
    assert len(mailbox.taken) == 8


def test_a_copy_taken_for_sent_by_a_person_is_not_moved_by_a_late_outcome(desk: Any) -> None:
    number = desk.released(MANY[0])

    class Slow:
        name = "slow"

        def send(self, _post: object) -> Any:
            desk.clock.pass_days(1)
            decide_delivery(
                desk.app, desk.writer, f"{number}-0001", again=False, reason="客户来电确认"
            )
            raise Unclear("TimeoutError")

    deliver_notices(desk.app, Slow())
    view = read_notice(desk.app, desk.writer, number)
    assert [one.state for one in view.deliveries] == [DeliveryState.SENT]
    assert view.ledger[-1].what == "late_uncertain"


def test_what_is_uncertain_goes_again_by_a_persons_decision_only(
    desk: Any, mailbox: Mailbox
) -> None:
    number = desk.released(MANY[0])
    mailbox.hook = lambda heard: "HANG UP" if heard == "text" else None
    deliver_notices(desk.app, sender(desk))
    mailbox.hook = lambda _stage: None
    with pytest.raises(BadInput):
        decide_delivery(desk.app, desk.writer, f"{number}-0001", again=True, reason="")
    decide_delivery(
        desk.app, desk.writer, f"{number}-0001", again=True, reason="服务器日志没有记录"
    )
    deliver_notices(desk.app, sender(desk))
    assert mailbox.keys() == {f"{number}-0001": 1}
    with pytest.raises(MoveNotAllowed):
        decide_delivery(desk.app, desk.writer, f"{number}-0001", again=True, reason="再发一次吧")


def test_a_stopped_notice_sends_no_more(desk: Any, mailbox: Mailbox) -> None:
    number = desk.released(*MANY)

    def stop(heard: str) -> str | None:
        if heard == "quit" and len(mailbox.taken) == 1:
            stop_notice(desk.app, desk.writer, number)
        return None

    mailbox.hook = stop
    deliver_notices(desk.app, sender(desk))
    deliver_notices(desk.app, sender(desk))
    assert len(mailbox.taken) == 1
    assert desk.states(number).count(DeliveryState.WAITING) == 2


def test_a_template_changed_since_approval_is_not_sent(
    desk: Any, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = desk.released(MANY[0])
    kept = desk.app.notices.letter
    other = lambda session, key: replace(kept(session, key), as_approved=False)  # noqa: E731
    monkeypatch.setattr(desk.app.notices, "letter", other)
    deliver_notices(desk.app, sender(desk))
    assert (mailbox.taken, desk.states(number)) == ([], [DeliveryState.FAILED])


def test_a_bounce_is_on_record_and_a_letter_follows(desk: Any, mailbox: Mailbox) -> None:
    number = desk.released(MANY[0])
    deliver_notices(desk.app, sender(desk))
    sent = message_from_bytes(mailbox.taken[0], policy=default)
    bounce = f"Subject: Undelivered\nIn-Reply-To: {sent['Message-ID']}\n\nno such user"
    import_bounce(desk.app, desk.writer, bounce.encode())
    assert desk.states(number) == [DeliveryState.BOUNCED]
    with pytest.raises(MoveNotAllowed):
        import_bounce(desk.app, desk.writer, bounce.encode())
    record_posted(desk.app, desk.writer, f"{number}-0001", reference="XA12345678933")
    assert desk.states(number) == [DeliveryState.SENT]
    record_bounce(desk.app, desk.writer, f"{number}-0001", reason="邮局退回，查无此人")
    assert desk.states(number) == [DeliveryState.BOUNCED]
    forged = bounce.replace(str(sent["Message-ID"])[-34:-24], "0" * 10)
    with pytest.raises((BadInput, NotFound)):
        import_bounce(desk.app, desk.writer, forged.encode())


def test_without_a_mail_server_notices_lie_in_a_folder_until_a_person_sent_them(
    notice_desk: Any,
) -> None:
    desk = notice_desk
    number = desk.approved()
    send_notice(desk.app, desk.writer, number)
    folder = sender_of(desk.app.settings)
    assert isinstance(folder, FolderSender)
    deliver_notices(desk.app, folder)
    assert desk.states(number) == [DeliveryState.WRITTEN, DeliveryState.WAITING]
    outbox: Path = desk.app.settings.notice_outbox
    names = sorted(path.name for path in (outbox / number).iterdir())
    assert names == [f"{number}-0001.eml", f"{number}-0001.pdf"]
    record_posted(desk.app, desk.writer, f"{number}-0001", reference="MAIL 2026-11-23")
    assert desk.states(number)[0] is DeliveryState.SENT


def test_what_was_sent_by_hand_out_of_the_folder_may_bounce(notice_desk: Any) -> None:
    desk = notice_desk
    number = desk.approved(MANY[0])
    send_notice(desk.app, desk.writer, number)
    folder = sender_of(desk.app.settings)
    assert isinstance(folder, FolderSender)
    deliver_notices(desk.app, folder)
    assert desk.states(number) == [DeliveryState.WRITTEN]
    mail = (desk.app.settings.notice_outbox / number / f"{number}-0001.eml").read_bytes()
    said = message_from_bytes(mail, policy=default)["Message-ID"]
    bounce = f"Subject: Undelivered\nIn-Reply-To: {said}\n\nno such user"
    import_bounce(desk.app, desk.writer, bounce.encode())
    assert desk.states(number) == [DeliveryState.BOUNCED]


def test_once_all_is_settled_the_clients_can_be_erased_and_the_ledger_stays(
    desk: Any, mailbox: Mailbox
) -> None:
    number = desk.released()
    given = {"reason": "清算结束，资料期满"}
    deliver_notices(desk.app, sender(desk))
    with pytest.raises(MoveNotAllowed, match="还有 1 份"):
        forget_notice(desk.app, desk.writer, number, **given)
    record_posted(desk.app, desk.writer, f"{number}-0002", reference="XA12345678933")
    before = read_notice(desk.app, desk.writer, number)
    view = forget_notice(desk.app, desk.writer, number, **given)
    assert (view.ledger, view.deliveries) == (before.ledger, before.deliveries)
    assert view.summary.forgotten
    with pytest.raises(Conflict, match="已删除"):
        preview_notice(desk.app, desk.writer, number)
    with desk.app.database.engine.connect() as connection:
        rows = connection.execute(text("SELECT length(sealed) FROM notice_deliveries")).scalars()
        assert set(rows) == {0}
    with pytest.raises(Conflict, match="已按期删除"):
        notice_letter(desk.app, desk.writer, f"{number}-0001")
    with pytest.raises(Conflict, match="已删除"):
        notice_letters(desk.app, desk.writer, number)
    record_bounce(desk.app, desk.writer, f"{number}-0002", reason="邮局退回，查无此人")
    with pytest.raises(IntegrityError), desk.app.database.transaction() as session:
        session.execute(text("UPDATE notice_deliveries SET sealed = x'01'"))


def test_sending_and_erasing_tried_change_nothing(desk: Any, mailbox: Mailbox) -> None:
    number = desk.written()
    with pytest.raises(StepMissing):
        send_notice(desk.app, desk.writer, number, dry_run=True)
    given = {"reason": "不再需要通知", "dry_run": True}
    assert forget_notice(desk.app, desk.writer, number, **given).summary.clients
    assert preview_notice(desk.app, desk.writer, number).given
    for approver in (desk.first, desk.second):
        revision = read_notice(desk.app, desk.writer, number).summary.revision
        approve_notice(desk.app, approver, number, revision=revision)
    before = read_notice(desk.app, desk.writer, number)
    tried = send_notice(desk.app, desk.writer, number, dry_run=True)
    assert (tried, read_notice(desk.app, desk.writer, number)) == (before, before)
    deliver_notices(desk.app, sender(desk))
    assert not mailbox.keys()


def test_a_whole_draft_waits_for_those_who_may_approve_it_and_did_not(desk: Any) -> None:
    def waits_for(person: Person) -> list[str]:
        return [one.id for one in my_work(desk.app, person).notices]

    write_notice(desk.app, desk.writer, Wish(NoticeKind.TRANSFER, {}), MANY)
    number = desk.written()
    assert [waits_for(one) for one in (desk.writer, desk.first)] == [[], [number]]
    approve_notice(desk.app, desk.first, number, revision=1)
    assert [waits_for(one) for one in (desk.first, desk.second)] == [[], [number]]
    approve_notice(desk.app, desk.second, number, revision=1)
    assert waits_for(desk.second) == []


def test_a_forgotten_draft_keeps_nothing_but_its_number(desk: Any) -> None:
    number = desk.written()
    view = forget_notice(desk.app, desk.writer, number, reason="不再需要通知")
    assert (view.summary.clients, view.summary.revision) == (0, 2)
    assert preview_notice(desk.app, desk.writer, number).given == {}


@pytest.mark.parametrize("reference", ["", "x", "<script>", "周明轩代签", "1" * 41])
def test_a_posting_needs_the_number_of_its_letter(desk: Any, reference: str) -> None:
    number = desk.released()
    with pytest.raises(BadInput):
        record_posted(desk.app, desk.writer, f"{number}-0002", reference=reference)


def test_a_server_that_is_not_there_is_named_and_everything_waits(notice_desk: Any) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        told = {"smtp_host": "127.0.0.1", "smtp_port": taken.getsockname()[1]}
        more = {**told, "notice_mail_from": "notice@qinghe.example"}
        settings = notice_desk.app.settings.model_copy(update=more)
        desk = replace(notice_desk, app=replace(notice_desk.app, settings=settings))
        number = desk.released(MANY[0])
        turn = deliver_notices(desk.app, sender(desk))
    assert (turn.down, desk.states(number)) == ("ConnectionRefusedError", [DeliveryState.WAITING])


def test_clients_are_told_to_no_server_that_does_not_prove_who_it_is() -> None:
    asked: list[object] = []

    class Server:
        def starttls(self, *, context: Any) -> None:
            asked.append((context.verify_mode.name, context.check_hostname))
            raise smtplib.SMTPException

        def close(self) -> None:
            asked.append("closed")

    settings = Settings(smtp_host="mail.example", notice_mail_from="a@b.example")
    with pytest.raises(Exception, match="SMTPException"):
        MailSender(settings, lambda *_a, **_k: Server()).send(  # type: ignore[arg-type]
            _post()
        )
    assert asked == [("CERT_REQUIRED", True), "closed"]


def _post() -> Any:
    from datetime import UTC, datetime

    from assistant.notices.senders import Post

    return Post(
        key="N-2026-0001-0001", message_id="<a@b.example>", to="c@d.example", subject="x",
        text="x", file_name="x.pdf", file=b"", at=datetime(2026, 11, 23, tzinfo=UTC),
    )  # fmt: skip
