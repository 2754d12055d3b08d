"""A mail that reports an incident, read: who wrote it, whether that is vouched for, and what it says.

The sender's address is what anybody may write. It counts only where our own mail server vouches for
it in the topmost Authentication-Results (RFC 8601, one field per server, added above all others;
the server removes fields that carry its own name). Every other such field is the sender's own word.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import cast

from lxml import etree

from records.errors import BadInput
from records.language import Bilingual

LARGEST_MAIL = 25 * 1024 * 1024
MOST_PARTS, DEEPEST = 200, 20
LONGEST_TEXT = 7500
_PASSED = re.compile(r"(dmarc|spf|dkim|auth)(?:/\d+)?\s*=\s*pass(?![\w-])", re.IGNORECASE)
_SAID = re.compile(
    r"\b(header\.from|smtp\.mailfrom|header\.d|smtp\.auth)\s*=\s*(\S+)", re.IGNORECASE
)


class Held(StrEnum):
    """Why a mail opened no incident and waits for a responder."""

    UNKNOWN = "unknown"
    UNVOUCHED = "unvouched"
    AUTOMATIC = "automatic"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"

    @property
    def label(self) -> Bilingual:
        """In both languages, for the responder."""
        return _WHY[self]


_WHY = {
    Held.UNKNOWN: Bilingual("发件人未登记", "the sender is not on record"),
    Held.UNVOUCHED: Bilingual("发件人未经本公司邮件服务器验证", "the mail server does not vouch for the sender"),
    Held.AUTOMATIC: Bilingual("自动回复或群发", "an automatic reply or bulk mail"),
    Held.UNREADABLE: Bilingual("没有可读的文字", "it holds no text that can be read"),
    Held.TOO_LARGE: Bilingual("超过 25 MB，原件仍在邮箱", "over 25 MB; it is still in the mailbox"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class IncidentMail:
    """What a mail says; `sender` in lower case, `text` the subject and then the body."""

    sender: str = field(repr=False)
    message_id: str
    text: str = field(repr=False)
    sent_at: datetime | None
    automatic: bool
    vouched: bool


def read_mail(untrusted_mail: bytes, *, server: str) -> IncidentMail:
    """The mail; `server` is the name our own mail server signs its results with.

    Raises BadInput where it is too large, nested too deep, or has not exactly one sender.
    """
    if len(untrusted_mail) > LARGEST_MAIL:
        raise BadInput("邮件超过 25 MB。", "The mail is over 25 MB.")
    try:
        mail = message_from_bytes(untrusted_mail, policy=default)
        _check_parts(mail)
        return _read(mail, server)
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError, IndexError):
        # What the standard library's parser raises for damaged headers is not documented.
        raise _unreadable() from None


def _unreadable() -> BadInput:
    return BadInput("这封邮件无法读取。", "This mail cannot be read.")


def _read(mail: EmailMessage, server: str) -> IncidentMail:
    # By the parsed header: a display name may hold an address, too.
    senders = [one.addr_spec for head in mail.get_all("From", []) for one in head.addresses]
    if len(senders) != 1 or not re.fullmatch(r"[^@\s]+@[^@\s]+", senders[0]):
        raise _unreadable()
    sender = senders[0].lower()
    results = [str(one) for one in mail.get_all("Authentication-Results", [])]
    subject = str(mail.get("Subject", "")).strip()
    automatic = str(mail.get("Auto-Submitted", "no")).strip().lower() != "no"
    bulk = str(mail.get("Precedence", "")).strip().lower() in {"bulk", "junk", "auto_reply"}
    return IncidentMail(
        sender=sender,
        message_id=str(mail.get("Message-ID", "")).strip()[:500],
        text=f"{subject}\n{_body(mail)}".strip()[:LONGEST_TEXT],
        sent_at=_sent_at(mail),
        automatic=automatic or bulk,
        vouched=bool(results) and vouches(results[0], server, sender),
    )


def _check_parts(mail: EmailMessage) -> None:
    waiting, count = [(mail, 0)], 0
    while waiting:
        part, depth = waiting.pop()
        count += 1
        if count > MOST_PARTS or depth > DEEPEST:
            raise _unreadable()
        inner = part.get_payload() if part.is_multipart() else []
        waiting += [(one, depth + 1) for one in cast(list[EmailMessage], inner)]


def _sent_at(mail: EmailMessage) -> datetime | None:
    try:
        sent = parsedate_to_datetime(str(mail.get("Date", "")))
        return sent.astimezone(UTC) if sent.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _body(mail: EmailMessage) -> str:
    """The body as text; of HTML what a reader sees."""
    part = mail.get_body(("plain", "html"))
    data = part.get_payload(decode=True) if part else None
    if part is None or not isinstance(data, bytes):
        return ""
    charset = (part.get_content_charset() or "utf-8").lower()
    # Mail that calls itself GB2312 holds characters of its extensions.
    name = "gb18030" if charset.startswith("gb") else charset
    try:
        text = data.decode(name, "replace")
    except LookupError:
        text = data.decode("utf-8", "replace")
    return _seen(text) if part.get_content_subtype() == "html" else text


def _seen(page: str) -> str:
    if not page.strip():
        return ""
    tree = etree.fromstring(page.encode(), etree.HTMLParser(encoding="utf-8", no_network=True))
    if tree is None:
        return ""
    etree.strip_elements(tree, "script", "style", "head", etree.Comment, with_tail=False)
    return "\n".join(said for one in tree.itertext() if (said := " ".join(one.split())))


def vouches(untrusted_results: str, server: str, sender: str) -> bool:
    """Whether our server says in this Authentication-Results that `sender` wrote it.

    DMARC passed for the domain; or SPF or DKIM passed for exactly it; or the sender signed in.
    """
    by, *methods = _bare(untrusted_results).split(";")
    named = by.split()
    if not server or not named or named[0].lower() != server.lower():
        return False
    domain = sender.rpartition("@")[2]
    for method in methods:
        passed = _PASSED.match(method.strip())
        said = {name.lower(): value.lower() for name, value in _SAID.findall(method)}
        if passed and _for(passed[1].lower(), said, sender, domain):
            return True
    return False


def _for(method: str, said: dict[str, str], sender: str, domain: str) -> bool:
    if method == "dmarc":
        return said.get("header.from", domain).rpartition("@")[2] == domain
    if method == "spf":
        return said.get("smtp.mailfrom", "").rpartition("@")[2] == domain
    if method == "dkim":
        return said.get("header.d") == domain
    return said.get("smtp.auth") == sender


def _bare(field_text: str) -> str:
    """The field without comments and quoted strings (RFC 5322 3.2), where a sender's words may stand."""
    kept, depth, quoted, escaped = list[str](), 0, False, False
    for char in field_text:
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif quoted:
            quoted = char != '"'
        elif char == '"' and not depth:
            quoted = True
            kept.append("_")
        elif char == "(":
            depth += 1
        elif char == ")" and depth:
            depth -= 1
        elif not depth:
            kept.append(char)
    return "".join(kept)
