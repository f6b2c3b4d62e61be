"""One SQLite file in the data directory for all that is not published content.

Each module of this package declares its own tables on `METADATA`. The file is made by the first
that writes; reading without one finds nothing. What is deleted is overwritten with zeros.
"""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    Delete,
    Engine,
    MetaData,
    NullPool,
    Row,
    Select,
    Update,
    create_engine,
    event,
    func,
    text,
)
from sqlalchemy.exc import SQLAlchemyError

from assistant.domain.errors import RecordsError
from assistant.files import OURS

FILE = "records.sqlite"
FORMAT = 1
"""Of the tables; a file that says a later one was written by a later release."""
WAIT = 10  # seconds for another process that writes

METADATA = MetaData()


class Database:
    """Reads and writes the records of one data directory. Safe to use from several threads."""

    def __init__(self, data: Path) -> None:
        self.path = data / FILE
        self._lock = threading.Lock()
        self._is_ready = False

    def rows(self, wanted: Select[Any]) -> Sequence[Row[Any]]:
        """Return what is asked for; nothing where no record was ever written.

        Raises RecordsError where the file cannot be read.
        """
        if not self.path.exists():
            return ()
        with self._errors("read"), self._ready.connect() as connection:
            return connection.execute(wanted).all()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Hold a transaction: all of it is kept, or nothing. Raises RecordsError."""
        with self._errors("write"):
            with self._lock:
                if not self.path.exists():
                    self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                    self.path.touch(mode=OURS)
                    self._is_ready = False
            with self._ready.begin() as connection:
                yield connection

    def erase(self, erasure: Delete | Update, *, of: Select[Any]) -> int:
        """Delete or empty rows for good, and return how many; `of` finds those that are meant.

        Nothing of them is in the file afterwards. Where there are none, nothing is written.
        """
        if not self.rows(of.limit(1)):
            return 0
        with self.writing() as connection:
            count = connection.execute(erasure).rowcount
        with self._errors("write"), self._engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM"))
        return count

    @property
    def _ready(self) -> Engine:
        """The engine, once the tables are there."""
        with self._lock:
            if not self._is_ready:
                self._check_format()
                METADATA.create_all(self._engine)
                self._is_ready = True
        return self._engine

    def _check_format(self) -> None:
        with self._engine.begin() as connection:
            found = connection.execute(text("PRAGMA user_version")).scalar_one()
            if found > FORMAT:
                msg = (
                    f"{self.path} was written by a later release (format {found}, this one knows "
                    f"{FORMAT}); install that release, or put the file aside"
                )
                raise RecordsError(msg)
            if found < FORMAT:  # else reading would write, and a full disk keep staff out
                connection.execute(text(f"PRAGMA user_version = {FORMAT}"))

    @cached_property
    def _engine(self) -> Engine:
        url = URL.create("sqlite", database=str(self.path))
        # A connection a use: none is left open on a file that was put aside meanwhile.
        made = create_engine(url, connect_args={"timeout": WAIT}, poolclass=NullPool)
        event.listen(made, "connect", _prepare)
        return made

    @contextmanager
    def _errors(self, what: str) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, OSError) as exc:
            reason = str(getattr(exc, "orig", None) or exc).partition("\n")[0]
            msg = f"cannot {what} {self.path} ({reason}); check the disk and the permissions"
            raise RecordsError(msg) from exc

    def copy_to(self, path: Path) -> None:
        """Write all records, as they are at one moment, into another file; others write on.

        Raises RecordsError.
        """
        with self._errors("copy"), self._ready.connect() as connection:
            driver: Any = connection.connection.driver_connection
            try:
                with closing(sqlite3.connect(path)) as copy:
                    driver.backup(copy)
            except sqlite3.Error as exc:
                raise OSError(str(exc)) from exc


def holds(column: ColumnElement[str], words: str) -> ColumnElement[bool]:
    """Return a condition: that a text holds some words, in whatever case."""
    return func.casefold(column).contains(words.casefold(), autoescape=True)


def _prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own type
    # What is deleted must be in no file any more: no log beside the file, zeros in its place.
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute("PRAGMA foreign_keys = ON")
    # SQLite's own lower() knows no letters but those of English: "Émile" would not be erased.
    connection.create_function("casefold", 1, str.casefold, deterministic=True)
