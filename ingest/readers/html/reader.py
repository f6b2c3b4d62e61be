"""Read web pages, those of WordPress above all; refuse those that are no documents.

Pages that only forward, that are missing or ask who reads may come as if they were documents. What
they say of it is believed only where they say little else: an article about missing pages is one.
"""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag

from assistant.domain.light_markdown import clean, render
from assistant.language.languages import in_all
from ingest.errors import ReadError
from ingest.readers.extract import FRAGMENT, Extract
from ingest.readers.html.blocks import blocks_of_html
from ingest.readers.html.content import find_content
from ingest.readers.html.counters import show_counters
from ingest.readers.html.decoding import decode_entities, drop_icons, show_addresses
from ingest.readers.html.formulas import end_formulas
from ingest.readers.html.hidden import unseen_words
from ingest.readers.html.metadata import (
    Head,
    authors_from,
    changed_of,
    head_of,
    kind_from,
    language_from,
    published_of,
    site_of,
    successor_from,
    title_of,
    translations_from,
    url_from,
)
from ingest.readers.html.opening import open_folded
from ingest.readers.html.pruning import prune, take_logos
from ingest.readers.html.tables import name_tables, show_signs
from ingest.readers.html.tree import attribute, parse, tokens
from ingest.readers.shared.boilerplate import without_boilerplate, without_datelines, without_title
from ingest.readers.shared.encoding import decode
from ingest.readers.shared.headings import below_title

_MAX_BYTES = 5_000_000  # the longest articles are below 1 MB of HTML
_MAX_TAGS = 60_000  # and what looks like one; of 3,009 real pages, the largest has 19,629

_SHOWING = (
    end_formulas,
    decode_entities,
    drop_icons,
    show_addresses,
    name_tables,
    show_signs,
    show_counters,
    open_folded,
)
"""What a page shows other than its markup says, in the order in which that is brought in."""
_MAX_NOTICE = 300  # characters; what a page that forwards its visitors has to say
_MAX_BESIDE = 700  # and what one that is missing says of where to look instead
_SEPARATOR = re.compile(r"\s+[|»›‹«•·:–—-]\s+|\s*[:|]\s+")
_MISSING = re.compile(in_all("page_missing"))
_LOG_IN = re.compile(in_all("page_login"))


def read_html(data: bytes, *, name: str) -> Extract:
    """Return the document a page holds, without the site around it."""
    soup = parse(markup_of(data, name=name))
    if soup.head and not soup.body:  # `<body>` left out before a tag that the parser is too old for
        soup.head.name = "body"
    for show in _SHOWING:
        show(soup)
    head = head_of(soup)
    sites = take_logos(soup, head.meta.get("og:site_name", ""))
    content = find_content(soup)
    title = title_of(soup, head, content, sites)
    is_page = soup.find(FRAGMENT) is None  # else somebody wrote all of it
    if is_page:
        prune(content.root, site_of(soup, head))
    blocks = blocks_of_html(content.root)
    if content.lead:
        blocks = [*blocks_of_html(content.lead), *blocks]
    language, url = language_from(content.root, head), url_from(head)
    published = published_of(head, language)
    changed = changed_of(head, published, language)
    blocks = without_title(blocks, title)
    if is_page:
        blocks = without_datelines(blocks, [*filter(None, (published, changed))])
    text = render(below_title(without_boilerplate(blocks)))
    if is_page and (reason := why_no_document(soup, head, title, text)):
        raise ReadError(name, reason)
    return Extract(
        title,
        text,
        published=published,
        language=language,
        url=url,
        kind=kind_from(_class_names(soup, content.root), head),
        translations=translations_from(head, url, language),
        authors=authors_from(head),
        replaced_by=successor_from(head, content.root, url),
        unseen=unseen_words(content.root),
        changed=changed,
        pictures=sum(not clean(attribute(tag, "alt")) for tag in content.root.find_all("img")),
    )


def markup_of(data: bytes, *, name: str) -> str:
    """Return the text of HTML that is safe to parse; raise ReadError if it is too long."""
    if len(data) > _MAX_BYTES:
        reason = f"is larger than {_MAX_BYTES // 10**6} MB of HTML; save the article alone"
        raise ReadError(name, reason)
    markup = decode(data)
    if markup.count("<") > _MAX_TAGS:
        raise ReadError(name, f"has more than {_MAX_TAGS:,} tags; save the article alone")
    return markup


def _class_names(soup: BeautifulSoup, root: Tag) -> list[str]:
    """Return the classes of the body and of the tags around the content."""
    around = [root, *root.parents]
    return [name for tag in reversed(around) for name in tokens(tag)] if soup.body else []


def why_no_document(soup: BeautifulSoup, head: Head, title: str, text: str) -> str:
    """Return why a page is no document; "" for one that is."""
    if "url=" in head.meta.get("refresh", "").lower() and len(text) < _MAX_NOTICE:
        return "only forwards to another page; bring in that page instead"
    if len(text) > _MAX_BESIDE:
        return ""
    titles = [clean(part).casefold().strip(" .!?…") for part in _titles(soup, title)]
    if any(map(_MISSING.fullmatch, titles)):
        return "says that the page was not found; leave it out, or mend the link to it"
    if any(map(_LOG_IN.fullmatch, titles)) and soup.find("input", type="password"):
        return "asks who reads it instead of showing its text; bring in the text as a file"
    return ""


def _titles(soup: BeautifulSoup, title: str) -> Iterator[str]:
    """Yield what the page is called, with and without the name of its site."""
    for whole in (title, soup.title.get_text() if soup.title else ""):
        yield whole
        yield from _SEPARATOR.split(whole[:_MAX_BESIDE])
