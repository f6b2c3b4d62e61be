"""The day on which a document was last changed, as it is kept and as the catalogue goes by it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from assistant.domain.corpus import Filters
from tests.builders import a_document
from tests.fakes import HashEmbedder
from tests.vectorstore.publishing.test_library import a_library, publish
from vectorstore.publishing.library import Library

CHANGED = date(2026, 1, 12)
MENDED = a_document(
    "mended", "The old rules still hold.", published=date(2016, 5, 1), changed=CHANGED
)
NEW = a_document("new", "The new rules are short.", published=date(2025, 5, 1))


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    its = a_library(tmp_path)
    yield its
    its.close()


def test_a_document_and_its_passages_come_back_with_the_day_of_their_last_change(
    library: Library,
) -> None:
    publish(library, MENDED, NEW)

    with library.generation() as generation:
        document = generation.document(MENDED.id)
        found = {
            passage.chunk.source.document_id: passage.chunk.source.changed
            for passage in generation.search("the old rules", limit=9)
        }

    assert document == MENDED
    assert found == {MENDED.id: CHANGED, NEW.id: None}


def test_the_latest_documents_are_those_published_last_not_those_changed_last(
    library: Library,
) -> None:
    publish(library, MENDED, NEW)

    with library.generation() as generation:
        latest = [document.document_id for document in generation.documents()]
        this_year = generation.documents(Filters(published_from=date(2026, 1, 1)))

    assert latest == [NEW.id, MENDED.id]
    assert this_year == []


def test_another_day_of_change_alone_embeds_nothing_again(tmp_path: Path) -> None:
    embedder = HashEmbedder()
    library = a_library(tmp_path, embedder)
    publish(library, a_document())
    embedder.embedded.clear()

    publish(library, a_document(changed=CHANGED))

    assert not any("lighting" in each for each in embedder.embedded)
    with library.generation() as generation:
        assert generation.document(a_document().id) == a_document(changed=CHANGED)
    library.close()
