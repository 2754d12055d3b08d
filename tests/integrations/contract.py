"""What the tests of the contract of replies share: a reply of every part, and how shown text is compared."""

import html
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from integrations.replies import (
    Action,
    Choice,
    Fact,
    Point,
    Press,
    Quote,
    Reply,
    Section,
    Tone,
)
from integrations.replies.forms import Field, FieldKind
from integrations.replies.text import point_text, quote_heading
from records.language import Language

ZH = Language.ZH


HOSTILE = (
    '<at id=all></at> <at user_id="all">所有人</at> @_all @所有人 <!channel> <!here> @everyone <@U1> '
    "<https://evil.example|x> **粗** _斜_ `码` [x](https://evil.example) <script>alert(1)</script> "
    "{{ 7*7 }} [bold]x[/bold] &amp; :smile:"
)


def hostile(language: Language = ZH) -> Reply:
    """Every field there is, each holding what some door could read as markup."""
    press = Press("show", HOSTILE, "INC-1", confirm=HOSTILE)
    point = Point(HOSTILE, HOSTILE, (1,), (HOSTILE,))
    return Reply(
        language, Tone.ALARM, HOSTILE, point,
        facts=(Fact(HOSTILE, HOSTILE),),
        sections=(Section(HOSTILE, (point,), (press,)),),
        quotes=(Quote(1, HOSTILE, HOSTILE, HOSTILE, HOSTILE, None, "x"),),
        notes=(HOSTILE,), masked=("身份证号 ×1",), actions=(Action(HOSTILE, "F-1"),),
        asks=HOSTILE, choices=(Choice("one", HOSTILE),), about="Q-1", presses=(press,),
    )  # fmt: skip


def long_reply() -> Reply:
    """More than any one message takes."""
    points = tuple(Point(f"第{number}点：" + "长" * 700) for number in range(60))
    words = "\n".join(f"（{number}）" + "条文" * 400 for number in range(12))
    quote = Quote(1, "某法", "第一条", words, "法律", None, "x")
    presses = tuple(Press("show", f"打开 INC-{number}", f"INC-{number}") for number in range(12))
    section = Section("一", points, presses)
    return Reply(ZH, Tone.INFO, "很长", Point("结论。"), sections=(section,), quotes=(quote,))


def sample(field: Field, now: datetime) -> str:
    """Something this field takes."""
    match field.kind:
        case FieldKind.CHOICE | FieldKind.MANY:
            return field.choices[0].id if field.choices else "x"
        case FieldKind.DAY:
            return "2026-11-01"
        case FieldKind.MOMENT:
            return str(int(now.timestamp()) - 3600)
        case FieldKind.NUMBER:
            return str(max(field.least, 1))
        case _:
            return "说明说明说明"


def parts(reply: Reply) -> Iterator[tuple[str, str]]:
    """All that a reply says, and what kind of part it is."""
    language = reply.language
    yield "title", reply.title
    points = [reply.lead, *(one for section in reply.sections for one in section.points)]
    yield from (("point", point_text(one, language)) for one in points)
    for fact in reply.facts:
        yield from (("fact", fact.name), ("fact", fact.value))
    yield from (("section", one.heading) for one in reply.sections)
    for quote in reply.quotes:
        yield "heading", quote_heading(quote, language)
        yield from (("words", line) for line in quote.words.splitlines())
    yield from (("note", one) for one in reply.notes)
    yield from (("masked", one) for one in reply.masked)
    for action in reply.actions:
        yield from (("action", action.text), ("action", action.subject))
    yield "asks", reply.asks
    yield from (("choice", one.text) for one in reply.choices)
    presses = [*reply.presses, *(one for section in reply.sections for one in section.presses)]
    for press in presses:
        yield from (("press", press.text), ("confirm", press.confirm))
    if reply.about:
        yield "about", reply.about


_ALIKE = str.maketrans("＊＿～｀＠＜＞：！｜", "*_~`@<>:!|")


def bare(text: str) -> str:
    """The text with nothing a door may put in its place: spaces, look-alikes, cuts."""
    known = html.unescape(html.unescape(text)).translate(_ALIKE)
    return re.sub(r"[\s…│╭╮╰╯─]|^>|(?<=\n)>", "", known)


def shown_in(value: Any, keys: frozenset[str]) -> Iterator[str]:
    """Every text below these keys, in order."""
    if isinstance(value, dict):
        for key, one in value.items():
            if key in keys and isinstance(one, str | int):
                yield str(one)
            else:
                yield from shown_in(one, keys)
    elif isinstance(value, list):
        for one in value:
            yield from shown_in(one, keys)


SHOWN = frozenset({"text", "content", "value", "about"})
