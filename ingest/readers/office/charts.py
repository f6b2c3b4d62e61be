"""Read what charts and diagrams (SmartArt) of office documents say. No input or output."""

from collections.abc import Iterator, Mapping, Sequence

from lxml import etree

from assistant.domain.light_markdown import Block, ListBlock, ListItem, Paragraph, clean
from ingest.readers.office.archive import xml
from ingest.readers.office.number_formats import GENERAL, number, shown
from ingest.readers.office.parts import Relation, attribute
from ingest.readers.shared.grid import Cell, blocks_of_table
from ingest.readers.shared.numerals import as_number

_MAX_POINTS = 200  # of a series; nobody reads more off a drawing
_MAX_SERIES = 50
_DEEPEST = 20
_MAX_NODES = 1000


def blocks_of_drawing(
    tag: etree._Element, related: Mapping[str, Relation], parts: Mapping[str, bytes]
) -> Iterator[Block]:
    """Yield what a chart or a diagram says that a tag refers to."""
    is_chart = tag.tag.endswith("}chart")
    relation = related.get(attribute(tag, "id" if is_chart else "dm"))
    if relation and relation.path in parts:
        root = xml(parts[relation.path])
        yield from _chart(root) if is_chart else _diagram(root)


def _chart(root: etree._Element) -> Iterator[Block]:
    """Yield the title of a chart and its values, those that were saved with it."""
    title = _words(root.find("{*}chart/{*}title"))
    series = list(root.iterfind("{*}chart/{*}plotArea/*/{*}ser"))[:_MAX_SERIES]
    values = [_points(each, ("val", "yVal")) for each in series]
    names = [next(iter(_points(each, ("tx",)).values()), "") for each in series]
    categories: Mapping[int, str] = {}
    for each in series:
        categories = categories or _points(each, ("cat", "xVal"))
    at = sorted({index for each in values for index in each})
    if not at or len(at) > _MAX_POINTS:
        if title:
            yield Paragraph(title)
        return
    rows = [
        (categories.get(index, str(index + 1)), *(each.get(index, "") for each in values))
        for index in at
    ]
    yield from _values(title, names, rows)


def blocks_of_open_chart(root: etree._Element) -> Iterator[Block]:
    """Yield the title and the values of a chart of LibreOffice, which has them in a table."""
    chart = root.find("{*}body/{*}chart/{*}chart")
    if chart is None:
        return
    title = _words_of(chart.find("{*}title"))
    rows = [
        tuple(map(_value, list(row.iterchildren("{*}table-cell"))[: _MAX_SERIES + 1]))
        for row in chart.iterfind("{*}table//{*}table-row")
    ]
    if len(rows) - 1 in range(1, _MAX_POINTS + 1) and len(rows[0]) > 1:
        yield from _values(title, rows[0][1:], rows[1:])
    elif title:
        yield Paragraph(title)


def _value(cell: etree._Element) -> str:
    words = _words_of(cell)
    if "value" not in {etree.QName(str(each)).localname for each in cell.attrib}:
        return words
    amount = number(words)
    return clean(shown(amount, GENERAL)) if amount is not None else ""  # where there is none, NaN


def _values(title: str, names: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[Block]:
    """Yield values, each row after its name, as a list of one series or a table of several."""
    if len(names) == 1:
        named = ": ".join(dict.fromkeys(filter(None, (title, names[0]))))
        if named:
            yield Paragraph(named)
        yield ListBlock(tuple(ListItem(f"{name}: {value}") for name, value in rows))
        return
    cells = [tuple(map(Cell, row)) for row in rows]
    heads = tuple(Cell(each, is_head=True) for each in ("", *names))
    yield from blocks_of_table([heads, *cells], head_rows=1, caption=title)


def _words_of(tag: etree._Element | None) -> str:
    """Return the words of a title or a cell, without where in a sheet they come from."""
    paragraphs = tag.iter("{*}p") if tag is not None else ()
    return clean(" ".join("".join(map(str, each.itertext())) for each in paragraphs))


def _points(series: etree._Element, names: tuple[str, ...]) -> Mapping[int, str]:
    """Return what a series holds under one of some names, by its place in the series."""
    holder = next(series.iterchildren(*(f"{{*}}{name}" for name in names)), None)
    if holder is None:
        return {}
    code = next((each.text or "" for each in holder.iter("{*}formatCode")), GENERAL)
    level = next(holder.iter("{*}lvl"), holder)  # of several levels of names, the nearest
    is_number = next(holder.iter("{*}numCache", "{*}numLit"), None) is not None
    found: dict[int, str] = {}
    for point in level.iter("{*}pt"):
        text = clean(point.findtext("{*}v") or "")
        amount = number(text) if is_number else None
        own = str(point.get("formatCode", code))
        index = as_number(str(point.get("idx", "")))
        if index is not None and text:
            found[index] = text if amount is None else clean(shown(amount, own))
    if not found and (direct := clean(holder.findtext("{*}v") or "")):
        return {0: direct}
    return found


def _diagram(root: etree._Element) -> Iterator[Block]:
    """Yield the words of a diagram as a list, in the order in which its author put them."""
    points = {
        str(point.get("modelId")): point
        for point in root.iterfind("{*}ptLst/{*}pt")
        if point.get("type", "node") in {"node", "asst", "doc"}
    }
    below: dict[str, list[tuple[int, str]]] = {}
    for link in root.iterfind("{*}cxnLst/{*}cxn"):
        if link.get("type", "parOf") == "parOf" and str(link.get("destId")) in points:
            order = as_number(str(link.get("srcOrd", ""))) or 0
            below.setdefault(str(link.get("srcId")), []).append((order, str(link.get("destId"))))
    seen: set[str] = set()

    def items(parent: str, depth: int) -> Iterator[ListItem]:
        for _, name in sorted(below.get(parent, ())) if depth < _DEEPEST else ():
            if name in seen or len(seen) > _MAX_NODES:
                continue
            seen.add(name)
            nested = tuple(items(name, depth + 1))
            words = _words(points[name].find("{*}t"))
            if words or nested:
                yield ListItem(words, (ListBlock(nested),) if nested else ())

    roots = [name for name, point in points.items() if point.get("type") == "doc"]
    if found := tuple(item for name in roots for item in items(name, 0)):
        yield ListBlock(found)


def _words(tag: etree._Element | None) -> str:
    """Return the words of a title or a box, its paragraphs and lines apart."""
    if tag is None:
        return ""
    parts = tag.iter("{*}t", "{*}br", "{*}p")
    return clean("".join(each.text or "" if each.tag.endswith("}t") else " " for each in parts))
