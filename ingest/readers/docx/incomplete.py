"""Take out of a Word document what lacks what it stands for. Does no input or output.

Converters leave such things behind; Word passes over them, and mammoth fails at the first one.
"""

import re
from collections.abc import Collection

from lxml import etree

from ingest.readers.office.xml_tags import attribute, remove

_NOTES = ("footnote", "endnote")
_SEPARATORS = frozenset(("separator", "continuationSeparator"))


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
