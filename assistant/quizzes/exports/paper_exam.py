"""An exam on paper as a Word file: the questions first, the answers on pages of their own."""

import io
from datetime import UTC, datetime

from docx import Document
from docx.document import Document as Docx
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from assistant.quizzes.exports.sheet import Exported, Sheet, explained
from assistant.quizzes.items import LETTERS, Item, ItemKind
from records.language import Language

_FONT = "SimSun"
_DAY = datetime(2000, 1, 1, tzinfo=UTC)
_ENDING = {
    ItemKind.SINGLE: ("（单选）", " (one answer)"),
    ItemKind.MULTIPLE: ("（多选）", " (all that apply)"),
    ItemKind.TRUE_FALSE: ("（判断）", " (true or false)"),
}


def paper_exam(sheet: Sheet) -> Exported:
    """Questions with room for name and mark, then the key with rationale and article."""
    document = Document()
    _set_font(document)
    document.add_heading(sheet.rules.title, level=0)
    document.add_paragraph("姓名 Name：______________    日期 Date：______________")
    document.add_paragraph(_rules(sheet))
    for place, (_, item) in enumerate(sheet.items, start=1):
        _ask(document, place, item)
    answers = document.add_heading("答案与解析 Answers", level=1)
    answers.paragraph_format.page_break_before = True
    document.add_paragraph("仅供阅卷人使用。 For whoever marks the paper only.")
    for place, (number, item) in enumerate(sheet.items, start=1):
        _answer(document, place, number, item)
    document.core_properties.title = sheet.rules.title
    document.core_properties.author = ""
    document.core_properties.created = document.core_properties.modified = _DAY
    out = io.BytesIO()
    document.save(out)
    return Exported(sheet.file_name("docx"), out.getvalue())


def _rules(sheet: Sheet) -> str:
    rules = sheet.rules
    time = f"限时 {rules.minutes} 分钟，" if rules.minutes else ""
    return (
        f"共 {len(sheet.items)} 题，每题 1 分，{time}及格线 {rules.pass_percent}%。"
        "多选题全对才得分。"
    )


def _ask(document: Docx, place: int, item: Item) -> None:
    ending = _ENDING[item.kind][item.language is Language.EN]
    stem = document.add_paragraph()
    stem.add_run(f"{place}. ").bold = True
    stem.add_run(f"{item.stem}{ending}")
    lines = [stem]
    for letter, one in zip(LETTERS, item.options, strict=False):
        line = document.add_paragraph(f"□ {letter}. {one.text}")
        line.paragraph_format.left_indent = Pt(21)
        line.paragraph_format.space_after = Pt(0)
        lines.append(line)
    _keep_together(lines)


def _answer(document: Docx, place: int, number: str, item: Item) -> None:
    head = document.add_paragraph()
    head.add_run(f"{place}. {item.letters}").bold = True
    head.add_run(f"    {number}")
    lines = [head, document.add_paragraph(explained(item))]
    lines += [
        document.add_paragraph(f"{letter}. {one.why}")
        for letter, one in zip(LETTERS, item.options, strict=False)
        if item.kind is ItemKind.SINGLE and not one.right
    ]
    for line in lines[1:]:
        line.paragraph_format.left_indent = Pt(21)
        line.paragraph_format.space_after = Pt(0)
    _keep_together(lines)


def _keep_together(lines: list[Paragraph]) -> None:
    """A question is not torn over two pages."""
    for line in lines[:-1]:
        line.paragraph_format.keep_with_next = True
    lines[-1].paragraph_format.space_after = Pt(8)


def _set_font(document: Docx) -> None:
    for name in ("Normal", "Title", "Heading 1"):
        style = document.styles[name]
        style.font.name = _FONT
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _FONT)
    document.styles["Normal"].font.size = Pt(10.5)
