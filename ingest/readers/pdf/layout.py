"""Make blocks of the pages of a PDF, by place and size. No input or output happens here."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from assistant.domain.light_markdown import Block, Heading, clean
from ingest.readers.pdf.columns import in_reading_order
from ingest.readers.pdf.heads import are_heads
from ingest.readers.pdf.overleaf import joined_overleaf
from ingest.readers.pdf.page import (
    Item,
    PdfLine,
    PdfPage,
    PdfTable,
    Row,
    joined,
    line_of,
    parts_of,
    rows_of,
)
from ingest.readers.pdf.ruled import without_ruled_tables
from ingest.readers.shared.grid import blocks_of_table
from ingest.readers.shared.lines import blocks_of_lines, is_bullet, is_heading_like

_EDGE = 3  # rows at the top and at the bottom of a page that may be running ones
_MOST_HEADS = 14  # rows of lines in which heads of columns stand, and the first ones below them
_MOST = 0.5  # of the pages carry a running line; odd and even pages may differ
_FEW = 3  # pages; with fewer, a repeated line is no sign unless it stands in the same place
_SAME_PLACE = 3.0  # points
_APART = 1.4  # times the distance between the lines further in, from the running lines to them
_GAP = 1.35  # times the usual distance between lines ends a paragraph
_SHORT = 0.8  # of the width of the next line: the paragraph ended there
_SMALL = 0.93  # times the size of the text, of footnotes
_PAGE_NUMBER = re.compile(
    r"\W*(?:page|seite|pagina|página|p\.)?\s*(?:\d{1,4}|[ivxlc]{1,7})"
    r"(?:\s*(?:/|of|sur|de|van|von|di)\s*\d{1,4})?\W*",
    re.IGNORECASE,
)
_PART_NAME = re.compile(
    r"(?:\W*\d+\W*)?(?:introduction|contents|table of contents|abstract|(?:executive )?summary"
    r"|sommaire|table des matières|résumé|inhalt|inhaltsverzeichnis|einleitung|zusammenfassung"
    r"|inhoud|inhoudsopgave|inleiding|samenvatting|[ií]ndice|sommario|introduzione|introducción"
    r"|resumen)\W*",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?:\d{1,3}[.)]|[a-z][.)])\s")
_SENTENCE_END = re.compile(r"[.!?:;…]['\"”’»)\]]*$")
_NOTE = re.compile(r"\(?(?:\d{1,3}|[*†‡§])\)?[.)]?\s*\S")
_MOST_BOLD = 0.5  # of the text is not bold where bold lines are headings
_LARGER = 1.15  # times the size of the text makes a heading; footnotes and bold stay below
_MAX_HEADING = 200
_LEVELS = 4


@dataclass(frozen=True, slots=True)
class Typography:
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


class Layout:
    """What all pages of a document hold, in reading order.

    Attributes:
        pages: The lines and tables of each page, without running lines and page numbers. What
            stands there in another direction comes at the end of all blocks, once.
        style: How the text is set.
    """

    def __init__(self, pages: Sequence[PdfPage]) -> None:
        parted = [without_ruled_tables(page) for page in pages]
        rows = [rows_of(words) for words, _ in parted]
        whole = [[line_of(row) for row in page] for page in rows]
        style = typography_of([[line_of(row) for row in rows_of(page.words)] for page in pages])
        aside = (line_of(row) for page in pages for row in rows_of(page.aside))
        self._aside = list({line.text: replace(line, size=0.0) for line in aside}.values())
        running = _running_lines(whole, style)
        pages_of_items = [
            list(_items(page, tables, edge))
            for page, (_, tables), edge in zip(rows, parted, running, strict=True)
        ]
        self.pages = joined_overleaf(pages_of_items, style.body)
        lines = [[item for item in page if isinstance(item, PdfLine)] for page in self.pages]
        self.style = replace(style, pitch=typography_of(lines).pitch)

    def blocks(self) -> list[Block]:
        """Return headings, paragraphs, lists and tables.

        Where neither size nor weight tells headings, short lines that stand alone are taken for
        them.
        """
        paragraphs = list(_paragraphs(self.pages, self.style))
        told = any(isinstance(p, PdfLine) and self.style.level(p) for p in paragraphs)
        blocks: list[Block] = []
        lines: list[str] = []
        for paragraph in [*paragraphs, *self._aside]:
            level = self.style.level(paragraph) if isinstance(paragraph, PdfLine) else 0
            if isinstance(paragraph, PdfLine) and not level:
                lines += [paragraph.text, ""]
                continue
            blocks += blocks_of_lines(lines, headings=not told)
            lines = []
            if isinstance(paragraph, PdfTable):
                blocks += blocks_of_table(paragraph.rows)
            else:
                blocks.append(Heading(level, clean(paragraph.text)))
        return [*blocks, *blocks_of_lines(lines, headings=not told)]

    def headline(self) -> str:
        """Return the largest heading of the first page with text, empty if none stands out."""
        first = [page for page in self.pages if page][:1]
        lines = [p for p in _paragraphs(first, self.style) if isinstance(p, PdfLine)]
        headings = [line for line in lines if self.style.level(line)]
        telling = [line for line in headings if not _PART_NAME.fullmatch(clean(line.text))]
        largest = max(telling, key=lambda line: round(line.size), default=None)
        return clean(largest.text) if largest else ""


def _items(
    rows: Sequence[Row], tables: Sequence[PdfTable], running: Sequence[PdfLine]
) -> Iterator[Item]:
    """Yield the lines and tables of a page in reading order, without its running lines."""
    kept = [
        row
        for at, row in enumerate(rows)
        if line_of(row) not in running or (at < _EDGE and are_heads(rows[at : at + _MOST_HEADS]))
    ]
    parts = [part for row in kept for part in parts_of(row)]
    yield from in_reading_order([*parts, *tables])


def _running_lines(pages: Sequence[Sequence[PdfLine]], style: Typography) -> list[list[PdfLine]]:
    """Return what runs along the edges of each page.

    The large line of the first page is the title, and none.
    """
    counts: Counter[str] = Counter()
    edges = [_edges(page) for page in pages]
    for edge in edges:
        counts.update({_shape(line, style) for line in edge})
    enough = max(_FEW, _MOST * sum(map(bool, pages)))
    return [
        [
            line
            for line in edge
            if not (number == 0 and style.is_large(line))
            and (
                _is_page_number(line, edge)
                or counts[_shape(line, style)] >= enough
                or _is_repeated(line, pages, number, style)
            )
        ]
        for number, edge in enumerate(edges)
    ]


def _edges(page: Sequence[PdfLine]) -> list[PdfLine]:
    """Return the outermost lines of a page, from the top and from the bottom."""
    return list(page) if len(page) <= 2 * _EDGE else [*page[:_EDGE], *page[-_EDGE:]]


def _is_repeated(
    line: PdfLine, pages: Sequence[Sequence[PdfLine]], number: int, style: Typography
) -> bool:
    """Whether a line that stands apart from the text does so in one place of two pages."""
    if style.is_large(line) or not _stands_apart(line, pages[number]):
        return False
    return any(
        _shape(line, style) == _shape(other, style)
        and abs(line.top - other.top) <= _SAME_PLACE
        and abs(line.left - other.left) <= _SAME_PLACE
        and _stands_apart(other, page)
        for page in pages[max(0, number - 2) : number + 3]
        if not _is_alike(page, pages[number])
        for other in _edges(page)
    )


def _is_alike(page: Sequence[PdfLine], other: Sequence[PdfLine]) -> bool:
    """Whether two pages hold the same: a form, or one page twice."""
    texts, others = {line.text for line in page}, {line.text for line in other}
    return len(texts & others) > _MOST * min(len(texts), len(others))


def _stands_apart(line: PdfLine, page: Sequence[PdfLine]) -> bool:
    """Whether a wide gap parts a line, and those outside of it, from the text of its page."""
    steps = [upper.top - lower.top for upper, lower in pairwise(page)]
    at = page.index(line)
    if at >= _EDGE:
        steps, at = steps[::-1], len(page) - 1 - at
    return any(step > _APART * following for step, following in pairwise(steps[at : _EDGE + 1]))


def _is_page_number(line: PdfLine, edge: list[PdfLine]) -> bool:
    outermost = line in (edge[0], edge[-1])
    return outermost and len(edge) > 1 and _PAGE_NUMBER.fullmatch(clean(line.text)) is not None


def _shape(line: PdfLine, style: Typography) -> str:
    """Return what stays the same when a line runs from page to page with its number.

    Of a line as large as a heading that is all of it, or "Chapter 2" would be "Chapter 1" again.
    """
    text = clean(line.text)
    return text if style.is_large(line) else re.sub(r"\d+", "0", text)


def _paragraphs(pages: Sequence[Sequence[Item]], style: Typography) -> Iterator[Item]:
    """Yield paragraphs, items and headings, each as one long line, and tables.

    Footnotes follow the paragraph that is under way at the end of their page.
    """
    paragraph: PdfLine | None = None
    previous: PdfLine | None = None
    notes: list[PdfLine] = []
    for page in pages:
        body, below = _without_notes(page, style)
        for index, item in enumerate(body):
            if (
                isinstance(item, PdfLine)
                and paragraph
                and previous
                and _goes_on(previous, item, style, same_page=index > 0)
            ):
                paragraph = replace(paragraph, text=joined(paragraph.text, item.text))
                previous = item
                continue
            if paragraph:
                yield paragraph
                yield from notes
                notes = []
            paragraph = previous = None
            if isinstance(item, PdfLine):
                paragraph = previous = item
            else:
                yield item
        notes += below
    if paragraph:
        yield paragraph
    yield from notes


def _without_notes(page: Sequence[Item], style: Typography) -> tuple[list[Item], list[PdfLine]]:
    """Return a page without its footnotes, and these: numbered, small, below all else."""
    notes: list[PdfLine] = []
    body: list[Item] = []
    for item in page:
        is_small = isinstance(item, PdfLine) and item.size < _SMALL * style.body
        if isinstance(item, PdfLine) and is_small and notes and _goes_below(notes[-1], item):
            notes[-1] = replace(notes[-1], text=joined(notes[-1].text, item.text), top=item.top)
        elif isinstance(item, PdfLine) and is_small and _is_note(item, page, style):
            notes.append(item)
        else:
            body.append(item)
    return body, notes


def _goes_below(note: PdfLine, line: PdfLine) -> bool:
    step = note.top - line.top
    return 0 < step < _GAP * line.size and line.left < note.right and not _NOTE.match(line.text)


def _is_note(line: PdfLine, page: Sequence[Item], style: Typography) -> bool:
    if not _NOTE.match(line.text):
        return False
    return all(
        isinstance(item, PdfLine) and item.size < _SMALL * style.body
        for item in page
        if item.top < line.top and item.left < line.right and line.left < item.right
    )


def _goes_on(previous: PdfLine, line: PdfLine, style: Typography, *, same_page: bool) -> bool:
    """Whether a line goes on with the paragraph of the one before it."""
    step = previous.top - line.top
    if same_page and abs(step) < line.size / 2 and previous.right <= line.left:  # of one line
        return True
    if is_bullet(line.text) or _NUMBERED.match(line.text) or previous.bold != line.bold:
        return False
    is_large = style.is_large(line)
    if is_large != style.is_large(previous) or (is_large and not _same_size(previous, line)):
        return False
    if not same_page or step < 0:  # another page or column
        return not is_large and _is_unfinished(previous, line)
    if step > _GAP * max(style.pitch, line.size if is_large else 0):
        return False
    ends_early = previous.right < line.left + _SHORT * (line.right - line.left)
    return is_large or not ends_early or _is_unfinished(previous, line)


def _same_size(previous: PdfLine, line: PdfLine) -> bool:
    return round(previous.size) == round(line.size)


def _is_unfinished(previous: PdfLine, line: PdfLine) -> bool:
    return not _SENTENCE_END.search(previous.text) and line.text[:1].islower()


def typography_of(pages: Sequence[Sequence[PdfLine]]) -> Typography:
    """Measure how a document is set: the sizes of its headings, its weight, its line distance."""
    weights: Counter[int] = Counter()
    bold = 0
    for line in (line for page in pages for line in page):
        weights[round(line.size)] += len(line.text)
        bold += len(line.text) if line.bold else 0
    body = weights.most_common(1)[0][0] if weights else 0
    larger = sorted((size for size in weights if body and size >= _LARGER * body), reverse=True)
    return Typography(
        tuple(larger), body, _pitch(pages), bold_tells=bold < _MOST_BOLD * weights.total()
    )


def _pitch(pages: Sequence[Sequence[PdfLine]]) -> float:
    """Return the usual distance from line to line, 0 if there are no two lines."""
    steps = [
        upper.top - lower.top
        for page in pages
        for upper, lower in pairwise(page)
        if upper.top - lower.top > 1 and round(upper.size) == round(lower.size)
    ]
    return median(steps) if steps else 0.0
