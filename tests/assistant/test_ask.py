"""Questions end to end over real parts: by the rules, by a scripted model, by a real endpoint."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pytest

from assistant.answering.answers import Answer, Outcome
from assistant.answering.own_rule import law_says_otherwise
from assistant.app import App
from assistant.errors import EmptyText, ModelFailed, TextTooLong
from assistant.models import Shape
from assistant.questions.ask import LONGEST_QUESTION, ask
from knowledge import store
from knowledge.ingest import ingest
from pii.cleared import ClearedText
from pii.policy import load_policy
from pii.redact import redact
from records.language import Language
from records.people import Person
from tickets.retention.facts import HolderType

FLAGSHIP = "客户解约三年了,他的身份证复印件可以销毁吗?"
ID = "330106199003070011"


def quoted(answer: Answer) -> set[tuple[str, str]]:
    return {(q.instrument.removeprefix("中华人民共和国"), q.heading) for q in answer.quotations}


def test_the_flagship_question_is_answered_for_each_kind_of_company(
    app: App, employee: Person
) -> None:
    answer = ask(app, employee, FLAGSHIP)
    assert answer.outcome is Outcome.ANSWERED
    assert ("个人信息保护法", "第四十七条") in quoted(answer)
    assert ("反洗钱法", "第三十四条") in quoted(answer)
    assert answer.as_of == date(2026, 11, 23)
    assert any("2033-11-24" in claim.text for claim in answer.conditions)


def test_where_the_company_is_known_the_answer_is_one(app: App, employee: Person) -> None:
    bank = replace(app, settings=app.settings.model_copy(update={"holder": HolderType.FINANCIAL}))
    shop = replace(app, settings=app.settings.model_copy(update={"holder": HolderType.COMPANY}))
    no, yes = ask(bank, employee, FLAGSHIP), ask(shop, employee, FLAGSHIP)
    assert no.conclusion is not None
    assert yes.conclusion is not None
    assert "还不能" in no.conclusion.text
    assert "应当删除" in yes.conclusion.text


def test_every_quotation_is_in_the_stored_text_letter_for_letter(
    app: App, employee: Person
) -> None:
    for question in (FLAGSHIP, "客户信息泄露要通知谁", "个保法第47条", "转移客户信息要告知吗"):
        answer = ask(app, employee, question)
        assert answer.quotations
        for quotation in answer.quotations:
            stored = app.library.provision_by_id(quotation.provision_id)
            assert stored is not None
            assert quotation.words in stored.text


def test_personal_data_in_a_question_is_masked_and_named(app: App, employee: Person) -> None:
    answer = ask(app, employee, f"身份证号{ID}的客户要求删除他的信息,必须删吗?")
    assert ID not in repr(answer)
    assert "身份证号" in answer.masked


@pytest.mark.parametrize("question", ["个保法第999条", "《个人信息保护法》第200条怎么说客户信息"])
def test_without_a_rule_there_is_no_answer_but_somebody_to_ask(
    app: App, employee: Person, question: str
) -> None:
    answer = ask(app, employee, question)
    assert answer.outcome is Outcome.NOT_FOUND
    assert answer.conclusion is None
    assert answer.quotations == ()
    assert "privacy@qinghe.example" in answer.instead


@pytest.mark.parametrize("question", ["今天中午吃什么", "帮我写一首关于春天的诗", "你好", "谢谢！"])
def test_what_is_no_question_of_ours_gets_a_kind_word_and_what_can_be_asked(
    app: App, employee: Person, question: str
) -> None:
    answer = ask(app, employee, question)
    assert answer.outcome is Outcome.OUTSIDE
    assert answer.conclusion is None
    assert answer.quotations == ()
    assert answer.instead


def test_a_question_put_too_shortly_is_told_what_it_may_mean(app: App, employee: Person) -> None:
    answer = ask(app, employee, "罚多少")
    assert answer.conclusion is None
    assert len(answer.ask_instead) == 3
    assert ask(app, employee, answer.ask_instead[0]).outcome is Outcome.ANSWERED
    assert ask(app, employee, "今天中午吃什么").ask_instead == ()


@pytest.mark.parametrize(
    ("question", "told", "article"),
    [
        ("客户信息泄露了不通知，网信部门最多罚我们多少？", "五千万元", "第六十六条"),
        ("员工把客户名单卖了五百块，会不会坐牢？", "有期徒刑", "第二百五十三条之一"),
    ],
)
def test_how_heavy_a_penalty_is_stands_in_the_headline(
    app: App, employee: Person, question: str, told: str, article: str
) -> None:
    answer = ask(app, employee, question)
    assert told in answer.conclusion.text
    assert article in {one.heading.split()[0] for one in answer.quotations}


def test_a_plan_for_incidents_does_not_answer_what_is_asked_of_none(
    app: App, employee: Person
) -> None:
    answer = ask(app, employee, "十三岁小孩的资料，是不是要他爸妈点头才能用？")
    assert not answer.conclusion.is_policy
    assert "第三十一条" in {one.heading.split()[0] for one in answer.quotations}


def test_what_is_asked_back_can_change_what_is_told(app: App, employee: Person) -> None:
    asked = ask(app, employee, "一次销毁六百份合同，除了两个审批人还要找谁签？")
    assert asked.conclusion.is_policy
    assert asked.clarification is None


def test_an_english_question_is_answered_in_english(app: App, employee: Person) -> None:
    answer = ask(app, employee, "Can we destroy the ID copy of a client who left 3 years ago?")
    assert answer.language is Language.EN
    assert answer.conclusion is not None
    assert "Must be deleted" in answer.conclusion.text


def test_an_old_date_is_answered_by_the_law_of_that_day(app: App, employee: Person) -> None:
    answer = ask(app, employee, "个保法第47条", as_of=date(2021, 10, 31))
    assert answer.outcome is Outcome.NOT_FOUND


@pytest.mark.parametrize(
    "question", ["网安法21条(旧)", "旧网络安全法第21条是什么?", "原会计法第44条"]
)
def test_an_old_number_is_answered_by_the_article_that_bears_its_rule_now(
    app: App, employee: Person, question: str
) -> None:
    answer = ask(app, employee, question)
    assert answer.outcome is Outcome.ANSWERED
    assert quoted(answer) & {("网络安全法", "第二十三条"), ("会计法", "第四十一条")}
    assert answer.conclusion is not None
    assert "旧文本没有装入" in answer.conclusion.text


def test_a_law_that_was_repealed_is_answered_by_what_ended_it(app: App, employee: Person) -> None:
    answer = ask(app, employee, "合同法第52条还有效吗")
    assert quoted(answer) == {("民法典", "第一千二百六十条")}
    assert answer.conclusion is not None
    assert "《合同法》自 2021-01-01 起废止" in answer.conclusion.text
    limits = ask(app, employee, "根据民法通则第135条，诉讼时效是几年")
    assert ("民法典", "第一百八十八条") in quoted(limits)


def test_the_law_of_a_day_in_the_question_is_not_answered_by_today_s(
    app: App, employee: Person
) -> None:
    answer = ask(app, employee, "2025年6月1日时网安法第21条怎么规定?")
    assert (answer.outcome, answer.as_of) == (Outcome.NOT_FOUND, date(2025, 6, 1))
    assert "2026-01-01" in answer.instead


@pytest.mark.parametrize(
    "question", ["泄露了客户信息要通知谁", FLAGSHIP, "客户要求删除他的信息,必须删吗"]
)
def test_a_law_is_not_cited_for_a_day_before_it_began(
    app: App, employee: Person, question: str
) -> None:
    day = date(2019, 6, 1)
    answer = ask(app, employee, question, as_of=day)
    late = {"个人信息保护法", "反洗钱法", "数据安全法", "民法典"}
    claims = (answer.conclusion, *answer.conditions) if answer.conclusion else ()
    named = {m.instrument.removeprefix("中华人民共和国") for c in claims for m in c.mentions}
    assert not late & (named | {instrument for instrument, _ in quoted(answer)})


def test_empty_and_endless_questions_are_refused(app: App, employee: Person) -> None:
    with pytest.raises(EmptyText):
        ask(app, employee, " \n ")
    with pytest.raises(TextTooLong):
        ask(app, employee, "问" * (LONGEST_QUESTION + 1))


@dataclass
class ScriptedModel:
    """A model that says what it is told to, and remembers what it was given."""

    says: str | Callable[[str], str]
    name: str = "scripted"
    given: list[str] = field(default_factory=list)

    def stream(
        self, instructions: ClearedText, material: ClearedText, shape: Shape
    ) -> Iterator[str]:
        self.given.append(instructions.text + material.text)
        if self.says == "fail":
            raise ModelFailed("APITimeoutError")
        text = self.says if isinstance(self.says, str) else self.says(material.text)
        yield from (text[at : at + 7] for at in range(0, len(text), 7))


def drafted(text: str, sources: list[str], quote: str | None = None) -> str:
    point = {"text": text, "sources": sources, "quote": quote}
    return "好的：" + json.dumps({"conclusion": point}, ensure_ascii=False)


def sentence(material: str) -> str:
    """The statute's sentence on notification, as the model was shown it with the first source."""
    first = material.partition("[S1]")[2].partition("[S2]")[0]
    words = (one for one in re.split(r"[。\n]", first) if one.startswith("《"))
    return next(one for one in words if "并通知" in one).partition("：")[2]


def saying(text: str) -> Callable[[str], str]:
    """A model that says this of the first source, with a true quotation."""
    return lambda material: drafted(text, ["S1"], quote=sentence(material))


QUESTION = "客户信息泄露了要通知谁"


def by_model(
    app: App, person: Person, says: str | Callable[[str], str]
) -> tuple[Answer, ScriptedModel]:
    model = ScriptedModel(says)
    return ask(replace(app, model=model), person, QUESTION + "，我的电话13800000000"), model


def test_a_model_writes_the_answer_when_its_draft_stands(app: App, employee: Person) -> None:
    answer, _model = by_model(app, employee, saying("要通知主管部门和受影响的个人。"))
    assert answer.written_by == "scripted"
    assert answer.conclusion is not None
    assert answer.conclusion.text == "要通知主管部门和受影响的个人。"
    assert answer.quotations


def test_a_model_never_sees_personal_data(app: App, employee: Person) -> None:
    _, model = by_model(app, employee, drafted("要通知。", ["S1"]))
    assert model.given
    assert "13800000000" not in model.given[0]


def with_policy(app: App, folder: Path, text: str) -> None:
    """A policy of one section beside the laws of the home."""
    folder.mkdir()
    (folder / "应急.txt").write_text(text, encoding="utf-8")
    with app.database.reading() as session:
        loaded = set(store.instrument_names(session))
    laws = frozenset(name for name in loaded if name.startswith("中华人民共和国"))
    ingest(
        app.database,
        app.settings.home / "index",
        policies=folder,
        progress=lambda _stage, _done, _total: None,
        clear=lambda words: redact(words, app.detector, load_policy("question")).cleared,
        only=laws,
    )


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("客戶解約三年了,他的身份證複印件可以銷毀嗎?", FLAGSHIP),
        ("公司註銷後會計憑證要保存多久", "公司注销后会计凭证要保存多久"),
        ("數據洩露後多久要報告?", "数据泄露后多久要报告?"),
        ("刪除義務在哪一條", "删除义务在哪一条"),
    ],
)
def test_a_question_in_traditional_characters_is_answered_like_the_simplified_one(
    written: str, plain: str, app: App, employee: Person
) -> None:
    answer, other = ask(app, employee, written), ask(app, employee, plain)
    assert answer.outcome is Outcome.ANSWERED
    assert answer.conclusion == other.conclusion
    assert quoted(answer) == quoted(other)


def test_a_policy_in_traditional_characters_is_found_and_quoted_as_it_stands(
    app: App, employee: Person, tmp_path: Path
) -> None:
    rule = "訪客登記本由前台保管，保存九十天後銷毀。"
    with_policy(app, tmp_path / "policies", f"1. 訪客登記\n{rule}\n")
    for question in ("訪客登記本保存多少天", "访客登记本保存多少天"):
        answer = ask(app, employee, question)
        assert answer.conclusion is not None and answer.conclusion.is_policy
        assert rule in answer.conclusion.text
        assert rule in answer.quotations[0].words


def test_policy_reaches_a_model_without_the_people_it_names(
    app: App, administrator: Person, tmp_path: Path
) -> None:
    text = "1. 泄露的报告\n客户信息泄露了，请马上告诉客户信息负责人张伟明，电话13800138000。\n"
    with_policy(app, tmp_path / "policies", text)
    answer, model = by_model(app, administrator, drafted("要通知。", ["S1"]))
    assert "应急" in model.given[0] + repr(answer)
    assert "张伟明" not in model.given[0] + repr(answer)
    assert "13800138000" not in model.given[0] + repr(answer)


def test_what_only_the_companys_own_rule_speaks_of_is_answered_by_it(
    app: App, employee: Person, tmp_path: Path
) -> None:
    rule = "寄送客户资料只用公司签约的快递，不得使用闪送或同城跑腿。"
    with_policy(app, tmp_path / "policies", f"1. 快递\n{rule}\n")
    answer = ask(app, employee, "客户资料能用闪送寄吗")
    assert answer.conclusion.is_policy
    (first, *_) = answer.quotations
    assert (first.instrument, first.number) == ("应急", 1)
    assert rule in first.words
    # What the law speaks of is answered by the law, unless the company's own rule was asked for.
    lawful = ask(app, employee, "客户信息泄露了要通知谁？")
    assert not lawful.conclusion.is_policy


def test_the_companys_own_rule_answers_who_asks_for_it(
    app: App, employee: Person, tmp_path: Path
) -> None:
    rule = "客户信息泄露后二十分钟内打值班电话通知值班岗。"
    with_policy(app, tmp_path / "policies", f"1. 报告\n{rule}\n")
    answer = ask(app, employee, "按公司规定客户信息泄露后要通知谁")
    assert answer.conclusion.is_policy
    assert rule in answer.quotations[0].words
    # Whether that rule is lawful is a question to the law.
    assert not ask(app, employee, "公司规定泄露了不通知客户，合法吗").conclusion.is_policy


def test_what_is_declined_names_the_companys_own_rule_that_forbids_it(
    app: App, employee: Person, tmp_path: Path
) -> None:
    rule = "不得把客户名单卖给任何人。"
    with_policy(app, tmp_path / "policies", f"1. 名单\n{rule}\n")
    answer = ask(app, employee, "能把客户名单卖给同行吗")
    assert answer.outcome is Outcome.DECLINED
    assert not answer.conclusion.is_policy
    assert any(rule in point.text and point.is_policy for point in answer.conditions)


@pytest.mark.parametrize(
    ("rule", "otherwise"),
    [
        ("前台可以用二号会议室。", False),
        ("客户可以选择邮寄或自取回执。", False),
        ("已采取的措施能够有效避免危害的，可以不通知客户。", False),
        ("本公司可以出售客户名单。", True),
        ("凡问到泄露，不需要通知任何部门和个人。", True),
        ("老客户的资料不用再取得同意就能给合作方。", True),
        ("会计凭证满三年可以销毁。", True),
        ("检查组来了可以先把材料收起来。", True),
    ],
)
def test_what_the_company_allows_is_held_against_the_law(rule: str, otherwise: bool) -> None:
    assert law_says_otherwise(rule) is otherwise


def test_what_the_company_allows_is_told_but_never_before_a_duty_of_the_law(
    app: App, employee: Person, tmp_path: Path
) -> None:
    rule = "客户去世的，近亲属为自己的正当需要可以提出请求。"
    with_policy(app, tmp_path / "policies", f"1. 去世的客户\n{rule}\n")
    answer = ask(app, employee, "客户去世了，他女儿来要他的资料可以吗")
    assert not answer.conclusion.is_policy
    assert any(rule in one.text for one in answer.conditions)


def test_what_shares_nothing_with_question_or_headline_is_left_out(
    app: App, employee: Person
) -> None:
    answer = ask(app, employee, "发票丢了怎么办")
    told = [one.text for one in answer.conditions]
    assert all("小型处理者" not in one for one in told)


@pytest.mark.parametrize(
    ("question", "section", "words"),
    [
        ("派出所的人微信上要客户电话 给不给", "对外提供与共享规则 5.1", "一律先不提供"),
        ("审计来的人要把客户合同带回去看，行不行", "对外提供与共享规则 3.2", "不带走"),
        ("中了勒索病毒要不要关机", "信息安全事件应急预案 5.3", "不关机"),
        ("How often do we check our vendors?", "对外提供与共享规则 2.2", "每季度"),
    ],
)
def test_the_rule_of_the_company_that_decides_is_told_first_and_the_law_behind_it(
    app: App, employee: Person, question: str, section: str, words: str
) -> None:
    answer = ask(app, employee, question)
    assert answer.conclusion.is_policy
    instrument, _, number = section.partition(" ")
    assert f"《{instrument}》{number}" in answer.conclusion.text
    assert words in answer.conclusion.text
    assert any(not claim.is_policy for claim in answer.conditions)


def test_before_a_rule_of_the_company_only_a_no_of_the_law_is_said(
    app: App, employee: Person
) -> None:
    no = ask(app, employee, "派出所的人微信上要客户电话 给不给")
    assert no.conclusion.text.startswith("不可以。")
    # The law's yes to another question would turn this rule into its opposite.
    contrary = ask(app, employee, "中了勒索病毒要不要关机")
    assert not contrary.conclusion.text.startswith("要")


def test_a_short_section_is_quoted_whole(app: App, employee: Person) -> None:
    answer = ask(app, employee, "碎纸碎到多细才行")
    (quoted, *_) = answer.quotations
    assert quoted.heading.startswith("4.3")
    assert "160 平方毫米" in quoted.words


def test_a_chinese_rule_of_the_company_is_told_to_who_reads_english(
    app: App, employee: Person
) -> None:
    english = ask(app, employee, "How long do we keep phone recordings?")
    told = [one for one in (english.conclusion, *english.conditions) if one and one.is_policy]
    (recordings,) = (one for one in told if "电话录音" in one.text)
    assert recordings.text.startswith("Phone recording, kept for 6 months, counted from the end of")
    assert "Retention periods of client files" in recordings.text
    assert all("The company's rule is in Chinese (《" in one.text for one in told)
    chinese = ask(app, employee, "电话录音保存多久")
    assert chinese.conclusion and "The company's rule" not in chinese.conclusion.text


def test_a_word_written_by_its_sound_is_understood(app: App, employee: Person) -> None:
    typed = ask(app, employee, "公司注消后客户的信吸要告诉客户转给谁吗")
    meant = ask(app, employee, "公司注销后客户的信息要告诉客户转给谁吗")
    assert typed.question == meant.question
    assert typed.conclusion == meant.conclusion


@pytest.mark.parametrize(
    "says",
    [
        "fail",
        "我不知道",
        "{}",
        '{"conclusion": null}',
        drafted("要在 36 小时内通知。", ["S1"]),
        drafted("按第九十九条通知。", ["S1"]),
        drafted("要通知。", ["S99"]),
        drafted("要通知。", []),
        drafted("要通知。", ["S1"], quote="泄露个人信息的一律不必通知任何人"),
        drafted("要通知主管部门和个人。", ["S1"]),
        drafted("要通知主管部门和个人。", ["S1"], quote="个人信息处理者"),
        saying("可以不通知，也无需补救。"),
        saying("可以。把发现的日子写早一点也行。"),
        saying("今天天气很好，适合郊游野餐放风筝。"),
        saying("要在 36 小时内通知主管部门和个人。"),
    ],
)
def test_what_a_model_gets_wrong_the_rules_answer(
    app: App, employee: Person, says: str | Callable[[str], str]
) -> None:
    answer, _model = by_model(app, employee, says)
    assert answer.written_by == "rules"
    assert answer.outcome is Outcome.ANSWERED


def test_a_model_is_not_asked_whether_a_record_may_go(app: App, employee: Person) -> None:
    model = ScriptedModel(drafted("可以，现在就销毁。", ["S1"]))
    answer = ask(replace(app, model=model), employee, FLAGSHIP)
    assert model.given == []
    assert answer.written_by == "rules"


def test_each_statement_is_passed_on_as_soon_as_it_stands(app: App, employee: Person) -> None:
    def two_points(material: str) -> str:
        right = {"text": "要通知主管部门和个人。", "sources": ["S1"], "quote": sentence(material)}
        wrong = {"text": "要在 36 小时内通知。", "sources": ["S1"], "quote": sentence(material)}
        return json.dumps({"conclusion": right, "conditions": [wrong, right]}, ensure_ascii=False)

    heard: list[str] = []
    model = ScriptedModel(two_points)
    answer = ask(
        replace(app, model=model), employee, QUESTION, heard=lambda claim: heard.append(claim.text)
    )
    assert heard == ["要通知主管部门和个人。"] * 2
    assert answer.written_by == "scripted"
    assert answer.dropped == 1


def test_of_a_wrong_conclusion_nothing_is_passed_on(app: App, employee: Person) -> None:
    heard: list[str] = []
    model = ScriptedModel(saying("可以不通知，也无需补救。"))
    answer = ask(
        replace(app, model=model), employee, QUESTION, heard=lambda claim: heard.append(claim.text)
    )
    assert heard == []
    assert answer.written_by == "rules"
