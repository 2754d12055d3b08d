"""A pinned public file over http(s): the right bytes, from a public address, in time, or nothing."""

import hashlib
import http.client
import ipaddress
import socket
import ssl
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from pydantic import Field

from knowledge.errors import ChecksumMismatch, DownloadFailed, RefusedAddress
from knowledge.levels import Level
from knowledge.reading.documents import LARGEST_FILE, SUFFIXES
from records.data_files import Entry, load

MOST_REDIRECTS = 3
CONNECT_SECONDS = 10.0
WHOLE_SECONDS = 60.0
_CHUNK = 64 * 1024
# Behind these a gateway reaches any IPv4 address, private ones too.
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SUFFIXES = {
    "application/pdf": ".pdf",
    "text/html": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/msword": ".doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}


class PinnedSource(Entry):
    """One public text: where it lies, what its bytes must be, and which version it is."""

    name: str = Field(min_length=2)
    url: str = Field(pattern=r"^https?://")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    adopted: date
    effective: date | None = None
    ends: date | None = None
    level: Level | None = None
    status: str = Field(default="in_force", pattern="^(in_force|draft|repealed)$")


class _File(Entry):
    sources: tuple[PinnedSource, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Fetched:
    """The bytes, as pinned, and the suffix that says what they are."""

    data: bytes
    suffix: str


@dataclass(frozen=True)
class Limits:
    """What a fetch may do; `private_hosts` are named by the administrator, none by default."""

    private_hosts: frozenset[str] = frozenset()
    largest: int = LARGEST_FILE
    seconds: float = WHOLE_SECONDS


def read_pinned(path: Path) -> tuple[PinnedSource, ...]:
    """The list of sources; the first mistake stops with path, line and entry."""
    return load(path, _File).sources


def fetch(name: str, url: str, sha256: str, limits: Limits = Limits()) -> Fetched:
    """The file behind a URL if it is what was pinned. Raises RefusedAddress, DownloadFailed,
    ChecksumMismatch; every redirect is checked like the first address.
    """
    deadline = time.monotonic() + limits.seconds
    for _ in range(MOST_REDIRECTS + 1):
        try:
            answer = _get(name, urlsplit(url), limits, deadline)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise DownloadFailed(name) from error
        if isinstance(answer, str):
            url = urljoin(url, answer)
            continue
        if hashlib.sha256(answer.data).hexdigest() != sha256.lower():
            raise ChecksumMismatch(name)
        return answer
    raise DownloadFailed(name)


def _get(name: str, parts: SplitResult, limits: Limits, deadline: float) -> Fetched | str:
    """The bytes, or where to go instead."""
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or not host or parts.username or parts.password:
        raise RefusedAddress(host or parts.scheme)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    connection = _connection(parts.scheme, host, port, _public(host, port, limits))
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", target, headers={"User-Agent": "compliance-assistant"})
        response = connection.getresponse()
        if response.status in _REDIRECTS:
            return response.headers.get("Location") or ""
        if response.status != 200:
            raise DownloadFailed(name)
        return Fetched(_body(name, response, limits, deadline), _suffix(parts.path, response))
    finally:
        connection.close()


def _public(host: str, port: int, limits: Limits) -> str:
    """The address to connect to. One private address among several refuses the host.

    The connection goes to the very address checked, so that a name cannot change in between.
    """
    found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    addresses = [ipaddress.ip_address(one.partition("%")[0]) for one in found]
    if host not in limits.private_hosts and not all(
        one.is_global and not one.is_multicast and one not in _TRANSLATED for one in addresses
    ):
        raise RefusedAddress(host)
    return found[0]


def _connection(scheme: str, host: str, port: int, address: str) -> http.client.HTTPConnection:
    made: Any
    if scheme == "https":
        context = ssl.create_default_context()
        made = http.client.HTTPSConnection(host, port, timeout=CONNECT_SECONDS, context=context)
    else:
        made = http.client.HTTPConnection(host, port, timeout=CONNECT_SECONDS)
    made._create_connection = lambda _address, timeout, _source: socket.create_connection(
        (address, port), timeout
    )
    return made  # type: ignore[no-any-return]


def _body(name: str, response: Any, limits: Limits, deadline: float) -> bytes:
    declared = response.headers.get("Content-Length") or ""
    if declared.isdecimal() and int(declared) > limits.largest:
        raise DownloadFailed(name)
    data = bytearray()
    while chunk := response.read1(_CHUNK):
        data += chunk
        if len(data) > limits.largest or time.monotonic() > deadline:
            raise DownloadFailed(name)
    return bytes(data)


def _suffix(path: str, response: Any) -> str:
    suffix = Path(path).suffix.lower()
    if suffix in SUFFIXES:
        return suffix
    declared = (response.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
    return _SUFFIXES.get(declared, ".txt")
