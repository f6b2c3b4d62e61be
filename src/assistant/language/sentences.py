"""Where sentences begin and end, in any of the forum's languages. No input or output."""

import re
from collections.abc import Iterator
from itertools import pairwise

import sentencex

from assistant.domain.corpus import Span
from assistant.language.languages import before_nouns, capitalises_nouns
from assistant.language.periods import months
from assistant.language.words import fold

SHORTEST = 3  # letters or digits; what has fewer ("1.", "–") belongs to its neighbour.
_GLUED = re.compile(r"(?<=[a-zà-ÿ]{2}[.!?])(?=[A-ZÀ-ÖØ-Þ][a-zà-ÿ’'])")
"""A full stop with no space before the next sentence, as copied web pages have it."""
_UNFINISHED = re.compile(r"(?:^|[\s(])(?:\d{1,2}\)|[(\[“«])$")
"""An enumerator or an opening at the end, as in "five sessions on 1)"."""
_ORDINAL = re.compile(r"(?:^|(\w+)\W*\s)\(?\d{1,2}\.$")


def sentence_spans(text: str, language: str, *, offset: int = 0) -> list[Span]:
    """Return the sentences of one paragraph, without surrounding spaces, moved by `offset`."""
    spans: list[Span] = []
    for start, end in _pieces(text, language):
        piece = text[start:end]
        if not piece.strip():
            continue
        begin = start + len(piece) - len(piece.lstrip())
        finish = begin + len(piece.strip())
        left = text[spans[-1].start : spans[-1].end] if spans else ""
        if left and _belong_together(left, text[begin:finish], language):
            spans[-1] = Span(spans[-1].start, finish)
        else:
            spans.append(Span(begin, finish))
    if len(spans) > 1 and _is_short(text[spans[-1].start : spans[-1].end]):
        spans[-2:] = [Span(spans[-2].start, spans[-1].end)]
    return [Span(span.start + offset, span.end + offset) for span in spans]


def _belong_together(left: str, right: str, language: str) -> bool:
    """Whether a cut fell inside a sentence: behind an abbreviation, an enumerator or an ordinal."""
    if _is_short(left) or right[0].islower() or _UNFINISHED.search(left):
        return True
    if _is_short(right):  # "M." begins what follows; "3." and "–" belong to what came before
        return not any(map(str.isalpha, right))
    return _is_ordinal(left, right, language)


def _is_short(text: str) -> bool:
    return sum(char.isalnum() for char in text) < SHORTEST


def _is_ordinal(left: str, right: str, language: str) -> bool:
    """Whether a number at the end is one of an order, as in "am 3. Mai" and "der 2. Vorsitzende".

    Any other number may end a sentence: "open from 10 to 18."
    """
    match = _ORDINAL.search(left)
    if match is None:
        return False
    following = re.match(r"\w+", right)
    if following and fold(following[0]) in months(language):
        return True
    return capitalises_nouns(language) and (match[1] or "").casefold() in before_nouns(language)


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
