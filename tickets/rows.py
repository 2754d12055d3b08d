"""Deadlines and steps to rows and back."""

from datetime import timedelta

from records.language import Bilingual
from tickets.citation import Confidence
from tickets.clocks.deadlines import CountedFrom, Deadline, Outcome
from tickets.drafts.kinds import DraftKind
from tickets.playbooks.data import Step, StepRole
from tickets.tables import DeadlineRow, StepRow
from tickets.ticket import StepState, TicketStep


def deadline_row(ticket_id: str, position: int, one: Deadline) -> DeadlineRow:
    """The row of a deadline."""
    return DeadlineRow(
        ticket_id=ticket_id,
        position=position,
        clock_id=one.id,
        name_zh=one.name.zh,
        name_en=one.name.en,
        recipient_zh=one.recipient.zh,
        recipient_en=one.recipient.en,
        reason_zh=one.reason.zh,
        reason_en=one.reason.en,
        due_at=one.due_at,
        started_at=one.started_at,
        duty_id=one.duty_id,
        instrument=one.instrument,
        article=one.article,
        confidence=one.confidence.value,
        conditional=one.conditional,
        series=one.series,
        counted_from=one.counted_from.value,
        satisfied_at=one.satisfied_at,
        satisfied_by=one.satisfied_by,
        outcome=one.outcome.value if one.outcome else None,
        reference=one.reference,
    )


def deadline_of(row: DeadlineRow) -> Deadline:
    """The deadline of a row."""
    return Deadline(
        id=row.clock_id,
        name=Bilingual(row.name_zh, row.name_en),
        recipient=Bilingual(row.recipient_zh, row.recipient_en),
        due_at=row.due_at,
        started_at=row.started_at,
        duty_id=row.duty_id,
        instrument=row.instrument,
        article=row.article,
        confidence=Confidence(row.confidence),
        reason=Bilingual(row.reason_zh, row.reason_en),
        conditional=row.conditional,
        series=row.series,
        counted_from=CountedFrom(row.counted_from),
        satisfied_at=row.satisfied_at,
        satisfied_by=row.satisfied_by,
        outcome=Outcome(row.outcome) if row.outcome else None,
        reference=row.reference,
    )


def step_row(ticket_id: str, one: TicketStep) -> StepRow:
    """The row of a step."""
    step = one.step
    return StepRow(
        ticket_id=ticket_id,
        number=step.number,
        role=step.role.value,
        text_zh=step.text.zh,
        text_en=step.text.en,
        within_seconds=None if step.within is None else int(step.within.total_seconds()),
        duty_id=step.duty_id,
        instrument=step.instrument,
        article=step.article,
        evidence_zh=step.evidence.zh if step.evidence else None,
        evidence_en=step.evidence.en if step.evidence else None,
        due_at=one.due_at,
        state=one.state.value,
        by=one.by,
        at=one.at,
        note=one.note,
        owner=one.owner,
        draft=step.draft.value if step.draft else None,
    )


def step_of(row: StepRow) -> TicketStep:
    """The step of a row."""
    seconds, zh, en = row.within_seconds, row.evidence_zh, row.evidence_en
    return TicketStep(
        step=Step(
            number=row.number,
            role=StepRole(row.role),
            text=Bilingual(row.text_zh, row.text_en),
            within=None if seconds is None else timedelta(seconds=seconds),
            duty_id=row.duty_id,
            instrument=row.instrument,
            article=row.article,
            evidence=Bilingual(zh, en) if zh is not None and en is not None else None,
            draft=DraftKind(row.draft) if row.draft else None,
        ),
        due_at=row.due_at,
        state=StepState(row.state),
        by=row.by,
        at=row.at,
        note=row.note,
        owner=row.owner,
    )
