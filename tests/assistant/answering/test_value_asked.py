"""A question that wants one value is answered by nothing without one."""

import pytest

from assistant.answering.value_asked import holds_what_is_asked


@pytest.mark.parametrize(
    ("question", "told", "holds"),
    [
        ("总部热线号码是多少", "有人冒充本店的，只认热线和回执。", False),
        ("总部热线电话多少", "热线 400-000-1234，早九点到晚六点。", True),
        (
            "what is the wifi password in the lobby",
            "Passwords are changed every ninety days.",
            False,
        ),
        ("口令是多少", "口令每九十日更换一次。", False),
        ("换东家以后课时费会涨价吗", "剩余课时由接手的学校承接。", False),
        ("补办一张卡多少钱", "补卡收工本费十元。", True),
        # What a breach costs is no price; whoever asks no value is answered by anything.
        ("泄露信息最多罚多少钱", "情节严重的从重处罚。", True),
        ("密码多久换一次", "口令每九十日更换一次。", True),
        ("密码多少位才行", "口令不短于十二位。", True),
        ("工作手机什么时候交回", "离职当日交回。", True),
        ("租金收据留几年", "收据保存三十年。", True),
        ("涨价要提前告诉客户吗", "变更收费的，提前告知。", True),
        ("who bears the cost of telling customers", "The company that caused it pays.", True),
    ],
)
def test_only_what_holds_it_answers(question: str, told: str, holds: bool) -> None:
    assert holds_what_is_asked(question, told) is holds
