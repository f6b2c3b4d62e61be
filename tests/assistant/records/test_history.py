"""What staff did is kept for a while, and found again."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from assistant.records.database import Database
from assistant.records.history import FAILED, KEPT, LONGEST, History


@dataclass
class Calendar:
    """Days that pass when they are told to."""

    now: datetime = datetime(2026, 11, 23, 7, 5, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
def history(database: Database, calendar: Calendar) -> History:
    return History(database, calendar)


def test_what_was_done_is_told_newest_first(history: History, calendar: Calendar) -> None:
    assert history.entries().total == 0
    history.add("anna", "document.hide", "lamps.md")
    calendar.now += timedelta(seconds=1)
    history.add("bert", "run.publish", "20261123-070501-4f2a", "publishes another")

    found = history.entries()

    assert found.total == 2
    newest = found.entries[0]
    assert (newest.who, newest.what, newest.about) == (
        "bert",
        "run.publish",
        "20261123-070501-4f2a",
    )
    assert (newest.details, newest.at) == ("publishes another", calendar.now)
    assert found.entries[1].who == "anna"


def test_entries_are_found_by_who_and_what_and_paged(history: History) -> None:
    for number in range(5):
        history.add("anna", "document.hide", f"{number}.md")
    history.add("anna", "login")
    history.add("bert", "document.hide", "b.md")

    hidden = history.entries(who="anna", what="document.hide", first=1, count=3)

    assert hidden.total == 5
    assert [each.about for each in hidden.entries] == ["3.md", "2.md", "1.md"]
    assert history.doers() == ["anna", "bert"]
    assert history.kinds() == ["document.hide", "login"]


def test_failures_are_one_number_a_day_and_name(history: History, calendar: Calendar) -> None:
    for name in ("anna", "bert", "anna"):
        history.count_failure(name)
        calendar.now += timedelta(hours=1)
    calendar.now += timedelta(days=1)
    history.count_failure("anna")

    told = [(each.who, each.times, each.at.day) for each in history.entries(what=FAILED).entries]
    assert told == [("anna", 1, 24), ("bert", 1, 23), ("anna", 2, 23)]
    assert {each.at.hour for each in history.entries().entries} == {0}


def test_what_is_old_is_forgotten_when_something_new_is_done(
    history: History, calendar: Calendar
) -> None:
    history.add("anna", "login")
    calendar.now += KEPT - timedelta(seconds=1)
    history.add("bert", "login")
    assert history.doers() == ["anna", "bert"]

    calendar.now += timedelta(seconds=2)
    history.count_failure("cora")

    assert history.doers() == ["bert", "cora"]


def test_an_entry_is_short_whatever_it_is_about(history: History) -> None:
    history.add("anna", "upload.add", "x" * 5000, "y" * 5000)

    (kept,) = history.entries().entries
    assert (len(kept.about), len(kept.details)) == (LONGEST, LONGEST)
