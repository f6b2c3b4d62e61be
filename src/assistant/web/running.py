"""How the server runs: limits on connections, compression, and an orderly stop.

Every open page keeps a stream to the server, which has no end of its own. Gradio ends it where
Gradio runs the server; here we do, so that no visitor is left hanging, and no operator with a stack
trace.
"""

import asyncio
import socket
from collections import Counter
from collections.abc import Sequence
from typing import Any, ClassVar

import uvicorn
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import ClientDisconnect
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from assistant.domain.networks import Network, household, is_within
from assistant.web.security.headers import Message, Receive, Send
from assistant.web.security.protection import App, Scope
from assistant.web.streams import ALIVE

HEAD_SECONDS = 10.0  # for the head of a request; the protection gives its body a time of its own
ALTOGETHER = 800  # connections; most systems give a process a thousand files
FROM_ONE = 200  # connections of one machine that is no proxy of ours; a page has up to eight


class Impatient(AutoHTTPProtocol):  # type: ignore[misc, valid-type] # chosen when it is loaded
    """Closes a connection on which no whole request comes in time."""

    proxies: ClassVar[Sequence[Network]] = ()
    opened: ClassVar[Counter[str]] = Counter()

    _deadline: asyncio.TimerHandle | None = None
    _machine = ""

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401 - as uvicorn has it
        """Count the connection; too many of one machine are broken off."""
        super().connection_made(transport)
        peer = self.client[0] if self.client else ""
        self._machine = household(peer)
        self.opened[self._machine] += 1
        if self.opened[self._machine] > FROM_ONE and not is_within(peer, self.proxies):
            transport.abort()
        else:
            self._wait()

    def data_received(self, data: bytes) -> None:
        """Take what comes; once that is a request, there is no hurry."""
        super().data_received(data)
        if not self._is_busy():
            self._wait()
        elif self._deadline:
            self._deadline.cancel()
            self._deadline = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        if self._deadline:
            self._deadline.cancel()
        self.opened[self._machine] -= 1
        if self.opened[self._machine] <= 0:
            del self.opened[self._machine]
        super().connection_lost(exc)

    def _wait(self) -> None:
        if not self._deadline:
            self._deadline = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _give_up(self) -> None:
        self._deadline = None
        if not self._is_busy():
            self.transport.close()

    def _is_busy(self) -> bool:
        """Whether a request is being answered."""
        return self.cycle is not None and not self.cycle.response_complete


def _protocol(proxies: Sequence[Network] = ()) -> type[asyncio.Protocol]:
    """Return what handles connections for a server."""

    class Handling(Impatient):
        pass

    Handling.proxies, Handling.opened = proxies, Counter()
    return Handling


SMALLEST = 500  # bytes; below it, one packet carries all anyway
LEVEL = 6  # zlib's own default; at 9 a page is 1 % smaller and takes twice as long


class Compressing:
    """Wraps an application whose headers are set, and compresses.

    Streams are left alone: what is compressed waits for more, and an answer must not. So are the
    staff pages: what is secret there must not change the length of what is compressed with a text
    from outside.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._compressing = GZipMiddleware(app, minimum_size=SMALLEST, compresslevel=LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        path = scope.get("path", "")
        if scope["type"] != "http" or "/staff" in path:
            await self._app(scope, receive, send)
        else:
            await self._compressing(scope, receive, send)


CLOSING_SECONDS = 5  # for answers that are under way


class Closing:
    """Wraps an application: streams that are open end in order once the server stops."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._stopping = asyncio.Event()
        self._out_of_time = asyncio.Event()

    def begin(self) -> None:
        """End streams that only listen now, and everything else after some seconds."""
        self._stopping.set()
        asyncio.get_running_loop().call_later(CLOSING_SECONDS, self._out_of_time.set)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_over = self._stopping if scope["path"].startswith(ALIVE) else self._out_of_time
        response = _Response(send)
        try:
            await self._app(scope, _until(is_over, receive), response.send)
        except ClientDisconnect:
            if not is_over.is_set():
                raise
        if is_over.is_set():
            await response.end()


class Server(uvicorn.Server):
    """Serves an application until it is interrupted."""

    def __init__(self, app: App, proxies: Sequence[Network] = ()) -> None:
        self._closing = Closing(app)
        config = uvicorn.Config(
            self._closing,
            http=_protocol(proxies),
            limit_concurrency=ALTOGETHER,
            log_config=None,  # what is logged is written by `monitoring`
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,  # who is believed is decided by the protection
            timeout_graceful_shutdown=CLOSING_SECONDS + 1,
        )
        super().__init__(config)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more requests, and wait for those that go on."""
        self._closing.begin()
        await super().shutdown(sockets)


class _Response:
    """What is sent of one response, and whether it is whole."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._is_open = False

    async def send(self, message: Message) -> None:
        self._is_open = message["type"] == "http.response.start" or bool(message.get("more_body"))
        await self._send(message)

    async def end(self) -> None:
        if self._is_open:
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})


def _until(is_over: asyncio.Event, receive: Receive) -> Receive:
    """Return what an application hears: also that the visitor left, once it is over."""

    async def heard() -> Message:
        message, over = asyncio.ensure_future(receive()), asyncio.ensure_future(is_over.wait())
        try:
            await asyncio.wait({message, over}, return_when=asyncio.FIRST_COMPLETED)
            return message.result() if message.done() else {"type": "http.disconnect"}
        finally:
            message.cancel()
            over.cancel()

    return heard
