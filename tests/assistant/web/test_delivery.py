"""Pages and files come small and once; answers come at once."""

import gzip
import re
from collections.abc import Callable
from typing import Any

import anyio
import pytest
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.testclient import TestClient

from assistant.web import server
from assistant.web.running import Compressing
from assistant.web.security.headers import Message
from tests.builders import a_site
from tests.fakes import FakeGeneration, FakeLibrary

GZIP = {"accept-encoding": "gzip"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    library = FakeLibrary(FakeGeneration())
    application = server.application(a_site(library, tmp_path_factory.mktemp("data")))
    return TestClient(Compressing(application), base_url="http://ask.test", headers=GZIP)


@pytest.mark.parametrize("path", ["/", "/widget", "/widget.js", "/site/page.js", "/config"])
def test_texts_are_compressed(client: TestClient, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 200
    assert response.headers["content-encoding"] == "gzip"
    assert int(response.headers["content-length"]) < len(response.content) / 2


def test_a_browser_that_reads_no_gzip_gets_none(client: TestClient) -> None:
    response = client.get("/", headers={"accept-encoding": "identity"})

    assert "content-encoding" not in response.headers
    assert len(response.content) == int(response.headers["content-length"])


def test_the_policy_is_that_of_the_page_as_it_is_read(client: TestClient) -> None:
    compressed, plain = client.get("/"), client.get("/", headers={"accept-encoding": "identity"})

    assert compressed.content == plain.content
    policy = "content-security-policy"
    assert compressed.headers[policy] == plain.headers[policy]


def test_a_page_asks_for_four_small_files_and_nothing_else(client: TestClient) -> None:
    html = client.get("/").text

    named = re.findall(r'(?:href|src)="(/site/[^"]+)"', html)
    assert [path.partition("?")[0] for path in named] == [
        "/site/export.js",
        "/site/page.js",
        "/site/page.css",
        "/site/icon.svg",
    ]
    texts = [html, *(client.get(path).text for path in named)]
    assert sum(len(gzip.compress(text.encode())) for text in texts) < 25_000


def test_what_the_page_names_may_be_kept_for_good(client: TestClient) -> None:
    for path in re.findall(r'(?:href|src)="(/site/[^"]+)"', client.get("/").text):
        assert client.get(path).headers["cache-control"] == server.FOREVER


def test_a_file_of_another_version_is_not_kept(client: TestClient) -> None:
    assert "cache-control" not in client.get("/site/page.css?v=old").headers
    assert "cache-control" not in client.get("/site/page.css").headers


def sent_by(inner: Callable[..., Any], path: str) -> list[Message]:
    """Return what goes over the line, message by message."""
    sent: list[Message] = []

    async def receive() -> Message:
        await anyio.sleep_forever()  # the browser stays
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "headers": [(b"accept-encoding", b"gzip")],
    }
    anyio.run(lambda: Compressing(inner)(scope, receive, send))
    return sent


def test_a_stream_of_answers_is_passed_on_piece_by_piece() -> None:
    pieces = [b"data: one\n\n", b"data: two\n\n" + b"x" * 2000]
    stream = StreamingResponse(iter(pieces), media_type="text/event-stream")

    start, *bodies = sent_by(stream, "/gradio_api/queue/data")

    assert b"content-encoding" not in dict(start["headers"])
    assert [body["body"] for body in bodies[:2]] == pieces


@pytest.mark.parametrize(("path", "is_compressed"), [("/staff/runs", False), ("/answer/x", True)])
def test_what_is_secret_is_never_compressed_with_what_comes_from_outside(
    path: str, *, is_compressed: bool
) -> None:
    start, body, *_ = sent_by(PlainTextResponse("words " * 500), path)

    assert (dict(start["headers"]).get(b"content-encoding") == b"gzip") is is_compressed
    text = gzip.decompress(body["body"]) if is_compressed else body["body"]
    assert text == b"words " * 500


def test_the_loader_is_not_kept_for_good(client: TestClient) -> None:
    assert client.get("/widget.js").headers["cache-control"] == "public, max-age=3600"
