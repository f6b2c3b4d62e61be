"""What staff have corrected goes over what sources say, in every run, and can be taken back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from assistant.domain.corpus import Document, DocumentId, Kind
from assistant.domain.edits import Edit
from assistant.domain.runs import RunState
from assistant.records.database import Database
from assistant.records.edits import EditStore
from ingest.edits import NAME, applied, edited, facts, renewed, with_facts
from ingest.ingestion import Ingestion
from ingest.pipeline import Options
from ingest.plan import Crawl, KnownDocument
from ingest.reading_cache import Readings
from ingest.sources.tables import FolderSource, Listed
from tests.builders import a_document, unwatched
from tests.fakes import HashEmbedder
from vectorstore.publishing import verification
from vectorstore.publishing.library import Library

A, B = a_document("a"), a_document("b", text="Dogs must be kept on a lead.")
NOW = datetime(2026, 5, 1, tzinfo=UTC)
SOURCE = FolderSource.model_validate({"name": "forum", "type": "folder", "path": "/forum"})


def an_edit(field: str = "title", value: str = "Night walks", **changes: object) -> Edit:
    fields: dict[str, object] = {"said": facts(A).get(field, ""), "by": "Ana", "when": NOW}
    return Edit(A.id, field, value, **{**fields, **changes})  # type: ignore[arg-type] # by name


def the(*edits: Edit) -> dict[str, Edit]:
    return {edit.field: edit for edit in edits}


def test_every_field_that_staff_may_edit_is_put_over_what_was_read() -> None:
    wanted = {
        "title": "Night walks", "published": "2020-01-31", "kind": "event", "language": "fr",
        "url": "https://forum.test/walks", "replaced_by": "articles/b.md",
    }  # fmt: skip

    found = edited(A, the(*(an_edit(*each) for each in wanted.items())))

    assert facts(found) == wanted
    assert found.source.kind is Kind.EVENT
    assert found.source.published == date(2020, 1, 31)
    assert (found.text, found.id) == (A.text, A.id)
    assert found.fingerprint() != A.fingerprint()
    assert with_facts(found, facts(A)) == A


def test_a_date_may_be_taken_away() -> None:
    assert edited(A, the(an_edit("published", ""))).source.published is None


def test_a_last_change_before_the_day_of_publication_is_none() -> None:
    changed = replace(A, source=replace(A.source, changed=date(2022, 1, 1)))

    assert edited(changed, the(an_edit("published", "2023-01-01"))).source.changed is None
    assert edited(changed, the(an_edit("title", "X"))).source.changed == date(2022, 1, 1)


def test_what_is_undone_is_not_put_over_what_was_read() -> None:
    assert edited(A, the(an_edit(is_undone=True))) is A


def test_what_is_published_is_renewed_from_what_the_source_said() -> None:
    published = edited(A, the(an_edit()))

    assert renewed(published, the(an_edit(is_undone=True))) == A
    assert renewed(published, the(an_edit())) == published
    unpublished = an_edit(value="Walks", is_undone=True)
    assert renewed(published, the(unpublished)) == A


def test_the_last_day_is_no_part_of_what_is_published() -> None:
    assert edited(A, the(an_edit("valid_until", "2026-12-31"))) is A


def test_what_was_passed_over_as_unchanged_is_published_with_the_edit() -> None:
    crawl = Crawl("/forum", (B,), unchanged=((A.id, A.fingerprint()), (B.id, "x")))
    known = {A.id: A}

    (found,) = applied([crawl], [an_edit()], known.get)

    assert [document.source.title for document in found.documents] == ["B", "Night walks"]
    assert found.unchanged == ((B.id, "x"),)


def test_what_was_published_anew_meanwhile_is_left_to_the_plan() -> None:
    crawl = Crawl("/forum", (), unchanged=((A.id, "another"),))

    assert applied([crawl], [an_edit()], lambda _: A) == [crawl]


class Forum:
    """A data directory with a source, of which tests say what it holds."""

    def __init__(self, data: Path) -> None:
        self.crawl = Crawl(SOURCE.origin, (A, B))
        embedder = HashEmbedder()
        self.library = Library(
            data, lambda: embedder, model=embedder.name, verify=verification.examine
        )
        self.edits = EditStore(Database(data))
        self.lost: Sequence[str] = ()
        self.ingestion = Ingestion(
            data=data,
            index=self.library,
            edited=self.edits,
            detect_language=lambda _: "en",
            crawl=self._crawl,
            examine=lambda _draft, _published: self.lost,
            watch=unwatched,
        )

    def sync(self, *documents: Document, dry_run: bool = False) -> dict[str, int]:
        self.crawl = Crawl(SOURCE.origin, documents)
        return self.ingestion.sync([SOURCE], Options(dry_run=dry_run))[1].counts

    def title(self, document_id: DocumentId = A.id) -> str:
        found = self.library.document(document_id)
        assert found
        return found.source.title

    def _crawl(
        self, _source: Listed, _stored: Sequence[KnownDocument], _known: Readings, _: object
    ) -> Crawl:
        return self.crawl


@pytest.fixture
def forum(tmp_path: Path) -> Forum:
    made = Forum(tmp_path / "data")
    made.sync(A, B)
    return made


def test_an_edit_shows_as_a_change_in_the_plan_and_outlives_every_run(forum: Forum) -> None:
    forum.edits.keep([an_edit()])

    planned = forum.ingestion.sync([SOURCE], Options(dry_run=True))[1]

    assert [change.difference for change in planned.changes] == [
        ("-title: A", "+title: Night walks")
    ]
    assert forum.sync(A, B)["changed"] == 1
    assert forum.title() == "Night walks"
    assert forum.sync(A, B)["unchanged"] == 2
    longer = replace(A, text=f"{A.text}\nMore of it.")
    assert forum.sync(longer, B)["changed"] == 1
    assert forum.title() == "Night walks"


def test_undone_the_next_run_brings_back_what_the_source_says(forum: Forum) -> None:
    forum.edits.keep([an_edit()])
    forum.sync(A, B)

    forum.edits.undo(A.id, by="Bo")

    assert forum.title() == "Night walks"
    assert forum.sync(A, B)["changed"] == 1
    assert forum.title() == "A"
    assert forum.edits.all() == []


def test_edits_are_published_without_reading_a_source(forum: Forum) -> None:
    forum.crawl = Crawl(SOURCE.origin, ())
    forum.edits.keep([an_edit()])

    run, report = forum.ingestion.apply_edits(Options(by="Ana"))

    assert report.counts == {"new": 0, "changed": 1, "unchanged": 0, "removed": 0, "failed": 0}
    assert (forum.title(), forum.title(B.id)) == ("Night walks", "B")
    recorded = forum.ingestion.runs.get(run)
    assert (recorded.state, recorded.by, recorded.sources) == (RunState.PUBLISHED, "Ana", (NAME,))


def test_an_edit_is_undone_without_reading_a_source(forum: Forum) -> None:
    forum.edits.keep([an_edit()])
    forum.ingestion.apply_edits(Options())
    forum.edits.undo(A.id, by="Bo")

    forum.ingestion.apply_edits(Options())

    assert forum.title() == "A"
    assert forum.library.document(A.id) == A
    assert forum.edits.all() == []


def test_what_comes_back_is_what_the_source_said_last(forum: Forum) -> None:
    forum.edits.keep([an_edit()])
    renamed = replace(A, source=replace(A.source, title="Lamps"))
    forum.sync(renamed, B)
    assert [edit.said for edit in forum.edits.all()] == ["Lamps"]

    forum.edits.undo(A.id, by="Bo")
    forum.ingestion.apply_edits(Options())

    assert forum.title() == "Lamps"


def test_a_plan_neither_forgets_what_was_undone_nor_notes_what_it_heard(forum: Forum) -> None:
    forum.edits.keep([an_edit()])
    forum.sync(A, B)
    forum.edits.undo(A.id, by="Bo")
    before = forum.edits.all()

    forum.sync(replace(A, source=replace(A.source, title="Lamps")), B, dry_run=True)

    assert forum.edits.all() == before


def test_edits_that_lose_golden_questions_wait_to_be_confirmed(forum: Forum) -> None:
    forum.edits.keep([an_edit()])
    forum.lost = ["“When?” is refused"]

    run, report = forum.ingestion.apply_edits(Options())

    assert report.is_held
    assert forum.title() == "A"
    assert forum.ingestion.publish(run, Options()).is_new
    assert forum.title() == "Night walks"


def test_a_document_past_its_last_day_stays_published_over_runs(forum: Forum) -> None:
    forum.library.limit(A.id, date(2020, 1, 1))
    forum.edits.keep([an_edit()])

    assert forum.sync(A, B)["removed"] == 0
    assert forum.title() == "Night walks"
