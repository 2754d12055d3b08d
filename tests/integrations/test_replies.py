"""The neutral reply: conclusion first, sources, clocks; what is not law is never shown as law."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from assistant.answering.answers import Answer, Claim, Mention, Outcome, Quotation
from assistant.answering.clarify import Clarification, Option
from assistant.app import App
from assistant.destruction.destroy_data import request_destruction
from assistant.incidents.drills import start_drill
from assistant.incidents.report_incident import report_incident
from assistant.tickets_view import read_ticket
from integrations.acts import ACTS, Wish
from integrations.replies import (
    Reply,
    Tone,
    answer_reply,
    as_text,
    destruction_reply,
    error_reply,
    help_reply,
    incident_reply,
    restricted_reply,
    ticket_reply,
)
from integrations.replies.wording import article, articles, from_now, headed, span
from knowledge.duties import Confidence
from knowledge.levels import Level
from records.language import Bilingual, Language
from records.people import Person, Role
from tickets.clocks.deadlines import Deadline
from tickets.retention.facts import HolderType

ZH, EN = Language.ZH, Language.EN
QUOTATION = Quotation(
    number=1,
    provision_id="某法@2021-11-01#47",
    instrument="个人信息保护法",
    heading="第四十七条",
    level=Level.LAW,
    words="应当主动删除个人信息",
    in_force_since=date(2021, 11, 1),
    source="",
)


def _answer(**parts: Any) -> Answer:
    whole: dict[str, Any] = {
        "id": "Q-1",
        "question": "可以销毁吗？",
        "language": ZH,
        "outcome": Outcome.ANSWERED,
        "conclusion": Claim("可以销毁。", quotations=(1,)),
        "conditions": (),
        "next_steps": (),
        "quotations": (QUOTATION,),
        "as_of": date(2026, 11, 23),
        "masked": (),
        "instead": "",
        "written_by": "rules",
    }
    return Answer(**{**whole, **parts})


def test_an_answer_reads_in_this_order() -> None:
    answer = _answer(
        conditions=(Claim("没有争议。", (1,), (Mention("档案法", ("14", "15")),)),),
        next_steps=("登记销毁工单。",),
        masked=("身份证号 ×2",),
        dropped=1,
    )
    assert as_text(answer_reply(answer), 200).splitlines() == [
        "结论",
        "可以销毁。 [1]",
        "按此日的规定：2026-11-23",
        "",
        "条件与例外",
        "- 没有争议。 [1]（《档案法》第14条、第15条（正文未装入，不能引用原文））",
        "",
        "下一步",
        "- 登记销毁工单。",
        "",
        "[1] 《个人信息保护法》第四十七条 · 法律 · 2021-11-01 起施行",
        "  应当主动删除个人信息",
        "",
        "另有 1 处表述没有通过核对，已去掉。",
        "依据条文整理，供内部办事参考，不是法律意见；拿不准时请问负责人。",
        "已先遮盖您文字中的个人信息：身份证号 ×2。",
    ]


def test_limits_are_said_once_in_a_thread() -> None:
    first, later = answer_reply(_answer()), answer_reply(_answer(first=False))
    assert any("不是法律意见" in note for note in first.notes)
    assert not any("不是法律意见" in note for note in later.notes)


def test_what_is_asked_back_stands_with_its_choices() -> None:
    options = (Option("company", "一般公司"), Option("financial", "银行"))
    asked = Clarification("holder", "你们是哪类单位？", options)
    text = as_text(answer_reply(_answer(clarification=asked)))
    assert "你们是哪类单位？\n  1. 一般公司\n  2. 银行" in text


@pytest.mark.parametrize(
    ("confidence", "is_law", "label"),
    [
        (Confidence.VERIFIED, True, ""),
        (Confidence.VERIFIED_SECONDARY, True, "仅据转载或摘要核对"),
        (Confidence.UNVERIFIED, True, "待核实，不作为法律依据"),
        (Confidence.UNVERIFIED, False, "待核实，不作为法律依据"),
    ],
)
def test_how_sure_we_are_stands_before_the_statement(
    confidence: Confidence, is_law: bool, label: str
) -> None:
    claim = Claim("可以。", (1,), confidence=confidence, is_law=is_law)
    assert answer_reply(_answer(conclusion=claim)).lead.label == label
    if label:
        assert f"【{label}】可以。" in as_text(answer_reply(_answer(conclusion=claim)))


def test_advice_is_not_shown_as_law() -> None:
    claim = Claim("建议加密。", (1,), is_law=False)
    reply = answer_reply(_answer(conclusion=claim))
    assert reply.lead.label
    assert reply.tone is Tone.CAUTION


def test_nothing_found_says_so_and_whom_to_ask() -> None:
    answer = _answer(
        outcome=Outcome.NOT_FOUND, conclusion=None, quotations=(), instead="请问：法务。"
    )
    reply = answer_reply(answer)
    assert (reply.title, reply.lead.text) == ("没有找到依据", "请问：法务。")
    assert reply.quotes == ()


def test_an_incident_names_each_clock_with_recipient_article_and_time(
    app: App, employee: Person
) -> None:
    report = report_incident(app, employee, "勒索软件加密了客户数据库，200 万人的身份证号")
    text = as_text(incident_reply(report, now=app.clock() + timedelta(minutes=40)), 400)
    timed = [one for one in report.ticket.deadlines if one.due_at and not one.conditional]
    assert timed
    for deadline in report.ticket.deadlines:
        assert deadline.recipient.zh in text
        assert deadline.instrument in text
    for deadline in timed:
        assert deadline.due_at is not None
        left = from_now(deadline.due_at, app.clock() + timedelta(minutes=40), ZH)
        local = (deadline.due_at + timedelta(hours=8)).strftime("%Y-%m-%d %H:%M")
        assert f"{local}（北京时间）前（{left}）" in text
    assert report.ticket.steps[0].step.text.zh in text
    assert text.index("先做这一步") < text.index("时限（从知悉时起算")


def test_an_incident_with_unknown_head_count_shows_graver_clocks_as_conditional(
    app: App, employee: Person
) -> None:
    report = report_incident(app, employee, "服务器被勒索软件加密")
    text = as_text(incident_reply(report, now=app.clock()), 400)
    assert "暂定：人数未知" in text
    assert "【视情况适用" in text


def test_an_unverified_clock_is_labelled_and_never_leads(app: App, employee: Person) -> None:
    report = report_incident(app, employee, "服务器被勒索软件加密，200 万人")
    doubtful = tuple(_doubted(one) for one in report.ticket.deadlines)
    ticket = replace(report.ticket, deadlines=doubtful)
    reply = incident_reply(replace(report, ticket=ticket), now=app.clock())
    clocks = next(one for one in reply.sections if one.heading.startswith("时限"))
    assert all("待核实，不作为法律依据" in point.label for point in clocks.points)
    assert "最近的时限" not in reply.lead.text


def _doubted(deadline: Deadline) -> Deadline:
    return replace(deadline, confidence=type(deadline.confidence)("unverified"))


def test_where_others_read_only_the_number_is_said(app: App, employee: Person) -> None:
    report = report_incident(app, employee, "笔记本丢了，1200 名客户的身份证号")
    text = as_text(restricted_reply(report))
    assert report.ticket.id in text
    assert "笔记本" not in text
    assert "1200" not in text


def test_a_destruction_request_says_the_earliest_lawful_date(app: App, employee: Person) -> None:
    request = request_destruction(app, employee, "2010 年的会计凭证")
    reply = destruction_reply(request)
    assert request.decision.earliest is not None
    assert ("最早合法销毁日期", request.decision.earliest.isoformat()) in [
        (fact.name, fact.value) for fact in reply.facts
    ]
    assert "会计档案管理办法" in as_text(reply)
    assert "两人批准" in as_text(reply)


def test_a_missing_fact_is_asked_for_before_anything_else(app: App, employee: Person) -> None:
    reply = destruction_reply(request_destruction(app, employee, "2020年解约客户的身份证复印件"))
    assert reply.sections[0].heading.startswith("请补充")
    assert [one.heading for one in reply.sections].count("按公司类型") == 1


def test_a_hold_stops_everything(app: App, employee: Person) -> None:
    request = request_destruction(
        app, employee, "2010年的身份证复印件", holder=HolderType.COMPANY, hold=True
    )
    reply = destruction_reply(request)
    assert reply.tone is Tone.ALARM
    assert "暂停销毁" in reply.title


def test_a_ticket_is_shown_with_what_runs(app: App, employee: Person) -> None:
    report = report_incident(app, employee, "笔记本丢了，1200 名客户")
    view = read_ticket(app, employee, report.ticket.id)
    text = as_text(ticket_reply(view, language=ZH, now=app.clock()), 200)
    assert report.ticket.id in text
    assert "处理中" in text
    assert "第57条" in text


def test_a_drill_says_so_also_after_a_step_of_it(
    app: App, person_with: Callable[..., Person]
) -> None:
    trainer, responder = person_with(Role.TRAINER), person_with(Role.RESPONDER)
    drill = start_drill(app, trainer, "lost-laptop", [responder.id]).ticket.id
    shown = ticket_reply(read_ticket(app, responder, drill), language=ZH, now=app.clock())
    wish = Wish("k1", app.clock(), f"{drill}:1", {"reason": "已锁定"})
    after = ACTS["step-done"].do(app, responder, wish)
    assert after.title == f"【演练】{drill} 第1步已完成"
    for reply in (shown, after):
        assert reply.notes[0] == "演练：不是真实事件，不对外发送。"


@pytest.mark.parametrize("language", list(Language))
def test_every_reply_is_in_one_language_throughout(
    app: App, employee: Person, language: Language
) -> None:
    words = "笔记本丢了" if language is ZH else "laptop stolen"
    report = report_incident(app, employee, words, language=language)
    request = request_destruction(app, employee, "2020 年的合同", language=language)
    replies = [
        incident_reply(report, now=app.clock()),
        restricted_reply(report),
        destruction_reply(request),
        help_reply(language),
        error_reply(Bilingual("不行。", "No."), language),
        answer_reply(_answer(language=language, conclusion=Claim("x", (1,)))),
    ]
    for reply in replies:
        assert reply.language is language
        ours = [reply.title, *(fact.name for fact in reply.facts)]
        ours += [section.heading for section in reply.sections]
        for text in ours:
            assert any("一" <= character <= "鿿" for character in text) is (language is ZH), text


def test_a_reply_holds_nothing_but_plain_values() -> None:
    def plain(value: object) -> bool:
        if is_dataclass(value):
            return all(plain(getattr(value, one.name)) for one in fields(value))
        if isinstance(value, tuple):
            return all(plain(one) for one in value)
        return isinstance(value, str | int | date | None)

    assert plain(answer_reply(_answer()))
    assert isinstance(answer_reply(_answer()), Reply)


NOW = datetime(2026, 11, 20, 20, 15)  # noqa: DTZ001 - only differences matter here


@pytest.mark.parametrize(
    ("later", "zh", "en"),
    [
        (timedelta(hours=3, minutes=20), "还剩 3 小时 20 分", "3 h 20 min left"),
        (timedelta(days=2, hours=1, minutes=9), "还剩 2 天 1 小时", "2 d 1 h left"),
        (timedelta(minutes=1), "还剩 1 分", "1 min left"),
        (timedelta(seconds=59), "还剩 不到 1 分", "under 1 min left"),
        (timedelta(0), "还剩 不到 1 分", "under 1 min left"),
        (-timedelta(minutes=5), "已逾期 5 分", "overdue by 5 min"),
        (-timedelta(days=1), "已逾期 1 天", "overdue by 1 d"),
    ],
)
def test_how_long_from_now(later: timedelta, zh: str, en: str) -> None:
    assert from_now(NOW + later, NOW, ZH) == zh
    assert from_now(NOW + later, NOW, EN) == en


def test_a_span_names_two_units() -> None:
    assert span(timedelta(days=1, hours=2, minutes=3), ZH) == "1 天 2 小时"


@pytest.mark.parametrize(
    ("number", "zh", "en"),
    [
        ("47", "《某法》第47条", "某法 art. 47"),
        ("253之一", "《某法》第253条之一", "某法 art. 253之一"),
        ("附件", "《某法》附件", "某法 附件"),
        (None, "《某法》", "某法"),
    ],
)
def test_how_an_article_is_named(number: str | None, zh: str, en: str) -> None:
    assert article("某法", number, ZH) == zh
    assert article("某法", number, EN) == en


def test_readers_of_english_are_shown_what_the_law_is_called_in_english() -> None:
    for name in ("公司法", "中华人民共和国公司法"):
        assert article(name, "231", EN) == "Company Law (公司法) art. 231"
    assert articles("公司法", ("231", "232"), EN) == "Company Law (公司法) art. 231, 232"
    assert headed("公司法", "第二百三十一条", EN) == "Company Law (公司法), 第二百三十一条"
    assert headed("公司法", "第二百三十一条", ZH) == "《公司法》第二百三十一条"


def test_how_several_articles_are_named() -> None:
    assert articles("某法", ("1", "2之一"), ZH) == "《某法》第1条、第2条之一"
    assert articles("某法", ("1", "2"), EN) == "某法 art. 1, 2"
    assert articles("某法", (), ZH) == "《某法》"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("一二三四五六", ["一二三四", "五六"]),
        ("一二三四。五六", ["一二三", "四。五六"]),
        ("may we do it", ["may we", "do it"]),
        ("a 一二三", ["a 一二三"]),
    ],
)
def test_lines_are_wrapped_by_columns(text: str, lines: list[str]) -> None:
    reply = error_reply(Bilingual(text, text), ZH)
    assert as_text(reply, 8).splitlines()[1:] == lines


@pytest.mark.parametrize(("language", "words"), [(ZH, "施行日未经核实"), (EN, "not certain")])
def test_a_day_nobody_read_in_the_text_is_marked_beside_the_article(
    language: Language, words: str
) -> None:
    doubtful = replace(QUOTATION, date_certain=False)
    for quotation, marked in ((QUOTATION, False), (doubtful, True)):
        reply = answer_reply(_answer(language=language, quotations=(quotation,)))
        assert (words in as_text(reply)) is marked
