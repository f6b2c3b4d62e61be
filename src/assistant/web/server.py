"""The web server: the chat page, the documents, health, and the protection in front of them."""

import hashlib
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib.resources import files
from urllib.parse import quote

import gradio as gr
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Mount

from assistant.corpus import DocumentId
from assistant.errors import AssistantError, ServerError
from assistant.networks import Network
from assistant.ports import Library
from assistant.web import interface_language, log_lines, member_routes, reader
from assistant.web.chat import ChatPage
from assistant.web.chat_parts import forget, shapes
from assistant.web.closing import Server
from assistant.web.delivery import FOREVER, Delivery, Head
from assistant.web.frame import without_scripts
from assistant.web.logo import Logo
from assistant.web.member_routes import MemberPages
from assistant.web.own_address import OwnAddress
from assistant.web.protection import App, Protection, Terms
from assistant.web.staff.router import router
from assistant.web.staff.site import StaffSite
from assistant.web.streams import Streams
from assistant.web.theme import Theme
from assistant.wording import Wording, wording

ASSETS = files("assistant.web") / "assets"
FILES = {
    "reader.css": "text/css",
    "chat.css": "text/css",
    "idle.js": "text/javascript",
    "chat.js": "text/javascript",
    "frame.js": "text/javascript",
    "staff.css": "text/css",
    "staff.js": "text/javascript",
}
SESSIONS = 2000  # open pages whose conversation is kept, of some 60 kB each
THEME = "theme.css"
LOGO = "logo"
LOADER = "widget.js"
LOADER_HEADERS = {
    "cache-control": "public, max-age=3600",
    "cross-origin-resource-policy": "cross-origin",
}
HEAD = (
    f'<link rel="stylesheet" href="/site/{THEME}{{0}}">'
    '<link rel="stylesheet" href="/site/chat.css{0}">'
    + "".join(
        f'<script src="/site/{its}{{0}}" defer></script>'
        for its in ("idle.js", "chat.js", "frame.js")
    )
)
"""What the chat page loads of ours; `{0}` is for the version."""


@dataclass(frozen=True, slots=True)
class Site:
    """What the server serves.

    Attributes:
        is_ready: Tells whether questions can be answered now.
        logo: What stands beside the name, if anything.
        embed_origins: The sites that may show the compact chat in a frame.
        proxies: Our own proxies, which say whom they speak for.
        own: The address that members see, where operators have set it.
        staff: The staff pages, None where there are none.
    """

    chat: ChatPage
    pages: MemberPages
    theme: Theme
    library: Library
    is_ready: Callable[[], bool]
    logo: Logo | None = None
    proxies: tuple[Network, ...] = ()
    own: OwnAddress = field(default_factory=OwnAddress)
    embed_origins: tuple[str, ...] = ()
    staff: StaffSite | None = None


def application(site: Site) -> App:
    """Return the whole application, protected."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    version = f"?v={_version(site.theme)}"
    _add_health(app, site)
    _add_documents(app, site)
    _add_assets(app, site)
    member_routes.add(app, site.pages, lambda request: _words(request, site))
    if site.staff:
        app.include_router(router(site.staff))
    page = site.chat.build()
    page.state_session_capacity = SESSIONS
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=1,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
        allowed_paths=[],
        theme=_theme(),
        app_kwargs={"openapi_url": None, "docs_url": None, "redoc_url": None},
    )
    _answer_misfits(app)
    body = without_scripts(site.pages.contacts)
    app.add_middleware(Head, head=HEAD.format(version), body=body)
    terms = Terms(
        shapes=shapes(page),
        embed_origins=site.embed_origins,
        visitors=site.pages.visitors,
        proxies=site.proxies,
        own=site.own,
    )
    streams = Streams(app, partial(forget, page))
    return Protection(streams, terms, site.staff.door if site.staff else None)


def bind(host: str, port: int) -> socket.socket:
    """Return a listening socket. Raises ServerError where the port is taken or not allowed."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError as exc:
        listener.close()
        msg = (
            f"cannot listen on {host}:{port}: {(exc.strerror or str(exc)).lower()}; "
            "stop the other program, or choose another port with --port"
        )
        raise ServerError(msg) from exc
    return listener


def run(app: App, listener: socket.socket, proxies: Sequence[Network] = ()) -> None:
    """Serve until interrupted; open answers get a few seconds to end."""
    log_lines.keep_short()
    Server(Delivery(app), proxies).run(sockets=[listener])


def _answer_misfits(app: FastAPI) -> None:
    """Have what does not fit a route refused in plain words, in Gradio's application as well.

    FastAPI would repeat what was sent, and fail where no encoding can; Gradio raises KeyError for a
    function that its page does not have.
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


def _add_documents(app: FastAPI, site: Site) -> None:
    @app.get("/documents/{path:path}")
    def show(path: str, request: Request) -> HTMLResponse:
        words = _words(request, site)
        try:
            with site.library.generation() as generation:
                found = (
                    generation.document_at(f"/documents/{quote(path)}")
                    or generation.document_at(f"/documents/{path}")
                    or generation.document(DocumentId(path))
                )
        except AssistantError:
            return HTMLResponse(reader.missing(words), 503)
        if found is None:
            return HTMLResponse(reader.missing(words), 404)
        # Kept nowhere: it may be hidden at any time.
        return HTMLResponse(reader.page(found, words), headers={"cache-control": "no-store"})


def _add_assets(app: FastAPI, site: Site) -> None:
    versioned = {"cache-control": FOREVER.decode()}
    version = _version(site.theme)

    @app.get(f"/{LOADER}")
    def loader() -> Response:
        content = (ASSETS / LOADER).read_text(encoding="utf-8")
        return Response(content, media_type="text/javascript", headers=LOADER_HEADERS)

    @app.get("/site/{name}")
    def asset(name: str, v: str = "") -> Response:
        headers = versioned if v == version else {}
        if name == LOGO and site.logo:
            return Response(site.logo.content, media_type=site.logo.media_type)
        if name == THEME:
            return Response(site.theme.style_sheet(), media_type="text/css", headers=headers)
        if name not in FILES:
            return PlainTextResponse("Not found.", 404)
        content = (ASSETS / name).read_text(encoding="utf-8")
        return Response(content, media_type=FILES[name], headers=headers)


def _version(theme: Theme) -> str:
    """Return what changes when a file of ours does, so that browsers may keep them for good."""
    texts = [theme.style_sheet(), *((ASSETS / its).read_text(encoding="utf-8") for its in FILES)]
    return hashlib.sha256("".join(texts).encode()).hexdigest()[:12]


def _words(request: Request, site: Site) -> Wording:
    return wording(
        interface_language.choose(
            request.query_params.get("lang"),
            request.headers.get("accept-language"),
            site.chat.default_language,
        )
    )


def _theme() -> gr.themes.Base:
    """Return a theme without fonts of its own: nothing to load, and the reader's are familiar."""
    return gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"])
