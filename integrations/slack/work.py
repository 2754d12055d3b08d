"""What a person said in Slack, worked on: the verb's replies go to where they belong.

https://docs.slack.dev/reference/methods/chat.postMessage: a user's id is a channel.
"""

from collections.abc import Mapping
from dataclasses import replace

from assistant.app import App
from integrations.chat.answering import Replies, replies_to
from integrations.chat.said import Door, Said, said_in
from integrations.chat.words import Verb
from integrations.replies import masked_reply
from integrations.replies.wording import CHATS
from integrations.slack.blocks import messages
from integrations.slack.handovers import tell
from integrations.slack.outbox import Outbox, Place
from integrations.slack.streams import Streams


class Worker:
    """Does the jobs of the inbox."""

    def __init__(self, app: App, outbox: Outbox, streams: Streams) -> None:
        self._app = app
        self._outbox = outbox
        self._streams = streams

    def work(self, payload: Mapping[str, str]) -> None:
        """Answer one thing a person said. Raises nothing a repetition would help against."""
        said = said_in(payload)
        key = payload["key"]
        with self._streams.writing(said, key) as stream:
            replies = replies_to(self._app, said, key, stream.heard)
        place = replace(_place(said), replaces=stream.ts)
        self._say(said, key, place, replies)
        if said.verb in (Verb.HANDOVER, Verb.REPLY):
            tell(self._app, self._outbox)

    def _say(self, said: Said, key: str, place: Place, replies: Replies) -> None:
        here = replies.here
        if here is not None and here.masked and said.door is Door.CHANNEL:
            # Others need not read that somebody pasted personal data, nor of which kinds.
            warning = messages(masked_reply(here.masked, here.language, CHATS[said.chat]))
            alone = Place(said.channel, said.thread, only_for=said.user, team=said.team)
            self._outbox.keep(f"{key}:masked", alone, warning)
            here = replace(here, masked=())
        if here is not None:
            self._outbox.keep(key, place, messages(here))
        if replies.private is not None:
            person = Place(channel=said.user, team=said.team)
            self._outbox.keep(f"{key}:private", person, messages(replies.private))


def _place(said: Said) -> Place:
    # Thanks for a press are for whoever pressed, not for the channel.
    quiet = said.verb in (Verb.FEEDBACK, Verb.HANDOVER) and said.response_url
    if said.door is Door.COMMAND or quiet:
        url = said.response_url
        return Place(said.user, response_url=url, person=said.user, team=said.team)
    return Place(said.channel, said.thread, person=said.user, team=said.team)
