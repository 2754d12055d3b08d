"""A table pasted into text is read by its header; other lines with commas are not."""

import pytest

from pii.detect import ShippedDetector
from pii.kinds import Kind


def found(detector: ShippedDetector, text: str) -> list[tuple[Kind, str]]:
    return [(f.kind, text[f.start : f.end]) for f in detector.find(text)]


@pytest.mark.parametrize("mark", [",", "\t", "|", ";", " | ", ", "])
def test_columns_below_labels_are_what_the_labels_say(detector: ShippedDetector, mark: str) -> None:
    rows = [("姓名", "出生日期", "社保号", "部门"), ("艾丽", "1990-01-02", "A00123456", "市场部")]
    text = "见下表\n" + "\n".join(mark.join(row) for row in rows) + "\n以上"
    assert {
        (Kind.PERSON_NAME, "艾丽"), (Kind.BIRTH_DATE, "1990-01-02"),
        (Kind.SOCIAL_SECURITY, "A00123456"),
    } <= set(found(detector, text))  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "序号 姓名 出生日期 手机 入职日期\n1 艾丽 1990-01-02 138 0013 8000 2020-03-04\n",
        # As a page gives it: no blanks between the labels, a row over two lines.
        "序号姓名出生日期手机入职日期\n1 艾丽 1990-01-02 13800138000\n2020-03-04\n",
        # As a slide has it: each line a text of its own, the table going on behind other things.
        "姓名 出生日期 手机 入职日期\n王芳 1980-01-02 13800138001 2020-03-04\n\n2\n\n"
        "艾丽 1990-01-02 13800138000 2020-03-04",
    ],
)
def test_columns_parted_by_blanks_are_what_the_labels_say(
    detector: ShippedDetector, text: str
) -> None:
    texts = text.split("\n") if "\n\n" in text else [text]
    all_found = [
        (f.kind, one[f.start : f.end])
        for one, findings in zip(texts, detector.find_all(texts), strict=True)
        for f in findings
    ]
    assert (Kind.BIRTH_DATE, "1990-01-02") in all_found
    assert (Kind.PERSON_NAME, "艾丽") in all_found
    assert (Kind.BIRTH_DATE, "2020-03-04") not in all_found


def test_a_markdown_table_has_a_line_under_its_header(detector: ShippedDetector) -> None:
    text = "| 姓名 | 生日 | 金额 |\n|---|:---:|---|\n| 艾丽 | 1990-01-02 | 32874 |\n"
    assert found(detector, text) == [(Kind.PERSON_NAME, "艾丽"), (Kind.BIRTH_DATE, "1990-01-02")]


@pytest.mark.parametrize(
    "text",
    [
        "产品,数量,生产日期\n茶,12,1990-01-02\n",
        "合同编号,签订日期,金额\nHT-1,1990-01-02,32874\n",
        "姓名、生日、地址\n均已核对\n1990-01-02\n",
        "请带好 姓名 生日 清单\n会议室 1990-01-02 三楼\n",
        "产品 数量 生产日期\n茶 12 1990-01-02\n",
        "姓名,生日,部门\n\n会议定于1990-01-02召开，请准时\n",
    ],
)
def test_dates_under_no_label_of_a_person_stay(detector: ShippedDetector, text: str) -> None:
    assert [one for one in found(detector, text) if one[0] is Kind.BIRTH_DATE] == []


def test_what_redaction_left_of_a_sentence_is_no_label(detector: ShippedDetector) -> None:
    assert detector.find("产品型号KFR-68GW", label="空调装好了，地址〔地址〕") == []


def test_an_address_ends_before_the_next_label_of_a_form(detector: ShippedDetector) -> None:
    text = "户籍地址：宁波市海曙区清荷路12号　现居住地址：西安市雁塔区长亭路3号"
    assert [value for _, value in found(detector, text)] == [
        "宁波市海曙区清荷路12号",
        "西安市雁塔区长亭路3号",
    ]
