"""Registers as a terminal shows them."""

from collections.abc import Iterable
from datetime import datetime

from rich.console import Console
from rich.table import Table

from assistant.registers.read_registers import EntryView, Listed, Tally
from integrations.cli.session import with_names
from integrations.replies.entries import clock_line, event_line, later_line
from integrations.replies.wording import day
from records.language import Bilingual, Language
from tickets.registers.kinds import Kind
from tickets.ticket import Json

console = Console()


def show_kinds(found: Iterable[Kind], language: Language) -> None:
    """Every kind with what it is for."""
    for one in found:
        console.print(f"{one.id}  {one.name.pick(language)}", style="bold", highlight=False)
        console.print(f"  {one.about.pick(language)}", markup=False, highlight=False)


def show_kind(kind: Kind, language: Language) -> None:
    """The fields of a kind and its ways from state to state."""
    console.print(f"{kind.id}  {kind.name.pick(language)}", style="bold", highlight=False)
    for field in kind.fields:
        mark = "*" if field.required else " "
        named = (f"{option} {name.pick(language)}" for option, name in field.options.items())
        options = f" ({', '.join(named)})" if field.options else ""
        line = f"{mark} {field.id}: {field.name.pick(language)} [{field.type}]{options}"
        console.print(line, markup=False, highlight=False)
    for state in kind.states:
        ways = ", ".join(f"{one.to} ({one.name.pick(language)})" for one in state.moves)
        line = f"  {state.id} ({state.name.pick(language)}) → {ways or '■'}"
        console.print(line, markup=False, highlight=False)


def show_tallies(tallies: Iterable[Tally], language: Language) -> None:
    """Every register in numbers."""
    zh = language is Language.ZH
    heads = ("台账", "名称", "未办结", "逾期", "七日内到期", "已办结")
    named = ("register", "name", "open", "overdue", "due in a week", "closed")
    table = Table(*(heads if zh else named))
    for one in tallies:
        late = f"[red]{one.overdue}[/red]" if one.overdue else "0"
        counts = (str(one.open), late, str(one.due_soon), str(one.closed))
        table.add_row(one.kind.id, one.kind.name.pick(language), *counts)
    console.print(table)


def show_entries(rows: Iterable[Listed], language: Language, *, now: datetime) -> None:
    """One line an entry, with what runs out next."""
    for one in rows:
        entry, state = one.shown.entry, one.shown.kind.state(one.shown.entry.state)
        name = state.name.pick(language) if state else entry.state
        style = "red" if one.overdue else ""
        title = one.shown.title.pick(language)
        console.print(f"{entry.id}  {name}  {title}", style=style, markup=False, highlight=False)
        if one.next_due:
            line = f"    {clock_line(one.next_due, language, now=now)}"
            console.print(line, markup=False, highlight=False)


def show_none(kind: Kind, language: Language, *, searched: bool) -> None:
    """That there is nothing, and how to open an entry; of a search, that nothing fits."""
    said = (
        Bilingual("没有符合条件的条目。", "No entry fits.")
        if searched
        else Bilingual(
            "还没有登记，或没有您能看的条目。", "Nothing here yet, or nothing you may see."
        )
    )
    how = Bilingual(
        f"登记一条：compliance register open {kind.id} -s 字段=内容；"
        f"字段见：compliance register kinds {kind.id}",
        f"Open one: compliance register open {kind.id} -s field=value; its fields: "
        f"compliance register kinds {kind.id}",
    )
    for line in (said, how):
        text = line.pick(language)
        console.print(text, markup=False, highlight=False, soft_wrap=True)


def show_entry(view: EntryView, language: Language, *, now: datetime) -> None:
    """Number, state, values, clocks, timeline, and what may be done next."""
    entry, kind = view.shown.entry, view.shown.kind
    state = kind.state(entry.state)
    name = state.name.pick(language) if state else entry.state
    console.print(f"{entry.id}  {kind.name.pick(language)}  {name}", style="bold", highlight=False)
    for field in kind.fields:
        if field.id in view.shown.shown:
            text = view.shown.shown[field.id].pick(language)
            line = f"  {field.name.pick(language)}: {text}"
            console.print(line, markup=False, highlight=False)
    for clock in entry.deadlines:
        line = f"  ⏱ {clock_line(clock, language, now=now)}"
        console.print(line, markup=False, highlight=False)
    for call in view.calls:
        console.print(f"  ! {call.reason.pick(language)}", style="yellow", markup=False)
    for event in view.timeline:
        line = f"  · {with_names(event_line(event, kind, language))}"
        console.print(line, markup=False, highlight=False)
    if entry.keep_until:
        keep = "保存至" if language is Language.ZH else "kept until"
        console.print(f"  {keep} {day(entry.keep_until)}", markup=False, highlight=False)
    for move in view.moves:
        console.print(f"→ {move.to}: {move.name.pick(language)}", style="cyan", markup=False)
    for move, wants in view.later:
        console.print(f"· {move.to}: {later_line(move, wants, language)}", markup=False)
    if view.may_approve and view.gate:
        console.print(f"→ approve: {view.gate.name.pick(language)}", style="cyan", markup=False)
    elif view.gate and view.gate.approvals:
        count = f"{len(entry.approvals)} / {view.gate.approvals.count}"
        said = Bilingual(f"待他人批准（{count}）", f"awaits approval by others ({count})")
        line = f"· {view.gate.name.pick(language)}: {said.pick(language)}"
        console.print(line, markup=False, highlight=False)


def entry_json(view: EntryView) -> dict[str, Json]:
    """An entry for programs: values as kept; what is sealed only for those who may read it."""
    entry = view.shown.entry
    sealed: dict[str, Json] = {name: view.shown.shown[name].zh for name in entry.sealed}
    return {
        "number": entry.id,
        "kind": entry.kind,
        "state": entry.state,
        "title": view.shown.title.zh,
        "values": {**entry.values, **sealed},
        "opened_by": entry.opened_by,
        "opened_at": entry.opened_at.isoformat(),
        "keep_until": entry.keep_until.isoformat() if entry.keep_until else None,
        "approvals": [one.person_id for one in entry.approvals],
        "clocks": [
            {
                "id": one.id,
                "due_at": one.due_at.isoformat() if one.due_at else None,
                "outcome": one.outcome.value if one.outcome else None,
            }
            for one in entry.deadlines
        ],
        "evidence": [{"field": one.field, "sha256": one.sha256} for one in entry.evidence],
        "moves": [one.to for one in view.moves],
        "may_approve": view.may_approve,
    }
