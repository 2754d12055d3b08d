"""Playbooks: the ordered steps for a kind of incident, reviewed as data."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from records.data_files import BadDataFile, Entry, load
from records.language import Bilingual
from tickets.data import Said
from tickets.drafts.kinds import DraftKind
from tickets.incidents.facts import IncidentFacts, IncidentKind

FOLDER = Path(__file__).parent


class StepRole(StrEnum):
    """Who takes a step."""

    REPORTER = "reporter"
    RESPONDER = "responder"
    IT = "it"
    OFFICER = "officer"
    LEGAL = "legal"
    COMMUNICATIONS = "communications"

    @property
    def label(self) -> Bilingual:
        """The role in both languages."""
        return _ROLES[self]


_ROLES = {
    StepRole.REPORTER: Bilingual("发现人", "the person who noticed"),
    StepRole.RESPONDER: Bilingual("事件负责人", "incident responder"),
    StepRole.IT: Bilingual("信息技术", "IT"),
    StepRole.OFFICER: Bilingual("合规负责人", "compliance officer"),
    StepRole.LEGAL: Bilingual("法务", "legal"),
    StepRole.COMMUNICATIONS: Bilingual("对外沟通", "communications"),
}


@dataclass(frozen=True)
class Step:
    """One step of a playbook; `within` counts from the moment of awareness."""

    number: int
    role: StepRole
    text: Bilingual
    within: timedelta | None = None
    duty_id: str | None = None
    instrument: str | None = None
    article: str | None = None
    evidence: Bilingual | None = None
    draft: DraftKind | None = None


@dataclass(frozen=True)
class Playbook:
    """Ordered steps for a kind of incident; the first is practical and needs no confirmation."""

    id: str
    name: Bilingual
    kinds: tuple[IncidentKind, ...]
    steps: tuple[Step, ...]


class DutyRef(Entry):
    """The duty a step serves."""

    id: str = Field(pattern=r"^OB-\d{3}$")
    instrument: str
    article: str | None = None


class StepData(Entry):
    """A step in a file: written out, or the name of a shared one."""

    use: str | None = None
    role: StepRole | None = None
    text: Said | None = None
    within_minutes: int | None = Field(default=None, gt=0)
    duty: DutyRef | None = None
    evidence: Said | None = None
    draft: DraftKind | None = None

    @model_validator(mode="after")
    def _is_one_or_the_other(self) -> Self:
        written = (self.role, self.text, self.within_minutes, self.duty, self.evidence)
        if self.use is None and None in written:
            raise ValueError("a step needs role, text, within_minutes, duty, evidence; or use")
        if self.use is not None and self.model_fields_set != {"use"}:
            raise ValueError("a step with use says nothing else")
        return self


class SharedFile(Entry):
    """shared.yaml."""

    steps: dict[str, StepData]


class PlaybookData(Entry):
    """A playbook in a file."""

    id: str = Field(pattern=r"^[a-z-]+$")
    name: Said
    kinds: tuple[IncidentKind, ...] = Field(min_length=1)
    steps: tuple[StepData, ...] = Field(min_length=6, max_length=9)


class PlaybookFile(Entry):
    """A file of playbooks."""

    playbooks: tuple[PlaybookData, ...]


def load_playbooks(folder: Path) -> tuple[Playbook, ...]:
    """Every playbook of a folder; each kind of incident has exactly one, or BadDataFile."""
    shared = load(folder / "shared.yaml", SharedFile).steps
    found: dict[IncidentKind, Playbook] = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.name == "shared.yaml":
            continue
        for data in load(path, PlaybookFile).playbooks:
            playbook = _playbook(data, shared, path)
            for kind in data.kinds:
                if kind in found:
                    raise BadDataFile(path, f"{kind} has two playbooks")
                found[kind] = playbook
    if absent := set(IncidentKind) - set(found):
        raise BadDataFile(folder, f"no playbook for {', '.join(sorted(absent))}")
    return tuple(dict.fromkeys(found[kind] for kind in IncidentKind))


def _playbook(data: PlaybookData, shared: dict[str, StepData], path: Path) -> Playbook:
    if data.steps[0].use is not None:
        raise BadDataFile(path, f"{data.id}: the first step must be its own")
    steps = []
    for index, one in enumerate(data.steps, start=1):
        if one.use is not None and one.use not in shared:
            raise BadDataFile(path, f"{data.id}: no shared step {one.use}")
        steps.append(_step(index, shared[one.use] if one.use else one))
    return Playbook(id=data.id, name=data.name, kinds=data.kinds, steps=tuple(steps))


def _step(number: int, data: StepData) -> Step:
    if data.role is None or data.text is None:
        raise ValueError("a shared step must be written out")
    minutes = data.within_minutes
    return Step(
        number=number,
        role=data.role,
        text=data.text,
        within=None if minutes is None else timedelta(minutes=minutes),
        duty_id=data.duty.id if data.duty else None,
        instrument=data.duty.instrument if data.duty else None,
        article=data.duty.article if data.duty else None,
        evidence=data.evidence,
        draft=data.draft,
    )


@cache
def playbooks() -> tuple[Playbook, ...]:
    """The playbooks shipped with the product, read at first use."""
    return load_playbooks(FOLDER)


def choose(facts: IncidentFacts) -> Playbook:
    """The playbook for the kind of incident."""
    return next(one for one in playbooks() if facts.kind in one.kinds)
