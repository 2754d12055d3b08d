"""What was masked in a text: said to be so, and searched by never."""

from pii.cleared import holds_mask, public_text, without_names_masked


def test_a_masked_name_is_not_searched_by_and_all_else_is() -> None:
    asked = public_text("〔姓名〕的身份证〔身份证号〕能销毁吗", source="test")
    assert without_names_masked(asked).text == "的身份证〔身份证号〕能销毁吗"
    plain = public_text("身份证能销毁吗", source="test")
    assert without_names_masked(plain) is plain


def test_a_text_tells_whether_something_in_it_is_masked() -> None:
    assert holds_mask("由〔姓名〕审核")
    assert not holds_mask("由法务岗审核")
