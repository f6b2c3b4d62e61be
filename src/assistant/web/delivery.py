"""How pages and files come to the browser: small.

Streams are left alone: what is compressed waits for more, and an answer must not. So are the staff
pages: what is secret there must not change the length of what is compressed with a text from
outside.
"""

from starlette.middleware.gzip import GZipMiddleware

from assistant.web.security.headers import Receive, Send
from assistant.web.security.protection import App, Scope

SMALLEST = 500  # bytes; below it, one packet carries all anyway
LEVEL = 6  # zlib's own default; at 9 a page is 1 % smaller and takes twice as long


class Delivery:
    """Wraps an application whose headers are set, and compresses."""

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
