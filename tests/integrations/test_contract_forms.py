"""Every form of every act in every chat that shows forms: no field is lost, what is filled in comes back."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from assistant.app import App
from integrations.acts import ACTS
from integrations.feishu.cards import as_json
from integrations.feishu.forms import form_card, values_of
from integrations.replies import (
    Choice,
)
from integrations.replies.forms import Field, FieldKind, Form, problems
from integrations.slack import modals
from records.language import Language
from tests.integrations.contract import HOSTILE, SHOWN, ZH, bare, sample, shown_in


def forms(app: App) -> Iterator[tuple[str, str, Form]]:
    """Every form of every act, and of every register; the hostile one too."""
    for language in Language:
        for name, act in ACTS.items():
            if act.form is not None:
                yield name, "", act.form(language)
        for kind in app.kinds:
            form = ACTS["register"].asks(app, language, kind)
            assert form is not None
            yield "register", kind, form
    fields = tuple(
        Field(f"f{one}", HOSTILE, one, hint=HOSTILE, choices=(Choice("a", HOSTILE),))
        for one in FieldKind
    )
    yield "ask", "", Form(ZH, HOSTILE, fields, HOSTILE)


@pytest.mark.parametrize("door", ["slack", "feishu"])
def test_every_field_of_every_form_is_there_and_what_is_filled_in_comes_back(
    door: str, app: App
) -> None:
    seen = 0
    for act, subject, form in forms(app):
        given = {one.id: sample(one, app.clock()) for one in form.fields}
        if door == "slack":
            shown, found = _slack_form(act, subject, form, given)
        else:
            shown, found = _feishu_form(act, subject, form, given)
        words = bare(shown)
        for field in form.fields:
            for text in (field.label, field.hint, *(one.text[:70] for one in field.choices)):
                assert bare(text) in words, (act, subject, field.id, text)
        assert bare(form.lead) in words
        assert {name: found.get(name) for name in given} == given
        assert not problems(form, found, app.clock())
        seen += 1
    assert seen > 20


def _slack_form(act: str, subject: str, form: Form, given: dict[str, str]) -> tuple[str, Any]:
    view = modals.modal(act, form, modals.Meant(subject, form.language))
    assert len(view["blocks"]) <= 100 and len(view["title"]["text"]) <= 24
    values: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            name, kind = block["block_id"], block["element"]["type"]
            values[name] = {name: _slack_state(kind, given[name])}
    state = {**view, "state": {"values": values}}
    assert modals.meant_by(view).subject == subject
    return "\n".join(shown_in(view, SHOWN)), modals.values_of(state)


def _slack_state(kind: str, value: str) -> dict[str, Any]:
    match kind:
        case "static_select":
            return {"selected_option": {"value": value}}
        case "checkboxes" | "multi_static_select":
            return {"selected_options": [{"value": value}]}
        case "datepicker":
            return {"selected_date": value}
        case "datetimepicker":
            return {"selected_date_time": int(value)}
        case _:
            return {"value": value}


def _feishu_form(act: str, subject: str, form: Form, given: dict[str, str]) -> tuple[str, Any]:
    card = form_card(act, form, subject)
    assert len(json.dumps(as_json(card), ensure_ascii=False).encode()) < 30_000
    assert not {"markdown", "lark_md"} & set(shown_in(card, frozenset({"tag"})))
    (box,) = [one for one in card["body"]["elements"] if one["tag"] == "form"]
    filled: dict[str, Any] = {}
    for one in box["elements"]:
        if one.get("name") in given:
            filled[one["name"]] = _feishu_value(one["tag"], given[one["name"]])
    submit = box["elements"][-1]
    assert submit["form_action_type"] == "submit"
    assert submit["behaviors"][0]["value"]["form"] == act
    return "\n".join(shown_in(card, SHOWN)), values_of(filled)


def _feishu_value(tag: str, value: str) -> Any:
    match tag:
        case "multi_select_static":
            return [value]
        case "date_picker":
            return f"{value} +0800"
        case "picker_datetime":
            return f"{datetime.fromtimestamp(int(value), UTC):%Y-%m-%d %H:%M} +0000"
        case _:
            return value


def test_a_moment_keeps_its_minute_in_any_zone() -> None:
    assert values_of({"at": "2026-11-23 09:30 +0800"}) == values_of(
        {"at": "2026-11-23 01:30 +0000"}
    )
    assert values_of({"on": "2026-11-23 +0800"}) == {"on": "2026-11-23"}
    assert values_of({"of": ["a", "b"], "no": None, "bad": "2026-13-40 +0800"}) == {
        "of": "a,b", "no": "", "bad": "2026-13-40 +0800",
    }  # fmt: skip
