"""What `compliance knowledge` shows to people."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from rich.table import Table
from rich.text import Text

from assistant.law.import_texts import ImportReport
from assistant.law.law_changes import ChangesNow, LawChanges, Shelf
from integrations.cli.terminal import console
from integrations.replies.wording import headed
from knowledge.checked import Outdated
from knowledge.diff import Change, Kind, Mark
from knowledge.intake import STATUTE
from knowledge.levels import Level, Standing
from knowledge.loaded import Coming, LoadedVersion
from knowledge.lookup import Lookup
from knowledge.numerals import article_heading
from knowledge.provisions import DATE_NOT_CERTAIN, EVERYONE
from knowledge.sources import by_name, titled
from records.language import Bilingual, Language

_STYLES = {Mark.SAME: "", Mark.GONE: "red strike", Mark.NEW: "green underline"}
_BRACKETS = {Mark.SAME: ("", ""), Mark.GONE: ("[-", "-]"), Mark.NEW: ("{+", "+}")}
_SHOWN = 40
_STATUS = {
    "in_force": Standing.IN_FORCE.label,
    "future": Standing.FUTURE.label,
    "draft": Standing.DRAFT.label,
    "unknown": Bilingual("现状待核实", "status to be verified"),
}
NO_TEXT = Bilingual("未载入原文", "text not loaded")
NOT_CITED = Bilingual(
    "没有义务、时限、规则、预案或制度引用变动的条文。",
    "Nothing of ours cites an article that changed.",
)


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
    for one in report.unchanged:
        words = Bilingual(
            f"= {one.name}：已经装入，内容相同（{one.id}）",
            f"= {one.name}: loaded already, with the same words ({one.id})",
        )
        console.print(words.pick(language), style="dim", markup=False, highlight=False)
    if report.imported:
        hint = Bilingual(
            "变化涉及什么：compliance knowledge impact 名称",
            "What a change touches: compliance knowledge impact NAME",
        )
        console.print(hint.pick(language), style="dim", highlight=False)
    for skipped in report.refused:
        line = f"✗ {skipped.name}: {skipped.reason.pick(language)}"
        console.print(line, style="red", markup=False, highlight=False)


def show_shelf(shelf: Shelf, language: Language, *, today: date, everything: bool) -> None:
    """What concerns us as a table, what is coming or overdue below; every text only if asked for."""
    ours = [v for v in shelf.versions if v.kind != STATUTE or v.name in by_name()]
    shown = shelf.versions if everything else ours
    console.print(_versions(shown, language, today))
    _remarks(shown, language)
    for known in shelf.without_text if everything else ():
        line = f"· {known.name}（{known.level.label.pick(language)}，{NO_TEXT.pick(language)}）"
        console.print(line, style="dim", markup=False, highlight=False)
    if not everything:
        rest, unloaded = len(shelf.versions) - len(shown), len(shelf.without_text)
        words = Bilingual(
            f"另有国家法律 {rest} 个版本；只知其名、未载入原文 {unloaded} 部（--all 逐一列出）",
            f"{rest} more versions of national laws; {unloaded} texts known by name only "
            "(--all lists them)",
        )
        console.print(words.pick(language), style="dim", markup=False, highlight=False)
    _due(shelf, language)


def show_versions(shelf: Shelf, language: Language, *, today: date) -> None:
    """The versions of one text; of company policy also owner, audience, approval and review."""
    console.print(_versions(shelf.versions, language, today))
    for version in shelf.versions:
        if version.level is Level.POLICY:
            line = "  ".join(f"{name.pick(language)} {value}" for name, value in _facts(version))
            console.print(line, markup=False, highlight=False)
    _remarks(shelf.versions, language)
    _due(shelf, language)


def show_known(shelf: Shelf, language: Language) -> None:
    """What is known of a text that is not loaded: its name, rank and days, or what ended it."""
    for one in shelf.without_text:
        console.print(Text(titled(one.name).pick(language), style="bold"))
        begins = one.version_effective or one.effective
        facts = [one.level.label.pick(language), _STATUS[one.status].pick(language)]
        if begins:
            facts.append(Bilingual(f"{begins} 起施行", f"in force from {begins}").pick(language))
        facts += [one.confidence.label.pick(language), NO_TEXT.pick(language)]
        console.print(" · ".join(facts), markup=False, highlight=False)
        hint = Bilingual(
            "装入官方文本：compliance knowledge import 文件",
            "Take its official text in: compliance knowledge import FILE",
        )
        console.print(hint.pick(language), style="dim", highlight=False)
    if shelf.repeal:
        console.print(f"! {shelf.repeal.note.pick(language)}", style="yellow", markup=False)


def _facts(version: LoadedVersion) -> Iterator[tuple[Bilingual, str]]:
    everyone, unsaid = version.audience == EVERYONE, "—"
    yield Bilingual("版本", "version"), version.version or unsaid
    yield Bilingual("归口部门", "owner"), version.owner or unsaid
    yield Bilingual("可见范围", "audience"), "全体 / everyone" if everyone else version.audience
    yield Bilingual("批准", "approved"), str(version.approved or unsaid)
    yield Bilingual("复审", "review by"), str(version.review_by or unsaid)


def _versions(versions: Sequence[LoadedVersion], language: Language, today: date) -> Table:
    zh = language is Language.ZH
    names = ("版本", "效力级别", "施行", "状态", "条数")
    table = Table(*(names if zh else ("Version", "Level", "In force", "Standing", "Articles")))
    table.columns[0].overflow = "fold"
    for version in versions:
        table.add_row(*_row(version, language, today))
    return table


def _remarks(versions: Sequence[LoadedVersion], language: Language) -> None:
    for version in versions:
        for remark in version.remarks:
            console.print(f"! {version.id}: {remark.pick(language)}", style="yellow", markup=False)


def _due(shelf: Shelf, language: Language) -> None:
    _coming(shelf.coming, language)
    for version in shelf.overdue:
        words = Bilingual(
            f"制度复审已过期：{version.name}（应在 {version.review_by} 前，{version.owner or '未写明部门'}）",
            f"Review overdue: {version.name} (by {version.review_by}, {version.owner or 'no owner'})",
        )
        console.print(words.pick(language), style="red", markup=False, highlight=False)


def _coming(coming: Sequence[Coming], language: Language) -> None:
    for one in coming:
        words = Bilingual(
            f"还有 {one.days} 天：{one.name} 自 {one.effective_from} 起施行",
            f"In {one.days} days: {one.name} takes effect on {one.effective_from}",
        ).pick(language)
        words += "" if one.date_certain else f" · {DATE_NOT_CERTAIN.pick(language)}"
        console.print(words, style="cyan", markup=False, highlight=False)


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
        moved = ""
        if one.address.old and one.provision and one.provision.article != one.address.article:
            moved = f" → {article_heading(one.provision.article)}"
        named = headed(one.address.instrument, f"{heading}{moved}", language)
        console.print(Text(named, style="bold"))
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
    if not changes.touched:
        console.print(NOT_CITED.pick(language), style="dim")
        return
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


def show_changes_now(now: ChangesNow, language: Language) -> None:
    """What takes effect soon, then what changed lately, each with what of ours cites it."""
    heads = (
        (Bilingual("即将施行的变化", "Takes effect soon"), now.coming),
        (Bilingual("近一年已施行的变化", "Took effect in the last year"), now.lately),
    )
    for head, found in heads:
        console.print(Text(f"{head.pick(language)} ({len(found)})", style="bold underline"))
        # What nothing of ours cites is a line at the end, not a table each.
        for changes in (one for one in found if one.touched):
            show_changes(changes, language, articles=False)
        others = [one for one in found if not one.touched]
        if others:
            named = "、".join(f"{one.new.name}（{one.new.effective_from}）" for one in others)
            console.print(f"{NOT_CITED.pick(language)} {named}", style="dim", highlight=False)
    _coming(now.not_compared, language)
    hint = Bilingual(
        "逐条比较：compliance knowledge diff 名称",
        "Article by article: compliance knowledge diff NAME",
    )
    console.print(hint.pick(language), style="dim", highlight=False)


def _articles(changes: Sequence[Change], language: Language) -> Table:
    zh = language is Language.ZH
    table = Table(*(("旧", "新", "变化", "文字") if zh else ("Old", "New", "Change", "Words")))
    table.columns[3].overflow = "fold"
    for change in changes:
        words = Text()
        for piece in change.pieces:
            long = piece.mark is Mark.SAME and len(piece.words) > _SHOWN
            shown = f"{piece.words[:15]} … {piece.words[-15:]}" if long else piece.words
            words.append(_marked(shown, piece.mark), style=_STYLES[piece.mark])
        if change.kind is Kind.RENUMBERED:
            words = Text("—")
        old, new = change.old_article or "", change.new_article or ""
        table.add_row(old, new, change.kind.label.pick(language), words)
    return table


def _marked(words: str, mark: Mark) -> str:
    """Where no colour is shown, what went and what came are bracketed as `git diff --word-diff` has it."""
    before, after = _BRACKETS[mark] if console.no_color or not console.is_terminal else ("", "")
    return f"{before}{words}{after}"


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
