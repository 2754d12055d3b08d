"""What `compliance doctor` finds: what is missing, and whether the model answers."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from assistant.app import App
from assistant.errors import ModelFailed
from assistant.incidents.mail_reports import take_mail
from assistant.models import Guarded, Shape
from assistant.operations.check_setup import check_setup
from assistant.operations.setup_part import State
from integrations.web.api import create_web
from pii.cleared import ClearedText
from pii.formats import libreoffice
from records.people import Person, Role
from tickets.retention.facts import HolderType


@dataclass
class Model:
    """Says the same to everybody, or fails."""

    reply: str = '{"word": "ok"}'
    name: str = "scripted"
    asked: int = 0

    def stream(
        self, instructions: ClearedText, material: ClearedText, shape: Shape
    ) -> Iterator[str]:
        self.asked += 1
        if not self.reply:
            raise ModelFailed("APIConnectionError")
        yield self.reply


def states(app: App, person: Person, *, ask_model: bool = False) -> dict[str, State]:
    return {part.name: part.state for part in check_setup(app, person, ask_model=ask_model)}


def with_settings(app: App, **settings: object) -> App:
    return replace(app, settings=app.settings.model_copy(update=settings))


def test_a_fresh_company_works_and_hears_what_would_be_better(
    app: App, administrator: Person
) -> None:
    bare = with_settings(app, officer=type(app.settings)().officer, holder=None)
    found = states(bare, administrator)
    assert found["knowledge"] is State.READY
    assert found["model"] is State.READY
    assert found["officer"] is found["holder"] is found["slack"] is State.BETTER
    set_up = with_settings(app, officer="负责人 privacy@qinghe.example", holder=HolderType.COMPANY)
    found = states(set_up, administrator)
    assert found["officer"] is found["holder"] is State.READY


def test_an_index_that_does_not_open_is_missing_and_the_service_not_ready(
    app: App, administrator: Person
) -> None:
    web = TestClient(create_web(app), base_url="http://localhost")
    app.library.close()
    for vectors in (app.settings.home / "index").glob("g-*/chroma"):
        shutil.rmtree(vectors)
    found = {part.name: part for part in check_setup(app, administrator)}
    assert found["index"].state is State.MISSING
    assert "compliance knowledge rebuild" in found["index"].text.zh
    ready = web.get("/readyz")
    assert (ready.status_code, ready.json()) == (503, {"database": True, "knowledge": False})
    assert web.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    ("command", "walls", "state", "said"),
    [
        (None, True, State.BETTER, "apt install libreoffice"),
        ("soffice", False, State.BETTER, "user namespaces"),
        ("soffice", True, State.READY, "7.4"),
    ],
)
def test_the_converter_of_old_formats_is_looked_at(
    app: App,
    administrator: Person,
    monkeypatch: pytest.MonkeyPatch,
    command: str | None,
    walls: bool,
    state: State,
    said: str,
) -> None:
    monkeypatch.setattr(libreoffice, "program", lambda: command)
    monkeypatch.setattr(libreoffice, "has_walls", lambda _: walls)
    monkeypatch.setattr(libreoffice, "version", lambda _: "7.4")
    part = next(one for one in check_setup(app, administrator) if one.name == "old_formats")
    assert part.state is state
    assert said in part.text.zh and said in part.text.en


@pytest.mark.parametrize(
    ("settings", "state"),
    [
        ({"slack_bot_token": SecretStr("xoxb-1")}, State.MISSING),
        (
            {"slack_bot_token": SecretStr("xoxb-1"), "slack_signing_secret": SecretStr("s")},
            State.BETTER,
        ),
        (
            {
                "slack_bot_token": SecretStr("xoxb-1"),
                "slack_app_token": SecretStr("xapp-1"),
                "slack_team_id": "T0QINGHE",
            },
            State.READY,
        ),
    ],
)
def test_slack_half_set_up_is_missing_something(
    app: App, administrator: Person, settings: dict[str, object], state: State
) -> None:
    assert states(with_settings(app, **settings), administrator)["slack"] is state


def test_the_model_is_asked_only_when_told_to_and_what_it_used_is_shown(
    app: App, administrator: Person
) -> None:
    model = Model()
    guarded = replace(app, model=Guarded(model, app.database, app.clock, 5000))
    assert "model_reply" not in states(guarded, administrator)
    assert model.asked == 0
    assert states(guarded, administrator, ask_model=True)["model_reply"] is State.READY
    assert model.asked == 1
    line = next(one for one in check_setup(guarded, administrator) if one.name == "model")
    used = int(line.text.en.partition("today: ")[2].partition(" ")[0])
    assert 0 < used < 200
    assert line.text.zh.endswith("/ 5,000 token")


@pytest.mark.parametrize("reply", ["", "好的"])
def test_a_model_that_does_not_answer_as_asked_is_missing(
    app: App, administrator: Person, reply: str
) -> None:
    parts = check_setup(replace(app, model=Model(reply)), administrator, ask_model=True)
    (part,) = [part for part in parts if part.name == "model_reply"]
    assert part.state is State.MISSING
    assert "规则" in part.text.zh


SSO = {"oidc_issuer": "https://sso.example", "public_url": "https://compliance.example"}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, {"signing_in": State.READY}),
        ({"host": "0.0.0.0"}, {"https": State.MISSING, "second_factor": State.BETTER}),
        (
            {"host": "0.0.0.0", "public_url": "https://c.example", "require_second_factor": True},
            {"signing_in": State.READY},
        ),
        (SSO, {"provider": State.MISSING, "signing_in": State.READY}),
        (
            SSO | {"oidc_client_id": "c", "oidc_default_role": Role.EMPLOYEE},
            {"provider": State.READY, "signing_in": State.READY},
        ),
    ],
)
def test_what_is_missing_to_sign_in_safely_is_named(
    app: App, administrator: Person, settings: dict[str, object], expected: dict[str, State]
) -> None:
    found = states(with_settings(app, **settings), administrator)
    about = {"signing_in", "https", "second_factor", "provider"}
    assert {name: state for name, state in found.items() if name in about} == expected


@pytest.mark.parametrize(
    ("given", "state"),
    [
        ({}, State.BETTER),
        ({"smtp_host": "mail.example"}, State.BETTER),
        ({"smtp_host": "mail.example", "notice_mail_from": "a@b.example"}, State.READY),
        ({"notice_outbox": "outbox"}, State.READY),
    ],
)
def test_how_notices_leave_is_told(
    app: App, administrator: Person, given: dict[str, object], state: State
) -> None:
    assert states(with_settings(app, **given), administrator)["notices"] is state


def test_the_mailbox_says_what_is_missing_and_what_is_held_and_why(
    app: App, administrator: Person
) -> None:
    assert states(app, administrator)["mailbox"] is State.BETTER
    half = {"report_mail_host": "imap.example", "report_mail_user": "reports"}
    settings = app.settings.model_copy(update=half)
    found = {one.name: one for one in check_setup(replace(app, settings=settings), administrator)}
    assert found["mailbox"].state is State.MISSING
    assert "COMPLIANCE_REPORT_MAIL_SERVER" in found["mailbox"].text.en
    assert "held_mails" not in found
    for number in (1, 2):
        take_mail(app, f"From: x@evil.example\nSubject: {number}\n\n电脑丢了".encode())
    held = {one.name: one for one in check_setup(app, administrator)}["held_mails"]
    assert held.state is State.BETTER
    assert "发件人未登记 2 封" in held.text.zh
    assert "evil" not in held.text.zh
