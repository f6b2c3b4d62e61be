"""What staff should hear of at once when a run that nobody watches has ended. Pure."""

from collections.abc import Sequence

from assistant.domain.runs import Run, RunState

PATIENCE = 2  # failures in a row; one may be a site that was away for a minute


def worries(runs: Sequence[Run], run_id: str | None = None) -> list[str]:
    """Return what to tell of one of some runs, newest first; nothing where all is well.

    It is that of an id, which others may have followed, or which may not have been recorded; else
    the newest. Told once: when a source has failed for the second time in a row, and when a run
    begins to wait for somebody.
    """
    at = next((at for at, run in enumerate(runs) if run_id in (None, run.id)), None)
    if at is None:
        return []
    newest, before = runs[at], runs[at + 1 :]
    found = [
        f"the source {name} could not be read {PATIENCE} times in a row: {reason}"
        for name in newest.sources
        if (reason := _failure(newest, name)) and _failures_before(name, before) == PATIENCE - 1
    ]
    if newest.state is RunState.WAITING and not _waits_already(newest, before):
        concerns = "; ".join(map(str, newest.report.get("concerns", ())))
        found.append(f"run {newest.id} waits for somebody to confirm it: {concerns}")
    return found


def _failure(run: Run, name: str) -> str:
    """Return why a source could not be read by a run, empty where it could."""
    if run.state in (RunState.FAILED, RunState.INTERRUPTED):
        return run.error or run.state.value
    failures = run.report.get("failures", ())
    return next((str(each["reason"]) for each in failures if each.get("document") == name), "")


def _failures_before(name: str, runs: Sequence[Run]) -> int:
    count = 0
    for run in (each for each in runs if name in each.sources):
        if not _failure(run, name):
            break
        count += 1
    return count


def _waits_already(newest: Run, before: Sequence[Run]) -> bool:
    last = next((run for run in before if set(run.sources) == set(newest.sources)), None)
    return (
        last is not None
        and last.state is RunState.WAITING
        and last.report.get("concerns") == newest.report.get("concerns")
    )
