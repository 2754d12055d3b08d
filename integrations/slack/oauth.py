"""Installing the app into further workspaces: a consent link an administrator makes, used once.

https://docs.slack.dev/authentication/installing-with-oauth. Nobody else can begin an installation: without
a state of ours, good for ten minutes and one use, the answer of Slack's page is refused.
"""

import hashlib
import logging
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from slack_sdk.oauth.installation_store import Installation
from sqlalchemy import String, delete
from sqlalchemy.orm import Mapped, mapped_column
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from assistant.app import App
from integrations.chat.calls import CallFailed
from integrations.chat.said import dict_in, text_in
from integrations.slack.installations import Installations
from integrations.slack.manifest import OAUTH_PATH, scopes
from integrations.slack.transport import Api, certain, quiet
from records.database import Base, UtcDateTime
from records.errors import BadInput
from records.people import Person
from records.permissions import Permission

LIFETIME = timedelta(minutes=10)
LONGEST = 512
_DONE = "已安装，可以关闭此页。\nInstalled. You may close this page."
_REFUSED = (
    "链接无效或已用过，没有安装。请管理员重新运行 compliance slack install。\n"
    "The link is not valid any more; nothing was installed. Ask an administrator to run: "
    "compliance slack install"
)
_FAILED = "Slack 没有完成安装，请重试。\nSlack did not complete the installation; please try again."

logger = logging.getLogger(__name__)


class StateRow(Base):
    """An installation under way: the digest of its state, until when it may come back."""

    __tablename__ = "slack_states"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


def consent_url(app: App, person: Person) -> str:
    """The address where somebody agrees to the installation. Raises NotPermitted, BadInput."""
    app.authorise(person, Permission.PEOPLE_MANAGE)
    settings = app.settings
    if not (settings.slack_client_id and settings.slack_public_url):
        raise BadInput(
            "请先设置 COMPLIANCE_SLACK_CLIENT_ID、_CLIENT_SECRET 和 COMPLIANCE_SLACK_PUBLIC_URL，见 docs/slack.md。",
            "Set COMPLIANCE_SLACK_CLIENT_ID, _CLIENT_SECRET and COMPLIANCE_SLACK_PUBLIC_URL first; "
            "see docs/slack.md.",
        )
    state, now = secrets.token_urlsafe(32), app.clock()
    with app.database.transaction() as session:
        session.execute(delete(StateRow).where(StateRow.expires_at < now))
        session.add(StateRow(sha256=_digest(state), expires_at=now + LIFETIME))
        app.append(session, person, "slack:installation-begun", "slack")
    query = {
        "client_id": settings.slack_client_id,
        "scope": ",".join(scopes(groups=bool(settings.slack_roles))),
        "redirect_uri": redirect_uri(app),
        "state": state,
    }
    return f"{settings.slack_web_url.rstrip('/')}/oauth/v2/authorize?{urlencode(query)}"


def redirect_uri(app: App) -> str:
    """Where Slack's page sends people back to."""
    return f"{app.settings.slack_public_url.rstrip('/')}{OAUTH_PATH}"


def returned(app: App, installations: Installations) -> Callable[[Request], Any]:
    """The route Slack's consent page leads back to."""

    async def route(request: Request) -> Response:
        state, code = (request.query_params.get(name, "") for name in ("state", "code"))
        return await run_in_threadpool(_install, app, installations, state, code)

    return route


def _install(app: App, installations: Installations, state: str, code: str) -> Response:
    if not _used_once(app, state) or not 0 < len(code) <= LONGEST:
        logger.warning("an installation was refused: state or code")
        return PlainTextResponse(_REFUSED, 400)
    settings = app.settings
    secret = settings.slack_client_secret
    try:
        answer = certain(
            lambda: Api(base_url=settings.slack_api_url, logger=quiet).oauth_v2_access(
                client_id=settings.slack_client_id,
                client_secret=secret.get_secret_value() if secret else "",
                code=code,
                redirect_uri=redirect_uri(app),
            )
        )
    except CallFailed as error:
        logger.warning("an installation failed: %s", error)
        return PlainTextResponse(_FAILED, 502)
    installation = _installation(answer, app.clock())
    allowed = settings.slack_team_id
    if installation is None or (allowed and installation.team_id != allowed):
        logger.warning("an installation was refused: no bot, or another workspace")
        return PlainTextResponse(_REFUSED, 400)
    installations.save(installation)
    return PlainTextResponse(_DONE)


def _installation(answer: Any, now: datetime) -> Installation | None:
    team, token = (
        text_in(dict_in(answer.get("team")).get("id")),
        text_in(answer.get("access_token")),
    )
    if not (team and token and answer.get("token_type") == "bot"):
        return None
    return Installation(
        app_id=text_in(answer.get("app_id")),
        enterprise_id=text_in(dict_in(answer.get("enterprise")).get("id")) or None,
        team_id=team,
        bot_token=token,
        bot_id="",
        bot_user_id=text_in(answer.get("bot_user_id")),
        bot_scopes=text_in(answer.get("scope")),
        user_id=text_in(dict_in(answer.get("authed_user")).get("id")),
        installed_at=now.timestamp(),
    )


def _used_once(app: App, state: str) -> bool:
    """Whether the state is ours and was not used before; from now on it is."""
    if not 0 < len(state) <= LONGEST:
        return False
    with app.database.transaction() as session:
        row = session.get(StateRow, _digest(state))
        if row is None:
            return False
        session.delete(row)
        return row.expires_at >= app.clock()


def _digest(state: str) -> str:
    return hashlib.sha256(state.encode("utf-8", "replace")).hexdigest()
