"""A law that is no longer one is known by the words that ended it, and never taken for another."""

from datetime import date

import pytest

from knowledge.addresses import Address
from knowledge.levels import Level
from knowledge.lookup import look_up
from knowledge.provisions import Provision
from knowledge.repeals import repeals_in
from tests.knowledge.conftest import TODAY


def last_article(text: str, begins: date = date(2021, 1, 1)) -> Provision:
    return Provision(
        f"示例法典@{begins}#99", "中华人民共和国示例法典", "99", "第九十九条", None, text, Level.LAW,
        begins, None, "test",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "ended"),
    [
        (
            "本法自2021年1月1日起施行。《中华人民共和国甲法》、《中华人民共和国乙法》同时废止。",
            {"中华人民共和国甲法", "中华人民共和国乙法"},
        ),
        (
            "本条例自2021年1月1日起施行。2001年5月1日某部公布的《丙办法》（第1号令）和《丁办法》同时废止。",
            {"丙办法", "丁办法"},
        ),
        ("本法自2021年1月1日起施行。依照《中华人民共和国甲法》作出的决定继续有效。", set()),
        ("《中华人民共和国甲法》有关税收的规定同时废止。", set()),
        ("《中华人民共和国在册法》同时废止。", set()),
    ],
)
def test_what_a_text_ends_is_read_from_its_words(text: str, ended: set[str]) -> None:
    assert set(repeals_in([last_article(text)], {"中华人民共和国在册法"})) == ended


def test_the_day_is_that_of_the_words_not_of_an_amended_version() -> None:
    words = "本法自2008年6月1日起施行。《中华人民共和国甲法》同时废止。"
    amended = last_article(words, begins=date(2020, 1, 1))
    (found,) = repeals_in([last_article(words), amended], ()).values()
    assert (found.by, found.since) == (amended, date(2008, 6, 1))
    (unsaid,) = repeals_in([last_article("《中华人民共和国甲法》同时废止。")], ()).values()
    assert unsaid.since is None
    assert "已废止" in unsaid.note.zh


def test_an_article_of_it_gives_the_reason_and_no_other_article() -> None:
    ended = repeals_in(
        [last_article("本法自2021年1月1日起施行。《中华人民共和国甲法》同时废止。")], ()
    )
    found = look_up(
        Address("中华人民共和国甲法", "52"), lambda _i, _a: [], as_of=TODAY, repeal=ended.get
    )
    assert found.provision is None
    assert found.repeal is ended["中华人民共和国甲法"]
    assert "自 2021-01-01 起废止（《示例法典》第九十九条）" in found.notes[0].zh
    assert "repealed from 2021-01-01" in found.notes[0].en
