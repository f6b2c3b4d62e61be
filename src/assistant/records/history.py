"""What staff did: who, when, what, and about which thing. No words of questions, no addresses."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    Index,
    Integer,
    Select,
    Table,
    delete,
    func,
    insert,
    select,
    update,
)

from assistant.records.database import METADATA, Database, SafeText

KEPT = timedelta(days=400)
COMMAND_LINE = "the command line"
NOBODY = "no such account"
"""Whoever gave a name that is none: what they typed may be a password, so it is not kept."""
FAILED = "login.failed"
LONGEST = 300  # characters of what an entry is about, and of its details

_HISTORY = Table(
    "history",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", SafeText, nullable=False, index=True),
    Column("who", SafeText, nullable=False),
    Column("what", SafeText, nullable=False),
    Column("about", SafeText, nullable=False),
    Column("details", SafeText, nullable=False),
    Column("times", Integer, nullable=False),
)
Index("history_by_who_and_what", _HISTORY.c.who, _HISTORY.c.what)


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """Something that was done.

    Attributes:
        at: When; of what is only counted, the day.
        what: A short word such as `document.hide`.
        about: The id of the thing.
        times: How often on that day, of what is only counted.
    """

    at: datetime
    who: str
    what: str
    about: str
    details: str
    times: int


@dataclass(frozen=True, slots=True)
class Entries:
    """Some entries, newest first, and how many there are in all."""

    entries: Sequence[HistoryEntry]
    total: int


class History:
    """Keeps what was done for 400 days. Safe to use from several threads and processes."""

    def __init__(
        self, database: Database, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database = database
        self._now = now

    def add(self, who: str, what: str, about: str = "", details: str = "") -> None:
        """Add what somebody did, and forget what is too old. Raises RecordsError."""
        now = self._now().astimezone(UTC)
        values = {"about": about[:LONGEST], "details": details[:LONGEST], "times": 1}
        with self._database.writing() as connection:
            connection.execute(
                insert(_HISTORY).values(at=now.isoformat(), who=who, what=what, **values)
            )
            connection.execute(_too_old(now))

    def count_failure(self, who: str) -> None:
        """Count a login that failed: one entry a day and name, without a time of day."""
        now = self._now().astimezone(UTC)
        day = datetime.combine(now.date(), time(), UTC).isoformat()
        of_today = (_HISTORY.c.at == day, _HISTORY.c.who == who, _HISTORY.c.what == FAILED)
        with self._database.writing() as connection:
            counted = connection.execute(
                update(_HISTORY).where(*of_today).values(times=_HISTORY.c.times + 1)
            )
            if not counted.rowcount:
                values = {"who": who, "what": FAILED, "about": "", "details": "", "times": 1}
                connection.execute(insert(_HISTORY).values(at=day, **values))
            connection.execute(_too_old(now))

    def entries(
        self, *, who: str = "", what: str = "", first: int = 0, count: int = 100
    ) -> Entries:
        """Return entries of somebody and of a kind, where these are given."""
        total = self._database.rows(_of(select(func.count()).select_from(_HISTORY), who, what))
        wanted = _of(select(_HISTORY), who, what).order_by(_HISTORY.c.id.desc())
        rows = self._database.rows(wanted.limit(count).offset(first))
        return Entries([_entry(row) for row in rows], total[0][0] if total else 0)

    def doers(self) -> Sequence[str]:
        """Return who has done anything, by name."""
        return [row.who for row in self._database.rows(_distinct(_HISTORY.c.who))]

    def kinds(self) -> Sequence[str]:
        """Return the words of what was done."""
        return [row.what for row in self._database.rows(_distinct(_HISTORY.c.what))]


def _of(wanted: Select[Any], who: str, what: str) -> Select[Any]:
    if who:
        wanted = wanted.where(_HISTORY.c.who == who)
    return wanted.where(_HISTORY.c.what == what) if what else wanted


def _distinct(column: Column[str]) -> Select[Any]:
    return select(column).distinct().order_by(column)


def _too_old(now: datetime) -> Any:  # noqa: ANN401 - the library's own type
    return delete(_HISTORY).where(_HISTORY.c.at < (now - KEPT).isoformat())


def _entry(row: Any) -> HistoryEntry:  # noqa: ANN401 - likewise
    at = datetime.fromisoformat(row.at)
    return HistoryEntry(at, row.who, row.what, row.about, row.details, row.times)
