"""Tell which shapes on a slide its audience sees, and in what order. No input or output.

A file holds them in the order in which they were made, or lie above each other; some stand beside
the slide, or hold words too small to read.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise

from lxml import etree

from ingest.readers.office.archive import xml
from ingest.readers.office.parts import relations, remove

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""

_MOST = 100  # shapes; more are a drawing
_EDGE = 0.1  # of its width and height, by which a box may reach into another one
_TINY = 200  # hundredths of a point
_PLACES = ("spPr/{*}xfrm", "grpSpPr/{*}xfrm", "xfrm")
_TITLES = frozenset(("title", "ctrTitle"))


def layouts_of(path: str, parts: Mapping[str, bytes]) -> list[etree._Element]:
    """Return the layout of a slide and its master, which say where placeholders are."""
    found = []
    for kind in ("slideLayout", "slideMaster"):
        related = relations(parts, path).values()
        path = next((each.path for each in related if each.kind == kind), "")
        if path not in parts:
            break
        found.append(xml(parts[path]))
    return found


def in_reading_order(
    shapes: Sequence[etree._Element], layouts: Sequence[etree._Element]
) -> list[etree._Element]:
    """Return shapes from top to bottom and left to right, columns one after the other.

    Where rows and columns are both possible, the order in which the shapes were made decides; it
    stays if the place of one is not known.
    """
    boxes = [box for each in shapes if (box := _box(each, layouts))]
    if len(boxes) < len(shapes):
        return list(shapes)
    return [shapes[at] for at in reading_order(boxes)]


def reading_order(boxes: Sequence[Box]) -> list[int]:
    """Return the places in a sequence of boxes, in the order in which people read these."""
    made = list(range(len(boxes)))
    if not 1 < len(boxes) <= _MOST:
        return made
    return min((_cut(made, boxes, axes) for axes in ((1, 0), (0, 1))), key=_unlike)


def _unlike(order: Sequence[int]) -> tuple[int, int]:
    """Return how much an order differs from counting up: first, how few neighbours are kept."""
    kept = sum(second == first + 1 for first, second in pairwise(order))
    return -kept, sum(first > second for first, second in combinations(order, 2))


def _cut(shapes: list[int], boxes: Sequence[Box], axes: tuple[int, int]) -> list[int]:
    """Return shapes in order: those apart from each other on the first axis, else the second."""
    groups = _apart(shapes, boxes, axes[0])
    if len(groups) == 1:
        groups = _joined(_apart(shapes, boxes, axes[1]), boxes, axes[0])
    if len(groups) > 1:
        return [at for group in groups for at in _cut(group, boxes, axes)]
    return sorted(shapes, key=lambda at: (boxes[at][1], boxes[at][0], at))


def _joined(groups: list[list[int]], boxes: Sequence[Box], axis: int) -> list[list[int]]:
    """Return groups, as one where a line on the other axis runs through several that follow."""
    joined = groups[:1]
    for group in groups[1:]:
        both = [*joined[-1], *group]
        if len(_apart(joined[-1], boxes, axis)) > 1 < len(_apart(both, boxes, axis)):
            joined[-1] = both
        else:
            joined.append(group)
    return joined


def _apart(shapes: list[int], boxes: Sequence[Box], axis: int) -> list[list[int]]:
    """Return the groups of shapes between which a straight line has room."""
    ordered = sorted(shapes, key=lambda at: (boxes[at][axis], at))
    groups, end = list[list[int]](), float("-inf")
    for at in ordered:
        if boxes[at][axis] >= end:
            groups.append([])
        groups[-1].append(at)
        end = max(end, boxes[at][axis + 2])
    return groups


def _box(shape: etree._Element, layouts: Sequence[etree._Element]) -> Box | None:
    """Return where a shape is, without its edges, as itself or its placeholder says."""
    for each in (shape, *(_placeholder(shape, layout) for layout in layouts)):
        if each is not None and (told := _told(next(each.iter("{*}xfrm"), None))):
            left, top, wide, high = told
            across, down = wide * _EDGE, high * _EDGE
            return left + across, top + down, left + wide - across, top + high - down
    return None


def _told(place: etree._Element | None) -> tuple[int, int, int, int] | None:
    """Return left, top, width and height that a place tells; None if it is incomplete."""
    off, ext = (
        place.find(f"{{*}}{name}") if place is not None else None for name in ("off", "ext")
    )
    if off is None or ext is None:
        return None
    told = [str(v) for v in (off.get("x"), off.get("y"), ext.get("cx"), ext.get("cy"))]
    if not all(re.fullmatch("-?[0-9]{1,10}", value) for value in told):
        return None
    left, top, wide, high = map(int, told)
    return left, top, wide, high


def _placeholder(shape: etree._Element, layout: etree._Element) -> etree._Element | None:
    """Return the shape of a layout that a shape on a slide takes its place from."""
    own = shape.find("{*}nvSpPr/{*}nvPr/{*}ph")
    if own is None:
        return None
    for name, default in (("idx", "0"), ("type", "obj")):
        for other in layout.iterfind("{*}cSld/{*}spTree/{*}sp"):
            theirs = other.find("{*}nvSpPr/{*}nvPr/{*}ph")
            if theirs is not None and theirs.get(name, default) == own.get(name, default):
                return other
    return None


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
    told = _told(place)
    if told is None:
        return False
    left, top, wide, high = told
    return left >= size[0] or top >= size[1] or left + wide <= 0 or top + high <= 0


def _is_tiny(look: etree._Element) -> bool:
    hundredths = str(look.get("sz", ""))
    return re.fullmatch("[0-9]{1,6}", hundredths) is not None and int(hundredths) <= _TINY
