"""Files attached to a PDF come back redacted, each in its own format; what nobody can read does not."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import docx
import openpyxl
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from pii.detect import PresidioDetector
from pii.documents import RedactedDocument, redact_document
from pii.errors import LeakFound, TooLarge, UnreadableDocument
from pii.formats import pdf_attachments
from pii.formats.opening import Limits, PageWishes
from pii.policy import RedactionPolicy

NAME = "欧阳明华"
Redactor = Callable[..., RedactedDocument]


def number(index: int) -> str:
    return f"1380013{8000 + index * 7}"


def saved(thing: Any) -> bytes:
    target = io.BytesIO()
    thing.save(target)
    return target.getvalue()


def word(text: str) -> bytes:
    document = docx.Document()
    document.add_paragraph(text)
    return saved(document)


def book(text: str) -> bytes:
    workbook = openpyxl.Workbook()
    workbook.worksheets[0].append([text])
    return saved(workbook)


def packed(**members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in members.items():
            archive.writestr(name.replace("_", "."), data)
    return target.getvalue()


def pdf_with(files: dict[str, bytes]) -> pikepdf.Pdf:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    for name, data in files.items():
        pdf.attachments[name] = pikepdf.AttachedFileSpec(
            pdf, data, filename=name, description=f"{NAME}的文件", creation_date="D:20200101"
        )
    return pdf


def attached(data: bytes) -> dict[str, bytes]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}


@pytest.fixture
def redacted(detector: PresidioDetector, standard: RedactionPolicy) -> Redactor:
    def redact(pdf: pikepdf.Pdf, **wishes: Any) -> RedactedDocument:
        return redact_document(saved(pdf), "a.pdf", detector, standard, **wishes)

    return redact


FILES = {
    "a.txt": f"电话{number(0)}".encode(),
    f"{NAME}.docx": word(f"联系人：{NAME}，电话{number(1)}，照旧履行"),
    "b.xlsx": book(f"电话{number(2)}"),
    "c.zip": packed(x_csv=f"手机\n{number(3)}\n".encode(), y_docx=word(f"电话{number(4)}")),
    "d.pdf": saved(pdf_with({"e.txt": f"电话{number(5)}".encode()})),
}


@pytest.mark.parametrize("wish", [PageWishes(), PageWishes(rasterise=True)], ids=["text", "raster"])
def test_every_attachment_comes_back_redacted_in_its_own_format(
    redacted: Redactor, wish: PageWishes
) -> None:
    copy = redacted(pdf_with(FILES), pages=wish)
    files = attached(copy.data)
    assert set(files) == {"a.txt", "客户A.docx", "b.xlsx", "c.zip", "d.pdf"}
    assert files["a.txt"].decode() == "电话138****8000"
    assert [p.text for p in docx.Document(io.BytesIO(files["客户A.docx"])).paragraphs] == [
        "联系人：客户A，电话138****8007，照旧履行"
    ]
    book_again = openpyxl.load_workbook(io.BytesIO(files["b.xlsx"]))
    assert book_again.worksheets[0]["A1"].value == "电话138****8014"
    with zipfile.ZipFile(io.BytesIO(files["c.zip"])) as archive:
        assert archive.namelist() == ["x.csv", "y.docx"]
        assert archive.read("x.csv").decode() == "手机\n138****8021\n"
    assert attached(files["d.pdf"]) == {"e.txt": "电话138****8035".encode()}
    assert len(copy.report.lines) == 8
    assert not [one for one in copy.report.removed if "left out" in one]


def test_what_is_said_of_a_file_beside_its_name_is_not_kept(redacted: Redactor) -> None:
    with pikepdf.open(io.BytesIO(redacted(pdf_with(FILES)).data)) as pdf:
        for spec in pdf.attachments.values():
            assert set(spec.obj.keys()) == {"/Type", "/F", "/UF", "/EF", "/AFRelationship"}
            assert "/Params" not in spec.obj.EF.F


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.exe", b"MZ\x90\0" + number(0).encode(), "cannot be read"),
        ("a", b"x", "cannot be read"),
        ("a.docx", b"PK\x03\x04" + number(0).encode(), "cannot be read"),
        ("a.pdf", b"%PDF-1.7 " + number(0).encode(), "cannot be read"),
        ("locked.pdf", saved(pdf_with({})), "encrypted"),
    ],
    ids=["unknown", "no suffix", "damaged", "damaged pdf", "locked"],
)
def test_what_cannot_be_read_is_left_out_and_said_so(
    redacted: Redactor, name: str, data: bytes, said: str
) -> None:
    if said == "encrypted":
        target = io.BytesIO()
        with pikepdf.open(io.BytesIO(data)) as pdf:
            pdf.save(target, encryption=pikepdf.Encryption(user="qinghe", owner="qinghe"))
        data = target.getvalue()
        assert set(attached(redacted(pdf_with({name: data}), passwords=["qinghe"]).data)) == {name}
    copy = redacted(pdf_with({name: data, "b.txt": b"x"}))
    assert list(attached(copy.data)) == ["b.txt"]
    assert [one for one in copy.report.removed if said in one]
    assert number(0).encode() not in copy.data


def test_a_file_only_an_icon_on_a_page_or_an_association_leads_to_is_kept(
    redacted: Redactor,
) -> None:
    pdf = pdf_with({"a.txt": b"x"})
    of_icon, of_page = (
        pikepdf.AttachedFileSpec(pdf, f"电话{number(i)}".encode(), filename=f"{i}.txt").obj
        for i in (1, 2)
    )
    icon = Dictionary(
        Type=Name.Annot,
        Subtype=Name.FileAttachment,
        FS=of_icon,
        Contents=String(f"电话{number(3)}"),
    )
    pdf.pages[0].Annots = Array([icon])
    pdf.pages[0].AF = Array([of_page])
    copy = redacted(pdf)
    assert {name: len(data) for name, data in attached(copy.data).items()} == {
        "a.txt": 1, "1.txt": 17, "2.txt": 17
    }  # fmt: skip
    assert number(3).encode() not in copy.data


def test_attachments_are_paid_from_the_same_budget(redacted: Redactor) -> None:
    with pytest.raises(TooLarge):
        redacted(pdf_with({"a.txt": b"x" * 300_000}), limits=Limits(unpacked=200_000))


def test_the_second_reading_reads_attachments(
    redacted: Redactor, monkeypatch: pytest.MonkeyPatch
) -> None:
    attach = pdf_attachments.Attachments.attached

    def leaky(self: Any, pdf: bytes, edits: Any) -> bytes:
        return attach(self, pdf, [[] for _ in edits])

    monkeypatch.setattr(pdf_attachments.Attachments, "attached", leaky)
    with pytest.raises(LeakFound):
        redacted(pdf_with({"a.txt": f"电话{number(0)}".encode()}))


def test_a_description_that_was_kept_blocks_release(
    redacted: Redactor, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = pikepdf.AttachedFileSpec

    def described(pdf: pikepdf.Pdf, data: bytes, *, filename: str) -> pikepdf.AttachedFileSpec:
        return make(pdf, data, filename=filename, description="x")

    pdf = pdf_with({"a.txt": b"x"})
    monkeypatch.setattr(pikepdf, "AttachedFileSpec", described)
    with pytest.raises(UnreadableDocument, match="未放行"):
        redacted(pdf)
