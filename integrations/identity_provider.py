"""Sign-in at the company's identity provider: OpenID Connect Core 1.0, authorization code with PKCE.

Provider: its metadata and keys, by discovery. `begin` makes the address to go to and what must be
remembered until the way back; `finish` turns the code into claims that were checked: signature,
issuer, audience, expiry, nonce.
"""

import hmac
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from httpx2 import HTTPError
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from assistant.errors import SignInRefused
from assistant.settings import Settings
from integrations.errors import log_unexpected
from records.errors import BadInput, Unavailable
from records.people import Role

WELL_KNOWN = "/.well-known/openid-configuration"
# Signatures by a key only the provider has; never a shared secret, never "none".
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
LEEWAY_SECONDS = 60
FRESH_SECONDS = 3600.0
TIMEOUT_SECONDS = 10.0
_PLAIN_HOSTS = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True, slots=True)
class Remembered:
    """What ties the way back to the way out; kept sealed by the browser meanwhile."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Known:
    """Whom the provider names: who they are there, their name, the roles their claims give."""

    subject: str
    name: str = field(repr=False)
    roles: frozenset[Role]


class ProviderFailed(Unavailable):
    """The identity provider did not answer as it should."""

    def __init__(self) -> None:
        super().__init__(
            "单位统一登录暂时不可用，请稍后再试，或用本系统的账户登录。",
            "Signing in at your company's provider does not work just now. Try again later, or "
            "use an account here.",
        )


class IdentityProvider:
    """One provider, as set; its metadata and keys are fetched when first needed, then hourly."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._issuer = settings.oidc_issuer.rstrip("/")
        self._lock = threading.Lock()
        self._metadata: dict[str, Any] = {}
        self._keys: KeySet | None = None
        self._fetched_at = float("-inf")

    def begin(self, redirect_uri: str) -> tuple[str, Remembered]:
        """The address to send the browser to, and what to remember. Raises ProviderFailed."""
        remembered = Remembered(*(secrets.token_urlsafe(32) for _ in range(3)))
        metadata = self._known()[0]
        with self._client(redirect_uri) as client:
            address, _ = client.create_authorization_url(
                metadata["authorization_endpoint"],
                state=remembered.state,
                code_verifier=remembered.verifier,
                nonce=remembered.nonce,
            )
        return str(address), remembered

    def finish(
        self, answer: Mapping[str, str], remembered: Remembered, redirect_uri: str, now: float
    ) -> Known:
        """Whom the answer names. Raises SignInRefused for any that does not hold, ProviderFailed."""
        self._is_our_answer(answer, remembered)
        try:
            with self._client(redirect_uri) as client:
                token = client.fetch_token(
                    self._known()[0]["token_endpoint"],
                    code=answer.get("code", ""),
                    code_verifier=remembered.verifier,
                )
        except OAuthError:
            raise SignInRefused from None
        except (HTTPError, ValueError) as error:
            log_unexpected(error, where="identity provider")
            raise ProviderFailed from None
        claims = self._checked(str(token.get("id_token", "")), remembered.nonce, now)
        name = str(claims.get("name") or claims.get("preferred_username") or claims["sub"])
        return Known(f"{self._issuer}#{claims['sub']}", name, self._roles(claims))

    def _is_our_answer(self, answer: Mapping[str, str], remembered: Remembered) -> None:
        state = answer.get("state", "")
        # RFC 9207: an answer that names another issuer is a mix-up.
        named = answer.get("iss", self._issuer).rstrip("/")
        right = hmac.compare_digest(state.encode(), remembered.state.encode())
        if not right or named != self._issuer or "error" in answer or not answer.get("code"):
            raise SignInRefused

    def _checked(self, id_token: str, nonce: str, now: float) -> dict[str, Any]:
        """The claims of a token that holds in every respect. Raises SignInRefused."""
        rules = jwt.JWTClaimsRegistry(
            now=int(now),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "values": [self._issuer, f"{self._issuer}/"]},
            aud={"essential": True, "value": self._settings.oidc_client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            claims = self._decoded(id_token)
            rules.validate(claims)
        except (JoseError, ValueError) as error:
            log_unexpected(error, where="identity provider's token")
            raise SignInRefused from None
        for_us = claims.get("azp", self._settings.oidc_client_id)
        if for_us != self._settings.oidc_client_id or not claims["sub"]:
            raise SignInRefused
        return claims

    def _decoded(self, id_token: str) -> dict[str, Any]:
        try:
            return jwt.decode(id_token, self._known()[1], algorithms=ALGORITHMS).claims
        except InvalidKeyIdError:
            # The provider has changed its keys since.
            return jwt.decode(id_token, self._known(fresh=True)[1], algorithms=ALGORITHMS).claims

    def _roles(self, claims: Mapping[str, Any]) -> frozenset[Role]:
        found: Any = claims
        for part in self._settings.oidc_roles_claim.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
        values = [found] if isinstance(found, str) else found if isinstance(found, list) else []
        mapping = self._settings.oidc_roles
        roles = frozenset(
            mapping[value] for value in values if isinstance(value, str) and value in mapping
        )
        default = self._settings.oidc_default_role
        return roles or (frozenset({default}) if default else frozenset())

    def _known(self, *, fresh: bool = False) -> tuple[dict[str, Any], KeySet]:
        """Metadata and keys. Raises ProviderFailed."""
        with self._lock:
            old = time.monotonic() - self._fetched_at > FRESH_SECONDS
            if self._keys is None or fresh or old:
                self._fetch()
            assert self._keys is not None
            return self._metadata, self._keys

    def _fetch(self) -> None:
        try:
            with self._client("") as client:
                metadata = _json(client, self._issuer + WELL_KNOWN)
                self._is_usable(metadata)
                keys: Any = _json(client, metadata["jwks_uri"])
            self._keys = KeySet.import_key_set(keys)
        except (HTTPError, JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
            log_unexpected(error, where="identity provider")
            raise ProviderFailed from None
        self._metadata, self._fetched_at = metadata, time.monotonic()

    def _is_usable(self, metadata: Mapping[str, Any]) -> None:
        if str(metadata["issuer"]).rstrip("/") != self._issuer:
            raise ValueError("another issuer")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            is_safe_address(str(metadata[name]))

    def _client(self, redirect_uri: str) -> OAuth2Client:
        secret = self._settings.oidc_client_secret
        scopes = dict.fromkeys(["openid", *self._settings.oidc_scopes.split()])
        return OAuth2Client(
            client_id=self._settings.oidc_client_id,
            client_secret=secret.get_secret_value() if secret else None,
            token_endpoint_auth_method="client_secret_basic" if secret else "none",
            scope=" ".join(scopes),
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            timeout=TIMEOUT_SECONDS,
            follow_redirects=False,
        )


def _json(client: OAuth2Client, address: str) -> dict[str, Any]:
    response = client.request("GET", address, withhold_token=True)
    response.raise_for_status()
    found: dict[str, Any] = response.json()
    return found


def provider_of(settings: Settings) -> IdentityProvider | None:
    """The provider as set, or none. Raises BadInput for settings that cannot be right."""
    if not settings.oidc_issuer:
        return None
    try:
        is_safe_address(settings.oidc_issuer)
    except ValueError:
        raise BadInput(
            "COMPLIANCE_OIDC_ISSUER 应为 https 地址。", "COMPLIANCE_OIDC_ISSUER must be https."
        ) from None
    if not settings.oidc_client_id:
        raise BadInput(
            "还缺 COMPLIANCE_OIDC_CLIENT_ID。", "COMPLIANCE_OIDC_CLIENT_ID is missing as well."
        )
    return IdentityProvider(settings)


def is_safe_address(url: str) -> None:
    """Pass for https, or for this machine itself. Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.hostname:
        return
    if parts.scheme == "http" and parts.hostname in _PLAIN_HOSTS:
        return
    raise ValueError("not https")
