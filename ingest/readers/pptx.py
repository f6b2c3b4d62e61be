"""Read presentations of PowerPoint. What the audience does not see is left out: notes, comments."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from urllib.parse import unquote

from lxml import etree

from assistant.domain.light_markdown import (
    Block,
    Heading,
    ListBlock,
    ListItem,
    Paragraph,
    Table,
    clean,
    render,
)
from assistant.language.dates import date_of
from ingest.errors import ReadError
from ingest.readers.boilerplate import without_boilerplate, without_title
from ingest.readers.extract import Extract, language_of
from ingest.readers.office_archive import ArchiveFormat, open_checked, xml
from ingest.readers.office_properties import CORE, core_properties, is_title

_PRESENTATION = ArchiveFormat("presentation (PPTX)")
_MAIN = "ppt/presentation.xml"
_MAX_SLIDES = 1000
_DEEPEST = 50  # groups within groups
_TITLES = frozenset(("title", "ctrTitle"))
_OUTLINES = frozenset(("body", "obj", "", "subTitle"))  # placeholders that hold what is said
_RUNNING = frozenset(("dt", "ftr", "hdr", "sldNum"))


def read_pptx(data: bytes, *, name: str) -> Extract:
    """Return the slides in their order, each under its title; hidden ones are left out."""
    parts = open_checked(data, _PRESENTATION, name=name)
    if _MAIN not in parts:
        raise ReadError(name, f"is no presentation (PPTX): it holds no {_MAIN}; save it again")
    slides = list(_slides(parts))
    if len(slides) > _MAX_SLIDES:
        reason = f"has {len(slides)} slides, more than {_MAX_SLIDES}; split it into several files"
        raise ReadError(name, reason)
    blocks = [block for slide in slides for block in _blocks(slide)]
    properties = core_properties(parts.get(CORE, b""))
    title = clean(properties.get("title", ""))
    if not is_title(title):
        title = next((clean(block.text) for block in blocks if isinstance(block, Heading)), "")
    return Extract(
        title,
        render(without_boilerplate(without_title(blocks, title))),
        published=date_of(properties.get("created")),
        language=language_of(properties.get("language")),
    )


def _slides(parts: Mapping[str, bytes]) -> Iterator[etree._Element]:
    """Yield the slides that are shown, in the order of the presentation."""
    targets = _targets(parts, _MAIN)
    for listed in xml(parts[_MAIN]).iterfind("{*}sldIdLst/{*}sldId"):
        path = targets.get(_get(listed, "id"), "")
        if path in parts:
            slide = xml(parts[path])
            if slide.get("show") not in {"0", "false"}:
                yield slide


def _targets(parts: Mapping[str, bytes], path: str) -> Mapping[str, str]:
    """Return the parts that one refers to, by the names it has for them."""
    folder, name = posixpath.split(path)
    related = parts.get(f"{folder}/_rels/{name}.rels")
    if related is None:
        return {}
    return {
        str(each.get("Id")): posixpath.normpath(
            posixpath.join("/", folder, unquote(str(each.get("Target", ""))))
        ).lstrip("/")
        for each in xml(related)
        if each.get("TargetMode") != "External"
    }


def _blocks(slide: etree._Element) -> Iterator[Block]:
    """Yield the title of a slide, then the rest of it in the order in which it was made."""
    tree = slide.find("{*}cSld/{*}spTree")
    shapes = list(_shapes(tree, 0)) if tree is not None else []
    for shape in shapes:
        if _placeholder(shape) in _TITLES:
            yield Heading(2, " ".join(text for _, _, text in _paragraphs(shape)))
    for shape in shapes:
        kind = _placeholder(shape)
        if kind in _TITLES or kind in _RUNNING:
            continue
        for table in shape.iter("{*}tbl"):
            rows = [
                tuple(_cell(cell) for cell in row.iterfind("{*}tc"))
                for row in table.iterfind("{*}tr")
            ]
            if rows:
                yield Table(rows[0], tuple(rows[1:]))
        if shape.find("{*}txBody") is not None:
            yield from _outline(shape, is_outline=kind in _OUTLINES - {"subTitle"})


def _shapes(parent: etree._Element, depth: int) -> Iterator[etree._Element]:
    """Yield the shapes with words, those within groups as well; hidden ones are left out."""
    for tag in parent if depth < _DEEPEST else ():
        name = etree.QName(tag).localname
        own = next(tag.iter("{*}cNvPr"), None) if name in {"sp", "graphicFrame", "grpSp"} else None
        if own is not None and own.get("hidden") in {"1", "true"}:
            continue
        if name in {"sp", "graphicFrame"}:
            yield tag
        elif name in {"grpSp", "AlternateContent", "Choice"}:
            yield from _shapes(tag, depth + 1)


def _placeholder(shape: etree._Element) -> str | None:
    """Return what a shape is on its slide; None for a box of its own."""
    found = shape.find("{*}nvSpPr/{*}nvPr/{*}ph")
    return None if found is None else str(found.get("type", ""))


def _outline(shape: etree._Element, *, is_outline: bool) -> Iterator[Block]:
    """Yield paragraphs and lists; in a placeholder for content, several paragraphs are a list."""
    paragraphs = [paragraph for paragraph in _paragraphs(shape) if clean(paragraph[2])]
    listed = is_outline and len(paragraphs) > 1
    items: list[tuple[int, str]] = []
    for level, bullet, text in paragraphs:
        if bullet or (listed and bullet is not False):
            items.append((level, text))
            continue
        if items:
            yield _nested(items)
        items = []
        yield Paragraph(text)
    if items:
        yield _nested(items)


def _nested(items: list[tuple[int, str]]) -> ListBlock:
    """Return items with their levels as a list of lists."""
    top = min(level for level, _ in items)
    starts = [at for at, (level, _) in enumerate(items) if level == top] + [len(items)]
    found = [ListItem("", (_nested(items[: starts[0]]),))] if starts[0] else []
    for start, end in pairwise(starts):
        below = items[start + 1 : end]
        found.append(ListItem(items[start][1], (_nested(below),) if below else ()))
    return ListBlock(tuple(found))


def _paragraphs(shape: etree._Element) -> Iterator[tuple[int, bool | None, str]]:
    """Yield level, whether it has a bullet (None: it does not say), and the words."""
    for paragraph in shape.iterfind("{*}txBody/{*}p"):
        properties = paragraph.find("{*}pPr")
        level, bullet = "", None
        if properties is not None:
            level = str(properties.get("lvl", ""))
            names = {etree.QName(each).localname for each in properties}
            bullet = False if "buNone" in names else bool(names & {"buChar", "buAutoNum"}) or None
        yield int(level) if re.fullmatch("[0-8]", level) else 0, bullet, _words(paragraph)


def _words(paragraph: etree._Element) -> str:
    parts = paragraph.iter("{*}t", "{*}br", "{*}tab")
    return "".join(part.text or "" if part.tag.endswith("}t") else " " for part in parts)


def _cell(cell: etree._Element) -> str:
    return clean(" ".join(_words(each) for each in cell.iterfind("{*}txBody/{*}p")))


def _get(tag: etree._Element, name: str) -> str:
    """Return the attribute of a name in the namespace of relationships."""
    return next((str(v) for key, v in tag.attrib.items() if str(key).endswith(f"}}{name}")), "")
