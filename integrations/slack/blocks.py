"""A reply as Slack messages: Block Kit within its limits, and nothing in it that Slack would read.

Limits: 50 blocks a message, 3,000 characters a section, 150 a header, 75 a button, 40,000 of text. A longer
reply becomes several messages. https://docs.slack.dev/reference/block-kit/blocks
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from integrations.replies.model import Point, Press, Quote, Reply, Tone, Weight
from integrations.replies.text import masked_lines, point_text, quote_heading, split
from records.language import Bilingual, Language

Block = dict[str, Any]
Message = dict[str, Any]

MAX_BLOCKS = 50
MAX_SECTION = 3000
MAX_HEADER = 150
MAX_BUTTON, MAX_BUTTONS = 75, 25
# More buttons a row than this are hard to tell apart.
MAX_ROW = 5
# What the id of a button begins with that answers what was asked back.
CHOOSE = "choose:"
# And of one about the answer itself.
ABOUT = "about:"
# And of one that does something: the name of the act follows.
ACT = "act:"
# Of all text in the blocks of one message; Slack refuses some way above it.
MAX_MESSAGE = 11_000

_SYMBOL = {
    Tone.INFO: "ℹ️",
    Tone.GOOD: "✅",
    Tone.CAUTION: "⚠️",
    Tone.ALARM: "🚨",
    Tone.FAILED: "❌",
}
# Look-alikes: a zero-width character would travel with copied text, and there is no escape.
_FORMATTING = str.maketrans({"*": "＊", "_": "＿", "~": "～", "`": "｀"})
_MARKDOWN = _FORMATTING | str.maketrans("<>&[]|\\", "＜＞＆［］｜＼")
_LINE_MARK = re.compile(r"^[ \t]*(?:#+|[-+=]|\d+[.)])[ \t]*(?=\S)", re.M)
_BROADCAST = re.compile(r"@(?=(?:channel|here|everyone|group|subteam)\b)", re.I | re.ASCII)
_EMOJI = re.compile(r":(?=[a-z0-9_+'\-]+:)", re.I | re.ASCII)
_QUOTED_LINE = re.compile(r"^>", re.M)
_DELETE = Bilingual(
    "请删除您刚才的消息：它还留在 Slack 里。",
    "Please delete your message: it is still in Slack.",
)


def escaped(text: str) -> str:
    """The text with nothing left that Slack would read as a mention, link, emoji or formatting."""
    calm = _EMOJI.sub("：", _BROADCAST.sub("＠", text.translate(_FORMATTING)))
    calm = _QUOTED_LINE.sub("＞", calm)
    return calm.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def markdown(text: str) -> str:
    """The same for text that Slack reads as Markdown, where links and headings are written otherwise.

    Look-alikes throughout: whether it undoes &lt; there is not documented.
    """
    calm = _EMOJI.sub("：", _BROADCAST.sub("＠", text.translate(_MARKDOWN)))
    return _LINE_MARK.sub("", calm.replace("://", "：//"))


def messages(reply: Reply) -> list[Message]:
    """The reply as messages in order, each with blocks and the same as plain text."""
    return [_message(group) for group in _grouped(blocks(reply))]


def note(text: Bilingual, language: Language) -> Message:
    """One sentence of ours as a message."""
    return {"text": escaped(text.pick(language))}


def blocks(reply: Reply) -> Iterator[Block]:
    """The reply as blocks in reading order, each within its limits."""
    yield _header(f"{_SYMBOL[reply.tone]} {reply.title}")
    yield from _sections(_point(reply.lead, reply.language, bold=True))
    if reply.facts:
        yield from _sections(
            "\n".join(f"*{escaped(f.name)}* {escaped(f.value)}" for f in reply.facts)
        )
    for section in reply.sections:
        lines = [f"*{escaped(section.heading)}*"]
        lines += [f"• {_point(point, reply.language)}" for point in section.points]
        yield from _sections("\n".join(lines))
        yield from _presses(section.presses, reply.language)
    for quote in reply.quotes:
        yield from _quote(quote, reply.language)
    yield from _choices(reply)
    yield from _presses(reply.presses, reply.language)
    yield from _about(reply)
    advice = (_DELETE.pick(reply.language),) if reply.masked else ()
    actions = (f"{action.text}：{action.subject}" for action in reply.actions)
    closing = [*masked_lines(reply), *advice, *reply.notes, *actions]
    if closing:
        yield {"type": "divider"}
        yield from _sections("\n".join(escaped(line) for line in closing))


def _choices(reply: Reply) -> Iterator[Block]:
    """What is asked back, with a button for each answer."""
    if reply.asks:
        yield from _sections(f"❓ *{escaped(reply.asks)}*")
    if reply.choices:
        buttons = [
            {
                "type": "button",
                "action_id": f"{CHOOSE}{one.id}",
                "value": one.id,
                "text": plain_text(one.text, MAX_BUTTON),
            }
            for one in reply.choices[:MAX_BUTTONS]
        ]
        yield {"type": "actions", "elements": buttons}


_RIGHT = Bilingual("👍 有用", "👍 Helpful")
_WRONG = Bilingual("👎 不对", "👎 Wrong")
_PERSON = Bilingual("问负责人", "Ask a person")


def _about(reply: Reply) -> Iterator[Block]:
    """Was it right, and the way to a person."""
    if reply.about:
        names = (("right", _RIGHT), ("wrong", _WRONG), ("handover", _PERSON))
        buttons = [
            {
                "type": "button",
                "action_id": f"{ABOUT}{act}",
                "value": reply.about,
                "text": plain_text(name.pick(reply.language), MAX_BUTTON),
            }
            for act, name in names
        ]
        yield {"type": "actions", "elements": buttons}


_STYLE = {Weight.GOOD: {"style": "primary"}, Weight.GRAVE: {"style": "danger"}, Weight.PLAIN: {}}
_SURE = Bilingual("请确认", "Please confirm")
_GO = Bilingual("确定", "Yes")
_STAY = Bilingual("取消", "No")


def _presses(presses: Sequence[Press], language: Language) -> Iterator[Block]:
    """A button for each, a few a row."""
    for start in range(0, len(presses), MAX_ROW):
        row = presses[start : start + MAX_ROW]
        elements = [_button(one, number, language) for number, one in enumerate(row)]
        yield {"type": "actions", "elements": elements}


def _button(press: Press, number: int, language: Language) -> Block:
    button: Block = {
        "type": "button",
        # Slack wants it different from the others of its row.
        "action_id": f"{ACT}{press.act}:{number}",
        "value": press.subject or press.act,
        "text": plain_text(press.text, MAX_BUTTON),
        **_STYLE[press.weight],
    }
    if press.confirm:
        button["confirm"] = {
            "title": plain_text(_SURE.pick(language), 100),
            "text": plain_text(press.confirm, 300),
            "confirm": plain_text(_GO.pick(language), 30),
            "deny": plain_text(_STAY.pick(language), 30),
        }
    return button


def plain_text(text: str, most: int) -> Block:
    """Text that Slack shows as it is, cut to what fits."""
    shown = text if len(text) <= most else f"{text[: most - 1]}…"
    return {"type": "plain_text", "text": shown, "emoji": False}


def _point(point: Point, language: Language, *, bold: bool = False) -> str:
    text = escaped(point_text(point, language))
    # Bold must not span lines, nor be cut by splitting.
    return f"*{text}*" if bold and "\n" not in text and len(text) < MAX_HEADER else text


def _quote(quote: Quote, language: Language) -> Iterator[Block]:
    heading = f"*{escaped(quote_heading(quote, language))}*"
    for number, part in enumerate(split(escaped(quote.words), MAX_SECTION - 800)):
        quoted = "\n".join(f"> {line}" for line in part.split("\n"))
        yield from _sections(f"{heading}\n{quoted}" if number == 0 else quoted)


def _header(text: str) -> Block:
    # Plain text is shown as it is, but broadcasts are kept out of it all the same.
    calm = _BROADCAST.sub("＠", text).replace("<", "＜").replace(">", "＞")
    return {"type": "header", "text": plain_text(calm, MAX_HEADER)}


def _sections(text: str) -> Iterator[Block]:
    for part in split(text, MAX_SECTION):
        yield {"type": "section", "text": {"type": "mrkdwn", "text": part, "verbatim": True}}


def _grouped(blocks: Iterable[Block]) -> Iterator[list[Block]]:
    group: list[Block] = []
    size = 0
    for block in blocks:
        length = len(_text_of(block))
        if group and (len(group) == MAX_BLOCKS or size + length > MAX_MESSAGE):
            yield group
            group, size = [], 0
        group.append(block)
        size += length
    if group:
        yield group


def _message(group: list[Block]) -> Message:
    texts = (_text_of(block) for block in group)
    return {"text": "\n".join(text for text in texts if text), "blocks": group}


def _text_of(block: Block) -> str:
    if block["type"] == "actions":
        return " / ".join(escaped(str(one["text"]["text"])) for one in block["elements"])
    text = str(block.get("text", {}).get("text", ""))
    # A header shows its text as it is; the same words in the fallback would be read.
    return escaped(text) if block["type"] == "header" else text
