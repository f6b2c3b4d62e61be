"""The headers that every answer of the server carries, whatever made it."""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors {framed_by}"
)
NOBODY = b"'none'"
HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    # Without it, a form on a page of ours would send no origin to prove where it comes from.
    b"referrer-policy": b"same-origin",
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
    b"cache-control": b"no-store",
    b"content-security-policy": (
        b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        b"frame-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        b"frame-ancestors 'none'"
    ),
}
WITHHELD = {b"server", b"access-control-allow-origin", b"access-control-allow-credentials"}


def with_headers(send: Send, framed_by: bytes = NOBODY) -> Send:
    """Return a sender that sets the headers.

    `framed_by` is who may show the page in a frame, as a policy says it.
    """
    ours = HEADERS if framed_by == NOBODY else FRAMED_HEADERS
    policy = b"content-security-policy", POLICY.format(framed_by=framed_by.decode()).encode()

    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*_safe_headers(message.get("headers", []), ours), policy]
            if _is_of(message, b"text/event-stream"):  # an answer as it comes
                message["headers"].append((b"cache-control", b"no-store"))
        await send(message)

    return guarded


def with_staff_headers(send: Send, base: str = "") -> Send:
    """Return a sender that sets the headers of a staff page.

    `base` is the path below which the site is served; the way to another page leads there.
    """

    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = _safe_headers(message.get("headers", []), STAFF_HEADERS)
            message["headers"] = [_below(base, *header) for header in headers]
        await send(message)

    return guarded


def _below(base: str, name: bytes, value: bytes) -> tuple[bytes, bytes]:
    is_way = name.lower() == b"location" and value.startswith(b"/")
    return name, base.encode() + value if is_way else value


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
