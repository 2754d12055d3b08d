"""Which token speaks in which workspace: one for all, or each installation's own."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from integrations.chat.calls import Declined, Sleep
from integrations.slack.transport import TIMEOUT_SECONDS
from integrations.slack.web_api import Slack

SlackOf = Callable[[str], Slack]


@dataclass(frozen=True, slots=True)
class Workspaces:
    """`token_of` gives the bot token of a workspace, "" where we are not installed."""

    token_of: Callable[[str], str]
    base_url: str
    sleep: Sleep = time.sleep

    def serves(self, team: str) -> bool:
        """Whether we work for this workspace."""
        return bool(team and self.token_of(team))

    def slack(self, team: str) -> Slack:
        """Calls into a workspace. Raises Declined where we are not installed."""
        return Slack(token=self._token(team), base_url=self.base_url, sleep=self.sleep)

    def hasty(self, team: str, *, timeout_seconds: int = TIMEOUT_SECONDS) -> Slack:
        """The same for what is only a preview: soon or not at all."""
        return Slack(
            token=self._token(team),
            base_url=self.base_url,
            timeout_seconds=timeout_seconds,
            patient=False,
        )

    def _token(self, team: str) -> str:
        token = self.token_of(team)
        if not token:
            raise Declined("not_installed")
        return token


def one_token(token: str, team_id: str | None) -> Callable[[str], str]:
    """The token for the one workspace served, or for any where none is named on either side."""
    return lambda team: token if not team or team_id in (None, "", team) else ""
