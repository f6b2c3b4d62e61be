"""The schedule, kept for as long as the server runs."""

import logging
import threading
from datetime import datetime

import pytest

from ingest.schedule import keep_time


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

    keep_time(due, due.stop, every=0.001)

    assert len(due.asked) == 3
    assert all(each.tzinfo for each in due.asked)


def test_a_trouble_ends_nothing_and_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    full, gone = OSError("the disk is full"), ValueError("line 3")
    due = Due(full, full, gone, None, gone, gone)

    with caplog.at_level(logging.ERROR):
        keep_time(due, due.stop, every=0.001)

    assert len(due.asked) == 6
    said = [record.message.rpartition(": ")[2] for record in caplog.records]
    assert said == ["the disk is full", "line 3", "line 3"]
