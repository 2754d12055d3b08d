"""One form for all spellings of a value, so that ＋86 138-0013-8000 and 13800138000 are one."""

import re
import unicodedata

from pii.kinds import Kind

_MARKS = re.compile(r"[^0-9a-z㐀-鿿]")
_MOBILE = re.compile(r"(?:00)?86(1\d{10})")


def canonical(kind: Kind, value: str) -> str:
    """The value folded to small half-width letters, digits and Chinese, without marks."""
    plain = _MARKS.sub("", unicodedata.normalize("NFKC", value).lower())
    if kind in (Kind.MOBILE, Kind.LANDLINE):
        country = _MOBILE.fullmatch(plain)
        return country[1] if country else plain
    return plain
