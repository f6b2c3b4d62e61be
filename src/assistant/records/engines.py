"""Where records are kept: in a file of the data directory, or in a PostgreSQL server.

Both keep the same promises: one writer at a time, and what is erased is in no table any more.
"""

import functools
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import (
    URL,
    Connection,
    Dialect,
    Engine,
    NullPool,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError

from assistant import extras
from assistant.domain.errors import SettingsError
from assistant.files import OURS

WAIT = 10  # seconds for another process that writes, and for a server to answer
ANSWERS = 3  # seconds for a server to let a process in
AGAIN = 10.0  # seconds for which one that did not is not asked again, as members would wait
HIGHEST_PORT = 65_535
CONNECTIONS = 5  # at most, of one process to a server
WRITER = 0x466F72756D  # "Forum": the number of the lock that whoever writes to a server holds
DRIVER = "postgresql+psycopg"
NO_ADDRESS = (
    "FORUM_DATABASE_URL is no address of a PostgreSQL database; give one such as "
    "postgresql://assistant:PASSWORD@db.example.org/assistant"
)


class Keeper(Protocol):
    """What keeps the tables.

    Attributes:
        name: What errors call it; it holds no password.
        remedy: What helps where it fails.
        engine: What opens connections to it.
    """

    name: str
    remedy: str

    @property
    def engine(self) -> Engine:
        """Return the one engine of this keeper."""

    def is_made(self) -> bool:
        """Whether there is anything to read."""

    def make(self) -> bool:
        """Make it where it is missing; return whether it was."""

    def begin_writing(self, connection: Connection) -> None:
        """Wait until nobody else writes; until the end of the transaction nobody else will."""

    def begin_reading(self, connection: Connection) -> None:
        """Have a connection read all as it is now, until it is closed."""

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """Hold a transaction beside which nobody changes the form of the tables."""

    def rewrite(self, table: str) -> None:
        """Leave nothing of deleted rows in the files of a table."""


class SqliteFile:
    """One file; what is deleted is overwritten with zeros."""

    remedy = "check the disk and the permissions"

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = str(path)

    @functools.cached_property
    def engine(self) -> Engine:
        """Return the engine."""
        url = URL.create("sqlite", database=str(self.path))
        # A connection a use: none is left open on a file that was put aside meanwhile.
        made = create_engine(url, connect_args={"timeout": WAIT}, poolclass=NullPool)
        event.listen(made, "connect", _prepare)
        return made

    def is_made(self) -> bool:
        """Whether the file is there."""
        return self.path.exists()

    def make(self) -> bool:
        """Make the file, for its owner only."""
        if self.path.exists():
            return False
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path.touch(mode=OURS)
        return True

    def begin_writing(self, connection: Connection) -> None:
        """Lock the file, before anything is read that the change depends on."""
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def begin_reading(self, connection: Connection) -> None:
        """Share the file with other readers."""
        connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.exec_driver_sql("BEGIN")  # the driver begins with the first change

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """Hold the file, from the start."""
        with self.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            connection.commit()

    def rewrite(self, table: str) -> None:  # noqa: ARG002 - the file is one
        """Write the file anew, without gaps."""
        with self.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM"))


def _prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own type
    # What is deleted must be in no file any more: no log beside the file, zeros in its place.
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute("PRAGMA foreign_keys = ON")


class PostgresServer:
    """A database of a server, which several assistants share."""

    remedy = "check that the server runs, and the name and password in FORUM_DATABASE_URL"

    def __init__(self, url: URL, clock: Callable[[], float] = time.monotonic) -> None:
        self._url = url
        self._clock = clock
        self._fault: BaseException | None = None
        self._asked_again = 0.0
        self.name = f"the database {url.render_as_string(hide_password=True)}"

    @functools.cached_property
    def engine(self) -> Engine:
        """Return the engine; a connection that the server has closed meanwhile is opened anew."""
        made = create_engine(
            self._url.set(drivername=DRIVER),
            connect_args={
                "application_name": "forum-assistant",
                "connect_timeout": ANSWERS,
                "tcp_user_timeout": 1000 * ANSWERS,
            },
            pool_size=CONNECTIONS,
            max_overflow=0,
            pool_timeout=WAIT,
            pool_pre_ping=True,
        )
        event.listen(made, "do_connect", self._connect)
        return made

    def is_made(self) -> bool:
        """Whether there is anything to read: an operator has made the database."""
        return True

    def make(self) -> bool:
        """Leave it to the operator."""
        return False

    def begin_writing(self, connection: Connection) -> None:
        """Take the lock of whoever writes."""
        connection.execute(text(f"SET LOCAL lock_timeout = '{WAIT}s'"))
        connection.execute(text(f"SELECT pg_advisory_xact_lock({WRITER})"))

    def begin_reading(self, connection: Connection) -> None:
        """Have a snapshot."""
        connection.execution_options(isolation_level="REPEATABLE READ")

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """Hold the lock of whoever writes."""
        with self.engine.begin() as connection:
            self.begin_writing(connection)
            yield connection

    def rewrite(self, table: str) -> None:
        """Write the table anew; what the server's own log holds goes with that."""
        with self.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.execute(text(f'VACUUM FULL "{table}"'))

    def _connect(
        self, dialect: Dialect, _record: object, given: Sequence[Any], named: dict[str, Any]
    ) -> DBAPIConnection:
        """Open a connection; while the server is away, say so at once."""
        if self._fault and self._clock() < self._asked_again:
            raise self._fault
        try:
            made = dialect.connect(*given, **named)
        except Exception as exc:
            self._fault, self._asked_again = exc, self._clock() + AGAIN
            raise
        self._fault = None
        return made


@functools.cache
def server(url: str) -> PostgresServer:
    """Return the server at an address, the same for all that ask: its connections are shared.

    Raises SettingsError where the address is none, or the driver is missing.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as exc:  # ValueError: a port that is no number
        raise SettingsError(NO_ADDRESS) from exc
    is_ours = parsed.drivername in {"postgresql", "postgres", DRIVER} and bool(parsed.database)
    if not is_ours or not 0 < (parsed.port or 5432) <= HIGHEST_PORT:
        raise SettingsError(NO_ADDRESS)
    extras.require("postgresql", "FORUM_DATABASE_URL")
    return PostgresServer(parsed)
