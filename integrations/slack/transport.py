"""Calls to Slack: one base URL for all, no redirect followed, Retry-After honoured.

A redirect is refused because urllib would carry the token to wherever it points.
"""

import logging
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any
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

from integrations.chat.calls import (
    CallFailed,
    Declined,
    NotDelivered,
    Sleep,
    Uncertain,
    open_url,
    unreached,
)

TIMEOUT_SECONDS = 15
RATE_LIMIT_TRIES = 3
LONGEST_WAIT_SECONDS = 60

# The SDK writes requests and answers to its logger at DEBUG, so it gets one that never goes there.
quiet = logging.getLogger("integrations.slack.sdk")
quiet.setLevel(logging.WARNING)
logger = logging.getLogger(__name__)


class Api(WebClient):
    """Slack's own client, which follows no redirect."""

    def _perform_urllib_http_request_internal(
        self, url: str, req: urllib.request.Request
    ) -> dict[str, Any]:
        with open_url(req, self.timeout) as answer:
            body = answer.read().decode("utf-8")
            return {"status": answer.status, "headers": answer.headers, "body": body}


class Webhook(WebhookClient):
    """Slack's client for response_url, which follows no redirect."""

    def _perform_http_request_internal(self, url: str, req: urllib.request.Request) -> Any:
        with open_url(req, self.timeout) as answer:
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
        self._sleep(wait_seconds(headers))
        state.next_attempt_requested = True
        state.increment_current_attempt()


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


def certain(call: Callable[[], Any]) -> Any:
    """The result of a call, or one of our errors."""
    try:
        return call()
    except CallFailed:
        raise
    except SlackApiError as error:
        raise _declined(error) from None
    except HTTPError as error:
        if error.code == 503:
            raise NotDelivered("status 503", _stated_wait(dict(error.headers))) from None
        raise Declined(f"status {error.code}") from None
    except URLError as error:
        raise unreached(error) from None
    except Exception as error:
        raise Uncertain(type(error).__name__) from None


def _declined(error: SlackApiError) -> Exception:
    status = getattr(error.response, "status_code", 0)
    try:
        word = str(error.response["error"])
    except (KeyError, TypeError, ValueError):
        word = f"status {status}"
    if status == 429 or word in ("ratelimited", "rate_limited"):
        return NotDelivered("ratelimited", wait_seconds(error.response.headers))
    # Away, or the request was cut short before it was read: nothing was begun.
    # https://docs.slack.dev/reference/methods/chat.postMessage#errors
    if status == 503 or word in ("service_unavailable", "request_timeout"):
        return NotDelivered(word[:80], _stated_wait(error.response.headers))
    if status >= 500 or word in ("internal_error", "fatal_error"):
        return Uncertain(word[:80])
    return Declined(word[:80])


def _stated_wait(headers: Mapping[str, Any]) -> int:
    """How long we were asked to wait, if we were."""
    return wait_seconds(headers) if any(one.lower() == "retry-after" for one in headers) else 0


def wait_seconds(headers: Mapping[str, Any]) -> int:
    """How long a 429 asks us to wait, a minute at most."""
    asked = next((v for k, v in headers.items() if k.lower() == "retry-after"), "1")
    text = str(asked[0] if isinstance(asked, list) else asked)
    return min(int(text), LONGEST_WAIT_SECONDS) if text.isdecimal() else 1
