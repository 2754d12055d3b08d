"""The lists of a Word 97 to 2003 file: how their numbers count and look [MS-DOC 2.9.131, 2.9.150]."""

from struct import unpack_from

from knowledge.errors import UnreadablePolicy
from knowledge.reading.counted import DEEPEST, Counter, Form
from knowledge.reading.doc_file import LIST_USES, LISTS, DocFile

# MSONFC [MS-OSHARED 2.2.1.3] → numFmt; what is missing is not known here.
_KINDS = {
    0x00: "decimal", 0x01: "upperRoman", 0x02: "lowerRoman", 0x03: "upperLetter",
    0x04: "lowerLetter", 0x0B: "japaneseCounting", 0x0E: "decimalFullWidth",
    0x12: "decimalEnclosedCircle", 0x13: "decimalFullWidth2", 0x16: "decimalZero", 0x17: "bullet",
    0x1A: "decimalEnclosedFullstop", 0x1B: "decimalEnclosedParen",
    0x1C: "decimalEnclosedCircleChinese", 0x1D: "ideographEnclosedCircle",
    0x1E: "ideographTraditional", 0x1F: "ideographZodiac", 0x21: "taiwaneseCounting",
    0x23: "taiwaneseCountingThousand", 0x25: "chineseCounting", 0x27: "chineseCountingThousand",
    0xFF: "none",
}  # fmt: skip


def counter(file: DocFile) -> Counter:
    """Counts the document's lists; a paragraph names its list by its place, first 1."""
    forms = _forms(file)
    definitions: dict[str, str] = {}
    anew: dict[tuple[str, int], int] = {}
    own: dict[tuple[str, int], Form] = {}
    raw = file.part(LIST_USES)
    count = unpack_from("<I", raw)[0] if raw else 0
    if 16 * count > len(raw):
        raise UnreadablePolicy
    at = 4 + 16 * count
    for i in range(count):
        definition, changed = unpack_from("<i8xB", raw, 4 + 16 * i)
        definitions[str(i + 1)] = str(definition)
        at += 4
        for _ in range(changed):
            start, what = unpack_from("<iI", raw, at)
            place = str(i + 1), what & 0xF
            at += 8
            if what & 0x20:
                own[place], at = _form(raw, at)
                start = own[place].start
            if what & 0x10:
                anew[place] = start
    return Counter(definitions, forms, anew, own)


def _forms(file: DocFile) -> dict[tuple[str, int], Form]:
    raw, levels, at = file.part(LISTS), file.behind(LISTS), 0
    forms = {}
    for i in range(unpack_from("<H", raw)[0] if raw else 0):
        definition, flags = unpack_from("<i22xB", raw, 2 + 28 * i)
        for level in range(1 if flags & 1 else DEEPEST):
            forms[str(definition), level], at = _form(levels, at)
    return forms


def _form(raw: bytes, at: int) -> tuple[Form, int]:
    """One level (LVL), and where the next begins."""
    start, kind, flags = unpack_from("<iBB", raw, at)
    characters, paragraph, restart = unpack_from("<BBB", raw, at + 24)
    holders = {place for place in raw[at + 6 : at + 15] if place}
    at += 28 + characters + paragraph
    (length,) = unpack_from("<H", raw, at)
    units = unpack_from(f"<{length}H", raw, at + 2)
    text = "".join(
        f"%{unit + 1}" if place in holders and unit < DEEPEST else chr(unit)
        for place, unit in enumerate(units, start=1)
    )
    form = Form(
        kind=_KINDS.get(kind, "unknown"),
        text=text,
        start=start,
        legal=bool(flags & 0x04),
        restart=restart if flags & 0x08 else None,
    )
    return form, at + 2 + 2 * length
