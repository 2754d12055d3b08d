"""A PDF written from scratch, as it is or as pictures of its pages."""

import io
import warnings

import pikepdf

from pii.formats.pdf_pictures import picture_page
from pii.formats.pdf_render import drawn_pages, page_sizes


def saved(pdf: pikepdf.Pdf) -> bytes:
    """The document as bytes, written from scratch: only what something refers to."""
    target = io.BytesIO()
    with warnings.catch_warnings():
        # Fields no form lists are none of a person's business here.
        warnings.simplefilter("ignore")
        pdf.save(
            target,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            deterministic_id=True,
            encryption=False,
        )
    return target.getvalue()


def as_pictures(data: bytes) -> bytes:
    """A document with every page of this one as a picture, and nothing else."""
    target = pikepdf.new()
    with pikepdf.open(io.BytesIO(data)) as source:
        count = len(source.pages)
    for number in range(count):
        pixels = drawn_pages(data, [number])[number]
        page = target.add_blank_page()
        size = page_sizes(data, [number])[number]
        picture_page(target, page.obj, pixels, size)
    return saved(target)
