"""Read Word documents; the archive is checked before anything is unpacked."""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence

import mammoth
from bs4 import BeautifulSoup
from lxml import etree

from assistant.domain.light_markdown import Block, render
from ingest.readers.docx.embedded import (
    FORMATS,
    mark_chunks,
    put_chunks,
    tree_of_chunk,
    write_drawn,
)
from ingest.readers.docx.hidden import drop_incomplete, without_hidden
from ingest.readers.docx.markup import HEADING_MARK, NUMBER_MARK, in_plain_form, plain_numbering
from ingest.readers.docx.numbering import Numbers, styles_of
from ingest.readers.extract import Extract
from ingest.readers.html.blocks import blocks_of_html, inline_text
from ingest.readers.html.boilerplate import is_no_text
from ingest.readers.html.tree import attribute, parse, tokens
from ingest.readers.office.archive import ArchiveFormat, open_checked, xml
from ingest.readers.office.parts import namespace_of, part_of_kind, properties_of
from ingest.readers.shared.boilerplate import without_title
from ingest.readers.shared.headings import below_title, title_among

_TITLE = "document-title"
_STYLES = f"""
p[style-name='Title'] => h1.{_TITLE}:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
"""
_SAFE = {"include_embedded_style_map": False, "external_file_access": False}
_WORD = ArchiveFormat("Word document", others=FORMATS)
_MAIN = "word/document.xml"
_NOTES = ("footnote", "endnote")


def read_docx(data: bytes, *, name: str) -> Extract:
    """Return the document with its headings, lists and tables; images and comments are left out."""
    parts = open_checked(data, _WORD, name=name)
    told = properties_of(parts)
    soup, unseen, pictures = _tree_of_document(parts, name)
    blocks = blocks_of_html(soup, is_no_text)
    title = told.title or _headline(soup, blocks)
    return Extract(
        title,
        render(below_title(without_title(blocks, title))),
        published=told.published,
        language=told.language,
        unseen=unseen,
        pictures=pictures,
    )


def _tree_of_document(
    parts: Mapping[str, bytes], name: str, *, is_chunk: bool = False
) -> tuple[BeautifulSoup, int, int]:
    """Return a document as HTML, how many words in it were hidden, and how many pictures it has."""
    parts, unseen, pictures, paths = _prepared(parts)
    html = mammoth.convert_to_html(
        _archive(parts), style_map=_STYLES, convert_image=_leave_out, **_SAFE
    ).value
    soup = parse(html)
    _number_lists(soup)
    chunks: list[BeautifulSoup] = []
    for path in () if is_chunk else paths:  # one inside another may be the same, without end
        if path.lower().endswith(".docx"):
            inner = open_checked(parts[path], _WORD, name=name)
            tree, hidden, shown = _tree_of_document(inner, name, is_chunk=True)
            unseen, pictures = unseen + hidden, pictures + shown
        else:
            tree = tree_of_chunk(path, parts[path], name=name)
        chunks.append(tree)
    put_chunks(soup, chunks)
    return soup, unseen, pictures


def _headline(soup: BeautifulSoup, blocks: Sequence[Block]) -> str:
    """Return the heading that is the title of the whole, "" if all are chapters alike."""
    headings = soup.find_all("h1")
    unnumbered = [each for each in headings if not each.find(id=HEADING_MARK)]
    styled = [each for each in unnumbered if _TITLE in tokens(each)]
    if not styled and len(unnumbered) == len(headings):
        return title_among(blocks)
    # Where chapters have numbers, what has none is no chapter.
    first = next(iter(styled or unnumbered), None)
    return inline_text(first, skip=is_no_text) if first else ""


def _leave_out(_picture: object) -> Sequence[object]:
    """Return what stands for a picture: nothing, and no file outside is opened for it."""
    return []


def _prepared(parts: Mapping[str, bytes]) -> tuple[Mapping[str, bytes], int, int, list[str]]:
    """Return the parts of a document as mammoth reads them.

    With them comes how many words were hidden, how many pictures there are, and which parts with a
    format of their own are shown.
    """
    main = part_of_kind(parts, "", "officeDocument", usual=_MAIN)
    listed = part_of_kind(parts, main, "numbering", usual="word/numbering.xml")
    looks = part_of_kind(parts, main, "styles", usual="word/styles.xml")
    styles, numbering = styles_of(_tree(parts, looks)), _tree(parts, listed)
    unseen, pictures, changed, namespace = 0, 0, dict(parts), ""
    notes = (part_of_kind(parts, main, f"{each}s", usual=f"word/{each}s.xml") for each in _NOTES)
    roots: dict[str, etree._Element] = {}
    for path in (main, *notes):
        if path in parts:
            shown, hidden = without_hidden(parts[path], styles)
            unseen += hidden
            roots[path] = xml(shown)
    chunks = mark_chunks(roots[main], main, parts) if main in roots else []
    drop_incomplete(roots.values())
    for path, root in roots.items():
        namespace = namespace_of(root)
        in_plain_form(root, styles, Numbers(numbering, styles))
        write_drawn(root, path, parts)
        pictures += _without_pictures(root)
        changed[path] = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    # Comments are not read, and a damaged one would cost the document.
    changed.pop(part_of_kind(parts, main, "comments", usual="word/comments.xml"), None)
    if (defined := _tree(parts, looks)) is not None:
        _complete(defined)
        changed[looks] = etree.tostring(defined, encoding="UTF-8", xml_declaration=True)
    return {**changed, listed: plain_numbering(namespace)}, unseen, pictures, chunks


def _without_pictures(root: etree._Element) -> int:
    """Take out where pictures point to, be it a file outside or nowhere; return how many did."""
    pictures = [each for each in root.iter("{*}blip", "{*}imagedata") if each.attrib]
    for picture in pictures:
        picture.attrib.clear()
    return len(pictures)


def _complete(styles: etree._Element) -> None:
    """Give styles the kind that they have where they say none; what has no name is of no use."""
    namespace = namespace_of(styles)
    for style in styles.findall(f"{namespace}style"):
        if not style.get(f"{namespace}styleId"):
            styles.remove(style)
        elif not style.get(f"{namespace}type"):
            style.set(f"{namespace}type", "paragraph")


def _tree(parts: Mapping[str, bytes], path: str) -> etree._Element | None:
    return xml(parts[path]) if path in parts else None


def _number_lists(soup: BeautifulSoup) -> None:
    """Give the items of ordered lists the numbers that Word shows."""
    for mark in soup.find_all("a", id=re.compile(f"^{NUMBER_MARK}[0-9]{{1,3}}$")):
        if mark.parent and mark.parent.name == "li":
            mark.parent["value"] = attribute(mark, "id").removeprefix(NUMBER_MARK)


def _archive(parts: Mapping[str, bytes]) -> io.BytesIO:
    """Return an archive of the parts that were checked, so that nothing else can be read."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    buffer.seek(0)
    return buffer
