"""Find the row whose bracket holds a number: "a town of 50,000" is in "20,000 to 100,000". Pure.

Of words it knows only the units of time, so that it holds in every language: a row with two rising
numbers is a bracket from one to the other, a row with one number beside such rows is open on the
side where no row follows.
"""

import functools
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.domain.blocks import cells
from assistant.language.languages import languages
from assistant.language.words import fold, whole
from assistant.writing.numerals import adds_up, combined, number, spelled

_TOKEN = re.compile(
    r"(?<![\w.,])\d{1,3}(?:[.,'’\u00a0\u202f ]\d{3})+(?!\d)|(?<![\w.,])\d+(?:[.,]\d+)?|[^\W\d_]+"
)
_COUNTED = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)?[\s-]+([^\W\d_]+)")
_THOUSAND = {"k": "1000"}
SPELLED = 1000
"""From which on a number in words alone is one: "one", "deux" and "cent" are other words too."""
FIRST_YEAR, LAST_YEAR = 1900, 2100


@dataclass(frozen=True, slots=True)
class _Bracket:
    low: float
    high: float


def holding(question: str, rows: Sequence[str], head: str = "") -> int | None:
    """Return which of the rows of a table, or items of a list, is meant by a number asked about.

    Of several numbers the largest counts: "2 nights for 30 people"; one of years, days or hours
    only in a column that is of such too, by its labels or the `head` of the table. None where no
    number is asked about, or no column of the rows has brackets.
    """
    columns = list(itertools.zip_longest(*(_labels(row) for row in rows), fillvalue=""))
    heads = cells(head) if head else ()
    meant = [
        (each, column)
        for column, above in itertools.zip_longest(columns, heads[: len(columns)], fillvalue="")
        for each in numbers(question if _is_of_time((above, *column)) else _timeless(question))
        if not _is_year(each)
    ]
    for each, column in sorted(meant, key=lambda pair: pair[0], reverse=True):
        for at, bracket in enumerate(_brackets(column)):
            if bracket and bracket.low <= each <= bracket.high:
                return at
    return None


def _timeless(question: str) -> str:
    """Return a question without the numbers that stand before a unit of time."""
    return _COUNTED.sub(lambda match: " " if _is_of_time([match[1]]) else match[0], question)


def _is_of_time(texts: Iterable[str]) -> bool:
    """Whether texts name a unit of time, in any of the languages."""
    return any(_units_of_time().search(text.casefold()) for text in texts)


@functools.cache
def _units_of_time() -> re.Pattern[str]:
    return whole("|".join(each.catalogue["units_of_time"] for each in languages().values()))


def numbers(text: str) -> list[float]:
    """Return the numbers in a text, "1.2 million" and "fifty thousand" too.

    A separator before three digits parts thousands.
    """
    found, held, is_spelled = list[float](), "", True
    for token in _TOKEN.findall(fold(text)):
        is_word = not token[0].isdecimal()
        value = (_THOUSAND.get(token) or spelled(token)) if is_word else number(token)
        if held and is_word and value and _is_one(held, value, is_spelled=is_spelled):
            held = combined(held, value)
            continue
        found += _kept(held, is_spelled=is_spelled)
        held, is_spelled = value, is_word
    return found + _kept(held, is_spelled=is_spelled)


def _is_one(first: str, second: str, *, is_spelled: bool) -> bool:
    """Whether two are one number; behind digits only thousands and more are: not in "50 cent"."""
    is_scale = float(second) >= SPELLED
    return (is_scale or is_spelled) and adds_up(first, second, is_spelled=is_spelled)


def _kept(value: str, *, is_spelled: bool) -> list[float]:
    return [float(value)] if value and (not is_spelled or float(value) >= SPELLED) else []


def _labels(row: str) -> Iterator[str]:
    """Yield the cells of a row, or of an item what stands before its colon."""
    if " | " in row:
        yield from cells(row)
    else:
        yield re.split(r":\s| – | - ", row, maxsplit=1)[0]


def _brackets(column: Sequence[str]) -> list[_Bracket | None]:
    """Return the bracket of each cell, nothing where the column has none."""
    found = [numbers(cell) for cell in column]
    pairs = [each for each in found if len(each) == 2 and each[0] < each[1]]  # noqa: PLR2004 - from, to
    lows = [each[0] for each in found if each]
    if not pairs or any(len(each) > 2 for each in found) or lows != sorted(lows):  # noqa: PLR2004
        return [None] * len(column)
    first = min(pair[0] for pair in pairs)
    return [_bracket(each, first) for each in found]


def _bracket(numbers: Sequence[float], first: float) -> _Bracket | None:
    if not numbers:
        return None
    if len(numbers) == 1:
        is_below = numbers[0] <= first
        return (
            _Bracket(float("-inf"), numbers[0]) if is_below else _Bracket(numbers[0], float("inf"))
        )
    return _Bracket(numbers[0], numbers[1])


def _is_year(number: float) -> bool:
    return FIRST_YEAR <= number <= LAST_YEAR
