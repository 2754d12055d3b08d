"""What people write when they mean a provision."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.addresses import Case, cases, wrong
from knowledge.provisions import Address, parse_address
from knowledge.sources import catalogued
from knowledge.statutes import StatuteVersion
from knowledge.traditional import forms, simplified

PIPL = "中华人民共和国个人信息保护法"
CSL = "中华人民共和国网络安全法"
CRIMINAL = "中华人民共和国刑法"
COMPANY = "中华人民共和国公司法"
CIVIL = "中华人民共和国民法典"
GDPR = "Regulation (EU) 2016/679 (General Data Protection Regulation)"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("个保法第47条", [Address(PIPL, "47")]),
        ("公司法规定第5条", [Address(COMPANY, "5")]),
        ("网络安全事件报告管理办法第4条", [Address("国家网络安全事件报告管理办法", "4")]),
        ("个保法人脸识别第26条", [Address(PIPL, "26")]),
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
        ("个保法第47条第一款、第三款", [Address(PIPL, "47", 1), Address(PIPL, "47", 3)]),
        (
            "个保法第四十七条第一款第（一）项至第（三）项",
            [Address(PIPL, "47", 1, 1), Address(PIPL, "47", 1, 2), Address(PIPL, "47", 1, 3)],
        ),
        ("个保法第13至15条", [Address(PIPL, "13"), Address(PIPL, "14"), Address(PIPL, "15")]),
        ("PIPL arts. 13-15, 47", [Address(PIPL, n) for n in ("13", "14", "15", "47")]),
        ("个保法第４７条", [Address(PIPL, "47")]),
        ("GDPR Art. 33(1)(a)", [Address(GDPR, "33", 1, 1)]),
        ("Art. 33 GDPR and PIPL art. 57", [Address(GDPR, "33"), Address(PIPL, "57")]),
        ("PIPL §47 和 Article 6(1)(f) GDPR", [Address(PIPL, "47"), Address(GDPR, "6", 1, 6)]),
        ("Criminal Law art. 253-1", [Address(CRIMINAL, "253之一")]),
        ("个保法第47条规定了五种情形。该条第二款呢", [Address(PIPL, "47"), Address(PIPL, "47", 2)]),
        ("网安法21条(旧)", [Address(CSL, "21", old=True)]),
        ("2016年版网络安全法第21条", [Address(CSL, "21", old=True)]),
        ("网络安全法（2025年版）第23条", [Address(CSL, "23")]),
        (
            "《GB/T 35273-2020》6.1",
            [Address("GB/T 35273-2020 信息安全技术 个人信息安全规范", "6.1")],
        ),
        ("个保法四十七条一款二项", [Address(PIPL, "47", 1, 2)]),
        ("公司法第一百八十三条（2018年修正）", [Address(COMPANY, "183", old=True)]),
        ("公司法第232条（2023年修订）", [Address(COMPANY, "232")]),
        ("个保法第五十五条、五十六条", [Address(PIPL, "55"), Address(PIPL, "56")]),
        ("个保法第十三条到十五条", [Address(PIPL, n) for n in ("13", "14", "15")]),
        ("个保法第四十七条和一条短信、三款产品", [Address(PIPL, "47")]),
        ("个保法第四十七条两款都适用吗", [Address(PIPL, "47")]),
        ("个保法47（1）（二）", [Address(PIPL, "47", 1, 2)]),
        ("劳动合同法第五十条", [Address("中华人民共和国劳动合同法", "50")]),
        ("PIPL art 13(1)(2)-(4)", [Address(PIPL, "13", 1, n) for n in (2, 3, 4)]),
        ("GDPR Art. 6(1)(b), (c) and (f)", [Address(GDPR, "6", 1, n) for n in (2, 3, 6)]),
        ("GDPR Art 33(1)-(3)", [Address(GDPR, "33", n) for n in (1, 2, 3)]),
        ("GDPR ss. 12-13", [Address(GDPR, "12"), Address(GDPR, "13")]),
        ("个保法第13条第1款(二)、(三)", [Address(PIPL, "13", 1, 2), Address(PIPL, "13", 1, 3)]),
        ("个保法13(1)(2)、14(2)", [Address(PIPL, "13", 1, 2), Address(PIPL, "14", 2)]),
        ("个保法第66条1、2款", [Address(PIPL, "66", 1), Address(PIPL, "66", 2)]),
        ("个保法第〇四七条", [Address(PIPL, "47")]),
        ("个保法第13、14和第16条", [Address(PIPL, n) for n in ("13", "14", "16")]),
        ("依据个保法，本法第47条之规定", [Address(PIPL, "47")]),
    ],
)
def test_an_address_is_read_as_written(text: str, expected: list[Address]) -> None:
    assert parse_address(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Does the GDPR 72 hour rule apply to us",
        "GDPR 72小时怎么算",
        "个保法 10万人",
        "47条",
        "第四十七条",
        "网安法2017年修订",
        "PIPL 2021 版",
        "泄露500条信息违反个保法吗",
        "个保法规定了什么",
        "个保法共有74条",
        "反洗钱法实施细则第三条",
        # The 法 belongs to another word.
        "公司法务管理办法第5条",
        "公司法人治理制度第3条",
        "公司法律顾问管理规定第3条",
        "公司法定代表人第3条",
        "仲裁法院第3条",
        # Said too loosely to be sure of: a number alone could be anything.
        "个保法四十七",
        "个保法#47",
        "PIPL 47.1",
        "个保法附则",
        "the PIPL's 47 customers",
        "",
    ],
)
def test_what_names_no_provision_gives_none(text: str) -> None:
    assert parse_address(text) == []


def test_other_names_can_be_passed_in() -> None:
    assert parse_address("内规第三条", {"内规": "公司内部规定"}) == [Address("公司内部规定", "3")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("本法第50条", [Address(PIPL, "50")]),
        ("该条第二款", [Address(PIPL, "47", 2)]),
        ("那第50条呢", [Address(PIPL, "50")]),
        ("民法典第188条呢", [Address(CIVIL, "188")]),
        ("该条怎么说", []),
        ("那怎么办", []),
    ],
)
def test_what_was_spoken_of_before_gives_this_law_and_that_article_their_meaning(
    text: str, expected: list[Address]
) -> None:
    assert parse_address(text, context=Address(PIPL, "47")) == expected


def test_thousands_of_generated_addresses_are_all_read_exactly() -> None:
    found = cases()
    assert len(found) > 2500
    assert wrong(found) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("個人信息保護法第四十七條", [Address(PIPL, "47")]),
        (
            "《中華人民共和國個人信息保護法》第四十七條第一款第（二）項",
            [Address(PIPL, "47", 1, 2)],
        ),
        ("個保法13條第3項", [Address(PIPL, "13", None, 3)]),
        ("網絡安全法21條（舊）", [Address(CSL, "21", old=True)]),
        ("舊網安法第21條", [Address(CSL, "21", old=True)]),
        ("刑法第二百五十三條之一", [Address(CRIMINAL, "253之一")]),
        (
            "公司法第二百三十五條至第二百三十七條",
            [Address(COMPANY, "235"), Address(COMPANY, "236"), Address(COMPANY, "237")],
        ),
        (
            "依據個人信息保護法第四十七條與該法第十九條，並參見民法典第188條",
            [Address(PIPL, "47"), Address(PIPL, "19"), Address(CIVIL, "188")],
        ),
        (
            "消費者權益保護法實施條例第五條",
            [Address("中华人民共和国消费者权益保护法实施条例", "5")],
        ),
        ("數據安全法29條", [Address("中华人民共和国数据安全法", "29")]),
        ("會計法42條", [Address("中华人民共和国会计法", "42")]),
        ("反洗錢法三十四條", [Address("中华人民共和国反洗钱法", "34")]),
        ("檔案法實施條例第3條", [Address("中华人民共和国档案法实施条例", "3")]),
        ("稅收徵收管理法第五十二條", [Address("中华人民共和国税收征收管理法", "52")]),
        ("征信業管理條例第16條", [Address("征信业管理条例", "16")]),
        # Another country's law of another name.
        ("個人資料保護法第八條", []),
        # Its own title, in the characters it was given.
        ("《客戶檔案辦法》第三條", [Address("客户档案办法", "3")]),
        ("違反個保法洩露500條信息", []),
    ],
)
def test_an_address_in_traditional_characters_is_read_as_the_simplified_one(
    text: str, expected: list[Address]
) -> None:
    assert parse_address(text) == expected


def test_a_company_text_with_a_traditional_name_is_found_by_it() -> None:
    known = {"客戶資料管理制度": "客戶資料管理制度"}
    for written in ("客戶資料管理制度第三條", "客户资料管理制度第三條", "客戶資料管理制度第３條"):
        assert parse_address(written, known) == [Address("客戶資料管理制度", "3")]
    assert parse_address("客戶資料管理制度第3条", known) == [Address("客戶資料管理制度", "3")]


def test_every_name_and_generated_address_written_in_traditional_characters_is_read_alike() -> None:
    """By the table turned round; what stands for two simplified characters stands once in it."""
    table = {ord(plain): chr(form) for form, plain in forms().items()}
    for way, full in catalogued().items():
        assert parse_address(f"{way.translate(table)}第四十七條") == parse_address(
            f"{way}第四十七条"
        ), full
    turned = [Case(one.written.translate(table), one.addresses) for one in cases()]
    assert (
        sum(one.written != other.written for one, other in zip(turned, cases(), strict=True)) > 1500
    )
    # An unknown title is looked up as it is read, in simplified characters.
    assert wrong(turned) == []


def test_the_table_changes_no_name_and_no_text_of_law_in_simplified_characters(
    statutes: list[StatuteVersion],
) -> None:
    for way in catalogued():
        assert simplified(way) == way
    for version in statutes:
        for provision in version.provisions:
            assert simplified(provision.text) == provision.text


@given(
    st.text(alphabet="第条款项之一二十百0123456789４７、至-()（） art.PIL§个保法本该", max_size=40)
)
def test_no_text_makes_the_reading_fail(text: str) -> None:
    for address in parse_address("个保法" + text, context=Address(PIPL, "47")):
        assert address.instrument == PIPL
        assert address.article
