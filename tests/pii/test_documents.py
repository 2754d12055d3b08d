"""Every place a document can hide text in: each test fails when its place is skipped."""

import csv
import html
import io
import zipfile
from collections.abc import Callable

import docx
import openpyxl
import pytest
from docx.oxml import parse_xml
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName

from pii.detect import PresidioDetector
from pii.documents import RedactedDocument, redact_document
from pii.errors import TooLarge, UnknownFormat, UnknownPart, UnreadableDocument
from pii.formats.registry import SUFFIXES
from pii.kinds import Kind
from pii.policy import RedactionPolicy, load_policy
from pii.report_page import report_page

NAME = "欧阳明华"
MOBILE = "13800138000"
ID18 = "11010519491231002X"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
Redactor = Callable[[bytes, str], RedactedDocument]


@pytest.fixture
def redacted(detector: PresidioDetector, standard: RedactionPolicy) -> Redactor:
    return lambda data, name: redact_document(data, name, detector, standard)


def everything_in(data: bytes) -> str:
    """All text of a package or text file, tags included and taken out."""
    if not data.startswith(b"PK"):
        return data.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        raw = "\n".join(archive.read(n).decode("utf-8", "replace") for n in archive.namelist())
    return html.unescape(raw + "".join(piece.partition(">")[2] for piece in raw.split("<")))


def word(build: Callable[[docx.document.Document], None]) -> bytes:
    document = docx.Document()
    build(document)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def book(build: Callable[[openpyxl.Workbook], None]) -> bytes:
    workbook = openpyxl.Workbook()
    build(workbook)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The package with one part added or replaced."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.namelist():
            if entry != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, content)
    return target.getvalue()


def part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode("utf-8")


# --- text files


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_text_keeps_its_encoding_and_line_ends(
    redacted: Redactor, encoding: str, newline: str
) -> None:
    text = newline.join(["登记表", f"姓名：{NAME}", f"电话：{MOBILE}", "", "完。", ""])
    result = redacted(text.encode(encoding), "登记.txt")
    assert result.data.decode(encoding) == newline.join(
        ["登记表", "姓名：客户A", "电话：138****8000", "", "完。", ""]
    )


def test_the_place_of_a_finding_is_its_line(redacted: Redactor) -> None:
    report = redacted(f"一\n\n二\n电话{MOBILE}\n".encode(), "a.txt").report
    assert [line.place.zh for line in report.lines] == ["第4行"]


def test_markdown_headers_govern_their_columns(redacted: Redactor) -> None:
    text = (
        f"# 名单\n\n| 姓名 | 出生日期 | 签订日期 |\n|---|---|---|\n| 艾丽 | 1990-01-02 | 2024-"
        f"01-15 |\n\n{NAME}负责。\n"
    )
    result = redacted(text.encode(), "a.md").data.decode()
    assert "艾丽" not in result
    assert "1990-01-02" not in result
    assert "| 2024-01-15 |" in result
    assert "|---|---|---|" in result


def test_csv_changes_only_the_cells_it_must(redacted: Redactor) -> None:
    text = f'姓名,手机,"备注"\r\n艾丽,{MOBILE},"他说, 好"\r\n{NAME},62345678,=SUM(A1:A2)\r\n'
    result = redacted(text.encode("utf-8-sig"), "a.csv").data.decode("utf-8-sig")
    assert result == (
        '姓名,手机,"备注"\r\n客户A,138****8000,"他说, 好"\r\n客户B,******78,=SUM(A1:A2)\r\n'
    )
    assert len(list(csv.reader(io.StringIO(result)))) == 3


def test_csv_keeps_its_delimiter_and_doubles_quotes(redacted: Redactor) -> None:
    text = f'名称;说明\n甲;"称""{NAME}""，电{MOBILE}"\n'
    assert (
        redacted(text.encode(), "a.csv").data.decode()
        == '名称;说明\n甲;"称""客户A""，电138****8000"\n'
    )


def test_the_file_name_is_redacted_too(redacted: Redactor) -> None:
    assert (
        redacted(f"联系人：{NAME}".encode(), f"C:\\客户\\{NAME}_合同.txt").name
        == "客户A_合同.redacted.txt"
    )


# --- Word


def test_text_split_across_runs_is_one_text(redacted: Redactor) -> None:
    def build(document: docx.document.Document) -> None:
        paragraph = document.add_paragraph("联系人：")
        for piece in ("欧阳", "明", "华", "，电话138", "0013", "8000。"):
            paragraph.add_run(piece).bold = piece == "明"

    data = redacted(word(build), "a.docx").data
    assert docx.Document(io.BytesIO(data)).paragraphs[0].text == "联系人：客户A，电话138****8000。"


def test_a_word_table_is_read_by_its_headers(redacted: Redactor) -> None:
    def build(document: docx.document.Document) -> None:
        table = document.add_table(2, 2)
        for cell, text in zip(
            [c for r in table.rows for c in r.cells],
            ["姓名", "出生日期", "艾丽", "1990-01-02"],
            strict=True,
        ):
            cell.text = text

    table = docx.Document(io.BytesIO(redacted(word(build), "a.docx").data)).tables[0]
    assert [cell.text for cell in table.rows[1].cells] == ["客户A", "〔出生日期〕"]


def insert(xml: str) -> Callable[[docx.document.Document], None]:
    return lambda document: document.element.body.insert(0, parse_xml(xml))


def properties(document: docx.document.Document) -> None:
    document.core_properties.author = "某某某"
    document.core_properties.last_modified_by = "某某某"
    document.core_properties.title = f"{NAME}的合同"


def word_comment(document: docx.document.Document) -> None:
    runs = document.add_paragraph("合同").runs
    document.add_comment(runs, text=f"联系人：{NAME}", author="某某某", initials="某")


WORD_PLACES: dict[str, Callable[[docx.document.Document], None]] = {
    "header": lambda d: setattr(d.sections[0].header.paragraphs[0], "text", f"联系人：{NAME}"),
    "footer": lambda d: setattr(d.sections[0].footer.paragraphs[0], "text", f"联系人：{NAME}"),
    "comment": word_comment,
    "deleted text": insert(
        f'<w:p {W}><w:del w:id="1" w:author="某某某"><w:r><w:delText>联系人：{NAME}</w:delText'
        f'></w:r></w:del></w:p>'),
    "half-deleted text": insert(
        f'<w:p {W}><w:r><w:t>联系人：欧阳</w:t></w:r><w:del w:id="1" w:author="某某某"><w:r><w'
        f':delText>明</w:delText></w:r></w:del><w:r><w:t>华</w:t></w:r></w:p>'),
    "field code": insert(
        f'<w:p {W}><w:r><w:instrText> QUOTE "联系人：{NAME}" </w:instrText></w:r></w:p>'),
    "text box": insert(
        f'<w:p {W}><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>联系人：{NAME}</w:t></w:r></w:p>'
        f'</w:txbxContent></w:pict></w:r></w:p>'),
    "alternative text": insert(
        f'<w:p {W} xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDr'
        f'awing"><w:r><w:drawing><wp:inline><wp:docPr id="1" name="p" descr="联系人：{NAME}"/>'
        f'</wp:inline></w:drawing></w:r></w:p>'),
    "content control tag": insert(
        f'<w:sdt {W}><w:sdtPr><w:alias w:val="联系人：{NAME}"/></w:sdtPr><w:sdtContent><w:p/><'
        f'/w:sdtContent></w:sdt>'),
    "hidden text": insert(
        f'<w:p {W}><w:r><w:rPr><w:vanish/></w:rPr><w:t>联系人：{NAME}</w:t></w:r></w:p>'),
    "XML comment": insert(f'<w:p {W}><!-- {NAME} --><w:r><w:t>甲</w:t></w:r></w:p>'),
    "properties": properties,
}  # fmt: skip


@pytest.mark.parametrize("place", WORD_PLACES)
def test_no_hidden_place_of_a_word_file_keeps_a_name(redacted: Redactor, place: str) -> None:
    data = word(WORD_PLACES[place])
    assert NAME in everything_in(data) or place == "half-deleted text"
    result = everything_in(redacted(data, "a.docx").data)
    assert NAME not in result
    assert "某某某" not in result
    assert "明</w:delText>" not in result


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("word/footnotes.xml", (
            f'<w:footnotes {W}><w:footnote w:id="2"><w:p><w:r><w:t>联系人：{NAME}</w:t></w:r><'
            f'/w:p></w:footnote></w:footnotes>')),
        ("word/endnotes.xml", (
            f'<w:endnotes {W}><w:endnote w:id="2"><w:p><w:r><w:t>联系人：{NAME}</w:t></w:r></w'
            f':p></w:endnote></w:endnotes>')),
        ("word/glossary/document.xml", (
            f"<w:glossaryDocument {W}><w:p><w:r><w:t>联系人：{NAME}</w:t></w:r></w:p></w:gloss"
            f"aryDocument>")),
        ("word/people.xml", f'<p:people xmlns:p="urn:p"><p:person p:author="{NAME}"/></p:people>'),
        ("customXml/item1.xml", f"<客户><联系人>联系人：{NAME}</联系人></客户>"),
        ("docProps/custom.xml", (
            f'<Properties xmlns="urn:c"><property name="x"><v>{NAME}</v></property></Propertie'
            f's>')),
        ("word/charts/chart1.xml", (
            f'<c:chart xmlns:c="urn:c"><c:pt><c:v>联系人：{NAME}</c:v></c:pt></c:chart>')),
        ("word/_rels/footnotes.xml.rels", (
            f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationshi'
            f'ps"><Relationship Id="r1" Type="t" Target="mailto:li@example.com?subject=联系人'
            f'：{NAME}" TargetMode="External"/></Relationships>')),
    ],
)  # fmt: skip
def test_no_further_part_of_a_word_file_keeps_a_name(
    redacted: Redactor, name: str, content: str
) -> None:
    data = with_part(word(lambda d: None), name, content.encode())
    result = everything_in(redacted(data, "a.docx").data)
    assert NAME not in result
    assert "li@example.com" not in result


def test_thumbnails_are_left_out_and_said_so(redacted: Redactor) -> None:
    result = redacted(word(lambda d: None), "a.docx")
    assert result.report.removed == ("docProps/thumbnail.jpeg",)
    assert "thumbnail" not in everything_in(result.data)


def test_pictures_are_blanked_or_refused_by_policy(
    redacted: Redactor, detector: PresidioDetector
) -> None:
    data = with_part(word(lambda d: None), "word/media/image1.png", b"\x89PNG a scanned card")
    result = redacted(data, "a.docx")
    assert b"scanned" not in result.data
    assert "word/media/image1.png" in result.report.removed
    with pytest.raises(UnknownPart):
        redact_document(data, "a.docx", detector, load_policy("sharing"))


@pytest.mark.parametrize(
    "name", ["word/vbaProject.exe", (
        "word/embeddings/oleObject1.exe"), "word/new/thing.xml", "word/media/a.wdp"]
)  # fmt: skip
def test_a_part_nobody_knows_is_refused_by_name(redacted: Redactor, name: str) -> None:
    with pytest.raises(UnknownPart) as caught:
        redacted(with_part(word(lambda d: None), name, b"?"), "a.docx")
    assert name in caught.value.message.zh


# --- Excel


def sheet(workbook: openpyxl.Workbook) -> openpyxl.worksheet.worksheet.Worksheet:
    active = workbook.active
    assert active is not None
    return active


def hidden_sheet(workbook: openpyxl.Workbook) -> None:
    workbook.create_sheet("存档").sheet_state = "hidden"
    workbook["存档"]["C7"] = f"联系人：{NAME}"


def comment(workbook: openpyxl.Workbook) -> None:
    sheet(workbook)["A1"] = "甲"
    sheet(workbook)["A1"].comment = Comment(f"联系人：{NAME}", "某某某")


def defined_name(workbook: openpyxl.Workbook) -> None:
    workbook.defined_names["x"] = DefinedName("x", attr_text=f'"联系人：{NAME}"')


def sheet_name(workbook: openpyxl.Workbook) -> None:
    sheet(workbook).title = NAME
    for row in (["姓名"], [NAME]):
        sheet(workbook).append(row)


def header_column(workbook: openpyxl.Workbook) -> None:
    for row in (["客户", "金额"], [NAME, 3]):
        sheet(workbook).append(row)


BOOK_PLACES: dict[str, Callable[[openpyxl.Workbook], None]] = {
    "cell": lambda b: sheet(b).append([f"联系人：{NAME}"]),
    "formula": lambda b: sheet(b).append([f'="联系人：{NAME}"&"好"']),
    "hidden sheet": hidden_sheet,
    "comment": comment,
    "sheet name": sheet_name,
    "defined name": defined_name,
    "page header": lambda b: setattr(sheet(b).oddHeader.center, "text", f"联系人：{NAME}"),
    "properties": lambda b: setattr(b.properties, "creator", NAME),
    "description": lambda b: setattr(b.properties, "description", f"联系人：{NAME}"),
    "header column": header_column,
}  # fmt: skip


@pytest.mark.parametrize("place", BOOK_PLACES)
def test_no_hidden_place_of_a_workbook_keeps_a_name(redacted: Redactor, place: str) -> None:
    data = book(BOOK_PLACES[place])
    assert NAME in everything_in(data)
    result = everything_in(redacted(data, "a.xlsx").data)
    assert NAME not in result
    assert "某某某" not in result


def test_numbers_in_cells_are_read_as_people_see_them(redacted: Redactor) -> None:
    def build(workbook: openpyxl.Workbook) -> None:
        for row in (
            ["手机", "身份证号", "金额", "出生日期"],
            [13800138000, 110105194912310021, 2000, 32874],
        ):
            sheet(workbook).append(row)

    result = openpyxl.load_workbook(io.BytesIO(redacted(book(build), "a.xlsx").data))
    row = [cell.value for cell in sheet(result)[2]]
    # Excel itself keeps fifteen digits of a number, so the last of the ID is already lost.
    assert row == ["138****8000", "1****************0", 2000, "〔出生日期〕"]


def test_inline_strings_and_cached_values_are_read(redacted: Redactor) -> None:
    data = book(lambda b: sheet(b).append(["甲"]))
    xml = part(data, "xl/worksheets/sheet1.xml").replace(
        "</row>",
        f'<c r="B1" t="inlineStr"><is><r><t>联系人：欧阳</t></r><r><t>明华</t></r></is></c>'
        f'<c r="C1" t="str"><f>B1</f><v>联系人：{NAME}</v></c></row>',
    )
    result = everything_in(
        redacted(with_part(data, "xl/worksheets/sheet1.xml", xml.encode()), "a.xlsx").data
    )
    assert NAME not in result
    assert "明华" not in result


def test_one_shared_string_under_two_headers_is_treated_once(redacted: Redactor) -> None:
    def build(workbook: openpyxl.Workbook) -> None:
        for row in (["姓名", "紧急联系人", "地址"], ["艾丽", "艾丽", "幸福里3-2-501"]):
            sheet(workbook).append(row)

    result = openpyxl.load_workbook(io.BytesIO(redacted(book(build), "a.xlsx").data))
    assert [cell.value for cell in sheet(result)[2]] == ["客户A", "客户A", "〔地址〕"]


# --- refusals


@pytest.mark.parametrize(
    ("data", "name", "error"),
    [
        (b"x", "a.rar", UnknownFormat),
        (b"x", "a", UnknownFormat),
        (b"%PDF-1.7", "a.txt", UnknownFormat),
        (b"", "a.txt", UnreadableDocument),
        (bytes(range(256)), "a.txt", UnreadableDocument),
        (b"not a zip", "a.docx", UnknownFormat),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.docx", UnreadableDocument),
        (b"PK\x03\x04", "a.xlsx", UnreadableDocument),
        (b"a" * (50 * 1024 * 1024 + 1), "a.txt", TooLarge),
    ],
    ids=["rar", "no suffix", "other", "empty", "binary", "no zip", "encrypted", "cut", "large"],
)
def test_what_cannot_be_redacted_is_refused_with_a_sentence(
    redacted: Redactor, data: bytes, name: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        redacted(data, name)


def test_a_workbook_named_as_a_word_file_is_refused(redacted: Redactor) -> None:
    with pytest.raises(UnreadableDocument):
        redacted(book(lambda b: None), "a.docx")


def test_a_damaged_word_file_is_refused(redacted: Redactor) -> None:
    data = bytearray(word(lambda d: d.add_paragraph("甲" * 500)))
    data[len(data) // 3 : len(data) // 3 + 400] = b"\x00" * 400
    with pytest.raises(UnreadableDocument):
        redacted(bytes(data), "a.docx")


def test_a_zip_bomb_is_refused(redacted: Redactor) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * (5 * 1024 * 1024))
    with pytest.raises(TooLarge):
        redacted(target.getvalue(), "a.docx")


def test_a_document_type_with_entities_is_refused(redacted: Redactor) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'
    with pytest.raises(UnreadableDocument):
        redacted(with_part(word(lambda d: None), "customXml/item1.xml", bomb), "a.docx")


# --- report


def test_the_report_counts_places_and_shows_no_original(redacted: Redactor) -> None:
    report = redacted(f"姓名：{NAME}\n身份证：{ID18}\n".encode(), f"{NAME}.txt").report
    assert report.counts == {Kind.PERSON_NAME: 2, Kind.RESIDENT_ID: 1}
    for text in (report.to_json(), report_page(report)):
        assert NAME not in text
        assert ID18 not in text
    for line in report.lines:
        _, segment = report.segments[line.segment]
        assert segment[line.start : line.end] in ("客户A", "1****************X")


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
def test_every_format_refuses_the_content_of_another(redacted: Redactor, suffix: str) -> None:
    with pytest.raises((UnknownFormat, UnreadableDocument)):
        redacted(b"\x7fELF" + bytes(range(200)), f"a{suffix}")
