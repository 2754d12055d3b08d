"""Forms as Slack modals: blocks within their limits, and the values that come back.

https://docs.slack.dev/reference/views/modal-views. What a view carries for itself (private_metadata) is the
subject's number and the language: nothing a person wrote.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from integrations.replies.forms import Field, FieldKind, Form
from integrations.replies.model import Choice
from integrations.replies.text import split
from integrations.slack.blocks import ACT, Block, escaped, plain_text
from records.language import Bilingual, Language

MAX_TITLE, MAX_LABEL, MAX_OPTION = 24, 2000, 75
MAX_OPTIONS, MAX_BOXES, MAX_MODAL_BLOCKS, MAX_INPUT = 100, 10, 100, 3000

_SUBMIT = Bilingual("提交", "Submit")
_CANCEL = Bilingual("取消", "Cancel")
_CLOSE = Bilingual("关闭", "Close")
_TAKEN = Bilingual("已收到", "Received")
_NOT = Bilingual("没有收下", "Not taken")
_WHERE = Bilingual("结果会私信发给您。", "The result comes to you as a direct message.")


@dataclass(frozen=True, slots=True)
class Meant:
    """What a view was opened for."""

    subject: str
    language: Language
    from_home: bool = False


def modal(act: str, form: Form, meant: Meant) -> Block:
    """The form as a view to open."""
    lead = [_section(part) for part in split(escaped(form.lead), MAX_INPUT)] if form.lead else []
    fields = [_input(field) for field in form.fields]
    return {
        "type": "modal",
        "callback_id": f"{ACT}{act}",
        "private_metadata": _packed(meant),
        "title": plain_text(form.title, MAX_TITLE),
        "submit": plain_text(_SUBMIT.pick(form.language), MAX_TITLE),
        "close": plain_text(_CANCEL.pick(form.language), MAX_TITLE),
        "blocks": [*lead, *fields][:MAX_MODAL_BLOCKS],
    }


def taken(language: Language, instead: Bilingual = _WHERE) -> Block:
    """The view that says that it was written down, or what stood in the way."""
    return {
        "type": "modal",
        "title": plain_text((_TAKEN if instead is _WHERE else _NOT).pick(language), MAX_TITLE),
        "close": plain_text(_CLOSE.pick(language), MAX_TITLE),
        "blocks": [_section(escaped(instead.pick(language)))],
    }


def meant_by(view: Mapping[str, Any]) -> Meant:
    """What the view was opened for. A forged one never comes here: the request is signed."""
    try:
        packed = json.loads(view.get("private_metadata") or "{}")
    except (ValueError, TypeError, RecursionError):
        packed = {}
    known = packed if isinstance(packed, dict) else {}
    language = Language.EN if known.get("l") == Language.EN.value else Language.ZH
    return Meant(str(known.get("s", "")), language, bool(known.get("h")))


def values_of(view: Mapping[str, Any]) -> dict[str, str]:
    """What was filled in, by field."""
    state = view.get("state")
    blocks = state.get("values") if isinstance(state, dict) else None
    found = {}
    for name, elements in (blocks or {}).items() if isinstance(blocks, dict) else ():
        element = elements.get(name) if isinstance(elements, dict) else None
        if isinstance(element, dict):
            found[str(name)] = _value(element)
    return found


def _value(element: Mapping[str, Any]) -> str:
    several = element.get("selected_options")
    if isinstance(several, list):
        return ",".join(str(one.get("value", "")) for one in several if isinstance(one, dict))
    option = element.get("selected_option")
    given = (
        option.get("value")
        if isinstance(option, dict)
        else element.get("value")
        or element.get("selected_date")
        or element.get("selected_date_time")
    )
    return str(given) if isinstance(given, str | int) else ""


def _packed(meant: Meant) -> str:
    packed: dict[str, Any] = {"s": meant.subject, "l": meant.language.value}
    return json.dumps({**packed, "h": 1} if meant.from_home else packed)


def _section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def _input(field: Field) -> Block:
    block: Block = {
        "type": "input",
        "block_id": field.id,
        "optional": not field.required,
        "label": plain_text(field.label, MAX_LABEL),
        "element": {"action_id": field.id, **_ELEMENT[field.kind](field)},
    }
    if field.hint:
        block["hint"] = plain_text(field.hint, MAX_LABEL)
    return block


def _words(field: Field) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "multiline": field.kind is FieldKind.TEXT,
        "max_length": min(field.most, MAX_INPUT),
    }
    if field.least:
        element["min_length"] = field.least
    return {**element, "initial_value": field.value[:MAX_INPUT]} if field.value else element


def _number(field: Field) -> Block:
    return {
        "type": "number_input",
        "is_decimal_allowed": False,
        "min_value": str(field.least),
        "max_value": str(field.most),
    }


def _choice(field: Field) -> Block:
    options = [_option(one) for one in field.choices[:MAX_OPTIONS]]
    return {"type": "static_select", "options": options}


def _many(field: Field) -> Block:
    options = [_option(one) for one in field.choices[:MAX_OPTIONS]]
    few = len(options) <= MAX_BOXES
    return {"type": "checkboxes" if few else "multi_static_select", "options": options}


def _option(choice: Choice) -> Block:
    return {"value": choice.id, "text": plain_text(choice.text, MAX_OPTION)}


def _day(field: Field) -> Block:
    return {"type": "datepicker"}


def _moment(field: Field) -> Block:
    start = {"initial_date_time": int(field.value)} if field.value.isdecimal() else {}
    return {"type": "datetimepicker", **start}


_ELEMENT = {
    FieldKind.LINE: _words,
    FieldKind.TEXT: _words,
    FieldKind.NUMBER: _number,
    FieldKind.CHOICE: _choice,
    FieldKind.MANY: _many,
    FieldKind.DAY: _day,
    FieldKind.MOMENT: _moment,
}
