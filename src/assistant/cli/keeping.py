"""The commands that keep what a forum has: `backup` and `restore`."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant import settings, wiring
from assistant.cli.command import Data, command, configured
from assistant.cli.serving import canary
from assistant.files import write_whole
from assistant.settings import Settings
from assistant.terminal import progress_bar, warn

if TYPE_CHECKING:
    from assistant.keeping.archive import Progress
    from assistant.keeping.restoring import Restored

NOT_IN_IT = """\
Keep it as safe as the data directory: the accounts are in it, what members typed where that is
kept, and the key that signs links to answers.
Not in it: settings, .env and their secrets; files that settings name elsewhere (logo, golden
questions, folders of documents); models, and what is read or fetched again."""
UNKNOWN = (
    "What was erased after the backup was made is in it again, as nothing here tells what that "
    "was: erase it once more with `python app.py erase-questions`, and hide documents with "
    "`python app.py hide`."
)
IN_A_FILE = (
    "The records are in {file}: set FORUM_DATABASE_URL to an empty database and run `python app.py "
    "move-records`."
)
RESTORED_SOURCES = "forum.toml.restored"

Archive = Annotated[Path, typer.Argument(metavar="FILE", help="The backup, such as forum.zip.")]


@command("backup")
def backup(
    file: Archive,
    published_only: Annotated[
        bool,
        typer.Option("--published-only", help="Without the generations to go back to."),
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a file of that name.")] = False,
    data: Data = None,
) -> int:
    """Write the data directory into one file.

    At any time, also while the server serves and a run publishes.
    """
    from assistant.keeping import backup as keeping

    config = configured(data)
    plan = keeping.Plan(
        config.data_dir,
        wiring.open_database(config),
        config.sources,
        without=config.model_dir and config.model_dir.parent,
        published_only=published_only,
        force=force,
    )
    with progress_bar("backup", "MB") as progress:
        made = keeping.make(plan, file, _in_megabytes(progress))
    print(
        f"{file} holds {len(made.manifest.files)} files, {_megabytes(made.size)}: "
        f"{_generations(made.generations, made.manifest.published)}; {made.records:,} records of "
        "staff and members."
    )
    print(NOT_IN_IT)
    for fault in made.faults:
        warn(f"warning: not in it: {fault}")
    return int(bool(made.faults))


@command("restore")
def restore(
    file: Archive,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Put aside what the data directory holds; keep it there."),
    ] = False,
    data: Data = None,
) -> None:
    """Make a data directory of a backup.

    Nothing changes before all of it is known to be sound.
    """
    from assistant.keeping.restoring import Restoring

    config = settings.load(data_dir=data)
    os.umask(0o077)
    with progress_bar("restore", "MB") as progress:
        restored = Restoring(
            examine=lambda folder: _examine(config.model_copy(update={"data_dir": folder})),
            progress=_in_megabytes(progress),
            replaces=replace,
        ).restore(file, config.data_dir)
    _tell(restored, config)


def _examine(config: Settings) -> Sequence[str]:
    """Open what was unpacked and ask it a question; return what its operator should know."""
    from assistant.records.accounts import Accounts
    from assistant.records.database import Database
    from vectorstore.errors import ManifestMismatchError

    Accounts(Database(config.data_dir)).all()
    library = wiring.open_library(config)
    try:
        if library.published() is None:
            return ["nothing is published in the backup; run `python app.py ingest FOLDER`"]
        library.verify_published()
        canary(config, library)()
        return library.faults()
    except ManifestMismatchError as exc:  # of another release or model: its documents are there
        return [str(exc)]
    finally:
        library.close()


def _tell(restored: "Restored", config: Settings) -> None:
    from assistant.keeping.archive import local

    manifest = restored.manifest
    print(f"{config.data_dir} is as it was on {local(manifest.made)}.")
    if restored.aside:
        print(f"What was there lies in {restored.aside}; delete it when it is no longer needed.")
    again = restored.reapplied
    if again is None:
        print(UNKNOWN)
    elif again.erased or again.hidden:
        print(
            f"Taken out again, as it was since the backup: {again.erased} texts of members, "
            f"{again.hidden} hidden documents."
        )
    if again and again.accounts:
        warn(
            f"warning: as before again: {', '.join(again.accounts)}; look with `python app.py "
            "staff-account list`, and disable who should not come in"
        )
    for warning in (*restored.warnings, *(again.faults if again else ())):
        warn(f"warning: {warning}")
    if config.database_url.get_secret_value():
        print(IN_A_FILE.format(file=config.data_dir / "records.sqlite"))
    if restored.sources:
        _restore_sources(restored.sources, config)


def _restore_sources(content: bytes, config: Settings) -> None:
    """Write the list of sources where it belongs; one that is there stays."""
    beside = config.data_dir / RESTORED_SOURCES
    try:
        if not config.sources.exists():
            write_whole(config.sources, content)
            print(f"The sources are listed in {config.sources} again.")
        elif config.sources.read_bytes() != content:
            write_whole(beside, content)
            print(f"{config.sources} is as it was; the backup's list of sources is {beside}.")
    except OSError as exc:
        write_whole(beside, content)
        reason = (exc.strerror or str(exc)).lower()
        warn(
            f"warning: {config.sources} could not be written ({reason}); the backup's list of "
            f"sources is {beside}: put it in its place"
        )


def _generations(names: Sequence[str], published: str) -> str:
    if not published:
        return "nothing is published"
    kept = len(names) - 1
    more = f", and {kept} to go back to" if kept else ""
    return f"generation {published}, which is published{more}"


def _megabytes(size: int) -> str:
    return f"{size / 2**20:.1f} MB"


def _in_megabytes(progress: "Progress") -> "Progress":
    return lambda done, total: progress(done // 2**20, total // 2**20)
