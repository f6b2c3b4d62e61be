"""Measure how a PDF is set, to tell its headings. No input or output happens here."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from assistant.domain.light_markdown import clean
from ingest.readers.pdf.page import PdfLine
from ingest.readers.shared.lines import is_bullet, is_heading_like

_MOST = 0.5  # of the text is not bold where bold lines are headings
_LARGER = 1.15  # times the size of the text makes a heading; footnotes and bold stay below
_MAX_HEADING = 200
_LEVELS = 4


@dataclass(frozen=True, slots=True)
class Style:
    """How a document is set.

    Attributes:
        sizes: The sizes of type of headings, the largest first.
        body: The size of most of the text; 0 if there is none.
        pitch: The usual distance from line to line; 0 if there are no two lines.
        bold_tells: Whether bold lines stand out, because most of the text is not bold.
    """

    sizes: tuple[int, ...]
    body: int
    pitch: float
    bold_tells: bool

    def is_large(self, line: PdfLine) -> bool:
        """Whether a line is set in the size of a heading."""
        return round(line.size) in self.sizes

    def level(self, line: PdfLine) -> int:
        """Return the level of a heading, 0 for text."""
        words = clean(line.text)
        if len(words) > _MAX_HEADING or not re.search(r"[^\W\d_]{2}", words) or is_bullet(words):
            return 0
        if self.is_large(line):
            return min(2 + self.sizes.index(round(line.size)), 1 + _LEVELS)
        if self.bold_tells and line.bold and is_heading_like(words):
            return min(2 + len(self.sizes), 2 + _LEVELS)
        return 0


def style_of(pages: Sequence[Sequence[PdfLine]]) -> Style:
    """Measure how a document is set: the sizes of its headings, its weight, its line distance."""
    weights: Counter[int] = Counter()
    bold = 0
    for line in (line for page in pages for line in page):
        weights[round(line.size)] += len(line.text)
        bold += len(line.text) if line.bold else 0
    body = weights.most_common(1)[0][0] if weights else 0
    larger = sorted((size for size in weights if body and size >= _LARGER * body), reverse=True)
    return Style(tuple(larger), body, _pitch(pages), bold_tells=bold < _MOST * weights.total())


def _pitch(pages: Sequence[Sequence[PdfLine]]) -> float:
    """Return the usual distance from line to line, 0 if there are no two lines."""
    steps = [
        upper.top - lower.top
        for page in pages
        for upper, lower in pairwise(page)
        if upper.top - lower.top > 1 and round(upper.size) == round(lower.size)
    ]
    return median(steps) if steps else 0.0
