"""Pictures inside a PDF: read as they lie, painted over, put back without metadata."""

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import pikepdf
from PIL import Image

from pii.errors import TooLarge
from pii.formats.image_codec import flattened, without_metadata
from pii.formats.ocr import Pixels
from pii.formats.pdf_matrix import Matrix

_MOST_PIXELS = 120_000_000
_QUALITY = 88


def pixels_of(image: Any) -> Pixels | None:
    """A picture's pixels, or None where no decoder at hand knows them."""
    if int(image.get("/Width", 0)) * int(image.get("/Height", 0)) > _MOST_PIXELS:
        raise TooLarge(
            "PDF 中有图片像素过多，未作处理。",
            "A picture in the PDF has too many pixels; it was not processed.",
        )
    try:
        return flattened(pikepdf.PdfImage(image).as_pil_image())
    except Exception:  # decoders of many kinds and of other people's files
        return None


def is_flipped(place: Matrix) -> bool:
    """Whether the page shows the picture as in a mirror."""
    return place[0] * place[3] - place[1] * place[2] < 0


def put_back(image: Any, pixels: Pixels) -> None:
    """The picture with new pixels."""
    grey = bool((pixels[:, :, 0] == pixels[:, :, 1]).all() and (pixels == pixels[:, :, :1]).all())
    target = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels[:, :, 0] if grey else pixels)).save(
        target, "JPEG", quality=_QUALITY
    )
    for key in set(image.keys()) & {
        "/Decode", "/DecodeParms", "/Mask", "/ImageMask", "/Intent", "/SMaskInData", "/Matte",
    }:  # fmt: skip
        del image[key]
    image["/Width"], image["/Height"] = pixels.shape[1], pixels.shape[0]
    image["/BitsPerComponent"] = 8
    image["/ColorSpace"] = pikepdf.Name.DeviceGray if grey else pikepdf.Name.DeviceRGB
    image.write(target.getvalue(), filter=pikepdf.Name.DCTDecode)


def blank(image: Any) -> None:
    """The picture as one grey point."""
    if "/SMask" in image:
        del image["/SMask"]
    put_back(image, np.full((1, 1, 3), 194, np.uint8))


def clean(image: Any, pixels: Pixels) -> None:
    """A picture in which nothing was painted, without what rides along in its file."""
    filters = image.get("/Filter")
    names = [str(f) for f in filters] if isinstance(filters, pikepdf.Array) else [str(filters)]
    if names == ["/DCTDecode"]:
        image.write(
            without_metadata(image.read_raw_bytes()),
            filter=pikepdf.Name.DCTDecode,
            decode_parms=image.get("/DecodeParms"),
        )
    elif not set(names) <= {"/FlateDecode", "/LZWDecode", "/RunLengthDecode", "/CCITTFaxDecode"}:
        # JPEG 2000 and JBIG2 have room for comments.
        put_back(image, pixels)


def picture_page(pdf: pikepdf.Pdf, page: Any, pixels: Pixels, size: Sequence[float]) -> None:
    """The page as one picture and nothing else."""
    target = io.BytesIO()
    Image.fromarray(pixels).save(target, "JPEG", quality=_QUALITY)
    image = pdf.make_stream(target.getvalue())
    image["/Type"], image["/Subtype"] = pikepdf.Name.XObject, pikepdf.Name.Image
    image["/Width"], image["/Height"] = pixels.shape[1], pixels.shape[0]
    image["/ColorSpace"], image["/BitsPerComponent"] = pikepdf.Name.DeviceRGB, 8
    image["/Filter"] = pikepdf.Name.DCTDecode
    width, height = (round(float(side), 2) for side in size)
    for key in set(page.keys()) - {"/Type", "/Parent"}:
        del page[key]
    page["/MediaBox"] = pikepdf.Array([0, 0, width, height])
    page["/Rotate"] = 0
    page["/CropBox"] = pikepdf.Array([0, 0, width, height])
    page["/Resources"] = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Page=image))
    drawing = f"q {width} 0 0 {height} 0 0 cm /Page Do Q".encode("ascii")
    page["/Contents"] = pdf.make_stream(drawing)
