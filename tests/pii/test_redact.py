"""Redaction of text: offsets, treatments, pseudonyms, and what clearing means."""

import ast
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import pii
from pii.case import Case
from pii.cleared import ClearedText, public_text
from pii.detect import PresidioDetector
from pii.documents import redact_document
from pii.errors import LeakFound
from pii.findings import Finding, resolve
from pii.kinds import Kind, facts
from pii.operators import mask
from pii.policy import RedactionPolicy, load_policy
from pii.propagate import everywhere, is_whole_firm, spreads
from pii.redact import redact

_WORDS = st.lists(
    st.sampled_from(
        [
            "客户张伟",
            "13800138000",
            "，",
            "住在",
            ("上海市浦东新区世纪大道100号1203室"),
            "\n",
            "邮箱a.b@163.com",
            "合同",
            "姓名：",
            "李明华",
            " ",
            "😀",
            "１３８００１３８０００",
            "\u200b",
            "2024-01-15",
            "。",
            "王总",
        ]
    ),
    max_size=14,
).map("、".join)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(_WORDS)
def test_findings_stay_inside_the_text_and_do_not_overlap(
    detector: PresidioDetector, text: str
) -> None:
    end = 0
    for finding in detector.find(text):
        assert end <= finding.start < finding.end <= len(text)
        end = finding.end


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(_WORDS)
def test_what_was_not_found_is_untouched_and_the_result_holds_nothing_more(
    detector: PresidioDetector, standard: RedactionPolicy, text: str
) -> None:
    result = redact(text, detector, standard)
    rest, position = result.cleared.text, 0
    for finding in result.findings:
        kept = text[position : finding.start]
        assert kept in rest
        rest = rest[rest.index(kept) + len(kept) :]
        position = finding.end
    assert rest.endswith(text[position:])
    for number in ("13800138000", "１３８００１３８０００", "a.b@163.com"):
        assert number not in result.cleared.text


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(_WORDS, min_size=1, max_size=5))
def test_many_texts_at_once_give_the_same_as_one_by_one(
    detector: PresidioDetector, texts: list[str]
) -> None:
    assert detector.find_all(texts) == [detector.find(text) for text in texts]


def test_a_pseudonym_is_the_same_for_the_same_person(
    detector: PresidioDetector, standard: RedactionPolicy
) -> None:
    case = Case()
    first = redact("联系人：张伟。张伟与李娜签约。", detector, standard, case)
    second = redact("收件人：李娜", detector, standard, case)
    assert first.cleared.text == "联系人：客户A。客户A与客户B签约。"
    assert second.cleared.text == "收件人：客户B"


def test_a_question_keeps_its_sense(detector: PresidioDetector) -> None:
    text = "客户张伟（身份证11010519491231002X）解约三年了，复印件可以销毁吗？"
    cleared = redact(text, detector, load_policy("question")).cleared
    assert cleared.text == "客户〔姓名〕（身份证〔身份证号〕）解约三年了，复印件可以销毁吗？"


@pytest.mark.parametrize(
    ("kind", "value", "masked"),
    [
        (Kind.MOBILE, "13800138000", "138****8000"),
        (Kind.MOBILE, "+86 138-0013-8000", "138****8000"),
        (Kind.LANDLINE, "010-62345678", "***-******78"),
        (Kind.RESIDENT_ID, "11010519491231002X", "1****************X"),
        (Kind.BANK_CARD, "6222021234567890128", "***************0128"),
        (Kind.EMAIL, "zhangsan@163.com", "z***@***.com"),
        (Kind.QQ, "12345", "1***5"),
        (Kind.ACCOUNT, "ab", "*" * 2),
        (Kind.IP_ADDRESS, "202.96.134.133", "***********"),
    ],
)
def test_a_mask_keeps_only_the_ends(kind: Kind, value: str, masked: str) -> None:
    assert mask(kind, value) == masked


def test_cleared_text_is_made_only_by_its_makers() -> None:
    with pytest.raises(TypeError):
        ClearedText("x", "y", object())
    assert public_text("第四十七条", source="个人信息保护法").text == "第四十七条"
    with pytest.raises(ValueError, match="source"):
        public_text("x", source=" ")


def test_only_redaction_calls_the_second_maker() -> None:
    folder = Path(pii.__file__).parents[1]
    callers = set()
    for path in folder.glob("*/**/*.py"):
        if ".venv" in path.parts or "tests" in path.parts:
            continue
        names = {
            node.id if isinstance(node, ast.Name) else node.name
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Name | ast.alias)
        }
        if "redacted_text" in names:
            callers.add(path.name)
    assert callers == {"redact.py"}


def test_every_kind_has_a_name_a_class_and_a_source() -> None:
    assert set(facts()) == set(Kind)
    assert all(one.name.zh and one.name.en and one.source for one in facts().values())


# --- overlap and propagation


def finding(kind: Kind, start: int, end: int, score: float = 0.9) -> Finding:
    return Finding(kind, start, end, score, "test")


def test_an_address_beats_the_name_inside_it_and_a_firm_beats_nobody() -> None:
    address = finding(Kind.ADDRESS, 0, 20, 0.75)
    firm = finding(Kind.ORGANISATION, 30, 50, 1.0)
    person = finding(Kind.PERSON_NAME, 32, 34, 0.6)
    assert resolve([finding(Kind.PERSON_NAME, 3, 6), address, firm, person]) == [address, person]


def test_a_certain_value_is_found_in_every_text() -> None:
    texts = ["姓名：某甲乙", "据某甲乙说", "138001380001"]
    found = everywhere(texts, [[finding(Kind.PERSON_NAME, 3, 6)], [], []])
    assert [(f.start, f.end) for f in found[1]] == [(1, 4)]


def test_a_password_is_spread_and_a_firm_is_looked_for_in_the_copy(
    detector: PresidioDetector,
) -> None:
    text = "登录密码：River8080x。上次的River8080x已失效，订单8080照旧。"
    assert [text[f.start : f.end] for f in detector.find(text)] == ["River8080x", "River8080x"]
    assert not spreads(Kind.PASSWORD, "80641234", 0.9)
    assert is_whole_firm(Kind.ORGANISATION, "常州栎木家居有限公司", 0.85)
    assert not is_whole_firm(Kind.ORGANISATION, "栎木家居", 0.85)


def test_an_uncertain_value_is_not_spread() -> None:
    found = everywhere(["高峰", "高峰期"], [[finding(Kind.PERSON_NAME, 0, 2, 0.6)], []])
    assert found[1] == []


def test_a_number_is_spread_only_as_a_whole_word() -> None:
    texts = ["13800138000", "号138001380001", "号13800138000。"]
    found = everywhere(texts, [[finding(Kind.MOBILE, 0, 11)], [], []])
    assert [len(f) for f in found] == [1, 0, 1]


# --- the proof


class Forgetful:
    """Finds what it is told to find, but not the first time it is asked."""

    def __init__(self, word: str) -> None:
        self.word = word
        self.calls = 0

    def find(self, text: str, *, label: str | None = None) -> list[Finding]:
        return self.find_all([text])[0]

    def find_all(
        self, texts: Sequence[str], *, labels: Sequence[str | None] | None = None
    ) -> list[list[Finding]]:
        self.calls += 1
        found = []
        for text in texts:
            at = text.find(self.word)
            blind = self.calls < 2
            found.append(
                [] if at < 0 or blind else [finding(Kind.PERSON_NAME, at, at + len(self.word))]
            )
        return found


class HalfBlind:
    """Certain of a value at the start of a text, and sees nothing else."""

    def __init__(self, start: str) -> None:
        self.start = start

    def find(self, text: str, *, label: str | None = None) -> list[Finding]:
        return self.find_all([text])[0]

    def find_all(
        self, texts: Sequence[str], *, labels: Sequence[str | None] | None = None
    ) -> list[list[Finding]]:
        whole = finding(Kind.RESIDENT_ID, 0, len(self.start))
        return [[whole] if text.startswith(self.start) else [] for text in texts]


def test_what_a_second_scan_finds_is_treated_before_release(standard: RedactionPolicy) -> None:
    copy = redact_document("内有某甲乙的名字".encode(), "a.txt", Forgetful("某甲乙"), standard)
    assert copy.data.decode() == "内有客户A的名字"
    assert len(copy.report.lines) == 1


def test_an_original_left_in_another_spelling_blocks_release(standard: RedactionPolicy) -> None:
    text = "110105194912310021\n\n又写作110105 19491231 0021\n"
    with pytest.raises(LeakFound) as caught:
        redact_document(text.encode(), "a.txt", HalfBlind("110105194912310021"), standard)
    assert "第3行" in caught.value.message.zh
    assert "110105" not in str(caught.value)
