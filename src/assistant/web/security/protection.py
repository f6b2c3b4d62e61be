"""What stands between the network and the pages: allowed routes, sizes, headers.

Gradio alone would accept uploads from anybody, answer any origin with credentials, fetch addresses
on request and describe its own interface; only what the chat needs is let through.
"""

import re
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from anyio import CapacityLimiter, to_thread
from starlette.exceptions import HTTPException

from assistant.domain.networks import Network
from assistant.domain.watching import UNWATCHED, Refused
from assistant.web.embedding_sites import WIDGET, frame_ancestors
from assistant.web.security import bodies, gradio_calls, mcp_calls
from assistant.web.security.addresses import (
    Headers,
    OwnAddress,
    client_address,
    client_scheme,
    is_host,
)
from assistant.web.security.headers import (
    Receive,
    Send,
    with_headers,
    with_staff_headers,
    without_body,
)
from assistant.web.security.visitors import Visitors
from assistant.web.staff.access import StaffAccess

Scope = MutableMapping[str, Any]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

BODY_LIMIT = 160 * 1024  # bytes; a question of 20,000 characters, and the conversation's token
EXPORT_LIMIT = 1024 * 1024  # bytes; a conversation of some hundred answers

POLICY_VIOLATION = 1008  # RFC 6455, section 7.4.1
LONGEST_NUMBER = 18  # digits of a length; Python refuses to read some thousands of them

READING = re.compile(
    r"/(?:|widget/?|config|livez|readyz|metrics|about|accessibility|documents(?:/.+)?"
    r"|answer/[\w.-]+|site/[\w.-]{1,100}|widget\.js"
    r"|gradio_api/(?:info|queue/data|heartbeat/[\w-]{1,64}|call/[a-z_]{1,40}/[0-9a-f]{32}))"
)
WRITING = re.compile(
    r"/(?:|widget/?|feedback|export/docx|gradio_api/(?:queue/join|cancel|call/[a-z_]{1,40}))"
)

STAFF_AT_ONCE = 4  # requests whose account is looked up; members' requests keep their threads
METRICS = "/metrics"
REASONS = {
    400: Refused.HOST,
    403: Refused.ORIGIN,
    404: Refused.PATH,
    405: Refused.METHOD,
    408: Refused.SLOW,
    413: Refused.SIZE,
    422: Refused.SHAPE,
}
"""What a status says of why a request was refused."""

MISSING = "/missing"
"""The page that browsers get instead of one that is not there; nobody can ask for it by name."""

EMBEDDED = {WIDGET, f"{WIDGET}/"}
FILES = re.compile(r"/site/|/(?:livez|readyz|widget\.js)$")


@dataclass(frozen=True, slots=True)
class Terms:
    """The rules of the protection.

    Attributes:
        endpoints: What may be sent to the engine.
        tools: What a model may send to it; None: models are not answered.
        embed_origins: The sites that may show the compact chat in a frame.
        visitors: Counts what each visitor does; None: nobody is counted.
        proxies: Our own proxies, which say whom they speak for.
        own: The address that the pages hear of as their own.
        has_metrics: Whether there is an address for whoever gathers metrics.
        refused: Hears why a request is not let through.
    """

    endpoints: gradio_calls.Endpoints = field(default_factory=gradio_calls.Endpoints)
    tools: mcp_calls.Arguments | None = None
    embed_origins: Sequence[str] = ()
    visitors: Visitors | None = None
    proxies: Sequence[Network] = ()
    own: OwnAddress = field(default_factory=OwnAddress)
    has_metrics: bool = False
    refused: Callable[[Refused], None] = UNWATCHED.refused


class Protection:
    """Wraps an application: refuses what is not listed, and sets the headers of all the rest.

    What is under /staff has rules of its own; without them it is not there.
    """

    def __init__(
        self, app: App, terms: Terms | None = None, staff: StaffAccess | None = None
    ) -> None:
        self._app = app
        self._terms = terms or Terms()
        self._staff_access = staff
        self._staff_turns = CapacityLimiter(STAFF_AT_ONCE)
        self._framed_by = frame_ancestors(self._terms.embed_origins).encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection; anything but HTTP and the start-up messages is closed."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        scope = self._terms.own.within(scope)
        peer, port = scope.get("client") or ("", 0)
        headers, proxies = scope.get("headers", []), self._terms.proxies
        scope["client"] = client_address(peer, headers, proxies), port
        scope["scheme"] = self._terms.own.scheme or client_scheme(
            scope.get("scheme", "http"), peer, headers, proxies
        )
        if scope["type"] == "http" and _asks_for_headers(scope):
            # What is there to be read answers as it would, without its body.
            scope, send = {**scope, "method": "GET"}, without_body(send)
        if scope["type"] == "http" and self._staff_access and _is_staff(scope["path"]):
            await self._staff(
                self._staff_access, scope, receive, with_staff_headers(send, self._terms.own.path)
            )
        elif scope["type"] == "http" and scope["path"] in EMBEDDED:
            await self._http(scope, receive, with_headers(send, self._framed_by))
        elif scope["type"] == "http":
            await self._http(scope, receive, with_headers(send))
        else:
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        if refusal := _refusal(scope, self._terms):
            status, text = refusal
            if status != HTTPStatus.NOT_FOUND or not _reads_pages(scope):
                await self._refuse(send, status, text)
                return
            self._terms.refused(Refused.PATH)
            scope = {**scope, "path": MISSING, "raw_path": MISSING.encode()}
        if seconds := self._wait(scope):
            text = f"Too many requests; please wait {seconds} seconds."
            await plain(send, 429, text, retry_after=seconds)
            return
        scope["headers"] = self._terms.own.told(scope["headers"])
        if scope["path"] == "/config":  # Gradio would look for other pages, and for stored states
            scope["query_string"] = b""
        try:
            body = await bodies.whole(receive, _limit(scope["path"]))
        except HTTPException as exc:
            await self._refuse(send, exc.status_code, exc.detail)
            return
        if scope["method"] == "POST" and gradio_calls.is_call(scope["path"]):
            call = self._call(scope["path"], body)
            if isinstance(call, mcp_calls.McpReply):
                await _as_json(send, call)
                return
            if call is None:
                await self._refuse(send, 422, "This is nothing that a page of ours sends.")
                return
            scope["headers"], body = _with_length(scope["headers"], len(call)), call
        await self._app(scope, bodies.again(body, receive), send)

    async def _refuse(self, send: Send, status: int, text: str) -> None:
        self._terms.refused(REASONS.get(status, Refused.SHAPE))
        await plain(send, status, text)

    def _call(self, path: str, body: bytes) -> bytes | mcp_calls.McpReply | None:
        """Return what to hand to Gradio, or what stands in its way."""
        if path in mcp_calls.PATHS and self._terms.tools is not None:
            return mcp_calls.handled(body, self._terms.tools)
        return gradio_calls.admitted(path, body, self._terms.endpoints)

    async def _staff(self, access: StaffAccess, scope: Scope, receive: Receive, send: Send) -> None:
        # It reads the records, which may wait for a database: in a thread, and in few of them.
        refused = await to_thread.run_sync(access.refusal, scope, limiter=self._staff_turns)
        if refused and refused.status == HTTPStatus.NOT_FOUND and _reads_pages(scope):
            await self._http(scope, receive, send)  # it is no member's page either
            return
        if refused:
            if refused.page:
                at = {"method": "GET", "path": refused.page, "raw_path": refused.page.encode()}
                headers = self._terms.own.told(scope["headers"])
                await self._app({**scope, **at, "headers": headers}, receive, send)
            else:
                if not refused.location:
                    self._terms.refused(Refused.STAFF)
                await plain(send, refused.status, refused.text, refused.location)
            return
        limit = access.body_limit(scope)
        if not _is_length(dict(scope["headers"]), limit):
            await self._refuse(send, 413, bodies.TOO_LARGE)
            return
        scope["headers"] = self._terms.own.told(scope["headers"])
        await self._app(scope, bodies.limited(receive, limit), send)

    def _wait(self, scope: Scope) -> int:
        """Return the seconds that a visitor has to wait; files are not counted."""
        if self._terms.visitors is None or FILES.match(scope["path"]):
            return 0
        return self._terms.visitors.wait(scope["client"][0], "request")


def _refusal(scope: Scope, terms: Terms) -> tuple[int, str] | None:
    """Return the status and words for a request that is not let through, None for one that is."""
    method, path = scope["method"], scope["path"]
    headers = dict(scope["headers"])
    if not is_host(scope["headers"]):
        return 400, "The request names no host as hosts are named."
    is_for_models = terms.tools is not None and path in mcp_calls.PATHS
    if is_for_models and method != "POST":
        return 405, "Not allowed."  # no session is kept, and nothing is said unasked
    if method in ("GET", "HEAD"):
        return None if _is_page(path, terms) else (404, "Not found.")
    if method != "POST" or not (is_for_models or WRITING.fullmatch(path)):
        return (405, "Not allowed.") if _is_page(path, terms) else (404, "Not found.")
    if not _is_own_origin(scope["headers"], terms.own):
        return 403, "Requests from other sites are not accepted."
    return None if _is_length(headers, _limit(path)) else (413, bodies.TOO_LARGE)


def _reads_pages(scope: Scope) -> bool:
    """Whether a browser asks, and no program."""
    accepted = dict(scope["headers"]).get(b"accept", b"")
    return scope["method"] == "GET" and b"text/html" in accepted


def _is_page(path: str, terms: Terms) -> bool:
    return bool(READING.fullmatch(path)) and (path != METRICS or terms.has_metrics)


def _limit(path: str) -> int:
    return EXPORT_LIMIT if path == "/export/docx" else BODY_LIMIT


def _asks_for_headers(scope: Scope) -> bool:
    """Whether a request is a HEAD of a page; streams have no end to wait for."""
    return scope["method"] == "HEAD" and not gradio_calls.is_call(scope["path"])


def _is_staff(path: str) -> bool:
    return path == "/staff" or path.startswith("/staff/")


def _is_length(headers: dict[bytes, bytes], limit: int) -> bool:
    """Whether the length that a request claims is one, and within the limit."""
    length = headers.get(b"content-length", b"0")
    return length.isdigit() and len(length) <= LONGEST_NUMBER and int(length) <= limit


def _with_length(headers: list[tuple[bytes, bytes]], length: int) -> list[tuple[bytes, bytes]]:
    kept = [
        header for header in headers if header[0] not in {b"content-length", b"transfer-encoding"}
    ]
    return [*kept, (b"content-length", str(length).encode())]


def _is_own_origin(headers: Headers, own: OwnAddress) -> bool:
    """Whether a page of ours sent the request; a program that names no origin may."""
    told = dict(headers)
    if told.get(b"sec-fetch-site", b"same-origin") not in (b"same-origin", b"none"):
        return False
    origin = told.get(b"origin")
    return origin is None or own.is_origin(origin, headers)


async def plain(
    send: Send, status: int, text: str, location: str = "", retry_after: int = 0
) -> None:
    """Answer in a few words."""
    body = text.encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    if location:
        headers.append((b"location", location.encode()))
    if retry_after:
        headers.append((b"retry-after", str(retry_after).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _as_json(send: Send, reply: mcp_calls.McpReply) -> None:
    headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body})
