"""PDF with a text layer: lines joined back into paragraphs, running heads and unseen text left out."""

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.errors import (
    ChineseFontMissing,
    PolicyTooLarge,
    ScannedDocument,
    UnreadablePolicy,
)
from knowledge.reading.documents import LARGEST_FILE, Reading
from knowledge.reading.hidden import SMALLEST_POINTS
from knowledge.sections import Line

MOST_PAGES = 1500
_INVISIBLE = 3
_NEARLY_WHITE = 250
_ENDS = re.compile(r"[。；：！？.;:!?”）)]$")
_OPENS = re.compile(
    r"^(?:第\s*[〇零一二三四五六七八九十百\d]+\s*[条章节编]|[（(][一二三四五六七八九十\da-z]+[）)]|[一二三四五六七八九十]+、"
    r"|\d{1,2}(?:\.\d{1,2})+\s|\d{1,2}[.．、]\s|Article\s+\d|CHAPTER|Section\s+\d|附\s*[则件录]|目\s*录)"
)
_PAGE_NUMBER = re.compile(
    r"^[-—–\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/共]\s*\d{1,4}\s*页?)?[-—–\s]*$"
)
# In points: a character; how far apart, in characters, lines of a column begin; how many end alike.
_EM, _INDENT, _FLUSH = 12.0, 3, 3
_IDEOGRAPH = re.compile(r"[㐀-鿿]")
_HAN = re.compile(r"[㐀-鿿，。；：、（）]")


@dataclass(frozen=True)
class _PageLine:
    text: str
    left: float
    right: float


def read_pdf(path: Path) -> Reading:
    """The paragraphs of a PDF; one without visible text is a scan and refused.

    Raises ChineseFontMissing where characters would be lost, UnreadablePolicy and PolicyTooLarge.
    """
    import pikepdf
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise UnreadablePolicy from error
    try:
        if len(document) > MOST_PAGES:
            raise PolicyTooLarge(LARGEST_FILE)
        _refuse_loss(path, document)
        hidden: list[str] = []
        pages = [_page(document[number], hidden) for number in range(len(document))]
    except (pypdfium2.PdfiumError, pikepdf.PdfError) as error:
        raise UnreadablePolicy from error
    finally:
        document.close()
    if not any(pages):
        raise ScannedDocument
    running = _running(pages)
    lines = [
        line
        for page in pages
        for line in page
        if not _PAGE_NUMBER.match(line.text) and _bare(line.text) not in running
    ]
    return Reading(tuple(Line(text) for text in _paragraphs(lines)), tuple(hidden))


def _refuse_loss(path: Path, document: Any) -> None:
    """Whether all Chinese characters are read of a file that leaves its Chinese font to the machine.

    Without one on the machine, PDFium leaves out every character that stands alone.
    """
    import pikepdf

    from pii.formats.pdf_glyphs import Reader
    from pii.formats.pdf_pages import page_text

    with pikepdf.open(path) as pdf:
        if not any(map(_leaves_its_font, pdf.objects)):
            return
        reader = Reader()
        for number, page in enumerate(pdf.pages):
            shown = page_text(reader.read_page(page, pdf.make_stream))
            held = Counter(_IDEOGRAPH.findall("".join(block.text for block in shown.blocks)))
            text_page = document[number].get_textpage()
            read = Counter(_IDEOGRAPH.findall(text_page.get_text_range()))
            text_page.close()
            if held - read:
                raise ChineseFontMissing


def _leaves_its_font(item: Any) -> bool:
    """Whether this is a font of Chinese or the like that is not in the file."""
    import pikepdf

    if not isinstance(item, pikepdf.Dictionary) or not str(item.get("/Subtype", "")).startswith(
        "/CIDFontType"
    ):
        return False
    described: Any = item.get("/FontDescriptor", {})
    return not any(f"/FontFile{kind}" in described for kind in ("", "2", "3"))


def _page(page: Any, hidden: list[str]) -> list[_PageLine]:
    """The lines of one page, after what nobody sees was taken off it."""
    _take_off_unseen(page, hidden)
    text_page = page.get_textpage()
    lines: list[_PageLine] = []
    for start, words in _lines(text_page.get_text_range()):
        box = _extent(text_page, start, len(words))
        if words.strip() and box:
            lines.append(_PageLine(words.strip(), *box))
    text_page.close()
    page.close()
    return lines


def _take_off_unseen(page: Any, hidden: list[str]) -> None:
    from pypdfium2 import raw

    text_page = page.get_textpage()
    unseen = []
    for item in page.get_objects(filter=(raw.FPDF_PAGEOBJ_TEXT,), max_depth=4):
        if _is_unseen(item, page):
            words = _object_text(item, text_page)
            unseen.append(item)
            if words:
                hidden.append(words)
    text_page.close()
    for item in unseen:
        # Text inside a form cannot be taken off alone; then the page does not count as clean.
        if item.level:
            raise UnreadablePolicy
        page.remove_obj(item)


def _is_unseen(item: Any, page: Any) -> bool:
    from ctypes import byref, c_float, c_uint

    from pypdfium2 import raw

    if raw.FPDFTextObj_GetTextRenderMode(item.raw) == _INVISIBLE:
        return True
    size = c_float()
    raw.FPDFTextObj_GetFontSize(item.raw, byref(size))
    matrix = item.get_matrix()
    scale = max(abs(matrix.d), abs(matrix.b))
    if size.value * scale < SMALLEST_POINTS:
        return True
    red, green, blue, alpha = c_uint(), c_uint(), c_uint(), c_uint()
    coloured = raw.FPDFPageObj_GetFillColor(item.raw, red, green, blue, alpha)
    white = min(red.value, green.value, blue.value) >= _NEARLY_WHITE
    if coloured and (alpha.value == 0 or white):
        return True
    left, bottom, right, top = item.get_bounds()
    width, height = page.get_size()
    return bool(right < 0 or top < 0 or left > width or bottom > height)


def _object_text(item: Any, text_page: Any) -> str:
    from ctypes import POINTER, c_ushort, cast

    from pypdfium2 import raw

    length = raw.FPDFTextObj_GetText(item.raw, text_page.raw, None, 0)
    if not length:
        return ""
    buffer = (c_ushort * (length // 2 + 1))()
    raw.FPDFTextObj_GetText(item.raw, text_page.raw, cast(buffer, POINTER(c_ushort)), length)
    return bytes(buffer).decode("utf-16-le", "replace").split("\0")[0].strip()


def _lines(text: str) -> list[tuple[int, str]]:
    found, place = [], 0
    for piece in re.split(r"(\r\n|\r|\n)", text):
        if piece not in {"\r\n", "\r", "\n"}:
            found.append((place, piece))
        place += len(piece)
    return found


def _extent(text_page: Any, start: int, length: int) -> tuple[float, float] | None:
    boxes = []
    for index in (start, start + length - 1):
        if 0 <= index < text_page.count_chars():
            boxes.append(text_page.get_charbox(index, loose=True))
    return (min(b[0] for b in boxes), max(b[2] for b in boxes)) if boxes else None


def _running(pages: list[list[_PageLine]]) -> set[str]:
    """The first and last lines that most pages repeat: running heads."""
    if len(pages) < 3:
        return set()
    edges = Counter(
        bare
        for page in pages
        for bare in {_bare(line.text) for line in (*page[:2], *page[-2:])}
        if bare
    )
    return {bare for bare, count in edges.items() if count > len(pages) * 0.6}


def _bare(text: str) -> str:
    return re.sub(r"[\d\s]+", "", text)


def _place(point: float) -> int:
    return round(point / _EM)


def _columns(lines: list[_PageLine]) -> dict[int, tuple[float, float]]:
    """For each place a line begins at, the left and right edge of the column it stands in.

    A column ends where a few lines that begin thereabouts end; a title alone has the page's edges.
    """
    margin, edge = min(line.left for line in lines), max(line.right for line in lines)
    starts: dict[int, Counter[int]] = {}
    for line in lines:
        starts.setdefault(_place(line.left), Counter())[_place(line.right)] += 1
    found = {}
    for place in starts:
        near = [one for one in range(place - _INDENT, place + _INDENT + 1) if one in starts]
        ends = sum((starts[one] for one in near), Counter[int]())
        last = max(ends)
        flush = ends[last] + ends[last - 1] + ends[last - 2] >= _FLUSH
        found[place] = (min(near) * _EM, last * _EM) if flush else (margin, edge)
    return found


def _paragraphs(lines: list[_PageLine]) -> list[str]:
    """Lines joined where the layout only wrapped them."""
    if not lines:
        return []
    columns = _columns(lines)
    found: list[str] = []
    before: _PageLine | None = None
    for line in lines:
        indented = line.left > columns[_place(line.left)][0] + _EM * 1.2
        short = before is not None and before.right < columns[_place(before.left)][1] - _EM * 2
        ended = before is not None and _ENDS.search(before.text) is not None
        if (
            before is None
            or _OPENS.match(line.text)
            or (ended and (indented or short))
            or (short and not ended)
        ):
            found.append(line.text)
        else:
            glue = "" if _HAN.search(found[-1][-1]) or _HAN.match(line.text[0]) else " "
            found[-1] += glue + line.text
        before = line
    return found
