"""Read e-books (EPUB): their chapters in reading order, each whole."""

import posixpath
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from lxml import etree

from assistant.domain.light_markdown import Block, Heading, render
from ingest.errors import ReadError
from ingest.readers.extract import Extract
from ingest.readers.html.blocks import blocks_of_html
from ingest.readers.html.boilerplate import is_no_text
from ingest.readers.html.tree import parse
from ingest.readers.office.archive import OWN_DEFINITIONS, ArchiveFormat, open_checked, xml
from ingest.readers.office.parts import properties_of
from ingest.readers.shared.boilerplate import without_title
from ingest.readers.shared.encoding import decode
from ingest.readers.shared.headings import below_title, title_among

_BOOK = ArchiveFormat(
    "e-book (EPUB)",
    texts=(".xml", ".opf", ".xhtml", ".html", ".htm"),
    forbidden=OWN_DEFINITIONS,
)
_CONTAINER = "META-INF/container.xml"
_PAGES = frozenset(("application/xhtml+xml", "text/html", "text/x-oeb1-document"))
_MAX_CHAPTER = 5_000_000
# How publishers scramble fonts; whatever else is encrypted is protected against being read.
_FONTS = frozenset(("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"))


def read_epub(data: bytes, *, name: str) -> Extract:
    """Return the chapters in reading order; the table of contents is left out."""
    parts = open_checked(data, _BOOK, name=name)
    if _is_protected(parts.get("META-INF/encryption.xml", b"")):
        raise ReadError(name, "is protected by its publisher (DRM); bring in an open copy")
    path, package = _package(parts, name)
    told = properties_of(parts, path, "{*}metadata")
    blocks: list[Block] = []
    for chapter in _chapters(package, posixpath.dirname(path)):
        if content := parts.get(chapter):
            if len(content) > _MAX_CHAPTER:
                reason = f"has a chapter of more than {_MAX_CHAPTER // 10**6} MB; split it"
                raise ReadError(name, reason)
            blocks += blocks_of_html(parse(decode(content)), is_no_text)
    first = next((block.level for block in blocks if isinstance(block, Heading)), 1)
    title = told.title or title_among(blocks, level=first)
    return Extract(
        title,
        render(below_title(without_title(blocks, title))),
        published=told.published,
        language=told.language,
    )


def _is_protected(encryption: bytes) -> bool:
    """Whether more is encrypted than fonts."""
    if not encryption:
        return False
    methods = [
        str(method.get("Algorithm")) for method in xml(encryption).iter("{*}EncryptionMethod")
    ]
    return not set(methods) <= _FONTS


def _package(parts: Mapping[str, bytes], name: str) -> tuple[str, etree._Element]:
    """Return the part that lists all others, and its path."""
    listed = xml(parts[_CONTAINER]).find(".//{*}rootfile") if _CONTAINER in parts else None
    path = str(listed.get("full-path", "")) if listed is not None else ""
    if path not in parts:
        raise ReadError(name, "is no e-book (EPUB): it does not list its chapters; save it again")
    return path, xml(parts[path])


def _chapters(package: etree._Element, folder: str) -> Iterator[str]:
    """Yield the paths of the chapters in reading order, each once."""
    pages = {
        str(each.get("id")): str(each.get("href", ""))
        for each in package.iterfind("{*}manifest/{*}item")
        if each.get("media-type") in _PAGES and "nav" not in str(each.get("properties", "")).split()
    }
    for listed in package.iterfind("{*}spine/{*}itemref"):
        href = pages.pop(str(listed.get("idref")), "")
        if href and listed.get("linear") != "no":
            path = posixpath.join(folder, unquote(href.partition("#")[0]))
            yield posixpath.normpath(path)
