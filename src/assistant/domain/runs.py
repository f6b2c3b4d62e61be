"""What staff see of an ingestion: while it runs, and when it is over."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


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


@dataclass(frozen=True, slots=True)
class Run:
    """One ingestion.

    Attributes:
        id: Sorts by time.
        by: Who started it, in words.
        sources: The names of what is read, or paths.
        stage: What it does now, in words, with how much of it is `done` and how much there is.
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
