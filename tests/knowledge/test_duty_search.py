"""The duty that leads: what people ask decides, special regimes wait until they are named."""

import logging
from collections import Counter
from pathlib import Path

import pytest

from knowledge.asked import ASKING, AskedIndex, read_same
from knowledge.duties import is_law, load_duties
from knowledge.duty_model import duty_model
from knowledge.duty_search import WEIGHED, DutyHit, DutySearch, Weighed, duty_search
from knowledge.duty_vectors import DutyVectors
from knowledge.regimes import load_regimes, membership, named_in, read_regimes
from pii.cleared import public_text
from records.data_files import BadDataFile, load
from tests.thorough import sample, size

SEARCH = duty_search()


def ask(question: str) -> list[DutyHit]:
    return SEARCH.search(public_text(question, source="test"))


@pytest.mark.parametrize(
    ("question", "slug"),
    [
        ("客户要求删除他的信息，我们必须删吗", "delete-when-done"),
        ("同事想把客户名单卖给中介，行不行", "no-illegal-trade"),
        ("数据泄露多久要上报", "notify-immediately"),
        ("有个老顾客说以后不来了，让删他的手机号", "delete-when-done"),
        ("服务器中了勒索病毒要多久上报", "cac-4h"),
        ("公司电脑丢在出租车上，里面有客户表格", "notify-immediately"),
        ("派出所上门要看某个客户的登记", "authority-request-due-process"),
        ("顾客问我们都存了他什么", "access-copy"),
        ("给以前的客户发促销短信行吗", "marketing-consent"),
        ("外包公司合作到期，他们手里的名单怎么办", "entrusted-return-or-delete"),
        ("客户去世，他儿子来要记录", "deceased-kin"),
        ("老板叫我删账", "order-destruction-liable"),
        ("工资单留几年", "payroll-2y"),
        ("PIPL art. 57", "notify-immediately"),
        ("a colleague sells phone numbers of clients", "no-illegal-trade"),
        ("lost my phone with client contacts", "notify-immediately"),
    ],
)
def test_the_duty_an_employee_needs_comes_first(question: str, slug: str) -> None:
    assert ask(question)[0].duty.slug == slug


def test_where_two_duties_answer_both_come_before_all_others() -> None:
    first, second, third, *_ = ask("What if we report late?")
    slugs = {first.duty.slug, second.duty.slug}
    assert slugs == {"report-first-then-supplement", "late-report-aggravated"}
    assert second.score > 1.5 * third.score


@pytest.mark.parametrize(
    ("general", "special", "slug"),
    [
        ("客户资料存几年", "银行客户的身份资料存几年", "aml-10y"),
        ("网络安全事件几小时内上报", "关基出了网络安全事件几小时内上报", "cii-1h"),
        ("客户信息泄露多久报", "欧盟客户信息泄露多久报", "gdpr-72h"),
        ("客户信息泄露要告诉谁", "学生信息泄露要告诉家长吗", "minor-incident"),
        ("客户数据泄露报给谁", "银行的客户数据泄露两小时内报给谁", "bank-data-incident"),
        ("公司关了客户数据怎么办", "征信公司解散了数据库怎么办", "credit-agency-wind-up"),
    ],
)
def test_a_special_regime_leads_only_where_it_is_named(
    general: str, special: str, slug: str
) -> None:
    assert ask(special)[0].duty.slug == slug
    assert ask(general)[0].duty.slug != slug


@pytest.mark.parametrize(
    "question",
    [
        "身份证号算不算敏感信息",
        "客户的请求几天内要答复",
        "账号注销要几天办完",
        "开发测试能用真实客户数据吗",
        "会计档案到期谁来鉴定",
        "客户数据泄露 72 小时内要报吗",
    ],
)
def test_what_is_not_law_never_leads_beside_what_is(question: str) -> None:
    assert is_law(ask(question)[0].duty)


@pytest.mark.parametrize(
    "question",
    [
        "年假还剩几天怎么查",
        "打印机卡纸了找谁修",
        "帮我写一首关于秋天的诗",
        "会议室怎么预订",
        "报销打车费要贴发票吗",
        "公司附近哪里停车便宜",
        "怎么给猫洗澡",
        "周报模板发我一份",
        "团建去哪里玩",
        "电脑太卡了怎么办",
        "股票今天涨了吗",
        "笔记本电脑黑屏了怎么重启",
        "怎么考驾照",
        "年终奖什么时候发",
        "手机套餐哪家便宜",
        "快递到哪了",
        "领导过生日送什么",
        "孩子发烧怎么办",
        "excel 怎么合并两个表",
        "How do I reset my office chair?",
        "Translate good morning into French",
        "Who won the world cup?",
    ],
)
def test_a_question_about_something_else_finds_no_duty(question: str) -> None:
    assert ask(question) == []


def test_every_everyday_question_leads_to_its_own_duty() -> None:
    asked = [(duty, one.q) for duty in load_duties().values() if is_law(duty) for one in duty.asked]
    missed = [
        question
        for duty, question in sample(asked, 7)
        if duty not in [hit.duty for hit in ask(question)[:3]]
    ]
    assert len(missed) <= size(8, 2), missed


def test_scores_fall_and_stay_between_floor_and_one() -> None:
    for duty in sample(list(load_duties().values()), 5):
        scores = [hit.score for hit in ask(duty.asked[0].q)]
        # As good as equal ones keep the order of the duties.
        alike = [round(score, 5) for score in scores]
        assert alike == sorted(alike, reverse=True)
        assert all(0 < score <= 1 for score in scores)


def test_the_nearest_of_several_everyday_questions_counts() -> None:
    index = AskedIndex([["发票存根要留几年", "旧发票能扔吗"], ["工资表要保存多久"]])
    near = index.nearness("发票底联保存几年")
    assert near[0] > near[1]
    assert index.nearness("工资表要保存多久")[1] == pytest.approx(1)
    assert index.nearness("天气").tolist() == [0, 0]


def test_a_word_means_one_thing_when_people_ask() -> None:
    meant = Counter(word for same in read_same(ASKING) for word in same.words)
    assert [word for word, times in meant.items() if times > 1] == []
    assert [word for word in meant if word != word.lower()] == []


def test_every_regime_holds_a_duty() -> None:
    duties = load_duties().values()
    binds = {who for duty in duties for who in duty.binds}
    for regime in load_regimes():
        assert regime.binds <= binds, regime.name
        for trigger in regime.triggers:
            assert any(trigger in duty.trigger for duty in duties), (regime.name, trigger)


@pytest.mark.parametrize(
    ("slug", "question", "unnamed"),
    [
        ("delete-when-done", "客户要删信息", 0),
        ("aml-10y", "客户资料存几年", 1),
        ("aml-10y", "how long does the bank keep them", 0),
        ("aml-10y", "the embankment", 1),
        ("bank-data-incident", "保险公司数据泄露", 0),
        ("minor-incident", "孩子的信息泄露了", 0),
        ("minor-incident", "孩子的信息怎么管", 1),
        ("minor-incident", "客户的信息怎么管", 2),
        ("account-closure-delete", "客户注销账号", 0),
    ],
)
def test_a_question_leaves_regimes_out(slug: str, question: str, unnamed: int) -> None:
    assert membership(load_duties()[slug]).unnamed(named_in(question)) == unnamed


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        (read_regimes, "regimes:\n  - {name: a, bind: [银行], words: [银行]}\n"),
        (read_regimes, "regimes:\n  - {name: a, binds: [银行]}\n"),
        (read_same, "same:\n  - {name: a, words: []}\n"),
        (read_same, "same:\n  - {name: a, words: [删], weight: 2}\n"),
    ],
)
def test_a_bad_word_file_stops(reader: object, text: str, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(text, encoding="utf-8")
    assert callable(reader)
    with pytest.raises(BadDataFile, match=r"bad\.yaml:2"):
        reader(tmp_path / "bad.yaml")


def test_building_the_index_says_nothing(caplog: pytest.LogCaptureFixture) -> None:
    DutySearch(load_duties(), duty_model(), DutyVectors.load(load_duties()), load(WEIGHED, Weighed))
    assert [record for record in caplog.records if record.name == "bm25s"] == []
    assert logging.getLogger("bm25s").level >= logging.WARNING


def test_where_talk_goes_on_the_subject_need_not_be_named_again() -> None:
    question = public_text("要几个人签字", source="test")
    assert SEARCH.search(question) == []
    assert SEARCH.search(question, goes_on=True)


def test_a_question_that_nearly_is_one_of_ours_is_told_which() -> None:
    question = public_text("要几个人签字", source="test")
    near = SEARCH.near_miss(question)
    assert len(near) == 3
    assert SEARCH.near_miss(public_text("红烧肉怎么做", source="test")) == []


@pytest.mark.parametrize(
    "question",
    [
        "What is the daily meal allowance on business trips to Shanghai?",
        "Is the printer on the third floor fixed yet?",
        "Which bus goes to the airport?",
    ],
)
def test_an_english_question_of_something_else_comes_near_nothing(question: str) -> None:
    assert SEARCH.near_miss(public_text(question, source="test")) == []
    assert SEARCH.near_miss(public_text("can i bin the old stuff from last year", source="test"))
