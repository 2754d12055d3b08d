"""Feishu's long connection: events over a WebSocket that we open, so no public address is needed.

The SDK (extra `feishu`) speaks its frames, pings and reconnects. Ours here: where it connects is asked
for without redirects and within a time, it can be stopped, it ends where Feishu refuses the app, and it
writes nothing into a log, where whole messages would stand.
https://open.feishu.cn/document/server-docs/event-subscription-guide/event-subscription-configure-/request-url-configuration-case
"""

import asyncio
import json
import logging
import signal
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType, ModuleType
from typing import Any, Protocol
from urllib.parse import urlsplit

from integrations.chat.calls import open_url
from integrations.chat.said import dict_in, text_in
from integrations.feishu.api import MAX_ANSWER, TIMEOUT_SECONDS
from records.errors import Unavailable

_OURS = (".feishu.cn", ".larksuite.com", ".larkoffice.com")

logger = logging.getLogger(__name__)


class Handler(Protocol):
    """What takes events: its return acknowledges one, and an error has it sent again."""

    def do_without_validation(self, payload: bytes) -> dict[str, Any] | None:
        """Take one event."""


def sdk() -> ModuleType:
    """The SDK's module of the long connection. Raises Unavailable where the extra is not installed."""
    try:
        from lark_oapi.ws import client
    except ImportError:
        raise Unavailable(
            "没有安装飞书组件：pip install 'compliance-assistant[feishu]'（或 pip install lark-oapi）。",
            "The part for Feishu is not installed: pip install 'compliance-assistant[feishu]' "
            "(or pip install lark-oapi).",
        ) from None
    found: ModuleType = client
    return found


class LongConnection:
    """One connection. `serve` returns after `stop`, which any thread or signal may call."""

    def __init__(self, handler: Handler, *, app_id: str, app_secret: str, base_url: str) -> None:
        self._sdk = sdk()
        from lark_oapi.core.enum import LogLevel

        self._base_url = base_url.rstrip("/")
        self._identity = {"AppID": app_id, "AppSecret": app_secret}
        self._client = self._sdk.Client(
            app_id,
            app_secret,
            log_level=LogLevel.CRITICAL,
            event_handler=handler,
            domain=self._base_url,
        )
        self._client._get_conn_url = self._address
        self._client._try_connect = self._try_again
        self._ended = asyncio.Event()
        self._refused = ""

    def serve(self, *, opened: Callable[[], None] = lambda: None) -> None:
        """Serve until stopped. Raises Unavailable where no connection is to be had, or none any more."""
        loop = self._sdk.loop
        loop.set_exception_handler(_quietly)
        try:
            loop.run_until_complete(self._run(opened))
        finally:
            for task in asyncio.all_tasks(loop):
                task.cancel()
            loop.run_until_complete(asyncio.sleep(0))
        if self._refused:
            raise _refusal(self._refused)

    def stop(self) -> None:
        """Let `serve` return."""
        self._sdk.loop.call_soon_threadsafe(self._ended.set)

    async def _run(self, opened: Callable[[], None]) -> None:
        try:
            await self._client._connect()
        except Exception as error:
            raise _refusal(_word(error)) from None
        opened()
        pings = asyncio.create_task(self._client._ping_loop())
        await self._ended.wait()
        pings.cancel()
        self._client._auto_reconnect = False
        await self._client._disconnect()

    async def _try_again(self, _count: int) -> bool:
        """Connect once more; whether nothing more is to be tried."""
        try:
            await self._client._connect()
        except self._sdk.ClientException as error:
            # The secret was changed, the app was switched off: trying on would look like serving.
            self._refused = _word(error)
            self._ended.set()
        except Exception as error:
            logger.warning("the long connection is not back: %s", _word(error))
            return False
        else:
            logger.info("the long connection is back")
        return True

    def _address(self) -> str:
        """Where to connect, as Feishu says for this app."""
        request = urllib.request.Request(  # noqa: S310 - the address is a setting
            self._base_url + self._sdk.GEN_ENDPOINT_URI,
            data=json.dumps(self._identity).encode(),
            headers={"Content-Type": "application/json", "locale": "zh"},
            method="POST",
        )
        with open_url(request, TIMEOUT_SECONDS) as answer:
            told = dict_in(json.loads(answer.read(MAX_ANSWER)))
        code = told.get("code")
        if code in (self._sdk.SYSTEM_BUSY, self._sdk.INTERNAL_ERROR):
            raise self._sdk.ServerException(code, "busy")
        if code != self._sdk.OK:
            raise self._sdk.ClientException(code, "refused")
        data = dict_in(told.get("data"))
        url, config = text_in(data.get("URL")), dict_in(data.get("ClientConfig"))
        if not self._is_theirs(url):
            raise self._sdk.ClientException(0, "foreign address")
        if all(isinstance(value, int) for value in config.values()) and len(config) == 4:
            self._client._configure(self._sdk.ClientConfig(config))
        return url

    def _is_theirs(self, url: str) -> bool:
        """Whether the address is Feishu's, or on the host that the setting names."""
        base, given = urlsplit(self._base_url), urlsplit(url)
        host = given.hostname or ""
        if given.scheme == "ws":
            return base.scheme == "http" and host == base.hostname
        return given.scheme == "wss" and (host == base.hostname or host.endswith(_OURS))


def _word(error: Exception) -> str:
    """The code of a refusal, or the class of an error: their texts hold addresses with tickets."""
    code = getattr(error, "code", None)
    return f"{type(error).__name__} {code}" if isinstance(code, int) else type(error).__name__


def _refusal(word: str) -> Unavailable:
    return Unavailable(
        f"飞书不接受长连接（{word}）。请检查 COMPLIANCE_FEISHU_APP_ID、_APP_SECRET、_BASE_URL 和网络，"
        "并在开放平台选择“使用长连接接收事件”，见 docs/feishu.md。",
        f"Feishu does not accept the long connection ({word}). Check COMPLIANCE_FEISHU_APP_ID, "
        "_APP_SECRET, _BASE_URL and the network, and choose the long connection in the developer "
        "console; see docs/feishu.md.",
    )


def _quietly(_loop: object, told: dict[str, Any]) -> None:
    """What ends in the SDK's own tasks: its class alone."""
    error = told.get("exception")
    logger.debug("a task of the long connection ended: %s", type(error).__name__)


@contextmanager
def ended_by_signals(stop: Callable[[], None]) -> Iterator[None]:
    """SIGTERM and SIGINT stop it."""

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop()

    before = {one: signal.signal(one, on_signal) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
