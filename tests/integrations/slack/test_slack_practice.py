"""Training questions by button: asked without a key, answered with reasons and article."""

from typing import Any

import pytest

from assistant.quizzes.choosing import Wish
from assistant.quizzes.items import ItemKind
from assistant.quizzes.store import all_items
from assistant.training.review_items import approve_item, make_items
from records.people import Person, Role, add_person

OPEN = "/api/views.open"
USER = "U4LEARNER"


@pytest.fixture(scope="module")
def approved(slack_app: Any) -> Person:
    """Somebody to be trained, and items a trainer approved."""
    with slack_app.database.transaction() as session:
        trainer = add_person(session, name="培训", roles={Role.TRAINER}, now=slack_app.clock())
        learner = add_person(
            session,
            name="学员",
            roles={Role.EMPLOYEE},
            slack_id=f"T0QINGHE:{USER}",
            now=slack_app.clock(),
        )
    for number in make_items(slack_app, trainer, Wish(8, seed=2)).item_ids:
        approve_item(slack_app, trainer, number)
    return learner


def key_of(app: Any, item_id: str) -> tuple[ItemKind, frozenset[int]]:
    with app.database.reading() as session:
        item = next(one.item for one in all_items(session) if one.id == item_id)
    return item.kind, item.key


def test_a_question_is_practised_by_button(
    live_door: Any, slack: Any, approved: Person, buttons: Any
) -> None:
    ask = {"action_id": "act:practise:0", "value": "practise"}
    kinds = set()
    for _ in range(8):
        slack.clear()
        live_door.interaction(live_door.press(ask, user=USER))
        (call,) = slack.wait_for(1)
        found = buttons(call)
        item_id = next(iter(found.values()))["value"].partition(":")[0]
        kind, key = key_of(live_door.app, item_id)
        kinds.add(kind)
        slack.clear()
        if kind is ItemKind.MULTIPLE:
            live_door.interaction(live_door.press(found["answer-many"], user=USER))
            (opened,) = slack.wait_for(1)
            assert opened.path == OPEN
            body = live_door.submission(opened.body["view"], user=USER, chosen="")
            element = {"selected_options": [{"value": str(one)} for one in key]}
            body["view"]["state"]["values"] = {"chosen": {"chosen": element}}
            slack.clear()
            live_door.interaction(body)
        else:
            (right,) = key
            press = {**found["answer"], "value": f"{item_id}:{right}"}
            live_door.interaction(live_door.press(press, user=USER))
        (call,) = slack.wait_for(1)
        assert "答对了" in call.text and "逐项说明" in call.text and "practise" in buttons(call)
    assert ItemKind.SINGLE in kinds
    slack.clear()
    live_door.interaction(live_door.press(ask, user=USER))
    (call,) = slack.wait_for(1)
    assert "没有要练习的题" in call.text
