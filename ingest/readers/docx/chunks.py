"""Find the parts of a Word document that have a format of their own, shown where they belong.

Programs that write reports put them in so (`altChunk`); Word makes them its own when it saves.
"""

import email
import html
from collections.abc import Mapping
from email import policy

from bs4 import BeautifulSoup
from lxml import etree

from ingest.readers.html.reader import markup_of
from ingest.readers.html.tree import attribute, parse
from ingest.readers.office.relations import relations
from ingest.readers.office.xml_tags import attribute as xml_attribute
from ingest.readers.office.xml_tags import remove

FORMATS = (".html", ".htm", ".xhtml", ".mht", ".mhtml", ".txt", ".docx")
"""How the names of such parts end that are read; one in Rich Text Format is not."""
_MARK = "forum-part-"
_MOST = 50  # of a document


def mark_chunks(root: etree._Element, path: str, parts: Mapping[str, bytes]) -> list[str]:
    """Put a paragraph with a bookmark where each such part is shown; return their paths."""
    namespace = root.tag[: root.tag.index("}") + 1]
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
    return found[:_MOST]


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
