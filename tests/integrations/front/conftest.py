"""Signatures as Slack makes them."""

import hashlib
import hmac
from collections.abc import Callable

import pytest

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"


@pytest.fixture
def live_signature() -> Callable[[bytes, str], str]:
    """The signature of raw bytes at a moment."""

    def sign(raw: bytes, moment: str) -> str:
        message = b"v0:" + moment.encode() + b":" + raw
        return "v0=" + hmac.new(SECRET.encode(), message, hashlib.sha256).hexdigest()

    return sign
