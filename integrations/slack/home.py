"""The Home tab of one person, and the words offered at the top of the conversation with us.

https://docs.slack.dev/surfaces/app-home, https://docs.slack.dev/ai/migrating-to-agent-messaging: with
agent_view the conversation stands in the Messages tab; opening it is app_home_opened too.
"""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from assistant.app import App
from assistant.my_work import my_work
from integrations.chat.calls import CallFailed
from integrations.chat.said import text_in
from integrations.errors import UNEXPECTED, log_unexpected
from integrations.identity import person_in_chat
from integrations.replies import Reply, board_reply, error_reply
from integrations.slack.blocks import blocks
from integrations.slack.inbox import installed_in
from integrations.slack.workspaces import Workspaces
from records.errors import ProductError
from records.jobs import Jobs
from records.language import Bilingual, Language

JOB = "slack-home"
MAX_VIEW_BLOCKS = 100
# Slack shows four at most.
PROMPTS = (
    (
        Bilingual("身份证复印件能碎掉吗？", "May ID copies go?"),
        Bilingual(
            "客户解约三年了，他的身份证复印件可以销毁吗？",
            "A client left three years ago. May we destroy the copy of the ID card?",
        ),
    ),
    (
        Bilingual("公司要注销了", "The company closes"),
        Bilingual(
            "公司注销前，客户资料要怎么处理？",
            "What must happen to client records before the company is deregistered?",
        ),
    ),
    (
        Bilingual("发错邮件了", "A mail went astray"),
        Bilingual(
            "把客户名单误发给了外部邮箱，现在要做什么，多少小时内要报告？",
            "A client list went to the wrong address. What must be done, within how many hours?",
        ),
    ),
    (Bilingual("你能做什么？", "What can you do?"), Bilingual("帮助", "help")),
)
_TITLE = Bilingual("可以这样问", "You could ask")

logger = logging.getLogger(__name__)


def opened(event: Mapping[str, Any], body: Mapping[str, Any]) -> dict[str, str]:
    """The payload of the job that follows an opened tab; empty where somebody is missing."""
    user, channel = text_in(event.get("user")), text_in(event.get("channel"))
    team, tab = installed_in(body), text_in(event.get("tab"))
    if not (user and team):
        return {}
    return {"team": team, "user": user, "channel": channel, "tab": tab}


def keep(jobs: Jobs, payload: Mapping[str, str], event_id: str) -> None:
    """Hand it to the durable jobs."""
    jobs.submit(JOB, event_id, payload)


class Home:
    """Publishes Home tabs. A tab that could not be published is published when next opened."""

    def __init__(self, app: App, workspaces: Workspaces) -> None:
        self._app = app
        self._workspaces = workspaces

    def work(self, payload: Mapping[str, str]) -> None:
        """Show the tab that was opened."""
        team, user = payload["team"], payload["user"]
        try:
            if payload["tab"] == "messages":
                self._offer(team, payload["channel"])
            else:
                self.publish(team, user)
        except CallFailed as error:
            logger.warning("a Home tab was not shown: %s", error)

    def publish(self, team: str, user: str) -> None:
        """The Home tab of this person as of now. Raises CallFailed."""
        shown = [*blocks(self._board(team, user))][:MAX_VIEW_BLOCKS]
        view = {"type": "home", "blocks": shown}
        self._workspaces.slack(team).publish_home(user=user, view=view)

    def _board(self, team: str, user: str) -> Reply:
        now: datetime = self._app.clock()
        try:
            person = person_in_chat(self._app, "slack", team=team, user=user)
            return board_reply(my_work(self._app, person), person, now=now)
        except ProductError as error:
            return error_reply(error.message, self._app.settings.language)
        except Exception as error:
            log_unexpected(error, where="slack home")
            return error_reply(UNEXPECTED, self._app.settings.language)

    def _offer(self, team: str, channel: str) -> None:
        language: Language = self._app.settings.language
        prompts = [
            {"title": title.pick(language), "message": words.pick(language)}
            for title, words in PROMPTS
        ]
        slack = self._workspaces.hasty(team)
        slack.suggest(channel=channel, title=_TITLE.pick(language), prompts=prompts)
