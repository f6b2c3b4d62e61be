"""Tell a table of contents, which leads nobody who reads without pages. Pure."""

import functools
import re
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import pairwise

_ENTRY = re.compile(r"^(.*[^\W\d_].*?)\s*(?:[.…·_]\s?){4,}\s*(\d{1,3})[^\S\n]*$", re.MULTILINE)
"""A line whose end a row of dots leads to, where a number stands alone."""

_FEWEST = 4  # entries, which count in the order of pages
_BEGINNING = 12  # letters by which a title that goes on in the next line is known


class Contents:
    """The tables of contents of a document. `pages` gives the text of each page when needed."""

    def __init__(self, pages: Callable[[], Iterable[str]]) -> None:
        self._pages = pages

    def within(self, page: str) -> range:
        """Return which characters of a page's text are entries, and what stands between them.

        Prices stand beside rows of dots as well, but no line of another page is called so.
        """
        entries = list(_ENTRY.finditer(page))
        numbers = [int(entry[2]) for entry in entries]
        in_order = all(first <= second for first, second in pairwise(numbers))
        if len(entries) < _FEWEST or not in_order:
            return range(0)
        known = sum(self._is_elsewhere(_letters(entry[1])) for entry in entries)
        return range(entries[0].start(), entries[-1].end() if 2 * known > len(entries) else 0)

    def _is_elsewhere(self, title: str) -> bool:
        begins = (title[:end] for end in range(min(_BEGINNING, len(title)), len(title)))
        return self._lines[title] > 1 or any(self._lines[beginning] for beginning in begins)

    @functools.cached_property
    def _lines(self) -> Counter[str]:
        """On how many pages each line stands, by its letters."""
        pages = ({_letters(line) for line in page.splitlines()} for page in self._pages())
        return Counter(line for lines in pages for line in lines)


def _letters(line: str) -> str:
    return "".join(filter(str.isalpha, line.casefold()))
