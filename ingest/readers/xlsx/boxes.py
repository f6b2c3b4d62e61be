"""Read the text boxes that lie on the sheets of a workbook."""

from collections.abc import Iterator, Mapping

from lxml import etree

from assistant.domain.light_markdown import Paragraph, clean
from ingest.readers.office.archive import xml
from ingest.readers.office.relations import relations

_MOST = 200  # boxes of a sheet


def boxes_of_sheet(parts: Mapping[str, bytes], path: str) -> Iterator[Paragraph]:
    """Yield the paragraphs of the boxes on a sheet, in the order in which they were made."""
    for relation in relations(parts, path).values():
        if relation.kind == "drawing" and relation.path in parts:
            for shape in list(xml(parts[relation.path]).iter("{*}sp"))[:_MOST]:
                yield from _paragraphs(shape)


def _paragraphs(shape: etree._Element) -> Iterator[Paragraph]:
    own = shape.find("{*}nvSpPr/{*}cNvPr")
    if next(shape.iterancestors("{*}Fallback"), None) is not None:
        return  # for old programs, of which it speaks
    if own is not None and own.get("hidden") in {"1", "true"}:
        return
    for paragraph in shape.iterfind("{*}txBody/{*}p"):
        if words := clean("".join(each.text or "" for each in paragraph.iter("{*}t"))):
            yield Paragraph(words)
