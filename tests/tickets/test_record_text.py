"""Questions about keeping and destroying, read by their words."""

from datetime import date

import pytest

from tickets.retention.decision import (
    Flag,
    HolderType,
    RecordKind,
    StartEvent,
    Status,
    decide,
    record_facts_from_text,
)
from tickets.retention.record_text import binds_others

K, H, E = RecordKind, HolderType, StartEvent
TODAY = date(2026, 11, 23)
FLAGSHIP = "客户解约三年了，他的身份证复印件可以销毁吗？"

QUESTIONS = [
    (
        "我们是银行，客户2021年8月1日销户，客户身份资料保存到什么时候？",
        K.IDENTITY_COPY,
        H.FINANCIAL,
        {E.ACCOUNT_CLOSED: "2021-08-01"},
    ),
    (
        "客户2023年5月10日在我行销的户，开户资料最少放到哪天",
        K.IDENTITY_COPY,
        H.FINANCIAL,
        {E.ACCOUNT_CLOSED: "2023-05-10"},
    ),
    (FLAGSHIP, K.IDENTITY_COPY, None, {E.RELATIONSHIP_ENDED: "2023-11-23"}),
    (
        "客户解约三年了,他的身份证复印件可以销毁吗?",
        K.IDENTITY_COPY,
        None,
        {E.RELATIONSHIP_ENDED: "2023-11-23"},
    ),
    (
        "客户三年前解约了，身份证复印件能碎掉吗？",
        K.IDENTITY_COPY,
        None,
        {E.RELATIONSHIP_ENDED: "2023-11-23"},
    ),
    (
        "2023年5月解约的客户，身份证复印件还要留多久？",
        K.IDENTITY_COPY,
        None,
        {E.RELATIONSHIP_ENDED: "2023-05-31"},
    ),
    (
        "客户2023年5月12日解约，护照扫描件可以删除吗？",
        K.IDENTITY_COPY,
        None,
        {E.RELATIONSHIP_ENDED: "2023-05-12"},
    ),
    (
        "银行客户去年底销户，身份证复印件可以销毁吗？",
        K.IDENTITY_COPY,
        H.FINANCIAL,
        {E.ACCOUNT_CLOSED: "2025-12-31"},
    ),
    (
        "我们是支付机构，客户两年前终止合作，身份证复印件能删除吗",
        K.IDENTITY_COPY,
        H.FINANCIAL,
        {E.RELATIONSHIP_ENDED: "2024-11-23"},
    ),
    (
        "证券公司客户2010年销户，开户时的身份证复印件能销毁吗",
        K.IDENTITY_COPY,
        H.SECURITIES,
        {E.ACCOUNT_CLOSED: "2010-12-31"},
    ),
    (
        "保险公司的保险合同到期十年了可以销毁吗",
        K.CONTRACT,
        H.INSURER,
        {E.RELATIONSHIP_ENDED: "2016-11-23"},
    ),
    (
        "医院的住院病历，患者1996年11月22日出院，能销毁吗",
        K.MEDICAL_RECORD,
        H.MEDICAL,
        {E.LAST_DISCHARGE: "1996-11-22"},
    ),
    (
        "电商平台的交易记录，三年前交易完成的，可以删除吗",
        K.ECOMMERCE_TRANSACTION,
        H.ECOMMERCE_PLATFORM,
        {E.TRANSACTION_ENDED: "2023-11-23"},
    ),
    ("半年前的系统日志可以清理吗", K.LOG, None, {E.LOGGED: "2026-05-23"}),
    ("30天前的监控录像可以删掉吗", K.CCTV, None, {E.CAPTURED: "2026-10-24"}),
    (
        "员工离职两年了，劳动合同可以销毁吗",
        K.LABOUR_CONTRACT,
        None,
        {E.EMPLOYMENT_ENDED: "2024-11-23"},
    ),
    ("2015年的会计凭证能不能销毁", K.ACCOUNTING_VOUCHER, None, {E.DOCUMENT_DATED: "2015-12-31"}),
    ("五年前开具的发票存根联可以销毁吗", K.INVOICE, None, {E.INVOICE_ISSUED: "2021-11-23"}),
    (
        "客户上个月撤回同意，营销名单要不要删除",
        K.MARKETING_LIST,
        None,
        {E.CONSENT_WITHDRAWN: "2026-10-31"},
    ),
    ("影响评估报告要保存多久", K.PIA_REPORT, None, {}),
    ("客户已解约，身份证复印件能销毁吗", K.IDENTITY_COPY, None, {}),
    (
        "Can we shred the ID copies of clients terminated three years ago?",
        K.IDENTITY_COPY,
        None,
        {E.RELATIONSHIP_ENDED: "2023-11-23"},
    ),
    (
        "The client contract ended in May 2023. Can we destroy the passport copy?",
        K.IDENTITY_COPY,
        None,
        {E.RELATIONSHIP_ENDED: "2023-05-31"},
    ),
    (
        "Our bank closed the account on 12 May 2023; may we delete the ID copy?",
        K.IDENTITY_COPY,
        H.FINANCIAL,
        {E.ACCOUNT_CLOSED: "2023-05-12"},
    ),
    ("How long must we keep invoices?", K.INVOICE, None, {}),
    (
        "We are a bank. The client closed the account on 2022-05-10. When may the identity records go?",
        K.IDENTITY_COPY,
        H.FINANCIAL,
        {E.ACCOUNT_CLOSED: "2022-05-10"},
    ),
    (
        "去年5月解约的客户身份证复印件能删吗",
        K.IDENTITY_COPY,
        None,
        {E.RELATIONSHIP_ENDED: "2025-05-31"},
    ),
    (
        "去年3月15号解约的客户，身份证复印件能删吗",
        K.IDENTITY_COPY,
        None,
        {E.RELATIONSHIP_ENDED: "2025-03-15"},
    ),
    (
        "前年十二月二十一日解约的客户身份证复印件能删吗",
        K.IDENTITY_COPY,
        None,
        {E.RELATIONSHIP_ENDED: "2024-12-21"},
    ),
    ("去年二月三十号解约，身份证复印件能删吗", K.IDENTITY_COPY, None, {}),
    ("客户已经三年没有联系，身份证复印件可以删吗", K.IDENTITY_COPY, None, {}),
    ("2016年的身份证复印件可以销毁吗", K.IDENTITY_COPY, None, {}),
    ("保存三年的发票能销毁吗", K.INVOICE, None, {}),
    (
        "解约两年半了，身份证复印件能留吗",
        K.IDENTITY_COPY,
        None,
        {E.RELATIONSHIP_ENDED: "2024-05-23"},
    ),
    (
        "终止合作已满三年的客户合同能否销毁？",
        K.CONTRACT,
        None,
        {E.RELATIONSHIP_ENDED: "2023-11-23"},
    ),
    (
        "客户的银行卡复印件可以销毁吗？解约两年了",
        K.CLIENT_FILES,
        None,
        {E.RELATIONSHIP_ENDED: "2024-11-23"},
    ),
    ("Can we delete log files from 7 months ago?", K.LOG, None, {E.LOGGED: "2026-04-23"}),
    (
        "Employee resigned two years ago, can the labour contract be destroyed?",
        K.LABOUR_CONTRACT,
        None,
        {E.EMPLOYMENT_ENDED: "2024-11-23"},
    ),
]


@pytest.mark.parametrize(("text", "kind", "holder", "dates"), QUESTIONS)
def test_a_question_gives_kind_holder_and_date(
    text: str, kind: RecordKind, holder: HolderType | None, dates: dict[StartEvent, str]
) -> None:
    found = record_facts_from_text(text, today=TODAY)
    assert found is not None
    assert (found.kind, found.holder) == (kind, holder)
    assert found.dates == {event: date.fromisoformat(day) for event, day in dates.items()}


@pytest.mark.parametrize(
    "text",
    [
        "身份证丢了怎么办",
        "客户想更正手机号，怎么办理？",
        "个人信息保护法第47条说了什么",
        "怎么把客户名单加密",
        "今天食堂吃什么",
        "可以销毁吗",
        "笔记本电脑丢了，里面有1200名客户的资料",
        "What does PIPL article 47 say?",
        "Who is the records officer?",
        "",
    ],
)
def test_what_is_not_about_keeping_or_destroying_a_record_is_left_alone(text: str) -> None:
    assert record_facts_from_text(text, today=TODAY) is None


@pytest.mark.parametrize(
    ("text", "dispute", "hold"),
    [
        ("客户解约三年，正在打官司，身份证复印件能销毁吗", True, False),
        ("有投诉未结，客户合同可以销毁吗", True, False),
        ("投诉已经结案，客户合同可以销毁吗", False, False),
        ("没有纠纷，客户合同可以销毁吗", False, False),
        ("税务稽查期间，会计凭证可以销毁吗", False, True),
        ("公司正在接受调查，客户资料可以删除吗", False, True),
        ("没有正在进行的调查，客户资料可以删除吗", False, False),
        ("There is a pending lawsuit, can we destroy the contract?", True, False),
        ("No dispute is open, can we destroy the contract?", False, False),
        ("We are under investigation; may we delete the customer list?", False, True),
        ("网信办要来检查，先把日志删了行吗", False, True),
        ("审计组明天来，旧合同先销毁掉可以吗", False, True),
        ("Inspectors are coming tomorrow, can we delete the logs?", False, True),
        ("检查清单里的旧合同能销毁吗", False, False),
        ("2018年解约，公安机关要求保留，身份证复印件能销毁吗", False, True),
        ("律师说先别删，客户合同可以销毁吗", False, True),
        ("证监会在查，身份证复印件能销毁吗", False, True),
        ("法院要我们保留的资料能删吗？", False, True),
        ("没有结案的官司，身份证复印件能销毁吗", True, False),
        ("还有一笔欠款没还，身份证复印件能销毁吗", True, False),
        ("有笔退款还没退，客户合同能销毁吗", True, False),
        ("会计凭证要保存几年", False, False),
        ("法律要求保存三年的合同能销毁吗", False, False),
        ("定期检查客户信息，旧的能销毁吗", False, False),
        (FLAGSHIP, False, False),
    ],
)
def test_open_disputes_and_holds_are_heard_and_closed_ones_are_not(
    text: str, dispute: bool, hold: bool
) -> None:
    found = record_facts_from_text(text, today=TODAY)
    assert found is not None
    assert (found.dispute, found.hold) == (dispute, hold)


def test_not_yet_is_heard() -> None:
    found = record_facts_from_text("客户还没解约，身份证复印件可以销毁吗", today=TODAY)
    assert found is not None
    assert found.not_happened == {E.RELATIONSHIP_ENDED}
    assert not found.dates


@pytest.mark.parametrize(
    "text",
    [
        "The client ended the contract in June 2021. Can we destroy the ID copy?",
        "客户2021年6月合同终止，身份证复印件能销毁吗？",
    ],
)
def test_what_ended_is_no_record_asked_about(text: str) -> None:
    facts = record_facts_from_text(text, today=date(2026, 11, 23))
    assert facts is not None
    assert (facts.kind, facts.also) == (RecordKind.IDENTITY_COPY, ())
    assert facts.dates == {StartEvent.RELATIONSHIP_ENDED: date(2021, 6, 30)}


def test_flags_are_heard() -> None:
    found = record_facts_from_text("发票已入账，可以销毁吗", today=TODAY)
    assert found is not None
    assert found.flags == {Flag.ACCOUNTING_ATTACHMENT: True}


def test_the_flagship_question_reaches_its_answer_from_the_words_alone() -> None:
    facts = record_facts_from_text(FLAGSHIP, today=TODAY)
    assert facts is not None
    found = decide(facts, today=TODAY)
    answers = {one.holder: one.decision for one in found.alternatives}
    assert answers[H.COMPANY].status is Status.MUST_DELETE
    assert answers[H.FINANCIAL].earliest == date(2033, 11, 24)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2020年1月1日签的协议,2024年6月30日解约,身份证复印件能销毁吗", date(2024, 6, 30)),
        ("2023年5月签约,2025年解约,身份证复印件能销毁吗", date(2025, 12, 31)),
        ("有效期到2020年1月1日，2025年解约，身份证复印件能销毁吗", date(2025, 12, 31)),
        ("2020年签约2024年解约的身份证复印件能销毁吗", None),
        ("2021年13月45日解约,身份证复印件能销毁吗", None),
        ("2024年6月30日解约,身份证复印件能销毁吗", date(2024, 6, 30)),
    ],
)
def test_of_several_dates_only_the_one_that_is_plainly_its_own_counts(
    text: str, day: date | None
) -> None:
    found = record_facts_from_text(text, today=TODAY)
    assert found is not None
    assert found.dates.get(E.RELATIONSHIP_ENDED) == day


@pytest.mark.parametrize(
    ("text", "strictest", "also"),
    [
        ("他的身份证复印件和付款凭证可以一起销毁吗", K.ACCOUNTING_VOUCHER, {K.IDENTITY_COPY}),
        ("合同、身份证复印件和收据能销毁吗", K.ACCOUNTING_VOUCHER, {K.CONTRACT, K.IDENTITY_COPY}),
        ("客户资料里的身份证复印件能销毁吗", K.IDENTITY_COPY, set()),
        ("客户资料能销毁吗", K.CLIENT_FILES, set()),
        ("客户名单能删吗", K.CUSTOMER_LIST, set()),
    ],
)
def test_every_kind_named_is_heard_and_the_one_kept_longest_leads(
    text: str, strictest: RecordKind, also: set[RecordKind]
) -> None:
    found = record_facts_from_text(text, today=TODAY)
    assert found is not None
    assert (found.kind, set(found.also)) == (strictest, also)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("客户22年3月就不做了 身份证复印件现在能碎了吗", date(2022, 3, 31)),
        ("我们公司客户22年3月就不做了 他的身份证复印件能销毁吗", date(2022, 3, 31)),
        ("22年3月就不做了，身份证复印件能碎了吗", date(2022, 3, 31)),
        ("客户去年底停的，身份证复印件能扔吗", date(2025, 12, 31)),
        ("大前年散伙的客户身份证复印件可以销毁吗", date(2023, 12, 31)),
        ("客户上上个月不合作了 身份证复印件能碎吗", date(2026, 9, 30)),
        ("跟客户早散伙了，22年3月的事，身份证复印件能扔吗", date(2022, 3, 31)),
        ("22年停的客户，身份证复印件能碎吗", date(2022, 12, 31)),
        ("The client stopped working with us in Mar '22, can we shred the ID copy?", date(2022, 3, 31)),
        ("The customer quit last year, can we delete the ID copies?", date(2025, 12, 31)),
        # Nobody said when, or which of two.
        ("客户早就走了，身份证复印件能删吗", None),
        ("客户解约快三年了，身份证复印件能碎吗", None),
        ("2020年签约22年3月解约的身份证复印件能销毁吗", None),
    ],
)  # fmt: skip
def test_the_end_is_read_as_people_say_it(text: str, day: date | None) -> None:
    found = record_facts_from_text(text, today=TODAY)
    assert found is not None
    assert found.dates.get(E.RELATIONSHIP_ENDED) == day
    assert day or E.RELATIONSHIP_ENDED in found.happened


@pytest.mark.parametrize(
    "text",
    [
        "公司22年3月就不做了，客户身份证复印件能碎了吗",
        "我们公司明年不做了，客户身份证复印件能碎了吗",
        "客户的销毁流程走了吗，身份证复印件能删吗",
        "客户打算不做了，身份证复印件能删吗",
        "客户准备解约，身份证复印件能删吗",
        "客户明年3月解约，身份证复印件能删吗",
        "快到期解约的客户，身份证复印件能删吗",
        "客户要销户，他的身份证复印件能删吗",
    ],
)
def test_an_end_of_something_else_or_to_come_is_no_end(text: str) -> None:
    found = record_facts_from_text(text, today=TODAY)
    assert found is not None
    assert not found.dates
    assert not found.happened


@pytest.mark.parametrize(
    ("text", "dispute"),
    [
        ("投诉还没处理完的客户 他到期的资料能销吗", True),
        ("客户还在闹，身份证复印件能删吗", True),
        ("赔偿没谈拢的客户，身份证复印件能碎吗", True),
        ("客户的事情还没了，身份证复印件能碎吗", True),
        ("投诉处理完了，客户合同可以销毁吗", False),
        ("官司都和解了，合同能销吗", False),
        ("同事还没处理的旧合同能销吗", False),
    ],
)
def test_a_dispute_in_everyday_words_is_heard_until_it_is_over(text: str, dispute: bool) -> None:
    found = record_facts_from_text(text, today=TODAY)
    assert found is not None
    assert found.dispute is dispute


def test_chats_are_no_network_logs() -> None:
    for text in ("how long do we keep customer chat logs", "聊天日志要保存多久"):
        assert record_facts_from_text(text, today=TODAY) is None
    found = record_facts_from_text("how long do we keep access logs", today=TODAY)
    assert found is not None
    assert found.kind is K.LOG


def test_whether_a_record_outlives_the_company_turns_on_no_day() -> None:
    facts = record_facts_from_text("公司注销了会计凭证还要留吗", today=TODAY)
    assert facts is not None
    found = decide(facts, today=TODAY)
    assert (found.status, found.missing) == (Status.NOT_YET, ())
    assert found.summary.zh.startswith("要留")
    when = record_facts_from_text("公司注销了，会计凭证什么时候可以销毁", today=TODAY)
    assert when is not None
    assert [one.name for one in decide(when, today=TODAY).missing] == ["document_dated"]


@pytest.mark.parametrize(
    ("binds", "holder", "text", "others"),
    [
        (("金融机构", "特定非金融机构"), H.COMPANY, "客户身份证复印件能销毁吗", True),
        (("金融机构",), H.COMPANY, "银行客户的身份证复印件能销毁吗", False),
        (("金融机构",), H.COMPANY, "反洗钱要求身份资料留几年", False),
        (("金融机构",), H.INSURER, "客户身份证复印件能销毁吗", False),
        (("医疗机构",), H.FINANCIAL, "客户身份证复印件能销毁吗", True),
        (("个人信息处理者",), H.COMPANY, "客户身份证复印件能销毁吗", False),
    ],
)
def test_rules_of_another_trade_are_told_only_where_it_is_spoken_of(
    binds: tuple[str, ...], holder: HolderType, text: str, others: bool
) -> None:
    assert binds_others(binds, holder, text) is others
