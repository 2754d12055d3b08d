"""A letter as Word and as PDF, both from the same blocks."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from itertools import groupby
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from assistant.papers.paper import ACCENT, MARGIN, SOFT, WIDTH, Paper
from tickets.drafts.filling import DRILL
from tickets.notices.letters import Block, BlockKind, Letter

_SIGNED_LEFT = 330
_COLUMNS = (Cm(4.2), Cm(11.2))


# At the head of every page of what two people have not approved.
NOT_APPROVED = "【未经批准，不得发送 / NOT APPROVED, do not send】"


def letter_docx(letter: Letter, on: date | None = None, *, stamp: str = "") -> bytes:
    """The letter as a Word document, the stamp at the head of every page; a drill has its own."""
    document: Any = Document()
    for style in ("Normal", "Heading 1", "Heading 2"):
        font = document.styles[style].font
        font.name = "Times New Roman"
        # Word takes Chinese characters from the East Asian font, which python-docx does not set.
        document.styles[style].element.get_or_add_rPr().get_or_add_rFonts().set(
            qn("w:eastAsia"), "宋体"
        )
    document.styles["Normal"].font.size = Pt(11)
    document.core_properties.author = document.core_properties.comments = ""
    document.core_properties.title = letter.reference
    if letter.drill or stamp:
        document.sections[0].header.paragraphs[0].text = DRILL if letter.drill else stamp
    for number, page in enumerate(letter.laid_out(on)):
        if number:
            document.add_page_break()
        for kind, group in groupby(page, key=lambda block: block.kind):
            _add(document, kind, list(group))
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def letter_file(letter: Letter, on: date | None = None, *, stamp: str = "") -> tuple[str, bytes]:
    """The letter as it is sent, with its ending: a PDF, or Word where a PDF could lack a character.

    The Chinese font that every reader brings covers GBK; some rare names are beyond it.
    """
    try:
        letter.text(on).encode("gbk")
    except UnicodeEncodeError:
        return "docx", letter_docx(letter, on, stamp=stamp)
    return "pdf", letter_pdf(letter, on, stamp=stamp)


def letter_pdf(letter: Letter, on: date | None = None, *, stamp: str = "") -> bytes:
    """The letter as a PDF, the stamp at the head of every page; a drill has its own."""
    paper = Paper(marks_stay=True)
    for number, page in enumerate(letter.laid_out(on)):
        if number:
            paper.room(10_000)
        for block in page:
            _draw(paper, block)
    if letter.drill or stamp:
        paper.head(DRILL if letter.drill else stamp)
    return paper.pdf(letter.reference)


def _add(document: Any, kind: BlockKind, group: Sequence[Block]) -> None:
    if kind is BlockKind.ELEMENT:
        _add_table(document, group)
        return
    for block in group:
        if kind is BlockKind.TITLE:
            heading = document.add_heading(block.text, level=1)
            heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
        elif kind is BlockKind.HEADING:
            document.add_heading(block.text, level=2)
        else:
            paragraph = document.add_paragraph()
            _lines(paragraph, block)
            if kind is BlockKind.SIGNED:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
                paragraph.paragraph_format.space_after = Pt(0)


def _add_table(document: Any, group: Sequence[Block]) -> None:
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, _COLUMNS, strict=True):
        column.width = width
    for block in group:
        cells = table.add_row().cells
        for cell, width in zip(cells, _COLUMNS, strict=True):
            cell.width = width
            cell.paragraphs[0].paragraph_format.space_before = Pt(3)
            cell.paragraphs[0].paragraph_format.space_after = Pt(3)
        cells[0].paragraphs[0].add_run(_label(block)).bold = True
        _lines(cells[1].paragraphs[0], block)
    document.add_paragraph()


def _lines(paragraph: Any, block: Block) -> None:
    for number, line in enumerate(block.lines):
        run = paragraph.add_run(line)
        if number + 1 < len(block.lines):
            run.add_break()


def _label(block: Block) -> str:
    return block.label.strip().rstrip("：:")


def _draw(paper: Paper, block: Block) -> None:
    right, size = WIDTH - MARGIN, 10.5
    if block.kind is BlockKind.TITLE:
        paper.block(block.text, x=MARGIN, size=17, right=right)
        paper.y -= 10
        paper.rule()
        paper.y -= 6
    elif block.kind is BlockKind.HEADING:
        paper.room(90)
        paper.y -= 14
        paper.rule()
        paper.y -= 4
        paper.block(block.text, x=MARGIN, size=12, right=right, ink=ACCENT)
        paper.y -= 4
    elif block.kind is BlockKind.ELEMENT:
        paper.room(size * 3.2)
        paper.block(_label(block), x=MARGIN, size=8.5, right=right, ink=SOFT)
        for line in block.lines:
            paper.block(line, x=MARGIN + 12, size=size, right=right)
        paper.y -= 4
    else:
        left = _SIGNED_LEFT if block.kind is BlockKind.SIGNED else MARGIN
        for line in block.lines:
            paper.block(line, x=left, size=size, right=right)
        paper.y -= 0 if block.kind is BlockKind.SIGNED else 6
