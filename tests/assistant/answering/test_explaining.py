"""Why a question is answered as it is."""

import pytest

from assistant.answering.explaining import explain
from assistant.answering.reading import MOST_READ
from assistant.domain.corpus import Passage
from assistant.domain.dialogue import Answer, Outcome, Question
from tests.builders import a_chunk, a_document, a_passage, an_assistant
from tests.fakes import FakeGeneration, FakeLibrary, FakeReader

TEXT = "Lamps cost 900 euros. Is that much? Rain fell."
SPANS = [(0, 21), (22, 35), (36, 46)]


def a_found_passage(name: str = "lighting") -> Passage:
    return a_passage(a_chunk(TEXT, sentences=SPANS, name=name))


def library_of(*passages: Passage) -> FakeLibrary:
    return FakeLibrary(FakeGeneration(*passages, documents=[a_document("lighting", TEXT)]))


def test_an_explanation_has_the_answer_a_member_gets() -> None:
    assistant = an_assistant(library_of(a_found_passage()))
    question = Question("What do lamps cost?")

    explained = explain(assistant, question)

    assert explained.answer == assistant.answer(question)
    assert explained.minimum == assistant.minimum_support
    assert explained.decision is not None
    assert explained.decision.support == explained.answer.support


def test_every_sentence_tells_whether_it_is_shown_and_marked() -> None:
    assistant = an_assistant(library_of(a_found_passage()), reader=FakeReader("900"))

    (candidate,) = explain(assistant, Question("What do lamps cost?")).candidates

    assert [sentence.is_marked for sentence in candidate.sentences] == [True, False, False]
    assert all(sentence.is_shown for sentence in candidate.sentences)
    assert candidate.sentences[0].score > candidate.sentences[1].score


def test_a_refusal_tells_of_its_support_and_shows_nothing() -> None:
    assistant = an_assistant(library_of(a_found_passage()), reader=FakeReader(low=-12.0))

    explained = explain(assistant, Question("What do lamps cost?"))

    assert explained.answer.outcome is Outcome.REFUSED
    assert explained.decision is not None
    assert explained.decision.excerpts == ()
    assert not any(sentence.is_shown for sentence in explained.candidates[0].sentences)


def test_the_best_probability_is_the_support_and_what_was_not_read_is_told() -> None:
    passages = [a_found_passage(f"d{at}") for at in range(MOST_READ + 4)]
    assistant = an_assistant(library_of(*passages), reader=FakeReader())

    explained = explain(assistant, Question("What do lamps cost?"))

    readings = [candidate.reading for candidate in explained.candidates]
    assert explained.decision is not None
    assert explained.decision.support == readings[0].probability
    assert [reading.is_read for reading in readings] == [True] * MOST_READ + [False] * 4
    assert [candidate.place for candidate in explained.candidates] == list(range(1, MOST_READ + 5))


@pytest.mark.parametrize("text", ["Hello", "List all documents", "Thank you!"])
def test_what_is_no_question_to_the_documents_has_no_decision(text: str) -> None:
    explained = explain(an_assistant(library_of(a_found_passage())), Question(text))

    assert explained.decision is None
    assert explained.candidates == ()


def test_asking_without_an_explanation_tells_of_no_decision() -> None:
    assistant = an_assistant(library_of(a_found_passage()))
    question = Question("What do lamps cost?")

    events = list(assistant.ask(question))

    assert [type(event) for event in events] == [Answer]
    assert list(assistant.with_decision(question))[1:] == events
