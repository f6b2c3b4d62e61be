"""Score tables cell by cell: each value with the name of its row and the head of its column."""

import importlib
import io
import re
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from assistant.domain.light_markdown import Block, clean, render
from ingest.readers.shared.grid import Cell, blocks_of_table

Told = tuple[str, str, str]
"""The name of a row, the head of a column, the value."""

_RULE = re.compile(r"\|(?:\s*:?-+:?\s*\|)+\s*")
_LEAST_ALIKE = 0.1  # of the cells, of two tables that may be the same one


def tables_of(text: str) -> Iterator[list[list[str]]]:
    """Yield the tables of a Markdown text, as rows of words; the first row holds the heads."""
    rows: list[list[str]] = []
    for line in [*text.splitlines(), ""]:
        if line.lstrip().startswith("|"):
            if not _RULE.fullmatch(line.strip()):
                rows.append([_words(cell) for cell in line.strip().strip("|").split("|")])
        elif rows:
            yield rows
            rows = []


def cells_of(rows: Sequence[Sequence[str]]) -> Counter[Told]:
    """Return what a table tells; its first column holds the names of the rows."""
    head, *body = rows
    return Counter(
        (row[0], head[at] if at < len(head) else "", value)
        for row in body
        for at, value in enumerate(row)
        if value and (at or len(row) == 1)
    )


def cells_of_text(text: str) -> Counter[Told]:
    """Return what the tables and the items "name: value" of a text tell."""
    told: Counter[Told] = Counter()
    for rows in tables_of(text):
        told += cells_of(rows)
    for line in text.splitlines():
        if line.startswith("- ") and ": " in line:
            name, _, value = line[2:].partition(": ")
            told[_words(name), "", _words(value)] += 1
    return told


def matched(
    wanted: Iterable[Counter[Told]], found: Iterable[Counter[Told]]
) -> tuple[int, int, int]:
    """Return how many cells agree, are found and are wanted; tables are matched greedily."""
    wanted, found = list(wanted), list(found)
    pairs = sorted(
        ((left & right).total() / max(left.total(), right.total(), 1), i, j)
        for i, left in enumerate(wanted)
        for j, right in enumerate(found)
    )
    agreed, taken, given = 0, set[int](), set[int]()
    for share, i, j in reversed(pairs):
        if share >= _LEAST_ALIKE and i not in taken and j not in given:
            agreed += (wanted[i] & found[j]).total()
            taken.add(i)
            given.add(j)
    return agreed, sum(t.total() for t in found), sum(t.total() for t in wanted)


def scores(agreed: int, found: int, wanted: int) -> dict[str, float]:
    """Return precision, recall and F1."""
    return {
        "precision": agreed / found if found else 0.0,
        "recall": agreed / wanted if wanted else 0.0,
        "F1": 2 * agreed / (found + wanted) if found + wanted else 0.0,
    }


def by_pdfplumber(data: bytes) -> str | None:
    """Return the tables that pdfplumber finds in a PDF, their heads told as ours are.

    None where it is not installed: it is no part of this project.
    """
    try:
        library: Any = importlib.import_module("pdfplumber")
    except ImportError:
        return None
    blocks: list[Block] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with library.open(io.BytesIO(data)) as pdf:
            for page in pdf.pages:
                for table in page.extract_tables():
                    rows = [[Cell(clean(text or "")) for text in row] for row in table]
                    blocks += blocks_of_table(rows)
    return render(blocks)


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
