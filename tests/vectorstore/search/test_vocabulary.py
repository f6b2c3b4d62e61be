"""The words of the documents: slips and acronyms."""

from collections.abc import Sequence

import pytest

from vectorstore.search.lexical import LexicalIndex
from vectorstore.search.vocabulary import Acronyms, Vocabulary, defined_in

TEXTS = [
    "The charter of camera surveillance binds every member.",
    "Members elect the chair.",
    "De voorzitter leidt de vergadering.",
]


def a_vocabulary(language: str = "en", *acronyms: str) -> Vocabulary:
    def texts_at(positions: Sequence[int]) -> list[str]:
        return [TEXTS[position] for position in positions]

    index = LexicalIndex.build(TEXTS, ["en", "en", "nl"])
    return Vocabulary(index, language, Acronyms(acronyms), texts_at)


@pytest.mark.parametrize("word", ["member", "memberships", "surveillance", "voorzitter"])
def test_a_word_in_any_form_and_any_language_of_the_documents_is_known(word: str) -> None:
    assert a_vocabulary().knows(word.removesuffix("ships"))


def test_a_slip_is_not_known() -> None:
    assert not a_vocabulary().knows("voorziter")


@pytest.mark.parametrize(
    ("language", "typed", "meant"),
    [
        ("en", "survaillance", "surveillance"),
        ("en", "mebmer", "member"),
        ("en", "camra", "camera"),
        ("nl", "voorziter", "voorzitter"),
    ],
)
def test_words_near_a_slip_are_offered_as_the_texts_have_them(
    language: str, typed: str, meant: str
) -> None:
    assert meant in a_vocabulary(language).like(typed, 2)


def test_words_of_another_language_are_not_offered() -> None:
    assert "voorzitter" not in a_vocabulary("en").like("voorziter", 2)
    assert a_vocabulary("pt").like("voorziter", 2) == []


@pytest.mark.parametrize(
    ("text", "acronym", "words"),
    [
        (
            "Le conseil local de sécurité et de prévention de la délinquance (CLSPD) se réunit.",
            "CLSPD",
            "conseil local de sécurité et de prévention de la délinquance",
        ),
        ("Ask the night safety officer (NSO).", "NSO", "night safety officer"),
        ("Die Künstliche Intelligenz (KI) irrt.", "KI", "Künstliche Intelligenz"),
        ("De AVG (Algemene verordening gegevensbescherming) geldt.", "AVG",
         "Algemene verordening gegevensbescherming"),
        ("El plan de acción municipal (PAM) existe.", "PAM", "plan de acción municipal"),
        ("Il comitato per la sicurezza urbana (CSU) decide.", "CSU",
         "comitato per la sicurezza urbana"),
        ("O conselho municipal de segurança (CMS) reúne.", "CMS",
         "conselho municipal de segurança"),
    ],
)  # fmt: skip
def test_an_acronym_is_explained_where_the_initials_match(
    text: str, acronym: str, words: str
) -> None:
    assert list(defined_in(text)) == [(acronym, words)]


@pytest.mark.parametrize(
    "text", ["The town (EU) pays.", "Valmorin (Belgium) pays.", "Call us (NSO).", "It cost 5 (A)."]
)
def test_a_bracket_that_explains_nothing_is_left_alone(text: str) -> None:
    assert list(defined_in(text)) == []


def test_a_question_with_the_acronym_gets_its_words_and_the_other_way_round() -> None:
    known = a_vocabulary("en", "Ask the night safety officer (NSO).")

    assert known.explained("What does the NSO do?") == (
        "What does the NSO (night safety officer) do?"
    )
    assert known.explained("Who pays the Night Safety Officer?") == (
        "Who pays the Night Safety Officer (NSO)?"
    )
    assert known.explained("Who pays?") == "Who pays?"
