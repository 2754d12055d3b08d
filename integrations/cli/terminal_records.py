"""The audit log and the quality of answers, in a terminal."""

from collections.abc import Sequence
from datetime import datetime

from rich.table import Table
from rich.text import Text

from assistant.answering.answers import Outcome
from assistant.operations.check_audit import AuditView
from assistant.operations.read_audit import AuditTrail
from assistant.questions.read_quality import Quality
from integrations.cli.terminal import console
from integrations.replies.text import printable_text
from integrations.replies.waiting import Waiting
from integrations.replies.wording import from_now
from records.beijing import to_the_minute
from records.language import Bilingual, Language


def show_audit(view: AuditView, language: Language) -> None:
    """Whether the chain holds, and the head to note down."""
    chain = view.chain
    if view.whole:
        words = Bilingual(
            f"操作日志完整：{chain.events} 条，未见改动。",
            f"The audit log is whole: {chain.events} events, no change found.",
        )
        console.print(words.pick(language), style="green", highlight=False)
        note = Bilingual(
            "请另处记下链头，下次用 --head 核对：", "Note this head for --head next time:"
        )
        console.print(f"{note.pick(language)} {chain.head}", soft_wrap=True, highlight=False)
        return
    if chain.broken_at is not None:
        words = Bilingual(
            f"操作日志在第 {chain.broken_at} 条处断开：该条被改动、删除或换了密钥。",
            f"The audit log breaks at event {chain.broken_at}: changed, removed, or another key.",
        )
    elif view.head_kept is False:
        words = Bilingual(
            "日志里没有您记下的链头：末尾的记录被截掉了。",
            "The head you noted is not in the log: events were cut off its end.",
        )
    else:
        # Which anchor it is was said just before.
        return
    console.print(words.pick(language), style="bold red", highlight=False)


def show_trail(trail: AuditTrail, language: Language) -> None:
    """Events of the audit log, newest first, and how to see older ones."""
    heads = ("#", "时间", "人员", "操作", "对象", "细节")
    if language is Language.EN:
        heads = ("#", "Time", "Person", "Action", "Subject", "Details")
    table = Table(*heads)
    for one in trail.events:
        event = one.event
        details = " ".join(f"{key}={value}" for key, value in event.details.items())
        row = (
            str(event.number),
            to_the_minute(event.at),
            one.person or event.person_id,
            one.name.pick(language),
            event.subject,
            details,
        )
        table.add_row(*(Text(printable_text(cell)) for cell in row))
    console.print(table)
    if trail.older:
        older = Bilingual(f"更早的：--before {trail.older}", f"Older: --before {trail.older}")
        console.print(older.pick(language), style="dim")


def show_quality(quality: Quality, language: Language) -> None:
    """The weeks in which anything came, the newest first, then what was measured of this release."""
    zh = language is Language.ZH
    heads = ("评为对", "评为错", "转人工") if zh else ("Right", "Wrong", "To a person")
    outcomes = [one.label.pick(language) for one in Outcome]
    table = Table()
    for head in ("周一" if zh else "Monday", *outcomes, *heads):
        table.add_column(head, overflow="fold")
    for week in reversed(quality.weeks):
        if not (week.asked or week.right or week.wrong or week.handed_over):
            continue
        figures = (*week.outcomes.values(), week.right, week.wrong, week.handed_over)
        table.add_row(f"{week.monday:%m-%d}", *map(str, figures))
    console.print(table)
    measured = quality.measured
    title = f"本版本测评 {measured.at}" if zh else f"Measured of this release, {measured.at}"
    columns = ("测评", "例", "得分", "须达到") if zh else ("Suite", "Cases", "Share", "Must reach")
    table = Table(*columns, title=title)
    for suite in measured.suites:
        style = "" if suite.reached else "red"
        share, threshold = f"{suite.share:.1%}", f"{suite.threshold:.0%}"
        name = suite.name.both().pick(language)
        table.add_row(name, str(suite.number), share, threshold, style=style)
    console.print(table)


def show_waiting(found: Sequence[Waiting], language: Language, *, now: datetime) -> None:
    """What waits, a row each with the time left."""
    if not found:
        nothing = Bilingual("没有等您办的事。", "Nothing waits for you.")
        console.print(nothing.pick(language), style="dim")
        return
    table = Table(show_header=False, box=None)
    for one in found:
        left = from_now(one.due_at, now, language) if one.due_at else ""
        late = one.due_at is not None and one.due_at < now
        table.add_row(
            one.what.pick(language),
            Text(printable_text(one.text.pick(language))),
            Text(left, style="red" if late else ""),
        )
    console.print(table)
