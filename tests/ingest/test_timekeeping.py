"""The schedule, kept for as long as the server runs."""

import logging
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from filelock import FileLock, Timeout

from ingest.schedule import LOCK_FILE, Timekeeper, due, following, keep_time, time_here
from ingest.sources.tables import FeedSource


class Due:
    """Does what it is told, one thing a call, and then stops the clock."""

    def __init__(self, *errors: Exception | None) -> None:
        self.errors = list(errors)
        self.asked: list[datetime] = []
        self.stop = threading.Event()

    def __call__(self, now: datetime) -> None:
        self.asked.append(now)
        error = self.errors.pop(0)
        if not self.errors:
            self.stop.set()
        if error:
            raise error


def test_what_is_due_is_asked_for_again_and_again_with_a_time_of_day() -> None:
    due = Due(None, None, None)

    keep_time([due], due.stop, every=0.001)

    assert len(due.asked) == 3
    assert all(each.tzinfo for each in due.asked)


def test_one_of_several_servers_keeps_the_schedule_until_it_ends(tmp_path: Path) -> None:
    other = FileLock(tmp_path / LOCK_FILE)  # another server's, which ends with the block
    ours = Timekeeper(tmp_path)
    with other:
        assert not ours.is_ours()
    assert ours.is_ours()
    assert ours.is_ours()
    with pytest.raises(Timeout):
        other.acquire(timeout=0)


def test_a_trouble_ends_nothing_and_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    full, gone = OSError("the disk is full"), ValueError("line 3")
    due = Due(full, full, gone, None, gone, gone)

    with caplog.at_level(logging.ERROR):
        keep_time([due], due.stop, every=0.001)

    assert len(due.asked) == 6
    said = [record.message.rpartition(": ")[2] for record in caplog.records]
    assert said == ["the disk is full", "line 3", "line 3"]


def test_where_one_duty_fails_the_others_are_done() -> None:
    erasing = Due(OSError("the records cannot be written"))
    reading = Due(None)

    keep_time([erasing, reading], reading.stop, every=0.001)

    assert len(reading.asked) == 1


@pytest.mark.parametrize("at", ["00:30", "02:30"])  # the second comes twice
def test_the_night_on_which_the_clock_is_set_back_has_one_reading(
    at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = FeedSource.model_validate(
        {"name": "news", "type": "feed", "url": "https://forum.test/feed", "at": at}
    )
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    time.tzset()
    last, read = datetime(2026, 10, 24, 12, 0, tzinfo=UTC), []
    zone = time_here().tzinfo
    for quarter in range(4 * 24):
        now = datetime(2026, 10, 24, 20, 0, tzinfo=UTC) + timedelta(minutes=15 * quarter)
        if due([source], {"news": last}, now.astimezone(zone)):
            last = now
            read.append(f"{now:%H:%M}")
    following_one = following(source, last, now.astimezone(zone))
    monkeypatch.undo()
    time.tzset()

    first = {"00:30": "22:30", "02:30": "00:30"}  # in UTC, when the clock is two hours ahead
    assert read == [first[at]]
    assert following_one == datetime.fromisoformat(f"2026-10-26T{at}+01:00")


NOON = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("when", "last", "expected"),
    [
        ({"every": "6h"}, NOON - HOUR, NOON + 5 * HOUR),
        ({"every": "6h"}, NOON - 7 * HOUR, NOON),
        ({"every": "6h"}, None, NOON),
        ({"at": "15:00"}, NOON - 20 * HOUR, NOON + 3 * HOUR),
        ({"at": "11:00"}, NOON - HOUR, NOON + 23 * HOUR),
        ({"at": "11:00"}, NOON - 2 * HOUR, NOON),
        ({}, NOON, None),
    ],
)
def test_it_is_told_when_a_source_is_read_next(
    when: dict[str, str], last: datetime | None, expected: datetime | None
) -> None:
    fields = {"name": "news", "type": "feed", "url": "https://forum.test/feed", **when}
    assert following(FeedSource.model_validate(fields), last, NOON) == expected
