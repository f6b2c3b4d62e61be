"""Parse HTML in linear time, with lxml only, and read tags without surprises.

Python's own HTML parser is never used: it takes quadratic time on hostile markup.
"""

import re
import warnings
from collections.abc import Iterator

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, Tag, XMLParsedAsHTMLWarning

MAX_DEPTH = 100  # levels of nesting that are read as structure; below, only as words

_XML_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,300}>")

# Both are advice to programmers about one call, not about the page that is read.
for _advice in (MarkupResemblesLocatorWarning, XMLParsedAsHTMLWarning):
    warnings.filterwarnings("ignore", category=_advice)


def parse(markup: str) -> BeautifulSoup:
    """Return the tree of a page or a fragment; anything is taken, as in a browser."""
    text = _XML_DECLARATION.sub("", markup.replace("\x00", ""), count=1)
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
