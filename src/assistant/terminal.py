"""What a command reads from files and shows on a terminal."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from getpass import getpass
from pathlib import Path
from typing import Any

from assistant.domain.errors import InputError
from assistant.domain.runs import Run
from assistant.files import why_unread

COUNTS = ("new", "changed", "removed", "unchanged", "failed")
"""What a report counts, in the order it is told."""


def not_both(value: str | None, what: str, otherwise: str) -> None:
    """Refuse a value beside a file of many, which would not be looked at. Raises InputError."""
    if value is not None:
        msg = f"give a {what} or {otherwise}, not both"
        raise InputError(msg)


def given(value: str | None, what: str, otherwise: str) -> str:
    """Return a value that must not be missing or blank. Raises InputError."""
    if value is None or not value.strip():
        msg = f"give a {what} in quotes, or {otherwise}"
        raise InputError(msg)
    return value


def new_password() -> str:
    """Return a password, asked for twice; from an input that is no terminal, its first line.

    Raises InputError where the two differ.
    """
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass("New password: ")
    if getpass("The same once more: ") != password:
        msg = "the two passwords differ; nothing was changed"
        raise InputError(msg)
    return password


def json_lines(path: Path, *names: str) -> Iterator[tuple[str, str]]:
    """Yield `id` and text of each line; the text may be under any of `names`.

    Raises InputError that names the file and the line.
    """
    try:
        # Not `splitlines`: JSON may hold separators of lines that are none here, such as U+2028.
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as exc:
        msg = f"cannot read {path}: {why_unread(exc)}"
        raise InputError(msg) from exc
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
            text = next(fields[name] for name in names if name in fields)
            line_id = fields["id"]
        except (ValueError, KeyError, TypeError, StopIteration, AttributeError) as exc:
            msg = f'{path}, line {number}: expected {{"id": "...", "{names[0]}": "..."}}'
            raise InputError(msg) from exc
        # Half a surrogate pair is legal in JSON, but is no text.
        yield line_id, str(text).encode("utf-8", "replace").decode("utf-8")


def print_json(value: Mapping[str, Any]) -> None:
    """Print one line of JSON at once; what the terminal has no signs for is escaped."""
    line = json.dumps(value, ensure_ascii=False)
    try:
        line.encode(sys.stdout.encoding or "utf-8")  # a stream in memory has none
    except UnicodeEncodeError:
        line = json.dumps(value)
    print(line, flush=True)


def warn(line: str) -> None:
    """Print a line for people to standard error."""
    print(line, file=sys.stderr)


@contextmanager
def progress_bar(
    what: str, unit: str, *, delay: float = 0.5
) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on a terminal, `delay` seconds after the first report; nothing anywhere else."""
    from tqdm import tqdm

    bar: Any = None

    def report(done: int, total: int) -> None:
        nonlocal bar
        if bar is None:
            bar = tqdm(desc=what, unit=f" {unit}", disable=None, delay=delay)
        bar.total = total
        bar.update(done - bar.n)

    try:
        yield report
    finally:
        if bar is not None:
            bar.close()


def show_facts(facts: Mapping[str, Any]) -> None:
    """Print one line a fact."""
    for name, value in facts.items():
        shown = value
        if isinstance(value, Mapping):
            shown = ", ".join(f"{key} {number}" for key, number in value.items())
        print(f"{name.replace('_', ' '):16} {shown}")


def show_generations(kept: Sequence[Mapping[str, Any]]) -> None:
    """Print one line a generation; the one that serves has a star."""
    for fields in kept:
        mark = "*" if fields["current"] else " "
        told = fields["fault"] or (
            f"{fields['published']}  {fields['documents']:>7} documents"
            f"  {fields['passages']:>8} passages"
        )
        print(f"{mark} {fields['generation']}  {told}")


def show_runs(runs: Sequence[Run]) -> None:
    """Print one line a run, with what became of it."""
    for run in runs:
        report = run.report
        counted = [f"{report[what]} {what}" for what in COUNTS if report.get(what)]
        told = run.error or ", ".join([*counted, *report.get("concerns", ())])
        print(f"  {run.id}  {run.state:11}  {', '.join(run.sources)}  {told}".rstrip())
