"""What `compliance knowledge` shows to people."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from rich.table import Table
from rich.text import Text

from assistant.law.import_texts import ImportReport
from assistant.law.law_changes import LawChanges, Shelf
from integrations.cli.terminal import console
from knowledge.checked import Outdated
from knowledge.diff import Change, Kind, Mark
from knowledge.levels import Standing
from knowledge.loaded import LoadedVersion
from knowledge.lookup import Lookup
from knowledge.numerals import article_heading
from records.language import Bilingual, Language

_STYLES = {Mark.SAME: "", Mark.GONE: "red strike", Mark.NEW: "green underline"}
_SHOWN = 40
NO_TEXT = Bilingual("未载入原文", "text not loaded")


def show_import(report: ImportReport, language: Language) -> None:
    """What came in with its remarks, and what was refused with the reason."""
    for one in report.imported:
        words = Bilingual(
            f"✓ {one.name}：{one.provisions} 条（{one.id}）",
            f"✓ {one.name}: {one.provisions} provisions ({one.id})",
        )
        console.print(words.pick(language), style="green", markup=False, highlight=False)
        for remark in one.remarks:
            console.print(f"  ! {remark.pick(language)}", style="yellow", markup=False)
    for skipped in report.refused:
        line = f"✗ {skipped.name}: {skipped.reason.pick(language)}"
        console.print(line, style="red", markup=False, highlight=False)


def show_shelf(shelf: Shelf, language: Language, *, today: date) -> None:
    """The versions as a table; below it what is only known, coming or overdue."""
    zh = language is Language.ZH
    names = ("版本", "效力级别", "施行", "状态", "条数")
    table = Table(*(names if zh else ("Version", "Level", "In force", "Standing", "Articles")))
    table.columns[0].overflow = "fold"
    for version in shelf.versions:
        table.add_row(*_row(version, language, today))
    console.print(table)
    for version in shelf.versions:
        for remark in version.remarks:
            console.print(f"! {version.id}: {remark.pick(language)}", style="yellow", markup=False)
    for one in shelf.coming:
        words = Bilingual(
            f"还有 {one.days} 天：{one.name} 自 {one.effective_from} 起施行",
            f"In {one.days} days: {one.name} takes effect on {one.effective_from}",
        )
        console.print(words.pick(language), style="cyan", markup=False, highlight=False)
    for version in shelf.overdue:
        words = Bilingual(
            f"制度复审已过期：{version.name}（应在 {version.review_by} 前，{version.owner or '未写明部门'}）",
            f"Review overdue: {version.name} (by {version.review_by}, {version.owner or 'no owner'})",
        )
        console.print(words.pick(language), style="red", markup=False, highlight=False)
    for known in shelf.without_text:
        line = f"· {known.name}（{known.level.label.pick(language)}，{NO_TEXT.pick(language)}）"
        console.print(line, style="dim", markup=False, highlight=False)


def _row(version: LoadedVersion, language: Language, today: date) -> tuple[str, ...]:
    begins = str(version.effective_from or "—")
    if not version.date_certain:
        begins += Bilingual("（未核实）", " (not certain)").pick(language)
    name = version.id if not version.version else f"{version.name} v{version.version}"
    return (
        name,
        version.level.label.pick(language),
        begins,
        version.standing(today).label.pick(language),
        str(version.provisions),
    )


def show_lookups(found: Sequence[Lookup], language: Language, *, today: date) -> None:
    """Each article with level, standing and words, or why there is none."""
    for one in found:
        heading = article_heading(one.address.article)
        console.print(Text(f"《{one.address.instrument}》{heading}", style="bold"))
        if one.provision:
            facts = (one.provision.level.label, one.provision.standing(today).label)
            console.print(" · ".join(fact.pick(language) for fact in facts), style="dim")
            console.print(one.words, markup=False, highlight=False)
        for note in one.notes:
            console.print(f"! {note.pick(language)}", style="yellow", markup=False)


def show_changes(changes: LawChanges, language: Language, *, articles: bool) -> None:
    """The counts, the articles that changed, and what cites them."""
    console.print(
        Text(f"{changes.old.label} → {changes.new.label}", style="bold"),
        "  ".join(f"{k.label.pick(language)} {n}" for k, n in changes.diff.counts.items()),
    )
    if articles:
        console.print(_articles(changes.diff.touched, language))
    touched: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in changes.touched:
        name = f"{one.citing.id} {one.citing.name.pick(language)}"[:80]
        article = one.change.new_article or one.change.old_article or ""
        touched[one.citing.citer.label.pick(language), name].add(article)
    heads = ("涉及", "是什么", "条") if language is Language.ZH else ("Touched", "What", "Article")
    table = Table(*heads)
    for (kind, name), labels in touched.items():
        table.add_row(kind, name, "、".join(sorted(labels)))
    console.print(table)


def _articles(changes: Sequence[Change], language: Language) -> Table:
    zh = language is Language.ZH
    table = Table(*(("旧", "新", "变化", "文字") if zh else ("Old", "New", "Change", "Words")))
    table.columns[3].overflow = "fold"
    for change in changes:
        words = Text()
        for piece in change.pieces:
            long = piece.mark is Mark.SAME and len(piece.words) > _SHOWN
            shown = f"{piece.words[:15]} … {piece.words[-15:]}" if long else piece.words
            words.append(shown, style=_STYLES[piece.mark])
        if change.kind is Kind.RENUMBERED:
            words = Text("—")
        old, new = change.old_article or "", change.new_article or ""
        table.add_row(old, new, change.kind.label.pick(language), words)
    return table


def show_outdated(found: Sequence[Outdated], language: Language) -> None:
    """The duties to be reviewed, with the article that changed."""
    if not found:
        words = Bilingual(
            "所有义务与其核对时的条文一致。",
            "Every duty rests on the words it was checked against.",
        )
        console.print(words.pick(language), style="green")
    for one in found:
        now = one.version or Standing.AMENDED.label.pick(language)
        line = f"{one.duty.id} 《{one.instrument}》{article_heading(one.article)} → {now}"
        console.print(line, style="yellow", markup=False, highlight=False)
