"""Why a question is answered as it is."""

from dataclasses import replace

import pytest

from assistant.answering import PASSAGES
from assistant.corpus import Passage
from assistant.dialogue import Outcome, Question
from assistant.explaining import explain
from assistant.quoting import Fate
from assistant.support import READ, support
from tests.builders import a_chunk, a_document, a_passage, an_assistant
from tests.fakes import FakeGeneration, FakeLibrary

TEXT = "Lamps cost 900 euros. Is that much? Lamps cost 900 euros. Rain fell."
SPANS = [(0, 21), (22, 35), (36, 57), (58, 68)]


def a_scored_passage(*scores: float, name: str = "lighting") -> Passage:
    chunk = a_chunk(TEXT, sentences=SPANS, name=name)
    return replace(
        a_passage(chunk), sentence_scores=scores, sentence_similarities=(0.2,) * len(scores)
    )


def library_of(*passages: Passage) -> FakeLibrary:
    return FakeLibrary(FakeGeneration(*passages, documents=[a_document("lighting", TEXT)]))


def test_an_explanation_has_the_answer_a_member_gets() -> None:
    assistant = an_assistant(library_of(a_scored_passage(0.9, 0.8, 0.85, 0.1)))
    question = Question("What do lamps cost?")

    explained = explain(assistant, question)

    assert explained.answer == assistant.answer(question)
    assert explained.minimum == assistant.minimum_support
    assert explained.decision is not None
    assert explained.decision.support == explained.answer.support


def test_every_sentence_has_its_fate() -> None:
    explained = explain(
        an_assistant(library_of(a_scored_passage(0.9, 0.8, 0.85, 0.1))),
        Question("What do lamps cost?"),
    )

    (candidate,) = explained.candidates
    fates = [its.fate for its in candidate.sentences]
    assert fates == [Fate.QUOTED, Fate.ASKS, Fate.REPEATED, Fate.FAR_BELOW]
    quoted = [its.text for its in candidate.sentences if its.fate is Fate.QUOTED]
    assert quoted == [its.quote for its in explained.answer.citations]


def test_a_sentence_that_is_quoted_for_the_next_one_is_told_as_such() -> None:
    text = "Ann Korte leads the network. She was elected in 2019. Rain fell."
    chunk = a_chunk(text, sentences=[(0, 28), (29, 53), (54, 64)])
    passage = replace(
        a_passage(chunk), sentence_scores=(0.1, 0.9, 0.1), sentence_similarities=(0.2,) * 3
    )

    explained = explain(an_assistant(library_of(passage)), Question("What happened in 2019?"))

    fates = [its.fate for its in explained.candidates[0].sentences]
    assert fates == [Fate.ALONG, Fate.QUOTED, Fate.FAR_BELOW]


def test_a_refusal_tells_of_its_support_and_weighs_nothing() -> None:
    weak = a_passage(a_chunk(TEXT, sentences=SPANS), strength=0.0)
    explained = explain(
        an_assistant(library_of(weak), minimum_support=0.9), Question("What do lamps cost?")
    )

    assert explained.answer.outcome is Outcome.REFUSED
    assert explained.decision is not None
    assert explained.decision.choice is None
    assert {its.fate for its in explained.candidates[0].sentences} == {None}


def test_the_best_probability_of_those_who_vouch_is_the_support() -> None:
    passages = [
        a_passage(a_chunk(name=f"d{at}"), score=1 - at / 100, strength=0.01 * at)
        for at in range(PASSAGES + 4)
    ]

    explained = explain(an_assistant(library_of(*passages)), Question("What do lamps cost?"))

    vouching = [its.probability for its in explained.candidates if its.vouches]
    assert len(vouching) == READ
    assert explained.decision is not None
    assert max(vouching) == explained.decision.support == support(passages, "en")
    assert [its.is_read for its in explained.candidates] == [True] * PASSAGES + [False] * 4
    assert [its.place for its in explained.candidates] == list(range(1, PASSAGES + 5))


@pytest.mark.parametrize("text", ["Hello", "List all documents", "Thank you!"])
def test_what_is_no_question_to_the_documents_has_no_decision(text: str) -> None:
    explained = explain(an_assistant(library_of(a_scored_passage(1, 1, 1, 1))), Question(text))

    assert explained.decision is None
    assert explained.candidates == ()


def test_asking_without_an_explanation_hears_of_nothing() -> None:
    heard: list[object] = []
    assistant = an_assistant(library_of(a_scored_passage(0.9, 0.8, 0.85, 0.1)))
    replace(assistant, hear=heard.append).answer(Question("What do lamps cost?"))

    assistant.answer(Question("What do lamps cost?"))

    assert len(heard) == 1
