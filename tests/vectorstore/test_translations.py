"""Works in several languages: found, listed and summarised in one version."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.domain.corpus import EVERYTHING, Document, DocumentId, Filters, Kind, Translation
from tests.builders import a_document
from tests.vectorstore.publishing.test_library import a_library, publish
from vectorstore.publishing.library import Library

LAMPS = (
    "The town renewed all the lamps in the park. The residents had asked for lamps since 2019. "
    "The new lamps cost the town very little."
)
LAMPEN = "De stad vernieuwde de lampen in het park. Bewoners vroegen lampen. Ze kosten weinig."


def version(name: str, text: str, language: str, *others: str, day: int = 1) -> Document:
    document = a_document(
        name,
        text,
        language=language,
        published=date(2024, 1, day),
        document_id=DocumentId(name),
    )
    links = tuple(Translation("xx", f"https://forum.test/{other}") for other in others)
    return replace(document, translations=links)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    its = a_library(tmp_path)
    publish(
        its,
        version("lamps", LAMPS, "en", "lampen", day=2),
        version("lampen", LAMPEN, "nl", day=3),
        version("dogs", "Dogs must be kept on a lead in the park, says the town.", "en", day=4),
    )
    yield its
    its.close()


def found(library: Library, query: str, language: str, filters: Filters = EVERYTHING) -> set[str]:
    with library.generation() as generation:
        passages = generation.search(query, limit=9, language=language, filters=filters)
    return {passage.chunk.source.document_id for passage in passages}


def test_the_version_in_the_language_of_the_question_is_found(library: Library) -> None:
    assert found(library, "lamps in the park", "nl") == {"lampen", "dogs"}
    assert found(library, "lampen in het park", "en") == {"lamps", "dogs"}


def test_two_versions_are_never_two_sources(library: Library) -> None:
    assert len(found(library, "lamps in the park", "fr") & {"lamps", "lampen"}) == 1


def test_a_filter_wins_over_the_language_of_the_question(library: Library) -> None:
    english = Filters(languages=frozenset({"en"}))

    assert found(library, "lampen in het park", "nl", english) == {"lamps", "dogs"}


def test_documents_are_listed_newest_first_and_in_one_version(library: Library) -> None:
    with library.generation() as generation:
        assert [document.document_id for document in generation.documents()] == ["dogs", "lampen"]
        english = generation.documents(language="en")
        late = generation.documents(Filters(published_from=date(2024, 1, 4)))
        pages = generation.documents(Filters(kinds=frozenset({Kind.PAGE})))

    assert [source.document_id for source in english] == ["dogs", "lamps"]
    assert [source.document_id for source in late] == ["dogs"]
    assert pages == []


def test_central_sentences_stand_in_the_document_in_its_order(library: Library) -> None:
    with library.generation() as generation:
        sentences = generation.central_sentences(DocumentId("lamps"), 2)
        texts = [chunk.sentence(span) for chunk, span in sentences]
        assert generation.central_sentences(DocumentId("unknown"), 2) == []

    assert texts
    assert all(text in LAMPS for text in texts)
    assert [span.start for _, span in sentences] == sorted(span.start for _, span in sentences)
