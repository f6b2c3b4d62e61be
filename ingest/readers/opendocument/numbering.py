"""Read how LibreOffice numbers lists and headings. No input or output.

OpenDocument 1.3, part 3, 5.3 and 16.30: a list names a style; the style says of each level what
its numbers look like and how many of the levels above stand before them.
"""

from lxml import etree

from ingest.readers.office.numbering import Levels, ListLevel
from ingest.readers.office.parts import attribute
from ingest.readers.shared.numerals import as_number

_MOST_LEVELS = 10
_FORMS = {
    "1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman",
}  # fmt: skip


def levels_of(style: etree._Element) -> Levels:
    """Return what a style of lists or outlines says about its levels that show numbers."""
    tags = {as_number(attribute(tag, "level") or "1"): tag for tag in style}
    told = [(at, tags[at]) for at in range(1, _MOST_LEVELS + 1) if at in tags]
    forms = {at: form for at, tag in told if (form := _form(tag))}
    return {at - 1: _level(tag, at, forms) for at, tag in told if at in forms}


def _form(tag: etree._Element) -> str:
    """Return the form of the numbers of a level, "" if it shows none."""
    form = next((str(v) for k, v in tag.attrib.items() if str(k).endswith("}num-format")), None)
    is_number = etree.QName(tag).localname == "list-level-style-number"
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
