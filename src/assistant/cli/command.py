"""What all commands share: how they are registered, how they end, and the options of several."""

import errno
import functools
import os
import re
import sys
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import date
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from pydantic import ValidationError
from typer.core import TyperGroup

from assistant import settings
from assistant.domain.corpus import Kind
from assistant.domain.errors import AssistantError, InputError, RecordsError
from assistant.domain.validation import in_words
from assistant.keeping.in_use import using
from assistant.settings import Settings
from assistant.terminal import warn


class _InOurWords(TyperGroup):
    """The commands; a value at fault is told as one of a setting is."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - of a module that Typer keeps to itself
        """Run the command of the line."""
        try:
            return super().invoke(ctx)
        except typer.BadParameter as exc:
            if isinstance(exc.__cause__, ValidationError):
                exc.message = "; ".join(map(in_words, exc.__cause__.errors()))
            raise


commands = typer.Typer(
    cls=_InOurWords,
    help="A chat assistant that answers from a forum's documents, by quoting them.",
    epilog="Settings: FORUM_* variables or a .env file, see docs/configuration.md.",
    add_completion=False,  # nothing completes `python app.py`
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
_in_use = ExitStack()
"""The data directory that the command of this process uses."""


@commands.callback(invoke_without_command=True)
def _without_a_command(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        print(context.get_help())


def command(
    name: str, within: typer.Typer = commands
) -> Callable[[Callable[..., int | None]], Callable[..., NoReturn]]:
    """Register a function as a command; what it returns, None being 0, is the exit status."""

    def register(function: Callable[..., int | None]) -> Callable[..., NoReturn]:
        @functools.wraps(function)
        def guarded(*args: object, **options: object) -> NoReturn:
            raise typer.Exit(status_of(functools.partial(function, *args, **options)))

        return within.command(name)(guarded)

    return register


def status_of(act: Callable[[], int | None]) -> int:
    """Run a command; what goes wrong ends it with a message instead of a stack trace."""
    try:
        with _in_use:
            status = act() or 0
        sys.stdout.flush()
    except AssistantError as exc:
        warn(f"error: {exc}")
        return 1
    except BrokenPipeError:  # whoever read the output has seen enough
        _write_no_more()
        return 1
    except OSError as exc:
        if exc.errno == errno.ENOSPC:
            _write_no_more()
            warn("error: the disk is full; nothing more could be written")
        else:
            where = f" ({exc.filename})" if exc.filename else ""
            warn(f"error: {(exc.strerror or str(exc) or type(exc).__name__).lower()}{where}")
        return 1
    except KeyboardInterrupt:
        warn("interrupted")
        return 130
    return status


def _write_no_more() -> None:
    """Let what is still to be written to standard output go nowhere, so that its end is quiet."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def configured(data: Path | None, *, host: str | None = None, port: str | None = None) -> Settings:
    """Return the settings; no other account of this machine may read what the command writes."""
    config = settings.load(data_dir=data, host=host, port=port)
    os.umask(0o077)
    hold(config)
    if (config.data_dir / "generations").is_dir():  # else the folder may be somebody else's
        with suppress(OSError):
            config.data_dir.chmod(0o700)
            _warn_root(config.data_dir)
    return config


def of_a_forum(data: Path | None) -> Settings:
    """Return the settings of a forum that is there: in a place mistyped, nothing is also well."""
    config = configured(data)
    if not config.data_dir.is_dir():
        msg = f"there is no data directory {config.data_dir}; name it with --data or FORUM_DATA_DIR"
        raise InputError(msg)
    return config


def _warn_root(data: Path) -> None:
    """Tell root, who may write anywhere, that a server could not read what it writes here."""
    if (owner := data.stat().st_uid) != 0 == os.geteuid():
        warn(
            f"warning: {data} belongs to account {owner}, and this is root: the server cannot read "
            f"what is written now; run commands as that account, or `chown -R {owner} {data}` after"
        )


def hold(config: Settings) -> None:
    """Hold the data directory, if it is there, until the command ends: nobody restores it then."""
    _in_use.enter_context(using(config.data_dir))


def note(config: Settings, what: str, about: str = "", details: str = "") -> None:
    """Write to the history of staff what a command has done; it is done also where that fails."""
    from assistant import wiring
    from assistant.records.history import COMMAND_LINE, History

    try:
        History(wiring.open_database(config)).add(COMMAND_LINE, what, about, details)
    except RecordsError as exc:
        warn(f"warning: it was done, but is missing in the history: {exc}")


def day(text: str) -> date:
    """Return a day that was given as an option."""
    try:
        return date.fromisoformat(text)
    except ValueError as exc:
        msg = f"{text!r} is not a date such as 2021-01-31"
        raise typer.BadParameter(msg) from exc


def language_code(text: str) -> str:
    """Return the code of a language that was given as an option, as documents have theirs."""
    code = text.lower()
    if not re.fullmatch("[a-z]{2,3}", code):
        msg = f"{text!r} is no code of a language such as fr"
        raise typer.BadParameter(msg)
    return code


def folder(text: str) -> Path:
    """Return a folder that was given as an option; an empty name would be the present one."""
    if not text.strip():
        msg = "the name of the folder is empty; is a variable not set?"
        raise typer.BadParameter(msg)
    return Path(text)


Data = Annotated[
    Path | None,
    typer.Option(
        "--data", parser=folder, metavar="DIR", help="Where everything lives (default: data)."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for other programs.")]
Yes = Annotated[
    bool,
    typer.Option(
        "--yes",
        help="Publish although many documents are removed or golden questions are lost.",
    ),
]
StartedBy = Annotated[str | None, typer.Option("--by", hidden=True)]
"""Who started a run: told by the server that starts it for staff or by schedule."""
RunId = Annotated[str | None, typer.Option("--run", hidden=True)]
Languages = Annotated[
    list[str] | None,
    typer.Option(
        "--language",
        parser=language_code,
        metavar="CODE",
        help="Only this language, such as fr.",
    ),
]
Kinds = Annotated[
    list[Kind] | None,
    typer.Option("--kind", metavar="KIND", help=f"Only this kind: {', '.join(Kind)}."),
]
Since = Annotated[
    date | None,
    typer.Option("--since", parser=day, metavar="DATE", help="Published on this day or later."),
]
Until = Annotated[
    date | None,
    typer.Option("--until", parser=day, metavar="DATE", help="Published on this day or earlier."),
]
