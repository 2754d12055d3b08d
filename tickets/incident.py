"""Incidents: the facts a report states, and the grade they give.

The grades follow the annex to 国家网络安全事件报告管理办法 as our duties record it (read in
summaries only: every grading carries that confidence). An unknown head count grades as general,
provisionally; the clocks of larger incidents are then shown as conditional.
"""

from functools import cache
from pathlib import Path

from records.data_files import Entry, load
from records.language import Bilingual
from tickets.data import Cited, Said
from tickets.incident_facts import Grading, IncidentFacts, IncidentKind, Severity
from tickets.incident_text import facts_from_text

__all__ = ["Grading", "IncidentFacts", "IncidentKind", "Severity", "facts_from_text", "grade"]

_GRADING_FILE = Path(__file__).parent / "incidents" / "grading.yaml"


class Threshold(Entry):
    """From how many people a grade begins."""

    severity: Severity
    people: int


class Reasons(Entry):
    """The sentences of a grading."""

    by_people: Said
    below: Said
    unknown: Said
    critical_infrastructure: Said
    sensitive: Said
    sensitive_unknown: Said
    minors: Said
    not_network: Said
    not_a_breach: Said


class GradingFile(Entry):
    """grading.yaml."""

    cite: Cited
    thresholds: tuple[Threshold, ...]
    reasons: Reasons


@cache
def _grading() -> GradingFile:
    return load(_GRADING_FILE, GradingFile)


def grade(facts: IncidentFacts) -> Grading:
    """The severity with its reasons, the rule and how far the rule was checked."""
    data = _grading()
    severity, reasons = _by_people(facts, data)
    if facts.critical_infrastructure and severity.rank < Severity.LARGER.rank:
        severity = Severity.LARGER
    citation = data.cite.citation()
    return Grading(
        severity=severity,
        reasons=(*reasons, *_further(facts, data.reasons)),
        citations=(citation,),
        confidence=citation.confidence,
        provisional=facts.people is None and facts.kind.is_breach,
    )


def _by_people(facts: IncidentFacts, data: GradingFile) -> tuple[Severity, tuple[Bilingual, ...]]:
    if not facts.kind.is_breach:
        return Severity.GENERAL, (data.reasons.not_a_breach,)
    if facts.people is None:
        return Severity.GENERAL, (data.reasons.unknown,)
    for step in sorted(data.thresholds, key=lambda one: -one.people):
        if facts.people >= step.people:
            return step.severity, (_fill(data.reasons.by_people, facts.people, step),)
    return Severity.GENERAL, (_fill(data.reasons.below, facts.people, None),)


def _fill(said: Bilingual, people: int, step: Threshold | None) -> Bilingual:
    label = step.severity.label if step else Bilingual("", "")
    threshold = f"{step.people:,}" if step else ""
    return Bilingual(
        said.zh.format(people=f"{people:,}", grade=label.zh, threshold=threshold),
        said.en.format(people=f"{people:,}", grade=label.en, threshold=threshold),
    )


def _further(facts: IncidentFacts, reasons: Reasons) -> tuple[Bilingual, ...]:
    said: list[Bilingual] = []
    if facts.critical_infrastructure:
        said.append(reasons.critical_infrastructure)
    if facts.kind.is_breach and facts.sensitive is not False:
        said.append(reasons.sensitive if facts.sensitive else reasons.sensitive_unknown)
    if facts.minors:
        said.append(reasons.minors)
    if facts.kind is IncidentKind.LOST_PAPER:
        said.append(reasons.not_network)
    return tuple(said)
