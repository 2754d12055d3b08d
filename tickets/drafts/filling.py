"""Drafts for an incident: reports to the regulator, the notice to individuals, an internal update.

Templates a lawyer can read (`drafts/*.md.j2`), filled from the ticket and from what the writer adds.
An element nobody gave stands in the draft as 【待补充】 and is named; a draft is sent by people.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path

from docx import Document
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from records.beijing import to_the_minute
from records.data_files import Entry, load
from records.errors import BadInput
from records.language import Bilingual
from tickets.clocks.deadlines import Outcome
from tickets.data import Cited, Said
from tickets.drafts.kinds import DraftKind
from tickets.incidents.facts import Severity
from tickets.incidents.review import review_of
from tickets.playbooks.data import playbooks
from tickets.ticket import StepState, Ticket

__all__ = ["Draft", "DraftKind", "as_docx", "draft", "draft_file"]

FOLDER = Path(__file__).parent
LONGEST_ELEMENT = 4000
# What is written down once with the incident for every draft and notice that asks for it.
DESCRIBED = {
    "unit": Bilingual("单位名称和涉事系统", "the organisation and the system concerned"),
    "data": Bilingual("涉及的信息种类", "which data"),
    "cause": Bilingual("原因", "cause"),
    "harm": Bilingual("已造成和可能造成的危害", "actual and likely harm"),
    "self_help": Bilingual("个人可以采取的减轻危害的措施", "what you can do to reduce harm"),
    "responsibility": Bilingual("责任人和责任认定", "who is responsible"),
}
MISSING = "【待补充：{name} / to be added】"
DRILL = "【演练，不是真实事件，不得发送 / DRILL, not real, do not send】"


class DraftData(Entry):
    """What one draft must say."""

    cite: str
    elements: dict[str, Said]


class DraftFile(Entry):
    """elements.yaml."""

    cite: dict[str, Cited]
    drafts: dict[DraftKind, DraftData]


@dataclass(frozen=True)
class Element:
    """One thing the draft must say, and what it says."""

    name: Bilingual
    text: str


@dataclass(frozen=True)
class Draft:
    """The text, and the elements it must not go out without."""

    kind: DraftKind
    text: str
    missing: tuple[Bilingual, ...]


@cache
def draft_file() -> DraftFile:
    """The elements of every draft, read at first use."""
    return load(FOLDER / "elements.yaml", DraftFile)


@cache
def _templates() -> Environment:
    # Plain text and Word, never markup: nothing to escape.
    return Environment(
        loader=FileSystemLoader(FOLDER),
        undefined=StrictUndefined,
        trim_blocks=True,
        autoescape=False,  # noqa: S701
    )


def draft(ticket: Ticket, kind: DraftKind, given: Mapping[str, str], *, contact: str = "") -> Draft:
    """The draft filled from the ticket, its review, the company's `contact` and what was given.

    Raises BadInput for an unknown element.
    """
    file = draft_file()
    data = file.drafts[kind]
    if unknown := sorted(set(given) - set(data.elements)):
        known = ", ".join(data.elements)
        raise BadInput(
            f"这份文书没有 {len(unknown)} 个所给要素。可用：{known}。",
            f"{len(unknown)} elements given are not of this draft. Known: {known}.",
        )
    if any(len(text) > LONGEST_ELEMENT for text in given.values()):
        raise BadInput("要素太长，请精简。", "An element is too long.")
    review = {name: text for name, text in _from_review(ticket).items() if text}
    filled = {"contact": contact, **described(ticket), **_from_ticket(ticket, kind), **review}
    texts = {**filled, **{name: text.strip() for name, text in given.items()}}
    elements = [
        Element(name, texts.get(key) or MISSING.format(name=name.zh))
        for key, name in data.elements.items()
    ]
    template = "individuals" if kind is DraftKind.INDIVIDUALS else "report"
    text = (
        _templates()
        .get_template(f"{template}.md.j2")
        .render(
            title=kind.label,
            ticket=ticket,
            aware=_moment(datetime.fromisoformat(str(ticket.facts["aware_at"]))),
            severity=Severity(str(ticket.facts["severity"])).label,
            provisional=bool(ticket.facts.get("provisional")),
            playbook=next(one.name for one in playbooks() if one.id == ticket.facts["playbook"]),
            elements=elements,
            clocks=_clocks(ticket),
            cite=file.cite[data.cite],
        )
    )
    return Draft(
        kind=kind,
        text=f"{DRILL}\n\n{text}\n{DRILL}\n" if ticket.drill else text,
        missing=tuple(name for key, name in data.elements.items() if not texts.get(key)),
    )


def described(ticket: Ticket) -> dict[str, str]:
    """What was written down of the incident for drafts and notices."""
    found = ticket.facts.get("described")
    return {name: str(text) for name, text in found.items()} if isinstance(found, dict) else {}


def _from_ticket(ticket: Ticket, kind: DraftKind) -> dict[str, str]:
    people = ticket.facts.get("people")
    # What was noted with a step is for colleagues and regulators.
    noted = kind is not DraftKind.INDIVIDUALS
    measures = [
        f"- {_moment(one.at)} {one.step.text.zh}"
        + (f"（{one.note}）" if noted and one.note else "")
        for one in ticket.steps
        if one.state is StepState.TAKEN and one.at is not None
    ]
    waiting = [
        f"- {one.step.text.zh}" + (f"（{_moment(one.due_at)} 前）" if one.due_at else "")
        for one in ticket.steps
        if one.state is StepState.WAITING
    ]
    return {
        "people": f"{people:,}" if isinstance(people, int) else "",
        "measures": "\n".join(measures),
        "next": "\n".join(waiting),
    }


def _from_review(ticket: Ticket) -> dict[str, str]:
    review = review_of(ticket)
    if review is None:
        return {}
    remedies = [
        f"- {one.text}（{f'{_moment(one.done_at)} 完成' if one.done_at else f'期限 {one.due_on}'}）"
        for one in review.actions
    ]
    return {"cause": review.cause, "remedies": "\n".join(remedies), "lessons": review.better}


def _clocks(ticket: Ticket) -> list[str]:
    lines = []
    for one in ticket.deadlines:
        if one.outcome in (Outcome.SUPERSEDED, Outcome.NOT_APPLICABLE):
            continue
        due = f"{_moment(one.due_at)} 前" if one.due_at else "立即" if one.at_once else "待起算"
        ended = f"；{_moment(one.satisfied_at)} 了结：{one.reference}" if one.satisfied_at else ""
        lines.append(f"{one.name.zh}（{one.recipient.zh}）：{due}{ended}")
    return lines


def _moment(value: datetime) -> str:
    return to_the_minute(value)


def as_docx(text: str, *, drill: bool) -> bytes:
    """The draft as a Word document; a drill says so at the head of every page."""
    document = Document()
    document.styles["Normal"].font.name = "SimSun"
    if drill:
        document.sections[0].header.paragraphs[0].text = DRILL
    for block in text.splitlines():
        if block.startswith("# "):
            document.add_heading(block[2:], level=1)
        elif block.startswith("## "):
            document.add_heading(block[3:], level=2)
        elif block.startswith("- "):
            document.add_paragraph(block[2:], style="List Bullet")
        elif block.strip():
            document.add_paragraph(block)
    out = BytesIO()
    document.save(out)
    return out.getvalue()
