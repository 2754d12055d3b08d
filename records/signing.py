"""Signed statements: JSON with an Ed25519 signature (RFC 8032) that anybody can check.

What is signed is the canonical form of the body: keys sorted, no blanks, UTF-8. A purpose stands
before it, so that a statement of one kind never passes for another.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from records.errors import BadInput

LARGEST_BYTES = 16 * 1024 * 1024
_RAW_KEY_BYTES = 32


class BadSignature(BadInput):
    """The statement is not what was signed, or was signed by somebody else."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs in the name of this installation, with a key derived from its master key."""

    seed: bytes = field(repr=False)

    @property
    def public_key(self) -> str:
        """The public key in base64, to be given to whoever checks."""
        return _encode(self._key().public_key().public_bytes_raw())

    def sign(self, purpose: str, body: Mapping[str, Any]) -> str:
        """The statement as JSON text, its public key beside the signature."""
        signature = self._key().sign(_signed_bytes(purpose, body))
        statement = {
            "purpose": purpose,
            "body": body,
            "signature": {
                "algorithm": "Ed25519",
                "public_key": self.public_key,
                "value": _encode(signature),
            },
        }
        return json.dumps(statement, ensure_ascii=False, indent=2) + "\n"

    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement whose signature holds."""

    purpose: str
    body: Mapping[str, Any]


def verify(untrusted_text: str | bytes, public_key: str) -> Statement:
    """The statement, if this key signed it just so. Raises BadSignature. Needs nothing else."""
    statement = _read(untrusted_text)
    try:
        purpose, body = statement["purpose"], statement["body"]
        signature = base64.b64decode(statement["signature"]["value"], validate=True)
        stated = str(statement["signature"]["public_key"])
    except (KeyError, TypeError, ValueError) as error:
        raise _unreadable() from error
    if not isinstance(purpose, str) or not isinstance(body, dict):
        raise _unreadable()
    if stated != public_key.strip():
        raise BadSignature(
            "这份文件是用另一把密钥签名的。请核对公钥：应向出具方另行取得，不能只看文件自带的。",
            "Another key signed this. Check the public key: get it from the issuer by another "
            "way, not from the file itself.",
        )
    try:
        read_public_key(public_key).verify(signature, _signed_bytes(purpose, body))
    except InvalidSignature as error:
        raise BadSignature(
            "签名不符：内容在签名之后被改动过，请勿采信。",
            "The signature does not hold: the content was changed after it was signed.",
        ) from error
    return Statement(purpose, body)


def read_public_key(text: str) -> Ed25519PublicKey:
    """A public key in base64. Raises BadSignature."""
    try:
        raw = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != _RAW_KEY_BYTES:
        raise BadSignature(
            "公钥应为 32 字节的 base64，可用 compliance vault public-key 取得。",
            "The public key must be 32 bytes in base64; get it by: compliance vault public-key",
        )
    return Ed25519PublicKey.from_public_bytes(raw)


def _read(untrusted_text: str | bytes) -> dict[str, Any]:
    if len(untrusted_text) > LARGEST_BYTES:
        raise _unreadable()
    try:
        statement = json.loads(untrusted_text, object_pairs_hook=_no_key_twice)
    except (ValueError, RecursionError) as error:
        raise _unreadable() from error
    if not isinstance(statement, dict):
        raise _unreadable()
    return statement


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Two readers may take different ones of a doubled key; the signature covers only one."""
    read = dict(pairs)
    if len(read) != len(pairs):
        raise ValueError("a key stands twice")
    return read


def _unreadable() -> BadSignature:
    return BadSignature(
        "这不是本系统出具的签名文件，或已损坏。请提供 .json 原件。",
        "This is no signed statement of this product, or it is damaged. Give the .json file.",
    )


def _signed_bytes(purpose: str, body: Mapping[str, Any]) -> bytes:
    canonical = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"compliance-assistant/{purpose}\n{canonical}".encode()


def _encode(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
