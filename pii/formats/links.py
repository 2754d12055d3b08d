"""Links as people read them, and documents that stand in a link (`data:`, RFC 2397)."""

import base64
import binascii
import re
from dataclasses import dataclass
from urllib.parse import quote_from_bytes, unquote_to_bytes

_ESCAPES = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_PLAIN = re.compile(rb"[0-9A-Za-z@\-._~]")
_DATA = re.compile(
    r"\s*data:(?P<type>[\w.+\-]+/[\w.+\-]+)?(?P<rest>(?:;[^;,]*)*?)(?P<base64>;\s*base64)?\s*,"
    r"(?P<body>.*)",
    re.DOTALL | re.IGNORECASE,
)


def readable_link(link: str) -> str:
    """The same link with letters, digits and Chinese written out: ?name=%E6%9D%8E → ?name=李.

    By RFC 3986 6.2.2.2 and RFC 3987 both lead to the same place; marks that divide a link stay.
    """
    return _ESCAPES.sub(lambda match: _written_out(match.group()), link)


def _written_out(escapes: str) -> str:
    raw = unquote_to_bytes(escapes)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        try:
            text = raw.decode("gb18030")
        except UnicodeDecodeError:
            return escapes
    return "".join(
        char if not char.isascii() or _PLAIN.match(char.encode()) else f"%{ord(char):02X}"
        for char in text
    )


@dataclass(frozen=True)
class DataLink:
    """A document written into a link."""

    media_type: str
    parameters: str
    in_base64: bool
    body: bytes

    def with_body(self, body: bytes) -> str:
        """The link with another document."""
        head = f"data:{self.media_type}{self.parameters}"
        if self.in_base64:
            return f"{head};base64,{base64.b64encode(body).decode()}"
        return f"{head},{quote_from_bytes(body)}"


def data_link(link: str) -> DataLink | None:
    """The document in a link, or None where the link only leads to one."""
    match = _DATA.fullmatch(link)
    if match is None:
        return None
    body = unquote_to_bytes(match["body"])
    if match["base64"]:
        try:
            body = base64.b64decode(re.sub(rb"\s", b"", body) + b"==")
        except (binascii.Error, ValueError):
            body = match["body"].encode()
    media_type = (match["type"] or "text/plain").lower()
    return DataLink(media_type, match["rest"] or "", bool(match["base64"]), body)
