"""Follow the relations between the parts of an Office Open XML document. Opens nothing itself."""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from lxml import etree

from ingest.readers.office.archive import xml


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
