"""JSON, XML and HTML: every place of each, and what must stay as it was."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pii.detect import PresidioDetector
from pii.documents import redact_document
from pii.errors import UnknownPart, UnreadableDocument
from pii.formats.links import data_link, readable_link
from pii.formats.opening import Opening
from pii.formats.registry import FORMATS
from pii.operators import Edit
from pii.policy import RedactionPolicy, load_policy

NAME = "欧阳明华"
MOBILE = "13800138000"
Redactor = Callable[[str, str], str]


@pytest.fixture
def redacted(detector: PresidioDetector, standard: RedactionPolicy) -> Redactor:
    def run(text: str, name: str) -> str:
        return redact_document(text.encode(), name, detector, standard).data.decode()

    return run


def number(index: int) -> str:
    return f"1380013{8000 + index * 7}"


# --- JSON


def test_json_changes_only_what_it_must(redacted: Redactor) -> None:
    text = (
        f'{{ "客户":\t{{"姓名": "艾丽", "mobile":{MOBILE}, "n": 1.50}},\r\n'
        f'  "big": 123456789012345678901234567890, "a": 1, "a": 2, "t": "a\\/b\\n",\n'
        f'  "x": "\\u6b27\\u9633\\u660e\\u534e" }}\n'
    )
    changed = (
        text.replace("艾丽", "客户A")
        .replace(f":{MOBILE}", ':"138****8000"')
        .replace("\\u6b27\\u9633\\u660e\\u534e", "\\u5ba2\\u6237B")
    )
    assert redacted(text, "a.json") == changed


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        (f'{{"a": "{MOBILE}"}}', MOBILE),
        (f'{{"phone": {MOBILE}}}', MOBILE),
        ('{"phone": 1.3800138E10}', "1.3800138E10"),
        (f'{{"{NAME}": 1}}', NAME),
        ('{"contact_name": "艾丽"}', "艾丽"),
        ('{"customers": [{"name": "艾丽"}]}', "艾丽"),
        ('{"身份证": {"号码": "11010519491231002x"}}', "11010519491231002x"),
        (f'"电话{MOBILE}"', MOBILE),
        (f'[[["电话{MOBILE}"]]]', MOBILE),
        ('{"a": "\\u0031\\u0033800138000"}', "33800138000"),
    ],
)
def test_no_place_of_json_is_skipped(redacted: Redactor, text: str, gone: str) -> None:
    result = redacted(text, "a.json")
    assert gone in text
    assert gone not in result
    json.loads(result)


def test_the_name_of_a_product_is_no_persons_name(redacted: Redactor) -> None:
    text = '{"product": {"name": "飞鹤"}, "count": 12345}'
    assert redacted(text, "a.json") == text


def test_lines_of_json_are_read_one_by_one(redacted: Redactor) -> None:
    text = f'{{"name":"艾丽","mobile":"{MOBILE}"}}\n\n{{"name":"艾丽"}}\n'
    assert (
        redacted(text, "a.jsonl") == '{"name":"客户A","mobile":"138****8000"}\n\n{"name":"客户A"}\n'
    )


@pytest.mark.parametrize("text", ["{", '{"a" 1}', "{} {}", "{'a': 1}", '{"a": 1,}'])
def test_what_is_not_json_is_refused(redacted: Redactor, text: str) -> None:
    with pytest.raises(UnreadableDocument):
        redacted(text, "a.json")


LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20
)


@settings(max_examples=60, deadline=None)
@given(VALUES, st.booleans(), st.sampled_from([None, 2]))
def test_json_without_edits_comes_back_byte_for_byte(
    value: object, ascii_only: bool, indent: int | None
) -> None:
    data = json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode("utf-8", "replace")
    opened = FORMATS[".json"].open(data, Opening(FORMATS))
    assert opened.write([[] for _ in opened.segments]) == data


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.text(min_size=1), st.text(min_size=1), min_size=1))
def test_every_text_of_json_can_be_replaced(value: dict[str, str]) -> None:
    data = json.dumps(value).encode()
    opened = FORMATS[".json"].open(data, Opening(FORMATS))
    edits = [[Edit(0, len(s.text), '"\\新', None)] for s in opened.segments]  # type: ignore[arg-type]
    new = json.loads(opened.write(edits))
    assert set(new) == {'"\\新'}
    assert all(text == '"\\新' or not text.strip() for text in new.values())


# --- XML

XML_PLACES: dict[str, str] = {
    "text": "<a>§</a>",
    "text between elements": "<a><b/>§<b/></a>",
    "text in pieces": "<a>电话<b>§</b>，好</a>",
    "attribute": '<a b="§"/>',
    "comment": "<!-- § -->",
    "instruction": "<?target §?>",
    "CDATA": "<a><![CDATA[<§>]]></a>",
    "character references": "<a>&#30005;§</a>",
    "percent-encoded link": '<a href="https://x.cn/?q=%31%32§"/>',
    "another namespace": '<n:a xmlns:n="urn:n" n:b="§">甲</n:a>',
}


def xml_file() -> str:
    inner = "".join(x.replace("§", number(i)) for i, x in enumerate(XML_PLACES.values()))
    return f"<root>{inner.replace('%31%32' + number(8), '%31' + number(8)[1:])}</root>"


@pytest.fixture(scope="session")
def xml_copy(detector: PresidioDetector, standard: RedactionPolicy) -> tuple[str, str]:
    text = xml_file()
    return text, redact_document(text.encode(), "a.xml", detector, standard).data.decode()


@pytest.mark.parametrize("place", XML_PLACES)
def test_no_place_of_xml_is_skipped(xml_copy: tuple[str, str], place: str) -> None:
    before, after = xml_copy
    value = number(list(XML_PLACES).index(place))[1:]
    assert value in before
    assert value not in after


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "gbk", "utf-16"])
def test_xml_keeps_its_encoding(
    detector: PresidioDetector, standard: RedactionPolicy, encoding: str
) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>\n<客户><姓名>艾丽</姓名></客户>'
    data = redact_document(text.encode(encoding), "a.xml", detector, standard).data
    assert "<客户><姓名>客户A</姓名></客户>" in data.decode(encoding)


def test_a_number_as_the_name_of_an_element_is_refused(redacted: Redactor) -> None:
    with pytest.raises(UnknownPart):
        redacted(f"<root><n{MOBILE}/></root>", "a.xml")


# --- HTML

HTML_PLACES: dict[str, str] = {
    "text": "<p>§</p>",
    "text in pieces": "<p>电话<b>138</b>00<i>1</i>3<!-- x -->@</p>",
    "title": "<title>§</title>",
    "attribute": '<p title="§"></p>',
    "data attribute": '<p data-phone="§"></p>',
    "comment": "<!-- § -->",
    "hidden element": '<p hidden style="display:none">§</p>',
    "script": '<script>var a = "§";</script>',
    "data in a script": '<script type="application/ld+json">{"telephone": "§"}</script>',
    "style sheet": '<style>p:after{content:"§"}</style>',
    "style": "<p style=\"content:'§'\"></p>",
    "description": '<meta name="description" content="§">',
    "form field": '<input name="phone" value="§">',
    "text area": "<textarea>§</textarea>",
    "choice": '<select><option value="1">§</option></select>',
    "link": '<a href="tel:§">甲</a>',
    "page in a page": '<iframe srcdoc="&lt;p&gt;§&lt;/p&gt;"></iframe>',
    "document in a link": '<a href="data:text/plain,§">甲</a>',
    "template": "<template><p>§</p></template>",
    "no script": "<noscript><p>§</p></noscript>",
    "drawing": "<svg><text>§</text><desc>x</desc></svg>",
    "list of terms": "<dl><dt>手机</dt><dd>§</dd></dl>",
    "old Word markup": "<!--[if gte mso 9]><o:Author>§</o:Author><![endif]-->",
}


def html_file() -> str:
    inner = "".join(
        x.replace("§", number(i)).replace("@", number(i)[7:])
        for i, x in enumerate(HTML_PLACES.values())
    )
    return f"<!DOCTYPE html><html><body>{inner}</body></html>"


@pytest.fixture(scope="session")
def html_copy(detector: PresidioDetector, standard: RedactionPolicy) -> tuple[str, str]:
    text = html_file()
    return text, redact_document(text.encode(), "a.html", detector, standard).data.decode()


@pytest.mark.parametrize("place", HTML_PLACES)
def test_no_place_of_a_page_is_skipped(html_copy: tuple[str, str], place: str) -> None:
    before, after = html_copy
    value = number(list(HTML_PLACES).index(place))
    assert value[7:] in before
    assert value not in after
    assert place != "text in pieces" or f"<b>138****{value[7:]}</b>" in after


def test_a_page_keeps_its_markup(redacted: Redactor) -> None:
    page = (
        '<!DOCTYPE html>\n<html lang="zh"><head><meta charset="utf-8"><title>登记表</title></head>\n'
        '<body class="a"><h1>登记表</h1><table border="1"><tr><th>姓名</th><th>签订日期</th></tr>'
        '<tr><td>#</td><td>2024-01-15</td></tr></table><img src="a.png"></body></html>'
    )
    assert redacted(page.replace("#", "艾丽"), "a.html").strip() == page.replace("#", "客户A")


def test_pictures_in_a_page_are_blanked_or_refused_by_policy(
    redacted: Redactor, detector: PresidioDetector
) -> None:
    page = '<p><img src="data:image/png;base64,AAAAQUJDREVGR0g="></p>'
    assert "AAAAQUJDREVGR0g" not in redacted(page, "a.html")
    with pytest.raises(UnknownPart):
        redact_document(page.encode(), "a.html", detector, load_policy("sharing"))


def test_a_page_in_an_old_encoding_goes_back_in_it(
    detector: PresidioDetector, standard: RedactionPolicy
) -> None:
    page = f'<html><head><meta charset="gb2312"></head><body><p>联系人：{NAME}</p></body></html>'
    data = redact_document(page.encode("gbk"), "a.htm", detector, standard).data
    assert "联系人：客户A" in data.decode("gbk")


# --- links


@pytest.mark.parametrize(
    ("link", "readable"),
    [
        ("a?n=%E6%9D%8E%20%E5%9B%9B", "a?n=李%20四"),
        ("a?n=%C0%EE", "a?n=李"),
        ("a?n=%31%33", "a?n=13"),
        ("a?n=%26b%3D", "a?n=%26b%3D"),
        ("a?n=100%", "a?n=100%"),
        ("mailto:a%40b.cn", "mailto:a@b.cn"),
    ],
)
def test_a_link_is_read_with_its_letters_written_out(link: str, readable: str) -> None:
    assert readable_link(link) == readable


@given(st.binary(), st.booleans())
def test_a_document_in_a_link_goes_there_and_back(body: bytes, in_base64: bool) -> None:
    empty = data_link("data:text/plain;base64," if in_base64 else "data:text/plain,")
    assert empty is not None
    back = data_link(empty.with_body(body))
    assert back is not None
    assert back.body == body
