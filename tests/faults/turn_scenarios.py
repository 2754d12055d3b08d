"""The turns of the service interrupted: reminders, notices to clients, mails that come in, upkeep."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

from sqlalchemy import text

from assistant.incidents.answer_mails import answer_mails
from assistant.incidents.mail_reports import take_mail
from assistant.incidents.report_incident import report_incident
from assistant.notices.send_notice import deliver_notices, send_notice
from assistant.notices.senders import Post, Proof
from assistant.notices.view import read_notice
from assistant.notices.write_notice import approve_notice, write_notice
from assistant.notifiers import Notice
from assistant.operations.anchor_audit import anchor_audit
from assistant.operations.check_audit import verify_audit
from assistant.operations.upkeep import upkeep
from assistant.redaction.redact_file import redact_file
from assistant.redaction.review_file import start_review
from assistant.remind import send_reminders
from tests.faults.world import PHONE, Scenario, World
from tickets.notices.data import Addressee, Form, NoticeKind, notice_rules
from tickets.notices.delivery import DeliveryState
from tickets.notices.records import Wish

CLAIM_OVER = timedelta(minutes=3)
MAIL_SERVER, REPORTER = "mx.corp.example", "lin@corp.example"


@dataclass
class Out:
    """What left the house, a line for each time; as a channel, and as a sender of notices."""

    folder: Path
    name: str = "mail"

    def send(self, what: Notice | Post) -> Proof:
        with (self.folder / "out").open("a", encoding="utf-8") as file:
            file.write(f"{what.key}\n")
        return Proof(DeliveryState.SENT, "250")

    def counted(self) -> Counter[str]:
        place = self.folder / "out"
        return Counter(place.read_text(encoding="utf-8").split() if place.exists() else ())


def out(world: World) -> Counter[str]:
    """How often each thing left."""
    return Out(world.folder).counted()


def reported(world: World) -> None:
    report_incident(world.app, world.people["requester"], "笔记本电脑丢失", key="slack-1")


def remind(world: World) -> None:
    send_reminders(world.app, (Out(world.folder),))


def remind_again(world: World) -> None:
    """The next turns, once whoever died with a claim no longer holds it."""
    remind(world)
    world.moment += CLAIM_OVER
    remind(world)


def released(world: World) -> None:
    """A notice to three clients that may go."""
    folder = world.folder / "unused"
    world.app = replace(
        world.app, settings=world.app.settings.model_copy(update={"notice_outbox": folder})
    )
    elements = notice_rules(NoticeKind.TRANSFER).elements
    said = {
        key: "2027-01-31" if one.form is not Form.TEXT else f"内容{key}"
        for key, one in elements.items()
    }
    clients = [Addressee(f"客户{n}", mail=f"c{n}@client.example") for n in range(3)]
    officer = world.people["officer"]
    made = write_notice(world.app, officer, Wish(NoticeKind.TRANSFER, said), clients)
    for approver in ("first", "second"):
        approve_notice(world.app, world.people[approver], made.summary.number, revision=1)
    send_notice(world.app, officer, made.summary.number)


def deliver(world: World) -> None:
    deliver_notices(world.app, Out(world.folder))


def deliver_again(world: World) -> None:
    world.moment += timedelta(days=1)
    deliver(world)
    deliver(world)


def shown(world: World) -> Counter[str]:
    """Where each client's copy is, as people see it."""
    with world.app.database.reading() as session:
        (number,) = session.scalars(text("SELECT id FROM notices")).all()
    view = read_notice(world.app, world.people["officer"], number)
    return Counter(one.state.value for one in view.deliveries)


def mail() -> bytes:
    """A report by mail that its server vouches for."""
    made = EmailMessage()
    made["Authentication-Results"] = f"{MAIL_SERVER}; dmarc=pass header.from=corp.example"
    made["From"], made["Subject"], made["Message-ID"] = REPORTER, "电脑丢了", "<1@corp.example>"
    made.set_content("笔记本电脑丢失，涉及客户86人")
    return made.as_bytes()


def take(world: World) -> None:
    known = {"report_mail_server": MAIL_SERVER, "report_mail_domains": "corp.example"}
    app = replace(world.app, settings=world.app.settings.model_copy(update=known))
    take_mail(app, mail())


def held(world: World) -> None:
    take_mail(world.app, mail())


def follow_up(world: World) -> None:
    answer_mails(world.app, (Out(world.folder),))


def follow_up_again(world: World) -> None:
    world.moment += CLAIM_OVER
    follow_up(world)
    follow_up(world)


def overdue(world: World) -> None:
    """A copy and a held original whose time is over two days from now."""
    data = f"手机：{PHONE}\n".encode()
    redact_file(world.app, world.people["admin"], data, "a.txt")
    start_review(world.app, world.people["admin"], data, "b.txt")


def tidy(world: World) -> None:
    world.moment += timedelta(days=2)
    upkeep(world.app)


def anchor(world: World) -> None:
    place = str(world.folder / "heads.jsonl")
    app = replace(world.app, settings=world.app.settings.model_copy(update={"audit_anchor": place}))
    assert anchor_audit(app)


def anchored(world: World) -> bool:
    lines = (world.folder / "heads.jsonl").read_text(encoding="utf-8")
    return verify_audit(world.app, world.people["admin"], untrusted_anchors=lines).whole


TURNS = {
    "remind": Scenario(
        reported,
        remind,
        remind_again,
        lambda w: {
            "each clock reminded of once": w.count(
                "SELECT count(*) - count(DISTINCT deadline_id || stage) FROM ticket_reminders"
            )
            == 0,
            "nothing waits": w.count("SELECT count(*) FROM ticket_deliveries WHERE done_at IS NULL")
            == 0,
            "told, at most twice and under one key": list(out(w).values()) in ([1], [2]),
        },
    ),
    "deliver": Scenario(
        released,
        deliver,
        deliver_again,
        lambda w: {
            "no copy left twice": max(out(w).values()) == 1,
            "the others left, at most one is uncertain": shown(w)
            in ({"sent": 3}, {"sent": 2, "uncertain": 1}),
        },
    ),
    "take_mail": Scenario(
        lambda _: None,
        take,
        take,
        lambda w: {
            "one ticket": w.count("SELECT count(*) FROM tickets") == 1,
            "one mail": w.count("SELECT count(*) FROM incident_mails") == 1,
            "kept once": w.count("SELECT count(*) FROM files WHERE erased_at IS NULL") == 1,
        },
    ),
    "follow_up": Scenario(
        held,
        follow_up,
        follow_up_again,
        lambda w: {
            "told": w.count("SELECT count(told_at) FROM incident_mails") == 1,
            "at most twice and under one key": list(out(w).values()) in ([1], [2]),
        },
    ),
    "upkeep": Scenario(
        overdue,
        tidy,
        tidy,
        lambda w: {
            "nothing is kept": w.count("SELECT count(*) FROM files WHERE erased_at IS NULL") == 0,
            "no file": not list((w.folder / "home" / "files").rglob("*.bin")),
            "no text of a review": w.count("SELECT count(sealed) FROM reviews") == 0,
        },
    ),
    "anchor": Scenario(
        reported, anchor, anchor, lambda w: {"every head is borne out": anchored(w)}
    ),
}
