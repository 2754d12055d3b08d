"""Pages a second: PDFs of text, and scans of the same pages, each redacted and read again."""

import io
import time
from collections.abc import Callable
from typing import Any

from evals.bench_redaction import business_text

_TEXT_PAGES, _SCANNED_PAGES, _LINES = 10, 1, 36


def run() -> list[tuple[str, float, str]]:
    """Rows of (what, figure, unit)."""
    from pii.detect import PresidioDetector
    from pii.documents import redact_document
    from pii.formats.ocr import read_lines
    from pii.formats.pdf_copy import as_pictures
    from pii.formats.pdf_render import drawn_pages
    from pii.policy import load_policy

    detector, policy = PresidioDetector(), load_policy("standard")
    text = text_pdf(_TEXT_PAGES)
    small = text_pdf(_SCANNED_PAGES, latin=True)
    scan = as_pictures(small)
    redact_document(text_pdf(1), "a.pdf", detector, policy)
    read_lines(drawn_pages(small, [0])[0])
    of_text = _seconds(lambda: redact_document(text, "a.pdf", detector, policy))
    recognised = _seconds(lambda: read_lines(drawn_pages(small, [0])[0]))
    of_scans = _seconds(lambda: redact_document(scan, "a.pdf", detector, policy))
    return [
        ("PDF of text, redacted and read again", _TEXT_PAGES / of_text, "pages/s"),
        ("scanned PDF, redacted", _SCANNED_PAGES / of_scans, "pages/s"),
        ("baseline: one scanned page recognised, nothing else", 1 / recognised, "pages/s"),
    ]


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def text_pdf(pages: int, *, latin: bool = False) -> bytes:
    """Invented correspondence in a font every reader brings; Latin letters where it is drawn."""
    import pikepdf
    from pikepdf import Dictionary

    pdf = pikepdf.new()
    font = pdf.make_indirect(_helvetica() if latin else _song())
    for number in range(pages):
        lines = business_text(9_000, seed=number).split("\n")[:_LINES]
        page = pdf.add_blank_page(page_size=(595, 842))
        page.Resources = Dictionary(Font=Dictionary(F=font))
        shown = [_latin(line) if latin else line.encode("utf-16-be").hex() for line in lines]
        content = "BT /F 10 Tf 18 TL 40 790 Td " + " T* ".join(f"<{s}> Tj" for s in shown) + " ET"
        page.Contents = pdf.make_stream(content.encode("ascii"))
    target = io.BytesIO()
    pdf.save(target)
    return target.getvalue()


def _latin(line: str) -> str:
    digits = "".join(c if c.isascii() else "x" for c in line)
    return f"Tel {digits}"[:70].encode("ascii").hex()


def _helvetica() -> Any:
    from pikepdf import Dictionary, Name

    return Dictionary(
        Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding
    )


def _song() -> Any:
    from pikepdf import Dictionary, Name

    child = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType0,
        BaseFont=Name("/STSong-Light"),
        DW=1000,
        CIDSystemInfo=Dictionary(Registry="Adobe", Ordering="GB1", Supplement=4),
    )
    return Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=Name("/STSong-Light"),
        Encoding=Name("/UniGB-UCS2-H"),
        DescendantFonts=[child],
    )
