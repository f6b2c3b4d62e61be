from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant.web.security.addresses import OwnAddress
from assistant.web.security.gradio_calls import Endpoints, Parameter, Text
from assistant.web.security.headers import HEADERS, Message, Receive, Send
from assistant.web.security.protection import BODY_LIMIT, Protection, Scope, Terms
from assistant.web.security.visitors import Visitors

ASK = "/gradio_api/queue/join"
RATE = "/feedback"
QUESTION = b'{"data":["Lamps?"],"fn_index":0,"session_hash":"k3jd92ls0a"}'
ENDPOINTS = Endpoints({"ask": (Parameter(Text(99)),)}, {0: "ask"})
SENT = {
    ASK: QUESTION,
    "/gradio_api/cancel": b'{"event_id":"e1","fn_index":0,"session_hash":"k3jd92ls0a"}',
    "/gradio_api/call/ask": b'{"data":["Lamps?"]}',
}


class Inner:
    """Answers everything with 200 and remembers what reached it."""

    def __init__(
        self,
        *parts: bytes,
        kind: str = "text/plain",
        headers: Sequence[tuple[bytes, bytes]] = (),
    ) -> None:
        self.parts = parts or (b"ok",)
        self.headers = [(b"content-type", kind.encode()), *headers]
        self.scopes: list[Scope] = []
        self.bodies: list[bytes] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scopes.append(scope)
        if scope["type"] != "http":
            return
        message = await receive()
        self.bodies.append(message["body"])
        await send({"type": "http.response.start", "status": 200, "headers": [*self.headers]})
        for part in self.parts:
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def client(inner: Inner | None = None) -> TestClient:
    return TestClient(
        Protection(inner or Inner(), Terms(endpoints=ENDPOINTS)), base_url="http://ask.test"
    )


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/?lang=fr",
        "/config",
        "/livez",
        "/readyz",
        "/documents/articles/lamps.md",
        "/documents/a%20b%20%C3%A9.md",
        "/site/page.css",
        "/about",
        "/documents",
        "/widget",
        "/gradio_api/call/ask/0123456789abcdef0123456789abcdef",
        "/gradio_api/info",
        "/gradio_api/queue/data?session_hash=abc",
        "/gradio_api/heartbeat/abc-123",
    ],
)
def test_what_the_pages_need_is_let_through(method: str, path: str) -> None:
    inner = Inner()

    response = client(inner).request(method, path)

    assert response.status_code == 200
    assert len(inner.scopes) == 1


@pytest.mark.parametrize("path", SENT)
def test_what_the_chat_sends_is_let_through_with_its_body(path: str) -> None:
    inner = Inner()

    response = client(inner).post(path, content=SENT[path])

    assert response.status_code == 200
    assert inner.bodies == [SENT[path]]


@pytest.mark.parametrize("path", SENT)
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"[" * 10_000, b'{"session_hash": ""}'])
def test_what_no_page_sends_is_refused_before_it_could_hold_others_up(
    path: str, body: bytes
) -> None:
    inner = Inner()

    assert client(inner).post(path, content=body).status_code == 422
    assert inner.scopes == []


def test_the_length_of_a_body_is_told_as_it_is_handed_on() -> None:
    inner = Inner()

    client(inner).post(ASK, content=QUESTION + b"  ")

    assert dict(inner.scopes[0]["headers"])[b"content-length"] == str(len(QUESTION)).encode()


def test_gradio_looks_for_no_other_page_and_no_stored_state() -> None:
    inner = Inner()

    client(inner).get("/config?deep_link=x&page=1")

    assert inner.scopes[0]["query_string"] == b""


FORBIDDEN = [
    "/gradio_api/upload",
    "/gradio_api/upload_progress",
    "/gradio_api/file=/etc/passwd",
    "/gradio_api/file/etc/passwd",
    "/file=/etc/passwd",
    "/gradio_api/proxy=https://evil.test/",
    "/proxy=https://evil.test/",
    "/gradio_api/stream/a/b/c/playlist.m3u8",
    "/gradio_api/component_server",
    "/gradio_api/run/predict",
    "/gradio_api/api/predict",
    "/gradio_api/call/v2/ask",
    "/gradio_api/startup-events",
    "/gradio_api/app_id",
    "/gradio_api/reset",
    "/assets/index-Bq1_x2.js",
    "/static/fonts/ui/a.woff2",
    "/svelte/svelte.js",
    "/theme.css",
    "/favicon.ico",
    "/gradio_api/queue/status",
    "/gradio_api/openapi.json",
    "/gradio_api/run-history",
    "/gradio_api/vibe-edit",
    "/gradio_api/vibe-code",
    "/gradio_api/vibe-starter-queries",
    "/gradio_api/deep_link",
    "/gradio_api/login_check",
    "/gradio_api/user",
    "/gradio_api/token",
    "/gradio_api/dev/reload",
    "/gradio_api/mcp/",
    "/gradio_api/",
    "/gradio_api",
    "/openapi.json",
    "/docs",
    "/redoc",
    "/monitoring",
    "/monitoring/summary",
    "/run-history",
    "/login",
    "/login/",
    "/logout",
    "/user",
    "/token",
    "/app_id",
    "/manifest.json",
    "/pwa_icon",
    "/robots.txt",
    "/component_server",
    "/custom_component/a/client/b/c.js",
    "/upload",
    "/mcp",
    "/.env",
    "/site/../app.py",
    "/site/a/b.css",
    "/documents/",
    "/config/",
    "//config",
    "/config%0a",
    "/livez/x",
    "/gradio_api/heartbeat/a/b",
]


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize("path", FORBIDDEN)
def test_nothing_else_is_there(method: str, path: str) -> None:
    inner = Inner()

    response = client(inner).request(method, f"http://ask.test{path}")

    assert response.status_code == 404
    assert inner.scopes == []


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "QUERY"])
@pytest.mark.parametrize("path", ["/about", "/config", "/documents/a.md", "/gradio_api/queue/data"])
def test_what_may_only_be_read_cannot_be_written(method: str, path: str) -> None:
    inner = Inner()

    response = client(inner).request(method, path)

    assert response.status_code == 405
    assert inner.scopes == []


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_what_may_only_be_sent_is_not_there_to_read(method: str) -> None:
    inner = Inner()

    assert client(inner).request(method, ASK).status_code == 404
    assert inner.scopes == []


def sent_in_parts(size: int) -> Iterator[bytes]:
    for _ in range(size // 1000):
        yield b"x" * 1000
    yield b"x" * (size % 1000)


def test_a_body_up_to_the_limit_is_taken() -> None:
    inner = Inner()

    assert client(inner).post(RATE, content=b"x" * BODY_LIMIT).status_code == 200
    assert client(inner).post(RATE, content=sent_in_parts(BODY_LIMIT)).status_code == 200
    assert [len(body) for body in inner.bodies] == [BODY_LIMIT, BODY_LIMIT]


@pytest.mark.parametrize("length", [None, "0", "10", str(BODY_LIMIT), str(BODY_LIMIT + 1)])
def test_a_larger_body_is_refused_whatever_length_it_claims(length: str | None) -> None:
    inner = Inner()
    headers = {} if length is None else {"content-length": length}

    response = client(inner).post(ASK, content=sent_in_parts(BODY_LIMIT + 1), headers=headers)

    assert response.status_code == 413
    assert inner.scopes == []


@pytest.mark.parametrize("length", ["-1", "abc", "1e3", "", "0x10", "9" * 5000, str(10**18)])
def test_a_senseless_length_is_refused(length: str) -> None:
    inner = Inner()

    response = client(inner).post(
        ASK, content=sent_in_parts(10), headers={"content-length": length}
    )

    assert response.status_code == 413
    assert inner.scopes == []


def test_a_body_where_none_belongs_is_limited_too() -> None:
    inner = Inner()

    response = client(inner).request("GET", "/", content=sent_in_parts(BODY_LIMIT + 1))

    assert response.status_code == 413
    assert inner.scopes == []


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.test"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "http://ask.test:8080"},
        {"origin": "http://ask.test.evil.test"},
        {"origin": "http://evil.test/ask.test"},
        {"origin": "http://evil.test//ask.test"},
        {"origin": "http://ask.test", "sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "SAME-ORIGIN, cross-site"},
    ],
)
@pytest.mark.parametrize("path", ["/", *SENT])
def test_a_page_of_another_site_cannot_send_anything(headers: dict[str, str], path: str) -> None:
    inner = Inner()

    response = client(inner).post(path, content=b"{}", headers=headers)

    assert response.status_code == 403
    assert inner.scopes == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "http://ask.test"},
        {"origin": "https://ask.test"},
        {"origin": "http://ask.test", "sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
    ],
)
def test_our_own_page_and_a_program_may_send(headers: dict[str, str]) -> None:
    assert client().post(ASK, content=QUESTION, headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/nowhere", 404),
        ("PUT", "/", 405),
        ("POST", RATE, 200),
    ],
)
def test_every_response_carries_the_headers(method: str, path: str, status: int) -> None:
    response = client().request(method, path)

    assert response.status_code == status
    check_headers(response.headers)


def test_a_refusal_by_size_or_origin_carries_the_headers() -> None:
    large = client().post(ASK, content=b"x" * (BODY_LIMIT + 1))
    foreign = client().post(ASK, headers={"origin": "https://evil.test"})

    assert (large.status_code, foreign.status_code) == (413, 403)
    check_headers(large.headers)
    check_headers(foreign.headers)


def check_headers(headers: Any) -> None:  # noqa: ANN401 - httpx has no public type for them
    for name, value in HEADERS.items():
        assert headers.get_list(name.decode()) == [value.decode()]
    (policy,) = headers.get_list("content-security-policy")
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


def test_headers_of_the_inner_application_cannot_weaken_ours() -> None:
    inner = Inner(
        headers=[
            (b"X-Frame-Options", b"ALLOWALL"),
            (b"referrer-policy", b"unsafe-url"),
            (b"Server", b"uvicorn"),
            (b"Access-Control-Allow-Origin", b"https://evil.test"),
            (b"access-control-allow-credentials", b"true"),
            (b"x-other", b"stays"),
        ]
    )

    headers = client(inner).get("/", headers={"origin": "https://evil.test"}).headers

    check_headers(headers)
    assert not {"server", "access-control-allow-origin", "access-control-allow-credentials"} & set(
        headers
    )
    assert headers["x-other"] == "stays"


@pytest.mark.parametrize("kind", ["text/html", "text/plain", "application/json", "image/svg+xml"])
def test_nothing_runs_but_files_of_our_own(kind: str) -> None:
    headers = client(Inner(b"<script>one()</script>", kind=kind)).get("/config").headers

    policy = headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert not {"unsafe", "http", "*", "sha256", "data:"} & set(policy.split())


def test_what_a_proxy_or_a_liar_claims_about_the_address_is_not_passed_on() -> None:
    inner = Inner()
    claims = {
        "x-forwarded-host": "evil.test",
        "X-Forwarded-Proto": "https",
        "x-forwarded-for": "1.2.3.4",
        "x-forwarded-prefix": "/evil",
        "accept-language": "fr",
    }

    client(inner).get("/", headers=claims)

    names = {name for name, _ in inner.scopes[0]["headers"]}
    assert not [name for name in names if name.startswith(b"x-forwarded")]
    assert b"accept-language" in names


OWN = OwnAddress.of("https://ask.example.org")


@pytest.mark.parametrize(
    "claims",
    [
        {"host": "evil.test"},
        {"x-gradio-server": "http://evil.test/"},
        {"X-Gradio-Anything": "evil.test"},
        {"forwarded": "host=evil.test"},
        {"x-forwarded-host": "evil.test"},
    ],
)
def test_pages_hear_of_the_address_that_operators_set(claims: dict[str, str]) -> None:
    inner = Inner()

    TestClient(Protection(inner, Terms(own=OWN))).get("/", headers=claims)

    scope = inner.scopes[0]
    assert scope["scheme"] == "https"
    assert [each for each in scope["headers"] if each[0] == b"host"] == [
        (b"host", b"ask.example.org")
    ]
    assert b"evil" not in str(scope["headers"]).encode()


def test_our_own_page_may_send_though_a_proxy_does_not_pass_its_host_on() -> None:
    own = TestClient(Protection(Inner(), Terms(own=OWN)), base_url="http://127.0.0.1:7860")

    assert own.post(RATE, headers={"origin": "https://ask.example.org"}).status_code == 200
    assert own.post(RATE, headers={"origin": "http://ask.example.org"}).status_code == 403
    assert own.post(RATE, headers={"origin": "https://evil.test"}).status_code == 403


@pytest.mark.parametrize("host", ["", "[", "a b", "evil.test/x", "a@b", "a:b", "é.test", "x" * 300])
def test_a_host_that_is_none_is_refused(host: str) -> None:
    inner = Inner()

    assert client(inner).get("/", headers={b"host": host.encode()}).status_code == 400
    assert inner.scopes == []


async def test_two_hosts_are_refused() -> None:
    sent: list[Message] = []
    scope = {**a_request("/"), "headers": [(b"host", b"ask.test"), (b"host", b"evil.test")]}

    await Protection(Inner())(scope, nothing_more, collect(sent))

    assert sent[0]["status"] == 400


async def test_a_stream_is_passed_on_piece_by_piece() -> None:
    sent: list[Message] = []
    inner = Inner(b"data: 1\n\n", b"data: 2\n\n", kind="text/event-stream")

    await Protection(inner)(a_request("/gradio_api/queue/data"), nothing_more, collect(sent))

    assert [each.get("body") for each in sent] == [None, b"data: 1\n\n", b"data: 2\n\n", b""]


async def test_the_inner_application_learns_that_a_visitor_has_left() -> None:
    heard: list[Message] = []

    async def inner(_: Scope, receive: Receive, send: Send) -> None:
        heard.extend([await receive(), await receive()])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    await Protection(inner)(a_request("/"), nothing_more, collect([]))

    assert [fields["type"] for fields in heard] == ["http.request", "http.disconnect"]


async def test_a_websocket_is_closed() -> None:
    sent: list[Message] = []
    inner = Inner()

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    scope = {"type": "websocket", "path": "/gradio_api/queue/join", "headers": []}
    await Protection(inner)(scope, receive, collect(sent))

    assert [fields["type"] for fields in sent] == ["websocket.close"]
    assert inner.scopes == []


async def test_start_up_and_shutdown_reach_the_inner_application() -> None:
    inner = Inner()

    await Protection(inner)({"type": "lifespan"}, nothing_more, collect([]))

    assert [scope["type"] for scope in inner.scopes] == ["lifespan"]


def a_request(path: str) -> Scope:
    return {"type": "http", "method": "GET", "path": path, "headers": []}


def collect(sent: list[Message]) -> Send:
    async def send(message: Message) -> None:
        sent.append(message)

    return send


async def nothing_more() -> Message:
    return {"type": "http.disconnect"}


def test_a_visitor_with_more_requests_than_a_page_needs_is_told_how_long_to_wait() -> None:
    visitors = Visitors(questions=1, requests=2)
    busy = TestClient(Protection(Inner(), Terms(visitors=visitors)), base_url="http://ask.test")
    for _ in range(2):
        assert busy.get("/").status_code == 200

    refused = busy.get("/")

    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert f"wait {refused.headers['retry-after']} seconds" in refused.text


def test_the_files_of_a_page_are_not_counted() -> None:
    visitors = Visitors(questions=1, requests=1)
    busy = TestClient(Protection(Inner(), Terms(visitors=visitors)), base_url="http://ask.test")

    assert {busy.get("/site/page.js").status_code for _ in range(5)} == {200}
