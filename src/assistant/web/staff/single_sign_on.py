"""Sign in by OpenID Connect: the authorization code flow, with PKCE, state and nonce.

What a browser must bring back lies in a signed cookie of ten minutes, and counts once. Tokens are
checked by authlib and joserfc; here stands only what is asked of them.
"""

import hmac
import json
import re
import secrets
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import certifi
import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from itsdangerous import BadData, URLSafeTimedSerializer
from joserfc import jwt
from joserfc.errors import BadSignatureError, ClaimError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from assistant.domain.errors import SignOnError
from assistant.domain.networks import is_https_or_local
from assistant.domain.roles import ClaimRoles
from assistant.records.accounts import Account, Accounts
from assistant.records.history import History

LIFETIME = 10 * 60  # seconds that somebody may take to sign in
FRESH = 10 * 60  # seconds that the provider's description of itself is kept
REST = 15  # seconds that the provider is left alone after it failed
PATIENCE = 10  # seconds for an answer of the provider
LARGEST = 512 * 1024  # bytes of one
LARGEST_TOKEN = 64 * 1024  # bytes of the claims of an ID token: some bring hundreds of groups
LEEWAY = 60  # seconds that clocks may differ
SIGNED_BY = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
    "Ed25519",
)  # fmt: skip
"""Signatures by a key that only the provider has."""
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")

NOT_BEGUN = (
    "This sign-in was not begun in this browser, or longer than ten minutes ago, or is done "
    "already. Begin anew."
)
BUSY = "The provider is asked just now. Try again in some seconds, or use a password."
REASONS = {
    "iss": "it comes from another issuer",
    "aud": "it is meant for another client",
    "azp": "it is meant for another client",
    "nonce": "it belongs to another sign-in",
    "exp": "it has expired; are the clocks of both servers right?",
    "iat": "it is from the future; are the clocks of both servers right?",
}


@dataclass(frozen=True, slots=True)
class Provider:
    """Who signs staff in, as it is configured.

    Attributes:
        return_to: Our address to which it sends people back.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    return_to: str
    roles: ClaimRoles


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that has begun: where the browser goes, and what it brings back."""

    address: str
    cookie: str


class SingleSignOn:
    """Signs staff in. Safe to use from several threads; whatever fails raises SignOnError."""

    def __init__(
        self,
        provider: Provider,
        *,
        clock: Callable[[], float] = time.monotonic,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self._provider = provider
        self._clock = clock
        self._transport = transport or _Bounded()
        self._signer = URLSafeTimedSerializer(secrets.token_bytes(32), salt="single sign-on")
        self._lock = threading.Lock()
        self._used: dict[str, float] = {}
        self._described: tuple[float, Mapping[str, Any]] | None = None
        self._failed: tuple[float, str] | None = None
        self._asking = threading.Lock()

    @property
    def name(self) -> str:
        """What the button calls the provider."""
        return urlsplit(self._provider.issuer).hostname or self._provider.issuer

    def begin(self) -> Begun:
        """Begin a sign-in."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        described = self._description()
        with self._client(described) as client:
            address, _ = client.create_authorization_url(
                described["authorization_endpoint"],
                state=state,
                nonce=nonce,
                code_verifier=verifier,
            )
        return Begun(str(address), self._signer.dumps([state, nonce, verifier]))

    def claims(self, cookie: str, answer: Mapping[str, str]) -> Mapping[str, Any]:
        """Return who somebody is that comes back with an answer of the provider."""
        try:
            state, nonce, verifier = self._signer.loads(cookie, max_age=LIFETIME)
        except BadData as exc:
            raise SignOnError(NOT_BEGUN) from exc
        if not hmac.compare_digest(state.encode(), answer.get("state", "").encode()):
            raise SignOnError(NOT_BEGUN)
        self._use(state)
        if answer.get("iss", self._provider.issuer) != self._provider.issuer:
            raise _refused(REASONS["iss"])
        if error := answer.get("error", ""):
            told = error if re.fullmatch(r"[a-z_]{1,60}", error) else "no reason"
            msg = f"{self.name} did not sign you in ({told}). Try again, or ask whoever runs it."
            raise SignOnError(msg)
        return self._exchanged(answer.get("code", ""), nonce, verifier)

    def account(self, claims: Mapping[str, Any], accounts: Accounts, history: History) -> Account:
        """Return the account of somebody, linked or made where this is the first time.

        One that was made here follows the roles of the provider; one that staff made keeps its own.
        """
        subject = f"{self._provider.issuer} {claims['sub']}"
        role = self._provider.roles.role(claims)
        found = accounts.of_subject(subject) or self._by_address(claims, accounts)
        if found is None:
            address = str(claims["email"])
            if role is None:
                msg = f"There is no account for {address}. An administrator can add one."
                raise SignOnError(msg)
            made = accounts.add(address, role, subject=subject)
            history.add(made.name, "account.add", made.name, f"single sign-on, {role.value}")
            return made
        if found.disabled:
            msg = f"The account {found.name} is disabled. An administrator can enable it."
            raise SignOnError(msg)
        if not found.subject:
            accounts.link(found.name, subject)
            history.add(found.name, "account.link", found.name, self.name)
        elif not found.hash and self._provider.roles.claim and role is not found.role:
            if role is None:
                msg = f"{self.name} gives you no role here any more. Ask whoever runs it."
                raise SignOnError(msg)
            accounts.set_role(found.name, role)
            history.add(found.name, "account.role", found.name, f"single sign-on, {role.value}")
        return accounts.get(found.name)

    def _by_address(self, claims: Mapping[str, Any], accounts: Accounts) -> Account | None:
        """Return the account of a verified address that nobody else of the provider has."""
        if not claims.get("email") or claims.get("email_verified") not in (True, "true"):
            msg = (
                f"{self.name} does not say that your e-mail address is verified. Have it verified "
                "there, and sign in again."
            )
            raise SignOnError(msg)
        found = accounts.find(str(claims["email"]))
        if found and found.subject:
            msg = (
                f"The account {found.name} belongs to somebody else at {self.name}. If that was "
                "you, an administrator can remove it and add it anew."
            )
            raise SignOnError(msg)
        return found

    def _use(self, state: str) -> None:
        """Take note that a sign-in came back, once."""
        now = self._clock()
        with self._lock:
            self._used = {each: at for each, at in self._used.items() if now - at < LIFETIME}
            if state in self._used:
                raise SignOnError(NOT_BEGUN)
            self._used[state] = now

    def _exchanged(self, code: str, nonce: str, verifier: str) -> Mapping[str, Any]:
        described = self._description()
        try:
            with self._client(described) as client:
                tokens = client.fetch_token(
                    described["token_endpoint"],
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=verifier,
                    redirect_uri=self._provider.return_to,
                )
        except AuthlibBaseError as exc:
            msg = f"{self.name} does not take the sign-in back ({exc.error}). Begin anew."
            raise SignOnError(msg) from exc
        except (httpx2.HTTPError, ValueError) as exc:
            raise self._unreachable(described["token_endpoint"], exc) from exc
        keys = self._fetched(described["jwks_uri"])
        try:
            return _validated(tokens, keys, self._provider, nonce)
        except (JoseError, ValueError, TypeError, KeyError) as exc:
            raise _refused(_reason(exc)) from exc

    def _description(self) -> Mapping[str, Any]:
        """Return what the provider says of itself.

        Anybody may press the button, so one asks at a time, and rarely while that fails: those who
        waited for it would be in the way of all other pages.
        """
        now = self._clock()
        with self._lock:
            known, failed = self._described, self._failed
        if known and now - known[0] < FRESH:
            return known[1]
        if failed and now - failed[0] < REST:
            raise SignOnError(failed[1])
        if not self._asking.acquire(blocking=False):
            if known:
                return known[1]
            raise SignOnError(BUSY)
        try:
            found = self._described_anew()
        except SignOnError as exc:
            with self._lock:
                self._failed = (self._clock(), str(exc))
            raise
        finally:
            self._asking.release()
        with self._lock:
            self._described, self._failed = (self._clock(), found), None
        return found

    def _described_anew(self) -> Mapping[str, Any]:
        issuer = self._provider.issuer
        found = self._fetched(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != issuer:
            msg = (
                f"The provider at {issuer} calls itself {found.get('issuer')!r:.200}. Whoever runs "
                "the server sets FORUM_OIDC_ISSUER to exactly what it calls itself."
            )
            raise SignOnError(msg)
        for name in ENDPOINTS:
            if not is_https_or_local(str(found.get(name, ""))):
                msg = f"The provider at {issuer} names no {name} that can be used over https."
                raise SignOnError(msg)
        return found

    def _fetched(self, address: str) -> dict[str, Any]:
        try:
            with httpx2.Client(transport=self._transport_for_one, timeout=PATIENCE) as client:
                response = client.get(address)
                response.raise_for_status()
                found = json.loads(response.content)
        except (httpx2.HTTPError, ValueError) as exc:
            raise self._unreachable(address, exc) from exc
        if not isinstance(found, dict):
            raise self._unreachable(address, ValueError("no JSON object"))
        return found

    @property
    def _transport_for_one(self) -> httpx2.BaseTransport:
        """The transport, which stays open when a client that uses it is closed."""
        return _Lent(self._transport)

    def _client(self, described: Mapping[str, Any]) -> Any:  # noqa: ANN401 - has no types
        methods = described.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        posts = "client_secret_basic" not in methods and "client_secret_post" in methods
        method = "client_secret_post" if posts else "client_secret_basic"
        return OAuth2Client(
            self._provider.client_id,
            self._provider.client_secret or None,
            token_endpoint_auth_method=method if self._provider.client_secret else "none",
            scope="openid email profile",
            redirect_uri=self._provider.return_to,
            code_challenge_method="S256",
            transport=self._transport_for_one,
            timeout=PATIENCE,
        )

    def _unreachable(self, address: str, cause: Exception) -> SignOnError:
        reason = str(cause).partition("\n")[0] or type(cause).__name__
        host = urlsplit(address).hostname
        msg = f"{host} cannot be asked just now ({reason:.200}). Try again, or use a password."
        return SignOnError(msg)


def _validated(
    tokens: Mapping[str, Any], keys: Mapping[str, Any], provider: Provider, nonce: str
) -> Mapping[str, Any]:
    """Return the claims of an ID token that is what it must be; raises what the libraries raise."""
    registry = JWSRegistry(algorithms=list(SIGNED_BY), strict_check_header=False)
    registry.max_payload_length = LARGEST_TOKEN
    key_set = KeySet.import_key_set(keys)  # type: ignore[arg-type] # checked by itself
    token = jwt.decode(str(tokens["id_token"]), key_set, registry=registry)
    claims = CodeIDToken(
        token.claims,
        token.header,
        {
            "iss": {"essential": True, "value": provider.issuer},
            "aud": {"essential": True, "value": provider.client_id},
            "sub": {"essential": True},
        },
        {
            "nonce": nonce,
            "client_id": provider.client_id,
            "access_token": tokens.get("access_token"),
        },
    )
    claims.validate(leeway=LEEWAY)
    return dict(claims)


def _refused(reason: str) -> SignOnError:
    return SignOnError(f"The answer of the provider is refused: {reason}. Begin anew.")


def _reason(exc: Exception) -> str:
    if isinstance(exc, ClaimError):
        return REASONS.get(exc.claim, f"its claim {exc.claim!r} is missing or wrong")
    if isinstance(exc, BadSignatureError):
        return "its signature is wrong"
    return "it is not signed as it must be"


class _Bounded(httpx2.BaseTransport):
    """Fetches what is not too large and comes in time."""

    def __init__(self) -> None:
        context = ssl.create_default_context()
        context.load_verify_locations(certifi.where())
        self._inner = httpx2.HTTPTransport(verify=context)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        if not is_https_or_local(str(request.url)):
            msg = "it is asked over https only"
            raise httpx2.UnsupportedProtocol(msg)
        request.headers["accept-encoding"] = "identity"  # what is packed has no size to hold it to
        until = time.monotonic() + PATIENCE
        response = self._inner.handle_request(request)
        body = bytearray()
        try:
            if response.headers.get("content-encoding", "identity") != "identity":
                msg = "the answer is packed"
                raise httpx2.DecodingError(msg)
            for piece in response.iter_raw():
                body += piece
                if len(body) > LARGEST or time.monotonic() > until:
                    msg = "the answer is too large or too slow"
                    raise httpx2.ReadError(msg)
        finally:
            response.close()
        kind = response.headers.get("content-type", "")
        return httpx2.Response(
            response.status_code, headers={"content-type": kind}, content=bytes(body)
        )


class _Lent(httpx2.BaseTransport):
    """A transport that is not closed by whoever uses it."""

    def __init__(self, lent: httpx2.BaseTransport) -> None:
        self._lent = lent

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        return self._lent.handle_request(request)
