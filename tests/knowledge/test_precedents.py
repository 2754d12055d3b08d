"""Questions asked before: where their answers stand in an index, and how they vote."""

from pathlib import Path

import numpy as np
import pytest

from knowledge.embeddings import built_in, built_in_senses, unit
from knowledge.precedents import (
    DIMENSIONS,
    NO_PRECEDENTS,
    Alike,
    Precedents,
    Votes,
    Wordings,
    best,
    built_in_precedents,
    lenders_of,
    lent,
    likeness_before,
    votes,
)
from knowledge.shape import Shape, Text, shape, small
from knowledge.topics import NONE

IDS = (
    "民法典@2021-01-01#188",
    "民法典@2021-01-01#189",
    "刑法@1997-10-01#253之一",
    "会计法@2024-07-01#40",
)
TEXTS = tuple(Text("保管期限", name, name) for name in ("民法典", "民法典", "刑法", "会计法"))
KEPT = Precedents(
    vectors=small(np.eye(3, DIMENSIONS, dtype=np.float32)),
    senses=small(np.eye(3, DIMENSIONS, dtype=np.float32)),
    # The second says the terms 4 and 7, the third 7; the words of the first are not kept.
    wordings=Wordings(np.array([4, 7, 7], dtype=np.int32), np.array([1, 1, 2], dtype=np.int32)),
    articles=("民法典#188", "刑法#253之一", "海商法#1"),
    asked=np.array([0, 1, 1, 2], dtype=np.int32),
    answer=np.array([0, 1, 0, 2], dtype=np.int32),
)
EVEN = np.ones(8, dtype=np.float32)
FIRST = np.eye(1, DIMENSIONS, dtype=np.float32)[0]


@pytest.fixture(scope="module")
def parts() -> Shape:
    return shape(TEXTS, built_in(), NONE, built_in_senses())[0]


def test_an_answer_is_found_by_law_and_article_and_one_not_loaded_is_left_out() -> None:
    located = KEPT.located(IDS, EVEN)
    assert located.row.tolist() == [0, 2, 0]
    assert located.weight.tolist() == [1, 0.5, 0.5]


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    KEPT.save(tmp_path / "precedents.npz")
    read = Precedents.load(tmp_path / "precedents.npz")
    assert read.articles == KEPT.articles
    assert read.located(IDS, EVEN).row.tolist() == KEPT.located(IDS, EVEN).row.tolist()
    columns = np.array([4, 7])
    assert (
        read.located(IDS, EVEN).like(columns).tolist()
        == KEPT.located(IDS, EVEN).like(columns).tolist()
    )


def test_by_words_a_question_is_like_those_that_say_its_terms_the_rarer_the_more() -> None:
    located = KEPT.located(IDS, np.array([1, 1, 1, 1, 2, 1, 1, 1], dtype=np.float32))
    both = located.like(np.array([4, 7]))
    assert both.tolist() == pytest.approx([0, 1, 1 / np.sqrt(5)])
    assert located.like(np.array([7, 5])).tolist() == pytest.approx(
        [0, 1 / np.sqrt(10), 1 / np.sqrt(2)]
    )
    assert set(located.answers(Alike.of(both))) == {0, 2}
    # Both articles the second question has are said 4 and 7 of; the third question's is not loaded.
    assert located.said.terms.tolist() == [4, 4, 7, 7]
    assert located.said.asked.tolist() == [0, 2, 0, 2]
    said = located.said.weight(np.array([4, 5]), len(IDS))
    assert said.tolist() == pytest.approx([np.log1p(1), 0, np.log1p(1), 0])
    assert located.answers(Alike.of(located.like(np.array([3])))) == []


def test_the_question_most_alike_counts_most_and_lends_to_the_article_beside(parts: Shape) -> None:
    located = KEPT.located(IDS, EVEN)
    alike = Alike.of(likeness_before(located.vectors, FIRST))
    found = votes(located, alike, parts, np.arange(4))
    assert found.article.argmax() == 0
    assert found.article[2] < 0.1
    assert found.nearest[0] == pytest.approx(1, abs=1e-2)
    assert found.beside[1] == pytest.approx(found.article[0])
    assert found.beside[2] == 0  # another law
    assert found.law[1] == pytest.approx(found.article[0])


def test_without_precedents_nobody_votes(parts: Shape) -> None:
    located = NO_PRECEDENTS.located(IDS, EVEN)
    found = votes(located, Alike.of(likeness_before(located.vectors, None)), parts, np.arange(4))
    assert not found.article.any()
    assert not found.law.any()
    assert located.answers(Alike.of(likeness_before(located.vectors, FIRST))) == []


@pytest.mark.parametrize("spread", [0.0, 0.1, 3.0])
def test_the_best_are_those_a_sort_of_all_puts_first(spread: float) -> None:
    random = np.random.default_rng(11)
    scores = np.maximum(np.round(random.normal(size=3000) * spread + 0.1, 1), 0).astype(np.float32)
    wanted = sorted(range(3000), key=lambda place: (-scores[place], place))
    for count in (1, 20, 100, 5000):
        assert best(scores, count).tolist() == wanted[:count]


def test_of_questions_that_are_not_ours_no_words_are_shipped() -> None:
    kept = built_in_precedents()
    said = set(kept.wordings.asked.tolist())
    assert 500 < len(kept.vectors) - len(said) < len(said)
    assert all("#" in one and not set("？?，吗") & set(one) for one in kept.articles)
    assert len(kept.vectors) == len(kept.senses) > 1000


@pytest.mark.parametrize(
    ("said", "meant", "other"),
    [("房子", "房屋", "合同"), ("孩子", "未成年人", "房屋"), ("退订", "退货", "犯罪")],
)
def test_an_everyday_word_no_statute_has_is_near_what_a_statute_calls_it(
    said: str, meant: str, other: str
) -> None:
    senses = built_in_senses()
    near, far = (unit(senses.of(np.array([senses.columns[one]]))) for one in (meant, other))
    asked = unit(senses.of(np.array([senses.columns[said]])))
    assert float((asked @ near.T)[0, 0]) > float((asked @ far.T)[0, 0]) + 0.1


def test_a_policy_has_the_votes_of_a_law_that_is_equally_near() -> None:
    given = np.array([0.5, 0.0, 0.1, 0.0], dtype=np.float32)
    near = np.array([0.9, 0.85, 0.3, 0.1], dtype=np.float32)
    policy = np.array([False, True, False, True])
    of = Votes(given, given, given, given, given)
    assert lenders_of(near, policy).tolist() == [0, 0, 2, 2]
    assert lent(of, lenders_of(near, policy)).article.tolist() == [given[n] for n in (0, 0, 2, 2)]
    for all_alike in (np.zeros(4, dtype=np.bool_), np.ones(4, dtype=np.bool_)):
        assert lenders_of(near, all_alike).tolist() == [0, 1, 2, 3]
