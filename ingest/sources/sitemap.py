"""Read a site by its sitemap: every page that it lists, in every language."""

import io
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from lxml import etree

from assistant.domain.corpus import DocumentId, Translation
from assistant.language.dates import date_of
from ingest.errors import ReadError
from ingest.fetching.compression import OversizeError, unpacked
from ingest.fetching.errors import FetchError, RefusedError, WrongTypeError
from ingest.fetching.fetcher import Fetcher
from ingest.readers.extract import language_of, translations_of, url_of
from ingest.sources.gathering import Gathering, canonical
from ingest.sources.links import id_of, plainest, usable
from ingest.sources.pages import Page, read_page
from ingest.sources.safe_xml import elements, local_name, text_of
from ingest.sources.tables import SitemapSource
from ingest.sources.wordpress_pages import lists_lists

XML_TYPES = frozenset(
    (
        "text/xml",
        "application/xml",
        "application/gzip",
        "application/x-gzip",
        "application/octet-stream",
        "text/plain",
    )
)
_MOST_ENTRIES = 50_000  # what the protocol allows in one file; more is no forum
_DEEPEST = 2  # an index, its parts, and parts of those
_MAX_BYTES = 50_000_000
# A day without its hour says nothing about changes later on that day, anywhere on earth.
_DAY_IS_OVER = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class SitemapEntry:
    """A page that a sitemap lists.

    Attributes:
        modified: As the sitemap says it, "" where it does not.
    """

    url: str
    modified: str = ""
    translations: tuple[Translation, ...] = ()


@dataclass
class Sitemap:
    """All entries of a sitemap and its parts."""

    entries: dict[str, SitemapEntry] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)


def gather(source: SitemapSource, fetcher: Fetcher, gathering: Gathering) -> None:
    """Read all pages; raises FetchError where the sitemap itself cannot be read."""
    found = read_sitemap(source, fetcher, gathering)
    for reason, count in found.refused.items():
        gathering.fail(f"{source.name}: {count} addresses", reason)
    days, wanted = _changes(found), []
    pages = _pages(found, source.name, fetcher)
    for document_id, entry in pages.items():
        if gathering.has(document_id):
            continue
        if not (_is_telling(entry) and gathering.is_unchanged(document_id, _state(entry, days))):
            wanted.append((gathering.is_published(document_id), document_id, entry))
    total, done = len(pages), len(pages) - len(wanted)
    # What was never read goes first, so that a site too large for one run is read in several.
    for _, document_id, entry in sorted(wanted, key=lambda each: each[0]):
        gathering.run.progress(done, total)
        state = _state(entry, days) if _is_telling(entry) else None
        page = Page(entry.url, document_id, state, entry.translations, days.get(entry.url))
        read_page(page, fetcher, gathering, listed=pages)
        done += 1
    gathering.run.progress(done, total)


def _pages(found: Sitemap, name: str, fetcher: Fetcher) -> dict[DocumentId, SitemapEntry]:
    """Return the pages that are listed, each once: it may be so under several addresses."""
    pages: dict[DocumentId, list[str]] = {}
    for url in found.entries:
        pages.setdefault(id_of(name, url, fetcher.gate), []).append(url)
    return {each: found.entries[plainest(urls)] for each, urls in pages.items()}


def read_sitemap(source: SitemapSource, fetcher: Fetcher, gathering: Gathering) -> Sitemap:
    """Return what the sitemap and its parts list; a part that fails is reported.

    Raises FetchError where the sitemap itself cannot be read.
    """
    found, visited = Sitemap(), {source.url}
    waiting = [(source.url, 0)]
    while waiting:
        url, depth = waiting.pop(0)
        try:
            parts = _read(url, fetcher, found)
        except FetchError as exc:
            if depth == 0:
                raise
            gathering.fail_listing(f"{source.name}: {exc.url}", exc.reason)
            continue
        for part in parts:
            if part in visited:
                continue
            visited.add(part)
            if lists_lists(part):
                gathering.skip([f"{part} (lists categories, tags or authors)"])
            elif depth < _DEEPEST:
                waiting.append((part, depth + 1))
            else:
                gathering.fail_listing(
                    f"{source.name}: {part}", f"is nested deeper than {_DEEPEST}"
                )
    return found


def _read(url: str, fetcher: Fetcher, found: Sitemap) -> list[str]:
    """Take the entries of one file and return the sitemaps that it lists; raises FetchError."""
    try:
        fetched = fetcher.get(url, accept=XML_TYPES)
        data = unpacked(fetched.body, limit=_MAX_BYTES)
    except WrongTypeError as exc:
        reason = f"{exc.reason}; give the address of the sitemap itself, often /sitemap.xml"
        raise FetchError(exc.url, reason) from exc
    except (OversizeError, zlib.error) as exc:
        raise FetchError(url, "is damaged, or too large unpacked") from exc
    parts: list[str] = []
    try:
        for element in elements(io.BytesIO(data), ("url", "sitemap"), name=url):
            name = local_name(element)
            if name == "sitemap":
                parts.extend(_locations(element, fetched.url, fetcher, found))
            elif name == "url":
                _take(element, fetched.url, fetcher, found)
            elif name not in {"urlset", "sitemapindex"}:
                raise FetchError(url, f"is no sitemap, but XML of another kind ({name})")
    except ReadError as exc:
        raise FetchError(url, exc.reason) from exc
    return parts


def _take(element: etree._Element, base: str, fetcher: Fetcher, found: Sitemap) -> None:
    if len(found.entries) >= _MOST_ENTRIES:
        raise FetchError(base, f"lists more than {_MOST_ENTRIES} pages")
    children = {local_name(child): text_of(child) for child in element}
    pairs: list[tuple[str | None, str | None]] = [
        (language_of(child.get("hreflang")), url_of(child.get("href")))
        for child in element
        if local_name(child) == "link"
    ]
    for url in _locations(element, base, fetcher, found):
        others = [pair for pair in pairs if pair[1] != url]
        modified = children.get("lastmod", "")[:40]
        found.entries.setdefault(url, SitemapEntry(url, modified, translations_of(others)))


def _locations(
    element: etree._Element, base: str, fetcher: Fetcher, found: Sitemap
) -> Iterator[str]:
    for child in element:
        if local_name(child) == "loc":
            try:
                yield usable(text_of(child), base, fetcher.gate)
            except RefusedError as exc:
                found.refused[exc.reason] = found.refused.get(exc.reason, 0) + 1


def _is_telling(entry: SitemapEntry) -> bool:
    """Whether the entry would say otherwise if the page had changed since it was read."""
    day = date_of(entry.modified)
    if day is None:
        return False
    return re.search(r"\d[Tt ]\d", entry.modified) is not None or day < _today() - _DAY_IS_OVER


def _today() -> date:
    return datetime.now(UTC).date()


def _changes(found: Sitemap) -> Mapping[str, date]:
    """Return the day of the last change of each page that has one, by its address.

    Where all have the same, it is the day on which the sitemap was made, or all pages anew.
    """
    told = {url: date_of(entry.modified) for url, entry in found.entries.items()}
    days = {url: day for url, day in told.items() if day}
    return days if len(days) == 1 or len(set(days.values())) > 1 else {}


def _state(entry: SitemapEntry, days: Mapping[str, date]) -> bytes:
    pairs = [(translation.language, translation.url) for translation in entry.translations]
    return canonical(entry.url, entry.modified, pairs, days.get(entry.url))
