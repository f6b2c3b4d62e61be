"""Show numbers that page builders count up to, and prices in parts, as people see them.

The number stands in an attribute, beside the 0 that the count starts from; scripts that nobody
runs here would put it in its place. Changes the tree.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from assistant.domain.light_markdown import clean
from ingest.readers.html.tree import attribute, children, tokens

_ATTRIBUTES = (
    "data-to-value", "data-number-value", "data-counter-value", "data-count-to", "data-countto",
    "data-counter", "data-count", "data-to", "data-target", "data-number", "data-end", "data-stop",
    "data-final", "data-percentage-value", "data-percentage", "data-percent", "data-max",
    "data-value", "data-width", "aria-valuenow",
)  # fmt: skip
_PER_CENT = frozenset(name for name in _ATTRIBUTES if "percent" in name)
_NUMBER = re.compile(r"[+-]?\d{1,3}(?:[ .,'’\u00a0\u202f]?\d{3}){0,5}(?:[.,]\d{1,4})?|\d{1,15}")
_START = re.compile(
    r"[+-]?(?:0{0,6}|1)(?:[.,]0+)?\s?%?"
)  # where a count begins; mostly nothing, or 0
_NAMES = re.compile(
    r"[\w-]*(?:count|number|odometer|timer|progress|percent|skill|stat|chart|gauge|figure|bar|fact"
    r"|zahl|ziffer|chiffre|compteur|getal|teller|contador|numero)[\w-]*"
)
_VALUE = re.compile(r"^[\w-]*(?:value|units|number|percent|odometer|count|digit|timer)[\w-]*$")
_AFFIX = re.compile(r"[\w-]*(?:prefix|suffix|sign|symbol|unit|currency)[\w-]*")
_FRACTION = re.compile(r"[\w-]*(?:fraction(?:al)?|cents?|decimals?)(?:[-_]+part)?")
_MAX_COUNTERS = 500
_MAX_BOX = 40  # tags and texts in the box of one counter
_MAX_LABEL = 160  # characters
_NEAR = 5  # levels between a number and the box that holds its label as well
_GROUPED = 1000


def show_counters(soup: BeautifulSoup) -> None:
    """Put the numbers that are counted up to in their place, each in one line with its label."""
    found = soup.find_all(_counts)[:_MAX_COUNTERS]
    shown = [value for tag in found if (value := _shown(tag)) is not None]
    numbers = {id(tag) for tag in shown}
    for value in shown:
        _join(value, numbers, soup)
    for tag in soup.find_all("span", class_=_VALUE):
        if str(tag.previous_sibling or "")[-1:].isalpha():
            tag.insert_before(" ")
    for part in soup.find_all(_is_fraction)[:_MAX_COUNTERS]:
        _join_fraction(part)


def _counts(tag: Tag) -> bool:
    return tag.name not in {"input", "progress", "meter", "option", "li", "a", "button"} and any(
        _NUMBER.fullmatch(attribute(tag, name).strip().rstrip("%").strip()) for name in _ATTRIBUTES
    )


def _shown(tag: Tag) -> Tag | None:
    """Write the number of a counter into the tag that shows it, and return that tag."""
    name = next(each for each in _ATTRIBUTES if _is_number(attribute(tag, each)))
    number = attribute(tag, name).strip()
    inside = list(islice(tag.descendants, _MAX_BOX))
    if len(inside) == _MAX_BOX or (name == "aria-valuenow" and attribute(tag, "role") == "slider"):
        return None
    texts = [each for each in inside if type(each) is NavigableString and each.strip()]
    if any(any(map(str.isdigit, text)) and not _START.fullmatch(clean(text)) for text in texts):
        _part(tag)
        return None  # the page shows a number already
    if number.rstrip("%") in re.findall(r"[\d.,]+", _around(tag)):
        return None
    if not any(map(_NAMES.fullmatch, [*tokens(tag), *_names_around(tag)])):
        return None
    shows = _value_tag(tag, inside)
    sign = "%" if name in _PER_CENT and not _has_sign(tag, inside) else ""
    shows.clear()
    shows.string = _grouped(number, attribute(tag, "data-delimiter")) + sign
    return shows


def _part(tag: Tag) -> None:
    """Keep a number apart from the label beside it; a bar that says it twice says it once."""
    before = next(
        (each for each in islice(tag.previous_siblings, 2) if isinstance(each, Tag)), None
    )
    if before is not None and _is_same(before, tag):
        tag.clear()
        return
    for each in (tag, *list(islice(children(tag), _NEAR))):
        each.insert_before(" ")


def _is_same(one: Tag, other: Tag) -> bool:
    both = [list(islice(tag.descendants, _MAX_BOX)) for tag in (one, other)]
    return max(map(len, both)) < _MAX_BOX and len({_words(each) for each in both}) == 1


def _around(tag: Tag) -> str:
    """Return the words right around a counter, where these are few."""
    inside = list(islice(tag.parent.descendants, _MAX_BOX)) if tag.parent else []
    return _words(inside) if len(inside) < _MAX_BOX else ""


def _is_number(value: str) -> bool:
    return _NUMBER.fullmatch(value.strip().rstrip("%").strip()) is not None


def _names_around(tag: Tag) -> Iterator[str]:
    for parent in islice(tag.parents, 2):
        yield from tokens(parent)


def _has_sign(tag: Tag, inside: Sequence[object]) -> bool:
    return "%" in (_around(tag) or _words(inside))


def _value_tag(tag: Tag, inside: Sequence[object]) -> Tag:
    """Return the tag that shows the number of a counter: the counter itself, or one inside."""
    tags = [each for each in inside if isinstance(each, Tag)]
    if not tags:
        return tag
    for each in tags:
        is_leaf = not any(True for _ in children(each)) and _START.fullmatch(clean(each.get_text()))
        if is_leaf and any(map(_VALUE.fullmatch, tokens(each))):
            return each
    new = Tag(name="span")
    if _START.fullmatch(clean(tag.get_text())):
        tag.clear()
        return tag
    tag.append(new)
    return new


def _grouped(number: str, mark: str) -> str:
    """Return a number with its thousands apart, as the page asks."""
    plain = number.isdigit() and int(number) >= _GROUPED and mark in {",", ".", " ", "'"}
    return f"{int(number):,}".replace(",", mark) if plain else number


def _join(value: Tag, numbers: set[int], soup: BeautifulSoup) -> None:
    """Make one paragraph of a number and the label that stands in the box around it."""
    box, joined = value, ""
    for parent in islice(value.parents, _NEAR):
        inside = list(islice(parent.descendants, _MAX_BOX))
        alone = sum(isinstance(each, Tag) and id(each) in numbers for each in inside) == 1
        if len(inside) == _MAX_BOX or not alone or parent.name in {"body", "html", "article"}:
            break
        words = _words(inside)
        if len(words) > _MAX_LABEL or words.endswith((". ", ".")):
            break
        box, joined = parent, _line(inside, value)
        if any(map(str.isalpha, words)) and not all(_is_affix(each, value) for each in inside):
            break
    if box is value:
        return
    paragraph = soup.new_tag("p")
    paragraph.string = joined
    if box.name in {"p", "li", "dd", "dt", "td", "span"}:
        box.clear()
        box.append(joined)
    else:
        box.clear()
        box.append(paragraph)


def _words(inside: Sequence[object]) -> str:
    return clean(" ".join(str(each) for each in inside if type(each) is NavigableString))


def _is_affix(each: object, value: Tag) -> bool:
    """Whether a part of a counter is the number, or what stands before and after it."""
    if type(each) is not NavigableString or not each.strip():
        return True
    around = list(islice(each.parents, 2))
    return any(tag is value or any(map(_AFFIX.fullmatch, tokens(tag))) for tag in around)


def _line(inside: Sequence[object], value: Tag) -> str:
    """Return the words of a counter's box: signs on the number, the label before or after it."""
    before, number, after = "", "", ""
    for each in inside:
        if type(each) is not NavigableString or not each.strip():
            continue
        text = clean(each)
        if _is_affix(each, value):
            tight = len(text) <= 1 or not number or any(each.parent is tag for tag in (value,))
            number += text if tight else f" {text}"
        elif number:
            after += f" {text}"
        else:
            before += f" {text}"
    label = clean(before)
    return clean(f"{label}: {number}{after}" if label else f"{number}{after}")


def _is_fraction(tag: Tag) -> bool:
    return any(map(_FRACTION.fullmatch, tokens(tag)))


def _join_fraction(part: Tag) -> None:
    """Write the cents of a price behind its units, with the point that a style draws."""
    cents = clean(part.get_text()) if len(list(islice(part.descendants, _NEAR))) < _NEAR else ""
    before = part.find_previous(string=lambda text: bool(text and text.strip()))
    if re.fullmatch(r"\d{2}", cents) and before and clean(before)[-1:].isdigit():
        before.replace_with(NavigableString(f"{clean(before)}.{cents}"))
        part.decompose()
