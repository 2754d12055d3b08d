"""docx: paragraphs and tables in reading order, with Word's own numbers; what is hidden is left out."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from knowledge.errors import PolicyTooLarge, UnreadablePolicy, UnsettledChanges
from knowledge.reading.documents import LARGEST_FILE, Reading
from knowledge.reading.hidden import SMALLEST_POINTS, WHITE
from knowledge.sections import Line

# A docx is a zip: its parts together may not be larger than this once unpacked.
LARGEST_UNPACKED = 200 * 1024 * 1024
DEEPEST_TABLE = 10

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING_STYLE = re.compile(r"(?:heading|标题)\s*(\d)", re.IGNORECASE)
_CHANGES = (f"{_W}ins", f"{_W}del", f"{_W}moveFrom", f"{_W}moveTo")
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def read_docx(path: Path) -> Reading:
    """The visible lines of a Word document; one with open tracked changes is refused."""
    from docx import Document
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    try:
        with ZipFile(path) as package:
            if sum(part.file_size for part in package.infolist()) > LARGEST_UNPACKED:
                raise PolicyTooLarge(LARGEST_FILE)
        document = Document(str(path))
        if any(next(document.element.body.iter(tag), None) is not None for tag in _CHANGES):
            raise UnsettledChanges
        walk = _Walk(document)
        lines = tuple(walk.blocks(document.element.body, 0))
        return Reading(lines, (*walk.hidden, *_comments(document)))
    except (BadZipFile, OpcError, LxmlError, KeyError, ValueError, AttributeError) as error:
        # python-docx raises KeyError and the like on packages whose parts are missing.
        raise UnreadablePolicy from error


def _comments(document: Any) -> Iterator[str]:
    """Comments are talk about the text, not the text."""
    for part in document.part.package.iter_parts():
        if str(part.partname).endswith("/comments.xml"):
            from lxml import etree

            parser = etree.XMLParser(resolve_entities=False, no_network=True)
            for comment in etree.fromstring(part.blob, parser).iter(f"{_W}comment"):
                words = "".join(text.text or "" for text in comment.iter(f"{_W}t")).strip()
                if words:
                    yield words


class _Walk:
    """Reads blocks in order and remembers what it left out."""

    def __init__(self, document: Any) -> None:
        from knowledge.reading.word_notes import Notes
        from knowledge.reading.word_numbers import Numbering

        self.hidden: list[str] = []
        self._document = document
        self._notes = Notes(document)
        self._numbering = Numbering(document)

    def blocks(self, holder: Any, depth: int) -> Iterator[Line]:
        """Every paragraph and row below, content controls and text boxes included."""
        if depth > DEEPEST_TABLE:
            raise UnreadablePolicy
        for child in holder:
            if child.tag == f"{_W}p":
                yield self._paragraph(child)
                for box in child.iter(f"{_W}txbxContent"):
                    if not any(above.tag == _FALLBACK for above in box.iterancestors()):
                        yield from self.blocks(box, depth + 1)
                for mark, note in self._notes.due():
                    words = (line.text.strip() for line in self.blocks(note, depth + 1))
                    yield Line(f"{mark} {' '.join(filter(None, words))}", item=True)
            elif child.tag == f"{_W}tbl":
                yield from self._table(child, depth)
            elif child.tag == f"{_W}sdt":
                content = child.find(f"{_W}sdtContent")
                if content is not None:
                    yield from self.blocks(content, depth + 1)

    def _paragraph(self, element: Any) -> Line:
        from docx.text.paragraph import Paragraph

        paragraph = Paragraph(element, self._document._body)
        text = self._visible(paragraph)
        style = (paragraph.style.name or "") if paragraph.style is not None else ""
        found = _HEADING_STYLE.match(style)
        level = int(found[1]) if found else 1 if style in {"Title", "标题"} else None
        number = self._numbering.number(paragraph) if text.strip() else ""
        return Line(f"{number} {text}".strip() if number else text, level)

    def _table(self, table: Any, depth: int) -> Iterator[Line]:
        for row in table.iter(f"{_W}tr"):
            if row.getparent() is not table:
                continue
            cells = [
                " ".join(
                    line.text.strip() for line in self.blocks(cell, depth + 1) if line.text.strip()
                )
                for cell in row.iter(f"{_W}tc")
                if cell.getparent() is row
            ]
            first, *others = [cell for cell in cells if cell] or [""]
            yield Line("｜".join(filter(None, (first, *others))))

    def _visible(self, paragraph: Any) -> str:
        words = []
        unseen: list[str] = []
        for run in paragraph._p.iter(f"{_W}r"):
            if any(above.tag == f"{_W}txbxContent" for above in _up_to(run, paragraph._p)):
                continue
            text = "".join(_run_text(run))
            if text and self._run_is_hidden(run, paragraph):
                unseen.append(text)
            else:
                words.append(text + self._notes.marks(run))
        if "".join(unseen).strip():
            self.hidden.append("".join(unseen).strip())
        return "".join(words)

    def _run_is_hidden(self, run: Any, paragraph: Any) -> bool:
        """By its own marks, its character style's, or its paragraph's."""
        own = run.find(f"{_W}rPr")
        holders = [own, *self._style_marks(own), *_paragraph_marks(paragraph)]
        if _first(holders, "vanish", "webHidden") not in {None, "0", "false"}:
            return True
        size = _first(holders, "sz")
        if size and size.isdecimal() and int(size) / 2 < SMALLEST_POINTS:
            return True
        colour = _first(holders, "color")
        shaded = any(
            holder is not None and holder.find(f"{_W}shd") is not None for holder in holders
        )
        in_shade = shaded or next(_shades(run), None) is not None
        return bool(colour and colour.lower() in WHITE and not in_shade)

    def _style_marks(self, own: Any) -> list[Any]:
        named = own.find(f"{_W}rStyle") if own is not None else None
        if named is None:
            return []
        wanted = named.get(f"{_W}val")
        styles = self._document.styles.element.findall(f"{_W}style")
        return [s.find(f"{_W}rPr") for s in styles if s.get(f"{_W}styleId") == wanted]


def _up_to(element: Any, top: Any) -> Iterator[Any]:
    for above in element.iterancestors():
        if above is top:
            return
        yield above


def _run_text(run: Any) -> Iterator[str]:
    for child in run:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag == f"{_W}tab":
            yield "\t"
        elif child.tag in {f"{_W}br", f"{_W}cr"}:
            yield "\n"
        elif child.tag == f"{_W}noBreakHyphen":
            yield "-"


def _paragraph_marks(paragraph: Any) -> list[Any]:
    marks, style = [], paragraph.style
    while style is not None:
        marks.append(style.element.find(f"{_W}rPr"))
        style = style.base_style
    return marks


def _first(holders: list[Any], *names: str) -> str | None:
    """The nearest value of a mark; a mark without value is on."""
    for holder in holders:
        for name in names:
            found = holder.find(f"{_W}{name}") if holder is not None else None
            if found is not None:
                return str(found.get(f"{_W}val", "1"))
    return None


def _shades(run: Any) -> Iterator[Any]:
    """A coloured cell or paragraph behind the run."""
    for above in run.iterancestors():
        for marks in (above.find(f"{_W}tcPr"), above.find(f"{_W}pPr")):
            shade = marks.find(f"{_W}shd") if marks is not None else None
            if shade is not None and shade.get(f"{_W}fill", "auto").lower() not in {"auto", *WHITE}:
                yield shade
