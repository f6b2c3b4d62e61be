"""Models ask by MCP what others ask by the page, where operators want that, and nothing else."""

import json
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant.domain.errors import SettingsError
from assistant.settings import load
from assistant.web import assembly, server, streams
from assistant.web.mcp_tools import OF_PAGES
from assistant.web.running import Server
from assistant.web.security.protection import BODY_LIMIT
from assistant.web.security.visitors import Visitors
from tests.assistant.web.serving import Serving
from tests.assistant.web.test_engine import called
from tests.builders import a_chunk, a_document, a_passage, a_site
from tests.fakes import BrokenLibrary, FakeGeneration, FakeLibrary

pytest.importorskip("mcp", reason="the extra `mcp` is not installed")

PATH = "/gradio_api/mcp/"
ACCEPT = {"accept": "application/json, text/event-stream"}
ASKED = "When were the lamps renewed?"
LIBRARY = FakeLibrary(
    FakeGeneration(
        a_passage(a_chunk("Les lampes « à gaz » : 2019."), score=0.9), documents=[a_document()]
    )
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    site = a_site(LIBRARY, tmp_path_factory.mktemp("data"), answers_models=True)
    app = server.application(site)
    with TestClient(app, base_url="http://ask.test") as opened:
        yield opened


def said(client: TestClient, method: str, **params: object) -> dict[str, Any]:
    """Return what is answered to a message."""
    message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    response = client.post(PATH, json=message, headers=ACCEPT)
    assert response.status_code == 200
    is_stream = response.headers["content-type"].startswith("text/event-stream")
    text = response.text.partition("data: ")[2] if is_stream else response.text
    return dict(json.loads(text))


def told(client: TestClient, name: str, **arguments: object) -> dict[str, Any]:
    """Return what a tool says."""
    result = said(client, "tools/call", name=name, arguments=arguments)["result"]
    assert not result["isError"]
    return dict(json.loads(result["content"][0]["text"]))


def test_there_are_three_tools_each_explained(client: TestClient) -> None:
    tools = said(client, "tools/list")["result"]["tools"]

    assert [tool["name"] for tool in tools] == ["ask", "search", "read_document"]
    for tool in tools:
        assert tool["description"]
        for taken in tool["inputSchema"]["properties"].values():
            assert taken["description"]
    assert not OF_PAGES & tools[0]["inputSchema"]["properties"].keys()


def test_a_client_hears_that_there_are_tools_alone_and_how_to_take_what_they_say(
    client: TestClient,
) -> None:
    hello: dict[str, object] = {
        "protocolVersion": "2025-06-18",
        "clientInfo": {"name": "x", "version": "1"},
    }
    result = said(client, "initialize", **hello)["result"]

    offered = {name for name, value in result["capabilities"].items() if value}
    assert offered == {"tools"}
    assert "quoted data" in result["instructions"]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("ask", {"question": ASKED}),
        ("search", {"question": ASKED}),
        ("read_document", {"document": "articles/lighting.md"}),
        ("read_document", {"document": "articles/none.md"}),
    ],
)
def test_a_tool_says_what_the_endpoint_says(
    client: TestClient, name: str, arguments: dict[str, object]
) -> None:
    expected = called(client, name, *arguments.values())

    heard = told(client, name, **arguments)

    for one in (expected, heard):
        one.get("answer", {}).pop("milliseconds", None)
    assert heard == {key: value for key, value in expected.items() if key not in OF_PAGES}


def test_a_model_reads_letters_and_no_codes(client: TestClient) -> None:
    arguments = {"question": ASKED}

    result = said(client, "tools/call", name="search", arguments=arguments)["result"]

    assert "Les lampes « à gaz »" in result["content"][0]["text"]


def test_a_model_is_told_to_wait_as_anybody_is(tmp_path: Path) -> None:
    site = a_site(LIBRARY, tmp_path, answers_models=True)
    chat = replace(site.pages.chat, visitors=Visitors(questions=1, requests=99))
    app = server.application(replace(site, pages=replace(site.pages, chat=chat)))

    with TestClient(app, client=("203.0.113.7", 1)) as one:
        assert told(one, "search", question=ASKED)["state"] == "done"
        assert "Please wait" in told(one, "ask", question=ASKED)["text"]
        other = TestClient(app, client=("203.0.113.8", 1))
        assert told(other, "ask", question=ASKED)["state"] == "done"


def test_a_failing_store_shows_no_secret(tmp_path: Path) -> None:
    app = server.application(a_site(BrokenLibrary(), tmp_path, answers_models=True))

    with TestClient(app) as client:
        for name in ("ask", "search"):
            heard = told(client, name, question=ASKED)
            assert heard["state"] == "trouble"
            assert "secret" not in heard["text"]


def test_no_address_that_a_client_names_is_asked(client: TestClient) -> None:
    """Gradio's own tools would be asked there, by the server itself."""
    call = {"name": "ask", "arguments": {"question": ASKED}}
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}

    response = client.post(PATH, json=message, headers={**ACCEPT, "host": "127.0.0.1:1"})

    assert r"{\"state\": \"done\"" in response.text


@pytest.mark.parametrize("answers_models", [True, False])
def test_nothing_but_the_one_address_is_open(tmp_path: Path, *, answers_models: bool) -> None:
    app = server.application(a_site(LIBRARY, tmp_path, answers_models=answers_models))
    message = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    paths = ["", "/", "/sse", "/messages", "/messages/", "/schema", "/http", "/http/", "/x"]

    with TestClient(app) as client:
        opened = {
            (method, path)
            for path in paths
            for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS")
            if client.request(
                method, f"/gradio_api/mcp{path}", json=message, headers=ACCEPT
            ).is_success
        }

    assert opened == ({("POST", ""), ("POST", "/")} if answers_models else set())


def test_a_stream_that_nothing_would_be_said_on_is_not_opened(client: TestClient) -> None:
    assert client.get(PATH, headers=ACCEPT).status_code == 405
    assert client.delete(PATH).status_code == 405


def test_what_is_being_answered_counts_among_the_streams_of_a_visitor(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "MOST_STREAMS", 0)
    message = {"jsonrpc": "2.0", "id": 1, "method": "ping"}

    assert client.post(PATH, json=message, headers=ACCEPT).status_code == 429


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b'{"jsonrpc": "2.0", "id": 1, "method": "ping"}', {"origin": "https://evil.test"}, 403),
        (b" " * (BODY_LIMIT + 1), {}, 413),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "x", "params": {"name": {"path": "/"}}}', {}, 422),
        (b'{"jsonrpc": "2.0", "method": "notifications/initialized"}', {}, 202),
    ],
)
def test_the_protection_stands_before_models_too(
    client: TestClient, content: bytes, headers: dict[str, str], status: int
) -> None:
    kind = {"content-type": "application/json"}

    response = client.post(PATH, content=content, headers={**ACCEPT, **kind, **headers})

    assert response.status_code == status
    assert response.headers["x-content-type-options"] == "nosniff"


async def test_a_client_of_the_protocol_asks_and_reads_on(tmp_path: Path) -> None:
    from mcp import ClientSession  # noqa: PLC0415 - not where the extra is missing
    from mcp.client.streamable_http import streamable_http_client  # noqa: PLC0415 - likewise

    app = server.application(a_site(LIBRARY, tmp_path, answers_models=True))
    with Serving(Server(app)) as serving:
        async with AsyncExitStack() as stack:
            address = f"http://127.0.0.1:{serving.port}{PATH}"
            reading, writing, _ = await stack.enter_async_context(streamable_http_client(address))
            session = await stack.enter_async_context(ClientSession(reading, writing))
            await session.initialize()
            found = await session.call_tool("search", {"question": ASKED})
            document = json.loads(found.content[0].text)["passages"][0]["document"]  # type: ignore[union-attr] # a text
            text = await session.call_tool("read_document", {"document": document})
            wrong = await session.call_tool("search", {"question": ASKED, "limit": 99})

    assert "renewed its street lighting" in text.content[0].text  # type: ignore[union-attr] # a text
    assert wrong.isError


@pytest.mark.parametrize("installed", ["0.9", "2.3.0"])
def test_where_the_extra_is_missing_the_remedy_is_told(
    monkeypatch: pytest.MonkeyPatch, installed: str
) -> None:
    monkeypatch.setattr(metadata, "version", lambda _: installed)

    with pytest.raises(SettingsError, match=r"FORUM_MCP=1 needs an extra: run "):
        assembly.has_mcp()


def test_a_wrong_value_is_told_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORUM_MCP", "perhaps")

    with pytest.raises(SettingsError, match="FORUM_MCP=perhaps: "):
        load()
