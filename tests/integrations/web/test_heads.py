"""What somebody sends before a request is whole, over a real connection."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from integrations.web.heads import HEAD_BYTES, BoundedHeads

PATIENCE = 20


async def size(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


@pytest.fixture
def port() -> Iterator[int]:
    """Where the service answers while the test runs."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        web = Starlette(routes=[Route("/", size, methods=["GET", "POST"])])
        server = uvicorn.Server(uvicorn.Config(web, http=BoundedHeads, log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield listener.getsockname()[1]
        server.should_exit = True
        thread.join(PATIENCE)


def said(port: int, *pieces: bytes) -> bytes:
    """What is answered to these pieces, until the other side closes."""
    heard = b""
    with (
        socket.create_connection(("127.0.0.1", port), PATIENCE) as ours,
        contextlib.suppress(ConnectionError),
    ):
        for piece in pieces:
            ours.sendall(piece)
        while piece := ours.recv(65536):
            heard += piece
    return heard


START = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"


@pytest.mark.parametrize(
    "head",
    [
        [b"X%d: %s\r\n" % (n, b"a" * 1000) for n in range(2000)],
        [b"X: ", *[b"a" * 10_000] * 200],
    ],
    ids=["many", "one without end"],
)
def test_a_head_without_end_is_not_kept(port: int, head: list[bytes]) -> None:
    heard = said(port, START, *head)
    assert heard == b"" or heard.startswith(b"HTTP/1.1 400")


def test_a_long_body_after_a_short_head_is_read(port: int) -> None:
    length = HEAD_BYTES * 4
    heard = said(port, START + b"Content-Length: %d\r\n\r\n" % length, b"a" * length)
    assert heard.endswith(str(length).encode())
