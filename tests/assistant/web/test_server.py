import html
import re
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute, Mount
from starlette.testclient import TestClient

from assistant.domain.corpus import Document, DocumentId
from assistant.domain.ports import Library
from assistant.language.languages import LANGUAGES
from assistant.language.wording import wording
from assistant.web import server
from assistant.web.security.addresses import OwnAddress
from assistant.web.security.gradio_calls import Endpoints
from assistant.web.security.headers import HEADERS, Message, Receive, Send
from assistant.web.security.protection import Protection, Scope, Terms
from assistant.web.streams import Streams
from tests.builders import a_chunk, a_document, a_passage, a_site, a_source
from tests.fakes import BrokenLibrary, FakeGeneration, FakeLibrary

EVIL = "<script>alert(1)</script>"
WITH_SPACE = DocumentId("articles/street lamps é.md")
WITH_SIGNS = DocumentId("articles/who? #1.md")
WITH_PERCENT = DocumentId("articles/50%20off.md")
DOCUMENTS = [
    a_document("lighting", url="/documents/articles/lighting.md"),
    a_document("public"),
    Document(
        a_source(document_id=WITH_SPACE, url="/documents/articles/street%20lamps%20%C3%A9.md"),
        "Spaced.",
    ),
    Document(
        a_source(document_id=WITH_PERCENT, url="/documents/articles/50%2520off.md"), "Percent."
    ),
    Document(
        a_source(document_id=WITH_SIGNS, url="/documents/articles/who%3F%20%231.md"), "Signs."
    ),
    a_document("evil", f"Words {EVIL} words.", title=EVIL),
]

READY = {"is": True}


@pytest.fixture(scope="module")
def protected() -> Protection:
    library = FakeLibrary(FakeGeneration(documents=DOCUMENTS))
    return application(library)


def application(library: Library) -> Protection:
    site = a_site(library, Path(tempfile.mkdtemp()), is_ready=lambda: READY["is"])
    made = server.application(site)
    assert isinstance(made, Protection)
    return made


@pytest.fixture(scope="module")
def client(protected: Protection) -> TestClient:
    return TestClient(protected, base_url="http://ask.test")


@pytest.fixture
def _not_ready() -> Iterator[None]:
    READY["is"] = False
    yield
    READY["is"] = True


def test_it_is_alive(client: TestClient) -> None:
    response = client.get("/livez")

    assert (response.status_code, response.text) == (200, "ok")


def test_it_is_ready(client: TestClient) -> None:
    response = client.get("/readyz")

    assert (response.status_code, response.text) == (200, "ok")


@pytest.mark.usefixtures("_not_ready")
def test_it_is_alive_before_it_is_ready(client: TestClient) -> None:
    assert client.get("/readyz").status_code == 503
    assert client.get("/livez").status_code == 200


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/documents/articles/lighting.md", "renewed its street lighting"),
        ("/documents/articles/public.md", "renewed its street lighting"),
        ("/documents/articles/street%20lamps%20%C3%A9.md", "Spaced."),
        ("/documents/articles/street%20lamps%20é.md", "Spaced."),
        ("/documents/articles%2Flighting.md", "renewed its street lighting"),
        ("/documents/articles/who%3F%20%231.md", "Signs."),
    ],
)
def test_a_document_is_shown_by_its_address_or_its_id(
    client: TestClient, path: str, words: str
) -> None:
    response = client.get(path)

    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["cache-control"] == "no-store", "it may be hidden at any time"
    assert words in response.text


async def test_a_percent_sign_in_an_id_is_not_decoded_twice(protected: Protection) -> None:
    """The test client would decode it twice itself, so the request is made by hand."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/documents/articles/50%20off.md",
        "query_string": b"",
        "headers": [(b"host", b"ask.test")],
    }
    await protected(scope, receive, send)

    assert sent[0]["status"] == 200
    assert b"Percent." in sent[1]["body"]


def test_the_text_of_a_document_is_escaped(client: TestClient) -> None:
    response = client.get("/documents/articles/evil.md")

    assert response.status_code == 200
    assert EVIL not in response.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["/documents/nowhere.md", "/documents/%2e%2e%2f%2e%2e%2fetc"])
def test_an_unknown_document_is_told_in_the_language_of_the_visitor(
    client: TestClient, path: str, language: str
) -> None:
    response = client.get(path, headers={"accept-language": language})

    assert response.status_code == 404
    assert wording(language)("reader.missing") in response.text
    assert f'<html lang="{language}"' in response.text


@pytest.mark.parametrize("path", ["/documents", "/documents/public", "/about", "/accessibility"])
def test_a_page_to_be_read_says_whose_it_is(client: TestClient, path: str) -> None:
    assert '<span class="whose">Safe towns</span>' in client.get(path).text


@pytest.mark.parametrize(
    ("path", "link"),
    [
        ("/about", "?lang=nl"),
        ("/nowhere", "?lang=nl"),
        ("/documents", "?lang=nl&amp;page=1"),
        ("/documents?kind=article&page=3", "?lang=nl&amp;kind=article&amp;page=3"),
        ("/documents?kind=%22nothing", "?lang=nl&amp;page=1"),
        ("/documents/articles/evil.md?marks=0-5", "?lang=nl&amp;marks=0-5"),
        ('/documents/articles/evil.md?marks="><script>', "?lang=nl&amp;marks=%22%3E%3Cscript%3E"),
    ],
)
def test_the_same_page_is_a_link_away_in_each_language(
    client: TestClient, path: str, link: str
) -> None:
    page = client.get(path, headers={"accept": "text/html"}).text

    assert f'<a href="{link}" lang="nl" hreflang="nl">' in page


@pytest.mark.parametrize("path", ["/nowhere", "/staff/nowhere"])
def test_a_browser_at_an_unknown_address_gets_a_page_and_a_program_a_line(
    client: TestClient, path: str
) -> None:
    page = client.get(path, headers={"accept": "text/html", "accept-language": "nl"})
    line = client.get(path, headers={"accept": "*/*"})

    assert page.status_code == line.status_code == 404
    assert "Er is geen pagina op dit adres." in page.text
    assert 'href="/?lang=nl"' in page.text
    assert line.text == "Not found."


def test_the_language_may_be_asked_for_in_the_address(client: TestClient) -> None:
    response = client.get("/documents/nowhere.md?lang=de", headers={"accept-language": "fr"})

    assert '<html lang="de"' in response.text


def test_a_failing_store_shows_no_secret() -> None:
    response = TestClient(application(BrokenLibrary())).get("/documents/a.md")

    assert response.status_code == 503
    assert wording("en")("error.unavailable") in response.text
    assert "secret" not in response.text


@pytest.mark.parametrize("name", ["page.css", "staff.css"])
def test_the_style_sheets_are_served(client: TestClient, name: str) -> None:
    response = client.get(f"/site/{name}")

    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/css")
    assert "{" in response.text


@pytest.mark.parametrize("name", ["server.py", "..", "__init__.py", "page.css.bak"])
def test_nothing_else_of_ours_is_served(client: TestClient, name: str) -> None:
    assert client.get(f"/site/{name.replace('..', '%2e%2e')}").status_code == 404


def test_files_load_nothing_from_elsewhere() -> None:
    for name in server.FILES:
        text = (server.ASSETS / name).read_text(encoding="utf-8")

        assert "@import" not in text
        assert not re.search(r"url\(\s*['\"]?(?!data:)", text)
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg\")|\beval\(|new Function", text)


@pytest.mark.parametrize("path", ["/", "/widget", "/about", "/documents", "/documents/none"])
def test_a_page_runs_only_scripts_and_styles_of_our_own_files(
    client: TestClient, path: str
) -> None:
    response = client.get(path)

    policy = response.headers["content-security-policy"]
    assert "script-src 'self'; style-src 'self';" in policy
    assert "unsafe" not in policy
    assert not re.findall(r"<script(?![^>]*\ssrc=)[^>]*>|<style|\sstyle=|\son\w+=", response.text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["/", "/widget"])
def test_a_page_is_whole_in_its_first_response(
    client: TestClient, path: str, language: str
) -> None:
    response = client.get(f"{path}?lang={language}")

    words = wording(language)
    text = html.unescape(response.text)
    assert f'<html lang="{language}"' in text
    for key in ("page.heading", "question.placeholder", "page.automatic", "filters.label"):
        assert words(key) in text


def test_a_question_posted_by_a_form_is_answered_with_a_page() -> None:
    library = FakeLibrary(FakeGeneration(a_passage(a_chunk("In 2019."), score=0.9)))
    client = TestClient(application(library), base_url="http://ask.test")

    response = client.post(
        "/?lang=fr",
        data={"question": "When were the lamps renewed?", "kinds": "article"},
        headers={"origin": "http://ask.test"},
    )

    assert response.status_code == 200
    assert "In 2019." in response.text
    assert 'value="article" checked' in response.text
    assert re.search(r'name="conversation" value="[^"]{20,}"', response.text)


def test_a_form_of_another_site_asks_nothing(client: TestClient) -> None:
    asked = {"question": "When?"}

    assert client.post("/", data=asked, headers={"origin": "https://evil.test"}).status_code == 403


@pytest.mark.parametrize("query", ["", "?kind=article", "?kind=x", "?page=9", "?page=%C2%B2"])
def test_all_documents_can_be_browsed(client: TestClient, query: str) -> None:
    response = client.get(f"/documents{query}")

    assert response.status_code == 200
    assert ("/documents/articles/lighting.md" in response.text) is (query != "?page=9")


@pytest.mark.parametrize("handed_on", ["/ask", ""])
def test_below_a_path_every_address_of_a_page_keeps_to_it(handed_on: str) -> None:
    own = OwnAddress.of("https://town.example/ask/")
    library = FakeLibrary(FakeGeneration(documents=DOCUMENTS))
    site = a_site(library, Path(tempfile.mkdtemp()), own=own, base=own.path)
    client = TestClient(server.application(site), base_url="https://town.example")

    for path in ("/", "/widget", "/documents", "/about", "/documents/articles/lighting.md"):
        response = client.get(f"{handed_on}{path}")

        assert response.status_code == 200
        addresses = re.findall(r'(?:href|src|action)="(/[^"]*)"', response.text)
        assert addresses
        assert [address for address in addresses if not address.startswith("/ask/")] == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/config"),
        ("GET", "/documents"),
        ("GET", "/livez"),
        ("GET", "/site/page.css"),
        ("GET", "/documents/articles/lighting.md"),
        ("GET", "/documents/nowhere.md"),
        ("GET", "/nowhere"),
        ("PUT", "/"),
        ("POST", "/gradio_api/queue/join"),
        ("POST", "/gradio_api/upload"),
    ],
)
def test_every_response_carries_the_security_headers(
    client: TestClient, method: str, path: str
) -> None:
    headers = client.request(method, path, headers={"origin": "http://ask.test"}).headers

    for name, value in HEADERS.items():
        assert headers.get_list(name.decode()) == [value.decode()]
    assert len(headers.get_list("content-security-policy")) == 1
    assert not [name for name in headers if name.startswith("access-control-")]
    assert "server" not in headers


OPEN = {
    ("GET", "/"),
    ("GET", "/about"),
    ("GET", "/accessibility"),
    ("GET", "/answer/{token}"),
    ("GET", "/config"),
    ("GET", "/documents"),
    ("GET", "/documents/{path:path}"),
    ("GET", "/gradio_api/call/{api_name}/{event_id}"),
    ("GET", "/gradio_api/heartbeat/{session_hash}"),
    ("GET", "/gradio_api/info"),
    ("GET", "/gradio_api/queue/data"),
    ("GET", "/livez"),
    ("GET", "/readyz"),
    ("GET", "/site/{name}"),
    ("GET", "/widget"),
    ("GET", "/widget.js"),
    ("GET", "/widget/"),
    ("HEAD", "/"),
    ("POST", "/"),
    ("POST", "/export/docx"),
    ("POST", "/feedback"),
    ("POST", "/gradio_api/call/{api_name}"),
    ("POST", "/gradio_api/cancel"),
    ("POST", "/gradio_api/queue/join"),
    ("POST", "/widget"),
    ("POST", "/widget/"),
}
"""Every way in. A route that is not here, of ours or of a later Gradio, must be refused."""


def routes_of(routes: Sequence[BaseRoute], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield method and path of every route, those of mounted applications too."""
    for context in iter_route_contexts(routes):
        route = context.original_route
        path = f"{prefix}{context.path}"
        if isinstance(route, Mount):
            yield from routes_of(route.routes, path)
        else:
            yield from ((method, path) for method in context.methods or {"WEBSOCKET"})


def all_routes(protected: Protection) -> set[tuple[str, str]]:
    streams = protected._app
    assert isinstance(streams, Streams)
    app = streams._app
    assert isinstance(app, FastAPI)
    return set(routes_of(app.routes))


def filled_in(path: str) -> str:
    return re.sub(r"\{[^}]+\}", "x", path.replace("{event_id}", "0" * 32))


def is_let_through(method: str, path: str) -> bool:
    """Whether a request reaches the application behind the protection at all."""
    heard: list[Scope] = []

    async def inner(scope: Scope, _: Receive, send: Send) -> None:
        heard.append(scope)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    bodies: dict[str, dict[str, object]] = {
        "/gradio_api/queue/join": {"data": [], "fn_index": 0, "session_hash": "k3jd92ls0a"},
        "/gradio_api/cancel": {"event_id": "e1", "fn_index": 0, "session_hash": "k3jd92ls0a"},
        "/gradio_api/call/{api_name}": {"data": []},
    }
    endpoints = Endpoints({"x": ()}, {0: "x"})
    client = TestClient(Protection(inner, Terms(endpoints=endpoints)))
    client.request(method, filled_in(path), json=bodies.get(path))
    return bool(heard)


def test_no_route_is_open_but_those_listed(protected: Protection) -> None:
    opened = {route for route in all_routes(protected) if is_let_through(*route)}

    assert opened == OPEN


def test_every_other_route_is_refused(protected: Protection, client: TestClient) -> None:
    closed = all_routes(protected) - OPEN

    answers = {route: client.request(route[0], filled_in(route[1])).status_code for route in closed}

    assert ("POST", "/gradio_api/upload") in closed
    assert {route: status for route, status in answers.items() if status not in {404, 405}} == {}


@pytest.mark.parametrize("folder", ["assets", "static", "svelte", "site", "documents"])
@pytest.mark.parametrize("climb", ["%2e%2e/", "..%2f", "%2e%2e%2f", "x/%2e%2e/%2e%2e/"])
def test_no_file_outside_the_folders_of_the_page_is_served(
    client: TestClient, folder: str, climb: str
) -> None:
    for times in range(1, 12):
        for path in ("etc/passwd", "routes.py", "pyproject.toml"):
            response = client.get(f"/{folder}/{climb * times}{path}")

            assert response.status_code in {403, 404}


@pytest.mark.parametrize("path", ["/", "/config"])
@pytest.mark.parametrize("claim", ["host", "x-gradio-server", "x-forwarded-host"])
def test_what_a_visitor_claims_of_our_address_is_not_repeated(path: str, claim: str) -> None:
    own = OwnAddress.of("https://ask.example.org")
    library = FakeLibrary(FakeGeneration())
    site = a_site(library, Path(tempfile.mkdtemp()), own=own)
    evil = "http://evil.test" if claim == "x-gradio-server" else "evil.test"

    response = TestClient(server.application(site)).get(path, headers={claim: evil})

    assert response.status_code == 200
    assert "evil.test" not in response.text
    assert path == "/" or "https://ask.example.org" in response.text


@pytest.mark.parametrize(
    "path",
    [
        *("/livez", "/readyz", "/", "/widget", "/widget.js", "/site/page.css", "/accessibility"),
        *("/documents/articles/lighting.md", "/documents/nowhere.md", "/answer/abc", "/config"),
    ],
)
def test_what_can_be_read_can_be_asked_for_its_headers(client: TestClient, path: str) -> None:
    whole, head = client.get(path), client.head(path)

    assert (head.status_code, head.content) == (whole.status_code, b"")
    assert head.headers["content-type"] == whole.headers["content-type"]
