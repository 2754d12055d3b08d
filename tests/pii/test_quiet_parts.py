"""Parts that say nothing are passed over quickly, and nothing that says something with them."""

import io
import zipfile

import docx
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from pii.documents import open_document
from pii.formats import quiet
from pii.formats.cleaning import clean, clean_each
from pii.formats.parts import Role
from pii.formats.quiet import Spelling, has_text
from pii.formats.slots import loose_text, telling_attributes

NAMES = ("p", "sheet", "docPr", "tag", "style", "author", "absPath", "connection")
KEYS = ("name", "val", "title", "descr", "author", "userId", "x", "{urn:a}displayName", "url")
VALUES = st.one_of(
    st.sampled_from(
        ("", "1", "Title 1", "张伟", "a@b.cn", "13800138000", "12 34 56", "Alice", '"=')
    ),
    st.text("ab张1 &<\"'=", max_size=9),
)
COMMENT = "<!--周明轩-->".encode()


@st.composite
def trees(draw: st.DrawFn) -> bytes:
    """A part of some elements within each other, with text, tails and comments."""
    root = etree.Element("root")
    held = [root]
    for _ in range(draw(st.integers(0, 8))):
        parent = draw(st.sampled_from(held))
        if draw(st.integers(0, 6)) == 0:
            parent.append(etree.Comment("张伟"))
            continue
        child = etree.SubElement(parent, draw(st.sampled_from(NAMES)))
        for key in draw(st.sets(st.sampled_from(KEYS), max_size=3)):
            child.set(key, draw(VALUES))
        child.text, child.tail = draw(VALUES), draw(VALUES)
        held.append(child)
    return etree.tostring(root)


class Everything(Spelling):
    """A spelling that sends every question to the walk."""

    def has_element(self, names: object) -> bool:
        return True

    def may_have_attribute(self, names: object) -> bool:
        return True


@settings(max_examples=150, deadline=None)
@given(trees())
def test_asking_at_once_finds_what_walking_finds(data: bytes) -> None:
    asked, walked = etree.fromstring(data), etree.fromstring(data)
    spelling = clean(asked, Role.TECHNICAL)
    clean_each(walked, Role.TECHNICAL)
    assert etree.tostring(asked) == etree.tostring(walked)
    found = [(s.attribute, s.text) for s in telling_attributes(asked, spelling)]
    slow = [(s.attribute, s.text) for s in telling_attributes(walked, Everything(walked))]
    assert found == slow
    assert has_text(asked) == any(text.strip() for text in asked.itertext("*"))
    assert bool(list(loose_text(asked, set()))) == has_text(asked)


def _word(style: str = "") -> bytes:
    document, target = docx.Document(), io.BytesIO()
    document.add_paragraph("甲")
    if style:
        document.styles.add_style(style, 1)
    document.save(target)
    return target.getvalue()


def _texts(data: bytes) -> list[str]:
    return [segment.text for segment in open_document(data, "a.docx").segments]


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_a_part_known_to_say_nothing_is_cleaned_as_at_first() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for name, part in _parts(_word()).items():
            package.writestr(name, part.replace(b"</w:styles>", COMMENT + b"</w:styles>"))
    quiet._silent.clear()
    copies = []
    for _ in range(2):
        opened = open_document(target.getvalue(), "a.docx")
        copies.append(_parts(opened.write([[] for _ in opened.segments])))
    assert quiet.known_as_silent(_parts(target.getvalue())["word/styles.xml"])
    assert copies[0] == copies[1]
    assert b"<!---->" in copies[1]["word/styles.xml"]


def test_a_style_that_names_somebody_is_read_though_its_template_is_known() -> None:
    assert "客户周明轩" not in _texts(_word())
    for _ in range(2):
        assert "客户周明轩" in _texts(_word("客户周明轩"))


def test_no_more_parts_are_remembered_than_fit() -> None:
    quiet._silent.clear()
    for number in range(quiet._REMEMBERED + 10):
        quiet.note_silent(str(number).encode())
    assert len(quiet._silent) == quiet._REMEMBERED
    assert quiet.known_as_silent(str(number).encode())
    assert not quiet.known_as_silent(b"0")
    quiet._silent.clear()
