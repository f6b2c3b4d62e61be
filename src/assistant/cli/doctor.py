"""The command that looks whether all is well: `doctor`."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from assistant import settings, wiring
from assistant.cli.command import AsJson, Data, command
from assistant.cli.serving import canary
from assistant.domain.errors import SettingsError
from assistant.settings import Settings
from assistant.terminal import print_json

if TYPE_CHECKING:
    from assistant.doctor.finding import Finding


@command("doctor")
def doctor(
    online: Annotated[
        bool,
        typer.Option(
            "--online",
            help="Try the sources, the chat model, the mail server and the public address as well.",
        ),
    ] = False,
    as_json: AsJson = False,
    data: Data = None,
) -> int:
    """Look whether all is well, and what would help.

    Exit status 1 where something is wrong. Nothing outside of this machine is asked, unless you
    say so with --online.
    """
    from assistant.doctor.finding import Level

    found = []
    try:
        # It holds nothing: so it sees whether somebody else uses the data directory.
        config: Settings | SettingsError = settings.load(data_dir=data)
    except SettingsError as exc:
        config = exc
    for finding in _findings(config, online=online):
        found.append(finding)
        if not as_json:
            _show(finding)
    is_well = all(each.level is not Level.ERROR for each in found)
    if as_json:
        print_json({"is_well": is_well, "findings": [asdict(each) for each in found]})
    return int(not is_well)


def _findings(config: Settings | SettingsError, *, online: bool) -> "Iterator[Finding]":
    from assistant.doctor import looking
    from assistant.doctor.finding import findings, of_error, ok

    yield from findings(looking.installed())
    if isinstance(config, SettingsError):  # the rest is not known where these are not
        yield of_error("settings", config)
        return
    yield ok("settings", "all are known")
    with closing(wiring.open_library(config)) as library:
        yield from findings(looking.Looking(config, canary(config, library), online).checks())


def _show(finding: "Finding") -> None:
    print(f"{finding.level.value:8} {finding.name:16} {finding.message}", flush=True)
    if finding.remedy:
        print(f"{'':25} -> {finding.remedy}", flush=True)
