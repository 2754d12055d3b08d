"""The yearly review as a document to sign: PDF or Word, the same numbers as on the page."""

import io
from collections.abc import Iterator
from enum import StrEnum

import docx

from assistant.app import App
from assistant.papers.paper import ACCENT, MARGIN, SOFT, WIDTH, Paper
from assistant.registers.yearly_review import KindYear, YearlyReview, yearly_review
from records.language import Bilingual, Language
from records.people import Person

RIGHT = WIDTH - MARGIN
LONGEST_BAR = 240


class ReportForm(StrEnum):
    """What the report can be had as."""

    PDF = "pdf"
    DOCX = "docx"


def yearly_report(
    app: App, person: Person, year: int, form: ReportForm, *, language: Language = Language.ZH
) -> bytes:
    """The report as a file. Raises NotPermitted, BadInput."""
    review = yearly_review(app, person, year)
    return (_pdf if form is ReportForm.PDF else _docx)(review, language)


def summary(review: YearlyReview) -> Iterator[Bilingual]:
    """The year in sentences."""
    opened = sum(one.opened for one in review.registers)
    closed = sum(one.closed for one in review.registers)
    overdue = sum(one.overdue_now for one in review.registers)
    in_time = sum(one.in_time for one in review.registers)
    late = sum(one.late for one in review.registers)
    yield Bilingual(
        f"台账：登记 {opened} 条，办结 {closed} 条；目前逾期 {overdue} 条。",
        f"Registers: {opened} opened, {closed} closed; {overdue} overdue now.",
    )
    never = sum(one.missed for one in review.registers)
    yield Bilingual(
        f"时限：按期完成 {in_time} 项，超期完成 {late} 项，过期未完成 {never} 项。",
        f"Clocks: {in_time} met in time, {late} met late, {never} missed and never met.",
    )
    graded_zh = "、".join(f"{one.name.zh} {one.count}" for one in review.incidents) or "无"
    graded_en = ", ".join(f"{one.name.en} {one.count}" for one in review.incidents) or "none"
    yield Bilingual(
        f"事件：{graded_zh}；超期完成的时限 {review.incidents_late} 项，过期未完成 "
        f"{review.incidents_missed} 项；演练 {review.drills} 次。",
        f"Incidents: {graded_en}; clocks met late {review.incidents_late}, missed and never met "
        f"{review.incidents_missed}; drills {review.drills}.",
    )
    yield Bilingual(
        f"销毁：申请 {review.destructions} 件，出具证明 {review.certificates} 份。",
        f"Destruction: {review.destructions} requested, {review.certificates} certificates.",
    )
    yield Bilingual(
        f"培训：{review.people_trained} 人次参加，{review.people_passed} 人次考核合格。",
        f"Training: {review.people_trained} attended, {review.people_passed} passed.",
    )


def title_of(review: YearlyReview) -> Bilingual:
    """What stands at the top."""
    return Bilingual(
        f"客户信息保护年度回顾（{review.year}）",
        f"Yearly review of client information ({review.year})",
    )


def figures(one: KindYear) -> Bilingual:
    """A register in one line."""
    return Bilingual(
        f"登记 {one.opened}，办结 {one.closed}，未办结 {one.open_now}，逾期 {one.overdue_now}，"
        f"按期 {one.in_time}，超期 {one.late}，过期未完成 {one.missed}",
        f"opened {one.opened}, closed {one.closed}, open {one.open_now}, overdue "
        f"{one.overdue_now}, in time {one.in_time}, late {one.late}, missed {one.missed}",
    )


def _pdf(review: YearlyReview, language: Language) -> bytes:
    paper, title = Paper(), title_of(review).pick(language)
    paper.block(title, x=MARGIN, size=17, right=RIGHT, ink=ACCENT)
    paper.y -= 10
    for line in summary(review):
        paper.block(line.pick(language), x=MARGIN, size=10.5, right=RIGHT)
    paper.y -= 12
    _heading(paper, Bilingual("各月登记", "Opened by month").pick(language))
    for month, count in enumerate(review.months, start=1):
        name = Bilingual(f"{month} 月", f"{review.year}-{month:02d}").pick(language)
        _bar(paper, name, count, max(review.months))
    paper.y -= 12
    _heading(paper, Bilingual("各台账", "By register").pick(language))
    most = max(one.opened for one in review.registers)
    for one in review.registers:
        paper.room(64)
        _bar(paper, one.name.pick(language), one.opened, most)
        paper.block(figures(one).pick(language), x=MARGIN + 8, size=8.5, right=RIGHT, ink=SOFT)
        for name, shares in _named_answers(one, language):
            paper.block(f"{name}{shares}", x=MARGIN + 8, size=8.5, right=RIGHT, ink=SOFT)
        paper.y -= 4
    return paper.pdf(title)


def _docx(review: YearlyReview, language: Language) -> bytes:
    document = docx.Document()
    document.core_properties.author = ""
    document.add_heading(title_of(review).pick(language), 0)
    for line in summary(review):
        document.add_paragraph(line.pick(language))
    document.add_heading(Bilingual("各台账", "By register").pick(language), 1)
    heads = ("台账", "登记", "办结", "未办结", "逾期", "按期", "超期", "过期未完成")
    named = ("register", "opened", "closed", "open", "overdue", "in time", "late", "missed")
    table = document.add_table(rows=1, cols=len(heads), style="Table Grid")
    for cell, text in zip(table.rows[0].cells, _picked(heads, named, language), strict=True):
        cell.text = text
    for one in review.registers:
        counts = (
            *(one.opened, one.closed, one.open_now, one.overdue_now),
            *(one.in_time, one.late, one.missed),
        )
        texts = (one.name.pick(language), *(str(count) for count in counts))
        for cell, text in zip(table.add_row().cells, texts, strict=True):
            cell.text = text
    document.add_heading(Bilingual("各月登记", "Opened by month").pick(language), 1)
    months = document.add_table(rows=2, cols=12, style="Table Grid")
    for n, count in enumerate(review.months):
        months.rows[0].cells[n].text, months.rows[1].cells[n].text = str(n + 1), str(count)
    document.add_heading(Bilingual("构成", "Made up of").pick(language), 1)
    for one in review.registers:
        for name, shares in _named_answers(one, language):
            document.add_paragraph(f"{one.name.pick(language)} · {name}{shares}")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _named_answers(one: KindYear, language: Language) -> Iterator[tuple[str, str]]:
    colon, comma = ("：", "、") if language is Language.ZH else (": ", ", ")
    for name, shares in one.answers.items():
        if shares:
            told = comma.join(f"{share.name.pick(language)} {share.count}" for share in shares)
            yield name.pick(language) + colon, told


def _picked(zh: tuple[str, ...], en: tuple[str, ...], language: Language) -> tuple[str, ...]:
    return zh if language is Language.ZH else en


def _heading(paper: Paper, text: str) -> None:
    paper.room(48)
    paper.block(text, x=MARGIN, size=12.5, right=RIGHT, ink=ACCENT)
    paper.y -= 4


def _bar(paper: Paper, name: str, count: int, most: int) -> None:
    # A long name takes a second line; its bar stands beside the last.
    paper.room(48)
    paper.block(name, x=MARGIN, size=9.5, right=MARGIN + 164)
    length = LONGEST_BAR * count / most if most else 0
    if length:
        paper.bar(x=MARGIN + 170, length=length, height=8, ink=ACCENT)
    paper.write(str(count), x=MARGIN + 176 + length, y=paper.y, size=9.5)
    paper.y -= 1.2
