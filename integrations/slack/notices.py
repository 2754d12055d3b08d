"""What people are told in Slack without asking: reminders of clocks, approvals wanted, the day's digest."""

from assistant.app import App
from integrations.chat import notices
from integrations.chat.notices import ChatNotifier
from integrations.slack.handovers import SlackTeller
from integrations.slack.outbox import Outbox


class SlackNotifier(ChatNotifier):
    """Reminders as direct messages to those of their people who have a Slack account."""

    def __init__(self, app: App, outbox: Outbox) -> None:
        super().__init__(app, SlackTeller(outbox))


def tell_what_waits(app: App, outbox: Outbox) -> None:
    """One turn: approvals wanted since the last, and in the morning the digest of the day."""
    notices.tell_what_waits(app, SlackTeller(outbox), digest=app.settings.slack_digest)
