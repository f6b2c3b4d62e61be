import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.corpus import UNDETERMINED
from assistant.language.detection import LanguageDetection
from assistant.language.languages import LANGUAGES

detect = LanguageDetection()

QUESTIONS = [
    ("en", "What is recommended?"),
    ("en", "How do I reset my password?"),
    ("en", "who pays for the lamps"),
    ("en", "Which measures does the forum recommend against burglary in apartment buildings?"),
    ("fr", "Que recommandez-vous ?"),
    ("fr", "Combien coûte l'adhésion ?"),
    ("fr", "qui paie les lampes"),
    ("fr", "Quelles mesures le forum recommande-t-il contre les cambriolages d'appartements ?"),
    ("nl", "Wat wordt er aanbevolen?"),
    ("nl", "Hoeveel kost het lidmaatschap?"),
    ("nl", "wie betaalt de lampen"),
    ("nl", "Welke maatregelen beveelt het forum aan tegen inbraak in flatgebouwen?"),
    ("de", "Was wird empfohlen?"),
    ("de", "Wie viel kostet die Mitgliedschaft?"),
    ("de", "wer bezahlt die lampen"),
    ("de", "Welche Maßnahmen empfiehlt das Forum gegen Einbrüche in Mehrfamilienhäusern?"),
    ("es", "¿Qué se recomienda?"),
    ("es", "¿Cuánto cuesta la cuota de socio?"),
    ("es", "quién paga las lámparas"),
    ("es", "¿Qué medidas recomienda el foro contra los robos en edificios de apartamentos?"),
    ("it", "Che cosa si raccomanda?"),
    ("it", "Quanto costa l'iscrizione?"),
    ("it", "chi paga le lampade"),
    ("it", "Quali misure raccomanda il forum contro i furti negli appartamenti?"),
    ("pt", "O que se recomenda?"),
    ("pt", "Quanto custa a inscrição?"),
    ("pt", "quem paga as lâmpadas"),
    ("pt", "Que medidas recomenda o fórum contra os assaltos em prédios de apartamentos?"),
]


@pytest.mark.parametrize(("language", "text"), QUESTIONS)
@pytest.mark.parametrize("fallback", [UNDETERMINED, "en", "fr"])
def test_the_language_of_a_question_is_told_whatever_the_page_speaks(
    language: str, text: str, fallback: str
) -> None:
    assert detect(text, fallback=fallback) == language


def test_every_language_of_the_interface_is_in_the_table() -> None:
    assert {language for language, _ in QUESTIONS} == set(LANGUAGES)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "wat kost dat?"),
        ("nl", "wie is dat"),
        ("nl", "wat doet die raad"),
        ("en", "latest news"),
        ("es", "próximos eventos"),
    ],
)
def test_few_words_that_a_language_of_ours_knows_are_not_taken_for_one_like_it(
    language: str, text: str
) -> None:
    assert detect(text, fallback=language) == language


@pytest.mark.parametrize("fallback", [UNDETERMINED, *LANGUAGES])
@pytest.mark.parametrize("text", ["2019?", "", "?", "  \n", "1 2 3", "🙂", "a"])
def test_without_a_word_the_fallback_decides(text: str, fallback: str) -> None:
    assert detect(text, fallback=fallback) == fallback


@pytest.mark.parametrize("fallback", LANGUAGES)
def test_a_bare_abbreviation_takes_the_language_of_the_page(fallback: str) -> None:
    assert detect("CLSPD", fallback=fallback) == fallback


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "Сколько стоит уличное освещение в городе?"),
        ("ja", "街灯の費用はいくらですか。"),
        ("pl", "Ile kosztuje oświetlenie uliczne w naszym mieście i kto za nie płaci?"),
        ("ar", "كم تكلفة إنارة الشوارع في المدينة؟"),
    ],
)
def test_a_language_that_is_none_of_ours_is_told(language: str, text: str) -> None:
    assert detect(text, fallback="en") == language


@pytest.mark.parametrize("fallback", [UNDETERMINED, *LANGUAGES])
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("tr", "Üyelik ücreti ne kadar?"),
        ("tr", "nasıl üye olunur"),
        ("pl", "Ile kosztuje członkostwo?"),
        ("pl", "jak zostać członkiem"),
        ("ar", "كم تبلغ رسوم العضوية؟"),
    ],
)
def test_a_short_question_in_another_language_is_not_taken_for_one_of_ours(
    language: str, text: str, fallback: str
) -> None:
    assert detect(text, fallback=fallback) == language


@pytest.mark.parametrize("fallback", [UNDETERMINED, *LANGUAGES])
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "how much is the fee"),
        ("fr", "combien pour les petites villes"),
        ("nl", "wie controleert de camera's"),
        ("nl", "welke maatregelen tegen winkelovervallen?"),
        ("de", "was hat der KI test gekostet"),
        ("es", "cuánto cuesta hacerse socio"),
        ("it", "quanto costa la quota"),
        ("pt", "quanto custa ser sócio"),
    ],
)
def test_the_words_of_a_fragment_tell_its_language(language: str, text: str, fallback: str) -> None:
    assert detect(text, fallback=fallback) == language


@pytest.mark.parametrize("fallback", LANGUAGES)
@pytest.mark.parametrize("text", ["cameras", "Polizei", "AI", "drones"])
def test_a_single_word_takes_the_language_of_the_page(text: str, fallback: str) -> None:
    assert detect(text, fallback=fallback) == fallback


@given(st.text(max_size=200), st.sampled_from([UNDETERMINED, *LANGUAGES]))
def test_any_text_has_a_language(text: str, fallback: str) -> None:
    language = detect(text, fallback=fallback)

    assert language
    assert detect(text, fallback=fallback) == language


def test_half_a_character_does_not_matter() -> None:
    assert detect("Was wird \ud83d empfohlen?", fallback="en") == "de"


def test_a_long_document_is_told_from_its_beginning() -> None:
    assert detect("Die Stadt hat ihre Lampen erneuert. " * 2000, fallback="en") == "de"


@pytest.mark.parametrize(
    ("language", "word"),
    [
        ("en", "phone"),
        ("fr", "celui"),
        ("nl", "dinsdag"),
        ("de", "kündigen"),
        ("es", "miércoles"),
        ("it", "anno"),
        ("pt", "câmara"),
    ],
)
def test_one_word_on_a_page_of_its_language_is_of_no_foreign_one(language: str, word: str) -> None:
    assert detect(word, fallback=language) == language


def test_one_word_in_other_letters_is_of_another_language() -> None:
    assert detect("видеонаблюдение", fallback="en") not in LANGUAGES


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "do you give grants"),
        ("fr", "faites-vous des webinaires"),
        ("nl", "geven jullie subsidies"),
        ("de", "gebt ihr zuschüsse"),
        ("es", "teneis boletin?"),
        ("es", "dais subvenciones?"),
        ("it", "offrite corsi?"),
        ("it", "elenco dei webinar"),
        ("pt", "devolvem a quota?"),
    ],
)
def test_who_speaks_to_the_forum_as_to_several_people_is_read_in_their_language(
    language: str, text: str
) -> None:
    assert detect(text, fallback="en") == language
