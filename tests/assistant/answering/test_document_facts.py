"""What is known of a document itself, and the questions that are for the texts."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.document_facts import known, readings
from assistant.domain.corpus import Filters, Successor, Translation
from assistant.domain.dialogue import Answer, Outcome, Question
from assistant.language.languages import LANGUAGES
from assistant.language.wording import wording
from tests.assistant.answering.test_wished_answers import asked_of, talk
from tests.builders import a_document
from tests.fakes import FakeGeneration

CHARTER = a_document(
    "charter",
    "The council adopted it in May.",
    title="A charter for camera surveillance: what residents can check",
    authors=("Ingrid Halloway",),
    published=date(2019, 11, 14),
    changed=date(2021, 3, 2),
)
CHARTE = replace(
    a_document(
        "charte",
        "Le conseil l’a adoptée en mai.",
        language="fr",
        title="Une charte de la vidéosurveillance",
    ),
    translations=(Translation("en", CHARTER.source.url),),
)
BARE = a_document("bare", "Nobody says more.", published=None)

OF_THE_ONE_SHOWN = [
    ("en", "Who wrote it?", "author"),
    ("en", "Could you tell me who the author is?", "author"),
    ("en", "When was it published?", "published"),
    ("en", "When was this last updated?", "changed"),
    ("en", "How old is this document?", "age"),
    ("en", "In which language is it?", "language"),
    ("en", "Where can I download it?", "find"),
    ("en", "What is the link?", "link"),
    ("en", "What is the address of this article?", "where"),
    ("en", "Is there a newer version?", "newer"),
    ("en", "Is there a French version?", "version"),
    ("en", "Do you have this in German?", "available"),
    ("fr", "Qui l’a écrite ?", "author"),
    ("fr", "Qui est l’auteur de cet article ?", "author"),
    ("fr", "Quand a-t-elle été publiée ?", "published"),
    ("fr", "Quand a-t-il été mis à jour ?", "changed"),
    ("fr", "De quand date ce document ?", "age"),
    ("fr", "En quelle langue est-il ?", "language"),
    ("fr", "Où puis-je le télécharger ?", "find"),
    ("fr", "Quel est le lien ?", "link"),
    ("fr", "Quelle est l'adresse de cet article ?", "where"),
    ("fr", "Y a-t-il une version plus récente ?", "newer"),
    ("fr", "Existe-t-il une traduction allemande ?", "version"),
    ("fr", "Existe-t-il en anglais ?", "available"),
    ("nl", "Wie heeft dit geschreven?", "author"),
    ("nl", "Wanneer is het verschenen?", "published"),
    ("nl", "Wanneer werd dit het laatst bijgewerkt?", "changed"),
    ("nl", "Hoe oud is dit artikel?", "age"),
    ("nl", "In welke taal is het?", "language"),
    ("nl", "Waar kan ik het downloaden?", "find"),
    ("nl", "Wat is de link?", "link"),
    ("nl", "Waar staat dit artikel?", "where"),
    ("nl", "Is er een nieuwere versie?", "newer"),
    ("nl", "Bestaat er een Franse vertaling?", "version"),
    ("nl", "Is dit ook in het Duits beschikbaar?", "available"),
    ("de", "Wer hat das geschrieben?", "author"),
    ("de", "Wann wurde es veröffentlicht?", "published"),
    ("de", "Wann wurde es zuletzt aktualisiert?", "changed"),
    ("de", "Wie alt ist dieses Dokument?", "age"),
    ("de", "In welcher Sprache ist es?", "language"),
    ("de", "Wo kann ich es herunterladen?", "find"),
    ("de", "Wie lautet der Link?", "link"),
    ("de", "Wo ist der Artikel?", "where"),
    ("de", "Gibt es eine neuere Fassung?", "newer"),
    ("de", "Gibt es davon eine englische Version?", "version"),
    ("de", "Gibt es das auf Französisch?", "available"),
    ("es", "¿Quién lo escribió?", "author"),
    ("es", "¿Cuándo se publicó?", "published"),
    ("es", "¿Cuándo se actualizó por última vez?", "changed"),
    ("es", "¿De cuándo es este documento?", "age"),
    ("es", "¿En qué idioma está?", "language"),
    ("es", "¿Dónde puedo descargarlo?", "find"),
    ("es", "¿Cuál es el enlace?", "link"),
    ("es", "¿Dónde está el artículo?", "where"),
    ("es", "¿Hay una versión más reciente?", "newer"),
    ("es", "¿Hay una versión en francés?", "version"),
    ("es", "¿Existe en alemán?", "available"),
    ("it", "Chi l’ha scritto?", "author"),
    ("it", "Quando è stato pubblicato?", "published"),
    ("it", "Quando è stato aggiornato l'ultima volta?", "changed"),
    ("it", "Di quando è questo documento?", "age"),
    ("it", "In che lingua è?", "language"),
    ("it", "Dove posso scaricarlo?", "find"),
    ("it", "Qual è il link?", "link"),
    ("it", "Dov'è l'articolo?", "where"),
    ("it", "C'è una versione più recente?", "newer"),
    ("it", "C’è una versione francese?", "version"),
    ("it", "È disponibile in tedesco?", "available"),
    ("pt", "Quem o escreveu?", "author"),
    ("pt", "Quando foi publicado?", "published"),
    ("pt", "Quando foi atualizado pela última vez?", "changed"),
    ("pt", "De quando é este documento?", "age"),
    ("pt", "Em que língua está?", "language"),
    ("pt", "Onde posso descarregá-lo?", "find"),
    ("pt", "Qual é a ligação?", "link"),
    ("pt", "Onde está o artigo?", "where"),
    ("pt", "Há uma versão mais recente?", "newer"),
    ("pt", "Há uma versão francesa?", "version"),
    ("pt", "Está disponível em alemão?", "available"),
]


@pytest.mark.parametrize(("language", "text", "fact"), OF_THE_ONE_SHOWN)
def test_what_points_at_a_document_asks_for_a_fact_of_the_one_shown(
    language: str, text: str, fact: str
) -> None:
    assert (fact, ()) in {(asked.fact, asked.title) for asked in readings(text, language)}


@pytest.mark.parametrize(
    ("language", "text", "title"),
    [
        ("en", "Who wrote the charter?", {"charter"}),
        ("en", "When was the charter for camera surveillance published?",
         {"charter", "for", "camera", "surveillance"}),
        ("en", "Is there a French version of the camera charter?", {"charter", "camera"}),
        ("en", "Where can I find the night-time safety guide?", {"night-time", "safety"}),
        ("fr", "Quand la charte a-t-elle été publiée ?", {"charte"}),
        ("fr", "Avez-vous la charte en anglais ?", {"charte"}),
        ("nl", "Wie is de auteur van de schoolstraat?", {"schoolstraat"}),
        ("nl", "Hebben jullie de schoolstraat ook in het Frans?", {"schoolstraat"}),
        ("de", "Von wem ist der Artikel Straßenbeleuchtung?", {"strassenbeleuchtung"}),
        ("de", "Gibt es die Charta auch auf Englisch?", {"charta"}),
        ("es", "¿Quién es el autor de la carta?", {"carta"}),
        ("es", "¿Cuándo se publicó la carta?", {"carta"}),
        ("it", "Chi ha scritto la carta?", {"carta"}),
        ("it", "Quando è stata pubblicata la carta?", {"carta"}),
        ("pt", "Quem escreveu a carta?", {"carta"}),
        ("pt", "A carta existe em francês?", {"carta"}),
    ],
)  # fmt: skip
def test_a_document_is_named_by_words_of_its_title(
    language: str, text: str, title: set[str]
) -> None:
    assert title in [set(asked.title) for asked in readings(text, language)]


FOR_THE_TEXTS = [
    ("en", "When was the forum founded?"),
    ("en", "Who wrote to the mayor?"),
    ("en", "Who wrote about the charter?"),
    ("en", "Do you have documents in French?"),
    ("en", "How old is the charter?"),
    ("en", "When was it last changed?"),
    ("de", "Wann wurde er geändert?"),
    ("en", "What is the address of the charter?"),
    ("en", "Where can I find a charter?"),
    ("en", "Who is the author of the law and who pays?"),
    ("fr", "Quand le forum a-t-il été fondé ?"),
    ("fr", "Qui a écrit au maire ?"),
    ("fr", "Avez-vous des documents en anglais ?"),
    ("fr", "Quel âge a la présidente ?"),
    ("nl", "Wanneer is het forum opgericht?"),
    ("nl", "Wie schreef aan de burgemeester?"),
    ("nl", "Hebben jullie artikels in het Frans?"),
    ("de", "Wann wurde das Forum gegründet?"),
    ("de", "Wer hat dem Bürgermeister geschrieben?"),
    ("de", "Haben Sie Artikel auf Englisch?"),
    ("es", "¿Cuándo se fundó el foro?"),
    ("es", "¿Quién escribió al alcalde?"),
    ("es", "¿Tienen documentos en francés?"),
    ("it", "Quando è stato fondato il forum?"),
    ("it", "Chi ha scritto al sindaco?"),
    ("it", "Avete documenti in francese?"),
    ("pt", "Quando foi fundado o fórum?"),
    ("pt", "Quem escreveu ao presidente?"),
    ("pt", "Têm documentos em francês?"),
]


@pytest.mark.parametrize(("language", "text"), FOR_THE_TEXTS)
def test_what_the_texts_tell_is_not_asked_of_the_catalogue(language: str, text: str) -> None:
    titles = ("A charter", "The forum", "Die Stadt", "La présidente", "Le maire", "De burgemeester")
    about = [a_document(each, title=each, authors=("Jo",), language=language) for each in titles]
    generation = FakeGeneration(documents=[CHARTER, *about])

    assert known(text, language, (CHARTER.id,), generation, wording(language)) is None


def test_both_sides_are_tried_in_every_language() -> None:
    assert {language for language, *_ in OF_THE_ONE_SHOWN} == set(LANGUAGES)
    assert {language for language, *_ in FOR_THE_TEXTS} == set(LANGUAGES)


def of(answer: Answer) -> tuple[str, list[str]]:
    return answer.lead_in, [each.source.title for each in answer.suggestions]


EN = wording("en")
PUBLISHED = EN("facts.changed", day="14 November 2019", changed="2 March 2021")


@pytest.mark.parametrize(
    ("text", "lead_in"),
    [
        ("Who wrote the charter?", EN("facts.author", names="Ingrid Halloway")),
        ("When was the camera charter published?", PUBLISHED),
        ("When was the charter last updated?", PUBLISHED),
        ("When was the charter last changed?", PUBLISHED),
        ("How old is the article “A charter for camera surveillance”?", PUBLISHED),
        ("What is the link to the charter?", EN("facts.address")),
        ("Is there a newer version of the charter?", EN("facts.newest", day="2 March 2021")),
    ],
)
def test_what_is_known_of_a_document_is_told_with_it(text: str, lead_in: str) -> None:
    answer = talk(asked_of(CHARTER, CHARTE), text)

    assert answer.outcome is Outcome.LISTED
    assert of(answer) == (lead_in, [CHARTER.source.title])


def test_a_version_in_a_language_is_shown_where_there_is_one() -> None:
    answer = talk(asked_of(CHARTER, CHARTE), "Is there a French version of the charter?")

    assert of(answer) == (EN("facts.version", language="French"), [CHARTE.source.title])


def test_where_there_is_none_the_languages_are_named_that_there_are() -> None:
    answer = talk(asked_of(CHARTER, CHARTE), "Do you have the charter in German?")

    there_are = EN("facts.no_version", language="German", languages="English, French")
    assert of(answer) == (there_are, [CHARTER.source.title, CHARTE.source.title])


def test_the_languages_of_a_document_are_named() -> None:
    answer = talk(asked_of(CHARTER, CHARTE), "In which languages is the charter available?")

    assert answer.lead_in == EN("facts.language", languages="English, French")


def test_what_took_the_place_of_a_document_is_shown() -> None:
    newer = a_document("newer")
    old = replace(CHARTER.source, successor=Successor(newer.id, newer.source.title))

    answer = talk(asked_of(replace(CHARTER, source=old), newer), "Has the charter been replaced?")

    assert of(answer) == (EN("facts.newer"), [newer.source.title])


def test_a_follow_up_is_about_the_document_that_was_quoted() -> None:
    said = ("What was adopted?", "Who wrote it?", "When was it published?")

    answer = talk(asked_of(CHARTER), *said)

    assert of(answer) == (PUBLISHED, [CHARTER.source.title])
    assert CHARTER.source.title in answer.understood


def test_the_same_is_told_in_another_language() -> None:
    answer = talk(asked_of(CHARTER), "What was adopted?", "Who wrote it?", "In French please")

    assert answer.lead_in == wording("fr")("facts.author", names="Ingrid Halloway")


@pytest.mark.parametrize(
    "said", [("Show me all articles", "Who wrote it?"), ("Who wrote it?",)]
)  # fmt: skip
def test_without_one_document_shown_the_question_is_for_the_texts(said: tuple[str, ...]) -> None:
    assert not talk(asked_of(CHARTER, BARE), *said).lead_in.startswith("Written by")


def test_what_is_not_known_is_asked_of_the_texts() -> None:
    assert talk(asked_of(BARE), "Who wrote the bare?").outcome is Outcome.ANSWERED
    assert talk(asked_of(BARE), "When was the bare published?").outcome is Outcome.ANSWERED


def test_words_that_two_titles_hold_mean_neither() -> None:
    other = a_document("other", title="A charter for parks", authors=("Jo",))

    answer = talk(asked_of(CHARTER, other), "Who wrote the charter?")

    assert answer.outcome is Outcome.ANSWERED


def test_words_from_the_middle_of_a_title_mean_what_it_is_about() -> None:
    answer = talk(asked_of(CHARTER), "When was the camera published?")

    assert answer.outcome is Outcome.ANSWERED


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Who wrote the article about camera surveillance?"),
        ("nl", "Wie heeft het artikel over camera surveillance geschreven?"),
        ("de", "Wer hat den Artikel über camera surveillance geschrieben?"),
        ("fr", "Qui a écrit l'article sur camera surveillance ?"),
    ],
)
def test_a_document_may_be_called_one_about_its_title(language: str, text: str) -> None:
    charter = a_document("d", title="Camera surveillance: a charter", authors=("Jo",))

    answer = asked_of(charter).answer(Question(text, interface_language=language))

    assert answer.lead_in == wording(language)("facts.author", names="Jo")


def test_a_title_may_begin_with_any_word() -> None:
    steps = a_document("steps", title="How to become a member", authors=("Jo",))

    answer = talk(asked_of(steps), "Who wrote “How to become a member”?")

    assert answer.lead_in == EN("facts.author", names="Jo")


def test_a_document_that_is_left_out_is_not_told_of() -> None:
    without = Filters(excluded=frozenset({CHARTER.id}))

    answer = asked_of(CHARTER, BARE).answer(Question("Who wrote the charter?", "en", without))

    assert answer.citations[0].source == BARE.source


@given(st.text(max_size=100), st.sampled_from([*LANGUAGES, "ja"]))
def test_any_text_is_read(text: str, language: str) -> None:
    assert all(asked.fact for asked in readings(text, language))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("words", ["who ", "the ", "a ", "wann hat ", "in english "])
def test_a_long_text_comes_to_its_end(language: str, words: str) -> None:
    for count in (15, 1000 // len(words)):  # a pattern that tries every way would take for ever
        assert all(asked.fact for asked in readings(words * count, language))
