"""Surrogates: real in shape and check digit, from ranges nobody issues, safe to verify."""

import re
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pii.canonical import canonical
from pii.case import Case
from pii.detect import PresidioDetector
from pii.documents import redact_document
from pii.errors import LeakFound
from pii.findings import Finding
from pii.formats.opening import STANDARD_LIMITS, Budget
from pii.formats.segments import Segment
from pii.kinds import Kind
from pii.left_over import left_over
from pii.policy import RedactionPolicy, Treatment, load_policy
from pii.recognizers.bank_card import known_issuer, luhn_holds
from pii.recognizers.credit_code import checksum_holds as credit_check
from pii.recognizers.credit_code import organisation_code_holds
from pii.recognizers.mobile import RANGES
from pii.recognizers.resident_id import checksum_holds as id_check
from pii.recognizers.resident_id import is_date
from pii.recognizers.vin import checksum_holds as vin_check
from pii.surrogates import date_shift
from pii.verify import Original, check
from records.language import Bilingual

KEY = bytes(range(32))


def made(kind: Kind, value: str, *, keep_region: bool = False, key: bytes = KEY) -> str:
    return str(Case(key).stand_in(kind, value, Treatment.SURROGATE, keep_region=keep_region))


@pytest.mark.parametrize(
    ("kind", "value", "shape"),
    [
        (Kind.MOBILE, "13800138000", r"154\d{8}"),
        (Kind.MOBILE, "+86 138-0013-8000", r"\+86 154-\d{4}-\d{4}"),
        (Kind.MOBILE, "１３８００１３８０００", r"154\d{8}"),
        (Kind.LANDLINE, "021-62345678", r"026-1\d{7}"),
        (Kind.LANDLINE, "0755 2345 6789", r"0300 1\d{3} \d{4}"),
        (Kind.RESIDENT_ID, "11010519491231002X", r"7000\d{2}(19|20)\d{9}[\dX]"),
        (Kind.RESIDENT_ID, "110105491231002", r"7000\d{11}"),
        (Kind.BANK_CARD, "6222 0212 3456 7890 128", r"9999 \d{4} \d{4} \d{4} \d{3}"),
        (Kind.CREDIT_CODE, "91310000MA1FL4LW2X", r"917000\d{2}\d{8}[\dX][0-9A-Z]"),
        (Kind.EMAIL, "chen.my@163.com", r"[a-z2-9]{6,20}@example\.com"),
        (Kind.PLATE, "京A·12345", r"[㐀-鿿][A-H]·I\d{4}"),
        (Kind.PLATE, "沪AD12345", r"[㐀-鿿][A-H]I\d{5}"),
        (Kind.PASSPORT, "E12345678", r"EI\d{7}"),
        (Kind.VIN, "LSVAU2180N2183294", r"0[A-Z]{2}\d{5}[\dX]\d{8}"),
        (Kind.IMEI, "490154203237518", r"00\d{13}"),
        (Kind.IP_ADDRESS, "202.96.134.133", r"2[45]\d(\.\d{1,3}){3}"),
        (Kind.IP_ADDRESS, "2400:3200::1", r"2001:db8(:[0-9a-f]{1,4}){6}"),
        (Kind.MAC_ADDRESS, "A4-5E-60-01-02-03", r"[0-9A-F]2(-[0-9A-F]{2}){5}"),
        (Kind.PERSON_NAME, "张伟", r"[㐀-鿿]{2}"),
        (Kind.PERSON_NAME, "陈明远", r"[㐀-鿿]{3}"),
        (Kind.PERSON_NAME, "Zhang Wei", "客户A"),
        (Kind.ORGANISATION, "清和科技有限公司", "单位A"),
        (Kind.ADDRESS, "上海市浦东新区世纪大道100号", r"某省某市某区某路\d+号\d+室"),
        (Kind.QQ, "12345678", r"[1-9]\d{7}"),
        (Kind.TRAVEL_PERMIT, "H01234567", r"[A-Z]\d{8}"),
        (Kind.FOREIGNER_ID, "911156199001011234", r"9\d{2}999(19|20)\d{9}[\dX]"),
    ],
)
def test_each_kind_keeps_its_shape_in_a_range_nobody_issues(
    kind: Kind, value: str, shape: str
) -> None:
    assert re.fullmatch(shape, made(kind, value))
    assert made(kind, value) == made(kind, value)
    assert made(kind, value) != value


@pytest.mark.parametrize("kind", [Kind.PASSWORD, Kind.COORDINATES])
def test_what_has_no_sound_surrogate_gets_none(kind: Kind) -> None:
    assert Case(KEY).stand_in(kind, "31.2304, 121.4737", Treatment.SURROGATE) is None


def test_the_region_stays_only_where_the_policy_says_so_and_only_the_province() -> None:
    number = made(Kind.RESIDENT_ID, "31010519491231002X", keep_region=True)
    assert re.match(r"3100(?!00)\d{2}", number)
    assert made(Kind.ADDRESS, "浙江省杭州市西湖区文三路1号", keep_region=True).startswith(
        "浙江省某市"
    )
    assert made(Kind.PLATE, "京A12345", keep_region=True).startswith("京")


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count)


@settings(max_examples=60, deadline=None)
@given(digits(8), st.dates(date(1930, 1, 1), date(2020, 12, 31)), digits(3))
def test_check_digits_hold_and_no_issued_range_is_met(body: str, born: date, sequence: str) -> None:
    number = made(Kind.RESIDENT_ID, f"110105{born:%Y%m%d}{sequence}1")
    assert id_check(number)
    assert is_date(number[6:14])
    assert not re.fullmatch(RANGES, made(Kind.MOBILE, "138" + body))
    card = made(Kind.BANK_CARD, f"62220212{body}128")
    assert luhn_holds(card)
    assert not known_issuer(card)
    code = made(Kind.CREDIT_CODE, f"91310000{body}XX")
    assert credit_check(code)
    assert organisation_code_holds(code[8:17])
    assert vin_check(made(Kind.VIN, f"LSVAU218{body}0"))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text("0123456789", min_size=3, max_size=6), min_size=2, max_size=4),
    st.sampled_from([" ", "-", ""]),
)
def test_marks_and_length_stay(groups: list[str], mark: str) -> None:
    value = "1" + mark.join(groups)
    new = made(Kind.ACCOUNT, value)
    assert len(new) == len(value)
    assert [c for c in new if not c.isalnum()] == [c for c in value if not c.isalnum()]


@pytest.mark.parametrize(
    ("written", "shape"),
    [
        ("1990年3月5日", r"(1989|199[01])年\d{1,2}月\d{1,2}日"),
        ("1990-03-05", r"(1989|199[01])-\d{2}-\d{2}"),
        ("19900305", r"(1989|199[01])\d{4}"),
        ("1990年3月", r"(1989|199[01])年\d{1,2}月"),
        ("05/03/1990", r"\d{2}/\d{2}/(1989|199[01])"),
    ],
)
def test_a_date_moves_in_the_spelling_it_has(written: str, shape: str) -> None:
    assert re.fullmatch(shape, made(Kind.BIRTH_DATE, written))


def test_intervals_stay_true_and_an_id_moves_with_the_birth_date() -> None:
    shift = date_shift(KEY)
    assert 30 <= abs(shift.days) <= 365
    moved = date(1949, 12, 31) + shift
    assert made(Kind.BIRTH_DATE, "1949-12-31") == moved.isoformat()
    assert made(Kind.RESIDENT_ID, "11010519491231002X")[6:14] == f"{moved:%Y%m%d}"


def test_a_date_in_words_has_no_surrogate() -> None:
    assert Case(KEY).stand_in(Kind.BIRTH_DATE, "一九九〇年三月", Treatment.SURROGATE) is None


def test_one_number_is_one_whatever_its_spelling() -> None:
    for spelling in (
        "+86 13800138000",
        "008613800138000",
        "138 0013 8000",
        "１３８００１３８０００",
    ):
        assert canonical(Kind.MOBILE, spelling) == "13800138000"
    assert canonical(Kind.MOBILE, "8613800138") == "8613800138"


# --- the proof accepts them, and nothing else

LETTER = """姓名：陈明远
身份证号：11010519491231002X，手机：13800138000
卡号：6222021234567890128，邮箱：chen.my@163.com
"""


@pytest.mark.parametrize("name", ["processor", "training", "auditor"])
def test_a_copy_full_of_stand_ins_is_released(detector: PresidioDetector, name: str) -> None:
    text = redact_document(LETTER.encode(), "a.txt", detector, load_policy(name)).data.decode()
    for value in ("陈明远", "11010519491231002X", "13800138000", "6222021234567890128", "@163"):
        assert value not in text


class Sees:
    """Finds one stretch of every text."""

    def __init__(self, kind: Kind, start: int, end: int) -> None:
        self._finding = Finding(kind, start, end, 0.9, "test")

    def find(self, text: str, *, label: str | None = None) -> list[Finding]:
        return [self._finding]

    def find_all(
        self, texts: Sequence[str], *, labels: Sequence[str | None] | None = None
    ) -> list[list[Finding]]:
        return [self.find(text) for text in texts]


@pytest.mark.parametrize(
    ("text", "leaks"),
    [
        ("〔密：ABCD-EFGH〕", False),
        ("〔密：ABCD-EFGH〕转8001", False),
        ("〔密：ABCD-EFGH〕13800138000", True),
        ("13800138000", True),
    ],
)
def test_a_finding_counts_as_ours_only_where_little_else_is_in_it(
    standard: RedactionPolicy, text: str, *, leaks: bool
) -> None:
    left = left_over(
        [Segment(Bilingual("第1行", "line 1"), text)],
        frozenset({"〔密：ABCD-EFGH〕"}),
        Sees(Kind.MOBILE, 0, len(text)),
        standard,
    )
    assert bool(left) is leaks


def test_an_original_beside_surrogates_blocks_release(standard: RedactionPolicy) -> None:
    surrogate = made(Kind.MOBILE, "13800138000")
    text = f"{surrogate} 13800138000"
    segments = [Segment(Bilingual("第1行", "line 1"), text)]
    left = left_over(segments, frozenset({surrogate}), Sees(Kind.MOBILE, 0, 11), standard)
    assert left == []
    with pytest.raises(LeakFound):
        check(
            text.encode(),
            segments,
            originals=[Original(Kind.MOBILE, "13800138000")],
            left=left,
            budget=Budget(STANDARD_LIMITS),
        )
