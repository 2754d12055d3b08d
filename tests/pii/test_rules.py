"""Allow and deny rules: what they reach, what they never reach, and that the proof agrees."""

import io
import itertools
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pii.allow_list import read_allow_list
from pii.detect import ShippedDetector
from pii.documents import redact_document
from pii.errors import RuleMistake
from pii.kinds import Kind
from pii.policy import RedactionPolicy
from pii.redact import redact
from pii.rules import Effect, Rule, RuledDetector, Rules, lasting
from records.data_files import BadDataFile

OWN_ID = "11010519491231002X"
LIST = """
entries:
  - kind: landline
    values: ["0571-8888 6666", "95588"]
    patterns: ["0571-8800####"]
    reason: 官网公布的总机
    by: 行政部
    until: 2027-12-31
  - kind: email
    patterns: ["*@qinghe.example"]
    reason: 公司邮箱
    by: 行政部
    until: 2027-12-31
  - kind: address
    values: [浙江省杭州市西湖区文三路100号青禾大厦8层]
    reason: 注册地址
    by: 行政部
    until: 2027-12-31
  - kind: person_name
    values: [王建国]
    after: [法定代表人]
    reason: 公示的法定代表人
    by: 行政部
    until: 2026-12-31
"""


@pytest.fixture(scope="session")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Rules:
    path = tmp_path_factory.mktemp("rules") / "allow.yaml"
    path.write_text(LIST, encoding="utf-8")
    return Rules(read_allow_list(path).in_force(date(2026, 11, 23)))


@pytest.fixture
def ruled(detector: ShippedDetector, listed: Rules) -> RuledDetector:
    return RuledDetector(detector, lambda: listed)


def deciding(detector: ShippedDetector, *rules: Rule) -> RuledDetector:
    return RuledDetector(detector, lambda: Rules(rules))


@pytest.mark.parametrize(
    "text",
    [
        "总机：0571-88886666",
        "总机：0571 8888 6666",
        "电话：０５７１-８８８８-６６６６",
        "手机：0571-88886666",
        "分机：0571-88001234",
        "来信请发service@qinghe.example",
        "来信请发 Client.Care@QINGHE.example",
        "地址：浙江省杭州市西湖区文三路100号青禾大厦8层",
        "法定代表人：王建国",
    ],
)
def test_what_the_company_publishes_stays(
    detector: ShippedDetector, ruled: RuledDetector, text: str
) -> None:
    assert detector.find(text), "the detector itself must find it, or this shows nothing"
    assert ruled.find(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "总机：0571-88886667",
        "分机：0571-88011234",
        "来信请发service@notqinghe.example",
        "来信请发service@qinghe.example.com",
        "地址：浙江省杭州市西湖区文三路100号青禾大厦9层",
        "客户王建国来电",
        "联系人：王建国",
        "法定代表人：李明华，王建国",
    ],
)
def test_what_only_resembles_it_is_found(ruled: RuledDetector, text: str) -> None:
    assert ruled.find(text)


def test_an_entry_holds_to_the_end_of_its_last_day(tmp_path: Path) -> None:
    path = tmp_path / "allow.yaml"
    path.write_text(LIST, encoding="utf-8")
    names = [
        sum(rule.kind is Kind.PERSON_NAME for rule in read_allow_list(path).in_force(day))
        for day in (date(2026, 12, 31), date(2027, 1, 1))
    ]
    assert names == [1, 0]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("{kind: landline, values: [95588], reason: 热线, by: 甲, until: 2027-01-01}", "string"),
        ("{kind: landline, reason: 热线, by: 甲, until: 2027-01-01}", "values or patterns"),
        ("{kind: landline, values: ['95588'], by: 甲, until: 2027-01-01}", "reason"),
        ("{kind: landline, values: ['95588'], reason: 热线, by: 甲}", "until"),
        ("{kind: phone, values: ['95588'], reason: 热线, by: 甲, until: 2027-01-01}", "kind"),
        ("{kind: email, patterns: ['*@*'], reason: 热线, by: 甲, until: 2027-01-01}", "*"),
        ("{kind: email, patterns: ['*@a.b'], reason: 热线, by: 甲, until: 2027-01-01}", "*"),
        ("{kind: resident_id, patterns: ['110105#########'], reason: 热线, by: 甲, "
         "until: 2027-01-01}", "*"),
        ("{kind: person_name, values: ['王'], reason: 热线, by: 甲, until: 2027-01-01}", "太短"),
        ("{kind: email, regex: '(a+)+$', reason: 热线, by: 甲, until: 2027-01-01}", "regex"),
    ],
)  # fmt: skip
def test_a_list_that_reaches_too_far_or_says_too_little_stops_with_its_line(
    tmp_path: Path, entry: str, said: str
) -> None:
    path = tmp_path / "allow.yaml"
    path.write_text(f"entries:\n  - {entry}\n", encoding="utf-8")
    with pytest.raises(BadDataFile) as refusal:
        read_allow_list(path)
    assert "allow.yaml:" in str(refusal.value)
    assert said in str(refusal.value)


def test_a_long_run_of_letters_is_matched_in_no_time(ruled: RuledDetector) -> None:
    # A pattern with several stars would take minutes here.
    assert ruled.find("a" * 20_000 + "@qinghe.example") == []


def test_a_number_of_a_person_is_let_through_by_its_exact_text_only(
    detector: ShippedDetector,
) -> None:
    with pytest.raises(RuleMistake):
        lasting(Rule(Effect.ALLOW, Kind.RESIDENT_ID, "1101051949########", is_pattern=True))
    sentence = f"样本证件号{OWN_ID}仅供演示"
    around = Rule(Effect.ALLOW, Kind.ADDRESS, sentence)
    assert [f.kind for f in deciding(detector, around).find(sentence)] == [Kind.RESIDENT_ID]
    exact = Rule(Effect.ALLOW, Kind.RESIDENT_ID, OWN_ID.lower())
    assert deciding(detector, exact).find(sentence) == []


@pytest.mark.parametrize(
    "text",
    ["代号青松三号已签约", "代号青松 三号", "青\u200b松三号", "张伟与青松三号", "青松三号" * 3],
)
def test_a_denied_text_is_always_of_its_kind(detector: ShippedDetector, text: str) -> None:
    ruled = deciding(detector, Rule(Effect.DENY, Kind.PERSON_NAME, "青松三号"))
    denied = [f for f in ruled.find(text) if f.reason == "person_name/denied"]
    if text == "代号青松 三号":
        assert denied == []  # written apart it is another text; only numbers are read together
    else:
        assert len(denied) == text.count("三号")
        assert all("松三号" in text[f.start : f.end] for f in denied)


def test_a_denied_number_is_found_however_it_is_written(detector: ShippedDetector) -> None:
    ruled = deciding(detector, Rule(Effect.DENY, Kind.ACCOUNT, "8800-1234-5678"))
    for text in ("户号880012345678。", "户号8800 1234 5678。", "户号８８００-１２３４-５６７８。"):
        assert [(f.kind, text[f.start : f.end].strip()) for f in ruled.find(text)] == [
            (Kind.ACCOUNT, text[2:-1])
        ]
    assert all(f.kind is not Kind.ACCOUNT for f in ruled.find("户号8800123456789。"))


_PIECES = st.lists(
    st.sampled_from(["青松三号", "张伟", "，", "住在上海市浦东新区世纪大道100号", "13800138000",
                     "\u200b", " ", "的", "😀", "88886666", "0571-"]),
    max_size=10,
).map("".join)  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(_PIECES)
def test_a_denied_text_bares_nothing_that_was_found(detector: ShippedDetector, text: str) -> None:
    ruled = deciding(
        detector,
        Rule(Effect.DENY, Kind.PERSON_NAME, "青松三号"),
        Rule(Effect.DENY, Kind.ACCOUNT, "世纪大道"),
    )
    before, after = detector.find(text), ruled.find(text)
    covered = {i for f in after for i in range(f.start, f.end)}
    assert {i for f in before for i in range(f.start, f.end)} <= covered
    assert all(a.end <= b.start for a, b in itertools.pairwise(after))
    assert ruled.find_all([text, "", text]) == [after, [], after]


def test_the_proof_lets_an_allowed_text_pass_and_holds_back_a_denied_one(
    ruled: RuledDetector, detector: ShippedDetector, standard: RedactionPolicy
) -> None:
    document = Document()
    document.add_paragraph(
        "青禾公司，总机0571-88886666，法定代表人：王建国。客户陈明远，13800138000。"
    )
    document.add_paragraph("办公地址：浙江省杭州市西湖区文三路100号青禾大厦8层")
    buffer = io.BytesIO()
    document.save(buffer)
    copy = redact_document(buffer.getvalue(), "合同.docx", ruled, standard)
    text = "\n".join(p.text for p in Document(io.BytesIO(copy.data)).paragraphs)
    assert "0571-88886666" in text and "王建国" in text and "青禾大厦8层" in text
    assert "陈明远" not in text and "13800138000" not in text
    assert not set(copy.report.counts) & {Kind.LANDLINE, Kind.ADDRESS}


def test_a_published_name_that_is_also_a_clients_is_treated_everywhere(
    ruled: RuledDetector, standard: RedactionPolicy
) -> None:
    text = "法定代表人：王建国\n客户姓名：王建国"
    assert "王建国" not in redact(text, ruled, standard).cleared.text


def test_a_rule_made_while_a_file_is_treated_counts_for_its_copy(
    detector: ShippedDetector, standard: RedactionPolicy
) -> None:
    denied = Rules((Rule(Effect.DENY, Kind.PERSON_NAME, "青松三号"),))
    states = iter([Rules()])
    late = RuledDetector(detector, lambda: next(states, denied))
    copy = redact_document("代号青松三号".encode(), "a.txt", late, standard)
    assert "青松".encode() not in copy.data
    assert next(states, None) is None
