"""An identity provider on loopback: metadata, keys, a page to sign in at, tokens it signed."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT = "compliance"
KEY = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"})


class Provider:
    """Answers as a provider does; `claims`, `key` and `header` bend the next token."""

    def __init__(self, now: float) -> None:
        self.asked: dict[str, list[str]] = {}
        self.claims: dict[str, Any] = {}
        self.key: Any = KEY
        self.header = {"alg": "RS256", "kid": "k1"}
        self.issuer_in_metadata = ""
        self.status = 200
        self.url = ""
        self.now = now

    def metadata(self) -> dict[str, str]:
        return {
            "issuer": self.issuer_in_metadata or self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
        }

    def page(self, address: str) -> str:
        """Where somebody agrees to be named; pressed, it leads back with a code."""
        self.asked = parse_qs(urlsplit(address).query)
        answer = {"code": "good-code", "state": self.asked["state"][0], "iss": self.url}
        back = f"{self.asked['redirect_uri'][0]}?{urlencode(answer)}"
        return f'<!doctype html><title>SSO</title><a id="agree" href="{escape(back)}">OK</a>'

    def token(self, form: dict[str, list[str]]) -> tuple[int, dict[str, Any]]:
        challenge = create_s256_code_challenge(form["code_verifier"][0])
        if [challenge] != self.asked["code_challenge"] or form["code"] != ["good-code"]:
            return 400, {"error": "invalid_grant"}
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "sub": "u-1",
            "name": "林晓",
            "groups": ["legal", "everybody"],
            "iat": int(self.now),
            "exp": int(self.now) + 300,
            "nonce": self.asked["nonce"][0],
        } | self.claims
        claims = {name: value for name, value in claims.items() if value is not None}
        signed = jwt.encode(self.header, claims, self.key, algorithms=["RS256", "HS256", "none"])
        return 200, {"access_token": "a", "token_type": "Bearer", "id_token": signed}


@contextmanager
def provider_at(host: str, now: float) -> Iterator[Provider]:
    """The provider, listening on loopback under this name; `now`: seconds since 1970, of its tokens."""
    imitation = Provider(now)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/keys":
                self._send(200, {"keys": [KEY.as_dict(private=False)]})
            elif self.path.startswith("/authorize?"):
                self._write(200, "text/html", imitation.page(self.path))
            else:
                self._send(imitation.status, imitation.metadata())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._send(*imitation.token(parse_qs(body)))

        def _send(self, status: int, content: object) -> None:
            self._write(status, "application/json", json.dumps(content))

        def _write(self, status: int, kind: str, content: str) -> None:
            data = content.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    imitation.url = f"http://{host}:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield imitation
    server.shutdown()
    server.server_close()
