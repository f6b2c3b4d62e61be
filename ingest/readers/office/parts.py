"""Read the parts of an office document: their tags, their relations, what they say about it.

Of properties, `modified` is passed over: every saving sets it, so that it does not say when words
changed.
"""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import unquote

from lxml import etree

from assistant.domain.light_markdown import clean
from assistant.language.dates import date_of
from ingest.readers.extract import language_of
from ingest.readers.office.archive import xml

_CORE = "docProps/core.xml"
# What Word, PowerPoint and LibreOffice write when nobody gave a title.
_NO_TITLE = re.compile(
    r"document ?\d*|word document|microsoft (?:word|powerpoint)"
    r"|untitled|unbenannt|sans titre|naamloos"
    r"|(?:powerpoint[- ]?)?(?:presentation|présentation|presentatie|präsentation)"
    r"(?: powerpoint)? ?\d*|(?:slide|folie|diapositive|dia) ?\d+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Properties:
    """What a document says about itself; `title` is empty where no person wrote one."""

    title: str = ""
    published: date | None = None
    language: str | None = None


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


def properties_of(parts: Mapping[str, bytes], path: str = _CORE, holder: str = ".") -> Properties:
    """Return what a document says about itself in a part; nothing if that is broken."""
    try:
        found = xml(parts.get(path, b"")).find(holder)
    except (etree.XMLSyntaxError, ValueError):
        return Properties()
    told: dict[str, str] = {}
    for tag in found if found is not None else ():
        told.setdefault(local_name(tag), (tag.text or "").strip())
    title = clean(told.get("title", ""))
    days = (told.get(name) for name in ("created", "creation-date", "date"))
    return Properties(
        "" if _NO_TITLE.fullmatch(title) else title,
        date_of(next(filter(None, days), None)),
        language_of(told.get("language")),
    )


def attribute(tag: etree._Element, name: str) -> str:
    """Return an attribute that is in a namespace by its local name, empty if absent."""
    return next((str(v) for key, v in tag.attrib.items() if str(key).endswith(f"}}{name}")), "")


def local_name(tag: etree._Element) -> str:
    """Return the name of a tag without its namespace."""
    return etree.QName(tag).localname


def remove(tag: etree._Element) -> None:
    """Take a tag out with all that it contains."""
    parent = tag.getparent()
    if parent is not None:
        parent.remove(tag)


def namespace_of(root: etree._Element) -> str:
    """Return the namespace of a tag in braces, as it stands before the name."""
    return "".join(root.tag.rpartition("}")[:2])


def is_on(value: str | None) -> bool:
    """Whether a property is there, and not switched off."""
    return value is not None and value.lower() not in {"0", "false", "off", "none"}
