"""Whether something is sensitive personal information, by the kinds that the article quoted names."""

import pytest

from assistant.answering.sensitive_kinds import named_as_sensitive, speaks_of_the_kind
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
        ("指纹是敏感个人信息吗", Verdict.IS),
        ("客户的过敏史算敏感信息吗", Verdict.IS),
        ("订单号算敏感信息吗", None),
        ("处理指纹这类敏感信息合法吗", None),
        ("指纹不算敏感信息吗", None),
        ("指纹算不算敏感信息", Verdict.IS),
    ],
)
def test_yes_where_the_article_names_it(question: str, word: Verdict | None) -> None:
    assert named_as_sensitive(question, [_ARTICLE]) is word


def test_another_article_says_nothing_of_it() -> None:
    assert named_as_sensitive("Is a fingerprint sensitive?", ["生物识别信息另行规定。"]) is None


def test_whether_a_rule_speaks_of_what_is_asked() -> None:
    assert speaks_of_the_kind("过敏史算敏感信息吗", "健康与过敏信息按三级管理。")
    assert not speaks_of_the_kind("行踪轨迹是敏感信息吗", "单独的号码不再列为敏感信息。")
