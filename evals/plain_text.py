"""All text in a file, whatever its format, by a reader that knows nothing of our formats.

It unpacks what is packed, drops tags, undoes escapes, and looks at names and attributes too.
"""

import contextlib
import email
import email.policy
import io
import json
import re
import unicodedata
import zipfile
from html import unescape

_TAG = re.compile(r"<[^>]+>")
_ATTRIBUTE = re.compile(r'="([^"]*)"')
_LOOSE = re.compile(r"[\s\u200b\u200c\u200d\u2060\ufeff\-–—·.]+")
_DEEPEST = 4


def plain_text(data: bytes, encoding: str = "utf-8", depth: int = 0) -> str:
    """Everything that can be read in the file."""
    if data.startswith(b"PK") and depth < _DEEPEST:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = [
                plain_text(package.read(name), encoding, depth + 1) for name in package.namelist()
            ]
            return "\n".join([*package.namelist(), *parts])
    if data.startswith(b"%PDF"):
        return _pdf_text(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode("gb18030", "replace")
    readings = [text, *_unescaped(text)]
    if (
        re.search(r"^(?:MIME-Version|Content-Type):", text[:4000], re.MULTILINE)
        and depth < _DEEPEST
    ):
        message = email.message_from_bytes(data, policy=email.policy.default)
        readings += [str(value) for value in message.values()]
        payloads = [part.get_payload(decode=True) for part in message.walk()]
        readings += [
            plain_text(payload, encoding, depth + 1)
            for payload in payloads
            if isinstance(payload, bytes)
        ]
    return "\n".join(readings)


def _pdf_text(data: bytes) -> str:
    """By pypdf, which the product does not use: the pages, and what is said of the document."""
    import pypdf

    reader = pypdf.PdfReader(io.BytesIO(data))
    said = [str(value) for value in (reader.metadata or {}).values()]
    return "\n".join([*said, *(page.extract_text() for page in reader.pages)]).replace("\0", "")


def _unescaped(text: str) -> list[str]:
    readings = []
    if "<" in text:
        readings += [unescape(_TAG.sub("", text)), unescape("\n".join(_ATTRIBUTE.findall(text)))]
    if "\\u" in text:
        with contextlib.suppress(json.JSONDecodeError):
            readings.append(json.dumps(json.loads(text), ensure_ascii=False))
    return readings


def folded(text: str) -> str:
    """Full width, spacing and hyphens folded away."""
    return _LOOSE.sub("", unicodedata.normalize("NFKC", text)).lower()
