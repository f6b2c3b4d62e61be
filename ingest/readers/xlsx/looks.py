"""Read how the cells of a workbook look: their formats, what is bold, what nobody can see. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from ingest.readers.office.number_formats import BUILT_IN, GENERAL
from ingest.readers.office.parts import is_on

_TINY = 2.0  # points
_BACKGROUND = "0"  # the color of a theme that stands for paper


@dataclass(frozen=True, slots=True)
class Looks:
    """How the cells of a format are shown.

    Attributes:
        code: How their numbers are written.
        is_unseen: Whether their words are white on white, or tiny.
        is_struck: Whether a line goes through their words, which no longer hold.
    """

    code: str = GENERAL
    is_bold: bool = False
    is_unseen: bool = False
    is_struck: bool = False


def looks_of(styles: etree._Element) -> Iterator[Looks]:
    """Yield the formats of cells in the order in which cells name them."""
    codes = dict(BUILT_IN)
    for each in styles.iterfind("{*}numFmts/{*}numFmt"):
        codes[whole(each.get("numFmtId"))] = str(each.get("formatCode", GENERAL))
    fonts = styles.findall("{*}fonts/{*}font")
    fills = styles.findall("{*}fills/{*}fill")
    bold, struck = ([_has(each, name) for each in fonts] for name in ("b", "strike"))
    tiny = [_is_tiny(each) for each in fonts]
    white = [_is_white(each.find("{*}color")) for each in fonts]
    bare = [_is_bare(each) for each in fills]
    for each in styles.iterfind("{*}cellXfs/{*}xf"):
        font, fill = whole(each.get("fontId")), whole(each.get("fillId"))
        is_bare = fill >= len(bare) or bare[fill]
        is_known = font < len(fonts)
        yield Looks(
            codes.get(whole(each.get("numFmtId")), GENERAL),
            is_known and bold[font],
            is_known and (tiny[font] or (white[font] and is_bare)),
            is_known and struck[font],
        )


def _has(font: etree._Element, name: str) -> bool:
    return any(is_on(each.get("val", "1")) for each in font.iterfind(f"{{*}}{name}"))


def _is_tiny(font: etree._Element) -> bool:
    size = font.find("{*}sz")
    told = "" if size is None else str(size.get("val", ""))
    return re.fullmatch(r"[0-9]{1,4}(\.[0-9]+)?", told) is not None and float(told) <= _TINY


def _is_white(color: etree._Element | None) -> bool:
    if color is None:
        return False
    is_paper = color.get("theme") == _BACKGROUND and not color.get("tint")
    return is_paper or str(color.get("rgb", "")).upper().endswith("FFFFFF")


def _is_bare(fill: etree._Element) -> bool:
    """Whether a fill lets the paper show, or is white itself."""
    pattern = fill.find("{*}patternFill")
    if pattern is None:
        return fill.find("{*}gradientFill") is None
    kind = pattern.get("patternType", "none")
    return kind == "none" or (kind == "solid" and _is_white(pattern.find("{*}fgColor")))


def whole(value: str | None) -> int:
    """Return a whole number that is not negative; 0 if it is none."""
    return int(value) if value and re.fullmatch("[0-9]{1,9}", value) else 0
