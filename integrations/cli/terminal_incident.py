"""The course of an incident as a terminal shows it: what commands name steps and clocks by, and the timeline."""

from rich.console import Console

from assistant.tickets_view import TicketView
from integrations.cli.session import with_names
from records.beijing import to_the_minute
from records.language import Bilingual, Language
from tickets.incidents.event_names import INCIDENT_EVENTS
from tickets.ticket import StepState

console = Console()

_STEPS = Bilingual("步骤（incident step 编号 第几步）", "Steps (incident step NUMBER STEP)")
_CLOCKS = Bilingual(
    "未了结的时限（incident clock 编号 时限）", "Open clocks (incident clock NUMBER CLOCK)"
)
_TIMELINE = Bilingual("经过", "Timeline")
_MARKS = {StepState.TAKEN: "✓", StepState.SKIPPED: "–", StepState.WAITING: "·"}


def show_course(view: TicketView, language: Language) -> None:
    """Every step by its number, every open clock by its key, and what happened, oldest first."""
    ticket, colon = view.ticket, "：" if language is Language.ZH else ": "
    steps = [
        f"{_MARKS[one.state]} {one.step.number}. {one.owner or one.step.role.label.pick(language)}{colon}"
        f"{one.step.text.pick(language)}{f' —— {one.note}' if one.note else ''}"
        for one in ticket.steps
    ]
    clocks = [
        f"· {one.key}  {one.name.pick(language)}"
        for one in ticket.deadlines
        if one.satisfied_at is None
    ]
    events = []
    for event in view.timeline:
        name = INCIDENT_EVENTS.get(event.what, Bilingual(event.what, event.what)).pick(language)
        parts = (event.details.get(f"about_{language}"), event.details.get("text"))
        said = " / ".join(str(part) for part in parts if part)
        at = to_the_minute(event.at)
        events.append(f"{at}  {event.person_id}  {name}{f'{colon}{said}' if said else ''}")
    for heading, lines in ((_STEPS, steps), (_CLOCKS, clocks), (_TIMELINE, events)):
        if lines:
            console.print(heading.pick(language), style="bold", highlight=False)
        for line in lines:
            console.print(f"  {with_names(line)}", markup=False, highlight=False, soft_wrap=True)
