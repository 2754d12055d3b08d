"""A destruction as a terminal shows it: where it stands, what is on record, what comes next."""

from rich.console import Console

from assistant.destruction.steps import Destruction
from integrations.cli.session import with_names
from integrations.replies.destruction import next_step, on_record
from records.language import Language

console = Console()


def show_destruction(found: Destruction, language: Language) -> None:
    """Number, state, what is on record, and the next step."""
    ticket = found.ticket
    console.print(
        f"{ticket.id}  {ticket.state.label.pick(language)}", style="bold", highlight=False
    )
    console.print(ticket.title, markup=False, highlight=False)
    for line in on_record(found):
        console.print(f"  · {with_names(line.pick(language))}", markup=False, highlight=False)
    console.print(f"→ {next_step(found).pick(language)}", markup=False, style="cyan")
