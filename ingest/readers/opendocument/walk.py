"""Read what texts, presentations and spreadsheets of LibreOffice have in common.

They are opened alike, and hold paragraphs, lists, tables and charts in the same tags.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from assistant.domain.light_markdown import (
    Block,
    Heading,
    ListBlock,
    ListItem,
    Paragraph,
    Quotation,
    clean,
    plain_text,
)
from ingest.errors import ReadError
from ingest.readers.office.archive import ArchiveFormat, open_checked, xml
from ingest.readers.office.charts import blocks_of_open_chart
from ingest.readers.office.numbering import Counted, Levels, is_clause, is_plain
from ingest.readers.office.parts import Properties, attribute, local_name, properties_of
from ingest.readers.opendocument.styles import TextStyles
from ingest.readers.shared.grid import Cell, blocks_of_table, in_one_line, lines_of
from ingest.readers.shared.numerals import Items, as_number, raised

_DEEPEST = 100  # lists, tables and text boxes within each other; lxml refuses more than 256
_MOST_REPEATED = 100  # columns; a cell may say that it is repeated a million times
_MOST_REPEATS = 100_000  # cells of a document that are there only because one is repeated
_NEVER_SHOWN = re.compile(
    "tracked-changes|annotation|annotation-end|table-of-content|(?:alphabetical|illustration|table"
    "|object|user)-index|hidden-text|hidden-paragraph|note-citation|forms|sequence-decls|ruby-text"
)
_ROWS = frozenset(("table-header-rows", "table-rows", "table-row-group"))


def open_document_parts(
    data: bytes, form: ArchiveFormat, *, name: str
) -> tuple[Mapping[str, bytes], TextStyles, etree._Element]:
    """Return the parts of a document of LibreOffice, its styles, and its content.

    Raises ReadError if it is encrypted, or something else.
    """
    parts = open_checked(data, form, name=name)
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise ReadError(name, "is encrypted; save it without a password")
    if "content.xml" not in parts:
        raise ReadError(name, f"is no {form.name}: it holds no content.xml; save it again")
    styles, content = TextStyles(), xml(parts["content.xml"])
    common = xml(parts.get("styles.xml", b"<styles/>"))
    styles.read(common)
    styles.read(content)
    styles.hide_white(common, content)
    styles.note_use(content)
    return parts, styles, content


@dataclass(frozen=True, slots=True)
class _ListAt:
    """Where in a list a walk is."""

    style: str
    levels: Levels
    counted: Counted
    level: int


class TextWalk:
    """One pass over a text; gathers footnotes, and the title where a paragraph is styled as one.

    Attributes:
        headline: The first heading without a number, which may be the title too.
        has_numbers: Whether others have one.
    """

    def __init__(self, styles: TextStyles, parts: Mapping[str, bytes] | None = None) -> None:
        self.blocks: list[Block] = []
        self.notes: list[ListItem] = []
        self.title = ""
        self.headline = ""
        self.has_numbers = False
        self.unseen = 0
        self._styles = styles
        self._drawn = dict(parts or {})  # of which each is read once, however often it is shown
        self._boxes: list[etree._Element] = []
        self._outline = Counted()
        self._lists: dict[str, Counted] = {}
        self._repeats = _MOST_REPEATS

    def inside(self, parent: etree._Element, depth: int) -> Iterator[Block]:
        """Yield the blocks of all that a tag contains."""
        for tag in parent if depth < _DEEPEST else ():
            yield from self._with_boxes(tag, depth)

    def _with_boxes(self, tag: etree._Element, depth: int) -> Iterator[Block]:
        yield from self._block(tag, depth + 1)
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            if local_name(box) == "object":
                yield from self._chart(box)
            else:
                yield from self.inside(box, depth + 1)

    def _block(self, tag: etree._Element, depth: int) -> Iterator[Block]:
        names = self._styles.named(tag)
        match local_name(tag):
            case "h":
                yield self._heading(tag, self._outlined(tag))
            case "p" if "Title" in names:
                self.title = self.title or self._words(tag)
                yield Heading(2, self._words(tag))
            case "p":
                quotes = "Quotations" in names
                yield Quotation(self._words(tag)) if quotes else Paragraph(self._words(tag))
            case "list":
                yield from self._list(tag, depth, self._begun(tag))
            case "table":
                yield from self._table(tag, depth)
            case "object":
                yield from self._chart(tag)
            case _ if attribute(tag, "display") == "none":
                self._passed_over(tag)
            case other if not _NEVER_SHOWN.fullmatch(other):
                yield from self.inside(tag, depth)

    def _chart(self, tag: etree._Element) -> Iterator[Block]:
        """Yield what a chart says that stands in a part of its own."""
        content = self._drawn.pop(posixpath.join(attribute(tag, "href"), "content.xml")[2:], None)
        if content is not None:
            yield from blocks_of_open_chart(xml(content))

    def _heading(self, tag: etree._Element, label: str) -> Heading:
        level, words = attribute(tag, "outline-level"), self._words(tag)
        self.has_numbers = self.has_numbers or bool(label)
        if not label:
            self.headline = self.headline or words
        text = f"{label} {words}" if words.strip() else ""
        return Heading(1 + int(level) if level in set("12345") else 2, text)

    def _outlined(self, tag: etree._Element) -> str:
        """Count a heading, and return its number."""
        level = (as_number(attribute(tag, "outline-level")) or 1) - 1
        if level not in self._styles.outline or attribute(tag, "is-list-header"):
            return ""
        start = as_number(attribute(tag, "start-value"))
        self._outline.count(self._styles.outline, level, start=start)
        return self._outline.label(self._styles.outline, level)

    def _begun(self, tag: etree._Element) -> _ListAt:
        """Return where a list begins: anew, or where another one ended."""
        style = attribute(tag, "style-name")
        goes_on = attribute(tag, "continue-list") or (
            style if attribute(tag, "continue-numbering") == "true" else ""
        )
        counted = self._lists.get(goes_on, Counted()) if goes_on else Counted()
        self._lists[style] = counted
        self._lists[attribute(tag, "id")] = counted
        return _ListAt(style, self._styles.lists.get(style, {}), counted, 0)

    def _deeper(self, tag: etree._Element, at: _ListAt) -> _ListAt:
        style = attribute(tag, "style-name") or at.style
        return _ListAt(style, self._styles.lists.get(style, {}), at.counted, at.level + 1)

    def _list(self, tag: etree._Element, depth: int, at: _ListAt) -> Iterator[Block]:
        """Yield a list; items that are numbered like clauses of a law are paragraphs."""
        items = Items()
        for item in tag.iterchildren("{*}list-item", "{*}list-header"):
            yield from self._item(item, depth, at, items)
        yield from items.ended()

    def _item(self, item: etree._Element, depth: int, at: _ListAt, items: Items) -> Iterator[Block]:
        own = [child for child in item if local_name(child) != "list" and depth < _DEEPEST]
        value, label, clause = self._numbered(item, own, at)
        blocks: list[Block] = []
        for each in own:
            if local_name(each) == "h":
                yield from items.ended()
                yield self._heading(each, label)
            else:
                blocks.extend(self._with_boxes(each, depth + 1))
        nested = [
            block
            for child in (item.iterchildren("{*}list") if depth < _DEEPEST else ())
            for block in self._list(child, depth + 2, self._deeper(child, at))
        ]
        words = clean(" ".join(map(plain_text, blocks)))
        lists = tuple(block for block in nested if isinstance(block, ListBlock))
        if words and not clause and len(lists) == len(nested):
            text = words if value is not None else f"{label} {words}"
            yield from items.add(ListItem(text, lists), value)
            return
        yield from items.ended()
        if words:
            yield Paragraph(f"{label} {words}")
        yield from nested

    def _numbered(
        self, item: etree._Element, own: list[etree._Element], at: _ListAt
    ) -> tuple[int | None, str, bool]:
        """Count an item; return its number if that is plain, as shown, and if it is a clause."""
        if at.level not in at.levels or not own or local_name(item) == "list-header":
            return None, "", False
        at.counted.count(at.levels, at.level, start=as_number(attribute(item, "start-value")))
        clause = is_clause(at.levels, at.level, self._styles.used.get(at.style, set()))
        plain = is_plain(at.levels, at.level) and not clause
        label = at.counted.label(at.levels, at.level)
        return (at.counted.values[at.level] if plain else None), label, clause

    def _table(self, table: etree._Element, depth: int) -> Iterator[Block]:
        rows: list[tuple[Cell, ...]] = []
        heads = 0
        for row, is_head in table_rows(table, 0):
            if not is_shown(row):
                continue
            cells = tuple(self._cells(row, depth))
            times = self._times(row, "number-rows-repeated", cells)
            rows.extend([cells] * times)
            heads += times * is_head
        yield from blocks_of_table(rows, head_rows=heads)

    def _cells(self, row: etree._Element, depth: int) -> Iterator[Cell]:
        """Yield the cells of a row, without those that another one covers."""
        for cell in row.iterchildren("{*}table-cell"):
            text = self.in_cell(cell, depth + 1)
            made = Cell(
                text,
                as_number(attribute(cell, "number-rows-spanned")) or 1,
                as_number(attribute(cell, "number-columns-spanned")) or 1,
                self.is_strong(cell),
            )
            yield from [made] * self._times(cell, "number-columns-repeated", (made,))

    def _times(self, tag: etree._Element, name: str, cells: tuple[Cell, ...]) -> int:
        """Return how often a row or a cell stands there; an empty row counts once."""
        repeated = max(min(as_number(attribute(tag, name)) or 1, _MOST_REPEATED), 1)
        if repeated > 1 and local_name(tag) == "table-row" and not any(cell.text for cell in cells):
            return 1
        self._repeats -= (repeated - 1) * len(cells)
        return repeated if self._repeats >= 0 else 1

    def in_cell(self, cell: etree._Element, depth: int) -> str:
        """Return what is shown in a cell on one line."""
        if self._styles.named(cell) & self._styles.hidden:
            return self._passed_over(cell)
        return "" if self.is_struck(cell) else in_one_line(lines_of(self.inside(cell, depth)))

    def is_struck(self, tag: etree._Element) -> bool:
        """Whether a line through the words of a tag says that they no longer hold."""
        return bool(self._styles.named(tag) & self._styles.struck)

    def is_strong(self, cell: etree._Element) -> bool:
        """Whether all words of a cell are set in bold, or in the style of heads of tables."""
        if self._styles.named(cell) & self._styles.bold:
            return True
        paragraphs = [
            each for each in cell.iter("{*}p") if "".join(map(str, each.itertext())).strip()
        ]
        return bool(paragraphs) and all(map(self._is_bold, paragraphs))

    def _is_bold(self, paragraph: etree._Element) -> bool:
        if self._styles.named(paragraph) & self._styles.bold:
            return True
        loose = (paragraph.text, *(child.tail for child in paragraph))
        spans = [each for each in paragraph if local_name(each) == "span"]
        are_bold = all(self._styles.named(each) & self._styles.bold for each in spans)
        return bool(spans) and are_bold and not any(text and text.strip() for text in loose)

    def _words(self, tag: etree._Element) -> str:
        """Return the words of a paragraph; text boxes are read after it, notes at the end."""
        if self._styles.named(tag) & self._styles.hidden:
            return self._passed_over(tag)
        if self.is_struck(tag):
            return ""
        parts = [tag.text or ""]
        for child in tag:
            name = local_name(child)
            if name in {"s", "tab", "line-break"}:
                parts.append(" ")
            elif name == "object" or _is_box(child):
                self._boxes.append(child)
            elif name == "note":
                self._note(child)
            elif name in {"hidden-text", "hidden-paragraph"}:
                parts.append(self._passed_over(child))
            elif not _NEVER_SHOWN.fullmatch(name) and name not in {"desc", "title"}:
                parts.append(self._words(child))
            parts.append(child.tail or "")
        words = "".join(parts)
        return raised(words) if self._styles.named(tag) & self._styles.raised else words

    def _passed_over(self, tag: etree._Element) -> str:
        """Count the words that a tag hides, and return those that it shows: none."""
        self.unseen += len(" ".join(map(str, tag.itertext())).split())
        return ""

    def _note(self, note: etree._Element) -> None:
        for body in note.iterchildren("{*}note-body"):
            text = clean(" ".join(lines_of(self.inside(body, _DEEPEST - 3))))
            self.notes.append(ListItem(text))


def table_rows(
    parent: etree._Element, depth: int, *, heads: bool = False
) -> Iterator[tuple[etree._Element, bool]]:
    """Yield the rows of a table, and whether they are heads; not those of tables inside it."""
    for tag in parent if depth < _DEEPEST else ():
        if local_name(tag) == "table-row":
            yield tag, heads
        elif local_name(tag) in _ROWS:
            yield from table_rows(
                tag, depth + 1, heads=heads or local_name(tag) == "table-header-rows"
            )


def pictures_in(root: etree._Element) -> int:
    """Return how many pictures there are, but for those of charts and tables that are read."""
    frames = (each.getparent() for each in root.iter("{*}image"))
    read = ("object", "table")
    return sum(
        frame is not None and not any(local_name(child) in read for child in frame)
        for frame in frames
    )


def is_shown(row: etree._Element) -> bool:
    """Whether a row or a column of a table is neither hidden nor filtered out."""
    return attribute(row, "visibility") in {"", "visible"}


def _is_box(tag: etree._Element) -> bool:
    """Whether a tag is a text box, or a shape with words of its own."""
    is_drawn = ":drawing:" in (etree.QName(tag).namespace or "")
    return is_drawn and any(local_name(child) in {"p", "list"} for child in tag)


def open_document_properties(parts: Mapping[str, bytes]) -> Properties:
    """Return what a document of LibreOffice says about itself; nothing if that is damaged."""
    return properties_of(parts, "meta.xml", "{*}meta")
