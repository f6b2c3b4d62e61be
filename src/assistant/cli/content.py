"""The commands that bring documents in, and look at or change what is published."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant import wiring
from assistant.cli.command import (
    AsJson,
    Data,
    RunId,
    StartedBy,
    Yes,
    command,
    configured,
    note,
    of_a_forum,
)
from assistant.domain.corpus import DocumentId
from assistant.domain.errors import AssistantError, InputError
from assistant.settings import Settings
from assistant.terminal import print_json, show_facts, show_generations, show_runs, warn

if TYPE_CHECKING:
    from ingest.operations import Operations
    from ingest.pipeline import Options
    from ingest.report import Report
    from vectorstore.publishing.library import Library

SCHEDULE = "the schedule"  # who starts what nobody watches
MOST_RUNS = 10  # listed on a terminal; `--json` has all that are kept
NOTHING = "Nothing is published in {data} yet; run `python app.py ingest FOLDER`."
NO_PATH = "one of the paths is empty; is a variable not set? For the present folder, write ."
BACK = "They are in the answers again."
BACK_LATER = (
    "What is still published is in the answers again; what a run has removed since comes back with "
    "the next run that reads it."
)
LOST = (
    "warning: no document can be read of what is published. The sources and the uploads "
    "are read again; what came from other folders comes back when you name these."
)


@command("ingest")
def ingest(
    paths: Annotated[list[str] | None, typer.Argument(help="A folder or a file.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would change.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Remove all documents of other paths than these.")
    ] = False,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Embed every document anew.")] = False,
    yes: Yes = False,
    as_json: AsJson = False,
    data: Data = None,
) -> int:
    """Bring documents in and publish them."""
    from vectorstore.publishing.salvage import Salvage

    if not paths and not rebuild:
        msg = "give a folder or a file to ingest"
        raise InputError(msg)
    if not all(path.strip() for path in paths or ()):  # else the present folder would be read
        raise InputError(NO_PATH)
    if replace and not paths:  # else all would go
        msg = "--replace removes what is in no path of the command; name the paths that are to stay"
        raise InputError(msg)
    config = configured(data) if paths else of_a_forum(data)
    library, operations = wiring.open_to_publish(config), wiring.make_operations(config)
    sources = []
    if rebuild:
        found = Salvage(library)
        ingestion = wiring.make_ingestion(config, found)
        if found.is_lost:
            sources = [operations.source(source.name) for source in operations.sources()]
            warn(LOST)
    else:
        ingestion = wiring.make_ingestion(config, library)
    options = _options(operations, dry_run=dry_run, replace=replace, rebuild=rebuild, accepted=yes)
    report = ingestion.ingest(paths or [], options, sources=sources)
    if report.is_new:
        note(config, "run.publish", details="ingest")
    return max(_reported(report, "run it again with --yes", as_json=as_json), _unread(report))


@command("sync")
def sync(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[SOURCE]...", help="Its name (default: all).")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only plan what would change.")
    ] = False,
    yes: Yes = False,
    by: StartedBy = None,
    run_id: RunId = None,
    as_json: AsJson = False,
    data: Data = None,
) -> int:
    """Read the sources; publish what changed."""
    config = configured(data)
    operations = wiring.make_operations(config)
    wanted = list(dict.fromkeys(names or [each.name for each in operations.configured().sources]))
    sources = [operations.source(name) for name in wanted]
    if not sources:
        where = operations.file.absolute()  # the folder of the command may be another one
        what = "lists no sources" if where.exists() else "is not there; FORUM_SOURCES may name it"
        msg = f"{where} {what}; docs/staff.md shows how to write one"
        raise InputError(msg)
    ingestion = wiring.make_ingestion(config, wiring.open_to_publish(config))
    options = _options(operations, dry_run=dry_run, accepted=yes, by=by)
    try:
        run, report = ingestion.sync(sources, options, run_id=run_id)
    finally:
        if by == SCHEDULE:
            _alert(config, operations, run_id)
    if by is None:
        note(config, "run.publish" if report.is_new else "run.plan", run, ", ".join(wanted))
    if report.dry_run and not as_json and not report.plan.changes_nothing:
        print(f"Publish exactly this with `python app.py publish {run}`.")
    remedy = f"publish it with `python app.py publish {run}`"
    return max(_reported(report, remedy, as_json=as_json), _unread(report))


def _alert(config: Settings, operations: "Operations", run_id: str | None) -> None:
    """Tell staff what of a run cannot wait; others may have begun since."""
    from ingest.worries import worries

    if not (found := worries(operations.runs(), run_id)):
        return
    link = f"{config.site}/staff/runs"
    try:
        wiring.make_alerts(config).send(f"{config.name}: {found[0]}", "\n".join([*found, link]))
    except AssistantError as exc:
        warn(f"warning: {exc}")


@command("publish")
def publish(
    planned: Annotated[
        str,
        typer.Argument(metavar="RUN", help="A run that planned or waits, as `runs` lists."),
    ],
    by: StartedBy = None,
    run_id: RunId = None,
    as_json: AsJson = False,
    data: Data = None,
) -> int:
    """Publish what an earlier run read."""
    config = configured(data)
    ingestion = wiring.make_ingestion(config, wiring.open_to_publish(config))
    options = _options(wiring.make_operations(config), by=by)
    run = run_id or ingestion.runs.new_id()  # what it is called where it waits in its turn
    report = ingestion.publish(planned, options, run_id=run)
    if by is None and report.is_new:
        note(config, "run.publish", planned)
    return _reported(report, f"publish it with `python app.py publish {run}`", as_json=as_json)


@command("apply-edits")
def apply_edits(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only plan what would change.")
    ] = False,
    yes: Yes = False,
    by: StartedBy = None,
    run_id: RunId = None,
    as_json: AsJson = False,
    data: Data = None,
) -> int:
    """Publish staff's corrections of documents.

    No source is read for it.
    """
    config = of_a_forum(data)
    ingestion = wiring.make_ingestion(config, wiring.open_to_publish(config))
    options = _options(wiring.make_operations(config), dry_run=dry_run, accepted=yes, by=by)
    run, report = ingestion.apply_edits(options, run_id=run_id)
    if by is None and report.is_new:
        note(config, "run.publish", run)
    return _reported(report, f"publish it with `python app.py publish {run}`", as_json=as_json)


def _options(operations: "Operations", *, by: str | None = None, **flags: bool) -> "Options":
    from ingest.pipeline import Options

    removal_share = operations.configured().publishing.removal_share
    return Options(removal_share=removal_share, by=by or "the command line", **flags)


def tell(report: "Report") -> None:
    """Print what a run did."""
    for line in report.lines():
        print(line)
    for line in report.warnings():
        warn(line)


def _reported(report: "Report", remedy: str, *, as_json: bool) -> int:
    """Print what a run did; 1 where it waits for somebody to confirm it."""
    if as_json:
        print_json(report.as_json())
    else:
        tell(report)
    if report.is_held:
        warn(f"error: nothing was published; if that is right, {remedy}")
    return int(report.is_held)


def _unread(report: "Report") -> int:
    """Return 1 where nothing of a source could be read: whoever runs this by a clock must hear."""
    if report.is_partial:
        warn("error: a source could not be read at all; what is published of it stays")
    return int(report.is_partial)


@command("hide")
def hide(
    documents: Annotated[
        list[str], typer.Argument(metavar="DOCUMENT...", help="The id of a document.")
    ],
    undo: Annotated[bool, typer.Option("--undo", help="Bring it back.")] = False,
    data: Data = None,
) -> None:
    """Take documents out of the answers at once."""
    config = configured(data)
    library = wiring.open_library(config)
    published = {stored.id for stored in library.stored()}
    known = published | library.hidden()
    if unknown := [name for name in documents if name not in known]:  # all of them, or none
        named = ", ".join(map(repr, unknown))
        msg = (
            f"there is no document {named}; `search` and `runs` show what they are called; "
            "nothing was changed"
        )
        raise InputError(msg)
    library.hide(*map(DocumentId, documents), hidden=not undo)
    for name in documents:
        note(config, "document.show" if undo else "document.hide", name)
    if undo:
        print(BACK if published.issuperset(documents) else BACK_LATER)
    else:
        print("They are out of the answers now; the next run removes them from what is kept.")


@command("status")
def status(as_json: AsJson = False, data: Data = None) -> None:
    """Tell what is published."""
    library = wiring.open_library(configured(data))
    facts: dict[str, Any] = {"data": str(library.data), "generation": None}
    if library.published() is not None:
        with library.generation() as generation:
            manifest = generation.manifest
            facts |= {
                "generation": manifest.generation,  # where the published one is damaged, another
                "published": manifest.built,
                "documents": manifest.documents,
                "passages": manifest.chunks,
                "languages": generation.catalogue.counts_by("language"),
                "kinds": generation.catalogue.counts_by("kind"),
                "embedding_model": manifest.embedding.model,
            }
    if as_json:
        print_json({**facts, "faults": library.faults()})
        return
    for fault in library.faults():
        warn(f"warning: {fault}")
    if facts["generation"] is None:
        print(NOTHING.format(data=library.data))
        return
    show_facts(facts)


@command("runs")
def runs(
    run_id: Annotated[
        str | None, typer.Argument(metavar="[RUN]", help="Show this run as JSON.")
    ] = None,
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """List kept generations and the last runs."""
    from ingest.runs import Runs
    from ingest.runs import as_json as run_as_json

    config = configured(data)
    records = Runs(config.data_dir)
    if run_id:
        print_json(run_as_json(records.get(run_id)))
        return
    kept, recorded = _kept(wiring.open_library(config)), records.all()
    if as_json:
        print_json({"generations": kept, "runs": [run_as_json(run) for run in recorded]})
        return
    show_generations(kept)
    show_runs(recorded[:MOST_RUNS])
    if not kept:
        print(NOTHING.format(data=config.data_dir))


def _kept(library: "Library") -> Sequence[dict[str, Any]]:
    published = library.published()
    return [
        {
            "generation": kept.name,
            "published": kept.built,
            "documents": kept.documents,
            "passages": kept.chunks,
            "fault": kept.fault,
            "current": kept.name == published,
        }
        for kept in library.kept()
    ]


@command("rollback")
def rollback(
    generation: Annotated[
        str | None,
        typer.Argument(help="Its name, as `runs` lists it (default: the one before)."),
    ] = None,
    data: Data = None,
) -> None:
    """Publish an older generation again."""
    config = of_a_forum(data)
    library = wiring.open_to_publish(config)
    with library.writing():
        name = library.roll_back(generation)
    note(config, "generation.publish", name)
    print(f"Generation {name} is published again; a running server follows at its next question.")
