"""The Feishu door put together: the jobs behind it, and the long connection in front. Building calls nobody."""

from collections.abc import Callable, Mapping

from assistant.app import App
from assistant.notifiers import Notifier
from integrations.chat import handovers, notices
from integrations.chat.answering import warm_up
from integrations.chat.calls import CallFailed
from integrations.chat.notices import ChatNotifier
from integrations.chat.words import Verb
from integrations.feishu import outbox
from integrations.feishu.api import Feishu
from integrations.feishu.cards import Where, cards
from integrations.feishu.door import Events
from integrations.feishu.long_connection import LongConnection, ended_by_signals, sdk
from integrations.feishu.outbox import Outbox, Place
from integrations.feishu.work import ACT_JOB, FILE_JOB, PAPER_JOB, SAID_JOB, SHARE_JOB, Worker
from integrations.replies import Reply
from records.errors import BadInput, Unavailable
from records.jobs import Jobs

EVERY_MINUTE = "* * * * *"


class FeishuTeller:
    """Tells people in their own chat with us, and below the message where something was asked."""

    chat = "feishu"

    def __init__(self, posts: Outbox) -> None:
        self._posts = posts

    def to_person(self, account: str, key: str, reply: Reply) -> None:
        """To the account `tenant:open_id` alone."""
        self._posts.keep(key, Place(person=account.partition(":")[2]), cards(reply))

    def to_place(self, place: str, key: str, reply: Reply) -> None:
        """Below the message in a group; to the person where it was asked alone."""
        _, who, message, _ = (*place.split(":"), "", "", "")[:4]
        where = Where(public=bool(message), thread=message)
        to = Place(message=message) if message else Place(person=who)
        self._posts.keep(key, to, cards(reply, where))


def build_feishu(app: App, jobs: Jobs, *, channels: list[Notifier] | None = None) -> Feishu:
    """The jobs behind Feishu, and our calls there. Call before jobs.start().

    The channel reminders take in Feishu is added to `channels`. Needs no SDK.
    """
    settings = app.settings
    if settings.feishu_app_secret is None or not settings.has_feishu:
        raise BadInput(
            "请先设置 COMPLIANCE_FEISHU_APP_ID 和 COMPLIANCE_FEISHU_APP_SECRET，见 docs/feishu.md。",
            "Set COMPLIANCE_FEISHU_APP_ID and COMPLIANCE_FEISHU_APP_SECRET first; see docs/feishu.md.",
        )
    feishu = Feishu(
        base_url=settings.feishu_base_url,
        app_id=settings.feishu_app_id,
        app_secret=settings.feishu_app_secret.get_secret_value(),
    )
    posts = Outbox(jobs, feishu)
    teller, worker = FeishuTeller(posts), Worker(app, posts, feishu)

    def said(payload: Mapping[str, str]) -> None:
        if worker.said(payload).verb in (Verb.HANDOVER, Verb.REPLY):
            handovers.tell(app, teller)

    jobs.handle(outbox.JOB, posts.work, lanes=outbox.JOB)
    jobs.handle(SAID_JOB, said, lanes=SAID_JOB)
    jobs.handle(ACT_JOB, worker.act)
    jobs.handle(PAPER_JOB, worker.paper, lanes=FILE_JOB)
    jobs.handle(FILE_JOB, worker.file, lanes=FILE_JOB)
    jobs.handle(SHARE_JOB, worker.share, lanes=FILE_JOB)
    digest = settings.feishu_digest
    jobs.every(EVERY_MINUTE, "feishu-handovers", lambda: handovers.tell(app, teller))
    jobs.every(
        EVERY_MINUTE, "feishu-notices", lambda: notices.tell_what_waits(app, teller, digest=digest)
    )
    if channels is not None:
        channels.append(ChatNotifier(app, teller))
    return feishu


def run_feishu(
    app: App,
    jobs: Jobs,
    channels: list[Notifier] | None = None,
    *,
    opened: Callable[[], None] = lambda: None,
) -> None:
    """Serve over the long connection until SIGINT or SIGTERM; `opened` is told when it stands."""
    feishu = build_feishu(app, jobs, channels=channels)
    sdk()
    connection = LongConnection(
        Events(app, jobs, _own_open_id(feishu)),
        app_id=app.settings.feishu_app_id,
        app_secret=_secret(app),
        base_url=app.settings.feishu_base_url,
    )
    warm_up(app)
    jobs.start()
    try:
        with ended_by_signals(connection.stop):
            connection.serve(opened=opened)
    finally:
        jobs.stop()


def _secret(app: App) -> str:
    secret = app.settings.feishu_app_secret
    return secret.get_secret_value() if secret else ""


def _own_open_id(feishu: Feishu) -> str:
    """Our own account, without which nobody can tell that we are mentioned."""
    try:
        return feishu.own_open_id()
    except CallFailed as error:
        raise Unavailable(
            f"连不上飞书（{error}）。请检查 COMPLIANCE_FEISHU_APP_ID、_APP_SECRET、_BASE_URL 和网络，"
            "并在开放平台为应用添加“机器人”能力。",
            f"Feishu cannot be reached ({error}). Check COMPLIANCE_FEISHU_APP_ID, _APP_SECRET, _BASE_URL "
            "and the network, and give the app the bot ability in the developer console.",
        ) from None
