"""What can be wrong with what a person asks for.

BadInput
├── EmptyText         nothing was written
├── ReasonMissing     a step that takes a reason was given none
├── TextTooLong       more than the verb takes
├── CaseNeeded        a policy that encrypts, and no case to keep what was encrypted
├── NotConfirmed      the client's name was not typed as it stands
├── TooMuchToReview   more than a person can look through on one page
├── NothingToDecide   a decision about no text, or without its kind
├── NotCitable        an approved answer cites nothing, or what is not in force
├── NotCarried        an approved answer says what its citations do not
└── FlawedItem        a quiz item has flaws, or says what it does not cite
NotPermitted
└── SignInRefused     name, password, code or link are not right; which one is not said
Conflict
└── AttemptOver       the time of an attempt is over, or it was handed in
Unavailable
├── TooManyTries      too many tries to sign in; says how long to wait
├── TooManyRequests   more requests a minute than one person may send
└── ModelFailed       the language model did not answer; the rules answer instead
"""

import math
from datetime import timedelta

from records.errors import BadInput, Conflict, NotPermitted, Unavailable
from records.language import Bilingual


class EmptyText(BadInput):
    """Nothing was written."""

    def __init__(self) -> None:
        super().__init__(
            "内容是空的。请写下问题或情况，例如：客户解约三年了，他的身份证复印件可以销毁吗？",
            "Nothing was written. Describe the question or what happened, for example: "
            "may we destroy the ID copies of a client who left three years ago?",
        )


class ReasonMissing(BadInput):
    """A step that takes a reason was given none."""

    def __init__(self) -> None:
        super().__init__(
            "请写明理由，例如：这台电脑没有别的账号。",
            "Give the reason, for example: no other account was on that laptop.",
        )


class TextTooLong(BadInput):
    """More than the verb takes."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"内容超过 {limit} 字。请只写要点；整份文件请用脱敏功能。",
            f"The text is over {limit} characters. Keep to the point; for whole files use redact.",
        )


class CaseNeeded(BadInput):
    """A policy that encrypts, and no case to keep what was encrypted."""

    def __init__(self) -> None:
        super().__init__(
            "这个策略会加密部分内容，须指明案卷才能日后还原。请加上案卷名（--case）。",
            "This policy encrypts values, which only a case can restore. Name a case (--case).",
        )


class NotConfirmed(BadInput):
    """The client's name was not typed as it stands."""

    def __init__(self) -> None:
        super().__init__(
            "确认用的名称与客户不符，没有销毁。请照原样再输入一次客户名称。",
            "The name typed to confirm is not the client's; nothing was destroyed. Type it as it "
            "stands.",
        )


class TooMuchToReview(BadInput):
    """More than a person can look through on one page."""

    def __init__(self) -> None:
        super().__init__(
            "文件太大，不适合逐处审核（最多 30 万字、2000 种文本）。请拆分，或直接脱敏。",
            "The file is too large to be reviewed place by place (300,000 characters, 2,000 "
            "texts). Split it, or redact it without review.",
        )


class NothingToDecide(BadInput):
    """A decision about no text, or without its kind."""

    def __init__(self) -> None:
        super().__init__(
            "请选中或写出要处理的文字，并选择种类。",
            "Select or write the text this is about, and choose its kind.",
        )


class NotCitable(BadInput):
    """An approved answer cites nothing, or what is not in force."""

    def __init__(self, address: str) -> None:
        # An address is a law's name and a number; still, not more of it than fits one.
        named_zh = f"“{address[:40]}”不是一条现行有效、已装入的条文。" if address else ""
        named_en = f"“{address[:40]}” is no provision in force and loaded. " if address else ""
        super().__init__(
            f"{named_zh}请逐条写明所依据的条文，例如：个人信息保护法第四十七条。",
            f"{named_en}Name each provision it rests on, for example: PIPL art. 47.",
        )


class NotCarried(BadInput):
    """An approved answer says what its citations do not."""

    def __init__(self) -> None:
        super().__init__(
            "答复里的数字、条号或引文，在所引条文中找不到。请改正，或补上载有它的条文。",
            "A figure, an article number or a quotation in the answer is not in what it cites. "
            "Correct it, or cite the provision that has it.",
        )


class ModelFailed(Unavailable):
    """The language model did not answer; the rules answer instead."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"语言模型没有给出可用的回答（{reason}）。",
            f"The language model gave no usable reply ({reason}).",
        )


class SignInRefused(NotPermitted):
    """Name, password, code or link are not right; which one is not said."""

    def __init__(self) -> None:
        super().__init__(
            "登录名、密码或验证码不对，或链接已用过、已过期。启用了两步验证的，须同时填写验证码。",
            "The name, password or code is not right, or the link was used or is old. With "
            "two-step sign-in the code is needed as well.",
        )


class TooManyTries(Unavailable):
    """Too many tries; says how long to wait."""

    def __init__(self, wait: timedelta) -> None:
        self.seconds = max(1, round(wait.total_seconds()))
        super().__init__(
            f"尝试次数过多，请在 {self.seconds} 秒后再试。忘记密码的，请管理员发一次性链接。",
            f"Too many tries; try again in {self.seconds} seconds. If the password is forgotten, "
            "ask an administrator for a one-time link.",
        )


class TooManyRequests(Unavailable):
    """More requests a minute than one person may send."""

    def __init__(self, seconds: float) -> None:
        self.seconds = max(1, math.ceil(seconds))
        super().__init__(
            f"请求太频繁，请在 {self.seconds} 秒后再试。",
            f"Too many requests; try again in {self.seconds} seconds.",
        )


class FlawedItem(BadInput):
    """A quiz item has flaws a test-wise person could use, or says what it does not cite."""

    def __init__(self, flaws: tuple[tuple[Bilingual, str], ...]) -> None:
        def said(words: str, where: str, opening: str, closing: str) -> str:
            return f"{words}{opening}{where}{closing}" if where else words

        zh = "；".join(said(one.zh, where, "（", "）") for one, where in flaws)
        en = "; ".join(said(one.en, where, " (", ")") for one, where in flaws)
        super().__init__(f"这道题还不能用：{zh}。", f"This item cannot be used yet: {en}.")


class AttemptOver(Conflict):
    """The time of an attempt is over, or it was handed in."""

    def __init__(self) -> None:
        super().__init__(
            "考试时间已到或已经交卷，不再接受答案；时限内保存的答案已经计分。",
            "The attempt is over; no more answers are taken. Those saved in time were marked.",
        )
