"""The headers that every answer of the server carries, whatever made it."""

import base64
import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
POLICY = (
    "default-src 'none'; script-src 'self'{scripts}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; form-action 'self'; "
    "base-uri 'self'; frame-ancestors {framed_by}"
)
NOBODY = b"'none'"
HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"no-referrer",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=(), payment=()",
    b"cross-origin-opener-policy": b"same-origin",
}
# X-Frame-Options knows no list of sites; the policy's `frame-ancestors` says it alone.
FRAMED_HEADERS = {
    name: value
    for name, value in HEADERS.items()
    if name not in {b"x-frame-options", b"cross-origin-opener-policy"}
}
STAFF_HEADERS = {
    **HEADERS,
    # Without it, a form on a page of ours would send no origin to prove where it comes from.
    b"referrer-policy": b"same-origin",
    b"cache-control": b"no-store",
    b"content-security-policy": (
        b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        b"frame-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        b"frame-ancestors 'none'"
    ),
}
WITHHELD = {b"server", b"access-control-allow-origin", b"access-control-allow-credentials"}


def content_security_policy(html: bytes, framed_by: bytes = NOBODY) -> bytes:
    """Return the policy of a page: no script but our files and the inline ones it came with."""
    digests = (hashlib.sha256(script).digest() for script in INLINE_SCRIPT.findall(html))
    hashes = sorted({f" 'sha256-{base64.b64encode(digest).decode()}'" for digest in digests})
    return POLICY.format(scripts="".join(hashes), framed_by=framed_by.decode()).encode()


def with_headers(send: Send, framed_by: bytes = NOBODY) -> Send:
    """Return a sender that sets the headers; a page is held back until its scripts are known.

    `framed_by` is who may show the page in a frame, as a policy says it.
    """
    held: list[Message] = []
    ours = HEADERS if framed_by == NOBODY else FRAMED_HEADERS

    def policy(html: bytes) -> tuple[bytes, bytes]:
        return b"content-security-policy", content_security_policy(html, framed_by)

    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = _safe_headers(message.get("headers", []), ours)
            if _is_of(message, b"text/event-stream"):  # an answer as it comes
                message["headers"].append((b"cache-control", b"no-store"))
            if _is_of(message, b"text/html"):
                held.append(message)
                return
            message["headers"].append(policy(b""))
        elif held:
            held.append(message)
            if message.get("more_body"):
                return
            body = b"".join(part.get("body", b"") for part in held[1:])
            held[0]["headers"].append(policy(body))
            await send(held[0])
            message = {"type": "http.response.body", "body": body}
        await send(message)

    return guarded


def with_staff_headers(send: Send) -> Send:
    """Return a sender that sets the headers of a page which has no inline script or style."""

    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = _safe_headers(message.get("headers", []), STAFF_HEADERS)
        await send(message)

    return guarded


def without_body(send: Send) -> Send:
    """Return a sender of the headers alone."""

    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return guarded


def _safe_headers(
    headers: list[tuple[bytes, bytes]], ours: Mapping[bytes, bytes]
) -> list[tuple[bytes, bytes]]:
    kept = [
        (name, value) for name, value in headers if name.lower() not in WITHHELD | {*HEADERS, *ours}
    ]
    return [*kept, *ours.items()]


def _is_of(start: Message, media_type: bytes) -> bool:
    return any(
        name.lower() == b"content-type" and value.startswith(media_type)
        for name, value in start["headers"]
    )
