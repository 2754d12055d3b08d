"""`compliance redact FOLDER --out TARGET [--engine ray]`: many files, with rate and remaining time."""

import typer
from rich.console import Console
from rich.table import Table

from assistant.app import App
from assistant.redaction.redact_folder import redact_folder
from integrations.cli.output import print_json
from integrations.cli.scan import rate_bar
from pii.inventory import STATES, State
from records.errors import BadInput
from records.language import Language
from records.people import Person


def show_bulk(
    app: App,
    person: Person,
    source: str,
    target: str,
    policy: str,
    engine: str,
    workers: int,
    language: Language,
    *,
    as_json: bool,
) -> None:
    """Redact a folder and show what became of it. Ends with 2 where files were left."""
    if not target:
        raise BadInput(
            "整个文件夹要用 --out 写明结果放在哪里。", "For a whole folder, say where by --out."
        )
    with rate_bar() as progress:
        done = redact_folder(
            app,
            person,
            source,
            target,
            progress=progress,
            policy=policy,
            engine=engine,
            workers=workers,
        )
    if as_json:
        print_json(done)
    else:
        zh = language is Language.ZH
        table = Table("结果" if zh else "Outcome", "文件" if zh else "Files")
        for state, count in sorted(done.states.items(), key=lambda one: -one[1]):
            said = "已脱敏" if zh else "redacted"
            name = said if state is State.READ else STATES[state].pick(language)
            table.add_row(name, f"{count:,}")
        table.add_row("其中已处理过" if zh else "of these done before", f"{done.known_before:,}")
        console = Console()
        console.print(table)
        console.print(f"→ {done.folder}", markup=False, highlight=False, soft_wrap=True)
    if set(done.states) - {State.READ}:
        raise typer.Exit(2)
