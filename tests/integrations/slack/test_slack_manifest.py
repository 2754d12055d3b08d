"""The manifest is what the code makes: it asks for exactly what listeners and calls need."""

import ast
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

from integrations.slack.bot import PATHS
from integrations.slack.listeners import COMMAND, EVENTS
from integrations.slack.manifest import GROUPS_SCOPE, OAUTH_PATH, SCOPES, as_yaml, manifest, scopes
from integrations.slack.shortcuts import SHORTCUTS

PACKAGE = Path(str(files("integrations.slack")))
# https://docs.slack.dev/reference/events and /reference/methods: the scope each one needs.
SCOPE_OF_EVENT = {
    "app_mention": "app_mentions:read",
    "message.im": "im:history",
    "reaction_added": "reactions:read",
}
# A message that was marked is read where it stands; in direct messages im:history does.
READS = {"channels:history", "groups:history"}
NO_SCOPE = {"app_home_opened", "tokens_revoked", "app_uninstalled"}
SCOPE_OF_CALL = {
    "chat_postMessage": "chat:write",
    "chat_postEphemeral": "chat:write",
    "chat_update": "chat:write",
    "chat_startStream": "chat:write",
    "chat_appendStream": "chat:write",
    "chat_stopStream": "chat:write",
    "assistant_threads_setStatus": "chat:write",
    "assistant_threads_setSuggestedPrompts": "assistant:write",
    "conversations_open": "im:write",
    "conversations_history": "im:history",
    "conversations_replies": "im:history",
    "files_info": "files:read",
    "files_getUploadURLExternal": "files:write",
    "files_completeUploadExternal": "files:write",
    "usergroups_users_list": GROUPS_SCOPE,
    "views_open": None,
    "views_publish": None,
    "oauth_v2_access": None,
}


@pytest.fixture
def shipped() -> Any:
    return yaml.safe_load((PACKAGE / "manifest.yaml").read_text("utf-8"))


def calls() -> set[str]:
    """Every method of Slack's client that our code calls."""
    found = set()
    for path in PACKAGE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and "_" in node.attr:
                family = node.attr.partition("_")[0]
                if family in {
                    "chat",
                    "assistant",
                    "conversations",
                    "files",
                    "usergroups",
                    "views",
                    "oauth",
                }:
                    found.add(node.attr)
    return found - {"views_of"}


def test_the_file_that_ships_is_what_the_code_makes(shipped: Any) -> None:
    assert shipped == manifest()
    assert yaml.safe_load(as_yaml(manifest())) == manifest()


def test_every_event_has_a_listener_and_every_listener_an_event(shipped: Any) -> None:
    subscribed = shipped["settings"]["event_subscriptions"]["bot_events"]
    assert {name.partition(".")[0] for name in subscribed} == set(EVENTS)
    assert set(subscribed) == {*SCOPE_OF_EVENT, *NO_SCOPE}


def test_the_command_and_the_shortcuts_are_the_ones_we_answer(shipped: Any) -> None:
    (command,) = shipped["features"]["slash_commands"]
    assert command["command"] == COMMAND
    assert command["should_escape"] is True
    listed = shipped["features"]["shortcuts"]
    assert [(one["callback_id"], one["type"]) for one in listed] == [
        (one.callback_id, one.menu.value) for one in SHORTCUTS.values()
    ]
    assert all(len(one["name"]) <= 24 and len(one["description"]) <= 150 for one in listed)


def test_the_scopes_are_those_needed_and_no_more(shipped: Any) -> None:
    of_calls = {SCOPE_OF_CALL[name] for name in calls()} - {None, GROUPS_SCOPE}
    needed = {*SCOPE_OF_EVENT.values(), *of_calls, *READS, "commands"}
    assert set(shipped["oauth_config"]["scopes"]["bot"]) == needed == set(SCOPES)
    assert list(shipped["oauth_config"]["scopes"]) == ["bot"]
    assert set(scopes(groups=True)) == needed | {GROUPS_SCOPE}


def test_the_addresses_are_the_ones_we_serve(shipped: Any) -> None:
    (command,) = shipped["features"]["slash_commands"]
    settings = shipped["settings"]
    assert settings["interactivity"]["is_enabled"] is True
    urls = [
        settings["event_subscriptions"]["request_url"],
        settings["interactivity"]["request_url"],
        command["url"],
    ]
    assert {f"/{url.split('/', 3)[3]}" for url in urls} == set(PATHS)
    (back,) = shipped["oauth_config"]["redirect_urls"]
    assert back.endswith(OAUTH_PATH)


def test_over_socket_mode_no_address_is_named() -> None:
    made = manifest(socket=True)
    assert "https://" not in as_yaml(made)
    assert made["settings"]["socket_mode_enabled"] is True


def test_an_address_of_ones_own_stands_everywhere() -> None:
    text = as_yaml(manifest("https://kehu.qinghe.example/"))
    assert "compliance.example.com" not in text
    assert text.count("https://kehu.qinghe.example/slack/") == 4


def test_people_open_home_and_messages_and_find_words_to_begin_with(shipped: Any) -> None:
    features = shipped["features"]
    assert features["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }
    view = features["agent_view"]
    assert view["agent_description"]
    assert 1 <= len(view["suggested_prompts"]) <= 4
    assert all(one["title"] and one["message"] for one in view["suggested_prompts"])
