"""Write numbers as documents show them: as letters, in Roman, above the line. Pure."""

import re
from collections.abc import Iterable, Iterator

from assistant.domain.light_markdown import ListBlock, ListItem

_MOST_LETTERS = 780  # thirty times the alphabet
_MOST_ROMAN = 3999
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_RAISED = re.compile(r"\s*[+−-]?\d{1,3}(?:\s?[,;–-]\s?\d{1,3}){0,4}\s*", re.ASCII)
_RAISED_SIGNS = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")


def in_form(value: int, form: str) -> str:
    """Return a number as a format of Word shows it; empty if it shows none."""
    match form:
        case "none" | "bullet":
            return ""
        case "decimalZero":
            return f"{value:02}"
        case "lowerLetter" | "upperLetter" if 0 < value <= _MOST_LETTERS:
            letters = chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1)
            return letters if form == "lowerLetter" else letters.upper()
        case "lowerRoman" | "upperRoman" if 0 < value <= _MOST_ROMAN:
            return _roman(value) if form == "lowerRoman" else _roman(value).upper()
        case _:
            return str(value)


def _roman(value: int) -> str:
    signs = []
    for worth, sign in _ROMAN:
        times, value = divmod(value, worth)
        signs.append(sign * times)
    return "".join(signs)


def as_number(value: str) -> int | None:
    """Return a value as a number below a million, None if it is none."""
    return int(value) if re.fullmatch("[0-9]{1,6}", value) else None


class Items:
    """Gathers the items of a list, which ends where its numbers do not go on."""

    def __init__(self) -> None:
        self._items: list[ListItem] = []
        self._first: int | None = None
        self._following: int | None = None

    def add(self, item: ListItem, value: int | None) -> Iterator[ListBlock]:
        """Take an item and its number, None for none; yield the list that it does not go on.

        One without words is shown by what stands in it, and has no number.
        """
        if item.text and value != self._following:
            yield from self.ended()
            self._first = self._following = value
        if item.text and self._following is not None:
            self._following += 1
        self._items.append(item)

    def nest(self, lists: Iterable[ListBlock]) -> bool:
        """Put lists under the last item; say whether there is one."""
        if self._items:
            last = self._items.pop()
            self._items.append(ListItem(last.text, (*last.children, *lists)))
        return bool(self._items)

    def ended(self) -> Iterator[ListBlock]:
        """Yield what was gathered."""
        if self._items:
            first = self._first
            items = tuple(self._items)
            yield ListBlock(items) if first is None else ListBlock(items, ordered=True, start=first)
        self._items, self._first, self._following = [], None, None


def raised(text: str) -> str:
    """Return a text that stands above the line; what is no number, as in "20th", as it is."""
    return text.translate(_RAISED_SIGNS) if _RAISED.fullmatch(text) else text
