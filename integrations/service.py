"""The running service: web pages, API, and Slack where it is configured, until SIGTERM."""

import asyncio
import base64
import contextlib
import ctypes
import os
import signal
import sys
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import uvicorn
from starlette.types import ASGIApp

from assistant.app import App
from assistant.incidents.answer_mails import answer_mails
from assistant.incidents.drills import feed_drills
from assistant.notices.send_notice import deliver_notices
from assistant.notices.senders import sender_of
from assistant.notifiers import Notifier, notifiers_of
from assistant.operations.anchor_audit import anchor_audit
from assistant.operations.upkeep import upkeep
from assistant.people.sign_in import new_link
from assistant.redaction.started_scans import KIND, run_scan
from assistant.remind import send_reminders
from integrations.mailbox import read_mailbox
from integrations.metrics import Metrics
from integrations.slack.letters import Letters
from integrations.traces import traced
from records.errors import BadInput
from records.jobs import Jobs
from records.letter_box import FOLDER, PURPOSE, LetterBox
from records.people import Person
from records.tracing import start_tracing, stop_tracing

if TYPE_CHECKING:
    from integrations.slack.routes import Requests

HOURLY = "0 * * * *"
# The shortest clock is an hour; its stages are a quarter of that apart.
EVERY_MINUTE = "* * * * *"
SWITCH_SECONDS = 0.001
# glibc's M_ARENA_MAX, and how many pools of freed memory it may keep.
ARENA_MAX, ARENAS = -8, 2
WAITING_WORKERS, COMPUTING_WORKERS = 32, 8
# Longer than proxies keep a connection to use it again (60 s): one that we end just as
# a request comes over it is an error for whoever asked.
KEEP_ALIVE_SECONDS = 75


def serve(app: App, person: Person, *, host: str, port: int, need_slack: bool = False) -> None:
    """Serve until stopped; the sign-in link for the person at the keyboard is printed once."""
    _keep_memory_flat()
    from integrations.chat.answering import warm_up
    from integrations.slack.bot import slack_requests, slack_routes
    from integrations.web.api import create_web, lay_out_routes
    from integrations.web.first import first
    from integrations.web.heads import BoundedHeads

    settings = app.settings
    with_slack = settings.has_slack
    if need_slack and not with_slack:
        raise BadInput(
            "请先设置 COMPLIANCE_SLACK_BOT_TOKEN 和 COMPLIANCE_SLACK_SIGNING_SECRET，见 docs/slack.md。",
            "Set COMPLIANCE_SLACK_BOT_TOKEN and COMPLIANCE_SLACK_SIGNING_SECRET first; "
            "see docs/slack.md.",
        )
    channels = [*notifiers_of(settings)]
    jobs = _jobs(app, channels)
    requests = slack_requests(app, jobs, channels=channels) if with_slack else None
    routes = slack_routes(app, requests) if requests else []
    _share_feishu(app, jobs, channels)
    if not with_slack:
        # Pages open at once; the first question finds the models loaded. Slack waits for them.
        threading.Thread(target=warm_up, args=(app,), daemon=True).start()
    web: ASGIApp = create_web(app, slack_routes=routes, hosts=[host], submit=jobs.submit)
    asyncio.run(lay_out_routes(web))
    web = first(web, routes)
    metrics = Metrics(app)
    if settings.metrics_port:
        metrics.serve(settings.metrics_port, settings.metrics_host)
        web = metrics.measured(web)
    start_tracing(settings.otlp_endpoint)
    web = traced(web)
    # Whoever must be quick (an acknowledgement) waits this long for each thread that computes.
    sys.setswitchinterval(SWITCH_SECONDS)
    # uvicorn raises SIGTERM again once it has stopped; the default would end us before the jobs.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    config = uvicorn.Config(
        web,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        http=BoundedHeads,
        server_header=False,
    )
    jobs.start()
    try:
        _announce(app, person, host, port, with_slack=with_slack)
        # Ctrl+C is a stop like any other.
        with contextlib.suppress(KeyboardInterrupt):
            if requests:
                _serve_behind(app, config, requests, metrics)
            else:
                uvicorn.Server(config).run()
    finally:
        _stop(app, jobs)


def _serve_behind(app: App, config: uvicorn.Config, requests: "Requests", metrics: Metrics) -> None:
    """Let a process of its own acknowledge Slack: here it would wait for whatever computes."""
    from integrations.front.behind import ServerBehind
    from integrations.slack.bot import ANSWERED_BY_FRONT, signing_secret

    box, key = app.settings.home / FOLDER, app.keys.derive(PURPOSE)
    letters = Letters(LetterBox(box, key), requests.work)

    def answered(told: Mapping[str, Any]) -> None:
        metrics.count(**told)
        letters.come()

    given = {
        "secret": signing_secret(app.settings),
        "paths": ANSWERED_BY_FRONT,
        "folder": str(box),
        "key": base64.b64encode(key).decode(),
        "logs": app.settings.log_format,
    }
    letters.start()
    try:
        ServerBehind(config, given, answered).run()
    finally:
        letters.stop()


def work(app: App) -> None:
    """Do jobs, upkeep and reminders until stopped, and serve nothing: one more process for them."""
    _keep_memory_flat()
    from integrations.chat.answering import warm_up
    from integrations.slack.bot import build_bot

    channels = [*notifiers_of(app.settings)]
    jobs = _jobs(app, channels)
    if app.settings.has_slack_token:
        build_bot(app, jobs, channels=channels)
    _share_feishu(app, jobs, channels)
    warm_up(app)
    ended = threading.Event()
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, lambda *_: ended.set())
    if app.settings.metrics_port:
        Metrics(app).serve(app.settings.metrics_port, app.settings.metrics_host)
    start_tracing(app.settings.otlp_endpoint)
    jobs.start()
    ended.wait()
    _stop(app, jobs)


def _keep_memory_flat() -> None:
    """Few pools of freed memory, before there are threads to have one each.

    By itself glibc keeps up to eight a core, and freed pieces scatter over all of them: 10 MB an hour
    of steady work (`python -m evals.soak`), 1 with two. Other libraries of C have no such setting.
    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(ARENA_MAX, ARENAS)


def _stop(app: App, jobs: Jobs) -> None:
    jobs.stop()
    stop_tracing()
    if jobs.busy:
        # A long scan: nobody waits hours for it. Another process takes it up, or the next start.
        app.close()
        os._exit(0)


def serve_socket_mode(app: App) -> None:
    """Serve Slack over Socket Mode until stopped."""
    _keep_memory_flat()
    from integrations.slack.bot import run_socket_mode

    channels = [*notifiers_of(app.settings)]
    jobs = _jobs(app, channels)
    _share_feishu(app, jobs, channels)
    run_socket_mode(app, jobs, channels, connected=lambda: _announce_chat("Slack", "Slack"))


def serve_feishu(app: App) -> None:
    """Serve Feishu over its long connection until stopped."""
    from integrations.feishu.bot import run_feishu
    from integrations.slack.bot import build_bot

    channels = [*notifiers_of(app.settings)]
    jobs = _jobs(app, channels)
    if app.settings.has_slack_token:
        build_bot(app, jobs, channels=channels)
    run_feishu(app, jobs, channels, opened=lambda: _announce_chat("飞书", "Feishu"))


def _announce_chat(zh: str, en: str) -> None:
    from rich.console import Console

    Console().print(f"{zh} 已连接，Ctrl+C 停止 / {en} is connected, Ctrl+C stops", markup=False)


def _share_feishu(app: App, jobs: Jobs, channels: list[Notifier]) -> None:
    """Let this process do the jobs of Feishu, too, where that is set up; `compliance feishu` hears."""
    if app.settings.has_feishu:
        from integrations.feishu.bot import build_feishu

        build_feishu(app, jobs, channels=channels)


def _jobs(app: App, channels: list[Notifier]) -> Jobs:
    """The jobs of the service, with its hourly upkeep, the reminders of incidents, and notices.

    Doors that carry reminders add themselves to `channels` before the first turn.
    """
    upkeep(app)
    # With a model jobs mostly wait for it; without one they compute, and more of them only take turns.
    workers = WAITING_WORKERS if app.model else COMPUTING_WORKERS
    jobs = Jobs(app.settings.jobs_database, app.keys.derive("jobs"), workers=workers)
    jobs.every(HOURLY, "upkeep", lambda: upkeep(app))
    jobs.every(HOURLY, "finished-jobs", lambda: jobs.forget(app.clock()))
    jobs.every(HOURLY, "anchor", lambda: anchor_audit(app))
    jobs.handle(KIND, lambda payload: run_scan(app, payload))
    jobs.every(EVERY_MINUTE, "drills", lambda: feed_drills(app))
    sender = sender_of(app.settings)
    jobs.every(EVERY_MINUTE, "notices", lambda: deliver_notices(app, sender))
    jobs.every(EVERY_MINUTE, "mailbox", lambda: (read_mailbox(app), answer_mails(app, channels)))
    jobs.every(EVERY_MINUTE, "reminders", lambda: send_reminders(app, channels))
    return jobs


def _announce(app: App, person: Person, host: str, port: int, *, with_slack: bool) -> None:
    from rich.console import Console

    base = app.settings.console_url(host, port)
    console = Console()
    if console.is_terminal:
        address = f"{base}/sign-in?token={new_link(app, person)}"
        once = "链接只能用一次；登录后可在“我的账户”设置密码 / opens once; then set a password"
    else:
        # What is printed here stays in somebody's log, which is no place for a way in.
        address = base
        once = f"第一次登录的链接 / a link to sign in first: compliance people link {person.id}"
    slack = "Slack: /slack/events, /slack/commands" if with_slack else "Slack: 未配置 / not set up"
    console.print("\n网页已启动，请打开 / The console is ready, open:", style="bold")
    console.print(f"  {address}", soft_wrap=True, markup=False)
    console.print(f"  {once}", markup=False, style="dim")
    console.print(f"  {slack}    Ctrl+C 停止 / stops\n", markup=False, style="dim")
