"""Tell pages that are no documents: those that only forward, that are missing, that ask who reads.

A site may answer such a page as if it were one. What it says is believed only where it says
little else: an article about missing pages is a document.
"""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup

from assistant.domain.light_markdown import clean
from assistant.language.languages import in_all
from ingest.readers.html.metadata import Head

_MAX_NOTICE = 300  # characters; what a page that forwards its visitors has to say
_MAX_BESIDE = 700  # and what one that is missing says of where to look instead
_SEPARATOR = re.compile(r"\s+[|»›‹«•·:–—-]\s+|\s*[:|]\s+")
_MISSING = re.compile(in_all("page_missing"))
_LOG_IN = re.compile(in_all("page_login"))


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
