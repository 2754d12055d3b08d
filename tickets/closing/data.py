"""Routes, statutory steps and the twenty sections of a closing project, as reviewed data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from records.data_files import BadDataFile, Entry, load
from records.language import Bilingual
from tickets.citation import Confidence
from tickets.data import Said
from tickets.retention.facts import RecordKind

FOLDER = Path(__file__).parent


class Route(StrEnum):
    """The way a company ends, or does not end."""

    GENERAL = "general"
    SIMPLIFIED = "simplified"
    FORCED = "forced"
    BANKRUPTCY = "bankruptcy"
    BRANCH = "branch"
    ADDRESS_CHANGE = "address_change"

    @property
    def label(self) -> Bilingual:
        """The route in both languages."""
        return closing_data().routes[self].name

    @property
    def ends_the_holder(self) -> bool:
        """Whether nobody is left to keep client information afterwards."""
        return self not in (Route.ADDRESS_CHANGE, Route.BRANCH)


class Entity(StrEnum):
    """What is closed."""

    COMPANY = "company"
    PARTNERSHIP = "partnership"
    SOLE_PROPRIETORSHIP = "sole_proprietorship"
    COOPERATIVE = "cooperative"
    INDIVIDUAL_BUSINESS = "individual_business"
    BRANCH = "branch"

    @property
    def label(self) -> Bilingual:
        """The entity in both languages."""
        return closing_data().entities[self]


class KnownDay(StrEnum):
    """A day that periods of the plan run from."""

    DECIDED = "decided"
    CAUSE = "cause"
    GROUP_FORMED = "group_formed"
    LIQUIDATION_STARTED = "liquidation_started"
    CREDITORS_NOTIFIED = "creditors_notified"
    ANNOUNCED = "announced"
    LIQUIDATION_ENDED = "liquidation_ended"
    UNDERTAKING_PUBLISHED = "undertaking_published"
    APPLIED = "applied"
    REVOKED = "revoked"
    FORCED_ANNOUNCED = "forced_announced"
    BANKRUPTCY_ACCEPTED = "bankruptcy_accepted"
    BANKRUPTCY_ANNOUNCED = "bankruptcy_announced"
    BANKRUPTCY_ENDED = "bankruptcy_ended"
    EMPLOYMENT_ENDED = "employment_ended"
    ONLINE_STOP = "online_stop"
    MOVING = "moving"
    CHANGED = "changed"
    DEREGISTERED = "deregistered"

    @property
    def label(self) -> Bilingual:
        """The day in both languages."""
        return closing_data().days[self]

    @property
    def may_lie_ahead(self) -> bool:
        """Planned days may be given before they come; others only once they have happened."""
        return self in (KnownDay.MOVING, KnownDay.ONLINE_STOP, KnownDay.LIQUIDATION_STARTED)


class RouteData(Entry):
    """One route."""

    name: Said
    about: Said
    entities: tuple[Entity, ...] = Field(min_length=1)


class Question(Entry):
    """One question that leads to a route."""

    id: str = Field(pattern=r"^[a-z_]+$")
    ask: Said
    yes: Route
    no: Route | None = None


class RouteFile(Entry):
    """routes.yaml."""

    routes: dict[Route, RouteData]
    entities: dict[Entity, Said]
    questions: tuple[Question, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _leads_everywhere(self) -> Self:
        if set(self.routes) != set(Route) or set(self.entities) != set(Entity):
            raise ValueError("a route or an entity is missing")
        reached = {route for one in self.questions for route in (one.yes, one.no) if route}
        if reached != set(Route) or self.questions[-1].no is None:
            raise ValueError("the questions must lead to every route and to an end")
        return self


class StepCite(Entry):
    """The article of a step; without a duty it must be a statute that tests can read."""

    duty: str | None = Field(default=None, pattern=r"^OB-\d{3}$")
    instrument: str = Field(min_length=2)
    article: str
    in_force_since: date
    confidence: Confidence


class StatutoryStep(Entry):
    """One step the law asks for, for the entities it binds on each route."""

    id: str = Field(pattern=r"^[a-z-]+$")
    routes: dict[Route, tuple[Entity, ...]] = Field(min_length=1)
    when: Said | None = Field(default=None, alias="if")
    name: Said
    who: Said
    start: KnownDay | None = None
    after: int = Field(default=0, ge=0)
    days: int | None = Field(default=None, ge=0)
    months: int | None = Field(default=None, gt=0)
    years: int | None = Field(default=None, gt=0)
    bound: Literal["by", "wait", "before"] | None = None
    gives: KnownDay | None = None
    later: bool = False
    cite: StepCite
    proof: Said

    @model_validator(mode="after")
    def _counts_or_does_not(self) -> Self:
        figures = [one for one in (self.days, self.months, self.years) if one is not None]
        if (self.start is None) != (self.bound is None) or (self.start is None) == bool(figures):
            raise ValueError("start, bound and one figure go together")
        if len(figures) > 1:
            raise ValueError("one figure only")
        unverified = self.cite.confidence is Confidence.UNVERIFIED
        if unverified and "待核实" not in self.name.zh:
            raise ValueError("an unverified step must say 待核实")
        return self

    def binds(self, route: Route, entity: Entity) -> bool:
        """Whether the step belongs to this route for this entity."""
        return entity in self.routes.get(route, ())


class Part(Entry):
    """The part of the product that does a section."""

    zh: str
    en: str
    page: str = Field(pattern=r"^/")
    command: str = Field(pattern=r"^compliance ")


class Section(Entry):
    """One of the twenty sections."""

    number: int = Field(ge=1, le=20)
    name: Said
    ask: Said
    evidence: tuple[Said, ...] = Field(min_length=1)
    role: str
    part: Part
    duties: tuple[str, ...] = Field(min_length=1)
    skips: tuple[str, ...] = ()


class SectionFile(Entry):
    """sections.yaml."""

    roles: dict[str, Said]
    skips: dict[str, Said]
    sections: tuple[Section, ...]

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if [one.number for one in self.sections] != list(range(1, 21)):
            raise ValueError("sections 1 to 20, in order")
        for one in self.sections:
            if one.role not in self.roles or set(one.skips) - set(self.skips):
                raise ValueError(f"section {one.number} names an unknown role or reason")
        return self


class RecordFile(Entry):
    """records.yaml."""

    sensitive: tuple[RecordKind, ...]
    accounting: tuple[RecordKind, ...]
    columns: dict[str, tuple[str, ...]]


class _StepFile(Entry):
    steps: tuple[StatutoryStep, ...]


class _DayFile(Entry):
    facts: dict[KnownDay, Said]


@dataclass(frozen=True)
class ClosingData:
    """Everything the files say."""

    routes: Mapping[Route, RouteData]
    entities: Mapping[Entity, Bilingual]
    questions: tuple[Question, ...]
    days: Mapping[KnownDay, Bilingual]
    steps: tuple[StatutoryStep, ...]
    sections: tuple[Section, ...]
    roles: Mapping[str, Bilingual]
    skips: Mapping[str, Bilingual]
    records: RecordFile


def load_closing(folder: Path) -> ClosingData:
    """The files of a folder, or BadDataFile."""
    routes = load(folder / "routes.yaml", RouteFile)
    days = load(folder / "facts.yaml", _DayFile).facts
    steps = load(folder / "steps.yaml", _StepFile).steps
    parts = load(folder / "sections.yaml", SectionFile)
    if set(days) != set(KnownDay):
        raise BadDataFile(folder / "facts.yaml", "a day is missing")
    if len({one.id for one in steps}) != len(steps):
        raise BadDataFile(folder / "steps.yaml", "a step exists twice")
    for one in steps:
        for route, entities in one.routes.items():
            if set(entities) - set(routes.routes[route].entities):
                raise BadDataFile(folder / "steps.yaml", f"{one.id}: no such entity on {route}")
    return ClosingData(
        routes=routes.routes,
        entities=routes.entities,
        questions=routes.questions,
        days=days,
        steps=steps,
        sections=parts.sections,
        roles=parts.roles,
        skips=parts.skips,
        records=load(folder / "records.yaml", RecordFile),
    )


@cache
def closing_data() -> ClosingData:
    """The files shipped with the product, read at first use."""
    return load_closing(FOLDER)


def choose(answers: Mapping[str, bool]) -> Route | Question:
    """The route these answers lead to, or the question to ask next."""
    for one in closing_data().questions:
        if one.id not in answers:
            return one
        if answers[one.id]:
            return one.yes
        if one.no is not None:
            return one.no
    raise AssertionError("the last question decides both ways")
