"""What people write when they mean a provision."""

import pytest

from knowledge.provisions import Address, parse_address

PIPL = "中华人民共和国个人信息保护法"
CSL = "中华人民共和国网络安全法"
CRIMINAL = "中华人民共和国刑法"
COMPANY = "中华人民共和国公司法"
CIVIL = "中华人民共和国民法典"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("个保法第47条", [Address(PIPL, "47")]),
        ("《个人信息保护法》第四十七条第一款", [Address(PIPL, "47", 1)]),
        (
            "《中华人民共和国个人信息保护法》第四十七条第一款第（二）项",
            [Address(PIPL, "47", 1, 2)],
        ),
        ("个保法13条第3项", [Address(PIPL, "13", None, 3)]),
        ("PIPL art. 47", [Address(PIPL, "47")]),
        ("PIPL art. 47(1)", [Address(PIPL, "47", 1)]),
        ("PIPL Article 47(1)(2)", [Address(PIPL, "47", 1, 2)]),
        ("Article 47 of the PIPL", [Address(PIPL, "47")]),
        ("pipl 47", [Address(PIPL, "47")]),
        ("网安法21条", [Address(CSL, "21")]),
        ("刑法253条之一", [Address(CRIMINAL, "253之一")]),
        ("刑法第253条之1", [Address(CRIMINAL, "253之一")]),
        ("刑法第二百五十三条之一第一款", [Address(CRIMINAL, "253之一", 1)]),
        ("刑法第二百五十三条", [Address(CRIMINAL, "253")]),
        ("第47条是个保法的规定吗", [Address(PIPL, "47")]),
        (
            "个保法第四十七条第一款和第十九条，同法第五条；民法典第188条",
            [
                Address(PIPL, "47", 1),
                Address(PIPL, "19"),
                Address(PIPL, "5"),
                Address(CIVIL, "188"),
            ],
        ),
        (
            "公司法第二百三十五条至第二百三十七条",
            [Address(COMPANY, "235"), Address(COMPANY, "236"), Address(COMPANY, "237")],
        ),
        ("《未知办法》第三条", [Address("未知办法", "3")]),
        (
            "消费者权益保护法实施条例第五条",
            [Address("中华人民共和国消费者权益保护法实施条例", "5")],
        ),
        ("档案法实施条例第3条", [Address("中华人民共和国档案法实施条例", "3")]),
        ("劳动合同法第五十条", [Address("中华人民共和国劳动合同法", "50")]),
    ],
)
def test_an_address_is_read_as_written(text: str, expected: list[Address]) -> None:
    assert parse_address(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "47条",
        "第四十七条",
        "网安法2017年修订",
        "PIPL 2021 版",
        "泄露500条信息违反个保法吗",
        "个保法规定了什么",
        "反洗钱法实施细则第三条",
        "",
    ],
)
def test_what_names_no_provision_gives_none(text: str) -> None:
    assert parse_address(text) == []


def test_other_names_can_be_passed_in() -> None:
    assert parse_address("内规第三条", {"内规": "公司内部规定"}) == [Address("公司内部规定", "3")]
