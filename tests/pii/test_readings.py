"""Numbers in words, in a coding or misread are read as what they are, and lead back to their place."""

import base64
import html
import json
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pii.detect import ShippedDetector
from pii.kinds import Kind
from pii.normalise import BOUNDARY, Normalised, normalise

ID18 = "11010519491231002X"
MOBILE = "13800138000"


def readings(normalised: Normalised) -> list[str]:
    return normalised.text[normalised.body :].split(BOUNDARY)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("请回电一三八零零一三八零零零谢谢", Kind.MOBILE, "一三八零零一三八零零零"),
        ("手机幺三八洞洞幺三八洞洞洞。", Kind.MOBILE, "幺三八洞洞幺三八洞洞洞"),
        ("手机：壹叁捌零零壹叁捌零零零", Kind.MOBILE, "壹叁捌零零壹叁捌零零零"),
        ("打一三八，零零一三，八零零零找我", Kind.MOBILE, "一三八，零零一三，八零零零"),
        ("打①③⑧00①③⑧000找我", Kind.MOBILE, "①③⑧00①③⑧000"),
        ("①13800138000 ②13900139000", Kind.MOBILE, MOBILE),
        ("打138·0013·8000找我", Kind.MOBILE, "138·0013·8000"),
        ("打138-\n00138000找我", Kind.MOBILE, "138-\n00138000"),
        ("写信到zhang&#64;163.com。", Kind.EMAIL, "zhang&#64;163.com"),
        ("写信到zhang&commat;163.com。", Kind.EMAIL, "zhang&commat;163.com"),
        ("?to=zhang%40163.com&x=1", Kind.EMAIL, "zhang%40163.com"),
        ("tel=1%33800138000&x=1", Kind.MOBILE, "1%33800138000"),
        (r'{"t": "\u0031\u00338001380\u0030\u0030"}', Kind.MOBILE, r"\u0031\u00338001380\u0030\u0030"),
        ("身份证11O1O519491231OO2X。", Kind.RESIDENT_ID, "11O1O519491231OO2X"),
        # a card's number that a scanner misread, or took a digit of, behind a word of banking
        ("货款打到62Z2O212 3456 7890 I2&，请查收", Kind.BANK_CARD, "62Z2O212 3456 7890 I2&"),
        ("银行卡号\n6222 0212 3456 7390 128", Kind.BANK_CARD, "6222 0212 3456 7390 128"),
        ("退到我卡上622202123456780128。", Kind.BANK_CARD, "622202123456780128"),
        ("编码l10l0519491231002×。", Kind.RESIDENT_ID, "l10l0519491231002×"),
        ("卡号 6222O2l234S6789OI28", Kind.BANK_CARD, "6222O2l234S6789OI28"),
        ("电话：l38OO138OOO", Kind.MOBILE, "l38OO138OOO"),
        ("代码9l350100MO00100Y43", Kind.CREDIT_CODE, "9l350100MO00100Y43"),
        ("身份证 110105 l9491231 OO2X", Kind.RESIDENT_ID, "110105 l9491231 OO2X"),
    ],
)  # fmt: skip
def test_another_spelling_is_found_where_it_stands(
    detector: ShippedDetector, text: str, kind: Kind, value: str
) -> None:
    assert (kind, value) in [(f.kind, text[f.start : f.end]) for f in detector.find(text)]


@pytest.mark.parametrize(
    "text",
    [
        "一二三四五六七，七六五四三二一",
        "请把6259123254260620一并核对",
        "二零二四年一月十五日",
        "型号l38OO138OOO",
        "购物卡6222021234567890129余额不足",
        "转单号6222021234567390128",
        "批次11O1O519491231OO21",
        "&nbsp;&lt;div&gt; A&amp;B",
        "完成率100%，增长20%30",
        "commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
        "SGVsbG8gd29ybGQsIHRoaXMgaXMgdGV4dA==",
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk",
    ],
)
def test_what_only_looks_like_another_spelling_is_left_alone(
    detector: ShippedDetector, text: str
) -> None:
    assert [text[f.start : f.end] for f in detector.find(text)] == []


@pytest.mark.parametrize("letter", ["{}", "附：{}。", "x={}&y=1", '"{}"'])
@pytest.mark.parametrize("text", [f"身份证{ID18}", f"客户电话 {MOBILE}", f'{{"id":"{ID18}"}}'])
def test_base64_of_a_text_with_an_identifier_is_found_whole(
    detector: ShippedDetector, text: str, letter: str
) -> None:
    for coded in (base64.b64encode(text.encode()), base64.urlsafe_b64encode(text.encode())):
        for token in (coded.decode(), coded.decode().rstrip("=")):
            whole = letter.format(token)
            found = detector.find(whole)
            assert any(token in whole[f.start : f.end + 2] for f in found), whole


def test_base64_in_lines_of_a_mail_is_found_whole(detector: ShippedDetector) -> None:
    coded = base64.encodebytes(f"{'说明' * 30}，身份证{ID18}，{'其他' * 30}".encode()).decode()
    found = detector.find(f"正文\n\n{coded}\n完")
    assert [(f.kind, f.end - f.start) for f in found] == [(Kind.RESIDENT_ID, len(coded.strip()))]


_CODINGS = {
    "entities": lambda text: "".join(f"&#{ord(char)};" for char in text),
    "hex entities": lambda text: "".join(f"&#x{ord(char):x};" for char in text),
    "percent": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "percent gbk": lambda text: "".join(f"%{byte:02X}" for byte in text.encode("gb18030")),
    "json": lambda text: "".join(f"\\u{ord(char):04x}" for char in text),
}
_PLAIN = st.text(st.sampled_from("0138张伟@a.号：，"), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(_PLAIN, _PLAIN, _PLAIN, st.sampled_from(sorted(_CODINGS)))
def test_every_span_of_a_decoded_reading_is_the_escape_of_its_characters(
    before: str, inside: str, after: str, coding: str
) -> None:
    """Whatever span of a reading is taken, the original span decodes to those characters."""
    encode = _CODINGS[coding]
    text = f"{before} {encode(inside)} {after}"
    normalised = normalise([text])
    for index in range(normalised.body, len(normalised.text)):
        char = normalised.text[index]
        if char == BOUNDARY:
            continue
        original = text[slice(*normalised.span(index, index + 1))]
        plain = original if len(original) == 1 else _decode(original, coding)
        assert normalise([plain]).text[:1] in (char, *"X0123456789"), (char, original)


def _decode(escape: str, coding: str) -> str:
    if coding.startswith("percent"):
        return bytes.fromhex(escape.replace("%", "")).decode(
            "gb18030" if coding.endswith("gbk") else "utf-8"
        )
    return str(json.loads(f'"{escape}"')) if coding == "json" else html.unescape(escape)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["一", "幺", "零", "8", "③", " ", "，", "\u200b", "张", "&#49;", "%31", r"\u0031", "O", "l",
             "138 0013 8000", "MTM4MDAxMzgwMDAgb2s=", "\n", "-", "\ue000", "\x00", "元"]
        ),
        max_size=30,
    ).map("".join)
)  # fmt: skip
def test_spans_of_readings_lie_in_the_text_and_in_order(text: str) -> None:
    normalised = normalise([text, text])
    whole = f"{text}\x00{text}"
    last = 0
    for index in range(len(normalised.text)):
        if normalised.text[index] == BOUNDARY:
            last = 0
            continue
        start, end = normalised.span(index, index + 1)
        assert 0 <= start < end <= len(whole)
        assert start >= last
        last = start


@pytest.mark.parametrize("quoted", [quote("张伟的电话"), quote("客户", encoding="gbk")])
def test_percent_signs_are_read_in_both_codings_of_chinese(quoted: str) -> None:
    assert any("张伟" in one or "客户" in one for one in readings(normalise([f"q={quoted}"])))


def test_a_password_is_not_read_on_into_the_numbers_behind_it(detector: ShippedDetector) -> None:
    text = "Wi-Fi密码 Maple@1234 2024-01-15"
    assert [text[f.start : f.end] for f in detector.find(text)] == ["Maple@1234"]
