"""Fetch one page of a site and read it, whether it is HTML, PDF or Word."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from assistant.domain.corpus import DocumentId, Kind, Translation
from assistant.domain.light_markdown import clean
from ingest.errors import ReadError
from ingest.fetching.cache import Fetched
from ingest.fetching.errors import FetchError, RefusedError
from ingest.fetching.fetcher import Fetcher
from ingest.readers.extract import Extract
from ingest.readers.reading import REFUSED, extracted
from ingest.sources.attachments import FILE_TYPES, SUFFIX_OF, SUFFIXES
from ingest.sources.gathering import Gathering, canonical, completed
from ingest.sources.links import id_of, usable
from ingest.sources.wordpress_pages import is_list, is_protected

HTML_TYPES = frozenset(("text/html", "application/xhtml+xml"))
_GONE = 410
_HEAD = 200_000  # bytes, within which a page tells robots what it wants
_META = re.compile(rb"<meta\s[^<>]{0,1000}>", re.IGNORECASE)
_NO_INDEX = re.compile(
    rb"(?=.*\bname\s*=\s*[\"']?robots\b)(?=.*\bcontent\s*=\s*[\"'][^\"'>]*\b(?:noindex|none)\b)",
    re.IGNORECASE | re.DOTALL,
)
_FRONT = re.compile(r"/?(?:[a-z]{2}(?:[-_][a-z]{2,4})?)?/?", re.IGNORECASE)
_SUFFIX_OF = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    **SUFFIX_OF,
}


@dataclass(frozen=True, slots=True)
class Page:
    """A page to read.

    Attributes:
        state: Stands for the content where the site tells when it changed; whoever made it looked
            the page up by it. None where only the content itself can tell.
        translations: What the list that names the page says of it.
        changed: The day of the last change by that list, for a page that does not tell it itself.
    """

    url: str
    id: DocumentId
    state: bytes | None = None
    translations: tuple[Translation, ...] = ()
    changed: date | None = None


def read_page(
    page: Page, fetcher: Fetcher, gathering: Gathering, *, listed: Collection[DocumentId] = ()
) -> None:
    """Fetch a page and take the document it holds; a page that fails keeps what is published.

    Only a page that the site says is gone for good (410) is not kept, one that shows no text of its
    own (a list of others, a form that asks for a password), and one that says it is, or leads to,
    another of those that are `listed`: that one is read by itself.
    """
    try:
        fetched = fetcher.get(page.url, accept=HTML_TYPES | FILE_TYPES)
        told = canonical([str(translation) for translation in page.translations], page.changed)
        content = page.state or fetched.body + told
        if page.state is None and gathering.is_unchanged(page.id, content):
            return
        if reason := _why_not(fetched):
            gathering.skip([f"{page.id} ({reason})"])
            return
        if other := _listed_as(page, fetched.url, fetcher, listed):
            gathering.skip([f"{page.id} (leads to {other})"])
            return
        extract = extracted(fetched.body, _suffix(fetched), name=page.id)
        own = extract.url or ""
        if not _is_front(own) and (other := _listed_as(page, own, fetcher, listed)):
            gathering.skip([f"{page.id} (says that it is {other})"])
            return
    except FetchError as exc:
        gathering.fail(page.url if exc.status == _GONE else page.id, exc.reason)
    except ReadError as exc:
        gathering.fail(page.id, exc.reason)
    else:
        gathering.add(page.id, _known(extract, fetched, fetcher, page), content)


def _listed_as(
    page: Page, url: str, fetcher: Fetcher, listed: Collection[DocumentId]
) -> DocumentId | None:
    """Return the id of another page that is listed, where an address is that of one."""
    try:
        address = usable(url, page.url, fetcher.gate)
    except RefusedError:
        return None
    other = id_of(page.id.partition("/")[0], address, fetcher.gate)
    return other if other != page.id and other in listed else None


def _is_front(url: str) -> bool:
    """Whether an address is that of a site, or of one of its languages: templates repeat it."""
    return _FRONT.fullmatch(urlsplit(url).path) is not None


def _why_not(fetched: Fetched) -> str:
    """Return why a page is not taken though it can be read; "" for one that is taken."""
    if fetched.content_type not in HTML_TYPES:
        return ""
    if is_protected(fetched.body):
        return "asks for a password"
    if any(_NO_INDEX.search(tag) for tag in _META.findall(fetched.body[:_HEAD])):
        return "asks not to be found by searching (noindex)"
    return "lists other pages" if is_list(fetched.body) else ""


def _known(extract: Extract, fetched: Fetched, fetcher: Fetcher, page: Page) -> Extract:
    """Return the extract with an address that we may show, and a title where it has none."""
    url = fetched.url
    if extract.url:
        try:
            url = usable(extract.url, fetched.url, fetcher.gate)
        except RefusedError:
            url = fetched.url  # a canonical address elsewhere is not for us to believe
    is_file = _suffix(fetched) in SUFFIXES
    stem = PurePosixPath(unquote(urlsplit(fetched.url).path)).stem
    others = [
        translation
        for translation in page.translations
        if translation.url != url and translation.language != extract.language
    ]
    return completed(
        extract,
        url=url,
        title=extract.title or clean(stem.replace("-", " ").replace("_", " ")).capitalize(),
        kind=Kind.PUBLICATION if is_file else extract.kind,
        translations=extract.translations or tuple(others),
        changed=extract.changed or page.changed,
    )


def _suffix(fetched: Fetched) -> str:
    """Return the form of a page; where the site does not say, by its address.

    Raises ReadError if it is a file of another form.
    """
    if known := _SUFFIX_OF.get(fetched.content_type):
        return known
    suffix = PurePosixPath(urlsplit(fetched.url).path.lower()).suffix
    if suffix not in SUFFIXES:
        another = f"is a file of another form ({fetched.content_type})"
        raise ReadError(fetched.url, REFUSED.get(suffix, another))
    return suffix
