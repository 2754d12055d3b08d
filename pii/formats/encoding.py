"""Which encoding a text file is in, so that it goes back out in the same."""

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass

from pii.errors import UnreadableDocument

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f]")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True)
class Decoded:
    """Text, and the bytes it would be in its own encoding."""

    text: str
    encoding: str
    encode: Callable[[str], bytes]


def decode(data: bytes) -> Decoded:
    """The text of a file: by its byte order mark, else UTF-8, else GB 18030."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], encoding, mark)
    zeros = data[:4096].count(0)
    if zeros:
        encoding = (
            "utf-16-le" if data[1:4096:2].count(0) >= data[0:4096:2].count(0) else "utf-16-be"
        )
        if zeros > len(data[:4096]) // 8:
            return _decoded(data, encoding, b"")
        raise _unreadable()
    try:
        return _decoded(data, "utf-8", b"")
    except UnreadableDocument:
        return _decoded(data, "gb18030", b"")


def _decoded(data: bytes, encoding: str, mark: bytes) -> Decoded:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _unreadable() from error
    if _CONTROL.search(text):
        raise _unreadable()
    return Decoded(text, encoding, lambda new: mark + new.encode(encoding))


def _unreadable() -> UnreadableDocument:
    return UnreadableDocument(
        "文件不是可识别的文本（支持 UTF-8、GB 18030、UTF-16）。请另存为 UTF-8 后重试。",
        "The file is not text we can read (UTF-8, GB 18030 or UTF-16). Save it as UTF-8 and retry.",
    )
