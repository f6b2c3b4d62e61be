"""How long a run goes on, and which can still be published."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from assistant.domain.runs import Run, RunState, overtaken_by, pending

NOW = datetime(2026, 11, 23, 7, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("spent", "done", "total", "left"),
    [
        (60, 30, 120, 180),
        (60, 119, 120, pytest.approx(0.504, abs=0.001)),
        (2, 30, 120, None),  # too soon to tell
        (60, 0, 120, None),
        (60, 120, 120, None),
        (60, 0, 0, None),  # how much there is, is not known
    ],
)
def test_a_stage_goes_on_at_its_pace_so_far(
    spent: int, done: int, total: int, left: float | None
) -> None:
    began = NOW - timedelta(seconds=spent)
    run = Run("1", "x", (), NOW, done=done, total=total, stage_began=began)

    assert run.seconds_left(NOW) == left


def test_a_run_that_does_not_say_when_its_stage_began_tells_no_time() -> None:
    assert Run("1", "x", (), NOW, done=3, total=9).seconds_left(NOW) is None


def a_run(text: str, state: RunState, *sources: str, follows: str = "") -> Run:
    return Run(text, "x", sources, NOW, state, follows=follows)


@pytest.mark.parametrize(
    ("runs", "waiting"),
    [
        ([a_run("2", RunState.PLANNED, "a")], ["2"]),
        ([a_run("2", RunState.WAITING, "a")], ["2"]),
        ([a_run("2", RunState.UNCHANGED, "a")], []),
        ([a_run("3", RunState.PLANNED, "a"), a_run("2", RunState.PLANNED, "a")], ["3"]),
        ([a_run("3", RunState.PLANNED, "b"), a_run("2", RunState.PLANNED, "a")], ["3", "2"]),
        ([a_run("3", RunState.PLANNED, "a", "b"), a_run("2", RunState.PLANNED, "a")], ["3"]),
        ([a_run("3", RunState.PLANNED, "a"), a_run("2", RunState.PLANNED, "a", "b")], ["3"]),
        ([a_run("3", RunState.PUBLISHED, "a"), a_run("2", RunState.WAITING, "a", "b")], []),
        ([a_run("3", RunState.RUNNING, "a"), a_run("2", RunState.WAITING, "a", "b")], []),
        ([a_run("3", RunState.FAILED, "a"), a_run("2", RunState.WAITING, "a")], ["2"]),
        ([a_run("3", RunState.PUBLISHED, "b", follows="2"), a_run("2", RunState.PLANNED, "a")], []),
    ],
)
def test_a_plan_waits_until_it_is_published_or_overtaken(
    runs: list[Run], waiting: list[str]
) -> None:
    assert [each.id for each in pending(runs)] == waiting


@pytest.mark.parametrize(
    ("state", "minutes", "waiting"),
    [
        (RunState.PUBLISHED, 1, []),
        (RunState.PUBLISHED, -1, ["2"]),
        (RunState.UNCHANGED, 1, ["2"]),
        (RunState.FAILED, 1, ["2"]),
    ],
)
def test_a_run_of_before_overtakes_a_plan_where_it_published_after_it(
    state: RunState, minutes: int, waiting: list[str]
) -> None:
    plan = replace(a_run("2", RunState.PLANNED, "a"), finished=NOW)
    before = replace(a_run("1", state, "a", "b"), finished=NOW + timedelta(minutes=minutes))

    assert [each.id for each in pending([plan, before])] == waiting


def test_what_publishes_a_plan_does_not_overtake_it() -> None:
    plan = a_run("1", RunState.PLANNED, "a")
    runs = [
        a_run("3", RunState.RUNNING, "a", follows="2"),
        a_run("2", RunState.WAITING, "a", follows="1"),
    ]

    assert overtaken_by(plan, [*runs, plan]) is None
