"""Everything bytes can be read as: characters in several encodings, and what they wrap.

For the proof only. A value written in base64 inside a mail inside a zip is as readable to whoever
receives the copy as one in plain sight, so each wrapping is taken off: zip members, deflate and
gzip streams, base64, quoted-printable, percent signs, HTML entities, JSON escapes. Each view is
made once and searched once; the whole stays linear in what there is to read.
"""

import base64
import binascii
import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pii.errors import UnreadableDocument
from pii.formats.opening import MEBIBYTE, Budget
from pii.formats.xlsx import HEADER_CODE
from records.language import Bilingual

_DEPTH = 6
_BASE64 = re.compile(rb"[A-Za-z0-9+/]{12,}(?:\r?\n[ \t]*[A-Za-z0-9+/]+)*={0,2}")
_SOFT_BREAK = re.compile(rb"=\r?\n")
_QUOTED = re.compile(rb"=[0-9A-F]{2}")
_PERCENT = re.compile(rb"%[0-9A-Fa-f]{2}")
_ESCAPED = re.compile(r"(?:\\u[0-9A-Fa-f]{4})+")
_HEX = re.compile(rb"(?:[0-9A-Fa-f]{2}\s?){8,}")
# The first bytes of zlib (RFC 1950) and gzip (RFC 1952) streams.
_DEFLATED = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")
_MOST_STREAMS = 20_000
_LARGEST_STREAM = 64 * MEBIBYTE
_BLOCK = 64 * 1024
_TAG = re.compile(r"<[^>]*>")
_BLOCK_END = re.compile(
    r"</(?:\w+:)?(?:p|si|is|c|v|f|comment|definedName|text|tc|tr|pt|cm)>"
    r"|<(?:\w+:)?(?:tab|br|cr)\b[^>]*>"
)
_SHEETS = re.compile(r"xl/\w+sheets/")
_ATTRIBUTE = re.compile(r"=\s*(?:\"([^\"]*)\"|'([^']*)')")
_RUNS = re.compile(
    r"(?:word/(?:document|header|footer|footnotes|endnotes|comments)|ppt/|"
    r"xl/(?:sharedStrings|comments|worksheets)|drawings/|charts/|diagrams/)"
)


@dataclass(frozen=True)
class View:
    """A text that stands in the bytes, and where."""

    place: Bilingual
    text: str
    exact: bool = True
    """False where bytes were read in an encoding they may not be in: short words may arise."""
    bytewise: bool = False
    """Each character is a byte: in GB 18030 one stray byte before a value hides it from a decoder."""


def views(data: bytes, place: Bilingual, budget: Budget, depth: int = 0) -> Iterator[View]:
    """Every way the bytes can be read, what they wrap included. Raises TooLarge."""
    budget.tick()
    yield from _texts(data, place)
    if depth >= _DEPTH:
        return
    archive = _archive(data, place)
    if archive is not None:
        with archive:
            yield from _zip_members(archive, place, budget, depth)
        return
    for name, inner in _respelled(data):
        budget.unpack(len(inner))
        yield from _texts(inner, _within(place, name))
    for name, inner in _wrapped(data):
        budget.unpack(len(inner))
        yield from views(inner, _within(place, name), budget, depth + 1)


def _within(place: Bilingual, name: str) -> Bilingual:
    return Bilingual(f"{place.zh}（{name}）", f"{place.en} ({name})")


def _texts(data: bytes, place: Bilingual) -> Iterator[View]:
    try:
        text = data.decode("utf-8")
        certain = "\0" not in text
    except UnicodeDecodeError:
        text, certain = data.decode("utf-8", "replace"), False
    yield from _spellings(text, place)
    if certain:
        return
    yield View(place, data.decode("gb18030", "replace"), exact=False)
    yield View(place, data.decode("latin-1"), exact=False, bytewise=True)
    for shift in (0, 1):
        for encoding in ("utf-16-le", "utf-16-be"):
            yield View(place, data[shift:].decode(encoding, "replace"), exact=False)


def _spellings(text: str, place: Bilingual) -> Iterator[View]:
    """The text, and the text with its escapes undone."""
    yield View(place, text)
    plain = html.unescape(text) if "&" in text else text
    if plain != text:
        yield View(place, plain)
    if "\\u" in plain:
        yield View(place, _ESCAPED.sub(_unescaped, plain))


def _unescaped(match: re.Match[str]) -> str:
    units = bytes.fromhex(match.group().replace("\\u", ""))
    return units.decode("utf-16-be", "replace")


def _archive(data: bytes, place: Bilingual) -> zipfile.ZipFile | None:
    if not data.startswith(b"PK\x03\x04"):
        return None
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except Exception as error:
        raise _unchecked(place) from error


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, place: Bilingual) -> bytes:
    try:
        return archive.read(info)
    except Exception as error:
        raise _unchecked(place) from error


def _unchecked(place: Bilingual) -> UnreadableDocument:
    """Damaged or locked, as a text may hold it in base64: nobody could say what is in it."""
    return UnreadableDocument(
        f"脱敏后的文件在{place.zh}含有无法读取的压缩包，无法复核，未放行。请删除后重试。",
        f"In {place.en} the redacted copy holds an archive that cannot be read and so not be "
        "checked; it was not released. Remove it and retry.",
    )


def _zip_members(
    archive: zipfile.ZipFile, place: Bilingual, budget: Budget, depth: int
) -> Iterator[View]:
    names = archive.namelist()
    yield View(Bilingual("部件名", "the name of a part"), "\n".join(names))
    budget.member(len(names))
    for info in archive.infolist():
        budget.unpack(info.file_size)
        inner = _member(archive, info, place)
        where = Bilingual(f"部件 {info.filename}", f"part {info.filename}")
        if place != _RAW:
            where = Bilingual(f"{place.zh}，{where.zh}", f"{place.en}, {where.en}")
        yield from _markup(info.filename, inner, where)
        yield from views(inner, where, budget, depth + 1)


_RAW = Bilingual("原始字节", "the raw bytes")


def raw(data: bytes, budget: Budget) -> Iterator[View]:
    """Every view of a whole file."""
    return views(data, _RAW, budget)


def _markup(name: str, data: bytes, place: Bilingual) -> Iterator[View]:
    """A part's text with its runs joined, and each attribute by itself."""
    if b"<" not in data[:200]:
        return
    text = data.decode("utf-8", "replace")
    apart = _BLOCK_END.sub("\n", text) if _RUNS.search(name) else _TAG.sub("\n", text)
    yield View(place, html.unescape(_TAG.sub("", apart)))
    if _SHEETS.match(name) and "headerFooter" in text:
        headers = html.unescape(_TAG.sub("\n", text.partition("headerFooter")[2]))
        yield View(place, HEADER_CODE.sub("\n", headers))
    yield View(place, html.unescape("\n".join(a or b for a, b in _ATTRIBUTE.findall(text))))


def _respelled(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The same bytes with one spelling undone."""
    if b"=" in data:
        joined = _SOFT_BREAK.sub(b"", data)
        plain = _QUOTED.sub(_unquoted, joined)
        if plain != joined:
            yield "quoted-printable", plain
    plain = _PERCENT.sub(_unquoted, data)
    if plain != data:
        yield "percent", plain


def _wrapped(data: bytes) -> Iterator[tuple[str, bytes]]:
    """What is written inside the bytes in another form."""
    yield from _gathered("base64", map(_from_base64, _BASE64.findall(data)))
    yield from _gathered("hex", map(_from_hex, _HEX.findall(data)))
    yield from _inflated(data)


def _gathered(name: str, pieces: Iterable[bytes]) -> Iterator[tuple[str, bytes]]:
    """Archives one by one, everything else as one: a text may hold a hundred thousand links."""
    rest = []
    for piece in pieces:
        if piece.startswith(b"PK"):
            yield name, piece
        elif piece:
            rest.append(piece)
    if rest:
        yield name, b"\n".join(rest)


def _unquoted(match: re.Match[bytes]) -> bytes:
    return bytes.fromhex(match.group()[1:].decode())


def _from_base64(run: bytes) -> bytes:
    plain = re.sub(rb"[\s=]", b"", run)
    if len(plain) % 4 == 1:
        plain = plain[:-1]
    try:
        return base64.b64decode(plain + b"=" * (-len(plain) % 4))
    except (binascii.Error, ValueError):
        return b""


def _from_hex(run: bytes) -> bytes:
    digits = re.sub(rb"\s", b"", run)
    return bytes.fromhex(digits[: len(digits) // 2 * 2].decode())


def _inflated(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Streams of deflated bytes wherever they begin, as in a PDF."""
    end = 0
    for number, match in enumerate(_DEFLATED.finditer(data)):
        if match.start() < end or number > _MOST_STREAMS:
            continue
        inner, length = _inflate(memoryview(data)[match.start() :])
        if inner:
            end = match.start() + length
            yield "deflate", inner


def _inflate(data: memoryview) -> tuple[bytes, int]:
    """The bytes of the stream that begins here, as far as it goes, and how long it is."""
    engine = zlib.decompressobj(31 if data[0] == 0x1F else 15)
    pieces: list[bytes] = []
    size = position = 0
    while position < len(data) and not engine.eof and size < _LARGEST_STREAM:
        try:
            pieces.append(engine.decompress(data[position : position + _BLOCK], _LARGEST_STREAM))
        except zlib.error:
            break
        size += len(pieces[-1])
        position += _BLOCK
    return b"".join(pieces), max(2, position - len(engine.unused_data))
