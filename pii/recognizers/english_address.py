"""Chinese addresses in English: Room 803, Building 12, No. 5 Lantern Road, Gulou District, Nanjing.

Written from the door outward (GB/T 23705 in reverse), in parts with commas between. Like the
Chinese recognizer it grows: from a door or a road part by part to city, postcode and country.
"""

import re

from pii.findings import Finding
from pii.kinds import Kind
from pii.recognizers.base import ShapeRecognizer

_W = r"[A-Z][A-Za-z'’]+"
_WORDS = rf"{_W}(?:\ {_W}){{0,2}}"
_STREET = (
    r"(?:Road|Rd\.?|Street|St\.?|Avenue|Ave\.?|Lane|Alley|Boulevard|Blvd\.?|Drive|Highway"
    r"|Parkway|Pkwy\.?|Way|Place|Terrace|Crescent|Close|Square)"
)
_DOOR = r"""
    (?:Room|Rm\.?|Flat|Unit|Apt\.?|Apartment|Suite|Building|Bldg\.?|Block|House|Tower|Floor|Villa)
        \ ?(?:No\.\ ?)?[A-Z]?-?\d{1,5}[A-Z]?(?![\d-])
    |\d{1,2}/?F(?![A-Za-z])
    |\d{1,3}(?:st|nd|rd|th)\ [Ff]loor
"""
_ROAD = rf"""
    (?:No\.?\ ?)?\d{{1,5}}(?:-\d{{1,4}})?,?\ {_WORDS}\ {_STREET}
        (?:\ \(?[NSEW](?:orth|outh|ast|est)?\.?\)?)?(?![A-Za-z])
    |{_WORDS}\ {_STREET}(?![A-Za-z])(?:\ No\.?\ ?\d{{1,5}})?
"""
_ESTATE = rf"""
    {_WORDS}\ (?:Gardens?|Court|Plaza|Mansions?|Village|Tower|Residences?|Community|Apartments?
        |Estate|Park|Square|Heights|Villas?|Center|Centre)(?![A-Za-z])
"""
_DISTRICT = rf"""
    {_WORDS}\ (?:District|County|New\ Area|Town|Township|City|Province)(?![A-Za-z])
"""
_PARTS = tuple(
    (name, re.compile(pattern, re.VERBOSE))
    for name, pattern in (
        ("door", _DOOR),
        ("road", _ROAD),
        ("estate", _ESTATE),
        ("district", _DISTRICT),
        # China's, then those of Britain and the United States, behind their state.
        (
            "postcode",
            r"\d{6}(?!\d)|[A-Z]{1,2}\d[A-Z\d]?\ ?\d[A-Z]{2}(?![0-9A-Za-z])"
            r"|[A-Z]{2}\ \d{5}(?:-\d{4})?(?!\d)",
        ),
        ("country", r"(?:P\.?\ ?R\.?\ ?)?China(?![A-Za-z])"),
    )
)
_CITY = re.compile(rf"{_W}(?:\ {_W})?(?=[ ,，.;\n\ue000)]|$)", re.VERBOSE)
_STATE = re.compile(rf"{_W}(?:\ {_W})?(?=,?\ (?:\d{{6}}|P\.?\ ?R\.?|China))", re.VERBOSE)
_SEED = re.compile(
    r"""(?<![A-Za-z0-9])
    (?=Room|Rm|Flat|Unit|Apt|Apartment|Suite|Building|Bldg|Block|House|Villa
      |No\.?[ ]?\d|\d{1,5},?[ ][A-Z])""",
    re.VERBOSE,
)
_COMMA = re.compile(r"[ ]?[,，]?[ ]{0,2}\n?[ ]{0,4}")


class EnglishAddressRecognizer(ShapeRecognizer):
    """An address that names at least a road or an estate with a number."""

    kind = Kind.ADDRESS

    def find(self, text: str) -> list[Finding]:
        """Addresses grown from a door or a road."""
        found = []
        done = 0
        for seed in _SEED.finditer(text):
            if seed.start() < done:
                continue
            end, parts = _grow(text, seed.start())
            numbered = {"door", "road"} & set(parts)
            if numbered and len(parts) > 1 and {"road", "estate", "district"} & set(parts):
                found.append(self.result(self.kind, seed.start(), end, 0.9, "+".join(parts)))
                done = end
        return found


def _grow(text: str, end: int) -> tuple[int, list[str]]:
    parts: list[str] = []
    position = end
    for _ in range(10):
        step = _part(text, position, parts)
        if step is None:
            break
        name, end = step
        parts.append(name)
        gap = _COMMA.match(text, end)
        position = gap.end() if gap else end
    return end, parts


def _part(text: str, position: int, parts: list[str]) -> tuple[str, int] | None:
    for name, pattern in _PARTS:
        match = pattern.match(text, position)
        if match and (parts or name in ("door", "road")):
            return name, match.end()
    city = _CITY.match(text, position)
    # A city has no word of its own; it stands behind a comma after a road or a district, once.
    state = _STATE.match(text, position)
    if state and parts and parts[-1] in ("city", "district"):
        return "state", state.end()
    after = parts and parts[-1] in ("road", "district", "estate") and "city" not in parts
    if city and after and "," in text[max(0, position - 3) : position]:
        return "city", city.end()
    return None
