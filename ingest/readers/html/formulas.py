"""Write a formula of a page (MathML) as people write it in a line."""

import re

from bs4 import BeautifulSoup, Tag

from assistant.domain.light_markdown import clean
from ingest.readers.html.hidden import is_hidden
from ingest.readers.html.tree import attribute, children

_DEEPEST = 50
_UNSHOWN = frozenset(("annotation", "annotation-xml", "mphantom", "mprescripts", "none"))
_PARTED = {"msup": "^", "msub": "_", "mfrac": "/", "mover": "^", "munder": "_"}
_TWICE = frozenset(("msubsup", "munderover"))
_APART = re.compile(r"[=+\-−±×÷⋅·<>≤≥≈≠→]")  # signs with a blank on either side
_LONGEST = 500  # characters of what is said of a formula

_NO_FORMULA = re.compile("^(?:p|div|[uod]l|h[1-6]|table|pre|blockquote|img|section|article|main)$")
_PARTS = re.compile(
    "^(?:math|semantics|annotation(?:-xml)?|m(?:text|row|[inos]|frac|su[bp]|subsup|over|under"
    "|underover|sqrt|root|tr|td|table|style|space|padded|phantom|enclose|fenced|error|action"
    "|multiscripts))$"
)


def end_formulas(soup: BeautifulSoup) -> None:
    """End a formula where something else begins, as a browser does.

    One that is never closed holds the rest of the page, for the parser.
    """
    inside: set[int] = set()
    for formula in soup.find_all("math"):
        if id(formula) in inside:  # of an outer one, whose parts were looked through once
            continue
        parts = formula.find_all(_PARTS)
        inside.update(map(id, parts))
        if formula.find(_NO_FORMULA):
            for part in (formula, *parts):
                part.unwrap()


def formula_text(formula: Tag) -> str:
    """Return a formula in one line, "m^2" or "(a + b)/2"; else what its page says in place."""
    return clean(_in_line(formula, 0)) or clean(attribute(formula, "alttext"))[:_LONGEST]


def _in_line(tag: Tag, depth: int) -> str:
    if depth > _DEEPEST or tag.name in _UNSHOWN or is_hidden(tag):
        return ""
    if inner := [_in_line(child, depth + 1) for child in children(tag)]:
        return _joined(tag.name, inner)
    words = clean(tag.get_text())
    return f" {words} " if tag.name == "mo" and _APART.fullmatch(words) else words


def _joined(name: str, inner: list[str]) -> str:
    """Return the parts of what has a name as it is written in a line."""
    words = "".join(inner)
    if name in _PARTED and len(inner) == 2:  # noqa: PLR2004 - what is put to something, and that
        words = _PARTED[name].join(map(_bracketed, inner))
    elif name in _TWICE and len(inner) == 3:  # noqa: PLR2004 - with what is below and above
        base, below, above = map(_bracketed, inner)
        words = f"{base}_{below}^{above}"
    elif name == "mtr":
        words = f"{', '.join(inner)}; "
    elif name in {"msqrt", "mroot"}:
        words = f"√({words})"
    return words


def _bracketed(words: str) -> str:
    return f"({words})" if re.search(r"[^\w.,%°']", words) else words
