"""Would the tests of hidden places notice? Each part of a walker is switched off, one after another.

For every place with a planted number some switched-off part must let the number through: into the
written file, and into no segment anybody would search. Then the test named after the place fails,
as it must; a place no switch exposes would be one whose test cannot fail.
"""

import html
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from pii.errors import LeakFound
from pii.formats import (
    docx,
    html_text,
    mail,
    office,
    pdf,
    pptx,
    quiet,
    xlsx,
    xml_text,
)
from pii.formats.mail_parts import LeafPart
from pii.formats.opening import STANDARD_LIMITS, Budget, Opening
from pii.formats.parts import Role, role_of
from pii.formats.pdf_attachments import Attachments
from pii.formats.pdf_parts import Parts
from pii.formats.quiet import Spelling
from pii.formats.registry import FORMATS
from pii.formats.segments import TextDocument
from pii.kinds import Kind
from pii.verify import Original, check
from tests.pii import test_data_formats as of_data
from tests.pii import test_hidden_places as of_office
from tests.pii import test_mail_and_archives as of_mail
from tests.pii import test_pdf as of_pdf
from tests.pii.pdf_plants import HARMLESS, holds, line, page_of, saved

Switch = Mapping[tuple[object, str], Any]


def nothing(*_: Any, **__: Any) -> list[Any]:
    return []


def no_paragraphs(*_: Any) -> tuple[list[Any], set[int]]:
    return [], set()


def no_leaf(*_: Any) -> LeafPart:
    return LeafPart(TextDocument("", str.encode, [], []), lambda _: None)


def no_headers(*_: Any) -> tuple[list[Any], list[str]]:
    return [], []


TEXTS: Switch = {
    (office, "loose_text"): nothing,
    (docx, "read_paragraphs"): no_paragraphs,
    (pptx, "read_paragraphs"): no_paragraphs,
    (xlsx, "read_paragraphs"): no_paragraphs,
    (xlsx, "_cell_groups"): nothing,
    (xlsx, "_page_headers"): nothing,
    (xlsx, "_comments"): no_paragraphs,
}
ATTRIBUTES: Switch = {(office, "telling_attributes"): nothing}
CLEANING: Switch = {(office, "clean"): lambda root, _: Spelling(root)}
OFFICE = (TEXTS, ATTRIBUTES, CLEANING, {**TEXTS, **ATTRIBUTES, **CLEANING})
MAIL: tuple[Switch, ...] = (
    {(mail, "read_headers"): no_headers},
    {(mail, "read_leaf"): no_leaf},
    {(mail, "_read_parts"): nothing},
)
PAGE: tuple[Switch, ...] = tuple(
    {(html_text._Reading, name): lambda *_: None}
    for name in ("_flush", "_remark", "_raw", "_attribute", "_attributes")
)
XML: tuple[Switch, ...] = (
    {(xml_text, "_texts"): nothing},
    {(xml_text, "_attributes"): nothing},
    {(xml_text, "_nodes"): nothing},
)
PDF: tuple[Switch, ...] = (
    {(pdf, "walk"): lambda _: Parts()},
    {(pdf, "take"): lambda *_: Attachments(), (pdf, "walk"): lambda _: Parts()},
)


def kept_as_is(part: str) -> Switch:
    """The part with that name is passed on unread."""
    return {(office, "role_of"): lambda name: Role.KEPT if name == part else role_of(name)}


def lets_through(suffix: str, data: bytes, value: str, shown: Callable[[bytes], str]) -> bool:
    """Whether a value stands in the written file and in no segment."""
    opened = FORMATS[suffix].open(data, Opening(FORMATS))
    segments = list(opened.segments)
    if any(value in segment.text for segment in segments):
        return False
    return value in shown(opened.write([[] for _ in segments]))


def exposed(
    monkeypatch: pytest.MonkeyPatch,
    switches: tuple[Switch, ...],
    let_through: Callable[[], bool],
) -> bool:
    """Whether nothing is let through as it is, and something with a part switched off."""
    with monkeypatch.context() as patched:
        patched.setattr(quiet, "_silent", {})
        assert not let_through()
    for switch in switches:
        with monkeypatch.context() as patched:
            patched.setattr(quiet, "_silent", {})
            for (owner, name), instead in switch.items():
                patched.setattr(owner, name, instead)
            if let_through():
                return True
    return False


FILES = {".docx": of_office.word_file, ".xlsx": of_office.book_file, ".pptx": of_office.slides_file}
PARTS = [
    (suffix, place, name, 100 + index)
    for suffix, parts in (
        (".docx", of_office.WORD_PARTS),
        (".xlsx", of_office.BOOK_PARTS),
        (".pptx", of_office.SLIDE_PARTS),
    )
    for index, (place, (name, _)) in enumerate(parts.items())
]
INSIDE = [
    (suffix, place, first + index)
    for suffix, places, first in (
        (".docx", of_office.WORD_BODY, 0),
        (".xlsx", of_office.BOOK_SHEET, 0),
        (".xlsx", of_office.BOOK_EXTRA, 50),
    )
    for index, place in enumerate(places)
]


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return {suffix: make() for suffix, make in FILES.items()}


@pytest.mark.parametrize(("suffix", "place", "part", "index"), PARTS)
def test_a_part_of_an_office_file_that_is_passed_on_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
    files: dict[str, bytes],
    suffix: str,
    place: str,
    part: str,
    index: int,
) -> None:
    value = of_office.number(index)
    assert exposed(
        monkeypatch,
        (kept_as_is(part),),
        lambda: lets_through(suffix, files[suffix], value, of_office.everything_in),
    )


@pytest.mark.parametrize(("suffix", "place", "index"), INSIDE)
def test_a_place_inside_an_office_part_that_is_skipped_is_noticed(
    monkeypatch: pytest.MonkeyPatch, files: dict[str, bytes], suffix: str, place: str, index: int
) -> None:
    value = of_office.number(index)
    assert exposed(
        monkeypatch,
        OFFICE,
        lambda: lets_through(suffix, files[suffix], value, of_office.everything_in),
    )


@pytest.mark.parametrize(
    ("suffix", "place", "index"), [*INSIDE, *((s, place, i) for s, place, _, i in PARTS)]
)
def test_the_proof_sees_a_value_left_in_a_place_of_an_office_file(
    files: dict[str, bytes], suffix: str, place: str, index: int
) -> None:
    """In the bytes alone, whatever any reader makes of them."""
    originals = [Original(Kind.MOBILE, of_office.number(index))]
    with pytest.raises(LeakFound):
        check(files[suffix], [], originals=originals, left=[], budget=Budget(STANDARD_LIMITS))


@pytest.mark.parametrize("suffix", FILES)
def test_the_proof_sees_no_value_that_is_not_there(files: dict[str, bytes], suffix: str) -> None:
    originals = [Original(Kind.MOBILE, of_office.number(999))]
    check(files[suffix], [], originals=originals, left=[], budget=Budget(STANDARD_LIMITS))


@pytest.mark.parametrize("place", of_mail.PLACES)
def test_a_place_of_a_mail_that_is_skipped_is_noticed(
    monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    data = of_mail.mail()
    assert exposed(
        monkeypatch,
        MAIL,
        lambda: lets_through(".eml", data, of_mail.of(place), of_mail.unwrapped),
    )


def as_read(data: bytes) -> str:
    return html.unescape(data.decode())


@pytest.mark.parametrize("place", [p for p in of_data.HTML_PLACES if p != "text in pieces"])
def test_a_place_of_a_page_that_is_skipped_is_noticed(
    monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    value = of_data.number(list(of_data.HTML_PLACES).index(place))
    data = of_data.html_file().encode()
    assert exposed(monkeypatch, PAGE, lambda: lets_through(".html", data, value, as_read))


@pytest.mark.parametrize("place", of_data.XML_PLACES)
def test_a_place_of_xml_that_is_skipped_is_noticed(
    monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    value = of_data.number(list(of_data.XML_PLACES).index(place))[1:]
    data = of_data.xml_file().encode()
    assert exposed(monkeypatch, XML, lambda: lets_through(".xml", data, value, as_read))


@pytest.mark.parametrize("place", of_pdf.BESIDE)
def test_a_place_of_a_pdf_that_is_skipped_is_noticed(
    monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    document = page_of(line(HARMLESS))
    of_pdf.BESIDE[place](document)
    data = saved(document)

    def through() -> bool:
        opened = FORMATS[".pdf"].open(data, Opening(FORMATS))
        texts = [segment.text for segment in opened.segments]
        written = opened.write([[] for _ in texts])
        values = (of_pdf.NAME, of_pdf.MOBILE)
        return any(holds(written, v) and not any(v in text for text in texts) for v in values)

    assert exposed(monkeypatch, PDF, through)
