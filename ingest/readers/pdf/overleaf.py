"""Make one table of the parts of it that stand on pages. No input or output happens here."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from assistant.domain.light_markdown import clean
from ingest.readers.pdf.page import SAME_EDGE, Item, PdfLine, PdfTable, joined
from ingest.readers.shared.grid import Cell

_CellRow = tuple[Cell, ...]

_LOW = 0.2  # of the height of the text: a table that goes on overleaf ends no higher
_SMALL = 0.93  # times the size of the text, of footnotes
_AGAIN = re.compile(
    r".{0,60}\b(?:continued|cont\.|continues|suite|fortsetzung|vervolg|segue|continu(?:a|ación|ação))"
    r"\W*(?:overleaf|on next page|page suivante)?\W*",
    re.IGNORECASE,
)
"""What stands above or below a part, such as "Table 2 (continued)"."""
_FIGURE = re.compile(r"\W*\d")


def joined_overleaf(pages: Sequence[Sequence[Item]], body: float) -> list[list[Item]]:
    """Return the pages with each table as a whole on the page where it begins.

    Args:
        pages: Their items in reading order.
        body: The size of most of the text.
    """
    found = [list(page) for page in pages]
    lowest = min((item.bottom for page in pages for item in page), default=0.0)
    highest = max((item.top for page in pages for item in page), default=0.0)
    low = lowest + _LOW * (highest - lowest)
    at: tuple[int, int] | None = None  # the page and the place of the table under way
    for number, page in enumerate(found):
        first = 1 if page and _is_again(page[0]) else 0
        part = page[first] if first < len(page) else None
        if at is not None and isinstance(part, PdfTable):
            table = found[at[0]][at[1]]
            whole = _whole(table, part) if isinstance(table, PdfTable) else None
            if whole is not None:
                found[at[0]][at[1]] = whole
                del page[: first + 1]
                if not _rest(page, body):
                    continue  # it may go on
        place = _rest(page, body) - 1
        last = page[place] if place >= 0 else None
        is_open = isinstance(last, PdfTable) and (last.bottom <= low or place + 1 < len(page))
        at = (number, place) if is_open else None
    return found


def _is_again(item: Item) -> bool:
    return isinstance(item, PdfLine) and _AGAIN.fullmatch(item.text) is not None


def _rest(page: Sequence[Item], body: float) -> int:
    """Return how many items stand on a page above its footnotes."""
    end = len(page)
    while end:
        item = page[end - 1]
        is_note = isinstance(item, PdfLine) and item.size < _SMALL * body
        if not is_note and not _is_again(item):
            break
        end -= 1
    return end


def _whole(table: PdfTable, part: PdfTable) -> PdfTable | None:
    """Return a table with a part from overleaf, without its repeated heads; None if it is none."""
    if not _have_same_columns(table, part):
        return None
    heads = _heads(table.rows)
    again = max(heads, 1)
    if [_told(row) for row in part.rows[:again]] == [_told(row) for row in table.rows[:again]]:
        rest = part.rows[again:]
    elif _heads(part.rows) or not _is_alike(table.rows[heads:], part.rows[0]):
        return None
    else:
        rest = part.rows
    return replace(table, rows=_appended(table.rows, rest), bottom=part.bottom)


def _have_same_columns(table: PdfTable, part: PdfTable) -> bool:
    """Whether each column has its own below it, and meets no other."""
    if len(table.columns) != len(part.columns) or not table.columns:
        return False
    if any(
        min(above[1], below[1]) - max(above[0], below[0]) <= 0
        for above, below in zip(table.columns, part.columns, strict=True)
    ):
        return False
    pairs = zip(pairwise(table.columns), pairwise(part.columns), strict=True)
    return all(
        above[0][1] - below[1][0] <= SAME_EDGE and below[0][1] - above[1][0] <= SAME_EDGE
        for above, below in pairs
    )


def _heads(rows: Sequence[_CellRow]) -> int:
    """Return how many rows at the top hold heads alone, of more than one column."""
    heads = 0
    for row in rows:
        words = [cell for cell in row if cell.text]
        if len(words) < 2 or not all(cell.is_head for cell in words):  # noqa: PLR2004 - one column
            break
        heads += 1
    return heads if heads < len(rows) else 0


def _told(row: _CellRow) -> list[str]:
    return [clean(cell.text) for cell in row]


def _is_alike(rows: Sequence[_CellRow], following: _CellRow) -> bool:
    """Whether a row has figures where all of others have: else it may be heads of its own."""
    same = [row for row in rows if len(row) == len(following)]
    for at, cell in enumerate(following):
        texts = [row[at].text for row in same if row[at].text]
        if cell.text and texts and all(map(_FIGURE.match, texts)) and not _FIGURE.match(cell.text):
            return False
    return True


def _appended(rows: tuple[_CellRow, ...], rest: tuple[_CellRow, ...]) -> tuple[_CellRow, ...]:
    """Return rows with others below; what goes on in the midst of cells is put into these."""
    if not rest or not rows or not _goes_on(rows[-1], rest[0]):
        return rows + rest
    last = tuple(
        replace(cell, text=joined(cell.text, more.text)) if more.text else cell
        for cell, more in zip(rows[-1], rest[0], strict=True)
    )
    return (*rows[:-1], last, *rest[1:])


def _goes_on(row: _CellRow, following: _CellRow) -> bool:
    """Whether a row has no name of its own, and holds nothing but ends of sentences."""
    if len(row) != len(following) or following[0].text:
        return False
    told = [(cell.text, more.text) for cell, more in zip(row, following, strict=True) if more.text]
    return bool(told) and all(text and more[:1].islower() for text, more in told)
