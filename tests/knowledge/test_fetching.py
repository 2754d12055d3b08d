"""Pinned sources over a real local server: the right bytes or nothing, and no private address."""

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from knowledge.errors import ChecksumMismatch, DownloadFailed, RefusedAddress
from knowledge.fetching import Limits, fetch, read_pinned
from records.data_files import BadDataFile

TEXT = "# 示例管理办法\n第一条 登记。\n第二条 自2025年1月1日起施行。".encode()
SHA = hashlib.sha256(TEXT).hexdigest()
LOCAL = Limits(private_hosts=frozenset({"127.0.0.1"}), largest=10_000, seconds=2)


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        where = {
            "/moved": "/a.md",
            "/away": "http://10.0.0.8/a.md",
            "/loop": "/loop",
            "/file": "file:///etc/passwd",
        }
        if self.path in where:
            self.send_response(302)
            self.send_header("Location", where[self.path])
            self.end_headers()
            return
        self.send_response(404 if self.path == "/none" else 200)
        self.send_header("Content-Type", "text/markdown; charset=utf-8")
        if self.path == "/declared":
            self.send_header("Content-Length", str(300 * 1024 * 1024))
        self.end_headers()
        try:
            self._body()
        except ConnectionError:
            return

    def _body(self) -> None:
        if self.path == "/large":
            for _ in range(50):
                self.wfile.write(b"x" * 1000)
        elif self.path == "/slow":
            waiting = threading.Event()
            for _ in range(40):
                self.wfile.write(b"x")
                self.wfile.flush()
                waiting.wait(0.1)
        else:
            self.wfile.write(TEXT)

    def log_message(self, *_args: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    local = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=local.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{local.server_port}"
    local.shutdown()
    local.server_close()


@pytest.mark.parametrize("path", ["/a.md", "/moved", "/plain"])
def test_the_pinned_bytes_are_fetched_also_through_a_redirect(path: str, server: str) -> None:
    found = fetch("示例", server + path, SHA.upper(), LOCAL)
    assert (found.data, found.suffix) == (TEXT, ".md")


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("/none", DownloadFailed),
        ("/large", DownloadFailed),
        ("/declared", DownloadFailed),
        ("/slow", DownloadFailed),
        ("/loop", DownloadFailed),
        ("/away", RefusedAddress),
        ("/file", RefusedAddress),
    ],
)
def test_what_does_not_answer_as_it_should_is_refused(
    path: str, error: type[Exception], server: str
) -> None:
    with pytest.raises(error):
        fetch("示例", server + path, SHA, LOCAL)


def test_other_bytes_than_pinned_are_refused(server: str) -> None:
    with pytest.raises(ChecksumMismatch):
        fetch("示例", f"{server}/a.md", "0" * 64, LOCAL)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/a", "http://localhost/a", "http://[::1]/a", "http://10.1.2.3/a", "http://192.168.1.1/a",
        "http://169.254.169.254/latest/meta-data", "http://0.0.0.0/a", "http://2130706433/a", "ftp://example.com/a",
        "http://user:word@127.0.0.1/a", "http://[::ffff:127.0.0.1]/a", "http://100.64.0.1/a",
        "http://[64:ff9b::7f00:1]/a",
    ],
)  # fmt: skip
def test_private_addresses_are_refused_unless_named(url: str) -> None:
    with pytest.raises(RefusedAddress):
        fetch("示例", url, SHA)


def test_a_list_of_sources_is_strict(tmp_path: Path) -> None:
    file = tmp_path / "sources.yaml"
    entry = f"  - name: 示例办法\n    url: https://example.com/a\n    sha256: {SHA}\n    adopted: 2024-01-01\n"
    file.write_text(f"sources:\n{entry}", encoding="utf-8")
    assert read_pinned(file)[0].sha256 == SHA
    for wrong in (
        entry.replace(SHA, "abc"),
        entry.replace("https", "file"),
        f"{entry}    more: 1\n",
    ):
        file.write_text(f"sources:\n{wrong}", encoding="utf-8")
        with pytest.raises(BadDataFile):
            read_pinned(file)
