from dataclasses import fields, replace
from datetime import date

import pytest

from assistant.domain.corpus import (
    Chunk,
    Document,
    DocumentId,
    Kind,
    Source,
    Span,
    Translation,
    recommends,
)
from tests.builders import a_chunk, a_document, a_source

OTHER_SOURCE: dict[str, object] = {
    "document_id": DocumentId("articles/other.md"),
    "title": "Another title",
    "url": "https://forum.test/other",
    "published": date(2022, 2, 1),
    "language": "fr",
    "kind": Kind.EVENT,
    "authors": ("Ann Example",),
    "changed": date(2023, 2, 1),
}
OTHER_DOCUMENT: dict[str, object] = {
    "source": a_source("lighting", title="Another title"),
    "text": "Another text.",
    "translations": (Translation("fr", "https://forum.test/fr"),),
    "replaced_by": "https://forum.test/new",
}
FOUND = {"successor"}  # by the index, in other documents


@pytest.mark.parametrize(
    "field", [field.name for field in fields(Source) if field.name not in FOUND]
)
def test_fingerprint_changes_with_every_field_of_the_source(field: str) -> None:
    source = replace(a_source(), **{field: OTHER_SOURCE[field]})  # type: ignore[arg-type] # any

    assert Document(source, a_document().text).fingerprint() != a_document().fingerprint()


@pytest.mark.parametrize("field", [field.name for field in fields(Document)])
def test_fingerprint_changes_with_every_field_of_the_document(field: str) -> None:
    changed = replace(a_document(), **{field: OTHER_DOCUMENT[field]})  # type: ignore[arg-type] # any

    assert changed.fingerprint() != a_document().fingerprint()


def test_fingerprint_of_equal_documents_is_equal() -> None:
    assert a_document().fingerprint() == a_document().fingerprint()


def test_fingerprint_tells_a_missing_date_from_a_date() -> None:
    assert a_document(published=None).fingerprint() != a_document().fingerprint()


def test_fingerprint_tells_where_one_field_ends_and_the_next_begins() -> None:
    one = a_document(title="Street", url="https://forum.test/ab")
    other = a_document(title="Streethttps://forum.test/a", url="b")

    assert one.fingerprint() != other.fingerprint()


def test_fingerprint_changes_with_a_translation() -> None:
    document = a_document()
    one = replace(document, translations=(Translation("fr", "https://forum.test/fr"),))
    moved = replace(document, translations=(Translation("fr", "https://forum.test/fr/2"),))
    other = replace(document, translations=(Translation("de", "https://forum.test/fr"),))

    assert len({each.fingerprint() for each in (document, one, moved, other)}) == 4


@pytest.mark.parametrize(
    "text",
    [
        "What we recommend",
        "Recommendations",
        "RECOMMENDED PRACTICE",
        "Nos recommandations",
        "Que recommande le groupe de travail ?",
        "Il est recommandé de marcher la nuit.",
        "Aanbevelingen",
        "Wat wordt er aanbevolen?",
        "Wat beveelt de werkgroep aan?",
        "Wij bevelen het volgende aan:",
        "Empfehlungen",
        "Was wird empfohlen?",
        "Was empfiehlt die Arbeitsgruppe?",
        "Wir empfehlen:",
        "Recomendaciones",
        "¿Qué se recomienda?",
        "Recomendamos lo siguiente:",
        "Raccomandazioni",
        "Che cosa raccomanda il gruppo?",
        "Recomendações",
        "O que se recomenda?",
    ],
)
def test_recommendations_are_recognised_in_every_language(text: str) -> None:
    assert recommends(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Background",
        "The commander mended the record.",
        "De burgemeester kan bevelen geven.",
        "Les commandes",
        "Die Fehler der Empfänger",
        "Ende gut, alles gut",
    ],
)
def test_other_words_do_not_speak_of_recommendations(text: str) -> None:
    assert not recommends(text)


def test_sentence_is_counted_from_the_beginning_of_the_document() -> None:
    chunk = a_chunk("One here. Two there.", start=100, sentences=[(100, 109), (110, 120)])

    assert [chunk.sentence(span) for span in chunk.sentences] == ["One here.", "Two there."]
    assert chunk.sentence(Span(104, 108)) == "here"


@pytest.mark.parametrize(
    ("headings", "lead_in", "context"),
    [
        ((), "", "Lighting"),
        (("Streets", "Lamps"), "", "Lighting › Streets › Lamps"),
        ((), "We ask:", "Lighting\nWe ask:"),
        (("Streets",), "We ask:", "Lighting › Streets\nWe ask:"),
        (("",), "", "Lighting"),
    ],
)
def test_context_is_title_headings_and_lead_in(
    headings: tuple[str, ...], lead_in: str, context: str
) -> None:
    chunk = replace(a_chunk(), headings=headings, lead_in=lead_in)

    assert chunk.context == context


def test_chunk_id_is_the_document_and_the_place_in_it() -> None:
    chunk: Chunk = replace(a_chunk(), ordinal=3)

    assert chunk.id == "articles/lighting.md#3"
