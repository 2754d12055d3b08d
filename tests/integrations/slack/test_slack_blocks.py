"""Replies as Block Kit: within every limit, nothing lost, nothing read as markup."""

import html
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.replies import Fact, Point, Quote, Reply, Section, Tone
from integrations.slack.blocks import MAX_BLOCKS, MAX_HEADER, MAX_SECTION, escaped, messages, split
from records.language import Language


def _reply(**parts: Any) -> Reply:
    whole = {"language": Language.ZH, "tone": Tone.GOOD, "title": "结论", "lead": Point("可以。")}
    return Reply(**{**whole, **parts})


def _sections(reply: Reply) -> list[str]:
    return [
        block["text"]["text"]
        for message in messages(reply)
        for block in message["blocks"]
        if block["type"] == "section"
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a & b < c > d", "a &amp; b &lt; c &gt; d"),
        ("<!channel>", "&lt;!channel&gt;"),
        ("<@U0LINXIAO>", "&lt;@U0LINXIAO&gt;"),
        ("<https://evil.example|点这里>", "&lt;https://evil.example|点这里&gt;"),
        ("@channel @here @Everyone", "＠channel ＠here ＠Everyone"),
        ("@小王 a@b.cn", "@小王 a@b.cn"),
        ("me@here.example", "me＠here.example"),
        ("@channels", "@channels"),
        ("*粗* _斜_ ~删~ `码`", "＊粗＊ ＿斜＿ ～删～ ｀码｀"),
        (":smile: 10:30:45", "：smile: 10：30:45"),
        ("> 引用", "＞ 引用"),
        ("3 > 2", "3 &gt; 2"),
        ("&lt;", "&amp;lt;"),
    ],
)
def test_nothing_in_a_text_is_read_by_slack(text: str, shown: str) -> None:
    assert escaped(text) == shown


def test_a_reply_reads_conclusion_first_then_conditions_words_and_notes() -> None:
    reply = _reply(
        lead=Point("可以销毁。", label="待核实，不作为法律依据", refs=(1,)),
        facts=(Fact("按此日的规定", "2026-11-23"),),
        sections=(Section("条件", (Point("没有争议。"), Point("没有暂停。"))),),
        quotes=(Quote(1, "个人信息保护法", "第四十七条", "一\n二", "法律", None, "x"),),
        notes=("请核对。",),
        masked=("身份证号 ×2",),
    )
    assert _sections(reply) == [
        "*【待核实，不作为法律依据】可以销毁。 [1]*",
        "*按此日的规定* 2026-11-23",
        "*条件*\n• 没有争议。\n• 没有暂停。",
        "*[1] 《个人信息保护法》第四十七条 · 法律*\n> 一\n> 二",
        "已先遮盖您文字中的个人信息：身份证号 ×2。\n"
        "请删除您刚才的消息：它还留在 Slack 里。\n请核对。",
    ]


def test_a_title_is_calmed_in_the_header_and_escaped_in_the_fallback() -> None:
    (message,) = messages(_reply(title="<!here> A&B @channel"))
    assert message["blocks"][0]["text"] == {
        "type": "plain_text", "text": "✅ ＜!here＞ A&B ＠channel", "emoji": False,
    }  # fmt: skip
    assert message["text"].startswith("✅ ＜!here＞ A&amp;B ＠channel")


LONG = st.text(st.sampled_from("法律条文。&<>*\n ；a@:"), min_size=0, max_size=9000)


@settings(max_examples=40, deadline=None)
@given(lead=LONG, words=LONG, points=st.lists(LONG, max_size=30), title=LONG)
def test_every_limit_holds_whatever_the_text(
    lead: str, words: str, points: list[str], title: str
) -> None:
    reply = _reply(
        title=title,
        lead=Point(lead),
        sections=tuple(Section("一", (Point(point),)) for point in points) * 3,
        quotes=(Quote(1, "某法", "第一条", words, "法律", None, "x"),),
    )
    for message in messages(reply):
        assert 0 < len(message["blocks"]) <= MAX_BLOCKS
        assert len(message["text"]) <= 40_000
        for block in message["blocks"]:
            text = block.get("text", {}).get("text", "")
            assert len(text) <= (MAX_HEADER if block["type"] == "header" else MAX_SECTION)
            assert block["type"] == "divider" or text.strip()


@settings(max_examples=100, deadline=None)
@given(text=st.text(st.sampled_from("法a&<>。 \n"), max_size=400), limit=st.integers(20, 90))
def test_splitting_keeps_every_character_and_cuts_no_entity(text: str, limit: int) -> None:
    parts = split(escaped(text), limit)
    assert all(len(part) <= limit for part in parts)
    kept = "".join(html.unescape(part) for part in parts)
    assert "".join(kept.split()) == "".join(html.unescape(escaped(text)).split())


def test_a_reply_too_long_for_one_message_becomes_several_in_order() -> None:
    points = tuple(Point(f"第{number}点。" + "长" * 400) for number in range(80))
    sent = messages(_reply(sections=(Section("条件", points),)))
    assert len(sent) > 1
    joined = "\n".join(message["text"] for message in sent)
    places = [joined.index(f"第{number}点。") for number in range(80)]
    assert places == sorted(places)
