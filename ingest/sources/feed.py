"""Read an RSS or Atom feed: the newest documents of a site, never all of them."""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from email.utils import parsedate_tz
from time import struct_time
from typing import Any

import feedparser  # type: ignore[import-untyped] # it ships no types

from assistant.domain.corpus import Kind
from assistant.language.dates import date_of
from ingest.errors import ReadError
from ingest.fetching.errors import FetchError, RefusedError, WrongTypeError
from ingest.fetching.fetcher import Fetcher
from ingest.readers.extract import authors_of, kind_of, language_of
from ingest.readers.shared.encoding import decode
from ingest.sources.fragments import read_fragment
from ingest.sources.gathering import Gathering, canonical, completed
from ingest.sources.links import id_of, plain, usable
from ingest.sources.mended_xml import mended
from ingest.sources.pages import Page, read_page
from ingest.sources.tables import FeedSource
from ingest.sources.wordpress_pages import is_protected

FEED_TYPES = frozenset(
    (
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/xml",
        "text/xml",
        "text/plain",
        "application/octet-stream",
    )
)
_MAX_BYTES = 10_000_000  # feeds hold some ten articles; this is a thousand
_MOST_ITEMS = 1_000
_LANGUAGE_SAMPLE = 4000
_PROLOG = re.compile(r"\s+|<\?[^>]{0,1000}>|<!--(?:[^-]|-(?!->)){0,5000}-->")
_CUT_OFF = re.compile(
    r"(?:\[?(?:…|\.\.\.)\]?|\[…\]|read more|lire la suite|lees meer|weiterlesen)\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class FeedItem:
    """An entry of a feed.

    Attributes:
        content: The whole article as HTML, "" where the feed has a summary at most.
        dates: What the feed says about when it appeared or changed, word for word.
    """

    link: str
    title: str
    content: str
    dates: str
    published: date | None
    language: str | None
    categories: tuple[str, ...]
    authors: tuple[str, ...] = ()
    changed: date | None = None


def gather(source: FeedSource, fetcher: Fetcher, gathering: Gathering) -> None:
    """Read what the feed holds now; raises FetchError where the feed itself cannot be read."""
    gathering.complete = False  # what left the feed is still on the site
    items = read_feed(source.url, fetcher)
    for done, item in enumerate(items):
        gathering.run.progress(done, len(items))
        try:
            url = usable(item.link, source.url, fetcher.gate)
        except RefusedError as exc:
            gathering.fail(f"{source.name}: {item.title or exc.url}", exc.reason)
            continue
        if not gathering.has(id_of(source.name, url, fetcher.gate)):
            _take(source, url, item, fetcher, gathering)
    gathering.run.progress(len(items), len(items))


def read_feed(url: str, fetcher: Fetcher) -> Sequence[FeedItem]:
    """Return the entries of a feed, the first thousand; raises FetchError."""
    try:
        fetched = fetcher.get(url, accept=FEED_TYPES)
    except WrongTypeError as exc:
        reason = f"{exc.reason}; give the address of the feed itself, often /feed/"
        raise FetchError(exc.url, reason) from exc
    return items_of(fetched.body, fetched.url)


def items_of(data: bytes, url: str) -> Sequence[FeedItem]:
    """Return the entries that a feed's bytes hold; raises FetchError where they are no feed."""
    if len(data) > _MAX_BYTES:
        raise FetchError(url, f"is a feed of more than {_MAX_BYTES // 10**6} MB; use the sitemap")
    sound = mended(data)
    if _has_doctype(decode(sound[:100_000])):
        reason = "brings a document type (DOCTYPE), which could make us read other files"
        raise FetchError(url, f"{reason}; it is refused")
    parsed = _parsed(sound, url)
    if not parsed.get("version") and not parsed.entries:
        raise FetchError(url, "is no feed that can be understood (RSS, Atom or RDF)")
    language = language_of(parsed.feed.get("language"))
    # Plain dictionaries: feedparser's own answer for keys that are not there.
    return [_item(dict(entry), language) for entry in parsed.entries[:_MOST_ITEMS]]


def _parsed(data: bytes, url: str) -> feedparser.FeedParserDict:
    # As a stream: what it is given as bytes, feedparser would also take for the name of a file.
    stream = io.BytesIO(data)
    try:
        return feedparser.parse(stream, sanitize_html=False, resolve_relative_uris=False)
    except Exception as exc:
        # It raises what it likes on damaged feeds.
        raise FetchError(url, f"is no feed that can be understood ({type(exc).__name__})") from exc


def _has_doctype(text: str) -> bool:
    position = 0
    while match := _PROLOG.match(text, position):
        position = match.end()
    return text[position : position + 9].upper() == "<!DOCTYPE"


def _item(entry: Mapping[str, Any], language: str | None) -> FeedItem:
    contents = [each for each in entry.get("content", ()) if isinstance(each, dict)]
    whole = max((str(content.get("value") or "") for content in contents), key=len, default="")
    if _CUT_OFF.search(plain(whole[-1000:])):
        whole = ""
    own = next((language_of(content.get("language")) for content in contents), None)
    tags = [str(each.get("term") or "") for each in entry.get("tags", ()) if isinstance(each, dict)]
    return FeedItem(
        link=str(entry.get("link") or ""),
        title=plain(str(entry.get("title") or "")),
        content=whole,
        dates=str(entry.get("updated") or entry.get("published") or ""),
        published=_day(entry, "published") or _day(entry, "updated"),
        language=own or language,
        categories=tuple(tags),
        authors=authors_of(each.get("name") for each in entry.get("authors", ())),
        changed=_day(entry, "updated"),
    )


def _day(entry: Mapping[str, Any], name: str) -> date | None:
    """Return the day of a moment where the site is, None where it is none.

    Feedparser tells it in UTC, where midnight here is still the day before.
    """
    moment, text = entry.get(f"{name}_parsed"), str(entry.get(name) or "")
    if not isinstance(moment, struct_time):
        return None
    try:
        there = date(*moment[:3])
    except ValueError:
        return None
    here = date_of(text) or _day_of_mail(text)
    return here if here and abs(here - there) <= timedelta(days=1) else there


def _day_of_mail(text: str) -> date | None:
    """Return the day of a moment such as "Mon, 01 Jan 2024 00:00:00 +0100"."""
    try:
        parts = parsedate_tz(text)
        return date(*parts[:3]) if parts else None
    except (ValueError, OverflowError):
        return None


def _take(
    source: FeedSource, url: str, item: FeedItem, fetcher: Fetcher, gathering: Gathering
) -> None:
    """Take one entry: from the feed where it is whole there, else from its page."""
    document_id = id_of(source.name, url, fetcher.gate)
    if not any(map(str.isalnum, plain(item.content))):
        read_page(Page(url, document_id, changed=item.changed), fetcher, gathering)
        return
    if is_protected(item.content.encode()) and not gathering.is_published(document_id):
        # One that was published before its password takes the form's words in place of its text:
        # a feed cannot remove it.
        gathering.skip([f"{document_id} (asks for a password)"])
        return
    state = canonical(url, item.title, item.content, item.dates, item.categories, item.authors)
    if gathering.is_unchanged(document_id, state):
        return
    try:
        extract = read_fragment(item.content, title=item.title, name=document_id)
    except ReadError as exc:
        gathering.fail(document_id, exc.reason)
        return
    # Many sites never set the language of their feed, so the text is believed first.
    told = gathering.run.detect_language(f"{item.title}\n{extract.text[:_LANGUAGE_SAMPLE]}")
    kinds = (kind for name in item.categories if (kind := kind_of(name)))
    known = completed(
        extract,
        title=item.title,
        url=url,
        published=item.published,
        language=told or item.language,
        kind=next(kinds, Kind.ARTICLE),
        authors=item.authors,
        changed=item.changed,
    )
    gathering.add(document_id, known, state)
