"""A reply as Feishu cards (JSON 2.0) within their limits, with nothing in it that Feishu would read.

Every text is a `plain_text`, which has no markup: no bold, link or mention can come out of echoed words.
Limits: 30 KB and 200 elements a card; a longer reply becomes several.
https://open.feishu.cn/document/feishu-cards/card-json-v2-structure
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from integrations.replies.model import Point, Press, Quote, Reply, Tone, Weight
from integrations.replies.text import masked_lines, point_text, quote_heading, split
from records.language import Bilingual, Language

Element = dict[str, Any]
Card = dict[str, Any]

# Below the 30 KB of a card: the message around it counts, too, with every quote escaped.
MAX_BYTES, MAX_ELEMENTS = 22_000, 150
MAX_TEXT, MAX_TITLE, MAX_BUTTON, MAX_ROW = 2500, 150, 100, 5

_COLOUR = {
    Tone.INFO: "blue",
    Tone.GOOD: "green",
    Tone.CAUTION: "orange",
    Tone.ALARM: "red",
    Tone.FAILED: "grey",
}
_BUTTON = {Weight.PLAIN: "default", Weight.GOOD: "primary", Weight.GRAVE: "danger"}
_TAG = re.compile(r"<(?=/?\s*at\b)", re.I | re.ASCII)
_EVERYBODY = re.compile(r"@(?=_all\b|all\b|everyone\b|所有人|全体成员)", re.I | re.ASCII)

_RIGHT = Bilingual("👍 有用", "👍 Helpful")
_WRONG = Bilingual("👎 不对", "👎 Wrong")
_PERSON = Bilingual("问负责人", "Ask a person")
_SURE = Bilingual("请确认", "Please confirm")
_DELETE = Bilingual(
    "请删除您刚才的消息：它还留在飞书里。", "Please delete your message: it is still in Feishu."
)


@dataclass(frozen=True, slots=True)
class Where:
    """Where a card will stand: what a button answers there is answered for the same readers."""

    public: bool = False
    # What a question asked there goes on from.
    thread: str = ""


PRIVATE = Where()


def calm(text: str) -> str:
    """The text with nothing left that would call everybody, wherever it may come to stand."""
    return _EVERYBODY.sub("＠", _TAG.sub("＜", text))


def cards(reply: Reply, where: Where = PRIVATE) -> list[Card]:
    """The reply as cards in order; the title stands above the first."""
    groups = list(_grouped(_elements(reply, where)))
    title = header(reply.title, reply.tone)
    return [
        card(group, title if number == 0 else None, summary=reply.title)
        for number, group in enumerate(groups)
    ]


def card(elements: Sequence[Element], title: Element | None, *, summary: str) -> Card:
    """A card that is not to be passed on: who may read it was decided where it stands."""
    made: Card = {
        "schema": "2.0",
        "config": {"enable_forward": False, "summary": {"content": _cut(calm(summary), MAX_TITLE)}},
        "body": {"elements": list(elements)},
    }
    return {**made, "header": title} if title else made


def header(title: str, tone: Tone) -> Element:
    """The coloured head of a card."""
    return {"title": plain(title, MAX_TITLE), "template": _COLOUR[tone]}


def plain(text: str, most: int = MAX_TEXT) -> Element:
    """Text that is shown as it is, cut to what fits."""
    return {"tag": "plain_text", "content": _cut(calm(text), most)}


def lines(text: str, **style: str) -> Iterator[Element]:
    """Text of any length."""
    for part in split(text, MAX_TEXT):
        yield {"tag": "div", "text": {**plain(part), **style}}


def button(text: str, value: Element, weight: Weight = Weight.PLAIN, sure: str = "") -> Element:
    """A button that comes back with its value; `sure` is asked before."""
    made: Element = {
        "tag": "button",
        "text": plain(text, MAX_BUTTON),
        "type": _BUTTON[weight],
        "behaviors": [{"type": "callback", "value": value}],
    }
    if sure:
        made["confirm"] = {"title": plain(f"{_SURE.zh} / {_SURE.en}"), "text": plain(sure, 500)}
    return made


def rows(buttons: Sequence[Element]) -> Iterator[Element]:
    """The buttons, a few a row; a narrow screen breaks the rows."""
    for start in range(0, len(buttons), MAX_ROW):
        columns = [
            {"tag": "column", "width": "auto", "elements": [one]}
            for one in buttons[start : start + MAX_ROW]
        ]
        yield {"tag": "column_set", "flex_mode": "flow", "columns": columns}


def _elements(reply: Reply, where: Where) -> Iterator[Element]:
    """The reply in reading order, each part within its limits."""
    lead = point_text(reply.lead, reply.language)
    yield from lines(lead, text_size="heading" if len(lead) < MAX_TITLE else "normal")
    if reply.facts:
        colon = "：" if reply.language is Language.ZH else ": "
        yield from lines("\n".join(f"{one.name}{colon}{one.value}" for one in reply.facts))
    for section in reply.sections:
        yield from lines(section.heading, text_size="heading")
        yield from lines("\n".join(_bullets(section.points, reply.language)))
        yield from rows([_press(one) for one in section.presses])
    for quote in reply.quotes:
        yield from _quote(quote, reply.language)
    yield from _choices(reply, where)
    yield from rows([_press(one) for one in reply.presses])
    yield from _about(reply, where)
    advice = (_DELETE.pick(reply.language),) if reply.masked else ()
    actions = (f"{action.text}：{action.subject}" for action in reply.actions)
    closing = [*masked_lines(reply), *advice, *reply.notes, *actions]
    if closing:
        yield {"tag": "hr"}
        yield from lines("\n".join(closing), text_size="notation", text_color="grey")


def _bullets(points: Iterable[Point], language: Language) -> Iterator[str]:
    return (f"• {point_text(point, language)}" for point in points)


def _quote(quote: Quote, language: Language) -> Iterator[Element]:
    """The article's words on a grey ground, under its name."""
    for number, part in enumerate(split(quote.words, MAX_TEXT)):
        words = lines(part)
        named = lines(quote_heading(quote, language), text_size="notation") if number == 0 else ()
        inside = {"tag": "column", "width": "weighted", "weight": 1, "elements": [*named, *words]}
        yield {"tag": "column_set", "background_style": "grey", "columns": [inside]}


def _choices(reply: Reply, where: Where) -> Iterator[Element]:
    """What is asked back, with a button for each answer."""
    if reply.asks:
        yield from lines(f"❓ {reply.asks}")
    values = ({"choice": one.id, "words": one.text, **_place(where)} for one in reply.choices)
    yield from rows(
        [button(one.text, value) for one, value in zip(reply.choices, values, strict=True)]
    )


def _about(reply: Reply, where: Where) -> Iterator[Element]:
    """Was it right, and the way to a person."""
    if reply.about:
        names = (("right", _RIGHT), ("wrong", _WRONG), ("handover", _PERSON))
        yield from rows(
            [
                button(
                    name.pick(reply.language),
                    {"about": reply.about, "say": act, **_place(where)},
                )
                for act, name in names
            ]
        )


def _press(press: Press) -> Element:
    value = {"act": press.act, "subject": press.subject}
    return button(press.text, value, press.weight, press.confirm)


def _place(where: Where) -> Element:
    return {"public": where.public, "thread": where.thread}


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _grouped(elements: Iterable[Element]) -> Iterator[list[Element]]:
    group: list[Element] = []
    size = count = 0
    for element in elements:
        length, tags = len(as_json(element).encode()), _count(element)
        if group and (size + length > MAX_BYTES or count + tags > MAX_ELEMENTS):
            yield group
            group, size, count = [], 0, 0
        group.append(element)
        size, count = size + length, count + tags
    if group:
        yield group


def _count(value: object) -> int:
    """How many elements there are in one, with all inside."""
    if isinstance(value, dict):
        return ("tag" in value) + sum(_count(one) for one in value.values())
    return sum(_count(one) for one in value) if isinstance(value, list) else 0


def as_json(value: object) -> str:
    """As it is sent."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
