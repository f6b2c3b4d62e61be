"""The figures of docs/measurements.json: written by what measures, shown in the documents.

    .venv/bin/python benchmarks/figures.py     # write the tables of the documents anew

A section has when, on what and by which command it was measured, and rows with a value a column:
a number, [some, of all], {"median": ..., "95th": ...}, or a text. In a document, a line
`<!-- figures: SECTION -->` stands above the table of that section; behind the name may follow
the rows that are shown. FIGURES=FILE in the environment has a trial write elsewhere.
"""

import argparse
import json
import os
import platform
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
FILE = ROOT / "docs" / "measurements.json"
DOCUMENTS = tuple(ROOT / each for each in ("README.md", "docs/measurements.md", "docs/scaling.md"))
MARKER = re.compile(r"(<!-- figures: ([^>;]+?)(?:; ([^>]+?))? -->\n)((?:\|[^\n]*\n)*)")
MISSING = "–"

Value = float | str | Sequence[int] | Mapping[str, float] | None
Rows = Mapping[str, Mapping[str, Value]]
Section = Mapping[str, Any]


def record(
    name: str, rows: Rows, *, head: str = "", formats: Mapping[str, str] | None = None
) -> None:
    """Write a section and print its table.

    Args:
        name: Of the section; what it held is replaced.
        rows: The values, by row and column.
        head: What the rows are.
        formats: How numbers are shown, as in f-strings, by column, row or "all".
    """
    file = Path(os.environ.get("FIGURES", FILE))
    sections = load(file) if file.is_file() else {}
    section = {
        "measured": date.today().isoformat(),  # noqa: DTZ011 - the day where it was measured
        "machine": f"{os.cpu_count()} cores, {platform.machine()}",
        "command": command(),
        "head": head,
        "formats": dict(formats or {}),
        "rows": rows,
    }
    file.write_text(as_text({**sections, name: section}), encoding="utf-8")
    print(f"\n{name}\n\n" + "\n".join(table(section)), flush=True)


def command() -> str:
    """Return what was typed, without where anything lies on this machine."""
    script, *words = sys.argv
    told = ["FOLDER" if Path(word).is_absolute() else word for word in words]
    return " ".join([str(Path(script).resolve().relative_to(ROOT.resolve())), *told])


def load(file: Path = FILE) -> dict[str, Section]:
    """Return all sections."""
    sections: dict[str, Section] = json.loads(file.read_text(encoding="utf-8"))
    return sections


def as_text(sections: Mapping[str, Section]) -> str:
    """Return the file's text, each row on a line of its own, so that a diff can be read."""
    lines = []
    for name, section in sections.items():
        rows = [f"   {_json(row)}: {_json(values)}" for row, values in section["rows"].items()]
        fields = [f"  {_json(key)}: {_json(section[key])}" for key in section if key != "rows"]
        fields.append('  "rows": {\n' + ",\n".join(rows) + "\n  }")
        lines.append(f" {_json(name)}: {{\n" + ",\n".join(fields) + "\n }")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def table(section: Section, shown: Sequence[str] = ()) -> Iterator[str]:
    """Yield the lines of a section's table, of some rows or of all."""
    rows: Rows = section["rows"]
    columns = list(dict.fromkeys(column for row in rows.values() for column in row))
    yield f"| {' | '.join([section['head'], *columns])} |"
    yield "|---" * (1 + len(columns)) + "|"
    for name in shown or rows:
        yield f"| {' | '.join([name, *(cell(section, name, column) for column in columns)])} |"


def cell(section: Section, row: str, column: str) -> str:
    """Return a value as it is shown."""
    value: Value = section["rows"][row].get(column)
    formats = section["formats"]
    form = formats.get(column) or formats.get(row) or formats.get("all", "")
    if value is None:
        return MISSING
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return " / ".join(number(each, form) for each in value.values())
    if isinstance(value, Sequence):
        return f"{value[0]:,} of {value[1]:,}"
    return number(value, form)


def number(value: float, form: str = "") -> str:
    """Return a number with as many digits as told, or as it deserves."""
    if form:
        return format(value, form)
    if value == int(value) or value >= 100:  # noqa: PLR2004 - three digits say enough
        return f"{value:,.0f}"
    return f"{value:.2g}" if value < 10 else f"{value:.3g}"  # noqa: PLR2004 - two and three


def with_tables(text: str, sections: Mapping[str, Section]) -> str:
    """Return a document with the tables as the figures have them."""

    def rendered(found: re.Match[str]) -> str:
        shown = [each.strip() for each in (found[3] or "").split(";") if each.strip()]
        return found[1] + "\n".join(table(sections[found[2]], shown)) + "\n"

    return MARKER.sub(rendered, text)


def run(
    description: str | None,
    subjects: Mapping[str, Callable[[argparse.Namespace], None]],
    **options: Mapping[str, Any],
) -> None:
    """Measure the subjects that the command line names; all where it names none."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("subjects", nargs="*", metavar="SUBJECT", help=", ".join(subjects))
    for name, how in options.items():
        parser.add_argument(f"--{name}", **how)
    given = parser.parse_args()
    for name in given.subjects or subjects:
        if name not in subjects:
            parser.error(f"no subject {name}; there are {', '.join(subjects)}")
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        subjects[name](given)


def data_folder() -> Path:
    """Return where the data sets lie; leave with what to do where none is told."""
    from assistant import settings

    folder = settings.load().eval_data
    if folder is None:
        sys.exit("FORUM_EVAL_DATA is not set: it names the folder with the data sets")
    return folder


def peak_memory(field: str = "VmHWM", process: int | str = "self") -> float:
    """Return the most memory that a process has held (VmRSS: holds now), in MB (Linux)."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith(field))
    return int(line.split()[1]) / 1024


def main() -> None:
    """Write the tables of the documents anew."""
    sections = load()
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        path.write_text(with_tables(text, sections), encoding="utf-8")


if __name__ == "__main__":
    main()
