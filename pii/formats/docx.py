"""Word documents (ISO/IEC 29500-1): paragraphs of every part, with what a page does not show.

A paragraph gives one segment for what is visible and, where there are any, one for deleted text,
one for both together (a name half deleted) and one for field codes. Cells of tables carry the label
that governs them.
"""

import io
from typing import Any

from lxml import etree

from pii.formats.cleaning import NOBODY
from pii.formats.grid import labels_of
from pii.formats.office import OfficeDocument, OfficeKind, members_again, open_office
from pii.formats.opening import Opening
from pii.formats.part_places import part_place
from pii.formats.segments import Segment
from pii.formats.slots import Group, Slot, local
from records.language import Bilingual

_MAIN = "word/document.xml"
_KIND = OfficeKind("Word", ".docx", _MAIN)
_IMPLIED = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}
_STORED = ("t", "delText", "instrText", "delInstrText")


def open_docx(data: bytes, opening: Opening) -> OfficeDocument:
    """A Word document by paragraphs."""
    return open_office(data, _KIND, opening, read_paragraphs)


def read_paragraphs(name: str, root: Any) -> tuple[list[Group], set[int]]:
    """A part's paragraphs as groups, and the elements they cover."""
    labels = _cell_labels(root)
    place = part_place(name)
    groups: list[Group] = []
    taken: set[int] = set()
    for number, paragraph in enumerate(root.iter("{*}p"), start=1):
        slots = [slot for slot in _slots(paragraph) if slot.text]
        taken |= {id(slot.element) for slot in slots if slot.element is not None}
        where = Bilingual(f"{place.zh}第{number}段", f"{place.en}, paragraph {number}")
        groups += _readings(slots, where, labels.get(id(paragraph)))
    return groups, taken


def _readings(slots: list[Slot], place: Bilingual, label: str | None) -> list[Group]:
    deleted = [s for s in slots if s.element is not None and local(s.element) == "delText"]
    codes = [s for s in slots if s.element is not None and "nstrText" in local(s.element)]
    out_of_sight = {id(s) for s in (*deleted, *codes)}
    visible = [s for s in slots if id(s) not in out_of_sight]
    both = [s for s in slots if s not in codes] if deleted else []
    groups = []
    for reading in (visible, deleted, both if both != deleted else [], codes):
        text = "".join(slot.text for slot in reading)
        if text.strip():
            groups.append(Group(Segment(place, text, label), tuple(reading)))
    return groups


def _slots(paragraph: Any) -> list[Slot]:
    """The slots of a paragraph, without those of paragraphs inside it (text boxes)."""
    slots = []
    for element in paragraph.iter(etree.Element):
        name = local(element)
        if name in _STORED and _nearest_paragraph(element) is paragraph:
            slots.append(Slot(element.text or "", element))
        elif (
            name in _IMPLIED
            and _nearest_paragraph(element) is paragraph
            and local(element.getparent()) in ("r", "p")
        ):
            slots.append(Slot(_IMPLIED[name]))
    return slots


def _nearest_paragraph(element: Any) -> Any:
    return next(element.iterancestors("{*}p"), None)


def _cell_labels(root: Any) -> dict[int, str]:
    """The label that governs each paragraph inside a table."""
    labels: dict[int, str] = {}
    for table in root.iter("{*}tbl"):
        rows = [row.findall("{*}tc") for row in table.findall("{*}tr")]
        texts = [[_text(cell) for cell in row] for row in rows]
        for row, governed in zip(rows, labels_of(texts), strict=True):
            for cell, label in zip(row, governed, strict=True):
                if label:
                    labels |= {id(p): label for p in _paragraphs(cell)}
    return labels


def _paragraphs(cell: Any) -> list[Any]:
    """Those right in a cell: Word's stand in it, PowerPoint's in its text body."""
    return [*cell.findall("{*}p"), *cell.findall("{*}txBody/{*}p")]


def _text(cell: Any) -> str:
    return "\n".join(
        "".join(t.text or "" for t in paragraph.iter("{*}t")) for paragraph in _paragraphs(cell)
    ).strip()


def read_docx_again(data: bytes, opening: Opening) -> list[Segment]:
    """The second reading, by python-docx: body, tables, headers, footers, comments, properties."""
    import docx

    document = docx.Document(io.BytesIO(data))
    texts = _container_texts(document)
    for section in document.sections:
        for piece in (
            section.header, section.footer, section.first_page_header, section.first_page_footer,
            section.even_page_header, section.even_page_footer,
        ):  # fmt: skip
            texts += _container_texts(piece)
    for comment in document.comments:
        texts += [(p.text, None) for p in comment.paragraphs]
        texts.append((comment.author or "", None))
    core = document.core_properties
    texts += [
        (value or "", None)
        for value in (core.title, core.subject, core.keywords, core.comments, core.category)
    ]
    place = Bilingual("正文（复核）", "the text (second reading)")
    segments = [Segment(place, t, label) for t, label in texts if t.strip() and t != NOBODY]
    return segments + members_again(data, opening)


def _container_texts(container: Any) -> list[tuple[str, str | None]]:
    texts: list[tuple[str, str | None]] = [(p.text, None) for p in container.paragraphs]
    for table in container.tables:
        rows = [[cell.text for cell in row.cells] for row in table.rows]
        for row, governed in zip(rows, labels_of(rows), strict=True):
            texts += list(zip(row, governed, strict=True))
    return texts
