"""Vector pictures of Windows (MS-EMF, MS-WMF), which may hold text: drawn, and kept as pixels only.

LibreOffice draws all of a document's on the pages of one PDF; each is then read and painted as any
picture is, and goes back as a metafile that holds one bitmap and nothing else. What cannot be drawn,
or where LibreOffice is not installed, is blanked as before.
"""

import base64
import io
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

import numpy as np

from pii.errors import TooLarge, UnknownPart, UnreadableDocument
from pii.formats import libreoffice
from pii.formats.opening import Opening
from pii.formats.segments import Opened, Segment
from pii.operators import Edit
from pii.policy import Pictures
from records.language import Bilingual

SUFFIXES = (".emf", ".wmf")
_MOST = 60
"""Drawn in one document; equations set as pictures come by the hundred."""
_LONGER, _SHORTEST = 200.0, 15.0
"""Millimetres a picture is drawn in; they fit A4 and Letter."""
_PLACEABLE = 0x9AC6CDD7
_SOURCE_COPY = 0x00CC0020


@dataclass
class DrawnPicture:
    """A metafile that was drawn: its text as it was stored, and its pixels as they are read."""

    document: Opened
    text: Segment
    suffix: str
    blank: bytes
    is_blanked: bool = False

    @property
    def segments(self) -> Sequence[Segment]:
        """The text, then what was read."""
        return [self.text, *self.document.segments]

    @property
    def removed(self) -> Sequence[str]:
        """What is said of the picture; once written, whether it had to be blanked."""
        if self.is_blanked:
            return [self.text.place.zh]
        return self.document.removed

    def write(self, edits: Sequence[Sequence[Edit]]) -> bytes:
        """A metafile that holds the painted pixels, or a blank one where not all was recognised."""
        texts = [segment.text for segment in self.document.segments]
        painted = [
            _closed(text[edit.start : edit.end])
            for text, made in zip(texts, edits[1:], strict=True)
            for edit in made
        ]
        said = [_closed(self.text.text[edit.start : edit.end]) for edit in edits[0]]
        self.is_blanked = not all(any(one in other for other in painted) for one in said)
        if self.is_blanked:
            return self.blank
        return wrapped(_pixels(self.document.write(edits[1:])), self.suffix)


def open_drawn(
    files: Mapping[str, bytes], opening: Opening, blank: Callable[[str], bytes | None]
) -> dict[str, DrawnPicture]:
    """The metafiles of a document by name, as far as they can be drawn and read; `blank` is what is put for others."""
    command = libreoffice.program()
    if opening.pictures is not Pictures.READ or command is None or not files:
        return {}
    chosen = dict(list(files.items())[:_MOST])
    try:
        drawn = _drawn(list(chosen.items()), min(libreoffice.SECONDS, opening.budget.left))
    except (TooLarge, UnreadableDocument):
        opening.budget.tick()
        return {}
    opened = {}
    for name, (png, text) in zip(chosen, drawn, strict=False):
        place = Bilingual(name, name)
        try:
            document = opening.open_member(png, "drawn.png", place)
        except (UnreadableDocument, UnknownPart):
            continue
        opened[name] = DrawnPicture(
            document, Segment(place, text), _suffix(name), blank(name) or b""
        )
    return opened


def read_drawn_again(data: bytes, name: str, place: Bilingual, opening: Opening) -> list[Segment]:
    """The second reading. Raises UnreadableDocument where anything but our bitmap is in the file."""
    pixels = bitmap_of(data, _suffix(name))
    if pixels is None:
        raise UnreadableDocument(
            "复核发现矢量图未被替换，未放行。", "The check found a vector picture that was kept."
        )
    return opening.read_member_again(_png(pixels), "drawn.png", place)


def wrapped(pixels: np.ndarray, suffix: str) -> bytes:
    """A metafile that shows a bitmap: rows from below, blue first, each filled up to four bytes."""
    height, width = pixels.shape[:2]
    rows = np.zeros((height, (width * 3 + 3) // 4 * 4), np.uint8)
    rows[:, : width * 3] = pixels[::-1, :, ::-1].reshape(height, width * 3)
    bits = rows.tobytes()
    info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, len(bits), 0, 0, 0, 0)
    return (_emf if suffix == ".emf" else _wmf)(width, height, info + bits)


def bitmap_of(data: bytes, suffix: str) -> np.ndarray | None:
    """The pixels of a metafile exactly as `wrapped` writes it, else None."""
    start = 88 + 80 if suffix == ".emf" else 22 + 18 + 10 + 10 + 28
    if len(data) < start + 40:
        return None
    width, height = struct.unpack_from("<ii", data, start + 4)
    stride = (width * 3 + 3) // 4 * 4
    if width <= 0 or height <= 0 or len(data) < start + 40 + stride * height:
        return None
    rows = np.frombuffer(data, np.uint8, stride * height, start + 40).reshape(height, stride)
    pixels = rows[:, : width * 3].reshape(height, width, 3)[::-1, :, ::-1]
    return np.ascontiguousarray(pixels) if wrapped(pixels, suffix) == data else None


def _emf(width: int, height: int, bitmap: bytes) -> bytes:
    """Header, EMR_STRETCHDIBITS, end (MS-EMF 2.3.4.2, 2.3.1.7, 2.3.4.1)."""
    bounds = struct.pack("<iiii", 0, 0, width - 1, height - 1)
    draw = struct.pack("<II", 81, 80 + len(bitmap)) + bounds
    draw += struct.pack("<iiiiii", 0, 0, 0, 0, width, height)
    draw += struct.pack("<IIIIII", 80, 40, 120, len(bitmap) - 40, 0, _SOURCE_COPY)
    draw += struct.pack("<ii", width, height) + bitmap
    end = struct.pack("<IIIII", 14, 20, 0, 16, 20)
    # 200 dots an inch, as pages are drawn; a device of so many pixels and hundredths of a millimetre.
    frame = struct.pack("<iiii", 0, 0, round(width * 12.7), round(height * 12.7))
    size = 88 + len(draw) + len(end)
    head = struct.pack("<II", 1, 88) + bounds + frame
    head += struct.pack("<IIIIHHIII", 0x464D4520, 0x10000, size, 3, 1, 0, 0, 0, 0)
    return head + struct.pack("<iiii", 2000, 2000, 254, 254) + draw + end


def _wmf(width: int, height: int, bitmap: bytes) -> bytes:
    """Placeable header, header, window, META_STRETCHDIB, end (MS-WMF 2.3.2.3, 2.3.2.2, 2.3.1.6)."""
    placeable = struct.pack("<IHhhhhHI", _PLACEABLE, 0, 0, 0, width, height, 200, 0)
    checksum = 0
    for (word,) in struct.iter_unpack("<H", placeable):
        checksum ^= word
    window = struct.pack("<IHhh", 5, 0x020B, 0, 0) + struct.pack("<IHhh", 5, 0x020C, height, width)
    draw = struct.pack("<IHIH", 14 + len(bitmap) // 2, 0x0F43, _SOURCE_COPY, 0)
    draw += struct.pack("<hhhhhhhh", height, width, 0, 0, height, width, 0, 0) + bitmap
    end = struct.pack("<IH", 3, 0)
    size = (18 + len(window) + len(draw) + len(end)) // 2
    head = struct.pack("<HHHIHIH", 1, 9, 0x300, size, 0, len(draw) // 2, 0)
    return placeable + struct.pack("<H", checksum) + head + window + draw + end


def _drawn(files: Sequence[tuple[str, bytes]], seconds: float) -> list[tuple[bytes, str]]:
    """Each file as a PNG, and the text it stores."""
    from pii.formats.pdf_render import DPI, drawn_pages, plain_texts

    sizes = [_size(data, _suffix(name)) for name, data in files]
    made = libreoffice.convert(
        {"source.fodg": _pages([data for _, data in files], sizes)}, "pdf", seconds=seconds
    )
    pdf = made.get("source.pdf", b"")
    if not pdf:
        return []
    pictures = []
    texts = plain_texts(pdf)
    for number, (width, height) in enumerate(sizes):
        page = drawn_pages(pdf, [number])[number]
        across, down = (round(one * DPI / 25.4) for one in (width, height))
        pictures.append((_png(np.ascontiguousarray(page[:down, :across])), texts[number]))
    return pictures


def _size(data: bytes, suffix: str) -> tuple[float, float]:
    """Millimetres to draw it in; only the proportions are the picture's own."""
    width, height = 4.0, 3.0
    if suffix == ".emf" and len(data) >= 40:
        left, top, right, bottom = struct.unpack_from("<iiii", data, 24)
        width, height = abs(right - left), abs(bottom - top)
    elif suffix == ".wmf" and data[:4] == struct.pack("<I", _PLACEABLE) and len(data) >= 22:
        left, top, right, bottom = struct.unpack_from("<hhhh", data, 6)
        width, height = abs(right - left), abs(bottom - top)
    longer = max(width, height, 1)
    return tuple(max(_SHORTEST, one / longer * _LONGER) for one in (width, height))  # type: ignore[return-value]


def _pages(files: Sequence[bytes], sizes: Sequence[tuple[float, float]]) -> bytes:
    """A flat OpenDocument drawing, each file in the corner of a page of A4 or Letter."""
    pages = "".join(
        '<draw:page draw:master-page-name="M"><draw:frame svg:x="0mm" svg:y="0mm" '
        f'svg:width="{width:.1f}mm" svg:height="{height:.1f}mm"><draw:image><office:binary-data>'
        f"{base64.b64encode(data).decode()}</office:binary-data></draw:image></draw:frame></draw:page>"
        for data, (width, height) in zip(files, sizes, strict=True)
    )
    oasis = "urn:oasis:names:tc:opendocument:xmlns"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document xmlns:office="{oasis}:office:1.0" '
        f'xmlns:style="{oasis}:style:1.0" xmlns:draw="{oasis}:drawing:1.0" '
        f'xmlns:svg="{oasis}:svg-compatible:1.0" office:version="1.2" '
        'office:mimetype="application/vnd.oasis.opendocument.graphics"><office:master-styles>'
        '<style:master-page style:name="M"/></office:master-styles>'
        f"<office:body><office:drawing>{pages}</office:drawing></office:body></office:document>"
    ).encode()


def _png(pixels: np.ndarray) -> bytes:
    from PIL import Image

    target = io.BytesIO()
    Image.fromarray(pixels).save(target, "PNG")
    return target.getvalue()


def _pixels(png: bytes) -> np.ndarray:
    from PIL import Image

    return np.array(Image.open(io.BytesIO(png)).convert("RGB"))


def _closed(text: str) -> str:
    return "".join(text.split())


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()
