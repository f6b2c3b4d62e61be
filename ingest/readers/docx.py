"""Read Word documents; the archive is checked before anything is unpacked."""

import io
import zipfile
from collections.abc import Mapping, Sequence

import mammoth

from assistant.domain.light_markdown import clean, render
from assistant.language.dates import date_of
from ingest.readers.boilerplate import without_furniture, without_title
from ingest.readers.docx_hidden import without_hidden
from ingest.readers.extract import Extract, language_of
from ingest.readers.html_blocks import blocks_of_html
from ingest.readers.html_tree import parse
from ingest.readers.office_archive import ArchiveFormat, open_checked
from ingest.readers.office_properties import CORE, core_properties, is_title

_STYLES = """
p[style-name='Title'] => h1.document-title:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
comment-reference =>
"""
_SAFE = {"include_embedded_style_map": False, "external_file_access": False}
_WORD = ArchiveFormat("Word document")
_MAIN = "word/document.xml"


def read_docx(data: bytes, *, name: str) -> Extract:
    """Return the document with its headings, lists and tables; images and comments are left out."""
    parts = open_checked(data, _WORD, name=name)
    properties = core_properties(parts.get(CORE, b""))
    unseen = 0
    if _MAIN in parts:
        main, unseen = without_hidden(parts[_MAIN])
        parts = {**parts, _MAIN: main}
    html = mammoth.convert_to_html(
        _archive(parts), style_map=_STYLES, convert_image=_no_image, **_SAFE
    ).value
    soup = parse(html)
    blocks = blocks_of_html(soup)
    first = soup.find("h1")
    headline = clean(first.get_text()) if first else ""
    title = clean(properties.get("title", ""))
    if not is_title(title):
        title = headline
    return Extract(
        title,
        render(without_furniture(without_title(blocks, title))),
        published=date_of(properties.get("created")),
        language=language_of(properties.get("language")),
        unseen=unseen,
    )


def _no_image(_: object) -> Sequence[object]:
    """Leave every image out, and with it files outside that an image may point to."""
    return []


def _archive(parts: Mapping[str, bytes]) -> io.BytesIO:
    """Return an archive of the parts that were checked, so that nothing else can be read."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    buffer.seek(0)
    return buffer
