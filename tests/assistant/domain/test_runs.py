"""How long a run goes on."""

from datetime import UTC, datetime, timedelta

import pytest

from assistant.domain.runs import Run

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
