"""Read presentations of PowerPoint. What the audience does not see is left out: notes, comments."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lxml import etree

from assistant.domain.light_markdown import (
    Block,
    Heading,
    ListBlock,
    ListItem,
    Paragraph,
    clean,
    render,
)
from ingest.errors import ReadError
from ingest.readers.extract import Extract
from ingest.readers.office.archive import ArchiveFormat, open_checked, xml
from ingest.readers.office.charts import blocks_of_drawing
from ingest.readers.office.parts import (
    Relation,
    attribute,
    is_on,
    local_name,
    properties_of,
    relations,
)
from ingest.readers.pptx.shapes import in_reading_order, layouts_of, take_unseen
from ingest.readers.shared.boilerplate import without_title
from ingest.readers.shared.grid import Cell, blocks_of_table, in_one_line
from ingest.readers.shared.numerals import Items, as_number, in_form, raised

_PRESENTATION = ArchiveFormat("presentation (PPTX)")
_MAIN = "ppt/presentation.xml"
_MAX_SLIDES = 1000
_DEEPEST = 50  # groups within groups
_TITLES = frozenset(("title", "ctrTitle"))
_OUTLINES = frozenset(("body", "obj", "", "subTitle"))  # placeholders that hold what is said
_RUNNING = frozenset(("dt", "ftr", "hdr", "sldNum"))
_STRUCK = frozenset(("sngStrike", "dblStrike"))
_MOST_HEADS = 3  # rows
_FORMS = {
    "arabic": "decimal",
    "alphaLc": "lowerLetter",
    "alphaUc": "upperLetter",
    "romanLc": "lowerRoman",
    "romanUc": "upperRoman",
}


@dataclass(frozen=True, slots=True)
class _Line:
    """A paragraph on a slide.

    Attributes:
        bullet: Whether it has a bullet or a number; None: it does not say.
        value: Its number in a list that is numbered "1." and so on.
    """

    level: int
    bullet: bool | None
    text: str
    value: int | None = None


def read_pptx(data: bytes, *, name: str) -> Extract:
    """Return the slides in their order, each under its title; hidden ones are left out."""
    parts = open_checked(data, _PRESENTATION, name=name)
    if _MAIN not in parts:
        raise ReadError(name, f"is no presentation (PPTX): it holds no {_MAIN}; save it again")
    slides = list(_slides(parts))
    size = _size(parts)
    unseen = sum(take_unseen(slide, size) for _, slide in slides)
    if len(slides) > _MAX_SLIDES:
        reason = f"has {len(slides)} slides, more than {_MAX_SLIDES}; split it into several files"
        raise ReadError(name, reason)
    blocks = [block for path, slide in slides for block in _blocks(slide, path, parts)]
    told = properties_of(parts)
    first = next((clean(block.text) for block in blocks if isinstance(block, Heading)), "")
    title = told.title or first
    return Extract(
        title,
        render(without_title(blocks, title)),
        published=told.published,
        language=told.language,
        unseen=unseen,
        pictures=sum(1 for _, slide in slides for _ in slide.iter("{*}pic")),
    )


def _slides(parts: Mapping[str, bytes]) -> Iterator[tuple[str, etree._Element]]:
    """Yield the slides that are shown, with their paths, in the order of the presentation."""
    related = relations(parts, _MAIN)
    for listed in xml(parts[_MAIN]).iterfind("{*}sldIdLst/{*}sldId"):
        relation = related.get(attribute(listed, "id"))
        if relation and relation.path in parts:
            slide = xml(parts[relation.path])
            if slide.get("show") not in {"0", "false"}:
                yield relation.path, slide


def _size(parts: Mapping[str, bytes]) -> tuple[int, int]:
    """Return how wide and how high slides are; zeros if the presentation does not say."""
    size = xml(parts[_MAIN]).find("{*}sldSz")
    told = ("", "") if size is None else (str(size.get("cx", "")), str(size.get("cy", "")))
    width, height = (int(each) if re.fullmatch("[1-9][0-9]{0,8}", each) else 0 for each in told)
    return width, height


def _blocks(slide: etree._Element, path: str, parts: Mapping[str, bytes]) -> Iterator[Block]:
    """Yield the title of a slide, then the rest of it in the order in which people read it."""
    tree = slide.find("{*}cSld/{*}spTree")
    layouts = layouts_of(path, parts)
    shapes = list(_shapes(tree, 0, layouts)) if tree is not None else []
    related = relations(parts, path)
    for shape in shapes:
        if _placeholder(shape) in _TITLES:
            yield Heading(2, " ".join(each.text for each in _paragraphs(shape)))
    for shape in shapes:
        kind = _placeholder(shape)
        if kind in _TITLES or kind in _RUNNING:
            continue
        for table in shape.iter("{*}tbl"):
            yield from _table(table)
        yield from _drawn(shape, related, parts)
        if shape.find("{*}txBody") is not None:
            yield from _outline(shape, is_outline=kind in _OUTLINES - {"subTitle"})


def _table(table: etree._Element) -> Iterator[Block]:
    """Yield a table; a row or a column that is set apart as the first one holds heads."""
    properties = table.find("{*}tblPr")
    names = ("firstRow", "firstCol")
    above, left = (properties is not None and is_on(properties.get(each)) for each in names)
    rows = [
        [
            Cell(
                in_one_line(_words(each) for each in cell.iterfind("{*}txBody/{*}p")),
                as_number(str(cell.get("rowSpan", ""))) or 1,
                as_number(str(cell.get("gridSpan", ""))) or 1,
                is_head=(left and not column) or _is_bold(cell),
            )
            for column, cell in enumerate(row.iterfind("{*}tc"))
            if not is_on(cell.get("hMerge")) and not is_on(cell.get("vMerge"))
        ]
        for row in table.iterfind("{*}tr")
    ]
    heads = max((cell.rows for cell in rows[0]), default=1) if above and rows else 0
    yield from blocks_of_table(rows, head_rows=heads if heads <= _MOST_HEADS else 1)


def _is_bold(cell: etree._Element) -> bool:
    """Whether all words of a cell are set in bold."""
    runs = [run for run in cell.iter("{*}r") if (run.findtext("{*}t") or "").strip()]
    looks = [run.find("{*}rPr") for run in runs]
    return bool(looks) and all(look is not None and is_on(look.get("b")) for look in looks)


def _drawn(
    shape: etree._Element, related: Mapping[str, Relation], parts: Mapping[str, bytes]
) -> Iterator[Block]:
    """Yield what a chart or a diagram says."""
    holder = shape.find("{*}graphic/{*}graphicData")
    if holder is None:
        return
    for tag in holder.iterchildren("{*}chart", "{*}relIds"):
        yield from blocks_of_drawing(tag, related, parts)


def _shapes(
    parent: etree._Element, depth: int, layouts: Sequence[etree._Element]
) -> Iterator[etree._Element]:
    """Yield the shapes with words, those within groups as well; hidden ones are left out."""
    shown = [tag for tag in parent if depth < _DEEPEST and _is_shown(tag)]
    fixed = [tag for tag in shown if _placeholder(tag) in _TITLES | _RUNNING]
    placed = [tag for tag in shown if _placeholder(tag) not in _TITLES | _RUNNING]
    for tag in (*fixed, *in_reading_order(placed, layouts)):
        if local_name(tag) in {"sp", "graphicFrame"}:
            yield tag
        else:
            yield from _shapes(tag, depth + 1, layouts)


def _is_shown(tag: etree._Element) -> bool:
    """Whether a tag may hold words, and is not hidden."""
    name = local_name(tag)
    if name not in {"sp", "graphicFrame", "grpSp", "AlternateContent", "Choice"}:
        return False
    own = next(tag.iter("{*}cNvPr"), None) if name in {"sp", "graphicFrame", "grpSp"} else None
    is_hidden = own is not None and is_on(own.get("hidden"))
    return not is_hidden and next(tag.iter("{*}t", "{*}graphicData", "{*}tbl"), None) is not None


def _placeholder(shape: etree._Element) -> str | None:
    """Return what a shape is on its slide; None for a box of its own."""
    found = shape.find("{*}nvSpPr/{*}nvPr/{*}ph")
    return None if found is None else str(found.get("type", ""))


def _outline(shape: etree._Element, *, is_outline: bool) -> Iterator[Block]:
    """Yield paragraphs and lists; in a placeholder for content, several paragraphs are a list."""
    paragraphs = [paragraph for paragraph in _paragraphs(shape) if clean(paragraph.text)]
    listed = is_outline and len(paragraphs) > 1
    items: list[_Line] = []
    for paragraph in paragraphs:
        if paragraph.bullet or (listed and paragraph.bullet is not False):
            items.append(paragraph)
            continue
        if items:
            yield from _nested(items)
        items = []
        yield Paragraph(paragraph.text)
    if items:
        yield from _nested(items)


def _nested(lines: list[_Line]) -> Iterator[ListBlock]:
    """Yield items with their levels as lists of lists."""
    top = min(line.level for line in lines)
    starts = [at for at, line in enumerate(lines) if line.level == top] + [len(lines)]
    if starts[0]:
        yield from _nested(lines[: starts[0]])
    items = Items()
    for start, end in pairwise(starts):
        below = lines[start + 1 : end]
        line = lines[start]
        yield from items.add(
            ListItem(line.text, tuple(_nested(below)) if below else ()), line.value
        )
    yield from items.ended()


def _paragraphs(shape: etree._Element) -> Iterator[_Line]:
    """Yield the paragraphs of a shape, with the numbers that PowerPoint gives them."""
    counted: dict[int, tuple[str, int]] = {}  # by level: the form of a number, and the number
    for paragraph in shape.iterfind("{*}txBody/{*}p"):
        properties = paragraph.find("{*}pPr")
        told = "" if properties is None else str(properties.get("lvl", ""))
        level = int(told) if re.fullmatch("[0-8]", told) else 0
        names = {} if properties is None else {local_name(each): each for each in properties}
        bullet = (
            False if "buNone" in names else bool(names.keys() & {"buChar", "buAutoNum"}) or None
        )
        text, value = _words(paragraph), None
        for below in [each for each in counted if each > level]:
            del counted[below]
        numbered = names.get("buAutoNum")
        if numbered is None:
            counted.pop(level, None)
        elif clean(text):
            form = str(numbered.get("type", ""))
            last, before = counted.get(level, ("", 0))
            first = as_number(str(numbered.get("startAt", ""))) or 1
            counted[level] = form, before + 1 if last == form else first
            value, label = _number(*counted[level])
            text = f"{label} {text}" if label else text
        yield _Line(level, bullet, text, value)


def _number(form: str, value: int) -> tuple[int | None, str]:
    """Return a number for a plain list, or else as it is shown."""
    shape = re.fullmatch(
        r"(arabic|alphaLc|alphaUc|romanLc|romanUc)(Period|ParenR|ParenBoth|Plain)", form
    )
    if shape is None or (shape[1] == "arabic" and shape[2] != "ParenBoth"):
        return value, ""
    text = in_form(value, _FORMS[shape[1]])
    return None, {"Period": f"{text}.", "ParenR": f"{text})", "Plain": text}.get(
        shape[2], f"({text})"
    )


def _words(paragraph: etree._Element) -> str:
    parts = paragraph.iter("{*}t", "{*}br", "{*}tab")
    return "".join(_shown(part) if part.tag.endswith("}t") else " " for part in parts)


def _shown(words: etree._Element) -> str:
    """Return words as they are shown; none where a line through them says that they are void."""
    run, text = words.getparent(), words.text or ""
    looks = run.find("{*}rPr") if run is not None else None
    if looks is None:
        return text
    if looks.get("strike") in _STRUCK:
        return ""
    return raised(text) if re.match("[1-9]", str(looks.get("baseline", ""))) else text
