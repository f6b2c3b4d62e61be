"""Read what an office document says about itself, by the names of the Dublin Core.

Its `modified` is passed over: every saving sets it, so that it does not say when words changed.
"""

import re
from collections.abc import Mapping

from lxml import etree

from ingest.readers.office.archive import xml

CORE = "docProps/core.xml"
# What Word, PowerPoint and LibreOffice write when nobody gave a title.
_NO_TITLE = re.compile(
    r"document ?\d*|word document|microsoft (?:word|powerpoint)"
    r"|untitled|unbenannt|sans titre|naamloos"
    r"|(?:powerpoint[- ]?)?(?:presentation|présentation|presentatie|präsentation)"
    r"(?: powerpoint)? ?\d*|(?:slide|folie|diapositive|dia) ?\d+",
    re.IGNORECASE,
)


def core_properties(part: bytes) -> Mapping[str, str]:
    """Return the properties by their local names; none if the part is broken."""
    try:
        root = xml(part)
    except (etree.XMLSyntaxError, ValueError):
        return {}
    return texts_by_name(root)


def texts_by_name(parent: etree._Element) -> Mapping[str, str]:
    """Return the texts of the tags directly inside a tag, the first of each local name."""
    found: dict[str, str] = {}
    for part in parent:
        found.setdefault(etree.QName(part).localname, (part.text or "").strip())
    return {name: text for name, text in found.items() if text}


def is_title(title: str) -> bool:
    """Whether a person wrote a title."""
    return title != "" and not _NO_TITLE.fullmatch(title)
