"""Pictures inside documents: read where the policy says so, else an empty one of each kind."""

import base64
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from pii.errors import UnknownPart, UnreadableDocument
from pii.formats import metafile
from pii.formats.opening import Opening, suffix_of
from pii.formats.segments import Opened, Segment
from pii.operators import Edit
from pii.policy import Pictures
from records.language import Bilingual

_PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJ"
    "RU5ErkJggg=="
)
_GIF = base64.b64decode("R0lGODlhAQABAIAAAMLCwgAAACwAAAAAAQABAAACAkQBADs=")
_JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////"
    "////////////"
    "////////////////////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA="
)
_SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'


def _bmp() -> bytes:
    pixels = b"\xc2\xc2\xc2\x00"
    header = struct.pack("<IiiHHIIiiII", 40, 1, 1, 1, 24, 0, len(pixels), 2835, 2835, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54 + len(pixels), 0, 0, 54) + header + pixels


def _emf() -> bytes:
    """A header and an end record (MS-EMF 2.3.4.2, 2.3.4.1)."""
    end = struct.pack("<IIIII", 14, 20, 0, 16, 20)
    bounds = struct.pack("<iiii", 0, 0, 1, 1)
    head = struct.pack("<II", 1, 88) + bounds + bounds
    head += struct.pack("<IIIIHHIII", 0x464D4520, 0x10000, 88 + len(end), 2, 1, 0, 0, 0, 0)
    return head + struct.pack("<iiii", 1, 1, 1, 1) + end


def _wmf() -> bytes:
    """A placeable header, a header and an end record (MS-WMF 2.3.2.3, 2.3.2.2, 2.3.2.1)."""
    placeable = struct.pack("<IHhhhhHI", 0x9AC6CDD7, 0, 0, 0, 96, 96, 96, 0)
    checksum = 0
    for (word,) in struct.iter_unpack("<H", placeable):
        checksum ^= word
    head = struct.pack("<HHHIHIH", 1, 9, 0x300, 12, 0, 3, 0)
    return placeable + struct.pack("<H", checksum) + head + struct.pack("<IH", 3, 0)


_BLANKS = {
    "png": _PNG,
    "gif": _GIF,
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "svg": _SVG,
    "bmp": _bmp(),
    "emf": _emf(),
    "wmf": _wmf(),
}
SUFFIXES = frozenset(_BLANKS)
NO_INK = b'<inkml:ink xmlns:inkml="http://www.w3.org/2003/InkML"/>'
"""Handwriting (W3C InkML) without a stroke."""


def blank(name: str) -> bytes | None:
    """An empty picture for a part of that name, or None if we know none of its kind."""
    return _BLANKS.get(name.rsplit(".", 1)[-1].lower())


@dataclass(frozen=True)
class EmptyPicture:
    """What takes the place of a picture."""

    data: bytes
    removed: Sequence[str]
    segments: Sequence[Segment] = ()

    def write(self, _: Sequence[Sequence[Edit]]) -> bytes:
        """The empty picture."""
        return self.data


def open_picture(data: bytes, untrusted_name: str, place: Bilingual, opening: Opening) -> Opened:
    """A picture inside a document: read, emptied or refused, as the policy asks for.

    One that cannot be read, a photograph among them, is emptied even where others are read.
    """
    said = place.zh if place.zh == place.en else f"{place.zh} / {place.en}"
    empty = blank(untrusted_name)
    if opening.pictures is Pictures.REFUSE:
        raise UnknownPart(said)
    if opening.pictures is Pictures.READ and suffix_of(untrusted_name) in opening.formats:
        try:
            return opening.open_member(data, untrusted_name, place)
        except (UnreadableDocument, UnknownPart):
            pass
    if empty is None:
        raise UnknownPart(f"{said} ({suffix_of(untrusted_name)})")
    opening.budget.member()
    return EmptyPicture(empty, [said])


def picture_again(
    data: bytes, untrusted_name: str, place: Bilingual, opening: Opening
) -> list[Segment]:
    """The second reading of a picture inside a document, unless we emptied it."""
    if data == blank(untrusted_name):
        return []
    if suffix_of(untrusted_name) in metafile.SUFFIXES:
        return metafile.read_drawn_again(data, untrusted_name, place, opening)
    if suffix_of(untrusted_name) not in opening.formats:
        return []
    return opening.read_member_again(data, untrusted_name, place)
