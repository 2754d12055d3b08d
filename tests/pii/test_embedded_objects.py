"""What another program embedded in an office file is taken out; its picture stays; the report says so."""

import io
import zipfile
from collections.abc import Callable

import docx
import openpyxl
import pptx
import pytest
from docx.oxml import parse_xml
from lxml import etree

from pii.detect import PresidioDetector
from pii.documents import RedactedDocument, redact_document
from pii.errors import UnknownPart
from pii.formats.opening import Opening
from pii.formats.registry import FORMATS
from pii.policy import RedactionPolicy, load_policy

NAME = "欧阳明华"
OBJECT = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + NAME.encode("utf-16-le") + NAME.encode("gb18030")
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
V, OFFICE = "urn:schemas-microsoft-com:vml", "urn:schemas-microsoft-com:office:office"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def saved(document: object) -> bytes:
    target = io.BytesIO()
    document.save(target)  # type: ignore[attr-defined]
    return target.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return target.getvalue()


def with_object(
    parts: dict[str, bytes], folder: str, rels: str, name: str = "embeddings/oleObject1.bin"
) -> bytes:
    """The package with an object and its picture, related to the part of `rels`."""
    up = "" if rels.count("/") == 2 else "../"
    related = (
        f'<Relationship Id="rIdO" Type="{R}/oleObject" Target="{up}{name}"/>'
        f'<Relationship Id="rIdP" Type="{R}/image" Target="{up}media/image9.png"/></Relationships>'
    ).encode()
    empty = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    old = parts.get(rels, empty + b"</Relationships>")
    types = b'<Default Extension="bin" ContentType="application/x-object"/>'
    types += b'<Default Extension="png" ContentType="image/png"/></Types>'
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", types)
    parts[rels] = old.replace(b"</Relationships>", related)
    parts[f"{folder}/{name}"] = OBJECT
    parts[f"{folder}/media/image9.png"] = PIXEL
    return packed(parts)


def word() -> bytes:
    document = docx.Document()
    document.add_paragraph("附件如下")._p.append(
        parse_xml(
            f'<w:r xmlns:w="{W}" xmlns:v="{V}" xmlns:o="{OFFICE}" xmlns:r="{R}">'
            '<w:object w:dxaOrig="900" w:dyaOrig="900"><v:shape id="s1" o:ole="" '
            'style="width:90pt;height:45pt"><v:imagedata r:id="rIdP" o:title=""/></v:shape>'
            '<o:OLEObject Type="Embed" ProgID="Package" ShapeID="s1" r:id="rIdO"/>'
            "</w:object></w:r>"
        )
    )
    return with_object(parts_of(saved(document)), "word", "word/_rels/document.xml.rels")


def book() -> bytes:
    parts = parts_of(saved(openpyxl.Workbook()))
    one = '<oleObject progId="Package" shapeId="1025" r:id="rIdO">'
    inner = (
        f'<oleObjects xmlns:r="{R}" xmlns:mc="{MC}"><mc:AlternateContent><mc:Choice Requires="x14">'
        f'{one}<objectPr r:id="rIdP"/></oleObject></mc:Choice><mc:Fallback>{one}</oleObject>'
        "</mc:Fallback></mc:AlternateContent></oleObjects></worksheet>"
    )
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b"</worksheet>", inner.encode())
    return with_object(parts, "xl", "xl/worksheets/_rels/sheet1.xml.rels")


def slides() -> bytes:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    picture = (
        '<p:pic><p:nvPicPr><p:cNvPr id="0" name=""/><p:cNvPicPr/><p:nvPr/></p:nvPicPr>'
        '<p:blipFill><a:blip r:embed="rIdP"/><a:stretch><a:fillRect/></a:stretch></p:blipFill>'
        '<p:spPr><a:xfrm><a:off x="900000" y="900000"/><a:ext cx="2000000" cy="900000"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr></p:pic>'
    )
    slide.shapes._spTree.append(
        etree.fromstring(
            f'<p:graphicFrame xmlns:p="{P}" xmlns:a="{A}" xmlns:r="{R}" xmlns:mc="{MC}">'
            '<p:nvGraphicFramePr><p:cNvPr id="7" name="o"/><p:cNvGraphicFramePr/><p:nvPr/>'
            '</p:nvGraphicFramePr><p:xfrm><a:off x="0" y="0"/><a:ext cx="9" cy="9"/></p:xfrm>'
            f'<a:graphic><a:graphicData uri="{P}/ole"><mc:AlternateContent><mc:Choice '
            'Requires="v"><p:oleObj spid="_x1" r:id="rIdO" progId="Package"><p:embed/></p:oleObj>'
            '</mc:Choice><mc:Fallback><p:oleObj r:id="rIdO" progId="Package"><p:embed/>'
            f"{picture}</p:oleObj></mc:Fallback></mc:AlternateContent></a:graphicData></a:graphic>"
            "</p:graphicFrame>"
        )
    )
    return with_object(parts_of(saved(deck)), "ppt", "ppt/slides/_rels/slide1.xml.rels")


FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "docx": (word, "word/document.xml"),
    "xlsx": (book, "xl/worksheets/sheet1.xml"),
    "pptx": (slides, "ppt/slides/slide1.xml"),
}
Redactor = Callable[[bytes, str], RedactedDocument]


@pytest.fixture
def redacted(detector: PresidioDetector, standard: RedactionPolicy) -> Redactor:
    return lambda data, name: redact_document(data, name, detector, standard)


@pytest.mark.parametrize("suffix", FILES)
def test_an_object_is_taken_out_with_all_that_points_to_it(redacted: Redactor, suffix: str) -> None:
    build, owner = FILES[suffix]
    made = redacted(build(), f"a.{suffix}")
    parts = parts_of(made.data)
    assert not [name for name in parts if "embeddings" in name]
    assert not [name for name, data in parts.items() if b"rIdO" in data or b"oleObject" in data]
    assert not [e for e in etree.fromstring(parts[owner]).iter() if "ole" in str(e.tag).lower()]
    said = [one for one in made.report.removed if "嵌入对象" in one and "embedded object" in one]
    assert len(said) == 1 and "oleObject1.bin" in said[0]


def test_the_picture_of_an_object_stays_on_the_page(redacted: Redactor) -> None:
    document = docx.Document(io.BytesIO(redacted(word(), "a.docx").data))
    run = document.element.body.findall(f".//{{{W}}}pict")
    assert [p.find(f".//{{{V}}}imagedata").get(f"{{{R}}}id") for p in run] == ["rIdP"]
    slide = pptx.Presentation(io.BytesIO(redacted(slides(), "a.pptx").data)).slides[0]
    assert [(type(shape).__name__, shape.shape_id) for shape in slide.shapes] == [("Picture", 7)]


@pytest.mark.parametrize(
    "name",
    ["embeddings/Microsoft_Excel_97.xls", "embeddings/Drawing1.vsdx", "activeX/activeX1.bin"],
)
def test_files_of_other_programs_and_controls_are_taken_out(redacted: Redactor, name: str) -> None:
    data = with_object(
        parts_of(saved(docx.Document())), "word", "word/_rels/document.xml.rels", name
    )
    made = redacted(data, "a.docx")
    assert f"word/{name}" not in parts_of(made.data)
    assert any(name in one for one in made.report.removed)


def test_a_policy_that_refuses_pictures_refuses_objects(detector: PresidioDetector) -> None:
    with pytest.raises(UnknownPart):
        redact_document(word(), "a.docx", detector, load_policy("sharing"))


@pytest.mark.parametrize("suffix", FILES)
def test_the_check_refuses_a_copy_that_kept_an_object(suffix: str) -> None:
    with pytest.raises(UnknownPart):
        FORMATS[f".{suffix}"].read_again(FILES[suffix][0](), Opening(FORMATS))
