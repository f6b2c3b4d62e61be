"""What the commands do that bring documents in and tell of it."""

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.errors import InputError
from assistant.terminal import print_json, show_generations, show_runs, warn
from ingest.desk import Desk
from ingest.ingestion import Ingestion
from ingest.pipeline import Options
from ingest.report import Report
from ingest.runs import Runs, as_json

MOST_RUNS = 10  # listed on a terminal; `--json` has all that are kept


def ingest(arguments: Namespace, desk: Desk, ingestion: Ingestion, *, is_lost: bool = False) -> int:
    """Bring documents in and publish them.

    Where those of what is published are lost, the sources and the uploads are read as well.
    """
    if not arguments.paths and not arguments.rebuild:
        msg = "give a folder or a file to ingest"
        raise InputError(msg)
    sources = []
    if is_lost:
        sources = [desk.source(its.name) for its in desk.sources()]
        warn(
            "warning: no document can be read of what is published. The sources and the uploads "
            "are read again; what came from other folders comes back when you name these."
        )
    report = ingestion.ingest(arguments.paths, options(arguments, desk), sources=sources)
    return _reported(report, arguments, "run it again with --yes")


def sync(arguments: Namespace, desk: Desk, ingestion: Ingestion) -> int:
    """Read the configured sources and publish what changed."""
    names = arguments.names or [its.name for its in desk.configured().sources]
    sources = [desk.source(name) for name in names]
    if not sources:
        msg = f"{desk.file} lists no sources; docs/staff.md shows how to write one"
        raise InputError(msg)
    run, report = ingestion.sync(sources, options(arguments, desk), run_id=arguments.run_id)
    if report.dry_run and not arguments.json and not report.plan.changes_nothing:
        print(f"Publish exactly this with `python app.py publish {run}`.")
    return _reported(report, arguments, f"publish it with `python app.py publish {run}`")


def publish(arguments: Namespace, desk: Desk, ingestion: Ingestion) -> int:
    """Publish what an earlier run read, its concerns confirmed."""
    wanted = options(arguments, desk)
    report = ingestion.publish(arguments.planned, wanted, run_id=arguments.run_id)
    return _reported(report, arguments, "")


def options(arguments: Namespace, desk: Desk) -> Options:
    """Return what the command line decides about a run; a command has some of the flags."""
    flags = vars(arguments)
    return Options(
        replace=flags.get("replace", False),
        rebuild=flags.get("rebuild", False),
        dry_run=flags.get("dry_run", False),
        accepted=flags.get("yes", False),
        removal_share=desk.configured().publishing.removal_share,
        by=flags.get("by") or "the command line",
    )


def tell(report: Report) -> None:
    """Print what a run did."""
    for line in report.lines():
        print(line)
    for line in report.warnings():
        warn(line)


def runs(arguments: Namespace, data: Path, kept: Sequence[dict[str, Any]]) -> int:
    """List the generations that are kept and the last runs, or show one run."""
    records = Runs(data)
    if arguments.run_id:
        print_json(as_json(records.get(arguments.run_id)))
        return 0
    recorded = records.all()
    if arguments.json:
        print_json({"generations": kept, "runs": [as_json(its) for its in recorded]})
        return 0
    show_generations(kept)
    show_runs(recorded[:MOST_RUNS])
    if not kept:
        print(f"Nothing is published in {data} yet; run `python app.py ingest FOLDER`.")
    return 0


def _reported(report: Report, arguments: Namespace, remedy: str) -> int:
    """Print what a run did; 1 where it waits for somebody to confirm it."""
    if arguments.json:
        print_json(report.as_json())
    else:
        tell(report)
    if report.is_held:
        warn(f"error: nothing was published; if that is right, {remedy}")
    return int(report.is_held)
