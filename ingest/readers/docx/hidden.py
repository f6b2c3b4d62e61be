"""Take out of a Word document what nobody sees, and what lacks what it stands for.

Words may be hidden, tiny, or white on white. Converters leave notes without a name behind, and
marks without their note: Word passes over them, and mammoth fails at the first one. No input or
output.
"""

import re
from collections.abc import Collection, Mapping

from lxml import etree

from ingest.readers.docx.numbering import ParagraphStyle, applies, value_of
from ingest.readers.office.archive import xml
from ingest.readers.office.parts import attribute, namespace_of, remove
from ingest.readers.shared.numerals import as_number

_SIGNS = (b"vanish", b"FFFFFF", b"ffffff", b'sz w:val="')
_WHITE = "ffffff"
_TINY = 4  # half points
# Whatever may lie behind white words: then they are there to be read.
_BACKDROPS = ("shd", "highlight", "tblStyle", "background", "pict", "drawing", "txbxContent")
_NOTES = ("footnote", "endnote")
_SEPARATORS = frozenset(("separator", "continuationSeparator"))


def without_hidden(document: bytes, styles: Mapping[str, ParagraphStyle]) -> tuple[bytes, int]:
    """Return a Word document's main part without runs that are hidden, tiny, or white on white.

    With it comes how many words those held.

    Raises XMLSyntaxError if it is damaged.
    """
    hiding = {name for name, style in styles.items() if name and style.is_hidden}
    if not hiding and not any(sign in document for sign in _SIGNS):
        return document, 0
    root = xml(document)
    namespace = namespace_of(root)
    unseen = 0
    colored = root.find(f"{namespace}background") is not None
    for run in list(root.iter(f"{namespace}r")):
        is_white = not colored and _is_white(run, namespace)
        if is_white or _is_tiny(run) or _vanishes(run, namespace, hiding):
            unseen += len("".join(map(str, run.itertext(f"{namespace}t"))).split())
            remove(run)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True), unseen


def _vanishes(run: etree._Element, namespace: str, hiding: set[str]) -> bool:
    """Whether a run is hidden: as it says itself, or else its style, or that of its paragraph."""
    vanish = run.find(f"{namespace}rPr/{namespace}vanish")
    if vanish is not None:
        return applies(vanish)
    paragraph = next(run.iterancestors(f"{namespace}p"), run) if hiding else run
    return not hiding.isdisjoint(
        (value_of(run, "rPr/{*}rStyle"), value_of(paragraph, "pPr/{*}pStyle"))
    )


def _is_tiny(run: etree._Element) -> bool:
    half_points = as_number(value_of(run, "rPr/{*}sz"))
    return half_points is not None and half_points <= _TINY


def _is_white(run: etree._Element, namespace: str) -> bool:
    if value_of(run, "rPr/{*}color").lower() != _WHITE:
        return False
    around = (run, *run.iterancestors(f"{namespace}p", f"{namespace}tc", f"{namespace}tbl"))
    named = {f"{namespace}{name}" for name in _BACKDROPS}
    holders = (part for each in around for part in each if part.tag.endswith("Pr"))
    if any(child.tag in named for holder in holders for child in holder):
        return False
    return next(run.iterancestors(f"{namespace}txbxContent"), None) is None


def drop_incomplete(roots: Collection[etree._Element]) -> None:
    """Take out notes without a name, marks without their note, signs without a character."""
    noted = {each: set(_named_notes(roots, each)) for each in _NOTES}
    for root in roots:
        for kind, names in noted.items():
            for mark in list(root.iter(f"{{*}}{kind}Reference")):
                if attribute(mark, "id") not in names:
                    remove(mark)
        for mark in list(root.iter("{*}commentReference")):
            remove(mark)
        for sign in list(root.iter("{*}sym")):
            if not re.fullmatch("[0-9A-Fa-f]{1,6}", attribute(sign, "char")):
                remove(sign)


def _named_notes(roots: Collection[etree._Element], kind: str) -> list[str]:
    """Return the names of all notes of a kind; what has none is taken out."""
    names = []
    for root in roots:
        for note in list(root.iterchildren(f"{{*}}{kind}")):
            name = attribute(note, "id")
            if not name:
                remove(note)
            elif attribute(note, "type") not in _SEPARATORS:
                names.append(name)
    return names
