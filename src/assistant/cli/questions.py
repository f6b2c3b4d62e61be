"""The commands that tell what members asked, and erase it."""

from datetime import date, timedelta
from typing import Annotated

import typer

from assistant import wiring
from assistant.cli.command import Data, command, day, of_a_forum
from assistant.domain.errors import InputError
from assistant.language.languages import LANGUAGES

WEEK = 7  # days
EARLIEST = date(2000, 1, 1)  # no question is older; the calendar must reach back some weeks before
SERVER = "no table holds them now (the server's own log and backups do, while it keeps them)"


@command("report")
def report(
    days: Annotated[int, typer.Option("--days", min=1, max=365, help="So many days.")] = WEEK,
    until: Annotated[
        date | None,
        typer.Option("--until", parser=day, metavar="DATE", help="The last day (default: today)."),
    ] = None,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="The questions asked in vain, as a table.")
    ] = False,
    language: Annotated[
        str, typer.Option("--language", metavar="CODE", help="Of the report, such as fr.")
    ] = "en",
    data: Data = None,
) -> None:
    """Tell what members asked.

    In the last week, where nothing else is said; as Markdown, or as a table.
    """
    from assistant.insights import report as written
    from assistant.language.wording import staff_wording

    if language not in LANGUAGES:
        msg = f"there is no report in {language!r}; the languages are {', '.join(LANGUAGES)}"
        raise InputError(msg)
    if until and until < EARLIEST:
        msg = f"no question is as old as {until}; give --until a day from {EARLIEST} on"
        raise InputError(msg)
    config = of_a_forum(data)
    last = until or date.today()  # noqa: DTZ011 - the server's own day, as questions are counted by
    observer = wiring.make_observer(config, wiring.open_library(config))
    found = observer.insights(last - timedelta(days=days - 1), last)
    words = staff_wording(language)
    print(written.csv_of(found) if as_csv else written.markdown(found, words), end="")


@command("erase-questions")
def erase_questions(
    everything: Annotated[bool, typer.Option("--all", help="All that are kept.")] = False,
    before: Annotated[
        date | None,
        typer.Option("--before", parser=day, metavar="DATE", help="Asked before this day."),
    ] = None,
    holding: Annotated[
        str, typer.Option("--holding", metavar="TEXT", help="That hold this text.")
    ] = "",
    data: Data = None,
) -> None:
    """Erase what members typed.

    Kept questions, and what stands beside ratings; counts stay.
    """
    if not everything and before is None and not holding:
        msg = "say what to erase: --before DATE, --holding TEXT, or --all"
        raise InputError(msg)
    config = of_a_forum(data)
    count = wiring.open_records(config).erase_questions(before=before, holding=holding)
    where = SERVER if config.database_url.get_secret_value() else "no file holds them now"
    print(f"{count} {'text was' if count == 1 else 'texts were'} erased; {where}.")
