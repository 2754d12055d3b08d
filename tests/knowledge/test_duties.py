"""The duties: strictly loaded, and every verified citation of a national law resolves."""

import re
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import pytest

from knowledge.duties import FOLDER, Confidence, is_law, load_duties, read_duties
from knowledge.provisions import Standing
from knowledge.sources import by_name, catalogue
from knowledge.statutes import StatuteVersion
from records.data_files import BadDataFile

TODAY = date(2026, 11, 23)
GOOD = """topic: 4
slug: destruction
title: {zh: 销毁, en: Destruction}
duties:
  - id: OB-901
    slug: delete-when-done
    binds: [个人信息处理者]
    trigger: 目的达成
    about: {zh: 不再需要的信息, en: Data no longer needed}
    duty: 主动删除。
    duty_en: Delete.
    asked: [客户资料用完要删吗]
    citations:
      - instrument: 中华人民共和国个人信息保护法
        articles: ['47']
        checked_in: statute text
    confidence: verified
"""


def test_all_duties_load_with_twenty_topics() -> None:
    duties = load_duties()
    assert len(duties) == 298
    assert [topic.topic for topic in duties.topics] == list(range(1, 21))
    assert duties["delete-when-done"] is duties["OB-075"]


def test_every_verified_citation_of_a_national_law_is_an_article_in_force(
    statutes: list[StatuteVersion],
) -> None:
    current: dict[str, set[str]] = defaultdict(set)
    for version in statutes:
        current[version.name] |= {
            p.article for p in version.provisions if p.standing(TODAY) is Standing.IN_FORCE
        }
    missing = [
        (duty.id, citation.instrument, article)
        for duty in load_duties().values()
        if duty.confidence is Confidence.VERIFIED
        for citation in (*duty.citations, *duty.penalty)
        if citation.instrument in current
        for article in citation.articles
        if article not in current[citation.instrument]
    ]
    assert missing == []


def test_what_is_cited_as_statute_text_is_a_national_law(statutes: list[StatuteVersion]) -> None:
    laws = {version.name for version in statutes}
    cited = {
        citation.instrument
        for duty in load_duties().values()
        for citation in (*duty.citations, *duty.penalty)
        if citation.checked_in == "statute text"
    }
    assert cited - laws == set()


def test_no_question_is_asked_of_two_duties() -> None:
    asked = Counter(
        re.sub(r"\W", "", one.q).lower() for d in load_duties().values() for one in d.questions
    )
    assert [question for question, times in asked.items() if times > 1] == []


def test_many_duties_are_asked_in_english_too() -> None:
    english = [d for d in load_duties().values() if any(one.q.isascii() for one in d.asked)]
    assert len(english) >= 80


def test_a_citation_without_article_says_so() -> None:
    bare = [
        duty.id
        for duty in load_duties().values()
        for citation in duty.citations
        if not citation.articles and citation.article_note is None
    ]
    assert bare == []


def test_an_unverified_duty_is_never_law() -> None:
    unverified = [d for d in load_duties().values() if d.confidence is Confidence.UNVERIFIED]
    assert unverified
    assert not any(is_law(duty) for duty in unverified)


def test_a_duty_that_rests_on_a_recommended_standard_alone_is_not_law() -> None:
    duties = load_duties()
    standards = [
        d
        for d in duties.values()
        if all(by_name()[c.instrument].level.value in {"standard", "foreign"} for c in d.citations)
    ]
    assert standards
    assert not any(is_law(duty) for duty in standards)


def test_a_duty_of_the_statute_is_law() -> None:
    assert is_law(load_duties()["delete-when-done"])


@pytest.mark.parametrize(
    ("change", "place", "problem"),
    [
        (("confidence: verified", "confidence: sure"), ":17", "OB-901"),
        (("    duty: 主动删除。\n", "    dutty: 主动删除。\n"), "bad.yaml:", "OB-901"),
        (("articles: ['47']", "artikel: ['47']"), "bad.yaml:", "OB-901"),
        (("id: OB-901", "id: 901"), ":5", "id"),
        (("    asked: [客户资料用完要删吗]\n", ""), ":5", "OB-901"),
        (("asked: [客户资料用完要删吗]", "asked: []"), "bad.yaml:", "OB-901"),
        (("title: {zh: 销毁, en: Destruction}", "title: {zh: 销毁"), "bad.yaml:", ""),
        (("中华人民共和国个人信息保护法", "不存在的法"), "bad.yaml", "不存在的法"),
    ],
)
def test_a_bad_file_stops_with_its_place(
    change: tuple[str, str], place: str, problem: str, tmp_path: Path
) -> None:
    assert change[0] in GOOD
    (tmp_path / "bad.yaml").write_text(GOOD.replace(*change), encoding="utf-8")
    with pytest.raises(BadDataFile) as caught:
        read_duties(tmp_path)
    assert place in caught.value.message.en
    assert problem in caught.value.message.en


def test_a_duty_standing_twice_stops(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(GOOD, encoding="utf-8")
    with pytest.raises(BadDataFile, match="twice"):
        read_duties(tmp_path)


def test_no_data_file_names_the_copy_it_was_read_in() -> None:
    files = [*FOLDER.glob("*.yaml"), *(FOLDER.parent / "sources").glob("*.yaml")]
    assert len(files) == 21
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert not [word for word in ("laws.db", "LawRefBook", "凭记忆") if word in text]


def test_every_chinese_instrument_has_a_name_for_readers_of_english() -> None:
    lacking = [one.name for one in catalogue() if not one.name.isascii() and not one.english]
    assert not lacking
    assert all(one.english.isascii() for one in catalogue() if one.english)


def test_the_catalogue_names_every_instrument_once() -> None:
    names = [instrument.name for instrument in catalogue()]
    assert len(names) == len(set(names)) == 154


def test_what_is_no_law_goes_with_a_duty_that_is() -> None:
    duties = load_duties()
    placed = [duty for duty in duties.values() if duty.under]
    assert len(placed) >= 15
    assert all(is_law(duties[duty.under]) and not is_law(duty) for duty in placed if duty.under)
