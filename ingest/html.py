"""Read web pages, those of WordPress above all."""

from bs4 import BeautifulSoup, Tag

from ingest.encoding import decode
from ingest.errors import ReadError
from ingest.extract import Extract
from ingest.furniture import without_furniture, without_title
from ingest.html_blocks import blocks_of_html
from ingest.html_content import content_root, visible_tags
from ingest.html_metadata import (
    head_of,
    kind_from,
    language_from,
    published_of,
    title_heading,
    title_of,
    translations_from,
    url_from,
)
from ingest.html_tree import parse, tokens
from ingest.light_markdown import render

_MAX_BYTES = 5_000_000  # the longest articles are below 1 MB of HTML


def read_html(data: bytes, *, name: str) -> Extract:
    """Return the document a page holds, without the site around it."""
    if len(data) > _MAX_BYTES:
        reason = f"is larger than {_MAX_BYTES // 10**6} MB of HTML; save the article alone"
        raise ReadError(name, reason)
    soup = parse(decode(data))
    head = head_of(soup)
    root = content_root(soup)
    headings = [tag for tag in visible_tags(soup) if tag.name == "h1"]
    title = title_of(soup, head, title_heading(headings, root))
    language, url = language_from(soup, head), url_from(head)
    return Extract(
        title,
        render(without_furniture(without_title(blocks_of_html(root), title))),
        published=published_of(head),
        language=language,
        url=url,
        kind=kind_from(_class_names(soup, root), head),
        translations=translations_from(head, url, language),
    )


def _class_names(soup: BeautifulSoup, root: Tag) -> list[str]:
    """Return the classes of the body and of the tags around the content."""
    around = [root, *root.parents]
    return [name for tag in reversed(around) for name in tokens(tag)] if soup.body else []
