"""A bounce is matched by the Message-ID we gave, in whatever form a server sends it back."""

import pytest

from records.errors import BadInput
from tickets.notices.bounces import read_bounce

TOKEN = "0123456789abcdef"
OURS = f"<n-2026-0001-0003.1.{TOKEN}@qinghe.example>"
DSN = f"""From: MAILER-DAEMON@mx.example
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

The mail could not be delivered to zhou@client.example.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; zhou@client.example
Action: {{action}}
Status: {{status}}
Diagnostic-Code: smtp; 550 5.1.1 no such user
--b
Content-Type: {{kind}}

From: notice@qinghe.example
Message-ID: {OURS}
Subject: x

--b--
"""


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_a_report_names_the_notice_and_why(kind: str) -> None:
    mail = DSN.format(action="failed", status="5.1.1", kind=kind)
    found = read_bounce(mail.encode())
    assert (found.token, found.failed, found.status) == (TOKEN, True, "5.1.1")


def test_a_delay_is_no_failure() -> None:
    mail = DSN.format(action="delayed", status="4.4.1", kind="message/rfc822")
    assert not read_bounce(mail.encode()).failed


@pytest.mark.parametrize(
    "mail",
    [
        f"Subject: 退信\nIn-Reply-To: {OURS}\n\n退信原因：收件人不存在",
        f"Subject: x\nContent-Type: text/html\n\n<p>{OURS.replace('<', '&lt;').replace('>', '&gt;')}</p>",
    ],
)
def test_a_bounce_of_no_standard_form_is_matched_by_what_it_quotes(mail: str) -> None:
    found = read_bounce(mail.encode())
    assert (found.token, found.failed) == (TOKEN, True)


@pytest.mark.parametrize(
    "mail",
    [
        b"",
        b"\xff\xfe\x00" * 9,
        b"Subject: hello\n\nno number here",
        f"References: {OURS} {OURS.replace('0123', 'ffff')}\n\n".encode(),
        b"Content-Type: multipart/mixed; boundary=b\n\n"
        + b"--b\nContent-Type: message/rfc822\n\n" * 40,
        b"x" * (5 * 1024 * 1024 + 1),
    ],
)
def test_what_names_no_one_notice_of_ours_is_refused(mail: bytes) -> None:
    with pytest.raises(BadInput):
        read_bounce(mail)


@pytest.mark.parametrize("damaged", ["<", "<>", "<(", "<;", "<,@x>"])
def test_a_damaged_header_is_no_crash(damaged: str) -> None:
    """The standard library's header parser raises IndexError for these."""
    with pytest.raises(BadInput):
        read_bounce(f"Message-ID: {damaged}\nReferences: {damaged}\n\nnothing of ours\n".encode())
