"""What a person said in a chat, as the payload of a durable job."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from integrations.chat.words import Verb

# Chats deliver late after an outage, by hours; a stated time further back is not believed.
LATEST_DELIVERY = timedelta(hours=24)


class Door(StrEnum):
    """Where it was said: decides who reads the reply."""

    CHANNEL = "channel"
    DIRECT = "direct"
    COMMAND = "command"


@dataclass(frozen=True, slots=True)
class Said:
    """One thing a person said to us."""

    door: Door
    verb: Verb
    text: str
    team: str
    user: str
    channel: str
    said_at: datetime
    thread: str = ""
    response_url: str = ""
    # The button pressed, where the words are those of a button.
    choice: str = ""
    # The message a reply stands below, where a chat wants to know it.
    message: str = ""
    # Which chat it was.
    chat: str = "slack"

    @property
    def conversation(self) -> str:
        """What a question may rest on: the thread; for the command, what the person asked there.

        In a direct message people rarely open threads, so the whole of it is one conversation.
        """
        if self.door is Door.COMMAND:
            return f"{self.chat}:{self.team}:{self.channel}:{self.user}"
        thread = "" if self.door is Door.DIRECT else self.thread
        return f"{self.chat}:{self.team}:{self.channel}:{thread}"

    @property
    def place(self) -> str:
        """Where a later reply goes: below what was said, or to the person after a command."""
        if self.door is Door.COMMAND or not (self.message or self.thread):
            return f"{self.chat}:{self.user}::{self.team}"
        return f"{self.chat}:{self.channel}:{self.message or self.thread}:{self.team}"

    def payload(self) -> dict[str, str]:
        """The same as the payload of a job."""
        return {
            "door": self.door.value,
            "verb": self.verb.value,
            "text": self.text,
            "team": self.team,
            "user": self.user,
            "channel": self.channel,
            "said_at": self.said_at.isoformat(),
            "thread": self.thread,
            "response_url": self.response_url,
            "choice": self.choice,
            "message": self.message,
            "chat": self.chat,
        }


def said_in(payload: Mapping[str, str]) -> Said:
    """What a job's payload holds."""
    return Said(
        door=Door(payload["door"]),
        verb=Verb(payload["verb"]),
        text=payload["text"],
        team=payload["team"],
        user=payload["user"],
        channel=payload["channel"],
        said_at=datetime.fromisoformat(payload["said_at"]),
        thread=payload["thread"],
        response_url=payload["response_url"],
        choice=payload.get("choice", ""),
        message=payload.get("message", ""),
        chat=payload.get("chat", "slack"),
    )


def written_at(seconds: str, now: datetime) -> datetime:
    """When it was written: clocks run from there, however late it reached us."""
    try:
        written = datetime.fromtimestamp(float(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return now
    return written if now - LATEST_DELIVERY <= written <= now else now


def dict_in(value: object) -> Mapping[str, Any]:
    """The mapping of an untrusted body; an empty one for whatever else stands there."""
    return value if isinstance(value, dict) else {}


def text_in(value: object) -> str:
    """The text of an untrusted body; an empty one for whatever else stands there."""
    return value if isinstance(value, str) else ""
