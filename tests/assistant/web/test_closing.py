import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from assistant.web import running
from assistant.web.streams import ALIVE
from tests.assistant.web.serving import Serving


async def listening(_: Request) -> Response:
    async def beats() -> AsyncIterator[str]:
        while True:
            yield "ALIVE "
            await asyncio.sleep(0.05)

    return StreamingResponse(beats(), media_type="text/event-stream")


async def answering(_: Request) -> Response:
    async def words() -> AsyncIterator[str]:
        for word in ("In", " 2019", "."):
            yield word
            await asyncio.sleep(0.2)

    return StreamingResponse(words(), media_type="text/event-stream")


async def asking(request: Request) -> Response:
    assert request.client
    return PlainTextResponse(f"{request.client.host} {request.url.scheme}")


async def taking(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


PAGES = Starlette(
    routes=[
        Route(f"{ALIVE}me", listening),
        Route("/answer", answering),
        Route("/who", asking),
        Route("/endless", listening),
        Route("/upload", taking, methods=["POST"]),
    ]
)


@contextmanager
def serving(log: pytest.LogCaptureFixture) -> Iterator[Serving]:
    """Serve; nothing is logged until it has stopped."""
    server = Serving(running.Server(PAGES))
    uvicorn = logging.getLogger("uvicorn")  # it passes nothing on to the root of all logs
    uvicorn.addHandler(log.handler)
    try:
        yield server
    finally:
        server.join()
        uvicorn.removeHandler(log.handler)
    assert log.messages == []


def test_a_page_that_only_listens_hears_the_end_at_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with serving(caplog) as server:
        stream = server.ask(f"{ALIVE}me")
        assert stream.read(6) == b"ALIVE "
        server.stop()

        assert set(stream.read().split()) <= {b"ALIVE"}


def test_an_answer_that_is_under_way_is_finished(caplog: pytest.LogCaptureFixture) -> None:
    with serving(caplog) as server:
        stream = server.ask("/answer")
        begun = stream.read(2)
        server.stop()

        assert begun + stream.read() == b"In 2019."


def test_what_never_ends_is_ended_when_its_time_is_over(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "CLOSING_SECONDS", 0.2)
    with serving(caplog) as server:
        stream = server.ask("/endless")
        server.stop()

        assert stream.read().startswith(b"ALIVE ")


def test_what_is_being_sent_to_a_server_that_stops_is_dropped(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "CLOSING_SECONDS", 0.2)
    with serving(caplog) as server:
        connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
        connection.putrequest("POST", "/upload")
        connection.putheader("Content-Length", "1000")
        connection.endheaders(b"the first of it")
        time.sleep(0.2)


def test_nobody_is_believed_who_tells_of_another_address_or_scheme() -> None:
    server = Serving(running.Server(PAGES))
    try:
        told = server.ask("/who", {"X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": "https"})

        assert told.read() == b"127.0.0.1 http"
    finally:
        server.join()
