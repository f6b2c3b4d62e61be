"""What other programs find and read by the engine is what is published, and says so in words."""

import inspect
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant.answering import answer_json
from assistant.domain.corpus import Filters, Kind
from assistant.domain.ports import Library
from assistant.language.wording import wording
from assistant.web import engine, lookups, server
from assistant.web.lookups import Sought
from assistant.web.pages.options import Chosen
from assistant.web.security.visitors import Visitors
from tests.builders import (
    a_chat_page,
    a_chunk,
    a_document,
    a_passage,
    a_site,
    a_translator,
    an_entry,
    unheard,
)
from tests.fakes import BrokenLibrary, FakeGeneration, FakeLibrary, HashEmbedder
from vectorstore.publishing import verification
from vectorstore.publishing.library import Library as Store

WORDS = wording("en")
LAMPS = a_passage(a_chunk("The lamps were renewed in 2019."), score=0.9)
FOUND = FakeGeneration(LAMPS, documents=[a_document(changed=date(2022, 5, 4))])
ID = "articles/lighting.md"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    site = a_site(FakeLibrary(FOUND), tmp_path_factory.mktemp("data"))
    with TestClient(server.application(site)) as opened:
        yield opened


def called(client: TestClient, name: str, *data: object) -> dict[str, Any]:
    """Return what an endpoint says in the end, called as Gradio documents it."""
    path = f"/gradio_api/call/{name}"
    event = client.post(path, json={"data": data}).json()["event_id"]
    *_, last = [
        line for line in client.get(f"{path}/{event}").text.splitlines() if line[:5] == "data:"
    ]
    (said,) = json.loads(last.removeprefix("data:"))
    assert isinstance(said, dict)
    return said


def test_passages_come_in_the_form_of_the_command_line(client: TestClient) -> None:
    said = called(client, "search", "When were the lamps renewed?")

    assert said == {"state": "done", **answer_json.passages(None, [LAMPS], "https://ask.test")}


def test_a_search_keeps_to_what_is_asked_for() -> None:
    generation = FakeGeneration(*[LAMPS] * 9)
    narrowed = Chosen(("event", "x"), ("en",), "years")

    said = lookups.passages_for(
        a_chat_page(FakeLibrary(generation)), Sought("CLSPD", "fr", narrowed, limit=4)
    )

    assert len(said["passages"]) == 4
    kept = Filters(frozenset({"en"}), frozenset({Kind.EVENT}), date(2016, 3, 1))
    assert generation.searches == [("CLSPD", kept, "fr")]


@pytest.mark.parametrize(
    ("question", "key"),
    [("", "error.empty"), (" \n", "error.empty"), ("x" * 101, "error.too_long")],
)
def test_what_is_no_question_is_not_searched_for(question: str, key: str) -> None:
    generation = FakeGeneration(LAMPS)

    said = lookups.passages_for(a_chat_page(FakeLibrary(generation)), Sought(question))

    assert said == {"state": "trouble", "text": WORDS(key, length=len(question), limit=100)}
    assert generation.searches == []


def test_a_document_is_read_with_all_that_it_is_cited_by(client: TestClient) -> None:
    document = a_document()

    assert called(client, "read_document", ID) == {
        "state": "done",
        "document": ID,
        "title": "Lighting",
        "url": "https://forum.test/lighting",
        "date": "2021-02-01",
        "changed": "2022-05-04",
        "language": "en",
        "kind": "article",
        "text": document.text,
        "start": 0,
        "end": len(document.text),
        "length": len(document.text),
    }


def test_a_long_document_is_read_piece_by_piece() -> None:
    whole = "".join(f"Lamp {number}. " for number in range(9000))
    page = a_chat_page(FakeLibrary(FakeGeneration(documents=[a_document(text=whole)])))

    text, pieces = "", 0
    while len(text) < len(whole):
        piece = lookups.part_of_document(page, ID, len(text), "")
        assert piece["length"] == len(whole)
        assert 0 < len(piece["text"]) <= lookups.LONGEST_TEXT
        text, pieces = text + piece["text"], pieces + 1

    assert (text, pieces) == (whole, 2)
    assert lookups.part_of_document(page, ID, len(whole), "")["text"] == ""


def test_an_unknown_document_is_told_in_words(client: TestClient) -> None:
    said = called(client, "read_document", "articles/none.md")

    assert said == {"state": "trouble", "text": WORDS("reader.missing")}


def test_a_hidden_document_is_neither_read_nor_found(tmp_path: Path) -> None:
    embedder = HashEmbedder()
    store = Store(tmp_path, lambda: embedder, model=embedder.name, verify=verification.examine)
    with store.writing():
        store.publish(
            [an_entry(a_document())], [], chunking="test", rebuild=False, progress=unheard
        )
    page = a_chat_page(store)
    assert lookups.part_of_document(page, ID, 0, "")["state"] == "done"
    assert lookups.passages_for(page, Sought("street lighting"))["passages"]

    store.hide(a_document().id)

    missing = {"state": "trouble", "text": WORDS("reader.missing")}
    assert lookups.part_of_document(page, ID, 0, "") == missing
    assert lookups.passages_for(page, Sought("street lighting"))["passages"] == []


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("search", ["lamps", "", [], [], "any", 0]),
        ("search", ["lamps", "", [], [], "any", 51]),
        ("search", ["lamps", "", [], [], "any", True]),
        ("search", ["lamps", "", [], [], "any", "10"]),
        ("search", ["lamps", "", [], [], "any", 1.5]),
        ("search", ["lamps", "", [], [], "any", 10, "x"]),
        ("search", []),
        ("read_document", [ID, -1]),
        ("read_document", [ID, 10**30]),
        ("read_document", ["x" * 1001]),
        ("read_document", [{"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}]),
        ("read_document", [[ID]]),
    ],
)
def test_what_an_endpoint_does_not_take_never_comes_to_it(
    client: TestClient, name: str, data: list[object]
) -> None:
    response = client.post(f"/gradio_api/call/{name}", json={"data": data})

    assert response.status_code == 422


def test_searching_and_reading_count_as_questions_do() -> None:
    visitors = Visitors(questions=2, requests=9)
    page = a_chat_page(FakeLibrary(FOUND), visitors=visitors)
    assert lookups.passages_for(page, Sought("lamps", address="203.0.113.7"))["state"] == "done"
    assert lookups.part_of_document(page, ID, 0, "203.0.113.7")["state"] == "done"

    for said in (
        lookups.passages_for(page, Sought("lamps", address="203.0.113.7")),
        lookups.part_of_document(page, ID, 0, "203.0.113.7"),
    ):
        assert said["state"] == "trouble"
        assert "Please wait" in said["text"]
    assert lookups.part_of_document(page, ID, 0, "203.0.113.8")["state"] == "done"


def test_a_program_is_known_by_its_own_address(tmp_path: Path) -> None:
    site = a_site(FakeLibrary(FOUND), tmp_path)
    chat = replace(site.pages.chat, visitors=Visitors(questions=1, requests=99))
    app = server.application(replace(site, pages=replace(site.pages, chat=chat)))

    with TestClient(app, client=("203.0.113.7", 1)) as one:
        assert called(one, "search", "lamps")["state"] == "done"
        assert called(one, "read_document", ID)["state"] == "trouble"
        other = TestClient(app, client=("203.0.113.8", 1))
        assert called(other, "read_document", ID)["state"] == "done"


@pytest.mark.parametrize("library", [BrokenLibrary(), None])
def test_what_fails_shows_no_secret(library: Library | None) -> None:
    page = a_chat_page(library)  # type: ignore[arg-type] # None is what nobody expects

    for said in (
        lookups.passages_for(page, Sought("lamps")),
        lookups.part_of_document(page, ID, 0, ""),
    ):
        assert said == {"state": "trouble", "text": WORDS("error.unavailable")}


def test_what_is_declared_of_an_endpoint_is_what_it_takes(tmp_path: Path) -> None:
    endpoints = engine.endpoints(
        a_chat_page(FakeLibrary(FOUND), translator=a_translator("", tmp_path))
    )

    assert [*endpoints] == [*engine.SHAPES]
    for name, endpoint in endpoints.items():
        taken = [*inspect.signature(endpoint).parameters.values()][1:]
        assert [
            None if parameter.default is inspect.Parameter.empty else parameter.default
            for parameter in taken
        ] == [parameter.default for parameter in engine.SHAPES[name]]


def test_everything_that_an_endpoint_takes_is_described() -> None:
    for endpoint in engine.endpoints(a_chat_page(FakeLibrary(FOUND))).values():
        told = inspect.getdoc(endpoint) or ""

        for name in inspect.signature(endpoint).parameters:
            assert f"\n    {name}: " in told
