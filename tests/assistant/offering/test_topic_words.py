"""Words that name what documents are about."""

import pytest

from assistant.offering.candidates import topic_words
from tests.builders import a_document

TEXTS = {
    "en": (
        "Street lighting",
        "The money for lighting is short. We planned the lighting of the park.",
        "lighting",
    ),
    "fr": (
        "Mieux vivre avec l'éclairage",
        "Le prix de l'éclairage monte. On éteint l’éclairage à minuit.",
        "éclairage",
    ),
    "nl": (
        "Betere verlichting",
        "De kosten van verlichting stijgen. Wij doven de verlichting om middernacht.",
        "verlichting",
    ),
    "de": (
        "Bessere Beleuchtung",
        "Die Kosten der Beleuchtung steigen. Wir planen eine sparsame Beleuchtung.",
        "Beleuchtung",
    ),
    "es": (
        "Mejor alumbrado",
        "El coste del alumbrado sube. Apagamos el alumbrado a medianoche.",
        "alumbrado",
    ),
    "it": (
        "Migliore illuminazione",
        "Il costo dell'illuminazione sale. Spegniamo l’illuminazione a mezzanotte.",
        "illuminazione",
    ),
    "pt": (
        "Melhor iluminação",
        "O custo da iluminação sobe. Apagamos a iluminação à meia-noite.",
        "iluminação",
    ),
}


@pytest.mark.parametrize("language", TEXTS)
def test_a_noun_of_titles_that_several_documents_use_is_a_topic(language: str) -> None:
    title, text, topic = TEXTS[language]
    documents = [
        a_document(name, text, title=title, language=language) for name in ("lamps", "benches")
    ]

    assert topic_words(documents, language, 5) == [topic]


def test_what_one_document_alone_speaks_of_is_none() -> None:
    title, text, _ = TEXTS["en"]
    documents = [a_document("lamps", text, title=title), a_document("trees", "Trees grow.")]

    assert topic_words(documents, "en", 5) == []


def test_what_most_documents_speak_of_is_none() -> None:
    title, text, _ = TEXTS["en"]
    documents = [a_document(f"lamps-{at}", text, title=title) for at in range(8)]

    assert topic_words(documents, "en", 5) == []


def test_a_name_is_none() -> None:
    text = "The mayor of Harrowmere was there. We like the lamps of Harrowmere."
    documents = [a_document(name, text, title="About Harrowmere") for name in ("a", "b")]

    assert topic_words(documents, "en", 5) == []
