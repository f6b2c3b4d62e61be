"""What the staff page does with sources and runs, and when a source is due."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.errors import SourceError
from ingest.operations import Operations
from ingest.runs import KEPT, Runs
from ingest.schedule import due
from ingest.sources.crawling import Access
from ingest.sources.tables import FolderSource
from tests.ingest.test_runs import a_report

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def a_source(name: str = "forum", **schedule: str) -> FolderSource:
    fields = {"name": name, "type": "folder", "path": "/forum", **schedule}
    return FolderSource.model_validate(fields)


@pytest.mark.parametrize(
    ("schedule", "last", "many"),
    [
        ({}, None, 0),
        ({"every": "6h"}, None, 1),
        ({"every": "6h"}, NOW - timedelta(hours=5, minutes=59), 0),
        ({"every": "6h"}, NOW - timedelta(hours=6), 1),
        ({"at": "03:30"}, NOW - timedelta(hours=9), 1),
        ({"at": "03:30"}, NOW - timedelta(hours=8), 0),
        ({"at": "12:00"}, NOW - timedelta(minutes=1), 1),
        ({"at": "12:01"}, NOW - timedelta(hours=23), 0),
        ({"at": "03:30"}, NOW - timedelta(days=3), 1),
        ({"every": "6h"}, NOW + timedelta(days=900), 1),
        ({"at": "03:30"}, NOW + timedelta(days=900), 1),
        ({"every": "6h"}, NOW + timedelta(minutes=1), 0),
    ],
)
def test_a_source_is_read_when_its_time_has_come(
    schedule: dict[str, str], last: datetime | None, many: int
) -> None:
    source = a_source(**schedule)

    found = due([source], {} if last is None else {source.name: last}, NOW)

    assert found == [source] * many


class Started:
    """Takes the processes that are started."""

    def __init__(self) -> None:
        self.commands: list[list[str]] = []

    def __call__(self, arguments: Sequence[str]) -> None:
        self.commands.append(list(arguments))


@pytest.fixture
def started() -> Started:
    return Started()


@pytest.fixture
def operations(tmp_path: Path, started: Started) -> Operations:
    (tmp_path / "forum").mkdir()
    (tmp_path / "forum.toml").write_text(
        '[[source]]\nname = "forum"\ntype = "folder"\npath = "forum"\nevery = "6h"\n'
    )
    return Operations(tmp_path / "data", tmp_path / "forum.toml", Access(), started)


def test_the_sources_are_those_of_the_file_and_the_uploads(operations: Operations) -> None:
    listed = [(source.name, source.type, source.schedule) for source in operations.sources()]

    assert listed == [("forum", "folder", "every 6h"), ("uploads", "folder", "")]


def test_a_sync_is_a_process_of_its_own(operations: Operations, started: Started) -> None:
    run_id = operations.sync(["forum"], by="the staff page", dry_run=True)

    assert started.commands == [
        ["sync", "forum", "--dry-run", "--by", "the staff page", "--run", run_id]
    ]


def test_a_source_that_is_not_listed_starts_nothing(
    operations: Operations, started: Started
) -> None:
    with pytest.raises(SourceError, match="no source is named '--yes'"):
        operations.sync(["--yes"], by="x", dry_run=True)

    assert started.commands == []


def test_only_a_run_that_planned_something_can_be_published(
    operations: Operations, started: Started
) -> None:
    runs = Runs(operations.data)
    for run_id, flags in (("planned", {"dry_run": True}), ("done", {"is_new": True})):
        with runs.start("x", ["forum"], run_id=run_id) as active:
            active.finish(a_report(**flags))

    published = operations.publish("planned", by="the staff page")

    assert started.commands == [
        ["publish", "planned", "--by", "the staff page", "--run", published]
    ]
    with pytest.raises(SourceError, match="has nothing to publish; it is published"):
        operations.publish("done", by="x")
    with pytest.raises(SourceError, match="there is no run"):
        operations.publish("--by", by="x")
    with runs.start("x", ["forum"], run_id="read later") as active:
        active.finish(a_report())
    with pytest.raises(SourceError, match="plan again"):
        operations.publish("planned", by="x")
    assert len(started.commands) == 1


def test_what_is_due_is_started_once(operations: Operations, started: Started) -> None:
    assert operations.sync_what_is_due(NOW, lambda: False) == []
    assert operations.sync_what_is_due(NOW) == ["forum"]
    with Runs(operations.data).start("the schedule", ["forum"]) as active:
        assert operations.sync_what_is_due(datetime.now(UTC) + timedelta(hours=7)) == []
        active.finish(a_report())

    assert operations.sync_what_is_due(datetime.now(UTC)) == []
    assert operations.sync_what_is_due(datetime.now(UTC) + timedelta(hours=7)) == ["forum"]
    assert len(started.commands) == 2


def test_what_left_no_record_is_started_again_after_a_while_not_at_each_look(
    operations: Operations, started: Started
) -> None:
    looks = [NOW + timedelta(seconds=30 * look) for look in range(11)]

    found = [operations.sync_what_is_due(look) for look in looks]

    assert found == [["forum"], *[[]] * 9, ["forum"]]
    assert len(started.commands) == 2


def test_a_clock_that_was_set_back_does_not_have_a_source_read_again_and_again(
    operations: Operations,
) -> None:
    runs = Runs(operations.data)
    for run_id in ("20391123-070501-ffff", None):  # of a clock that was wrong, and of the right one
        with runs.start("the schedule", ["forum"], run_id=run_id) as active:
            active.finish(a_report())

    assert runs.all()[0].id == "20391123-070502-0000"
    assert operations.sync_what_is_due(datetime.now(UTC)) == []


def test_who_plans_a_source_every_day_does_not_keep_the_schedule_from_it(
    operations: Operations,
) -> None:
    runs = Runs(operations.data)
    for number, planned in enumerate((False, True, True)):
        with runs.start("staff", ["forum"], run_id=f"r{number}") as active:
            active.finish(a_report(dry_run=planned))
    at_first = runs.get("r0").started
    [of_it, _] = operations.sources()

    assert of_it.next == at_first + timedelta(hours=6)


def test_a_source_is_not_due_sooner_because_others_are_read_often(operations: Operations) -> None:
    runs = Runs(operations.data)
    for number in range(KEPT + 1):
        name = "often" if number else "forum"
        with runs.start("the schedule", [name], run_id=f"r{number:03}") as active:
            active.finish(a_report())

    assert operations.sync_what_is_due(datetime.now(UTC) + timedelta(hours=5)) == []


def test_a_source_can_be_added_tried_and_removed(operations: Operations) -> None:
    (operations.data.parent / "more").mkdir()
    (operations.data.parent / "more" / "a.md").write_text("# A\n\nText.")

    operations.add_source({"name": "more", "type": "folder", "path": "more"})
    trial = operations.try_source("more")
    operations.remove_source("more")

    assert trial.works
    assert trial.found[0] == ("files", 1)
    assert [source.name for source in operations.sources()] == ["forum", "uploads"]
    assert "every" in operations.file.read_text()


def test_a_source_must_not_take_the_name_of_the_uploads(operations: Operations) -> None:
    with pytest.raises(SourceError, match="the name uploads is taken"):
        operations.add_source({"name": "uploads", "type": "folder", "path": "more"})
