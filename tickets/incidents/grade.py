"""Incidents: the facts a report states, and the grade they give.

The grades follow the annex to 国家网络安全事件报告管理办法, row by row (`incidents/grading.yaml`, which says
how far each row was checked). An unknown head count grades as general, provisionally; the clocks
of larger incidents are then shown as conditional.
"""

from dataclasses import dataclass

from records.language import Bilingual
from tickets.citation import Confidence
from tickets.data import Said
from tickets.incidents.facts import Grading, IncidentFacts, IncidentKind, Severity
from tickets.incidents.grading_data import GradingFile, Question, Row, grading_data
from tickets.incidents.text import facts_from_text

__all__ = ["Grading", "IncidentFacts", "IncidentKind", "Severity", "facts_from_text", "grade"]


@dataclass(frozen=True)
class _Ground:
    """Something that gives at least this grade."""

    severity: Severity
    said: Bilingual
    confidence: Confidence
    judged: bool = False


def grade(facts: IncidentFacts) -> Grading:
    """The severity with its reasons, the rows that give it, and what would raise it."""
    data = grading_data()
    grounds = _grounds(facts, data) if facts.kind.is_breach else []
    severity = max((one.severity for one in grounds), key=lambda s: s.rank, default=_LOWEST)
    deciding = [one for one in grounds if one.severity is severity]
    confidence = min((one.confidence for one in deciding), key=_ORDER.index, default=_READ)
    unsure = bool(deciding) and all(
        one.judged or one.confidence is Confidence.UNVERIFIED for one in deciding
    )
    return Grading(
        severity=severity,
        reasons=tuple(_reasons(facts, grounds, data)),
        citations=(data.citation(confidence),),
        confidence=confidence,
        provisional=facts.kind.is_breach and (unsure or _may_rise(facts, severity)),
        would_raise=tuple(_would_raise(facts, severity, data)),
    )


def _may_rise(facts: IncidentFacts, severity: Severity) -> bool:
    return facts.people is None and severity is not Severity.EXTREME


def questions(facts: IncidentFacts) -> dict[str, Question]:
    """What may be asked of such an incident, in order; each may be left unanswered."""
    return {
        name: one
        for name, one in grading_data().questions.items()
        if one.only_if is None or getattr(facts, one.only_if)
    }


_LOWEST, _ORDER, _READ = Severity.GENERAL, tuple(Confidence), Confidence.VERIFIED_SECONDARY


def _grounds(facts: IncidentFacts, data: GradingFile) -> list[_Ground]:
    found = []
    for name in _figures(facts):
        value = getattr(facts, name)
        row = next(
            (r for r in data.rows_of(name) if value is not None and value >= r.at_least), None
        )
        if row is not None:
            found.append(_Ground(row.severity, _reached(row, value, data), row.confidence))
    for name, caution in data.caution.items():
        if getattr(facts, name):
            judged = name == "important_data"
            found.append(_Ground(caution.severity, caution.said, _READ, judged=judged))
    return found


def _figures(facts: IncidentFacts) -> list[str]:
    """The figures that count for such an incident: outages only of critical infrastructure."""
    return [name for name, one in questions(facts).items() if one.measured]


def _reached(row: Row, value: int, data: GradingFile) -> Bilingual:
    said = _fill(
        data.reasons.reached,
        measured=_measured(row.fact, value, data),
        grade=row.severity.label,
        threshold=_plain(f"{row.at_least:,}"),
        place=row.place,
    )
    if row.confidence is not Confidence.UNVERIFIED:
        return said
    draft = data.reasons.draft_only
    return Bilingual(f"{said.zh}{draft.zh}", f"{said.en} {draft.en}")


def _reasons(facts: IncidentFacts, grounds: list[_Ground], data: GradingFile) -> list[Bilingual]:
    reasons = data.reasons
    if not facts.kind.is_breach:
        return [reasons.not_a_breach]
    said = [one.said for one in grounds]
    lowest = data.rows_of("people")[-1].at_least
    if facts.people is None:
        said.insert(0, reasons.unknown)
    elif facts.people < lowest:
        measured, figure = _measured("people", facts.people, data), _plain(f"{lowest:,}")
        said.insert(0, _fill(reasons.below, measured=measured, threshold=figure))
    if facts.sensitive is not False:
        said.append(reasons.sensitive if facts.sensitive else reasons.sensitive_unknown)
    if facts.minors:
        said.append(reasons.minors)
    if facts.kind is IncidentKind.LOST_PAPER:
        said.append(reasons.not_network)
    return said


def _would_raise(facts: IncidentFacts, now: Severity, data: GradingFile) -> list[Bilingual]:
    """For each fact, the nearest thing that would give a higher grade than now."""
    if not facts.kind.is_breach:
        return []
    said = []
    for name in _figures(facts):
        higher = [row for row in data.rows_of(name) if row.severity.rank > now.rank]
        if higher:
            row, mark = higher[-1], Bilingual("", "")
            if row.confidence is Confidence.UNVERIFIED:
                mark = data.would_raise.draft_mark
            measured = _measured(name, row.at_least, data)
            place = Bilingual(row.place.zh + mark.zh, row.place.en + mark.en)
            grade_ = row.severity.label
            said.append(
                _fill(data.would_raise.figure, measured=measured, grade=grade_, place=place)
            )
    for name, caution in data.caution.items():
        if not getattr(facts, name) and caution.severity.rank > now.rank:
            asked, grade_ = data.questions[name].ask, caution.severity.label
            said.append(_fill(data.would_raise.fact, question=asked, grade=grade_))
    return said


def _measured(fact: str, value: int, data: GradingFile) -> Bilingual:
    measured = data.questions[fact].measured
    if measured is None:
        raise ValueError(f"{fact} is no figure")
    return _fill(measured, n=_plain(f"{value:,}"))


def _fill(said: Said, **parts: Bilingual) -> Bilingual:
    return Bilingual(
        said.zh.format(**{name: one.zh for name, one in parts.items()}),
        said.en.format(**{name: one.en for name, one in parts.items()}),
    )


def _plain(text: str) -> Bilingual:
    return Bilingual(text, text)
