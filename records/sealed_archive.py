"""One file of named entries, sealed with a passphrase: what a backup is written to and read from.

The key comes from the passphrase by Argon2id (RFC 9106, second recommended option). The content is
a stream of AES-256-GCM messages; each carries its place in the nonce and the last says so (the
STREAM construction), so that a changed, moved, missing or cut-off piece is noticed. Inside, each
entry is a name and its bytes; the manifest, with the hash of every entry, comes last.
"""

import hashlib
import io
import json
import os
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from records.errors import BadInput
from records.keys import KEY_BYTES

FORMAT = "compliance-backup/1"
MANIFEST = "manifest.json"
SHORTEST_PASSPHRASE = 12
_COST = {"time": 3, "memory_kib": 64 * 1024, "lanes": 4}
_PIECE_BYTES = 1024 * 1024
_TAG_BYTES = 16
_LONGEST_HEADER = 4096
_LENGTH = struct.Struct(">I")


class BadArchive(BadInput):
    """The file is no backup, is damaged or cut off, or the passphrase is another one."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as the manifest names it."""

    name: str
    size: int
    sha256: str


class ArchiveWriter:
    """Writes entries one after the other; nothing is readable without the passphrase."""

    def __init__(self, target: IO[bytes], passphrase: str) -> None:
        if len(passphrase) < SHORTEST_PASSPHRASE:
            raise BadInput(
                f"口令太短：至少 {SHORTEST_PASSPHRASE} 个字符。",
                f"The passphrase is too short: at least {SHORTEST_PASSPHRASE} characters.",
            )
        salt = os.urandom(16)
        header = {"format": FORMAT, "kdf": "argon2id", "salt": salt.hex(), **_COST}
        self._header = json.dumps(header).encode() + b"\n"
        self._cipher = AESGCM(_key(passphrase, salt, _COST))
        self._target = target
        self._waiting = bytearray()
        self._number = 0
        self._entries: list[Entry] = []
        target.write(self._header)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What was written so far."""
        return tuple(self._entries)

    def add(self, name: str, content: Iterable[bytes]) -> None:
        """One more entry."""
        digest, size = hashlib.sha256(), 0
        self._put(_framed(name.encode()))
        for part in content:
            if part:
                digest.update(part)
                size += len(part)
                self._put(_framed(part))
        self._put(_framed(b""))
        self._entries.append(Entry(name, size, digest.hexdigest()))

    def close(self, facts: Mapping[str, Any]) -> None:
        """The manifest with these facts, and the last piece."""
        listed = [{"name": e.name, "size": e.size, "sha256": e.sha256} for e in self._entries]
        text = json.dumps({**facts, "entries": listed}, ensure_ascii=False, indent=1)
        self.add(MANIFEST, [text.encode()])
        self._seal(last=True)

    def _put(self, data: bytes) -> None:
        self._waiting += data
        while len(self._waiting) > _PIECE_BYTES:
            self._seal(last=False)

    def _seal(self, *, last: bool) -> None:
        piece = bytes(self._waiting[:_PIECE_BYTES])
        del self._waiting[:_PIECE_BYTES]
        nonce = _nonce(self._number, last=last)
        self._target.write(self._cipher.encrypt(nonce, piece, self._header))
        self._number += 1


class ArchiveReader:
    """Reads a sealed file from its beginning, as often as asked."""

    def __init__(self, path: Path, passphrase: str) -> None:
        self._path = path
        with path.open("rb") as file:
            self._header = file.readline(_LONGEST_HEADER)
        try:
            header = json.loads(self._header)
            known = header["format"] == FORMAT
            salt = bytes.fromhex(header["salt"])
            cost = {name: min(int(header[name]), 16 * _COST[name]) for name in _COST}
        except (ValueError, KeyError, TypeError):
            known = False
        if not known:
            raise BadArchive(
                f"{path.name} 不是本系统的备份，或开头已损坏。",
                f"{path.name} is no backup of this product, or its beginning is damaged.",
            )
        self._cipher = AESGCM(_key(passphrase, salt, cost))

    def manifest(self) -> dict[str, Any]:
        """The manifest, after every entry was read and agrees with it. Raises BadArchive."""
        found: list[dict[str, Any]] = []
        text = b""
        for name, content in self.entries():
            digest, size = hashlib.sha256(), 0
            for part in content:
                digest.update(part)
                size += len(part)
                text = text + part if name == MANIFEST else b""
            found.append({"name": name, "size": size, "sha256": digest.hexdigest()})
        stated: dict[str, Any] = json.loads(text or b"{}")
        if not found or found[-1]["name"] != MANIFEST or stated.get("entries") != found[:-1]:
            raise BadArchive(
                f"备份 {self._path.name} 的内容与其清单不符。",
                f"What is in the backup {self._path.name} is not what its manifest lists.",
            )
        return stated

    def entries(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Each entry's name and content; the content must be read before the next is asked for."""
        stream = io.BufferedReader(_Opened(self._pieces()))
        while (name := _frame(stream)) is not None:
            yield name.decode(), _content(stream)

    def _pieces(self) -> Iterator[bytes]:
        size, number = _PIECE_BYTES + _TAG_BYTES, 0
        with self._path.open("rb") as file:
            file.seek(len(self._header))
            sealed = file.read(size)
            while sealed:
                coming = file.read(size)
                yield self._open(sealed, number, last=not coming)
                sealed, number = coming, number + 1
        if not number:
            raise self._cut_off()

    def _open(self, sealed: bytes, number: int, *, last: bool) -> bytes:
        try:
            return self._cipher.decrypt(_nonce(number, last=last), sealed, self._header)
        except InvalidTag:
            pass
        if last and self._opens(sealed, _nonce(number, last=False)):
            raise self._cut_off()
        if number == 0:
            raise BadArchive(
                f"口令不对，或备份 {self._path.name} 已损坏。",
                f"The passphrase is another one, or the backup {self._path.name} is damaged.",
            )
        raise BadArchive(
            f"备份 {self._path.name} 在约第 {number} MiB 处损坏或被截断，不能使用。",
            f"The backup {self._path.name} is damaged or cut off near MiB {number}; it cannot be used.",
        )

    def _opens(self, sealed: bytes, nonce: bytes) -> bool:
        try:
            self._cipher.decrypt(nonce, sealed, self._header)
        except InvalidTag:
            return False
        return True

    def _cut_off(self) -> BadArchive:
        return BadArchive(
            f"备份 {self._path.name} 被截断了，末尾缺失，不能使用。",
            f"The backup {self._path.name} was cut off: its end is missing; it cannot be used.",
        )


class _Opened(io.RawIOBase):
    """The opened pieces as one stream."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count


def _content(stream: IO[bytes]) -> Iterator[bytes]:
    while part := _frame(stream):
        yield part


def _frame(stream: IO[bytes]) -> bytes | None:
    size = stream.read(_LENGTH.size)
    return stream.read(_LENGTH.unpack(size)[0]) if size else None


def _framed(data: bytes) -> bytes:
    return _LENGTH.pack(len(data)) + data


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _key(passphrase: str, salt: bytes, cost: Mapping[str, int]) -> bytes:
    return hash_secret_raw(
        passphrase.encode(),
        salt,
        time_cost=cost["time"],
        memory_cost=cost["memory_kib"],
        parallelism=cost["lanes"],
        hash_len=KEY_BYTES,
        type=Type.ID,
    )
