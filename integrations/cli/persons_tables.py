"""Tables of questions handed over and of approved answers."""

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from assistant.answering.approved import State
from assistant.answering.handovers import Handover
from assistant.questions.approve_answer import Listed
from integrations.cli.terminal import console
from integrations.replies.wording import moment
from records.language import Bilingual, Language


def show_handovers(found: Sequence[Handover]) -> None:
    """Questions and their replies, as far as there are any."""
    table = Table("编号 No.", "提问时间 Asked", "问题 Question", "答复 Reply")
    for one in found:
        asked = moment(one.opened_at, one.language)
        table.add_row(one.id, asked, Text(one.question), Text(one.reply or "—"))
    _print(table, Bilingual("没有问题。", "No questions."))


def show_approved(found: Sequence[Listed], language: Language) -> None:
    """Approved answers with their state."""
    table = Table(
        "编号 No.", "状态 State", "问题 Questions", "答复 Answer", "条文 Cites", "批准 By"
    )
    for one in found:
        content = one.answer.content
        cites = "\n".join(f"《{c.instrument}》{c.heading}" for c in content.citations)
        style = "green" if one.state is State.IN_USE else "yellow"
        table.add_row(
            one.answer.id,
            Text(one.state.label.pick(language), style=style),
            Text("\n".join(content.questions)),
            Text(content.text.pick(language) or content.text.zh),
            Text(cites),
            Text(f"{one.owner}\n{moment(one.answer.approved_at, language)}"),
        )
    _print(table, Bilingual("还没有已批准的答复。", "No approved answers yet."))


def _print(table: Table, nothing: Bilingual) -> None:
    if table.row_count:
        console.print(table)
    else:
        console.print(f"{nothing.zh} / {nothing.en}", style="dim")
