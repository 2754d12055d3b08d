"""Texts not everybody may read: found by whoever may, and of no weight in anybody's scores."""

from pathlib import Path

import numpy as np

from knowledge.word_index import WordIndex, understand

OPEN = [["客户", "资料", "登记"], ["资料", "归还", "归还"], ["银行", "账户"]]
HIDDEN = ["资料", "归还", "归还"]


def _index(texts: list[list[str]], public: list[bool] | None) -> WordIndex:
    vocabulary: dict[str, int] = {}
    ids = [[vocabulary.setdefault(t, len(vocabulary)) for t in text] for text in texts]
    return WordIndex.from_ids(ids, vocabulary, public)


def test_a_hidden_text_scores_as_its_open_twin_and_moves_nothing(tmp_path: Path) -> None:
    alone = _index(OPEN, None)
    beside = _index([HIDDEN, *OPEN, ["青竹", "资料"]], [False, True, True, True, False])
    beside.save(tmp_path / "words")
    for one in (beside, WordIndex.load(tmp_path / "words")):
        for asked in ("资料归还", "青竹资料登记", "银行"):
            question = understand(asked)
            for score in ("scores", "coverage"):
                with_it = getattr(one, score)(question)
                np.testing.assert_array_equal(with_it[1:4], getattr(alone, score)(question))
                np.testing.assert_allclose(with_it[0], with_it[2], rtol=1e-6)
        assert one.scores(understand("青竹"))[4] > 0
