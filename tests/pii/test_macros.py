"""A file with macros comes back as the same document without them, and says so."""

import io
import zipfile
from collections.abc import Callable

import docx
import openpyxl
import pptx
import pytest
from lxml import etree

from pii.detect import PresidioDetector
from pii.documents import redact_document
from pii.errors import UnknownPart
from pii.formats.opening import Opening
from pii.formats.registry import FORMATS
from pii.policy import RedactionPolicy

NAME = "欧阳明华"
PROJECT = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + f'Attribute VB_Name = "{NAME}"'.encode("gb18030")
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
MICROSOFT = "http://schemas.microsoft.com/office/2006/relationships"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
Build = Callable[[], bytes]


def saved(document: object) -> bytes:
    target = io.BytesIO()
    document.save(target)  # type: ignore[attr-defined]
    return target.getvalue()


def word() -> bytes:
    document = docx.Document()
    document.add_paragraph(f"联系人:{NAME}")
    return saved(document)


def book() -> bytes:
    workbook = openpyxl.Workbook()
    assert workbook.active is not None
    workbook.active.append(["联系人", NAME])
    return saved(workbook)


def slides() -> bytes:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = f"联系人:{NAME}"
    return saved(deck)


PLAIN = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
}
PROGRAMMED: dict[str, tuple[Build, str, str, str]] = {
    "docm": (word, "docx", "word/document.xml", "ms-word.document.macroEnabled"),
    "dotm": (word, "docx", "word/document.xml", "ms-word.template.macroEnabledTemplate"),
    "dotx": (word, "docx", "word/document.xml", (
        "openxmlformats-officedocument.wordprocessingml.template")),
    "xlsm": (book, "xlsx", "xl/workbook.xml", "ms-excel.sheet.macroEnabled"),
    "xltm": (book, "xlsx", "xl/workbook.xml", "ms-excel.template.macroEnabled"),
    "pptm": (slides, "pptx", "ppt/presentation.xml", "ms-powerpoint.presentation.macroEnabled"),
    "ppsm": (slides, "pptx", "ppt/presentation.xml", "ms-powerpoint.slideshow.macroEnabled"),
    "ppsx": (slides, "pptx", "ppt/presentation.xml", (
        "openxmlformats-officedocument.presentationml.slideshow")),
}  # fmt: skip


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return target.getvalue()


def related(rels: bytes, kind: str, target: str) -> bytes:
    one = f'<Relationship Id="rIdM" Type="{MICROSOFT}/{kind}" Target="{target}"/></Relationships>'
    return rels.replace(b"</Relationships>", one.encode())


def programmed(suffix: str) -> bytes:
    """The document with a macro project, its signature, its data, its keys and its ribbon."""
    build, plain, main, kind = PROGRAMMED[suffix]
    parts = parts_of(build())
    folder, _, name = main.partition("/")
    types = parts["[Content_Types].xml"].replace(
        PLAIN[plain].encode(), f"application/vnd.{kind}.main+xml".encode()
    )
    parts["[Content_Types].xml"] = types.replace(
        b"</Types>",
        b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
        b'<Override PartName="/word/vbaData.xml" '
        b'ContentType="application/vnd.ms-word.vbaData+xml"/></Types>',
    )
    rels = f"{folder}/_rels/{name}.rels"
    parts[rels] = related(parts[rels], "vbaProject", "vbaProject.bin")
    parts["_rels/.rels"] = related(
        parts["_rels/.rels"], "ui/extensibility", "customUI/customUI14.xml"
    )
    parts["customUI/customUI14.xml"] = f'<customUI><button tag="{NAME}"/></customUI>'.encode()
    parts[f"{folder}/vbaProject.bin"] = PROJECT
    parts[f"{folder}/vbaProjectSignatureAgile.bin"] = PROJECT
    parts[f"{folder}/_rels/vbaProject.bin.rels"] = related(
        f'<Relationships xmlns="{RELATIONS}"></Relationships>'.encode(),
        "wordVbaData",
        "vbaData.xml",
    )
    if folder == "word":
        parts["word/vbaData.xml"] = f'<wne:v xmlns:wne="w" wne:macroName="{NAME}"/>'.encode()
        parts["word/customizations.xml"] = b'<wne:tcg xmlns:wne="w"/>'
    return packed(parts)


@pytest.mark.parametrize("suffix", PROGRAMMED)
def test_a_copy_has_no_macro_and_is_a_plain_document(
    detector: PresidioDetector, standard: RedactionPolicy, suffix: str
) -> None:
    plain = PROGRAMMED[suffix][1]
    made = redact_document(programmed(suffix), f"申请.{suffix}", detector, standard)
    parts = parts_of(made.data)
    types = parts["[Content_Types].xml"].decode()
    assert made.name.endswith(f".{plain}")
    assert PLAIN[plain] in types
    assert not [n for n in parts if "vba" in n.lower() or n.startswith(("customUI", "word/custom"))]
    assert not [n for n, d in parts.items() if b"vba" in d.lower() or b"macroEnabled" in d]
    assert not [n for n, data in parts.items() if NAME.encode() in data]
    said = [part for part in made.report.removed if "宏" in part and "macros" in part]
    assert len(said) == 1


def test_what_started_a_macro_starts_nothing(
    detector: PresidioDetector, standard: RedactionPolicy
) -> None:
    parts = parts_of(programmed("docm"))
    field = '<w:ffData><w:entryMacro w:val="Ask"/></w:ffData><w:p><w:r><w:t>是</w:t></w:r></w:p>'
    parts["word/header1.xml"] = f'<w:hdr xmlns:w="{W}">{field}</w:hdr>'.encode()
    drawing = '<a xmlns="d"><sp macro="[0]!Ask"/><hlinkClick action="ppaction://macro?name=Ask"/>'
    parts["word/drawings/drawing1.xml"] = f'{drawing}<hlinkClick action="x"/></a>'.encode()
    made = redact_document(packed(parts), "a.docm", detector, standard)
    left = parts_of(made.data)
    assert b"Ask" not in left["word/header1.xml"]
    drawn = etree.fromstring(left["word/drawings/drawing1.xml"])
    assert [link.get("action") for link in drawn.findall("{d}hlinkClick")] == ["x"]
    assert drawn.find("{d}sp").get("macro") == ""


@pytest.mark.parametrize("suffix", ["docx", "xlsx", "pptx"])
def test_the_check_refuses_a_copy_that_kept_a_macro(
    suffix: str,
) -> None:
    twin = f"{suffix[:-1]}m"
    with pytest.raises((UnknownPart, ValueError)):
        FORMATS[f".{suffix}"].read_again(programmed(twin), Opening(FORMATS))


def test_a_sheet_of_macros_is_refused_by_name(
    detector: PresidioDetector, standard: RedactionPolicy
) -> None:
    parts = parts_of(book()) | {"xl/macrosheets/sheet1.xml": b"<xm:macrosheet xmlns:xm='x'/>"}
    with pytest.raises(UnknownPart) as caught:
        redact_document(packed(parts), "a.xlsm", detector, standard)
    assert "macrosheets" in caught.value.message.zh
