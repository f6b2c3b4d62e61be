"""Parse HTML in linear time, with lxml only, and read tags without surprises.

Python's own HTML parser is never used: it takes quadratic time on hostile markup.
"""

import re
import warnings
from collections.abc import Iterator
from itertools import islice

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, Tag, XMLParsedAsHTMLWarning

MAX_DEPTH = 100  # levels of nesting that are read as structure; below, only as words

_HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]
_NEAR = 3  # texts and tags
_LONGEST_CELL = 1000  # characters; more is an article, and the table its page

_XML_DECLARATION = re.compile(r"<\?xml[^>]{0,300}>")
# The parser is older than this tag: it would take all words that follow for what stands inside it.
_BREAK_CHANCE = re.compile(r"</?wbr\b[^<>]{0,200}>", re.IGNORECASE)

# Both are advice to programmers about one call, not about the page that is read.
for _advice in (MarkupResemblesLocatorWarning, XMLParsedAsHTMLWarning):
    warnings.filterwarnings("ignore", category=_advice)


def parse(markup: str) -> BeautifulSoup:
    """Return the tree of a page or a fragment; anything is taken, as in a browser."""
    text = _BREAK_CHANCE.sub("", markup.replace("\x00", "")).lstrip()
    if declaration := _XML_DECLARATION.match(text):
        text = text[declaration.end() :]
    return BeautifulSoup(text if "<" in text else f"<p>{text}</p>", "lxml")


def attribute(tag: Tag, name: str) -> str:
    """Return an attribute as one text, empty if absent."""
    value = tag.get(name)
    if value is None:
        return ""
    return value if isinstance(value, str) else " ".join(value)


def tokens(tag: Tag) -> list[str]:
    """Return the classes and the id of a tag, in lower case."""
    return f"{attribute(tag, 'class')} {attribute(tag, 'id')}".lower().split()


def children(tag: Tag) -> Iterator[Tag]:
    """Yield the tags directly inside a tag."""
    return (child for child in tag.children if isinstance(child, Tag))


def tag_before(tag: Tag) -> Tag | None:
    """Return the tag right before a tag, if little but blanks is between them."""
    near = islice(tag.previous_siblings, _NEAR)
    return next((each for each in near if isinstance(each, Tag)), None)


def number_of(tag: Tag, name: str, *, default: int) -> int:
    """Return an attribute as a number below 1,000, the default if it is none."""
    value = attribute(tag, name)
    return int(value) if re.fullmatch(r"[0-9]{1,3}", value) else default


def table_rows(tag: Tag) -> Iterator[Tag]:
    """Yield the rows of a table as they are shown, its foot last; not those of tables inside it."""
    for child in sorted(children(tag), key=lambda child: child.name == "tfoot"):
        if child.name == "tr":
            yield child
        elif child.name in {"thead", "tbody", "tfoot"}:
            yield from (row for row in children(child) if row.name == "tr")


def is_data_table(tag: Tag) -> bool:
    """Whether a table holds data, rather than the layout of an old page."""
    rows = [list(children(row)) for row in table_rows(tag)]
    if attribute(tag, "role") in {"presentation", "none"} or len(rows) < 2:  # noqa: PLR2004 - one
        return False
    if max(map(len, rows)) < 2:  # noqa: PLR2004 - one column
        return False
    cells = [cell for row in rows for cell in row]
    has_heads = any(cell.name == "th" for cell in cells)
    if tag.find("table"):  # in which old pages lay out others; with heads of its own, it holds one
        return has_heads and not any(len(cell.get_text()) > _LONGEST_CELL for cell in cells)
    if has_heads or tag.find("caption"):
        return True
    return not any(cell.find(_HEADINGS) or len(cell.get_text()) > _LONGEST_CELL for cell in cells)


def defined_terms(tag: Tag) -> Iterator[Tag]:
    """Yield the terms and definitions of a definition list, out of the boxes around them."""
    for child in children(tag):
        if child.name == "div":
            yield from children(child)
        else:
            yield child
