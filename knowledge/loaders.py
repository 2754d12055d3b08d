"""Company policy and regulation files (docx, md, txt) → lines of headed text."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from knowledge.errors import EmptyPolicy, PolicyTooLarge, UnknownPolicyFormat, UnreadablePolicy
from knowledge.sections import Line

SUFFIXES = frozenset({".docx", ".md", ".txt"})
LARGEST_FILE = 20 * 1024 * 1024
# A docx is a zip: its parts together may not be larger than this once unpacked.
LARGEST_UNPACKED = 200 * 1024 * 1024

_HEADING_STYLE = re.compile(r"(?:heading|标题)\s*(\d)", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def read_lines(path: Path) -> list[Line]:
    """The lines of a file; a file that cannot be used raises an error that says why."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise UnknownPolicyFormat(suffix)
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise PolicyTooLarge(LARGEST_FILE)
        lines = _docx(path) if suffix == ".docx" else _text(path.read_bytes())
    except OSError as error:
        raise UnreadablePolicy from error
    if not any(line.text.strip() for line in lines):
        raise EmptyPolicy
    return lines


def _text(untrusted: bytes) -> list[Line]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = untrusted.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return [Line(line) for line in _COMMENT.sub("", text).splitlines()]
    raise UnreadablePolicy


def _docx(path: Path) -> list[Line]:
    from zipfile import ZipFile

    from docx import Document
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    try:
        with ZipFile(path) as package:
            if sum(part.file_size for part in package.infolist()) > LARGEST_UNPACKED:
                raise PolicyTooLarge(LARGEST_FILE)
        return list(_blocks(Document(str(path))))
    except (BadZipFile, OpcError, LxmlError, KeyError, ValueError, AttributeError) as error:
        # python-docx raises KeyError and the like on packages whose parts are missing.
        raise UnreadablePolicy from error


def _blocks(document: Any) -> Iterator[Line]:
    from docx.table import Table

    from knowledge.docx_numbers import Numbering

    numbering = Numbering(document)
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            yield from _table(block)
            continue
        style = block.style.name if block.style is not None else ""
        found = _HEADING_STYLE.match(style or "")
        level = int(found[1]) if found else 1 if style in {"Title", "标题"} else None
        number = numbering.number(block)
        yield Line(f"{number} {block.text}".strip() if number else block.text, level)


def _table(table: Any) -> Iterator[Line]:
    for row in table.rows:
        cells = dict.fromkeys(cell.text.strip() for cell in row.cells)
        yield Line("｜".join(filter(None, cells)))
