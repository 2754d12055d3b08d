"""Mail and zip: every header, part and member, files inside files, and passwords."""

import io
import zipfile
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from typing import Any

import openpyxl
import pytest
import pyzipper
from msoffcrypto.format.ooxml import OOXMLFile

from pii.detect import PresidioDetector
from pii.documents import RedactedDocument, redact_document
from pii.errors import PasswordNeeded, TooLarge, UnknownPart
from pii.formats.opening import Limits
from pii.policy import RedactionPolicy, load_policy

NAME = "欧阳明华"


def archive(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in members.items():
            packed.writestr(name, data)
    return target.getvalue()


def members(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: packed.read(name).decode() for name in packed.namelist()}


def number(index: int) -> str:
    return f"1380013{8000 + index * 7}"


# --- mail

PLACES = (
    "subject", "sender's name", "comments", "plain text", "base64 text", "page", "quoted page",
    "attachment", "attachment's name", "archive", "mail inside", "mail inside the mail inside",
    "calendar", "trace", "unknown header", "message id", "preamble", "boundary", "old charset",
    "description", "folded calendar line",
)  # fmt: skip


def of(place: str) -> str:
    return number(PLACES.index(place))


def mail() -> bytes:
    message: Any = MIMEMultipart("mixed", boundary=f"=_{of('boundary')}")
    message["Received"] = f"from {of('trace')}.example.com"
    message["X-Originating"] = of("unknown header")
    message["From"] = f"{of(PLACES[1])} <a@example.com>"
    message["To"] = "=?gb2312?B?xbfR9MP3u6o=?= <ou@example.com>, b@example.com"
    message["Subject"] = f"电话{of('subject')}"
    message["Message-ID"] = f"<{of('message id')}@host.example.com>"
    message["Comments"] = f"电话{of('comments')}"
    message.preamble = of("preamble")
    message.attach(MIMEText(f"电话{of('plain text')}\n{NAME}\n", "plain", "utf-8"))
    old: Any = Message()
    old["Content-Type"] = "text/plain; charset=gb2312"
    old["Content-Transfer-Encoding"] = "8bit"
    old.set_payload(f"电话{of('old charset')}".encode("gbk").decode("ascii", "surrogateescape"))
    message.attach(old)
    for place, subtype, text in (
        ("base64 text", "plain", "电话{}"),
        ("page", "html", "<p>电话{}</p>"),
        ("calendar", "calendar", "BEGIN:VCALENDAR\r\nTEL:{}\r\n"),
    ):
        message.attach(MIMEText(text.format(of(place)), subtype, "utf-8"))
    value = of("folded calendar line")
    message.attach(MIMEText(f"X:{value[:6]}\r\n {value[6:]}\r\n", "calendar", "utf-8"))
    quoted: Any = EmailMessage()
    quoted.set_content(f"<p>电话{of('quoted page')}</p>", subtype="html", cte="quoted-printable")
    quoted["Content-Description"] = f"电话{of('description')}"
    message.attach(quoted)
    for name, data in (
        ("a.txt", f"电话{of('attachment')}".encode()),
        (f"电话{of(PLACES[8])}.csv", b"a,b\n"),
        ("b.zip", archive({"c.txt": f"电话{of('archive')}".encode()})),
    ):
        part: Any = MIMEApplication(data)
        part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", name))
        message.attach(part)
    inmost: Any = EmailMessage()
    inmost["Subject"] = "甲"
    inmost.set_content(f"电话{of('mail inside the mail inside')}")
    inner: Any = EmailMessage()
    inner["Subject"] = f"电话{of('mail inside')}"
    inner.set_content("甲")
    inner.add_attachment(inmost)
    holder: Any = EmailMessage()
    holder.add_attachment(inner)
    message.attach(next(holder.iter_attachments()))
    return bytes(message)


def unwrapped(data: bytes) -> str:
    """All of a mail as text, by the standard library."""
    message: Any = message_from_bytes(data, policy=policy.default)
    pieces = [data.decode("utf-8", "replace")]
    for part in message.walk():
        pieces += [str(value) for value in part.values()]
        if not part.is_multipart():
            payload = part.get_payload(decode=True)
            pieces.append(payload.decode("utf-8", "replace").replace("\r\n ", ""))
            if payload.startswith(b"PK"):
                pieces += members(payload).values()
    return "\n".join(pieces)


@pytest.fixture(scope="session")
def mail_copy(detector: PresidioDetector, standard: RedactionPolicy) -> RedactedDocument:
    return redact_document(mail(), f"{NAME}.eml", detector, standard)


@pytest.mark.parametrize("place", PLACES)
def test_no_place_of_a_mail_is_skipped(mail_copy: RedactedDocument, place: str) -> None:
    assert of(place) in unwrapped(mail())
    assert of(place) not in unwrapped(mail_copy.data)


def test_a_mail_keeps_its_parts_and_their_types(mail_copy: RedactedDocument) -> None:
    before, after = (
        [part.get_content_type() for part in message_from_bytes(data).walk()]
        for data in (mail(), mail_copy.data)
    )
    assert before == after


def test_a_name_in_the_header_is_the_same_customer_everywhere(mail_copy: RedactedDocument) -> None:
    message: Any = message_from_bytes(mail_copy.data, policy=policy.default)
    name = message["To"].addresses[0].display_name
    body = next(message.iter_parts()).get_content()
    assert name.startswith("客户")
    assert name in body
    assert mail_copy.name == f"{name}.redacted.eml"


def test_headers_that_trace_the_way_are_left_out_and_said_so(mail_copy: RedactedDocument) -> None:
    assert "邮件头 / header received" in mail_copy.report.removed
    assert "host.example.com" not in unwrapped(mail_copy.data)


def test_answers_still_refer_to_the_mail_they_answer(
    detector: PresidioDetector, standard: RedactionPolicy
) -> None:
    text = b"From: a@b.cn\nMessage-ID: <2@x>\nIn-Reply-To: <1@x>\nReferences: <0@x> <1@x>\n\nx\n"
    copy = message_from_bytes(redact_document(text, "a.eml", detector, standard).data)
    assert copy["References"].split()[1] == copy["In-Reply-To"]
    assert copy["Message-ID"] not in copy["References"]


@pytest.mark.parametrize(
    "part",
    [
        b"Content-Type: application/octet-stream; name=a.exe\n\nMZ",
        b"Content-Type: application/ms-tnef; name=winmail.dat\n\nx",
        b"Content-Type: audio/mpeg; name=a.mp3\n\nx",
    ],
    ids=["program", "Outlook's own", "recording"],
)
def test_an_attachment_nobody_knows_refuses_the_mail(
    detector: PresidioDetector, standard: RedactionPolicy, part: bytes
) -> None:
    with pytest.raises(UnknownPart, match="邮件第1部分"):
        redact_document(b"From: a@b.cn\n" + part, "a.eml", detector, standard)


def test_a_file_name_in_the_wrong_place_of_a_header_is_not_kept(
    detector: PresidioDetector, standard: RedactionPolicy
) -> None:
    data = (
        "From: a@b.cn\nContent-Type: text/plain; x=13800138000; charset=utf-8\n"
        "Content-Disposition: =?utf-8?q?attachment=3B_filename=3D=2213800138000=22?=\n\nx\n"
    )
    copy = redact_document(data.encode(), "a.eml", detector, standard).data
    assert b"13800138000" not in copy
    assert message_from_bytes(copy).get_content_disposition() == "attachment"


def test_a_signature_that_no_longer_holds_is_left_out(
    detector: PresidioDetector, standard: RedactionPolicy
) -> None:
    signed: Any = MIMEMultipart("signed", protocol="application/pkcs7-signature", micalg="sha256")
    signed["From"] = "a@b.cn"
    signed.attach(MIMEText("甲", "plain", "utf-8"))
    signature: Any = EmailMessage()
    signature.add_attachment(b"CN=" + NAME.encode(), maintype="application",
                             subtype="pkcs7-signature", filename="smime.p7s")  # fmt: skip
    signed.attach(next(signature.iter_attachments()))
    copy = redact_document(bytes(signed), "a.eml", detector, standard)
    assert "数字签名 / a digital signature" in copy.report.removed
    assert b"pkcs7" not in copy.data


# --- zip


def test_names_in_an_archive_are_redacted_alike_and_never_clash(
    detector: PresidioDetector,
) -> None:
    data = archive({
        f"{NAME}/{NAME}_合同.txt": f"联系人：{NAME}".encode(),
        f"{NAME}/a.txt": b"x",
        "13800138000.txt": b"1",
        "13900139000.txt": b"2",
    })  # fmt: skip
    copy = redact_document(data, "a.zip", detector, load_policy("sharing"))
    names = list(members(copy.data))
    folder = names[0].partition("/")[0]
    assert NAME not in "".join(names)
    assert names[1] == f"{folder}/a.txt"
    assert len(set(names)) == len(names) == 4
    assert names[3] == names[2].replace(".txt", " (2).txt")


def test_a_value_certain_in_one_member_is_treated_in_all(
    detector: PresidioDetector, standard: RedactionPolicy
) -> None:
    inner = archive({"d.csv": "姓名,备注\n艾丽,无\n".encode()})
    data = archive({"a.txt": "请转告艾丽。".encode("gb18030"), "b.zip": inner})
    copy = redact_document(data, "a.zip", detector, standard)
    with zipfile.ZipFile(io.BytesIO(copy.data)) as packed:
        assert packed.read("a.txt").decode("gb18030") == "请转告客户A。"
        assert members(packed.read("b.zip"))["d.csv"] == "姓名,备注\n客户A,无\n"
    assert "压缩包第2个文件，压缩包第1个文件，第2行第1列" in {
        line.place.zh for line in copy.report.lines
    }


def test_comments_extra_fields_and_bytes_between_are_not_carried_over(
    detector: PresidioDetector, standard: RedactionPolicy
) -> None:
    target = io.BytesIO(b"")
    target.write(NAME.encode())
    with zipfile.ZipFile(target, "a") as packed:
        info = zipfile.ZipInfo("a.txt", (2024, 5, 6, 7, 8, 10))
        info.comment = NAME.encode()
        info.extra = b"\xfe\xca" + len(NAME.encode()).to_bytes(2, "little") + NAME.encode()
        packed.writestr(info, "甲".encode())
        packed.comment = NAME.encode()
    copy = redact_document(
        target.getvalue()[len(NAME.encode()) :], "a.zip", detector, standard
    ).data
    assert NAME.encode() in target.getvalue()
    assert NAME.encode() not in copy
    with zipfile.ZipFile(io.BytesIO(copy)) as packed:
        assert packed.infolist()[0].date_time == (1980, 1, 1, 0, 0, 0)


def test_links_and_the_systems_own_files_are_left_out(
    detector: PresidioDetector, standard: RedactionPolicy
) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        packed.writestr(link, f"/home/{NAME}")
        packed.writestr("__MACOSX/._a.txt", NAME)
        packed.writestr("a.txt", "甲")
    copy = redact_document(target.getvalue(), "a.zip", detector, standard)
    assert members(copy.data) == {"a.txt": "甲"}
    assert len(copy.report.removed) == 2


def test_names_written_by_chinese_windows_are_read(
    detector: PresidioDetector, standard: RedactionPolicy
) -> None:
    placeholder = "x" * len("合同".encode("gbk"))
    data = archive({f"{placeholder}.txt": b"x"}).replace(placeholder.encode(), "合同".encode("gbk"))
    assert list(members(redact_document(data, "a.zip", detector, standard).data)) == ["合同.txt"]


def test_one_budget_is_for_the_file_and_everything_in_it(
    detector: PresidioDetector, standard: RedactionPolicy
) -> None:
    inner = archive({f"{n}.txt": b"x" for n in range(6)})
    data = archive({f"{n}.zip": inner for n in range(6)})
    redact_document(data, "a.zip", detector, standard, limits=Limits(members=200))
    with pytest.raises(TooLarge):
        redact_document(data, "a.zip", detector, standard, limits=Limits(members=40))


# --- passwords


def locked_book() -> bytes:
    workbook = openpyxl.Workbook()
    workbook.worksheets[0].append([f"联系人：{NAME}"])
    plain, target = io.BytesIO(), io.BytesIO()
    workbook.save(plain)
    OOXMLFile(plain).encrypt("密码1", target)
    return target.getvalue()


def locked_archive() -> bytes:
    target = io.BytesIO()
    with pyzipper.AESZipFile(target, "w", encryption=pyzipper.WZ_AES) as packed:
        packed.setpassword("密码1".encode())
        packed.writestr("a.txt", f"联系人：{NAME}")
    return target.getvalue()


@pytest.mark.parametrize(("data", "name"), [(locked_book(), "a.xlsx"), (locked_archive(), "a.zip")])
def test_an_encrypted_file_asks_for_its_password(
    detector: PresidioDetector, standard: RedactionPolicy, data: bytes, name: str
) -> None:
    with pytest.raises(PasswordNeeded, match="--password") as caught:
        redact_document(data, name, detector, standard)
    assert not caught.value.tried
    with pytest.raises(PasswordNeeded) as caught:
        redact_document(data, name, detector, standard, passwords=["错"])
    assert caught.value.tried
    copy = redact_document(data, name, detector, standard, passwords=["错", "密码1"])
    with zipfile.ZipFile(io.BytesIO(copy.data)) as packed:
        text = "".join(packed.read(part).decode("utf-8", "replace") for part in packed.namelist())
    assert "客户A" in text
    assert NAME not in text


def test_the_report_says_that_the_copy_is_not_encrypted(
    detector: PresidioDetector, standard: RedactionPolicy
) -> None:
    for data, name in ((locked_book(), "a.xlsx"), (locked_archive(), "a.zip")):
        copy = redact_document(data, name, detector, standard, passwords=["密码1"])
        assert any("未加密" in part for part in copy.report.removed)


def test_a_locked_workbook_in_a_locked_archive_opens_with_both_passwords(
    detector: PresidioDetector, standard: RedactionPolicy
) -> None:
    target = io.BytesIO()
    with pyzipper.AESZipFile(target, "w", encryption=pyzipper.WZ_AES) as packed:
        packed.setpassword(b"outer")
        packed.writestr("b.xlsx", locked_book())
    copy = redact_document(
        target.getvalue(), "a.zip", detector, standard, passwords=["密码1", "outer"]
    )
    with zipfile.ZipFile(io.BytesIO(copy.data)) as packed:
        book = openpyxl.load_workbook(io.BytesIO(packed.read("b.xlsx")))
    assert book.worksheets[0]["A1"].value == "联系人：客户A"
