"""What we say to Feishu's open platform: one base URL, no redirect followed, the same three errors.

By urllib, not by the SDK: that follows redirects with the app's secret, sets no timeout where it
connects, and takes seconds to import. https://open.feishu.cn/document/server-docs/api-call-guide
"""

import json
import secrets
import threading
import time
import urllib.request
from collections.abc import Callable, Mapping
from http.client import HTTPResponse
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode

from integrations.chat.calls import (
    CallFailed,
    Declined,
    NotDelivered,
    Uncertain,
    open_url,
    read_at_most,
    unreached,
)
from integrations.chat.said import dict_in, text_in
from integrations.feishu.cards import Card, as_json

TIMEOUT_SECONDS = 15
LONGEST_WAIT_SECONDS = 60
MAX_ANSWER = 1024 * 1024
# A token is good for two hours; it is exchanged before.
RENEW_BEFORE_SECONDS = 300

# Too many calls: of the app, to one user, to one chat; and a message with this uuid under way.
# https://open.feishu.cn/document/server-docs/api-call-guide/generic-error-code
WAIT = frozenset({99991400, 11232, 11233, 11247, 230020, 230049})
# The token is not, or no longer, valid.
OLD_TOKEN = frozenset({99991661, 99991663, 99991664, 99991665, 99991668, 99991671, 99991677})


class Feishu:
    """Calls as the app. Raises NotDelivered, Declined, Uncertain or TooLarge, never anything else."""

    def __init__(self, *, base_url: str, app_id: str, app_secret: str) -> None:
        self._base_url = base_url.rstrip("/")
        self._app_id = app_id
        self._app_secret = app_secret
        self._token, self._good_until = "", 0.0
        self._lock = threading.Lock()

    def own_open_id(self) -> str:
        """Our own account, as mentions name it."""
        answer = self._json("GET", "/open-apis/bot/v3/info")
        found = text_in(dict_in(answer.get("bot")).get("open_id"))
        if not found:
            raise Declined("the app has no bot")
        return found

    def send(self, to: str, kind: str, content: str, *, person: bool, uuid: str) -> None:
        """A message into a chat, or to a person by open_id. Once for this uuid, within an hour."""
        query = urlencode({"receive_id_type": "open_id" if person else "chat_id"})
        body = {"receive_id": to, "msg_type": kind, "content": content, "uuid": uuid}
        self._json("POST", f"/open-apis/im/v1/messages?{query}", body)

    def reply(self, message: str, content: Card, *, uuid: str) -> None:
        """A card below a message. Once for this uuid, within an hour."""
        body = {"msg_type": "interactive", "content": as_json(content), "uuid": uuid}
        self._json("POST", f"/open-apis/im/v1/messages/{quote(message, safe='')}/reply", body)

    def upload(self, name: str, data: bytes) -> str:
        """The key of a file, to be sent then."""
        body, kind = _multipart({"file_type": "stream", "file_name": name}, name, data)
        answer = self._json("POST", "/open-apis/im/v1/files", body, content_type=kind)
        return text_in(dict_in(answer.get("data")).get("file_key"))

    def download(self, message: str, key: str, kind: str, *, most: int) -> bytes:
        """The bytes of a file of a message, `kind` file or image."""
        path = (
            f"/open-apis/im/v1/messages/{quote(message, safe='')}/resources/{quote(key, safe='')}"
        )
        request = self._request("GET", f"{path}?{urlencode({'type': kind})}", None, self.token())
        return _certain(lambda: _read(request, most))

    def token(self) -> str:
        """The token of the app in its tenant."""
        with self._lock:
            if time.monotonic() > self._good_until:
                secret = {"app_id": self._app_id, "app_secret": self._app_secret}
                path = "/open-apis/auth/v3/tenant_access_token/internal"
                answer = self._asked("POST", path, secret, "")
                self._token = text_in(answer.get("tenant_access_token"))
                lasts = answer.get("expire")
                lasts = lasts if isinstance(lasts, int) else 0
                self._good_until = time.monotonic() + max(lasts - RENEW_BEFORE_SECONDS, 1)
            return self._token

    def _json(self, method: str, path: str, body: Any = None, **more: str) -> Mapping[str, Any]:
        """The answer to a call as the app; the token is exchanged where Feishu says that it is old."""
        try:
            return self._asked(method, path, body, self.token(), **more)
        except _OldToken:
            self._good_until = 0.0
            return self._asked(method, path, body, self.token(), **more)

    def _asked(
        self, method: str, path: str, body: Any, token: str, content_type: str = ""
    ) -> Mapping[str, Any]:
        request = self._request(method, path, body, token, content_type)
        raw = _certain(lambda: _read(request, MAX_ANSWER))
        return _settled(200, raw, {})

    def _request(
        self, method: str, path: str, body: Any, token: str, content_type: str = ""
    ) -> urllib.request.Request:
        data = body if isinstance(body, bytes) or body is None else as_json(body).encode()
        headers = {"Content-Type": content_type or "application/json; charset=utf-8"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        return urllib.request.Request(  # noqa: S310 - the address is a setting
            self._base_url + path, data=data, method=method, headers=headers
        )


class _OldToken(NotDelivered):
    """Feishu takes the token for none, so nothing was done."""


def _certain(call: Callable[[], bytes]) -> bytes:
    """The bytes that came back, or one of our errors."""
    try:
        return call()
    except CallFailed:
        raise
    except HTTPError as error:
        with error:
            raw = error.read(MAX_ANSWER)
        _settled(error.code, raw, dict(error.headers))
        raise Declined(f"status {error.code}") from None
    except URLError as error:
        raise unreached(error) from None
    except Exception as error:
        raise Uncertain(type(error).__name__) from None


def _settled(status: int, raw: bytes, headers: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answer's body where Feishu did it; one of our errors, with its code alone, otherwise."""
    try:
        answer = dict_in(json.loads(raw))
    except (ValueError, RecursionError):
        answer = {}
    code = answer.get("code")
    if code == 0 and status == 200:
        return answer
    if status == 429 or code in WAIT:
        raise NotDelivered(f"rate limit {code or status}", wait_seconds(headers))
    if code in OLD_TOKEN:
        raise _OldToken(f"code {code}")
    if status >= 500 or not isinstance(code, int):
        raise Uncertain(f"status {status}")
    raise Declined(f"code {code}")


def _read(request: urllib.request.Request, most: int) -> bytes:
    answer: HTTPResponse
    end = time.monotonic() + 4 * TIMEOUT_SECONDS
    with open_url(request, TIMEOUT_SECONDS) as answer:
        return read_at_most(answer, most, until=end)


def wait_seconds(headers: Mapping[str, Any]) -> int:
    """How long we are asked to wait, a minute at most."""
    named = {name.lower(): str(value) for name, value in headers.items()}
    asked = named.get("x-ogw-ratelimit-reset") or named.get("retry-after") or "1"
    return min(int(asked), LONGEST_WAIT_SECONDS) if asked.isdecimal() else 1


def _multipart(fields: Mapping[str, str], name: str, data: bytes) -> tuple[bytes, str]:
    """The body of an upload and its content type."""
    boundary = secrets.token_hex(16)
    safe = "".join("_" if one in '"\\\r\n' else one for one in name)
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in fields.items()
    ]
    parts.append(
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{safe}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    body = "".join(parts).encode() + data + f"\r\n--{boundary}--\r\n".encode()
    return body, f"multipart/form-data; boundary={boundary}"
