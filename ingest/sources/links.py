"""Tell which links may be followed or shown, and the ids of what lies behind. Pure."""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from urllib.parse import unquote, urljoin, urlsplit

from assistant.domain.corpus import DocumentId
from assistant.domain.light_markdown import clean
from ingest.fetching.errors import RefusedError
from ingest.fetching.urls import Gate, spaces_quoted, vet
from ingest.readers.extract import url_of

_ANCHOR = re.compile(r"<a\s([^<>]{0,4000})>", re.IGNORECASE)
_ANCHOR_END = re.compile("</a", re.IGNORECASE)
_HREF = re.compile(r"href\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_INDEX = re.compile(r"/index\.(?:php|html?|aspx?)(?=/)", re.IGNORECASE)
# What campaigns and counters hang on addresses; it changes nothing of the page.
_TRACKING = re.compile(
    r"(?:utm_\w+|mtm_\w+|pk_\w+|hsa_\w+|mc_[ce]id|(?:fb|g|dc|tw|ms|y)clid|gbraid|wbraid|gad_source"
    r"|igshid|_gl|_ga|_hs(?:enc|mi)|ref_src|srsltid|cn-reloaded)(?:=|$)",
    re.IGNORECASE,
)
_MAX_TEXT = 600
_MAX_ID = 300


def usable(link: str, base: str, allowed: Gate) -> str:
    """Return a link as an absolute address that the source may fetch and readers may see.

    Where the site is configured with https, an http link to it is taken as https: old content
    keeps such links. Raises RefusedError.
    """
    if not link.strip():
        raise RefusedError(base, "is where an address is missing")
    try:
        address = urljoin(base, spaces_quoted(link))
    except ValueError as exc:
        raise RefusedError(link, "is not an address of the web") from exc
    if allowed.start.scheme == "https" and address[:7].lower() == "http://":
        address = f"https://{address[7:]}"
    url = vet(address, allowed).url
    if url_of(url) is None:
        raise RefusedError(url, "is not an address that can be shown")
    return url


def anchors(markup: str) -> Iterator[tuple[str, str]]:
    """Yield the address and the words of every link in HTML, in linear time."""
    for match in _ANCHOR.finditer(markup):
        if href := _HREF.search(match[1]):
            address = html.unescape(href[1] or href[2] or href[3] or "")
            following = markup[match.end() : match.end() + _MAX_TEXT]
            yield address, plain(_ANCHOR_END.split(following, maxsplit=1)[0])


def plain(markup: str) -> str:
    """Return the words of a short piece of HTML, such as a title, on one line."""
    return clean(html.unescape(_TAG.sub("", markup)))


def id_of(source: str, url: str, allowed: Gate) -> DocumentId:
    """Return the id of what lies at an address: the source's name and the path.

    The host is part of it where it is not the configured one. A page has one id under all of its
    addresses: with and without `www`, `index.php`, a slash at the end, and what only tells the
    site where a visitor came from.
    """
    parts = urlsplit(url)
    path = unquote(_INDEX.sub("", f"{parts.path}/")).strip("/") or "index"
    query = "&".join(part for part in parts.query.split("&") if not _TRACKING.match(part))
    if query:
        path = f"{path}?{unquote(query)}"
    if parts.hostname and _bare(parts.hostname) != _bare(allowed.start.host):
        path = f"{parts.hostname}/{path}"
    return DocumentId(f"{source}/{clean(unicodedata.normalize('NFC', path))}"[:_MAX_ID])


def plainest(urls: Iterable[str]) -> str:
    """Return the address that says least besides where the page is."""
    return min(urls, key=lambda url: (len(urlsplit(url).query), len(url)))


def _bare(host: str) -> str:
    return host.removeprefix("www.")
