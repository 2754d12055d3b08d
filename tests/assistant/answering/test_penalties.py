"""How heavy a penalty is, by the words of an article."""

import pytest

from assistant.answering.penalties import Penalty, penalty_asked, penalty_in, tells


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("丢了账本要罚多少钱", Penalty.FINE),
        ("最多能罚公司多少", Penalty.FINE),
        ("How much is the fine for that?", Penalty.FINE),
        ("会不会罚款", None),
        ("欠了多少钱", None),
        ("what is the maximum fine", Penalty.FINE),
        ("卖了名单会不会坐牢", Penalty.PRISON),
        ("Can I go to jail for that?", Penalty.PRISON),
    ],
)
def test_asking_how_heavy_a_penalty_is(question: str, asked: Penalty | None) -> None:
    assert penalty_asked(question) is asked


def test_the_words_of_a_fine_from_its_first_amount_to_its_last() -> None:
    article = "未按规定公示的，责令改正，对单位处一万元以上三万元以下罚款；对负责人处二千元罚款，并记入档案。"
    assert (
        penalty_in(Penalty.FINE, article)
        == "对单位处一万元以上三万元以下罚款；对负责人处二千元罚款"
    )
    assert tells(Penalty.FINE, penalty_in(Penalty.FINE, article))


@pytest.mark.parametrize(
    "article",
    [
        "违反本条的，责令改正，可以处以罚款。",
        f"处一万元以下罚款；{'情节严重的，从重处理；' * 40}处三万元以下罚款。",
    ],
)
def test_no_fine_without_amount_and_none_too_long_to_tell(article: str) -> None:
    assert penalty_in(Penalty.FINE, article) == ""


def test_the_sentence_that_tells_the_term_of_years() -> None:
    article = "出售台账的，责令改正。情节严重的，处二年以下有期徒刑或者拘役，并处罚金。单位犯前款罪的，另行规定。"
    words = "情节严重的，处二年以下有期徒刑或者拘役，并处罚金"
    assert penalty_in(Penalty.PRISON, article) == words
    assert tells(Penalty.PRISON, words) and not tells(Penalty.PRISON, "可能构成犯罪")
