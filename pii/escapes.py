"""Readings of text in a coding: HTML entities, %41, \\u0041, base64 of a text.

A value behind a coding is as readable as any to whoever opens the file in the right program. Only
UTF-8, and GB 18030 behind percent signs, are tried: other codings turn random bytes into words.
"""

import base64
import binascii
import html
import re
from collections.abc import Iterator

from pii.folding import INVISIBLE, fold
from pii.readings import Reading, Stretch

_ESCAPE = re.compile(
    r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});|(?:%[0-9A-Fa-f]{2})+"
    r"|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}"
)
_TELLING = re.compile(r"[^\W_]|@")
_FOREIGN = re.compile(r"[\u0080-\u07ff]")
_REACH = 40
"""How far the text around an escape is read with it."""


def escaped(text: str) -> Iterator[Reading]:
    """Stretches with escapes in them, decoded, with the words around."""
    cluster: list[Stretch] = []
    for match in _ESCAPE.finditer(text):
        pieces = list(_decoded(match))
        if not any(_TELLING.search(piece.words or "") for piece in pieces):
            continue
        if cluster and match.start() - cluster[-1].end > 2 * _REACH:
            yield _with_surroundings(text, cluster)
            cluster = []
        cluster += pieces
    if cluster:
        yield _with_surroundings(text, cluster)


def _decoded(match: re.Match[str]) -> Iterator[Stretch]:
    """What one escape stands for, character by character where it stands for several."""
    escape, start = match.group(), match.start()
    if escape.startswith("%"):
        yield from _percent_decoded(escape, start)
    elif escape.startswith("\\"):
        yield Stretch(start, match.end(), _shown(chr(int(escape[2:], 16))))
    else:
        yield Stretch(start, match.end(), _shown(html.unescape(escape)))


def _percent_decoded(run: str, start: int) -> Iterator[Stretch]:
    data = bytes.fromhex(run.replace("%", ""))
    text, coding = _text_of(data, "utf-8"), "utf-8"
    # 伟 in GBK is ΰ in UTF-8: letters of neither Chinese nor English are the wrong reading.
    if text is None or _FOREIGN.search(text):
        chinese = _text_of(data, "gb18030")
        if chinese is not None:
            text, coding = chinese, "gb18030"
    for char in text or "":
        end = start + 3 * len(char.encode(coding))
        yield Stretch(start, end, _shown(char))
        start = end


def _text_of(data: bytes, coding: str) -> str | None:
    try:
        return data.decode(coding)
    except UnicodeDecodeError:
        return None


def _shown(text: str) -> str:
    """Decoded text as recognizers read text. Half a surrogate pair is no character."""
    return fold(re.sub(r"[\ud800-\udfff]", "\ufffd", text))


def _with_surroundings(text: str, cluster: list[Stretch]) -> Reading:
    start, end = cluster[0].start, cluster[-1].end
    left, right = max(0, start - _REACH), min(len(text), end + _REACH)
    # A number cut in two would look like a shorter one.
    while 0 < left < start and _is_word(text[left - 1]):
        left += 1
    while end < right < len(text) and _is_word(text[right]):
        right -= 1
    reading: list[Stretch] = []
    position = left
    for stretch in cluster:
        if position < stretch.start:
            reading.append(Stretch(position, stretch.start))
        reading.append(stretch)
        position = stretch.end
    return [*reading, Stretch(position, right)] if position < right else reading


def _is_word(char: str) -> bool:
    return char.isascii() and char.isalnum()


_BASE64 = re.compile(
    r"(?<![A-Za-z0-9+/_\-])(?:[A-Za-z0-9+/]{40,100}\r?\n){0,200}[A-Za-z0-9+/_\-]{16,8192}={0,2}"
    r"(?![A-Za-z0-9+/_=\-])"
)
_MIXED = re.compile(r"(?=[^\n]*?[A-Z])(?=[^\n]*?[a-z0-9])", re.DOTALL)
_READABLE = re.compile(r"(?:[^\x00-\x08\x0e-\x1f\x7f-\x9f\ufffd\ud800-\udfff])+")


def base64_text(text: str) -> Iterator[Reading]:
    """Each base64 of a readable text, decoded; whatever is found in it is the whole of it."""
    for match in _BASE64.finditer(text):
        token = re.sub(r"\s", "", match.group())
        decoded = _from_base64(token) if _MIXED.match(token) else None
        if decoded:
            yield [Stretch(match.start(), match.end(), decoded)]


def _from_base64(token: str) -> str | None:
    bare = token.rstrip("=").replace("-", "+").replace("_", "/")
    if len(bare) % 4 == 1:
        return None
    try:
        text = base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    if not _READABLE.fullmatch(text):
        return None
    shown = INVISIBLE.sub("", fold(text))
    # As long as what it stands for, it would be read character by character.
    return shown if len(shown) != len(token) else shown + " "
