"""How pages and files come to the browser: small, in good time, and only once.

Streams are left alone: what is compressed waits for more, and an answer must not. So are the staff
pages: what is secret there must not change the length of what is compressed with a text from
outside.
"""

import re

from starlette.middleware.gzip import GZipMiddleware

from assistant.web.headers import Message, Receive, Send
from assistant.web.protection import App, Scope

SMALLEST = 500  # bytes; below it, one packet carries all anyway
LEVEL = 6  # zlib's own default; the page at 9 is 1 % smaller and takes twice as long
HASHED = re.compile(r"/assets/[\w./-]+-[\w-]{8}\.\w+")
"""Files whose name changes with their content, as the build of Gradio's pages names them."""
FOREVER = b"public, max-age=31536000, immutable"

FOREIGN = re.compile(
    rb"""\s*<(?:meta\s+(?:property="og:|name="twitter:)|link\s+rel="manifest")[^>]*>"""
)
"""What Gradio says of itself to sites that preview links, pictures of its own included."""
TALK = re.compile(
    rb"""window\.parent\?\.postMessage\([^)]*"\*"\s*\);|"""
    rb"""<script>(?:(?!</?script).)*iframeResizer\.contentWindow(?:(?!</?script).)*</script>""",
    re.DOTALL,
)
"""What it says to whatever page is around it, and the script that does so all the time."""
BEFORE_SCRIPTS = re.compile(rb"(?=<script>window\.gradio_config|</head>)")
BEFORE_PAGE = re.compile(rb"(?=<gradio-app)")


class Delivery:
    """Wraps an application whose headers are set: compresses, and says what may be kept."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._compressing = GZipMiddleware(app, minimum_size=SMALLEST, compresslevel=LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        path = scope.get("path", "")
        if scope["type"] != "http" or path.startswith("/staff"):
            await self._app(scope, receive, send)
        elif HASHED.fullmatch(path):
            await self._app(scope, receive, _kept_forever(send))
        else:
            await self._compressing(scope, receive, send)


class Head:
    """Wraps an application: its first page gets a head of ours, before its scripts run.

    Else the browser learns of our style sheets when those have built the page, and moves it about.
    `body` is for browsers that run no scripts.
    """

    def __init__(self, app: App, head: str, body: str) -> None:
        self._app = app
        self._head = head.encode()
        self._body = body.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        is_page = scope["type"] == "http" and scope["path"] == "/"
        await self._app(scope, receive, self._rewritten(send) if is_page else send)

    def _rewritten(self, send: Send) -> Send:
        held: list[Message] = []

        async def guarded(message: Message) -> None:
            if message["type"] in {"http.response.start", "http.response.body"}:
                held.append(message)
            if message["type"] != "http.response.body" or message.get("more_body"):
                return
            start, *parts = held
            html = b"".join(part.get("body", b"") for part in parts)
            ours = with_head(html, self._head, self._body)
            start["headers"] = _with_length(start["headers"], len(html), len(ours))
            await send(start)
            await send({"type": "http.response.body", "body": ours})

        return guarded


def with_head(html: bytes, head: bytes, body: bytes = b"") -> bytes:
    """Return Gradio's page with our head and words in it, and without what it says to others."""
    html = TALK.sub(b"", FOREIGN.sub(b"", html))
    html = BEFORE_SCRIPTS.sub(lambda _: head, html, count=1)
    return BEFORE_PAGE.sub(lambda _: body, html, count=1)


def _with_length(
    headers: list[tuple[bytes, bytes]], before: int, now: int
) -> list[tuple[bytes, bytes]]:
    """Return the headers with the new length; that of an answer to HEAD is not known, nor told."""
    kept = [(name, value) for name, value in headers if name.lower() != b"content-length"]
    return [*kept, (b"content-length", str(now).encode())] if before else kept


def _kept_forever(send: Send) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] in {200, 304}:
            message["headers"] = [*message["headers"], (b"cache-control", FOREVER)]
        await send(message)

    return guarded
