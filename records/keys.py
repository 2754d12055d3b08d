"""One master key and the keys derived from it, a separate one for each purpose."""

import base64
import binascii
import contextlib
import os
import shlex
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from records.errors import BadInput, Unavailable

KEY_BYTES = 32
KEY_COMMAND_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys for each purpose, from one master key by HKDF (RFC 5869)."""

    master: bytes = field(repr=False)

    def derive(self, purpose: str) -> bytes:
        """The 32-byte key for one purpose, the same at every start."""
        info = f"compliance-assistant/{purpose}".encode()
        return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(self.master)


def read_keys(encoded: str) -> Keys:
    """Keys from a base64 master key, as an environment variable carries it."""
    try:
        master = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        master = b""
    if len(master) != KEY_BYTES:
        raise BadInput(
            "主密钥应为 32 字节的 base64。可用 openssl rand -base64 32 生成。",
            "The master key must be 32 bytes in base64; make one with: openssl rand -base64 32",
        )
    return Keys(master)


def keys_from_command(command: str) -> Keys:
    """Keys a command prints in base64, such as a call to a key service. Raises Unavailable."""
    return read_keys(output_of(command))


def output_of(command: str, given: str = "") -> str:
    """What a command of a key service prints, given a text on its input. No shell is between.

    Raises Unavailable where it fails or takes long; what it printed is told nobody.
    """
    try:
        ended = subprocess.run(  # noqa: S603 - the administrator's own setting
            shlex.split(command),
            input=given,
            capture_output=True,
            text=True,
            timeout=KEY_COMMAND_SECONDS,
            check=True,
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        raise Unavailable(
            "密钥服务的命令没有成功，请核对 COMPLIANCE_MASTER_…_COMMAND 或 COMPLIANCE_VAULT_KEY_COMMAND。",
            "The command of the key service failed; check COMPLIANCE_MASTER_…_COMMAND or "
            "COMPLIANCE_VAULT_KEY_COMMAND.",
        ) from None
    return ended.stdout.strip()


def load_or_create_keys(path: Path) -> Keys:
    """Keys from a file only its owner can read; made on first use."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        _create(path)
    return read_keys(path.read_text(encoding="ascii").strip())


def _create(path: Path) -> None:
    """Write a new key, whole or not at all; of two first starts, one wins and both read it."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent)  # readable by its owner only
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(base64.b64encode(os.urandom(KEY_BYTES)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        Path(draft).unlink()
