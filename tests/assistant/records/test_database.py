"""The file with the records: made when it is needed, closed to others, empty after deletion."""

import sqlite3
import stat
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, delete, insert, select

from assistant.domain.errors import RecordsError
from assistant.records import database
from assistant.records.database import FILE, Database

CANARY = "zanzibar-ocelot-7741"
NOTES_METADATA = MetaData()
NOTES = Table(
    "notes", NOTES_METADATA, Column("id", Integer, primary_key=True), Column("text", String)
)


@pytest.fixture(autouse=True)
def _with_notes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "METADATA", NOTES_METADATA)


def test_reading_makes_no_file(tmp_path: Path) -> None:
    assert list(Database(tmp_path).rows(select(NOTES))) == []
    assert not (tmp_path / FILE).exists()


def test_what_is_written_is_read_by_others(tmp_path: Path) -> None:
    with Database(tmp_path).writing() as connection:
        connection.execute(insert(NOTES).values(text="kept"))
    assert [row.text for row in Database(tmp_path).rows(select(NOTES))] == ["kept"]


def test_nobody_else_of_the_machine_may_read_it(tmp_path: Path) -> None:
    with Database(tmp_path / "new").writing() as connection:
        connection.execute(insert(NOTES).values(text="kept"))
    assert stat.S_IMODE((tmp_path / "new" / FILE).stat().st_mode) == 0o600


def test_what_fails_leaves_nothing_half_done(tmp_path: Path) -> None:
    records = Database(tmp_path)

    def fail_half_way() -> None:
        with records.writing() as connection:
            connection.execute(insert(NOTES).values(text="kept"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    assert list(records.rows(select(NOTES))) == []


def test_what_is_deleted_is_in_no_file(tmp_path: Path) -> None:
    records = Database(tmp_path)
    with records.writing() as connection:
        connection.execute(insert(NOTES), [{"text": f"{CANARY} {n}" * 9} for n in range(500)])
    before = (tmp_path / FILE).stat().st_size
    assert records.erase(delete(NOTES), of=select(NOTES)) == 500
    assert not [path for path in tmp_path.iterdir() if CANARY.encode() in path.read_bytes()]
    assert (tmp_path / FILE).stat().st_size < before


def test_a_damaged_file_is_named_with_what_helps(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no database at all" * 100)
    with pytest.raises(RecordsError, match=r"records\.sqlite.*check the disk"):
        Database(tmp_path).rows(select(NOTES))


def test_a_file_of_a_later_release_is_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(RecordsError, match="later release"):
        Database(tmp_path).rows(select(NOTES))


def test_a_file_that_is_gone_is_made_anew(tmp_path: Path) -> None:
    records = Database(tmp_path)
    for _ in range(2):
        with records.writing() as connection:
            connection.execute(insert(NOTES).values(text="kept"))
        (tmp_path / FILE).unlink()
    assert list(records.rows(select(NOTES))) == []
