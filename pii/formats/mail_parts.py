"""The leaves of a mail: text in its own charset, pages, attachments."""

import base64
import quopri
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from pathlib import PurePosixPath

from pii.formats.encoding import decode
from pii.formats.mail_headers import decoded_header, set_file_name
from pii.formats.media_types import media_type_of, suffix_for
from pii.formats.names import safe_part
from pii.formats.opening import Opening, suffix_of
from pii.formats.pictures import open_picture
from pii.formats.segments import Opened
from records.language import Bilingual

_READ_AS_TEXT = frozenset({"", ".txt", ".text", ".log"})


@dataclass(frozen=True)
class LeafPart:
    """A part as a document, and how its new bytes are put back."""

    document: Opened
    store: Callable[[bytes], None]


def read_leaf(part: Message, place: Bilingual, opening: Opening) -> LeafPart:
    """A part that holds no others."""
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    name = _name(part)
    if part.get_content_maintype() == "image" and suffix_of(name) not in (".svg", ".xml"):
        return LeafPart(open_picture(data, name, place, opening), _store_binary(part))
    form = opening.formats.get(suffix_of(name))
    if part.get_content_maintype() == "text" and not (form and form.begins):
        text = _text(data, part.get_content_charset())
        if suffix_of(name) in _READ_AS_TEXT:
            name = "part.txt"
        document = opening.open_member(text.encode("utf-8-sig") if text else b"", name, place)
        return LeafPart(document, _store_text(part))
    document = opening.open_member(data, name, place)
    if form and form.copy_suffix:
        return LeafPart(document, _store_converted(part, form.copy_suffix))
    return LeafPart(document, _store_binary(part))


def _name(part: Message) -> str:
    """The attachment's name, or one made of its type."""
    name = decoded_header(part.get_filename() or "")
    if suffix_of(name):
        return safe_part(name)
    by_type = suffix_for(part.get_content_type())
    return f"part{by_type or ('.txt' if part.get_content_maintype() == 'text' else '')}"


def _text(data: bytes, charset: str | None) -> str:
    """The text of a part: in the charset it names, if it is one, else as a file would be read."""
    wanted = (charset or "").lower()
    wanted = "gb18030" if wanted.startswith("gb") else wanted
    try:
        return data.decode(wanted) if wanted else decode(data).text
    except (UnicodeDecodeError, LookupError):
        return decode(data).text if data else ""


def _store_text(part: Message) -> Callable[[bytes], None]:
    """Text goes back as UTF-8, quoted-printable or in base64 as it came."""
    quoted = (part.get("content-transfer-encoding") or "").lower() != "base64"

    def store(data: bytes) -> None:
        data = data.removeprefix(b"\xef\xbb\xbf")
        if quoted:
            _put(part, quopri.encodestring(data).decode("ascii"), "quoted-printable")
        else:
            _put(part, base64.encodebytes(data).decode("ascii"), "base64")
        part.set_param("charset", "utf-8")

    return store


def _store_binary(part: Message) -> Callable[[bytes], None]:
    return lambda data: _put(part, base64.encodebytes(data).decode("ascii"), "base64")


def _store_converted(part: Message, suffix: str) -> Callable[[bytes], None]:
    """What came back in another format is called by it; the name itself was treated before."""

    def store(data: bytes) -> None:
        part.set_type(media_type_of(suffix))
        if part.get_filename():
            name = PurePosixPath(decoded_header(part.get_filename() or "")).stem + suffix
            set_file_name(part, name)
        _store_binary(part)(data)

    return store


def _put(part: Message, text: str, encoding: str) -> None:
    del part["content-transfer-encoding"]
    part["Content-Transfer-Encoding"] = encoding
    part.set_payload(text)
