"""The Slack bot: Bolt over our listeners, and the jobs behind them. Building it calls nobody."""

import logging
import time

from slack_bolt import App as Bolt
from slack_bolt.authorization import AuthorizeResult
from starlette.routing import Route

from assistant.app import App
from integrations.slack import inbox, listeners, outbox, streams
from integrations.slack.guard import SeenSignatures
from integrations.slack.handovers import tell
from integrations.slack.outbox import Outbox
from integrations.slack.routes import Requests
from integrations.slack.socket_mode import serve_until_stopped
from integrations.slack.streams import Streams
from integrations.slack.web_api import Api, Slack, Sleep, quiet
from integrations.slack.work import Worker, warm_up
from records.errors import BadInput
from records.jobs import Jobs

EVERY_MINUTE = "* * * * *"
PATHS = ("/slack/events", "/slack/commands", "/slack/interactions")

_bolt_logger = logging.getLogger("integrations.slack.bolt")
# Below ERROR Bolt writes whole requests into the log.
_bolt_logger.setLevel(logging.ERROR)


def build_bot(app: App, jobs: Jobs, *, sleep: Sleep = time.sleep) -> Bolt:
    """Bolt with our listeners, and the jobs behind them. Call before jobs.start()."""
    settings = app.settings
    if settings.slack_bot_token is None:
        raise BadInput(
            "请先设置 COMPLIANCE_SLACK_BOT_TOKEN，见 docs/slack.md。",
            "Set COMPLIANCE_SLACK_BOT_TOKEN first; see docs/slack.md.",
        )
    token, base_url = settings.slack_bot_token.get_secret_value(), settings.slack_api_url
    slack = Slack(token=token, base_url=base_url, sleep=sleep)
    hasty = Slack(
        token=token, base_url=base_url, timeout_seconds=streams.TIMEOUT_SECONDS, patient=False
    )
    shown = Streams(app, hasty)
    posts = Outbox(jobs, slack, sleep)
    jobs.handle(outbox.JOB, posts.work)
    # Replies given at other doors, and questions handed over there.
    jobs.every(EVERY_MINUTE, "slack-handovers", lambda: tell(app, posts))
    jobs.handle(inbox.JOB, Worker(app, posts, shown).work)
    jobs.at_stop(shown.end_all)
    bolt = Bolt(
        name="compliance",
        # Without a token: listeners only write down, so nothing on the way to the acknowledgement
        # can call Slack, not even auth.test.
        client=Api(base_url=settings.slack_api_url, logger=quiet),
        authorize=_authorize,
        signing_secret="unused",  # noqa: S106 - guard.py verifies, before Bolt reads anything
        request_verification_enabled=False,
        # The listener returns before the request is acknowledged: written down first.
        process_before_response=True,
        raise_error_for_unhandled_request=True,
        logger=_bolt_logger,
    )
    listeners.register(bolt, jobs, team=settings.slack_team_id, clock=app.clock)
    return bolt


def slack_routes(app: App, jobs: Jobs, *, sleep: Sleep = time.sleep) -> list[Route]:
    """The routes Slack posts to, for the same service as the pages. Call before jobs.start()."""
    secret = app.settings.slack_signing_secret
    if secret is None or not secret.get_secret_value().strip():
        raise BadInput(
            "请先设置 COMPLIANCE_SLACK_SIGNING_SECRET，见 docs/slack.md。",
            "Set COMPLIANCE_SLACK_SIGNING_SECRET first; see docs/slack.md.",
        )
    warm_up(app)
    requests = Requests(
        build_bot(app, jobs, sleep=sleep),
        secret=secret.get_secret_value(),
        seen=SeenSignatures(),
        now=lambda: app.clock().timestamp(),
    )
    return [Route(path, requests.handle, methods=["POST"]) for path in PATHS]


def run_socket_mode(app: App, jobs: Jobs) -> None:
    """Serve over Socket Mode until SIGINT or SIGTERM; needs no public address."""
    token = app.settings.slack_app_token
    if token is None:
        raise BadInput(
            "请先设置 COMPLIANCE_SLACK_APP_TOKEN（xapp-…），见 docs/slack.md。",
            "Set COMPLIANCE_SLACK_APP_TOKEN (xapp-…) first; see docs/slack.md.",
        )
    bolt = build_bot(app, jobs)
    warm_up(app)
    jobs.start()
    try:
        serve_until_stopped(
            bolt, app_token=token.get_secret_value(), base_url=app.settings.slack_api_url
        )
    finally:
        jobs.stop()


def _authorize() -> AuthorizeResult:
    """Whom Bolt acts for: the one workspace whose token we have. Nothing is asked of Slack."""
    return AuthorizeResult(enterprise_id=None, team_id=None)
