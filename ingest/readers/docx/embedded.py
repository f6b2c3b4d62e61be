"""Show what is embedded in a Word document where it belongs: parts of other formats, drawings.

Programs that write reports put parts with a format of their own in (`altChunk`); Word makes them
its own when it saves. Charts and diagrams are written out as lists and tables.
"""

import email
import html
from collections.abc import Iterator, Mapping
from email import policy

from bs4 import BeautifulSoup
from lxml import etree

from assistant.domain.light_markdown import Block, ListBlock, Table, plain_text
from ingest.readers.docx.markup import BULLETS, make_item
from ingest.readers.html.reader import markup_of
from ingest.readers.html.tree import attribute, parse
from ingest.readers.office.charts import blocks_of_drawing
from ingest.readers.office.parts import attribute as xml_attribute
from ingest.readers.office.parts import namespace_of, relations, remove

FORMATS = (".html", ".htm", ".xhtml", ".mht", ".mhtml", ".txt", ".docx")
"""How the names of such parts end that are read; one in Rich Text Format is not."""
_MARK = "forum-part-"
_MOST_CHUNKS = 50  # of a document
_MOST_DRAWN = 200  # of a document


def mark_chunks(root: etree._Element, path: str, parts: Mapping[str, bytes]) -> list[str]:
    """Put a paragraph with a bookmark where each such part is shown; return their paths."""
    namespace = namespace_of(root)
    related = relations(parts, path)
    found: list[str] = []
    for tag in list(root.iter(f"{namespace}altChunk")):
        relation = related.get(xml_attribute(tag, "id"))
        if relation and relation.path.lower().endswith(FORMATS) and relation.path in parts:
            paragraph = etree.Element(f"{namespace}p")
            mark = etree.SubElement(paragraph, f"{namespace}bookmarkStart")
            mark.set(f"{namespace}name", f"{_MARK}{len(found)}")
            tag.addprevious(paragraph)
            found.append(relation.path)
        remove(tag)
    return found[:_MOST_CHUNKS]


def put_chunks(soup: BeautifulSoup, chunks: list[BeautifulSoup]) -> None:
    """Put the trees of such parts where their bookmarks are."""
    marks = {attribute(mark, "id"): mark for mark in soup.find_all("a", id=True)}
    for number, chunk in enumerate(chunks):
        mark, body = marks.get(f"{_MARK}{number}"), chunk.body or chunk
        if mark is not None:
            body.name = "div"
            (mark.find_parent("p") or mark).replace_with(body)


def tree_of_chunk(path: str, content: bytes, *, name: str) -> BeautifulSoup:
    """Return the tree of a part that is HTML or plain text; raise ReadError if it is too long."""
    suffix = path.lower().rpartition(".")[2]
    if suffix.startswith("mht"):
        page = email.message_from_bytes(content, policy=policy.default).get_body(("html", "plain"))
        words = page.get_payload(decode=True) if page else b""
        content = words if isinstance(words, bytes) else b""
    markup = markup_of(content, name=name)
    if suffix == "txt":
        markup = "".join(f"<p>{html.escape(line)}</p>" for line in markup.splitlines())
    return parse(markup)


def write_drawn(root: etree._Element, path: str, parts: Mapping[str, bytes]) -> None:
    """Add paragraphs, items and tables to the tree of a part, which is in plain form already."""
    namespace = namespace_of(root)
    related = relations(parts, path)
    last: dict[etree._Element, etree._Element] = {}
    for tag in list(root.iter("{*}chart", "{*}relIds"))[:_MOST_DRAWN]:
        anchor = next(tag.iterancestors(f"{namespace}p"), None)
        if anchor is None:
            continue
        for block in blocks_of_drawing(tag, related, parts):
            for made in _paragraphs_of(block, namespace, 0):
                last.get(anchor, anchor).addnext(made)
                last[anchor] = made


def _paragraphs_of(block: Block, namespace: str, level: int) -> Iterator[etree._Element]:
    match block:
        case ListBlock(items):
            for item in items:
                paragraph = _paragraph(item.text, namespace)
                make_item(paragraph, level, BULLETS, namespace)
                yield paragraph
                for child in item.children:
                    yield from _paragraphs_of(child, namespace, level + 1)
        case Table(header, rows):
            yield _table((header, *rows), namespace)
        case _:
            yield _paragraph(plain_text(block), namespace)


def _table(rows: tuple[tuple[str, ...], ...], namespace: str) -> etree._Element:
    table = etree.Element(f"{namespace}tbl")
    for number, row in enumerate(rows):
        made = etree.SubElement(table, f"{namespace}tr")
        if not number:
            properties = etree.SubElement(made, f"{namespace}trPr")
            etree.SubElement(properties, f"{namespace}tblHeader")
        for text in row:
            etree.SubElement(made, f"{namespace}tc").append(_paragraph(text, namespace))
    return table


def _paragraph(text: str, namespace: str) -> etree._Element:
    paragraph = etree.Element(f"{namespace}p")
    run = etree.SubElement(paragraph, f"{namespace}r")
    etree.SubElement(run, f"{namespace}t").text = text
    return paragraph
