"""What a request must be before anything else looks at it: signed, fresh, new and well-formed.

https://docs.slack.dev/authentication/verifying-requests-from-slack. Bolt's own check is not used:
it decodes before it verifies, and a timestamp that is no number raises.
"""

import hashlib
import hmac
import json
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

MAX_BYTES = 1024 * 1024
MAX_AGE_SECONDS = 5 * 60
MAX_DEPTH = 40
MAX_FIELDS = 200
# About twelve minutes at 50 requests a second, more than twice the window.
REMEMBERED = 40_000

_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"


class Refused(Exception):
    """The request is not taken: an HTTP status and a word that quotes nothing of it."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class SeenSignatures:
    """The signatures of requests already taken, so that a recorded request cannot be sent again.

    In memory: after a restart a replay is still one job, because jobs are known by their event.
    """

    def __init__(self, limit: int = REMEMBERED) -> None:
        self._limit = limit
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def __contains__(self, signature: str) -> bool:
        with self._lock:
            return signature in self._seen

    def add(self, signature: str) -> None:
        """Remember it. Only for requests that were taken: Slack repeats one that failed."""
        with self._lock:
            self._seen[signature] = None
            while len(self._seen) > self._limit:
                self._seen.popitem(last=False)


def verify(
    raw: bytes, headers: Mapping[str, list[str]], *, secret: str, now: float, seen: SeenSignatures
) -> str:
    """The signature, if the raw bytes were signed by Slack in the last five minutes, and not seen.

    `headers` by lower-case name. Raises Refused.
    """
    timestamp = _only(headers, "x-slack-request-timestamp")
    signature = _only(headers, "x-slack-signature")
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):
        raise Refused(401, "timestamp")
    if abs(now - int(timestamp)) > MAX_AGE_SECONDS:
        raise Refused(401, "stale")
    message = b"v0:" + timestamp.encode() + b":" + raw
    expected = "v0=" + hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
    # Bytes: comparing text that is not ASCII raises.
    if not hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace")):
        raise Refused(401, "signature")
    if signature in seen:
        raise Refused(401, "replayed")
    return signature


@dataclass(frozen=True, slots=True)
class Body:
    """A body that Bolt can parse, and Slack's word for what it is; "" for a command."""

    text: str
    type: str


def read_body(raw: bytes, content_type: str) -> Body:
    """The body, once it is certain that Bolt can parse it. Raises Refused."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(400, "encoding") from None
    kind = content_type.partition(";")[0].strip().lower()
    if kind == _JSON:
        found = _parsed(text)
        _check_event(found)
    elif kind == _FORM:
        fields = _form(text)
        found = _parsed(fields["payload"]) if "payload" in fields else {}
        _check_interaction(found)
    else:
        raise Refused(415, "content type")
    stated = found.get("type")
    return Body(text, stated if isinstance(stated, str) else "")


def _only(headers: Mapping[str, list[str]], name: str) -> str:
    values = headers.get(name, [])
    if len(values) != 1:
        raise Refused(401, "headers")
    return values[0]


def _form(text: str) -> dict[str, str]:
    try:
        return dict(
            parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
        )
    except ValueError:
        raise Refused(400, "form") from None


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise Refused(400, "json") from None


def _check_event(body: Any) -> None:
    """Bolt reads these without asking what they are."""
    _check_shape(body)
    if body.get("type") == "event_callback" and not isinstance(body.get("event"), dict):
        raise Refused(400, "event")
    authorizations = body.get("authorizations") or []
    if not isinstance(authorizations, list) or not all(
        isinstance(one, dict) for one in authorizations
    ):
        raise Refused(400, "authorizations")


def _check_interaction(body: Any) -> None:
    """The same for buttons, shortcuts and forms."""
    _check_shape(body)
    kind, view, actions = body.get("type"), body.get("view"), body.get("actions", [{}])
    named = (body, view) if isinstance(view, dict) else (body,)
    if not all(isinstance(one.get("callback_id", ""), str) for one in named):
        raise Refused(400, "interaction")
    if kind in ("view_submission", "view_closed") and not (
        isinstance(view, dict) and isinstance(view.get("type"), str)
    ):
        raise Refused(400, "interaction")
    if not (isinstance(actions, list) and actions and all(map(_is_action, actions))):
        raise Refused(400, "interaction")


def _is_action(one: object) -> bool:
    return isinstance(one, dict) and isinstance(one.get("action_id", ""), str)


def _check_shape(body: Any) -> None:
    if not isinstance(body, dict):
        raise Refused(400, "shape")
    for name in ("event", "team", "user", "channel", "message", "view", "item"):
        if not isinstance(body.get(name, ""), str | dict | None):
            raise Refused(400, "shape")
    level: list[Any] = [body]
    for _ in range(MAX_DEPTH):
        level = [child for one in level for child in _children(one)]
        if not level:
            return
    raise Refused(400, "depth")


def _children(value: Any) -> list[Any]:
    held = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [one for one in held if isinstance(one, dict | list)]
