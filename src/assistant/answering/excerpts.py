"""Cut an excerpt out of a document: the place that answers, whole and in its own form. Pure.

A sentence comes with its paragraph and what stands beside it under the same heading; an item with
its list and the sentence that introduces it; a row with its table, or with the table's head. What
is cut is one contiguous slice of the document; nothing is put together from several places.
"""

from collections.abc import Sequence

from assistant.domain.blocks import Block, Form, Line, blocks
from assistant.domain.corpus import Chunk, Document, Span
from assistant.domain.dialogue import Excerpt
from assistant.language.languages import leans_on_what_stands_before

LENGTH = 700
"""Characters of an excerpt of running text. One that long, of the right passage, answers 98 % of
the answerable questions of a panel of 130 as a strict reader wants."""

BEFORE = 300
"""Characters that may stand before the marked words: what is shown first must be what was asked."""

SHORTEST = 300
"""Characters below which an excerpt takes in what stands before it."""

LONGEST_BLOCK = 1200
ITEMS = 12
"""A list or table up to here is shown whole."""

LEAD_IN = (
    300  # characters; of a longer paragraph before a list, only its last sentence introduces it
)


def excerpt(
    document: Document, chunk: Chunk, sentences: Sequence[Span], best: Span, others: Sequence[Span]
) -> Excerpt:
    """Return the excerpt around the words that answer best.

    Args:
        document: Where they stand.
        chunk: The chunk of it that they stand in.
        sentences: All that may be marked in the document, in order.
        best: One of them.
        others: More of them that answer; those that lie in the excerpt are marked too.
    """
    cut = _Cut(document, sentences, best)
    span, head = cut.around()
    inside = [each for each in {best, *others} if span.start <= each.start and each.end <= span.end]
    opens, closes = cut.is_inside(span.start), cut.is_inside(span.end)
    return Excerpt(
        source=document.source,
        headings=chunk.headings,
        text=document.text[span.start : span.end],
        start=span.start,
        end=span.end,
        marks=tuple(sorted(inside, key=lambda span: span.start)) or (_within(best, span),),
        kind=chunk.kind,
        head=document.text[head.start : head.end] if head else "",
        opens_inside=opens,
        closes_inside=closes,
    )


def sentence(document: Document, chunk: Chunk, span: Span) -> Excerpt:
    """Return a sentence alone as an excerpt, wholly marked: for a summary."""
    text = document.text[span.start : span.end]
    return Excerpt(document.source, chunk.headings, text, span.start, span.end, (span,), chunk.kind)


class _Cut:
    """Finds what of a document to show around a place."""

    def __init__(self, document: Document, sentences: Sequence[Span], best: Span) -> None:
        self._text, self._language = document.text, document.source.language
        self._blocks, self._sentences, self._best = list(blocks(self._text)), sentences, best
        self._at = self._block_at(best.start)

    def _block_at(self, position: int) -> int:
        """Return which block holds a position, or is the next after it."""
        following = (at for at, block in enumerate(self._blocks) if position < block.end)
        return next(following, len(self._blocks) - 1)

    def around(self) -> tuple[Span, Span | None]:
        """Return the slice to show, and the head above it where it begins further down."""
        span, head = self._in_its_form()
        return Span(self._understood(span.start), span.end), head

    def _in_its_form(self) -> tuple[Span, Span | None]:
        block = self._blocks[self._at]
        if block.form is Form.ROW:
            return self._table(block)
        if block.form is Form.ITEM:
            return self._list(block, self._lead_in(self._at))
        if self._introduces(self._at):
            lead_in = Span(self._opening(block), block.end)
            return self._list(self._blocks[self._at + 1], lead_in)
        return self._prose(block), None

    def is_inside(self, position: int) -> bool:
        """Whether a position lies inside a block, and not at its edge."""
        return any(block.start < position < block.end for block in self._blocks)

    def _table(self, block: Block) -> tuple[Span, Span | None]:
        rows = [line for line in block.lines if line.form is Form.ROW]
        rules = [at for at, line in enumerate(block.lines) if line.form is Form.RULE]
        heads = block.lines[: rules[0] + 1] if rules else ()
        if block.end - block.start <= LONGEST_BLOCK and len(rows) <= ITEMS + len(heads):
            lead_in = self._lead_in(self._at)
            return Span(lead_in.start if lead_in else block.start, block.end), None
        body = block.lines[len(heads) :]
        span = self._window(body, LENGTH)
        if not heads or span.start == body[0].start:
            return Span(block.start, span.end), None
        return span, Span(heads[0].start, heads[-1].end)

    def _list(self, block: Block, lead_in: Span | None) -> tuple[Span, Span | None]:
        start = lead_in.start if lead_in else block.start
        outermost = [line for line in block.lines if line.level == 0]
        if block.end - start <= LONGEST_BLOCK and len(outermost) <= ITEMS:
            return Span(start, block.end), None
        span = self._window(block.lines, LENGTH)
        if span.start == block.start:
            return Span(start, span.end), None
        return span, lead_in

    def _window(self, rows: Sequence[Line], length: int) -> Span:
        """Return as many whole lines around the marked one as fit, from a little before it."""
        at = next((at for at, row in enumerate(rows) if self._best.start < row.end), 0)
        first = last = at
        while first and rows[at].start - rows[first - 1].start <= BEFORE // 2:
            first -= 1
        while last + 1 < len(rows) and rows[last + 1].end - rows[first].start <= length:
            last += 1
        return Span(rows[first].start, rows[last].end)

    def _prose(self, block: Block) -> Span:
        start, end = self._opening(block), block.end
        if end - start > LENGTH:
            return Span(start, self._closing(start))
        first, last = self._neighbours(start, end)
        if first != self._at:
            start = self._blocks[first].start
        if last != self._at:
            end = self._blocks[last].end
        return Span(start, end)

    def _understood(self, start: int) -> int:
        """Return where to begin so that the first sentence leans on none that is left out.

        That is at the nearest such sentence before, of a paragraph under the same heading; where
        there is none near enough, the excerpt begins where it would have.
        """
        first = next((at for at, each in enumerate(self._sentences) if each.end > start), 0)
        if not self._leans(first):
            return start
        for each in reversed(range(first)):
            if not self._stands_near(self._sentences[each].start):
                break
            if not self._leans(each):
                return self._sentences[each].start
        return start

    def _leans(self, at: int) -> bool:
        span = self._sentences[at]
        return leans_on_what_stands_before(self._text[span.start : span.end], self._language)

    def _stands_near(self, position: int) -> bool:
        """Whether a place before the marked words lies in a paragraph under the same heading."""
        block, marked = self._blocks[self._block_at(position)], self._blocks[self._at]
        is_beside = block.form is Form.PARAGRAPH and block.section == marked.section
        return is_beside and self._best.start - position <= LENGTH

    def _neighbours(self, start: int, end: int) -> tuple[int, int]:
        """Return the first and last block to show with a paragraph: those under its heading.

        What comes before is shown as long as the marked words come early; or where nothing follows
        that would fit, and too little would be left to be understood.
        """
        first, start = self._back(self._at, start, end, BEFORE)
        last = self._at
        while last + 1 < len(self._blocks) and self._is_joined(last + 1):
            if self._blocks[last + 1].end - start > LENGTH:
                break
            last, end = last + 1, self._blocks[last + 1].end
        while last > self._at and self._introduces(last):
            last -= 1  # What introduces a list that is not shown says nothing.
            end = self._blocks[last].end
        if end - start < SHORTEST:
            first, start = self._back(first, start, end, LENGTH)
        return first, last

    def _back(self, first: int, start: int, end: int, before: int) -> tuple[int, int]:
        """Return how far back to begin, with at most so many characters before the mark."""
        while start == self._blocks[first].start and self._is_joined(first):
            earlier = self._blocks[first - 1].start
            if self._best.start - earlier > before or end - earlier > LENGTH:
                break
            first, start = first - 1, earlier
        while 0 < first < self._at and self._introduces(first - 1):
            first += 1  # A list without what introduces it says nothing.
            start = self._blocks[first].start
        return first, start

    def _is_joined(self, at: int) -> bool:
        """Whether a block stands under the same heading as the one before it."""
        return at > 0 and self._blocks[at].section == self._blocks[at - 1].section

    def _introduces(self, at: int) -> bool:
        """Whether a block is a paragraph whose end introduces the list or table after it."""
        if at + 1 >= len(self._blocks) or not self._is_joined(at + 1):
            return False
        block, after = self._blocks[at], self._blocks[at + 1]
        text = self._text[block.start : block.end].rstrip()
        in_last = at != self._at or self._best.end >= block.end - 1
        return (
            block.form is Form.PARAGRAPH
            and after.form is Form.ITEM
            and in_last
            and text.endswith((":", "："))
        )

    def _lead_in(self, at: int) -> Span | None:
        """Return the paragraph before a list or table, or its last sentence where it is long."""
        if not self._is_joined(at) or self._blocks[at - 1].form is not Form.PARAGRAPH:
            return None
        before = self._blocks[at - 1]
        is_short = before.end - before.start <= LEAD_IN
        if is_short:
            return Span(before.start, before.end)
        last = [
            each
            for each in self._sentences
            if before.start <= each.start and each.end <= before.end
        ]
        if not last or last[-1].end - last[-1].start > LEAD_IN:
            return None
        return Span(last[-1].start, before.end)

    def _opening(self, block: Block) -> int:
        """Return where to begin in a paragraph, so that what is marked comes early."""
        if self._best.start - block.start <= BEFORE:
            return block.start
        starts = [
            each.start for each in self._sentences if block.start <= each.start <= self._best.start
        ]
        near = [start for start in starts if self._best.start - start <= BEFORE]
        return near[0] if near else self._best.start

    def _closing(self, start: int) -> int:
        """Return where to end, behind a whole sentence, or a word of one that is too long."""
        ends = [
            each.end for each in self._sentences if self._best.end <= each.end <= start + LENGTH
        ]
        if ends:
            return ends[-1]
        if self._best.end - start <= LENGTH:
            return self._best.end
        piece = self._text[start : start + LENGTH]
        return start + (piece.rfind(" ") if " " in piece else LENGTH)


def _within(span: Span, outer: Span) -> Span:
    """Return the part of a span that is shown; of a sentence without end, its beginning."""
    return Span(max(span.start, outer.start), min(span.end, outer.end))
