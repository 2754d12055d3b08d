"""The second reading of a PDF: pages by PDFium, which had no part in writing them; the rest whole.

Besides, what pages do not show is read from the written bytes (hidden layers, appearances, strings,
names, maps), and nothing that is never carried over may be there. On request pages are drawn and
recognised as well.
"""

import io
import re
from collections.abc import Iterator, Sequence

import pikepdf

from pii.errors import UnreadableDocument
from pii.formats.image_codec import without_metadata
from pii.formats.image_reading import read_picture
from pii.formats.opening import Opening
from pii.formats.page_layout import lay_out
from pii.formats.page_rules import Mark
from pii.formats.pdf import damaged, page_place
from pii.formats.pdf_attachments import attachments_again
from pii.formats.pdf_glyphs import Reader
from pii.formats.pdf_pages import ASCENT, DESCENT, page_text, ruled, upright
from pii.formats.pdf_parts import Parts, walk
from pii.formats.pdf_render import LOCK, Read, drawn_pages, open_pdfium, text_of
from pii.formats.pdf_shown import Shown
from pii.formats.segments import Segment
from records.language import Bilingual

_PRINTED = re.compile(r"[ -~\u00a0-\u00ff]{6,}")
_HIDDEN = Bilingual("页面不显示的部分", "what the pages do not show")


def read_pdf_again(data: bytes, opening: Opening) -> list[Segment]:
    """Every text in the written file, by two libraries."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        if set(pdf.trailer.keys()) & {"/Info", "/Encrypt", "/Prev"}:
            raise damaged()
        opening.budget.page(len(pdf.pages))
        attached = attachments_again(pdf, opening)
        parts = walk(pdf)
        if parts.removed:
            raise UnreadableDocument(
                "复核发现副本中仍有应当移除的部分，未放行。",
                "The check found a part in the copy that should have gone; it was not released.",
            )
        reader = Reader()
        shown = [reader.read_page(page, pdf.make_stream) for page in pdf.pages]
        segments = list(_by_pdfium(data, shown))
        segments += _by_ourselves(reader, shown, parts)
        segments += _unseen(pdf, parts)
        segments += attached
    if opening.pages.ocr_check:
        segments += _drawn(data, len(shown))
    return segments


def _by_pdfium(data: bytes, shown: Sequence[Shown]) -> Iterator[Segment]:
    with LOCK:
        document = open_pdfium(data, None)
        try:
            for number, one in enumerate(shown):
                groups: dict[int, list[Mark]] = {}
                for source, read in enumerate(text_of(document[number])):
                    groups.setdefault(read.angle, []).append(_mark(read, source))
                for angle, marks in groups.items():
                    for block in lay_out(marks, *ruled(one.lines, angle)):
                        yield Segment(page_place(number), block.text, block.label)
        finally:
            document.close()


def _mark(read: Read, source: int) -> Mark:
    """A box as high as the letter's size: PDFium's own follow the font's file, and differ."""
    x0, _, x1, _ = upright(read.corners, read.angle)
    _, base, _, _ = upright([read.origin], read.angle)
    return Mark(
        read.text, x0, base - ASCENT * read.height, x1, base - DESCENT * read.height, source
    )


def _by_ourselves(reader: Reader, shown: Sequence[Shown], parts: Parts) -> list[Segment]:
    loose = [
        reader.read_stream(stream, resources)
        for stream, resources in parts.contents
        if stream.objgen not in reader.followed
    ]
    places = [page_place(number) for number in range(len(shown))]
    return [
        Segment(place, block.text, block.label)
        for place, one in zip([*places, *[_HIDDEN] * len(loose)], [*shown, *loose], strict=True)
        for block in page_text(one).blocks
    ]


def _unseen(pdf: pikepdf.Pdf, parts: Parts) -> list[Segment]:
    """Strings, names, maps and what rides along with pictures."""
    segments = [Segment(s.place, s.text, s.label, s.technical) for s in parts.strings]
    segments += [Segment(_HIDDEN, name, technical=True) for name in parts.names]
    for item in pdf.objects:
        if not isinstance(item, pikepdf.Stream):
            continue
        filters = item.get("/Filter")
        if item.get("/Subtype") == "/Image":
            if filters == "/DCTDecode" and without_metadata(item.read_raw_bytes()) != (
                item.read_raw_bytes()
            ):
                raise damaged()
        elif "/FunctionType" in item or ("/N" in item and "/Type" not in item):
            text = item.read_bytes().decode("latin-1")
            printed = "\n".join(_PRINTED.findall(text))
            segments.append(Segment(_HIDDEN, printed, technical=True))
    return segments


def _drawn(data: bytes, count: int) -> Iterator[Segment]:
    for number in range(count):
        read = read_picture(drawn_pages(data, [number])[number])
        place = Bilingual(f"第{number + 1}页（重新识别）", f"page {number + 1} (recognised again)")
        for block in read.blocks:
            yield Segment(place, block.text, block.label)
