"""Keys that wrap other keys: where they lie, and how one is exchanged for a new one.

The vault's wraps the keys of clients, the master key wraps the data root (`records/data_root.py`).
Wrapping is AES-256-GCM (NIST SP 800-38D), bound to what is wrapped, or done by a key service.
"""

import base64
import binascii
import contextlib
import hashlib
import hmac
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from records.errors import Unavailable
from records.keys import Keys, load_or_create_keys, output_of, read_keys

VAULT, MASTER = "vault", "master"
SERVICE = "service"
_NONCE_BYTES = 12


class Wrapping(Protocol):
    """A key that wraps others."""

    @property
    def id(self) -> str:
        """The same for the same key; gives nothing of it away."""

    def wrap(self, data_key: bytes, bound_to: str) -> bytes:
        """The data key, readable only with this key and for what it is bound to."""

    def unwrap(self, wrapped: bytes, bound_to: str) -> bytes:
        """The data key again. Raises Unavailable where key, binding or bytes are others."""


@dataclass(frozen=True, slots=True)
class WrappingKey:
    """A key-encryption key at hand, for one purpose."""

    keys: Keys = field(repr=False)
    purpose: str = VAULT

    @property
    def id(self) -> str:
        """By HMAC of the key."""
        key = self.keys.derive(f"{self.purpose}-key-id")
        return hmac.new(key, b"id", hashlib.sha256).hexdigest()[:16]

    def wrap(self, data_key: bytes, bound_to: str) -> bytes:
        """Nonce and ciphertext."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher().encrypt(nonce, data_key, bound_to.encode())

    def unwrap(self, wrapped: bytes, bound_to: str) -> bytes:
        """The data key again."""
        try:
            nonce, sealed = wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:]
            return self._cipher().decrypt(nonce, sealed, bound_to.encode())
        except (InvalidTag, ValueError) as error:
            raise no_key(self.purpose) from error

    def _cipher(self) -> AESGCM:
        return AESGCM(self.keys.derive(self.purpose))


@dataclass(frozen=True, slots=True)
class ServiceKey:
    """A key that never leaves its service: two commands wrap and unwrap, base64 in and out.

    Which of its keys it used is in what it gives back, so both are known here by one id.
    """

    wrap_command: str
    unwrap_command: str
    purpose: str = MASTER
    id: str = SERVICE

    def wrap(self, data_key: bytes, bound_to: str) -> bytes:
        """What the service gives back. What is wrapped carries what it is bound to."""
        return self._ask(self.wrap_command, bound_to.encode() + b"\0" + data_key)

    def unwrap(self, wrapped: bytes, bound_to: str) -> bytes:
        """The data key again."""
        bound, _, data_key = self._ask(self.unwrap_command, wrapped).partition(b"\0")
        if bound != bound_to.encode():
            raise no_key(self.purpose)
        return data_key

    def _ask(self, command: str, content: bytes) -> bytes:
        said = output_of(command, base64.b64encode(content).decode() + "\n")
        try:
            return base64.b64decode(said, validate=True)
        except (binascii.Error, ValueError):
            raise no_key(self.purpose) from None


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The key new data keys are wrapped with, and older ones that may still be needed."""

    current: Wrapping
    others: tuple[Wrapping, ...] = ()
    purpose: str = VAULT

    def of(self, key_id: str) -> Wrapping:
        """The key of that id. Raises Unavailable when it is not at hand."""
        for key in self.all:
            if key.id == key_id:
                return key
        raise no_key(self.purpose)

    @property
    def all(self) -> tuple[Wrapping, ...]:
        """Every key at hand, the current one first."""
        return (self.current, *self.others)


@dataclass(frozen=True, slots=True)
class KeySource:
    """Where the ring comes from, read anew each time: another process may have rotated it."""

    ring: Callable[[], KeyRing]
    """The keys as they are now."""
    begin_rotation: Callable[[], KeyRing]
    """The ring to wrap everything anew with; what was current is among the others."""
    end_rotation: Callable[[], None]
    """Nothing is wrapped with the old key any more: it goes."""


def keys_at_hand(current: Wrapping, *others: Wrapping, purpose: str = VAULT) -> KeySource:
    """Keys whose owner exchanges them: the new as current, the old among the others, until rotated."""
    ring = KeyRing(current, others, purpose)
    return KeySource(lambda: ring, lambda: ring, lambda: None)


def keys_from_environment(current: str, previous: str, purpose: str = VAULT) -> KeySource:
    """Keys in base64, as environment variables carry them."""
    others = [WrappingKey(read_keys(previous), purpose)] if previous else []
    return keys_at_hand(WrappingKey(read_keys(current), purpose), *others, purpose=purpose)


def keys_from_file(path: Path, *more: Wrapping, purpose: str = VAULT) -> KeySource:
    """Keys in a file only its owner can read, and more that may still be needed.

    Rotation writes the new key beside the old, wraps everything anew in one transaction, then puts
    the new file in the old one's place. Cut short anywhere, both files are there and both are read.
    """
    upcoming = path.with_name(path.name + ".next")

    def ring() -> KeyRing:
        # Once a rotation has begun, nothing new may be wrapped with the key that is to go.
        waiting = key_in(upcoming, purpose)
        current = WrappingKey(load_or_create_keys(path), purpose)
        if waiting:
            return KeyRing(waiting, (current, *more), purpose)
        return KeyRing(current, more, purpose)

    def begin() -> KeyRing:
        load_or_create_keys(upcoming)
        return ring()

    def end() -> None:
        # Of two who rotate at once, the second finds it done.
        with contextlib.suppress(FileNotFoundError):
            upcoming.replace(path)
        _write_through(path.parent)

    return KeySource(ring, begin, end)


def key_in(path: Path, purpose: str) -> WrappingKey | None:
    """The key in a file, where there is one."""
    try:
        return WrappingKey(read_keys(path.read_text(encoding="ascii").strip()), purpose)
    except FileNotFoundError:
        return None


def _write_through(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def no_key(purpose: str) -> Unavailable:
    """The refusal where what is wrapped was wrapped with a key that is not at hand."""
    zh, en = {VAULT: ("保险库的密钥", "key of the vault"), MASTER: ("主密钥", "master key")}[
        purpose
    ]
    name = f"COMPLIANCE_{purpose.upper()}_KEY"
    return Unavailable(
        f"{zh}不对：请检查 {name} 或密钥文件；轮换后旧钥应放在 {name}_PREVIOUS。",
        f"The {en} is another one: check {name} or the key file; after a change the old key "
        f"belongs in {name}_PREVIOUS.",
    )
