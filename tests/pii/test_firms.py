"""Firms by form, by trade, by what stands before them; short forms of a name that stands whole; and what is none."""

import pytest

from pii.detect import ShippedDetector
from pii.firm_names import is_generic, is_public_body, short_forms
from pii.kinds import Kind
from pii.policy import load_policy
from pii.redact import redact


@pytest.fixture(scope="module")
def detector() -> ShippedDetector:
    return ShippedDetector()


def firms(detector: ShippedDetector, text: str) -> list[str]:
    return [text[f.start : f.end] for f in detector.find(text) if f.kind is Kind.ORGANISATION]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("由无锡穗丰冷链物流有限公司承运。", ["无锡穗丰冷链物流有限公司"]),
        ("经我公司与常州栎木家居有限公司协商", ["常州栎木家居有限公司"]),
        ("乙方：和悦医药有限公司", ["和悦医药有限公司"]),
        ("砺锋（常州）模具有限公司来函", ["砺锋（常州）模具有限公司"]),
        ("发往绍兴澜汐花卉有限公司湖州分公司。", ["绍兴澜汐花卉有限公司湖州分公司"]),
        ("跟砺澄检测谈过了", ["砺澄检测"]),
        ("他从澜汐文化离职", ["澜汐文化"]),
        ("发票抬头：栎木", ["栎木"]),
        ("我们公司（常州栎木家居有限公司）的", ["常州栎木家居有限公司"]),
        ("附近砺澄一店的人", ["砺澄一店"]),
        ("在澜汐万达店办卡", ["澜汐万达店"]),
        ("商户 栎木　金额 12.00", ["栎木"]),
        ("单位鲁安栎装饰工程。", ["鲁安栎装饰工程"]),
        ("We ordered from Quillfern Trading Co., Ltd. in May.", ["Quillfern Trading Co., Ltd."]),
        ("According to Quillfern Logistics it left.", ["Quillfern Logistics"]),
    ],
)
def test_a_firm_is_found_from_its_first_character_to_its_last(
    detector: ShippedDetector, text: str, names: list[str]
) -> None:
    assert firms(detector, text) == names


@pytest.mark.parametrize(
    "text",
    [
        "变更为有限责任公司，股份有限公司的设立另行规定。",
        "公司类型一栏可填有限责任公司、股份有限公司、合伙企业。",
        "我司与贵公司之间，该公司不承担责任，物流公司赔付。",
        "这批货走国际物流，保险公司不赔。",
        "财务会计报告、信息网络传播权、文化教育培训。",
        "去税务局、派出所、人民法院、实验小学盖章。",
        "单位：元",
        "开了一家旗舰店，去万达店看看，本市中山路店、加盟店、连锁店。",
        "从事供应链管理多年，做好酒店管理，我们做家政服务，公司搞电子商务。",
        "用两个字注册服装商标能过吗。",
        "室内装饰工程验收，优质酒店管理，农村电子商务。",
        "门店 装修中\n供应商 见附件\n单位 千克",
        "单位：万元/吨",
    ],
)
def test_what_names_no_firm_is_left_alone(detector: ShippedDetector, text: str) -> None:
    assert firms(detector, text) == []


@pytest.mark.parametrize(
    ("name", "sure", "brand"),
    [
        ("无锡穗丰冷链物流有限公司", {"无锡穗丰冷链物流", "穗丰冷链物流"}, "穗丰"),
        ("绍兴澜汐餐饮管理有限公司", {"绍兴澜汐餐饮管理", "澜汐餐饮管理"}, "澜汐"),
        ("Quillfern Trading Co., Ltd.", {"Quillfern Trading", "Quillfern"}, ""),
        ("物流有限公司", set(), ""),
    ],
)
def test_a_whole_name_gives_its_short_forms(name: str, sure: set[str], brand: str) -> None:
    forms = short_forms(name)
    assert set(forms.sure) == sure and forms.brand == brand


def test_once_named_whole_a_firm_is_found_in_its_short_forms(detector: ShippedDetector) -> None:
    text = (
        "买方：无锡穗丰冷链物流有限公司\n一、穗丰冷链物流三日内付款。\n二、穗丰派车，货送穗丰二号仓。\n"
        "三、退货交穗丰东门店。"
    )
    left = redact(text, detector, load_policy("sharing")).cleared.text
    assert "穗丰" not in left
    assert "三日内付款" in left and "二号仓" in left and "退货交" in left and "东门店" not in left


def test_a_brand_that_is_a_word_is_hidden_only_where_a_firm_is_meant(
    detector: ShippedDetector,
) -> None:
    text = "卖方：无锡远方物流有限公司\n他望着远方。\n远方公司明天送货。"
    left = redact(text, detector, load_policy("sharing")).cleared.text
    assert "望着远方" in left and "远方公司" not in left and "无锡" not in left


def test_the_standard_policy_keeps_firms(detector: ShippedDetector) -> None:
    text = "卖方：无锡穗丰冷链物流有限公司，穗丰的货已到。"
    assert redact(text, detector, load_policy("standard")).cleared.text == text


@pytest.mark.parametrize(
    ("name", "generic"), [("物流公司", True), ("我公司", True), ("穗丰公司", False)]
)
def test_words_for_firms_name_none(name: str, generic: bool) -> None:
    assert is_generic(name) is generic


@pytest.mark.parametrize(("name", "public"), [("海门区人民法院", True), ("穗丰物流", False)])
def test_courts_and_bureaus_are_public(name: str, public: bool) -> None:
    assert is_public_body(name) is public


@pytest.mark.parametrize(
    "text",
    [
        # A word of the language begins the brand; a pet name may; a little word may stand before it.
        "深圳万象成供应链管理有限公司来函。给万象成做了演示。",
        "宁波阿拉好家政服务有限公司来函。备注：阿拉好已付清。",
        "厦门屿棠进出口有限公司来函。上笔多付屿棠两百元。",
        # Two words of a trade behind it.
        "车由万象成供应链管理派。",
    ],
)
def test_a_brand_is_nobody(detector: ShippedDetector, text: str) -> None:
    assert Kind.PERSON_NAME not in {f.kind for f in detector.find(text)}
