"""What members' pages ask for beside the chat: an answer again, feedback, a file to keep."""

import html
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from starlette.testclient import TestClient

from assistant.domain.corpus import DocumentId, Successor
from assistant.domain.dialogue import Question, Statement, Suggestion
from assistant.language.languages import LANGUAGES
from assistant.language.wording import wording
from assistant.records.database import FILE, Database
from assistant.records.records import Records
from assistant.web import server
from assistant.web.pages import member_posts
from assistant.web.pages.permalinks import SharedAnswer
from assistant.web.server import Site
from tests.builders import a_chunk, a_passage, a_site, a_source, an_excerpt
from tests.fakes import FakeGeneration, FakeLibrary
from vectorstore.publishing.hidden import FILE as HIDDEN
from vectorstore.publishing.hidden import HiddenDocuments

FACT = "The lamps were renewed in 2019."
PRIVATE = "When were the lamps in Privet Drive renewed?"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def site(data: Path) -> Site:
    return a_site(FakeLibrary(FakeGeneration(a_passage(a_chunk(FACT), score=0.9))), data)


@pytest.fixture(scope="module")
def client(site: Site) -> TestClient:
    return TestClient(server.application(site), base_url="http://ask.test")


@pytest.fixture(scope="module")
def link(site: Site) -> str:
    answer = site.pages.chat.assistant.answer(Question(PRIVATE))
    return site.pages.permalinks.path(SharedAnswer(answer, site.pages.today(), site.pages.today()))


def test_a_link_shows_the_answer_again(client: TestClient, link: str) -> None:
    response = client.get(link)

    assert response.status_code == 200
    assert FACT in response.text
    assert "frame-ancestors 'none'" in response.headers["content-security-policy"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_link_says_so(client: TestClient, language: str) -> None:
    response = client.get(f"/answer/abc?lang={language}")

    assert response.status_code == 404
    assert wording(language)("shared.missing") in response.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_accessibility_statement_speaks_every_language(
    client: TestClient, language: str
) -> None:
    response = client.get(f"/accessibility?lang={language}")

    assert response.status_code == 200
    assert f'<html lang="{language}"' in response.text
    assert "help@forum.test" in response.text


def test_an_answer_is_kept_by_no_cache_and_no_search_engine(client: TestClient, link: str) -> None:
    for path in (link, "/answer/abc"):
        response = client.get(path)

        assert response.headers["cache-control"] == "no-store"
        assert response.headers["x-robots-tag"] == "noindex"


@pytest.fixture
def hidden(data: Path) -> Iterator[None]:
    """The lamps are taken out of the answers while it lasts."""
    HiddenDocuments(data).save(frozenset({DocumentId("articles/lighting.md")}))
    yield
    (data / HIDDEN).unlink()


@pytest.mark.usefixtures("hidden")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_shows_nothing_of_a_document_that_was_hidden_since(
    client: TestClient, site: Site, link: str, language: str
) -> None:
    shared = site.pages.permalinks.read(link.removeprefix("/answer/"))
    assert shared is not None
    (citation,) = shared.answer.citations

    response = client.get(f"{link}?lang={language}")

    assert response.status_code == 200
    assert wording(language)("shared.hidden") in html.unescape(response.text)
    for secret in (FACT, citation.source.title, citation.url):
        assert secret not in response.text


def test_a_link_shows_what_other_documents_say_and_names_no_hidden_one(
    client: TestClient, site: Site, data: Path, link: str
) -> None:
    shared = site.pages.permalinks.read(link.removeprefix("/answer/"))
    assert shared is not None
    (citation,) = shared.answer.citations
    successor = Successor(DocumentId("hidden.md"), "The unspeakable")
    left = replace(citation, excerpt=an_excerpt(FACT, source=a_source(successor=successor)))
    hidden = a_source(document_id="hidden.md", title="The unspeakable")
    gone = replace(citation, number=2, excerpt=an_excerpt("Dogs bark.", source=hidden))
    answer = replace(
        shared.answer,
        citations=(left, gone),
        statements=(Statement(FACT, 1), Statement("Dogs bark.", 2)),
        suggestions=(Suggestion(hidden, "/documents/hidden.md"),),
        understood="What does The unspeakable say?",
    )
    path = site.pages.permalinks.path(replace(shared, answer=answer))
    assert "Dogs bark" in client.get(path).text
    HiddenDocuments(data).save(frozenset({DocumentId("hidden.md")}))

    text = client.get(path).text
    (data / HIDDEN).unlink()

    assert FACT in text
    for secret in ("Dogs bark", "unspeakable", "hidden.md"):
        assert secret not in text


def test_where_it_cannot_be_told_what_is_hidden_no_answer_is_shown(
    client: TestClient, data: Path, link: str
) -> None:
    (data / HIDDEN).write_text("rubbish")

    response = client.get(link)
    (data / HIDDEN).unlink()

    assert response.status_code == 503
    assert FACT not in response.text


def test_feedback_is_kept_without_the_question(client: TestClient, link: str, data: Path) -> None:
    posted = {"answer": link, "rating": "down", "cause": "old", "reason": "Too\nold\x00"}

    assert client.post("/feedback", json=posted).json() == {"kept": True}

    kept = Records.of(Database(data)).feedback.all()[-1]
    assert (kept.rating, kept.cause, kept.question) == ("down", "old", "")
    assert kept.documents == ("articles/lighting.md",)
    assert b"Privet" not in (data / FILE).read_bytes()
    assert b"testclient" not in (data / FILE).read_bytes()


@pytest.mark.parametrize(
    "posted",
    [
        {},
        [],
        {"answer": "/answer/abc", "rating": "up"},
        {"answer": "LINK", "rating": "great"},
        {"answer": "LINK", "rating": "down", "cause": "rude"},
        {"answer": "LINK", "rating": "up", "reason": "x" * 2000},
        {"answer": "LINK", "rating": "up", "name": "me"},
    ],
)
def test_what_is_no_rating_is_refused(client: TestClient, link: str, posted: object) -> None:
    text = json.dumps(posted).replace("LINK", link)
    headers = {"content-type": "application/json"}

    assert client.post("/feedback", content=text, headers=headers).status_code == 422


def test_another_site_cannot_post_a_rating(client: TestClient, link: str) -> None:
    posted = {"answer": link, "rating": "up"}

    for headers in ({"origin": "https://evil.test"}, {"sec-fetch-site": "cross-site"}):
        assert client.post("/feedback", json=posted, headers=headers).status_code == 403
    as_text = {"content-type": "text/plain"}
    assert client.post("/feedback", content=json.dumps(posted), headers=as_text).status_code == 422


CONVERSATION = {
    "title": "Forum",
    "language": "fr",
    "turns": [
        {
            "question": "Où ?\x00\x0b",
            "answer": ["Les documents disent :", "- À la gare. [1]"],
            "sources": [{"numbers": "[1]", "title": "<b>Gare</b>", "url": "https://forum.test/"}],
        }
    ],
}


def test_a_conversation_is_written_as_a_word_document(client: TestClient) -> None:
    posted = json.dumps(CONVERSATION)

    response = client.post(
        "/export/docx", content=posted, headers={"content-type": "application/json"}
    )

    assert response.status_code == 200
    texts = [paragraph.text for paragraph in docx.Document(io.BytesIO(response.content)).paragraphs]
    assert texts[:4] == ["Forum", "Où ?", "Les documents disent :", "À la gare. [1]"]
    assert texts[4] == "[1] <b>Gare</b> () https://forum.test/"


def test_a_conversation_that_is_too_large_is_refused(client: TestClient) -> None:
    posted = {**CONVERSATION, "title": "x" * 2_000_000}

    assert client.post("/export/docx", json=posted).status_code == 413
    assert client.post("/export/docx", json={**CONVERSATION, "title": "x" * 999}).status_code == 422


@pytest.mark.parametrize(
    "turns",
    [
        [{"question": "q", "answer": []}] * (member_posts.MOST_TURNS + 1),
        [{"question": "q", "answer": [""] * 100}] * (member_posts.MOST_PARAGRAPHS // 100),
        [{"question": "q", "answer": [], "sources": [{"title": ""}] * 100}]
        * (member_posts.MOST_PARAGRAPHS // 100),
    ],
)
def test_there_is_an_end_to_what_is_written(client: TestClient, turns: object) -> None:
    posted = {"title": "x", "language": "en", "turns": turns}

    assert client.post("/export/docx", json=posted).status_code == 422
