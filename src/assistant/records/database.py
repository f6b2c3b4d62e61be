"""One database for all that is not published content, and the form of its tables.

Each module of this package declares its own tables on `METADATA`; `migrations` brings a database of
an earlier release to that form. A file is made by the first that writes; reading without one finds
nothing.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    Delete,
    Dialect,
    Engine,
    MetaData,
    Row,
    Select,
    String,
    Table,
    TypeDecorator,
    Update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from assistant.domain.errors import RecordsError
from assistant.records import migrations
from assistant.records.engines import Keeper, SqliteFile, server

FILE = "records.sqlite"
AT_ONCE = 10_000  # rows that one statement names; engines take some 32,000

METADATA = MetaData()


class SafeText(TypeDecorator[str]):
    """Text as every engine can keep it: without NUL, and without halves of characters."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return a text as it is kept."""
        if value is None:
            return None
        return value.replace("\0", "").encode("utf-8", "replace").decode()


class Database:
    """Reads and writes the records of one assistant. Safe to use from several threads.

    Attributes:
        folder: The data directory, where an earlier release may have left files.
        name: What errors call the database.
    """

    def __init__(self, folder: Path, url: str = "") -> None:
        self.folder = folder
        self._keeper: Keeper = server(url) if url else SqliteFile(folder / FILE)
        self.name = self._keeper.name
        self._lock = threading.Lock()
        self._is_ready = False

    def rows(self, wanted: Select[Any]) -> Sequence[Row[Any]]:
        """Return what is asked for; nothing where no record was ever written.

        Raises RecordsError where the database cannot be read.
        """
        if not self._keeper.is_made():
            return ()
        with self._errors("read"), self._ready.connect() as connection:
            return connection.execute(wanted).all()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Hold a transaction: all of it is kept, or nothing. Raises RecordsError."""
        with self._errors("write"):
            with self._lock:
                if self._keeper.make():
                    self._is_ready = False
            with self._ready.begin() as connection:
                self._keeper.begin_writing(connection)
                yield connection

    def erase(self, erasure: Delete | Update, *, of: Select[Any], holding: str = "") -> int:
        """Delete or empty rows for good, and return how many.

        `of` finds the keys of those that are meant. Where only those are meant that hold some
        words, in whatever case, it finds a text of each as well. Nothing of them is in the table
        afterwards. Where there are none, nothing is written.
        """
        found = self.holding(holding, of) if holding else self.rows(of.limit(1))
        if not found:
            return 0
        with self.writing() as connection:
            count = sum(
                connection.execute(part).rowcount
                for part in (_parts(erasure, of, found) if holding else [erasure])
            )
        with self._errors("write"):
            self._keeper.rewrite(str(erasure.table))
        return count

    def holding(self, words: str, of: Select[Any]) -> Sequence[Row[Any]]:
        """Return the rows of a key and a text that hold some words, in whatever case."""
        # Engines fold no letters but those of English: "Émile" would not be found.
        folded = words.casefold()
        return [row for row in self.rows(of) if folded in str(tuple(row)[1]).casefold()]

    @property
    def _ready(self) -> Engine:
        """The engine, once the tables have the form that this release knows."""
        with self._lock:
            if not self._is_ready:
                migrations.bring_up_to_date(self._keeper)
                self._is_ready = True
        return self._keeper.engine

    @contextmanager
    def _errors(self, what: str) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, OSError) as exc:
            reason = str(getattr(exc, "orig", None) or exc).strip().partition("\n")[0]
            msg = f"cannot {what} {self.name} ({reason}); {self._keeper.remedy}"
            raise RecordsError(msg) from exc

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Hold a connection that reads the records as they are at one moment. Raises RecordsError.

        Meanwhile, others write to a server; to a file, they wait.
        """
        with self._errors("read"), self._ready.connect() as connection:
            self._keeper.begin_reading(connection)
            yield connection

    def is_made(self) -> bool:
        """Whether there may be records."""
        return self._keeper.is_made()


def insertion(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return an insertion that can say what happens where the row is there already."""
    made = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    return made(table)


def _parts(
    erasure: Delete | Update, of: Select[Any], found: Sequence[Row[Any]]
) -> Iterator[Delete | Update]:
    key = of.selected_columns[0]
    for first in range(0, len(found), AT_ONCE):
        yield erasure.where(key.in_([row[0] for row in found[first : first + AT_ONCE]]))
