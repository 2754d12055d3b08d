"""Which encoding a text file is in, so that it goes back out in the same."""

import codecs
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from pii.errors import UnreadableDocument

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f]")
_LAST_HAN = 0x3347F
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
        found = _decoded(data, "gb18030", b"")
    # Nearly any bytes are GB 18030: damaged UTF-8 becomes characters nobody has defined, made of
    # the first digit of a number that then goes unnoticed.
    if any(unicodedata.category(char) == "Cn" and not _later_han(char) for char in set(found.text)):
        raise _unreadable()
    return found


def _later_han(char: str) -> bool:
    """Whether an unknown character lies where Unicode goes on adding Chinese ones."""
    return 0x20000 <= ord(char) <= _LAST_HAN


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
