"""A bounce read: which of our notices came back, and whether for good.

The report is RFC 3464 where the server writes one; others quote our mail, and its Message-ID is
found in any text part. Nothing of the client is read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

from records.errors import BadInput

LARGEST_BYTES = 5 * 1024 * 1024
_OURS = re.compile(r"<n-\d{4}-\d{4,}-\d{4,}\.\d+\.([0-9a-f]{16})@[^<>\s]{1,255}>", re.IGNORECASE)
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_PASSING = {"delayed", "relayed", "delivered", "expanded"}
_DEEPEST = 5


@dataclass(frozen=True, slots=True)
class Bounce:
    """The token of the notice that came back; `failed` is False for a mere delay."""

    token: str
    failed: bool
    status: str


def read_bounce(untrusted_mail: bytes) -> Bounce:
    """The bounce in a mail. Raises BadInput where it names none of our notices, or several."""
    if len(untrusted_mail) > LARGEST_BYTES:
        raise BadInput("邮件超过 5 MB。", "The mail is over 5 MB.")
    mail = message_from_bytes(untrusted_mail, policy=compat32)
    tokens, actions, statuses = set[str](), set[str](), list[str]()
    for part in _parts(mail, 0):
        tokens |= {found.lower() for found in _OURS.findall(_words(part))}
        action, status = str(part.get("Action", "")), str(part.get("Status", ""))
        if action:
            actions.add(action.split(maxsplit=1)[0].lower())
        statuses += _STATUS.findall(status)
    if len(tokens) != 1:
        raise BadInput(
            "这封邮件里找不到（或不止）一份我们的通知。请导入退信原件，或手工登记。",
            "This mail names none of our notices, or several. Import the bounce itself, or put it "
            "on record by hand.",
        )
    failed = not actions or bool(actions - _PASSING)
    return Bounce(tokens.pop(), failed, statuses[0] if statuses else "")


def _parts(message: Message, depth: int) -> Iterator[Message]:
    """Every part, those inside a mail that is itself a part too."""
    yield message
    if depth >= _DEEPEST or not message.is_multipart():
        return
    for part in message.get_payload():
        if isinstance(part, Message):
            yield from _parts(part, depth + 1)


def _words(part: Message) -> str:
    """Headers that name a mail, and the text of the part."""
    names = (
        "Message-ID",
        "In-Reply-To",
        "References",
        "Original-Message-ID",
        "X-Original-Message-ID",
    )
    found = [str(part.get(name, "")) for name in names]
    if not part.is_multipart() and part.get_content_maintype() in ("text", "message"):
        data = part.get_payload(decode=True)
        found.append(data.decode("utf-8", "replace") if isinstance(data, bytes) else "")
    return "\n".join(found).replace("&lt;", "<").replace("&gt;", ">")
