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
LOOKED_BACK = 80
"""Characters of a sentence that tell whether it goes on, from its end: an enumerator, or an ordinal
and the word before it. A sentence may grow as long as its paragraph, so it is not read whole at
every step."""
SECTION = 10_000
"""Characters that the segmenter gets at once; the sample forum's longest paragraph has 871.
Where a quotation never closes it takes quadratic time: 0.02 s for these, 7 s for 200,000."""
_GLUED = re.compile(r"(?<=[a-zà-ÿ]{2}[.!?])(?=[A-ZÀ-ÖØ-Þ][a-zà-ÿ’'])")
"""A full stop with no space before the next sentence, as copied web pages have it."""
_UNFINISHED = re.compile(r"(?:^|[\s(])(?:\d{1,2}\)|[(\[“«])$")
"""An enumerator or an opening at the end, as in "five sessions on 1)"."""
_ABBREVIATED = re.compile(
    r"(?:^|[\s(’'])(?:t[eé]l|m[aá]x|(?<!\d\s)m[ií]n|para?|p[aá]g|blz|ch|r[eé]f|approx"
    r"|aprox|env|incl|inkl|n[uú]m|p[aá]rr|bte)\.$"
    r"|\w[’'](?:artt?|all?|annexe|par|env|app)\.$",
    re.IGNORECASE,
)
"""What a figure follows, and the segmenter does not know in every language, or not elided. Without
an apostrophe "art", "al" and "all" may end a sentence."""
_ELIDED_INITIAL = re.compile(r"\w[’'][A-ZÀ-Þ]\.$")
"""As in "l'A. R. du 3 mai"."""
_FIGURE = re.compile(r"\+?\d")
_ORDINAL = re.compile(r"(?:^|(\w+)\W*\s)\(?\d{1,2}\.$")


def sentence_spans(text: str, language: str, *, offset: int = 0) -> list[Span]:
    """Return the sentences of one paragraph, without surrounding spaces, moved by `offset`."""
    spans: list[Span] = []
    letters = 0  # of the last sentence
    for start, end in _pieces(text, language):
        piece = text[start:end]
        right = piece.strip()
        if not right:
            continue
        begin = start + len(piece) - len(piece.lstrip())
        finish = begin + len(right)
        is_short = letters < SHORTEST
        if spans and (is_short or _belong_together(_end_of(text, spans[-1]), right, language)):
            spans[-1] = Span(spans[-1].start, finish)
            letters += _letters(right)
        else:
            spans.append(Span(begin, finish))
            letters = _letters(right)
    if len(spans) > 1 and letters < SHORTEST:
        spans[-2:] = [Span(spans[-2].start, spans[-1].end)]
    return [Span(span.start + offset, span.end + offset) for span in spans]


def _end_of(text: str, sentence: Span) -> str:
    return text[max(sentence.start, sentence.end - LOOKED_BACK) : sentence.end]


def _belong_together(left: str, right: str, language: str) -> bool:
    """Whether a cut fell inside a sentence: behind an abbreviation, an enumerator or an ordinal.

    Of what comes before, `left` is the end.
    """
    if right[0].islower() or _UNFINISHED.search(left) or _ELIDED_INITIAL.search(left):
        return True
    if _FIGURE.match(right) and _ABBREVIATED.search(left):
        return True
    if _letters(right) < SHORTEST:
        # "M." begins what follows; "3." and "–" belong to what came before
        return not any(map(str.isalpha, right))
    return _is_ordinal(left, right, language)


def _letters(text: str) -> int:
    return sum(char.isalnum() for char in text)


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
    for sentence in _segmented(text, language):
        start = text.find(sentence, position)
        if start < 0:  # The segmenter changed the text: take the rest as one sentence.
            yield position, len(text)
            return
        position = start + len(sentence)
        cuts = [start, *(start + match.start() for match in _GLUED.finditer(sentence)), position]
        yield from pairwise(cuts)
    if position < len(text):
        yield position, len(text)


def _segmented(text: str, language: str) -> Iterator[str]:
    position = 0
    while position < len(text):
        end = position + SECTION
        is_last = end >= len(text)
        if not is_last:
            end = text.rfind(" ", position, end) + 1 or end
        sentences = sentencex.segment(language, text[position:end])
        if not is_last and len(sentences) > 1:
            sentences.pop()  # it may go on in the next section
        if not any(sentences):
            return
        yield from sentences
        position += sum(map(len, sentences))
