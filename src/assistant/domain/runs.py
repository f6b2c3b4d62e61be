"""What staff see of an ingestion: while it runs, and when it is over. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

TELLING = 5.0
"""Seconds after which the pace of a stage says how long it goes on."""


class RunState(StrEnum):
    """How far a run has come.

    PLANNED and WAITING runs can still be published: the first was only to look, the second needs
    somebody to confirm what it has concerns about.
    """

    RUNNING = "running"
    PLANNED = "planned"
    WAITING = "waiting"
    PUBLISHED = "published"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


_CAME_TO_NOTHING = (RunState.FAILED, RunState.INTERRUPTED)


@dataclass(frozen=True, slots=True)
class Run:
    """One ingestion.

    Attributes:
        id: Sorts by time.
        by: Who started it, in words.
        sources: The names of what is read, or paths.
        stage: What it does now, in words, with how much of it is `done` and how much there is.
        stage_began: When it began with that.
        report: What `ingest --json` prints (docs/staff.md); empty until there is one.
        error: Why it failed; empty otherwise.
        follows: The run whose plan this one publishes, if it does.
    """

    id: str
    by: str
    sources: tuple[str, ...]
    started: datetime
    state: RunState = RunState.RUNNING
    stage: str = ""
    done: int = 0
    total: int = 0
    finished: datetime | None = None
    report: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""
    follows: str = ""
    stage_began: datetime | None = None

    def seconds_left(self, now: datetime) -> float | None:
        """Return how long the stage goes on at its pace so far, None where that says nothing."""
        spent = (now - self.stage_began).total_seconds() if self.stage_began else 0.0
        if spent < TELLING or not 0 < self.done < self.total:
            return None
        return spent * (self.total - self.done) / self.done


def pending(runs: Sequence[Run]) -> list[Run]:
    """Return the runs that somebody may still publish, newest first.

    A plan is done with when it was published, or when any of its sources was read anew.
    """
    followed = {run.follows for run in runs if run.state not in _CAME_TO_NOTHING}
    return [
        run
        for run in runs
        if run.state in (RunState.PLANNED, RunState.WAITING)
        and run.id not in followed
        and overtaken_by(run, runs) is None
    ]


def overtaken_by(plan: Run, runs: Iterable[Run]) -> Run | None:
    """Return a run that read a source of a plan later than the plan did, None where none has.

    Publishing the plan would bring older texts back and remove what is new since.
    """
    return next(
        (
            run
            for run in runs
            if _reads_later(run, plan) and not set(plan.sources).isdisjoint(run.sources)
        ),
        None,
    )


def _reads_later(run: Run, plan: Run) -> bool:
    # What publishes a plan reads nothing; while it goes on, the plan stands for it.
    if run.state in _CAME_TO_NOTHING or plan.id in (run.id, run.follows):
        return False
    if run.state is RunState.RUNNING:
        return not run.follows
    # A run of before may have gone on reading, and published, after the plan was made.
    is_late = run.state is RunState.PUBLISHED and bool(
        run.finished and plan.finished and run.finished > plan.finished
    )
    return run.id > plan.id or is_late
