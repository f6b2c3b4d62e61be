"""Read the parts of an office document: their tags, their relations, what they say about it.

Of properties, `modified` is passed over: every saving sets it, so that it does not say when words
changed.
"""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

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


@dataclass(frozen=True, slots=True)
class Relation:
    """A part that another one refers to, and as what: `styles`, `chart`, `officeDocument`."""

    kind: str
    path: str


def relations(parts: Mapping[str, bytes], path: str) -> Mapping[str, Relation]:
    """Return what a part refers to, by the names it has for it; "" stands for the whole archive.

    Raises XMLSyntaxError if the list of relations is damaged.
    """
    folder, name = posixpath.split(path)
    listed = parts.get(posixpath.join(folder, "_rels", f"{name}.rels"))
    if listed is None:
        return {}
    return {
        str(each.get("Id")): Relation(
            posixpath.basename(str(each.get("Type", ""))), _absolute(folder, each)
        )
        for each in xml(listed).iterchildren("{*}Relationship")
        if each.get("TargetMode") != "External"
    }


def part_of_kind(parts: Mapping[str, bytes], path: str, kind: str, *, usual: str) -> str:
    """Return the path of the part of a kind that another refers to; `usual` if it names none."""
    named = (each.path for each in relations(parts, path).values() if each.kind == kind)
    return next((each for each in named if each in parts), usual)


def _absolute(folder: str, each: etree._Element) -> str:
    target = unquote(str(each.get("Target", "")))
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")


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


def attribute(tag: etree._Element, name: str) -> str:
    """Return an attribute that is in a namespace by its local name, empty if absent."""
    return next((str(v) for key, v in tag.attrib.items() if str(key).endswith(f"}}{name}")), "")


def remove(tag: etree._Element) -> None:
    """Take a tag out with all that it contains."""
    parent = tag.getparent()
    if parent is not None:
        parent.remove(tag)


def namespace_of(root: etree._Element) -> str:
    """Return the namespace of a tag in braces, as it stands before the name."""
    return "".join(root.tag.rpartition("}")[:2])
