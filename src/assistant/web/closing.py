"""A server that stops without leaving its visitors hanging, or its operator with a stack trace.

Every open page keeps a stream to the server, which has no end of its own. Gradio ends it where
Gradio runs the server; here we do.
"""

import asyncio
import socket
from collections.abc import Sequence

import uvicorn
from starlette.requests import ClientDisconnect

from assistant.domain.networks import Network
from assistant.web.security import connections
from assistant.web.security.headers import Message, Receive, Send
from assistant.web.security.protection import App, Scope
from assistant.web.streams import ALIVE

SECONDS = 5  # for answers that are under way


class Closing:
    """Wraps an application: streams that are open end in order once the server stops."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._stopping = asyncio.Event()
        self._out_of_time = asyncio.Event()

    def begin(self) -> None:
        """End what only listens now, and all else when its time is over."""
        self._stopping.set()
        asyncio.get_running_loop().call_later(SECONDS, self._out_of_time.set)

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
            http=connections.protocol(proxies),
            limit_concurrency=connections.ALTOGETHER,
            log_config=None,  # what is logged is written by `log_lines`
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,  # who is believed is decided by the protection
            timeout_graceful_shutdown=SECONDS + 1,
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
