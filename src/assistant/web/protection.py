"""What stands between the network and the pages: allowed routes, sizes, headers.

Gradio alone would accept uploads from anybody, answer any origin with credentials, fetch addresses
on request and describe its own interface; only what the chat needs is let through.
"""

import base64
import hashlib
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

BODY_LIMIT = 64 * 1024  # bytes; a question has at most 20,000 characters

POLICY_VIOLATION = 1008  # RFC 6455, section 7.4.1
LONGEST_NUMBER = 18  # digits of a length; Python refuses to read some thousands of them

READING = re.compile(
    r"/(?:|config|theme\.css|favicon\.ico|livez|readyz|documents/.+|site/[\w.-]+"
    r"|(?:assets|static|svelte)/[\w./@+~-]+"
    r"|gradio_api/(?:startup-events|app_id|info|queue/data|heartbeat/[\w-]+))"
)
WRITING = re.compile(r"/gradio_api/(?:queue/join|cancel|reset)")

INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
POLICY = (
    "default-src 'none'; script-src 'self'{scripts}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; form-action 'self'; "
    "base-uri 'self'; frame-ancestors 'none'"
)
HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"no-referrer",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=(), payment=()",
    b"cross-origin-opener-policy": b"same-origin",
}
WITHHELD = {b"server", b"access-control-allow-origin", b"access-control-allow-credentials"}


class Protection:
    """Wraps an application: refuses what is not listed, and sets the headers of all the rest."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection; anything but HTTP and the start-up messages is closed."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, _with_headers(send))
        else:
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        status = _refusal(scope)
        if status is not None:
            await _plain(send, *status)
            return
        scope["headers"] = [
            (name, value) for name, value in scope["headers"] if not name.startswith(b"x-forwarded")
        ]
        body = await _whole_body(receive)
        if body is None:
            await _plain(send, 413, "The request is too large.")
            return
        await self._app(scope, _replay(body, receive), send)


def _refusal(scope: Scope) -> tuple[int, str] | None:
    """Return the status and words for a request that is not let through, None for one that is."""
    method, path = scope["method"], scope["path"]
    headers = dict(scope["headers"])
    if method in ("GET", "HEAD"):
        return None if READING.fullmatch(path) else (404, "Not found.")
    if method != "POST" or not WRITING.fullmatch(path):
        return (405, "Not allowed.") if READING.fullmatch(path) else (404, "Not found.")
    if not _is_own_origin(headers):
        return 403, "Requests from other sites are not accepted."
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or len(length) > LONGEST_NUMBER or int(length) > BODY_LIMIT:
        return 413, "The request is too large."
    return None


def _is_own_origin(headers: dict[bytes, bytes]) -> bool:
    """Tell whether a page of ours sent the request; a program that names no origin may."""
    if headers.get(b"sec-fetch-site", b"same-origin") not in (b"same-origin", b"none"):
        return False
    origin = headers.get(b"origin")
    return origin is None or origin.partition(b"://")[2] == headers.get(b"host")


async def _whole_body(receive: Receive) -> bytes | None:
    """Return the request's body, None where it is larger than allowed, whatever its header says."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return bytes(body)
        body += message.get("body", b"")
        if len(body) > BODY_LIMIT:
            return None
        if not message.get("more_body"):
            return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    """Return a receiver that hands out `body` first and then listens on."""
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def next_message() -> Message:
        return pending.pop() if pending else await receive()

    return next_message


def content_security_policy(html: bytes) -> bytes:
    """Return the policy of a page: no script but our files and the inline ones it came with."""
    digests = (hashlib.sha256(script).digest() for script in INLINE_SCRIPT.findall(html))
    hashes = sorted({f" 'sha256-{base64.b64encode(digest).decode()}'" for digest in digests})
    return POLICY.format(scripts="".join(hashes)).encode()


def _with_headers(send: Send) -> Send:
    """Return a sender that sets the headers; a page is held back until its scripts are known."""
    held: list[Message] = []

    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = _safe_headers(message.get("headers", []))
            if _is_page(message):
                held.append(message)
                return
            message["headers"].append((b"content-security-policy", content_security_policy(b"")))
        elif held:
            held.append(message)
            if message.get("more_body"):
                return
            body = b"".join(part.get("body", b"") for part in held[1:])
            held[0]["headers"].append((b"content-security-policy", content_security_policy(body)))
            await send(held[0])
            message = {"type": "http.response.body", "body": body}
        await send(message)

    return guarded


def _safe_headers(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    kept = [
        (name, value)
        for name, value in headers
        if name.lower() not in WITHHELD and name.lower() not in HEADERS
    ]
    return [*kept, *HEADERS.items()]


def _is_page(start: Message) -> bool:
    return any(
        name.lower() == b"content-type" and value.startswith(b"text/html")
        for name, value in start["headers"]
    )


async def _plain(send: Send, status: int, text: str) -> None:
    body = text.encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
