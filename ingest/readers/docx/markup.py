"""Bring a part of a Word document into the form that mammoth reads. Does no input or output.

What a reader sees is kept, what nobody sees goes: changes are accepted, the codes of fields and
tables of contents go, text boxes follow their paragraph, tables have all of their cells, and the
numbers that Word writes itself become text.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from lxml import etree

from ingest.readers.docx.numbering import (
    DEEPEST_LEVEL,
    Numbers,
    ParagraphNumber,
    ParagraphStyle,
    applies,
    value_of,
)
from ingest.readers.docx.tables import complete_tables
from ingest.readers.office.parts import attribute, is_on, local_name, namespace_of, remove
from ingest.readers.shared.numerals import as_number

NUMBER_MARK = "forum-number-"
"""Begins the name of the bookmark that tells the number of an item of an ordered list."""
HEADING_MARK = "forum-number-of-heading"
"""The name of the bookmark in a heading that has a number: it is none of the whole document."""
ORDERED, BULLETS = "1", "2"
_NUMBERING = """<w:numbering xmlns:w="{namespace}">{abstract}{nums}</w:numbering>"""
_DEEPEST_LIST = 4  # mammoth knows five levels
_LONGEST_CODE = 100  # characters; the first word of a field's code tells what it is
_LONGEST_HEADING = 120  # characters; more that ends like a sentence is a clause
_DEEPEST_FORMULA = 50
_DEEPEST_HEADING = 6
_LINES = ("{*}tc", "{*}footnote", "{*}endnote")
_LONGEST_START = 3  # digits of the number that a list may begin with
_INDEXES = re.compile(r"\s*(?:TOC|TOA|INDEX)\b", re.IGNORECASE)
_INDEX_STYLES = re.compile(
    r"toc (?:[1-9]|heading)|table of (?:figures|authorities)|index [1-9]", re.IGNORECASE
)
_UNWRAPPED = frozenset(
    (
        *("customXml", "smartTag", "fldSimple", "dir", "bdo", "ins", "moveTo", "ruby", "rubyBase"),
        "hyperlink",
    )
)
_TITLES = frozenset(("title", "subtitle"))  # which Word lists beside the headings
_DELETED = frozenset(("del", "moveFrom", "rPrChange", "pPrChange", "rt"))


def in_plain_form(
    root: etree._Element, styles: Mapping[str, ParagraphStyle], numbers: Numbers
) -> None:
    """Change the tree of a part so that mammoth reads all of what a reader sees."""
    namespace = namespace_of(root)
    _choose_alternatives(root)
    _accept_changes(root, namespace)
    _unwrap(root, namespace)
    _leave_out_codes(root, namespace)
    _move_text_boxes(root, namespace)
    _make_characters(root, namespace)
    complete_tables(root, styles, namespace)
    for paragraph in root.iter(f"{namespace}p"):
        numbers.note_use(*_numbering_of(paragraph))
    for paragraph in list(root.iter(f"{namespace}p")):
        style_id = value_of(paragraph, "pPr/{*}pStyle")
        style = styles.get(style_id) or _undefined(style_id)
        if _INDEX_STYLES.fullmatch(style.name):
            remove(paragraph)
        else:
            number = numbers.of(*_numbering_of(paragraph))
            _write_number(paragraph, _outlined(paragraph, style), number, namespace)


def _undefined(style_id: str) -> ParagraphStyle:
    """Return what a style is called after that a document uses without defining it."""
    heading = re.fullmatch(r"Heading([1-9])", style_id)
    return ParagraphStyle(heading=int(heading[1]) if heading else None)


def _outlined(paragraph: etree._Element, style: ParagraphStyle) -> ParagraphStyle:
    """Return a style with the level that a paragraph gives itself, short enough for a heading."""
    level = as_number(value_of(paragraph, "pPr/{*}outlineLvl"))
    if style.heading or style.name.lower() in _TITLES or level is None or level > DEEPEST_LEVEL:
        return style
    words = "".join(map(str, paragraph.itertext("{*}t"))).strip()
    return replace(style, heading=level + 1) if 0 < len(words) <= _LONGEST_HEADING else style


def plain_numbering(namespace: str) -> bytes:
    """Return the numbering part for what `in_plain_form` leaves to be numbered."""
    kinds = ((ORDERED, "decimal"), (BULLETS, "bullet"))
    levels = range(_DEEPEST_LIST + 1)
    abstract = "".join(
        f'<w:abstractNum w:abstractNumId="{name}">'
        + "".join(f'<w:lvl w:ilvl="{at}"><w:numFmt w:val="{form}"/></w:lvl>' for at in levels)
        + "</w:abstractNum>"
        for name, form in kinds
    )
    nums = "".join(
        f'<w:num w:numId="{name}"><w:abstractNumId w:val="{name}"/></w:num>' for name, _ in kinds
    )
    return _NUMBERING.format(namespace=namespace.strip("{}"), abstract=abstract, nums=nums).encode()


def _choose_alternatives(root: etree._Element) -> None:
    """Leave one of the ways in which something is written: the first that holds words."""
    for tag in list(root.iter("{*}AlternateContent")):
        ways = list(tag.iterchildren("{*}Choice", "{*}Fallback"))
        chosen = next((way for way in ways if next(way.iter("{*}t"), None) is not None), None)
        for child in tag:
            if child is not chosen:
                tag.remove(child)
        if chosen is not None:
            _dissolve(chosen)
        _dissolve(tag)


def _accept_changes(root: etree._Element, namespace: str) -> None:
    """Take what was deleted or moved away out, with the marks of paragraphs and cells."""
    for tag in list(root.iter(*(f"{namespace}{name}" for name in _DELETED))):
        holder = tag.getparent()
        if holder is None or holder.tag in {f"{namespace}rPr", f"{namespace}trPr"}:
            continue  # the mark of a paragraph or a row, looked at below
        remove(tag)
    for row in list(root.iter(f"{namespace}tr")):
        if row.find(f"{namespace}trPr/{namespace}del") is not None:
            remove(row)
    for cell in list(root.iter(f"{namespace}tc")):
        if cell.find(f"{namespace}tcPr/{namespace}cellDel") is not None:
            remove(cell)
    # From the end, so that each paragraph is moved once however many are joined.
    for paragraph in reversed(list(root.iter(f"{namespace}p"))):
        mark = paragraph.find(f"{namespace}pPr/{namespace}rPr")
        names = ("del", "moveFrom")
        if mark is not None and any(mark.find(f"{namespace}{each}") is not None for each in names):
            _join_with_next(paragraph, namespace)


def _join_with_next(paragraph: etree._Element, namespace: str) -> None:
    """Put what a paragraph without an end holds before what the next one holds."""
    following = paragraph.getnext()
    held = [child for child in paragraph if child.tag != f"{namespace}pPr"]
    if following is None or following.tag != f"{namespace}p":
        if not held:
            remove(paragraph)
        return
    at = 1 if following.find(f"{namespace}pPr") is not None else 0
    following[at:at] = held
    remove(paragraph)


def _unwrap(root: etree._Element, namespace: str) -> None:
    """Take content out of what is wrapped around it: controls, simple fields, inserted words."""
    for control in list(root.iter(f"{namespace}sdt")):
        _unwrap_control(control, namespace)
    for field in list(root.iter(f"{namespace}fldSimple")):
        if _INDEXES.match(attribute(field, "instr")):
            remove(field)
    for tag in list(root.iter(*(f"{namespace}{name}" for name in _UNWRAPPED))):
        holder = tag.getparent()
        if holder is not None and not holder.tag.endswith("Pr"):  # there it marks a change
            _dissolve(tag)


def _unwrap_control(control: etree._Element, namespace: str) -> None:
    """Leave what was filled in; neither a table of contents nor what asks to fill something in."""
    gallery = value_of(control, "sdtPr/{*}docPartObj/{*}docPartGallery")
    if gallery.lower() == "table of contents":
        remove(control)
        return
    content = control.find(f"{namespace}sdtContent")
    if content is not None and applies(control.find(f"{namespace}sdtPr/{namespace}showingPlcHdr")):
        for run in list(content.iter(f"{namespace}r")):
            remove(run)
    for child in control:
        if child is not content:
            control.remove(child)
    if content is not None:
        _dissolve(content)
    _dissolve(control)


def _leave_out_codes(root: etree._Element, namespace: str) -> None:
    """Take the codes of fields out, and all of those that list what stands elsewhere."""
    parts = (f"{namespace}{name}" for name in ("fldChar", "instrText", "t"))
    paragraphs: dict[etree._Element, None] = {}
    for text in list(_unshown(list(root.iter(*parts)), namespace)):
        paragraphs.update(dict.fromkeys(text.iterancestors(f"{namespace}p")))
        remove(text)
    for paragraph in paragraphs:  # a tab or a break is all that is left of a line of contents
        if next(paragraph.iter(f"{namespace}t", f"{namespace}txbxContent"), None) is None:
            for run in list(paragraph.iter(f"{namespace}tab", f"{namespace}br")):
                remove(run)


def _unshown(tags: list[etree._Element], namespace: str) -> Iterator[etree._Element]:
    """Yield the texts that are part of a code, or of a list of what stands elsewhere."""
    unended = _unended(tags)
    fields: list[tuple[str, bool]] = []  # the code so far, and whether the result follows it
    hiding = 0  # how many of them hide what stands in them
    for tag in tags:
        kind = attribute(tag, "fldCharType")
        is_code = tag.tag.endswith("}instrText") and bool(fields) and not fields[-1][1]
        if (kind in {"separate", "end"} or is_code) and fields:
            code, is_result = fields.pop()
            hiding -= _hides_its_text(code, is_result)
            if kind != "end":
                code = f"{code}{tag.text or ''}"[:_LONGEST_CODE]
                fields.append((code, is_result or kind == "separate"))
                hiding += _hides_its_text(*fields[-1])
        elif kind == "begin" and tag not in unended:
            fields.append(("", False))
            hiding += 1
        elif tag.tag == f"{namespace}t" and hiding:
            yield tag


def _hides_its_text(code: str, is_result: bool) -> bool:  # noqa: FBT001 - a field as it is kept
    return not is_result or _INDEXES.match(code) is not None


def _unended(tags: list[etree._Element]) -> set[etree._Element]:
    """Return what begins a field that never ends; all that follows would be its code."""
    begun = []
    for tag in tags:
        kind = attribute(tag, "fldCharType")
        if kind == "begin":
            begun.append(tag)
        elif kind == "end" and begun:
            begun.pop()
    return set(begun)


def _move_text_boxes(root: etree._Element, namespace: str) -> None:
    """Put what text boxes hold after the paragraph that each is anchored in."""
    last: dict[etree._Element, etree._Element] = {}
    for box in list(root.iter(f"{namespace}txbxContent")):
        anchor = next(box.iterancestors(f"{namespace}p"), None)
        if anchor is None:
            continue
        held = [] if _is_hidden_drawing(box, anchor) else list(box)
        at = last.get(anchor, anchor)
        for block in held:
            at.addnext(block)
            at = block
        last[anchor] = at
        remove(box)


def _is_hidden_drawing(box: etree._Element, anchor: etree._Element) -> bool:
    for holder in box.iterancestors():
        if holder is anchor:
            return False
        own = holder.find("{*}docPr")
        is_off = own is not None and is_on(own.get("hidden"))
        if is_off or re.search(r"visibility\s*:\s*hidden", holder.get("style", "")):
            return True
    return False


def _make_characters(root: etree._Element, namespace: str) -> None:
    """Write as characters what mammoth does not know, or writes in a way that nobody types."""
    for tag in list(root.iter(*(f"{namespace}{name}" for name in ("noBreakHyphen", "cr", "ptab")))):
        if tag.tag == f"{namespace}noBreakHyphen":
            tag.tag, tag.text = f"{namespace}t", "-"
        else:
            tag.tag = f"{namespace}{'br' if tag.tag.endswith('}cr') else 'tab'}"
    for box in list(root.iter(f"{namespace}checkBox")):
        _show_check_box(box, namespace)
    for tag in root.iter(f"{namespace}dstrike"):
        tag.tag = f"{namespace}strike"
    for formula in list(root.iter("{*}oMath")):
        run = etree.Element(f"{namespace}r")
        etree.SubElement(run, f"{namespace}t").text = _in_line(formula, 0)
        formula.addprevious(run)
        remove(formula)
    for tag in list(root.iter("{*}oMathPara")):
        _dissolve(tag)
    for tag in root.iter(f"{namespace}br"):  # a page may end in the middle of a sentence
        tag.attrib.clear()


def _show_check_box(box: etree._Element, namespace: str) -> None:
    """Write a box to tick, of a form in the old way, as a sign before its field."""
    run = next(box.iterancestors(f"{namespace}r"), None)
    if run is None:
        return
    told = (box.find(f"{namespace}{name}") for name in ("checked", "default"))
    mark = next((each for each in told if each is not None), None)
    shown = etree.Element(f"{namespace}r")
    etree.SubElement(shown, f"{namespace}t").text = "☒" if applies(mark) else "☐"
    run.addprevious(shown)


def _in_line(formula: etree._Element, depth: int) -> str:
    """Return a formula as people write it in a line: "m^2", "(a + b)/2"."""
    if depth > _DEEPEST_FORMULA:
        return ""
    name = local_name(formula)
    if name == "t":
        return formula.text or ""
    inner = [_in_line(child, depth + 1) for child in formula]
    if name in {"num", "den", "sup", "sub"}:
        words = "".join(inner)
        words = f"({words})" if re.search(r"\W", words) else words
        return {"den": "/", "sup": "^", "sub": "_"}.get(name, "") + words if words else ""
    if name == "rad":
        return f"√({''.join(inner)})"
    return "".join(inner)


def _numbering_of(paragraph: etree._Element) -> tuple[str, str, int | None]:
    """Return the style of a paragraph, and the numbering and the level that it names itself."""
    level = as_number(value_of(paragraph, "pPr/{*}numPr/{*}ilvl"))
    named = value_of(paragraph, "pPr/{*}numPr/{*}numId")
    return value_of(paragraph, "pPr/{*}pStyle"), named, level


def _write_number(
    paragraph: etree._Element, style: ParagraphStyle, number: ParagraphNumber | None, namespace: str
) -> None:
    """Write the number of a paragraph as text, or leave it to a list; make headings known."""
    properties = _properties_of(paragraph, namespace)
    words = "".join(map(str, paragraph.itertext(f"{namespace}t"))).strip()
    is_clause = number is not None and len(words) > _LONGEST_HEADING and words[-1] in ".;:"
    heading = 0 if is_clause else style.heading or 0
    if style.heading:
        _set_style(properties, f"Heading{min(heading, _DEEPEST_HEADING)}", namespace)
    if number is None or not words:
        return
    value = number.value
    is_long = value is None or len(str(value)) > _LONGEST_START
    # A cell and a note are one line each, in which an ordered list would lose its numbers.
    is_ordered = not is_long and next(paragraph.iterancestors(*_LINES), None) is None
    if not heading and not number.is_clause:
        _list(properties, number.level, ORDERED if is_ordered else BULLETS, namespace)
        if is_ordered:
            _mark(properties, f"{NUMBER_MARK}{value}", namespace)
            return
    if number.label:
        run = etree.Element(f"{namespace}r")
        etree.SubElement(run, f"{namespace}t").text = f"{number.label} "
        properties.addnext(run)
        if heading:
            _mark(properties, HEADING_MARK, namespace)


def _mark(properties: etree._Element, name: str, namespace: str) -> None:
    mark = etree.Element(f"{namespace}bookmarkStart")
    mark.set(f"{namespace}name", name)
    properties.addnext(mark)


def _properties_of(paragraph: etree._Element, namespace: str) -> etree._Element:
    """Return the properties of a paragraph, without its numbering."""
    properties = paragraph.find(f"{namespace}pPr")
    if properties is None:
        properties = etree.Element(f"{namespace}pPr")
        paragraph.insert(0, properties)
    for named in properties.findall(f"{namespace}numPr"):
        properties.remove(named)
    return properties


def make_item(paragraph: etree._Element, level: int, kind: str, namespace: str) -> None:
    """Make a paragraph without numbering an item of a list in plain form."""
    _list(_properties_of(paragraph, namespace), level, kind, namespace)


def _list(properties: etree._Element, level: int, kind: str, namespace: str) -> None:
    """Make a paragraph an item of a list."""
    numbering = etree.SubElement(properties, f"{namespace}numPr")
    for name, value in (("ilvl", str(min(level, _DEEPEST_LIST))), ("numId", kind)):
        etree.SubElement(numbering, f"{namespace}{name}").set(f"{namespace}val", value)


def _set_style(properties: etree._Element, style_id: str, namespace: str) -> None:
    style = properties.find(f"{namespace}pStyle")
    if style is None:
        style = etree.Element(f"{namespace}pStyle")
        properties.insert(0, style)
    style.set(f"{namespace}val", style_id)


def _dissolve(tag: etree._Element) -> None:
    """Put what a tag contains in its place."""
    parent = tag.getparent()
    if parent is not None:
        for child in list(tag):
            tag.addprevious(child)
        parent.remove(tag)
