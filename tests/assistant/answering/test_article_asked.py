"""Which article says so: the law comes first, and the company's rule where its own text is asked for."""

import pytest

from assistant.answering.article_asked import Texts, place_asked, what_it_is_about
from assistant.app import App
from assistant.questions.ask import ask
from knowledge.levels import Level
from pii.cleared import public_text
from records.people import Person


@pytest.mark.parametrize(
    ("question", "texts"),
    [
        ("删除义务在哪一条?", Texts.LAW),
        ("撤回同意是哪条规定的", Texts.LAW),
        ("监护人同意是第几条", Texts.LAW),
        ("哪部法管个人信息出境", Texts.LAW),
        ("有什么法条管复印件", Texts.LAW),
        ("Which article sets out the duty to delete?", Texts.LAW),
        ("what section covers sensitive data", Texts.LAW),
        ("两人在场写在制度哪一条", Texts.OWN),
        ("手册第几条写了保存期", Texts.OWN),
        ("which section of our policy covers visitors", Texts.OWN),
        ("另记一套账违反哪条公司规定", Texts.OWN),
        # What has no article.
        ("碎纸走哪条流程", None),
        ("哪条短信可以发", None),
        ("这要去哪个法院告", None),
        ("客户的身份证复印件保存多久", None),
        ("手册里写了保存期吗", None),
    ],
)
def test_in_which_texts_a_place_is_asked_for(question: str, texts: Texts | None) -> None:
    assert place_asked(question) is texts


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("删除义务在哪一条?", "删除义务?"),
        ("个人信息的删除义务规定在哪条", "个人信息的删除义务"),
        ("客户要求查阅，依据哪一条", "客户要求查阅"),
        ("第三方合作要签合同是哪部法律规定的", "第三方合作要签合同"),
        ("Which article sets out the duty to delete?", "the duty to delete?"),
        # A law is named, or nothing would be left, or no article is asked for.
        ("网安法原来的21条变成哪条了", "网安法原来的21条变成哪条了"),
        ("哪一条", "哪一条"),
        ("走哪条流程", "走哪条流程"),
    ],
)
def test_what_it_is_about(question: str, about: str) -> None:
    assert what_it_is_about(public_text(question, source="a test")).text == about


@pytest.mark.parametrize(
    ("question", "instrument", "heading"),
    [
        ("删除义务在哪一条?", "中华人民共和国个人信息保护法", "第四十七条"),
        ("告知义务在哪一条", "中华人民共和国个人信息保护法", "第十七条"),
        ("数据泄露通知的义务在第几条", "中华人民共和国个人信息保护法", "第五十七条"),
        ("委托处理的规定在哪条", "中华人民共和国个人信息保护法", "第二十一条"),
        ("公司注销时通知债权人是哪一条", "中华人民共和国公司法", "第二百三十五条"),
        (
            "Which article sets out the duty to delete?",
            "中华人民共和国个人信息保护法",
            "第四十七条",
        ),
    ],
)
def test_law_comes_first_though_a_policy_speaks_of_it_too(
    question: str, instrument: str, heading: str, app: App, employee: Person
) -> None:
    answer = ask(app, employee, question)
    assert answer.conclusion is not None and not answer.conclusion.is_policy
    first = answer.quotations[0]
    assert (first.level, first.instrument, first.heading) == (Level.LAW, instrument, heading)


def test_the_companys_own_text_asked_for_by_name_comes_first(app: App, employee: Person) -> None:
    answer = ask(app, employee, "销毁要两人在场，写在制度哪一条")
    assert answer.conclusion is not None and answer.conclusion.is_policy
