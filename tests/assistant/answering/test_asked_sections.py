"""What the asker claims is no answer."""

from dataclasses import replace

from assistant.answering.asked_sections import answers_only
from assistant.domain.corpus import Chunk
from tests.builders import a_chunk, a_passage


def under(heading: str, at: int, text: str) -> Chunk:
    return replace(a_chunk(text, start=100 * at), headings=(heading,), ordinal=at)


QUESTION = under("Vraag", 0, "Gelden er straffen voor het ronselen van volmachten?")
ANSWER = under("Antwoord", 1, "Wie volmachten ronselt, krijgt een boete.")


def test_the_answer_takes_the_place_of_its_question() -> None:
    found = answers_only([a_passage(QUESTION, score=0.9)], lambda _: [QUESTION, ANSWER])

    assert [(passage.chunk, passage.score) for passage in found] == [(ANSWER, 0.9)]
    assert len(found[0].sentence_scores) == len(ANSWER.sentences)


def test_an_answer_that_was_found_itself_stands_once() -> None:
    passages = [a_passage(QUESTION, score=0.9), a_passage(ANSWER, score=0.5)]

    assert [passage.chunk for passage in answers_only(passages, lambda _: [QUESTION, ANSWER])] == [
        ANSWER
    ]


def test_a_question_that_nobody_answered_stays() -> None:
    found = answers_only([a_passage(QUESTION)], lambda _: [QUESTION])

    assert [passage.chunk for passage in found] == [QUESTION]


def test_other_passages_stay_as_they_were_found() -> None:
    passages = [a_passage(a_chunk(name=name), score=1 - at) for at, name in enumerate("ab")]

    assert answers_only(passages, lambda _: []) == passages
