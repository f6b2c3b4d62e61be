"""Where sentences begin and end, in any of the forum's languages. No input or output."""

import re
from collections.abc import Iterator
from itertools import pairwise

import sentencex

from assistant.domain.corpus import Span

SHORTEST = 3  # letters or digits; what has fewer ("1.", "–") belongs to its neighbour.
_GLUED = re.compile(r"(?<=[a-zà-ÿ]{2}[.!?])(?=[A-ZÀ-ÖØ-Þ][a-zà-ÿ’'])")
"""A full stop with no space before the next sentence, as copied web pages have it."""
_UNFINISHED = re.compile(r"(?:^|[\s(])(?:\d{1,2}[.)]|[(\[“«])$")
"""An enumerator or an opening at the end, as in "five sessions on 1)"."""


def sentence_spans(text: str, language: str, *, offset: int = 0) -> list[Span]:
    """Return the sentences of one paragraph, without surrounding spaces, moved by `offset`."""
    spans: list[Span] = []
    for start, end in _pieces(text, language):
        piece = text[start:end]
        if not piece.strip():
            continue
        begin = start + len(piece) - len(piece.lstrip())
        finish = begin + len(piece.strip())
        if spans and _belong_together(text[spans[-1].start : spans[-1].end], text[begin:finish]):
            spans[-1] = Span(spans[-1].start, finish)
        else:
            spans.append(Span(begin, finish))
    return [Span(span.start + offset, span.end + offset) for span in spans]


def _belong_together(left: str, right: str) -> bool:
    """Whether a cut fell inside a sentence: behind an abbreviation or an enumerator."""
    too_short = any(sum(char.isalnum() for char in side) < SHORTEST for side in (left, right))
    return too_short or right[0].islower() or bool(_UNFINISHED.search(left))


def _pieces(text: str, language: str) -> Iterator[tuple[int, int]]:
    position = 0
    for sentence in sentencex.segment(language, text):
        start = text.find(sentence, position)
        if start < 0:  # The segmenter changed the text: take the rest as one sentence.
            yield position, len(text)
            return
        position = start + len(sentence)
        cuts = [start, *(start + match.start() for match in _GLUED.finditer(sentence)), position]
        yield from pairwise(cuts)
    if position < len(text):
        yield position, len(text)
