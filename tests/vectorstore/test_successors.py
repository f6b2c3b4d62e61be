"""Documents that another one takes the place of."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.domain.corpus import Document, DocumentId, Successor
from tests.builders import a_document
from tests.vectorstore.publishing.test_library import a_library, publish
from vectorstore.publishing.library import Library


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    its = a_library(tmp_path)
    yield its
    its.close()


NEW = a_document("new", "The new lamps are warm.", url="https://forum.test/new/")


def old(replaced_by: str) -> Document:
    return replace(a_document("old", "The old lamps were cold."), replaced_by=replaced_by)


def successor(library: Library) -> Successor | None:
    """Return what is told wherever the old document is met; it is the same everywhere."""
    with library.generation() as generation:
        document = generation.document(DocumentId("articles/old.md"))
        assert document is not None
        (found,) = [
            passage.chunk.source
            for passage in generation.search("the old lamps were cold", limit=9)
            if passage.chunk.source.document_id == document.id
        ]
        listed = {document.document_id: document for document in generation.documents()}
    assert document.source == found == listed[document.id]
    return found.successor


@pytest.mark.parametrize(
    "named", ["articles/new.md", "https://forum.test/new/", "https://forum.test/new"]
)
def test_it_is_found_by_its_id_or_address(library: Library, named: str) -> None:
    publish(library, old(named), NEW)

    assert successor(library) == Successor(DocumentId("articles/new.md"), "New")


@pytest.mark.parametrize("named", ["", "https://forum.test/newer", "articles/old.md"])
def test_what_is_not_published_or_the_document_itself_is_none(library: Library, named: str) -> None:
    publish(library, old(named), NEW)

    assert successor(library) is None


def test_one_that_staff_have_hidden_is_none(library: Library) -> None:
    publish(library, old("articles/new.md"), NEW)
    library.hide(NEW.id)
    assert successor(library) is None

    library.hide(NEW.id, hidden=False)
    assert successor(library) == Successor(DocumentId("articles/new.md"), "New")


def test_it_is_told_by_the_documents_that_are_published_now(library: Library) -> None:
    publish(library, old("articles/new.md"))
    assert successor(library) is None

    publish(library, NEW)
    assert successor(library) == Successor(DocumentId("articles/new.md"), "New")

    publish(library, delete=[NEW.id])
    assert successor(library) is None
