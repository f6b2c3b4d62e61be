"""Make blocks of the lines of PDF pages, by their place and size. No input or output."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.domain.light_markdown import Block, Heading, clean
from ingest.readers.lines import blocks_of_lines, is_bullet
from ingest.readers.pdf_style import PdfLine, Style, style_of

_EDGE = 3  # lines at the top and at the bottom of a page that may be running ones
_MOST = 0.5  # of the pages carry a running line; odd and even pages may differ
_FEW = 3  # pages; with fewer, a repeated line is no sign
_GAP = 1.35  # times the usual distance between lines ends a paragraph
_SHORT = 0.8  # of the width of the next line: the paragraph ended there
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
_HYPHENS = "-\u00ad\u2010\u0002\ufffe"


def blocks_of_pages(pages: Sequence[Sequence[PdfLine]]) -> list[Block]:
    """Return headings, paragraphs and lists, without running lines and page numbers.

    Where neither size nor weight tells headings, short lines that stand alone are taken for them.
    """
    style = style_of(pages)
    kept = _without_running_lines(pages, style)
    paragraphs = list(_paragraphs(kept, style))
    told = any(style.level(paragraph) for paragraph in paragraphs)
    blocks: list[Block] = []
    lines: list[str] = []
    for paragraph in paragraphs:
        if level := style.level(paragraph):
            blocks += blocks_of_lines(lines, headings=False)
            blocks.append(Heading(level, clean(paragraph.text)))
            lines = []
        else:
            lines += [paragraph.text, ""]
    return [*blocks, *blocks_of_lines(lines, headings=not told)]


def headline(pages: Sequence[Sequence[PdfLine]]) -> str:
    """Return the largest heading of the first page that has lines, empty if none stands out."""
    style = style_of(pages)
    first = [page for page in _without_running_lines(pages, style) if page][:1]
    headings = [line for line in _paragraphs(first, style) if style.level(line)]
    telling = [line for line in headings if not _PART_NAME.fullmatch(clean(line.text))]
    largest = max(telling, key=lambda line: round(line.size), default=None)
    return clean(largest.text) if largest else ""


def _without_running_lines(pages: Sequence[Sequence[PdfLine]], style: Style) -> list[list[PdfLine]]:
    """Drop what runs along the edges; the large line of the first page is the title, and stays."""
    counts: Counter[str] = Counter()
    edges = [_edges(page) for page in pages]
    for edge in edges:
        counts.update({_shape(line, style) for line in edge})
    enough = max(_FEW, _MOST * sum(map(bool, pages)))
    return [
        [
            line
            for line in page
            if line not in edge
            or (number == 0 and style.is_large(line))
            or not (_is_page_number(line, edge) or counts[_shape(line, style)] >= enough)
        ]
        for number, (page, edge) in enumerate(zip(pages, edges, strict=True))
    ]


def _edges(page: Sequence[PdfLine]) -> list[PdfLine]:
    """Return the outermost lines of a page, from the top and from the bottom."""
    by_height = sorted(page, key=lambda line: -line.top)
    return by_height if len(by_height) <= 2 * _EDGE else by_height[:_EDGE] + by_height[-_EDGE:]


def _is_page_number(line: PdfLine, edge: list[PdfLine]) -> bool:
    outermost = line in (edge[0], edge[-1])
    return outermost and len(edge) > 1 and _PAGE_NUMBER.fullmatch(clean(line.text)) is not None


def _shape(line: PdfLine, style: Style) -> str:
    """Return what stays the same when a line runs from page to page with its number.

    Of a line as large as a heading that is all of it, or "Chapter 2" would be "Chapter 1" again.
    """
    text = clean(line.text)
    return text if style.is_large(line) else re.sub(r"\d+", "0", text)


def _paragraphs(pages: Sequence[Sequence[PdfLine]], style: Style) -> Iterator[PdfLine]:
    """Yield the paragraphs, items and headings, each as one long line."""
    paragraph: PdfLine | None = None
    previous: PdfLine | None = None
    for page in pages:
        for index, line in enumerate(page):
            goes_on = previous and _goes_on(previous, line, style, same_page=index > 0)
            if paragraph and goes_on:
                paragraph = replace(paragraph, text=_joined(paragraph.text, line.text))
            else:
                if paragraph:
                    yield paragraph
                paragraph = line
            previous = line
    if paragraph:
        yield paragraph


def _goes_on(previous: PdfLine, line: PdfLine, style: Style, *, same_page: bool) -> bool:
    """Whether a line goes on with the paragraph of the one before it."""
    step = previous.last_top - line.top
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


def _joined(text: str, following: str) -> str:
    """Join two lines, and the two halves of a word that was parted between them."""
    if text[-1:] in _HYPHENS and text[-2:-1].isalpha() and following[:1].islower():
        return text[:-1] + following
    return f"{text.rstrip(_HYPHENS[3:])} {following}"
