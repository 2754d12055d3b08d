"""The shortcuts of the app: in the composer's menu, and in the menu of a message.

The manifest is made from this table; what Slack sends names one by its callback_id.
"""

from dataclasses import dataclass
from enum import StrEnum

from integrations.acts.entries import RIGHTS


class Menu(StrEnum):
    """Where a shortcut stands, in Slack's words."""

    GLOBAL = "global"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Shortcut:
    """One shortcut. Of a message's words and time, `words` and `time` name the fields they go to."""

    callback_id: str
    menu: Menu
    act: str
    name: str
    description: str
    words: str = ""
    time: str = ""
    subject: str = ""


# Slack cuts names at 24 characters.
_ALL = (
    Shortcut(
        "ask", Menu.GLOBAL, "ask", "合规提问 Ask", "带条文的回答 / an answer with its article"
    ),
    Shortcut(
        "incident",
        Menu.GLOBAL,
        "incident",
        "报告事件 Report incident",
        "笔记本丢了、邮件误发… / a laptop is gone, a mail went astray…",
    ),
    Shortcut(
        "destroy",
        Menu.GLOBAL,
        "destroy",
        "申请销毁 Destruction",
        "何时可以合法销毁 / when records may lawfully go",
    ),
    Shortcut(
        "rights",
        Menu.GLOBAL,
        "register",
        "登记权利请求 Rights",
        "个人要求查阅、删除…，登记并起算时限 / a rights request with its clocks",
        subject=RIGHTS,
    ),
    Shortcut(
        "message-incident",
        Menu.MESSAGE,
        "incident",
        "由此报告事件 Incident",
        "把这条消息变成事件工单 / turn this message into an incident",
        words="description",
        time="aware_at",
    ),
    Shortcut(
        "message-ask",
        Menu.MESSAGE,
        "ask",
        "就此提问 Ask about this",
        "就这条消息提问 / ask about this message",
        words="question",
    ),
    Shortcut(
        "message-redact",
        Menu.MESSAGE,
        "redact",
        "脱敏 Redact this",
        "脱敏这条消息或其中的文件 / redact this message or its files",
        words="text",
    ),
    Shortcut(
        "message-rights",
        Menu.MESSAGE,
        "register",
        "登记为权利请求 Rights",
        "把这条消息登记为个人权利请求 / register this message as a rights request",
        words="request",
        time="received_at",
        subject=RIGHTS,
    ),
)
SHORTCUTS = {one.callback_id: one for one in _ALL}
