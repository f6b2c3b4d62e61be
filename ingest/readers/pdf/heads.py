"""Find the heads above the columns of a table that no lines are drawn around.

They are the rows in bold above the first that is not, or words that stand closer to each other
than to the figures below them: of several lines each, beside shorter ones half way up, below others
that span several columns. No input or output happens here.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ingest.readers.pdf.page import SAME_EDGE, Gap, Item, PdfLine, Row, down, joined, parts_of
from ingest.readers.shared.grid import Cell

_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
_MOST_ROWS = 12  # of lines of heads
_TIGHT = 1.4  # times the height of type from line to line, within a head
_NEAR = 2.2  # times the height of type from one row of heads to the next
_APART = 1.25  # times the step from line to line of heads, from them to the rows below
_ROWS_BELOW = 2  # that show what the columns below a head are
_SAME_MIDDLE = 6.0  # points, between the middle of a head and that of the columns it spans


def heads_among(rows: Sequence[Sequence[Item]], columns: Sequence[Gap]) -> int:
    """Return how many rows of lines at the top of a table hold its heads; 0 for one all in bold."""
    end = 0
    while end < len(rows) and end <= _MOST_ROWS and _is_bold(rows[end]):
        if end and _begins_rows(rows, end, columns):
            return end
        end += 1
    if end == 0:
        return _close_heads(rows)
    return end if end < len(rows) and end <= _MOST_ROWS else 0


def _close_heads(rows: Sequence[Sequence[Item]]) -> int:
    """Return how many rows of words stand closer to each other than to the figures below them."""
    end = 1
    while end < min(len(rows), _MOST_ROWS) and _is_close(rows[end - 1], rows[end]):
        end += 1
    if end == 1 or end >= len(rows):
        return 0
    widest = max(down(upper, lower) for upper, lower in pairwise(rows[:end]))
    has_figures = [any(map(_is_figure, row)) for row in rows[: end + 1]]
    is_apart = down(rows[end - 1], rows[end]) >= _APART * widest
    return end if is_apart and has_figures == [False] * end + [True] else 0


def _is_close(row: Sequence[Item], below: Sequence[Item]) -> bool:
    return down(row, below) <= _TIGHT * max(item.size for item in below)


def _is_figure(item: Item) -> bool:
    return isinstance(item, PdfLine) and re.search(r"\d", _YEAR.sub("", item.text)) is not None


def are_heads(rows: Sequence[Row]) -> bool:
    """Whether the first of some rows of words stands above columns, as near as these are set.

    So do heads that a table repeats on each page; a running line stands apart.
    """
    parted = [parts_of(row) for row in rows[: _MOST_ROWS + 2]]
    bold = 0
    while bold < len(parted) and _is_bold(parted[bold]):
        bold += 1
    first = max(bold, 1)  # of the rows below the heads
    if len(parted) < first + _ROWS_BELOW:
        return False
    if down(*parted[first - 1 : first + 1]) > _TIGHT * down(*parted[first : first + 2]):
        return False
    if bold:
        return min(max(map(len, parted[:bold])), len(parted[bold])) > 1
    head, *below = parted[: 1 + _ROWS_BELOW]
    has_number = any(map(_is_figure, head))  # of a page
    return len(head) > 1 and not has_number and all(_have_same_places(head, row) for row in below)


def _have_same_places(row: Sequence[PdfLine], other: Sequence[PdfLine]) -> bool:
    return len(row) == len(other) and all(
        upper.left < lower.right and lower.left < upper.right
        for upper, lower in zip(row, other, strict=True)
    )


def heads_above(
    rows: Sequence[Sequence[Item]], table: Sequence[Sequence[Item]], columns: Sequence[Gap]
) -> int:
    """Return how many rows of lines above a table belong to its heads."""
    if not _is_bold(table[0]):
        return _close_heads_above(rows, table, columns)
    if not heads_among(table, columns):
        return 0
    taken, below = 0, table[0]
    for row in reversed(rows[-_MOST_ROWS:]):
        if not _is_bold(row) or not all(_is_above(item, row, below, columns) for item in row):
            break
        taken, below = taken + 1, row
    return taken


def _close_heads_above(
    rows: Sequence[Sequence[Item]], table: Sequence[Sequence[Item]], columns: Sequence[Gap]
) -> int:
    """Return how many rows close above a table are heads; text begins above its first column."""
    taken, below = 0, table[0]
    for row in reversed(rows[-_MOST_ROWS:]):
        if not _is_close(row, below) or any(item.left < columns[1][0] - 1 for item in row):
            break
        if not all(_is_above(item, row, below, columns) for item in row):
            break
        taken, below = taken + 1, row
    whole = [*rows[len(rows) - taken :], *table]
    return taken if taken and heads_among(whole, columns) > taken else 0


def cells_of_heads(rows: Sequence[Sequence[PdfLine]], columns: Sequence[Gap]) -> tuple[Cell, ...]:
    """Return one row of heads: what spans several columns stands before what is below it."""
    above: list[list[tuple[range, str]]] = [[] for _ in columns]
    for row in rows:
        for line in row:
            under = columns_under(line, row, columns)
            for at in under:
                last = above[at][-1] if above[at] else (range(0), "")
                if last[0] == under:
                    above[at][-1] = under, joined(last[1], line.text)
                else:
                    above[at].append((under, line.text))
    return tuple(Cell(": ".join(text for _, text in told), is_head=True) for told in above)


def columns_under(line: PdfLine, row: Sequence[PdfLine], columns: Sequence[Gap]) -> range:
    """Return the columns that a head stands above: those whose middle it shares, if any."""
    touched = _touched(line, columns)
    if len(touched) == 1 and _fits(line, columns[touched[0]]):
        return touched
    others = [at for other in row if other is not line for at in _touched(other, columns)]
    middle = (line.left + line.right) / 2
    best, least = touched, _SAME_MIDDLE
    for run in _runs(touched, others, len(columns)):
        apart = abs((columns[run[0]][0] + columns[run[-1]][1]) / 2 - middle)
        if apart < least:
            best, least = run, apart
    return best


def _runs(touched: range, others: Sequence[int], many: int) -> Iterator[range]:
    """Yield the neighbours that a head may span; the names of the rows only if it touches them."""
    first = max([at for at in others if at < touched[0]], default=0) + 1
    end = min([at for at in others if at > touched[-1]], default=many)
    for left in range(min(first, touched[0]), touched[0] + 1):
        for right in range(touched[-1], end):
            yield range(left, right + 1)


def _touched(line: PdfLine, columns: Sequence[Gap]) -> range:
    """Return the columns that a line lies above, at least the nearest one."""
    found = [
        at for at, (left, right) in enumerate(columns) if line.left < right and left < line.right
    ]
    if not found:
        middle = (line.left + line.right) / 2
        found = [min(range(len(columns)), key=lambda at: _distance(columns[at], middle))]
    return range(found[0], found[-1] + 1)


def _distance(column: Gap, middle: float) -> float:
    return max(column[0] - middle, middle - column[1])


def _fits(line: PdfLine, column: Gap) -> bool:
    """Whether a head stands above one column alone: within it, or aligned with it."""
    is_within = column[0] - 1 <= line.left and line.right <= column[1] + 1
    middles = (line.left + line.right) / 2, (column[0] + column[1]) / 2
    edges = (line.left - column[0], line.right - column[1], middles[0] - middles[1])
    return is_within or min(map(abs, edges)) <= SAME_EDGE


def _is_bold(row: Sequence[Item]) -> bool:
    return all(isinstance(item, PdfLine) and item.bold for item in row)


def _begins_rows(rows: Sequence[Sequence[Item]], at: int, columns: Sequence[Gap]) -> bool:
    """Whether a row in bold names those below it: alone on the left, apart, below a head."""
    (item, *others) = rows[at]
    if others or item.left > columns[0][0] + SAME_EDGE:
        return False
    is_apart = down(rows[at - 1], rows[at]) > _TIGHT * item.size
    return is_apart and any(each.left < columns[0][1] for row in rows[:at] for each in row)


def _is_above(
    item: Item, row: Sequence[Item], below: Sequence[Item], columns: Sequence[Gap]
) -> bool:
    """Whether a line in bold is a head of some columns; not the name of the table."""
    if not isinstance(item, PdfLine) or abs(item.size - below[0].size) > 1:
        return False
    under = columns_under(item, [each for each in row if isinstance(each, PdfLine)], columns)
    near = _TIGHT if under[0] == 0 else _NEAR
    if down(row, below) > near * item.size or (under[0] == 0 and len(under) > 1):
        return False
    middles = (item.left + item.right) / 2, (columns[0][0] + columns[-1][1]) / 2
    is_centred = len(row) == 1 and abs(middles[0] - middles[1]) <= SAME_EDGE
    is_tight = len(under) == 1 and down(row, below) <= _TIGHT * item.size
    left, right = columns[0][0] - SAME_EDGE, columns[-1][1] + SAME_EDGE
    is_within = left <= item.left and item.right <= right
    is_aligned = len(under) == 1 and _fits(item, columns[under[0]])
    return (is_tight or not is_centred) and (is_within or is_aligned)
