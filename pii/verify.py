"""The proof before release: read the copy with another library, scan it, search the originals.

Three questions, each asked of bytes that have left our own writer: does a second reader find
anything the policy would have treated; does any original value stand anywhere in what it reads;
does one stand in the raw bytes, in whatever encoding, or in what they wrap (`raw_views.py`).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pii.errors import LeakFound
from pii.formats.opening import Budget
from pii.formats.segments import Segment
from pii.kinds import Kind
from pii.left_over import Left
from pii.occurrences import ValueIndex
from pii.raw_views import raw
from records.language import Bilingual

_SEPARATORS = re.compile(r"(?<=\d)[ \-.](?=\d)")
_LONG_NUMBER = 11
_HAN = re.compile(r"[㐀-鿿]")
# Two Chinese characters in a row can arise by chance where bytes are read in the wrong encoding.
_BY_CHANCE = 3


@dataclass(frozen=True)
class Original:
    """A treated value, kept only until the check is over."""

    kind: Kind
    value: str


class _Search:
    """Looks for many originals in many texts."""

    def __init__(self, originals: Iterable[Original]) -> None:
        self._plain: dict[str, Kind] = {}
        self._digits: dict[str, Kind] = {}
        for original in originals:
            self._plain.setdefault(original.value, original.kind)
            digits = re.sub(r"\D", "", original.value)
            if len(digits) >= _LONG_NUMBER and len(digits) >= len(original.value) / 2:
                self._digits.setdefault(digits, original.kind)
        self._values = ValueIndex(self._plain)
        self._numbers = ValueIndex(self._digits)
        in_bytes = {
            value.encode("gb18030", "replace").decode("latin-1"): kind
            for value, kind in self._plain.items()
            if len(value) >= _BY_CHANCE and _HAN.search(value)
        }
        self._in_bytes = in_bytes
        self._byte_values = ValueIndex(in_bytes, anywhere=True)

    def hit(self, text: str, *, exact: bool = True, bytewise: bool = False) -> Kind | None:
        """The kind of an original that stands in the text; `bytewise`, a character is a byte."""
        if bytewise:
            found = next(self._byte_values.find(text), None)
            return self._in_bytes[found[2]] if found else None
        for _, _, value in self._values.find(text):
            if exact or len(value) >= (_BY_CHANCE if _HAN.search(value) else _LONG_NUMBER):
                return self._plain[value]
        for _, _, digits in self._numbers.find(_SEPARATORS.sub("", text)):
            return self._digits[digits]
        return None


def check(
    data: bytes,
    segments: Sequence[Segment],
    *,
    originals: Sequence[Original],
    left: Sequence[Left],
    budget: Budget,
) -> None:
    """Nothing, or LeakFound with the place and the kind of what is left.

    `segments` are those of the second reading; `left` is what a scan of them found.
    """
    search = _Search(originals)
    joined = "\n".join(segment.text for segment in segments)
    if search.hit(joined):
        for segment in segments:
            _raise_if(search.hit(segment.text), segment.whole_place)
    if originals:
        _check_raw(data, search, budget)
    for one in left:
        raise LeakFound(one.place, one.kind.display)


def _raise_if(kind: Kind | None, place: Bilingual) -> None:
    if kind is not None:
        raise LeakFound(place, kind.display)


def _check_raw(data: bytes, search: _Search, budget: Budget) -> None:
    """The bytes themselves, however a value may be written in them."""
    for view in raw(data, budget):
        _raise_if(search.hit(view.text, exact=view.exact, bytewise=view.bytewise), view.place)
