"""How much a fine is, by the words of an article."""

import pytest

from assistant.answering.fines import asks_fine, fine_in, has_amount


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("丢了账本要罚多少钱", True),
        ("最多能罚公司多少", True),
        ("How much is the fine for that?", True),
        ("会不会罚款", False),
        ("欠了多少钱", False),
    ],
)
def test_asking_how_much_the_fine_is(question: str, asked: bool) -> None:
    assert asks_fine(question) is asked


def test_the_words_of_a_fine_from_its_first_amount_to_its_last() -> None:
    article = "未按规定公示的，责令改正，对单位处一万元以上三万元以下罚款；对负责人处二千元罚款，并记入档案。"
    assert fine_in(article) == "对单位处一万元以上三万元以下罚款；对负责人处二千元罚款"
    assert has_amount(fine_in(article))


@pytest.mark.parametrize(
    "article",
    [
        "违反本条的，责令改正，可以处以罚款。",
        f"处一万元以下罚款；{'情节严重的，从重处理；' * 40}处三万元以下罚款。",
    ],
)
def test_no_fine_without_amount_and_none_too_long_to_tell(article: str) -> None:
    assert fine_in(article) == ""
