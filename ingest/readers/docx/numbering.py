"""Count the numbers that Word writes itself: "2.2", "(a)", "Article 3". No input or output.

Ecma-376, part 1, 17.9: a paragraph names a numbering and a level, itself or by its style; the
numbering says what a number looks like, where it starts and when it starts again.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from lxml import etree

from ingest.readers.office.numbering import (
    Counted,
    Levels,
    ListLevel,
    is_clause,
    is_plain,
    start_of,
)
from ingest.readers.office.parts import attribute, is_on
from ingest.readers.shared.numerals import as_number

DEEPEST_LEVEL = 8
_MOST_STYLES = 50  # that are based on each other
_MOST_STEPS = 8  # of a numbering that leads to another
_BULLET = "bullet"


@dataclass(frozen=True, slots=True)
class _Numbering:
    """A numbering that paragraphs name; several may count together."""

    counts_with: str
    levels: Levels
    starts: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """What the style of a paragraph says, with what it takes over from those it is based on.

    Attributes:
        is_hidden: Whether its words are shown to nobody; None: it does not say.
        heading: The level of the heading that it makes; None and 0 are none.
        numbered_by: The style that names the numbering.
        sets_apart: Of a table, what is formatted in a way of its own: "firstRow", "firstCol".
    """

    name: str = ""
    heading: int | None = None
    numbering: str = ""
    level: int | None = None
    numbered_by: str = ""
    is_bold: bool | None = None
    is_hidden: bool | None = None
    sets_apart: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ParagraphNumber:
    """The number of a paragraph, as Word shows it.

    Attributes:
        label: As it is shown, empty for a bullet.
        value: The number itself where the label is nothing else, as in "3."; else None.
        is_clause: Whether the label is that of a clause: made of several numbers ("2.2"), part of
            such ones, or with a word ("Article 2"); so also where nothing is shown.
        level: From 0.
    """

    label: str
    value: int | None
    is_clause: bool
    level: int


class Numbers:
    """Gives the paragraphs of a document their numbers, in the order of the document."""

    def __init__(
        self, numbering: etree._Element | None, styles: Mapping[str, ParagraphStyle]
    ) -> None:
        self._styles = styles
        self._numberings = _numberings(numbering, styles)
        self._counted: dict[str, Counted] = {}
        self._begun: set[tuple[str, int]] = set()
        self._used: dict[str, set[int]] = {}

    def note_use(self, style_id: str, named: str, level: int | None) -> None:
        """Take note of a paragraph that is to be counted; takes what `of` takes."""
        if found := self._found(style_id, named, level):
            _, numbering, at = found
            self._used.setdefault(numbering.counts_with, set()).add(at)

    def of(self, style_id: str, named: str, level: int | None) -> ParagraphNumber | None:
        """Count a paragraph and return its number; None if it has none.

        Args:
            style_id: The style of the paragraph.
            named: The numbering that the paragraph itself names; empty if none.
            level: The level that the paragraph itself names.
        """
        found = self._found(style_id, named, level)
        if found is None:
            return None
        name, numbering, at = found
        self._count(name, numbering, at)
        form = numbering.levels[at].form
        if form == _BULLET or not _is_known(form):
            return ParagraphNumber("", None, is_clause=False, level=at)
        counted = self._counted[numbering.counts_with]
        label = counted.label(numbering.levels, at)
        used = self._used.get(numbering.counts_with, set())
        clause = not label or is_clause(numbering.levels, at, used)
        is_listed = not clause and is_plain(numbering.levels, at)
        return ParagraphNumber(label, counted.values[at] if is_listed else None, clause, at)

    def _found(
        self, style_id: str, named: str, level: int | None
    ) -> tuple[str, _Numbering, int] | None:
        """Return the name of a paragraph's numbering, the numbering, and the level in it."""
        style = self._styles.get(style_id, ParagraphStyle())
        name = named or style.numbering
        numbering = self._numberings.get(name)
        if numbering is None:
            return None
        if level is None:
            holder = style.numbered_by or style_id
            by_style = (at for at, each in numbering.levels.items() if holder == each.style != "")
            level = next(by_style, style.level if not named else 0) or 0
        return (name, numbering, level) if level in numbering.levels else None

    def _count(self, name: str, numbering: _Numbering, level: int) -> None:
        counted = self._counted.setdefault(numbering.counts_with, Counted())
        if (name, level) not in self._begun:
            self._begun.add((name, level))
            if level in numbering.starts:
                counted.values[level] = numbering.starts[level] - 1
        for above in range(level):
            counted.values.setdefault(above, start_of(numbering.levels, above))
        counted.count(numbering.levels, level)


def _is_known(form: str) -> bool:
    """Whether a number can be written as Word shows it; others are words of some language."""
    return re.fullmatch("none|decimal(?:Zero)?|(?:lower|upper)(?:Letter|Roman)", form) is not None


def _numberings(
    root: etree._Element | None, styles: Mapping[str, ParagraphStyle]
) -> dict[str, _Numbering]:
    """Return the numberings by their names."""
    if root is None:
        return {}
    shared: dict[str, Levels] = {}
    links: dict[str, str] = {}
    for tag in root.iterfind("{*}abstractNum"):
        name = attribute(tag, "abstractNumId")
        shared[name] = dict(filter(None, map(_level, tag.iterfind("{*}lvl"))))
        links[name] = value_of(tag, "numStyleLink")
    nums = {attribute(tag, "numId"): tag for tag in root.iterfind("{*}num")}
    found: dict[str, _Numbering] = {}
    for name, tag in nums.items():
        base = value_of(tag, "abstractNumId")
        for _ in range(_MOST_STEPS):  # a style of lists may hold the levels
            linked = nums.get(styles.get(links.get(base, ""), ParagraphStyle()).numbering)
            if linked is None:
                break
            base = value_of(linked, "abstractNumId")
        found[name] = _with_overrides(_Numbering(base, shared.get(base, {})), tag)
    found.pop("0", None)  # says that there is no number
    return found


def _with_overrides(numbering: _Numbering, tag: etree._Element) -> _Numbering:
    levels, starts = dict(numbering.levels), {}
    for override in tag.iterfind("{*}lvlOverride"):
        at = as_number(attribute(override, "ilvl"))
        if at is None or at > DEEPEST_LEVEL:
            continue
        for own in override.iterfind("{*}lvl"):
            if changed := _level(own):
                levels[at] = changed[1]
        start = as_number(value_of(override, "startOverride"))
        if start is not None:
            starts[at] = start
            levels[at] = replace(levels.get(at, ListLevel()), start=start)
    return replace(numbering, levels=levels, starts=starts)


def _level(tag: etree._Element) -> tuple[int, ListLevel] | None:
    at = as_number(attribute(tag, "ilvl") or "0")
    if at is None or at > DEEPEST_LEVEL:
        return None
    form = next(tag.iter("{*}numFmt"), None)
    start = as_number(value_of(tag, "start"))
    return at, ListLevel(
        form=attribute(form, "val") if form is not None else "decimal",
        label=re.sub("%([1-9])", r"%\1;", value_of(tag, "lvlText")),
        start=0 if start is None else start,
        restart=as_number(value_of(tag, "lvlRestart")),
        is_legal=applies(tag.find("{*}isLgl")),
        style=value_of(tag, "pStyle"),
    )


def styles_of(root: etree._Element | None) -> dict[str, ParagraphStyle]:
    """Return the styles by their names in the file, with what they take over from others."""
    tags = (
        {attribute(tag, "styleId"): tag for tag in root.iterfind("{*}style")}
        if root is not None
        else {}
    )
    return {name: _style(name, tags) for name in tags}


def _style(name: str, tags: Mapping[str, etree._Element]) -> ParagraphStyle:
    style = ParagraphStyle()
    at = name
    for _ in range(_MOST_STYLES):
        tag = tags.get(at)
        if tag is None:
            break
        shown = value_of(tag, "name")
        numbering = value_of(tag, "pPr/{*}numPr/{*}numId")
        if numbering and not style.numbering:
            inside = as_number(value_of(tag, "pPr/{*}numPr/{*}ilvl"))
            style = replace(style, numbering=numbering, level=inside, numbered_by=at)
        level = _heading(tag, shown) if style.heading is None else style.heading
        bold = tag.find("{*}rPr/{*}b")
        if style.is_bold is None and bold is not None:
            style = replace(style, is_bold=applies(bold))
        vanish = tag.find("{*}rPr/{*}vanish")
        if style.is_hidden is None and vanish is not None:
            style = replace(style, is_hidden=applies(vanish))
        apart = {attribute(each, "type") for each in tag.iterfind("{*}tblStylePr")}
        style = replace(
            style,
            name=style.name or shown,
            heading=level,
            sets_apart=style.sets_apart | apart,
        )
        at = value_of(tag, "basedOn")
    return style


def _heading(tag: etree._Element, shown: str) -> int | None:
    heading = re.fullmatch(r"heading ([1-9])", shown, re.IGNORECASE)
    if heading or shown.lower() in {"title", "subtitle"}:
        return int(heading[1]) if heading else 0
    outline = as_number(value_of(tag, "pPr/{*}outlineLvl"))
    if outline is None:
        return None
    return outline + 1 if outline <= DEEPEST_LEVEL else 0


def value_of(tag: etree._Element, path: str) -> str:
    """Return the value of a tag inside another, empty if absent."""
    found = tag.find(f"{{*}}{path}")
    return attribute(found, "val") if found is not None else ""


def applies(tag: etree._Element | None) -> bool:
    """Whether a property is there, and not switched off."""
    return tag is not None and is_on(attribute(tag, "val"))
