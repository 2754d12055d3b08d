"""Follow-ups made whole, replies to what was asked back, and what is no question at all."""

from datetime import date

import pytest

from assistant.answering.threads import Turn
from assistant.answering.understand import meaning, small_talk
from records.language import Language

TODAY = date(2026, 11, 23)
COPIES = "客户解约三年了,他的身份证复印件可以销毁吗?"


@pytest.mark.parametrize(
    ("said", "whole"),
    [
        ("那合同呢？", "客户解约三年了,他的合同可以销毁吗?"),
        ("合同呢", "客户解约三年了,他的合同可以销毁吗?"),
        ("那他的交易记录能不能也销毁", "客户解约三年了,他的交易记录可以销毁吗?"),
        ("要是五年前解约的呢", "客户解约五年前,他的身份证复印件可以销毁吗?"),
        ("我们是银行", f"{COPIES}（我们是银行）"),
        ("那银行呢", f"{COPIES}（我们是银行）"),
        ("如果还在打官司呢", f"{COPIES}（还在打官司）"),
        ("但是他还欠我们钱没还", f"{COPIES}（他还欠我们钱没还）"),
        ("不过还在打官司", f"{COPIES}（还在打官司）"),
    ],
)
def test_a_follow_up_is_read_with_what_was_asked_before(said: str, whole: str) -> None:
    meant = meaning(said, [Turn(COPIES)], choice="", language=Language.ZH, today=TODAY)
    assert (meant.whole, meant.follows, meant.about_keeping) == (whole, True, True)


def test_an_answer_goes_to_the_question_that_asked_for_it() -> None:
    turns = [
        Turn("客户的身份证复印件可以销毁吗", "purpose"),
        Turn("客户的身份证复印件可以销毁吗。客户投诉了怎么办？"),
    ]
    said = meaning("已经结束 2022年3月", turns, choice="", language=Language.ZH, today=TODAY)
    assert said.whole.startswith(turns[0].whole)
    assert "投诉" not in said.whole
    assert "2022年3月" in said.whole
    # Once answered it waits for nothing more.
    answered = Turn(f"{turns[0].whole}（2022年3月解约）")
    later = meaning(
        "那2023年3月的合同呢", [turns[0], answered], choice="", language=Language.ZH, today=TODAY
    )
    assert later.whole == "客户的合同可以销毁吗（2023年3月解约）"
    # Words that say more than the answer are no answer to what was asked long before.
    other = meaning("没有找到他的合同", turns, choice="", language=Language.ZH, today=TODAY)
    assert not other.whole.startswith(f"{turns[0].whole}（")


@pytest.mark.parametrize(
    ("said", "whole"),
    [
        ("那合同呢,也能一起碎?", "客户22年3月就不做了 合同现在能碎了吗"),
        ("他的合同是不是也能碎了", "客户22年3月就不做了 合同现在能碎了吗"),
    ],
)
def test_a_follow_up_keeps_the_day_told_at_first(said: str, whole: str) -> None:
    before = [Turn("客户22年3月就不做了 身份证复印件现在能碎了吗")]
    assert meaning(said, before, choice="", language=Language.ZH, today=TODAY).whole == whole


@pytest.mark.parametrize(
    ("said", "whole"),
    [
        # Asked of another thing, whether or not it has a name we know.
        ("那她付钱的单据呢", "她付钱的单据啥时候得清"),
        ("那家政员写的小本子呢？", "家政员写的小本子啥时候得清"),
        # What is no thing is put beside.
        ("那已经搬走了的呢", "月子里记的过敏单子啥时候得清（已经搬走了的）"),
        ("如果是别人写的单据呢", "月子里记的过敏单子啥时候得清（是别人写的单据）"),
    ],
)
def test_the_same_is_asked_of_another_thing(said: str, whole: str) -> None:
    before = [Turn("月子里记的过敏单子啥时候得清")]
    assert meaning(said, before, choice="", language=Language.ZH, today=TODAY).whole == whole


def test_a_dispute_told_with_another_kind_is_not_lost() -> None:
    said = meaning(
        "那还在打官司的合同能销毁吗", [Turn(COPIES)], choice="", language=Language.ZH, today=TODAY
    )
    assert "官司" in said.whole


@pytest.mark.parametrize("said", [
    "客户信息泄露要通知谁", "能不能把名单发给合作公司", "个保法第47条",
    "但书是什么意思", "员工离职后劳动合同要保存几年", "电子邮件群发要客户同意吗",
])  # fmt: skip
def test_a_question_of_its_own_stands_alone(said: str) -> None:
    meant = meaning(said, [Turn(COPIES)], choice="", language=Language.ZH, today=TODAY)
    assert (meant.whole, meant.follows) == (said, False)


def test_what_asks_something_else_of_the_same_is_no_question_of_keeping() -> None:
    meant = meaning("那要告诉客户吗", [Turn(COPIES)], choice="", language=Language.ZH, today=TODAY)
    assert meant.follows
    assert not meant.about_keeping
    assert meant.whole.endswith("要告诉客户吗？")


def test_who_asks_is_remembered_and_can_change() -> None:
    before = [Turn(f"{COPIES}（我们是银行）")]
    later = meaning("交易记录可以销毁吗", before, choice="", language=Language.ZH, today=TODAY)
    assert later.whole == "交易记录可以销毁吗（我们是银行）"
    other = meaning("保险公司的保单要留多久", before, choice="", language=Language.ZH, today=TODAY)
    assert "银行" not in other.whole


@pytest.mark.parametrize(
    ("said", "whole"),
    [
        ("What about contracts?", "Can we destroy the contracts of a client who left 3 years ago?"),
        ("what if they left five years ago?", "Can we destroy the ID copies of a client who left five years ago?"),
    ],
)  # fmt: skip
def test_english_follow_ups(said: str, whole: str) -> None:
    before = [Turn("Can we destroy the ID copies of a client who left 3 years ago?")]
    assert meaning(said, before, choice="", language=Language.EN, today=TODAY).whole == whole


@pytest.mark.parametrize(
    ("turns", "said", "whole"),
    [
        (
            ["How long do we keep enrolment forms?"],
            "What about test papers?",
            "How long do we keep test papers?",
        ),
        (
            ["How long do we keep test papers?"],
            "And who watches when they're shredded?",
            "test papers: who watches when they're shredded?",
        ),
        (
            ["I sent an email to the wrong person"],
            "Do I have to tell the clients?",
            "I sent an email to the wrong person: Do I have to tell the clients?",
        ),
        (
            ["I sent an email to the wrong person: Do I have to tell the clients?"],
            "By when?",
            "I sent an email to the wrong person: Do I have to tell the clients? By when?",
        ),
        (
            ["Client ended the contract in June 2021. Can we destroy the ID copy?"],
            "And the payment receipts?",
            "Client ended the contract in June 2021. Can we destroy the payment receipts?",
        ),
        (["客服聊天记录要留多久？"], "录音呢？", "录音要留多久？"),
        (["录音要留多久？"], "那到期了谁来批准删除？", "录音：到期了谁来批准删除？"),
        (["笔记本电脑丢了，先找谁？"], "要不要告诉客户？", "笔记本电脑丢了：要不要告诉客户？"),
        (
            ["笔记本电脑丢了：要不要告诉客户？"],
            "多长时间之内？",
            "笔记本电脑丢了：要不要告诉客户？多长时间之内？",
        ),
        (["走廊监控存多久？"], "家长想看可以吗？", "走廊监控：家长想看可以吗？"),
        (
            ["警察来要学员资料怎么办？"],
            "如果是孩子走丢了呢？",
            "警察来要学员资料怎么办？（是孩子走丢了）",
        ),
    ],
)
def test_what_talk_is_about_is_not_lost(turns: list[str], said: str, whole: str) -> None:
    before = [Turn(one) for one in turns]
    meant = meaning(said, before, choice="", language=Language.EN, today=TODAY)
    assert (meant.whole, meant.follows) == (whole, True)


@pytest.mark.parametrize(
    "said", ["Can we sell client data?", "公司注销要通知债权人吗", "How do we report a data leak?"]
)
def test_what_names_its_own_matter_begins_anew(said: str) -> None:
    before = [Turn("How long do we keep enrolment forms?")]
    meant = meaning(said, before, choice="", language=Language.EN, today=TODAY)
    assert (meant.whole, meant.follows) == (said, False)


def test_without_anything_before_there_is_nothing_to_follow() -> None:
    assert (
        meaning("那合同呢？", [], choice="", language=Language.ZH, today=TODAY).whole
        == "那合同呢？"
    )


@pytest.mark.parametrize(
    "said", ["你好", "您好！", "在吗", "谢谢啦", "hello", "Thanks a lot!", "你能做什么？"]
)
def test_small_talk_is_met_kindly(said: str) -> None:
    assert small_talk(said) is not None


@pytest.mark.parametrize(
    "said",
    ["你好，客户信息泄露了怎么办", "谢谢，那合同呢？", "客户说谢谢", "hi-res photos of clients"],
)
def test_a_question_that_greets_is_a_question(said: str) -> None:
    assert small_talk(said) is None


@pytest.mark.parametrize(
    ("before", "said", "whole"),
    [
        (
            "客户不同意我们用她的地址了，之前寄出的贺卡算不算违规？",
            "那以后还能接着寄吗",
            "客户不同意我们用她的地址了：以后还能接着寄吗？",
        ),
        (
            "客户要查自己的资料，我们几天内答复？",
            "要是东西太多来不及呢？",
            "客户要查自己的资料：情况复杂，在期限内办不完，可以延长多少天？",
        ),
        (
            "How many days do we have to correct a client's address?",
            "And what if we can't finish in time?",
            "correct a client's address: The case is complicated and cannot be finished in time. "
            "By how many days may the time limit be extended?",
        ),
    ],
)
def test_a_follow_up_keeps_the_half_it_goes_on_from(before: str, said: str, whole: str) -> None:
    language = Language.EN if said.isascii() else Language.ZH
    meant = meaning(said, [Turn(before)], choice="", language=language, today=TODAY)
    assert (meant.whole, meant.follows) == (whole, True)


def test_what_takes_too_long_is_no_follow_up_where_no_time_was_asked_for() -> None:
    said = "录音太多来不及整理怎么办"
    before = Turn("谁可以看客户的合同")
    meant = meaning(said, [before], choice="", language=Language.ZH, today=TODAY)
    assert "延长" not in meant.whole
