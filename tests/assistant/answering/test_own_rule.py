"""A rule of the company's is told with what is said around it, and never with more."""

from datetime import date

import pytest

from assistant.answering.own_rule import around
from assistant.answering.sources import own_rule_source
from knowledge.library import OwnRule
from knowledge.own_rules import rules_of
from knowledge.provisions import Level, Provision
from pii.cleared import public_text

_LONG = "退款清单由财务复核，逐笔核对金额、日期和收款账户，差错当日更正并写明原因，复核人签字。" * 5
_FEW = (
    "纸张由两人在场处理，残留物拍照留存，登记簿写明时间、地点、份数和经办人，经办人和见证人当场签字，照片随登记簿存放。"
    "处理当天完成登记，次日交档案室归档，不得跨月。"
)


def _rule(text: str, begins: str) -> OwnRule:
    words, said = next(one for one in rules_of(text) if begins in one[0])
    section = Provision(
        id="p#1",
        instrument="手册",
        article="1",
        heading="1",
        chapter=None,
        text=text,
        level=Level.POLICY,
        effective_from=None,
        effective_to=None,
        source="p",
    )
    return OwnRule(section, words, said, 0.9)


@pytest.mark.parametrize(
    ("text", "begins", "told"),
    [
        # A short section whole, its marks of a list left out.
        (
            "本公司不向境外提供客户信息。客户本人要求寄送的，逐件处理并登记。",
            "逐件",
            "本公司不向境外提供客户信息。客户本人要求寄送的，逐件处理并登记。",
        ),
        (
            "- 立即远程锁定。\n- 已加密的，记录依据。",
            "远程",
            "立即远程锁定。已加密的，记录依据。",
        ),
        # Of a long one the paragraph.
        (
            f"{_LONG}\n1. 没有加密的，按泄露处理；已加密的，记录依据。",
            "已加密",
            "没有加密的，按泄露处理；已加密的，记录依据。",
        ),
        # Of a long paragraph the sentence that answers first, with its own beginning, and what follows.
        (
            f"{_LONG}退款十五日内原路退回；账户不可用的，改付。不再收复印件。",
            "改付",
            "退款十五日内原路退回；账户不可用的，改付。不再收复印件。",
        ),
        # Never as much as makes it long.
        (
            f"退款十五日内原路退回。{_LONG.replace('。', '，') * 2}",
            "原路",
            "退款十五日内原路退回。",
        ),
        # A list from what introduces it, whichever of its lines answers.
        (
            f"{_LONG}\n先填申请表。审批按下列顺序：\n申请：部门主管。\n第一审批：负责人。\n第二审批：法务岗。",
            "第二审批",
            "审批按下列顺序：申请：部门主管。第一审批：负责人。第二审批：法务岗。",
        ),
        (
            f"{_LONG}\n先填申请表。审批按下列顺序：\n申请：部门主管。",
            "申请表",
            "先填申请表。审批按下列顺序：申请：部门主管。",
        ),
        (
            f"{_LONG}\n先填申请表。审批按下列顺序：\n申请：部门主管。\n{_LONG * 3}",
            "审批按",
            "审批按下列顺序：申请：部门主管。",
        ),
        # Steps one after the other, whichever of them was met; more of them than a list may have, that one.
        (
            f"1. 立即锁定设备。\n2. 核对台账。\n3. {_FEW}\n4. 在车上遗失的，同时向运营方登记。",
            "在车上",
            f"立即锁定设备。核对台账。{_FEW}在车上遗失的，同时向运营方登记。",
        ),
        (
            "\n".join(f"{n}. {_LONG}" for n in range(1, 4)) + "\n4. 在车上遗失的，向运营方登记。",
            "在车上",
            "在车上遗失的，向运营方登记。",
        ),
        # A few lines whole, the sentence that answers first.
        (
            f"{_FEW}碎片不大于五毫米。不得焚烧。",
            "碎片",
            f"碎片不大于五毫米。{_FEW}不得焚烧。",
        ),
        # A row stands alone.
        ("材料｜期限\n录像｜三十日\n录音｜六个月", "录像", "材料：录像；期限：三十日"),
    ],
)
def test_told_with_what_is_said_in_the_same_breath(text: str, begins: str, told: str) -> None:
    words, said = around(_rule(text, begins))
    assert said == told
    assert words in text


def test_what_may_not_be_told_is_left_out() -> None:
    text = "退款十五日内原路退回。查询进度请登录 www.refund.example 办理。"
    assert around(_rule(text, "原路"))[1] == "退款十五日内原路退回。"


_ROWS = "| 岗位 | 职责 | 联络方式 |\n|---|---|---|\n| 值班岗 | 接报并登记事件 | {} |"
_ASKED = public_text("事件由谁接报", source="test")


@pytest.mark.parametrize(
    ("contact", "published", "told"),
    [
        ("duty@firm.example", False, "见《手册》1"),
        ("0571-88886666", False, "见《手册》1"),
        ("duty@firm.example", True, "duty@firm.example"),
        ("〔电子邮箱〕", False, "〔电子邮箱〕（见《手册》1）"),
    ],
)
def test_a_contact_is_shown_where_it_is_published_and_else_its_section_is_named(
    contact: str, published: bool, told: str
) -> None:
    rule = _rule(_ROWS.format(contact), "值班岗")
    source = own_rule_source(rule, _ASKED, date(2026, 11, 1), lambda _: published, sure=True)
    assert source.text.zh == f"岗位：值班岗；职责：接报并登记事件；联络方式：{told}"
    assert source.part in rule.section.text
    assert (contact in source.part) is (told != "见《手册》1")
