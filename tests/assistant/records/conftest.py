"""The records in both places where they can be kept: each test runs once with either."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import ColumnElement, literal_column, select

from assistant.records.database import Database
from tests import postgresql

OpenDatabase = Callable[[], Database]
OWN_NUMBER: ColumnElement[int] = literal_column(
    "(SELECT oid FROM pg_database WHERE datname = current_database())"
)
IsOnDisk = Callable[[str], bool]


@pytest.fixture(params=["file", "PostgreSQL"])
def open_database(request: pytest.FixtureRequest, tmp_path: Path) -> OpenDatabase:
    """Opens the records of one assistant, as each of its processes does."""
    url = request.getfixturevalue("postgresql_url") if request.param == "PostgreSQL" else ""
    return lambda: Database(tmp_path, url)


@pytest.fixture
def database(open_database: OpenDatabase) -> Database:
    """The records of one assistant."""
    return open_database()


@pytest.fixture
def is_on_disk(request: pytest.FixtureRequest, tmp_path: Path, database: Database) -> IsOnDisk:
    """Tells whether words are in any file of the data directory, or of any table of the server."""
    in_server = "postgresql:" in database.name

    def found(words: str) -> bool:
        folders = [tmp_path]
        if in_server:
            server: postgresql.Server = request.getfixturevalue("postgresql_server")
            server.do("CHECKPOINT")
            number = database.rows(select(OWN_NUMBER))[0][0]
            folders.append(server.folder / "database" / "base" / str(number))
        return any(
            words.encode() in path.read_bytes()
            for folder in folders
            for path in folder.rglob("*")
            if path.is_file()
        )

    return found
