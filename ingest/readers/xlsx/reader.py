"""Read workbooks of Excel (XLSX): what their sheets show, as they show it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

from lxml import etree

from assistant.domain.light_markdown import Block, Heading, Paragraph, clean, render
from ingest.errors import ReadError
from ingest.readers.extract import Extract
from ingest.readers.office.archive import ArchiveFormat, open_checked, xml
from ingest.readers.office.number_formats import number, shown
from ingest.readers.office.parts import (
    attribute,
    is_on,
    part_of_kind,
    properties_of,
    relations,
)
from ingest.readers.office.sheets import MOST_CELLS, Place, ShownAxis, blocks_of_sheet, filled
from ingest.readers.shared.grid import Cell, in_one_line
from ingest.readers.shared.numerals import raised
from ingest.readers.xlsx.looks import Looks, looks_of, whole

_WORKBOOK = ArchiveFormat("workbook (XLSX)")
_MAIN = "xl/workbook.xml"
_MAX_SHEETS = 100
_MAX_ROWS = 20_000  # of one sheet, in which something stands
_MAX_RANGES = 1000  # of columns that are hidden together
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_SPLIT_IT = "split it, or keep such data out and write down what it says"
_MOST_BOXES = 200  # boxes of a sheet


@dataclass(frozen=True, slots=True)
class _Book:
    """What all sheets of a workbook share."""

    name: str
    strings: tuple[str, ...]
    looks: tuple[Looks, ...]
    since_1904: bool


@dataclass(slots=True)
class _Sheet:
    """The cells of a sheet by row and column, and which rows and columns are hidden.

    Attributes:
        unseen: How many words are in cells whose looks show none.
    """

    cells: dict[Place, Cell] = field(default_factory=dict)
    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)
    unseen: int = 0

    def hides(self, place: Place) -> bool:
        """Whether the row or the column of a place is hidden."""
        return place[0] in self.rows or place[1] in self.columns


def read_xlsx(data: bytes, *, name: str) -> Extract:
    """Return the sheets that are shown, each under its name, with the tables and boxes on it."""
    parts = open_checked(data, _WORKBOOK, name=name)
    main = part_of_kind(parts, "", "officeDocument", usual=_MAIN)
    if main not in parts:
        raise ReadError(name, f"is no workbook (XLSX): it holds no {_MAIN}; save it again")
    workbook = xml(parts[main])
    dates = workbook.find("{*}workbookPr")
    strings = part_of_kind(parts, main, "sharedStrings", usual="xl/sharedStrings.xml")
    styles = part_of_kind(parts, main, "styles", usual="xl/styles.xml")
    book = _Book(
        name,
        tuple(map(_text, xml(parts[strings]).iterfind("{*}si"))) if strings in parts else (),
        tuple(looks_of(xml(parts[styles]))) if styles in parts else (),
        since_1904=dates is not None and is_on(dates.get("date1904")),
    )
    blocks: list[Block] = []
    room, unseen = MOST_CELLS, 0
    for title, path in _sheets(parts, main, workbook, name):
        sheet = _sheet(xml(parts[path]), book, _heads(parts, path))
        unseen += sheet.unseen
        room -= filled(sheet.cells.values())
        if room < 0:
            raise ReadError(name, f"holds more than {MOST_CELLS} cells; {_SPLIT_IT}")
        boxes = boxes_of_sheet(parts, path)
        if found := [*blocks_of_sheet(sheet.cells, name=name), *boxes]:
            blocks += [Heading(2, title), *found]
    told = properties_of(parts)
    return Extract(
        told.title,
        render(blocks),
        published=told.published,
        language=told.language,
        unseen=unseen,
    )


def _sheets(
    parts: Mapping[str, bytes], main: str, workbook: etree._Element, name: str
) -> Iterator[tuple[str, str]]:
    """Yield the name and the part of each sheet that is shown; charts have no cells."""
    related = relations(parts, main)
    listed = workbook.findall("{*}sheets/{*}sheet")
    if len(listed) > _MAX_SHEETS:
        raise ReadError(name, f"has {len(listed)} sheets, more than {_MAX_SHEETS}; {_SPLIT_IT}")
    for sheet in listed:
        relation = related.get(attribute(sheet, "id"))
        is_shown = sheet.get("state", "visible") == "visible"
        if is_shown and relation and relation.kind == "worksheet" and relation.path in parts:
            yield str(sheet.get("name", "")), relation.path


def _text(tag: etree._Element) -> str:
    """Return the words of a string, without those struck out and hints at how they sound."""
    return "".join(
        _run(each) for each in tag.iter("{*}t") if next(each.iterancestors("{*}rPh"), None) is None
    )


def _run(words: etree._Element) -> str:
    run, text = words.getparent(), words.text or ""
    looks = run.find("{*}rPr") if run is not None else None
    if looks is None:
        return text
    line, place = looks.find("{*}strike"), looks.find("{*}vertAlign")
    if line is not None and is_on(line.get("val", "1")):
        return ""
    return raised(text) if place is not None and place.get("val") == "superscript" else text


def _heads(parts: Mapping[str, bytes], path: str) -> set[Place]:
    """Return the places of the heads of the tables that people made on a sheet."""
    heads: set[Place] = set()
    for relation in relations(parts, path).values():
        if relation.kind == "table" and relation.path in parts:
            table = xml(parts[relation.path])
            if table.get("headerRowCount", "1") != "0":
                (row, left), (_, right) = _range(str(table.get("ref", "")))
                heads |= {(row, column) for column in range(left, right + 1)}
    return heads


def _sheet(root: etree._Element, book: _Book, heads: set[Place]) -> _Sheet:
    sheet = _Sheet()
    for columns in islice(root.iterfind("{*}cols/{*}col"), _MAX_RANGES):
        if is_on(columns.get("hidden")) or _is_none(columns.get("width")):
            first, last = whole(columns.get("min")), whole(columns.get("max"))
            sheet.columns |= set(range(first, min(last, _LAST_COLUMN) + 1))
    merged = _merged(root)
    # What colors cells by their values may stand behind white words.
    is_plain = root.find("{*}conditionalFormatting") is None
    number_of_row = full = 0
    for row in root.iterfind("{*}sheetData/{*}row"):
        number_of_row = min(whole(row.get("r")) or number_of_row + 1, _LAST_ROW)
        if is_on(row.get("hidden")) or _is_none(row.get("ht")):
            sheet.rows.add(number_of_row)
        before = len(sheet.cells)
        column = 0
        for cell in row.iterfind("{*}c"):
            named = _REFERENCE.fullmatch(str(cell.get("r", "")))
            column = _column(named[1]) if named else column + 1
            place = (number_of_row, column)
            if sheet.hides(place) and place not in merged:
                continue
            looks = _looks_of(cell, book)
            text = "" if looks.is_struck else _shown(cell, book)
            if text and looks.is_unseen and is_plain and place not in heads:
                sheet.unseen += len(text.split())
            elif text:
                is_head = place in heads or looks.is_bold
                # A head has lines only because its column is narrow.
                text = clean(text) if is_head else in_one_line(text.splitlines())
                sheet.cells[place] = Cell(text, is_head=is_head)
        full += len(sheet.cells) > before
        if full > _MAX_ROWS or len(sheet.cells) > MOST_CELLS:
            what = f"{_MAX_ROWS} rows" if full > _MAX_ROWS else f"{MOST_CELLS} cells"
            raise ReadError(book.name, f"holds more than {what}; {_SPLIT_IT}")
    return _spanned(sheet, merged)


def _merged(root: etree._Element) -> dict[Place, Place]:
    """Return the first and the last place of what is merged into one cell."""
    listed = root.iterfind("{*}mergeCells/{*}mergeCell")
    return dict(_range(str(each.get("ref", ""))) for each in listed)


def _spanned(sheet: _Sheet, merged: Mapping[Place, Place]) -> _Sheet:
    """Return the cells that are shown, counted as if nothing were hidden between them.

    A cell spans what is merged with it, and shows where any of that does.
    """
    rows, columns = (
        ShownAxis(range(at, at + 1) for at in each) for each in (sheet.rows, sheet.columns)
    )
    last_row = max((row for row, _ in sheet.cells), default=0)
    last_column = max((column for _, column in sheet.cells), default=0)
    cells: dict[Place, Cell] = {}
    for (top, left), cell in sheet.cells.items():
        bottom, right = merged.get((top, left), (top, left))
        down = rows.among(top, max(min(bottom, last_row) - top, 0) + 1)
        across = columns.among(left, max(min(right, last_column) - left, 0) + 1)
        if down and across:
            place = rows.before(top), columns.before(left)
            cells.setdefault(place, replace(cell, rows=down, columns=across))
    return replace(sheet, cells=cells)


def _shown(cell: etree._Element, book: _Book) -> str:
    """Return what a cell shows, by lines; of a formula, the result that was saved."""
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return _lines("".join(map(_text, cell.iterfind("{*}is"))))
    value = cell.findtext("{*}v") or ""
    if kind == "s":
        at = whole(value) if value else len(book.strings)
        return _lines(book.strings[at]) if at < len(book.strings) else ""
    if kind == "b":
        return {"0": "FALSE", "1": "TRUE"}.get(value.strip(), "")
    amount = number(value) if kind == "n" else None
    if amount is None:
        return _lines(value)
    return clean(shown(amount, _looks_of(cell, book).code, since_1904=book.since_1904))


def _lines(text: str) -> str:
    """Return the lines of a text, each clean; one that begins small goes on with the last."""
    lines: list[str] = []
    for line in filter(None, map(clean, text.splitlines())):
        if lines and line[0].islower():
            lines[-1] += f" {line}"
        else:
            lines.append(line)
    return "\n".join(lines)


def _looks_of(cell: etree._Element, book: _Book) -> Looks:
    at = whole(cell.get("s"))
    return book.looks[at] if at < len(book.looks) else Looks()


def _range(reference: str) -> tuple[Place, Place]:
    """Return the first and the last place of a range; both are nowhere if it is damaged."""
    first, _, last = reference.partition(":")
    places = [_REFERENCE.fullmatch(each) for each in (first, last or first)]
    if not places[0] or not places[1]:
        return (0, 0), (0, 0)
    top, bottom = (min(int(each[2]), _LAST_ROW) for each in places if each)
    left, right = (_column(each[1]) for each in places if each)
    return (top, left), (bottom, right)


def _column(letters: str) -> int:
    number_of_column = 0
    for letter in letters:
        number_of_column = number_of_column * 26 + ord(letter) - ord("A") + 1
    return min(number_of_column, _LAST_COLUMN)


def _is_none(size: str | None) -> bool:
    """Whether a row or a column has no height or width."""
    return size is not None and re.fullmatch(r"0+(\.0*)?", size) is not None


def boxes_of_sheet(parts: Mapping[str, bytes], path: str) -> Iterator[Paragraph]:
    """Yield the paragraphs of the boxes on a sheet, in the order in which they were made."""
    for relation in relations(parts, path).values():
        if relation.kind == "drawing" and relation.path in parts:
            for shape in list(xml(parts[relation.path]).iter("{*}sp"))[:_MOST_BOXES]:
                yield from _paragraphs_of_box(shape)


def _paragraphs_of_box(shape: etree._Element) -> Iterator[Paragraph]:
    own = shape.find("{*}nvSpPr/{*}cNvPr")
    if next(shape.iterancestors("{*}Fallback"), None) is not None:
        return  # for old programs, of which it speaks
    if own is not None and is_on(own.get("hidden")):
        return
    for paragraph in shape.iterfind("{*}txBody/{*}p"):
        if words := clean("".join(each.text or "" for each in paragraph.iter("{*}t"))):
            yield Paragraph(words)
