"""Read what the styles of a document of LibreOffice say: of words, tables, and numbers. Pure.

OpenDocument 1.3, part 3, 5.3 and 16.30: a list names a style; the style says of each level what
its numbers look like and how many of the levels above stand before them.
"""

import re
from dataclasses import dataclass, field

from lxml import etree

from ingest.readers.office.numbering import Levels, ListLevel
from ingest.readers.office.parts import attribute, local_name
from ingest.readers.shared.numerals import as_number

_MOST_LEVELS = 10
_FORMS = {
    "1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman",
}  # fmt: skip
_TINY = 2.0  # points
_WHITE = "#ffffff"
_NO_GROUND = frozenset(("", "transparent", _WHITE))
_GROUND = ("image", "custom-shape", "rect", "ellipse", "circle", "polygon", "path", "page")
_THROUGH = ("text-line-through-style", "text-line-through-type")
_ABOVE = re.compile(r"super|[1-9]")  # by how much of the height of the type
_NO_LINE = frozenset(("", "none"))
_TABLE_HEADING = "Table_20_Heading"


@dataclass(slots=True)
class TextStyles:
    """What the styles say about what uses them, by their names."""

    hidden: set[str] = field(default_factory=set)
    hidden_tables: set[str] = field(default_factory=set)
    bold: set[str] = field(default_factory=lambda: {_TABLE_HEADING})
    struck: set[str] = field(default_factory=set)
    raised: set[str] = field(default_factory=set)
    white: set[str] = field(default_factory=set)
    lists: dict[str, Levels] = field(default_factory=dict)
    outline: Levels = field(default_factory=dict)
    used: dict[str, set[int]] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)

    def read(self, root: etree._Element) -> None:
        """Take the styles that a part defines."""
        for style in root.iter("{*}style"):
            name = attribute(style, "name")
            self.parents[name] = attribute(style, "parent-style-name")
            for look in style.iter("{*}text-properties"):
                for names, says in (
                    (self.hidden, attribute(look, "display") == "none" or _is_tiny(look)),
                    (self.white, attribute(look, "color").lower() == _WHITE),
                    (self.bold, attribute(look, "font-weight") == "bold"),
                    (self.struck, any(attribute(look, each) not in _NO_LINE for each in _THROUGH)),
                    (self.raised, _ABOVE.match(attribute(look, "text-position")) is not None),
                ):
                    if says:
                        names.add(name)
            tables = style.iter("{*}table-properties")
            if any(attribute(each, "display") == "false" for each in tables):
                self.hidden_tables.add(name)
        for style in root.iter("{*}list-style"):
            self.lists[attribute(style, "name")] = levels_of(style)
        for style in root.iter("{*}outline-style"):
            self.outline = levels_of(style)

    def hide_white(self, *parts: etree._Element) -> None:
        """Take white words for hidden where nothing in the document could lie behind them."""
        if not any(map(_has_ground, parts)):
            self.hidden |= self.white

    def note_use(self, content: etree._Element) -> None:
        """Take note of the levels of lists at which a text has items with words."""
        for item in content.iter("{*}list-item"):
            if any(local_name(child) != "list" for child in item):
                lists = list(item.iterancestors("{*}list"))
                style = next(filter(None, (attribute(each, "style-name") for each in lists)), "")
                self.used.setdefault(style, set()).add(len(lists) - 1)

    def named(self, tag: etree._Element) -> set[str]:
        """Return the name of a tag's style, and of the one that this one is derived from."""
        name = attribute(tag, "style-name")
        return {name, self.parents.get(name, "")}


def levels_of(style: etree._Element) -> Levels:
    """Return what a style of lists or outlines says about its levels that show numbers."""
    tags = {as_number(attribute(tag, "level") or "1"): tag for tag in style}
    told = [(at, tags[at]) for at in range(1, _MOST_LEVELS + 1) if at in tags]
    forms = {at: form for at, tag in told if (form := _form(tag))}
    return {at - 1: _level(tag, at, forms) for at, tag in told if at in forms}


def _form(tag: etree._Element) -> str:
    """Return the form of the numbers of a level, "" if it shows none."""
    form = next((str(v) for k, v in tag.attrib.items() if str(k).endswith("}num-format")), None)
    is_number = local_name(tag) == "list-level-style-number"
    return "decimal" if is_number and form is None else _FORMS.get(form or "", "")


def _level(tag: etree._Element, at: int, forms: dict[int, str]) -> ListLevel:
    shown = as_number(attribute(tag, "display-levels")) or 1
    numbers = ".".join(f"%{each};" for each in range(at - shown + 1, at + 1) if each in forms)
    start = as_number(attribute(tag, "start-value"))
    return ListLevel(
        forms[at],
        f"{attribute(tag, 'num-prefix')}{numbers}{attribute(tag, 'num-suffix')}",
        1 if start is None else start,
    )


def _is_tiny(look: etree._Element) -> bool:
    size = re.fullmatch(r"([0-9]{1,4}(?:\.[0-9]{1,4})?)pt", attribute(look, "font-size"))
    return size is not None and float(size[1]) <= _TINY


def _has_ground(part: etree._Element) -> bool:
    """Whether anything in a part may lie behind words: a color, a shape, a picture."""
    if any(":drawing:" in str(each.tag) for each in part.iter(*(f"{{*}}{n}" for n in _GROUND))):
        return True
    return any(
        attribute(each, "background-color") not in _NO_GROUND
        or attribute(each, "fill") not in {"", "none"}
        for each in part.iter("{*}*")
        if str(each.tag).endswith("-properties")
    )
