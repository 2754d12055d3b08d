"""Notices as a terminal shows them."""

from collections.abc import Sequence

from rich.console import Console

from assistant.notices.view import NoticeSummary, NoticeView
from integrations.cli.session import with_names
from integrations.replies.notices import counts_line, next_step
from integrations.replies.wording import article
from records.language import Language
from tickets.citation import Citation
from tickets.notices.client_table import ClientTable
from tickets.notices.data import NoticeRules, notice_rules
from tickets.notices.delivery import DeliveryState

console = Console()
SHOWN_PROBLEMS = 50


def show_kinds(kinds: Sequence[NoticeRules], language: Language, *, full: bool) -> None:
    """Each kind; in full, everything it must say and by which article."""
    for one in kinds:
        _line(f"{one.kind.value}  {one.name.pick(language)}", style="bold")
        _line(f"  {one.when.pick(language)}")
        if full:
            _show_rules(one, language)


def show_list(notices: Sequence[NoticeSummary], language: Language) -> None:
    """A line each."""
    for one in notices:
        parts = (one.number, one.kind.label.pick(language), one.state.label.pick(language))
        _line("  ".join((*parts, counts_line(one).pick(language), one.ticket_id or "")))
    if not notices:
        _line("还没有通知 / no notices yet")


def show_notice(view: NoticeView, language: Language) -> None:
    """Where the notice stands, and the next step."""
    one = view.summary
    drill = "  【演练 / DRILL】" if one.drill else ""
    head = f"{one.number}  {one.kind.label.pick(language)}  {one.state.label.pick(language)}{drill}"
    _line(head, style="bold")
    said = {
        "版次 revision": str(one.revision),
        "起草 written by": ", ".join(one.writers),
        "批准 approved by": ", ".join(approval.person_id for approval in one.approvals) or "—",
        "份数 copies": counts_line(one).pick(language),
    }
    for name, text in said.items():
        _line(f"  · {name}: {with_names(text)}")
    for copy in view.deliveries:
        if copy.state not in (DeliveryState.WAITING, DeliveryState.SENT):
            _line(f"  · {copy.key}  {copy.state.label.pick(language)}")
    _line(f"→ {next_step(view).pick(language)}", style="cyan")
    elements = notice_rules(one.kind).elements
    wanted = [gap.key for gap in (*view.missing, *view.overdue) if gap.key in elements]
    if wanted:
        given = " ".join(f"--set {key}=…" for key in wanted)
        _line(f"  compliance notice revise {one.number} {given}")


def show_problems(table: ClientTable) -> None:
    """Each bad row with its number; never what it holds."""
    for one in table.problems[:SHOWN_PROBLEMS]:
        _line(f"  第 {one.row} 行 / row {one.row}: {one.said.zh} / {one.said.en}")


def _show_rules(rules: NoticeRules, language: Language) -> None:
    _line(f"  → {rules.audience.pick(language)}")
    if rules.not_needed:
        _line(f"  ! {rules.not_needed.pick(language)}")
    for cite in rules.citations:
        _line(f"  § {_cite(cite, language)} {'' if cite.is_law else '（待核实 / unverified）'}")
    for one in rules.elements.values():
        mark = "○" if one.optional else "●"
        basis = f"  {_cite(one.citation, language)}" if one.citation else ""
        _line(f"  {mark} {one.key}: {one.name.pick(language)}{basis}")


def _cite(cite: Citation, language: Language) -> str:
    return article(cite.instrument, cite.article, language)


def _line(text: str, style: str | None = None) -> None:
    console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)
