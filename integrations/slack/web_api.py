"""What we say to Slack: one method for each thing, all with the same three errors."""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from integrations.chat.calls import Declined, NotDelivered, Sleep
from integrations.slack.blocks import Message
from integrations.slack.downloads import Downloaded, fetch_bytes, send_bytes
from integrations.slack.transport import (
    TIMEOUT_SECONDS,
    Api,
    Patience,
    Webhook,
    certain,
    is_slack_address,
    quiet,
)

# What a message of ours is marked as, and how far Slack's clock may be from ours.
MARKED = "compliance_reply"
SKEW = timedelta(minutes=10)


class Slack:
    """What we say to Slack. Raises NotDelivered, Declined or Uncertain, never anything else."""

    def __init__(
        self,
        *,
        token: str,
        base_url: str,
        sleep: Sleep = time.sleep,
        timeout_seconds: int = TIMEOUT_SECONDS,
        patient: bool = True,
    ) -> None:
        self._token = token
        self._base_url = base_url
        self._timeout = timeout_seconds
        self._retries = [Patience(sleep)] if patient else []
        self._client = Api(
            token=token,
            base_url=base_url,
            timeout=timeout_seconds,
            logger=quiet,
            retry_handlers=[*self._retries],
        )

    def post(self, *, channel: str, thread: str, message: Message, mark: str = "") -> None:
        """Post into a channel or thread; a user's id as channel means a direct message.

        The `mark` goes with it unseen, for `has_posted`.
        """
        marked = {"event_type": MARKED, "event_payload": {"id": mark}} if mark else None
        certain(
            lambda: self._client.chat_postMessage(
                channel=channel,
                thread_ts=thread or None,
                text=message["text"],
                blocks=message.get("blocks"),
                metadata=marked,
                unfurl_links=False,
                unfurl_media=False,
            )
        )

    def has_posted(self, *, channel: str, thread: str, mark: str, since: datetime) -> bool:
        """Whether a message of ours with this mark is there. Declined where we may not read.

        https://docs.slack.dev/messaging/message-metadata; without a further scope in direct messages.
        """
        where = self.direct_channel(channel) if channel.startswith(("U", "W")) else channel
        oldest, client = f"{(since - SKEW).timestamp():.6f}", self._client
        answer = certain(
            lambda: (
                client.conversations_replies(
                    channel=where, ts=thread, oldest=oldest, include_all_metadata=True, limit=100
                )
                if thread
                else client.conversations_history(
                    channel=where, oldest=oldest, include_all_metadata=True, limit=100
                )
            )
        )
        found = answer.get("messages")
        marks = (
            dict_of(dict_of(dict_of(one).get("metadata")).get("event_payload")).get("id")
            for one in (found if isinstance(found, list) else [])
        )
        return mark in marks

    def message_at(self, *, channel: str, ts: str) -> Mapping[str, Any]:
        """One message, of a thread or of the channel; an empty mapping where it is not there."""
        answer = certain(
            lambda: self._client.conversations_replies(
                channel=channel, ts=ts, oldest=ts, latest=ts, inclusive=True, limit=15
            )
        )
        found = answer.get("messages")
        listed = map(dict_of, found if isinstance(found, list) else [])
        return next((one for one in listed if one.get("ts") == ts), {})

    def update(self, *, channel: str, ts: str, message: Message) -> None:
        """Put a message in the place of one of ours."""
        blocks = message.get("blocks")
        certain(
            lambda: self._client.chat_update(
                channel=channel, ts=ts, text=message["text"], blocks=blocks
            )
        )

    def set_status(self, *, channel: str, thread: str, status: str) -> None:
        """Say under the thread what we are at; Slack takes it away with our next message."""
        certain(
            lambda: self._client.assistant_threads_setStatus(
                channel_id=channel, thread_ts=thread, status=status
            )
        )

    def start_stream(self, *, channel: str, thread: str, text: str, reader: str, team: str) -> str:
        """The id of a message that grows in a thread. In channels a `reader` must be named."""
        answer = certain(
            lambda: self._client.chat_startStream(
                channel=channel,
                thread_ts=thread,
                markdown_text=text,
                recipient_user_id=reader or None,
                recipient_team_id=team or None,
            )
        )
        return str(answer.get("ts") or "")

    def append_stream(self, *, channel: str, ts: str, text: str) -> None:
        """Add to a message that grows."""
        certain(lambda: self._client.chat_appendStream(channel=channel, ts=ts, markdown_text=text))

    def stop_stream(self, *, channel: str, ts: str) -> None:
        """Let it grow no more."""
        certain(lambda: self._client.chat_stopStream(channel=channel, ts=ts))

    def whisper(self, *, channel: str, thread: str, user: str, message: Message) -> None:
        """Say it in a channel to one person alone. Slack keeps it nowhere."""
        certain(
            lambda: self._client.chat_postEphemeral(
                channel=channel,
                user=user,
                thread_ts=thread or None,
                text=message["text"],
                blocks=message.get("blocks"),
            )
        )

    def open_view(self, *, trigger: str, view: Message) -> None:
        """Show a form to whoever pressed, within seconds of the press."""
        certain(lambda: self._client.views_open(trigger_id=trigger, view=view))

    def publish_home(self, *, user: str, view: Message) -> None:
        """Put the view into the Home tab of one person."""
        certain(lambda: self._client.views_publish(user_id=user, view=view))

    def suggest(self, *, channel: str, title: str, prompts: Sequence[Mapping[str, str]]) -> None:
        """Offer words to begin with at the top of a conversation with us."""
        certain(
            lambda: self._client.assistant_threads_setSuggestedPrompts(
                channel_id=channel, title=title, prompts=[dict(one) for one in prompts]
            )
        )

    def direct_channel(self, user: str) -> str:
        """The channel of a person's direct messages with us; a file can be shared in no other way."""
        answer = certain(lambda: self._client.conversations_open(users=[user]))
        return text_of(dict_of(answer.get("channel")).get("id"))

    def members_of_group(self, group: str, *, team: str) -> tuple[str, ...]:
        """The users of a user group, those who left the workspace not among them."""
        answer = certain(
            lambda: self._client.usergroups_users_list(usergroup=group, team_id=team or None)
        )
        listed = answer.get("users")
        return tuple(str(one) for one in listed) if isinstance(listed, list) else ()

    def file_info(self, file_id: str) -> Mapping[str, Any]:
        """What Slack knows of a file."""
        answer = certain(lambda: self._client.files_info(file=file_id))
        return dict_of(answer.get("file"))

    def upload(self, data: bytes, name: str, *, channel: str, thread: str, comment: str) -> None:
        """Share a file in a channel or thread. Only the last of three calls makes it seen.

        https://docs.slack.dev/messaging/working-with-files#upload. The address for the bytes is signed
        by Slack and is given no token.
        """
        given = certain(
            lambda: self._client.files_getUploadURLExternal(filename=name, length=len(data))
        )
        send_bytes(
            text_of(given.get("upload_url")), data, base_url=self._base_url, timeout=self._timeout
        )
        certain(
            lambda: self._client.files_completeUploadExternal(
                files=[{"id": text_of(given.get("file_id")), "title": name}],
                channel_id=channel,
                thread_ts=thread or None,
                initial_comment=comment,
            )
        )

    def download(self, url: str, *, most: int, within_seconds: float) -> Downloaded:
        """The bytes of a file of Slack's. Raises TooLarge; a foreign address never gets the token."""
        return fetch_bytes(
            url,
            token=self._token,
            base_url=self._base_url,
            most=most,
            within_seconds=within_seconds,
        )

    def respond(self, response_url: str, message: Message) -> None:
        """Answer a slash command, seen only by whoever used it."""
        if not is_slack_address(response_url, self._base_url):
            raise Declined("foreign response_url")
        webhook = Webhook(
            response_url, timeout=self._timeout, logger=quiet, retry_handlers=[*self._retries]
        )
        body = {"response_type": "ephemeral", "replace_original": False, **message}
        answer = certain(lambda: webhook.send_dict(body))
        if answer.status_code == 429:
            raise NotDelivered("ratelimited")
        if answer.status_code != 200:
            raise Declined(f"status {answer.status_code}")


def dict_of(value: object) -> Mapping[str, Any]:
    """The mapping; an empty one for whatever else it is."""
    return value if isinstance(value, Mapping) else {}


def text_of(value: object) -> str:
    """The text; an empty one for whatever else it is."""
    return value if isinstance(value, str) else ""
