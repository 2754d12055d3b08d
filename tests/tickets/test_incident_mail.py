"""A mail is read for what it says, and its sender believed only where our own server vouches."""

from email.message import EmailMessage

import pytest

from records.errors import BadInput
from tickets.incidents.mail import LARGEST_MAIL, read_mail, vouches

OURS, SENDER = "mx.corp.example", "lin@corp.example"


@pytest.mark.parametrize(
    ("results", "believed"),
    [
        ("mx.corp.example; dmarc=pass (p=reject) header.from=corp.example", True),
        ("MX.corp.example 1; spf=fail smtp.mailfrom=corp.example; dmarc=pass header.from=corp.example", True),
        ("mx.corp.example; spf=pass smtp.mailfrom=bounce@corp.example", True),
        ("mx.corp.example; dkim=pass header.d=corp.example", True),
        ("mx.corp.example; auth=pass smtp.auth=lin@corp.example", True),
        ("mx.corp.example; dmarc=fail header.from=corp.example", False),
        ("mx.corp.example; dmarc=passed header.from=corp.example", False),
        ("mx.corp.example; dmarc=pass header.from=evil.example", False),
        ("mx.corp.example; spf=pass smtp.mailfrom=x@evil.example", False),
        ("mx.corp.example; dkim=pass header.d=notcorp.example", False),
        ("mx.corp.example; auth=pass smtp.auth=other@corp.example", False),
        ("mx.evil.example; dmarc=pass header.from=corp.example", False),
        ("mx.corp.example.evil.example; dmarc=pass header.from=corp.example", False),
        ("mx.corp.example; none", False),
        # What a sender wrote stands in comments and quotes; it is not the server's word.
        ("mx.corp.example; spf=fail (x; dmarc=pass header.from=corp.example)", False),
        ('mx.corp.example; spf=fail smtp.mailfrom="; dmarc=pass "@evil.example', False),
        ('mx.corp.example; spf=fail smtp.mailfrom="\\"; dmarc=pass "@evil.example', False),
        ("mx.corp.example; spf=fail ((; dmarc=pass); dmarc=pass header.from=corp.example", False),
        ("", False),
    ],
)  # fmt: skip
def test_only_what_our_own_server_says_of_this_sender_counts(results: str, believed: bool) -> None:
    assert vouches(results, OURS, SENDER) is believed


def test_without_the_name_of_our_server_nobody_is_believed() -> None:
    assert not vouches("; dmarc=pass", "", SENDER)


def mail(**headers: str) -> EmailMessage:
    made = EmailMessage()
    for name, value in {"From": SENDER, "Subject": "电脑丢了", **headers}.items():
        made[name.replace("_", "-")] = value
    made.set_content("涉及客户资料")
    return made


def test_a_forged_field_below_the_servers_own_is_not_read() -> None:
    passed = f"{OURS}; dmarc=pass header.from=corp.example"
    forged = (
        f"Authentication-Results: mx.other.example; dmarc=fail\nAuthentication-Results: {passed}\n"
    )
    data = forged.encode() + mail().as_bytes()
    assert not read_mail(data, server=OURS).vouched
    real = f"Authentication-Results: {passed}\n".encode() + mail().as_bytes()
    assert read_mail(real, server=OURS).vouched


@pytest.mark.parametrize(
    "sender",
    [
        '"ceo@corp.example" <x@evil.example>',
        "=?utf-8?q?ceo=40corp.example=2C?= <x@evil.example>",
    ],
)
def test_an_address_in_the_name_is_not_the_sender(sender: str) -> None:
    data = f"From: {sender}\nSubject: s\n\nt\n".encode()
    assert read_mail(data, server=OURS).sender == "x@evil.example"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\xff\xfe",
        b"Subject: s\n\nno sender",
        b"From: a@b.example, c@d.example\n\ntwo senders",
        b"From: a@b.example\nFrom: c@d.example\n\ntwo fields",
        b"From: a@b.example\n" + b"x" * LARGEST_MAIL,
    ],
)
def test_a_mail_without_one_clear_sender_is_refused(data: bytes) -> None:
    with pytest.raises(BadInput):
        read_mail(data, server=OURS)


def test_a_mail_nested_without_end_is_refused() -> None:
    data = b"From: a@b.example\n"
    for n in range(400):
        data += f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n'.encode()
    with pytest.raises(BadInput):
        read_mail(data, server=OURS)


def test_the_text_is_read_from_html_and_from_old_charsets() -> None:
    made = mail()
    made.set_content("<style>x</style><p>电脑<b>丢了</b></p><script>y</script>", subtype="html")
    text = read_mail(made.as_bytes(), server=OURS).text
    assert "丢了" in text and "x" not in text and "y" not in text
    head = b"From: a@b.example\nContent-Type: text/plain; charset=gb2312\n\n"
    assert "镕" in read_mail(head + "镕".encode("gb18030"), server=OURS).text


@pytest.mark.parametrize("head", [{"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}])
def test_what_a_machine_sent_is_told_apart(head: dict[str, str]) -> None:
    assert read_mail(mail(**head).as_bytes(), server=OURS).automatic
    assert not read_mail(mail(Auto_Submitted="no").as_bytes(), server=OURS).automatic
