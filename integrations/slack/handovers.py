"""Slack as one of the chats in which people are told what they did not ask for."""

from assistant.app import App
from integrations.chat import handovers
from integrations.replies import Reply
from integrations.slack.blocks import messages
from integrations.slack.outbox import Outbox, Place


class SlackTeller:
    """Tells in direct messages, and in the thread where something was asked."""

    chat = "slack"

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    def to_person(self, account: str, key: str, reply: Reply) -> None:
        """To the account `team:user` alone."""
        team, _, user = account.partition(":")
        self._outbox.keep(key, Place(channel=user, team=team), messages(reply))

    def to_place(self, place: str, key: str, reply: Reply) -> None:
        """To where it was asked. Places of before several workspaces name none."""
        _, channel, thread, team = (*place.split(":"), "", "")[:4]
        self._outbox.keep(key, Place(channel=channel, thread=thread, team=team), messages(reply))


def tell(app: App, outbox: Outbox) -> None:
    """Questions handed over that are to be told in Slack and were not yet."""
    handovers.tell(app, SlackTeller(outbox))
