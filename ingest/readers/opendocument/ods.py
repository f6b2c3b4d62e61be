"""Read spreadsheets of LibreOffice (ODS); their files tell what each cell shows."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from lxml import etree

from assistant.domain.light_markdown import Block, Heading, render
from ingest.errors import ReadError
from ingest.readers.extract import Extract
from ingest.readers.office.archive import OWN_DEFINITIONS, ArchiveFormat
from ingest.readers.office.parts import attribute, local_name
from ingest.readers.office.sheets import MOST_CELLS, Place, ShownAxis, blocks_of_sheet, filled
from ingest.readers.opendocument.walk import (
    TextWalk,
    is_shown,
    open_document_parts,
    open_document_properties,
    table_rows,
)
from ingest.readers.shared.grid import Cell
from ingest.readers.shared.numerals import as_number

_SPREADSHEET = ArchiveFormat("spreadsheet (ODS)", forbidden=OWN_DEFINITIONS)
_MOST_REPEATED = 100  # rows and columns with words in them
_COLUMNS = ("table-columns", "table-header-columns", "table-column-group")
_DEEPEST = 20  # groups of columns within groups
_MAX_TAGS = 1000  # that tell of columns


def read_ods(data: bytes, *, name: str) -> Extract:
    """Return the sheets that are shown, each under its name, with the tables on it."""
    parts, styles, content = open_document_parts(data, _SPREADSHEET, name=name)
    walk = TextWalk(styles)
    blocks: list[Block] = []
    room = MOST_CELLS
    for table in content.iterfind("{*}body/{*}spreadsheet/{*}table"):
        if attribute(table, "style-name") in styles.hidden_tables:
            continue
        cells = _cells(table, walk, room, name)
        room -= filled(cells.values())
        if found := list(blocks_of_sheet(cells, name=name)):
            blocks += [Heading(2, attribute(table, "name")), *found]
    told = open_document_properties(parts)
    return Extract(
        told.title,
        render(blocks),
        published=told.published,
        language=told.language,
        unseen=walk.unseen,
    )


def _cells(table: etree._Element, walk: TextWalk, room: int, name: str) -> dict[Place, Cell]:
    """Return the cells that are shown, counted as if nothing were hidden between them."""
    tags = [tag for tag, _ in table_rows(table, 0)]
    rows, columns = _shown(tags, "number-rows-repeated"), _shown_columns(table)
    found: dict[Place, Cell] = {}
    row = 0
    for tag in tags:
        times = as_number(attribute(tag, "number-rows-repeated")) or 1
        made = []
        for column, cell in _row(tag, walk):
            across = columns.among(column, cell.columns)
            if (down := rows.among(row, cell.rows)) and across:
                made.append((columns.before(column), replace(cell, rows=down, columns=across)))
        for down in range(min(times, _MOST_REPEATED) if made else 0):
            found.update(((rows.before(row) + down, column), cell) for column, cell in made)
            room -= filled(cell for _, cell in made)
        row += times
        if room < 0:
            reason = f"holds more than {MOST_CELLS} cells; split it, or keep such data out"
            raise ReadError(name, reason)
    return found


def _row(row: etree._Element, walk: TextWalk) -> Iterator[tuple[int, Cell]]:
    """Yield the cells of a row that show something, each with its column.

    Of a row that is hidden, those that span others may.
    """
    column, is_hidden = 0, not is_shown(row)
    for cell in row.iterchildren("{*}table-cell", "{*}covered-table-cell"):
        times = as_number(attribute(cell, "number-columns-repeated")) or 1
        is_covered = local_name(cell) == "covered-table-cell"
        rows = as_number(attribute(cell, "number-rows-spanned")) or 1
        is_unread = is_covered or (is_hidden and rows == 1)
        text = "" if is_unread else walk.in_cell(cell, 1)
        if text:
            made = Cell(
                text,
                rows,
                as_number(attribute(cell, "number-columns-spanned")) or 1,
                walk.is_strong(cell),
            )
            yield from ((column + at, made) for at in range(min(times, _MOST_REPEATED)))
        column += times


def _shown_columns(table: etree._Element) -> ShownAxis:
    return _shown(list(islice(_columns(table, 0), _MAX_TAGS)), "number-columns-repeated")


def _shown(tags: Sequence[etree._Element], repeated: str) -> ShownAxis:
    """Return which rows or columns are shown of those that tags stand for."""
    hidden: list[range] = []
    first = 0
    for tag in tags:
        times = as_number(attribute(tag, repeated)) or 1
        if not is_shown(tag):
            hidden.append(range(first, first + times))
        first += times
    return ShownAxis(hidden)


def _columns(parent: etree._Element, depth: int) -> Iterator[etree._Element]:
    for tag in parent if depth < _DEEPEST else ():
        name = local_name(tag)
        if name == "table-column":
            yield tag
        elif name in _COLUMNS:
            yield from _columns(tag, depth + 1)
