"""Acts: what a press or a filled-in form does, the same at every door that has something to press."""

from integrations.acts import (
    destructions,
    entries,
    exams,
    files,
    incidents,
    keeping,
    notices,
    practice,
    questions,
    tickets,
)
from integrations.acts.model import Act, Wish

ACTS: dict[str, Act] = {
    **questions.ACTS,
    **incidents.ACTS,
    **destructions.ACTS,
    **tickets.ACTS,
    **entries.ACTS,
    **files.ACTS,
    **practice.ACTS,
    **exams.ACTS,
    **keeping.ACTS,
    **notices.ACTS,
}

__all__ = ["ACTS", "Act", "Wish"]
