"""Make tables of what is a table by its roles alone, as some site builders write. Changes the tree.

Without, the words of a row would run into each other: its cells are often `span`s.
"""

from bs4 import BeautifulSoup, Tag

from ingest.readers.html.tree import attribute

_PARTS = {
    "rowgroup": "tbody",
    "row": "tr",
    "columnheader": "th",
    "rowheader": "th",
    "cell": "td",
    "gridcell": "td",
}
_BOXES = frozenset(("div", "span", "section", "ul", "ol", "li", "p"))


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
