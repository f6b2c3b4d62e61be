"""Running an ingestion on a real store."""

from pathlib import Path

import pytest

from assistant.corpus import Document
from ingest import chunking, pipeline
from ingest.plan import Crawl
from ingest.report import Report
from tests.builders import a_document, unheard
from tests.fakes import HashEmbedder
from vectorstore.library import Library

A, B = a_document("a"), a_document("b", text="Dogs must be kept on a lead.")


@pytest.fixture
def embedder() -> HashEmbedder:
    return HashEmbedder()


@pytest.fixture
def library(tmp_path: Path, embedder: HashEmbedder) -> Library:
    return Library(tmp_path / "data", lambda: embedder, model=embedder.name)


def run(library: Library, *documents: Document, **flags: bool) -> Report:
    return pipeline.run(
        [Crawl("/forum", documents)],
        library,
        replace=flags.get("replace", False),
        rebuild=flags.get("rebuild", False),
        dry_run=flags.get("dry_run", False),
        origin_exists=lambda _: True,
        progress=unheard,
    )


def test_a_second_run_of_the_same_embeds_nothing_and_publishes_nothing(
    library: Library, embedder: HashEmbedder
) -> None:
    first = run(library, A, B)
    embedder.embedded.clear()

    second = run(library, A, B)

    assert (first.is_new, second.is_new) == (True, False)
    assert first.generation == second.generation
    assert embedder.embedded == []
    assert second.counts == {"new": 0, "changed": 0, "unchanged": 2, "removed": 0, "failed": 0}


def test_a_dry_run_leaves_no_trace(library: Library, tmp_path: Path) -> None:
    report = run(library, A, dry_run=True)

    assert report.counts["new"] == 1
    assert report.generation is None
    assert not (tmp_path / "data").exists()


def test_a_removed_document_is_gone(library: Library) -> None:
    run(library, A, B)

    report = run(library, A)

    assert report.counts["removed"] == 1
    assert [its.id for its in library.stored()] == [A.id]


def test_a_rebuild_embeds_everything_anew_and_keeps_what_was_not_read(
    library: Library, embedder: HashEmbedder
) -> None:
    run(library, A, B)
    embedder.embedded.clear()

    pipeline.run(
        [],
        library,
        replace=False,
        rebuild=True,
        dry_run=False,
        origin_exists=lambda _: True,
        progress=unheard,
    )

    assert any("Dogs" in text for text in embedder.embedded)
    assert [its.id for its in library.stored()] == [A.id, B.id]


def test_chunks_of_another_recipe_are_made_anew(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(library, A)
    monkeypatch.setattr(chunking, "RECIPE", "structure-next")

    report = run(library, A)

    assert report.is_new
    assert library.chunking() == "structure-next"
