"""What is offered was asked, and answered as it should be."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from assistant.answering.assistant import Assistant
from assistant.domain.corpus import Chunk, Document, Kind
from assistant.domain.ports import Library
from assistant.domain.publication import OfferedQuestion, QuestionForm
from assistant.evaluation.golden_questions import GoldenQuestion
from assistant.language.languages import LANGUAGES
from assistant.language.wording import wording
from assistant.offering.candidates import ENOUGH
from assistant.offering.offering import answered
from tests.builders import a_chunk, a_document, a_passage, an_assistant, unheard
from tests.fakes import FakeGeneration, FakeReader

LAMPS = "The lighting was renewed in 2019."
ASKED = "When were the lamps renewed?"


def chunk_under(*headings: str, text: str = LAMPS, name: str = "lighting") -> Chunk:
    return replace(a_chunk(text, name=name), headings=headings)


def a_forum(*chunks: Chunk) -> FakeGeneration:
    names = dict.fromkeys(chunk.source.document_id for chunk in chunks)
    passages = [a_passage(chunk) for chunk in chunks]
    texts = {name: [one for one in chunks if one.source.document_id == name] for name in names}
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


def texts(found: Sequence[OfferedQuestion], form: QuestionForm, language: str = "en") -> list[str]:
    return [each.text for each in found if (each.form, each.language) == (form, language)]


def test_a_heading_that_asks_something_is_offered_where_its_document_answers() -> None:
    found = offered(a_forum(chunk_under("2. " + ASKED)))

    assert texts(found, QuestionForm.FACT) == [ASKED]
    assert found[0].documents == ("articles/lighting.md",)


def test_a_golden_question_that_cannot_be_taken_keeps_no_other_from_being_offered() -> None:
    untakable = GoldenQuestion("???", "en", "articles/lighting.md", None)
    found = offered(a_forum(chunk_under(ASKED)), untakable)

    assert texts(found, QuestionForm.FACT) == [ASKED]


def test_what_would_be_refused_is_not_offered() -> None:
    assert texts(offered(a_forum(chunk_under(ASKED)), reads="trees"), QuestionForm.FACT) == []


def test_what_another_document_answers_is_not_offered() -> None:
    forum = a_forum(chunk_under(), chunk_under(ASKED, text="Ask us.", name="office"))

    assert texts(offered(forum), QuestionForm.FACT) == []


@pytest.mark.parametrize("heading", ["What does it cost?", "Ready to renew lamps?", "Lamps"])
def test_a_heading_that_asks_nothing_by_itself_is_none(heading: str) -> None:
    assert texts(offered(a_forum(chunk_under(heading))), QuestionForm.FACT) == []


def test_golden_questions_are_offered_where_they_are_answered_as_they_should_be() -> None:
    forum = a_forum(chunk_under())
    golden = [
        GoldenQuestion("Right?", "en", "articles/lighting.md", None),
        GoldenQuestion("Elsewhere?", "en", "articles/trees.md", None),
        GoldenQuestion("Unanswerable?", "en", None, None),
    ]

    assert texts(offered(forum, *golden), QuestionForm.FACT) == ["Right?"]


@pytest.mark.parametrize("kind", [Kind.RECOMMENDATION, Kind.ARTICLE])
def test_recommendations_are_asked_about_where_there_are_some(kind: Kind) -> None:
    text = "The lamps were renewed. Plan for lamps. Pay for lamps."
    chunks = [a_chunk(text, name=each, kind=kind, title="Our lamps") for each in ("here", "there")]
    documents = [Document(replace(chunk.source, kind=kind), text) for chunk in chunks]

    found = offered(FakeGeneration(*map(a_passage, chunks), documents=documents))

    asked = "What do the recommendations say about lamps?"
    assert (asked in texts(found, QuestionForm.LIST)) is (kind is Kind.RECOMMENDATION)
    assert texts(found, QuestionForm.TOPIC) == ["What have you published on lamps?"]


def test_nothing_more_is_asked_once_there_are_enough() -> None:
    headings = [f"When were the lamps of street {at} renewed?" for at in range(30)]
    forum = a_forum(*(chunk_under(heading) for heading in headings))

    found = offered(forum)

    assert texts(found, QuestionForm.FACT) == headings[: ENOUGH[QuestionForm.FACT]]
    assert [
        query for query, *_ in forum.searches if query in headings[ENOUGH[QuestionForm.FACT] :]
    ] == []


def test_what_was_answered_before_is_asked_first() -> None:
    headings = [f"When were the lamps of street {at} renewed?" for at in range(30)]
    forum = a_forum(*(chunk_under(heading) for heading in headings))
    before = [OfferedQuestion(heading, "en", QuestionForm.FACT) for heading in headings[-3:]]

    found = offered(forum, before=before)

    assert texts(found, QuestionForm.FACT)[:3] == headings[-3:]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_newest_documents_and_a_summary_are_offered_in_every_language(language: str) -> None:
    words = wording(language)

    found = offered(a_forum(chunk_under()))

    assert texts(found, QuestionForm.LIST, language) == [words("samples.latest")]
    summary = words("samples.summary", title="Lighting")
    assert texts(found, QuestionForm.SUMMARY, language) == [summary]


def test_where_there_are_no_documents_there_is_nothing_to_offer() -> None:
    assert offered(FakeGeneration()) == []
