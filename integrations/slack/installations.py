"""Workspaces the app is installed in, each with its token, sealed in our database.

The store is Slack's own interface (InstallationStore), so its tools find what they look for. Only
bot tokens are kept: the app asks for no user's.
"""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from slack_sdk.oauth.installation_store import Bot, Installation, InstallationStore
from sqlalchemy import LargeBinary, String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from assistant.app import App
from assistant.operations.upkeep import SYSTEM
from integrations.chat.said import text_in
from integrations.slack.inbox import event_id, installed_in
from records.database import Base, UtcDateTime
from records.jobs import Jobs
from records.sealing import Sealing

JOB = "slack-gone"
PURPOSE = "slack-installations"

logger = logging.getLogger(__name__)


class InstallationRow(Base):
    """One workspace; token and installer's account are sealed."""

    __tablename__ = "slack_installations"

    team_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    installed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Installations(InstallationStore):
    """The installation store over our database. An organisation-wide install is kept by its team."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._sealing = Sealing(app.keys.derive(PURPOSE))

    def save(self, installation: Installation) -> None:
        """Keep the bot of an installation; a newer one of the same workspace takes its place."""
        team = installation.team_id or ""
        kept = installation.to_bot().to_dict()
        # Times are kept as text: what is sealed is JSON.
        sealed = self._sealing.seal(_plain(kept), row=team)
        with self._app.database.transaction() as session:
            now = self._app.clock()
            session.merge(InstallationRow(team_id=team, sealed=sealed, installed_at=now))
            self._app.append(session, SYSTEM, "slack:installed", team)

    def find_bot(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        is_enterprise_install: bool | None = False,
    ) -> Bot | None:
        """The bot of a workspace, or nothing where we are not installed."""
        with self._app.database.reading() as session:
            row = session.get(InstallationRow, team_id or "")
        return Bot(**self._sealing.open(row.sealed, row=row.team_id)) if row else None

    def delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Forget a workspace with its token."""
        self.forget(team_id or "", before=datetime.max.replace(tzinfo=UTC))

    def delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """Nothing besides the bot is kept."""

    def token_of(self, team: str) -> str:
        """The bot token of a workspace; "" where we are not installed."""
        bot = self.find_bot(enterprise_id=None, team_id=team)
        return bot.bot_token if bot else ""

    def teams(self) -> tuple[str, ...]:
        """Every workspace we are installed in."""
        with self._app.database.reading() as session:
            return tuple(session.scalars(select(InstallationRow.team_id)))

    def forget(self, team: str, *, before: datetime) -> None:
        """Forget a workspace, unless it was installed anew since."""
        with self._app.database.transaction() as session:
            gone = session.scalar(
                select(InstallationRow.team_id).where(
                    InstallationRow.team_id == team, InstallationRow.installed_at <= before
                )
            )
            if gone is None:
                return
            session.execute(delete(InstallationRow).where(InstallationRow.team_id == team))
            self._app.append(session, SYSTEM, "slack:uninstalled", team)
        self._app.database.scrub()

    def work(self, payload: Mapping[str, str]) -> None:
        """Forget the workspace whose token was revoked."""
        self.forget(payload["team"], before=datetime.fromisoformat(payload["at"]))


def keep_gone(jobs: Jobs, event: Mapping[str, Any], body: Mapping[str, Any], now: datetime) -> None:
    """Hand in that a workspace is gone: the app was removed, or its bot's token revoked."""
    tokens = event.get("tokens")
    revoked = tokens.get("bot") if isinstance(tokens, dict) else None
    team = text_in(body.get("team_id")) or installed_in(body)
    if not team or (event.get("type") == "tokens_revoked" and not revoked):
        return
    stated = body.get("event_time")
    at = datetime.fromtimestamp(stated, UTC) if isinstance(stated, int) else now
    logger.warning("the app was removed from a workspace")
    jobs.submit(JOB, event_id(body), {"team": team, "at": min(at, now).isoformat()})


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """What of a bot is kept: the fields it is made from, in JSON."""
    fields = (
        *("app_id", "enterprise_id", "team_id", "bot_token", "bot_id", "bot_user_id"),
        *("bot_scopes", "is_enterprise_install", "installed_at"),
    )
    found = {name: values.get(name) for name in fields}
    at = found["installed_at"]
    return {**found, "installed_at": at.timestamp() if isinstance(at, datetime) else at}
