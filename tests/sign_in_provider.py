"""An OpenID Connect provider on this machine: small, honest, and dishonest where a test asks."""

import base64
import hashlib
import hmac
import html
import json
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Annotated, Any
from urllib.parse import parse_qs, urlencode, urlsplit

import uvicorn
from fastapi import FastAPI, Form, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from starlette.responses import Response

CLIENT, SECRET = "forum", "a secret: of the client"
PERSON = {"sub": "17", "email": "Anna@Forum.test", "email_verified": True}
PAGE = """<!doctype html><html lang="en"><title>Provider</title><h1>Provider</h1>
<form method="post" action="/authorize">{fields}<button>I am Anna</button></form></html>"""


@dataclass
class SignInProvider:
    """Signs in one person, at once.

    Attributes:
        alter: Changes the claims of an ID token before it is signed.
        algorithm: How that is signed; `none` not at all, `HS256` by the public key as a secret.
        described: What is told in the description otherwise than is true.
        error: What is answered in place of a code.
    """

    issuer: str
    person: dict[str, Any] = field(default_factory=lambda: dict(PERSON))
    alter: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
    algorithm: str = "RS256"
    described: dict[str, Any] = field(default_factory=dict)
    error: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    published: RSAKey | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def app(self) -> FastAPI:
        """Its pages."""
        app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
        app.get("/.well-known/openid-configuration")(self._describe)
        app.get("/keys")(lambda: JSONResponse(self._keys()))
        app.get("/authorize")(self._ask)
        app.post("/authorize")(self._approve)
        app.post("/token")(self._exchange)
        return app

    def _describe(self) -> JSONResponse:
        whole = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }
        return JSONResponse({**whole, **self.described})

    def _keys(self) -> Any:  # noqa: ANN401 - JSON
        return KeySet([self.published or self.key]).as_dict(private=False)

    def _ask(self, request: Request) -> Response:
        asked = dict(request.query_params)
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        hidden = "".join(
            f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
            for name, value in asked.items()
        )
        return HTMLResponse(PAGE.format(fields=hidden))

    async def _approve(self, request: Request) -> Response:
        asked = {name: str(value) for name, value in (await request.form()).items()}
        code = secrets.token_urlsafe()
        self.codes[code] = asked
        told = {"error": self.error} if self.error else {"code": code}
        query = urlencode({**told, "state": asked["state"], "iss": self.issuer})
        return RedirectResponse(f"{asked['redirect_uri']}?{query}", 303)

    def _exchange(
        self,
        request: Request,
        code: Annotated[str, Form()],
        code_verifier: Annotated[str, Form()],
        redirect_uri: Annotated[str, Form()],
    ) -> JSONResponse:
        asked = self.codes.pop(code, None)
        digest = hashlib.sha256(code_verifier.encode()).digest()
        challenge = _packed(digest)
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {basic}":
            return JSONResponse({"error": "invalid_client"}, 401)
        if (
            asked is None
            or asked["code_challenge"] != challenge
            or asked["redirect_uri"] != redirect_uri
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        token = self._signed(self.alter(self._claims(asked["nonce"])))
        return JSONResponse({"access_token": "x", "token_type": "Bearer", "id_token": token})

    def _claims(self, nonce: str) -> dict[str, Any]:
        now = int(time.time())
        own = {"iss": self.issuer, "aud": CLIENT, "nonce": nonce, "iat": now, "exp": now + 300}
        return {**own, **self.person}

    def _signed(self, claims: Mapping[str, Any]) -> str:
        header = {"alg": self.algorithm, "kid": "one"}
        if self.algorithm in ("none", "HS256"):  # no library signs so
            text = ".".join(_packed(json.dumps(part).encode()) for part in (header, claims))
            public = self.key.as_pem(private=False)
            digest = hmac.digest(public, text.encode(), "sha256")
            return f"{text}.{_packed(digest) if self.algorithm == 'HS256' else ''}"
        return jwt.encode(header, dict(claims), self.key, algorithms=[self.algorithm])


def _packed(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


@contextmanager
def served(make: Callable[[str], Any], host: str = "127.0.0.1") -> Iterator[str]:
    """Serve what is made for an address while this lasts; return the address."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    address = f"http://{host}:{listener.getsockname()[1]}"
    server = uvicorn.Server(uvicorn.Config(make(address), log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield address
    finally:
        server.should_exit = True
        thread.join()


def parameters(address: str) -> dict[str, str]:
    """Return the parameters of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
