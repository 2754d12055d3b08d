"""Several workspaces: installed by a link used once, tokens sealed, each workspace its own, gone when removed."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr

from assistant.app import App
from integrations.slack.bot import build_bot
from integrations.slack.installations import Installations
from integrations.slack.oauth import LIFETIME, consent_url
from integrations.slack.roles import Groups, parse_roles
from integrations.slack.workspaces import Workspaces
from records.errors import BadInput, NotPermitted
from records.jobs import Jobs
from records.people import Person, Role, add_person, person_by_account

ACCESS, POST = "/api/oauth.v2.access", "/api/chat.postMessage"
GROUP = "/api/usergroups.users.list"
SECRET = "client-secret-invented"
EAST, WEST = "T0EAST", "T0WEST"


@pytest.fixture(scope="module")
def app(slack_app: App) -> App:
    """The product set up for installations instead of one token."""
    changed = {
        "slack_bot_token": None,
        "slack_team_id": None,
        "slack_client_id": "1.2",
        "slack_client_secret": SecretStr(SECRET),
        "slack_web_url": slack_app.settings.slack_api_url.removesuffix("/api/"),
        "slack_public_url": "https://kehu.qinghe.example",
    }
    return replace(slack_app, settings=slack_app.settings.model_copy(update=changed))


@pytest.fixture(scope="module")
def administrator(app: App) -> Person:
    with app.database.transaction() as session:
        return add_person(session, name="管理员", roles={Role.ADMINISTRATOR}, now=app.clock())


@pytest.fixture(scope="module")
def door(
    _no_turns: None, app: App, live_door_of: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    jobs = Jobs(
        f"sqlite:///{tmp_path_factory.mktemp('jobs') / 'jobs.db'}", b"k" * 32, polling_seconds=0.05
    )
    door = live_door_of(app, jobs)
    jobs.start()
    yield door
    jobs.stop()


def granted(slack: Any, team: str, **more: Any) -> None:
    body = {
        "ok": True,
        "access_token": f"xoxb-of-{team}",
        "token_type": "bot",
        "scope": "chat:write,commands",
        "bot_user_id": "U0BOT",
        "app_id": "A0APP",
        "team": {"id": team, "name": "某公司"},
        "authed_user": {"id": "U0ADMIN"},
        **more,
    }
    slack.answer(ACCESS, body=body)


def begun(app: App, person: Person) -> dict[str, str]:
    """What the consent page would bring back."""
    link = urlsplit(consent_url(app, person))
    query = {name: values[0] for name, values in parse_qs(link.query).items()}
    return {"state": query["state"], "code": "abc"}


def install(door: Any, slack: Any, app: App, person: Person, team: str) -> Any:
    granted(slack, team)
    return door.client.get("/slack/oauth", params=begun(app, person))


def in_team(body: dict[str, Any], team: str) -> dict[str, Any]:
    body["team_id"] = team
    body["authorizations"][0]["team_id"] = team
    return body


def test_the_consent_link_leads_to_the_configured_address(
    app: App, administrator: Person, slack: Any
) -> None:
    link = consent_url(app, administrator)
    assert link.startswith(slack.url.removesuffix("/api/") + "/oauth/v2/authorize?")
    query = parse_qs(urlsplit(link).query)
    assert query["redirect_uri"] == ["https://kehu.qinghe.example/slack/oauth"]
    assert "chat:write" in query["scope"][0] and "usergroups:read" not in query["scope"][0]
    assert SECRET not in link


def test_only_administrators_begin_an_installation(app: App) -> None:
    with app.database.transaction() as session:
        officer = add_person(session, name="沈星", roles={Role.OFFICER}, now=app.clock())
    with pytest.raises(NotPermitted):
        consent_url(app, officer)


def test_each_workspace_is_answered_with_its_own_token(
    door: Any, slack: Any, app: App, administrator: Person
) -> None:
    for team in (EAST, WEST):
        assert install(door, slack, app, administrator, team).status_code == 200
    assert slack.calls[0].path == ACCESS
    assert slack.calls[0].body["code"] == "abc"
    slack.clear()
    for team in (EAST, WEST):
        assert door.event(in_team(door.saying("help"), team)).status_code == 200
    calls = [call for call in slack.wait_for(2) if call.path == POST]
    used = {call.headers["Authorization"] for call in calls}
    assert used == {"Bearer xoxb-of-T0EAST", "Bearer xoxb-of-T0WEST"}


def test_a_workspace_without_installation_is_left_alone(
    door: Any, slack: Any, caplog: pytest.LogCaptureFixture
) -> None:
    assert door.event(in_team(door.saying("help"), "T0STRANGER")).status_code == 200
    assert slack.wait_for(0) == []
    assert "another workspace" in caplog.text


@pytest.mark.parametrize("spoiled", ["no state", "foreign state", "used state", "no code", "late"])
def test_an_installation_nobody_began_is_refused_before_slack_is_asked(
    door: Any, slack: Any, app: App, administrator: Person, spoiled: str
) -> None:
    earlier = replace(app, clock=lambda: app.clock() - LIFETIME - timedelta(seconds=1))
    query = begun(earlier if spoiled == "late" else app, administrator)
    if spoiled == "used state":
        granted(slack, WEST)
        assert door.client.get("/slack/oauth", params=query).status_code == 200
        slack.clear()
    query |= {"no state": {"state": ""}, "foreign state": {"state": "x"}}.get(spoiled, {})
    query |= {"code": ""} if spoiled == "no code" else {}
    assert door.client.get("/slack/oauth", params=query).status_code == 400
    assert slack.calls == []


def test_what_slack_refuses_is_not_installed(
    door: Any, slack: Any, app: App, administrator: Person
) -> None:
    slack.answer(ACCESS, body={"ok": False, "error": "invalid_code"})
    assert door.client.get("/slack/oauth", params=begun(app, administrator)).status_code == 502
    granted(slack, "T0USER", token_type="user")
    assert door.client.get("/slack/oauth", params=begun(app, administrator)).status_code == 400
    assert "T0USER" not in Installations(app).teams()


def test_tokens_do_not_lie_readable_on_disk_nor_in_the_log(
    door: Any, slack: Any, app: App, administrator: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    assert install(door, slack, app, administrator, EAST).status_code == 200
    home: Path = app.settings.home
    stored = b"".join(path.read_bytes() for path in home.glob("compliance.db*"))
    assert b"xoxb-of-" not in stored
    ours = [r for r in caplog.records if r.name.startswith(("integrations", "slack"))]
    assert all("xoxb-of-" not in r.getMessage() and SECRET not in r.getMessage() for r in ours)
    bot = Installations(app).find_bot(enterprise_id=None, team_id=EAST)
    assert bot is not None and bot.bot_token == "xoxb-of-T0EAST"


@pytest.mark.parametrize(
    "event",
    [{"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"bot": ["U0BOT"]}}],
    ids=lambda event: event["type"],
)
def test_a_workspace_that_removes_the_app_is_forgotten(
    door: Any, slack: Any, app: App, administrator: Person, event: dict[str, Any]
) -> None:
    team = f"T0{event['type'][:8].upper().replace('_', '')}"
    assert install(door, slack, app, administrator, team).status_code == 200
    body = in_team(door.saying(""), team)
    body["event"] = event
    assert door.event(body).status_code == 200
    slack.wait_for(1)
    assert team not in Installations(app).teams()
    slack.clear()
    assert door.event(in_team(door.saying("help"), team)).status_code == 200
    assert slack.wait_for(0) == []


def test_a_user_token_that_is_revoked_removes_nothing(
    door: Any, slack: Any, app: App, administrator: Person
) -> None:
    install(door, slack, app, administrator, EAST)
    body = in_team(door.saying(""), EAST)
    body["event"] = {"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}}
    door.event(body)
    slack.wait_for(1)
    assert EAST in Installations(app).teams()


def test_an_uninstallation_told_late_does_not_remove_what_was_installed_since(
    app: App, slack: Any, door: Any, administrator: Person
) -> None:
    install(door, slack, app, administrator, WEST)
    Installations(app).forget(WEST, before=app.clock() - timedelta(seconds=1))
    assert WEST in Installations(app).teams()
    Installations(app).delete_all(enterprise_id=None, team_id=WEST)
    assert WEST not in Installations(app).teams()


def test_without_any_token_the_start_names_what_is_missing(app: App, kept: Any) -> None:
    settings = app.settings.model_copy(update={"slack_client_secret": None})
    with pytest.raises(BadInput, match="COMPLIANCE_SLACK_BOT_TOKEN"):
        build_bot(replace(app, settings=settings), kept)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("", {}),
        ("S0LEGAL=records_officer", {"S0LEGAL": {Role.OFFICER}}),
        (
            "S0SEC = responder + trainer, U0BOSS=approver",
            {"S0SEC": {Role.RESPONDER, Role.TRAINER}, "U0BOSS": {Role.APPROVER}},
        ),
    ],
)
def test_a_mapping_is_read(written: str, read: dict[str, set[Role]]) -> None:
    assert parse_roles(written) == read


@pytest.mark.parametrize(
    "written", ["S0LEGAL", "S0LEGAL=boss", "C0GENERAL=approver", "S0IT=administrator", "=approver"]
)
def test_a_mapping_that_cannot_be_meant_stops_the_start(written: str) -> None:
    with pytest.raises(BadInput, match="COMPLIANCE_SLACK_ROLES"):
        parse_roles(written)


@pytest.fixture
def groups(slack_app: App, slack: Any) -> Groups:
    settings = slack_app.settings.model_copy(
        update={"slack_roles": "S0LEGAL=records_officer,U3BOSS=approver"}
    )
    workspaces = Workspaces(lambda _team: "xoxb-x", slack.url, lambda _seconds: None)
    return Groups(replace(slack_app, settings=settings), workspaces, lambda: ["T0QINGHE"])


def roles(app: App, user: str) -> frozenset[Role] | None:
    with app.database.reading() as session:
        found = person_by_account(session, "slack", f"T0QINGHE:{user}")
    return found.roles if found else None


def test_roles_follow_the_groups_and_nothing_else_is_taken(
    slack_app: App, slack: Any, groups: Groups
) -> None:
    with slack_app.database.transaction() as session:
        for user, given in (
            ("U3LEFT", {Role.OFFICER}),
            ("U3STAYS", {Role.RESPONDER, Role.OFFICER}),
            ("U3JOINS", {Role.EMPLOYEE}),
            # Let go: out, whatever the groups still say.
            ("U3GONE", set()),
        ):
            add_person(
                session,
                name=user,
                roles=given,
                slack_id=f"T0QINGHE:{user}",
                now=slack_app.clock(),
            )
    slack.answer(GROUP, body={"ok": True, "users": ["U3JOINS", "U3NEW", "U3GONE"]})
    groups.turn()
    assert roles(slack_app, "U3GONE") == set()
    assert roles(slack_app, "U3LEFT") == {Role.EMPLOYEE}
    assert roles(slack_app, "U3STAYS") == {Role.RESPONDER}
    assert roles(slack_app, "U3JOINS") == {Role.EMPLOYEE, Role.OFFICER}
    assert roles(slack_app, "U3NEW") == {Role.EMPLOYEE, Role.OFFICER}
    assert roles(slack_app, "U3BOSS") == {Role.EMPLOYEE, Role.APPROVER}
    groups.turn()
    assert len(slack.calls) == 1


def test_a_group_that_cannot_be_read_changes_nothing(
    slack_app: App, slack: Any, groups: Groups
) -> None:
    before = roles(slack_app, "U3JOINS")
    slack.answer(GROUP, body={"ok": False, "error": "missing_scope"})
    groups.refresh()
    assert roles(slack_app, "U3JOINS") == before
    assert json.dumps([call.path for call in slack.calls]) == json.dumps([GROUP])
