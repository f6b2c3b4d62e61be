"""Limits on the streams that carry answers: how many a visitor holds, and what nobody fetches.

Gradio keeps what it has to say to a caller until somebody listens, and takes any number of calls.
"""

import asyncio
import json
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs

from assistant.domain.networks import household
from assistant.web.security.bodies import again
from assistant.web.security.gradio_calls import CALL, HEARD, JOIN, PREFIX
from assistant.web.security.headers import Message, Receive, Send
from assistant.web.security.mcp_calls import PATHS as FOR_MODELS
from assistant.web.security.protection import App, Scope, plain

HEARING = f"{PREFIX}queue/data"
ALIVE = f"{PREFIX}heartbeat/"
"""Where a client of Gradio listens only to know that the server is there."""

MOST_CALLS = 16  # of a session, whose answers are not fetched; ours has one or two
MOST_STREAMS = 100  # of a visitor; a page has one at a time, and an office one address
PATIENCE = 60.0  # seconds for which answers are kept that nobody listens for
ANSWERED = b'"msg":"process_completed"'

Forget = Callable[[str], Awaitable[None]]
"""Drops all that a session would still have heard."""
SessionOf = Callable[[str], str]
"""Returns the session that a call belongs to, empty where it is not known."""


class Streams:
    """Wraps an application behind the protection: counts calls and streams.

    A call by name belongs to a session of its own, which is made here.
    """

    def __init__(self, app: App, forget: Forget, session_of: SessionOf) -> None:
        self._app = app
        self._forget = forget
        self._session_of = session_of
        self._held: Counter[str] = Counter()
        self._listeners: Counter[str] = Counter()
        self._calls: Counter[str] = Counter()
        self._ends: dict[str, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        path = scope.get("path", "")
        if path == JOIN or CALL.fullmatch(path):
            await self._call(scope, receive, send)
        elif heard := HEARD.fullmatch(path):
            await self._hold(scope, receive, send, self._session_of(heard["event"]))
        elif path == HEARING:
            query = parse_qs(scope["query_string"].decode("latin-1"))
            session = next(iter(query.get("session_hash", ())), "")
            await self._hold(scope, receive, send, session)
        elif path.startswith(ALIVE) or path in FOR_MODELS:
            await self._hold(scope, receive, send, "")
        else:
            await self._app(scope, receive, send)

    async def _call(self, scope: Scope, receive: Receive, send: Send) -> None:
        message = await receive()
        sent = json.loads(message["body"])
        session = str(sent.setdefault("session_hash", secrets.token_hex(16)))
        if self._calls[session] >= MOST_CALLS:
            await plain(send, 429, "Please wait for the answers to what was asked.")
            return
        self._calls[session] += 1
        self._wait(session)
        body = json.dumps(sent).encode()
        await self._app(_of_length(scope, len(body)), again(body, receive), send)

    async def _hold(self, scope: Scope, receive: Receive, send: Send, session: str) -> None:
        visitor = household(scope["client"][0])
        if self._held[visitor] >= MOST_STREAMS:
            await plain(send, 429, "Too many pages of this address are open.")
            return
        self._held[visitor] += 1
        try:
            if session:
                await self._listen(scope, receive, send, session)
            else:
                await self._app(scope, receive, send)
        finally:
            _less(self._held, visitor)

    async def _listen(self, scope: Scope, receive: Receive, send: Send, session: str) -> None:
        async def heard(message: Message) -> None:
            await send(message)
            for _ in range(message.get("body", b"").count(ANSWERED)):
                _less(self._calls, session)

        self._listeners[session] += 1
        try:
            await self._app(scope, receive, heard)
        finally:
            _less(self._listeners, session)
            self._wait(session)

    def _wait(self, session: str) -> None:
        """Drop what a session does not fetch after a while."""
        loop = asyncio.get_running_loop()
        if before := self._ends.pop(session, None):
            before.cancel()
        self._ends[session] = loop.call_later(PATIENCE, self._end, session)

    def _end(self, session: str) -> None:
        self._ends.pop(session, None)
        if session not in self._listeners:
            del self._calls[session]
            task = asyncio.ensure_future(self._forget(session))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)


def _of_length(scope: Scope, length: int) -> Scope:
    """Return a request with the length of its new body."""
    kept = [header for header in scope["headers"] if header[0] != b"content-length"]
    return {**scope, "headers": [*kept, (b"content-length", str(length).encode())]}


def _less(counts: Counter[str], name: str) -> None:
    """Count down; a count of zero is removed."""
    counts[name] -= 1
    if counts[name] <= 0:
        del counts[name]
