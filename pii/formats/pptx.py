"""PowerPoint presentations (ISO/IEC 29500-1): slides shown or hidden, notes, masters, comments.

Paragraphs and tables are read as in Word; charts, embedded workbooks, alternative texts, sections
and custom shows by what all Office packages share.
"""

import io
from collections.abc import Iterator
from typing import Any

from pii.formats.docx import read_paragraphs
from pii.formats.grid import labels_of
from pii.formats.office import OfficeDocument, OfficeKind, members_again, open_office
from pii.formats.opening import Opening
from pii.formats.segments import Segment
from records.language import Bilingual

_KIND = OfficeKind("PowerPoint", ".pptx", "ppt/presentation.xml")


def open_pptx(data: bytes, opening: Opening) -> OfficeDocument:
    """A presentation by paragraphs."""
    return open_office(data, _KIND, opening, read_paragraphs)


def read_pptx_again(data: bytes, opening: Opening) -> list[Segment]:
    """The second reading, by python-pptx: slides, notes, layouts, masters, charts, properties."""
    import pptx

    presentation: Any = pptx.Presentation(io.BytesIO(data))
    pages = list(presentation.slides)
    pages += [slide.notes_slide for slide in presentation.slides if slide.has_notes_slide]
    for master in presentation.slide_masters:
        pages += [master, *master.slide_layouts]
    texts = [found for page in pages for found in _texts(page.shapes)]
    core = presentation.core_properties
    texts += [
        (value or "", None)
        for value in (core.title, core.subject, core.keywords, core.comments, core.category)
    ]
    place = Bilingual("幻灯片（复核）", "the slides (second reading)")
    segments = [Segment(place, text, label) for text, label in texts if text.strip()]
    return segments + members_again(data, opening)


def _texts(shapes: Any) -> Iterator[tuple[str, str | None]]:
    """Texts of shapes, of those in groups too, with the labels of table cells."""
    for shape in shapes:
        if hasattr(shape, "shapes"):
            yield from _texts(shape.shapes)
        if shape.has_text_frame:
            yield from ((p.text, None) for p in shape.text_frame.paragraphs)
        if getattr(shape, "has_table", False):
            rows = [[cell.text for cell in row.cells] for row in shape.table.rows]
            for row, governed in zip(rows, labels_of(rows), strict=True):
                yield from zip(row, governed, strict=True)
        if getattr(shape, "has_chart", False):
            for plot in shape.chart.plots:
                yield from ((str(category), None) for category in plot.categories)
                yield from ((series.name or "", None) for series in plot.series)
