"""Runs of characters weigh as the usual library weighs them."""

import numpy as np
import pytest

from knowledge.character_runs import CharacterRuns, SharedRuns

TEXTS = ["客户名单能卖吗", "客户的  名单\n可以给谁", "Can we keep the list?", "客户", "𠮷野家", ""]


@pytest.mark.parametrize(("lengths", "held_by"), [((1, 3), 1), ((2, 4), 1), ((1, 2), 2)])
def test_weights_are_those_of_scikit_learn(lengths: tuple[int, int], held_by: int) -> None:
    text = pytest.importorskip("sklearn.feature_extraction.text")
    theirs = text.TfidfVectorizer(
        analyzer="char", ngram_range=lengths, min_df=held_by, sublinear_tf=True
    ).fit(TEXTS[:4])
    ours = CharacterRuns.fit(TEXTS[:4], lengths, held_by=held_by)
    assert len(ours.keys) == len(theirs.vocabulary_)
    for one in [*TEXTS[:4], "名单卖给客户的客户", "zzz", ""]:
        _, weights = ours.of(one)
        assert np.sort(weights) == pytest.approx(np.sort(theirs.transform([one]).data), abs=1e-5)


def test_a_text_shares_all_with_itself_and_nothing_with_what_has_no_run_of_it() -> None:
    shared = SharedRuns(TEXTS)
    for row, one in enumerate(TEXTS[:5]):
        assert shared.with_text(one)[row] == pytest.approx(1, abs=1e-5)
    assert shared.with_text("xyz123").max() < 0.3
    assert not shared.with_text("").any()


def test_runs_among_some_texts_weigh_as_before() -> None:
    runs = CharacterRuns.fit(TEXTS, (1, 2))
    few = runs.among(["客户"])
    assert len(few.keys) == 3
    assert few.idf == pytest.approx(runs.idf[np.isin(runs.keys, few.keys)])
