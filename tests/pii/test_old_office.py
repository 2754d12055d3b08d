"""Old formats by way of LibreOffice: what comes back is clean, and what goes wrong is said."""

import io
import os
import random
import stat
import subprocess
import time
import zipfile
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pptx
import pytest
from openpyxl.comments import Comment
from PIL import Image

from pii.detect import PresidioDetector
from pii.documents import RedactedDocument, redact_document
from pii.errors import PasswordNeeded, TooLarge, UnknownFormat, UnreadableDocument
from pii.formats import confined, libreoffice, old_office
from pii.formats.opening import Limits
from pii.policy import RedactionPolicy
from records.errors import ProductError

NAME = "欧阳明华"
Redactor = Callable[..., RedactedDocument]
needs_libreoffice = pytest.mark.skipif(
    libreoffice.program() is None, reason="LibreOffice (soffice) is not installed"
)
PLACES = {
    "doc": ("body", "header", "table", "comment", "deleted text", "property"),
    "xls": ("cell", "number", "hidden sheet", "comment", "defined name", "property"),
    "ppt": ("slide", "notes", "property"),
}
MADE_OF = {"doc": "docx", "wps": "docx", "rtf": "docx", "odt": "docx", "xls": "xlsx", "et": "xlsx",
           "ods": "xlsx", "ppt": "pptx", "dps": "pptx", "odp": "pptx"}  # fmt: skip
WRITTEN_AS = {"wps": "doc", "et": "xls", "dps": "ppt"}


def number(place: str) -> str:
    every = sorted({place for places in PLACES.values() for place in places})
    return f"1380013{8000 + every.index(place) * 7}"


def saved(thing: Any) -> bytes:
    target = io.BytesIO()
    thing.save(target)
    return target.getvalue()


def word() -> bytes:
    document = docx.Document()
    document.add_paragraph(f"联系人：{NAME}，电话{number('body')}，合同照旧履行。")
    document.sections[0].header.paragraphs[0].text = f"电话{number('header')}"
    table = document.add_table(2, 1)
    table.cell(0, 0).text, table.cell(1, 0).text = "手机", number("table")
    paragraph = document.add_paragraph("条款")
    paragraph.add_run("见附件")
    deleted = docx.oxml.parse_xml(
        '<w:del xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" w:id="9" '
        f'w:author="x"><w:r><w:delText>电话{number("deleted text")}</w:delText></w:r></w:del>'
    )
    paragraph._p.append(deleted)
    document.add_comment(paragraph.runs, text=f"电话{number('comment')}", author=NAME)
    document.core_properties.title = f"电话{number('property')}"
    document.core_properties.author = NAME
    return saved(document)


def book() -> bytes:
    workbook = openpyxl.Workbook()
    sheet: Any = workbook.active
    sheet.append(["姓名", "说明", "手机", "金额"])
    sheet.append([NAME, f"电话{number('cell')}", int(number("number")), 1250])
    hidden = workbook.create_sheet("Sheet2")
    hidden.sheet_state = "hidden"
    hidden.append([f"电话{number('hidden sheet')}"])
    sheet["D1"].comment = Comment(f"电话{number('comment')}", NAME)
    workbook.defined_names["n"] = openpyxl.workbook.defined_name.DefinedName(
        "n", attr_text=f'"电话{number("defined name")}"'
    )
    workbook.properties.title = f"电话{number('property')}"
    return saved(workbook)


def slides() -> bytes:
    deck = pptx.Presentation()
    slide: Any = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = f"联系人：{NAME}"
    slide.placeholders[1].text = f"电话{number('slide')}，合同照旧履行"
    slide.notes_slide.notes_text_frame.text = f"电话{number('notes')}"
    deck.core_properties.title = f"电话{number('property')}"
    return saved(deck)


SOURCES = {"docx": word, "xlsx": book, "pptx": slides}


@pytest.fixture(scope="session")
def old() -> Iterator[Callable[[str], bytes]]:
    """A function that gives a file of an old format, made by LibreOffice once."""
    made: dict[str, bytes] = {}

    def make(suffix: str) -> bytes:
        target = WRITTEN_AS.get(suffix, suffix)
        if target not in made:
            new = MADE_OF[suffix]
            files = libreoffice.convert({f"source.{new}": SOURCES[new]()}, target)
            made[target] = files[f"source.{target}"]
        return made[target]

    yield make


@pytest.fixture
def redacted(detector: PresidioDetector, standard: RedactionPolicy) -> Redactor:
    def redact(data: bytes, name: str, **wishes: Any) -> RedactedDocument:
        return redact_document(data, name, detector, standard, **wishes)

    return redact


def everything_in(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "\n".join(archive.read(n).decode("utf-8", "replace") for n in archive.namelist())


@needs_libreoffice
@pytest.mark.parametrize("suffix", MADE_OF)
def test_an_old_format_comes_back_clean_in_the_new_one(
    redacted: Redactor, old: Callable[[str], bytes], suffix: str
) -> None:
    new = MADE_OF[suffix]
    read: list[str] = []
    copy = redacted(
        old(suffix),
        f"{NAME}.{suffix}",
        observe=lambda segments, _: read.extend(s.text for s in segments),
    )
    text = everything_in(copy.data)
    family = {"docx": "doc", "xlsx": "xls", "pptx": "ppt"}[new]
    for place in PLACES[family]:
        assert number(place) not in text
        # Else this would pass on places LibreOffice drops.
        assert any(number(place) in one for one in read)
    assert NAME not in text
    assert "合同照旧履行" in text if new != "xlsx" else "1250" in text
    assert copy.name == f"客户A.redacted.{new}"
    assert copy.report.format == f"{suffix} -> {new}"
    assert "LibreOffice" in copy.report.removed[0]


@needs_libreoffice
@pytest.mark.parametrize("suffix", ["doc", "xls", "ppt"])
def test_a_damaged_old_file_is_refused_or_comes_back_clean(
    redacted: Redactor, old: Callable[[str], bytes], suffix: str
) -> None:
    chance = random.Random(f"{suffix} 2026")
    data = bytearray(old(suffix))
    for _ in range(40):
        data[chance.randrange(512, len(data))] = chance.randrange(256)
    try:
        copy = redacted(bytes(data), f"a.{suffix}")
    except ProductError:
        return
    assert "1380013" not in everything_in(copy.data)


@needs_libreoffice
def test_an_old_file_in_an_archive_and_in_a_mail_is_called_by_its_new_format(
    redacted: Redactor, old: Callable[[str], bytes]
) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a/合同.doc", old("doc"))
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "a@example.com", "x"
    mail.set_content("见附件")
    mail.add_attachment(old("xls"), "application", "vnd.ms-excel", filename=f"{NAME}.xls")
    mail.add_attachment(target.getvalue(), "application", "zip", filename="a.zip")
    message: Any = message_from_bytes(
        redacted(mail.as_bytes(), "a.eml").data, policy=policy.default
    )
    _, sheet, packed = message.walk() if not message.is_multipart() else list(message.walk())[1:]
    assert sheet.get_filename() == "客户A.xlsx"
    assert sheet.get_content_type().endswith("spreadsheetml.sheet")
    assert (
        openpyxl.load_workbook(io.BytesIO(sheet.get_content())).worksheets[0]["A2"].value == "客户A"
    )
    with zipfile.ZipFile(io.BytesIO(packed.get_content())) as archive:
        assert archive.namelist() == ["a/合同.docx"]
        assert docx.Document(io.BytesIO(archive.read("a/合同.docx"))).paragraphs


@needs_libreoffice
def test_a_file_of_this_machine_that_a_document_names_is_not_taken_in(tmp_path: Path) -> None:
    if not libreoffice.has_walls(str(libreoffice.program())):
        pytest.skip("this machine gives no process walls of its own")
    Image.new("RGB", (60, 40), "red").save(tmp_path / "secret.png")
    field = f'INCLUDEPICTURE "{(tmp_path / "secret.png").as_uri()}" \\\\d'
    source = r"{\rtf1 a {\field{\*\fldinst " + field + r"}{\fldrslt x}}}"
    made = libreoffice.convert({"source.rtf": source.encode()}, "docx:MS Word 2007 XML")
    with zipfile.ZipFile(io.BytesIO(made["source.docx"])) as archive:
        assert [name for name in archive.namelist() if "media" in name] == []


@needs_libreoffice
def test_without_walls_no_picture_is_kept(
    redacted: Redactor, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(target, "PNG")
    target.seek(0)
    document = docx.Document()
    document.add_picture(target)
    made = libreoffice.convert({"source.docx": saved(document)}, "odt")["source.odt"]
    monkeypatch.setattr(libreoffice, "has_walls", lambda _: False)
    copy = redacted(made, "a.odt")
    assert any("media" in one for one in copy.report.removed)
    with zipfile.ZipFile(io.BytesIO(copy.data)) as archive:
        names = [name for name in archive.namelist() if "media/" in name]
        assert names
        sizes = {Image.open(io.BytesIO(archive.read(name))).size for name in names}
    assert sizes == {(1, 1)}


# --- what goes wrong, with a converter of the test's own

RTF = rb"{\rtf1 a}"
STUBS = {
    "ends badly": ("exit 3", UnreadableDocument),
    "is killed": ("kill -SEGV $$", UnreadableDocument),
    "writes nothing": ("exit 0", UnreadableDocument),
    "writes an empty file": (': > "$out/source.docx"', UnreadableDocument),
    "writes something else": ('echo x > "$out/source.docx"', UnreadableDocument),
    "writes a damaged package": ('printf "PK\\003\\004xx" > "$out/source.docx"', UnreadableDocument),
    "writes without end": ('yes > "$out/source.docx"', UnreadableDocument),
    "links to a file": ('ln -s /etc/hostname "$out/source.docx"', UnreadableDocument),
    "hangs": ("sleep 60", TooLarge),
}  # fmt: skip


@pytest.fixture
def stub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """A function that puts a script in LibreOffice's place; $out is where it is to write."""

    def put(script: str) -> Path:
        path = tmp_path / "soffice"
        path.write_text(
            f'#!/bin/sh\nfor a; do [ "$p" = --outdir ] && out="$a"; p="$a"; done\n{script}\n'
        )
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setattr(libreoffice, "program", lambda: str(path))
        monkeypatch.setattr(libreoffice, "has_walls", lambda _: False)
        return path

    return put


@pytest.mark.parametrize("what", STUBS)
def test_a_converter_that_fails_releases_nothing_and_leaves_nothing(
    redacted: Redactor,
    stub: Callable[[str], Path],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    what: str,
) -> None:
    script, error = STUBS[what]
    stub(script)
    monkeypatch.setattr(libreoffice, "SECONDS", 2)
    monkeypatch.setattr(libreoffice, "_SHARED_MEMORY", tmp_path / "none")
    monkeypatch.setattr(libreoffice, "LARGEST", 1024**2)
    monkeypatch.setattr(confined, "_LIMITS", confined._LIMITS.replace("-f 1048576", "-f 2048"))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    began = time.monotonic()
    with pytest.raises(error) as caught:
        redacted(RTF, "a.rtf")
    assert "\n" not in str(caught.value)
    assert time.monotonic() - began < 20
    assert [p.name for p in tmp_path.iterdir()] == ["soffice"]


def test_a_converter_that_hangs_is_killed_with_all_it_started(
    redacted: Redactor, stub: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    beat = tmp_path / "beat"
    stub(f"(while :; do echo >> {beat}; sleep 0.05; done) & wait")
    monkeypatch.setattr(libreoffice, "SECONDS", 1)
    with pytest.raises(TooLarge):
        redacted(RTF, "a.rtf")
    size = beat.stat().st_size
    assert size > 0
    time.sleep(0.3)
    assert beat.stat().st_size == size


def test_what_is_left_of_a_files_time_is_all_a_conversion_gets(
    redacted: Redactor, stub: Callable[[str], Path]
) -> None:
    stub("sleep 60")
    began = time.monotonic()
    with pytest.raises(TooLarge):
        redacted(RTF, "a.rtf", limits=Limits(seconds=1.5))
    assert time.monotonic() - began < 10


def test_the_converter_sees_nothing_of_our_environment(
    stub: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMPLIANCE_MASTER_KEY", "secret-of-ours")
    stub('env > "$out/source.docx"; ls ../../.. > /dev/null; ulimit -v >> "$out/source.docx"')
    made = libreoffice.convert({"source.rtf": RTF}, "docx")["source.docx"].decode()
    assert "secret-of-ours" not in made
    assert "HOME=" in made
    assert made.splitlines()[-1] == "3145728"


def test_behind_walls_a_program_sees_neither_network_nor_our_files(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("x")
    folder = tmp_path / "folder"
    folder.mkdir()
    script = f'cat /proc/net/dev > net; [ -e "{secret}" ] && echo seen > seen; touch /usr/x && echo > seen; :'
    if subprocess.run([*confined._APART, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine gives no process walls of its own")
    confined.run(["sh", "-c", script], folder, 20, walls=True)
    interfaces = [
        line.partition(":")[0].strip() for line in (folder / "net").read_text().splitlines()
    ]
    assert interfaces[2:] == ["lo"]
    assert not (folder / "seen").exists()


@pytest.mark.parametrize("suffix", sorted(old_office.OLD_FORMATS))
def test_without_libreoffice_an_old_format_is_refused_with_what_to_do(
    redacted: Redactor, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    monkeypatch.setattr(libreoffice, "program", lambda: None)
    begins = old_office.OLD_FORMATS[suffix].begins[0]
    with pytest.raises(UnknownFormat, match=r"另存为 \.docx.*LibreOffice"):
        redacted(begins + b"x" * 100, f"a{suffix}")


@pytest.mark.parametrize("passwords", [(), ("wrong",), ("qinghe",)])
def test_a_locked_old_file_is_opened_with_its_password(
    redacted: Redactor, stub: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch,
    passwords: tuple[str, ...],
) -> None:  # fmt: skip
    class Locked:
        def __init__(self, _: object) -> None:
            self.word = ""

        def is_encrypted(self) -> bool:
            return True

        def load_key(self, password: str) -> None:
            self.word = password

        def decrypt(self, target: Any) -> None:
            if self.word != "qinghe":
                raise ValueError
            target.write(b"opened")

    monkeypatch.setattr("msoffcrypto.OfficeFile", Locked)
    plain = saved(docx.Document())
    path = stub(
        '[ "$(cat "$a")" = opened ] && cp '
        + f"{os.fspath(stub('').parent)}/plain "
        + '"$out/source.docx"'
    )
    path.with_name("plain").write_bytes(plain)
    locked = old_office.OLE + bytes(600)
    if passwords != ("qinghe",):
        with pytest.raises(PasswordNeeded):
            redacted(locked, "a.doc", passwords=passwords)
        return
    assert redacted(locked, "a.doc", passwords=passwords).name == "a.redacted.docx"


def test_a_locked_opendocument_is_refused_with_what_to_do(
    redacted: Redactor, stub: Callable[[str], Path]
) -> None:
    stub("exit 0")
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("META-INF/manifest.xml", "<m><encryption-data/></m>")
    with pytest.raises(UnreadableDocument, match="密码"):
        redacted(target.getvalue(), "a.odt")
