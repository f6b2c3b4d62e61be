"""Read texts of LibreOffice and OpenOffice (ODT)."""

from assistant.domain.light_markdown import Heading, ListBlock, clean, render
from ingest.readers.extract import Extract
from ingest.readers.office.archive import OWN_DEFINITIONS, ArchiveFormat
from ingest.readers.opendocument.walk import (
    TextWalk,
    open_document_parts,
    open_document_properties,
    pictures_in,
)
from ingest.readers.shared.boilerplate import without_title
from ingest.readers.shared.headings import title_among

_TEXT_DOCUMENT = ArchiveFormat("text document (ODT)", forbidden=OWN_DEFINITIONS)


def read_odt(data: bytes, *, name: str) -> Extract:
    """Return the document with its headings, lists and tables; comments are left out."""
    parts, styles, content = open_document_parts(data, _TEXT_DOCUMENT, name=name)
    walk = TextWalk(styles, parts)
    for body in content.iterfind("{*}body/{*}text"):
        walk.blocks.extend(walk.inside(body, 0))
    if walk.notes:
        walk.blocks.append(ListBlock(tuple(walk.notes), ordered=True))
    told = open_document_properties(parts)
    title = told.title or clean(walk.title or _headline(walk))
    return Extract(
        title,
        render(without_title(walk.blocks, title)),
        published=told.published,
        language=told.language,
        unseen=walk.unseen,
        pictures=pictures_in(content),
    )


def _headline(walk: TextWalk) -> str:
    """Return the heading that is the title of the whole, "" if all are chapters alike."""
    if walk.has_numbers:  # then what has none is no chapter
        return walk.headline
    level = next((each.level for each in walk.blocks if isinstance(each, Heading)), 1)
    return title_among(walk.blocks, level=level)
