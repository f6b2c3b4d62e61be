"""Find the tables on a sheet of a spreadsheet. No input or output happens here."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise

from assistant.domain.light_markdown import Block, Paragraph
from ingest.errors import ReadError
from ingest.readers.shared.grid import Cell, blocks_of_table

MOST_COLUMNS = 100
MOST_CELLS = 100_000
"""Of all sheets together, with those that merged cells cover."""
_DEEPEST = 20  # tables beside tables below tables
_FEWEST_UNDER_NOTE = 3  # columns; in a table of two, a last row may lack its value

Place = tuple[int, int]
"""A row and a column, counted over those that are shown."""


class ShownAxis:
    """The rows, or the columns, of a sheet that are shown, counted as if there were no others."""

    def __init__(self, hidden: Iterable[range]) -> None:
        self._hidden = sorted(hidden, key=lambda each: each.start)
        self._gone = [0, *accumulate(map(len, self._hidden))]

    def before(self, at: int) -> int:
        """Return how many come before a row or column; what is hidden stands at the next one."""
        found = bisect_left(self._hidden, at, key=lambda each: each.start)
        if not found:
            return at
        last = self._hidden[found - 1]
        return at - self._gone[found - 1] - min(at - last.start, len(last))

    def among(self, first: int, times: int) -> int:
        """Return how many a cell fills that begins at one and spans some, shown or not."""
        return self.before(first + times) - self.before(first)


def filled(cells: Iterable[Cell]) -> int:
    """Return how many places cells fill."""
    return sum(cell.rows * cell.columns for cell in cells)


def blocks_of_sheet(cells: Mapping[Place, Cell], *, name: str) -> Iterator[Block]:
    """Yield what stands on a sheet; empty rows and columns part its tables.

    Raises ReadError if a table is wider than one can be read.
    """
    starts: dict[Place, Place] = {}
    for (row, column), cell in sorted(cells.items()):
        for down in range(cell.rows):
            for across in range(cell.columns):
                starts.setdefault((row + down, column + across), (row, column))
    for region in _with_heads(list(_regions(list(starts), 0)), cells):
        columns = _columns(region)
        if len(columns) > MOST_COLUMNS:
            reason = (
                f"has a table of {len(columns)} columns, more than {MOST_COLUMNS}; split it, or"
                " hide the columns that nobody needs"
            )
            raise ReadError(name, reason)
        taken = set(region)
        rows = [
            _row(row, columns, cells, starts, taken) for row in sorted({row for row, _ in region})
        ]
        yield from _table(rows, len(columns))


def _with_heads(regions: list[list[Place]], cells: Mapping[Place, Cell]) -> Iterator[list[Place]]:
    """Yield the regions; a row that an empty one parts from what it is the head of goes with it."""
    kept: list[Place] = []
    for region, following in pairwise([*regions, []]):
        rows = {row for row, _ in region}
        below = min((row for row, _ in following), default=0)
        is_apart = len(rows) == 1 and len(_columns(region)) > 1 and below == max(rows) + 2
        is_above = is_apart and _columns(region) == _columns(following)
        first = [place for place in following if place[0] == below]
        if is_above and not _has_numbers(region, cells) and _has_numbers(first, cells):
            kept = region
        else:
            yield kept + region
            kept = []


def _has_numbers(places: list[Place], cells: Mapping[Place, Cell]) -> bool:
    return any(re.search(r"\d", cells[place].text) for place in places if place in cells)


def _columns(region: list[Place]) -> range:
    return range(min(at for _, at in region), max(at for _, at in region) + 1)


def _row(
    row: int,
    columns: range,
    cells: Mapping[Place, Cell],
    starts: Mapping[Place, Place],
    taken: set[Place],
) -> tuple[Cell, ...]:
    """Return the cells that begin in a row, and the empty places between them."""
    return tuple(
        cells.get((row, column), Cell(""))
        for column in columns
        if (row, column) not in taken or starts[row, column] == (row, column)
    )


def _regions(places: list[Place], depth: int) -> Iterator[list[Place]]:
    """Yield the places of each table, from the top and from the left."""
    bands = list(_parted(places, 0))
    parts = [part for band in bands for part in _parted(band, 1)]
    if len(parts) == 1:
        parts = _cut(places)
    if len(parts) < 2 or depth > _DEEPEST:  # noqa: PLR2004 - there is nothing to part
        yield from parts
        return
    for part in parts:
        yield from _regions(part, depth + 1)


def _cut(places: list[Place]) -> list[list[Place]]:
    """Return what stands above and what below, where all of it is further left or right."""
    rows: dict[int, list[int]] = {}
    for row, column in places:
        rows.setdefault(row, []).append(column)
    ordered = sorted(rows)
    below = [(min(rows[row]), max(rows[row])) for row in ordered]
    for at in range(len(below) - 2, -1, -1):
        (left, right), (first, last) = below[at], below[at + 1]
        below[at] = min(left, first), max(right, last)
    left, right = below[-1][0] + MOST_COLUMNS * MOST_COLUMNS, -1
    for row, (first, last) in zip(ordered[:-1], below[1:], strict=True):
        left, right = min(left, *rows[row]), max(right, *rows[row])
        if right < first or last < left:
            return [[at for at in places if at[0] <= row], [at for at in places if at[0] > row]]
    return [places]


def _parted(places: Sequence[Place], axis: int) -> Iterator[list[Place]]:
    """Yield the places between rows, or between columns, in which there is nothing."""
    group: list[Place] = []
    for place in sorted(places, key=lambda each: each[axis]):
        if group and place[axis] > group[-1][axis] + 1:
            yield group
            group = []
        group.append(place)
    if group:
        yield group


def _table(rows: list[tuple[Cell, ...]], width: int) -> Iterator[Block]:
    """Yield a table, with what stands alone in a row above it as its name, and below as a note."""
    above, below = 0, len(rows)
    while above < len(rows) - 1 and width > 1 and _stands_alone(rows[above]):
        above += 1
    while below > above + 1 and width >= _FEWEST_UNDER_NOTE and _stands_alone(rows[below - 1]):
        below -= 1
    yield from (Paragraph(row[0].text) for row in rows[:above])
    yield from blocks_of_table(rows[above:below])
    yield from (Paragraph(row[0].text) for row in rows[below:])


def _stands_alone(row: tuple[Cell, ...]) -> bool:
    """Whether the first cell of a row is all that there is, and belongs to this row alone."""
    return (
        bool(row)
        and bool(row[0].text)
        and row[0].rows == 1
        and not any(cell.text for cell in row[1:])
    )
