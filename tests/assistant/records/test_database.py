"""Where records are kept: made when they are needed, closed to others, empty after deletion."""

import sqlite3
import stat
import threading
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Delete, Select, delete, insert, make_url, select, text
from sqlalchemy.exc import OperationalError

from assistant.domain.errors import RecordsError, SettingsError
from assistant.records import migrations
from assistant.records.database import FILE, METADATA, Database
from assistant.records.engines import AGAIN, PostgresServer, server
from assistant.records.records import Records
from tests import postgresql
from tests.assistant.records.conftest import IsOnDisk, OpenDatabase

CANARY = "zanzibar-ocelot-7741"
NOTES = METADATA.tables["golden_questions"]


def a_note(text: str = "kept") -> dict[str, str]:
    return {"question": text, "language": "en", "document": "a.md", "by": "anna"}


def keep(database: Database, *texts: str) -> None:
    with database.writing() as connection:
        connection.execute(insert(NOTES), [a_note(text) for text in texts or ["kept"]])


def kept(database: Database) -> list[str]:
    return [row.question for row in database.rows(select(NOTES).order_by(NOTES.c.id))]


def every_note() -> tuple[Delete, Select[tuple[int, str]]]:
    return delete(NOTES), select(NOTES.c.id, NOTES.c.question)


def test_where_nothing_was_written_nothing_is_found(database: Database) -> None:
    assert kept(database) == []


def test_what_is_written_is_read_by_others(open_database: OpenDatabase) -> None:
    keep(open_database())
    assert kept(open_database()) == ["kept"]


def test_what_fails_leaves_nothing_half_done(database: Database) -> None:
    def fail_half_way() -> None:
        with database.writing() as connection:
            connection.execute(insert(NOTES).values(**a_note()))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    assert kept(database) == []


def test_any_text_can_be_kept_without_what_is_no_character(database: Database) -> None:
    keep(database, "a\0b", "half \ud83d of one", "Łódź 🙂")
    assert kept(database) == ["ab", "half ? of one", "Łódź 🙂"]


def test_what_is_deleted_is_in_no_file(database: Database, is_on_disk: IsOnDisk) -> None:
    keep(database, *(f"{CANARY} {n}" * 9 for n in range(500)))
    assert is_on_disk(CANARY)
    erasure, of = every_note()
    assert database.erase(erasure, of=of) == 500
    assert not is_on_disk(CANARY)


def test_only_what_holds_the_words_is_erased_in_whatever_case(
    database: Database, is_on_disk: IsOnDisk
) -> None:
    keep(database, "where lives ÉMILE STRAUSS?", "kept", "émile strauß again")
    erasure, of = every_note()
    assert database.erase(erasure, of=of, holding="Émile Strauß") == 2
    assert kept(database) == ["kept"]
    assert not is_on_disk("STRAUSS")


def test_several_who_come_first_at_once_all_find_the_tables(open_database: OpenDatabase) -> None:
    together, faults = threading.Barrier(4), list[BaseException]()

    def come() -> None:
        together.wait()
        try:
            keep(open_database())
        except RecordsError as exc:
            faults.append(exc)

    threads = [threading.Thread(target=come) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert kept(open_database()) == ["kept"] * 4


def test_those_of_a_later_release_are_left_alone(open_database: OpenDatabase) -> None:
    database = open_database()
    keep(database)
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(RecordsError, match="later release"):
        kept(open_database())


def test_the_tables_that_migrations_make_are_those_that_are_declared(database: Database) -> None:
    assert Records.of(database).questions.kept is not None  # all tables are declared
    keep(database)
    with database.writing() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, METADATA) == []


def test_the_newest_form_is_the_last_migration() -> None:
    folder = Path(migrations.__file__).parent
    assert ScriptDirectory(str(folder)).get_current_head() == migrations.NEWEST


def test_reading_makes_no_file(tmp_path: Path) -> None:
    assert kept(Database(tmp_path)) == []
    assert not (tmp_path / FILE).exists()


def test_nobody_else_of_the_machine_may_read_the_file(tmp_path: Path) -> None:
    keep(Database(tmp_path / "new"))
    assert stat.S_IMODE((tmp_path / "new" / FILE).stat().st_mode) == 0o600


def test_the_file_shrinks_when_much_is_erased(tmp_path: Path) -> None:
    database = Database(tmp_path)
    keep(database, *("long " * 50 for _ in range(500)))
    before = (tmp_path / FILE).stat().st_size
    erasure, of = every_note()
    database.erase(erasure, of=of)
    assert (tmp_path / FILE).stat().st_size < before


def test_a_damaged_file_is_named_with_what_helps(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no database at all" * 100)
    with pytest.raises(RecordsError, match=r"records\.sqlite.*check the disk"):
        kept(Database(tmp_path))


def test_a_file_that_is_gone_is_made_anew(tmp_path: Path) -> None:
    database = Database(tmp_path)
    for _ in range(2):
        keep(database)
        (tmp_path / FILE).unlink()
    assert kept(database) == []


def test_a_file_of_the_release_before_gets_what_it_lacks(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute(
            "CREATE TABLE golden_questions (id INTEGER NOT NULL, question VARCHAR NOT NULL, "
            "language VARCHAR NOT NULL, document VARCHAR NOT NULL, by VARCHAR NOT NULL, "
            "PRIMARY KEY (id))"
        )
        connection.execute("INSERT INTO golden_questions VALUES (7, 'old', 'en', 'a.md', 'anna')")
        connection.execute("PRAGMA user_version = 1")
    records = Records.of(Database(tmp_path))

    assert [each.question for each in records.golden.all()] == ["old"]
    records.history.add("anna", "login")
    assert records.history.entries().total == 1


def test_a_server_that_is_away_is_named_without_the_password(
    postgresql_server: postgresql.Server, tmp_path: Path
) -> None:
    url = postgresql_server.url("forum").replace(str(postgresql_server.port), "1")
    with pytest.raises(RecordsError, match="check that the server runs") as caught:
        keep(Database(tmp_path, url))
    assert "secret" not in str(caught.value)


def test_a_wrong_password_is_told_without_it(
    postgresql_server: postgresql.Server, tmp_path: Path
) -> None:
    url = postgresql_server.url("postgres").replace("secret", "mistaken")
    with pytest.raises(RecordsError, match=r"authentication failed.*FORUM_DATABASE_URL") as caught:
        keep(Database(tmp_path, url))
    assert "mistaken" not in str(caught.value)


def test_while_a_server_is_away_nobody_waits_for_it_again_and_again(
    postgresql_server: postgresql.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, tries = [100.0], list[int]()
    keeper = PostgresServer(make_url(postgresql_server.url("postgres")), lambda: now[0])

    def away(*_: object, **__: object) -> NoReturn:
        tries.append(1)
        msg = "no route to the server"
        raise psycopg.OperationalError(msg)

    with monkeypatch.context() as cable:
        cable.setattr(keeper.engine.dialect, "connect", away)
        for _ in range(3):
            with pytest.raises(OperationalError, match="no route"):
                keeper.engine.connect()
    assert len(tries) == 1

    now[0] += AGAIN
    with keeper.engine.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1
    keeper.engine.dispose()


def test_a_server_that_was_restarted_is_used_again(
    postgresql_server: postgresql.Server, postgresql_url: str, tmp_path: Path
) -> None:
    database = Database(tmp_path, postgresql_url)
    keep(database)
    postgresql_server.do(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
        "AND application_name = 'forum-assistant'"
    )
    assert kept(database) == ["kept"]


@pytest.mark.parametrize(
    "url",
    [
        "mysql://a:b@host/name",
        "postgresql://host",
        "no address",
        "postgresql+asyncpg://h/n",
        "postgresql://h:port/n",
        "postgresql://h:99999/n",
    ],
)
def test_what_is_no_address_of_a_database_is_refused_before_anything_runs(url: str) -> None:
    with pytest.raises(SettingsError, match="FORUM_DATABASE_URL"):
        server(url)
