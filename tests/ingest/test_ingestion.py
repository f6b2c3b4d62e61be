"""Planning, publishing what was planned, and what waits for somebody."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.domain.runs import RunState
from assistant.records.database import Database
from assistant.records.edits import EditStore
from ingest.errors import SourceError
from ingest.ingestion import Ingestion
from ingest.pipeline import Options, Progress
from ingest.plan import Crawl, KnownDocument
from ingest.reading_cache import Readings
from ingest.sources.tables import FolderSource, Listed
from tests.builders import a_document, unwatched
from tests.fakes import HashEmbedder
from vectorstore.errors import StoreBusyError
from vectorstore.publishing import verification
from vectorstore.publishing.library import Library

A, B, C = a_document("a"), a_document("b", text="Dogs."), a_document("c", text="Trees.")
SOURCE = FolderSource(name="forum", type="folder", path=Path("/forum"))
OTHER = FolderSource(name="other", type="folder", path=Path("/other"))
LOOK = Options(dry_run=True)


class Forum:
    """A source that holds what it is told, and an ingestion that reads it."""

    def __init__(self, data: Path) -> None:
        self.holds: tuple[object, ...] = ()
        self.lost: Sequence[str] = ()
        embedder = HashEmbedder()
        self.library = Library(
            data, lambda: embedder, model=embedder.name, verify=verification.examine
        )
        self.ingestion = Ingestion(
            data=data,
            index=self.library,
            edited=EditStore(Database(data)),
            detect_language=lambda _: "en",
            crawl=self._crawl,
            examine=lambda _draft, _published: self.lost,
            watch=unwatched,
        )

    def sync(self, options: Options, *sources: Listed) -> str:
        return self.ingestion.sync(sources or [SOURCE], options)[0]

    def state(self, run_id: str) -> RunState:
        return self.ingestion.runs.get(run_id).state

    def _crawl(
        self, source: Listed, _stored: Sequence[KnownDocument], _known: Readings, _progress: object
    ) -> Crawl:
        holds = self.holds if source is SOURCE else ()
        return Crawl(source.origin, holds)  # type: ignore[arg-type] # documents


@pytest.fixture
def forum(tmp_path: Path) -> Forum:
    return Forum(tmp_path / "data")


def test_a_plan_is_published_as_it_was_made(forum: Forum) -> None:
    forum.holds = (A,)
    planned = forum.sync(LOOK)
    forum.holds = (A, B)

    report = forum.ingestion.publish(planned, Options())

    assert forum.state(planned) is RunState.PLANNED
    assert report.is_new
    assert [each.id for each in forum.library.stored()] == [A.id]


def test_a_plan_is_published_though_the_clock_was_set_back_before_it_was_made(
    forum: Forum,
) -> None:
    forum.holds = (A,)
    forum.ingestion.sync([SOURCE], Options(), run_id="20391123-070501-4f2a")
    forum.holds = (A, B)

    planned = forum.sync(LOOK)

    assert forum.ingestion.publish(planned, Options()).is_new


def test_what_a_plan_removes_counts_as_confirmed_by_publishing_it(forum: Forum) -> None:
    forum.holds = (A, B, C)
    forum.sync(Options())
    forum.holds = (A,)

    held = forum.sync(Options())
    planned = forum.sync(LOOK)

    assert forum.state(held) is RunState.WAITING
    assert forum.ingestion.runs.get(planned).report["concerns"]
    assert forum.ingestion.publish(planned, Options()).is_new
    assert [each.id for each in forum.library.stored()] == [A.id]


def test_a_plan_is_refused_once_one_of_its_sources_was_read_again(forum: Forum) -> None:
    forum.holds = (A,)
    planned = forum.sync(LOOK, SOURCE, OTHER)
    forum.holds = (A, B)
    newer = forum.sync(Options())

    with pytest.raises(SourceError, match=f"{newer} read forum after .*{planned}; plan again"):
        forum.ingestion.publish(planned, Options())

    assert [each.id for each in forum.library.stored()] == [A.id, B.id]
    assert [run.id for run in forum.ingestion.runs.all()] == [newer, planned]


def test_a_plan_is_refused_where_its_source_is_published_while_it_waits_for_its_turn(
    forum: Forum,
) -> None:
    forum.holds = (A,)
    planned = forum.sync(LOOK)
    forum.holds = (A, B)

    def publish_first(_what: str, _unit: str) -> AbstractContextManager[Progress]:
        forum.sync(Options())
        return unwatched("", "")

    with pytest.raises(SourceError, match="plan again"):
        replace(forum.ingestion, watch=publish_first).publish(planned, Options())

    assert [each.id for each in forum.library.stored()] == [A.id, B.id]


def test_a_plan_can_be_published_again_after_an_older_generation_was(forum: Forum) -> None:
    forum.holds = (A,)
    forum.sync(Options())
    forum.holds = (A, B)
    planned = forum.sync(LOOK)
    forum.ingestion.publish(planned, Options())
    with forum.library.writing():
        forum.library.roll_back()

    assert forum.ingestion.publish(planned, Options()).is_new
    assert [each.id for each in forum.library.stored()] == [A.id, B.id]


def test_golden_questions_are_asked_before_a_plan_is_published(forum: Forum) -> None:
    forum.holds = (A,)
    forum.sync(Options())
    forum.holds, forum.lost = (A, B), ["“Who?” would be refused"]
    planned = forum.sync(LOOK)

    report = forum.ingestion.publish(planned, Options(), run_id="second")

    assert report.concerns == ("“Who?” would be refused",)
    assert forum.state("second") is RunState.WAITING
    assert len(forum.library.stored()) == 1
    assert forum.ingestion.publish("second", Options()).is_new
    assert len(forum.library.stored()) == 2


def test_a_run_that_changed_nothing_has_nothing_to_publish(forum: Forum) -> None:
    forum.holds = (A,)
    forum.sync(Options())

    again = forum.sync(Options())

    assert forum.state(again) is RunState.UNCHANGED
    with pytest.raises(SourceError, match="has nothing to publish; it is unchanged"):
        forum.ingestion.publish(again, Options())


def test_what_a_failed_run_has_read_is_not_published_as_nobody_saw_what_it_removes(
    forum: Forum,
) -> None:
    forum.holds = (A, B, C)
    forum.sync(Options())
    forum.holds = (A,)
    with forum.library.writing(), pytest.raises(StoreBusyError):
        forum.sync(Options())
    failed = forum.ingestion.runs.all()[0]

    with pytest.raises(SourceError, match="has nothing to publish; it is failed"):
        forum.ingestion.publish(failed.id, Options())

    assert failed.state is RunState.FAILED
    assert len(forum.library.stored()) == 3


def test_a_folder_that_is_named_twice_is_read_once(forum: Forum, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# Cats\n\nThey sleep.")

    report = forum.ingestion.ingest([str(tmp_path), f"{tmp_path}/."], Options())

    assert (report.counts["new"], report.counts["failed"]) == (1, 0)
    assert forum.ingestion.runs.all()[0].sources == (str(tmp_path),)


def test_a_folder_whose_name_is_no_text_is_refused_in_words(forum: Forum, tmp_path: Path) -> None:
    folder = tmp_path / "old\udcff"
    folder.mkdir()
    (folder / "a.md").write_text("# Cats\n\nThey sleep.")

    with pytest.raises(SourceError, match="its name is not in UTF-8"):
        forum.ingestion.ingest([str(folder)], Options())

    assert forum.ingestion.runs.all() == []
