"""Old Word files: read as a docx is; locked, damaged and too old ones are refused.

`old_word/` was written by LibreOffice 7.4 from invented texts; what it does not write is made by hand.
"""

import random
import shutil
from contextlib import suppress
from pathlib import Path
from struct import pack_into, unpack_from

import pytest
from docx import Document as Docx
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.errors import (
    BrokenNumbering,
    LockedDocument,
    OldWord,
    UnreadablePolicy,
    UnsettledChanges,
)
from knowledge.policies import read_policies
from knowledge.reading.doc import read
from knowledge.reading.doc_file import DocFile, read_streams
from knowledge.reading.documents import read_document
from knowledge.sections import Line
from knowledge.store import Document
from records.errors import ProductError
from tests.knowledge.tiny_doc import Piece, streams

OLD_WORD = Path(__file__).parent / "old_word"
HIDDEN = b"\x3c\x08\x01"


def texts(given: dict[str, bytes]) -> list[str]:
    return [line.text for line in read(given).lines]


def test_an_old_word_file_is_read_as_a_docx_is() -> None:
    """Headings, tables, counted numbers, fields, breaks; hidden, white and tiny words left out."""
    reading = read_document(OLD_WORD / "rules.doc")
    assert [line for line in reading.lines if line.text] == [
        Line("示例管理办法", 1),
        Line("第一章 总则", 1),
        Line("第一条 客户资料由档案员保管。𠮷字。"),
        Line("第二条 登记。"),
        Line("合同｜十年"),
        Line("多段 第二段｜白底白字在色格"),
        Line("第一章 甲章"),
        Line("第一条 甲条"),
        Line("（一） 项一"),
        Line("（二） 项二"),
        Line("（一） 重来"),
        Line("a) 目"),
        Line("一.1 法律"),
        Line("点"),
        Line("第二章 乙章"),
        Line("第一条 乙条"),
        Line("见网页。"),
        Line("换行\n之后\t制表"),
        Line("新页"),
        Line("新节 English only text 第一百条"),
    ]
    assert reading.hidden == ("看不见白字小字", "样式隐藏", "白字无底", "批注在此")


def test_notes_and_boxes_of_an_old_word_file_stand_below_their_paragraph() -> None:
    assert [line.text for line in read_document(OLD_WORD / "notes.doc").lines if line.text] == [
        "登记[注1]。",
        "[注1] 见表一。",
        "销毁。[尾注1]",
        "[尾注1] 双人监销。 另有记录。",
        "归档。[注2]*",
        "[注2] *\t由档案员。",
        "有框。",
        "框内文字。",
        "第二段。",
        "完。",
    ]


def test_pieces_are_read_in_the_order_of_the_text_narrow_and_wide() -> None:
    given = streams([Piece("Article 1 “", narrow=True), Piece("客户𠮷"), Piece("”\r", narrow=True)])
    assert texts(given) == ["Article 1 “客户𠮷”"]


def test_a_text_may_end_without_the_mark_of_a_paragraph() -> None:
    assert texts(streams([Piece("登记。\r"), Piece("归档。")])) == ["登记。", "归档。"]


@pytest.mark.parametrize(
    ("marks", "laid_over"),
    [(0x5C << 1 | 1 << 8, ()), (1, (HIDDEN,)), (1, (b"\x70\x68\xff\xff\xff\x00",))],
)
def test_what_is_laid_over_a_piece_counts(marks: int, laid_over: tuple[bytes, ...]) -> None:
    """A file saved in haste keeps the marks of a later change beside its pieces."""
    given = streams([Piece("登记"), Piece("暗", marks=marks), Piece("。\r")], laid_over=laid_over)
    reading = read(given)
    assert (reading.text, reading.hidden) == ("登记。", ("暗",))


@pytest.mark.parametrize(
    ("marks", "shown"),
    [
        (b"", "登记暗。"),
        (HIDDEN, "登记。"),
        (HIDDEN + b"\x3c\x08\x00", "登记暗。"),
        (b"\x3c\x08\x81", "登记。"),
        (b"\x3c\x08\x80", "登记暗。"),
        (b"\x43\x4a\x02\x00", "登记。"),
        (b"\x43\x4a\x18\x00", "登记暗。"),
        (b"\x42\x2a\x08", "登记。"),
        (b"\x42\x2a\x08\x70\x68\x00\x00\x00\x00", "登记暗。"),
        (b"\x42\x2a\x08\x71\xca\x0a" + b"\0\0\0\xff\x1f\x38\x64\x00\0\0", "登记暗。"),
        (b"\x42\x2a\x08\x71\xca\x0a" + b"\0\0\0\xff\xff\xff\xff\x00\0\0", "登记。"),
    ],
)
def test_direct_marks_say_what_a_reader_sees(marks: bytes, shown: str) -> None:
    pieces = [Piece("登记"), Piece("暗"), Piece("。\r")]
    assert texts(streams(pieces, characters=(b"", marks, b""))) == [shown]


def test_fields_show_their_result_alone() -> None:
    field = "见\x13 REF a \x13 PAGE \x149\x15\x14附件\x13 SEQ x \x14二\x15\x15。\r"
    assert texts(streams([Piece(field)])) == ["见附件二。"]


@pytest.mark.parametrize("field", [" AUTONUM ", "listnum x"])
def test_a_number_that_word_never_writes_down_is_refused(field: str) -> None:
    with pytest.raises(BrokenNumbering):
        read(streams([Piece(f"\x13{field}\x15 登记。\r")]))


@pytest.mark.parametrize("mark", [b"\x00\x08\x01", b"\x01\x08\x01"])
def test_open_tracked_changes_of_an_old_word_file_are_refused(mark: bytes) -> None:
    with pytest.raises(UnsettledChanges):
        read(streams([Piece("登记"), Piece("改"), Piece("。\r")], characters=(b"", mark, b"")))


@pytest.mark.parametrize(
    ("flags", "version", "error"),
    [(0x0100, 0xC1, LockedDocument), (0x8100, 0xC1, LockedDocument), (0, 0x68, OldWord)],
)
def test_locked_and_too_old_files_are_refused_by_their_reason(
    flags: int, version: int, error: type[ProductError]
) -> None:
    with pytest.raises(error):
        read(streams([Piece("登记。\r")], flags=flags, version=version))


def test_a_small_file_may_not_say_that_it_is_a_large_one() -> None:
    """A thousand pieces that all show the same bytes."""
    given = streams([Piece("登记。" * 300 + "\r") for _ in range(40)])
    table = bytearray(given["0Table"])
    entries = 5 + 4 * 41
    for i in range(40):
        table[entries + 8 * i : entries + 8 * i + 8] = table[entries : entries + 8]
    with pytest.raises(UnreadablePolicy):
        read({"WordDocument": given["WordDocument"][:20_000], "0Table": bytes(table)})


def test_a_file_is_read_by_what_it_is_not_by_its_name(tmp_path: Path) -> None:
    shutil.copy(OLD_WORD / "notes.doc", tmp_path / "a.docx")
    shutil.copy(OLD_WORD / "notes.doc", tmp_path / "a.wps")
    document = Docx()
    document.add_paragraph("第一条 登记。")
    document.save(str(tmp_path / "b.doc"))
    assert read_document(tmp_path / "a.docx").lines[0].text == "登记[注1]。"
    assert read_document(tmp_path / "a.wps").lines[0].text == "登记[注1]。"
    assert read_document(tmp_path / "b.doc").text == "第一条 登记。"


@pytest.mark.parametrize(
    "data", [b"{\\rtf1 x}", b"<html>x</html>", b"\xd0\xcf\x11\xe0" + b"\0" * 600]
)
def test_what_only_calls_itself_word_is_refused(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.doc").write_bytes(data)
    with pytest.raises(UnreadablePolicy):
        read_document(tmp_path / "a.doc")


def test_a_locked_docx_is_refused_as_locked(tmp_path: Path) -> None:
    """A docx with a password is an old container that holds the sealed one."""
    from msoffcrypto.format.ooxml import OOXMLFile

    Docx().save(str(tmp_path / "plain.docx"))
    with (tmp_path / "plain.docx").open("rb") as plain, (tmp_path / "a.docx").open("wb") as out:
        OOXMLFile(plain).encrypt("geheim-7", out)
    with pytest.raises(LockedDocument):
        read_document(tmp_path / "a.docx")


def test_a_cut_or_changed_file_is_refused_or_read_and_nothing_else(tmp_path: Path) -> None:
    whole = (OLD_WORD / "rules.doc").read_bytes()
    dice = random.Random(20261128)
    path = tmp_path / "a.doc"
    for _ in range(60):
        data = bytearray(whole[: dice.choice((len(whole), dice.randrange(600, len(whole))))])
        for _ in range(dice.randrange(1, 40)):
            data[dice.randrange(8, len(data))] = dice.randrange(256)
        path.write_bytes(data)
        with suppress(ProductError):
            read_document(path)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_changed_streams_raise_nothing_but_what_is_said(data: st.DataObject) -> None:
    """Without the last resort of `read_document`: each reader itself says what is wrong."""
    changed = {name: bytearray(raw) for name, raw in _SAMPLE.items()}
    for _ in range(data.draw(st.integers(1, 12))):
        raw = changed[data.draw(st.sampled_from(["WordDocument", "1Table"]))]
        place = data.draw(st.integers(0, len(raw) - 1))
        raw[place] = data.draw(st.sampled_from([0, 1, 0x7F, 0x80, 0xFF]))
    with suppress(ProductError):
        read({name: bytes(raw) for name, raw in changed.items()})


_SAMPLE = read_streams(OLD_WORD / "rules.doc")


def test_an_old_word_file_is_a_policy_with_its_numbers(tmp_path: Path) -> None:
    shutil.copy(OLD_WORD / "rules.doc", tmp_path / "示例管理办法.doc")
    (found,) = read_policies(tmp_path)
    assert isinstance(found, Document)
    assert "客户资料由档案员保管。𠮷字。" in {one.text for one in found.provisions}


def test_boxes_that_hold_each_other_are_not_read_without_end() -> None:
    """Anchors that point into the boxes themselves, and boxes that share their text."""
    notes = read_streams(OLD_WORD / "notes.doc")
    raw = bytearray(notes["1Table"])
    (shapes, boxes) = (
        unpack_from("<II", notes["WordDocument"], 0x9A + 8 * part)[0] for part in (40, 56)
    )
    inside = notes_file().boxes.start
    pack_into("<I", raw, shapes, inside)
    lines = [line.text for line in read({**notes, "1Table": bytes(raw)}).lines]
    assert "框内文字。" not in lines
    pack_into("<II", raw, boxes, 5, 1)
    with pytest.raises(UnreadablePolicy):
        read({**notes, "1Table": bytes(raw)})


def notes_file() -> DocFile:
    return DocFile(read_streams(OLD_WORD / "notes.doc"))
