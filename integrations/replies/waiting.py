"""What waits for a person, a line each with the page where it is done: first page and terminal."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from assistant.my_work import MyWork
from records.language import Bilingual
from tickets.notices.data import notice_rules

_CLOCK = Bilingual("时限", "clock")
_STEP = Bilingual("处置步骤", "step")
_APPROVE = Bilingual("待批准", "to approve")
_WITNESS = Bilingual("待确认监销", "to witness")
_ANSWER = Bilingual("待答复", "to answer")
_EXAM = Bilingual("考试", "exam")
_KEPT = Bilingual("保存期满", "kept long enough")


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing to do: what kind, where, what it is about, by when."""

    what: Bilingual
    href: str
    text: Bilingual
    due_at: datetime | None = None


def waiting(work: MyWork, *, clocks: bool = True) -> list[Waiting]:
    """Everything, what has a day first; without `clocks` where those of incidents stand elsewhere."""
    found = [*(_clocks(work) if clocks else ()), *_all(work)]
    return sorted(
        found, key=lambda one: (one.due_at is None, one.due_at.timestamp() if one.due_at else 0)
    )


def _clocks(work: MyWork) -> Iterator[Waiting]:
    for one in work.clocks:
        ticket, name = one.ticket, one.clock.name
        text = Bilingual(f"{ticket.id} {name.zh}", f"{ticket.id} {name.en}")
        yield Waiting(_CLOCK, f"/tickets/{ticket.id}", text, one.clock.due_at)


def _all(work: MyWork) -> Iterator[Waiting]:
    for ticket in work.approvals:
        yield Waiting(_APPROVE, f"/tickets/{ticket.id}", _same(f"{ticket.id} {ticket.title}"))
    for ticket in work.to_witness:
        yield Waiting(_WITNESS, f"/tickets/{ticket.id}", _same(f"{ticket.id} {ticket.title}"))
    for notice in work.notices:
        name = notice_rules(notice.wish.kind).name
        text = Bilingual(f"{notice.id} {name.zh}", f"{notice.id} {name.en}")
        yield Waiting(_APPROVE, f"/notices/{notice.id}", text)
    for step in work.steps:
        zh, en = step.step.step.text.zh, step.step.step.text.en
        text = Bilingual(f"{step.ticket.id} {zh}", f"{step.ticket.id} {en}")
        yield Waiting(_STEP, f"/tickets/{step.ticket.id}", text, step.step.due_at)
    for shown in work.entry_approvals:
        yield Waiting(_APPROVE, _entry(shown.kind.id, shown.entry.id), _same(shown.entry.id))
    for one in work.entries:
        kind, number, name = one.shown.kind, one.shown.entry.id, one.clock.name
        text = Bilingual(f"{number} {name.zh}", f"{number} {name.en}")
        yield Waiting(kind.name, _entry(kind.id, number), text, one.clock.due_at)
    for question in work.to_answer:
        yield Waiting(_ANSWER, "/questions", _same(question.question))
    for exam in work.exams:
        yield Waiting(_EXAM, "/training", _same(exam.rules.title), exam.due_at)
    for kept in work.kept:
        text = Bilingual(f"{kept.subject} {kept.name.zh}", f"{kept.subject} {kept.name.en}")
        yield Waiting(_KEPT, "/kept", text)


def _entry(kind: str, number: str) -> str:
    return f"/registers/{kind}/{number}"


def _same(text: str) -> Bilingual:
    return Bilingual(text, text)
