"""Take off a slide what its audience does not see: shapes beside it, words too small to read."""

import re

from lxml import etree

from ingest.readers.office.xml_tags import remove

_TINY = 200  # hundredths of a point
_PLACES = ("spPr/{*}xfrm", "grpSpPr/{*}xfrm", "xfrm")
_TITLES = frozenset(("title", "ctrTitle"))


def take_unseen(slide: etree._Element, size: tuple[int, int]) -> int:
    """Take what is not seen off a slide of a size, zeros for unknown; return how many words went.

    A title beside it stays: there it names the slide to programs that read out.
    """
    beside = [
        each for each in slide.iterfind("{*}cSld/{*}spTree/*") if all(size) and _is_off(each, size)
    ]
    tiny = (look.getparent() for look in slide.iter("{*}rPr") if _is_tiny(look))
    unseen = 0
    for tag in (*beside, *(run for run in list(tiny) if run is not None)):
        unseen += len(" ".join(each.text or "" for each in tag.iter("{*}t")).split())
        remove(tag)
    return unseen


def _is_off(shape: etree._Element, size: tuple[int, int]) -> bool:
    """Whether all of a shape stands beside the slide, where authors keep what they may need."""
    named = shape.find("{*}nvSpPr/{*}nvPr/{*}ph")
    if named is not None and named.get("type") in _TITLES:
        return False
    place = next(
        (found for each in _PLACES if (found := shape.find(f"{{*}}{each}")) is not None), None
    )
    if place is None:
        return False
    left, top = (_length(place.find("{*}off"), name) for name in ("x", "y"))
    wide, high = (_length(place.find("{*}ext"), name) for name in ("cx", "cy"))
    if left is None or top is None or wide is None or high is None:
        return False
    return left >= size[0] or top >= size[1] or left + wide <= 0 or top + high <= 0


def _length(tag: etree._Element | None, name: str) -> int | None:
    told = "" if tag is None else str(tag.get(name, ""))
    return int(told) if re.fullmatch("-?[0-9]{1,10}", told) else None


def _is_tiny(look: etree._Element) -> bool:
    hundredths = str(look.get("sz", ""))
    return re.fullmatch("[0-9]{1,6}", hundredths) is not None and int(hundredths) <= _TINY
