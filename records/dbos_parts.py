"""What DBOS is given: the workflow of a job and of a turn, what seals its rows, its file on SQLite."""

import base64
import os
import pickle
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from dbos import DBOS, Serializer
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

Payload = Mapping[str, str]

WORKFLOW = "job"
NONCE_BYTES = 12
ATTEMPTS = 3


def workflow(perform: Callable[[str, Payload], None]) -> Callable[[str, Payload], None]:
    """The one DBOS workflow, of a single retried step; DBOS marks functions, so no method."""

    @DBOS.step(name="perform", retries_allowed=True, max_attempts=ATTEMPTS)
    def step(kind: str, payload: Payload) -> None:
        perform(kind, payload)

    @DBOS.workflow(name=WORKFLOW)
    def job(kind: str, payload: Payload) -> None:
        step(kind, payload)

    return job


def turn_of(take: Callable[[str], None]) -> Callable[[datetime, Any], None]:
    """The DBOS workflow behind every scheduled task; `context` is the name of the task."""

    @DBOS.workflow(name="turn")
    def turn(scheduled_at: datetime, context: Any) -> None:
        take(str(context))

    return turn


def is_sqlite(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"


def prepare_sqlite(url: str) -> None:
    """Write-ahead logging, which stays with the file: a job is written down three times as fast."""
    if is_sqlite(url):
        engine = create_engine(url)
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        engine.dispose()


class SealedSerializer(Serializer):
    """AES-256-GCM around pickle: only what this key sealed is ever unpickled."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def serialize(self, data: Any) -> str:
        nonce = os.urandom(NONCE_BYTES)
        sealed = nonce + self._cipher.encrypt(nonce, pickle.dumps(data), None)
        return base64.b64encode(sealed).decode("ascii")

    def deserialize(self, serialized_data: str) -> Any:
        sealed = base64.b64decode(serialized_data)
        opened = self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None)
        return pickle.loads(opened)  # noqa: S301 - authenticated above

    def name(self) -> str:
        return "sealed_pickle"
