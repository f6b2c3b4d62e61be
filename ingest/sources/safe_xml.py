"""Read XML from others: whole elements, one after another, and never a DTD or an entity."""

from collections.abc import Collection, Iterator
from typing import BinaryIO

from lxml import etree

from ingest.errors import ReadError
from ingest.sources.mended_xml import Mended

_DTD = "brings a document type (DOCTYPE), which could make us read other files; it is refused"


def elements(file: BinaryIO, wanted: Collection[str], *, name: str) -> Iterator[etree._Element]:
    """Yield the elements of these local names as each is whole; the root comes first, bare.

    One inside another is a part of it, and not yielded.

    What was yielded is emptied after its turn, so that a file of any size takes little memory.
    Characters that XML may not hold are left out. Raises ReadError where the file is no XML, or
    not safe.
    """
    events = etree.iterparse(
        Mended(file),
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    root: etree._Element | None = None
    try:
        for event, element in events:
            if root is None:
                root = element
                if element.getroottree().docinfo.doctype:
                    raise ReadError(name, _DTD)
                yield root
            elif event == "end" and _is_wanted(element, wanted):
                yield element
                _forget(element)
    except (etree.LxmlError, LookupError, ValueError) as exc:
        told = exc.msg if isinstance(exc, SyntaxError) else exc
        raise ReadError(name, f"is damaged, or no XML: {told}"[:300]) from exc


def _is_wanted(element: etree._Element, wanted: Collection[str]) -> bool:
    parent = element.getparent()
    is_part = parent is not None and local_name(parent) in wanted
    return local_name(element) in wanted and not is_part


def local_name(element: etree._Element) -> str:
    """Return the name of an element without its namespace; "" for a comment."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def text_of(element: etree._Element) -> str:
    """Return the words directly inside an element."""
    return (element.text or "").strip()


def _forget(element: etree._Element) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
