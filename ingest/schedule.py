"""Which sources are due, and what starts them while the server runs."""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta, tzinfo
from pathlib import Path

from filelock import FileLock, Timeout

from ingest.sources.tables import AnySource

LOCK_FILE = "schedule.lock"
AHEAD = timedelta(minutes=10)
"""Clocks of several servers may differ by that; what was begun later was begun by a wrong clock."""


def due(
    sources: Sequence[AnySource], last: Mapping[str, datetime], now: datetime
) -> list[AnySource]:
    """Return the sources whose time has come; one that was never read is due at once.

    `last` says when each was last begun; all times are aware, `now` in the zone of `at`.
    """
    return [source for source in sources if _is_due(source, last.get(source.name), now)]


def _is_due(source: AnySource, last: datetime | None, now: datetime) -> bool:
    if last is not None and last > now + AHEAD:  # else nothing would be read until then
        last = None
    if source.every is not None:
        return last is None or now - last >= source.every
    if source.at is None:
        return False
    # A day that was slept through is caught up on, once.
    today = _moment(source.at, now)
    return now.astimezone(UTC) >= today and (last is None or last < today)


def following(source: AnySource, last: datetime | None, now: datetime) -> datetime | None:
    """Return when a source is read next by its schedule; what is due, now; None without one."""
    if _is_due(source, last, now):
        return now
    if source.every is not None and last is not None:
        return last + source.every
    if source.at is None:
        return None
    today, tomorrow = _moment(source.at, now), _moment(source.at, now + timedelta(days=1))
    return today if now.astimezone(UTC) < today else tomorrow


def _moment(at: time, day: datetime) -> datetime:
    """Return when it is that time of a day; where it comes twice, the first of the two."""
    return datetime.combine(day, at, tzinfo=day.tzinfo).astimezone(UTC)


class _Here(tzinfo):
    """The zone of this machine, on days before and after its clock is changed as well."""

    def utcoffset(self, when: datetime | None) -> timedelta | None:
        """Return how far the clock is ahead."""
        return when.replace(tzinfo=None).astimezone().utcoffset() if when else None

    def tzname(self, when: datetime | None) -> str | None:
        """Return how the zone is called on a day."""
        return when.replace(tzinfo=None).astimezone().tzname() if when else None

    def dst(self, when: datetime | None) -> None:
        """Return nothing: what the offset is made of is no matter here."""

    def fromutc(self, when: datetime) -> datetime:
        """Return what the clock shows."""
        return when.replace(tzinfo=UTC).astimezone().replace(tzinfo=self)


def time_here() -> datetime:
    """Return the time by the clock of this machine."""
    return datetime.now(_Here())


EVERY = 30.0  # seconds between two looks

_log = logging.getLogger(__name__)


class Timekeeper:
    """Of several servers over one data directory, the one that keeps the schedule.

    It is the first that asks; when it ends, however it ends, the next one that asks.
    """

    def __init__(self, data: Path) -> None:
        self._data = data
        self._lock = FileLock(data / LOCK_FILE, thread_local=False)

    def is_ours(self) -> bool:
        """Whether this server keeps the schedule, from now on. Raises OSError."""
        if not self._lock.is_locked:
            self._data.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                self._lock.acquire(timeout=0)
            except Timeout:
                return False
        return True


def keep_time(
    duties: Sequence[Callable[[datetime], object]], stop: threading.Event, *, every: float = EVERY
) -> None:
    """Call each of the duties with the local time, again and again, until `stop` is set.

    What goes wrong is logged once, until it goes well or wrong in another way, and ends nothing:
    neither the schedule nor the other duties.
    """
    troubles = [""] * len(duties)
    while not stop.is_set():
        for at, duty in enumerate(duties):
            troubles[at] = _trouble(duty, before=troubles[at])
        stop.wait(every)


def _trouble(duty: Callable[[datetime], object], *, before: str) -> str:
    """Return what went wrong, "" for nothing; what did not go wrong so before is logged."""
    try:
        duty(time_here())
    except Exception as exc:  # noqa: BLE001 - a schedule that ended silently would be worse
        found = f"{type(exc).__name__}: {exc}"
        if found != before:
            _log.error("what the schedule had to do failed: %s", found)
        return found
    return ""
