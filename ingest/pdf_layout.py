"""Make blocks of the lines of PDF pages by their place and size. No input or output happens here."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from ingest.light_markdown import Block, Heading, clean
from ingest.lines import blocks_of_lines, is_bullet

_EDGE = 3  # lines at the top and at the bottom of a page that may be running ones
_MOST = 0.5  # of the pages carry a running line; odd and even pages may differ
_FEW = 3  # pages; with fewer, a repeated line is no sign
_LARGER = 1.15  # times the size of the text makes a heading; footnotes and bold stay below
_MAX_HEADING = 200
_LEVELS = 4
_GAP = 1.35  # times the usual distance between lines ends a paragraph
_SHORT = 0.8  # of the width of the next line: the paragraph ended there
_PAGE_NUMBER = re.compile(
    r"\W*(?:page|seite|pagina|página|p\.)?\s*(?:\d{1,4}|[ivxlc]{1,7})"
    r"(?:\s*(?:/|of|sur|de|van|von|di)\s*\d{1,4})?\W*",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?:\d{1,3}[.)]|[a-z][.)])\s")
_SENTENCE_END = re.compile(r"[.!?:;…]['\"”’»)\]]*$")
_HYPHENS = "-\u00ad\u2010\u0002\ufffe"


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it stands on its page; lengths in points, upwards. A size of 0 is unknown."""

    text: str
    left: float
    right: float
    top: float
    size: float


def blocks_of_pages(pages: Sequence[Sequence[Line]]) -> list[Block]:
    """Return headings, paragraphs and lists, without running lines and page numbers."""
    kept = _without_running_lines(pages)
    sizes = _heading_sizes([line for page in kept for line in page])
    pitch = _pitch(kept)
    blocks: list[Block] = []
    lines: list[str] = []
    for paragraph in _paragraphs(kept, sizes, pitch):
        if level := _level(paragraph, sizes):
            blocks += [*blocks_of_lines(lines), Heading(level, clean(paragraph.text))]
            lines = []
        else:
            lines += [paragraph.text, ""]
    return [*blocks, *blocks_of_lines(lines)]


def headline(pages: Sequence[Sequence[Line]]) -> str:
    """Return the largest heading of the first page that has lines, empty if none stands out."""
    kept = _without_running_lines(pages)
    sizes = _heading_sizes([line for page in kept for line in page])
    first = [page for page in kept if page][:1]
    headings = [line for line in _paragraphs(first, sizes, _pitch(kept)) if _level(line, sizes)]
    largest = max(headings, key=lambda line: round(line.size), default=None)
    return clean(largest.text) if largest else ""


def _without_running_lines(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    counts: Counter[str] = Counter()
    edges = [_edges(page) for page in pages]
    for edge in edges:
        counts.update({_shape(line) for line in edge})
    enough = max(_FEW, _MOST * sum(map(bool, pages)))
    return [
        [line for line in page if not (line in edge and _is_running(line, edge, counts, enough))]
        for page, edge in zip(pages, edges, strict=True)
    ]


def _edges(page: Sequence[Line]) -> list[Line]:
    """Return the outermost lines of a page, from the top and from the bottom."""
    by_height = sorted(page, key=lambda line: -line.top)
    return by_height if len(by_height) <= 2 * _EDGE else by_height[:_EDGE] + by_height[-_EDGE:]


def _is_running(line: Line, edge: list[Line], counts: Counter[str], enough: float) -> bool:
    outermost = line in (edge[0], edge[-1])
    is_number = outermost and len(edge) > 1 and _PAGE_NUMBER.fullmatch(clean(line.text))
    return bool(is_number) or counts[_shape(line)] >= enough


def _shape(line: Line) -> str:
    """Return what stays the same when a line runs from page to page with its number."""
    return re.sub(r"\d+", "0", clean(line.text))


def _heading_sizes(lines: Sequence[Line]) -> list[int]:
    """Return the sizes of type of headings, the largest first; none if all text is of one size."""
    weights: Counter[int] = Counter()
    for line in lines:
        weights[round(line.size)] += len(line.text)
    if not weights:
        return []
    body = weights.most_common(1)[0][0]
    return sorted((size for size in weights if body and size >= _LARGER * body), reverse=True)


def _level(line: Line, sizes: list[int]) -> int:
    """Return the level of a heading, 0 for text."""
    size, words = round(line.size), clean(line.text)
    if size not in sizes or len(words) > _MAX_HEADING or not re.search(r"[^\W\d_]{2}", words):
        return 0
    return min(2 + sizes.index(size), 1 + _LEVELS)


def _pitch(pages: Sequence[Sequence[Line]]) -> float:
    """Return the usual distance from line to line, 0 if there are no two lines."""
    steps = [
        upper.top - lower.top
        for page in pages
        for upper, lower in zip(page, page[1:], strict=False)
        if upper.top - lower.top > 1 and round(upper.size) == round(lower.size)
    ]
    return median(steps) if steps else 0.0


def _paragraphs(pages: Sequence[Sequence[Line]], sizes: list[int], pitch: float) -> Iterator[Line]:
    """Yield the paragraphs, items and headings, each as one long line."""
    paragraph: Line | None = None
    previous: Line | None = None
    for page in pages:
        for index, line in enumerate(page):
            if (
                paragraph
                and previous
                and _goes_on(previous, line, sizes, 0 if not index else pitch)
            ):
                paragraph = replace(paragraph, text=_joined(paragraph.text, line.text))
            else:
                if paragraph:
                    yield paragraph
                paragraph = line
            previous = line
    if paragraph:
        yield paragraph


def _goes_on(previous: Line, line: Line, sizes: list[int], pitch: float) -> bool:
    """Say whether a line goes on with the paragraph of the one before it.

    A pitch of 0 says that the lines are on two pages.
    """
    larger = {round(previous.size), round(line.size)} & set(sizes)
    if is_bullet(line.text) or _NUMBERED.match(line.text):
        return False
    if larger and round(previous.size) != round(line.size):
        return False
    step = previous.top - line.top
    if not pitch or step < 0:  # another page or column
        return not larger and _is_unfinished(previous, line)
    if step > _GAP * max(pitch, line.size if larger else 0):
        return False
    if larger or step < pitch / 4:  # the same height: pieces of one line
        return True
    width = line.right - line.left
    ends_early = previous.right < line.left + _SHORT * width
    return not ends_early or (_is_unfinished(previous, line) and width > 0)


def _is_unfinished(previous: Line, line: Line) -> bool:
    return not _SENTENCE_END.search(previous.text) and line.text[:1].islower()


def _joined(text: str, following: str) -> str:
    """Join two lines, and the two halves of a word that was parted between them."""
    if text[-1:] in _HYPHENS and text[-2:-1].isalpha() and following[:1].islower():
        return text[:-1] + following
    return f"{text.rstrip(_HYPHENS[3:])} {following}"
