"""Text and markdown: the encoding found out, comments and hidden elements left out."""

import re

from knowledge.errors import UnreadablePolicy, WrongEncoding
from knowledge.reading.documents import Reading
from knowledge.sections import Line

_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
_HIDDEN = re.compile(
    r"<(\w+)\b[^>]*?(?:\shidden\b|display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0"
    r"|opacity\s*:\s*0(?![.\d])|color\s*:\s*(?:white|#fff(?:fff)?))[^>]*>(.*?)</\1\s*>",
    re.DOTALL | re.IGNORECASE,
)
_EMPHASIS = re.compile(r"\*\*(.+?)\*\*")
# LawRefBook and others mark parts of their files so; it says nothing to a reader.
_MARKERS = frozenset({"INFO END", "FORCE BREAK"})
# Below this share, what GB 18030 made of the bytes is not Chinese as people write it.
_ORDINARY = 0.9
_GARBLED = 0.3


def read_text(untrusted: bytes, *, markdown: bool) -> Reading:
    """The lines of a text file in UTF-8, UTF-16 or GB 18030."""
    text = decode(untrusted)
    hidden = [words.strip() for words in _COMMENT.findall(text)]
    text = _COMMENT.sub("", text)
    if markdown:
        hidden += [words.strip() for _, words in _HIDDEN.findall(text)]
        text = _EMPHASIS.sub(r"\1", _HIDDEN.sub("", text))
    said = tuple(words for words in hidden if words and words not in _MARKERS)
    return Reading(tuple(Line(line) for line in text.splitlines()), said)


def decode(untrusted: bytes) -> str:
    """The text of the bytes; an encoding that gives no sensible text is refused."""
    if untrusted.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = untrusted.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        if "\ufffd" in text or _garbled(text, guessed=encoding == "gb18030"):
            raise WrongEncoding
        return text
    raise UnreadablePolicy


def _garbled(text: str, *, guessed: bool) -> bool:
    """Big5 read as GB 18030, or UTF-8 read as Latin and written out again."""
    beyond = [one for one in text if ord(one) > 127 and not one.isspace()]
    if not beyond:
        return False
    letters = sum(not one.isspace() for one in text)
    latin = sum(0x80 <= ord(one) <= 0xFF for one in beyond)
    if latin / letters > _GARBLED:
        return True
    if not guessed:
        return False
    ordinary = sum(one in "—·…" or _in_gb2312(one) for one in beyond)
    return ordinary / len(beyond) < _ORDINARY


def _in_gb2312(one: str) -> bool:
    try:
        one.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
