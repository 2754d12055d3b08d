"""Restoring: tokens and surrogates lead back to the very text, through the formats."""

import io
from dataclasses import replace

import pytest
from docx import Document

from pii.case import Case
from pii.detect import Detector
from pii.documents import redact_document
from pii.kinds import Kind
from pii.occurrences import ValueIndex
from pii.policy import RedactionPolicy, Treatment, load_policy
from pii.restore import restore_document, restoring_edits

LETTER = "姓名：陈明远\n身份证号：11010519491231002X，手机：138 0013 8000\n明远的卡号：6222021234567890128\n"
TURNED_BACK = {Treatment.SURROGATE, Treatment.ENCRYPT}


def only(treatment: Treatment) -> RedactionPolicy:
    """A policy that treats every kind alike."""
    return replace(load_policy("standard"), treatments=dict.fromkeys(Kind, treatment))


@pytest.mark.parametrize("treatment", sorted(TURNED_BACK))
def test_a_text_comes_back_letter_for_letter(detector: Detector, treatment: Treatment) -> None:
    case = Case()
    copy = redact_document(LETTER.encode(), "陈明远.txt", detector, only(treatment), case)
    assert "陈明远" not in copy.data.decode() + copy.name
    restored = restore_document(copy.data, copy.name, case)
    assert restored.data.decode() == LETTER
    assert restored.name == "陈明远.restored.txt"
    assert restored.places == 6


def test_a_word_document_comes_back_with_its_runs(detector: Detector) -> None:
    document = Document()
    paragraph = document.add_paragraph("姓名：陈")
    paragraph.add_run("明远").bold = True
    paragraph.add_run("，手机：13800138000")
    stream = io.BytesIO()
    document.save(stream)
    case = Case()
    copy = redact_document(stream.getvalue(), "a.docx", detector, only(Treatment.ENCRYPT), case)
    read = Document(io.BytesIO(copy.data)).paragraphs[0].text
    assert read.startswith("姓名：〔密：")
    restored = restore_document(copy.data, copy.name, case)
    assert (
        Document(io.BytesIO(restored.data)).paragraphs[0].text == "姓名：陈明远，手机：13800138000"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("客户A说", "陈明远说"),
        ("客户A2026年来访", "陈明远2026年来访"),
        ("客户AB公司", "客户AB公司"),
        ("客户B说", "客户B说"),
        ("（客户A）", "（陈明远）"),
    ],
)
def test_a_pseudonym_is_turned_back_only_where_it_stands_whole(text: str, expected: str) -> None:
    case = Case()
    case.stand_in(Kind.PERSON_NAME, "陈明远", Treatment.PSEUDONYM)
    for edit in reversed(restoring_edits(text, case, ValueIndex(case.texts()))):
        text = text[: edit.start] + edit.text + text[edit.end :]
    assert text == expected


def test_another_case_turns_nothing_back(detector: Detector) -> None:
    policy = only(Treatment.ENCRYPT)
    copy = redact_document(LETTER.encode(), "a.txt", detector, policy, Case())
    other = Case()
    redact_document(LETTER.encode(), "a.txt", detector, policy, other)
    restored = restore_document(copy.data, copy.name, other)
    assert restored.data == copy.data
    assert restored.places == 0
