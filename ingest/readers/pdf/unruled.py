"""Make tables that no lines are drawn around, of rows whose columns are known. Pure."""

import re
from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import pairwise

from ingest.readers.pdf.heads import cells_of_heads, heads_among
from ingest.readers.pdf.page import SAME_EDGE, Gap, Item, PdfLine, PdfTable, down, is_in, joined
from ingest.readers.shared.grid import Cell

_FILLED = 0.6  # of the places of a table; labels in a drawing stand more loosely
_NUMBER = re.compile(r"[^\w]*\d[\d.,'’ \u00a0\u202f]*(?:[%€$£]|\w{1,3}\.?)?\W*")
_OPEN_END = re.compile(r"[^.!?:;…]['\"”’»)\]]*$")
_TIGHT = 1.4  # times the height of type from line to line, within a cell
_WIDER = 1.25  # times the step from line to line in a cell, at least, from row to row


def table_of(rows: Sequence[Sequence[Item]], columns: Sequence[Gap]) -> PdfTable | None:
    """Return the rows as a table; nothing where too many of its cells would be empty."""
    lines = [[item for item in row if isinstance(item, PdfLine)] for row in rows]
    start = heads_among(lines, columns)
    heads, body = lines[:start], lines[start:]
    logical: list[list[list[PdfLine]]] = []
    for at, row in enumerate(body):
        if at and _continues(body, at, columns):
            logical[-1].append(row)
        else:
            logical.append([row])
    are_named = any(_spans(group[0], columns) > 1 for group in logical)
    cells = tuple(
        (Cell(_text(group), 1, len(columns), is_head=True),)
        if are_named and _spans(group[0], columns)
        else tuple(_cells(group, columns))
        for group in logical
    )
    if heads:
        cells = (cells_of_heads(heads, columns), *cells)
    filled = sum(cell.columns for row in cells for cell in row if cell.text)
    if len(cells) < 2 or filled < _FILLED * len(cells) * len(columns):  # noqa: PLR2004 - one row
        return None
    return PdfTable(
        cells,
        left=columns[0][0],
        right=columns[-1][1],
        top=max(item.top for item in rows[0]),
        bottom=min(item.top - item.size for item in rows[-1]),
        size=rows[0][0].size,
        columns=tuple(columns),
    )


def end_of_table(band: Sequence[Sequence[Item]], columns: Sequence[Gap]) -> int:
    """Return after how many rows a table ends: text below it may be as narrow as its column."""
    end = max(at for at, row in enumerate(band) if len(row) > 1) + 1
    steps = [down(*pair) for pair in pairwise(band[:end])]
    while end < len(band) and (
        _goes_on(band[end - 1], band[end]) or _is_closer(band[end - 1 : end + 1], steps, columns)
    ):
        end += 1
    return end


def _is_closer(
    rows: Sequence[Sequence[Item]], steps: Sequence[float], columns: Sequence[Gap]
) -> bool:
    """Whether a row below others stands as near as the lines of cells do, not those of a table."""
    above, row = rows
    step = down(above, row)
    if step > _TIGHT * max(item.size for item in row) or row[0].left < columns[1][0] - SAME_EDGE:
        return False
    is_line_step = step <= 1.1 * min(steps) and max(steps) > _WIDER * min(steps)
    return is_line_step or _WIDER * step < min(steps)


def _spans(row: Sequence[PdfLine], columns: Sequence[Gap]) -> int:
    """Return above how many columns a line lies that stands alone on the left; 0 for others."""
    if len(row) > 1 or abs(row[0].left - columns[0][0]) > SAME_EDGE:
        return 0
    return sum(row[0].left < right and left < row[0].right for left, right in columns)


def _text(group: Sequence[Sequence[PdfLine]]) -> str:
    return reduce(joined, (line.text for row in group for line in row), "").strip()


def _continues(rows: Sequence[Sequence[PdfLine]], at: int, columns: Sequence[Gap]) -> bool:
    """Whether a row of lines belongs to the row of cells above it."""
    row, above = rows[at], rows[at - 1]
    step = max(item.top for item in above) - max(item.top for item in row)
    size = max(item.size for item in row)
    if step > _TIGHT * size or len(row) == len(columns):
        return False
    if any(is_number(item) and not _ends_sentence(item, above) for item in row):
        return False
    if _goes_on(above, row):
        return True
    steps = [
        max(i.top for i in first) - max(i.top for i in second) for first, second in pairwise(rows)
    ]
    has_wider = max(steps) > _WIDER * min(steps)  # the rows stand further apart than their lines
    begins = any(is_in(item, columns[0]) for item in row)
    return has_wider and not begins and step <= 1.1 * min(steps)


def _goes_on(row: Sequence[Item], following: Sequence[Item]) -> bool:
    """Whether a row holds what did not fit into the cells above it."""
    step = max(item.top for item in row) - max(item.top for item in following)
    if step > _TIGHT * max(item.size for item in row):
        return False
    return all(
        any(_is_below(item, above) for above in row if isinstance(above, PdfLine))
        for item in following
        if isinstance(item, PdfLine)
    )


def _is_below(item: PdfLine, above: PdfLine) -> bool:
    """Whether a line goes on with the one above it, in the same cell."""
    overlaps = item.left < above.right and above.left < item.right
    return (
        overlaps
        and not _NUMBER.fullmatch(item.text)
        and (item.text[:1].islower() or above.text[-1:] in "-–,/&")
    )


def _ends_sentence(number: PdfLine, above: Sequence[PdfLine]) -> bool:
    """Whether a number with a full stop ends what stands above it."""
    return number.text.endswith(".") and any(
        abs(item.left - number.left) <= SAME_EDGE
        and _OPEN_END.search(item.text)
        and not is_number(item)
        for item in above
    )


def is_number(item: PdfLine) -> bool:
    """Whether a line is a number, with its unit at most."""
    return _NUMBER.fullmatch(item.text) is not None


def _cells(group: Sequence[Sequence[PdfLine]], columns: Sequence[Gap]) -> Iterator[Cell]:
    """Yield the cells of a row, of one line or several; one that covers columns spans them.

    Up to the next in which another begins: a line may reach over a column that is filled elsewhere.
    """
    filled: dict[int, list[PdfLine]] = {}
    spans: dict[int, int] = {}
    for row in group:
        for item in row:
            under = [
                at
                for at, (left, right) in enumerate(columns)
                if item.left < right and left < item.right
            ] or [min(range(len(columns)), key=lambda at: abs(columns[at][0] - item.left))]
            filled.setdefault(under[0], []).append(item)
            spans[under[0]] = max(spans.get(under[0], 1), len(under))
    at = 0
    while at < len(columns):
        lines = filled.get(at, [])
        text = reduce(joined, (line.text for line in lines), "").strip()
        free = min((other for other in filled if other > at), default=len(columns)) - at
        span = min(spans.get(at, 1), free)
        yield Cell(text, 1, span, is_head=bool(lines) and all(i.bold for i in lines))
        at += span
