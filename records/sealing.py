"""Small texts sealed with a key, for columns that hold what must not be read from the database."""

import json
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from records.errors import Unavailable

_NONCE_BYTES = 12


class Sealing:
    """AES-256-GCM (NIST SP 800-38D) over JSON, bound to the number of the row it stands in."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, value: Any, *, row: str) -> bytes:
        """The value, sealed so that it opens in this row only."""
        nonce = os.urandom(_NONCE_BYTES)
        text = json.dumps(value, ensure_ascii=False).encode()
        return nonce + self._cipher.encrypt(nonce, text, row.encode())

    def open(self, sealed: bytes, *, row: str) -> Any:
        """The value. Raises Unavailable with another key, another row or a changed byte."""
        try:
            text = self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], row.encode())
        except (InvalidTag, ValueError) as error:
            raise Unavailable(
                "保存的内容已损坏或密钥已更换，无法读取。",
                "What was stored is damaged or the key has changed; it cannot be read.",
            ) from error
        return json.loads(text)
