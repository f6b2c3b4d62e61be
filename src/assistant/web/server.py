"""The web server: members' pages, the engine behind them, health, and the protection before all."""

import errno
import hashlib
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib.resources import files

import gradio as gr
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route

from assistant.domain.errors import ServerError
from assistant.domain.networks import Network
from assistant.domain.watching import UNWATCHED, Refused
from assistant.web.engine import engine, forget, session_of, waiting
from assistant.web.mcp_tools import tools
from assistant.web.metrics import Metrics
from assistant.web.pages import member_posts, routes
from assistant.web.pages.branding import Logo, Theme
from assistant.web.pages.member_posts import MemberPosts
from assistant.web.pages.routes import MemberPages
from assistant.web.running import Compressing, Server
from assistant.web.security import mcp_calls
from assistant.web.security.addresses import OwnAddress
from assistant.web.security.protection import METRICS, App, Protection, Terms
from assistant.web.staff.pages import router
from assistant.web.staff.site import StaffSite
from assistant.web.streams import Streams

ASSETS = files("assistant.web") / "assets"
STYLE = "page.css"
FILES = {
    STYLE: "text/css",
    "export.js": "text/javascript",
    "page.js": "text/javascript",
    "icon.svg": "image/svg+xml",
    "staff.css": "text/css",
    "staff.js": "text/javascript",
}
NO_STORE = {"cache-control": "no-store"}
FOR_SCRAPERS = (
    "This is for whoever sends the token of FORUM_METRICS: `Authorization: Bearer TOKEN`."
)
FOREVER = "public, max-age=31536000, immutable"
LOGO = "logo"
LOADER = "widget.js"
LOADER_HEADERS = {
    "cache-control": "public, max-age=3600",
    "cross-origin-resource-policy": "cross-origin",
}


@dataclass(frozen=True, slots=True)
class Site:
    """What the server serves.

    Attributes:
        is_ready: Whether questions can be answered now.
        logo: What stands beside the name, if anything.
        embed_origins: The sites that may show the compact chat in a frame.
        proxies: Our own proxies, which say whom they speak for.
        own: The address that members see, where operators have set it.
        staff: The staff pages, None where there are none.
        answers_models: Whether models are answered, by MCP.
        metrics: What is measured, and who may read it; None: nobody.
        refused: Hears why a visitor is not let through.
    """

    pages: MemberPages
    posts: MemberPosts
    theme: Theme
    is_ready: Callable[[], bool]
    logo: Logo | None = None
    proxies: tuple[Network, ...] = ()
    own: OwnAddress = field(default_factory=OwnAddress)
    embed_origins: tuple[str, ...] = ()
    staff: StaffSite | None = None
    answers_models: bool = False
    metrics: Metrics | None = None
    refused: Callable[[Refused], None] = UNWATCHED.refused


def application(site: Site) -> App:
    """Return the whole application, protected."""
    for_models = tools(site.pages.chat) if site.answers_models else None
    lifespan = for_models.lifespan if for_models else None
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, lifespan=lifespan)
    _add_health(app, site)
    _add_assets(app, site)
    routes.add(app, site.pages)
    member_posts.add(app, site.posts)
    if site.staff:
        app.include_router(router(site.staff))
    if for_models:  # before Gradio has these addresses
        app.router.routes += [Route(path, for_models, methods=["POST"]) for path in mcp_calls.PATHS]
    ours = engine(site.pages.chat)
    if site.metrics:
        _add_metrics(app, site.metrics, partial(waiting, ours.blocks), site.refused)
    gr.mount_gradio_app(
        app,
        ours.blocks,
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=1,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,  # its tools would ask over the network: see `tools`
        enable_monitoring=False,
        allowed_paths=[],
        app_kwargs={"openapi_url": None, "docs_url": None, "redoc_url": None},
    )
    _answer_misfits(app)
    terms = Terms(
        endpoints=ours.endpoints,
        tools=for_models.arguments if for_models else None,
        embed_origins=site.embed_origins,
        visitors=site.posts.visitors,
        proxies=site.proxies,
        own=site.own,
        has_metrics=site.metrics is not None,
        refused=site.refused,
    )
    streams = Streams(app, partial(forget, ours.blocks), partial(session_of, ours.blocks))
    return Protection(streams, terms, site.staff.access if site.staff else None)


def bind(host: str, port: int) -> socket.socket:
    """Return a listening socket. Raises ServerError where host or port cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError as exc:
        listener.close()
        said = (exc.strerror or str(exc)).lower()
        msg = f"cannot listen on {host}:{port}: {said}; {_remedy(exc)}"
        raise ServerError(msg) from exc
    return listener


def _remedy(exc: OSError) -> str:
    """Return what helps whoever cannot listen where they want to."""
    if exc.errno == errno.EADDRINUSE:
        return "stop the other program, or choose another port with --port"
    if exc.errno in (errno.EACCES, errno.EPERM):
        return "choose a port from 1024 on with --port"
    return "give --host or FORUM_HOST an address of this machine, such as 127.0.0.1"


def run(app: App, listener: socket.socket, proxies: Sequence[Network] = ()) -> None:
    """Serve until interrupted; open answers get a few seconds to end."""
    Server(Compressing(app), proxies).run(sockets=[listener])


def version(theme: Theme) -> str:
    """Return what changes when a file of ours does, so that browsers may keep them for good."""
    texts = [theme.style_sheet(), *((ASSETS / name).read_text(encoding="utf-8") for name in FILES)]
    return hashlib.sha256("".join(texts).encode()).hexdigest()[:12]


def _answer_misfits(app: FastAPI) -> None:
    """Refuse what does not fit a route in plain words, in Gradio's application as well.

    FastAPI would repeat what was sent, and fail where no encoding can; Gradio raises KeyError for a
    function that it does not have.
    """

    def refuse(_: Request, __: Exception) -> PlainTextResponse:
        return PlainTextResponse("This is not what this address takes.", 422)

    app.add_exception_handler(RequestValidationError, refuse)
    for route in app.routes:
        if isinstance(route, Mount) and isinstance(route.app, FastAPI):
            route.app.add_exception_handler(RequestValidationError, refuse)
            route.app.add_exception_handler(KeyError, refuse)


def _add_health(app: FastAPI, site: Site) -> None:
    @app.get("/livez")
    async def alive() -> PlainTextResponse:  # not in a thread: all may be busy
        return PlainTextResponse("ok")

    @app.get("/readyz")
    def ready() -> PlainTextResponse:
        is_ready = site.is_ready()
        return PlainTextResponse("ok" if is_ready else "not ready", 200 if is_ready else 503)


def _add_metrics(
    app: FastAPI,
    metrics: Metrics,
    queued: Callable[[], int],
    refused: Callable[[Refused], None],
) -> None:
    metrics.watch_queue(queued)

    @app.get(METRICS)
    def gathered(request: Request) -> Response:
        if not metrics.may_read(request.headers.get("authorization", "")):
            refused(Refused.TOKEN)
            return PlainTextResponse(FOR_SCRAPERS, 401, {"www-authenticate": "Bearer", **NO_STORE})
        return Response(metrics.text(), media_type=metrics.media_type, headers=NO_STORE)


def _add_assets(app: FastAPI, site: Site) -> None:
    current = version(site.theme)

    @app.get(f"/{LOADER}")
    def loader() -> Response:
        content = (ASSETS / LOADER).read_text(encoding="utf-8")
        return Response(content, media_type="text/javascript", headers=LOADER_HEADERS)

    @app.get("/site/{name}")
    def asset(name: str, v: str = "") -> Response:
        headers = {"cache-control": FOREVER} if v == current else {}
        if name == LOGO and site.logo:
            return Response(site.logo.content, media_type=site.logo.media_type)
        if name not in FILES:
            return PlainTextResponse("Not found.", 404)
        content = (ASSETS / name).read_text(encoding="utf-8")
        if name == STYLE:
            content = site.theme.style_sheet() + content
        return Response(content, media_type=FILES[name], headers=headers)
