"""The service behind the front: begins it, takes its callers, begins another when it dies.

The sockets people call at are ours, so that callers wait, and are not turned away, while another
front begins; and the front ends with us however we end, because its socket to us ends.
"""

import asyncio
import contextlib
import json
import logging
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any

import uvicorn

from integrations.front.frames import Frame, Kind, receive, send

logger = logging.getLogger(__name__)

AGAIN_SECONDS, STOP_SECONDS = 1.0, 10.0
BACKLOG = 2048
# What the front is told at its start: settings by name, as JSON has them.
Settings = Mapping[str, Any]
Take = Callable[[Frame], None]


class Front:
    """The front process, from `begin` to `stop`."""

    def __init__(self, settings: Settings, listening: list[socket.socket], take: Take) -> None:
        self._settings = json.dumps(dict(settings)).encode()
        self._listening = listening
        self._take = take
        self._turn = threading.Lock()
        self._ending = threading.Event()
        self._begun = self._begin()
        self._keeper = threading.Thread(target=self._keep, name="front", daemon=True)
        self._keeper.start()

    @property
    def pid(self) -> int:
        """The number of the process there is now."""
        return self._begun[0].pid

    def stop(self) -> None:
        """No more callers; those it has are answered or handed on before this returns."""
        with self._turn:
            self._ending.set()
            process, pair = self._begun
            # It reads the end, and ends.
            with contextlib.suppress(OSError):
                pair.shutdown(socket.SHUT_WR)
        self._keeper.join(STOP_SECONDS)
        process.kill()
        process.wait()
        for one in self._listening:
            one.close()

    def _begin(self) -> "tuple[subprocess.Popen[bytes], socket.socket]":
        ours, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(  # noqa: S603 - ourselves
                [sys.executable, "-m", "integrations.front", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
            )
        given = tuple(one.fileno() for one in self._listening)
        with contextlib.suppress(OSError):
            send(ours, Frame(Kind.SETTINGS, self._settings, given))
        return process, ours

    def _keep(self) -> None:
        while True:
            process, pair = self._begun
            with pair, contextlib.suppress(OSError, EOFError):
                while (frame := receive(pair)) is not None:
                    self._take(frame)
            code = process.wait()
            if self._ending.wait(AGAIN_SECONDS):
                return
            logger.warning("the front ended with %d; another is begun", code)
            with self._turn:
                if self._ending.is_set():
                    return
                self._begun = self._begin()


class ServerBehind(uvicorn.Server):
    """uvicorn for connections that the front hands on, one request each."""

    def __init__(
        self,
        config: uvicorn.Config,
        settings: Settings,
        answered: Callable[[Mapping[str, Any]], None],
    ) -> None:
        config.headers = [*config.headers, ("Connection", "close")]
        super().__init__(config)
        self._settings = settings
        self._answered = answered
        self.front: Front

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=[])
        self._loop = asyncio.get_running_loop()
        try:
            listening = listen(self.config.host, self.config.port)
        except OSError as error:
            uvicorn.server.logger.error(error)
            await self.lifespan.shutdown()
            sys.exit(uvicorn.config.STARTUP_FAILURE)
        self.front = Front(self._settings, listening, self._take)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await asyncio.to_thread(self.front.stop)
        await super().shutdown(sockets)

    def _take(self, frame: Frame) -> None:
        """In the thread of the front: what it says."""
        if frame.kind is Kind.ANSWERED:
            self._answered(json.loads(frame.payload))
        else:
            caller = socket.socket(fileno=frame.descriptors[0])
            asyncio.run_coroutine_threadsafe(self._receive(caller, frame.payload), self._loop)

    async def _receive(self, caller: socket.socket, said: bytes) -> None:
        make = self.config.http_protocol_class

        class Handed(make):  # type: ignore[misc,valid-type]
            """uvicorn's own protocol, which hears first what was said to the front."""

            def connection_made(self, transport: asyncio.BaseTransport) -> None:
                super().connection_made(transport)
                self.data_received(said)

        def handed() -> asyncio.Protocol:
            return Handed(self.config, self.server_state, self.lifespan.state)

        await self._loop.connect_accepted_socket(handed, caller)


def listen(host: str, port: int) -> list[socket.socket]:
    """A socket for each address of the host. Raises OSError."""
    found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    listening: list[socket.socket] = []
    try:
        for family, _kind, _protocol, _name, address in dict.fromkeys(found):
            listening.append(
                socket.create_server(address, family=family, backlog=BACKLOG, dualstack_ipv6=False)
            )
    except OSError:
        for one in listening:
            one.close()
        raise
    return listening
