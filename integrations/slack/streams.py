"""An answer while a model still writes it: a stream in its thread, whose place the reply takes.

Each statement that stands is appended as it comes (chat.startStream, chat.appendStream). When all is
checked the stream is stopped and the outbox puts the reply in its place (chat.update), which bears
being repeated. What a crash cut short is stopped at the next start and becomes the reply likewise:
the message is written down (`slack_streams`), and no second stream is ever started for a question.
All of it is an extra: where Slack refuses, waits or limits, the reply is posted as without a model.
https://docs.slack.dev/reference/methods/chat.startStream
"""

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import String, delete
from sqlalchemy.orm import Mapped, mapped_column

from assistant.answering.answers import Claim
from assistant.app import App
from integrations.chat.calls import Declined, NotDelivered, Uncertain
from integrations.chat.said import Door, Said
from integrations.chat.words import Verb
from integrations.errors import log_unexpected
from integrations.slack.blocks import markdown
from integrations.slack.web_api import Slack
from integrations.slack.workspaces import SlackOf
from records.database import Base, UtcDateTime
from records.language import Bilingual, language_of

# A call that takes longer is given up: the reply must not wait for its own preview.
TIMEOUT_SECONDS = 5
# Slack takes 12,000 characters a call.
LONGEST_PIECE = 3000
REMEMBERED_FOR = timedelta(days=7)
# Slack's words for "not in this workspace, not with this app". Not tried again before a restart.
NOT_HERE = frozenset(
    {
        *("unknown_method", "method_deprecated", "deprecated_endpoint", "feature_not_enabled"),
        *("missing_scope", "not_allowed_token_type", "not_allowed", "no_permission"),
        *("access_denied", "team_access_not_granted", "restricted_action"),
    }
)
LOOKING = Bilingual("正在查找依据…", "is looking for sources…")

logger = logging.getLogger(__name__)


class StreamRow(Base):
    """The message a question's answer was streamed into. Identifiers only."""

    __tablename__ = "slack_streams"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    channel: Mapped[str] = mapped_column(String(40))
    ts: Mapped[str] = mapped_column(String(40))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class Streams:
    """The streams of this process, and what Slack does not let them do."""

    def __init__(self, app: App, slack_of: SlackOf) -> None:
        self._app = app
        self.slack_of = slack_of
        self._open: set[Stream] = set()
        self._refused: set[str] = set()
        self._quiet_until = 0.0

    @contextmanager
    def writing(self, said: Said, key: str) -> Iterator["Stream"]:
        """The stream of one answer, stopped at the end whatever happens."""
        stream = Stream(self, said, key, ts=self._started_before(key))
        if stream.ts:
            # A crash cut it short. The reply will take its place; nothing more is streamed.
            self.attempt("chat.stopStream", stream.stop)
        elif self._app.model and said.verb is Verb.ASK and said.door is not Door.COMMAND:
            self._open.add(stream)
            stream.begin()
        try:
            yield stream
        finally:
            stream.end()
            self._open.discard(stream)

    def end_all(self) -> None:
        """Stop what is being streamed, because the process ends; the next start goes on."""
        for stream in list(self._open):
            stream.end()

    def attempt(self, method: str, call: Callable[[], str]) -> str:
        """What the call gives, or nothing where Slack will not, or not now."""
        if method in self._refused or time.monotonic() < self._quiet_until:
            return ""
        try:
            return call()
        except NotDelivered as error:
            self._quiet_until = time.monotonic() + error.wait_seconds
            logger.warning("%s: not now (%s)", method, error)
        except Declined as error:
            if str(error) in NOT_HERE:
                self._refused.add(method)
            logger.warning("%s: declined (%s)", method, error)
        except Uncertain as error:
            logger.warning("%s: no answer (%s)", method, error)
        return ""

    def write_down(self, stream: "Stream") -> None:
        """Remember where it stands, for the start after a crash."""
        now = self._app.clock()
        with self._app.database.transaction() as session:
            session.execute(delete(StreamRow).where(StreamRow.started_at < now - REMEMBERED_FOR))
            channel = stream.said.channel
            row = StreamRow(key=stream.key, channel=channel, ts=stream.ts, started_at=now)
            session.merge(row)

    def _started_before(self, key: str) -> str:
        with self._app.database.reading() as session:
            row = session.get(StreamRow, key)
            return row.ts if row else ""


@dataclass(eq=False)
class Stream:
    """One answer while it is written. `ts` is the message it is shown in, once there is one.

    A thread of its own calls Slack: however slow that is, the model is not held up.
    """

    streams: Streams
    said: Said
    key: str
    ts: str = ""
    _pieces: "queue.SimpleQueue[str | None]" = field(default_factory=queue.SimpleQueue)
    _thread: threading.Thread | None = None

    @property
    def _slack(self) -> Slack:
        return self.streams.slack_of(self.said.team)

    def heard(self, claim: Claim) -> None:
        """Show a statement that stands."""
        if self._thread:
            self._pieces.put(f"{markdown(claim.text)}\n\n")

    def begin(self) -> None:
        """Say that we are at it, and listen."""
        self._thread = threading.Thread(target=self._run, name="slack-stream", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Stop it. At most two calls to Slack are waited for."""
        if self._thread:
            self._pieces.put(None)
            self._thread.join(3 * TIMEOUT_SECONDS)

    def stop(self) -> str:
        """Tell Slack that nothing more comes."""
        self._slack.stop_stream(channel=self.said.channel, ts=self.ts)
        return self.ts

    def _run(self) -> None:
        try:
            self.streams.attempt("assistant.threads.setStatus", self._set_status)
            while (text := self._next()) and self._show(text):
                pass
        except Exception as error:
            log_unexpected(error, where="slack stream")
        finally:
            if self.ts:
                self.streams.attempt("chat.stopStream", self.stop)

    def _next(self) -> str:
        """All that has come by now; nothing once it ended, for then the whole reply is at hand."""
        piece = self._pieces.get()
        text = ""
        while piece is not None:
            text += piece
            if self._pieces.empty():
                return text[:LONGEST_PIECE]
            piece = self._pieces.get()
        return ""

    def _show(self, text: str) -> bool:
        """Whether more may be shown. A second start could be a second message: there is none."""
        if self.ts:
            return bool(self.streams.attempt("chat.appendStream", lambda: self._append(text)))
        self.ts = self.streams.attempt("chat.startStream", lambda: self._start(text))
        if self.ts:
            self.streams.write_down(self)
        return bool(self.ts)

    def _set_status(self) -> str:
        status = LOOKING.pick(language_of(self.said.text or "中"))
        self._slack.set_status(channel=self.said.channel, thread=self.said.thread, status=status)
        return ""

    def _start(self, text: str) -> str:
        # Who sees it grow must be named in channels, and only there.
        reader = self.said.user if self.said.door is Door.CHANNEL else ""
        return self._slack.start_stream(
            channel=self.said.channel,
            thread=self.said.thread,
            text=text,
            reader=reader,
            team=self.said.team if reader else "",
        )

    def _append(self, text: str) -> str:
        self._slack.append_stream(channel=self.said.channel, ts=self.ts, text=text)
        return self.ts
