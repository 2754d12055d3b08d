"""Calls to Slack: one base URL for all, no redirect followed, Retry-After honoured.

A redirect is refused because urllib would carry the token to wherever it points.
"""

import logging
import socket
import time
import urllib.request
from collections.abc import Callable, Mapping
from http.client import HTTPResponse
from typing import Any, cast
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import RateLimitErrorRetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState
from slack_sdk.webhook import WebhookClient
from slack_sdk.webhook.webhook_response import WebhookResponse

from integrations.slack.blocks import Message

TIMEOUT_SECONDS = 15
RATE_LIMIT_TRIES = 3
LONGEST_WAIT_SECONDS = 60

# The SDK writes requests and answers to its logger at DEBUG, so it gets one that never goes there.
quiet = logging.getLogger("integrations.slack.sdk")
quiet.setLevel(logging.WARNING)
logger = logging.getLogger(__name__)

Sleep = Callable[[float], None]


class NotDelivered(Exception):
    """The message surely did not arrive, and may be sent again later: not before `wait_seconds`."""

    def __init__(self, word: str = "", wait_seconds: int = 0) -> None:
        super().__init__(word)
        self.wait_seconds = wait_seconds


class Declined(Exception):
    """Slack answered that it will not take the message. Holds Slack's word for why."""


class Uncertain(Exception):
    """Nobody knows whether the message arrived, so it must not be sent again."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_request: object, **_more: object) -> None:
        """No further request: the redirect itself is the answer."""


def _open(request: urllib.request.Request, timeout: float) -> HTTPResponse:
    # build_opener brings the proxy of the environment and honours no_proxy.
    opener = urllib.request.build_opener(_NoRedirect)
    return cast(HTTPResponse, opener.open(request, timeout=timeout))


class Api(WebClient):
    """Slack's own client, which follows no redirect."""

    def _perform_urllib_http_request_internal(
        self, url: str, req: urllib.request.Request
    ) -> dict[str, Any]:
        with _open(req, self.timeout) as answer:
            body = answer.read().decode("utf-8")
            return {"status": answer.status, "headers": answer.headers, "body": body}


class Webhook(WebhookClient):
    """Slack's client for response_url, which follows no redirect."""

    def _perform_http_request_internal(self, url: str, req: urllib.request.Request) -> Any:
        with _open(req, self.timeout) as answer:
            body = answer.read().decode("utf-8")
            return WebhookResponse(
                url=url, status_code=answer.status, body=body, headers=dict(answer.headers)
            )


class Patience(RateLimitErrorRetryHandler):
    """Waits as long as a 429 asks, within a minute, and tries again a few times."""

    def __init__(self, sleep: Sleep) -> None:
        super().__init__(max_retry_count=RATE_LIMIT_TRIES)
        self._sleep = sleep

    def prepare_for_next_attempt(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> None:
        """Sleep, then ask for the next attempt."""
        headers = response.headers if response else {}
        self._sleep(_wait_seconds(headers))
        state.next_attempt_requested = True
        state.increment_current_attempt()


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

    def post(self, *, channel: str, thread: str, message: Message) -> None:
        """Post into a channel or thread; a user's id as channel means a direct message."""
        _certain(
            lambda: self._client.chat_postMessage(
                channel=channel,
                thread_ts=thread or None,
                text=message["text"],
                blocks=message.get("blocks"),
                unfurl_links=False,
                unfurl_media=False,
            )
        )

    def update(self, *, channel: str, ts: str, message: Message) -> None:
        """Put a message in the place of one of ours."""
        blocks = message.get("blocks")
        _certain(
            lambda: self._client.chat_update(
                channel=channel, ts=ts, text=message["text"], blocks=blocks
            )
        )

    def set_status(self, *, channel: str, thread: str, status: str) -> None:
        """Say under the thread what we are at; Slack takes it away with our next message."""
        _certain(
            lambda: self._client.assistant_threads_setStatus(
                channel_id=channel, thread_ts=thread, status=status
            )
        )

    def start_stream(self, *, channel: str, thread: str, text: str, reader: str, team: str) -> str:
        """The id of a message that grows in a thread. In channels a `reader` must be named."""
        answer = _certain(
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
        _certain(lambda: self._client.chat_appendStream(channel=channel, ts=ts, markdown_text=text))

    def stop_stream(self, *, channel: str, ts: str) -> None:
        """Let it grow no more."""
        _certain(lambda: self._client.chat_stopStream(channel=channel, ts=ts))

    def respond(self, response_url: str, message: Message) -> None:
        """Answer a slash command, seen only by whoever used it."""
        if not is_slack_address(response_url, self._base_url):
            raise Declined("foreign response_url")
        webhook = Webhook(
            response_url, timeout=self._timeout, logger=quiet, retry_handlers=[*self._retries]
        )
        body = {"response_type": "ephemeral", "replace_original": False, **message}
        answer = _certain(lambda: webhook.send_dict(body))
        if answer.status_code == 429:
            raise NotDelivered("ratelimited")
        if answer.status_code != 200:
            raise Declined(f"status {answer.status_code}")


def is_slack_address(url: str, base_url: str) -> bool:
    """Whether a URL that came in a request is Slack's: its host, or the configured API's."""
    try:
        given, base = urlsplit(url), urlsplit(base_url)
        if (given.scheme, given.hostname, given.port) == (base.scheme, base.hostname, base.port):
            return True
        host, default_port = given.hostname or "", given.port in (None, 443)
    except ValueError:
        return False
    slack = host == "slack.com" or host.endswith((".slack.com", ".slack-gov.com"))
    return given.scheme == "https" and slack and default_port and not given.username


def _certain(call: Callable[[], Any]) -> Any:
    """The result of a call, or one of our three errors."""
    try:
        return call()
    except SlackApiError as error:
        raise _declined(error) from None
    except HTTPError as error:
        raise Declined(f"status {error.code}") from None
    except URLError as error:
        # Refused, or no such host: no byte of the request left. Anything later is uncertain.
        if isinstance(error.reason, ConnectionRefusedError | socket.gaierror):
            raise NotDelivered(type(error.reason).__name__) from None
        raise Uncertain(type(error.reason).__name__) from None
    except Exception as error:
        raise Uncertain(type(error).__name__) from None


def _declined(error: SlackApiError) -> Exception:
    status = getattr(error.response, "status_code", 0)
    try:
        word = str(error.response["error"])
    except (KeyError, TypeError, ValueError):
        word = f"status {status}"
    if status == 429 or word in ("ratelimited", "rate_limited"):
        return NotDelivered("ratelimited", _wait_seconds(error.response.headers))
    if status >= 500 or word in ("internal_error", "fatal_error", "request_timeout"):
        return Uncertain(word[:80])
    return Declined(word[:80])


def _wait_seconds(headers: Mapping[str, Any]) -> int:
    """How long a 429 asks us to wait, within a minute."""
    asked = next((v for k, v in headers.items() if k.lower() == "retry-after"), "1")
    text = str(asked[0] if isinstance(asked, list) else asked)
    return min(int(text), LONGEST_WAIT_SECONDS) if text.isdecimal() else 1
