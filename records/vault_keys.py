"""The key-encryption key of the vault: where it lies, and how it is exchanged for a new one.

It is apart from the master key so that it can be kept elsewhere and rotated. Client keys are
wrapped with it by AES-256-GCM (NIST SP 800-38D), each bound to the number of its client.
"""

import contextlib
import hashlib
import hmac
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from records.errors import Unavailable
from records.keys import Keys, load_or_create_keys, read_keys

_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class WrappingKey:
    """A key-encryption key, known by an id that gives nothing of it away."""

    keys: Keys = field(repr=False)

    @property
    def id(self) -> str:
        """The same for the same key."""
        return hmac.new(self.keys.derive("vault-key-id"), b"id", hashlib.sha256).hexdigest()[:16]

    def wrap(self, data_key: bytes, client_id: str) -> bytes:
        """The data key, readable only with this key and for this client."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher().encrypt(nonce, data_key, client_id.encode())

    def unwrap(self, wrapped: bytes, client_id: str) -> bytes:
        """The data key again. Raises Unavailable where key, client or bytes are others."""
        try:
            nonce, sealed = wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:]
            return self._cipher().decrypt(nonce, sealed, client_id.encode())
        except (InvalidTag, ValueError) as error:
            raise _no_key() from error

    def _cipher(self) -> AESGCM:
        return AESGCM(self.keys.derive("vault"))


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The key new client keys are wrapped with, and older ones that may still be needed."""

    current: WrappingKey
    others: tuple[WrappingKey, ...] = ()

    def of(self, key_id: str) -> WrappingKey:
        """The key of that id. Raises Unavailable when it is not at hand."""
        for key in (self.current, *self.others):
            if key.id == key_id:
                return key
        raise _no_key()


@dataclass(frozen=True, slots=True)
class KeySource:
    """Where the ring comes from, read anew each time: another process may have rotated it."""

    ring: Callable[[], KeyRing]
    """The keys as they are now."""
    begin_rotation: Callable[[], KeyRing]
    """The ring to wrap everything anew with; what was current is among the others."""
    end_rotation: Callable[[], None]
    """Nothing is wrapped with the old key any more: it goes."""


def keys_from_environment(current: str, previous: str) -> KeySource:
    """Keys whose owner exchanges them: the new as current, the old as previous, until rotated."""
    others = (WrappingKey(read_keys(previous)),) if previous else ()
    ring = KeyRing(WrappingKey(read_keys(current)), others)
    return KeySource(lambda: ring, lambda: ring, lambda: None)


def keys_from_file(path: Path) -> KeySource:
    """Keys in a file only its owner can read.

    Rotation writes the new key beside the old, wraps everything anew in one transaction, then puts
    the new file in the old one's place. Cut short anywhere, both files are there and both are read.
    """
    upcoming = path.with_name(path.name + ".next")

    def ring() -> KeyRing:
        # Once a rotation has begun, nothing new may be wrapped with the key that is to go.
        waiting = _existing(upcoming)
        current = WrappingKey(load_or_create_keys(path))
        return KeyRing(waiting, (current,)) if waiting else KeyRing(current)

    def begin() -> KeyRing:
        load_or_create_keys(upcoming)
        return ring()

    def end() -> None:
        # Of two who rotate at once, the second finds it done.
        with contextlib.suppress(FileNotFoundError):
            upcoming.replace(path)
        _write_through(path.parent)

    return KeySource(ring, begin, end)


def _existing(path: Path) -> WrappingKey | None:
    try:
        return WrappingKey(read_keys(path.read_text(encoding="ascii").strip()))
    except FileNotFoundError:
        return None


def _write_through(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _no_key() -> Unavailable:
    return Unavailable(
        "保险库的密钥不对：请检查 COMPLIANCE_VAULT_KEY 或密钥文件；轮换后旧钥应放在 "
        "COMPLIANCE_VAULT_KEY_PREVIOUS。",
        "The key of the vault is another one: check COMPLIANCE_VAULT_KEY or the key file; after a "
        "change the old key belongs in COMPLIANCE_VAULT_KEY_PREVIOUS.",
    )
