"""Measure how a PDF is set, to tell its headings. No input or output happens here."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from assistant.domain.light_markdown import clean
from ingest.readers.lines import is_bullet, is_heading_like

_MOST = 0.5  # of the text is not bold where bold lines are headings
_LARGER = 1.15  # times the size of the text makes a heading; footnotes and bold stay below
_MAX_HEADING = 200
_LEVELS = 4


@dataclass(frozen=True, slots=True)
class PdfLine:
    """A line as it stands on its page; lengths in points, upwards. A size of 0 is unknown.

    Attributes:
        last_top: The top of its last character: PDFium mends words parted at a line end by giving
            both lines as one.
    """

    text: str
    left: float
    right: float
    top: float
    last_top: float
    size: float
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Style:
    """How a document is set.

    Attributes:
        sizes: The sizes of type of headings, the largest first.
        pitch: The usual distance from line to line; 0 if there are no two lines.
        bold_tells: Whether bold lines stand out, because most of the text is not bold.
    """

    sizes: tuple[int, ...]
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
    return Style(tuple(larger), _pitch(pages), bold_tells=bold < _MOST * weights.total())


def _pitch(pages: Sequence[Sequence[PdfLine]]) -> float:
    """Return the usual distance from line to line, 0 if there are no two lines."""
    steps = [
        upper.last_top - lower.top
        for page in pages
        for upper, lower in pairwise(page)
        if upper.last_top - lower.top > 1 and round(upper.size) == round(lower.size)
    ]
    return median(steps) if steps else 0.0
