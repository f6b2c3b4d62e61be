"""A web site of a test: a real server on this machine, behind a name and a public address."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpcore

from ingest.fetching.cache import Memory
from ingest.fetching.connection import Network, Times
from ingest.fetching.fetcher import Clock, Fetcher, Limits
from ingest.fetching.urls import gate

PUBLIC = "93.184.215.14"
HOME = "http://forum.test/"
SHORT = Limits(
    times=Times(connect=1.0, idle=0.3, total=0.6), packed=200_000, unpacked=500_000, attempts=3
)


@dataclass(frozen=True, slots=True)
class Page:
    """What a path answers."""

    body: bytes | str = b""
    content_type: str = "text/html"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Route = Page | Callable[[BaseHTTPRequestHandler], Page | None]
"""A page, or a function of the request handler; it returns None where it answered by itself."""


@dataclass
class Site:
    """Answers by `routes`; the path alone is looked up where path and query are not known."""

    routes: dict[str, Route] = field(default_factory=dict)
    otherwise: Route = Page("nothing here", "text/plain", 404)
    asked: list[str] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)
    dialled: list[str] = field(default_factory=list)
    addresses: Sequence[str] = (PUBLIC,)
    port: int = 0

    @property
    def pages_asked(self) -> list[str]:
        """Return what was asked for, robots.txt apart."""
        return [path for path in self.asked if path != "/robots.txt"]

    @property
    def network(self) -> Network:
        """The way to this site, whatever name it is asked for by."""
        return Network(resolve=lambda _host, _port: self.addresses, dial=self._dial)

    def _dial(self, address: str, _port: int, timeout: float) -> httpcore.NetworkStream:
        self.dialled.append(address)
        return httpcore.SyncBackend().connect_tcp("127.0.0.1", self.port, timeout=timeout)

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        self.asked.append(handler.path)
        self.headers.append({name.lower(): value for name, value in handler.headers.items()})
        route = self.routes.get(handler.path, self.routes.get(handler.path.partition("?")[0]))
        if route is None:
            route = self.otherwise
        page = route if isinstance(route, Page) else route(handler)
        if page is not None:
            send(handler, page)


def send(handler: BaseHTTPRequestHandler, page: Page) -> None:
    """Send a page; its length is told unless it tells one itself."""
    body = page.body.encode() if isinstance(page.body, str) else page.body
    handler.send_response(page.status)
    handler.send_header("Content-Type", page.content_type)
    for name, value in page.headers.items():
        handler.send_header(name, value)
    if "Content-Length" not in page.headers:
        handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@contextmanager
def serving(site: Site) -> Iterator[Site]:
    """Serve a site as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            try:
                site.answer(self)
            except OSError:  # the reader went away, as it should from a bad server
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class FakeClock:
    """A clock that waits in no time, and remembers how long it was to wait."""

    time: float = 0.0
    waits: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.time += seconds

    @property
    def clock(self) -> Clock:
        return Clock(now=lambda: self.time, sleep=self.sleep)


def a_fetcher(  # noqa: PLR0913 - every field defaulted
    site: Site,
    *,
    url: str = HOME,
    hosts: Sequence[str] = (),
    memory: Memory | None = None,
    limits: Limits = SHORT,
    clock: FakeClock | None = None,
    delay: float = 1.0,
    authorization: str = "",
    contact: str = "",
) -> Fetcher:
    return Fetcher(
        gate(url, hosts),
        memory=memory,
        limits=limits,
        network=site.network,
        clock=(clock or FakeClock()).clock,
        delay=delay,
        authorization=authorization,
        contact=contact,
    )
