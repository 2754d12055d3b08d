"""What the command line shows beyond replies: progress, tables, states."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.padding import Padding
from rich.panel import Panel
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from assistant.answering.answers import Claim
from assistant.operations.check_records import Checked
from assistant.operations.setup_part import Part, State
from assistant.overview import Overview
from assistant.redaction.manage_rules import RuleList
from assistant.redaction.redacted_copies import RedactedFile
from integrations.replies import Point, Quote, Reply, Tone
from integrations.replies.text import (
    masked_lines,
    point_text,
    printable,
    quote_heading,
)
from knowledge.ingest import IngestReport
from pii.kinds import Sensitivity
from pii.rules import EFFECTS, Effect
from records.beijing import to_the_minute
from records.language import Bilingual, Language
from records.people import ROLE_NAMES, Person
from tickets.ticket import State as TicketState
from tickets.ticket import Ticket

console = Console()

_STAGES = {
    "fetch": Bilingual("下载", "download"),
    "statute": Bilingual("法律", "statutes"),
    "regulation": Bilingual("法规", "regulations"),
    "imported": Bilingual("导入的文本", "imported texts"),
    "policy": Bilingual("公司制度", "company policy"),
    "words": Bilingual("词索引", "word index"),
    "shape": Bilingual("条款特征", "features"),
    "embedding": Bilingual("向量计算", "embedding"),
    "vectors": Bilingual("向量索引", "vector index"),
}


_ABOUT = Bilingual("问负责人、评价：", "Ask a person, rate: ")
_STYLES = {
    Tone.INFO: "cyan",
    Tone.GOOD: "green",
    Tone.CAUTION: "yellow",
    Tone.ALARM: "red",
    Tone.FAILED: "red",
}


def show_reply(reply: Reply) -> None:
    """A reply in a frame coloured by how grave it is: conclusion, conditions, the words, notes."""
    reply = printable(reply)
    style = _STYLES[reply.tone]
    parts: list[RenderableType] = [Text(_line(reply.lead, reply), style="bold")]
    for section in reply.sections:
        parts += [Text(""), Text(section.heading, style=style)]
        parts += [_hanging("•", _line(point, reply)) for point in section.points]
    for quote in reply.quotes:
        parts += [Text(""), *_quoted(quote, reply)]
    parts += _asked_back(reply)
    facts = [f"{fact.name}: {fact.value}" for fact in reply.facts]
    closing = (*facts, *reply.notes, *masked_lines(reply))
    closing += tuple(f"{action.text}: {action.subject}" for action in reply.actions)
    if reply.about:
        way = f"compliance handover open {reply.about} · compliance feedback {reply.about} --right"
        closing += (f"{_ABOUT.pick(reply.language)}{way}",)
    if closing:
        parts += [Text(""), *(Text(line, style="dim") for line in closing)]
    console.print(Panel(Group(*parts), title=Text(reply.title), border_style=style, padding=(0, 1)))


@contextmanager
def statements(*, listening: bool, language: Language) -> Iterator[Callable[[Claim], None]]:
    """A function that shows each statement as it comes; they make room for the whole reply."""
    if not listening:
        yield lambda _claim: None
        return
    shown: list[RenderableType] = [Text(_LOOKING.pick(language), style="dim")]
    with Live(Group(*shown), console=console, transient=True, auto_refresh=False) as live:

        def heard(claim: Claim) -> None:
            shown.append(_hanging("•", claim.text))
            live.update(Group(*shown), refresh=True)

        yield heard


def _line(point: Point, reply: Reply) -> str:
    return point_text(point, reply.language)


def _asked_back(reply: Reply) -> list[RenderableType]:
    """What is asked back, each answer to choose from with its number."""
    if not (reply.asks or reply.choices):
        return []
    asked = [Text(f"❓ {reply.asks}", style="bold")] if reply.asks else []
    choices = [_hanging(f"{n}.", one.text) for n, one in enumerate(reply.choices, start=1)]
    return [Text(""), *asked, *choices]


def _quoted(quote: Quote, reply: Reply) -> list[RenderableType]:
    heading = Text(quote_heading(quote, reply.language), style="italic")
    return [heading, Padding(Text(quote.words), (0, 0, 0, 2))]


def _hanging(mark: str, text: str) -> RenderableType:
    grid = Table.grid(padding=(0, 1))
    grid.add_column()
    grid.add_column(overflow="fold")
    grid.add_row(mark, Text(text))
    return grid


@contextmanager
def progress_bars() -> Iterator[Callable[[str, int, int], None]]:
    """A function that draws a bar for each stage: stage, done, total."""
    columns = (TextColumn("{task.description:<16}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        bars: dict[str, TaskID] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in bars:
                name = _STAGES.get(stage)
                bars[stage] = progress.add_task(f"{name.zh} {name.en}" if name else stage)
            progress.update(bars[stage], completed=done, total=total)

        yield show


def show_ingest(report: IngestReport, language: Language) -> None:
    """What was taken in, and each file that was not with its reason."""
    words = Bilingual(
        f"已装入 {report.instruments} 部法律法规、{report.provisions} 条，{report.duties} 项义务，"
        f"{report.policies} 份公司制度、{report.policy_sections} 节。",
        f"Loaded {report.instruments} instruments with {report.provisions} provisions, "
        f"{report.duties} duties, {report.policies} policy documents with "
        f"{report.policy_sections} sections.",
    )
    console.print(words.pick(language), style="green", highlight=False)
    if report.rebuilt:
        done = Bilingual(
            f"索引已更新：新算 {report.embedded} 条，其余沿用。",
            f"Index brought up to date: {report.embedded} texts worked out, the others taken over.",
        )
        console.print(done.pick(language), style="dim", highlight=False)
    for skipped in report.skipped:
        line = f"✗ {skipped.name}: {skipped.reason.pick(language)}"
        console.print(line, style="yellow", markup=False, highlight=False)


def show_tickets(tickets: Iterable[Ticket], language: Language, *, now: datetime) -> None:
    """The tickets as a table, the next deadline of each counted from now."""
    listed = list(tickets)
    if not listed:
        empty = Bilingual(
            "还没有工单。compliance incident report 报告事件，compliance destroy request 申请销毁。",
            "No tickets yet: compliance incident report, or compliance destroy request.",
        )
        console.print(empty.pick(language), style="dim")
        return
    zh = language is Language.ZH
    names = ("编号", "状态", "内容", "最近时限")
    table = Table(*(names if zh else ("Number", "State", "What", "Next deadline")))
    table.columns[2].overflow = "fold"
    for ticket in listed:
        due = _next_due(ticket, now, language)
        table.add_row(ticket.id, ticket.state.label.pick(language), ticket.title, due)
    console.print(table)


def _next_due(ticket: Ticket, now: datetime, language: Language) -> str:
    """The next of its clocks: what is overdue, then what is due at once, then the nearest day."""
    running = () if ticket.state is TicketState.CLOSED else ticket.deadlines
    left = [one for one in running if not one.satisfied_at]
    nearest = min((one.due_at for one in left if one.due_at), default=None)
    at_once = any(one.at_once and not one.conditional for one in left)
    if at_once and not (nearest and nearest < now):
        return Bilingual("立即", "at once").pick(language)
    return _when(nearest, now, language) if nearest else "—"


def _when(due: datetime, now: datetime, language: Language) -> str:
    local = to_the_minute(due)
    if due >= now:
        return local
    return local + (" 已逾期" if language is Language.ZH else " overdue")


def show_redactions(files: Sequence[RedactedFile], language: Language) -> None:
    """Several redacted copies, a row each: what was treated, how many of it sensitive."""
    zh = language is Language.ZH
    names = ("脱敏副本", "处理", "其中敏感", "复核")
    table = Table(*(names if zh else ("Redacted copy", "Treated", "Sensitive", "Checked by")))
    for file in files:
        counts = file.report.counts
        sensitive = sum(
            n for kind, n in counts.items() if kind.sensitivity is Sensitivity.SENSITIVE
        )
        table.add_row(file.name, str(sum(counts.values())), str(sensitive), file.report.checked_by)
    console.print(table)


def show_people(people: Iterable[Person], language: Language) -> None:
    """People with their numbers and roles."""
    zh = language is Language.ZH
    table = Table("编号" if zh else "Number", "姓名" if zh else "Name", "角色" if zh else "Roles")
    for person in people:
        roles = [ROLE_NAMES[role].pick(language) for role in sorted(person.roles)]
        table.add_row(person.id, person.name, "、".join(roles) if zh else ", ".join(roles))
    console.print(table)


def show_rules(rules: RuleList, language: Language) -> None:
    """What is always or never hidden, and why."""
    zh = language is Language.ZH
    names = ("编号", "规则", "种类", "文本", "理由", "有效至")
    table = Table(*(names if zh else ("Number", "Rule", "Kind", "Text", "Reason", "Until")))
    for one in rules.decided:
        effect = EFFECTS[one.effect].pick(language)
        until = one.until.isoformat() if one.until else "—"
        table.add_row(one.id, effect, one.kind.display.pick(language), one.shown, one.reason, until)
    for entry in rules.published:
        texts = "、".join((*entry.values, *entry.patterns))
        effect = EFFECTS[Effect.ALLOW].pick(language)
        kind = entry.kind.display.pick(language)
        table.add_row("—", effect, kind, texts, entry.reason, entry.until.isoformat())
    if table.row_count:
        console.print(table)
    else:
        console.print("还没有规则。" if zh else "No rules yet.", style="dim")


_LOOKING = Bilingual("正在查找依据…", "Looking for sources…")
_MARKS = {
    State.READY: ("✓", "green"),
    State.BETTER: ("–", "yellow"),
    State.MISSING: ("✗", "red"),
}


def show_setup(parts: Iterable[Part], language: Language) -> None:
    """How each part of the set-up stands."""
    for part in parts:
        mark, style = _MARKS[part.state]
        line = f"{mark} {part.text.pick(language)}"
        console.print(line, style=style, markup=False, highlight=False)


def show_checked(found: Iterable[Checked], language: Language) -> None:
    """What was checked, and whether it is whole."""
    for one in found:
        mark, style = ("✓", "green") if one.whole else ("✗", "red")
        line = f"{mark} {one.text.pick(language)}"
        console.print(line, style=style, markup=False, highlight=False)


def show_overview(view: Overview, language: Language) -> None:
    """What is set up, and what would be better."""
    for line in view.lines:
        mark = "✓" if line.ready else "–"
        style = "green" if line.ready else "yellow"
        console.print(f"{mark} {line.text.pick(language)}", style=style, highlight=False)
