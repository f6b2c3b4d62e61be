"""Slips of typing are mended by the words of the documents; what is spelt right never changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language import spelling
from assistant.language.languages import LANGUAGES
from assistant.language.spelling import calm, corrected, is_word, load_dictionaries
from tests.fakes import FakeVocabulary

WORDS = FakeVocabulary(
    "camera", "surveillance", "vidéosurveillance", "sécurité", "voorzitter", "camerabewaking",
    "straßenbeleuchtung", "beleuchtung", "iluminación", "vecindario", "illuminazione", "vicinato",
    "iluminação", "vizinhança", "oosterling", "befus",
)  # fmt: skip

SLIPS = [
    ("en", "camra survaillance", "camera surveillance"),
    ("en", "becme a mebmer", "become a member"),
    ("fr", "qui paie la vidéosurveilance", "qui paie la vidéosurveillance"),
    ("fr", "l'securite et la sécuritée", "l'sécurité et la sécurité"),
    ("nl", "Wie is de nieuwe voorziter?", "Wie is de nieuwe voorzitter?"),
    ("nl", "camerabwaking op straat", "camerabewaking op straat"),
    ("de", "Wer bezahlt die Beleuchtnug?", "Wer bezahlt die Beleuchtung?"),
    ("de", "was kostet die strassenbeleuchtng", "was kostet die straßenbeleuchtung"),
    ("es", "la ilumnación del vecindraio", "la iluminación del vecindario"),
    ("it", "l'iluminazione del vicniato", "l'illuminazione del vicinato"),
    ("pt", "a iluminaçao da vizinhnça", "a iluminação da vizinhança"),
]
RIGHT = [
    ("en", "Who pays for the fireworks and the canteen?"),
    ("en", "Which camaras did Mr Oosterlin visit?"),
    ("en", "BeFUZ 2021 gr8"),
    ("fr", "À quelle heure ouvre la cantine, et le notaire ?"),
    ("nl", "Wie heeft het vuurwerk afgestoken bij de winkelovervallen?"),
    ("de", "Wer ist der Bürgermeister von Paris, und wann gehen die Laternen aus?"),
    ("es", "¿Estoy obligado a pagar los libros que hizo el vecino?"),
    ("it", "Che cosa ha filmato il paesino, e chi paga le lampade?"),
    ("pt", "Quem paga os candeeiros e a cantina da escola?"),
]


@pytest.mark.parametrize(("language", "typed", "meant"), SLIPS)
def test_a_slip_is_mended_by_a_word_of_the_documents(language: str, typed: str, meant: str) -> None:
    assert corrected(typed, language, WORDS) == meant


@pytest.mark.parametrize(("language", "text"), [RIGHT[0], *RIGHT[2:]])
def test_what_is_spelt_right_stays_and_so_do_names_and_figures(language: str, text: str) -> None:
    assert corrected(text, language, WORDS) == text


def test_a_name_inside_a_sentence_is_never_taken_for_another() -> None:
    assert "Oosterlin " in corrected(RIGHT[1][1], "en", WORDS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_slips_and_sentences_spelt_right(language: str) -> None:
    assert language in {slip for slip, *_ in SLIPS}
    assert language in {each for each, _ in RIGHT}


@pytest.mark.parametrize("language", ["ja", "tr", "und"])
def test_other_languages_are_left_alone(language: str) -> None:
    assert corrected("camra survaillance", language, WORDS) == "camra survaillance"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_loaded_ahead_is_not_loaded_by_a_question(language: str) -> None:
    load_dictionaries(language)
    loaded = spelling._dictionary.cache_info().misses

    corrected("camra survaillance", language, WORDS)

    assert spelling._dictionary.cache_info().misses == loaded


@given(st.sets(st.text()), st.text())
def test_a_word_is_in_a_set_exactly_where_it_was_put_there(words: set[str], other: str) -> None:
    kept = spelling._WordSet(words)

    assert all(word in kept for word in words)
    assert (other in kept) == (other in words)


@given(st.text(max_size=60), st.sampled_from(LANGUAGES))
def test_without_words_that_are_near_only_common_ones_replace_anything(
    text: str, language: str
) -> None:
    assert len(corrected(text, language, FakeVocabulary()).split()) == len(text.split())


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("COMBIEN DE TEMPS GARDE-T-ON LES IMAGES ?", "combien de temps garde-t-on les images ?"),
        ("Who may see CCTV images?", "Who may see CCTV images?"),
        ("GDPR CCTV", "GDPR CCTV"),
        ("2019 2020 2021", "2019 2020 2021"),
    ],
)
def test_what_is_shouted_is_read_in_a_calm_voice(typed: str, read: str) -> None:
    assert calm(typed) == read


@pytest.mark.parametrize(
    ("language", "word"),
    [("es", "inscribirme"), ("es", "registrarnos"), ("it", "iscrivermi"), ("it", "contattarvi")],
)
def test_an_infinitive_with_a_pronoun_written_onto_it_is_no_slip(language: str, word: str) -> None:
    assert is_word(word, language)


def test_a_slip_before_such_a_pronoun_stays_one() -> None:
    assert not is_word("inscrbirme", "es")
