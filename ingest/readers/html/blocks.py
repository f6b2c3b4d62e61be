"""Turn an HTML tree into blocks. Skips what is no text; changes nothing in the tree."""

import re
from collections.abc import Callable, Iterator
from itertools import islice

from bs4 import Tag
from bs4.element import CData, NavigableString

from assistant.domain.light_markdown import (
    Block,
    Heading,
    ListBlock,
    ListItem,
    Paragraph,
    Quotation,
    clean,
    has_text,
    plain_text,
)
from ingest.readers.html.boilerplate import is_boilerplate
from ingest.readers.html.formulas import formula_text
from ingest.readers.html.hidden import is_blank, is_struck, makes_box, takes_no_room
from ingest.readers.html.tree import (
    MAX_DEPTH,
    attribute,
    children,
    defined_terms,
    is_data_table,
    number_of,
    table_rows,
)
from ingest.readers.shared.boilerplate import without_shortcodes
from ingest.readers.shared.grid import Cell, blocks_of_table, in_one_line, lines_of
from ingest.readers.shared.lines import blocks_of_lines, is_bullet
from ingest.readers.shared.numerals import Items, in_form, raised

_BLOCK_TAG = re.compile(
    "address|article|aside|body|caption|center|dd|details|div|dt|fieldset|figcaption|figure|footer"
    "|form|header|hgroup|hr|html|legend|li|main|p|section|summary|table|tbody|td|tfoot|th|thead|tr"
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_LISTS = frozenset(("ul", "ol", "menu", "dir"))
_CARD_DEPTH = 5  # how far above its heading a card of another article is a link
_TO_THE_END = 1000  # what a row span of 0 means: all rows that follow
_SUMMARY_LEVEL = 3  # below the sections of a page, which are level 2


Skip = Callable[[Tag], bool]
"""Whether a tag is left out, with all inside it."""
_LONGEST_STYLE = 2000
_LIST_STYLE = re.compile(r"list-style(?:-type)?\s{0,5}:\s{0,5}([\w-]{1,30})", re.IGNORECASE)
_FORMS = {
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
    "lower-alpha": "lowerLetter",
    "lower-latin": "lowerLetter",
    "upper-alpha": "upperLetter",
    "upper-latin": "upperLetter",
    "lower-roman": "lowerRoman",
    "upper-roman": "upperRoman",
    "none": "none",
}


def blocks_of_html(root: Tag, skip: Skip = is_boilerplate) -> list[Block]:
    """Return the content inside a tag as blocks, in the order of the page.

    The rule of what is left out is that of web pages, unless another is given. Headings have the
    levels that they have on the page, the first included.
    """
    walk = _Walk(skip)
    walk.inside(root, 0)
    walk.end_paragraph()
    return walk.blocks


def inline_text(tag: Tag, depth: int = 0, skip: Skip = is_boilerplate) -> str:
    """Return all content inside a tag as one line."""
    walk = _Walk(skip)
    walk.inside(tag, depth)
    walk.end_paragraph()
    return clean(" ".join(map(plain_text, walk.blocks)))


class _Walk:
    """One pass over a tree: finished blocks, and the words of the paragraph under way."""

    def __init__(self, skip: Skip, *, keep_lines: bool = False) -> None:
        self._skip = skip
        self.blocks: list[Block] = []
        self._words: list[str] = []
        self._keep_lines = keep_lines

    def inside(self, tag: Tag, depth: int) -> None:
        """Take all that a tag contains."""
        if depth > MAX_DEPTH:
            self._words.append(tag.get_text(" "))
            return
        for child in tag.children:
            if isinstance(child, Tag):
                if not self._skip(child):
                    self._take(child, depth + 1)
            elif type(child) in {NavigableString, CData}:
                self._words.append(re.sub(r"\s+", " ", str(child)))

    def end_paragraph(self) -> None:
        """Turn the words gathered so far into blocks; two line breaks part paragraphs."""
        text = without_shortcodes("".join(self._words))
        self._words.clear()
        for part in re.split(r"\n[ \n]*\n", text):
            lines = [line for line in map(clean, part.split("\n")) if line]
            if sum(map(is_bullet, lines)) > 1:
                self.blocks.extend(blocks_of_lines(lines))
            elif self._keep_lines:
                self.blocks.extend(map(Paragraph, lines))
            elif lines:
                self.blocks.append(Paragraph(" ".join(lines)))

    def _take(self, tag: Tag, depth: int) -> None:
        name = tag.name
        if name in {"br", "math"}:
            self._words.append("\n" if name == "br" else formula_text(tag))
        elif name in _HEADINGS or name == "summary":
            self._add(_heading(tag, depth, self._skip))
        elif name in _LISTS:
            self._add(*_lists(tag, depth, self._skip))
        elif name == "dl":
            self._add(*_definitions(tag, depth, self._skip))
        elif name == "table" and is_data_table(tag):
            self._add(*_table(tag, depth, self._skip))
        elif name == "blockquote":
            self._add(*_quotation(tag, depth, self._skip))
        elif name == "pre":
            self._add(*map(Paragraph, re.split(r"\n\s*\n", without_shortcodes(tag.get_text()))))
        elif _BLOCK_TAG.fullmatch(name) or makes_box(tag):
            self.end_paragraph()
            self.inside(tag, depth)
            self.end_paragraph()
        elif name in {"sup", "q"}:
            self._signed(tag, depth)
        else:
            self.inside(tag, depth)

    def _signed(self, tag: Tag, depth: int) -> None:
        """Take words with what a browser shows of their tag."""
        before = len(self._words)
        self.inside(tag, depth)
        words = "".join(self._words[before:])
        self._words[before:] = [raised(words) if tag.name == "sup" else f"“{words}”"]

    def _add(self, *blocks: Block) -> None:
        self.end_paragraph()
        self.blocks.extend(block for block in blocks if has_text(block))


def _heading(tag: Tag, depth: int, skip: Skip) -> Heading:
    level = _SUMMARY_LEVEL if tag.name == "summary" else int(tag.name[1])
    return Heading(level, inline_text(tag, depth, skip), is_link=_is_link(tag))


def _is_link(tag: Tag) -> bool:
    """Whether all words of a tag lead to another page."""
    if any(map(_leads_away, islice(tag.parents, _CARD_DEPTH))):
        return True
    link = tag.find("a")
    if not isinstance(link, Tag) or not _leads_away(link):
        return False
    return clean(link.get_text()) == clean(tag.get_text())


def _leads_away(tag: Tag) -> bool:
    return tag.name == "a" and attribute(tag, "href")[:1] not in {"", "#"}


def _quotation(tag: Tag, depth: int, skip: Skip) -> Iterator[Block]:
    walk = _Walk(skip)
    walk.inside(tag, depth)
    walk.end_paragraph()
    for block in walk.blocks:
        yield Quotation(block.text) if isinstance(block, Paragraph) else block


def _lists(tag: Tag, depth: int, skip: Skip) -> Iterator[ListBlock]:
    """Yield a list; it begins anew where its numbers do not go on."""
    if depth > MAX_DEPTH:
        yield ListBlock((ListItem(clean(tag.get_text(" "))),))
        return
    items = Items()
    for child, value, label in numbered_items(tag):
        if skip(child):
            continue
        # A list right inside another one, as old editors wrote it, belongs to the item above it.
        if child.name in _LISTS and items.nest(_lists(child, depth + 1, skip)):
            continue
        item = _item(child, depth + 1, skip)
        shown = label and item.text
        yield from items.add(
            ListItem(f"{label} {item.text}", item.children) if shown else item, value
        )
    yield from items.ended()


def _item(tag: Tag, depth: int, skip: Skip) -> ListItem:
    walk = _Walk(skip)
    if tag.name in _LISTS:
        return ListItem("", tuple(_lists(tag, depth, skip)))
    walk.inside(tag, depth)
    walk.end_paragraph()
    nested = tuple(block for block in walk.blocks if isinstance(block, ListBlock))
    words = (plain_text(block) for block in walk.blocks if not isinstance(block, ListBlock))
    return ListItem(clean(" ".join(words)), nested)


def _definitions(tag: Tag, depth: int, skip: Skip) -> Iterator[Block]:
    """Give each term with its definitions as one item; a term that asks becomes a heading."""
    items: list[ListItem] = []
    term, asked = "", False
    for child in defined_terms(tag):
        if skip(child):
            continue
        text = inline_text(child, depth + 1, skip)
        if child.name != "dt" and asked and not term:
            yield Paragraph(text)
        elif child.name != "dt":
            items.append(ListItem(f"{term}: {text}" if term else text))
            term = ""
        elif text.endswith("?"):
            if items:
                yield ListBlock(tuple(items))
            items, term, asked = [], "", True
            yield Heading(_SUMMARY_LEVEL, text)
        else:
            term, asked = (f"{term}, {text}" if term else text), False
    if term:
        items.append(ListItem(term))
    if items:
        yield ListBlock(tuple(items))


def _table(tag: Tag, depth: int, skip: Skip) -> Iterator[Block]:
    caption = next((child for child in children(tag) if child.name == "caption"), None)
    rows = [(row, tuple(_cells(row, depth + 1, skip))) for row in table_rows(tag) if not skip(row)]
    above = 0
    while above < len(rows) and getattr(rows[above][0].parent, "name", "") == "thead":
        above += 1
    yield from blocks_of_table(
        [cells for _, cells in rows],
        head_rows=above,
        caption=inline_text(caption, depth + 1, skip) if caption else "",
    )


def _cells(row: Tag, depth: int, skip: Skip) -> Iterator[Cell]:
    for cell in children(row):
        if cell.name in {"td", "th"} and not takes_no_room(cell):
            yield Cell(
                "" if is_blank(cell) or is_struck(cell) else _cell_text(cell, depth, skip),
                rows=number_of(cell, "rowspan", default=1) or _TO_THE_END,
                columns=number_of(cell, "colspan", default=1),
                is_head=cell.name == "th" or _is_bold(cell),
            )


def _cell_text(cell: Tag, depth: int, skip: Skip) -> str:
    """Return what stands in a cell on one line; what stood in lines of its own stays apart."""
    walk = _Walk(skip, keep_lines=cell.name == "td")
    walk.inside(cell, depth)
    walk.end_paragraph()
    return in_one_line(lines_of(walk.blocks))


def _is_bold(cell: Tag) -> bool:
    """Whether all words of a cell are set in bold, as editors without a button for heads do."""
    strong = "".join(tag.get_text() for tag in cell.find_all(["strong", "b"]))
    return bool(strong.strip()) and clean(strong) == clean(cell.get_text())


def numbered_items(listed: Tag) -> Iterator[tuple[Tag, int | None, str]]:
    """Yield what stands in a list with its number if that is plain and counts up, or as it shows.

    Only items count; a list right inside another one, as old editors wrote it, does not.
    """
    inside = list(children(listed))
    if listed.name != "ol":
        yield from ((child, None, "") for child in inside)
        return
    step = -1 if listed.has_attr("reversed") else 1
    first = 1 if step > 0 else sum(child.name == "li" for child in inside)
    value = number_of(listed, "start", default=first)
    for child in inside:
        if child.name != "li":
            yield child, None, ""
            continue
        value = number_of(child, "value", default=value)
        form = _form(child) or _form(listed) or "decimal"
        is_plain = form == "decimal" and step > 0
        label = in_form(value, form)
        yield child, value if is_plain else None, f"{label}." if label and not is_plain else ""
        value += step


def _form(tag: Tag) -> str:
    told = _LIST_STYLE.search(attribute(tag, "style")[:_LONGEST_STYLE])
    return _FORMS.get(told[1].lower() if told else attribute(tag, "type"), "")
