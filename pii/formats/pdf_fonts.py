"""Fonts of a PDF: from the bytes a page shows to characters and how far each moves the pen.

A code means what the font's ToUnicode map says; without one, what its encoding says (ISO 32000-2,
9.10.2). Where neither is known the character is unmapped, and the page cannot be trusted as text.
"""

import ctypes
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pikepdf
import pypdfium2.raw as pdfium

from pii.formats.pdf_cmap import CMap, parse_cmap
from pii.formats.pdf_render import LOCK

_CODECS = {
    "UniGB-UCS2": "utf-16-be", "UniGB-UTF16": "utf-16-be", "UniCNS-UCS2": "utf-16-be",
    "UniCNS-UTF16": "utf-16-be", "UniJIS-UCS2": "utf-16-be", "UniJIS-UTF16": "utf-16-be",
    "UniKS-UCS2": "utf-16-be", "UniKS-UTF16": "utf-16-be", "GB-EUC": "gb2312", "GBK-EUC": "gbk",
    "GBKp-EUC": "gbk", "GBK2K": "gb18030", "ETen-B5": "big5", "B5pc": "big5",
    "HKscs-B5": "big5hkscs", "90ms-RKSJ": "cp932", "EUC": "euc_jp", "KSC-EUC": "euc_kr",
    "KSCms-UHC": "cp949",
}  # fmt: skip
_BASES = {"WinAnsiEncoding": "cp1252", "MacRomanEncoding": "mac_roman"}
_NAMES = [
    "space", "exclam", "quotedbl", "numbersign", "dollar", "percent", "ampersand",
    "quotesingle", "parenleft", "parenright", "asterisk", "plus", "comma", "hyphen", "period",
    "slash", "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    "colon", "semicolon", "less", "equal", "greater", "question", "at",
]  # fmt: skip
_MORE_NAMES = {
    "bracketleft": "[", "backslash": "\\", "bracketright": "]", "asciicircum": "^",
    "underscore": "_", "grave": "`", "braceleft": "{", "bar": "|", "braceright": "}",
    "asciitilde": "~", "quoteleft": "‘", "quoteright": "’", "quotedblleft": "“",
    "quotedblright": "”", "endash": "–", "emdash": "—", "bullet": "•", "ellipsis": "…",
    "fi": "fi", "fl": "fl", "ff": "ff", "ffi": "ffi", "ffl": "ffl", "minus": "−",
    "periodcentered": "·", "middot": "·", "copyright": "©", "registered": "®", "degree": "°",
    "section": "§", "yen": "¥", "nbspace": "\u00a0", "sfthyphen": "\u00ad",
}  # fmt: skip
_ACCENTS = {
    "acute": "\u0301", "grave": "\u0300", "circumflex": "\u0302", "dieresis": "\u0308",
    "tilde": "\u0303", "caron": "\u030c", "macron": "\u0304", "ring": "\u030a", "cedilla": "\u0327",
}  # fmt: skip
_UNKNOWN = frozenset({"", "\0", "\ufffd"})
_EM = 1000.0


@dataclass(frozen=True, slots=True)
class Code:
    """One character code: its bytes' count, its text (None: unmapped), its advance in 1/1000 em."""

    size: int
    text: str | None
    advance: float
    is_space: bool
    """A one-byte code 32, to which word spacing applies."""


class Font:
    """One font of a resource dictionary."""

    def __init__(self, source: Any) -> None:
        self.vertical = False
        self._known: dict[bytes, Code] = {}
        self._texts = _to_unicode(source)
        self._kind = str(source.get("/Subtype", ""))
        self._codec: str | None = None
        self._cmap: CMap | None = None
        self._wide = self._kind == "/Type0"
        self._encoding: Mapping[int, str] = {}
        if self._wide:
            self._read_composite(source)
        else:
            self._read_simple(source)

    def codes(self, data: bytes) -> list[Code]:
        """The codes of a shown string, in order."""
        codes = []
        at = 0
        while at < len(data):
            size = self._size(data, at)
            raw = data[at : at + size]
            if raw not in self._known:
                self._known[raw] = self._code(raw)
            codes.append(self._known[raw])
            at += len(raw)
        return codes

    def _size(self, data: bytes, at: int) -> int:
        if not self._wide:
            return 1
        if self._cmap is not None and self._cmap.spaces:
            return self._cmap.length_at(data, at)
        if self._codec is None:
            return 2
        if self._codec == "utf-16-be":
            return 4 if 0xD8 <= data[at] <= 0xDB else 2
        if data[at] < 0x81 or (self._codec == "cp932" and 0xA0 <= data[at] <= 0xDF):
            return 1
        four = self._codec == "gb18030" and data[at + 1 : at + 2].isdigit()
        return 4 if four else 2

    def _code(self, raw: bytes) -> Code:
        number = int.from_bytes(raw, "big")
        text = self._texts.get(number)
        if text is None and self._codec is not None:
            text = raw.decode(self._codec, "replace")
        elif text is None and not self._wide:
            text = self._encoding.get(number)
        if text is not None and (text in _UNKNOWN or "\ufffd" in text):
            text = None
        cid = number if self._cmap is None else self._cmap.cids.get(number, number)
        return Code(len(raw), text, self._width(cid, text), raw == b" ")

    def _width(self, cid: int, text: str | None) -> float:
        if self._codec is not None and self._codec != "utf-16-be" and not self._widths:
            return self._default if not (text or "").isascii() else self._default / 2
        if self._codec is not None and (text or "?").isascii() and self._default == _EM:
            # Half-width characters of a predefined map: CIDs 1 to 95 and 814 to 939 of Adobe-GB1.
            return next((self._widths[c] for c in (cid, 814, 1) if c in self._widths), _EM / 2)
        return self._widths.get(cid, self._default)

    def _read_simple(self, source: Any) -> None:
        scale = _EM
        if self._kind == "/Type3":
            matrix = _numbers(source.get("/FontMatrix"))
            scale = (matrix[0] if matrix else 0.001) * _EM * _EM
        first = int(source.get("/FirstChar", 0))
        widths = _numbers(source.get("/Widths"))
        self._widths = {first + n: w * scale / _EM for n, w in enumerate(widths)}
        descriptor = source.get("/FontDescriptor")
        missing = descriptor.get("/MissingWidth", 0) if descriptor is not None else 0
        self._default = float(missing) * scale / _EM
        self._encoding = _encoding(source)
        if not widths and self._kind != "/Type3":
            name = str(source.get("/BaseFont", "/Helvetica")).lstrip("/")
            self._widths = {
                code: standard_width(name, text) for code, text in self._encoding.items()
            }

    def _read_composite(self, source: Any) -> None:
        encoding = source.get("/Encoding")
        if isinstance(encoding, pikepdf.Stream):
            self._cmap = parse_cmap(encoding.read_bytes())
            self.vertical = int(encoding.get("/WMode", 0)) == 1
        else:
            name = str(encoding or "").lstrip("/")
            self.vertical = name.endswith("-V") or name == "V"
            self._codec = _CODECS.get(name.removesuffix("-V").removesuffix("-H"))
        below = source.get("/DescendantFonts")
        child = below[0] if below is not None and len(below) else pikepdf.Dictionary()
        key, self._default = ("/W2", -_EM) if self.vertical else ("/W", _EM)
        if self.vertical:
            dw2 = _numbers(child.get("/DW2"))
            self._default = dw2[1] if len(dw2) > 1 else -_EM
        else:
            self._default = float(child.get("/DW", _EM))
        self._widths = _cid_widths(child.get(key), 3 if self.vertical else 1)


def _to_unicode(source: Any) -> Mapping[int, str]:
    stream = source.get("/ToUnicode")
    return parse_cmap(stream.read_bytes()).texts if isinstance(stream, pikepdf.Stream) else {}


def _numbers(array: Any) -> list[float]:
    if not isinstance(array, pikepdf.Array):
        return []
    found = []
    for item in array.as_list():
        try:
            found.append(float(item))
        except (TypeError, ValueError):
            found.append(0.0)
    return found


def _cid_widths(array: Any, per: int) -> dict[int, float]:
    """`c [w …]` and `first last w` (9.7.4.3); of three values for vertical writing, the first."""
    widths: dict[int, float] = {}
    items: list[Any] = list(array.as_list()) if isinstance(array, pikepdf.Array) else []
    at = 0
    while at + 1 < len(items) and len(widths) < 200_000:
        first = int(items[at])
        if isinstance(items[at + 1], pikepdf.Array):
            values = _numbers(items[at + 1])[::per]
            widths |= {first + n: value for n, value in enumerate(values)}
            at += 2
        elif at + 2 < len(items):
            last = min(int(items[at + 1]), first + 0xFFFF)
            widths |= dict.fromkeys(range(first, last + 1), float(items[at + 2]))
            at += 2 + per
        else:
            break
    return widths


def _encoding(source: Any) -> dict[int, str]:
    """What the codes of a simple font mean."""
    given = source.get("/Encoding")
    differences: list[Any] = []
    base = str(given).lstrip("/") if isinstance(given, pikepdf.Name) else ""
    if isinstance(given, pikepdf.Dictionary):
        base = str(given.get("/BaseEncoding", "")).lstrip("/")
        listed = given.get("/Differences")
        differences = list(listed.as_list()) if isinstance(listed, pikepdf.Array) else []
    table: dict[int, str] = {}
    # A font with glyphs of its own and no encoding means nobody knows what.
    if source.get("/Subtype") != "/Type3" and (base in _BASES or not _is_symbolic(source)):
        codec = _BASES.get(base, "cp1252")
        table = {code: bytes([code]).decode(codec, "replace") for code in range(32, 256)}
    code = 0
    for item in differences:
        if isinstance(item, pikepdf.Name):
            text = glyph_text(str(item)[1:])
            table.pop(code, None)
            if text:
                table[code] = text
            code += 1
        else:
            code = int(item)
    return table


def _is_symbolic(source: Any) -> bool:
    descriptor = source.get("/FontDescriptor")
    return descriptor is not None and bool(int(descriptor.get("/Flags", 0)) & 4)


@cache
def glyph_text(name: str) -> str | None:
    """What a glyph's name says (Adobe Glyph List): letters, signs, uniXXXX, accented letters."""
    stem = name.split(".", maxsplit=1)[0]
    if len(stem) == 1:
        return stem
    if stem in _NAMES:
        return chr(32 + _NAMES.index(stem))
    if stem in _MORE_NAMES:
        return _MORE_NAMES[stem]
    digits = stem.removeprefix("uni") if stem.startswith("uni") else stem.removeprefix("u")
    if digits != stem and len(digits) >= 4:
        try:
            return "".join(chr(int(digits[i : i + 4], 16)) for i in range(0, len(digits), 4))
        except ValueError:
            return None
    accent = _ACCENTS.get(stem[1:])
    return unicodedata.normalize("NFC", stem[0] + accent) if accent else None


@cache
def standard_width(font: str, text: str) -> float:
    """The width of a character in one of the fonts every reader has, in 1/1000 em."""
    if len(text) != 1:
        return sum(standard_width(font, char) for char in text)
    width = ctypes.c_float()
    with LOCK:
        pdfium.FPDFFont_GetGlyphWidth(_standard_font(font), ord(text), _EM, width)
    return float(width.value)


@cache
def _standard_font(name: str) -> Any:
    document = _nothing()
    font = pdfium.FPDFText_LoadStandardFont(document, name.encode("ascii", "replace"))
    return font or pdfium.FPDFText_LoadStandardFont(document, b"Helvetica")


@cache
def _nothing() -> Any:
    """An empty document: PDFium keeps fonts in documents only."""
    return pdfium.FPDF_CreateNewDocument()
