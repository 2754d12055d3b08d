"""Reports of incidents, read by their words, and their grades."""

import pytest

from tickets.citation import Confidence
from tickets.incidents.grade import IncidentFacts, IncidentKind, Severity, facts_from_text, grade

Kind = IncidentKind

REPORTS = [
    ("笔记本丢了 1200 名客户", Kind.LOST_DEVICE, 1200),
    ("销售主管的笔记本电脑落在出租车上，里面有约1,200名客户的身份证复印件", Kind.LOST_DEVICE, 1200),
    ("U盘丢了，存了五万条客户信息", Kind.LOST_DEVICE, 50_000),
    ("手机在地铁被偷", Kind.LOST_DEVICE, None),
    ("丢了一台笔记本，不知道有多少客户", Kind.LOST_DEVICE, None),
    ("2台笔记本丢失，涉及3000人", Kind.LOST_DEVICE, 3000),
    ("误把客户名单发错邮箱，共三百人", Kind.MISSENT_MAIL, 300),
    ("邮件发给了错误的客户", Kind.MISSENT_MAIL, None),
    ("群发邮件忘了密送，800 个客户互相看到邮箱", Kind.MISSENT_MAIL, 800),
    ("服务器被勒索软件加密", Kind.RANSOMWARE, None),
    ("数据库文件全部被加密，对方要比特币，勒索", Kind.RANSOMWARE, None),
    ("2名员工把客户名单导出，约三千条", Kind.INSIDER_EXPORT, 3000),
    ("离职员工拷走了1.2万名客户资料", Kind.INSIDER_EXPORT, 12_000),
    ("供应商通知我们数据泄露，影响 120万 用户", Kind.VENDOR_BREACH, 1_200_000),
    ("外包呼叫中心发生泄露", Kind.VENDOR_BREACH, None),
    ("数据库没有设密码，5万用户数据暴露在公网", Kind.EXPOSED_STORAGE, 50_000),
    ("OSS 存储桶被设为公开", Kind.EXPOSED_STORAGE, None),
    ("纸质合同丢失，涉及20名客户", Kind.LOST_PAPER, 20),
    ("一袋客户登记表落在高铁上", Kind.LOST_PAPER, None),
    ("客服邮箱被盗，异地登录", Kind.ACCOUNT_TAKEOVER, None),
    ("同事点了钓鱼链接，填了密码", Kind.PHISHING, None),
    ("系统被黑客入侵，可能泄露一百万人的个人信息", Kind.UNAUTHORISED_ACCESS, 1_000_000),
    ("把客户手机号发到了朋友圈", Kind.WRONG_DISCLOSURE, None),
    ("网信办来函询问数据处理情况", Kind.REGULATOR_INQUIRY, None),
    ("客户投诉声音太大", Kind.OTHER, None),
    ("有人打电话说收到了别人的账单", Kind.MISSENT_MAIL, None),
    ("前台把一位客户的登记表放错信封寄了出去", Kind.MISSENT_MAIL, 1),
    ("两份合同装错了快递", Kind.MISSENT_MAIL, None),
    ("打印的客户名单忘在打印机上，被清洁工拿走", Kind.LOST_PAPER, None),
    ("快递把20份客户合同寄丢了", Kind.LOST_PAPER, 20),
    ("服务器中毒，文件打不开，要求支付比特币", Kind.RANSOMWARE, None),
    ("两千多名会员的手机号被公开在网上", Kind.WRONG_DISCLOSURE, 2000),
    ("客户信息泄露，涉及1200余人", Kind.OTHER, 1200),
    ("几百名客户的信息泄露", Kind.OTHER, None),
    ("上万名客户的信息泄露", Kind.OTHER, None),
    ("laptop stolen with 1.2 million customer records", Kind.LOST_DEVICE, 1_200_000),
    ("I left my phone in a taxi, about 300 clients in it", Kind.LOST_DEVICE, 300),
    ("Email sent to the wrong recipient with 45 customers", Kind.MISSENT_MAIL, 45),
    ("Files were encrypted by ransomware", Kind.RANSOMWARE, None),
    ("An ex-employee downloaded 5,000 client records", Kind.INSIDER_EXPORT, 5000),
    ("Our vendor had a data breach affecting 20k users", Kind.VENDOR_BREACH, 20_000),
    ("S3 bucket was public", Kind.EXPOSED_STORAGE, None),
    ("A binder with forms of 12 clients is missing", Kind.LOST_PAPER, 12),
    ("I clicked a phishing mail and entered my password", Kind.PHISHING, None),
    ("A hacker broke into the CRM", Kind.UNAUTHORISED_ACCESS, None),
    ("Regulator sent an inquiry about our app", Kind.REGULATOR_INQUIRY, None),
]


@pytest.mark.parametrize(("text", "kind", "people"), REPORTS)
def test_a_report_gives_kind_and_head_count(
    text: str, kind: IncidentKind, people: int | None
) -> None:
    found = facts_from_text(text)
    assert (found.kind, found.people) == (kind, people)


@pytest.mark.parametrize(
    "text",
    [
        "笔记本丢了，价值12000元",
        "3名员工的电脑被偷",
        "2026年11月20日手机丢了",
        "电脑丢了 2 小时",
        "丢了2台笔记本电脑",
        "laptop stolen 3 days ago by 2 hackers",
    ],
)
def test_numbers_of_other_things_are_no_head_count(text: str) -> None:
    assert facts_from_text(text).people is None


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("笔记本丢了，有身份证照片", "sensitive", True),
        ("笔记本丢了，不含敏感信息", "sensitive", False),
        ("笔记本丢了", "sensitive", None),
        ("学校笔记本丢了，有未成年人信息", "minors", True),
        ("笔记本丢了，不涉及未成年人", "minors", False),
        ("邮件发错，含德国客户", "eu_residents", True),
        ("邮件发错，国内客户", "eu_residents", False),
        ("电脑被偷", "suspected_crime", True),
        ("电脑丢了，没有被偷", "suspected_crime", False),
        ("电脑忘在会议室", "suspected_crime", False),
        ("文件被勒索软件加密", "suspected_crime", True),
        ("关键信息基础设施系统被入侵", "critical_infrastructure", True),
        ("不是关键信息基础设施，系统被入侵", "critical_infrastructure", False),
        ("我们银行的客户数据泄露", "bank", True),
        ("客户的银行卡号泄露", "bank", False),
        ("laptop lost, medical records on it", "sensitive", True),
        ("laptop lost, no sensitive data", "sensitive", False),
        ("wrong recipient, German customers", "eu_residents", True),
        ("phone stolen", "suspected_crime", True),
        ("phone lost, not stolen", "suspected_crime", False),
    ],
)
def test_further_facts_are_heard_and_denials_too(text: str, name: str, value: bool | None) -> None:
    assert getattr(facts_from_text(text), name) is value


@pytest.mark.parametrize(
    ("people", "severity"),
    [
        (0, Severity.GENERAL),
        (999_999, Severity.GENERAL),
        (1_000_000, Severity.LARGER),
        (9_999_999, Severity.LARGER),
        (10_000_000, Severity.MAJOR),
        (99_999_999, Severity.MAJOR),
        (100_000_000, Severity.EXTREME),
    ],
)
def test_the_grade_follows_the_head_count_and_the_figure_itself_is_included(
    people: int, severity: Severity
) -> None:
    found = grade(IncidentFacts(Kind.EXPOSED_STORAGE, people=people))
    assert found.severity is severity
    assert not found.provisional
    assert found.confidence is Confidence.VERIFIED_SECONDARY
    assert found.citations[0].duty_id == "OB-207"


def test_an_unknown_head_count_is_said_and_the_grade_is_provisional() -> None:
    found = grade(IncidentFacts(Kind.LOST_DEVICE))
    assert found.severity is Severity.GENERAL
    assert found.provisional
    assert any("人数不明" in reason.zh for reason in found.reasons)


def test_critical_infrastructure_is_at_least_larger_and_never_lowers_a_grade() -> None:
    for people, severity in (
        (5, Severity.LARGER),
        (None, Severity.LARGER),
        (10_000_000, Severity.MAJOR),
    ):
        facts = IncidentFacts(Kind.OTHER, people=people, critical_infrastructure=True)
        assert grade(facts).severity is severity


def test_an_inquiry_is_not_a_breach() -> None:
    found = grade(IncidentFacts(Kind.REGULATOR_INQUIRY))
    assert (found.severity, found.provisional) == (Severity.GENERAL, False)


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("120余万用户信息泄露", 1_200_000),
        ("120多万用户资料泄露", 1_200_000),
        ("两百多万会员资料泄露", 2_000_000),
        ("一百二十余万人的信息泄露", 1_200_000),
        ("1000多万用户信息泄露", 10_000_000),
        ("1百多万用户信息泄露", 1_000_000),
        ("三十几万用户信息泄露", 300_000),
        ("患者病历泄露150万条", 1_500_000),
        ("120万个账号被盗", 1_200_000),
        ("泄露一亿两千万条", 120_000_000),
        ("200w用户数据泄露", 2_000_000),
        ("150万+用户数据泄露", 1_500_000),
        ("千万级用户数据泄露", 10_000_000),
        ("几百名客户的资料泄露", None),
        ("三天前丢了两台电脑", None),
    ],
)
def test_a_head_count_is_never_read_too_low(text: str, people: int | None) -> None:
    assert facts_from_text(text).people == people
