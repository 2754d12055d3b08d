"""Everybody a destruction needs, and one brought to any state."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from assistant.app import App
from assistant.destruction.carry_out_destruction import (
    add_destruction_evidence,
    carry_out_destruction,
    close_evidence,
    settle_place,
    witness_destruction,
)
from assistant.destruction.certificate import read_destruction
from assistant.destruction.destroy_data import request_destruction
from assistant.destruction.prepare_destruction import (
    appraise_destruction,
    approve_destruction,
    close_notice,
    give_notice,
    waive_backup,
)
from assistant.notices.send_notice import send_notice
from assistant.notices.view import read_notice
from assistant.notices.write_notice import approve_notice, write_notice
from records.people import Person, Role
from tickets.destruction.data import destruction_data
from tickets.destruction.dossier import Settled
from tickets.notices.data import Addressee, Form, NoticeKind, notice_rules
from tickets.notices.delivery import DeliveryState
from tickets.notices.records import Wish
from tickets.retention.facts import HolderType, RecordKind, StartEvent
from tickets.ticket import State

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


class Clock:
    """A clock that tests move on."""

    now = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_days(self, days: int) -> None:
        self.now += timedelta(days=days)


@dataclass(frozen=True)
class Office:
    """The product with everybody a destruction needs."""

    app: App
    clock: Clock
    requester: Person
    officer: Person
    first: Person
    second: Person
    witness: Person

    def request(self, ended: date = date(2021, 6, 30)) -> str:
        """A new request; ID copies of an ordinary company, whose purpose is over."""
        made = request_destruction(
            self.app,
            self.requester,
            "2021年解约客户的身份证复印件86份",
            record_kind=RecordKind.IDENTITY_COPY,
            holder=HolderType.COMPANY,
            dates={StartEvent.RELATIONSHIP_ENDED: ended},
        )
        return made.ticket.id

    def noticed(self, *, files: tuple[Path, ...] = (), keys: tuple[str, ...] = ()) -> str:
        """One that waits for its approvals."""
        number = self.request()
        media = [] if files or keys else ["paper"]
        appraise_destruction(
            self.app, self.officer, number, media=media, files=files, vault_clients=keys
        )
        give_notice(self.app, self.officer, number, clients=86, channel="挂号信")
        self.clock.pass_days(16)
        close_notice(self.app, self.officer, number)
        return number

    def approved(self, *, files: tuple[Path, ...] = (), keys: tuple[str, ...] = ()) -> str:
        """One that two others approved, its backup waived."""
        number = self.noticed(files=files, keys=keys)
        waive_backup(self.app, self.officer, number, reason="应当删除的资料不留备份")
        approve_destruction(self.app, self.first, number)
        approve_destruction(self.app, self.second, number)
        return number

    def evidenced(self, number: str) -> None:
        """Carried out, witnessed, with a photograph; every place answered."""
        self.evidence_on_file(number)
        close_evidence(self.app, self.officer, number)
        for place, said in destruction_data().places.items():
            outcome = Settled.EXPIRES if said.expires else Settled.DESTROYED
            until = self.app.today() + timedelta(days=90) if said.expires else None
            settle_place(
                self.app, self.officer, number, place=place, outcome=outcome, until=until,
                note="确认函 2026-17",
            )  # fmt: skip

    def state(self, number: str) -> State:
        return read_destruction(self.app, self.officer, number).ticket.state

    def evidence_on_file(self, number: str) -> None:
        """Carried out, witnessed, with a photograph."""
        carry_out_destruction(self.app, self.first, number, witness=self.witness.id)
        witness_destruction(self.app, self.witness, number)
        add_destruction_evidence(self.app, self.officer, number, b"photo", what="碎纸现场照片")


@pytest.fixture
def office(app: App, person_with: Callable[..., Person]) -> Office:
    clock = Clock()
    return Office(
        replace(app, clock=clock),
        clock,
        requester=person_with(Role.EMPLOYEE),
        officer=person_with(Role.OFFICER),
        first=person_with(Role.APPROVER),
        second=person_with(Role.APPROVER),
        witness=person_with(Role.EMPLOYEE),
    )


@dataclass(frozen=True)
class NoticeDesk:
    """The product with everybody a notice needs."""

    app: App
    clock: Clock
    writer: Person
    first: Person
    second: Person

    def wish(self, kind: NoticeKind = NoticeKind.TRANSFER, **given: str) -> Wish:
        """A notice of that kind with every element given."""
        said = {
            key: "2027-01-31" if one.form is not Form.TEXT else f"内容{key}"
            for key, one in notice_rules(kind).elements.items()
        }
        return Wish(kind, {**said, **given})

    def written(self, *people: Addressee, wish: Wish | None = None) -> str:
        """A whole notice to these clients, by the writer."""
        made = write_notice(self.app, self.writer, wish or self.wish(), people or CLIENTS)
        return made.summary.number

    def approved(self, *people: Addressee, wish: Wish | None = None) -> str:
        """One that two others approved."""
        number = self.written(*people, wish=wish)
        for person in (self.first, self.second):
            approve_notice(self.app, person, number, revision=1)
        return number

    def released(self, *people: Addressee) -> str:
        """One that may go out."""
        number = self.approved(*people)
        send_notice(self.app, self.writer, number)
        return number

    def states(self, number: str) -> list[DeliveryState]:
        """Where each client's copy is."""
        return [one.state for one in read_notice(self.app, self.writer, number).deliveries]


CLIENTS = (
    Addressee("周明轩", mail="zhou@client.example"),
    Addressee("苏念", address="杭州市拱墅区示例路 1 号"),
)


@pytest.fixture
def notice_desk(app: App, person_with: Callable[..., Person], tmp_path: Path) -> NoticeDesk:
    clock = Clock()
    settings = app.settings.model_copy(update={"notice_outbox": tmp_path / "outbox"})
    return NoticeDesk(
        replace(app, clock=clock, settings=settings),
        clock,
        writer=person_with(Role.OFFICER),
        first=person_with(Role.APPROVER),
        second=person_with(Role.APPROVER),
    )
