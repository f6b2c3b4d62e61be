"""Questions about the next of something, where the documents may know only one that is past."""

from datetime import date

import pytest

from assistant.domain.dialogue import Answer, Question
from assistant.language.languages import LANGUAGES
from assistant.language.wording import wording
from tests.builders import a_chunk, a_passage, an_assistant
from tests.fakes import FakeGeneration, FakeLibrary

TODAY = date(2026, 11, 30)
NEXT = {
    "en": "When is the next general assembly?",
    "fr": "Quand a lieu la prochaine assemblée générale ?",
    "nl": "Wanneer is de volgende algemene vergadering?",
    "de": "Wann ist die nächste Mitgliederversammlung?",
    "es": "¿Cuándo es la próxima asamblea general?",
    "it": "Quando si tiene la prossima assemblea generale?",
    "pt": "Quando é a próxima assembleia geral?",
}
PAST = "The next general assembly takes place on 11 and 12 June 2026."
AHEAD = "The general assembly takes place on 9 June 2027."


def asked(text: str, language: str, *sentences: str) -> Answer:
    passages = [
        a_passage(a_chunk(sentence, name=f"d{at}"), score=0.9)
        for at, sentence in enumerate(sentences)
    ]
    assistant = an_assistant(
        FakeLibrary(FakeGeneration(*passages)),
        today=lambda: TODAY,
        detect_language=lambda _, *, fallback: fallback,
    )
    return assistant.answer(Question(text, interface_language=language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_date_that_is_past_is_not_given_as_the_next(language: str) -> None:
    words = wording(language)

    answer = asked(NEXT[language], language, PAST)

    assert answer.lead_in == words("answer.past", day=words.day(date(2026, 6, 12)))


def test_a_date_ahead_is_shown_first_and_as_ever() -> None:
    answer = asked(NEXT["en"], "en", PAST, AHEAD)

    assert [citation.quote for citation in answer.citations] == [AHEAD, PAST]
    assert answer.lead_in == wording("en")("answer.one")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("When was the general assembly?", PAST),
        (NEXT["en"], "It is held in the spring."),
        ("What are the next steps?", "The council decided on 12 June 2025 to write a plan."),
    ],
)
def test_nothing_is_past_where_none_is_asked_for_or_named(text: str, sentence: str) -> None:
    assert asked(text, "en", sentence).lead_in == wording("en")("answer.one")
