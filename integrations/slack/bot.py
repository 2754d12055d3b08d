"""The Slack bot: Bolt over our listeners, and the jobs behind them. Building it calls nobody."""

import logging
from collections.abc import Callable, Iterable

from slack_bolt import App as Bolt
from slack_bolt.authorization import AuthorizeResult
from starlette.routing import Route

from assistant.app import App
from assistant.notifiers import Notifier
from assistant.settings import Settings
from integrations.chat.answering import warm_up
from integrations.chat.calls import Sleep
from integrations.slack import inbox, installations, listeners, outbox, wanted
from integrations.slack.acting import PAPER_JOB, Actor
from integrations.slack.files import FETCH_JOB, SHARE_JOB, Files
from integrations.slack.guard import SeenSignatures
from integrations.slack.handovers import tell
from integrations.slack.home import JOB as HOME_JOB
from integrations.slack.home import Home
from integrations.slack.installations import Installations
from integrations.slack.manifest import (
    COMMANDS_PATH,
    EVENTS_PATH,
    INTERACTIONS_PATH,
    OAUTH_PATH,
)
from integrations.slack.marks import JOB as MARK_JOB
from integrations.slack.marks import Marks
from integrations.slack.notices import SlackNotifier, tell_what_waits
from integrations.slack.oauth import returned
from integrations.slack.outbox import Outbox
from integrations.slack.roles import Groups
from integrations.slack.routes import Requests
from integrations.slack.socket_mode import serve_until_stopped
from integrations.slack.streams import TIMEOUT_SECONDS as STREAM_SECONDS
from integrations.slack.streams import Streams
from integrations.slack.transport import Api, quiet
from integrations.slack.tries import KeptTries
from integrations.slack.work import Worker
from integrations.slack.workspaces import Workspaces, one_token
from records.errors import BadInput
from records.jobs import Jobs

EVERY_MINUTE = "* * * * *"
PATHS = (EVENTS_PATH, COMMANDS_PATH, INTERACTIONS_PATH)
# A command is answered in words.
ANSWERED_BY_FRONT = (EVENTS_PATH, INTERACTIONS_PATH)

_bolt_logger = logging.getLogger("integrations.slack.bolt")
# Below ERROR Bolt writes whole requests into the log.
_bolt_logger.setLevel(logging.ERROR)


def build_bot(
    app: App, jobs: Jobs, *, sleep: Sleep | None = None, channels: list[Notifier] | None = None
) -> Bolt:
    """Bolt with our listeners, and the jobs behind them. Call before jobs.start().

    The channel reminders take in Slack is added to `channels`.
    """
    settings, sleep = app.settings, sleep or jobs.pause
    installed = Installations(app)
    workspaces = Workspaces(_tokens(app, installed), settings.slack_api_url, sleep)
    shown = Streams(app, lambda team: workspaces.hasty(team, timeout_seconds=STREAM_SECONDS))
    posts = Outbox(jobs, workspaces.slack, KeptTries(app))
    home = Home(app, workspaces)
    files = Files(app, posts, workspaces)
    jobs.handle(outbox.JOB, posts.work, lanes=outbox.JOB)
    jobs.handle(inbox.JOB, Worker(app, posts, shown).work, lanes=inbox.JOB)
    actor = Actor(app, posts, workspaces, home)
    jobs.handle(wanted.JOB, actor.work)
    jobs.handle(PAPER_JOB, actor.paper, lanes=FETCH_JOB)
    jobs.handle(HOME_JOB, home.work)
    jobs.handle(MARK_JOB, Marks(app, posts, workspaces).work)
    jobs.handle(FETCH_JOB, files.work, lanes=FETCH_JOB)
    jobs.handle(SHARE_JOB, files.share, lanes=FETCH_JOB)
    jobs.handle(installations.JOB, installed.work)
    # Replies given at other doors, questions handed over there, approvals wanted, the digest.
    jobs.every(EVERY_MINUTE, "slack-handovers", lambda: tell(app, posts))
    jobs.every(EVERY_MINUTE, "slack-notices", lambda: tell_what_waits(app, posts))
    jobs.every(EVERY_MINUTE, "slack-roles", Groups(app, workspaces, _teams(app, installed)).turn)
    jobs.at_stop(shown.end_all)
    if channels is not None:
        channels.append(SlackNotifier(app, posts))
    return _bolt(app, jobs, workspaces)


def _tokens(app: App, installed: Installations) -> Callable[[str], str]:
    """One token for all, or each installation's own."""
    settings = app.settings
    if settings.slack_bot_token is not None:
        return one_token(settings.slack_bot_token.get_secret_value(), settings.slack_team_id)
    if settings.slack_client_id and settings.slack_client_secret:
        return installed.token_of
    raise BadInput(
        "请先设置 COMPLIANCE_SLACK_BOT_TOKEN（或 COMPLIANCE_SLACK_CLIENT_ID 与 _CLIENT_SECRET），"
        "见 docs/slack.md。",
        "Set COMPLIANCE_SLACK_BOT_TOKEN first (or COMPLIANCE_SLACK_CLIENT_ID and _CLIENT_SECRET); "
        "see docs/slack.md.",
    )


def _teams(app: App, installed: Installations) -> Callable[[], Iterable[str]]:
    """The workspaces whose groups are asked for."""
    settings = app.settings
    if settings.slack_bot_token is None:
        return installed.teams
    if settings.slack_roles and not settings.slack_team_id:
        raise BadInput(
            "用 COMPLIANCE_SLACK_ROLES 时，请同时设置 COMPLIANCE_SLACK_TEAM_ID，见 docs/slack.md。",
            "With COMPLIANCE_SLACK_ROLES set COMPLIANCE_SLACK_TEAM_ID too; see docs/slack.md.",
        )
    return lambda: filter(None, (settings.slack_team_id,))


def _bolt(app: App, jobs: Jobs, workspaces: Workspaces) -> Bolt:
    bolt = Bolt(
        name="compliance",
        # Without a token: listeners only write down, so nothing on the way to the acknowledgement
        # can call Slack, not even auth.test.
        client=Api(base_url=app.settings.slack_api_url, logger=quiet),
        authorize=_authorize,
        signing_secret="unused",  # noqa: S106 - guard.py verifies, before Bolt reads anything
        request_verification_enabled=False,
        # The listener returns before the request is acknowledged: written down first.
        process_before_response=True,
        raise_error_for_unhandled_request=True,
        logger=_bolt_logger,
    )
    listeners.register(bolt, jobs, serves=workspaces.serves, product=app)
    return bolt


def slack_requests(
    app: App, jobs: Jobs, *, sleep: Sleep | None = None, channels: list[Notifier] | None = None
) -> Requests:
    """What answers the requests Slack posts. Call before jobs.start()."""
    warm_up(app)
    return Requests(
        build_bot(app, jobs, sleep=sleep, channels=channels),
        secret=signing_secret(app.settings),
        seen=SeenSignatures(),
        now=lambda: app.clock().timestamp(),
    )


def signing_secret(settings: Settings) -> str:
    """What Slack signs its requests with. Raises BadInput."""
    secret = settings.slack_signing_secret
    if secret is None or not secret.get_secret_value().strip():
        raise BadInput(
            "请先设置 COMPLIANCE_SLACK_SIGNING_SECRET，见 docs/slack.md。",
            "Set COMPLIANCE_SLACK_SIGNING_SECRET first; see docs/slack.md.",
        )
    return secret.get_secret_value()


def slack_routes(app: App, requests: Requests) -> list[Route]:
    """The routes Slack posts to, for the same service as the pages."""
    routes = [Route(path, requests.handle, methods=["POST"]) for path in PATHS]
    if app.settings.slack_bot_token is None:
        routes.append(Route(OAUTH_PATH, returned(app, Installations(app)), methods=["GET"]))
    return routes


def run_socket_mode(
    app: App,
    jobs: Jobs,
    channels: list[Notifier] | None = None,
    connected: Callable[[], None] = lambda: None,
) -> None:
    """Serve over Socket Mode until SIGINT or SIGTERM; needs no public address. Says when connected."""
    token = app.settings.slack_app_token
    if token is None:
        raise BadInput(
            "请先设置 COMPLIANCE_SLACK_APP_TOKEN（xapp-…），见 docs/slack.md。",
            "Set COMPLIANCE_SLACK_APP_TOKEN (xapp-…) first; see docs/slack.md.",
        )
    bolt = build_bot(app, jobs, channels=channels)
    warm_up(app)
    jobs.start()
    try:
        serve_until_stopped(
            bolt,
            app_token=token.get_secret_value(),
            base_url=app.settings.slack_api_url,
            connected=connected,
        )
    finally:
        jobs.stop()


def _authorize() -> AuthorizeResult:
    """Whom Bolt acts for: the one workspace whose token we have. Nothing is asked of Slack."""
    return AuthorizeResult(enterprise_id=None, team_id=None)
