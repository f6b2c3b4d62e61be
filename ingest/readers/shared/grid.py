"""Make tables as a person reads them: each row complete, under its own heads.

Readers of all formats give rows of cells with their spans, as files hold them; what comes out is
what `assistant.domain.light_markdown` can say. No input or output happens here.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.domain.light_markdown import (
    Block,
    ListBlock,
    ListItem,
    Paragraph,
    Table,
    clean,
    plain_text,
)

_MAX_COLUMNS = 100
_MAX_CELLS = 100_000  # of one table, spans filled in; a span costs nothing to write
_LONGEST_HEAD = 60  # characters; more is a value or a sentence
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
_SENTENCE_END = re.compile(r"[.!;]$")
_MARKS = ".,;:!?-–/(|"  # after which a new line in a cell needs no other sign


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as its file tells it.

    Attributes:
        rows, columns: How far it spans, itself included; 1 is a plain cell.
        is_head: Whether the file calls it a head, or sets all of its words in bold.
    """

    text: str
    rows: int = 1
    columns: int = 1
    is_head: bool = False


@dataclass(frozen=True, slots=True)
class _GridCell:
    """One place of the grid: what stands in it, and where the cell began that fills it."""

    text: str = ""
    is_head: bool = False
    row: int = -1
    column: int = -1


_Grid = list[list[_GridCell]]


def blocks_of_table(
    rows: Sequence[Sequence[Cell]], *, head_rows: int = 0, caption: str = ""
) -> Iterator[Block]:
    """Yield a table as blocks: its caption, then tables with one row of heads each.

    A cell that spans several rows or columns stands in each of them. Several rows of heads become
    one. Heads in the first column of two make a list of "head: value"; in a wider table without
    heads above, rows and columns change places. A row of heads, or one cell as wide as the table,
    begins another table.

    Args:
        rows: The rows in order; without the places that a cell from above or from the left fills.
        head_rows: How many of them the file itself sets apart as heads.
        caption: What the table is called.
    """
    if name := clean(caption):
        yield Paragraph(name)
    grid = _without_empty(_spread(rows, head_rows))
    if not grid:
        return
    if len(grid[0]) == 1:
        yield from (Paragraph(place.text) for (place,) in grid)
        return
    start = _head_rows(grid)
    if not start and _has_heads_in_first_column(grid):
        yield from _sideways(grid)
        return
    for head, below in _parts(grid, start):
        if all(map(_is_title, below)):  # heads of nothing are a row of their own
            yield from _table([], head)
        body = _Grid()
        for row in below:
            if _is_title(row):
                yield from _table(head, body)
                yield Paragraph(row[0].text)
                body = []
            else:
                body.append(row)
        yield from _table(head, body)


def _parts(grid: _Grid, start: int) -> Iterator[tuple[_Grid, _Grid]]:
    """Yield rows of heads with all that stands below them, up to the next row of heads."""
    last = max((at for at, row in enumerate(grid) if not _is_title(row)), default=0)
    head, below = grid[:start], _Grid()
    for at, row in enumerate(grid[start:], start):
        if start and at < last and not _is_title(row) and _is_head(row) and not _has_values(row):
            yield head, below
            head, below = [row], []
        else:
            below.append(row)
    yield head, below


def _spread(rows: Sequence[Sequence[Cell]], head_rows: int) -> _Grid:
    """Return the grid with a place for every row and column that a cell fills."""
    taken: dict[tuple[int, int], _GridCell] = {}
    for number, row in enumerate(rows):
        column = 0
        for cell in row:
            while (number, column) in taken:
                column += 1
            if column >= _MAX_COLUMNS or len(taken) > _MAX_CELLS:
                break
            is_head = cell.is_head or number < head_rows
            place = _GridCell(clean(cell.text), is_head, number, column)
            below = range(number, min(number + max(cell.rows, 1), len(rows)))
            right = range(column, min(column + max(cell.columns, 1), _MAX_COLUMNS))
            for down in below:
                for across in right:
                    taken.setdefault((down, across), place)
            column = right.stop
    width = max((across for _, across in taken), default=-1) + 1
    return [
        [taken.get((down, across), _GridCell()) for across in range(width)]
        for down in range(len(rows))
    ]


def _without_empty(grid: _Grid) -> _Grid:
    """Return the grid without rows and columns that hold no words of their own."""
    full = [row for row in grid if any(place.text for place in row)]
    kept = [
        column
        for column in range(len(full[0]) if full else 0)
        if any(row[column].text and row[column].column == column for row in full)
    ]
    return [[row[column] for column in kept] for row in full]


def _head_rows(grid: _Grid) -> int:
    """Return how many rows stand above as heads: as the file says, else as they look."""
    start = 0
    while start < len(grid) - 1 and _is_head(grid[start]) and not _is_title(grid[start]):
        start += 1
    if start and all(map(_is_head, grid)):
        return 1
    if start or any(place.is_head for row in grid for place in row):
        return start
    return 1 if len(grid) > 1 and _looks_like_head(grid) else 0


def _is_head(row: list[_GridCell]) -> bool:
    """Whether all that stands in a row are heads, and more than the head of the row itself."""
    words = [place for place in row if place.text]
    return all(place.is_head for place in words) and len({place.column for place in words}) > 1


def _has_values(row: list[_GridCell]) -> bool:
    """Whether a row tells numbers, as a sum in bold does; a year may be the head of a column."""
    return any(re.search(r"\d", _YEAR.sub("", place.text)) for place in row[1:])


def _is_title(row: list[_GridCell]) -> bool:
    """Whether one cell fills a row, as the name of those below does."""
    return row[0].text != "" and len({(place.row, place.column) for place in row}) == 1


def _looks_like_head(grid: _Grid) -> bool:
    """Whether the first row, of a table that marks none, reads like heads: short, no values."""
    first = [place.text for place in grid[0]]
    if any(len(text) > _LONGEST_HEAD or _SENTENCE_END.search(text) for text in first):
        return False
    if sum(map(bool, first[1:])) < len(first) - 1 or first[0].endswith(":"):
        return False
    if any(re.search(r"\d", _YEAR.sub("", text)) for text in first):
        return False
    return len(first) > 2 or not _are_names_and_values(grid[1:])  # noqa: PLR2004 - more than a pair


def _are_names_and_values(rows: _Grid) -> bool:
    """Whether rows of two places are pairs: figures below words, or long texts, have a head."""
    names, values = ([row[column].text for row in rows] for column in (0, 1))
    if any(len(name) > _LONGEST_HEAD for name in names):
        return False
    told = [value for value in values if value]
    are_figures = all(re.match(r"\W*\d", value) for value in told)
    return not are_figures and not all(len(value) > _LONGEST_HEAD for value in told)


def _has_heads_in_first_column(grid: _Grid) -> bool:
    """Whether the first column names what stands beside it, in a table without heads above."""
    marked = [row[0].is_head for row in grid if row[0].text]
    others = any(place.is_head for row in grid for place in row[1:])
    if all(marked) and not others:
        return True
    return len(grid[0]) == 2 and not any(marked) and not others  # noqa: PLR2004 - name and value


def _sideways(grid: _Grid) -> Iterator[Block]:
    """Yield a table whose first column holds the heads."""
    if len(grid[0]) == 2:  # noqa: PLR2004 - name and value
        yield from _named_values(grid)
        return
    names = tuple(row[0].text for row in grid)
    columns = zip(*(row[1:] for row in grid), strict=True)
    yield Table(names, tuple(tuple(place.text for place in column) for column in columns))


def _named_values(grid: _Grid) -> Iterator[Block]:
    """Yield names with their values as lists, below what stands across both."""
    items: list[ListItem] = []
    for row in grid:
        if not _is_title(row):
            items.append(ListItem(_named(*row)))
            continue
        if items:
            yield ListBlock(tuple(items))
        items = []
        yield Paragraph(row[0].text)
    if items:
        yield ListBlock(tuple(items))


def _named(name: _GridCell, value: _GridCell) -> str:
    if name.column == value.column or not name.text or not value.text:
        return name.text or value.text
    return f"{name.text} {value.text}" if name.text[-1] in ":?" else f"{name.text}: {value.text}"


def _table(head: _Grid, body: _Grid) -> Iterator[Block]:
    """Yield rows under their heads; heads without rows say nothing."""
    if not body:
        return
    width = len(body[0])
    if not head and width == 2:  # noqa: PLR2004 - name and value
        yield from _named_values(body)
        return
    header = tuple(_joined([row[column].text for row in head]) for column in range(width))
    yield Table(header, tuple(tuple(_texts(row)) for row in body))


def _joined(heads: list[str]) -> str:
    """Return the heads above a column as one, from the widest to the narrowest."""
    return ": ".join(dict.fromkeys(filter(None, heads)))


def _texts(row: list[_GridCell]) -> Iterator[str]:
    """Yield the words of a row; the name of a row that spans its first columns stands once."""
    for at, place in enumerate(row):
        is_name_again = at and place.column == row[0].column and place.row == row[0].row
        yield "" if is_name_again else place.text


def in_one_line(lines: Iterable[str]) -> str:
    """Return the lines of a cell as one, apart from each other as they were."""
    text = ""
    for line in filter(None, map(clean, lines)):
        apart = " " if not text or text[-1] in _MARKS or line[0] in "(–" else "; "
        text = f"{text}{apart}{line}" if text else line
    return text


def lines_of(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield the lines that blocks make in a cell; an ordered list keeps its numbers."""
    for block in blocks:
        if not isinstance(block, ListBlock):
            yield plain_text(block)
            continue
        for number, item in enumerate(block.items, block.start):
            yield f"{number}. {item.text}" if block.ordered and item.text else item.text
            yield from lines_of(item.children)
