"""Read texts of LibreOffice and OpenOffice (ODT)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from assistant.domain.light_markdown import (
    Block,
    Heading,
    ListBlock,
    ListItem,
    Paragraph,
    Quotation,
    Table,
    clean,
    plain_text,
    render,
)
from assistant.language.dates import date_of
from ingest.errors import ReadError
from ingest.readers.boilerplate import without_boilerplate, without_title
from ingest.readers.extract import Extract, language_of
from ingest.readers.office_archive import OWN_DEFINITIONS, ArchiveFormat, open_checked, xml
from ingest.readers.office_properties import is_title, texts_by_name

_TEXT_DOCUMENT = ArchiveFormat("text document (ODT)", forbidden=OWN_DEFINITIONS)
_DEEPEST = 100  # lists, tables and text boxes within each other; lxml refuses more than 256
_MOST_COLUMNS = 1000  # a cell may say that it is repeated a million times
_NEVER_SHOWN = re.compile(
    "tracked-changes|annotation|annotation-end|table-of-content|alphabetical-index|hidden-text"
    "|hidden-paragraph|note-citation|forms|sequence-decls|ruby-text"
)


@dataclass(slots=True)
class _Styles:
    """What the styles say about what uses them, by their names."""

    hidden: set[str] = field(default_factory=set)
    ordered: set[str] = field(default_factory=set)
    parents: dict[str, str] = field(default_factory=dict)

    def read(self, root: etree._Element) -> None:
        """Take the styles that a part defines."""
        for style in root.iter("{*}style", "{*}list-style"):
            name = _get(style, "name")
            self.parents[name] = _get(style, "parent-style-name")
            if any(_get(look, "display") == "none" for look in style.iter("{*}text-properties")):
                self.hidden.add(name)
            first = next(
                (each for each in style if _tag(each).startswith("list-level-style")), None
            )
            if first is not None and _tag(first) == "list-level-style-number":
                self.ordered.add(name)

    def named(self, tag: etree._Element) -> set[str]:
        """Return the name of a tag's style, and of the one that this one is derived from."""
        name = _get(tag, "style-name")
        return {name, self.parents.get(name, "")}


def read_odt(data: bytes, *, name: str) -> Extract:
    """Return the document with its headings, lists and tables; comments are left out."""
    parts = open_checked(data, _TEXT_DOCUMENT, name=name)
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise ReadError(name, "is encrypted; save it without a password")
    if "content.xml" not in parts:
        raise ReadError(name, "is no text document (ODT): it holds no content.xml; save it again")
    styles, content = _Styles(), xml(parts["content.xml"])
    if "styles.xml" in parts:
        styles.read(xml(parts["styles.xml"]))
    styles.read(content)
    walk = _OdtWalk(styles)
    for body in content.iterfind("{*}body/{*}text"):
        walk.blocks.extend(walk.inside(body, 0))
    if walk.notes:
        walk.blocks.append(ListBlock(tuple(walk.notes), ordered=True))
    properties = _properties(parts)
    first = next((block.text for block in walk.blocks if isinstance(block, Heading)), "")
    title = clean(properties.get("title", ""))
    title = title if is_title(title) else clean(walk.title or first)
    return Extract(
        title,
        render(without_boilerplate(without_title(walk.blocks, title))),
        published=date_of(properties.get("creation-date") or properties.get("date")),
        language=language_of(properties.get("language")),
        unseen=walk.unseen,
    )


class _OdtWalk:
    """One pass over a text; gathers footnotes, and the title where a paragraph is styled as one."""

    def __init__(self, styles: _Styles) -> None:
        self.blocks: list[Block] = []
        self.notes: list[ListItem] = []
        self.title = ""
        self.unseen = 0
        self._styles = styles
        self._boxes: list[etree._Element] = []

    def inside(self, parent: etree._Element, depth: int) -> Iterator[Block]:
        """Yield the blocks of all that a tag contains."""
        for tag in parent if depth < _DEEPEST else ():
            yield from self._block(tag, depth + 1)
            boxes, self._boxes = self._boxes, []
            for box in boxes:
                yield from self.inside(box, depth + 1)

    def _block(self, tag: etree._Element, depth: int) -> Iterator[Block]:
        names = self._styles.named(tag)
        match _tag(tag):
            case "h":
                level = _get(tag, "outline-level")
                yield Heading(1 + int(level) if level in set("12345") else 2, self._words(tag))
            case "p" if "Title" in names:
                self.title = self.title or self._words(tag)
                yield Heading(2, self._words(tag))
            case "p":
                quotes = "Quotations" in names
                yield Quotation(self._words(tag)) if quotes else Paragraph(self._words(tag))
            case "list":
                yield self._list(tag, depth, ordered=bool(names & self._styles.ordered))
            case "table":
                rows = [tuple(self._cells(row, depth)) for row in tag.iter("{*}table-row")]
                if rows := [row for row in rows if any(row)]:
                    yield Table(rows[0], tuple(rows[1:]))
            case _ if _get(tag, "display") == "none":
                self._passed_over(tag)
            case other if not _NEVER_SHOWN.fullmatch(other):
                yield from self.inside(tag, depth)

    def _list(self, tag: etree._Element, depth: int, *, ordered: bool) -> ListBlock:
        items = []
        for item in tag.iterchildren("{*}list-item", "{*}list-header"):
            blocks = list(self.inside(item, depth + 1))
            nested = tuple(block for block in blocks if isinstance(block, ListBlock))
            words = (plain_text(block) for block in blocks if not isinstance(block, ListBlock))
            items.append(ListItem(clean(" ".join(words)), nested))
        return ListBlock(tuple(items), ordered=ordered)

    def _cells(self, row: etree._Element, depth: int) -> Iterator[str]:
        for cell in row.iterchildren("{*}table-cell", "{*}covered-table-cell"):
            text = clean(" ".join(plain_text(each) for each in self.inside(cell, depth + 1)))
            yield text
            repeated = _get(cell, "number-columns-repeated")
            if text and repeated.isascii() and repeated.isdigit():
                yield from [text] * (min(int(repeated), _MOST_COLUMNS) - 1)

    def _words(self, tag: etree._Element) -> str:
        """Return the words of a paragraph; text boxes are read after it, notes at the end."""
        if self._styles.named(tag) & self._styles.hidden:
            return self._passed_over(tag)
        parts = [tag.text or ""]
        for child in tag:
            name = _tag(child)
            if name in {"s", "tab", "line-break"}:
                parts.append(" ")
            elif name == "text-box":
                self._boxes.append(child)
            elif name == "note":
                self._note(child)
            elif name in {"hidden-text", "hidden-paragraph"}:
                parts.append(self._passed_over(child))
            elif not _NEVER_SHOWN.fullmatch(name) and name not in {"desc", "title"}:
                parts.append(self._words(child))
            parts.append(child.tail or "")
        return "".join(parts)

    def _passed_over(self, tag: etree._Element) -> str:
        """Count the words that a tag hides, and return those that it shows: none."""
        self.unseen += len(" ".join(map(str, tag.itertext())).split())
        return ""

    def _note(self, note: etree._Element) -> None:
        for body in note.iterchildren("{*}note-body"):
            text = clean(" ".join(plain_text(each) for each in self.inside(body, _DEEPEST - 1)))
            self.notes.append(ListItem(text))


def _properties(parts: Mapping[str, bytes]) -> Mapping[str, str]:
    try:
        meta = xml(parts.get("meta.xml", b"")).find("{*}meta")
    except (etree.XMLSyntaxError, ValueError):
        return {}
    return texts_by_name(meta) if meta is not None else {}


def _tag(tag: etree._Element) -> str:
    return etree.QName(tag).localname


def _get(tag: etree._Element, name: str) -> str:
    """Return an attribute by its local name, empty if absent."""
    return next((str(v) for key, v in tag.attrib.items() if str(key).endswith(f"}}{name}")), "")
