"""Each export is read back by another program's rules and says what was put in."""

import html
import io
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import docx
import openpyxl
import pytest
from lxml import etree
from moodle_xml_parser import parser as moodle
from onyx2moodle import classifier, parser
from pygiftparser import parser as gift

from assistant.quizzes.exports import EXPORTS, Exported, Format, Sheet
from assistant.quizzes.exports.kahoot import (
    ANSWER_LIMIT,
    HEADER_ROW,
    HEADERS,
    QUESTION_LIMIT,
    TIME_LIMITS,
)
from assistant.quizzes.items import Item, ItemKind, Option, true_or_false
from assistant.quizzes.store import Rules
from records.language import Language

NASTY = r"=1+1 {a} ~b #c: <b>&amp;</b> ]]> {{d}} ::e:: \n %50% “引号” it's"


@pytest.fixture
def sheet(sound: Item) -> Sheet:
    """One item of each kind, every text full of what formats give a meaning."""
    wrong = [Option(f"{text} {NASTY}", False, f"错 {NASTY}") for text in ("乙", "丙")]
    one = Option(f"甲 {NASTY}", True, f"对 {NASTY}")
    other = Option(f"丁 {NASTY}", True, f"对 {NASTY}")
    single = replace(sound, stem=f"单选\n{NASTY}", options=(one, *wrong), rationale=NASTY)
    several = replace(single, kind=ItemKind.MULTIPLE, options=(one, *wrong, other), ordered=True)
    judged = replace(
        single,
        kind=ItemKind.TRUE_FALSE,
        stem=f"判断 {NASTY}",
        options=true_or_false(Language.ZH, right=False, why=NASTY),
    )
    items = (("QI-00000001", single), ("QI-00000002", several), ("QI-00000003", judged))
    return Sheet("QZ-0000abcd", Rules('一/季度: "考试"', 80, 30, 2), items)


def test_every_format_has_an_export_and_a_safe_file_name(sheet: Sheet) -> None:
    assert set(EXPORTS) == set(Format)
    for form in Format:
        made = EXPORTS[form](sheet)
        assert made.data
        assert not set(made.name) & set('\\/:*?"<>|')


def test_moodle_xml_says_what_was_put_in(sheet: Sheet) -> None:
    root = etree.fromstring(EXPORTS[Format.MOODLE](sheet).data)
    category, *questions = root.findall("question")
    assert category.get("type") == "category"
    assert [q.get("type") for q in questions] == ["multichoice", "multichoice", "truefalse"]
    for question, (number, item) in zip(questions, sheet.items, strict=True):
        assert question.findtext("name/text") == number
        assert _read_html(question.findtext("questiontext/text")) == item.stem
        answers = question.findall("answer")
        assert sum(max(0.0, float(a.get("fraction"))) for a in answers) == pytest.approx(100, 0.01)
        right = [float(a.get("fraction")) > 0 for a in answers]
        assert right == [one.right for one in item.options]
        if item.kind is not ItemKind.TRUE_FALSE:
            texts = [html.unescape(a.findtext("text")) for a in answers]
            assert texts == [one.text for one in item.options]
            assert question.findtext("single") == str(item.kind is ItemKind.SINGLE).lower()
        else:
            assert [a.findtext("text") for a in answers] == ["true", "false"]


def test_gift_says_what_was_put_in(sheet: Sheet) -> None:
    text = EXPORTS[Format.GIFT](sheet).data.decode()
    category, *blocks = re.split(r"\n\n+", text.strip())
    assert category.startswith("$CATEGORY: ")
    for block, (number, item) in zip(blocks, sheet.items, strict=True):
        title, stem, answers = _read_gift(block)
        assert (title, stem) == (number, item.stem)
        if item.kind is ItemKind.TRUE_FALSE:
            assert answers == [("", "FALSE", "")]
        else:
            assert [one[1] for one in answers] == [one.text for one in item.options]
            right = [mark == "=" or weight.startswith("50") for mark, _, weight in answers]
            assert right == [one.right for one in item.options]


def test_gift_means_the_same_to_a_program_that_reads_it(sound: Item) -> None:
    """pygiftparser (MIT) knows no escapes, so this is asked of a quiz that needs none."""
    several = replace(
        sound,
        kind=ItemKind.MULTIPLE,
        options=(*sound.options[:3], replace(sound.options[3], right=True)),
    )
    judged = replace(
        sound,
        kind=ItemKind.TRUE_FALSE,
        options=true_or_false(Language.ZH, right=False, why="法定的是三年。"),
    )
    items = (("QI-1", sound), ("QI-2", several), ("QI-3", judged))
    text = EXPORTS[Format.GIFT](Sheet("QZ-1", Rules("考试", 80, 30, 2), items)).data.decode()
    single, multiple, true_false = gift.parseFile(io.StringIO(text))
    for read, (number, item) in zip((single, multiple, true_false), items, strict=True):
        assert (read.valid, read.title, read.text) == (True, number, item.stem)
    for read, item in ((single, sound), (multiple, several)):
        told = [(one.answer, one.fraction > 0, one.feedback) for one in read.answers.answers]
        assert told == [(one.text, one.right, one.why) for one in item.options]
    assert true_false.answers.answer is False


def test_qti_is_a_package_whose_every_file_is_named_and_whose_keys_are_choices(
    sheet: Sheet,
) -> None:
    made = EXPORTS[Format.QTI](sheet)
    package = zipfile.ZipFile(io.BytesIO(made.data))
    manifest = etree.fromstring(package.read("imsmanifest.xml"))
    cp, qti = (
        "{http://www.imsglobal.org/xsd/imscp_v1p1}",
        "{http://www.imsglobal.org/xsd/imsqti_v2p1}",
    )
    named = {one.get("href") for one in manifest.iter(f"{cp}file")}
    assert named == set(package.namelist()) - {"imsmanifest.xml"}
    resources = {one.get("identifier") for one in manifest.iter(f"{cp}resource")}
    assert {one.get("identifierref") for one in manifest.iter(f"{cp}dependency")} <= resources
    test = etree.fromstring(package.read("test.xml"))
    references = [one.get("href") for one in test.iter(f"{qti}assessmentItemRef")]
    assert references == [f"items/{number}.xml" for number, _ in sheet.items]
    for href, (_, item) in zip(references, sheet.items, strict=True):
        root = etree.fromstring(package.read(href))
        choices = {c.get("identifier"): c.text for c in root.iter(f"{qti}simpleChoice")}
        key = [value.text for value in root.find(f"{qti}responseDeclaration").iter(f"{qti}value")]
        assert [choices[one] for one in key] == [o.text for o in item.options if o.right]
        assert root.find(f".//{qti}prompt").text == item.stem
        several = item.kind is ItemKind.MULTIPLE
        declared = root.find(f"{qti}responseDeclaration").get("cardinality")
        assert declared == ("multiple" if several else "single")
        assert root.find(f".//{qti}choiceInteraction").get("maxChoices") == (
            "0" if several else "1"
        )
        order = [etree.QName(child).localname for child in root]
        assert order == [
            "responseDeclaration", "outcomeDeclaration", "outcomeDeclaration", "itemBody",
            "responseProcessing", "modalFeedback",
        ]  # fmt: skip


def test_moodle_xml_means_the_same_to_a_program_that_reads_it(sheet: Sheet) -> None:
    """moodle-xml-parser (MIT) reads choices; true or false it passes over, so that stays with lxml."""
    read = moodle.parse_bytes(EXPORTS[Format.MOODLE](sheet).data)["multichoice"]
    asked = [(number, item) for number, item in sheet.items if item.kind is not ItemKind.TRUE_FALSE]
    assert [one.name for one in read] == [number for number, _ in asked]
    for one, (_, item) in zip(read, asked, strict=True):
        assert one.single == (item.kind is ItemKind.SINGLE)
        assert [option.answer for option in one.options] == [o.text for o in item.options]
        assert [option.score_fraction > 0 for option in one.options] == [
            option.right for option in item.options
        ]


def test_qti_items_mean_the_same_to_a_program_that_imports_qti(
    sheet: Sheet, tmp_path: Path
) -> None:
    """onyx2moodle (MIT) reads items of QTI 2.1 as an LMS does: what is chosen, what is right, what is told."""
    package = zipfile.ZipFile(io.BytesIO(EXPORTS[Format.QTI](sheet).data))
    for number, item in sheet.items:
        read = parser.parse_item(Path(package.extract(f"items/{number}.xml", tmp_path)))
        found = classifier.classify(read)
        assert (found.target, found.convertible) == ("multichoice", True), found.reason
        (asked,) = read.interactions
        texts = [one.html for one in asked.choices]
        assert texts == [one.text for one in item.options]
        assert (asked.max_choices == 0) == (item.kind is ItemKind.MULTIPLE)
        assert asked.shuffle == (not item.ordered and item.kind is not ItemKind.TRUE_FALSE)
        key = read.response_decls[asked.response_identifier].correct_values
        right = {
            text for text, one in zip(texts, asked.choices, strict=True) if one.identifier in key
        }
        assert right == {one.text for one in item.options if one.right}
        (told,) = read.feedback
        assert item.rationale in told.html


def test_kahoot_has_its_columns_and_names_what_is_too_long(sheet: Sheet, sound: Item) -> None:
    long_stem = replace(sound, stem="长" * (QUESTION_LIMIT + 1))
    long_answer = replace(
        sound, options=(Option("长" * (ANSWER_LIMIT + 1), True, "对"), *sound.options[1:])
    )
    at_the_limit = replace(
        sound,
        stem="长" * QUESTION_LIMIT,
        options=(Option("长" * ANSWER_LIMIT, True, "对"), *sound.options[:1]),
    )
    items = (("QI-1", long_stem), ("QI-2", long_answer), ("QI-3", at_the_limit), *sheet.items)
    made = EXPORTS[Format.KAHOOT](replace(sheet, items=items))
    assert [one.item_id for one in made.left_out] == ["QI-1", "QI-2"]
    assert all(one.reason.zh and one.reason.en for one in made.left_out)
    page = openpyxl.load_workbook(io.BytesIO(made.data)).worksheets[0]
    assert [cell.value for cell in page[HEADER_ROW][1:8]] == list(HEADERS)
    rows = list(page.iter_rows(min_row=HEADER_ROW + 1, values_only=True))
    assert len(rows) == 4
    for row, (_, item) in zip(rows, items[2:], strict=True):
        assert row[1] == item.stem
        assert [one for one in row[2:6] if one] == [one.text for one in item.options]
        assert row[6] in TIME_LIMITS
        assert {int(place) - 1 for place in str(row[7]).split(",")} == item.key
    assert all(cell.data_type != "f" for cells in page.iter_rows() for cell in cells)


def test_anki_notes_are_in_the_deck_with_every_field(sheet: Sheet, tmp_path: Path) -> None:
    made = EXPORTS[Format.ANKI](sheet)
    zipfile.ZipFile(io.BytesIO(made.data)).extract("collection.anki2", tmp_path)
    with sqlite3.connect(tmp_path / "collection.anki2") as database:
        notes = [row[0].split("\x1f") for row in database.execute("select flds from notes")]
        (cards,) = database.execute("select count(*) from cards").fetchone()
    assert cards == len(sheet.items)
    by_number = {fields[0]: fields for fields in notes}
    for number, item in sheet.items:
        assert _read_html(by_number[number][1]) == item.stem
        assert html.unescape(by_number[number][2]).count("<li>") == len(item.options)
        assert item.cites[0].words in by_number[number][5]
        assert not any("{{" in field for field in by_number[number])


def test_the_paper_asks_without_the_key_and_answers_after_a_page_break(sheet: Sheet) -> None:
    document = docx.Document(io.BytesIO(EXPORTS[Format.DOCX](sheet).data))
    lines = document.paragraphs
    breaks = [i for i, p in enumerate(lines) if p.paragraph_format.page_break_before]
    asked = "\n".join(p.text for p in document.paragraphs[: breaks[0]])
    answered = "\n".join(p.text for p in document.paragraphs[breaks[0] :])
    for _, item in sheet.items:
        assert item.stem in asked
    assert "答案" not in asked
    assert "理由" not in asked
    assert [line for line in answered.splitlines() if re.match(r"\d\. [A-D]+ ", line)] == [
        f"{place}. {item.letters}    {number}"
        for place, (number, item) in enumerate(sheet.items, start=1)
    ]


def test_the_same_quiz_is_the_same_file(sheet: Sheet) -> None:
    for form in (Format.MOODLE, Format.GIFT, Format.QTI):
        assert EXPORTS[form](sheet) == EXPORTS[form](sheet)


def test_a_title_of_nothing_but_signs_still_names_the_file(sheet: Sheet) -> None:
    made: Exported = EXPORTS[Format.GIFT](replace(sheet, rules=Rules("...")))
    assert made.name == "QZ-0000abcd.gift.txt"


def _read_html(text: str) -> str:
    bare = re.sub(r"</?p>", "", text.replace("<br>", "\n"))
    return html.unescape(bare)


def _read_gift(block: str) -> tuple[str, str, list[tuple[str, str, str]]]:
    """Title, stem and answers (mark, text, weight), read sign by sign as the format says."""
    signs = list(_signs(block))
    marks = [i for i, (sign, escaped) in enumerate(signs) if sign == ":" and not escaped]
    title = _said(signs[marks[1] + 1 : marks[2]])
    opens = next(i for i, one in enumerate(signs) if one == ("{", False))
    closes = next(i for i, one in enumerate(signs) if one == ("}", False))
    stem = _said(signs[marks[3] + 1 : opens]).removesuffix(" ")
    answers: list[tuple[str, list[tuple[str, bool]]]] = [("", [])]
    for sign, escaped in signs[opens + 1 : closes]:
        if sign in "=~" and not escaped:
            answers.append((sign, []))
        else:
            answers[-1][1].append((sign, escaped))
    if len(answers) > 1:
        del answers[0]
    return title, stem, [_answer(mark, said) for mark, said in answers]


def _answer(mark: str, said: list[tuple[str, bool]]) -> tuple[str, str, str]:
    ends = next((i for i, one in enumerate(said) if one == ("#", False)), len(said))
    text = _said(said[:ends])
    weight = re.match(r"%(-?[\d.]+)%", text) if mark == "~" else None
    return mark, text[weight.end() :] if weight else text, weight[1] if weight else ""


def _signs(block: str) -> Iterator[tuple[str, bool]]:
    rest = iter(block)
    for sign in rest:
        if sign == "\\":
            following = next(rest)
            yield ("\n" if following == "n" else following), True
        else:
            yield sign, False


def _said(signs: list[tuple[str, bool]]) -> str:
    return "".join(sign for sign, _ in signs)
