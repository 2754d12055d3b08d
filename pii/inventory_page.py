"""An inventory as one page that needs nothing else: sums, charts as inline SVG, the worst files."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from pathlib import Path

from pii.inventory import STATES, FileEntry, State
from pii.inventory_files import CLASSES
from pii.inventory_totals import Totals
from pii.kinds import Sensitivity
from records.language import Language

SHOWN_FILES = 500
_BARS = 15
STYLE = Path(__file__).with_name("inventory.css")


def inventory_page(
    entries: Sequence[FileEntry], sums: Totals, *, made_at: datetime, language: Language
) -> str:
    """The page. Every text in it is escaped; it holds no script and fetches nothing."""
    zh = language is Language.ZH

    def say(chinese: str, english: str) -> str:
        return chinese if zh else english

    charts = (
        (say("按类别（文件数）", "By class (files)"), _classes(sums, language)),
        (say("按种类（处数）", "By kind (places)"),
         {k.display.pick(language): n for k, n in sums.places_by_kind.items()}),
        (say("按文件年龄（年）", "By age (years)"), {str(age): n for age, n in sums.by_age.items()}),
        (say("按文件夹", "By folder"), sums.by_folder),
        (say("按文件类型", "By file type"), sums.by_suffix),
        (say("按状态", "By state"),
         {STATES[s].pick(language): n for s, n in sums.by_state.items()}),
    )  # fmt: skip
    grave = sums.by_class.get(Sensitivity.SENSITIVE, 0)
    unread = sums.files - sums.by_state.get(State.READ, 0)
    figures = (
        (f"{sums.files:,}", say("个文件", "files")),
        (f"{sums.size / 1e6:,.1f} MB", say("总大小", "in all")),
        (f"{grave:,}", say("个含敏感个人信息", "with sensitive data")),
        (f"{sums.repeats:,}", say("个重复文件", "repeats")),
        (f"{unread:,}", say("个未能读取", "not read")),
    )
    title = say("文件清点", "Inventory of files")
    return "".join([
        f'<!DOCTYPE html><html lang="{say("zh-CN", "en")}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        '<link rel="icon" href="data:,">',
        f"<title>{title}</title><style>{STYLE.read_text(encoding='utf-8')}</style></head><body><h1>{title}</h1>",
        f'<p class="muted">{made_at:%Y-%m-%d %H:%M %Z}</p><ul class="figures">',
        *(f"<li><b>{number}</b>{escape(name)}</li>" for number, name in figures),
        '</ul><div class="charts">',
        *(f"<section><h2>{escape(name)}</h2>{_chart(name, data)}</section>"
          for name, data in charts if data),
        f"</div><h2>{say('最需要处理的文件', 'Files that need most care')}</h2>",
        _table(entries, language),
        f"<h2>{say('未能读取的文件', 'Files that were not read')}</h2>",
        _unread(entries, language),
        "</body></html>",
    ])  # fmt: skip


def _classes(sums: Totals, language: Language) -> dict[str, int]:
    return {CLASSES[name].pick(language): count for name, count in sums.by_class.items()}


def _chart(name: str, data: Mapping[str, int]) -> str:
    """Horizontal bars, the number beside each: readable in print and by a screen reader."""
    shown = list(data.items())[:_BARS]
    most = max(count for _, count in shown) or 1
    bars = []
    for row, (label, count) in enumerate(shown):
        y, width = row * 26, max(1, round(190 * count / most))
        grave = " grave" if label in ("敏感", "sensitive") else ""
        bars.append(
            f'<text x="128" y="{y + 16}" text-anchor="end">{escape(_short(label))}</text>'
            f'<rect class="bar{grave}" x="136" y="{y + 4}" width="{width}" height="16" rx="3"/>'
            f'<text x="{width + 142}" y="{y + 16}">{count:,}</text>'
        )
    height = len(shown) * 26
    return f'<svg viewBox="0 0 400 {height}" role="img" aria-label="{escape(name)}">{"".join(bars)}</svg>'


def _short(label: str) -> str:
    return label if len(label) <= 10 or (label.isascii() and len(label) <= 18) else label[:9] + "…"


def _table(entries: Sequence[FileEntry], language: Language) -> str:
    found = [one for one in entries if one.sensitivity is not None]
    worst = sorted(
        found,
        key=lambda one: (
            one.sensitivity is not Sensitivity.SENSITIVE,
            -sum(one.contents.counts.values()),
            one.path,
        ),
    )
    zh = language is Language.ZH
    head = ("路径", "类别", "处数", "文件时间", "文中日期") if zh else (
        "Path", "Class", "Places", "File time", "Dates in text"
    )  # fmt: skip
    lines = [
        (
            one.path,
            CLASSES[one.sensitivity].pick(language),
            f"{sum(one.contents.counts.values()):,}",
            f"{one.modified:%Y-%m-%d}" if one.modified else "",
            " – ".join(str(day) for day in (one.contents.oldest, one.contents.newest) if day),
        )
        for one in worst[:SHOWN_FILES]
    ]
    return _rows(head, lines, zh=zh, rest=len(worst) - len(lines))


def _unread(entries: Sequence[FileEntry], language: Language) -> str:
    zh = language is Language.ZH
    unread = [one for one in entries if one.contents.state is not State.READ]
    lines = [(one.path, STATES[one.contents.state].pick(language)) for one in unread[:SHOWN_FILES]]
    head = ("路径", "原因") if zh else ("Path", "Why")
    return _rows(head, lines, zh=zh, rest=len(unread) - len(lines))


def _rows(head: Sequence[str], lines: Sequence[Sequence[str]], *, zh: bool, rest: int) -> str:
    if not lines:
        return f'<p class="muted">{"没有。" if zh else "None."}</p>'
    cells = "".join(f"<th>{escape(name)}</th>" for name in head)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in line) + "</tr>" for line in lines
    )
    more = f"另有 {rest} 个，见表格文件。" if zh else f"{rest} more are in the table files."
    note = f'<p class="muted">{more}</p>' if rest > 0 else ""
    table = f"<table><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="scroll">{table}</div>{note}'
