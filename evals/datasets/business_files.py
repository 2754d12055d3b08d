"""A business document in the file formats offices use, laid out as that format is used.

The text goes where people put it: paragraphs and a table in docx, cells in xlsx, elements and
attributes in html, keys in json. Only formats the product can redact are made.
"""

import csv
import html
import io
import json
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

from evals.datasets.business_documents import BusinessDocument
from pii.formats.registry import SUFFIXES


def _rows(document: BusinessDocument) -> list[list[str]]:
    if document.name.endswith((".csv", ".tsv")):
        mark = "\t" if document.name.endswith(".tsv") else ","
        return list(csv.reader(io.StringIO(document.text), delimiter=mark))
    return [[line] for line in document.text.splitlines() if line.strip()]


def _txt(document: BusinessDocument) -> bytes:
    return document.text.encode()


def _gbk(document: BusinessDocument) -> bytes:
    return document.text.encode("gb18030")


def _docx(document: BusinessDocument) -> bytes:
    import docx

    made = docx.Document()
    rows = _rows(document)
    if len(rows[0]) > 1:
        table = made.add_table(0, max(len(row) for row in rows))
        for row in rows:
            for cell, value in zip(table.add_row().cells, row, strict=False):
                cell.text = value
    else:
        for (line,) in rows:
            # As Word stores it: a paragraph in several runs, cut anywhere.
            paragraph = made.add_paragraph()
            for at in range(0, len(line), 7):
                paragraph.add_run(line[at : at + 7])
    made.sections[0].header.paragraphs[0].text = rows[-1][0]
    return _saved(made.save)


def _xlsx(document: BusinessDocument) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in _rows(document):
        sheet.append([value.lstrip("=") for value in row])
    return _saved(book.save)


def _pptx(document: BusinessDocument) -> bytes:
    import pptx

    show = pptx.Presentation()
    for start in range(0, len(_rows(document)), 6):
        slide = show.slides.add_slide(show.slide_layouts[1])
        lines = [" ".join(row) for row in _rows(document)[start : start + 6]]
        slide.placeholders[1].text = "\n".join(lines)
        slide.notes_slide.notes_text_frame.text = lines[0]
    return _saved(show.save)


def _html(document: BusinessDocument) -> bytes:
    rows = "".join(
        "<tr>" + "".join(f"<td>{html.escape(value)}</td>" for value in row) + "</tr>\n"
        for row in _rows(document)
    )
    title = html.escape(document.text.splitlines()[0], quote=True)
    return f'<!doctype html><title>x</title><table title="{title}">{rows}</table>'.encode()


def _json(document: BusinessDocument) -> bytes:
    rows = _rows(document)
    if len(rows[0]) > 1:
        records: object = [dict(zip(rows[0], row, strict=False)) for row in rows[1:]]
    else:
        records = {"lines": [line for (line,) in rows]}
    return json.dumps(records, ensure_ascii=len(rows) % 2 == 0, indent=1).encode()


def _eml(document: BusinessDocument) -> bytes:
    message = EmailMessage()
    message["Subject"] = document.text.splitlines()[0][:60]
    message.set_content(document.text)
    message.add_attachment(document.text.encode(), "text", "plain", filename="a.txt")
    return message.as_bytes()


def _zip(document: BusinessDocument) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/1.txt", document.text)
        archive.writestr("a/2.docx", _docx(document))
    return out.getvalue()


# Where Linux and macOS keep a font with Chinese letters; without one there is no pdf form.
_FONTS = tuple(
    Path(place)
    for place in (
        "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
        "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
        "/System/Library/Fonts/Supplemental/Arial Unicode.ttf",
    )
)


def _pdf(document: BusinessDocument) -> bytes:
    import fpdf

    page = fpdf.FPDF()
    page.add_page()
    page.add_font("zh", fname=next(str(font) for font in _FONTS if font.exists()))
    page.set_font("zh", size=11)
    page.set_title(document.text.splitlines()[0])
    for row in _rows(document):
        page.multi_cell(0, 7, "  ".join(row), new_x="LMARGIN", new_y="NEXT")
    return bytes(page.output())


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    out = io.BytesIO()
    save(out)
    return out.getvalue()


_WRITERS: dict[str, tuple[str, Callable[[BusinessDocument], bytes]]] = {
    "txt": (".txt", _txt), "gbk": (".txt", _gbk), "docx": (".docx", _docx),
    "xlsx": (".xlsx", _xlsx), "pptx": (".pptx", _pptx), "html": (".html", _html),
    "json": (".json", _json), "eml": (".eml", _eml), "zip": (".zip", _zip), "pdf": (".pdf", _pdf),
}  # fmt: skip


def forms() -> list[str]:
    """The forms that can be made and redacted."""
    written = any(font.exists() for font in _FONTS)
    return [
        form
        for form, (suffix, _) in _WRITERS.items()
        if suffix in SUFFIXES and (form != "pdf" or written)
    ]


def as_file(document: BusinessDocument, form: str) -> tuple[str, bytes]:
    """A file name without anything personal in it, and the bytes."""
    suffix, write = _WRITERS[form]
    return document.name.rpartition(".")[0] + suffix, write(document)
