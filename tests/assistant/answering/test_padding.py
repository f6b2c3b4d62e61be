"""Polite words around a question."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.padding import sought, without_padding, without_story
from assistant.answering.requests import Want, understood
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


LOOKED_FOR = [
    ("en", "I am looking for information about street lighting.", "street lighting"),
    ("en", "Do you have any info on cameras?", "cameras"),
    ("fr", "Je cherche des infos sur les caméras", "caméras"),
    ("fr", "Je suis à la recherche d’informations sur l’adhésion", "adhésion"),
    ("nl", "Ik zoek informatie over cyberpesten", "cyberpesten"),
    ("nl", "Ik ben op zoek naar info over lid worden", "lid worden"),
    ("de", "Ich suche Informationen zu Kameras", "Kameras"),
    ("de", "Ich hätte gerne ein paar Infos zur Mitgliedschaft", "Mitgliedschaft"),
    ("es", "Busco información sobre las cámaras", "cámaras"),
    ("it", "Sto cercando informazioni sull’illuminazione", "illuminazione"),
    ("it", "Cerco informazioni sulle telecamere", "telecamere"),
    ("pt", "Procuro informações sobre as câmaras", "câmaras"),
]


@pytest.mark.parametrize(("language", "text", "topic"), LOOKED_FOR)
def test_who_looks_for_information_names_a_topic(language: str, text: str, topic: str) -> None:
    found = understood(text, language, TODAY)

    assert (found.want, found.text, found.topic) == (Want.ANSWER, topic, topic)


@pytest.mark.parametrize(
    ("language", "text", "asked"),
    [
        ("en", "I need information about how long images are kept", "how long images are kept"),
        ("it", "Cerco informazioni su come diventare membro", "come diventare membro"),
        ("en", "Who has information on cameras?", "Who has information on cameras?"),
        ("en", "I need information", "I need information"),
        ("fr", "Qu’est-ce que la médiation ?", "Qu’est-ce que la médiation ?"),
        ("de", "Welche Informationen zu Kameras sind geheim?",
         "Welche Informationen zu Kameras sind geheim?"),
    ],
)  # fmt: skip
def test_what_asks_something_is_no_topic(language: str, text: str, asked: str) -> None:
    assert sought(text, language) == (asked, False)


TOLD = [
    ("en", "We are a small town by a river", "The council wants us to act",
     "My question is: what does membership cost?", "what does membership cost?"),
    ("fr", "Nous sommes une petite commune au bord d’une rivière", "Le conseil veut agir",
     "Ma question est la suivante : combien coûte l’adhésion ?", "combien coûte l’adhésion ?"),
    ("nl", "Wij zijn een kleine gemeente aan een rivier", "De raad wil dat wij iets doen",
     "Mijn vraag is dus: wat kost het lidmaatschap?", "wat kost het lidmaatschap?"),
    ("de", "Wir sind eine kleine Gemeinde an einem Fluss", "Der Rat will, dass wir etwas tun",
     "Meine Frage lautet: Was kostet die Mitgliedschaft?", "Was kostet die Mitgliedschaft?"),
    ("es", "Somos un municipio pequeño junto a un río", "El pleno quiere que hagamos algo",
     "Mi pregunta es: ¿cuánto cuesta ser miembro?", "¿cuánto cuesta ser miembro?"),
    ("it", "Siamo un piccolo comune vicino a un fiume", "Il consiglio vuole che facciamo qualcosa",
     "La mia domanda è: quanto costa diventare membro?", "quanto costa diventare membro?"),
    ("pt", "Somos um pequeno município junto a um rio", "A câmara quer que façamos alguma coisa",
     "A minha pergunta é: quanto custa ser membro?", "quanto custa ser membro?"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "town", "wish", "question", "asked"), TOLD)
def test_what_is_asked_behind_a_story_is_found(
    language: str, town: str, wish: str, question: str, asked: str
) -> None:
    story = f"{town}. {town} {town}. {town}. {wish}."

    assert without_story(f"{story} {question}", language) == [f"{wish}.", asked]


def test_a_question_behind_a_comma_ends_a_story() -> None:
    story = (
        "We are a small town by a river and the station is full of noise every night of the week"
    )

    found = without_story(f"{story}, so we want to act, what does membership cost a town?", "en")

    assert found == ["what does membership cost a town?"]


@pytest.mark.parametrize(
    "text",
    [
        "We are a town. What does membership cost?",
        "word " * 40,
        "what does a town pay that has " + "very " * 30 + "many inhabitants?",
    ],
)
def test_without_a_story_nothing_is_taken_for_one(text: str) -> None:
    assert without_story(text, "en") in ([], [text])


def test_looking_for_and_telling_is_known_in_every_language() -> None:
    assert {language for language, *_ in LOOKED_FOR} == set(LANGUAGES)
    assert {language for language, *_ in TOLD} == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("words", ["what, ", "i want to know, ", "de ", "my question is: ", "? "])
def test_a_long_text_is_looked_through_to_its_end(language: str, words: str) -> None:
    text = words * (1000 // len(words))  # a pattern that tries every way would take for ever

    assert len("".join(without_story(text, language))) <= len(text)
    assert len(sought(text, language)[0]) <= len(text)
