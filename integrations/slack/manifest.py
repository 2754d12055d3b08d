"""The app's manifest, made from the same tables as the listeners: events, shortcuts, command, scopes.

https://docs.slack.dev/reference/app-manifest. `manifest.yaml` beside this file is what it makes without an address
of your own; `compliance slack manifest` makes it with one.
"""

from typing import Any

from integrations.slack.home import PROMPTS
from integrations.slack.listeners import COMMAND, GONE_EVENTS, HOME_EVENT, MARK_EVENT
from integrations.slack.shortcuts import SHORTCUTS

EXAMPLE_URL = "https://compliance.example.com"
EVENTS_PATH, COMMANDS_PATH = "/slack/events", "/slack/commands"
INTERACTIONS_PATH, OAUTH_PATH = "/slack/interactions", "/slack/oauth"
BOT_EVENTS = ("app_mention", "message.im", HOME_EVENT, MARK_EVENT, *GONE_EVENTS)
# Each with what needs it; https://docs.slack.dev/reference/scopes.
SCOPES = {
    "app_mentions:read": "app_mention",
    "assistant:write": "suggested prompts above the conversation, the status under a question",
    "channels:history": "a message that somebody marks for an incident's timeline",
    "chat:write": "replies, streams, warnings to one person",
    "commands": "/compliance and the shortcuts",
    "files:read": "a file to be redacted",
    "files:write": "its redacted copy",
    "groups:history": "the same in private channels",
    "im:history": "direct messages to the app",
    "im:write": "the direct messages a copy goes to",
    "reactions:read": "the mark itself",
}
# Only where COMPLIANCE_SLACK_ROLES names user groups.
GROUPS_SCOPE = "usergroups:read"
_DESCRIPTION = "带条文的合规回答、事件时限、销毁日期 / Compliance answers with the article"


def scopes(*, groups: bool = False) -> list[str]:
    """What the app asks for, no more."""
    return sorted([*SCOPES, *([GROUPS_SCOPE] if groups else [])])


def manifest(
    public_url: str = EXAMPLE_URL, *, socket: bool = False, groups: bool = False
) -> dict[str, Any]:
    """The manifest for an app at this address, or over Socket Mode, which needs none.

    `groups`: roles come from user groups, which needs one more scope.
    """
    url = public_url.rstrip("/")
    return {
        "display_information": {
            "name": "客户信息合规助手",
            "description": _DESCRIPTION,
            "background_color": "#1f3a5f",
        },
        "features": _features(url, socket=socket),
        "oauth_config": {
            **({} if socket else {"redirect_urls": [f"{url}{OAUTH_PATH}"]}),
            "scopes": {"bot": scopes(groups=groups)},
        },
        "settings": {
            "interactivity": {"is_enabled": True, **_request_url(url, INTERACTIONS_PATH, socket)},
            "event_subscriptions": {
                **_request_url(url, EVENTS_PATH, socket),
                "bot_events": list(BOT_EVENTS),
            },
            "org_deploy_enabled": False,
            "socket_mode_enabled": socket,
            "token_rotation_enabled": False,
        },
    }


def as_yaml(made: dict[str, Any]) -> str:
    """The manifest as text to paste."""
    import yaml

    return yaml.safe_dump(made, allow_unicode=True, sort_keys=False, width=100)


def _features(url: str, *, socket: bool) -> dict[str, Any]:
    command = {
        "command": COMMAND,
        **({} if socket else {"url": f"{url}{COMMANDS_PATH}"}),
        "description": "提问、报告事件、申请销毁 / ask, report an incident, request destruction",
        "usage_hint": "ask … | incident … | destroy … | rights | exam | redact … | help",
        "should_escape": True,
    }
    return {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        # New apps have no other assistant view: docs.slack.dev/ai/migrating-to-agent-messaging.
        "agent_view": {
            "agent_description": _DESCRIPTION,
            "suggested_prompts": [
                {"title": f"{title.zh} {title.en}", "message": words.zh} for title, words in PROMPTS
            ],
        },
        "bot_user": {"display_name": "compliance", "always_online": True},
        "shortcuts": [
            {
                "name": one.name,
                "type": one.menu.value,
                "callback_id": one.callback_id,
                "description": one.description,
            }
            for one in SHORTCUTS.values()
        ],
        "slash_commands": [command],
    }


def _request_url(url: str, path: str, socket: bool) -> dict[str, str]:
    return {} if socket else {"request_url": f"{url}{path}"}
