"""The front itself: one thread that reads, one that writes down, one that hands on. It imports little.

It answers what it can answer without asking anybody: requests of Slack that are refused, and those
that are only to be acknowledged. All else goes to the service as it came, connection and all, so that
uploads, streams and addresses are the service's own. Each connection carries one request: the next
may be Slack's.
"""

import asyncio
import base64
import contextlib
import json
import logging
import os
import queue
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import h11

from integrations.errors import log_unexpected
from integrations.front.frames import Frame, Kind, receive, send
from integrations.logs import set_up_logs
from integrations.slack.guard import MAX_BYTES, Refused, SeenSignatures, read_body, verify
from integrations.web.headers import HEADERS, NOT_KEPT
from records.letter_box import Letter, LetterBox

# Slack wants nothing but an acknowledgement of these; forms, commands and the rest want words.
ACKNOWLEDGED = frozenset({"event_callback", "block_actions", "shortcut", "message_action"})
# For a whole request to arrive, and for those under way at the end.
PATIENCE_SECONDS, STOP_SECONDS = 75.0, 5.0
BACKLOG = 2048
HEAD_BYTES = 64 * 1024

logger = logging.getLogger(__name__)


class Writer:
    """Writes letters down: whoever comes while some are being written goes with the next."""

    def __init__(self, box: LetterBox, loop: asyncio.AbstractEventLoop) -> None:
        self._box = box
        self._loop = loop
        self._arrived: queue.SimpleQueue[tuple[Letter, asyncio.Future[bool]]] = queue.SimpleQueue()
        threading.Thread(target=self._write, name="letters", daemon=True).start()

    def put(self, letter: Letter) -> asyncio.Future[bool]:
        """Whether it is on disk, once that is known."""
        kept: asyncio.Future[bool] = self._loop.create_future()
        self._arrived.put((letter, kept))
        return kept

    def _write(self) -> None:
        while True:
            together = [self._arrived.get()]
            with contextlib.suppress(queue.Empty):
                while True:
                    together.append(self._arrived.get_nowait())
            try:
                self._box.put([letter for letter, _ in together])
            except Exception as error:
                log_unexpected(error, where="letters")
                done = False
            else:
                done = True
            for _, kept in together:
                self._loop.call_soon_threadsafe(kept.set_result, done)


class Service:
    """The other end of the pair: what it is told goes in order, and keeps nobody waiting here."""

    def __init__(self, pair: socket.socket) -> None:
        self._pair = pair
        self._frames: queue.SimpleQueue[Frame | None] = queue.SimpleQueue()
        self._teller = threading.Thread(target=self._tell, name="service", daemon=True)
        self._teller.start()

    def tell(self, frame: Frame) -> None:
        """Send it soon, and close its descriptors here."""
        self._frames.put(frame)

    def end(self) -> None:
        """Return when all was sent."""
        self._frames.put(None)
        self._teller.join(STOP_SECONDS)

    def _tell(self) -> None:
        while frame := self._frames.get():
            # Where the service is gone its callers are, too; we end with it.
            with contextlib.suppress(OSError):
                send(self._pair, frame)
            for one in frame.descriptors:
                os.close(one)


@dataclass(frozen=True, slots=True)
class Desk:
    """What every caller's request is answered with."""

    secret: str
    paths: tuple[str, ...]
    writer: Writer
    service: Service
    seen: SeenSignatures = field(default_factory=SeenSignatures)
    callers: set["Caller"] = field(default_factory=set)
    now: Callable[[], float] = time.time


class Caller(asyncio.Protocol):
    """One connection, which is answered here or handed on."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._raw = bytearray()
        self._body = bytearray()
        self._request: h11.Request | None = None
        self._parser: h11.Connection | None = None
        self._began = time.monotonic()
        self._loop = asyncio.get_running_loop()
        self._patience = self._loop.call_later(PATIENCE_SECONDS, self._give_up)
        self._transport: asyncio.Transport
        self._answering: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._desk.callers.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._patience.cancel()
        self._desk.callers.discard(self)

    def data_received(self, data: bytes) -> None:
        self._raw += data
        if self._parser is None:
            lines = tuple(f"POST {path} HTTP/1.".encode() for path in self._desk.paths)
            if not self._raw.startswith(lines):
                if not any(line.startswith(self._raw) for line in lines):
                    self._hand_on()
                return
            self._parser = h11.Connection(h11.SERVER, max_incomplete_event_size=HEAD_BYTES)
            data = bytes(self._raw)
        try:
            self._parser.receive_data(data)
            self._read(self._parser)
        except h11.RemoteProtocolError:
            self._answer(400)
        except Refused as refused:
            self._refuse(refused)

    def _read(self, parser: h11.Connection) -> None:
        """The events of the request as far as it has arrived. Raises Refused."""
        while (event := parser.next_event()) is not h11.NEED_DATA:
            match event:
                case h11.Request():
                    self._request = event
                    stated = dict(event.headers).get(b"content-length", b"0")
                    if len(stated) > len(str(MAX_BYTES)) or int(stated) > MAX_BYTES:
                        raise Refused(413, "too large")
                    if parser.they_are_waiting_for_100_continue:
                        going_on = h11.InformationalResponse(status_code=100, headers=[])
                        self._transport.write(parser.send(going_on) or b"")
                case h11.Data():
                    self._body += event.data
                    if len(self._body) > MAX_BYTES:
                        raise Refused(413, "too large")
                case h11.EndOfMessage():
                    self._transport.pause_reading()
                    self._answering = self._loop.create_task(self._take())
                    return
                case _:
                    return

    async def _take(self) -> None:
        """Answer the whole request, or hand it on."""
        try:
            assert self._request is not None
            headers: dict[str, list[str]] = {}
            for name, value in self._request.headers:
                headers.setdefault(name.decode("latin-1"), []).append(value.decode("latin-1"))
            raw, desk = bytes(self._body), self._desk
            now = desk.now()
            signature = verify(raw, headers, secret=desk.secret, now=now, seen=desk.seen)
            content_type = headers.get("content-type", [""])[0]
            body = read_body(raw, content_type)
            if body.type not in ACKNOWLEDGED:
                self._hand_on()
                return
            letter = {
                "body": body.text,
                "content_type": content_type,
                "heard_at": datetime.fromtimestamp(now, UTC).isoformat(),
            }
            kept = await desk.writer.put(letter)
            if kept:
                desk.seen.add(signature)
            self._answer(200 if kept else 503)
        except Refused as refused:
            self._refuse(refused)
        except Exception as error:
            # The text of an error may quote a client.
            log_unexpected(error, where="front")
            self._answer(500)

    def _refuse(self, refused: Refused) -> None:
        logger.warning("a Slack request was refused: %s", refused.reason)
        self._answer(refused.status)

    def _answer(self, status: int) -> None:
        parser = self._parser
        if parser is None or parser.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            self._transport.close()
            return
        headers = {**HEADERS, **NOT_KEPT, "Content-Length": "0", "Connection": "close"}
        answer = h11.Response(status_code=status, headers=list(headers.items()))
        with contextlib.suppress(h11.LocalProtocolError):
            self._transport.write(parser.send(answer) or b"")
            self._transport.write(parser.send(h11.EndOfMessage()) or b"")
        self._transport.close()
        route = self._request.target.decode("latin-1") if self._request else "other"
        told = {"route": route, "status": status, "seconds": time.monotonic() - self._began}
        self._desk.service.tell(Frame(Kind.ANSWERED, json.dumps(told).encode()))

    def _hand_on(self) -> None:
        """The connection, with what was said so far; what else was said waits in it."""
        self._transport.pause_reading()
        ours = os.dup(self._transport.get_extra_info("socket").fileno())
        self._desk.service.tell(Frame(Kind.CALLER, bytes(self._raw), (ours,)))
        # Closes our descriptor of it, not the connection.
        self._transport.abort()

    def _give_up(self) -> None:
        self._transport.abort()


async def _serve(pair: socket.socket, given: Frame) -> None:
    loop = asyncio.get_running_loop()
    settings = json.loads(given.payload)
    box = LetterBox(Path(settings["folder"]), base64.b64decode(settings["key"]))
    service = Service(pair)
    desk = Desk(settings["secret"], tuple(settings["paths"]), Writer(box, loop), service)
    listening = [socket.socket(fileno=one) for one in given.descriptors]
    servers = [
        await loop.create_server(lambda: Caller(desk), sock=one, backlog=BACKLOG)
        for one in listening
    ]
    ended = asyncio.Event()
    # Nothing more is said to us: there is something to read when the service ends, or wants us to.
    loop.add_reader(pair, ended.set)
    await ended.wait()
    loop.remove_reader(pair)
    for server in servers:
        server.close()
    until = loop.time() + STOP_SECONDS
    while desk.callers and loop.time() < until:
        await asyncio.sleep(0.02)
    service.end()


def main() -> None:
    """Serve until the service ends, or lets go of us. Signals to us all are its to obey."""
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, signal.SIG_IGN)
    pair = socket.socket(fileno=int(sys.argv[1]))
    given = receive(pair)
    if given is None:
        return
    set_up_logs(json.loads(given.payload)["logs"])
    asyncio.run(_serve(pair, given))
