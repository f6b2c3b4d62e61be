"""The runs of a data directory, on disk: how far each is, what it did, and what it would publish.

data/runs/20261123-070501-4f2a/
  run.json        the record, written anew at every step
  crawls.json     what was read, so that exactly that can be published later
  lock            held by the process that runs; whoever can take it knows that the process is gone
"""

import dataclasses
import logging
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from pydantic import TypeAdapter, ValidationError

from assistant.domain.errors import AssistantError
from assistant.domain.runs import Run, RunState, overtaken_by, pending
from assistant.files import write_whole
from ingest.errors import SourceError
from ingest.plan import Crawl
from ingest.report import Report

FOLDER = "runs"
KEPT = 50  # and older ones on which something depends
WRITTEN_EVERY = 0.3  # seconds; a page that looks more often learns nothing from it

_log = logging.getLogger(__name__)
_RUN = TypeAdapter(Run)
_CRAWLS = TypeAdapter(tuple[Crawl, ...])


class Runs:
    """Keeps the records; reading them needs no lock."""

    def __init__(self, data: Path) -> None:
        self._folder = data / FOLDER

    def all(self) -> list[Run]:
        """Return the runs that are kept, the newest first; a damaged record is left out."""
        found = (self._read(path) for path in sorted(self._folder.glob("*/run.json"), reverse=True))
        return [each for each in found if each is not None]

    def heads(self, known: dict[str, tuple[int, Run]]) -> list[Run]:
        """Return the runs without their reports, the newest first.

        `known` is kept by whoever looks again and again: of what has ended, the record, which may
        be long, is read once.
        """
        found, before = list[Run](), dict(known)
        known.clear()
        for path in sorted(self._folder.glob("*/run.json"), reverse=True):
            name, written = path.parent.name, _written(path)
            stamp, run = before.get(name, (0, None))
            if run is None or stamp != written:
                run = self._read(path)
            if run is None:
                continue
            found.append(dataclasses.replace(run, report={}))
            if run.finished is not None:  # else it is told anew whether it goes on
                known[name] = (written, found[-1])
        return found

    def get(self, run_id: str) -> Run:
        """Return a run. Raises SourceError where there is none of that id."""
        # The id may come from an address: it names a run that is listed, or none.
        for path in self._folder.glob("*/run.json"):
            if path.parent.name == run_id and (run := self._read(path)) is not None:
                return run
        msg = (
            f"there is no run {run_id!r}, or no longer; those that are kept are listed under Runs, "
            "and by `python app.py runs`"
        )
        raise SourceError(msg)

    def new_id(self) -> str:
        """Return an id for a run that starts now, behind those of all that are kept."""
        return new_id(path.name for path in self._folder.glob("*"))

    def publishable(self, run_id: str) -> Run:
        """Return a run whose plan somebody may publish. Raises SourceError for any other."""
        run = self.get(run_id)
        # What failed or was killed may have read all, but nobody was told what it would remove.
        if run.state not in (RunState.PLANNED, RunState.WAITING):
            msg = f"run {run_id} has nothing to publish; it is {run.state}: start it again"
            raise SourceError(msg)
        return run

    def crawls(self, run_id: str) -> tuple[Crawl, ...]:
        """Return what a run read. Raises SourceError where that was not kept."""
        run = self.get(run_id)
        try:
            return _CRAWLS.validate_json((self._folder / run.id / "crawls.json").read_bytes())
        except (OSError, ValidationError) as exc:
            msg = f"what run {run_id} read is no longer there; start the run again"
            raise SourceError(msg) from exc

    def check_not_overtaken(self, run_id: str) -> None:
        """Raise SourceError where a source of a plan was read later than the plan was made."""
        plan = self.get(run_id)
        if by := overtaken_by(plan, self.all()):
            names = ", ".join(name for name in plan.sources if name in by.sources)
            msg = f"run {by.id} read {names} after run {run_id}; plan again, and publish that"
            raise SourceError(msg)

    @contextmanager
    def start(
        self, by: str, sources: Sequence[str], *, run_id: str | None = None, follows: str = ""
    ) -> Iterator["ActiveRun"]:
        """Record a run while it lasts; an error is recorded and goes on its way."""
        run = Run(run_id or self.new_id(), by, tuple(sources), _now(), follows=follows)
        folder = self._folder / run.id
        try:
            folder.mkdir(mode=0o700, parents=True)
        except OSError as exc:
            msg = f"cannot keep a record of the run in {folder}: {exc.strerror}"
            raise SourceError(msg) from exc
        try:
            with FileLock(folder / "lock"):
                active = ActiveRun(folder, run)
                try:
                    yield active
                except AssistantError as exc:
                    active.fail(str(exc))
                    raise
                except BaseException:
                    active.fail("it was stopped, or failed in a way that nobody foresaw")
                    raise
        finally:  # also where each run fails, night after night
            self._sweep()

    def _read(self, path: Path) -> Run | None:
        run = _recorded(path)
        if run and run.state is RunState.RUNNING and not _is_held(path.parent / "lock"):
            run = _recorded(path)  # it may have ended between the two looks
            if run and run.state is RunState.RUNNING:
                return dataclasses.replace(run, state=RunState.INTERRUPTED)
        return run

    def _sweep(self) -> None:
        needed = _needed(self.all())
        for folder in sorted(self._folder.iterdir())[:-KEPT]:
            if folder.name not in needed:
                shutil.rmtree(folder, ignore_errors=True)


class ActiveRun:
    """The record of a run in this process."""

    def __init__(self, folder: Path, run: Run) -> None:
        self._folder = folder
        self._run = run
        self._written = 0.0
        self._write()

    @property
    def run(self) -> Run:
        """The record as it is now."""
        return self._run

    def progress(self, stage: str) -> Callable[[int, int], None]:
        """Return what hears how far a stage has come."""

        def hear(done: int, total: int) -> None:
            began = self._run.stage_began if stage == self._run.stage else _now()
            self._run = dataclasses.replace(
                self._run, stage=stage, stage_began=began, done=done, total=total
            )
            if time.monotonic() - self._written > WRITTEN_EVERY:
                self._write()

        return hear

    def keep(self, crawls: Sequence[Crawl]) -> None:
        """Keep what was read, so that it can be published later."""
        (self._folder / "crawls.json").write_bytes(_CRAWLS.dump_json(tuple(crawls)))

    def finish(self, report: Report) -> None:
        """Record how it ended."""
        if report.is_held:
            state = RunState.WAITING
        elif report.dry_run:
            state = RunState.UNCHANGED if report.plan.changes_nothing else RunState.PLANNED
        else:
            state = RunState.PUBLISHED if report.is_new else RunState.UNCHANGED
        if state not in (RunState.PLANNED, RunState.WAITING):
            (self._folder / "crawls.json").unlink(missing_ok=True)
        self._end(state, report=report.as_json())

    def fail(self, reason: str) -> None:
        """Record that it failed; a run that has ended before stays as it ended."""
        if self._run.state is RunState.RUNNING:
            with suppress(OSError):
                (self._folder / "crawls.json").unlink()  # nobody can publish it
            self._end(RunState.FAILED, error=reason)

    def _end(self, state: RunState, **more: object) -> None:
        self._run = dataclasses.replace(self._run, state=state, finished=_now(), **more)  # type: ignore[arg-type] # fields by name
        self._write()

    def _write(self) -> None:
        try:
            write_whole(self._folder / "run.json", _RUN.dump_json(self._run, indent=1))
        except OSError as exc:  # a full disk must not end a run that may yet succeed
            _log.warning("cannot write the record of run %s: %s", self._run.id, exc)
        self._written = time.monotonic()


def as_json(run: Run) -> dict[str, Any]:
    """Return a run for a program."""
    fields: dict[str, Any] = _RUN.dump_python(run, mode="json")
    return fields


def new_id(others: Iterable[str] = ()) -> str:
    """Return an id for a run that starts now; of two within a second, the later sorts behind.

    It sorts behind `others` too where a clock was set back: by the ids a plan is overtaken.
    """
    return max([_id_of(datetime.now(UTC)), *map(_id_behind, others)])


def _id_of(when: datetime) -> str:
    return f"{when:%Y%m%d-%H%M%S}-{when.microsecond * 0x10000 // 1_000_000:04x}"


def _id_behind(other: str) -> str:
    """Return the id that comes next, empty where the other is none of ours."""
    try:
        second, _, part = other.rpartition("-")
        began = datetime.strptime(second, "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
        return _id_of(began + timedelta(microseconds=_microseconds(int(part, 16) + 1)))
    except (ValueError, OverflowError):
        return ""


def _microseconds(parts: int) -> int:
    """Return the first microsecond of a part of a second, of which an id tells apart 65,536."""
    return -(-parts * 1_000_000 // 0x10000)


def _needed(runs: Sequence[Run]) -> set[str]:
    """Return the ids of the runs that are kept however old they are, given the newest first.

    Of each source the last run, by which the schedule goes, and the last that read it, by which a
    plan is overtaken; and those that go on or can still be published.
    """
    last: dict[str, str] = {}
    last_read: dict[str, str] = {}
    for run in reversed(runs):
        # A path has no schedule, and there may be another one every night.
        names = [name for name in run.sources if "/" not in name]
        last.update(dict.fromkeys(names, run.id))
        if run.state not in (RunState.FAILED, RunState.INTERRUPTED):
            last_read.update(dict.fromkeys(names, run.id))
    alive = {run.id for run in runs if run.state is RunState.RUNNING}
    return alive | {run.id for run in pending(runs)} | {*last.values(), *last_read.values()}


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _recorded(path: Path) -> Run | None:
    try:
        return _RUN.validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def _written(path: Path) -> int:
    """Return when a file was written, in nanoseconds; 0 where that cannot be told."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _is_held(path: Path) -> bool:
    try:
        with FileLock(path, timeout=0):
            return False
    except Timeout:
        return True
    except OSError:  # somebody else's file: better to call it running than to call it dead
        return True
