"""The grades of incidents as reviewed data: thresholds, cautions, questions and sentences."""

from functools import cache
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from records.data_files import Entry, load
from tickets.citation import Citation, Confidence
from tickets.data import Cited, Said
from tickets.incidents.facts import COUNTS, IncidentFacts, Severity

GRADING_FILE = Path(__file__).parent / "grading.yaml"


class Row(Entry):
    """A line of the annex: from this figure on, at least this grade."""

    fact: str
    severity: Severity
    at_least: int = Field(gt=0)
    place: Said
    confidence: Confidence


class Caution(Entry):
    """A fact that gives at least this grade by our own caution."""

    severity: Severity
    said: Said


class Question(Entry):
    """How a fact is asked for; `measured` says its figure, `only_if` when it makes sense."""

    ask: Said
    measured: Said | None = None
    only_if: str | None = None


class Reasons(Entry):
    """The sentences of a grading."""

    reached: Said
    draft_only: Said
    below: Said
    unknown: Said
    sensitive: Said
    sensitive_unknown: Said
    minors: Said
    not_network: Said
    not_a_breach: Said


class WouldRaise(Entry):
    """The sentences about what would raise a grade."""

    figure: Said
    draft_mark: Said
    fact: Said


class GradingFile(Entry):
    """grading.yaml."""

    cite: Cited
    rows: tuple[Row, ...]
    caution: dict[str, Caution]
    questions: dict[str, Question]
    reasons: Reasons
    would_raise: WouldRaise

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        facts = set(IncidentFacts.__dataclass_fields__)
        if set(self.questions) != facts:
            raise ValueError(f"questions and facts differ: {set(self.questions) ^ facts}")
        measured = {name for name, one in self.questions.items() if one.measured}
        if not {row.fact for row in self.rows} == measured == COUNTS:
            raise ValueError("every figure needs rows and a measured sentence, and nothing else")
        if not set(self.caution) <= facts:
            raise ValueError("a caution names no fact")
        return self

    def rows_of(self, fact: str) -> tuple[Row, ...]:
        """The rows of a figure, gravest first."""
        return tuple(
            sorted((r for r in self.rows if r.fact == fact), key=lambda r: -r.severity.rank)
        )

    def citation(self, confidence: Confidence) -> Citation:
        """The annex, as sure as the row."""
        return self.cite.model_copy(update={"confidence": confidence}).citation()


@cache
def grading_data() -> GradingFile:
    """The file, read at first use."""
    return load(GRADING_FILE, GradingFile)
