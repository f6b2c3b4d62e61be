"""Read what a page says about itself: title, date, language, address, kind, translations."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from urllib.parse import urljoin

from bs4 import BeautifulSoup, Tag

from assistant.domain.corpus import Kind, Translation
from assistant.domain.light_markdown import clean
from assistant.language.dates import date_of
from ingest.readers.extract import (
    authors_of,
    kind_of,
    language_of,
    place_of,
    translations_of,
    url_of,
)
from ingest.readers.html.blocks import inline_text
from ingest.readers.html.content import Content
from ingest.readers.html.tree import attribute, tokens
from ingest.readers.shared.written_dates import written_date

_PUBLISHED = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date.created",
    "dc.date",
    "dcterms.date",
    "pubdate",
    "publishdate",
    "publication_date",
    "parsely-pub-date",
)
_CHANGED = (
    "article:modified_time",
    "og:article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "dc.date.modified",
    "last-modified",
)
_EVENT = re.compile(
    r"(?:[\w-]*[_-])?(?:events?|agenda|calendar|(?:start|end)[_-]?date|dtstart|dtend)(?:[_-][\w-]*)?"
)
_PROSE = frozenset(("p", "li", "td", "dd"))
_NEAR = 4  # levels between a time and the tag that says what it is the time of
_MAX_JSON = 300_000
_HOST = re.compile(r"https?://(?:www\.)?([\w.-]{1,200})", re.IGNORECASE)
_TITLE_NAMES = re.compile(
    r"(?:entry|post|page|article|single|wp-block-post|headline)[-_]?title|title"
)
_SEPARATOR = re.compile(r"\s+[|»›•·–—-]\s+")
_SURE_SEPARATOR = re.compile(r"\s+[|»›•]\s+")


@dataclass(frozen=True, slots=True)
class Head:
    """The parts of a page that speak about it, gathered in one pass."""

    meta: dict[str, str] = field(default_factory=dict)
    links: list[Tag] = field(default_factory=list)
    times: list[Tag] = field(default_factory=list)
    json_ld: list[str] = field(default_factory=list)


def head_of(soup: BeautifulSoup) -> Head:
    """Return the metadata tags of a page; of several with one name the first counts."""
    head = Head()
    for tag in soup.find_all(["meta", "link", "time", "script"]):
        if tag.name == "meta":
            name = (
                attribute(tag, "property") or attribute(tag, "name") or attribute(tag, "itemprop")
            )
            name = name or attribute(tag, "http-equiv")
            head.meta.setdefault(name.lower(), clean(attribute(tag, "content")))
        elif tag.name == "link":
            head.links.append(tag)
        elif tag.name == "time":
            head.times.append(tag)
        elif attribute(tag, "type").lower() == "application/ld+json":
            head.json_ld.append((tag.string or "")[:_MAX_JSON])
    return head


def title_of(soup: BeautifulSoup, head: Head, content: Content, sites: Sequence[str]) -> str:
    """Return the title: the article's own, else what the page tells other sites, without theirs.

    `sites` is what the logos of the page call its site.
    """
    heading = title_heading(content.headings, content.root)
    own = inline_text(heading) if heading else ""
    named = clean(soup.title.get_text()) if soup.title else ""
    is_inside = heading is not None and any(tag is content.root for tag in heading.parents)
    if not is_inside and (repeated := _repeated(named, own, content.root)):
        return repeated
    if own:
        return own
    names = [*filter(None, [head.meta.get("og:site_name", "")]), *sites]
    return _without_site(head.meta.get("og:title", "") or named, names)


def _repeated(named: str, own: str, root: Tag) -> str:
    """Return the part of the name of a page that is a heading of its content, if one alone is.

    A first heading outside the content that is the other part names the site.
    """
    parts = [
        part
        for mark in _SEPARATOR.finditer(named)
        for part in (named[: mark.start()], named[mark.end() :])
    ]
    if own and own not in parts:
        return ""
    headings = {inline_text(tag).casefold() for tag in root.find_all(["h1", "h2", "h3"])}
    found = [part for part in parts if part != own and part.casefold() in headings]
    return found[0] if len(found) == 1 else ""


def title_heading(headings: Sequence[Tag], root: Tag) -> Tag | None:
    """Return the h1 that is the title: named so, alone inside the content, or alone on the page."""
    for heading in headings:
        named = any(_TITLE_NAMES.fullmatch(token) for token in tokens(heading))
        if named or attribute(heading, "itemprop") in {"headline", "name"}:
            return heading
    inside = [heading for heading in headings if any(parent is root for parent in heading.parents)]
    for candidates in (inside, headings):
        if len(candidates) == 1:
            return candidates[0]
    return None


def authors_from(head: Head) -> tuple[str, ...]:
    """Return whom the page names as its author."""
    return authors_of([head.meta.get("author"), head.meta.get("dcterms.creator")])


def _without_site(title: str, sites: Sequence[str]) -> str:
    """Cut the name of the site off a title: a known name, or what follows the last separator.

    A dash separates only where it stands twice, since titles have dashes of their own.
    """
    separators = list(_SEPARATOR.finditer(title))
    known = {site.casefold() for site in sites}
    for separator in separators if known else ():
        before, after = title[: separator.start()], title[separator.end() :]
        if after.casefold() in known:
            return before
        if before.casefold() in known:
            return after
    if known:
        return title
    if separators and (_SURE_SEPARATOR.fullmatch(separators[-1][0]) or len(separators) > 1):
        return title[: separators[-1].start()]
    return title


def published_of(head: Head, language: str | None) -> date | None:
    """Return the day of publication, from the most to the least explicit sign."""
    named = [head.meta.get(name) for name in _PUBLISHED[:2]]
    linked = [item.get("datePublished") for text in head.json_ld for item in _json_ld(text)]
    marked = [attribute(tag, "datetime") for tag in head.times if _is_published(tag)]
    others = [head.meta.get(name) for name in _PUBLISHED[2:]]
    is_alone = len(head.times) == 1 and not _is_told(head.times[0])
    alone = [attribute(tag, "datetime") for tag in head.times] if is_alone else []
    told = (*named, *linked, *marked, *others, *alone)
    return next(filter(None, (written_date(value, language) for value in told)), None)


def _is_told(time: Tag) -> bool:
    """Whether a time is that of an event, or part of a sentence, rather than of the page."""
    around = [time, *islice(time.parents, _NEAR)]
    names = [name for tag in around if tag.name not in {"body", "html"} for name in tokens(tag)]
    if any(map(_EVENT.fullmatch, (*names, attribute(time, "itemprop").lower()))):
        return True
    block = next((tag for tag in around if tag.name in _PROSE), None)
    if block is None or block.get("class"):
        return False
    return clean(block.get_text(" ")) != clean(time.get_text(" "))


def changed_of(head: Head, published: date | None, language: str | None) -> date | None:
    """Return the day of the last change, from the most to the least explicit sign."""
    named = [head.meta.get(name) for name in _CHANGED[:3]]
    linked = [item.get("dateModified") for text in head.json_ld for item in _json_ld(text)]
    others = [head.meta.get(name) for name in _CHANGED[3:]]
    shown = _shown_beside(published, head.times)
    told = (*named, *linked, *others, *shown)
    return next(filter(None, (written_date(value, language) for value in told)), None)


def _shown_beside(published: date | None, times: Sequence[Tag]) -> Iterator[str]:
    """Yield the times that are marked as those of a change, beside that of the publication.

    Elsewhere on the page, they may be those of other articles.
    """
    for tag in times:
        if _is_published(tag) and tag.parent and date_of(attribute(tag, "datetime")) == published:
            beside = (each for each in tag.parent.find_all("time") if _is_changed(each))
            yield from (attribute(each, "datetime") for each in beside)


def _is_changed(tag: Tag) -> bool:
    named = {"updated", "modified"} & set(tokens(tag))
    return bool(named) or attribute(tag, "itemprop") == "dateModified"


def _is_published(tag: Tag) -> bool:
    named = {"published", "entry-date", "post-date"} & set(tokens(tag))
    return bool(named) or attribute(tag, "itemprop") == "datePublished"


def _json_ld(text: str) -> Iterator[dict[str, object]]:
    """Yield the things a JSON-LD script describes; a script that is no JSON describes none."""
    try:
        root = json.loads(text)
    except (ValueError, RecursionError):
        return
    things = root if isinstance(root, list) else [root]
    for thing in things:
        if isinstance(thing, dict):
            yield thing
            graph = thing.get("@graph")
            yield from (
                (item for item in graph if isinstance(item, dict))
                if isinstance(graph, list)
                else ()
            )


def language_from(root: Tag, head: Head) -> str | None:
    """Return the language that is declared for the content, else for the page around it."""
    named = (attribute(tag, name) for tag in (root, *root.parents) for name in ("lang", "xml:lang"))
    told = (head.meta.get(name, "") for name in ("content-language", "og:locale"))
    return next(filter(None, map(language_of, (*named, *told))), None)


def url_from(head: Head) -> str | None:
    """Return the address the page gives as its own."""
    canonical = (attribute(link, "href") for link in head.links if "canonical" in _rel(link))
    found = (url_of(value) for value in (*canonical, head.meta.get("og:url", "")))
    return next((url for url in found if url), None)


def site_of(soup: BeautifulSoup, head: Head) -> str:
    """Return the host of the site: of the page's own address, else the one most linked to."""
    for address in (url_from(head), *_most_linked(soup)):
        if address and (host := _HOST.match(address)):
            return host[1].lower()
    return ""


def _most_linked(soup: BeautifulSoup) -> list[str]:
    hosts = Counter(
        host[0] for tag in soup.find_all("a") if (host := _HOST.match(attribute(tag, "href")))
    )
    return [address for address, _ in hosts.most_common(1)]


def translations_from(head: Head, url: str | None, language: str | None) -> tuple[Translation, ...]:
    """Return the other language versions the page links to."""
    pairs: list[tuple[str | None, str | None]] = []
    for link in head.links:
        code = attribute(link, "hreflang")
        other, address = language_of(code), url_of(attribute(link, "href"))
        if "alternate" in _rel(link) and other != language and address != url:
            pairs.append((other, address))
    return translations_of(pairs)


def successor_from(head: Head, root: Tag, url: str | None) -> str:
    """Return where the page says that its successor is: in its head, or by a link in its text.

    Relation types: RFC 5829; terms: Dublin Core, `isReplacedBy`.
    """
    links = [*head.links, *root.find_all("a", rel=True, href=True)]
    linked = [attribute(link, "href") for link in links if "successor-version" in _rel(link)]
    named = (
        head.meta.get(name, "") for name in ("dcterms.isreplacedby", "dc.relation.isreplacedby")
    )
    places = (place_of(value.partition("#")[0]) for value in (*linked, *named))
    place = next(filter(None, places), "")
    return urljoin(url, place) if url and place else place


def _rel(link: Tag) -> list[str]:
    return attribute(link, "rel").lower().split()


def kind_from(names: list[str], head: Head) -> Kind | None:
    """Return the kind by the classes of body and article, first the post type, then categories."""
    for prefix in ("single-", "type-", "page-template", "category-"):
        for name in names:
            if name.startswith(prefix) and name not in {"single-post", "type-post"}:
                kind = Kind.PAGE if prefix == "page-template" else kind_of(name[len(prefix) :])
                if kind and (kind is not Kind.ARTICLE or prefix == "category-"):
                    return kind
    return kind_of(head.meta.get("article:section", ""))
