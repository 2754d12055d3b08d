"""What the timeline tells of a destruction, and what must stand in it before each step.

The timeline is append-only and stamped by the clock, so nothing here can be backdated: a correction
is one more line with its reason. The dossier is read from it anew each time and kept nowhere else.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from records.language import Bilingual
from tickets.destruction.data import destruction_data, places_named
from tickets.errors import StepMissing
from tickets.ticket import Event, State

PREFIX = "destruction:"


class Choice(StrEnum):
    """What a client wants done with their data."""

    DELETE = "delete"
    RETURN = "return"
    TRANSFER = "transfer"

    @property
    def label(self) -> Bilingual:
        """The choice in both languages."""
        return _CHOICES[self]


_CHOICES = {
    Choice.DELETE: Bilingual("删除", "delete"),
    Choice.RETURN: Bilingual("返还", "return"),
    Choice.TRANSFER: Bilingual("转移", "transfer"),
}


class Settled(StrEnum):
    """How a place where copies may lie was answered."""

    DESTROYED = "destroyed"
    NONE = "none"
    EXPIRES = "expires"


@dataclass(frozen=True)
class Notice:
    """The clients were told, or why they were not."""

    at: datetime
    clients: int
    channel: str
    wait_until: date | None
    without: str | None = None
    planned: date | None = None
    """The day of destruction the clients were told; nothing goes before it."""

    @property
    def over_from(self) -> date | None:
        """The first day after the waiting time; None where there is none."""
        return self.wait_until + timedelta(days=1) if self.wait_until else None


@dataclass(frozen=True)
class ClientChoice:
    """One client's choice; a return or transfer is done or still owed."""

    client: str
    choice: Choice
    done: bool
    records: tuple[int, ...] = ()
    """Of a closing project: the records that left the ticket for it, by number."""

    @property
    def label(self) -> Bilingual:
        """The choice and how far it is, in both languages."""
        said = self.choice.label
        if self.choice is Choice.DELETE:
            return said
        return (
            Bilingual(f"{said.zh}，已办", f"{said.en}, done")
            if self.done
            else Bilingual(f"{said.zh}，未办", f"{said.en}, still owed")
        )


@dataclass(frozen=True)
class Backup:
    """The backup read back with the hash expected, or why there is none."""

    at: datetime
    sha256: str | None = None
    size: int | None = None
    without: str | None = None


@dataclass(frozen=True)
class Target:
    """What the program itself erases: a file by its sealed path, a client's key, a record of its own."""

    name: str
    kind: str
    sha256: str = ""
    size: int = 0
    sealed: str = field(default="", repr=False)


@dataclass(frozen=True)
class Erased:
    """What became of a target."""

    at: datetime
    name: str
    details: Mapping[str, Any]


@dataclass(frozen=True)
class PlaceAnswer:
    """A place answered."""

    at: datetime
    outcome: Settled
    until: date | None
    note: str


@dataclass(frozen=True)
class Evidence:
    """A file of evidence, kept encrypted."""

    at: datetime
    file_id: str
    sha256: str
    size: int
    what: str


@dataclass(frozen=True)
class Correction:
    """A correction: an entry of its own, with its reason."""

    at: datetime
    person_id: str
    text: str
    reason: str


@dataclass(frozen=True)
class Dossier:
    """Everything on record of one destruction."""

    media: tuple[str, ...] = ()
    protection: int = 3
    targets: tuple[Target, ...] = ()
    appraised_by: str | None = None
    notice: Notice | None = None
    choices: Mapping[str, ClientChoice] = field(default_factory=dict)
    backup: Backup | None = None
    executor: str | None = None
    witness: str | None = None
    carried_out_at: datetime | None = None
    witnessed_at: datetime | None = None
    erased: tuple[Erased, ...] = ()
    places: Mapping[str, PlaceAnswer] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    corrections: tuple[Correction, ...] = ()
    resume: State | None = None
    serial: str | None = None

    @property
    def waiting(self) -> tuple[Target, ...]:
        """Targets not yet erased."""
        gone = {one.name for one in self.erased}
        return tuple(one for one in self.targets if one.name not in gone)

    @property
    def open_places(self) -> tuple[str, ...]:
        """Places not yet answered."""
        return tuple(name for name in destruction_data().places if name not in self.places)

    @property
    def owed(self) -> tuple[ClientChoice, ...]:
        """Returns and transfers not done yet."""
        return tuple(
            one for one in self.choices.values() if one.choice is not Choice.DELETE and not one.done
        )


def dossier(events: Iterable[Event]) -> Dossier:
    """The dossier as the timeline tells it, in order."""
    found = Dossier()
    for event in events:
        read = _READ.get(event.what.removeprefix(PREFIX))
        if read is not None and event.what.startswith(PREFIX):
            found = read(found, event)
    return found


def check_notice_over(found: Dossier, *, today: date) -> None:
    """Nothing, or StepMissing: the clients must have been told and their time be over."""
    if found.notice is None:
        raise StepMissing(
            "还没有通知客户，也没有写明不通知的理由。",
            "The clients have not been told, nor is it on record why not.",
        )
    day = found.notice.over_from
    if day is not None and today < day:
        raise StepMissing(
            f"通知的等待期还没有过，{day} 起才能继续。",
            f"The waiting time of the notice is not over; go on from {day}.",
        )


def check_day_told(found: Dossier, *, today: date) -> None:
    """Nothing, or StepMissing: nothing goes before the day of destruction the clients were told."""
    day = found.notice.planned if found.notice else None
    if day is not None and today < day:
        raise StepMissing(
            f"告知书写明的预定销毁日是 {day}，在这之前不能销毁。",
            f"The clients were told {day} as the day of destruction; nothing goes before it.",
        )


def check_ready(found: Dossier) -> None:
    """Nothing, or StepMissing: what must stand before anything is destroyed."""
    if found.backup is None:
        raise StepMissing(
            "销毁前要先登记并核验备份，或写明不备份的理由。",
            "Before destroying, have the backup verified or put on record why there is none.",
        )
    if found.owed:
        raise StepMissing(
            f"还有 {len(found.owed)} 位客户选择返还或转移，尚未办完。",
            f"{len(found.owed)} clients chose return or transfer and are still owed it.",
        )


def check_evidence(found: Dossier) -> None:
    """Nothing, or StepMissing: what must stand before the evidence counts as whole."""
    if found.waiting:
        raise StepMissing(
            f"还有 {len(found.waiting)} 项电子数据没有擦除完，请由执行人再运行一次“执行”。",
            f"{len(found.waiting)} electronic items are not erased yet; carry out once more.",
        )
    if found.witnessed_at is None:
        raise StepMissing("监销人还没有本人确认。", "The witness has not confirmed in person yet.")
    by_people = any(not destruction_data().media[name].program for name in found.media)
    if by_people and not found.evidence:
        raise StepMissing(
            "人工销毁的介质要有照片、回执等证据文件。",
            "Media destroyed by people need evidence on file: photographs, receipts.",
        )


def check_places(found: Dossier) -> None:
    """Nothing, or StepMissing: every place where copies may lie must be answered."""
    if found.open_places:
        named = places_named(found.open_places)
        raise StepMissing(f"还没有回答：{named.zh}。", f"Not answered yet: {named.en}.")


def _appraised(found: Dossier, event: Event) -> Dossier:
    told = event.details
    return replace(
        found,
        media=tuple(_texts(told["media"])),
        protection=int(str(told["protection"])),
        targets=tuple(Target(**one) for one in _maps(told["targets"])),
        appraised_by=event.person_id,
    )


def _noticed(found: Dossier, event: Event) -> Dossier:
    told = event.details
    return replace(
        found,
        notice=Notice(
            event.at,
            clients=int(str(told["clients"])),
            channel=str(told["channel"]),
            wait_until=_day(told["wait_until"]),
            without=_text(told.get("without")),
            planned=_day(told.get("planned")),
        ),
    )


def _chosen(found: Dossier, event: Event) -> Dossier:
    told = event.details
    one = ClientChoice(
        str(told["client"]),
        Choice(str(told["choice"])),
        bool(told["done"]),
        tuple(int(str(number)) for number in _list(told.get("records"))),
    )
    return replace(found, choices={**found.choices, one.client: one})


def _backed_up(found: Dossier, event: Event) -> Dossier:
    told = event.details
    size = told.get("size")
    return replace(
        found,
        backup=Backup(
            event.at,
            sha256=_text(told.get("sha256")),
            size=None if size is None else int(str(size)),
            without=_text(told.get("without")),
        ),
    )


def _carried_out(found: Dossier, event: Event) -> Dossier:
    witness = _text(event.details["witness"])
    return replace(found, executor=event.person_id, witness=witness, carried_out_at=event.at)


def _erased(found: Dossier, event: Event) -> Dossier:
    one = Erased(event.at, str(event.details["name"]), event.details)
    return replace(found, erased=(*found.erased, one))


def _witnessed(found: Dossier, event: Event) -> Dossier:
    return replace(found, witnessed_at=event.at)


def _settled(found: Dossier, event: Event) -> Dossier:
    told = event.details
    one = PlaceAnswer(
        event.at, Settled(str(told["outcome"])), _day(told["until"]), str(told["note"])
    )
    return replace(found, places={**found.places, str(told["place"]): one})


def _evidence(found: Dossier, event: Event) -> Dossier:
    told = event.details
    one = Evidence(
        event.at,
        file_id=str(told["file_id"]),
        sha256=str(told["sha256"]),
        size=int(str(told["size"])),
        what=str(told["what"]),
    )
    return replace(found, evidence=(*found.evidence, one))


def _corrected(found: Dossier, event: Event) -> Dossier:
    told = event.details
    one = Correction(event.at, event.person_id, str(told["text"]), str(told["reason"]))
    return replace(found, corrections=(*found.corrections, one))


def _held(found: Dossier, event: Event) -> Dossier:
    return replace(found, resume=State(str(event.details["resume"])))


def _released(found: Dossier, _event: Event) -> Dossier:
    return replace(found, resume=None)


def _certified(found: Dossier, event: Event) -> Dossier:
    return replace(found, serial=str(event.details["serial"]))


_READ = {
    "appraised": _appraised,
    "noticed": _noticed,
    "chosen": _chosen,
    "backed_up": _backed_up,
    "carried_out": _carried_out,
    "erased": _erased,
    "witnessed": _witnessed,
    "place_settled": _settled,
    "evidence_added": _evidence,
    "corrected": _corrected,
    "held": _held,
    "released": _released,
    "certified": _certified,
}


def _day(value: object) -> date | None:
    return date.fromisoformat(str(value)) if value else None


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else []


def _texts(value: object) -> Sequence[str]:
    return [str(one) for one in _list(value)]


def _maps(value: object) -> Sequence[dict[str, Any]]:
    return [one for one in _list(value) if isinstance(one, dict)]
