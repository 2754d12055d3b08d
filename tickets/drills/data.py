"""Drills as reviewed data: how a scenario opens, what comes in when, and what is expected."""

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from records.data_files import BadDataFile, Entry, load
from records.errors import NotFound, ProductError
from tickets.clocks.data import clocks
from tickets.clocks.deadlines import start
from tickets.data import Said
from tickets.drafts.kinds import DraftKind
from tickets.incidents.fact_values import read_facts
from tickets.incidents.grade import IncidentFacts, IncidentKind, Severity, grade
from tickets.playbooks.data import choose

FOLDER = Path(__file__).parent
PASS_PERCENT = 80
_ANY_DAY = datetime(2026, 1, 2, tzinfo=UTC)


class Inject(Entry):
    """Something that becomes known, so many minutes after the start."""

    at: int = Field(gt=0)
    from_: Said = Field(alias="from")
    text: Said


class ExpectedClock(Entry):
    """A clock to be met, so many minutes after the start at the latest."""

    id: str
    within: int = Field(gt=0)


class Expected(Entry):
    """What a good response does."""

    first_action_within: int = Field(gt=0)
    severity: Severity
    facts: dict[str, str]
    clocks: tuple[ExpectedClock, ...] = Field(min_length=1)
    wrong: tuple[str, ...] = Field(min_length=1)
    """Clocks that do not apply: reporting to their recipients would be a mistake."""
    steps: tuple[int, ...] = Field(min_length=1)
    drafts: tuple[DraftKind, ...]


class Scenario(Entry):
    """One drill."""

    id: str = Field(pattern=r"^[a-z-]+$")
    name: Said
    about: Said
    kind: IncidentKind
    minutes: int = Field(gt=0)
    opening: Said
    injects: tuple[Inject, ...] = Field(min_length=1)
    expect: Expected

    @property
    def length(self) -> timedelta:
        """How long the drill is meant to take."""
        return timedelta(minutes=self.minutes)

    def known_at_the_end(self) -> IncidentFacts:
        """The facts a good response has on record."""
        facts = read_facts(self.expect.facts)
        return IncidentFacts(self.kind, **facts)  # type: ignore[arg-type]  # read by name

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        times = [one.at for one in self.injects]
        if times != sorted(set(times)) or times[-1] >= self.minutes:
            raise ValueError("injects must follow each other, before the end")
        late = [one.id for one in self.expect.clocks if one.within > self.minutes]
        if late or self.expect.first_action_within > self.minutes:
            raise ValueError(f"expected after the end: {late}")
        try:
            facts = self.known_at_the_end()
        except ProductError as error:
            raise ValueError(error.message.en) from error
        if len(read_facts(self.expect.facts)) != len(self.expect.facts):
            raise ValueError("a fact nobody knows of")
        return self._check_rules(facts)

    def _check_rules(self, facts: IncidentFacts) -> Self:
        found = grade(facts).severity
        if found is not self.expect.severity:
            raise ValueError(f"these facts grade as {found}")
        running = {one.id for one in start(facts, found, aware_at=_ANY_DAY)}
        expected = {one.id for one in self.expect.clocks}
        if missing := expected - running:
            raise ValueError(f"these facts do not start {sorted(missing)}")
        if wrong := set(self.expect.wrong) & running:
            raise ValueError(f"called wrong, but it runs: {sorted(wrong)}")
        if unknown := set(self.expect.wrong) - {one.id for one in clocks()}:
            raise ValueError(f"no such clock: {sorted(unknown)}")
        if max(self.expect.steps) > len(choose(facts).steps):
            raise ValueError("the playbook has fewer steps")
        return self


def load_scenarios(folder: Path) -> tuple[Scenario, ...]:
    """The scenarios of a folder, or BadDataFile."""
    found = [load(path, Scenario) for path in sorted(folder.glob("*.yaml"))]
    if len({one.id for one in found}) != len(found):
        raise BadDataFile(folder, "a scenario exists twice")
    return tuple(found)


@cache
def scenarios() -> tuple[Scenario, ...]:
    """The scenarios shipped with the product, read at first use."""
    return load_scenarios(FOLDER)


def scenario(scenario_id: str) -> Scenario:
    """The scenario of that name. Raises NotFound naming them all."""
    found = next((one for one in scenarios() if one.id == scenario_id.strip()), None)
    if found is None:
        known = ", ".join(one.id for one in scenarios())
        raise NotFound(f"没有这个演练脚本。可用：{known}。", f"No such scenario. Known: {known}.")
    return found
