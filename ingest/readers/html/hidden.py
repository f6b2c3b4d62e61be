"""Tell what a page holds but does not show, as far as tags and styles say. Changes nothing."""

import re
from itertools import islice

from bs4 import Tag
from bs4.element import NavigableString

from ingest.readers.html.tree import attribute, children, tokens

_GAP = r"\s{0,5}"
_NO_BOX = re.compile(rf"display{_GAP}:{_GAP}none", re.IGNORECASE)
_BOX = re.compile(
    rf"(?:^|[;\s])display{_GAP}:{_GAP}(?:block|flex|grid|flow-root|list-item){_GAP}(?:;|!|$)",
    re.IGNORECASE,
)
_FOLDING = re.compile(
    rf"display{_GAP}:{_GAP}none|visibility{_GAP}:{_GAP}(?:hidden|collapse)", re.IGNORECASE
)
_NEVER_SEEN = re.compile(
    rf"(?:^|[;\s])(?:font-size{_GAP}:{_GAP}(?:0+(?:\.0+)?(?:px|em|rem|pt|%)?|[01]?(?:\.\d+)?p[xt])"
    rf"|color{_GAP}:{_GAP}transparent"
    rf"|opacity{_GAP}:{_GAP}0(?:\.0+)?"
    rf"|text-indent{_GAP}:{_GAP}-\d{{3,}}(?:px|em|rem|pt|%)?"
    rf"|clip{_GAP}:{_GAP}rect\((?:[01](?:px)?[,\s]*){{4}}\)"
    rf"){_GAP}(?:;|!|$)",
    re.IGNORECASE,
)
_FLAT = re.compile(
    rf"(?:^|[;\s])(?:max-)?(?:height|width){_GAP}:{_GAP}0(?:px)?{_GAP};"
    rf".{{0,200}}overflow(?:-[xy])?{_GAP}:{_GAP}hidden{_GAP}(?:;|!|$)"
    rf"|overflow(?:-[xy])?{_GAP}:{_GAP}hidden{_GAP};.{{0,200}}"
    rf"(?<![\w-])(?:max-)?(?:height|width){_GAP}:{_GAP}0(?:px)?{_GAP}(?:;|!|$)",
    re.IGNORECASE,
)
_STRUCK = re.compile(rf"text-decoration(?:-line)?{_GAP}:[^;]{{0,100}}line-through", re.IGNORECASE)
_STRUCK_TAGS = frozenset(("del", "s", "strike"))
_AWAY = re.compile(rf"(?:left|top|right){_GAP}:{_GAP}-\d{{4,}}", re.IGNORECASE)
_WHITE = re.compile(
    rf"(?:^|[;\s])color{_GAP}:{_GAP}(?:white|#fff(?:fff)?(?![0-9a-f])|rgba?\({_GAP}255{_GAP},{_GAP}255{_GAP}"
    rf",{_GAP}255{_GAP}[,)])",
    re.IGNORECASE,
)
_BACKDROP = re.compile(
    "background|(?:^|[-_])bg|cover|dark|hero|banner|button|btn|callout|overlay|slide|header|column"
    "|section|color",
    re.IGNORECASE,
)
_WHITE_GROUND = re.compile(
    rf"background(?:-color)?{_GAP}:{_GAP}(?:white|#fff(?:fff)?){_GAP}(?:;|!|$)", re.IGNORECASE
)
_ACCORDION = re.compile(
    r"(?:[\w-]*[_-])?(?:accordions?|faqs?|toggles?|collaps(?:e|ed|ible)|spoiler|tabs?|tab-?pane"
    r"|tab-?panel|panel|expand(?:able|er)?|answer)(?:[_-][\w-]*)?"
)
SPOKEN = (
    r"(?:[\w-]*[_-])?(?:sr-only|visually-?hidden|screen-?reader(?:-(?:text|only|shortcut))?)"
    r"(?:-focusable)?|show-for-sr|element-invisible"
)
"""Names of what only programs that read a page out say; a pattern."""
_SPOKEN = re.compile(SPOKEN)
_ICON = re.compile(
    r"(?:[\w-]*[_-])?(?:icons?|symbols?|glyphicons?|fa[srbl]?|dashicons)(?:[_-][\w-]*)?"
)
_IN_LINE = frozenset(
    ("span", "b", "strong", "i", "em", "bdi", "time", "data", "ins", "abbr", "sup")
)
_NEAR = 3
_MAX_STYLE = 2000
_ACCORDION_DEPTH = 8  # how far above its hidden answer an accordion may name itself
_ICON_PARTS = 6
_GROUND_DEPTH = 12  # how far above white words the colour behind them may be told


def is_hidden(tag: Tag) -> bool:
    """Whether a tag cannot be seen; what only an accordion folds away can be."""
    style = attribute(tag, "style")[:_MAX_STYLE]
    if style and _is_disguised(tag, style):
        return True
    return folds(tag) and (not in_accordion(tag) or is_icon(tag)) and not _is_told_twice(tag)


def _is_told_twice(tag: Tag) -> bool:
    """Whether words are kept from programs that read out, which say those beside them instead."""
    if tag.name not in _IN_LINE or any(map(_ICON.fullmatch, tokens(tag))) or is_icon(tag):
        return False
    style = attribute(tag, "style")[:_MAX_STYLE]
    if tag.has_attr("hidden") or _FOLDING.search(style) or _FLAT.search(style):
        return False
    around = (islice(tag.previous_siblings, _NEAR), islice(tag.next_siblings, _NEAR))
    beside = (each for siblings in around for each in siblings if isinstance(each, Tag))
    return any(map(is_spoken, beside))


def is_spoken(tag: Tag) -> bool:
    """Whether only programs that read a page out say the words of a tag."""
    return any(map(_SPOKEN.fullmatch, tokens(tag)))


def folds(tag: Tag) -> bool:
    """Whether a tag is folded away or switched off, as far as it says so itself."""
    style = attribute(tag, "style")[:_MAX_STYLE]
    return (
        (tag.has_attr("hidden") and attribute(tag, "hidden") != "until-found")
        or attribute(tag, "aria-hidden").lower() == "true"
        or (style != "" and bool(_FOLDING.search(style) or _FLAT.search(style)))
    )


def takes_no_room(tag: Tag) -> bool:
    """Whether a cell is switched off, so that those beside it move into its place."""
    return tag.has_attr("hidden") or bool(_NO_BOX.search(attribute(tag, "style")[:_MAX_STYLE]))


def makes_box(tag: Tag) -> bool:
    """Whether a style puts the words of a tag on lines of their own."""
    return _BOX.search(attribute(tag, "style")[:_MAX_STYLE]) is not None


def is_blank(tag: Tag) -> bool:
    """Whether a cell keeps its place but shows none of its words."""
    style = attribute(tag, "style")[:_MAX_STYLE]
    return style != "" and (_is_disguised(tag, style) or bool(_FOLDING.search(style)))


def is_struck(tag: Tag) -> bool:
    """Whether a line through the words of a tag says that they no longer hold."""
    return tag.name in _STRUCK_TAGS or bool(_STRUCK.search(attribute(tag, "style")[:_MAX_STYLE]))


def unseen_words(root: Tag) -> int:
    """Return how many words inside a tag are made to be read by nobody.

    What is only switched off (`display: none`) does not count: themes do that on every page.
    """
    found, stack = 0, [root]
    while stack:
        for child in children(stack.pop()):
            style = attribute(child, "style")[:_MAX_STYLE]
            if style and (_is_disguised(child, style) or _is_flat(child, style)):
                found += len(child.get_text(" ").split())
            else:
                stack.append(child)
    return found


def is_icon(tag: Tag) -> bool:
    """Whether a tag is the sign of a control, such as the plus of an accordion."""
    inside = list(islice(tag.descendants, _ICON_PARTS))
    words = "".join(str(each) for each in inside if isinstance(each, NavigableString))
    return len(inside) < _ICON_PARTS and not any(map(str.isalnum, words))


def _is_flat(tag: Tag, style: str) -> bool:
    """Whether a tag has no height, and no accordion that would give it one."""
    return _FLAT.search(style) is not None and not in_accordion(tag)


def _is_disguised(tag: Tag, style: str) -> bool:
    if _NEVER_SEEN.search(style) or _AWAY.search(style):
        return True
    return _WHITE.search(style) is not None and _is_on_white(tag)


def in_accordion(tag: Tag) -> bool:
    """Whether a tag is part of an accordion, which hides answers that are there to be read."""
    for candidate in (tag, *islice(tag.parents, _ACCORDION_DEPTH)):
        if candidate.name in {"body", "html"}:
            return False
        if candidate.name == "details" or attribute(candidate, "role") == "tabpanel":
            return True
        if any(_ACCORDION.fullmatch(token) for token in tokens(candidate)):
            return True
    return False


def _is_on_white(tag: Tag) -> bool:
    """Whether nothing around white words speaks of another colour behind them."""
    for candidate in (tag, *islice(tag.parents, _GROUND_DEPTH)):
        style = attribute(candidate, "style")[:_MAX_STYLE]
        if _WHITE_GROUND.search(style):
            return True
        if candidate.name in {"body", "html"}:
            break
        if candidate.get("bgcolor") or "background" in style.lower():
            return False
        if any(map(_BACKDROP.search, tokens(candidate))):
            return False
    return True
