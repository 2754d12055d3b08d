"""Headers of a mail or of one of its parts: which are kept, what they say, and how they go back."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.header import Header, decode_header
from email.message import Message
from email.utils import formataddr, getaddresses

from pii.formats.segments import Segment, edited
from pii.operators import Edit
from records.language import Bilingual

_ADDRESSES = frozenset(
    {"from", "to", "cc", "bcc", "reply-to", "sender", "resent-from", "resent-to", "resent-cc",
     "disposition-notification-to"}
)  # fmt: skip
_WORDS = frozenset({"subject", "comments", "keywords", "organization", "thread-topic",
                    "content-description", "content-id", "content-location"})  # fmt: skip
_IDS = frozenset({"message-id", "in-reply-to", "references", "resent-message-id"})
_KEPT = frozenset(
    {"date", "mime-version", "content-type", "content-transfer-encoding", "content-disposition",
     "importance", "priority", "sensitivity", "x-priority", "content-language", "resent-date"}
)  # fmt: skip
NUMBERED = re.compile(r"(?:<\d+@redacted\.invalid>\s*)+")
"""Ids as this file writes them: they name nobody, though they look like mailboxes."""
_PLAIN_NAME = re.compile(r"[A-Za-z\-]{1,40}")
_ID = re.compile(r"<[^<>]*>")
_TYPED = {
    "content-type": re.compile(r"[A-Za-z]+/[\w.+\-]+"),
    "content-disposition": re.compile(r"attachment|inline|form-data", re.IGNORECASE),
}
_UNKNOWN = "application/octet-stream"
_NAMES = frozenset({"name", "filename", "boundary"})
_PARAMETERS = frozenset({"charset", "format", "delsp", "method", "type"})
_WORTH = re.compile(r"[\w.+\-/]{1,40}", re.ASCII)
_FOLD = re.compile(r"\r?\n[ \t]*")


@dataclass(frozen=True)
class HeaderField:
    """One header as segments, and how their new texts are put back."""

    segments: tuple[Segment, ...]
    store: Callable[[list[str]], None]

    def write(self, edits: Sequence[Sequence[Edit]]) -> None:
        """The header with the edits made."""
        self.store([edited(s.text, made) for s, made in zip(self.segments, edits, strict=True)])


def read_headers(message: Message) -> tuple[list[HeaderField], list[str]]:
    """The headers that can say something, and the names of those left out."""
    fields: list[HeaderField] = []
    left_out: list[str] = []
    numbers: dict[str, int] = {}
    for name in list(dict.fromkeys(key.lower() for key in message.keys())):  # noqa: SIM118
        if name in _ADDRESSES:
            fields.append(_addresses(message, name))
        elif name in _WORDS:
            fields.append(_words(message, name))
        elif name in _IDS:
            _number_ids(message, name, numbers)
        elif name in _KEPT:
            _only_one_clean(message, name)
        else:
            shown = name if _PLAIN_NAME.fullmatch(name) else "?"
            left_out.append(f"邮件头 / header {shown}")
            del message[name]
    fields += _file_names(message)
    return fields, left_out


def decoded_header(value: str) -> str:
    """A header's text, encoded words (RFC 2047) in letters and folds undone."""
    pieces = []
    for raw, charset in decode_header(_FOLD.sub(" ", value)):
        if isinstance(raw, str):
            pieces.append(raw)
            continue
        pieces.append(_decoded(raw, charset))
    return "".join(pieces)


def _decoded(raw: bytes, charset: str | None) -> str:
    wanted = (charset or "utf-8").lower()
    # Mail says GB 2312 and means its successor.
    for encoding in ("gb18030" if wanted.startswith("gb") else wanted, "utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return raw.decode("latin-1")


def _values(message: Message, name: str) -> list[str]:
    return [decoded_header(_raw(value)) for value in message.get_all(name, [])]


def _raw(value: object) -> str:
    """A header's characters; bytes beyond ASCII, which RFC 5322 does not allow, are read too."""
    if isinstance(value, Header):
        value = str(value)
    text = str(value)
    raw = text.encode("utf-8", "surrogateescape")
    return _decoded(raw, None) if any("\udc80" <= char <= "\udcff" for char in text) else text


def _place(name: str) -> Bilingual:
    return Bilingual(f"邮件头 {name}", f"header {name}")


def _addresses(message: Message, name: str) -> HeaderField:
    """Names and mailboxes one by one; a list that cannot be read is one text."""
    raws = [_FOLD.sub(" ", _raw(value)) for value in message.get_all(name, [])]
    pairs = [(decoded_header(who), box) for who, box in getaddresses(raws) if who or box]
    if not pairs or any("@" not in box for _, box in pairs):
        return _words(message, name)
    segments = []
    for who, box in pairs:
        segments += [Segment(_place(name), who, "姓名"), Segment(_place(name), box, "邮箱")]

    def store(texts: list[str]) -> None:
        new = [
            formataddr((who, box.encode("ascii", "replace").decode()), charset="utf-8")
            for who, box in zip(texts[::2], texts[1::2], strict=True)
        ]
        _replace(message, name, ",\n ".join(new))

    return HeaderField(tuple(segments), store)


def _words(message: Message, name: str) -> HeaderField:
    segment = Segment(_place(name), "\n".join(_values(message, name)))

    def store(texts: list[str]) -> None:
        text = " ".join(texts[0].split("\n"))
        safe = text if text.isascii() else Header(text, "utf-8", header_name=name).encode()
        _replace(message, name, safe)

    return HeaderField((segment,), store)


def _replace(message: Message, name: str, value: str) -> None:
    """The header at its place; further ones of the same name go into the first."""
    for _ in message.get_all(name, [])[1:]:
        headers = message._headers  # type: ignore[attr-defined]
        last = max(i for i, (key, _) in enumerate(headers) if key.lower() == name)
        del headers[last]
    message.replace_header(name, value)


def _number_ids(message: Message, name: str, numbers: dict[str, int]) -> None:
    """Ids name the sender's host; a number keeps which mail answers which."""
    ids = _ID.findall(" ".join(_raw(value) for value in message.get_all(name, [])))
    new = [f"<{numbers.setdefault(one, len(numbers) + 1)}@redacted.invalid>" for one in ids]
    _replace(message, name, " ".join(new) or "<0@redacted.invalid>")


def _only_one_clean(message: Message, name: str) -> None:
    """A kept header: once, in ASCII, unfolded, with nothing in it that a reader does not need."""
    value = _FOLD.sub(" ", _raw(message.get_all(name, [""])[0]))
    if name not in _TYPED:
        _replace(message, name, value.encode("ascii", "ignore").decode())
        return
    _replace(message, name, value)
    kind = value.partition(";")[0].strip()
    if not _TYPED[name].fullmatch(kind):
        # A kind that is none can hold anything, an encoded file name among others.
        _replace(message, name, "attachment" if name == "content-disposition" else _UNKNOWN)
    for parameter, worth in (message.get_params(header=name) or [])[1:]:
        known = parameter.lower() in _PARAMETERS and isinstance(worth, str)
        if parameter.lower() not in _NAMES and not (known and _WORTH.fullmatch(worth)):
            message.del_param(parameter, header=name)


def _file_names(message: Message) -> list[HeaderField]:
    """The name of an attachment, which stands in two headers and in three spellings."""
    name = message.get_filename()
    if not name:
        return []
    text = decoded_header(_raw(name))
    segment = Segment(Bilingual("附件名", "the name of an attachment"), text)

    return [HeaderField((segment,), lambda texts: set_file_name(message, texts[0]))]


def set_file_name(message: Message, name: str) -> None:
    """The name of an attachment, wherever one stands."""
    value = name if name.isascii() else ("utf-8", "", name)
    for header, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        if message.get_param(parameter, header=header) is not None:
            message.set_param(parameter, value, header=header)  # type: ignore[arg-type]
