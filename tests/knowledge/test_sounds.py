"""Words written by their sound: put right where they can mean nothing else, and left alone otherwise."""

import pytest

from knowledge.sounds import put_right


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("公司要注消了", "公司要注销了"),
        ("客户信吸和电话号马", "客户信息和电话号码"),
        ("会计平证放几年", "会计凭证放几年"),
        ("身份正复印件能消毁吗", "身份证复印件能销毁吗"),
        ("delete 客户资聊 now", "delete 客户资料 now"),
        ("2019年的记帐凭证和旧帐簿", "2019年的记账凭证和旧账簿"),
    ],
)
def test_a_word_of_the_subject_is_put_right(typed: str, meant: str) -> None:
    assert put_right(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "业主销号",
        "帐篷和蚊帐",
        "身份正在核实",
        "手机号马上给你",
        "同义词和债券",
        "和同行一起",
        "公司注销以后客户信息怎么办",
        "can we delete it",
        "",
    ],
)
def test_other_words_are_left_as_they_were_typed(typed: str) -> None:
    assert put_right(typed) == typed
