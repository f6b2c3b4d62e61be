"""Read presentations of LibreOffice (ODP), slide by slide."""

import re
from collections.abc import Iterator, Sequence

from lxml import etree

from assistant.domain.light_markdown import Block, Heading, ListBlock, clean, plain_text, render
from ingest.errors import ReadError
from ingest.readers.extract import Extract
from ingest.readers.office.archive import OWN_DEFINITIONS, ArchiveFormat
from ingest.readers.office.parts import attribute, local_name
from ingest.readers.opendocument.walk import (
    TextWalk,
    open_document_parts,
    open_document_properties,
    pictures_in,
)
from ingest.readers.pptx.shapes import Box, reading_order
from ingest.readers.shared.boilerplate import without_title

_PRESENTATION = ArchiveFormat("presentation (ODP)", forbidden=OWN_DEFINITIONS)
_MAX_SLIDES = 1000
_SHAPES = frozenset(("frame", "custom-shape", "g", "rect", "ellipse"))
_TITLE = "title"
_UNREAD = frozenset((_TITLE, "header", "footer", "date-time", "page-number", "notes"))
_LENGTH = re.compile(r"(-?[0-9]{1,5}(?:\.[0-9]{1,6})?)(cm|mm|in|pt)")
_UNITS = {"cm": 10.0, "mm": 1.0, "in": 25.4, "pt": 25.4 / 72}


def read_odp(data: bytes, *, name: str) -> Extract:
    """Return the slides that are shown, each under its title; no notes of the speaker."""
    parts, styles, content = open_document_parts(data, _PRESENTATION, name=name)
    walk = TextWalk(styles, parts)
    hidden = set(_hidden_pages(content))
    pages = [
        page
        for page in content.iterfind("{*}body/{*}presentation/{*}page")
        if attribute(page, "style-name") not in hidden
    ]
    if len(pages) > _MAX_SLIDES:
        reason = f"has {len(pages)} slides, more than {_MAX_SLIDES}; split it into several files"
        raise ReadError(name, reason)
    blocks = [block for page in pages for block in _slide(page, walk)]
    told = open_document_properties(parts)
    first = next((clean(block.text) for block in blocks if isinstance(block, Heading)), "")
    title = told.title or first
    return Extract(
        title,
        render(without_title(blocks, title)),
        published=told.published,
        language=told.language,
        unseen=walk.unseen,
        pictures=sum(map(pictures_in, pages)),
    )


def _hidden_pages(content: etree._Element) -> Iterator[str]:
    """Yield the names of the styles of slides that are not shown."""
    for style in content.iter("{*}style"):
        looks = style.iterchildren("{*}drawing-page-properties")
        if any(attribute(look, "visibility") == "hidden" for look in looks):
            yield attribute(style, "name")


def _slide(page: etree._Element, walk: TextWalk) -> Iterator[Block]:
    """Yield the title of a slide, then the rest of it in the order in which people read it."""
    shapes = [each for each in page if local_name(each) in _SHAPES]
    titles = (each for each in shapes if attribute(each, "class") == _TITLE)
    for title in titles:
        words = clean(" ".join(map(plain_text, walk.inside(title, 0))))
        if words:
            yield Heading(2, words)
    shown = [each for each in shapes if attribute(each, "class") not in _UNREAD]
    for shape in _in_order(shown):
        yield from _with_whole_lists(walk.inside(shape, 0))


def _in_order(shapes: Sequence[etree._Element]) -> list[etree._Element]:
    boxes = [box for each in shapes if (box := _box(each))]
    if len(boxes) < len(shapes):
        return list(shapes)
    return [shapes[at] for at in reading_order(boxes)]


def _box(shape: etree._Element) -> Box | None:
    found = [_LENGTH.fullmatch(attribute(shape, name)) for name in ("x", "y", "width", "height")]
    told = [float(each[1]) * _UNITS[each[2]] for each in found if each]
    if len(told) < len(found):
        return None
    left, top, wide, high = told
    return left, top, left + wide, top + high


def _with_whole_lists(blocks: Iterator[Block]) -> Iterator[Block]:
    """Yield blocks, with bullets one below the other as one list: each is written as its own."""
    under_way: ListBlock | None = None
    for block in blocks:
        if under_way and isinstance(block, ListBlock) and not (block.ordered or under_way.ordered):
            under_way = ListBlock((*under_way.items, *block.items))
            continue
        if under_way:
            yield under_way
        under_way = block if isinstance(block, ListBlock) else None
        if not under_way:
            yield block
    if under_way:
        yield under_way
