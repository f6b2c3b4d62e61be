"""Open what a page folds away, as its visitors do: accordions, tabs, slides. Changes the tree.

Whatever the language of its class names, a page says in attributes which control opens what. What
a control opens is no longer hidden, and the words on the control become the heading above it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from assistant.domain.light_markdown import clean
from assistant.language.languages import in_all
from ingest.readers.html.boilerplate import is_boilerplate
from ingest.readers.html.hidden import folds, in_accordion, is_icon
from ingest.readers.html.tree import attribute, children, tag_before, tokens

_TOGGLES = ("data-vc-accordion", "data-vc-tabs", "aria-expanded")
_TOGGLED = frozenset(("tab", "pill", "collapse", "list", "accordion", "toggle"))
_UNFOLDED = re.compile(r"display|visibility|opacity|overflow(?:-[xy])?|(?:max-|min-)?height")
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "summary"))
_LABELS = frozenset(("div", "p", "span", "a", "button", "strong", "b", "label"))
_FRAMES = frozenset(("nav", "aside", "dialog", "form"))
_MENUS = frozenset(("navigation", "menu", "menubar", "search", "banner"))
_SLIDE = re.compile(r"[\w-]*(?:slide|carousel[-_]+item|owl-item|carousel[-_]+cell)(?:[-_]+[\w-]*)?")
_CLONE = re.compile(r"(?:[\w-]*[-_])?(?:cloned?|duplicate)")
_MAX_WRITTEN = 1000  # characters of a control as its page is written, with its white space
_MAX_ID = 200
_MAX_TABS = 30
_MAX_LABEL = 200  # characters; a control with more to say is a text itself
_MAX_STYLE = 2000
_MAX_CONTROLS = 3000
_TOP_LEVEL, _LAST_LEVEL = 3, 6
_MORE = re.compile(in_all("page_more"))
_NEAR = 4  # levels between a control and the box that is nothing but its frame
_DEPTH = 12  # how far above a tag the menu stands that it is part of, or the panel around a panel
_MAX_INSIDE = 40  # tags and texts in a control
_FIRST = 12  # tags inside a panel among which its own heading is


@dataclass(frozen=True, slots=True)
class _Panel:
    """What a control opens, with the controls that open it in the order of the page."""

    tag: Tag
    controls: list[Tag]


def open_folded(soup: BeautifulSoup) -> None:
    """Show what visitors can open, each under the words that they click on; slides once."""
    _show_slides(soup)
    levels: dict[int, int] = {}
    for panel in [*_named_panels(soup), *_paired_panels(soup), *_next_panels(soup)]:
        if id(panel.tag) in levels or any(each.decomposed for each in (panel.tag, *panel.controls)):
            continue
        around = (levels.get(id(parent), 0) for parent in islice(panel.tag.parents, _DEPTH))
        level = min(max(around, default=0) + 1 or 1, _LAST_LEVEL)
        levels[id(panel.tag)] = max(level, _TOP_LEVEL)
        _unfold(panel.tag)
        if not is_boilerplate(panel.tag):
            _give_heading(panel, levels[id(panel.tag)])


# What opens what.


def _named_panels(soup: BeautifulSoup) -> Iterator[_Panel]:
    """Yield what is opened by a control that names it, or names a control as its label."""
    by_id = {attribute(tag, "id"): tag for tag in reversed(soup.find_all(id=True))}
    opened: dict[int, _Panel] = {}
    for control in islice(_controls(soup), _MAX_CONTROLS):
        for target in _targets(control):
            tag = by_id.get(target)
            if tag is None or tag is control or not _is_pair(control, tag):
                continue
            panel = opened.setdefault(id(tag), _Panel(tag, []))
            panel.controls.append(control)
    for tag in soup.find_all(lambda tag: tag.has_attr("aria-labelledby"))[:_MAX_CONTROLS]:
        label = by_id.get(attribute(tag, "aria-labelledby"))
        if label is not None and id(tag) not in opened and folds(tag) and _opens(label):
            opened[id(tag)] = _Panel(tag, [label])
    yield from opened.values()


def _controls(soup: BeautifulSoup) -> Iterator[Tag]:
    for tag in soup.find_all(_names_target):
        if not _is_in_menu(tag) and not any(map(_is_shut, (tag, *islice(tag.parents, _DEPTH)))):
            yield tag


def _is_shut(tag: Tag) -> bool:
    """Whether a tag is folded away and bears no name by which it could be opened."""
    return folds(tag) and not tag.has_attr("id")


def _names_target(tag: Tag) -> bool:
    return any(True for _ in _targets(tag))


def _targets(control: Tag) -> Iterator[str]:
    """Yield the ids that a tag may name; plug-ins do so in attributes of their own (`data-tab`)."""
    for name, value in control.attrs.items():
        if not isinstance(value, str) or not 0 < len(value) <= _MAX_ID:
            continue
        if name == "aria-controls":
            yield from value.split()
        elif name == "href" and value[0] == "#":
            yield value[1:]
        elif name.startswith("data-"):
            yield value.removeprefix("#")


def _is_pair(control: Tag, tag: Tag) -> bool:
    """Whether a control opens what it names; most links to a part of a page only go there."""
    if control.name == "summary" or any(
        parent is tag for parent in islice(control.parents, _DEPTH)
    ):
        return False
    if tag.name in _HEADINGS | {"html", "body", "main", "article", "input", "ul", "nav"}:
        return tag.name == "ul" and folds(tag) and not _is_in_menu(tag)
    if _is_slide(tag) or not _is_clickable(control):
        return False
    return _opens(control) or folds(tag) or any(map(folds, _beside(tag)))


def _is_clickable(control: Tag) -> bool:
    """Whether a tag is small enough to be clicked on, and shows or says something."""
    inside = list(islice(control.descendants, _MAX_INSIDE + 1))
    says = control.get("aria-label") or control.get("title") or control.find(["svg", "i", "img"])
    shows = any(type(each) is NavigableString and each.strip() for each in inside)
    return len(inside) <= _MAX_INSIDE and bool(shows or says)


def _opens(control: Tag) -> bool:
    """Whether a tag is a control that opens something, by what it says of itself."""
    toggled = {attribute(control, "data-toggle"), attribute(control, "data-bs-toggle")}
    is_tab = attribute(control, "role") == "tab"
    return is_tab or bool(toggled & _TOGGLED) or any(control.has_attr(name) for name in _TOGGLES)


def _beside(tag: Tag) -> Iterator[Tag]:
    """Yield the tags right before and right after a tag."""
    for siblings in (tag.previous_siblings, tag.next_siblings):
        yield from islice((each for each in islice(siblings, _NEAR) if isinstance(each, Tag)), 1)


def _paired_panels(soup: BeautifulSoup) -> Iterator[_Panel]:
    """Yield the panels below a list of tabs that share a class with them, one by one."""
    for row in soup.find_all(["ul", "ol"]):
        tabs = list(islice(children(row), _MAX_TABS + 1))
        near = (each for each in islice(row.next_siblings, _NEAR) if isinstance(each, Tag))
        below = next(near, None)
        panels = list(islice(children(below), _MAX_TABS + 1)) if below else []
        if not 1 < len(tabs) == len(panels) <= _MAX_TABS:
            continue
        pairs = list(zip(tabs, panels, strict=True))
        if all(set(tokens(tab)) & set(tokens(panel)) for tab, panel in pairs):
            yield from (_Panel(panel, [tab]) for tab, panel in pairs)


def _next_panels(soup: BeautifulSoup) -> Iterator[_Panel]:
    """Yield what is folded away right below a control, or below a title in an accordion."""
    for tag in soup.find_all(folds):
        before = tag_before(tag)
        if before is None or is_icon(tag) or _is_in_menu(before):
            continue
        control = _only_control(before)
        if control is not None and not folds(before):
            yield _Panel(tag, [control])
        elif in_accordion(tag) and _is_title(before):
            yield _Panel(tag, [before])


def _only_control(tag: Tag) -> Tag | None:
    """Return the control that a tag is, or frames."""
    for _ in range(_NEAR):
        if tag.has_attr("aria-expanded"):
            return tag
        inside = [child for child in islice(children(tag), _NEAR) if child.name not in {"i", "svg"}]
        if len(inside) != 1:
            return None
        tag = inside[0]
    return None


def _is_title(tag: Tag) -> bool:
    if tag.name not in _LABELS or folds(tag):
        return False
    inside = list(islice(tag.descendants, _FIRST))
    if len(inside) == _FIRST:
        return False
    named = {child.name for child in inside if isinstance(child, Tag)}
    return named <= {"span", "a", "i", "svg", "b", "strong", "em", "button", "img"}


def _is_in_menu(tag: Tag) -> bool:
    """Whether a tag is part of finding one's way, which opens menus and no text."""
    for parent in (tag, *islice(tag.parents, _DEPTH)):
        if parent.name in _FRAMES or attribute(parent, "role").lower() in _MENUS:
            return True
        if parent.name in {"article", "main"}:
            return False
        if parent.name == "header":
            above = islice(parent.parents, _DEPTH)
            return not any(each.name in {"article", "main"} for each in above)
    return False


# How what is opened looks.


def _unfold(panel: Tag) -> None:
    """Take away what folds a panel; what disguises words stays, so that they stay out."""
    boxes = [panel]
    parent = panel.parent
    if parent is not None and folds(parent) and len(list(islice(children(parent), 2))) == 1:
        boxes.append(parent)
    inside = list(islice(children(panel), 2))
    boxes += inside if len(inside) == 1 else []
    for tag in boxes:
        for name in ("hidden", "aria-hidden"):
            del tag[name]
        if style := attribute(tag, "style")[:_MAX_STYLE]:
            parts = (part for part in style.split(";") if part.strip())
            kept = [part for part in parts if not _unfolds(part)]
            tag["style"] = ";".join(kept)


def _unfolds(declaration: str) -> bool:
    return _UNFOLDED.fullmatch(declaration.partition(":")[0].strip().lower()) is not None


def _give_heading(panel: _Panel, level: int) -> None:
    """Put the words of the control above what it opens, once, as a heading."""
    label = next(filter(None, map(_label, panel.controls)), "")
    has_own = _begins_with(panel.tag, label)
    placed = not label
    for control in panel.controls:
        if _stands_above(control, panel.tag) and not has_own and not placed:
            _make_heading(control, level)
            placed = True
        elif _label(control) in {"", label} and not _is_within_heading(control):
            _take_away(control)
        else:
            placed = placed or _is_within_heading(control)
    if not placed and not has_own:
        heading = BeautifulSoup("", "lxml").new_tag(f"h{level}")
        heading.string = label
        panel.tag.insert(0, heading)


def _label(control: Tag) -> str:
    """Return the words on a control that name what it opens; "Read more" names nothing."""
    inside = list(islice(control.descendants, _MAX_INSIDE + 1))
    texts = [str(each) for each in inside if type(each) is NavigableString]
    if len(inside) > _MAX_INSIDE or sum(map(len, texts)) > _MAX_WRITTEN:
        return ""
    words = clean("".join(texts))
    bare = words.casefold().strip(" .…+-›»:>")
    is_name = len(words) <= _MAX_LABEL and any(map(str.isalpha, words))
    return words if is_name and not _MORE.fullmatch(bare) else ""


def _begins_with(panel: Tag, label: str) -> bool:
    """Whether a panel has its own heading with the words of the control."""
    first = (each for each in islice(panel.descendants, _FIRST) if isinstance(each, Tag))
    return any(each.name in _HEADINGS and _label(each) == label for each in first)


def _stands_above(control: Tag, panel: Tag) -> bool:
    before = tag_before(panel)
    for _ in range(_NEAR):
        if before is None or before is control:
            break
        inside = list(islice(children(before), _NEAR))
        before = inside[0] if len(inside) == 1 else None
    return before is control


def _make_heading(control: Tag, level: int) -> None:
    if _is_within_heading(control):
        if control.name == "button":
            control.name = "span"
        return
    text = _label(control)
    control.clear()
    control.name, control.attrs = f"h{level}", {}
    control.string = text


def _is_within_heading(control: Tag) -> bool:
    return any(
        tag.name in _HEADINGS or tag.name == "dt"
        for tag in (control, *islice(control.parents, _NEAR))
    )


def _take_away(control: Tag) -> None:
    """Remove a control whose words stand elsewhere, with the item of a list around it."""
    parent = control.parent
    if parent is not None and parent.name == "li" and len(list(islice(children(parent), 2))) == 1:
        parent.decompose()
    else:
        control.decompose()


# Slides.


def _show_slides(soup: BeautifulSoup) -> None:
    """Show every slide of a carousel that shows one of them, and drop the copies."""
    rows: dict[int, list[Tag]] = {}
    for tag in soup.find_all(_is_slide):
        rows.setdefault(id(tag.parent), []).append(tag)
    for slides in rows.values():
        if all(map(folds, slides)):
            continue
        copies = {id(tag) for tag in slides if any(map(_CLONE.fullmatch, tokens(tag)))}
        seen: set[str] = set()
        for slide in sorted(slides, key=lambda tag: id(tag) in copies):
            words = clean(slide.get_text(" "))
            if words in seen and (id(slide) in copies or len(words) > _NEAR):
                slide.decompose()
                continue
            seen.add(words)
            if folds(slide):
                _unfold(slide)


def _is_slide(tag: Tag) -> bool:
    if tag.name not in {"div", "li", "section", "article", "figure"}:
        return False
    return attribute(tag, "aria-roledescription").lower() == "slide" or any(
        map(_SLIDE.fullmatch, tokens(tag))
    )
