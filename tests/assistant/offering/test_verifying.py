"""What is offered was asked, and answered as it should be."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from assistant.answering.assistant import Assistant
from assistant.domain.corpus import Chunk, Document, Kind
from assistant.domain.ports import Library
from assistant.domain.publication import Form, OfferedQuestion
from assistant.evaluation.golden_questions import GoldenQuestion
from assistant.language.wording import LANGUAGES, wording
from assistant.offering.candidates import ENOUGH
from assistant.offering.verifying import answered
from tests.builders import a_chunk, a_document, a_passage, an_assistant, unheard
from tests.fakes import FakeGeneration, FakeReader

LAMPS = "The lighting was renewed in 2019."
ASKED = "When were the lamps renewed?"


def chunk_under(*headings: str, text: str = LAMPS, name: str = "lighting") -> Chunk:
    return replace(a_chunk(text, name=name), headings=headings)


def a_forum(*chunks: Chunk) -> FakeGeneration:
    names = dict.fromkeys(its.source.document_id for its in chunks)
    passages = [a_passage(its) for its in chunks]
    texts = {its: [one for one in chunks if one.source.document_id == its] for its in names}
    documents = [replace(a_document(), source=held[0].source) for held in texts.values()]
    return FakeGeneration(*passages, documents=documents)


def offered(
    generation: FakeGeneration,
    *golden: GoldenQuestion,
    reads: str = "renewed",
    before: Sequence[OfferedQuestion] = (),
) -> list[OfferedQuestion]:
    def over(library: Library) -> Assistant:
        return an_assistant(library, reader=FakeReader(reads))

    return list(answered(generation, golden, over, before, unheard))


def texts(found: Sequence[OfferedQuestion], form: Form, language: str = "en") -> list[str]:
    return [its.text for its in found if (its.form, its.language) == (form, language)]


def test_a_heading_that_asks_something_is_offered_where_its_document_answers() -> None:
    found = offered(a_forum(chunk_under("2. " + ASKED)))

    assert texts(found, Form.FACT) == [ASKED]
    assert found[0].documents == ("articles/lighting.md",)


def test_what_would_be_refused_is_not_offered() -> None:
    assert texts(offered(a_forum(chunk_under(ASKED)), reads="trees"), Form.FACT) == []


def test_what_another_document_answers_is_not_offered() -> None:
    forum = a_forum(chunk_under(), chunk_under(ASKED, text="Ask us.", name="office"))

    assert texts(offered(forum), Form.FACT) == []


@pytest.mark.parametrize("heading", ["What does it cost?", "Ready to renew lamps?", "Lamps"])
def test_a_heading_that_asks_nothing_by_itself_is_none(heading: str) -> None:
    assert texts(offered(a_forum(chunk_under(heading))), Form.FACT) == []


def test_golden_questions_are_offered_where_they_are_answered_as_they_should_be() -> None:
    forum = a_forum(chunk_under())
    golden = [
        GoldenQuestion("Right?", "en", "articles/lighting.md", None),
        GoldenQuestion("Elsewhere?", "en", "articles/trees.md", None),
        GoldenQuestion("Unanswerable?", "en", None, None),
    ]

    assert texts(offered(forum, *golden), Form.FACT) == ["Right?"]


@pytest.mark.parametrize("kind", [Kind.RECOMMENDATION, Kind.ARTICLE])
def test_recommendations_are_asked_about_where_there_are_some(kind: Kind) -> None:
    text = "The lamps were renewed. Plan for lamps. Pay for lamps."
    chunks = [a_chunk(text, name=its, kind=kind, title="Our lamps") for its in ("here", "there")]
    documents = [Document(replace(its.source, kind=kind), text) for its in chunks]

    found = offered(FakeGeneration(*map(a_passage, chunks), documents=documents))

    asked = "What do the recommendations say about lamps?"
    assert (asked in texts(found, Form.LIST)) is (kind is Kind.RECOMMENDATION)
    assert texts(found, Form.TOPIC) == ["What have you published on lamps?"]


def test_nothing_more_is_asked_once_there_are_enough() -> None:
    headings = [f"When were the lamps of street {at} renewed?" for at in range(30)]
    forum = a_forum(*(chunk_under(its) for its in headings))

    found = offered(forum)

    assert texts(found, Form.FACT) == headings[: ENOUGH[Form.FACT]]
    assert [query for query, *_ in forum.searches if query in headings[ENOUGH[Form.FACT] :]] == []


def test_what_was_answered_before_is_asked_first() -> None:
    headings = [f"When were the lamps of street {at} renewed?" for at in range(30)]
    forum = a_forum(*(chunk_under(its) for its in headings))
    before = [OfferedQuestion(its, "en", Form.FACT) for its in headings[-3:]]

    found = offered(forum, before=before)

    assert texts(found, Form.FACT)[:3] == headings[-3:]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_newest_documents_and_a_summary_are_offered_in_every_language(language: str) -> None:
    words = wording(language)

    found = offered(a_forum(chunk_under()))

    assert texts(found, Form.LIST, language) == [words("samples.latest")]
    summary = words("samples.summary", title="Lighting")
    assert texts(found, Form.SUMMARY, language) == [summary]


def test_where_there_are_no_documents_there_is_nothing_to_offer() -> None:
    assert offered(FakeGeneration()) == []
