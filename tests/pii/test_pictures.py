"""Scans and pictures: what is read is painted over, what rides along in the file stays behind."""

import io
import struct
import zlib
from collections.abc import Callable

import cv2
import docx
import numpy as np
import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw, ImageFont, PngImagePlugin

from pii.detect import PresidioDetector
from pii.documents import RedactedDocument, redact_document
from pii.errors import TooLarge, UnreadableDocument
from pii.formats.image_codec import without_metadata
from pii.formats.image_reading import (
    ReadPicture,
    is_identity_document,
    paint,
    read_picture,
)
from pii.formats.ocr import Char, Line, read_lines, turned_back
from pii.formats.opening import PageWishes
from pii.policy import RedactionPolicy, load_policy
from tests.pii.pdf_plants import HARMLESS, form, holds, page_of, saved, subset, subset_font

MOBILE = "13800138000"
ID18 = "11010519491231002X"
PAINTED = np.array([40, 40, 40])
Redactor = Callable[..., RedactedDocument]


@pytest.fixture(scope="session")
def redacted(detector: PresidioDetector, standard: RedactionPolicy) -> Redactor:
    return lambda data, name, **options: redact_document(data, name, detector, standard, **options)


def drawn(*lines: str) -> Image.Image:
    """Black letters on white."""
    image = Image.new("RGB", (760, 60 * len(lines) + 40), "white")
    font = ImageFont.load_default(34)
    for number, text in enumerate(lines):
        ImageDraw.Draw(image).text((30, 20 + 60 * number), text, "black", font)
    return image


def as_file(image: Image.Image, kind: str, **options: object) -> bytes:
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def read(data: bytes) -> str:
    pixels = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
    return "\n".join(block.text for block in read_picture(pixels).blocks)


def is_painted(pixels: np.ndarray, x: int, y: int) -> bool:
    return bool(np.abs(pixels[y, x].astype(int) - PAINTED).max() < 25)


def test_numbers_are_painted_and_nothing_but_pixels_comes_back(redacted: Redactor) -> None:
    image = drawn(f"Tel {MOBILE}", "Order 2024-0115-77 paid", f"ID {ID18}")
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", f"Tel {MOBILE}")
    text.add_itxt("XML:com.adobe.xmp", f"<x>{MOBILE}</x>")
    exif = Image.Exif()
    exif[0x9C9B] = MOBILE.encode("utf-16-le")
    data = as_file(image, "PNG", pnginfo=text, exif=exif) + MOBILE.encode()
    result = redacted(data, f"{MOBILE}.png")
    after = np.asarray(Image.open(io.BytesIO(result.data)).convert("RGB"))
    assert is_painted(after, 200, 40) and is_painted(after, 200, 160)
    assert (after[80:125] == np.asarray(image)[80:125]).all()
    assert _png_chunks(result.data) <= {b"IHDR", b"IDAT", b"IEND"}
    assert MOBILE not in result.name
    assert any("3 lines" in note for note in result.report.removed)


def _png_chunks(data: bytes) -> set[bytes]:
    found, at = set(), 8
    while at < len(data):
        found.add(data[at + 4 : at + 8])
        at += 12 + int.from_bytes(data[at : at + 4], "big")
    return found


def test_a_photographed_page_is_turned_upright_and_loses_its_exif(redacted: Redactor) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    turned = drawn(f"Tel {MOBILE}", "Order paid").transpose(Image.Transpose.ROTATE_90)
    result = redacted(as_file(turned, "JPEG", exif=exif, quality=95), "a.jpg")
    after = Image.open(io.BytesIO(result.data))
    assert after.size == (760, 160)
    assert not after.getexif()
    assert is_painted(np.asarray(after.convert("RGB")), 200, 40)


def test_every_page_of_a_tiff_is_read(redacted: Redactor) -> None:
    pages = [drawn("Order paid in full"), drawn(f"Tel {MOBILE}")]
    data = as_file(pages[0], "TIFF", save_all=True, append_images=pages[1:], description=MOBILE)
    result = redacted(data, "a.tiff")
    after = Image.open(io.BytesIO(result.data))
    assert after.n_frames == 2
    assert 270 not in after.tag_v2
    after.seek(1)
    assert is_painted(np.asarray(after.convert("RGB")), 200, 40)


def test_a_scan_with_a_hidden_text_layer_is_cleaned_in_both(redacted: Redactor) -> None:
    pdf = page_of(f"q 595 0 0 125 0 600 cm /I Do Q BT 3 Tr /F 20 Tf 25 690 Td (Tel {MOBILE}) Tj ET")
    image = pdf.make_stream(
        as_file(drawn(f"Tel {MOBILE}", "Order paid"), "JPEG", comment=MOBILE.encode(), quality=95)
    )
    image.Type, image.Subtype, image.Width, image.Height = Name.XObject, Name.Image, 760, 160
    image.ColorSpace, image.BitsPerComponent, image.Filter = Name.DeviceRGB, 8, Name.DCTDecode
    pdf.pages[0].Resources.XObject = Dictionary(I=image)
    result = redacted(saved(pdf), "a.pdf")
    assert holds(result.data, MOBILE) == []
    with pikepdf.open(io.BytesIO(result.data)) as after:
        picture = pikepdf.PdfImage(after.pages[0].Resources.XObject.I).as_pil_image()
        assert is_painted(np.asarray(picture.convert("RGB")), 200, 40)
        assert b"3 Tr" in after.pages[0].Contents.read_bytes()


def test_a_page_whose_characters_mean_nothing_comes_back_as_a_picture(
    redacted: Redactor, detector: PresidioDetector
) -> None:
    pdf = page_of(f"BT /S 12 Tf 60 700 Td {subset(HARMLESS)} Tj ET")
    pdf.pages[0].Resources.Font.S = pdf.make_indirect(subset_font(pdf, HARMLESS, mapped=False))
    result = redacted(saved(pdf), "a.pdf")
    with pikepdf.open(io.BytesIO(result.data)) as after:
        assert set(after.pages[0].Resources.keys()) == {"/XObject"}
    assert any("picture" in note for note in result.report.removed)
    with pytest.raises(UnreadableDocument, match="cannot be read as text"):
        redact_document(saved(pdf), "a.pdf", detector, load_policy("auditor"))


def test_what_a_drawn_page_shows_is_not_left_in_resources_another_page_shares(
    redacted: Redactor,
) -> None:
    pdf = page_of("BT /F 12 Tf 60 700 Td (Order paid) Tj ET")
    shared = pdf.pages[0].Resources
    shared.Font.S = pdf.make_indirect(subset_font(pdf, HARMLESS, mapped=False))
    image = pdf.make_stream(np.tile(np.arange(240, dtype=np.uint8), (60, 1)).tobytes())
    image.Type, image.Subtype, image.Width, image.Height = Name.XObject, Name.Image, 240, 60
    image.ColorSpace, image.BitsPerComponent = Name.DeviceGray, 8
    inner = form(pdf, f"BT /F 12 Tf 60 600 Td (Tel {MOBILE}) Tj ET")
    shared.XObject = Dictionary(I=pdf.make_indirect(image), Inner=inner)
    pdf.pages[0].Resources = pdf.make_indirect(shared)
    second = pdf.add_blank_page(page_size=(200, 100))
    second.Resources = pdf.pages[0].Resources
    second.Contents = pdf.make_stream(
        f"q 99 0 0 40 0 0 cm /I Do Q /Inner Do BT /S 9 Tf 9 60 Td {subset(HARMLESS)} Tj ET".encode()
    )
    result = redacted(saved(pdf), "a.pdf")
    assert holds(result.data, MOBILE) == []
    with pikepdf.open(io.BytesIO(result.data)) as after:
        left = after.pages[0].Resources.XObject
        assert (left.I.Width, left.I.Height) == (1, 1)
        assert left.Inner.read_bytes() == b""


def test_rasterising_leaves_pictures_and_no_text(redacted: Redactor) -> None:
    pdf = page_of(f"BT /F 20 Tf 10 80 Td (Tel {MOBILE}) Tj 0 -50 Td (Order paid) Tj ET")
    pdf.pages[0].MediaBox = Array([0, 0, 260, 120])
    result = redacted(saved(pdf), "a.pdf", pages=PageWishes(rasterise=True, ocr_check=True))
    with pikepdf.open(io.BytesIO(result.data)) as after:
        assert set(after.pages[0].Resources.keys()) == {"/XObject"}
        assert list(after.pages[0].MediaBox) == [0, 0, 260, 120]
        shown = pikepdf.PdfImage(after.pages[0].Resources.XObject.Page).as_pil_image()
    assert "Orderpaid" in read(as_file(shown, "PNG")).replace(" ", "")


def test_a_picture_in_a_word_document_is_read_and_painted(redacted: Redactor) -> None:
    document = docx.Document()
    document.add_picture(io.BytesIO(as_file(drawn(f"Tel {MOBILE}"), "PNG")))
    target = io.BytesIO()
    document.save(target)
    result = redacted(target.getvalue(), "a.docx")
    after = docx.Document(io.BytesIO(result.data))
    blob = next(p for p in after.part.package.iter_parts() if "media" in str(p.partname)).blob
    assert is_painted(np.asarray(Image.open(io.BytesIO(blob)).convert("RGB")), 200, 40)
    assert any("confidence" in note for note in result.report.removed)


def test_codes_are_painted_whatever_they_hold(redacted: Redactor) -> None:
    code = cv2.resize(
        cv2.QRCodeEncoder.create().encode(f"MECARD:N:Zhang;TEL:{MOBILE};"),
        (300, 300),
        interpolation=cv2.INTER_NEAREST,
    )
    page = np.full((400, 400), 255, np.uint8)
    page[50:350, 50:350] = code
    result = redacted(as_file(Image.fromarray(page), "PNG"), "a.png")
    after = np.asarray(Image.open(io.BytesIO(result.data)).convert("RGB"))
    assert (np.abs(after[80:320, 80:320].astype(int) - 40).max()) < 25


def test_a_photograph_without_text_is_handed_back_to_people(redacted: Redactor) -> None:
    x, y = np.meshgrid(np.linspace(0, 1, 500), np.linspace(0, 1, 500))
    photo = np.stack([x * 255, y * 255, (x * y) * 255], axis=2)
    noise = np.random.default_rng(1).normal(0, 9, photo.shape)
    image = Image.fromarray((photo + noise).clip(0, 255).astype(np.uint8))
    with pytest.raises(UnreadableDocument, match="photograph"):
        redacted(as_file(image, "PNG"), "a.png")


def test_a_line_read_upwards_has_its_corners_in_the_order_of_reading() -> None:
    lines = read_lines(np.rot90(np.asarray(drawn(f"Tel {MOBILE} paid")), 1))
    assert [line.text.replace(" ", "") for line in lines] == [f"Tel{MOBILE}paid"]
    first, last = lines[0].chars[0].quad, lines[0].chars[-1].quad
    assert first[0][0] < first[3][0] - 10
    assert first[0][1] > last[1][1] + 300
    assert abs(first[0][0] - last[1][0]) < 15


# --- rules, without recognition


def line(text: str, scores: list[float], score: float = 0.95) -> Line:
    chars = tuple(
        Char(c, s, ((10.0 * n, 10), (10.0 * n + 10, 10), (10.0 * n + 10, 30), (10.0 * n, 30)))
        for n, (c, s) in enumerate(zip(text, scores, strict=True))
    )
    end = 10.0 * len(text)
    return Line(text, score, ((0, 10), (end, 10), (end, 30), (0, 30)), chars)


@pytest.mark.parametrize(
    ("text", "unsure_at", "score", "unsure"),
    [
        ("138001380", 4, 0.95, True),
        ("138001380", None, 0.95, False),
        ("paid in full", 3, 0.95, False),
        ("paid in full", None, 0.4, True),
        ("No. 12", 4, 0.95, False),
    ],
)
def test_a_number_with_an_unsure_digit_makes_its_line_unsure(
    text: str, unsure_at: int | None, score: float, unsure: bool
) -> None:
    scores = [0.5 if n == unsure_at else 0.99 for n in range(len(text))]
    assert line(text, scores, score).is_unsure is unsure


def test_a_finding_is_painted_with_a_margin_and_what_stands_apart_is_not() -> None:
    white = np.full((50, 200, 3), 255, np.uint8)
    one = line("ab13800cd", [0.99] * 9)
    painted = paint(white, ReadPicture((), [one], (), (), False), [[2, 3, 4, 5, 6]])
    assert (painted[12:28, 20:70] == 40).all()
    assert (painted[:, :12] == 255).all() and (painted[:, 80:] == 255).all()
    whole = paint(
        white, ReadPicture((), [line("ab13800cd", [0.99] * 9, 0.7)], (), (), False), [[4]]
    )
    assert (whole[12:28, 1:89] == 40).all()


def test_an_identity_document_is_painted_whole_but_not_a_contract_that_mentions_one() -> None:
    assert is_identity_document("中华人民共和国 居民身份证 签发机关 北京市公安局")
    assert not is_identity_document("乙方应当提交居民身份证复印件。" + "双方协商一致，" * 60)
    white = np.full((9, 9, 3), 255, np.uint8)
    assert (paint(white, ReadPicture((), (), (), (), True), ()) == 40).all()


@settings(max_examples=60)
@given(st.integers(1, 30), st.integers(1, 30), st.integers(0, 3), st.data())
def test_places_in_a_turned_picture_lead_back_to_the_same_pixel(
    width: int, height: int, quarter: int, data: st.DataObject
) -> None:
    pixels = np.arange(width * height).reshape(height, width)
    turned = np.rot90(pixels, quarter)
    x = data.draw(st.integers(0, turned.shape[1] - 1))
    y = data.draw(st.integers(0, turned.shape[0] - 1))
    point = ((x + 0.5, y + 0.5),)
    back = turned_back(Line("a", 1, point, ()), quarter, width, height).quad[0]
    assert pixels[int(back[1]), int(back[0])] == turned[y, x]


def test_a_jpeg_without_metadata_shows_the_same_pixels() -> None:
    exif = Image.Exif()
    exif[0x010E] = MOBILE
    data = as_file(drawn("x"), "JPEG", exif=exif, comment=MOBILE.encode(), dpi=(72, 72))
    clean = without_metadata(data + MOBILE.encode())
    assert MOBILE.encode() not in clean
    assert without_metadata(clean) == clean
    assert (
        np.asarray(Image.open(io.BytesIO(clean))) == np.asarray(Image.open(io.BytesIO(data)))
    ).all()


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(redacted: Redactor) -> None:
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    data = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk
    data += struct.pack(">I", zlib.crc32(chunk)) + struct.pack(">I", 0) + b"IEND\xaeB`\x82"
    with pytest.raises(TooLarge):
        redacted(data, "a.png")


@pytest.mark.parametrize("cut", [20, 60, 300])
def test_a_picture_cut_short_is_refused(redacted: Redactor, cut: int) -> None:
    with pytest.raises(UnreadableDocument):
        redacted(as_file(drawn("x"), "PNG")[:cut], "a.png")
