"""Office files with a different number in every place that can hold text.

Each number stands in one place only and is found there or nowhere: a place that is skipped keeps
its number, and the test named after the place fails.
"""

import html
import io
import zipfile
from collections.abc import Mapping

import docx
import openpyxl
import pptx
import pytest

from pii.detect import PresidioDetector
from pii.documents import redact_document
from pii.policy import RedactionPolicy

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
P = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'


LINE = "<a:p><a:r><a:t>#</a:t></a:r></a:p>"
CHART = '<c:chart xmlns:c="urn:c"><c:pt><c:v>#</c:v></c:pt></c:chart>'
DRAWN = f"<d:x xmlns:d='urn:d' {A}>{LINE}</d:x>"


def external(target: str) -> str:
    link = f'<Relationship Id="r1" Type="t" Target="{target}" TargetMode="External"/>'
    return f"<Relationships {RELS}>{link}</Relationships>"


def properties(kind: str, inner: str) -> str:
    return f'<Properties xmlns="urn:{kind}">{inner}</Properties>'


def run(inner: str) -> str:
    return f"<w:p {W}><w:r>{inner}</w:r></w:p>"


def paragraph(text: str = "#") -> str:
    return f"<w:p {W}><w:r><w:t>{text}</w:t></w:r></w:p>"


def saved(
    thing: "docx.document.Document | openpyxl.Workbook | pptx.presentation.Presentation",
) -> bytes:
    target = io.BytesIO()
    thing.save(target)
    return target.getvalue()


def embedded_word() -> bytes:
    document = docx.Document()
    document.add_paragraph("电话NUMBER")
    return saved(document)


def embedded_book() -> bytes:
    workbook = openpyxl.Workbook()
    workbook.worksheets[0].append(["电话NUMBER"])
    return saved(workbook)


# In the body, a sheet or a slide: place → XML that is put into the main part. # is the number.
WORD_BODY: dict[str, str] = {
    "body": paragraph(),
    "split runs": f"<w:p {W}><w:r><w:t>#&lt;</w:t></w:r><w:r><w:t>#&gt;</w:t></w:r></w:p>",
    "deleted text": (
        f'<w:p {W}><w:del w:id="1" w:author="某"><w:r><w:delText>#</w:delText></w:r></w:del></w:p>'
    ),
    "inserted text": (
        f'<w:p {W}><w:ins w:id="1" w:author="某"><w:r><w:t>#</w:t></w:r></w:ins></w:p>'
    ),
    "moved text": f'<w:p {W}><w:moveFrom w:id="3"><w:r><w:t>#</w:t></w:r></w:moveFrom></w:p>',
    "hidden text": f"<w:p {W}><w:r><w:rPr><w:vanish/></w:rPr><w:t>#</w:t></w:r></w:p>",
    "field code": f"<w:p {W}><w:r><w:instrText> QUOTE #</w:instrText></w:r></w:p>",
    "deleted field code": f"<w:p {W}><w:r><w:delInstrText> Q #</w:delInstrText></w:r></w:p>",
    "simple field": f'<w:p {W}><w:fldSimple w:instr=" QUOTE #"/></w:p>',
    "text box": (
        f"<w:p {W}><w:r><w:pict><w:txbxContent>{paragraph()}</w:txbxContent></w:pict></w:r></w:p>"
    ),
    "table cell": f"<w:tbl {W}><w:tr><w:tc>{paragraph()}</w:tc></w:tr></w:tbl>",
    "content control": f'<w:sdt {W}><w:sdtPr><w:alias w:val="#"/></w:sdtPr><w:sdtContent/></w:sdt>',
    "list of choices": (
        f'<w:sdt {W}><w:sdtPr><w:dropDownList><w:listItem w:displayText="#" w:value="1"/>'
        "</w:dropDownList></w:sdtPr><w:sdtContent/></w:sdt>"
    ),
    "bookmark": f'<w:p {W}><w:bookmarkStart w:id="7" w:name="电#"/><w:bookmarkEnd w:id="7"/></w:p>',
    "alternative text": run('<x:docPr xmlns:x="urn:x" id="1" name="p" descr="#"/>'),
    "title of a picture": run('<x:docPr xmlns:x="urn:x" id="2" name="p" title="#"/>'),
    "XML comment": f"<w:p {W}><!-- # --></w:p>",
    "ruby": run("<w:ruby><w:rt><w:r><w:t>#</w:t></w:r></w:rt><w:rubyBase/></w:ruby>"),
    "math": f'<w:p {W}><m:oMath xmlns:m="urn:m"><m:r><m:t>#</m:t></m:r></m:oMath></w:p>',
}  # fmt: skip

WORD_PARTS: dict[str, tuple[str, str | bytes]] = {
    "header": ("word/header9.xml", f"<w:hdr {W}>{paragraph()}</w:hdr>"),
    "footer": ("word/footer9.xml", f"<w:ftr {W}>{paragraph()}</w:ftr>"),
    "footnote": ("word/footnotes.xml", f"<w:footnotes {W}>{paragraph()}</w:footnotes>"),
    "endnote": ("word/endnotes.xml", f"<w:endnotes {W}>{paragraph()}</w:endnotes>"),
    "comment": ("word/comments.xml", f"<w:comments {W}>{paragraph()}</w:comments>"),
    "glossary": ("word/glossary/document.xml", f"<w:glossaryDocument {W}>{paragraph()}</w:glossaryDocument>"),
    "people": ("word/people.xml", '<p:people xmlns:p="urn:p"><p:person p:author="#"/></p:people>'),
    "settings variable": ("word/settings.xml", (
        f'<w:settings {W}><w:docVars>'
        '<w:docVar w:name="a" w:val="#"/></w:docVars></w:settings>'
    )),
    "mail merge": ("word/glossary/settings.xml", (
        f'<w:settings {W}><w:mailMerge>'
        '<w:query w:val="SELECT #"/></w:mailMerge></w:settings>'
    )),
    "custom XML": ("customXml/item1.xml", "<a><手机>#</手机></a>"),
    "custom property": ("docProps/custom.xml", properties("c", '<property name="x"><v>#</v></property>')),
    "chart cache": ("word/charts/chart1.xml", CHART),
    "smart art": ("word/diagrams/data1.xml", DRAWN),
    "link": ("word/_rels/footnotes.xml.rels", external("https://x.cn/?q=#")),
    "percent-encoded link": ("word/_rels/endnotes.xml.rels", external("https://x.cn/?q=%E7%94%B5#%20")),
    "folder of a template": ("word/_rels/settings.xml.rels", external("file:///C:/Users/#/n.dotx")),
    "digital signature": ("_xmlsignatures/sig1.xml", "<s>CN=#</s>"),
    "handwriting": ("word/ink/ink1.xml", "<ink>#</ink>"),
    "thumbnail": ("docProps/thumbnail.jpeg", b"\xff\xd8\xff #"),
    "picture": ("word/media/image1.png", b"\x89PNG #"),
    "vector picture": ("word/media/image2.emf", b"\1\0\0\0 #"),
    "old vector picture": ("word/media/image3.wmf", b"\xd7\xcd\xc6\x9a #"),
    "printer settings": ("word/printerSettings/printerSettings1.bin", b"#"),
    "embedded workbook": ("word/embeddings/Microsoft_Excel_Sheet1.xlsx", embedded_book()),
    "embedded page": ("word/afchunk1.html", "<p>电话#</p>"),
}  # fmt: skip

BOOK_SHEET = {
    "cell": '<c r="A{}" t="inlineStr"><is><t>#</t></is></c>',
    "number": '<c r="A{}"><v>#</v></c>',
    "number with exponent": '<c r="A{}"><v>#.0</v></c>',
    "split runs": '<c r="A{}" t="inlineStr"><is><r><t>电话#</t></r><r><t>。</t></r></is></c>',
    "formula": '<c r="A{}" t="str"><f>"电话#"&amp;B1</f></c>',
    "cached value": '<c r="A{}" t="str"><f>B1</f><v>电话#</v></c>',
    "error cell": '<c r="A{}" t="e"><v>#</v></c>',
}
BOOK_EXTRA = {
    "data validation": (
        '<dataValidations><dataValidation sqref="A1">'
        '<formula1>"#,x"</formula1></dataValidation></dataValidations>'
    ),
    "validation message": (
        '<dataValidations><dataValidation sqref="A1" prompt="#"/>'
        '</dataValidations>'
    ),
    "conditional format": (
        '<conditionalFormatting sqref="A1"><cfRule type="cellIs">'
        '<formula>"#"</formula></cfRule></conditionalFormatting>'
    ),
    "link tip": '<hyperlinks><hyperlink ref="A1" location="x" tooltip="#"/></hyperlinks>',
    "page header": "<headerFooter><oddHeader>&amp;C#</oddHeader></headerFooter>",
    "scenario": '<scenarios><scenario name="x" comment="#"/></scenarios>',
}  # fmt: skip
BOOK_PARTS: dict[str, tuple[str, str | bytes]] = {
    "hidden sheet": ("xl/worksheets/sheet8.xml", (
        f'<worksheet {S}><sheetData><row r="1" hidden="1">'
        '<c r="A1"><v>#</v></c></row></sheetData></worksheet>'
    )),
    "unused shared string": ("xl/sharedStrings.xml", f"<sst {S}><si><t>#</t></si></sst>"),
    "note": ("xl/comments/comment1.xml", (
        f"<comments {S}><commentList><comment>"
        "<text><r><t>#</t></r></text></comment></commentList></comments>"
    )),
    "threaded comment": ("xl/threadedComments/threadedComment1.xml", (
        "<ThreadedComments><threadedComment>"
        "<text>#</text></threadedComment></ThreadedComments>"
    )),
    "persons": ("xl/persons/person.xml", (
        '<personList>'
        '<person displayName="#" userId="#"/></personList>'
    )),
    "pivot cache": ("xl/pivotCache/pivotCacheDefinition1.xml", (
        f'<pivotCacheDefinition {S}><cacheFields><cacheField name="手机">'
        '<sharedItems><s v="#"/></sharedItems></cacheField></cacheFields></pivotCacheDefinition>'
    )),
    "pivot number": ("xl/pivotCache/pivotCacheRecords1.xml", (
        f'<pivotCacheRecords {S}>'
        '<r><n v="#"/></r></pivotCacheRecords>'
    )),
    "external link": ("xl/externalLinks/externalLink1.xml", (
        f'<externalLink {S}><externalBook><sheetDataSet><sheetData>'
        '<row><cell><v>#</v></cell></row></sheetData></sheetDataSet></externalBook></externalLink>'
    )),
    "connection": ("xl/connections.xml", (
        f'<connections {S}><connection id="1">'
        '<dbPr connection="PWD=#" command="#"/></connection></connections>'
    )),
    "revision log": ("xl/revisions/revisionLog1.xml", "<revisions>#</revisions>"),
    "table column": ("xl/tables/table1.xml", (
        f'<table {S} id="1" name="t"><tableColumns>'
        '<tableColumn id="1" name="#"/></tableColumns></table>'
    )),
    "drawing": ("xl/drawings/drawing1.xml", DRAWN),
    "old drawing": ("xl/drawings/vmlDrawing1.vml", "<xml><x>#</x></xml>"),
    "form control": ("xl/ctrlProps/ctrlProp1.xml", '<formControlPr xmlns="urn:f" fmlaTxbx="#"/>'),
    "embedded document": ("xl/embeddings/Microsoft_Word_Document1.docx", embedded_word()),
    "printer settings": ("xl/printerSettings/printerSettings1.bin", b"#"),
    "custom sheet property": ("xl/customProperty1.bin", b"#"),
    "core properties": ("docProps/core.xml", (
        '<c:coreProperties xmlns:c="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:d="http://purl.org/dc/elements/1.1/">'
        '<d:title>#</d:title><d:creator>#</d:creator></c:coreProperties>'
    )),
    "application properties": ("docProps/app.xml", properties(
        "e", "<Manager>#</Manager><Company>#</Company><TitlesOfParts>#</TitlesOfParts>"
    )),
}  # fmt: skip

SLIDE_PARTS: dict[str, tuple[str, str | bytes]] = {
    place: (part, f"<p:{tag} {P} {A}>{inner}</p:{tag}>")
    for place, part, tag, inner in (
        ("slide", "ppt/slides/slide7.xml", "sld", LINE),
        ("line break", "ppt/slides/slide8.xml", "sld", (
            "<a:p><a:r><a:t>甲</a:t>"
            "</a:r><a:br/><a:r><a:t>#</a:t></a:r></a:p>"
        )),
        ("hidden slide", "ppt/slides/slide9.xml", "sld", (
            '<p:x show="0"/>'
            '<a:p><a:fld><a:t>#</a:t></a:fld></a:p>'
        )),
        ("table", "ppt/slides/slide10.xml", "sld", (
            "<a:tbl><a:tr><a:tc><a:txBody>"
            "<a:p><a:r><a:t>#</a:t></a:r></a:p></a:txBody></a:tc></a:tr></a:tbl>"
        )),
        ("alternative text", "ppt/slides/slide11.xml", "sld", '<p:cNvPr id="1" name="x" descr="#"/>'),
        ("notes", "ppt/notesSlides/notesSlide7.xml", "notes", LINE),
        ("notes master", "ppt/notesMasters/notesMaster7.xml", "x", LINE),
        ("hand-out master", "ppt/handoutMasters/handoutMaster1.xml", "x", LINE),
        ("master", "ppt/slideMasters/slideMaster7.xml", "x", LINE),
        ("layout", "ppt/slideLayouts/slideLayout77.xml", "x", LINE),
        ("comment", "ppt/comments/comment1.xml", "cmLst", "<p:cm><p:text>#</p:text></p:cm>"),
        ("new comment", "ppt/comments/modernComment_1.xml", "cmLst", (
            "<p:cm>"
            "<a:p><a:r><a:t>#</a:t></a:r></a:p></p:cm>"
        )),
        ("comment author", "ppt/commentAuthors.xml", "cmAuthorLst", '<p:cmAuthor id="0" name="#" initials="#"/>'),
        ("tag", "ppt/tags/tag1.xml", "tagLst", '<p:tag name="X" val="#"/>'),
        ("custom show", "ppt/slides/slide12.xml", "sld", '<p:custShow name="#" id="0"/>'),
        ("section", "ppt/slides/slide13.xml", "sld", '<p:section name="#"/>'),
    )
} | {
    "chart cache": ("ppt/charts/chart7.xml", CHART),
    "smart art": ("ppt/diagrams/data1.xml", DRAWN),
    "embedded workbook": ("ppt/embeddings/Microsoft_Excel_Sheet1.xlsx", embedded_book()),
    "change log": ("ppt/changesInfos/changesInfo1.xml", "<c>#</c>"),
    "handwriting": ("ppt/ink/ink1.xml", "<ink>#</ink>"),
}  # fmt: skip


def number(index: int) -> str:
    return f"1380013{8000 + index * 7}"


def numbered(content: str | bytes, value: str) -> bytes:
    """The content with its number; an embedded package is packed anew around it."""
    if isinstance(content, str):
        return content.replace("#", value).encode()
    if not content.startswith(b"PK"):
        return content.replace(b"#", value.encode())
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"NUMBER", value.encode()))
    return target.getvalue()


def planted(base: bytes, parts: Mapping[str, tuple[str, str | bytes]], first: int, *,
            into: tuple[str, str, str] | None = None) -> bytes:  # fmt: skip
    """The package with each part added, and text put before a mark in one part."""
    added = {
        name: numbered(content, number(first + index))
        for index, (name, content) in enumerate(parts.values())
    }
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(base)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if into is not None and name == into[0]:
                data = data.replace(into[1].encode(), into[2].encode() + into[1].encode(), 1)
            if name not in added:
                new.writestr(name, data)
        for name, data in added.items():
            new.writestr(name, data)
    return target.getvalue()


def everything_in(data: bytes) -> str:
    """All text of a package and of the packages in it, tags included and taken out."""
    if not data.startswith(b"PK"):
        text = data.decode("utf-8", "replace")
        return html.unescape(text + "".join(piece.partition(">")[2] for piece in text.split("<")))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "\n".join(
            [*archive.namelist(), *(everything_in(archive.read(n)) for n in archive.namelist())]
        )


def word_file() -> bytes:
    body = "".join(xml.replace("#", number(i)) for i, xml in enumerate(WORD_BODY.values()))
    return planted(
        saved(docx.Document()), WORD_PARTS, 100, into=("word/document.xml", "<w:sectPr", body)
    )


def book_file() -> bytes:
    rows = "".join(
        f'<row r="{i + 1}">{xml.format(i + 1).replace("#", number(i))}</row>'
        for i, xml in enumerate(BOOK_SHEET.values())
    )
    extra = "".join(xml.replace("#", number(50 + i)) for i, xml in enumerate(BOOK_EXTRA.values()))
    workbook = openpyxl.Workbook()
    workbook.worksheets[0].append(["甲"])
    data = planted(saved(workbook), BOOK_PARTS, 100)
    data = planted(data, {}, 0, into=("xl/worksheets/sheet1.xml", "</sheetData>", rows))
    return planted(data, {}, 0, into=("xl/worksheets/sheet1.xml", "<pageMargins", extra))


def slides_file() -> bytes:
    return planted(saved(pptx.Presentation()), SLIDE_PARTS, 100)


@pytest.fixture(scope="session")
def word_copy(detector: PresidioDetector, standard: RedactionPolicy) -> tuple[str, str]:
    copy = redact_document(word_file(), "a.docx", detector, standard)
    return everything_in(word_file()), everything_in(copy.data)


@pytest.fixture(scope="session")
def book_copy(detector: PresidioDetector, standard: RedactionPolicy) -> tuple[str, str]:
    copy = redact_document(book_file(), "a.xlsx", detector, standard)
    return everything_in(book_file()), everything_in(copy.data)


@pytest.fixture(scope="session")
def slides_copy(detector: PresidioDetector, standard: RedactionPolicy) -> tuple[str, str]:
    copy = redact_document(slides_file(), "a.pptx", detector, standard)
    return everything_in(slides_file()), everything_in(copy.data)


def check(copy: tuple[str, str], value: str) -> None:
    before, after = copy
    assert value in before
    assert value not in after


@pytest.mark.parametrize("place", WORD_BODY)
def test_no_place_in_the_text_of_a_word_file_is_skipped(
    word_copy: tuple[str, str], place: str
) -> None:
    check(word_copy, number(list(WORD_BODY).index(place)))


@pytest.mark.parametrize("place", WORD_PARTS)
def test_no_part_of_a_word_file_is_skipped(word_copy: tuple[str, str], place: str) -> None:
    check(word_copy, number(100 + list(WORD_PARTS).index(place)))


@pytest.mark.parametrize("place", BOOK_SHEET)
def test_no_kind_of_cell_is_skipped(book_copy: tuple[str, str], place: str) -> None:
    check(book_copy, number(list(BOOK_SHEET).index(place)))


@pytest.mark.parametrize("place", BOOK_EXTRA)
def test_nothing_beside_the_cells_of_a_sheet_is_skipped(
    book_copy: tuple[str, str], place: str
) -> None:
    check(book_copy, number(50 + list(BOOK_EXTRA).index(place)))


@pytest.mark.parametrize("place", BOOK_PARTS)
def test_no_part_of_a_workbook_is_skipped(book_copy: tuple[str, str], place: str) -> None:
    check(book_copy, number(100 + list(BOOK_PARTS).index(place)))


@pytest.mark.parametrize("place", SLIDE_PARTS)
def test_no_part_of_a_presentation_is_skipped(slides_copy: tuple[str, str], place: str) -> None:
    check(slides_copy, number(100 + list(SLIDE_PARTS).index(place)))
