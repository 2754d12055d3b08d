"""E-mail (RFC 5322, MIME RFC 2045 to 2049, 2231): headers, every part, mails inside mails.

Only headers a reader needs are kept. Those that trace the way (Received, Return-Path, DKIM, X-…)
name hosts and mailboxes and no longer hold for a changed mail; they are left out. Message ids are
numbered anew. An attachment of a format nobody knows refuses the mail.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.generator import BytesGenerator
from email.message import Message
from io import BytesIO
from typing import Any

from pii.errors import UnknownPart, UnreadableDocument
from pii.formats.mail_headers import NUMBERED, HeaderField, decoded_header, read_headers
from pii.formats.mail_parts import LeafPart, read_leaf
from pii.formats.media_types import suffix_for
from pii.formats.names import safe_part
from pii.formats.opening import Members, Opening
from pii.formats.pictures import picture_again
from pii.formats.segments import Opened, Segment
from pii.operators import Edit
from records.language import Bilingual

_SIGNATURES = frozenset(
    {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}
)
_FOR_MACHINES = frozenset({"content-type", "mime-version", "content-transfer-encoding"})
_MOST_PARTS = 500
_TELLING_TYPE = re.compile(r"\d{5,}|[^\x00-\x7f]")


@dataclass
class MailDocument:
    """A mail's headers and its parts, each part a document of its own."""

    message: Message
    headers: list[HeaderField]
    parts: list[LeafPart]
    left_out: list[str] = field(default_factory=list)

    @property
    def _members(self) -> Members:
        return Members([part.document for part in self.parts])

    @property
    def segments(self) -> Sequence[Segment]:
        """Headers first, then the parts."""
        return [*(s for one in self.headers for s in one.segments), *self._members.segments]

    @property
    def removed(self) -> Sequence[str]:
        """Headers and parts not carried over."""
        return [*self.left_out, *self._members.removed]

    def write(self, edits: Sequence[Sequence[Edit]]) -> bytes:
        """The mail with the edits made."""
        position = 0
        for one in self.headers:
            count = len(one.segments)
            one.write(edits[position : position + count])
            position += count
        for part, data in zip(self.parts, self._members.write_each(edits[position:]), strict=True):
            part.store(data)
        return written_mail(self.message)


def open_mail(data: bytes, opening: Opening) -> MailDocument:
    """A mail by headers and parts."""
    message = message_from_bytes(data, policy=policy.compat32)
    if not any(message.get(name) for name in ("From", "To", "Subject", "Date", "Received")):
        raise UnreadableDocument(
            "这不是电子邮件（.eml）。请检查文件后缀。",
            "This is not a mail (.eml). Check its suffix.",
        )
    headers, left_out = read_headers(message)
    document = MailDocument(message, headers, [], left_out)
    _read_parts(message, document, opening)
    return document


def _read_parts(message: Message, document: MailDocument, opening: Opening) -> None:
    """Every leaf as a document; mails inside the mail too."""
    waiting: list[Message] = [message]
    count = 0
    while waiting:
        part = waiting.pop(0)
        count += 1
        opening.budget.member()
        if count > _MOST_PARTS:
            opening.budget.deeper(10_000)
        if part is not message:
            headers, left_out = read_headers(part)
            document.headers += headers
            document.left_out += left_out
        place = Bilingual(f"邮件第{count}部分", f"mail part {count}")
        if _TELLING_TYPE.search(part.get_content_type()):
            # No registered type holds a number so long: damage, or something written there.
            main = part.get_content_maintype()
            part.set_type("text/plain" if main == "text" else "application/octet-stream")
        if part.get_content_type() == "message/rfc822":
            document.parts.append(_mail_inside(part, place, opening))
        elif part.is_multipart():
            part.preamble = part.epilogue = None
            part.set_boundary(f"part-{opening.depth}-{count}")
            waiting = _without_signatures(part, document) + waiting
        else:
            document.parts.append(read_leaf(part, place, opening))


def _without_signatures(part: Message, document: MailDocument) -> list[Message]:
    """The parts of a multipart; a signature no longer holds and names its signer."""
    children: list[Any] = list(part.get_payload())
    kept = [child for child in children if child.get_content_type() not in _SIGNATURES]
    if len(kept) < len(children):
        document.left_out.append("数字签名 / a digital signature")
        part.set_payload(kept)
        part.set_type("multipart/mixed")
        for name in ("protocol", "micalg"):
            part.del_param(name)
    return kept


def _mail_inside(part: Message, place: Bilingual, opening: Opening) -> LeafPart:
    inner: Any = part.get_payload()
    mail = inner[0] if isinstance(inner, list) and inner else None
    if mail is None:
        raise UnknownPart(f"{place.zh} / {place.en} (message/rfc822)")
    data = mail.as_bytes(policy=policy.compat32)
    document: Opened = opening.open_member(data, "inner.eml", place)

    def store(new: bytes) -> None:
        part.set_payload([message_from_bytes(new, policy=policy.compat32)])

    return LeafPart(document, store)


def written_mail(message: Message) -> bytes:
    """The bytes of a mail."""
    target = BytesIO()
    BytesGenerator(target, mangle_from_=False, policy=policy.compat32).flatten(message)
    return target.getvalue()


def read_mail_again(data: bytes, opening: Opening) -> list[Segment]:
    """The second reading, by the standard library's newer header and content parsers."""
    message: Any = message_from_bytes(data, policy=policy.default)
    segments: list[Segment] = []
    for number, part in enumerate(message.walk(), start=1):
        place = Bilingual(f"邮件第{number}部分（复核）", f"mail part {number} (second reading)")
        for name, value in part.items():
            if name.lower() not in _FOR_MACHINES and not NUMBERED.fullmatch(str(value)):
                segments.append(Segment(place, decoded_header(str(value)), technical=True))
        if part.is_multipart():
            continue
        name = part.get_filename() or ""
        suffix = suffix_for(part.get_content_type())
        if part.get_content_maintype() == "text" and not name:
            text = part.get_content()
            segments += opening.read_member_again(
                text.encode("utf-8-sig"), f"part{suffix or '.txt'}", place
            )
        elif part.get_content_type().startswith("image/"):
            picture = safe_part(name or "part" + suffix)
            segments += picture_again(part.get_payload(decode=True) or b"", picture, place, opening)
        else:
            payload = part.get_payload(decode=True) or b""
            segments += opening.read_member_again(
                payload, safe_part(name or "part" + suffix), place
            )
    return segments
