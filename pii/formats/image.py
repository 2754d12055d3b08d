"""Picture files: png, jpg, tiff with all its pages, gif, bmp, webp."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from pii.errors import UnknownPart, UnreadableDocument
from pii.formats.image_codec import PictureFile, encoded, open_picture
from pii.formats.image_reading import ReadPicture, paint, read_picture
from pii.formats.opening import Opening
from pii.formats.page_layout import spots
from pii.formats.segments import Segment
from pii.operators import Edit
from pii.policy import Pictures
from records.language import Bilingual

_PHOTOGRAPH = 3000
"""Colours, coarsely counted, above which a picture is more likely a photograph than a drawing."""


@dataclass(frozen=True)
class PictureDocument:
    """A picture file and what was read on each of its frames."""

    file: PictureFile
    read: Sequence[ReadPicture]
    removed: Sequence[str]

    @property
    def segments(self) -> Sequence[Segment]:
        """The blocks of every frame."""
        return [
            Segment(_place(number, len(self.read)), block.text, block.label)
            for number, read in enumerate(self.read)
            for block in read.blocks
        ]

    def write(self, edits: Sequence[Sequence[Edit]]) -> bytes:
        """The picture painted, without metadata."""
        frames = []
        position = 0
        for pixels, read in zip(self.file.pixels(), self.read, strict=True):
            made = edits[position : position + len(read.blocks)]
            position += len(read.blocks)
            frames.append(paint(pixels, read, spots(read.blocks, made)))
        return encoded(frames, self.file.format)


def _place(number: int, count: int) -> Bilingual:
    if count == 1:
        return Bilingual("图片", "the picture")
    return Bilingual(f"第{number + 1}页图片", f"picture {number + 1}")


def open_image(data: bytes, opening: Opening) -> PictureDocument:
    """A picture file with everything in it recognised."""
    if opening.pictures is Pictures.REFUSE:
        raise UnknownPart("图片 picture")
    file = open_picture(data)
    opening.budget.page(file.frames)
    reads, notes = [], []
    for number, pixels in enumerate(file.pixels()):
        opening.budget.tick()
        read = read_picture(pixels)
        place = _place(number, file.frames)
        if not read.lines and not read.is_painted and _is_photograph(pixels):
            raise UnreadableDocument(
                f"{place.zh}像是照片，读不出文字，可能是人像或证件，未作处理。请人工处理。",
                f"{place.en} looks like a photograph without readable text, perhaps of a person "
                "or a document; it was not processed. Treat it by hand.",
            )
        reads.append(read)
        notes.append(f"{place.zh} {place.en}: {read.said}")
    return PictureDocument(file, reads, ["metadata", *notes])


def _is_photograph(pixels: np.ndarray) -> bool:
    coarse = (pixels[::4, ::4] >> 3).reshape(-1, 3).astype(np.int32)
    return len(np.unique(coarse @ np.array([1, 32, 1024]))) > _PHOTOGRAPH


def read_image_again(data: bytes, _: Opening) -> list[Segment]:
    """The second reading: decoded by OpenCV where it can, and recognised again."""
    frames = [decoded] if (decoded := _by_opencv(data)) is not None else None
    segments = []
    for number, pixels in enumerate(frames or open_picture(data).pixels()):
        for block in read_picture(pixels).blocks:
            segments.append(Segment(_place(number, 2), block.text, block.label))
    return segments


def _by_opencv(data: bytes) -> np.ndarray | None:
    """The pixels of a single-frame picture, as another library decodes them."""
    if data.startswith((b"II*\0", b"MM\0*", b"GIF8")):
        return None
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    return None if pixels is None else np.ascontiguousarray(pixels[:, :, ::-1])
