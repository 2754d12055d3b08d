"""Vector pictures of Windows in Office files: drawn and painted, or blanked; never passed on."""

import io
import struct
import zipfile
from collections.abc import Callable

import docx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from pii.detect import PresidioDetector
from pii.documents import RedactedDocument, redact_document
from pii.errors import UnreadableDocument
from pii.formats import libreoffice, metafile
from pii.formats.image_reading import read_picture
from pii.formats.metafile import bitmap_of, wrapped
from pii.formats.opening import Opening
from pii.formats.pictures import blank, picture_again
from pii.formats.registry import FORMATS
from pii.policy import RedactionPolicy, load_policy
from records.language import Bilingual

MOBILE = "13800138000"
Redactor = Callable[[bytes], RedactedDocument]
needs_libreoffice = pytest.mark.skipif(
    libreoffice.program() is None, reason="LibreOffice (soffice) is not installed"
)
PLACE = Bilingual("图", "picture")


def emf(text: str, apart: int = 16) -> bytes:
    """A font, and EMR_EXTTEXTOUTW (MS-EMF 2.3.5.8)."""
    data = text.encode("utf-16-le")
    data += b"\0" * (-len(data) % 4)
    count = len(text)
    widths = [apart if char.isascii() else 2 * apart for char in text]
    body = struct.pack("<iiiiIff", 0, 0, -1, -1, 1, 1.0, 1.0)
    body += struct.pack("<iiIIIiiii", 20, 20, count, 76, 0, 0, 0, -1, -1)
    body += struct.pack("<I", 76 + len(data)) + data + struct.pack(f"<{count}I", *widths)
    said = struct.pack("<II", 84, 8 + len(body)) + body
    face = struct.pack("<iiiii", -28, 0, 0, 0, 400) + bytes(8) + bytes(64) + bytes(228)
    font = struct.pack("<III", 82, 12 + len(face), 1) + face + struct.pack("<III", 37, 12, 1)
    records = font + said + struct.pack("<IIIII", 14, 20, 0, 16, 20)
    bounds, frame = struct.pack("<iiii", 0, 0, 400, 80), struct.pack("<iiii", 0, 0, 10583, 2116)
    head = struct.pack("<IIIIHHIII", 0x464D4520, 0x10000, 88 + len(records), 5, 2, 0, 0, 0, 0)
    device = struct.pack("<iiii", 1920, 1080, 508, 285)
    return struct.pack("<II", 1, 88) + bounds + frame + head + device + records


def with_media(files: dict[str, bytes]) -> bytes:
    """A Word file that shows a picture, in whose place and beside which these lie."""
    target = io.BytesIO()
    picture = io.BytesIO()
    Image.new("RGB", (40, 8), "white").save(picture, "PNG")
    picture.seek(0)
    document = docx.Document()
    document.add_picture(picture)
    document.save(target)
    result = io.BytesIO()
    with zipfile.ZipFile(target) as old, zipfile.ZipFile(result, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        for name, data in files.items():
            new.writestr(f"word/media/{name}", data)
    return result.getvalue()


def media(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {n.rpartition("/")[2]: archive.read(n) for n in archive.namelist() if "media/" in n}


@pytest.fixture
def redacted(detector: PresidioDetector, standard: RedactionPolicy) -> Redactor:
    return lambda data: redact_document(data, "a.docx", detector, standard)


@needs_libreoffice
def test_a_metafile_is_drawn_and_what_it_says_is_painted(redacted: Redactor) -> None:
    source = with_media({"a.emf": emf(f"电话{MOBILE}照旧履行"), "b.emf": emf("季度汇总")})
    assert MOBILE.encode("utf-16-le") in media(source)["a.emf"]
    copy = redacted(source)
    said, plain = (media(copy.data)[name] for name in ("a.emf", "b.emf"))
    pixels = bitmap_of(said, ".emf")
    assert pixels is not None
    text = "".join(block.text for block in read_picture(pixels).blocks)
    assert MOBILE not in text
    assert "0013" not in text
    assert pixels.min() < 50  # something is still shown
    other = bitmap_of(plain, ".emf")
    assert other is not None
    assert "季度汇总" in "".join(block.text for block in read_picture(other).blocks)
    assert MOBILE.encode("utf-16-le") not in said


@needs_libreoffice
def test_a_metafile_whose_text_is_not_recognised_as_it_is_stored_is_blanked(
    redacted: Redactor,
) -> None:
    """Letters over each other: the recogniser sees another number, the file still says this one."""
    copy = redacted(with_media({"a.emf": emf(f"电话{MOBILE}", apart=3)}))
    assert media(copy.data)["a.emf"] == blank("a.emf")
    assert "word/media/a.emf" in copy.report.removed
    assert copy.report.counts


@pytest.mark.parametrize("suffix", [".emf", ".wmf"])
def test_without_libreoffice_a_metafile_is_blanked_and_said_so(
    redacted: Redactor, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    monkeypatch.setattr(libreoffice, "program", lambda: None)
    copy = redacted(with_media({f"a{suffix}": emf(MOBILE)}))
    assert media(copy.data)[f"a{suffix}"] == blank(f"a{suffix}")
    assert f"word/media/a{suffix}" in copy.report.removed


def test_what_cannot_be_drawn_is_blanked(
    redacted: Redactor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> dict[str, bytes]:
        raise UnreadableDocument("坏", "broken")

    monkeypatch.setattr(libreoffice, "program", lambda: "soffice")
    monkeypatch.setattr(libreoffice, "convert", broken)
    copy = redacted(with_media({"a.wmf": b"\xd7\xcd\xc6\x9a" + MOBILE.encode()}))
    assert media(copy.data)["a.wmf"] == blank("a.wmf")


def test_a_policy_that_wants_no_pictures_has_none_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never(*_: object, **__: object) -> dict[str, bytes]:
        raise AssertionError

    monkeypatch.setattr(libreoffice, "convert", never)
    opening = Opening(FORMATS, pictures=load_policy("sharing").pictures)
    assert metafile.open_drawn({"word/media/a.emf": emf(MOBILE)}, opening, blank) == {}


@pytest.mark.parametrize("suffix", [".emf", ".wmf"])
@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_pixels_go_into_a_metafile_and_come_back(
    suffix: str, width: int, height: int, seed: int
) -> None:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    back = bitmap_of(wrapped(pixels, suffix), suffix)
    assert back is not None
    assert (back == pixels).all()


@pytest.mark.parametrize("suffix", [".emf", ".wmf"])
def test_a_metafile_that_holds_anything_else_is_not_released(suffix: str) -> None:
    ours = wrapped(np.zeros((4, 6, 3), np.uint8), suffix)
    opening = Opening(FORMATS)
    assert picture_again(ours, f"a{suffix}", PLACE, opening) == []
    for data in (
        ours + MOBILE.encode(),
        emf(MOBILE),
        b"",
        ours[:-1],
        ours[:60] + b"\1" + ours[61:],
    ):
        with pytest.raises(UnreadableDocument):
            picture_again(data, f"a{suffix}", PLACE, opening)


@needs_libreoffice
@pytest.mark.parametrize("suffix", [".emf", ".wmf"])
def test_another_program_shows_our_metafile(suffix: str) -> None:
    picture = Image.new("RGB", (300, 100), "white")
    ImageDraw.Draw(picture).rectangle((0, 0, 149, 99), fill="red")
    ours = wrapped(np.array(picture), suffix)
    made = libreoffice.convert({f"a{suffix}": ours}, "png")["a.png"]
    shown = np.array(Image.open(io.BytesIO(made)).convert("RGB")).reshape(-1, 3)
    red = ((shown[:, 0] > 200) & (shown[:, 1] < 60)).sum()
    assert red > 1000
