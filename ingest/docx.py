"""Read Word documents; the archive is checked before anything is unpacked."""

import io
from collections.abc import Mapping, Sequence

import mammoth
from lxml import etree

from ingest.extract import Extract, date_of, language_of
from ingest.furniture import without_furniture, without_title
from ingest.html_blocks import blocks_of_html
from ingest.html_tree import parse
from ingest.light_markdown import clean, render
from ingest.office_archive import open_checked

_STYLES = """
p[style-name='Title'] => h1.document-title:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
comment-reference =>
"""
_SAFE = {"include_embedded_style_map": False, "external_file_access": False}
_CORE = "docProps/core.xml"
# What Word and LibreOffice write when nobody gave a title.
_NO_TITLES = frozenset(("document", "document1", "word document", "microsoft word", "untitled"))


def read_docx(data: bytes, *, name: str) -> Extract:
    """Return the document with its headings, lists and tables; images and comments are left out."""
    properties = _properties(open_checked(data, name=name).get(_CORE, b""))
    html = mammoth.convert_to_html(
        io.BytesIO(data), style_map=_STYLES, convert_image=_no_image, **_SAFE
    ).value
    soup = parse(html)
    blocks = blocks_of_html(soup)
    first = soup.find("h1")
    headline = clean(first.get_text()) if first else ""
    title = clean(properties.get("title", ""))
    if not title or title.casefold() in _NO_TITLES:
        title = headline
    return Extract(
        title,
        render(without_furniture(without_title(blocks, title))),
        published=date_of(properties.get("created")),
        language=language_of(properties.get("language")),
    )


def _no_image(_: object) -> Sequence[object]:
    """Leave every image out, and with it files outside that an image may point to."""
    return []


def _properties(core: bytes) -> Mapping[str, str]:
    """Return the core properties by their local names; none if the part is broken."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(core, parser)
    except (etree.XMLSyntaxError, ValueError):
        return {}
    return {
        etree.QName(part).localname: part.text or "" for part in root if isinstance(part.tag, str)
    }
