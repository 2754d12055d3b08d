"""The manifest asks for exactly what the listeners and calls need."""

from importlib.resources import files
from typing import Any

import pytest
import yaml

from integrations.slack.bot import PATHS
from integrations.slack.listeners import COMMAND, EVENTS

# https://docs.slack.dev/reference/events and /reference/methods: the scope each one needs.
SCOPE_OF_EVENT = {"app_mention": "app_mentions:read", "message.im": "im:history"}
# Posting covers chat.update, the three methods of a stream and, since March 2026, the status too.
SCOPE_OF_COMMAND, SCOPE_OF_POSTING = "commands", "chat:write"


@pytest.fixture
def manifest() -> Any:
    return yaml.safe_load(files("integrations.slack").joinpath("manifest.yaml").read_text("utf-8"))


def test_every_event_has_a_listener_and_every_listener_an_event(manifest: Any) -> None:
    subscribed = manifest["settings"]["event_subscriptions"]["bot_events"]
    assert {name.partition(".")[0] for name in subscribed} == set(EVENTS)
    assert set(subscribed) == set(SCOPE_OF_EVENT)


def test_the_command_is_the_one_we_answer(manifest: Any) -> None:
    (command,) = manifest["features"]["slash_commands"]
    assert command["command"] == COMMAND
    assert command["should_escape"] is True


def test_the_scopes_are_those_needed_and_no_more(manifest: Any) -> None:
    needed = {*SCOPE_OF_EVENT.values(), SCOPE_OF_COMMAND, SCOPE_OF_POSTING}
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == needed
    assert list(manifest["oauth_config"]["scopes"]) == ["bot"]


def test_the_addresses_are_the_ones_we_serve(manifest: Any) -> None:
    (command,) = manifest["features"]["slash_commands"]
    settings = manifest["settings"]
    assert settings["interactivity"]["is_enabled"] is True
    urls = [
        settings["event_subscriptions"]["request_url"],
        settings["interactivity"]["request_url"],
        command["url"],
    ]
    assert {f"/{url.split('/', 3)[3]}" for url in urls} == set(PATHS)


def test_people_can_write_to_us_directly(manifest: Any) -> None:
    assert manifest["features"]["app_home"]["messages_tab_enabled"] is True
    assert manifest["features"]["app_home"]["messages_tab_read_only_enabled"] is False
