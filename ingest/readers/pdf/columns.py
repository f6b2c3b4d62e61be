"""Put what stands on a page in the order in which it is read: columns, and tables as tables.

The page is parted from the top down into bands: rows that leave the same gaps free. Where the text
on both sides of a gap flows on from row to row, they are columns of prose, else of a table.
No input or output happens here.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.readers.pdf.heads import cells_of_heads, heads_above, heads_among
from ingest.readers.pdf.page import (
    HYPHENS,
    SAME_EDGE,
    Gap,
    Item,
    PdfLine,
    PdfTable,
    is_in,
)
from ingest.readers.pdf.unruled import end_of_table, is_number, table_of

_NARROWEST = 0.4  # times the height of type, of a gap that all rows of a band leave free
_BESIDE = 0.25  # of its height, lies beside another line; columns may be half a line apart
_ALIGNED = 0.6  # of what stands in a column begins, ends or is centred at one place
_FEW_WORDS = 3  # of figures and names that are aligned to the right or centred
_FLOWS = 0.25  # of the lines of a column of prose begin within a sentence
_GREEDY = 0.75  # of them had no room for the word that the next one begins with
_WORDS = 2.2  # in a line of prose, on average
_FEWEST = 3  # lines that can show a flow; rows that show what columns there are
_OPEN_END = re.compile(r"[^.!?:;…]['\"”’»)\]]*$")
_MANY = 5  # lines that can show by their width alone that they are prose
_FULL, _FULL_WORDS = 0.85, 4  # of its column's width, and words, of the lines of prose
_DENSE = 0.7  # of the lines of prose have something beside them where that is a table of its own
_NAME = 0.6  # of the width of a table, of what names some of its rows
_MOST_ABOVE = 6  # rows that span columns of those below them


def in_reading_order(items: Sequence[Item]) -> Iterator[Item]:
    """Yield the items of a page or column as they are read, unruled tables found."""
    rows = _rows(items)
    waiting: list[list[Item]] = []  # of them, the last ones may be heads of a table
    start = 0
    while start < len(rows):
        end = _end_of_band(rows, start)
        if (found := _table_at(rows, start, waiting)) is not None:
            table, above, end = found
            yield from (item for row in waiting[: len(waiting) - above] for item in row)
            yield table
            waiting = []
        elif len(stories := _stories_of(rows[start:end])) > 1:
            yield from (item for row in waiting for item in row)
            for story in stories:
                band = rows[start:end]
                yield from in_reading_order([i for row in band for i in row if is_in(i, story)])
            waiting = []
        else:
            waiting += rows[start:end]
        start = end
    yield from (item for row in waiting for item in row)


def _stories_of(band: Sequence[Sequence[Item]]) -> list[Gap]:
    columns = _columns(band)
    return _stories(band, columns) if _are_columns(columns, band) else []


def _table_at(
    rows: Sequence[list[Item]], start: int, waiting: Sequence[Sequence[Item]]
) -> tuple[PdfTable, int, int] | None:
    """Return the table that begins at a row, how many rows above are its heads, and its end."""
    ends = (_end_of_band(rows, start, past_names=True), _end_of_band(rows, start))
    for end in dict.fromkeys(ends):
        band = rows[start:end]
        columns = _columns(band)
        if not _are_columns(columns, band) or len(_stories(band, columns)) > 1:
            continue
        band = band[: end_of_table(band, columns)]
        above = heads_above(waiting, band, columns)
        table = table_of([*waiting[len(waiting) - above :], *band], columns)
        if table is not None:
            return table, above, start + len(band)
    return None


def _rows(items: Sequence[Item]) -> list[list[Item]]:
    """Return the items by rows, from the top down; a table is a row of its own."""
    rows: list[list[Item]] = []
    for item in sorted(items, key=lambda item: (-item.top, item.left)):
        first = rows[-1][0] if rows else None
        is_beside = (
            isinstance(first, PdfLine)
            and isinstance(item, PdfLine)
            and item.top - first.bottom > _BESIDE * min(first.size, item.size)
            and all(each.right <= item.left or item.right <= each.left for each in rows[-1])
        )
        if is_beside:
            rows[-1].append(item)
        else:
            rows.append([item])
    return [sorted(row, key=lambda item: item.left) for row in rows]


def _end_of_band(rows: Sequence[Sequence[Item]], start: int, *, past_names: bool = False) -> int:
    """Return where the band ends that begins with a row; rows of one item alone are one.

    Args:
        rows: All of them.
        start: The first one of the band.
        past_names: Whether what names the rows below it, as a line of its own, is of the band.
    """
    free = _gaps(rows[start])
    many = int(len(free) > 0)
    for at in range(start + 1, len(rows)):
        row = rows[at]
        if not free:
            if len(row) > 1:
                return at
            continue
        left = _still_free(free, row)
        if past_names and len(left) < len(free) and _names_rows(rows, start, at, free):
            continue
        if not left:
            return at
        if len(left) < len(free) and many >= _FEWEST and _run(rows, at, left) < at - start:
            return at
        free = left
        many += len(row) > 1
    return len(rows)


def _names_rows(rows: Sequence[Sequence[Item]], start: int, at: int, free: Sequence[Gap]) -> bool:
    """Whether a line stands alone on the left, above rows that leave the same gaps as before."""
    (item, *others), following = rows[at], rows[at + 1 : at + 2]
    if others or not isinstance(item, PdfLine) or not following or len(following[0]) == 1:
        return False
    first = rows[start]
    whole = max(each.right for each in first) - first[0].left
    return (
        abs(item.left - first[0].left) <= SAME_EDGE
        and item.right - item.left <= _NAME * whole
        and len(_still_free(free, following[0])) == len(free)
    )


def _run(rows: Sequence[Sequence[Item]], start: int, free: Sequence[Gap]) -> int:
    """Return how many rows from one on leave any of some gaps free."""
    for at in range(start, len(rows)):
        free = _still_free(free, rows[at])
        if not free:
            return at - start
    return len(rows) - start


def _gaps(row: Sequence[Item]) -> list[Gap]:
    return [(first.right, second.left) for first, second in pairwise(row)]


def _still_free(free: Sequence[Gap], row: Sequence[Item]) -> list[Gap]:
    """Return what a row leaves free of gaps: of each the widest part, if that is wide enough."""
    left = []
    for gap in free:
        parts = [gap]
        for item in row:
            parts = [part for each in parts for part in _without(each, item)]
        widest = max(parts, key=lambda part: part[1] - part[0], default=(0.0, 0.0))
        if widest[1] - widest[0] >= _NARROWEST * max(item.size for item in row):
            left.append(widest)
    return left


def _without(gap: Gap, item: Item) -> list[Gap]:
    if item.right <= gap[0] or gap[1] <= item.left:
        return [gap]
    return [part for part in ((gap[0], item.left), (item.right, gap[1])) if part[0] < part[1]]


def _columns(band: Sequence[Sequence[Item]]) -> list[Gap]:
    """Return the columns of a band, as left and right.

    First rows that span several of those below them are their heads, and a line that stands alone
    may be the name of those below it.
    """
    best = _covered(band)
    among = [row for row in band if len(row) > 1]
    if len(among) > 1 and len(inner := _covered(among)) > len(best):
        best, band = inner, among
    for above in range(1, min(_MOST_ABOVE, len(band) - _FEWEST) + 1):
        row = band[above - 1]
        if above == 1 and len(row) == 1:
            break
        if above > 1 and not all(isinstance(item, PdfLine) and item.bold for item in row):
            break
        below = _covered(band[above:])
        best = below if len(below) > len(best) > 1 else best
    return best


def _covered(rows: Sequence[Sequence[Item]]) -> list[Gap]:
    """Return what the items of rows cover, from left to right, as far as gaps part it."""
    items = sorted((item for row in rows for item in row), key=lambda item: item.left)
    found: list[list[float]] = []
    for item in items:
        if found and item.left - found[-1][1] < _NARROWEST * item.size:
            found[-1][1] = max(found[-1][1], item.right)
        else:
            found.append([item.left, item.right])
    return [(left, right) for left, right in found]


def _are_columns(columns: Sequence[Gap], band: Sequence[Sequence[Item]]) -> bool:
    """Whether what stands between gaps is aligned; wide spaces of one text are so by chance."""
    if len(columns) < 2 or sum(len(row) > 1 for row in band) < 2:  # noqa: PLR2004 - one of each
        return False
    for column in columns[1:]:
        lines = _lines_in(column, band)
        edges = [[line.left for line in lines]]
        words = sum(len(line.text.split()) for line in lines)
        if words <= _FEW_WORDS * len(lines):  # the lines of justified prose end at one place, too
            edges.append([line.right for line in lines])
            edges.append([(line.left + line.right) / 2 for line in lines])
        if lines and max(map(_most_at_one_place, edges)) < max(2, _ALIGNED * len(lines)):
            return False
    return True


def _most_at_one_place(edges: Sequence[float]) -> int:
    ordered = sorted(edges)
    return max(
        (bisect_right(ordered, edge + SAME_EDGE) - at for at, edge in enumerate(ordered)),
        default=0,
    )


def _stories(band: Sequence[Sequence[Item]], columns: Sequence[Gap]) -> list[Gap]:
    """Return what is read one after the other; a single one where the columns are a table's.

    A column of prose beside a table is a story, and the table another one.
    """
    lines = [_lines_in(column, band) for column in columns]
    prose = [_is_prose(items, column) for items, column in zip(lines, columns, strict=True)]
    whole = [(columns[0][0], columns[-1][1])]
    if not all(prose) and _have_heads(band, columns):
        return whole
    if sum(prose) > 1 or any(isinstance(item, PdfTable) for row in band for item in row):
        return list(columns)
    if len(columns) == 2 and len(band) < _FEWEST:  # noqa: PLR2004 - as signatures stand
        return list(columns)
    if not any(prose) or _are_names(lines[0]):
        return whole
    at = prose.index(True)
    beside = [items for items in lines if items is not lines[at]]
    if min(map(len, beside)) < _DENSE * len(lines[at]):  # the prose stands in cells of a table
        return whole
    parts = [columns[:at], columns[at : at + 1], columns[at + 1 :]]
    return [(part[0][0], part[-1][1]) for part in parts if part]


def _have_heads(band: Sequence[Sequence[Item]], columns: Sequence[Gap]) -> bool:
    """Whether heads in bold stand above each of many columns; two may be headings of prose."""
    lines = [[item for item in row if isinstance(item, PdfLine)] for row in band[: _MOST_ABOVE * 2]]
    heads = heads_among(lines, columns) if all(lines) else 0
    if len(columns) < _FEWEST or not heads or not all(i.bold for row in lines[:heads] for i in row):
        return False
    return all(cell.text for cell in cells_of_heads(lines[:heads], columns))


def _are_names(lines: Sequence[PdfLine]) -> bool:
    """Whether most lines of a column end as names do of what stands beside them."""
    return 2 * sum(line.text.endswith(":") for line in lines) > len(lines)


def _lines_in(column: Gap, band: Sequence[Sequence[Item]]) -> list[PdfLine]:
    """Return the lines of a column, each whole: wide spaces may have parted it."""
    found = []
    for row in band:
        parts = [item for item in row if isinstance(item, PdfLine) and is_in(item, column)]
        if parts:
            text = " ".join(part.text for part in parts)
            found.append(replace(parts[0], text=text, right=parts[-1].right))
    return found


def _is_prose(lines: Sequence[PdfLine], column: Gap) -> bool:
    """Whether the text of a column flows on from line to line, or its lines are as wide as it."""
    if len(lines) < _FEWEST:
        return False
    words = sum(len(line.text.split()) for line in lines) / len(lines)
    joints = [pair for pair in pairwise(lines) if _OPEN_END.search(pair[0].text)]
    full = sum(_is_full(*joint, column) for joint in joints)
    flowing = sum(_flows(*joint) for joint in joints)
    if words >= _WORDS and full >= _GREEDY * len(joints):
        return flowing >= max(2, _FLOWS * len(joints))
    if len(lines) < _MANY or sum(map(is_number, lines)) > 1:
        return False
    width = sum(line.right - line.left for line in lines) / len(lines)
    return words >= _FULL_WORDS and width >= _FULL * (column[1] - column[0])


def _flows(_: PdfLine, following: PdfLine) -> bool:
    """Whether a line goes on with a sentence; some scripts have no capitals."""
    first = following.text[0]
    return first.islower() or unicodedata.category(first) == "Lo"


def _is_full(line: PdfLine, following: PdfLine, column: Gap) -> bool:
    """Whether the next word would not have fitted on a line: so lines of prose are broken."""
    word = following.text.split()[0]
    width = (following.right - following.left) * (len(word) + 1) / len(following.text)
    return line.right + width > column[1] - SAME_EDGE or line.text[-1] in HYPHENS
