"""Rules kept by the product: in force at once at every door, sealed at rest, gone when withdrawn."""

from datetime import date
from pathlib import Path

import pytest

from assistant.app import App, build
from assistant.questions.ask import ask
from assistant.redaction.manage_rules import add_rule, list_rules, withdraw_rule
from assistant.redaction.redact_file import redact_file
from assistant.settings import Settings
from pii.detect import ShippedDetector
from pii.errors import RuleMistake
from pii.kinds import Kind
from pii.rules import Effect
from records.data_files import BadDataFile
from records.people import Person

SECRET = "青松三号"


def deny(app: App, person: Person) -> str:
    return add_rule(
        app, person, effect=Effect.DENY, kind=Kind.PERSON_NAME, text=SECRET, reason="客户代号"
    )


def test_a_denied_text_is_treated_at_once_and_no_longer_once_withdrawn(
    app: App, administrator: Person
) -> None:
    def copy() -> str:
        return redact_file(app, administrator, f"代号{SECRET}".encode(), "a.txt").data.decode()

    assert SECRET in copy()
    rule_id = deny(app, administrator)
    assert SECRET not in copy()
    withdraw_rule(app, administrator, rule_id)
    assert SECRET in copy()


def test_a_denied_text_is_masked_in_questions_and_in_the_list(
    app: App, administrator: Person
) -> None:
    deny(app, administrator)
    answer = ask(app, administrator, f"{SECRET}解约了，他的身份证复印件可以销毁吗？")
    assert SECRET not in answer.question
    assert [rule.shown for rule in list_rules(app, administrator).decided] == ["青***"]


def test_neither_database_nor_log_holds_a_denied_text(app: App, administrator: Person) -> None:
    rule_id = deny(app, administrator)
    list_rules(app, administrator)
    withdraw_rule(app, administrator, rule_id)
    app.close()
    stored = b"".join(path.read_bytes() for path in app.settings.home.glob("compliance.db*"))
    assert rule_id.encode() in stored
    assert SECRET.encode() not in stored and "客户代号".encode() not in stored


def test_a_new_decision_about_a_text_takes_the_place_of_the_old(
    app: App, administrator: Person
) -> None:
    deny(app, administrator)
    allow = add_rule(
        app, administrator, effect=Effect.ALLOW, kind=Kind.PERSON_NAME, text=SECRET, reason="项目"
    )
    assert [rule.id for rule in list_rules(app, administrator).decided] == [allow]


def test_a_rule_that_ended_yesterday_does_not_hold(app: App, administrator: Person) -> None:
    for until, held in ((date(2026, 11, 22), 0), (date(2026, 11, 23), 1)):
        add_rule(
            app,
            administrator,
            effect=Effect.DENY,
            kind=Kind.PERSON_NAME,
            text=SECRET,
            reason="客户代号",
            until=until,
        )
        assert len(list_rules(app, administrator).decided) == held


def test_a_rule_that_reaches_too_far_is_refused(app: App, administrator: Person) -> None:
    with pytest.raises(RuleMistake):
        add_rule(
            app, administrator, effect=Effect.DENY, kind=Kind.PERSON_NAME, text="松", reason="?"
        )


def test_the_allow_list_is_a_setting_and_a_bad_one_stops_the_start(
    small_home: Path, tmp_path: Path, detector: ShippedDetector
) -> None:
    listed = tmp_path / "allow.yaml"
    listed.write_text(
        "entries:\n  - {kind: landline, values: ['0571-88886666'], reason: 总机, by: 行政部, "
        "until: 2999-01-01}\n",
        encoding="utf-8",
    )
    built = build(Settings(home=tmp_path / "home", allow_list=listed), detector=detector)
    assert built.detector.find("电话：0571-88886666") == []
    built.close()
    listed.write_text("entries: [{kind: landline}]", encoding="utf-8")
    with pytest.raises(BadDataFile):
        build(Settings(home=tmp_path / "home", allow_list=listed), detector=detector)
