"""What employees ask, on every national law: found, found exactly, or nothing."""

import threading
from datetime import date
from pathlib import Path

import pytest
import yaml

from knowledge.ingest import IngestReport
from knowledge.library import Hit, Library
from knowledge.provisions import Level, Standing
from knowledge.search import FLOOR
from knowledge.sources import short_name
from pii.cleared import ClearedText, public_text
from records.database import Database
from tests.knowledge.conftest import TODAY

Few = tuple[Library, Database, Path]
Whole = tuple[Library, IngestReport]

QUESTIONS = yaml.safe_load((Path(__file__).parent / "questions.yaml").read_text(encoding="utf-8"))


def ask(text: str) -> ClearedText:
    return public_text(text, source="test")


def found_articles(library: Library, question: str) -> set[str]:
    """Every article among the provisions found and the citations of the duties found."""
    hits = library.search(ask(question), as_of=TODAY)
    duties = library.search_duties(ask(question))
    cited = {
        f"{short_name(citation.instrument)}#{article}"
        for hit in duties
        for citation in (*hit.duty.citations, *hit.duty.penalty)
        for article in citation.articles
    }
    return cited | {f"{short_name(h.provision.instrument)}#{h.provision.article}" for h in hits}


def test_every_national_law_is_loaded(whole: Whole) -> None:
    library, report = whole
    assert report.provisions == 26196
    assert library.counts() == {
        "instruments": 367,
        "provisions": 26196,
        "policies": 1,
        "policy_sections": 3,
        "duties": 298,
    }


def test_questions_inside_the_subject_find_their_article(whole: Whole) -> None:
    library, _ = whole
    missed = [
        case["ask"]
        for case in QUESTIONS["inside"]
        if not set(case["gold"]) & found_articles(library, case["ask"])
    ]
    assert len(missed) <= len(QUESTIONS["inside"]) * 0.05, missed


@pytest.mark.parametrize(
    ("question", "gold"),
    [
        ("客户解约后身份证复印件能不能销毁", {"个人信息保护法#47", "个人信息保护法#19"}),
        ("数据泄露多久要上报", {"个人信息保护法#57"}),
        ("公司注销前客户信息转给别的公司要告知吗", {"个人信息保护法#22"}),
        ("会计凭证保存几年", {"会计档案管理办法#14"}),
        ("把客户名单卖给别人行吗", {"个人信息保护法#10"}),
    ],
)
def test_the_questions_of_the_first_day_find_their_article(
    question: str, gold: set[str], whole: Whole
) -> None:
    assert gold & found_articles(whole[0], question)


@pytest.mark.parametrize("question", QUESTIONS["outside"])
def test_questions_outside_the_subject_find_nothing(question: str, whole: Whole) -> None:
    library, _ = whole
    assert library.search(ask(question), as_of=TODAY) == []
    assert library.search_duties(ask(question)) == []


def test_an_address_in_the_question_comes_first_and_exactly(few: Few) -> None:
    hits = few[0].search(ask("刑法253条之一怎么规定的"), as_of=TODAY)
    assert hits[0].by == "address"
    assert hits[0].provision.id == "刑法@2021-03-01#253之一"
    assert len({hit.provision.id for hit in hits}) == len(hits)


def test_scores_fall_and_stay_above_the_floor(few: Few) -> None:
    hits = few[0].search(ask("个人信息保存期限届满要删除吗"), as_of=TODAY)
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert all(FLOOR <= score <= 1 for score in scores)


def test_only_what_is_in_force_on_the_day_is_found(few: Few) -> None:
    library, _, _ = few
    question = ask("网络安全法规定的网络日志保存多久")

    def laws(hits: list[Hit]) -> set[str]:
        return {hit.provision.instrument for hit in hits}

    now = library.search(question, as_of=TODAY)
    assert "中华人民共和国网络安全法" in laws(now)
    assert all(hit.provision.standing(TODAY) is Standing.IN_FORCE for hit in now)
    before = library.search(question, as_of=date(2025, 12, 31))
    assert "中华人民共和国网络安全法" not in laws(before)


@pytest.mark.parametrize(
    ("instrument", "article"),
    [
        ("个保法", "47"),
        ("《个人信息保护法》", "第四十七条"),
        ("中华人民共和国个人信息保护法", "第47条"),
        ("PIPL", "47"),
    ],
)
def test_an_article_is_found_by_any_name(instrument: str, article: str, few: Few) -> None:
    provision = few[0].provision(instrument, article, as_of=TODAY)
    assert provision is not None
    assert provision.id == "个人信息保护法@2021-11-01#47"
    assert few[0].provision_by_id(provision.id) == provision


@pytest.mark.parametrize(
    ("instrument", "article", "day"),
    [
        ("个保法", "75", TODAY),
        ("个保法", "47", date(2021, 10, 31)),
        ("不存在的法", "1", TODAY),
        ("刑法", "390", TODAY),
        ("商标法", "999", TODAY),
    ],
)
def test_what_is_not_there_on_that_day_is_none(
    instrument: str, article: str, day: date, few: Few
) -> None:
    assert few[0].provision(instrument, article, as_of=day) is None


def test_the_version_of_the_day_is_given(few: Few) -> None:
    library, _, _ = few
    now = library.provision("商标法", "1", as_of=TODAY)
    later = library.provision("商标法", "1", as_of=date(2027, 1, 1))
    assert now is not None
    assert later is not None
    assert (now.effective_from, later.effective_from) == (date(2019, 11, 1), date(2027, 1, 1))
    assert len(library.versions("商标法", "1")) == 2
    assert library.instrument("商标法", as_of=TODAY)[0] == now


def test_a_whole_law_comes_in_order(few: Few) -> None:
    articles = [p.article for p in few[0].instrument("个保法")]
    assert articles == [str(number) for number in range(1, 75)]
    assert few[0].instrument("不存在的法") == []


def test_company_policy_is_found_with_its_section_number(few: Few) -> None:
    hits = few[0].search(ask("客户档案销毁要谁签字"), as_of=TODAY)
    policy = next(hit.provision for hit in hits if hit.provision.level is Level.POLICY)
    assert (policy.article, policy.heading) == ("3.2", "3.2 客户档案的销毁")


def test_threads_share_one_library(few: Few) -> None:
    _, database, folder = few
    library = Library(database, folder)
    results: list[list[str]] = []

    def work() -> None:
        hits = library.search(ask("个人信息泄露要通知谁"), as_of=TODAY)
        duties = library.search_duties(ask("个人信息泄露要通知谁"))
        results.append([h.provision.id for h in hits] + [d.duty.id for d in duties])

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 8
    assert all(result == results[0] and result for result in results)
