"""PDF (ISO 32000-2): characters out of the content streams, every string read, the rest left out.

Pages are read in reading order, their pictures recognised. A page that cannot be trusted as text
(characters without meaning, text drawn as outlines, a scan in strips) is drawn, read as a picture
and comes back as one. The copy is written whole: no earlier revision, no object nothing refers to.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pikepdf

from pii.errors import PasswordNeeded, TooLarge, UnknownPart, UnreadableDocument
from pii.formats import pdf_pictures
from pii.formats.image_reading import ReadPicture, paint, read_picture
from pii.formats.ocr import Pixels
from pii.formats.opening import Budget, Opening
from pii.formats.page_layout import Block, spots
from pii.formats.pdf_attachments import Attachments, take
from pii.formats.pdf_copy import as_pictures, saved
from pii.formats.pdf_edit import DrawingFonts, Replacement, rewrite
from pii.formats.pdf_glyphs import Reader
from pii.formats.pdf_pages import PageText, page_text, why_not_text
from pii.formats.pdf_parts import Parts, walk
from pii.formats.pdf_render import drawn_pages, page_sizes
from pii.formats.pdf_shown import Glyph, Shown
from pii.formats.segments import Segment, edited
from pii.operators import Edit
from pii.policy import Pictures
from records.errors import ProductError
from records.language import Bilingual

_READ_AS_PICTURES = 500
_TINY = 10


@dataclass
class _Source:
    """Where the blocks of some segments come from."""

    blocks: Sequence[Block]
    place: Bilingual
    text: PageText | None = None
    read: ReadPicture | None = None
    image: Any = None
    flipped: bool = False
    page: int | None = None


@dataclass
class PdfDocument:
    """A PDF taken apart."""

    pdf: pikepdf.Pdf
    data: bytes
    password: str
    rasterise: bool
    reader: Reader
    parts: Parts
    sources: list[_Source] = field(default_factory=list)
    glyphs: list[Glyph] = field(default_factory=list)
    blanked: list[Any] = field(default_factory=list)
    emptied: set[int] = field(default_factory=set)
    """Streams only drawn pages call: other pages may still name them in their resources."""
    notes: list[str] = field(default_factory=list)
    attachments: Attachments = field(default_factory=Attachments)

    @property
    def segments(self) -> Sequence[Segment]:
        """Blocks of pages and pictures, then strings, then attached files."""
        of_blocks = [
            Segment(source.place, block.text, block.label)
            for source in self.sources
            for block in source.blocks
        ]
        of_strings = [
            Segment(slot.place, slot.text, slot.label, slot.technical)
            for slot in self.parts.strings
        ]
        return [*of_blocks, *of_strings, *self.attachments.segments]

    @property
    def removed(self) -> Sequence[str]:
        """What is not carried over, and what became a picture."""
        return [*sorted(self.parts.removed), *self.notes, *self.attachments.removed]

    def write(self, edits: Sequence[Sequence[Edit]]) -> bytes:
        """The document with edits made in streams, pixels and strings, written from scratch."""
        try:
            return self._written(edits)
        except ProductError:
            raise
        except Exception as error:
            raise damaged() from error

    def _written(self, edits: Sequence[Sequence[Edit]]) -> bytes:
        replacements: list[Replacement] = []
        position = 0
        for source in self.sources:
            made = edits[position : position + len(source.blocks)]
            position += len(source.blocks)
            if source.text is not None:
                replacements += _replacements(source.text, made)
            elif source.image is not None:
                self._write_image(source, made)
        behind = position + len(self.parts.strings)
        for slot, made_here in zip(self.parts.strings, edits[position:behind], strict=True):
            if made_here:
                slot.store(edited(slot.text, made_here))
        rewrite(self.reader.streams, self.glyphs, replacements, DrawingFonts(self.pdf))
        for number in self.emptied:
            self.reader.streams[number].store(b"")
        for image in self.blanked:
            pdf_pictures.blank(image)
        self._write_drawn_pages(edits)
        written = saved(self.pdf)
        written = as_pictures(written) if self.rasterise else written
        return self.attachments.attached(written, edits[behind:])

    def _write_image(self, source: _Source, edits: Sequence[Sequence[Edit]]) -> None:
        pixels = pdf_pictures.pixels_of(source.image)
        assert source.read is not None and pixels is not None
        if not source.read.is_painted and not any(edits):
            pdf_pictures.clean(source.image, pixels)
            return
        pixels = pixels[::-1] if source.flipped else pixels
        painted = paint(pixels, source.read, spots(source.blocks, edits))
        pdf_pictures.put_back(source.image, painted[::-1] if source.flipped else painted)

    def _write_drawn_pages(self, edits: Sequence[Sequence[Edit]]) -> None:
        position = 0
        for source in self.sources:
            made = edits[position : position + len(source.blocks)]
            position += len(source.blocks)
            if source.page is None or source.read is None:
                continue
            # Drawn again: a hundred pages of pixels would not fit in memory.
            pixels = drawn_pages(self.data, [source.page], self.password)[source.page]
            size = page_sizes(self.data, [source.page], self.password)[source.page]
            painted = paint(pixels, source.read, spots(source.blocks, made))
            page = self.pdf.pages[source.page].obj
            pdf_pictures.picture_page(self.pdf, page, painted, size)


def _replacements(text: PageText, edits: Sequence[Sequence[Edit]]) -> list[Replacement]:
    made = []
    for block, edits_here in zip(text.blocks, edits, strict=True):
        for edit in edits_here:
            numbers = dict.fromkeys(s for s in block.sources[edit.start : edit.end] if s >= 0)
            made.append(Replacement([text.glyphs[n] for n in numbers], edit.text))
            twins = [text.glyphs[t] for n in numbers for t in text.twins.get(n, ())]
            made.append(Replacement(twins, ""))
    return made


def open_pdf(data: bytes, opening: Opening) -> PdfDocument:
    """A PDF by blocks of text, recognised pictures and strings."""
    pdf, password = _opened(data, opening.passwords)
    try:
        opening.budget.page(len(pdf.pages))
        attachments = take(pdf, opening)
        document = PdfDocument(
            pdf,
            data,
            password,
            opening.pages.rasterise,
            Reader(),
            walk(pdf),
            attachments=attachments,
        )
        return _taken_apart(document, opening)
    except ProductError:
        raise
    except Exception as error:
        # A dictionary where a number should stand, and a thousand other ways to be broken.
        raise damaged() from error


def _opened(data: bytes, passwords: Sequence[str]) -> tuple[pikepdf.Pdf, str]:
    pikepdf.settings.set_qpdf_limits(
        parser_max_nesting=200, flate_max_memory=400_000_000, max_stream_filters=8
    )
    for password in ("", *passwords):
        try:
            return pikepdf.open(io.BytesIO(data), password=password), password
        except pikepdf.PasswordError:
            continue
        except (pikepdf.PdfError, RuntimeError, ValueError) as error:
            raise damaged() from error
    raise PasswordNeeded(tried=bool(passwords))


def damaged() -> UnreadableDocument:
    """The error for a PDF that cannot be read."""
    return UnreadableDocument(
        "PDF 已损坏或不是 PDF。请重新导出后重试。",
        "The file is damaged or is not a PDF. Export it again and retry.",
    )


def _taken_apart(document: PdfDocument, opening: Opening) -> PdfDocument:
    pictures = opening.pictures
    shown = []
    for page in document.pdf.pages:
        opening.budget.tick()
        shown.append(document.reader.read_page(page, document.pdf.make_stream))
    drawn = {n: why for n, one in enumerate(shown) if (why := why_not_text(one))}
    kept = _images(document, shown, drawn)
    if pictures is Pictures.REFUSE and (drawn or kept):
        raise UnknownPart("图片 picture")
    if pictures is Pictures.BLANK:
        _refuse_drawn(drawn)
        document.blanked += [image for _, image, _ in kept]
        document.notes += ["pictures"] if kept else []
    _read_pages(document, shown, drawn, opening.budget)
    if pictures is Pictures.READ:
        _read_images(document, kept, opening.budget)
    _read_loose(document)
    on_drawn = {n for number in drawn for n in shown[number].streams}
    on_others = {n for number, one in enumerate(shown) if number not in drawn for n in one.streams}
    document.emptied = on_drawn - on_others
    return document


def _refuse_drawn(drawn: dict[int, str]) -> None:
    for number in drawn:
        raise UnreadableDocument(
            f"PDF 第{number + 1}页的文字无法直接读取，当前策略不允许识别图片，未作处理。",
            f"Page {number + 1} of the PDF cannot be read as text, and this policy does not read "
            "pictures; it was not processed.",
        )


def _images(
    document: PdfDocument, shown: Sequence[Shown], drawn: dict[int, str]
) -> list[tuple[Bilingual, Any, bool]]:
    """Pictures that stay pictures. A page with one nobody can decode is added to the drawn ones."""
    places: dict[tuple[int, int], tuple[int, bool]] = {}
    only_drawn: set[tuple[int, int]] = set()
    for number, one in enumerate(shown):
        for placed in one.pictures:
            if placed.inline:
                continue
            key = placed.image.objgen
            small = min(int(placed.image.Width), int(placed.image.Height)) < _TINY
            if number not in drawn and not small and pdf_pictures.pixels_of(placed.image) is None:
                drawn[number] = "a picture nobody can decode"
            if number in drawn:
                only_drawn |= {key, *_masks(placed.image)}
            else:
                places.setdefault(key, (number, pdf_pictures.is_flipped(placed.place)))
    kept = []
    for image in document.parts.images:
        if image.objgen in only_drawn and image.objgen not in places:
            document.blanked.append(image)
            continue
        if min(int(image.get("/Width", 0)), int(image.get("/Height", 0))) < _TINY:
            continue
        page, flipped = places.get(image.objgen, (None, False))
        kept.append((_picture_place(page), image, flipped))
    return kept


def _masks(image: Any) -> list[tuple[int, int]]:
    return [
        image.get(key).objgen
        for key in ("/SMask", "/Mask")
        if isinstance(image.get(key), pikepdf.Stream)
    ]


def page_place(number: int) -> Bilingual:
    """A page in words, counted from one."""
    return Bilingual(f"第{number + 1}页", f"page {number + 1}")


def _picture_place(number: int | None) -> Bilingual:
    if number is None:
        return Bilingual("图片", "a picture")
    return Bilingual(f"第{number + 1}页图片", f"a picture on page {number + 1}")


def _read_pages(
    document: PdfDocument, shown: Sequence[Shown], drawn: dict[int, str], budget: Budget
) -> None:
    if len(drawn) > _READ_AS_PICTURES:
        raise TooLarge(
            f"PDF 有超过 {_READ_AS_PICTURES} 页需要识别，请拆分后重试。",
            f"Over {_READ_AS_PICTURES} pages of the PDF must be recognised; split it and retry.",
        )
    for number, one in enumerate(shown):
        budget.tick()
        document.glyphs += one.glyphs
        place = page_place(number)
        if number not in drawn:
            text = page_text(one)
            document.sources.append(_Source(text.blocks, place, text=text))
            continue
        pixels = drawn_pages(document.data, [number], document.password)[number]
        read = read_picture(pixels)
        document.sources.append(_Source(read.blocks, place, read=read, page=number))
        document.notes.append(f"{place.zh} {place.en} -> picture ({drawn[number]}); {read.said}")


def _read_images(
    document: PdfDocument, kept: Sequence[tuple[Bilingual, Any, bool]], budget: Budget
) -> None:
    for place, image, flipped in kept:
        budget.page()
        pixels: Pixels | None = pdf_pictures.pixels_of(image)
        if pixels is None:
            document.blanked.append(image)
            document.notes.append(f"{place.zh} {place.en}: blanked")
            continue
        read = read_picture(pixels[::-1] if flipped else pixels)
        source = _Source(read.blocks, place, read=read, image=image, flipped=flipped)
        document.sources.append(source)
        if read.lines or read.is_painted:
            document.notes.append(f"{place.zh} {place.en}: {read.said}")


def _read_loose(document: PdfDocument) -> None:
    """Content no page calls: appearances of form fields, patterns, glyph procedures."""
    for stream, resources in document.parts.contents:
        if stream.objgen in document.reader.followed:
            continue
        shown = document.reader.read_stream(stream, resources)
        document.glyphs += shown.glyphs
        text = page_text(shown)
        place = Bilingual("表单或图案", "a form field or pattern")
        document.sources.append(_Source(text.blocks, place, text=text))
