"""Polite words around a question."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.padding import without_padding
from assistant.answering.requests import understood
from assistant.language.languages import LANGUAGES
from tests.assistant.answering.test_requests import TODAY

PADDED = [
    ("en", "Please please tell me the fee", "the fee"),
    (
        "en",
        "Hello, sorry to bother you, could you maybe tell me what the fee is?",
        "what the fee is?",
    ),
    ("en", "Hi there, I was wondering if you could help me find out who pays", "who pays"),
    ("fr", "Désolé de vous déranger, pourriez-vous me dire qui paie ?", "qui paie ?"),
    ("fr", "J’aimerais savoir combien ça coûte, merci d’avance", "combien ça coûte"),
    ("nl", "Sorry dat ik stoor, zou u mij misschien kunnen zeggen wie betaalt?", "wie betaalt?"),
    ("nl", "Ik zou graag willen weten wie betaalt, alvast bedankt", "wie betaalt"),
    (
        "de",
        "Entschuldigen Sie die Störung, könnten Sie mir vielleicht sagen, wer zahlt?",
        "wer zahlt?",
    ),
    ("de", "Ich hätte da mal eine Frage: Wer zahlt?", "Wer zahlt?"),
    ("es", "Perdone que le moleste, ¿podría decirme quién paga?", "quién paga?"),
    ("it", "Scusi il disturbo, potrebbe dirmi chi paga?", "chi paga?"),
    ("pt", "Desculpe incomodar, poderia dizer-me quem paga?", "quem paga?"),
]


@pytest.mark.parametrize(("language", "text", "asked"), PADDED)
def test_polite_words_are_no_part_of_what_is_asked(language: str, text: str, asked: str) -> None:
    assert understood(text, language, TODAY).text == asked


def test_every_language_is_polite() -> None:
    assert {language for language, *_ in PADDED} == set(LANGUAGES)


@pytest.mark.parametrize(
    "text", ["Please", "Tell me about cameras", "Could you tell me for whom the fee is?"]
)
def test_words_stay_that_a_question_cannot_do_without(text: str) -> None:
    assert without_padding(text, "en") == text


@pytest.mark.parametrize("text", ["Who pays?", "How much is the fee for a town of 50,000?"])
def test_a_plain_question_stays_as_it_is(text: str) -> None:
    assert without_padding(text, "en") == text


@given(st.text(max_size=60), st.sampled_from([*LANGUAGES, "ja"]))
def test_something_is_left_of_every_question(text: str, language: str) -> None:
    assert any(map(str.isalnum, without_padding(text, language))) == any(map(str.isalnum, text))
