"""Forms as cards, and the values that come back.

https://open.feishu.cn/document/feishu-cards/card-json-v2-components/containers/form-container. What the
button carries is the act, the subject's number and the language: nothing a person wrote.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from integrations.feishu.cards import Card, Element, card, header, lines, plain
from integrations.replies.forms import Field, FieldKind, Form
from integrations.replies.model import Choice, Tone
from records.beijing import SHANGHAI
from records.language import Bilingual, Language

# What an input takes at most; longer words are sent as a message.
MAX_INPUT, MAX_OPTION, MAX_HINT = 1000, 100, 100

_SUBMIT = Bilingual("提交", "Submit")
_OPTIONAL = Bilingual("（可不填）", " (optional)")
_SEVERAL = Bilingual("（可多选）", " (several may be chosen)")
_CHINA = Bilingual("（北京时间）", " (China time)")
_TAKEN = Bilingual("已收到", "Received")
_SOON = Bilingual("结果会发到您与我的私聊里。", "The result comes into your chat with me.")


def form_card(act: str, form: Form, subject: str) -> Card:
    """The form as one card."""
    value = {"form": act, "subject": subject, "language": form.language.value}
    submit = {
        "tag": "button",
        # It names itself: what is handed in is known by it.
        "name": "submit",
        "text": plain(_SUBMIT.pick(form.language)),
        "type": "primary",
        "form_action_type": "submit",
        "behaviors": [{"type": "callback", "value": value}],
    }
    inside = [part for field in form.fields for part in _asked(field, form.language)]
    elements = [
        *(lines(form.lead, text_color="grey") if form.lead else ()),
        {"tag": "form", "name": "form", "elements": [*inside, submit]},
    ]
    return card(elements, header(form.title, Tone.INFO), summary=form.title)


def taken_card(language: Language, title: str) -> Card:
    """What stands in the place of a form that was written down."""
    said = f"{_TAKEN.pick(language)}：{title}"
    return card([*lines(_SOON.pick(language))], header(said, Tone.GOOD), summary=said)


def values_of(filled: Mapping[str, Any]) -> dict[str, str]:
    """What was filled in, by field, as `integrations.replies.forms` reads it."""
    return {str(name): _value(value) for name, value in filled.items()}


def _value(value: object) -> str:
    if isinstance(value, list):
        return ",".join(one for one in value if isinstance(one, str))
    text = value.strip() if isinstance(value, str) else ""
    return _day_or_moment(text) or text


def _day_or_moment(text: str) -> str:
    """2026-11-23 +0800 is a day, 2026-11-23 10:00 +0800 a moment: its seconds since 1970."""
    for form in ("%Y-%m-%d %H:%M %z", "%Y-%m-%d %z"):
        try:
            found = datetime.strptime(text, form)  # noqa: DTZ007 - %z is in both
        except ValueError:
            continue
        if ":" in form:
            return str(int(found.astimezone(UTC).timestamp()))
        return found.date().isoformat()
    return ""


def _asked(field: Field, language: Language) -> Iterator[Element]:
    """The name of the field, its hint, and what to fill in."""
    said = field.label + ("" if field.required else _OPTIONAL.pick(language))
    if field.kind is FieldKind.MANY:
        said += _SEVERAL.pick(language)
    if field.kind is FieldKind.MOMENT:
        said += _CHINA.pick(language)
    yield from lines(said)
    if field.hint:
        yield from lines(field.hint, text_size="notation", text_color="grey")
    yield {
        "name": field.id,
        "required": field.required,
        "width": "fill",
        **_INPUT[field.kind](field),
    }


def _words(field: Field) -> Element:
    most = MAX_INPUT if field.kind is FieldKind.NUMBER else min(field.most, MAX_INPUT)
    made: Element = {"tag": "input", "max_length": most}
    if field.kind is FieldKind.TEXT:
        made |= {"input_type": "multiline_text", "rows": 4}
    return {**made, "default_value": field.value[:most]} if field.value else made


def _choice(field: Field) -> Element:
    return {"tag": "select_static", "options": [_option(one) for one in field.choices]}


def _many(field: Field) -> Element:
    return {"tag": "multi_select_static", "options": [_option(one) for one in field.choices]}


def _option(choice: Choice) -> Element:
    return {"text": plain(choice.text, MAX_OPTION), "value": choice.id}


def _day(_field: Field) -> Element:
    return {"tag": "date_picker"}


def _moment(field: Field) -> Element:
    made: Element = {"tag": "picker_datetime"}
    if not field.value.isdecimal():
        return made
    at = datetime.fromtimestamp(int(field.value), SHANGHAI)
    return {**made, "initial_datetime": f"{at:%Y-%m-%d %H:%M}"}


_INPUT = {
    FieldKind.LINE: _words,
    FieldKind.TEXT: _words,
    FieldKind.NUMBER: _words,
    FieldKind.CHOICE: _choice,
    FieldKind.MANY: _many,
    FieldKind.DAY: _day,
    FieldKind.MOMENT: _moment,
}
