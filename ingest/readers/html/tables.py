"""Make tables tell in tags and words what they show. Changes the tree.

Some site builders make tables by roles alone; without tags, the words of a row would run into each
other. And a table that compares offers often has only ticks, crosses and icons in its cells, and
says what a sign means to programs that read pages out alone: a cell that says "no" would be empty.
"""

from collections.abc import Iterator
from itertools import islice

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from assistant.domain.light_markdown import clean
from ingest.readers.html.boilerplate import is_boilerplate
from ingest.readers.html.hidden import is_spoken, takes_no_room
from ingest.readers.html.tree import attribute, children, is_data_table, table_rows, tokens

_MAX_INSIDE = 30  # tags and texts in a cell; with more it is a text, whose icons only adorn it
_LONGEST = 40  # characters; what stands in for a sign is a word or two
_ICONS = frozenset(("svg", "i", "span", "img", "em", "b"))
_SIGNS = frozenset("✓✔✅☑✗✘✕✖❌❎☒×●○")
_TICKS = frozenset(("check", "tick", "checkmark", "yes"))
_CROSSES = frozenset(("times", "xmark", "cross", "close", "no"))
_PARTS = {
    "rowgroup": "tbody",
    "row": "tr",
    "columnheader": "th",
    "rowheader": "th",
    "cell": "td",
    "gridcell": "td",
}
_BOXES = frozenset(("div", "span", "section", "ul", "ol", "li", "p"))


def show_signs(soup: BeautifulSoup) -> None:
    """Put into words, or one sign, what stands as a picture in a cell without other words."""
    tables = filter(is_data_table, soup.find_all("table"))
    cells = [cell for table in tables for row in table_rows(table) for cell in children(row)]
    for cell in cells:
        inside = list(islice(cell.descendants, _MAX_INSIDE + 1))
        if len(inside) <= _MAX_INSIDE and not _has_words(cell, 0):
            tags = [tag for tag in inside if isinstance(tag, Tag) and not _is_off(tag, cell)]
            if told := next(filter(None, _told(tags)), ""):
                cell.append(NavigableString(told))


def _has_words(tag: Tag, depth: int) -> bool:
    """Whether a tag shows any words itself."""
    if depth > _MAX_INSIDE or tag.name == "table":
        return True
    for child in tag.children:
        if isinstance(child, Tag):
            if not is_boilerplate(child) and _has_words(child, depth + 1):
                return True
        elif type(child) is NavigableString and clean(child):
            return True
    return False


def _is_off(tag: Tag, cell: Tag) -> bool:
    """Whether a tag in a cell is switched off, or part of what is."""
    within = [tag]
    for parent in tag.parents:
        if parent is cell:
            break
        within.append(parent)
    return any(map(takes_no_room, within))


def _told(tags: list[Tag]) -> Iterator[str]:
    """Yield what the tags in a cell say of its sign, from the most to the least explicit."""
    icons = [tag for tag in tags if tag.name in _ICONS]
    for tag in icons:
        yield from (_short(attribute(tag, name)) for name in ("aria-label", "alt"))
        if tag.name == "svg" and (title := tag.find("title")) is not None:
            yield _short(title.get_text())
    yield from (_short(tag.get_text()) for tag in tags if is_spoken(tag))
    yield from (_short(attribute(tag, "title")) for tag in icons)
    for tag in icons:
        words = clean(tag.get_text())
        yield words if words and set(words) <= _SIGNS else _by_name(tag)


def _short(text: str) -> str:
    """Return what stands in for a sign; a long text describes something else, if anything."""
    words = clean(text)
    return words if len(words) <= _LONGEST and "." not in words else ""


def _by_name(tag: Tag) -> str:
    """Return the sign that an icon without words is called after."""
    words = {word for name in tokens(tag) for word in name.replace("_", "-").split("-")}
    is_tick, is_cross = bool(words & _TICKS), bool(words & _CROSSES)
    return "" if is_tick == is_cross else "✓" if is_tick else "✗"


def name_tables(soup: BeautifulSoup) -> None:
    """Give the parts of such tables the names of tags that they stand for."""
    for table in soup.find_all(_is_table):
        table.name = "table"
        for part in table.find_all(lambda tag: tag.name in _BOXES and _role(tag) in _PARTS):
            part.name = _PARTS[_role(part)]


def _is_table(tag: Tag) -> bool:
    return tag.name in _BOXES and _role(tag) in {"table", "grid"}


def _role(tag: Tag) -> str:
    return attribute(tag, "role").lower()
