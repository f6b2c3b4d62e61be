"""What a member wants."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.catalogue_questions import Scope
from assistant.answering.requests import Want, refined, understood
from assistant.domain.corpus import Kind
from assistant.language.languages import LANGUAGES, languages

TODAY = date(2026, 11, 23)


def test_a_courtesy_before_a_question_is_dropped() -> None:
    found = understood("Good morning, how long are recordings kept? Thanks!", "en", TODAY)

    assert (found.want, found.text) == (Want.ANSWER, "how long are recordings kept?")


def test_what_is_left_of_a_question_keeps_its_words_apart() -> None:
    found = understood("Hello! We plan a feast. Who pays for it? Thanks", "en", TODAY)

    assert found.text == "We plan a feast. Who pays for it?"


@pytest.mark.parametrize("text", ["Grüß Gott", "Grüss Gott"])
def test_a_sharp_s_is_heard_however_it_is_written(text: str) -> None:
    assert understood(text, "de", TODAY).want is Want.GREETING


def test_a_list_is_restricted_by_topic_period_kind_and_language() -> None:
    found = understood("Show me all articles about youth work since 2020 in French", "en", TODAY)

    assert found.want is Want.LIST
    assert found.topic == "youth work"
    assert found.filters.kinds == {Kind.ARTICLE}
    assert found.filters.languages == {"fr"}
    assert (found.filters.published_from, found.filters.published_to) == (date(2020, 1, 1), None)


@pytest.mark.parametrize(
    ("language", "text", "topic", "wanted"),
    [
        ("en", "German documents about street lighting", "street lighting", "de"),
        ("fr", "documents allemands sur l’éclairage", "éclairage", "de"),
        ("fr", "articles en francais sur les jeunes", "jeunes", "fr"),
        ("nl", "Duitstalige documenten over verlichting", "verlichting", "de"),
        ("de", "französische Artikel zu Kameras", "Kameras", "fr"),
        ("es", "documentos alemanes sobre alumbrado", "alumbrado", "de"),
        ("es", "documentos en frances sobre alumbrado", "alumbrado", "fr"),
        ("it", "documenti tedeschi sull’illuminazione", "illuminazione", "de"),
        ("pt", "documentos alemães sobre iluminação", "iluminação", "de"),
        ("pt", "documentos em frances sobre iluminação", "iluminação", "fr"),
    ],
)
def test_the_language_of_documents_is_named_beside_them_and_without_accents(
    language: str, text: str, topic: str, wanted: str
) -> None:
    found = understood(text, language, TODAY)

    assert (found.want, found.topic) == (Want.LIST, topic)
    assert found.filters.languages == {wanted}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_knows_how_all_of_them_are_called(language: str) -> None:
    assert set(languages()[language].requests["language_names"]) == set(LANGUAGES)


@pytest.mark.parametrize(
    ("language", "text", "first", "last"),
    [
        ("en", "Which articles on cameras were published in 2023?", 2023, 2023),
        ("en", "What have you published on cameras this year?", 2026, 2026),
        ("fr", "Qu’avez-vous publié sur les caméras depuis 2021 ?", 2021, None),
        ("nl", "Welke artikels over camera's zijn verschenen vóór 2020?", None, 2019),
        ("de", "Zeig mir alle Artikel zu Kameras aus dem letzten Jahr", 2025, 2025),
        ("de", "Welche Artikel gibt es über Kameras aus dem Jahr 2023?", 2023, 2023),
    ],
)
def test_periods_are_read(language: str, text: str, first: int | None, last: int | None) -> None:
    filters = understood(text, language, TODAY).filters

    assert (filters.published_from.year if filters.published_from else None) == first
    assert (filters.published_to.year if filters.published_to else None) == last


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "This is useless!"), ("en", "No, that's not what I asked"),
        ("en", "you are stupid"), ("fr", "C'est faux"), ("fr", "ça ne marche pas"),
        ("fr", "vous n'avez pas compris ma question"), ("nl", "dit antwoord klopt niet"),
        ("nl", "Dat is niet wat ik vroeg."), ("de", "Das ist falsch"),
        ("de", "das hilft mir nicht weiter"), ("es", "eso no es lo que he preguntado"),
        ("it", "la risposta è sbagliata"), ("pt", "isso não responde à minha pergunta"),
        ("en", "I don't understand"), ("fr", "je n'ai pas compris"), ("nl", "ik begrijp het niet"),
        ("de", "das verstehe ich nicht"), ("es", "no entiendo"), ("it", "non ho capito"),
        ("pt", "não percebo"),
    ],
)  # fmt: skip
def test_who_is_not_content_with_an_answer_is_heard(language: str, text: str) -> None:
    assert understood(text, language, TODAY).want is Want.COMPLAINT


@pytest.mark.parametrize(
    ("language", "text", "asked"),
    [
        ("en", "That is wrong. How long are images kept?", "How long are images kept?"),
        ("en", "Is it wrong to film the street?", "Is it wrong to film the street?"),
        ("de", "Ist das falsch geparkt?", "Ist das falsch geparkt?"),
        ("fr", "La barrière ne fonctionne pas", "La barrière ne fonctionne pas"),
    ],
)
def test_a_question_beside_a_complaint_is_answered(language: str, text: str, asked: str) -> None:
    found = understood(text, language, TODAY)

    assert (found.want, found.text) == (Want.ANSWER, asked)


@pytest.mark.parametrize(
    ("language", "text", "want"),
    [
        ("en", "what topics do you cover", Want.CAPABILITIES),
        ("en", "do you speak French?", Want.CAPABILITIES),
        ("fr", "quels sujets traitez-vous ?", Want.CAPABILITIES),
        ("fr", "parlez-vous néerlandais", Want.CAPABILITIES),
        ("nl", "over welke thema's hebben jullie informatie", Want.CAPABILITIES),
        ("nl", "spreekt u Frans?", Want.CAPABILITIES),
        ("de", "welche Themen gibt es hier", Want.CAPABILITIES),
        ("de", "Sprechen Sie Englisch?", Want.CAPABILITIES),
        ("es", "¿Habla usted francés?", Want.CAPABILITIES),
        ("it", "Parla inglese?", Want.CAPABILITIES),
        ("pt", "Fala inglês?", Want.CAPABILITIES),
        ("en", "where do you get your answers from", Want.CAPABILITIES),
        ("en", "can I trust your answers?", Want.CAPABILITIES),
        ("fr", "vos réponses sont-elles fiables ?", Want.CAPABILITIES),
        ("nl", "waar haalt u de informatie vandaan?", Want.CAPABILITIES),
        ("de", "Woher kommen Ihre Antworten?", Want.CAPABILITIES),
        ("es", "¿de dónde saca sus respuestas?", Want.CAPABILITIES),
        ("it", "da dove vengono le risposte?", Want.CAPABILITIES),
        ("pt", "de onde vêm as suas respostas?", Want.CAPABILITIES),
        ("en", "where do the cameras get their power from", Want.ANSWER),
        ("en", "I don't understand how to apply", Want.ANSWER),
        ("en", "yes", Want.CAPABILITIES),
        ("en", "no thanks", Want.GOODBYE),
        ("de", "Nein", Want.GOODBYE),
        ("en", "do you speak of cameras in the charter", Want.ANSWER),
        ("de", "Welche Themen behandelt die Charta?", Want.ANSWER),
    ],
)
def test_topics_languages_and_a_plain_yes_or_no_are_answered_by_what_the_assistant_is(
    language: str, text: str, want: Want
) -> None:
    assert understood(text, language, TODAY).want is want


@pytest.mark.parametrize(
    ("language", "text", "asked"),
    [
        (
            "en",
            "Dear Sir or Madam, how long are images kept? Kind regards, Tom Brown, City of Ghent",
            "how long are images kept?",
        ),
        ("fr", "Chère Madame, qui paie ? Bien cordialement, Jean Dupont", "qui paie ?"),
        ("nl", "Geachte heer, wie betaalt? Met vriendelijke groeten An Peeters", "wie betaalt?"),
        ("de", "Sehr geehrte Frau Loibl, wer zahlt? Mit freundlichen Grüßen, Karl", "wer zahlt?"),
        ("es", "Estimados señores: ¿quién paga? Un cordial saludo, Ana", "¿quién paga?"),
        ("it", "Gentile signora, chi paga? Cordiali saluti, Anna", "chi paga?"),
        ("pt", "Exmos senhores, quem paga? Com os melhores cumprimentos, Ana", "quem paga?"),
        ("en", "Kind regards? What are they?", "Kind regards? What are they?"),
    ],
)
def test_an_address_and_a_signature_are_no_part_of_a_question(
    language: str, text: str, asked: str
) -> None:
    assert understood(text, language, TODAY).text == asked


def test_who_would_rather_have_a_person_addresses_nobody() -> None:
    assert understood("lieber ein echter Mensch", "de", TODAY).want is Want.PERSON


@pytest.mark.parametrize(
    ("language", "earlier", "text"),
    [
        ("en", "List the recommendations on cameras.", "only those in German"),
        ("en", "documents about cameras", "and in German?"),
        ("fr", "liste des recommandations", "seulement en allemand"),
        ("nl", "geef me alle aanbevelingen", "enkel in het Duits"),
        ("de", "Zeig mir alle Empfehlungen", "nur auf Deutsch"),
        ("es", "muéstrame las recomendaciones", "solo en alemán"),
        ("it", "mostrami le raccomandazioni", "solo quelle in tedesco"),
        ("pt", "mostra-me as recomendações", "só em alemão"),
    ],
)
def test_a_list_is_restricted_by_what_is_said_after_it(
    language: str, earlier: str, text: str
) -> None:
    before, found = understood(earlier, language, TODAY), refined(text, earlier, language, TODAY)

    assert found is not None
    assert (found.want, found.topic) == (Want.LIST, before.topic)
    assert set(found.filters.languages) == {"de"}
    assert found.filters.kinds == before.filters.kinds
    again = refined("since 2020", found.text, "en", TODAY) if language == "en" else found
    assert again is not None
    assert again.filters.languages == found.filters.languages


@pytest.mark.parametrize(
    ("language", "earlier", "text"),
    [
        ("en", "How many recommendations are there?", "list them"),
        ("en", "How many recommendations are there?", "can you show them please"),
        ("fr", "combien de recommandations avez-vous ?", "montrez-les moi"),
        ("nl", "hoeveel aanbevelingen zijn er?", "toon ze"),
        ("de", "wie viele Empfehlungen gibt es?", "zeig sie mir"),
    ],
)
def test_who_asks_to_be_shown_what_was_counted_gets_the_list(
    language: str, earlier: str, text: str
) -> None:
    found = refined(text, earlier, language, TODAY)

    assert found == understood(earlier, language, TODAY)


def test_another_time_language_or_kind_takes_the_place_of_the_one_before() -> None:
    year = refined("e de 2018?", "mostra os artigos de 2019", "pt", TODAY)
    spoken = refined("and in French", "Show me articles in Dutch since 2020", "en", TODAY)
    kind = refined("alleen aanbevelingen", "toon documenten in het Nederlands", "nl", TODAY)

    assert year is not None
    assert (year.filters.published_from, year.filters.published_to) == (
        date(2018, 1, 1),
        date(2018, 12, 31),
    )
    assert spoken is not None
    assert set(spoken.filters.languages) == {"fr"}
    assert spoken.filters.published_from == date(2020, 1, 1)
    assert kind is not None
    assert (set(kind.filters.kinds), set(kind.filters.languages)) == ({Kind.RECOMMENDATION}, {"nl"})


@pytest.mark.parametrize(
    ("earlier", "text"),
    [
        ("List the events", "how much is it?"),
        ("List the events", "show me how to apply"),
        ("List the recommendations", "what did the jury decide in 2020?"),
        ("List the recommendations", "thanks a lot"),
        ("How long are images kept?", "only in German"),
    ],
)
def test_no_list_is_made_of_what_says_more_or_follows_none(earlier: str, text: str) -> None:
    assert refined(text, earlier, "en", TODAY) is None


@pytest.mark.parametrize(
    ("language", "text", "topic"),
    [
        ("nl", "Waar gaat het document over AVG over?", "avg"),
        ("nl", "waar gaat de tekst over cameratoezicht over", "cameratoezicht"),
        ("en", "what does the night guide say in short?", "night guide"),
        ("en", "what's the night guide about?", "night guide"),
    ],
)
def test_words_around_the_name_of_a_document_do_not_hide_it(
    language: str, text: str, topic: str
) -> None:
    found = understood(text, language, TODAY)

    assert found.want is Want.SUMMARY
    assert found.topic.split()[-len(topic.split()) :] == topic.split()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Summarise the article"),
        ("fr", "résume le document"),
        ("nl", "waar gaat dat document over?"),
        ("de", "Fasse den Text zusammen"),
        ("es", "resume el artículo"),
        ("it", "riassumi il documento"),
        ("pt", "resume o artigo"),
    ],
)
def test_the_document_that_was_spoken_of_is_meant_where_none_is_named(
    language: str, text: str
) -> None:
    found = understood(text, language, TODAY)

    assert (found.want, found.topic) == (Want.SUMMARY, "")


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [
        ("en", "give me the 3 latest articles", 3),
        ("en", "show me the last two recommendations on lighting", 2),
        ("fr", "les 5 derniers articles", 5),
        ("nl", "de drie nieuwste publicaties", 3),
        ("de", "die letzten drei Artikel", 3),
        ("es", "las 4 últimas noticias", 4),
        ("it", "gli ultimi tre articoli", 3),
        ("pt", "os dois últimos artigos", 2),
        ("en", "give me the latest articles of 2025", None),
        ("en", "list the documents on article 5", None),
    ],
)
def test_a_list_is_as_long_as_is_asked_for(language: str, text: str, count: int | None) -> None:
    found = understood(text, language, TODAY)

    assert (found.want, found.count) == (Want.LIST, count)
    assert found.topic in {"", "lighting", "5"}


@pytest.mark.parametrize(
    ("language", "text", "topic"),
    [
        ("de", "Welche Artikel gibt es zu Einbruch?", "Einbruch"),
        ("nl", "documenten over AVG", "AVG"),
        ("fr", "articles sur l’Europe", "Europe"),
    ],
)
def test_the_topic_of_a_list_keeps_its_capitals(language: str, text: str, topic: str) -> None:
    assert understood(text, language, TODAY).topic == topic


@pytest.mark.parametrize(
    ("language", "text", "topic"),
    [
        ("en", "sum up the night guide in three sentences", "night guide"),
        ("fr", "résume la charte en 3 phrases", "charte"),
        ("nl", "vat het artikel over lampen samen in drie zinnen", "lampen"),
        ("de", "Fasse die Charta in drei Sätzen zusammen", "charta"),
        ("es", "resume la guía en tres frases", "guía"),
        ("it", "riassumi la carta in 3 punti", "carta"),
        ("pt", "resume a carta em três frases", "carta"),
    ],
)
def test_a_summary_is_as_long_as_is_asked_for(language: str, text: str, topic: str) -> None:
    found = understood(text, language, TODAY)

    assert (found.want, found.count) == (Want.SUMMARY, 3)
    assert topic in found.topic


def test_recommendations_asked_for_as_such_are_a_question_and_the_latest_are_a_list() -> None:
    asked = understood("Which recommendations are there on street lighting?", "en", TODAY)
    latest = understood("What are the latest recommendations on street lighting?", "en", TODAY)

    assert asked.want is Want.ANSWER
    assert (latest.want, latest.is_latest, latest.topic) == (Want.LIST, True, "street lighting")


@given(st.text(max_size=300), st.sampled_from([*LANGUAGES, "ja"]))
def test_any_text_is_understood_as_something(text: str, language: str) -> None:
    assert understood(text, language, TODAY).want in Want


@pytest.mark.parametrize(
    ("language", "text", "topic", "place"),
    [
        ("en", "Summarise the first one", "", 0),
        ("en", "Could you sum up the charter on cameras, please?", "charter cameras", None),
        ("fr", "Résumez le deuxième document", "", 1),
        ("de", "Fassen Sie den Artikel zur Beleuchtung zusammen", "artikel beleuchtung", None),
        ("nl", "Vat het laatste artikel samen", "", -1),
        ("en", "Summarise it", "", None),
    ],
)
def test_the_document_to_summarise_is_named_or_pointed_at(
    language: str, text: str, topic: str, place: int | None
) -> None:
    found = understood(text, language, TODAY)

    assert (found.want, found.topic, found.place) == (Want.SUMMARY, topic, place)


def test_several_courtesies_are_one() -> None:
    assert understood("Thanks, that is all. Goodbye!", "en", TODAY).want is Want.GOODBYE


def test_recommendations_of_an_event_are_a_question_about_what_was_recommended() -> None:
    found = understood("What recommendations did the workshop participants agree on?", "en", TODAY)

    assert found.want is Want.ANSWER


SMALL_TALK = [
    ("en", "hi there, how are you?"),
    ("en", "How's it going?"),
    ("en", "hello how are you doing today"),
    ("fr", "ça va ?"),
    ("fr", "Bonjour, comment allez-vous ?"),
    ("fr", "salut ca va"),
    ("nl", "hoe gaat het?"),
    ("nl", "Dag! Hoe gaat het met u?"),
    ("de", "wie geht's?"),
    ("de", "Hallo, wie geht es Ihnen heute?"),
    ("es", "¿Qué tal estás?"),
    ("es", "hola, cómo está usted"),
    ("it", "Ciao, come stai?"),
    ("it", "come va"),
    ("pt", "Olá, como está?"),
    ("pt", "tudo bem?"),
]


@pytest.mark.parametrize(("language", "text"), SMALL_TALK)
def test_small_talk_is_a_greeting_alone_and_behind_one(language: str, text: str) -> None:
    assert understood(text, language, TODAY).want is Want.GREETING


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Hi, how are you funded?"),
        ("fr", "Comment va évoluer la cotisation ?"),
        ("nl", "Hoe gaat het forum om met klachten?"),
        ("de", "Wie geht es mit dem Projekt weiter?"),
        ("es", "¿Cómo está organizado el foro?"),
        ("it", "Come va presentata la domanda?"),
        ("pt", "Como está organizado o fórum?"),
    ],
)
def test_a_question_that_begins_like_small_talk_stays_a_question(language: str, text: str) -> None:
    assert understood(text, language, TODAY).want is Want.ANSWER


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "How can I contact the police about a stolen bike?"),
        ("en", "Who do I contact to report vandalism?"),
        ("en", "What can you do against burglary?"),
        ("fr", "Qui puis-je contacter en cas de cambriolage ?"),
        ("fr", "Comment contacter la police de quartier ?"),
        ("nl", "Hoe kan ik de wijkagent contacteren?"),
        ("de", "Wen kann ich bei einem Einbruch kontaktieren?"),
        ("es", "¿Con quién puedo contactar en caso de robo?"),
        ("it", "Chi posso contattare in caso di furto?"),
        ("it", "Che cosa puoi fare contro i furti?"),
        ("pt", "Quem posso contactar em caso de roubo?"),
    ],
)
def test_whoever_asks_how_to_reach_others_or_what_helps_wants_an_answer(
    language: str, text: str
) -> None:
    assert understood(text, language, TODAY).want is Want.ANSWER


def test_whoever_asks_for_a_human_is_heard_whatever_it_is_about() -> None:
    asked = "Can I speak to a human about the cameras in our street?"

    assert understood(asked, "en", TODAY).want is Want.PERSON


@pytest.mark.parametrize(
    ("language", "text", "first"),
    [
        ("en", "Which events take place in October?", date(2027, 10, 1)),
        ("en", "Which events took place in October?", date(2026, 10, 1)),
        ("fr", "Quels événements sont prévus en décembre ?", date(2026, 12, 1)),
        ("de", "Welche Veranstaltungen fanden im Oktober statt?", date(2026, 10, 1)),
        ("nl", "Welke evenementen zijn er in november?", date(2026, 11, 1)),
        ("nl", "Welke evenementen worden er in december gehouden?", date(2026, 12, 1)),
        ("en", "What did you publish in December?", date(2025, 12, 1)),
        ("en", "What was published between November and February?", date(2025, 11, 1)),
    ],
)
def test_a_month_of_events_is_the_next_one_and_of_what_is_over_the_last(
    language: str, text: str, first: date
) -> None:
    assert understood(text, language, TODAY).filters.published_from == first


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "What are the next events?"),
        ("de", "Was sind die nächsten Veranstaltungen?"),
        ("nl", "Wat zijn de volgende evenementen?"),
    ],
)
def test_the_next_events_are_more_than_one(language: str, text: str) -> None:
    assert understood(text, language, TODAY).scope is Scope.AHEAD


ASKED_OF_THE_TEXTS = [
    ("en", "Which reports must be submitted before 31 March 2026?"),
    ("en", "Which documents are needed for registration in 2025?"),
    ("en", "Which article of the statutes was amended in 2019?"),
    ("en", "Which reports did the board approve in March 2025?"),
    ("en", "Which event did the mayor attend in May 2025?"),
    ("en", "What was decided at the last meeting?"),
    ("en", "Which documents on housing do I need?"),
    ("en", "Which reports have members approved since 2024?"),
    ("en", "Was the last report approved by the members?"),
    ("fr", "Quels rapports faut-il remettre avant le 31 mars 2026 ?"),
    ("fr", "Quels documents sont exigés pour l'inscription en 2025 ?"),
    ("fr", "Quel article des statuts a été modifié en 2019 ?"),
    ("fr", "Quels rapports le conseil a-t-il approuvés en mars 2025 ?"),
    ("fr", "Qu'a-t-on décidé lors de la dernière réunion ?"),
    ("fr", "À quel événement le maire a-t-il assisté en mai 2025 ?"),
    ("fr", "Quels documents dois-je joindre avant juin 2026 ?"),
    ("de", "Welche Berichte müssen bis 31. März 2026 eingereicht werden?"),
    ("de", "Welche Unterlagen brauche ich 2025 für die Anmeldung?"),
    ("de", "Welcher Artikel der Satzung wurde 2019 geändert?"),
    ("de", "Welche Artikel der Satzung wurden 2019 geändert?"),
    ("de", "Welche Berichte hat der Vorstand im März 2025 genehmigt?"),
    ("de", "An welcher Veranstaltung nahm der Bürgermeister im Mai 2025 teil?"),
    ("de", "Was wurde beim letzten Treffen beschlossen?"),
    ("nl", "Welke verslagen moeten vóór 31 maart 2026 ingediend worden?"),
    ("nl", "Welke documenten zijn nodig voor inschrijving in 2025?"),
    ("nl", "Welk artikel van de statuten werd in 2019 gewijzigd?"),
    ("nl", "Welke artikelen van de statuten zijn in 2019 gewijzigd?"),
    ("nl", "Welke rapporten heeft het bestuur in maart 2025 goedgekeurd?"),
    ("nl", "Wat is er beslist op de laatste vergaderingen?"),
    ("es", "¿Qué informes hay que presentar antes del 31 de marzo de 2026?"),
    ("es", "¿Qué documentos se necesitan para inscribirse en 2025?"),
    ("es", "¿Qué artículo de los estatutos se modificó en 2019?"),
    ("es", "¿Qué informes aprobó la junta en marzo de 2025?"),
    ("es", "¿A qué evento asistió el alcalde en mayo de 2025?"),
    ("es", "¿Qué se decidió en las últimas reuniones?"),
    ("it", "Quali rapporti bisogna presentare entro il 31 marzo 2026?"),
    ("it", "Quali documenti servono per iscriversi nel 2025?"),
    ("it", "Quale articolo dello statuto è stato modificato nel 2019?"),
    ("it", "Quali articoli dello statuto sono stati modificati nel 2019?"),
    ("it", "Quali rapporti ha approvato il consiglio nel marzo 2025?"),
    ("it", "Che cosa è stato deciso nelle ultime riunioni?"),
    ("pt", "Que relatórios devem ser entregues até 31 de março de 2026?"),
    ("pt", "Que documentos são necessários para a inscrição em 2025?"),
    ("pt", "Que artigo dos estatutos foi alterado em 2019?"),
    ("pt", "Que relatórios aprovou a direção em março de 2025?"),
    ("pt", "O que foi decidido nas últimas reuniões?"),
]
ASKED_OF_THE_CATALOGUE = [
    ("en", "Which reports were published in 2025?"),
    ("en", "Which articles on cameras came out in 2023?"),
    ("en", "Which articles are there from 2024?"),
    ("en", "What reports do you have from 2025?"),
    ("en", "Are there any articles about housing since 2024?"),
    ("en", "Which meetings took place in 2025?"),
    ("en", "I need the latest reports"),
    ("en", "What are the latest articles?"),
    ("en", "Which new guides are available?"),
    ("en", "What articles did the forum write in 2025?"),
    ("fr", "Quels rapports ont été publiés en 2025 ?"),
    ("fr", "Quels documents y a-t-il de 2024 ?"),
    ("fr", "Quels articles sont parus en 2024 ?"),
    ("fr", "Quels sont les derniers articles ?"),
    ("fr", "Quelles réunions ont eu lieu en 2025 ?"),
    ("de", "Welche Berichte wurden 2025 veröffentlicht?"),
    ("de", "Welche Artikel gibt es aus dem Jahr 2024?"),
    ("de", "Was sind die neuesten Artikel?"),
    ("de", "Welche Berichte haben Sie aus dem Jahr 2025?"),
    ("de", "Welche Treffen fanden 2025 statt?"),
    ("nl", "Welke rapporten zijn in 2025 gepubliceerd?"),
    ("nl", "Welke artikelen zijn er uit 2024?"),
    ("nl", "Wat zijn de nieuwste artikelen?"),
    ("nl", "Welke artikelen hebben jullie uit 2024?"),
    ("nl", "Welke vergaderingen vonden plaats in 2025?"),
    ("es", "¿Qué informes se publicaron en 2025?"),
    ("es", "¿Qué artículos hay de 2024?"),
    ("es", "¿Cuáles son los últimos artículos?"),
    ("es", "¿Qué informes publicó el foro en 2025?"),
    ("es", "¿Qué reuniones tuvieron lugar en 2025?"),
    ("it", "Quali rapporti sono stati pubblicati nel 2025?"),
    ("it", "Quali articoli ci sono del 2024?"),
    ("it", "Quali sono gli ultimi articoli?"),
    ("it", "Quali rapporti ha pubblicato il forum nel 2025?"),
    ("pt", "Que relatórios foram publicados em 2025?"),
    ("pt", "Que artigos há de 2024?"),
    ("pt", "Quais são os últimos artigos?"),
    ("pt", "Que relatórios têm de 2024?"),
    ("pt", "Que reuniões tiveram lugar em 2025?"),
    ("en", "Reports on housing needs"),
    ("en", "Which reports on housing needs are there?"),
    ("nl", "Welke artikelen zijn er over geweld?"),
    ("fr", "Quels articles sur la participation y a-t-il depuis 2020 ?"),
    ("de", "Welche Artikel gibt es über Genehmigungen?"),
]


@pytest.mark.parametrize(("language", "text"), ASKED_OF_THE_TEXTS)
def test_what_must_be_done_or_was_decided_is_a_question_though_it_names_documents_and_a_time(
    language: str, text: str
) -> None:
    assert understood(text, language, TODAY).want is Want.ANSWER


@pytest.mark.parametrize(("language", "text"), ASKED_OF_THE_CATALOGUE)
def test_what_was_published_or_is_there_is_a_list(language: str, text: str) -> None:
    assert understood(text, language, TODAY).want is Want.LIST


@pytest.mark.parametrize("table", [ASKED_OF_THE_TEXTS, ASKED_OF_THE_CATALOGUE])
def test_every_language_asks_of_the_texts_and_of_the_catalogue(
    table: list[tuple[str, str]],
) -> None:
    assert {language for language, _ in table} == set(LANGUAGES)


ABOUT_A_SUMMARY = [
    ("en", "Do I have to attach a summary to my application?"),
    ("en", "How long may the summary be?"),
    ("en", "In which language must the summary be written?"),
    ("en", "Must I add a summary?"),
    ("en", "Should the application include a summary?"),
    ("en", "Does every project need a summary?"),
    ("en", "What should the summary contain?"),
    ("en", "Is a summary required?"),
    ("en", "What is the deadline for the summary?"),
    ("en", "Can I send the summary by mail?"),
    ("en", "To whom do I send the summary?"),
    ("fr", "Dois-je joindre un résumé à ma candidature ?"),
    ("fr", "Faut-il un résumé ?"),
    ("fr", "Dans quelle langue faut-il rédiger le résumé ?"),
    ("fr", "Que doit contenir le résumé ?"),
    ("fr", "Le résumé est-il obligatoire ?"),
    ("fr", "Est-ce que je dois envoyer un résumé ?"),
    ("fr", "À qui envoyer le résumé ?"),
    ("fr", "Quelle est la longueur du résumé ?"),
    ("de", "Muss ich eine Zusammenfassung beilegen?"),
    ("de", "In welcher Sprache ist die Zusammenfassung zu schreiben?"),
    ("de", "Was gehört in die Zusammenfassung?"),
    ("de", "Ist eine Zusammenfassung nötig?"),
    ("de", "Kann ich die Zusammenfassung per Mail schicken?"),
    ("de", "Bis wann muss die Zusammenfassung da sein?"),
    ("nl", "Moet ik een samenvatting toevoegen?"),
    ("nl", "In welke taal moet de samenvatting zijn?"),
    ("nl", "Is een samenvatting verplicht?"),
    ("nl", "Heb ik een samenvatting nodig?"),
    ("nl", "Wat moet er in de samenvatting staan?"),
    ("nl", "Mag de samenvatting in het Engels zijn?"),
    ("es", "¿Tengo que adjuntar un resumen?"),
    ("es", "¿En qué idioma hay que escribir el resumen?"),
    ("es", "¿Qué debe contener el resumen?"),
    ("es", "¿Es obligatorio un resumen?"),
    ("es", "¿Puedo enviar el resumen por correo?"),
    ("es", "¿Cuántas páginas puede tener el resumen?"),
    ("it", "Devo allegare un riassunto?"),
    ("it", "In che lingua va scritto il riassunto?"),
    ("it", "Che cosa deve contenere il riassunto?"),
    ("it", "È obbligatorio un riassunto?"),
    ("it", "Quanto può essere lungo il riassunto?"),
    ("it", "Posso inviare il riassunto per posta?"),
    ("pt", "Tenho de anexar um resumo?"),
    ("pt", "Em que língua deve estar o resumo?"),
    ("pt", "O que deve conter o resumo?"),
    ("pt", "É obrigatório um resumo?"),
    ("pt", "Posso enviar o resumo por correio?"),
    ("pt", "Quantas páginas pode ter o resumo?"),
]
FOR_A_SUMMARY = [
    ("en", "Sum up the annual report"),
    ("en", "Can I have a summary of the charter?"),
    ("en", "Is there a summary of the charter?"),
    ("en", "Do you have a summary of the charter?"),
    ("en", "What are the main points of the charter?"),
    ("en", "In short, what does the charter say?"),
    ("en", "I need a summary of the report"),
    ("en", "A summary of the charter, please"),
    ("en", "What does the charter say in a nutshell?"),
    ("en", "Could you summarise what members must pay?"),
    ("en", "What is the gist of the charter?"),
    ("fr", "Résumez le rapport annuel"),
    ("fr", "Puis-je avoir un résumé de la charte ?"),
    ("fr", "Pouvez-vous résumer la charte ?"),
    ("fr", "Un résumé de la charte, svp"),
    ("fr", "De quoi parle la charte ?"),
    ("fr", "Quels sont les points clés de la charte ?"),
    ("fr", "Existe-t-il un résumé de la charte ?"),
    ("de", "Fasse den Jahresbericht zusammen"),
    ("de", "Kann ich eine Zusammenfassung der Charta haben?"),
    ("de", "Gibt es eine Zusammenfassung der Charta?"),
    ("de", "Ich brauche eine Zusammenfassung der Charta"),
    ("de", "Worum geht es in der Charta?"),
    ("nl", "Vat het jaarverslag samen"),
    ("nl", "Kan ik een samenvatting van het charter krijgen?"),
    ("nl", "Ik wil een samenvatting van het charter"),
    ("nl", "Waar gaat het charter over?"),
    ("es", "Resume el informe anual"),
    ("es", "¿Puedo tener un resumen de la carta?"),
    ("es", "Necesito un resumen de la carta"),
    ("es", "¿De qué trata la carta?"),
    ("es", "¿Tienen un resumen de la carta?"),
    ("it", "Riassumi la relazione annuale"),
    ("it", "Posso avere un riassunto della carta?"),
    ("it", "Mi serve un riassunto della carta"),
    ("it", "Di che cosa parla la carta?"),
    ("pt", "Resume o relatório anual"),
    ("pt", "Posso ter um resumo da carta?"),
    ("pt", "Preciso de um resumo da carta"),
    ("pt", "De que trata a carta?"),
    ("pt", "Têm um resumo da carta?"),
    ("en", "Do we have a summary of the charter?"),
    ("nl", "Hebben we een samenvatting van het charter?"),
]


@pytest.mark.parametrize(("language", "text"), ABOUT_A_SUMMARY)
def test_a_question_about_a_summary_asks_for_none(language: str, text: str) -> None:
    assert understood(text, language, TODAY).want is Want.ANSWER


@pytest.mark.parametrize(("language", "text"), FOR_A_SUMMARY)
def test_a_summary_is_asked_for_in_many_ways(language: str, text: str) -> None:
    assert understood(text, language, TODAY).want is Want.SUMMARY


@pytest.mark.parametrize("table", [ABOUT_A_SUMMARY, FOR_A_SUMMARY])
def test_every_language_speaks_of_summaries(table: list[tuple[str, str]]) -> None:
    assert {language for language, _ in table} == set(LANGUAGES)


OLDEST = [
    ("en", "What is the oldest document?"), ("en", "the oldest article"),
    ("fr", "Quel est le plus ancien document ?"), ("fr", "les articles les plus anciens"),
    ("nl", "Wat is het oudste document?"), ("de", "Was ist das älteste Dokument?"),
    ("es", "¿Cuál es el documento más antiguo?"), ("it", "Qual è il documento più vecchio?"),
    ("pt", "Qual é o documento mais antigo?"),
]  # fmt: skip
BY_SOMEBODY = [
    ("en", "documents by Ada Vane"), ("en", "Show me articles written by Ada Vane"),
    ("fr", "articles écrits par Ada Vane"), ("nl", "artikels door Ada Vane"),
    ("de", "Artikel von Ada Vane"), ("es", "artículos escritos por Ada Vane"),
    ("it", "articoli scritti da Ada Vane"), ("pt", "artigos escritos por Ada Vane"),
]  # fmt: skip
BUT_NOT = [
    ("en", "articles not about lamps", "lamps"),
    ("en", "all articles except those about lamps", "lamps"),
    ("fr", "tous les articles sauf ceux sur les lampes", "lampes"),
    ("nl", "alle artikels behalve die over lampen", "lampen"),
    ("de", "alle Artikel außer denen über Lampen", "Lampen"),
    ("es", "todos los artículos excepto los que tratan de lámparas", "lámparas"),
    ("it", "tutti gli articoli tranne quelli sulle lampade", "lampade"),
    ("pt", "todos os artigos exceto os sobre lâmpadas", "lâmpadas"),
]


@pytest.mark.parametrize(("language", "text"), OLDEST)
def test_the_oldest_documents_are_a_list(language: str, text: str) -> None:
    found = understood(text, language, TODAY)

    assert (found.want, found.topic, found.is_oldest) == (Want.LIST, "", True)


@pytest.mark.parametrize(("language", "text"), BY_SOMEBODY)
def test_the_documents_of_somebody_are_a_list(language: str, text: str) -> None:
    found = understood(text, language, TODAY)

    assert (found.want, found.topic, found.author) == (Want.LIST, "", "Ada Vane")


def test_the_documents_of_somebody_may_be_about_something() -> None:
    found = understood("articles by Ada Vane about lamps since 2020", "en", TODAY)

    assert (found.author, found.topic) == ("Ada Vane", "lamps")
    assert found.filters.published_from == date(2020, 1, 1)


@pytest.mark.parametrize(("language", "text", "but_not"), BUT_NOT)
def test_a_list_leaves_out_what_is_not_wanted(language: str, text: str, but_not: str) -> None:
    found = understood(text, language, TODAY)

    assert (found.want, found.topic, found.but_not) == (Want.LIST, "", but_not)
    assert found.filters.kinds == {Kind.ARTICLE}


def test_a_list_leaves_out_a_language_or_a_kind() -> None:
    without_german = understood("all documents except those in German", "en", TODAY)
    without_articles = understood("all documents except articles", "en", TODAY)

    assert without_german.filters.languages == set(LANGUAGES) - {"de"}
    assert without_articles.filters.kinds == set(Kind) - {Kind.ARTICLE}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Who pays except members?"),
        ("en", "What documents are required by the jury?"),
        ("fr", "Quelles améliorations par rapport à Pradelac ?"),
    ],
)
def test_a_question_that_names_somebody_or_an_exception_stays_one(language: str, text: str) -> None:
    assert understood(text, language, TODAY).want is Want.ANSWER


OFFERED = [
    ("en", "Which training courses do you offer in 2026?"),
    ("fr", "Quelles formations proposez-vous en 2026 ?"),
    ("nl", "Welke vormingen bieden jullie aan in 2026?"),
    ("de", "Welche Schulungen bieten Sie 2026 an?"),
    ("es", "¿Qué cursos ofrecen en 2026?"),
    ("it", "Quali corsi offrite nel 2026?"),
    ("pt", "Que formações oferecem em 2026?"),
]
ANYTHING = [
    ("en", "Do you have something about noise?", "noise"),
    ("fr", "Avez-vous quelque chose sur le bruit ?", "bruit"),
    ("nl", "Hebben jullie iets over lawaai?", "lawaai"),
    ("de", "Haben Sie etwas zu Lärm?", "Lärm"),
    ("es", "¿Tienen algo sobre ruido?", "ruido"),
    ("it", "Avete qualcosa sul rumore?", "rumore"),
    ("pt", "Têm alguma coisa sobre ruído?", "ruído"),
]


@pytest.mark.parametrize(("language", "text"), OFFERED)
def test_what_is_offered_in_a_year_is_a_list_of_events_on_no_subject(
    language: str, text: str
) -> None:
    found = understood(text, language, TODAY)

    assert (found.want, found.topic) == (Want.LIST, "")
    assert found.filters.kinds == {Kind.EVENT}
    assert found.filters.published_from == date(2026, 1, 1)


@pytest.mark.parametrize(("language", "text", "topic"), ANYTHING)
def test_something_is_no_subject(language: str, text: str, topic: str) -> None:
    found = understood(text, language, TODAY)

    assert (found.want, found.topic) == (Want.LIST, topic)


@pytest.mark.parametrize("table", [OLDEST, BY_SOMEBODY, BUT_NOT, OFFERED, ANYTHING])
def test_every_language_says_which_documents_of_a_list_are_meant(table: list[Any]) -> None:
    assert {language for language, *_ in table} == set(LANGUAGES)
