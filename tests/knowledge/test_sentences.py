"""The sentence model: questions near what answers them, the same in any batch, and kept without the text."""

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from knowledge.duties import load_duties
from knowledge.duty_vectors import DutyVectors
from knowledge.sentences import KEPT, passages, read_question, read_questions
from pii.cleared import ClearedText, public_text

RULES = ("离职当天由行政收回门禁卡。", "发票存根保存三十年。", "访客须在前台登记并佩戴访客证。")


def cleared(*texts: str) -> list[ClearedText]:
    return [public_text(text, source="test") for text in texts]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("小周今天走人，他进门的卡谁去拿", 0),
        ("开票留下的那一联能扔了没", 1),
        ("有人来公司谈事要不要写个名字", 2),
        ("how long do we hold on to invoice stubs", 1),
    ],
)
def test_a_question_lies_nearest_to_what_answers_it(question: str, answer: int) -> None:
    near = passages()(cleared(*RULES)) @ read_question(*cleared(question))
    assert near.argmax() == answer


def test_a_text_reads_the_same_beside_longer_ones() -> None:
    alone = passages()(cleared(RULES[0]))
    beside = passages()(cleared(RULES[0], RULES[1] * 20))
    assert alone[0] == pytest.approx(beside[0], abs=1e-4)
    assert np.linalg.norm(beside, axis=1) == pytest.approx(1)


def test_a_question_and_a_passage_of_the_same_words_read_apart() -> None:
    (question,) = read_questions(cleared(RULES[0]))
    assert question == pytest.approx(read_question(*cleared(RULES[0])), abs=1e-4)
    assert question != pytest.approx(passages()(cleared(RULES[0]))[0], abs=1e-2)


def test_what_was_read_is_kept_by_a_hash_and_not_read_again(tmp_path: Path) -> None:
    first = passages(tmp_path)(cleared(*RULES))
    with closing(sqlite3.connect(tmp_path / KEPT)) as kept, kept:
        assert kept.execute("SELECT count(*) FROM vectors").fetchone() == (len(RULES),)
        kept.execute("UPDATE vectors SET vector = ?", (np.ones(384, dtype=np.float32).tobytes(),))
    assert RULES[0].encode() not in (tmp_path / KEPT).read_bytes()
    again = passages(tmp_path)(cleared(*RULES))
    assert again == pytest.approx(np.ones((len(RULES), 384)))
    assert first.shape == again.shape


def test_the_vectors_of_the_duties_are_of_these_duties(tmp_path: Path) -> None:
    duties = load_duties()
    found = DutyVectors.load(duties)
    said, asked = found.near(*cleared("身份证丢了怎么办"))
    assert len(said) == len(duties)
    assert len(asked) == sum(len(duty.questions) for duty in duties.values())
    other = DutyVectors(found.said, found.asked, "of other words")
    other.save(tmp_path / "duties.npz")
    with pytest.raises(ValueError, match="other duties"):
        DutyVectors.load(duties, tmp_path / "duties.npz")
