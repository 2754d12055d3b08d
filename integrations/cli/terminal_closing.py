"""A closing project as a terminal shows it: plan, board, records."""

from collections.abc import Sequence
from datetime import date

from rich.console import Console
from rich.table import Column, Table

from assistant.closing.board import Board
from assistant.closing.client_table import RecordPage
from integrations.replies.wording import article
from knowledge.sources import short_name
from records.beijing import to_the_minute
from records.language import Language
from tickets.closing.data import closing_data
from tickets.closing.decisions import Fate
from tickets.closing.plan import PlanLine
from tickets.closing.progress import NOTICES
from tickets.closing.project import STEP, ItemState, how_settled, section_id, skip_reasons
from tickets.retention.rules import rulebook

console = Console()

# What takes a blocker away.
_COMMANDS = {
    "clients": "compliance close import {number} clients.xlsx --dry-run",
    "undecided": "compliance close clients {number} --undecided",
    "broken": "compliance close clients {number} --status not_yet --fate destroy",
    "notices": "compliance close notify {number} {notice} --fate {fate}",
    "unapproved": "compliance notice list",
    "unsettled": "compliance close settle {number} keep --note …",
    "incidents": "compliance ticket list",
    "requests": "compliance register list rights_request",
    "disputes": "compliance register list dispute",
    "custodian": "compliance close custodian {number} … --contact …",
}


def show_plan(board: Board, language: Language, *, today: date) -> None:
    """Every statutory step with its day, article and state."""
    zh = language is Language.ZH
    console.print(f"{board.project.id}  {board.project.route.label.pick(language)}", style="bold")
    heads = (
        ("编号", "步骤", "谁", "日期", "条文") if zh else ("id", "step", "who", "days", "article")
    )
    table = _table(heads, whole=1)
    for line in board.plan:
        step, cite = line.step, line.step.cite
        when = f"{step.when.pick(language)}: " if step.when else ""
        cited = article(short_name(cite.instrument), cite.article, language)
        sure = (
            ""
            if cite.confidence.value == "verified"
            else f" {cite.confidence.label.pick(language)}"
        )
        settled = _settled(board, f"{STEP}{step.id}", language)
        table.add_row(
            f"{STEP}{step.id}",
            f"{_mark(line, today)} {when}{step.name.pick(language)}{settled}",
            step.who.pick(language),
            line.said.pick(language),
            f"{cited}{sure}",
        )
    console.print(table)
    said = "期间都按自然日计。" if zh else "All periods count calendar days."
    console.print(said, style="dim")


def show_sections(board: Board, language: Language) -> None:
    """The sections: what each asks for, who does it, with what, how far it is, when it may be left out."""
    zh, data = language is Language.ZH, closing_data()
    heads = ("编号", "工作项", "谁", "命令") if zh else ("id", "section", "who", "command")
    table = _table(heads, whole=1)
    for section, item in board.project.sections():
        mark = "✓" if item.state is ItemState.DONE else ("–" if item.settled else "○")
        skips = "; ".join(skip_reasons(board.project, section_id(section.number)))
        left_out = f"\n--reason {skips}" if skips else ""
        table.add_row(
            section_id(section.number),
            f"{mark} {section.name.pick(language)}：{section.ask.pick(language)}{left_out}"
            f"{_settled(board, item.id, language)}",
            data.roles[section.role].pick(language),
            section.part.command,
        )
    console.print(table, markup=False)


def _settled(board: Board, item_id: str, language: Language) -> str:
    """When it was done, or why it was left out, on a line of its own."""
    said = how_settled(board.project, board.project.item(item_id))
    return f"\n{said.pick(language)}" if said else ""


def show_board(board: Board, language: Language) -> None:
    """Progress, what is overdue, what blocks, the next three things."""
    zh, tally, project = language is Language.ZH, board.tally, board.project
    console.print(f"{project.id}  {board.names.company}  {project.route.label.pick(language)}",
                  style="bold", markup=False, highlight=False)  # fmt: skip
    done = sum(one.settled for one in board.plan)
    sections = project.sections()
    settled = sum(item.settled for _, item in sections)
    for name, value in (
        ("法定步骤" if zh else "statutory steps", f"{done}/{len(board.plan)}"),
        ("工作项" if zh else "sections", f"{settled}/{len(sections)}"),
        ("客户" if zh else "clients", f"{tally.clients}"),
        ("资料办结" if zh else "records settled", f"{tally.settled}/{tally.records}"),
    ):
        console.print(f"  {name}: {value}", markup=False, highlight=False)
    if board.overdue:
        console.print("逾期" if zh else "Overdue", style="bold red")
        for line in board.overdue:
            said = f"  ! {line.step.name.pick(language)}: {line.said.pick(language)}"
            console.print(said, style="red", markup=False, highlight=False)
    for number, state, count in board.tickets:
        console.print(f"  {number}  {state.label.pick(language)}  {count}", highlight=False)
    if project.ended_at is not None:
        said = f"已结束 {to_the_minute(project.ended_at)}"
        console.print(said if zh else f"Ended {to_the_minute(project.ended_at)}", style="bold")
        return
    console.print("还不能结束，因为" if zh else "What blocks the end", style="bold")
    for one in board.blockers:
        console.print(f"  · {one.said.pick(language)}", markup=False, highlight=False)
    if not board.blockers:
        console.print("  没有" if zh else "  nothing")
    if board.next:
        console.print("接下来" if zh else "Next", style="bold")
    fate = next(iter(tally.untold_fates), "")
    notice = "transfer" if fate and Fate(fate).needs_somebody else "destruction"
    for thing in board.next:
        command = _COMMANDS.get(thing.where, f"compliance close do {{number}} {thing.where}")
        console.print(
            f"  → {thing.said.pick(language)}", style="cyan", markup=False, highlight=False
        )
        console.print(
            f"    {command.format(number=project.id, notice=notice, fate=fate)}",
            style="dim", markup=False, highlight=False, soft_wrap=True,
        )  # fmt: skip


def show_records(found: RecordPage, language: Language) -> None:
    """One page of records: whose, which, what the law says, what was decided."""
    from assistant.destruction.decide_retention import NAMES

    zh = language is Language.ZH
    heads = ("客户", "名称", "资料", "保存结论", "最早", "最晚", "条文", "决定", "通知")
    english = (
        "client",
        "name",
        "records",
        "retention",
        "from",
        "until",
        "article",
        "decision",
        "notice",
    )
    table = _table(heads if zh else english, whole=2)
    kinds = rulebook().kinds
    for one in found.records:
        client = found.clients[one.client]
        fate = one.fate.label.pick(language) if one.fate else ("未决定" if zh else "undecided")
        table.add_row(
            client.code,
            client.identity.name or client.identity.reference,
            kinds[one.kind].name.pick(language),
            NAMES[one.status].partition(" ")[0 if zh else 2],
            str(one.earliest or ""),
            str(one.latest or ""),
            one.law.replace("中华人民共和国", ""),
            fate,
            NOTICES[one.notice].pick(language),
        )
    console.print(table, markup=False)
    said = (
        f"第 {found.page}/{found.pages} 页，共 {found.total} 份"
        if zh
        else (f"page {found.page} of {found.pages}, {found.total} records")
    )
    console.print(said, style="dim")
    if not found.missing:
        return
    console.print(
        "有的资料还缺事实，答了才有结论："
        if zh
        else "Of some records nothing can be said before these are answered:"
    )
    for question in found.missing:
        console.print(f"  {question.pick(language)}", markup=False)
    console.print(
        "在客户表里补上这一列（单位类型也可用 --holder），再导入一次。"
        if zh
        else "Add it as a column to the table (the kind of company also by --holder) and import it again.",
        style="dim",
    )


def _table(heads: Sequence[str], *, whole: int) -> Table:
    """A table whose first columns are never broken: what stands there is copied into commands."""
    columns = (Column(head, no_wrap=at < whole, overflow="fold") for at, head in enumerate(heads))
    return Table(*columns)


def _mark(line: PlanLine, today: date) -> str:
    if line.done:
        return "✓!" if line.late else "✓"
    if line.skipped:
        return "–"
    return "!" if line.overdue(today) else "○"
