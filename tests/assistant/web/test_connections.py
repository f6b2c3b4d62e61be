"""A connection on which no whole request comes is closed, and one machine opens only so many."""

import socket
from collections.abc import Iterator
from contextlib import suppress

import pytest

from assistant.domain.networks import networks
from assistant.web import running
from assistant.web.security import bodies
from assistant.web.security.headers import Receive, Send
from assistant.web.security.protection import Protection, Scope
from tests.assistant.web.serving import Serving


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        message = await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": message["body"]})


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serving]:
    monkeypatch.setattr(running, "HEAD_SECONDS", 0.2)
    monkeypatch.setattr(running, "FROM_ONE", 5)
    monkeypatch.setattr(bodies, "SECONDS", 0.2)
    its = Serving(running.Server(Protection(echo)))
    yield its
    its.join()


def connect(server: Serving) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=30)


def heard(connection: socket.socket) -> bytes:
    """Return all that comes until the other side closes."""
    pieces = []
    try:
        while piece := connection.recv(65_536):
            pieces.append(piece)
    except ConnectionResetError:
        pass
    return b"".join(pieces)


@pytest.mark.parametrize(
    "sent", [b"", b"GET", b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nHost: ask.test\r\nX: y\r\n"]
)
def test_a_request_that_is_never_whole_is_let_go(server: Serving, sent: bytes) -> None:
    with connect(server) as connection:
        connection.sendall(sent)

        assert heard(connection) == b""


def test_a_second_request_that_is_never_whole_is_let_go(server: Serving) -> None:
    with connect(server) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: ask.test\r\n\r\nGET / HT")

        assert heard(connection).count(b"200 OK") == 1


def test_a_body_that_never_comes_is_refused(server: Serving) -> None:
    with connect(server) as connection:
        connection.sendall(
            b"POST /feedback HTTP/1.1\r\nHost: ask.test\r\nContent-Length: 9\r\n\r\nsome"
        )

        assert b" 408 " in heard(connection).partition(b"\r\n")[0]


def test_one_machine_opens_so_many_connections(
    server: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "HEAD_SECONDS", 60)
    held = [connect(server) for _ in range(5)]
    with connect(server) as one_more:
        with suppress(OSError):  # it may be closed before
            one_more.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")

        assert heard(one_more) == b""
    for each in held:
        each.close()


def test_a_proxy_of_ours_may_open_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "FROM_ONE", 1)
    server = Serving(running.Server(Protection(echo), networks("127.0.0.0/8")))
    try:
        held = [connect(server) for _ in range(3)]
        for each in held:
            each.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            assert b"200 OK" in heard(each)
            each.close()
    finally:
        server.join()


def test_there_is_a_bound_on_all_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "ALTOGETHER", 2)
    server = Serving(running.Server(Protection(echo)))
    try:
        held = [connect(server) for _ in range(3)]
        held[-1].sendall(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert b" 503 " in heard(held[-1]).partition(b"\r\n")[0]
        for each in held:
            each.close()
    finally:
        server.join()
