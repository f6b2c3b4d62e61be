"""Running an ingestion on a real store."""

from pathlib import Path

import pytest

from assistant.domain.corpus import Document
from ingest import chunking, pipeline
from ingest.pipeline import Examine, Options
from ingest.plan import Crawl
from ingest.report import Report
from tests.builders import a_document, unheard
from tests.fakes import HashEmbedder
from vectorstore.publishing import verification
from vectorstore.publishing.library import Library

A, B = a_document("a"), a_document("b", text="Dogs must be kept on a lead.")
AS_USUAL = Options()
C = a_document("c", text="Trees were planted along the canal.")


@pytest.fixture
def embedder() -> HashEmbedder:
    return HashEmbedder()


@pytest.fixture
def library(tmp_path: Path, embedder: HashEmbedder) -> Library:
    return Library(
        tmp_path / "data", lambda: embedder, model=embedder.name, verify=verification.examine
    )


def run(
    library: Library,
    *documents: Document,
    options: Options = AS_USUAL,
    examine: Examine | None = None,
) -> Report:
    return pipeline.run(
        [Crawl("/forum", documents)],
        library,
        options,
        origin_exists=lambda _: True,
        progress=unheard,
        examine=examine,
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
    report = run(library, A, options=Options(dry_run=True))

    assert report.counts["new"] == 1
    assert report.generation is None
    assert not (tmp_path / "data").exists()


def test_a_removed_document_is_gone(library: Library) -> None:
    run(library, A, B)

    report = run(library, A)

    assert report.counts["removed"] == 1
    assert [each.id for each in library.stored()] == [A.id]


def test_a_rebuild_embeds_everything_anew_and_keeps_what_was_not_read(
    library: Library, embedder: HashEmbedder
) -> None:
    run(library, A, B)
    embedder.embedded.clear()

    pipeline.run(
        [],
        library,
        Options(rebuild=True),
        origin_exists=lambda _: True,
        progress=unheard,
    )

    assert any("Dogs" in text for text in embedder.embedded)
    assert [each.id for each in library.stored()] == [A.id, B.id]


def test_chunks_of_another_recipe_are_made_anew(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(library, A)
    monkeypatch.setattr(chunking, "RECIPE", "structure-next")

    report = run(library, A)

    assert report.is_new
    assert library.chunking() == "structure-next"


def test_losing_many_documents_waits_to_be_confirmed(library: Library) -> None:
    run(library, A, B, C)

    held = run(library, A)
    assert held.is_held
    assert held.concerns == ("2 of 3 documents of /forum would be removed",)
    assert len(library.stored()) == 3

    assert run(library, A, options=Options(accepted=True)).is_new
    assert [each.id for each in library.stored()] == [A.id]


def test_a_share_that_may_be_lost_can_be_set(library: Library) -> None:
    run(library, A, B, C)

    assert run(library, A, options=Options(removal_share=0.7)).is_new


def test_what_golden_questions_lose_waits_to_be_confirmed(library: Library) -> None:
    first = run(library, A)

    held = run(library, A, B, examine=lambda _draft, _published: ["“When?” is refused"])

    assert held.is_held
    assert held.concerns == ("“When?” is refused",)
    assert library.published() == first.generation
    accepted = run(
        library, A, B, options=Options(accepted=True), examine=lambda _draft, _published: ["lost"]
    )
    assert accepted.is_new


def test_a_report_shows_titles_and_the_lines_that_changed(library: Library) -> None:
    run(library, A, B)
    changed = a_document("a", text="Lighting was renewed.", title="Lamps")

    report = run(library, changed, options=Options(dry_run=True))

    told = "\n".join(report.lines())
    assert f"~ {A.id}  (Lamps)" in told
    assert f"-title: {A.source.title}" in told
    assert "+title: Lamps" in told
    assert "+Lighting was renewed." in told
    assert f"- {B.id}  ({B.source.title})" in told


def test_a_hidden_document_is_removed_by_the_next_run_and_not_brought_in_again(
    library: Library,
) -> None:
    run(library, A, B)
    library.hide(B.id)

    report = run(library, A, B)

    assert report.counts["removed"] == 1
    assert report.concerns == ()
    assert [each.id for each in library.stored()] == [A.id]
    assert not run(library, A, B).is_new
