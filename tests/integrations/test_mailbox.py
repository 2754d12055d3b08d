"""Incidents reported by mail, through a local imitation of an IMAP server (RFC 3501) and real sockets."""

import imaplib
import re
import smtplib
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pydantic import SecretStr
from sqlalchemy import text

from assistant.app import App
from assistant.incidents.answer_mails import answer_mails
from assistant.incidents.evidence import kept_files
from assistant.incidents.mail_reports import hand_in_mail, held_mails, release_mail, take_mail
from assistant.notifiers import Notice, NotSent
from assistant.people.manage_people import give_mail, let_go
from assistant.tickets_view import list_tickets, read_ticket
from integrations.mailbox import read_mailbox
from records.errors import Conflict, NotFound
from records.people import Person, Role
from tickets.incidents.mail import LARGEST_MAIL, Held

Register = Callable[..., Person]
PASSED = "mx.corp.example; dmarc=pass header.from=corp.example"
ADDRESS = "lin@corp.example"
SAID = "笔记本电脑丢失，涉及客户周明轩（身份证330106199003070011）等86人"


def letter(
    sender: str = ADDRESS, *, results: str = PASSED, number: str = "<1@corp.example>", **more: str
) -> bytes:
    mail = EmailMessage()
    mail["Authentication-Results"] = results
    mail["From"], mail["Subject"], mail["Message-ID"] = sender, "电脑丢了", number
    for name, value in more.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(SAID)
    mail.add_attachment(b"photo", maintype="image", subtype="jpeg", filename="a.jpg")
    return mail.as_bytes()


@dataclass
class Box:
    """A mailbox on the imitated server: mails by UID."""

    mails: dict[int, bytes] = field(default_factory=dict)
    validity: int = 7
    asked: list[str] = field(default_factory=list)
    wrong_size: int = 0
    port: int = 0


class Session(socketserver.StreamRequestHandler):
    """LOGIN, EXAMINE, UID SEARCH and UID FETCH, as far as we use them."""

    def handle(self) -> None:
        box: Box = self.server.box  # type: ignore[attr-defined]
        self._say("* OK ready")
        for line in self.rfile:
            tag, _, asked = line.decode().strip().partition(" ")
            box.asked.append(asked)
            answer = "OK done"
            if asked.startswith("CAPABILITY"):
                self._say("* CAPABILITY IMAP4rev1")
            elif asked.startswith("LOGIN"):
                answer = "OK in" if "secret" in asked else "NO wrong"
            elif asked.startswith("EXAMINE"):
                self._say(f"* {len(box.mails)} EXISTS")
                self._say(f"* OK [UIDVALIDITY {box.validity}] .")
            elif asked.startswith("UID SEARCH"):
                first = int(re.search(r"UID (\d+):\*", asked)[1])  # type: ignore[index]
                uids = [one for one in box.mails if one >= first] or list(box.mails)[-1:]
                self._say("* SEARCH " + " ".join(map(str, uids)))
            elif asked.startswith("UID FETCH"):
                uid = int(asked.split()[2])
                self._fetch(box, uid, asked)
            elif asked.startswith("LOGOUT"):
                self._say("* BYE")
            self._say(f"{tag} {answer}")

    def _fetch(self, box: Box, uid: int, asked: str) -> None:
        data = box.mails[uid]
        if "RFC822.SIZE" in asked:
            self._say(f"* 1 FETCH (UID {uid} RFC822.SIZE {box.wrong_size or len(data)})")
            return
        if "HEADER" in asked:
            data = data[: data.index(b"\n\n") + 2]
        self.wfile.write(f"* 1 FETCH (UID {uid} BODY[] {{{len(data)}}}\r\n".encode() + data)
        self._say(")")

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@pytest.fixture
def box() -> Iterator[Box]:
    made = Box()
    with Server(("127.0.0.1", 0), Session) as server:
        server.box = made  # type: ignore[attr-defined]
        made.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield made
        server.shutdown()
        thread.join()


class TlsServer(Server):
    """The same over TLS from the first byte on (RFC 8314), as port 993 is."""

    def __init__(self, context: ssl.SSLContext) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self._context = context

    def get_request(self) -> tuple[Any, Any]:
        connection, address = super().get_request()
        return self._context.wrap_socket(connection, server_side=True), address


def certified(folder: Path, name: str) -> Path:
    """A certificate for the name, signed by its own key, with that key."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(who, who, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    own_key = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = folder / f"{name}.pem"
    path.write_bytes(made.public_bytes(Encoding.PEM) + own_key)
    return path


@pytest.mark.parametrize(
    ("named", "trusted", "read"),
    [("localhost", True, 1), ("localhost", False, 0), ("mx.corp.example", True, 0)],
)
def test_the_mailbox_is_read_over_tls_from_the_server_it_names_alone(
    office: App,
    reporter: Person,
    responder: Person,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    *,
    named: str,
    trusted: bool,
    read: int,
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certified(tmp_path, named))
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / f"{named}.pem"))
    box = Box(mails={1: letter()})
    with TlsServer(context) as server:
        server.box = box  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        place = {"report_mail_host": "localhost", "report_mail_port": server.server_address[1]}
        settings = office.settings.model_copy(update=place)
        taken = read_mailbox(replace(office, settings=settings))
        server.shutdown()
        thread.join()
    assert taken == read == len(list_tickets(office, responder))
    # Neither account nor password goes to a server that is not the one named.
    assert any("LOGIN" in one for one in box.asked) is bool(read)
    assert ("SSLCertVerificationError" in caplog.text) is not bool(read)


@pytest.fixture
def office(app: App, box: Box) -> App:
    given = {
        "report_mail_host": "127.0.0.1", "report_mail_port": box.port, "report_mail_user": "reports",
        "report_mail_password": SecretStr("secret"), "report_mail_server": "mx.corp.example",
        "smtp_host": "127.0.0.1", "mail_from": "reports@corp.example", "smtp_starttls": False,
    }  # fmt: skip
    return replace(app, settings=app.settings.model_copy(update=given))


@pytest.fixture
def reporter(office: App, administrator: Person, person_with: Register) -> Person:
    known = person_with()
    give_mail(office, administrator, known.id, ADDRESS.upper())
    return known


@pytest.fixture
def responder(person_with: Register) -> Person:
    return person_with(Role.RESPONDER)


class Post:
    """An SMTP connection that keeps what it takes, or refuses."""

    def __init__(self) -> None:
        self.sent: list[EmailMessage] = []
        self.refuses = False

    def __call__(self, *_: Any, **__: Any) -> "Post":
        if self.refuses:
            raise smtplib.SMTPConnectError(421, "busy")
        return self

    def __enter__(self) -> "Post":
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        return None

    def send_message(self, mail: EmailMessage) -> None:
        self.sent.append(mail)


class Channel:
    """A channel to responders."""

    name = "chat"

    def __init__(self) -> None:
        self.taken: list[Notice] = []
        self.refuses = False

    def send(self, notice: Notice) -> None:
        if self.refuses:
            raise NotSent("OSError")
        self.taken.append(notice)


def poll(app: App) -> int:
    return read_mailbox(app, imaplib.IMAP4)


def test_a_mail_in_the_box_opens_one_ticket_of_its_sender(
    office: App, box: Box, reporter: Person, responder: Person
) -> None:
    box.mails[3] = letter()
    assert [poll(office), poll(office)] == [1, 0]
    (ticket,) = list_tickets(office, responder)
    assert (ticket.opened_by, ticket.restricted) == (reporter.id, True)
    assert "周明轩" not in ticket.description and "330106" not in ticket.description
    with office.database.reading() as session:
        (kept,) = kept_files(office.ticket_store.timeline(session, ticket.id))
        _, data = office.files.read(session, kept.file_id, owner_id=ticket.id)
        events = str(session.execute(text("SELECT * FROM audit_events")).all())
    assert data == box.mails[3]
    assert "周明轩" not in events and ADDRESS not in events
    # Read without a trace: no flag set, no mail moved.
    assert not any("STORE" in one or "SELECT" in one for one in box.asked)
    assert all("PEEK" in one or "SIZE" in one for one in box.asked if "FETCH" in one)


def test_the_same_mail_twice_is_one_ticket_wherever_it_comes_from(
    office: App, box: Box, reporter: Person, responder: Person
) -> None:
    box.mails |= {1: letter(), 2: letter(X_Copy="list")}
    assert poll(office) == 2
    handed = hand_in_mail(office, reporter, letter())
    box.validity = 8  # the server numbered its mails anew: all are read once more
    assert poll(office) == 2
    assert [one.id for one in list_tickets(office, responder)] == [handed.ticket_id]


@pytest.mark.parametrize(
    ("mail", "why"),
    [
        (letter("x@evil.example"), Held.UNKNOWN),
        (letter(results="mx.corp.example; dmarc=fail header.from=corp.example"), Held.UNVOUCHED),
        (letter(results="mx.evil.example; dmarc=pass header.from=corp.example"), Held.UNVOUCHED),
        (letter(Auto_Submitted="auto-replied"), Held.AUTOMATIC),
        (b"not a mail", Held.UNREADABLE),
        (f"Authentication-Results: {PASSED}\nFrom: {ADDRESS}\n\n".encode(), Held.UNREADABLE),
    ],
)
def test_what_is_not_vouched_for_is_held_and_the_responders_hear_of_it(
    office: App, box: Box, reporter: Person, responder: Person, mail: bytes, why: Held
) -> None:
    channel, post = Channel(), Post()
    box.mails[1] = mail
    poll(office)
    channel.refuses = True
    assert answer_mails(office, [channel], post) == 0
    channel.refuses = False
    later = replace(office, clock=lambda: office.clock() + timedelta(minutes=3))
    assert [answer_mails(later, [channel], post) for _ in range(2)] == [1, 0]
    assert list_tickets(office, responder) == []
    (held,) = held_mails(office, responder)
    assert held.held is why
    (notice,) = channel.taken
    assert responder.id in notice.people and reporter.id not in notice.people
    assert "周明轩" not in notice.text.zh and "@" not in notice.text.zh
    assert post.sent == []


def test_a_held_mail_opens_a_ticket_once_a_responder_says_so(
    office: App, responder: Person
) -> None:
    held = take_mail(office, letter("x@evil.example"))
    released = release_mail(office, responder, held.number)
    assert release_mail(office, responder, held.number) == released
    (ticket,) = list_tickets(office, responder)
    assert (ticket.id, ticket.opened_by) == (released.ticket_id, responder.id)
    assert held_mails(office, responder) == ()
    with pytest.raises(NotFound):
        release_mail(office, responder, 99)


def test_nobody_keeps_a_mail_out_by_sending_its_number_first(
    office: App, reporter: Person, responder: Person
) -> None:
    take_mail(office, letter(results=""))
    assert take_mail(office, letter()).ticket_id
    assert len(held_mails(office, responder)) == 1


def test_a_domain_that_may_report_needs_no_entry_of_the_person(
    office: App, responder: Person
) -> None:
    domains = {"report_mail_domains": "other.example, corp.example"}
    open_to = replace(office, settings=office.settings.model_copy(update=domains))
    assert take_mail(office, letter()).held is Held.UNKNOWN
    assert take_mail(open_to, letter()).ticket_id
    results = "mx.corp.example; dmarc=pass header.from=sub.corp.example"
    assert take_mail(open_to, letter("a@sub.corp.example", results=results)).held is Held.UNKNOWN


def test_whoever_left_reports_no_more(office: App, administrator: Person, reporter: Person) -> None:
    let_go(office, administrator, reporter.id)
    assert take_mail(office, letter()).held is Held.UNKNOWN


def test_one_address_belongs_to_one_person(
    office: App, administrator: Person, reporter: Person, responder: Person
) -> None:
    with pytest.raises(Conflict):
        give_mail(office, administrator, responder.id, ADDRESS)
    give_mail(office, administrator, reporter.id, "")
    give_mail(office, administrator, responder.id, ADDRESS)
    taken = take_mail(office, letter())
    assert read_ticket(office, responder, str(taken.ticket_id)).ticket.opened_by == responder.id


def test_the_reporter_is_told_the_number_and_nothing_of_what_happened(
    office: App, reporter: Person
) -> None:
    number = str(take_mail(office, letter()).ticket_id)
    post, channel = Post(), Channel()
    post.refuses = True
    assert answer_mails(office, [channel], post) == 0
    post.refuses = False
    later = replace(office, clock=lambda: office.clock() + timedelta(minutes=3))
    assert [answer_mails(later, [channel], post) for _ in range(2)] == [1, 0]
    (mail,) = post.sent
    assert mail["To"] == ADDRESS and number in mail["Subject"]
    # Two programs that answer each other stop here.
    assert take_mail(office, mail.as_bytes()).held is Held.AUTOMATIC
    said = mail.get_content()
    assert number in said and "周明轩" not in said and "86" not in said
    assert channel.taken == []


def test_clocks_run_from_when_it_was_written(office: App, reporter: Person) -> None:
    number = take_mail(office, letter(Date="Mon, 23 Nov 2026 08:15:00 +0800")).ticket_id
    ticket = read_ticket(office, reporter, str(number)).ticket
    assert ticket.facts["aware_at"] == "2026-11-23T00:15:00+00:00"
    future = letter(number="<2@corp.example>", Date="Mon, 23 Nov 2037 08:15:00 +0800")
    ticket = read_ticket(office, reporter, str(take_mail(office, future).ticket_id)).ticket
    assert ticket.facts["aware_at"] == office.clock().isoformat()


def test_of_a_mail_too_large_only_its_headers_are_fetched(
    office: App, box: Box, reporter: Person, responder: Person
) -> None:
    box.mails[1], box.wrong_size = letter(), LARGEST_MAIL + 1
    assert poll(office) == 1
    assert [one.held for one in held_mails(office, responder)] == [Held.TOO_LARGE]
    assert not any("BODY.PEEK[]" in one for one in box.asked)


def test_a_server_that_refuses_or_is_away_is_asked_again(
    office: App, box: Box, reporter: Person, caplog: pytest.LogCaptureFixture
) -> None:
    box.mails[1] = letter()
    wrong = {"report_mail_password": SecretStr("mistaken")}
    away = {"report_mail_port": 1}
    for changed in (wrong, away):
        settings = office.settings.model_copy(update=changed)
        assert poll(replace(office, settings=settings)) == 0
    assert len(caplog.messages) == 2
    assert "mistaken" not in caplog.text and "127.0.0.1" not in caplog.text
    assert poll(office) == 1


def test_a_mail_is_passed_only_after_it_was_taken(
    office: App, box: Box, reporter: Person, responder: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.mails |= {1: letter(), 2: letter(number="<2@corp.example>")}
    saved = office.ticket_store.note
    monkeypatch.setattr(
        type(office.ticket_store), "note", lambda *a, **k: _die_at_evidence(saved, *a[1:], **k)
    )
    with pytest.raises(KeyboardInterrupt):
        poll(office)
    monkeypatch.undo()
    assert poll(office) == 2
    tickets = list_tickets(office, responder)
    assert len(tickets) == 2
    with office.database.reading() as session:
        for one in tickets:
            assert len(list(kept_files(office.ticket_store.timeline(session, one.id)))) == 1


def _die_at_evidence(note: Callable[..., None], *args: Any, **given: Any) -> None:
    if given["what"] == "incident:evidence-added":
        raise KeyboardInterrupt
    note(*args, **given)
