"""Socket Mode: Slack's events over a connection that we open, so no public address is needed."""

import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from slack_bolt import App as Bolt
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode import SocketModeClient

from integrations.slack.transport import Api, quiet
from records.errors import Unavailable

logger = logging.getLogger(__name__)

# A connection that went without a word is noticed after five of these.
PING_SECONDS = 3.0

# The SDK quotes whole messages when something fails; its own logger never gets that far down.
_socket_logger = logging.getLogger("integrations.slack.socket")
_socket_logger.setLevel(logging.CRITICAL)


def serve_until_stopped(
    bolt: Bolt, *, app_token: str, base_url: str, connected: Callable[[], None]
) -> None:
    """Serve until SIGINT or SIGTERM; `connected` is called once. Raises Unavailable where it cannot be."""
    stopping = threading.Event()
    with _signals(stopping):
        client = connect(bolt, app_token=app_token, base_url=base_url)
        connected()
        try:
            stopping.wait()
        finally:
            end(client)


def connect(bolt: Bolt, *, app_token: str, base_url: str) -> SocketModeClient:
    """An open connection that hands events to Bolt and reconnects by itself."""
    client = SocketModeHandler(
        bolt,
        app_token=app_token,
        logger=_socket_logger,
        web_client=Api(base_url=base_url, logger=quiet),
        ping_interval=PING_SECONDS,
    ).client
    client.on_error_listeners.append(_on_error)
    client.on_close_listeners.append(_on_close)
    try:
        client.connect()
    except SlackApiError as error:
        word = str(error.response.get("error", ""))[:80]
        end(client)
        raise Unavailable(
            f"Slack 不接受连接（{word}）。请检查 COMPLIANCE_SLACK_APP_TOKEN。",
            f"Slack did not accept the connection ({word}). Check COMPLIANCE_SLACK_APP_TOKEN.",
        ) from None
    except Exception as error:
        end(client)
        raise Unavailable(
            f"连不上 Slack（{type(error).__name__}）。请检查网络和 COMPLIANCE_SLACK_API_URL。",
            f"Slack cannot be reached ({type(error).__name__}). Check the network and "
            "COMPLIANCE_SLACK_API_URL.",
        ) from None
    return client


def end(client: SocketModeClient) -> None:
    """Close the connection for good."""
    try:
        client.close()
    except AttributeError:
        # Two threads of the SDK closed one socket at once; the rest is still to be ended.
        client.close()


def _on_error(error: Exception) -> None:
    logger.warning("Socket Mode: %s; connecting again", type(error).__name__)


def _on_close(code: int, _reason: str | None = None) -> None:
    logger.info("Socket Mode connection closed (%d)", code)


@contextmanager
def _signals(stopping: threading.Event) -> Iterator[None]:
    """SIGINT and SIGTERM set the event; outside the main thread signals are left alone."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
