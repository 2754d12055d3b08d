"""Pages as PDFium draws and reads them. PDFium is not safe to share, so one lock guards all of it."""

import ctypes
import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from pii.errors import UnreadableDocument
from pii.formats.ocr import Pixels

LOCK = threading.RLock()
DPI = 200
_MOST_PIXELS = 40_000_000


def open_pdfium(data: bytes, password: str | None) -> pypdfium2.PdfDocument:
    """The document in PDFium; hold LOCK while using it."""
    try:
        return pypdfium2.PdfDocument(data, password=password)
    except pypdfium2.PdfiumError as error:
        raise UnreadableDocument(
            "PDF 已损坏，无法显示其页面。请重新导出后重试。",
            "The PDF is damaged: its pages cannot be drawn. Export it again and retry.",
        ) from error


def drawn_pages(
    data: bytes, numbers: Sequence[int], password: str | None = None
) -> dict[int, Pixels]:
    """Pages as pixels, annotations and form fields included."""
    with LOCK:
        document = open_pdfium(data, password)
        try:
            if document.get_formtype() == pdfium.FORMTYPE_ACRO_FORM:
                document.init_forms()
            return {number: _drawn(document[number]) for number in numbers}
        finally:
            document.close()


def page_sizes(
    data: bytes, numbers: Sequence[int], password: str | None = None
) -> dict[int, tuple[float, float]]:
    """Width and height of pages as shown, in points."""
    with LOCK:
        document = open_pdfium(data, password)
        try:
            return {number: document[number].get_size() for number in numbers}
        finally:
            document.close()


def _drawn(page: Any) -> Pixels:
    width, height = page.get_size()
    scale = min(DPI / 72, (_MOST_PIXELS / max(1.0, width * height)) ** 0.5)
    bitmap = page.render(scale=scale, rev_byteorder=True, no_smoothtext=False)
    pixels = np.asarray(bitmap.to_numpy())[:, :, :3].copy()
    bitmap.close()
    return pixels


@dataclass(frozen=True, slots=True)
class Read:
    """A character as PDFium reads it: corners of its box, its origin, its height, its angle."""

    text: str
    corners: tuple[tuple[float, float], ...]
    origin: tuple[float, float]
    height: float
    angle: int


def text_of(page: Any) -> list[Read]:
    """Every character PDFium reads on a page."""
    text_page = page.get_textpage()
    found = []
    rect, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    for index in range(pdfium.FPDFText_CountChars(text_page)):
        code = pdfium.FPDFText_GetUnicode(text_page, index)
        if code in (0, 0xFFFE, 0xFFFF) or pdfium.FPDFText_IsGenerated(text_page, index) == 1:
            continue
        if not pdfium.FPDFText_GetLooseCharBox(text_page, index, rect):
            continue
        pdfium.FPDFText_GetCharOrigin(text_page, index, x, y)
        pdfium.FPDFText_GetMatrix(text_page, index, matrix)
        size = float(pdfium.FPDFText_GetFontSize(text_page, index))
        # PDFium measures angles clockwise.
        angle = -math.degrees(float(pdfium.FPDFText_GetCharAngle(text_page, index)))
        corners = tuple((h, v) for h in (rect.left, rect.right) for v in (rect.bottom, rect.top))
        height = size * math.hypot(matrix.c, matrix.d)
        found.append(Read(chr(code), corners, (x.value, y.value), height, round(angle) % 360))
    text_page.close()
    return found


def plain_texts(data: bytes) -> list[str]:
    """The text of each page, in the order it is stored."""
    with LOCK:
        document = open_pdfium(data, None)
        try:
            return [page.get_textpage().get_text_range() for page in document]
        finally:
            document.close()
