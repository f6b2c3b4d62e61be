"""Give the tables of a Word document all of their cells, and say which are heads. Pure."""

from collections.abc import Mapping

from lxml import etree

from ingest.readers.docx.numbering import ParagraphStyle, applies, value_of
from ingest.readers.office.parts import attribute, is_on, remove
from ingest.readers.shared.numerals import as_number

_MOST_SPANNED = 100  # columns; a span costs nothing to write
_FIRST_ROW, _FIRST_COLUMN = 0x0020, 0x0080  # of the look of a table, in its older form


def complete_tables(
    root: etree._Element, styles: Mapping[str, ParagraphStyle], namespace: str
) -> None:
    """Give rows the cells that they leave out, and merge those that are merged in the old way."""
    for mark in list(root.iter(f"{namespace}tblHeader")):
        if not applies(mark):
            remove(mark)
    for span in list(root.iter(f"{namespace}gridSpan")):
        wide = as_number(attribute(span, "val")) or 1
        span.set(f"{namespace}val", str(min(wide, _MOST_SPANNED)))
    for table in root.iter(f"{namespace}tbl"):
        _show_heads(table, styles, namespace)
    for row in list(root.iter(f"{namespace}tr")):
        before = as_number(value_of(row, "trPr/{*}gridBefore")) or 0
        cells = row.findall(f"{namespace}tc")
        if before and cells:
            empty = etree.Element(f"{namespace}tc")
            properties = etree.SubElement(empty, f"{namespace}tcPr")
            _set_span(properties, min(before, _MOST_SPANNED), namespace)
            cells[0].addprevious(empty)
        _merge_across(cells, namespace)


def _merge_across(cells: list[etree._Element], namespace: str) -> None:
    first: etree._Element | None = None
    for cell in cells:
        mark = cell.find(f"{namespace}tcPr/{namespace}hMerge")
        if mark is None:
            first = None
        elif attribute(mark, "val") == "restart" or first is None:
            first = cell.find(f"{namespace}tcPr")
        else:
            wide = as_number(value_of(first, "gridSpan")) or 1
            own = as_number(value_of(cell, "tcPr/{*}gridSpan")) or 1
            _set_span(first, min(wide + own, _MOST_SPANNED), namespace)
            remove(cell)


def _set_span(properties: etree._Element, wide: int, namespace: str) -> None:
    span = properties.find(f"{namespace}gridSpan")
    if span is None:
        span = etree.SubElement(properties, f"{namespace}gridSpan")
    span.set(f"{namespace}val", str(wide))


def _show_heads(
    table: etree._Element, styles: Mapping[str, ParagraphStyle], namespace: str
) -> None:
    """Mark as heads what the style of a table, or of paragraphs in it, sets in bold."""
    rows = table.findall(f"{namespace}tr")
    look = table.find(f"{namespace}tblPr/{namespace}tblLook")
    style = styles.get(value_of(table, "tblPr/{*}tblStyle"), ParagraphStyle())
    for row in rows:
        cells = row.findall(f"{namespace}tc")
        for at, cell in enumerate(cells):
            is_first = at == 0 and "firstCol" in style.sets_apart and len(cells) > 1
            is_named = is_first and _has(look, "firstColumn", _FIRST_COLUMN)
            for paragraph in cell.findall(f"{namespace}p"):
                own = styles.get(value_of(paragraph, "pPr/{*}pStyle"), ParagraphStyle())
                if is_named or own.is_bold:
                    _embolden(paragraph, namespace)
    is_marked = any(row.find(f"{namespace}trPr/{namespace}tblHeader") is not None for row in rows)
    if len(rows) < 2 or is_marked or "firstRow" not in style.sets_apart:  # noqa: PLR2004
        return
    if _has(look, "firstRow", _FIRST_ROW):
        for row in rows[: _heads(rows, namespace)]:
            properties = row.find(f"{namespace}trPr")
            if properties is None:
                properties = etree.Element(f"{namespace}trPr")
                row.insert(0, properties)
            etree.SubElement(properties, f"{namespace}tblHeader")


def _heads(rows: list[etree._Element], namespace: str) -> int:
    """Return how many rows the heads fill: those into which a cell of the first one reaches."""
    heads = 1
    while heads < len(rows) - 1:
        marks = rows[heads].iterfind(f"{namespace}tc/{namespace}tcPr/{namespace}vMerge")
        if all(attribute(mark, "val") == "restart" for mark in marks):
            break
        heads += 1
    return heads


def _has(look: etree._Element | None, name: str, bit: int) -> bool:
    """Whether a table shows what its style says of a row or a column."""
    if look is None:
        return False
    told = attribute(look, name)
    if told:
        return is_on(told)
    digits = attribute(look, "val")
    return digits.isalnum() and digits.isascii() and bool(_hexadecimal(digits) & bit)


def _hexadecimal(digits: str) -> int:
    try:
        return int(digits[:4], 16)
    except ValueError:
        return 0


def _embolden(paragraph: etree._Element, namespace: str) -> None:
    for run in paragraph.iter(f"{namespace}r"):
        properties = run.find(f"{namespace}rPr")
        if properties is None:
            properties = etree.Element(f"{namespace}rPr")
            run.insert(0, properties)
        if properties.find(f"{namespace}b") is None:
            etree.SubElement(properties, f"{namespace}b")
