"""Write what the charts and diagrams of a Word document say after the paragraphs they are in."""

from collections.abc import Iterator, Mapping

from lxml import etree

from assistant.domain.light_markdown import Block, ListBlock, Table, plain_text
from ingest.readers.docx.markup import BULLETS, make_item
from ingest.readers.office.charts import blocks_of_drawing
from ingest.readers.office.relations import relations

_MOST = 200  # of a document


def write_drawn(root: etree._Element, path: str, parts: Mapping[str, bytes]) -> None:
    """Add paragraphs, items and tables to the tree of a part, which is in plain form already."""
    namespace = root.tag[: root.tag.index("}") + 1]
    related = relations(parts, path)
    last: dict[etree._Element, etree._Element] = {}
    for tag in list(root.iter("{*}chart", "{*}relIds"))[:_MOST]:
        anchor = next(tag.iterancestors(f"{namespace}p"), None)
        if anchor is None:
            continue
        for block in blocks_of_drawing(tag, related, parts):
            for made in _made(block, namespace, 0):
                last.get(anchor, anchor).addnext(made)
                last[anchor] = made


def _made(block: Block, namespace: str, level: int) -> Iterator[etree._Element]:
    match block:
        case ListBlock(items):
            for item in items:
                paragraph = _paragraph(item.text, namespace)
                make_item(paragraph, level, BULLETS, namespace)
                yield paragraph
                for child in item.children:
                    yield from _made(child, namespace, level + 1)
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
