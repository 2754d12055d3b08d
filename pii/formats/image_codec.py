"""Picture files as pixels and back, with nothing but pixels carried over.

EXIF, XMP, IPTC, comments, colour profiles, thumbnails and bytes behind the end stay behind, because
the file is written anew from its pixels. A photograph is turned upright as its EXIF says.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from pii.errors import TooLarge, UnreadableDocument
from pii.formats.ocr import Pixels

_MOST_PIXELS = 120_000_000
_ALL_PIXELS = 1_500_000_000
_MOST_FRAMES = 500
_FORMATS = ("PNG", "JPEG", "TIFF", "GIF", "BMP", "WEBP")


@dataclass(frozen=True)
class PictureFile:
    """A picture file: its format and how many frames it has. Frames are decoded when asked for."""

    data: bytes
    format: str
    frames: int

    def pixels(self) -> Iterator[Pixels]:
        """Each frame upright, transparent parts white."""
        with _opened(self.data) as image:
            for frame in ImageSequence.Iterator(image):
                yield flattened(ImageOps.exif_transpose(frame))


def open_picture(data: bytes) -> PictureFile:
    """The file behind the bytes, if it is a picture within limits that decodes to its end."""
    with _opened(data) as image:
        frames = getattr(image, "n_frames", 1)
        size = image.width * image.height
        if size > _MOST_PIXELS or frames > _MOST_FRAMES or size * frames > _ALL_PIXELS:
            raise TooLarge(
                "图片像素或页数过多，未作处理。",
                "The picture has too many pixels or pages; it was not processed.",
            )
        picture = PictureFile(data, str(image.format), frames)
    try:
        for _ in picture.pixels():
            pass
    except Exception as error:
        raise _damaged() from error
    return picture


def _opened(data: bytes) -> Any:
    try:
        # Pillow's own limit warns first; ours is checked before a pixel is decoded.
        return Image.open(io.BytesIO(data), formats=_FORMATS)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise _damaged() from error
    except Image.DecompressionBombError as error:
        raise TooLarge(
            "图片像素过多，未作处理。", "The picture has too many pixels; it was not processed."
        ) from error


def _damaged() -> UnreadableDocument:
    return UnreadableDocument(
        "图片已损坏，或不是支持的图片格式。请重新导出后重试。",
        "The picture is damaged or of an unsupported kind. Export it again and retry.",
    )


def flattened(image: Any) -> Pixels:
    """RGB pixels; what is transparent shows white, as on paper."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layer = image.convert("RGBA")
        ground = Image.new("RGBA", layer.size, "white")
        image = Image.alpha_composite(ground, layer)
    elif image.mode.startswith(("I;16", "I", "F")):
        # Sixteen bits a pixel: spread over eight, or everything turns white.
        values = np.asarray(image, dtype=np.float64)
        low, high = float(values.min()), float(values.max())
        image = Image.fromarray(((values - low) * 255 / (high - low or 1)).astype(np.uint8))
    return np.array(image.convert("RGB"))


def encoded(frames: Sequence[Pixels], kind: str) -> bytes:
    """Frames as a file of the given format, without anything but pixels."""
    images = [Image.fromarray(_greyed(frame)) for frame in frames]
    target = io.BytesIO()
    options: dict[str, Any] = {"PNG": {}, "JPEG": {"quality": 90}, "WEBP": {"quality": 90}}.get(
        kind, {}
    )
    if kind == "TIFF":
        options = {"compression": "tiff_adobe_deflate"}
    if len(images) > 1:
        options |= {"save_all": True, "append_images": images[1:]}
    images[0].save(target, kind, **options)
    return target.getvalue()


def _greyed(pixels: Pixels) -> Pixels:
    """One channel where all three are equal: a scan in grey stays as small as it was."""
    grey = pixels[:, :, 0]
    same = (pixels[:, :, 1] == grey).all() and (pixels[:, :, 2] == grey).all()
    return np.ascontiguousarray(grey if same else pixels)


def without_metadata(data: bytes) -> bytes:
    """A JPEG without application segments, comments and what follows its end (ITU-T T.81, B.1).

    JFIF and Adobe's colour transform stay: a picture without them changes its colours.
    """
    if not data.startswith(b"\xff\xd8"):
        raise _damaged()
    kept = [b"\xff\xd8"]
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xDA:
            end = data.rfind(b"\xff\xd9")
            return b"".join([*kept, data[at : end + 2 if end > at else len(data)]])
        size = int.from_bytes(data[at + 2 : at + 4], "big")
        segment = data[at : at + 2 + size]
        if marker == 0xE0:
            segment = segment[:18] if segment[4:9] == b"JFIF\0" else b""
            segment = segment[:2] + b"\0\x10" + segment[4:16] + b"\0\0" if segment else b""
        elif marker == 0xEE:
            segment = segment[:16] if segment[4:9] == b"Adobe" else b""
        elif 0xE0 < marker <= 0xEF or marker == 0xFE:
            segment = b""
        kept.append(segment)
        at += 2 + size
    raise _damaged()
