"""Whether something is sensitive personal information, by the kinds that the article quoted names."""

import pytest

from assistant.answering.sensitive_kinds import named_as_sensitive
from knowledge.duties import Verdict

_ARTICLE = "敏感个人信息是……包括生物识别、医疗健康等信息。"


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("Is a fingerprint sensitive personal information under Chinese law?", Verdict.IS),
        ("Are medical records sensitive?", Verdict.IS),
        # The article as quoted does not name it.
        ("Is a bank account sensitive?", None),
        ("Is a fingerprint not sensitive?", None),
        ("Is an order number sensitive?", None),
        ("Where are fingerprints kept that are sensitive?", None),
        ("指纹是敏感个人信息吗", None),
    ],
)
def test_yes_where_the_article_names_it(question: str, word: Verdict | None) -> None:
    assert named_as_sensitive(question, [_ARTICLE]) is word


def test_another_article_says_nothing_of_it() -> None:
    assert named_as_sensitive("Is a fingerprint sensitive?", ["生物识别信息另行规定。"]) is None
