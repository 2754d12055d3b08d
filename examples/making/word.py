"""Word documents out of marked text, with the corners real ones have: comments, tracked changes."""

import io
from collections.abc import Sequence

from docx import Document
from docx.document import Document as DocxDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from making.marks import Ledger
from making.packages import MADE_AT, steady

BODY = "正文"
NORMAL_TABLE = "Normal Table"
_STAMP = MADE_AT.strftime("%Y-%m-%dT%H:%M:%SZ")


class Letter:
    """A Word document being written; every text passes through its ledger."""

    def __init__(self, ledger: Ledger, *, title: str, author: str) -> None:
        self.ledger = ledger
        self.document: DocxDocument = Document()
        section = self.document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.4)
        section.top_margin = section.bottom_margin = Cm(2.3)
        self._thin_out()
        self._dress()
        properties = self.document.core_properties
        properties.title = ledger.plain(title, "文档属性")
        properties.author = ledger.plain(author, "文档属性")
        properties.last_modified_by = ""
        properties.comments = ""
        properties.created = properties.modified = MADE_AT

    def _thin_out(self) -> None:
        """Drops what the library's template carries and no page uses: nine tenths of its bytes."""
        relations = self.document.part.rels
        for key in [
            key for key, value in relations.items() if "stylesWithEffects" in value.reltype
        ]:
            del relations[key]
        for style in list(self.document.styles):
            if style.type == WD_STYLE_TYPE.TABLE and style.name not in {"Table Grid", NORMAL_TABLE}:
                style.delete()

    def _dress(self) -> None:
        for name, size in {"Normal": 10.5, "Title": 20, "Heading 1": 14, "Heading 2": 12}.items():
            style = self.document.styles[name]
            if not isinstance(style, ParagraphStyle):
                continue
            style.font.size = Pt(size)
            style.font.name = "Times New Roman" if name == "Normal" else "Arial"
            style.font.color.rgb = RGBColor(0, 0, 0)
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            # A theme font would win over the face named here.
            for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(qn(f"w:{theme}"), None)
            fonts.set(qn("w:eastAsia"), "宋体" if name == "Normal" else "黑体")

    def title(self, marked: str) -> None:
        paragraph = self.document.add_paragraph(self.ledger.plain(marked, BODY), style="Title")
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER

    def heading(self, marked: str, level: int = 1) -> None:
        self.document.add_heading(self.ledger.plain(marked, BODY), level)

    def paragraph(self, marked: str, *, style: str | None = None) -> Paragraph:
        return self.document.add_paragraph(self.ledger.plain(marked, BODY), style=style)

    def pieces(self, *pieces: str, marked: str) -> Paragraph:
        """One paragraph cut into runs, as Word cuts text that was edited; `marked` is its whole."""
        whole = self.ledger.plain(marked, BODY)
        if "".join(pieces) != whole:
            raise ValueError(f"{self.ledger.file}: 分段与原文不符 pieces differ from the whole")
        paragraph = self.document.add_paragraph()
        for number, piece in enumerate(pieces):
            paragraph.add_run(piece).bold = number % 2 == 1
        return paragraph

    def comment(self, run: Run, marked: str, *, author: str) -> None:
        name = self.ledger.plain(author, "批注作者")
        comment = self.document.add_comment(run, self.ledger.plain(marked, "批注"), name, "批")
        comment._comment_elm.set(qn("w:date"), _STAMP)

    def tracked(self, paragraph: Paragraph, *, old: str, new: str, author: str) -> None:
        """Appends a change a colleague made with tracking on: the old words are still there."""
        name = self.ledger.plain(author, "修订作者")
        for tag, text_tag, marked, place in (
            ("w:del", "w:delText", old, "已删除文字"),
            ("w:ins", "w:t", new, "插入文字"),
        ):
            change = OxmlElement(tag)
            change.set(qn("w:id"), "901" if tag == "w:del" else "902")
            change.set(qn("w:author"), name)
            change.set(qn("w:date"), _STAMP)
            run, text = OxmlElement("w:r"), OxmlElement(text_tag)
            text.text = self.ledger.plain(marked, place)
            text.set(qn("xml:space"), "preserve")
            run.append(text)
            change.append(run)
            paragraph._p.append(change)

    def table(self, rows: Sequence[Sequence[str]], *, widths: Sequence[float]) -> None:
        table = self.document.add_table(0, len(widths), style="Table Grid")
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Cm(width)
        for number, row in enumerate(rows):
            cells = table.add_row().cells
            for cell, marked, width in zip(cells, row, widths, strict=True):
                cell.width = Cm(width)
                paragraph = cell.paragraphs[0]
                paragraph.paragraph_format.space_before = Pt(2)
                paragraph.paragraph_format.space_after = Pt(2)
                run = paragraph.add_run(self.ledger.plain(marked, "表格"))
                run.font.size = Pt(9)
                run.bold = number == 0
        self.document.add_paragraph()

    def header(self, marked: str) -> None:
        paragraph = self.document.sections[0].header.paragraphs[0]
        paragraph.text = self.ledger.plain(marked, "页眉")

    def footer(self, marked: str) -> None:
        paragraph = self.document.sections[0].footer.paragraphs[0]
        paragraph.text = self.ledger.plain(marked, "页脚") + "　第 "
        for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
            run = paragraph.add_run()._r
            element = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                element.set(qn("w:fldCharType"), kind)
            else:
                element.text = text
            run.append(element)
        paragraph.add_run(" 页")

    def data(self) -> bytes:
        out = io.BytesIO()
        self.document.save(out)
        return steady(out.getvalue())
