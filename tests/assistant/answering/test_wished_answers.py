"""Answers to who wants the last answer in another language, or more of it."""

from dataclasses import replace

import pytest

from assistant.answering.assistant import Assistant
from assistant.domain.corpus import Document, Translation
from assistant.domain.dialogue import Answer, Outcome, Question, Turn
from assistant.language.detection import LanguageDetection
from assistant.language.wording import wording
from ingest.chunking import chunk
from tests.builders import a_document, a_passage, an_assistant
from tests.fakes import FakeGeneration, FakeLibrary

FEE = "What does membership cost?"
ENGLISH = a_document(
    "fees",
    "## Fee\n\nMembers pay 450 euros a year.\n\n## Payment\n\nThe invoice comes in March.",
)
FRENCH = replace(
    a_document("cotisation", "La cotisation est de 450 euros par an.", language="fr"),
    translations=(Translation("en", ENGLISH.source.url),),
)


def asked_of(*documents: Document, scores: tuple[float, ...] = (0.9, 0.5)) -> Assistant:
    """Return an assistant of documents whose first chunks score so much, and the others half."""
    passages = [
        a_passage(each, score=score if each.ordinal == 0 else score / 2)
        for document, score in zip(documents, scores, strict=False)
        for each in chunk(document, count_tokens=lambda text: len(text.split()), limit=12)
    ]
    return an_assistant(FakeLibrary(FakeGeneration(*passages, documents=documents)))


def talk(assistant: Assistant, *said: str) -> Answer:
    """Return the last answer of a conversation."""
    history = list[Turn]()
    for text in said:
        answer = assistant.answer(Question(text, "en", history=tuple(history)))
        history.append(answer.turn)
    return answer


def test_the_last_question_is_answered_in_the_language_that_is_wished_for() -> None:
    answer = talk(asked_of(ENGLISH, FRENCH), FEE, "In French please")

    assert (answer.outcome, answer.language) == (Outcome.ANSWERED, "fr")
    assert answer.citations[0].source == FRENCH.source
    assert answer.lead_in == wording("fr")("answer.one")
    assert answer.turn.question == FEE


def test_where_nothing_is_in_that_language_the_answer_says_so_in_it() -> None:
    answer = talk(asked_of(ENGLISH), FEE, "auf Deutsch bitte")

    assert answer.language == "de"
    assert answer.lead_in == wording("de")("answer.other_language")
    assert answer.citations[0].source == ENGLISH.source


def test_a_document_that_answers_less_surely_is_not_taken_for_its_language_alone() -> None:
    other = replace(FRENCH, translations=())
    passages = [
        a_passage(each, score=score, strength=score)
        for document, score in ((ENGLISH, 0.9), (other, 0.3))
        for each in chunk(document, count_tokens=lambda text: len(text.split()), limit=400)
    ]
    assistant = an_assistant(
        FakeLibrary(FakeGeneration(*passages, documents=(ENGLISH, other))), minimum_support=0.0
    )

    answer = talk(assistant, FEE, "In French please")

    assert answer.citations[0].source == ENGLISH.source


def test_a_question_and_its_language_may_come_in_one_breath() -> None:
    answer = talk(asked_of(ENGLISH, FRENCH), f"{FEE} In French please.")

    assert (answer.language, answer.turn.question) == ("fr", FEE)
    assert answer.citations[0].source == FRENCH.source


def test_a_language_wished_for_before_anything_was_asked_is_greeted_in() -> None:
    answer = talk(asked_of(ENGLISH), "In French please")

    assert (answer.outcome, answer.lead_in) == (Outcome.SPOKEN, wording("fr")("talk.greeting"))


def test_a_summary_is_made_of_the_version_in_the_language_wished_for() -> None:
    answer = talk(asked_of(ENGLISH, FRENCH), "Summarise the fees", "In French please")

    assert answer.language == "fr"
    assert {citation.source for citation in answer.citations} == {FRENCH.source}


def test_who_wants_more_is_shown_how_the_document_goes_on() -> None:
    answer = talk(asked_of(ENGLISH), FEE, "Tell me more")

    assert answer.outcome is Outcome.ANSWERED
    assert answer.lead_in == wording("en")("answer.goes_on")
    assert answer.citations[0].quote == "The invoice comes in March."
    assert answer.turn.question == FEE


def test_at_the_end_of_a_document_there_is_no_more() -> None:
    answer = talk(asked_of(ENGLISH), FEE, "More", "And then?")

    assert (answer.outcome, answer.lead_in) == (
        Outcome.SPOKEN, wording("en")("answer.no_more")
    )  # fmt: skip


def test_more_of_a_list_is_what_it_has_left_out() -> None:
    documents = [a_document(f"article {at:02}") for at in range(12)]
    assistant = asked_of(*documents, scores=(0.9,) * 12)

    answer = talk(assistant, "Show me all articles", "More")

    assert answer.outcome is Outcome.LISTED
    assert len(answer.suggestions) == 2


@pytest.mark.parametrize("text", ["More", "Go on"])
def test_after_a_refusal_there_is_nothing_to_go_on_with(text: str) -> None:
    assistant = an_assistant(FakeLibrary(FakeGeneration()))

    assert talk(assistant, FEE, text).outcome is Outcome.REFUSED


def test_a_list_is_restricted_also_after_thanks() -> None:
    documents = [a_document("one"), a_document("un", language="fr")]

    answer = talk(asked_of(*documents), "Show me all articles", "Thanks", "only those in French")

    assert [each.source.language for each in answer.suggestions] == ["fr"]


def test_a_list_is_wished_for_in_one_language_after_another() -> None:
    documents = [a_document("un", language="fr"), a_document("eins", language="de")]

    answer = talk(
        asked_of(*documents), "Show me all articles in French", "auf Deutsch bitte"
    )  # fmt: skip

    assert [each.source.language for each in answer.suggestions] == ["de"]


def test_what_follows_a_wish_leans_on_the_question_in_its_own_language() -> None:
    assistant = replace(asked_of(ENGLISH), detect_language=LanguageDetection())

    answer = talk(assistant, "How do we become a member?", "auf Deutsch bitte", "Warum?")

    assert answer.understood == "Warum? (become member)"
