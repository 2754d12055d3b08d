"""Every format a file can have, in one table: how it is opened and by what it is read again."""

from dataclasses import replace
from importlib import import_module
from typing import Any

from pii.errors import TooLarge, UnreadableDocument
from pii.formats.calendar_text import open_calendar
from pii.formats.docx import open_docx, read_docx_again
from pii.formats.html_second import read_html_again
from pii.formats.html_text import open_html
from pii.formats.json_text import (
    open_json,
    open_json_lines,
    read_json_again,
    read_json_lines_again,
)
from pii.formats.mail import open_mail, read_mail_again
from pii.formats.markdown import open_markdown
from pii.formats.old_office import OLD_FORMATS
from pii.formats.opening import Format, Limits, Opening, format_of, suffix_of
from pii.formats.package import OFFICE
from pii.formats.plain import open_plain, read_plain_again
from pii.formats.pptx import open_pptx, read_pptx_again
from pii.formats.table import open_csv, open_tsv, read_csv_again, read_tsv_again
from pii.formats.xlsx import open_xlsx, read_xlsx_again
from pii.formats.xml_text import open_xml, read_xml_again
from pii.formats.zip_files import open_zip, read_zip_again


def _picture(*begins: bytes) -> Format:
    return Format(
        "picture",
        _later("image", "open_image"),
        _later("image", "read_image_again"),
        "OpenCV, rapidocr",
        begins,
    )


def _later(module: str, name: str) -> Any:
    """A function of a format whose libraries take a second to load, loaded at first use."""

    def call(data: bytes, opening: Opening) -> Any:
        return getattr(import_module(f"pii.formats.{module}"), name)(data, opening)

    return call


_DOCX = Format("docx", open_docx, read_docx_again, "python-docx, zipfile", OFFICE)
_XLSX = Format("xlsx", open_xlsx, read_xlsx_again, "openpyxl, zipfile", OFFICE)
_PPTX = Format("pptx", open_pptx, read_pptx_again, "python-pptx, zipfile", OFFICE)
_PLAIN_OFFICE = {
    (".docm", ".dotx", ".dotm"): replace(_DOCX, copy_suffix=".docx"),
    (".xlsm", ".xltx", ".xltm"): replace(_XLSX, copy_suffix=".xlsx"),
    (".pptm", ".ppsx", ".ppsm", ".potx", ".potm"): replace(_PPTX, copy_suffix=".pptx"),
}
"""Files with macros, templates and slide shows: the copy is a plain document."""
FORMATS: dict[str, Format] = {
    ".txt": Format("text", open_plain, read_plain_again, "str.splitlines"),
    ".md": Format("markdown", open_markdown, read_plain_again, "str.splitlines"),
    ".csv": Format("csv", open_csv, read_csv_again, "csv"),
    ".tsv": Format("tsv", open_tsv, read_tsv_again, "csv"),
    ".json": Format("json", open_json, read_json_again, "json"),
    ".jsonl": Format("jsonl", open_json_lines, read_json_lines_again, "json"),
    ".ndjson": Format("jsonl", open_json_lines, read_json_lines_again, "json"),
    ".xml": Format("xml", open_xml, read_xml_again, "xml.etree"),
    ".html": Format("html", open_html, read_html_again, "html5lib"),
    ".htm": Format("html", open_html, read_html_again, "html5lib"),
    ".ics": Format("calendar", open_calendar, read_plain_again, "str.splitlines"),
    ".vcf": Format("address card", open_calendar, read_plain_again, "str.splitlines"),
    ".eml": Format("mail", open_mail, read_mail_again, "email.policy.default"),
    ".zip": Format("zip", open_zip, read_zip_again, "zipfile", (b"PK",)),
    ".pdf": Format(
        "pdf",
        _later("pdf", "open_pdf"),
        _later("pdf_second", "read_pdf_again"),
        "PDFium, pikepdf",
        (b"%PDF",),
    ),
    ".png": _picture(b"\x89PNG"),
    ".jpg": _picture(b"\xff\xd8\xff"),
    ".jpeg": _picture(b"\xff\xd8\xff"),
    ".tif": _picture(b"II*\x00", b"MM\x00*"),
    ".tiff": _picture(b"II*\x00", b"MM\x00*"),
    ".gif": _picture(b"GIF8"),
    ".bmp": _picture(b"BM"),
    ".webp": _picture(b"RIFF"),
    ".docx": _DOCX,
    ".xlsx": _XLSX,
    ".pptx": _PPTX,
    **{suffix: form for suffixes, form in _PLAIN_OFFICE.items() for suffix in suffixes},
    **OLD_FORMATS,
}
SUFFIXES = frozenset(FORMATS)


def checked_format(untrusted_data: bytes, untrusted_name: str, limits: Limits) -> Format:
    """The format of a file that is to be redacted. Raises TooLarge, UnreadableDocument, UnknownFormat."""
    if len(untrusted_data) > limits.size:
        raise TooLarge(
            "文件超过 50 MB，请拆分后重试。", "The file is over 50 MB; split it and retry."
        )
    if suffix_of(untrusted_name) in FORMATS and not untrusted_data.strip(b"\xef\xbb\xbf \r\n\t"):
        raise UnreadableDocument("文件是空的。", "The file is empty.")
    return format_of(untrusted_data, untrusted_name, FORMATS)
