"""What the command line understands; what each command does is handed in."""

import argparse
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from assistant.corpus import Filters, Kind

Command = Callable[..., int]

MOST_PASSAGES = 1000  # that one search returns


def parser(commands: Mapping[str, Command]) -> argparse.ArgumentParser:
    """Return the parser; a parsed command is under `run`, None where none was given."""
    made = argparse.ArgumentParser(
        prog="app.py",
        description="A chat assistant that answers from a forum's documents, by quoting them.",
        epilog="Settings: FORUM_* variables or a .env file, see docs/configuration.md.",
    )
    made.set_defaults(run=None, data=None)
    group = made.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name, (help_text, add_arguments) in _COMMANDS.items():
        sub = group.add_parser(name, help=help_text, description=help_text)
        sub.add_argument(
            "--data", metavar="DIR", default=None, help="where everything lives (default: data)"
        )
        sub.set_defaults(run=commands[name])
        add_arguments(sub)
    return made


def filters(arguments: argparse.Namespace) -> Filters:
    """Return the filters that a command line asks for."""
    return Filters(
        languages=frozenset(arguments.language or ()),
        kinds=frozenset(arguments.kind or ()),
        published_from=arguments.since,
        published_to=arguments.until,
    )


def _serve(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--host", help="address to listen on (default: 127.0.0.1)")
    sub.add_argument("--port", help="port to listen on (default: 7860)")
    sub.add_argument(
        "--sample", metavar="PATH", help="ingest this folder first if nothing is published yet"
    )


def _ingest(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("paths", nargs="*", metavar="PATH", help="a folder or a file")
    sub.add_argument("--dry-run", action="store_true", help="only show what would change")
    sub.add_argument(
        "--replace", action="store_true", help="remove all documents of other paths than these"
    )
    sub.add_argument("--rebuild", action="store_true", help="embed every document anew")
    _with_yes(sub)
    _with_json(sub)


def _sync(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("names", nargs="*", metavar="SOURCE", help="its name (default: all)")
    sub.add_argument("--dry-run", action="store_true", help="only plan what would change")
    _with_yes(sub)
    _with_started_by(sub)
    _with_json(sub)


def _publish(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("planned", metavar="RUN", help="a run that planned or waits, as `runs` lists")
    _with_started_by(sub)
    _with_json(sub)


def _hide(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("documents", nargs="+", metavar="DOCUMENT", help="the id of a document")
    sub.add_argument("--undo", action="store_true", help="let the next run bring it back")


def _runs(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("run_id", nargs="?", metavar="RUN", help="show this run as JSON")
    _with_json(sub)


def _ask(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("question", nargs="?", help="the question, in quotes")
    sub.add_argument("--questions", metavar="FILE", help="JSON lines with id and question")
    _with_filters(sub)
    _with_json(sub)


def _search(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("query", nargs="?", help="what to look for, in quotes")
    sub.add_argument("--queries", metavar="FILE", help="JSON lines with id and text")
    sub.add_argument("--limit", type=_limit, default=10, metavar="N", help="at most N (default 10)")
    _with_filters(sub)
    _with_json(sub)


def _evaluate(sub: argparse.ArgumentParser) -> None:
    sub.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="a BEIR folder, a panel's folder, a SQuAD or NoMIRACL file, a YAML file of golden "
        "questions or of conversations",
    )
    sub.add_argument(
        "--answers", type=Path, metavar="FILE", help="of a panel: write the answers as JSON lines"
    )
    sub.add_argument(
        "--beside",
        type=Path,
        metavar="FILE",
        help="of a panel: show the scores of answers that an earlier run wrote beside these",
    )
    sub.add_argument("--sample", type=_count, metavar="N", help="ask only N questions of each set")
    _with_json(sub)


def _rollback(sub: argparse.ArgumentParser) -> None:
    sub.add_argument(
        "generation", nargs="?", help="its name, as `runs` lists it (default: the one before)"
    )


def _staff_password(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--remove", action="store_true", help="switch the staff page off")


def _with_filters(sub: argparse.ArgumentParser) -> None:
    sub.add_argument(
        "--language", action="append", metavar="CODE", help="only this language, such as fr"
    )
    sub.add_argument(
        "--kind",
        action="append",
        type=Kind,
        choices=list(Kind),
        metavar="KIND",
        help=f"only this kind: {', '.join(Kind)}",
    )
    sub.add_argument("--since", type=_day, metavar="DATE", help="published on this day or later")
    sub.add_argument("--until", type=_day, metavar="DATE", help="published on this day or earlier")


def _with_yes(sub: argparse.ArgumentParser) -> None:
    sub.add_argument(
        "--yes",
        action="store_true",
        help="publish although many documents are removed or golden questions are lost",
    )


def _with_started_by(sub: argparse.ArgumentParser) -> None:
    """Add what the server gives along when it starts a run for staff or by schedule."""
    sub.add_argument("--by", help=argparse.SUPPRESS)
    sub.add_argument("--run", dest="run_id", help=argparse.SUPPRESS)


def _with_json(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--json", action="store_true", help="print JSON for other programs")


def _limit(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if not 1 <= number <= MOST_PASSAGES:
        msg = f"{text!r} is not a number from 1 to {MOST_PASSAGES}"
        raise argparse.ArgumentTypeError(msg)
    return number


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        msg = f"{text!r} is not a number of questions"
        raise argparse.ArgumentTypeError(msg)
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as exc:
        msg = f"{text!r} is not a date such as 2021-01-31"
        raise argparse.ArgumentTypeError(msg) from exc


def _nothing(sub: argparse.ArgumentParser) -> None:
    del sub


_COMMANDS: Mapping[str, tuple[str, Callable[[argparse.ArgumentParser], None]]] = {
    "serve": ("Open the web chat.", _serve),
    "ingest": ("Bring documents in from folders or files, and publish them.", _ingest),
    "sync": ("Read the sources of forum.toml, and publish what changed.", _sync),
    "publish": ("Publish what an earlier run read.", _publish),
    "hide": ("Take documents out of the answers at once.", _hide),
    "ask": ("Answer a question.", _ask),
    "search": ("Find passages.", _search),
    "evaluate": ("Measure how well questions are answered.", _evaluate),
    "status": ("Tell what is published.", _with_json),
    "runs": ("List the generations that are kept and the last runs.", _runs),
    "rollback": ("Publish an older generation again.", _rollback),
    "staff-password": (
        "Set the password of the staff page: asked for twice, or one line of the input.",
        _staff_password,
    ),
    "staff-unlock": ("Let staff log in again after too many wrong passwords.", _nothing),
    "prepare": ("Make the embedding model ready; ingest and serve do it as well.", _nothing),
}
