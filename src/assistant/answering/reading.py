"""Which of the passages found answers a question, where in it, and how probable that is. Pure.

A reader (a model that reads question and passage together) gives every sentence, item and row of a
passage a score beside "none of them answers", whose score is 0. Without a reader the order and the
scores of the search stand.
"""

import functools
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.domain.corpus import Chunk, DocumentId, Passage, Span
from assistant.domain.ports import Generation, Reader

MOST_READ = 8
"""How many passages are read at most."""

MUCH_EVIDENCE = 6.0
"""What the reader says of a passage that surely answers. Where one that it has read stays ahead of
the next even if that had so much, no more are read. Of 566 members' questions on documents that
training never saw, the first passage answers 462 so, with 3.6 passages read on average; 458 at 8,
with 4.3, and 457 where eight are always read. It was chosen on these."""

READER_WEIGHT = 0.015
"""What one step of the reader's evidence counts beside the search's score. Of 566 members'
questions on documents that training never saw, without others that may answer too, the first
passage answers at 0, 0.005, 0.01, 0.015, 0.02 and 0.03: 0.64, 0.75, 0.78, 0.77, 0.77, 0.76."""

OWN_LANGUAGE = 0.02
"""What a passage in the question's language counts more than a foreign one. On the same questions
0, 0.02 and 0.04 differ by one."""

MARKED = 0.2
"""How probable another sentence must be beside the best one to be marked too, as a share. Of 93
members' questions on documents that training never saw, 83 % of what is marked answers and 82 % of
what answers is marked, on average; at 0.4, 84 % and 75 %. It was chosen on these."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """What makes a probability of the readings of a passage (`benchmarks/reader/calibrate.py`).

    Attributes:
        evidence: The weight of what the reader says.
        search: That of the search's score.
        own_language: What is added where the passage is in the question's language.
    """

    evidence: float
    search: float
    own_language: float
    intercept: float

    def probability(self, evidence: float, search: float, *, is_own_language: bool) -> float:
        """Return the probability, 0 to 1, that a passage with these readings answers."""
        logit = self.evidence * evidence + self.search * search + self.intercept
        logit += self.own_language * is_own_language
        return 1 / (1 + math.exp(-max(-700.0, min(700.0, logit))))


OTHER_YEAR = 8.0
"""How much of the reader's evidence a passage loses that names another year than the one asked
about: the budget of 2026 is no answer to a question for that of 2027."""

NAMED_CLAUSE = 8.0
"""What is added to the reader's score of a sentence that begins with the number asked about, as
that of a clause: "What does 2.2 say?" names nothing that the clause is about."""

_NAME = re.compile(r"(?<!^)(?<![\w’'-])[A-ZÀ-ÖØ-Þ][\w’'-]{2,}")
"""What may be a name: a word with a capital inside the question; in German, any noun."""

_CLAUSE = re.compile(r"(?<![\w.,])\d{1,3}(?:\.\d{1,3}){1,4}(?![\w.,]*\d)")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")

BY_READER = Calibration(0.46, 14.57, 0.30, -2.92)
BY_SEARCH = Calibration(0.0, 17.95, 0.17, -3.36)


@dataclass(frozen=True, slots=True)
class Reading:
    """A passage as it was read for a question.

    Attributes:
        units: The score of each sentence of the passage; compare across passages.
        score: What readings are ordered by.
        probability: That the passage answers, 0 to 1.
        is_read: Whether a reader has read it, or only the search has found it.
    """

    passage: Passage
    units: tuple[float, ...]
    score: float
    probability: float
    is_read: bool

    @property
    def best(self) -> Span:
        """The sentence that answers best."""
        sentences = self.passage.chunk.sentences
        return max(zip(self.units, sentences, strict=True), key=lambda unit: unit[0])[1]

    @property
    def others(self) -> list[Span]:
        """The sentences that answer nearly as well."""
        floor = max(self.units) + math.log(MARKED)
        sentences = zip(self.units, self.passage.chunk.sentences, strict=True)
        return [span for score, span in sentences if score >= floor]


TextOf = Callable[[DocumentId], str]
"""Returns the text of a document."""


def texts_of(generation: Generation) -> TextOf:
    """Return what looks up the texts of a generation's documents, each once."""

    def text_of(document_id: DocumentId) -> str:
        document = generation.document(document_id)
        return document.text if document else ""

    return functools.cache(text_of)


def no_text(_: DocumentId) -> str:
    """Return nothing: where passages are read without their documents."""
    return ""


def read(
    question: str,
    language: str,
    found: Sequence[Passage],
    reader: Reader | None,
    text_of: TextOf = no_text,
) -> list[Reading]:
    """Return the passages that have sentences, in the order in which they answer."""
    passages = [passage for passage in found if passage.chunk.sentences]
    if not any(passage.chunk.source.language == language for passage in passages):
        language = ""  # Where nothing is in the question's language, nothing counts as foreign.
    if reader is None:
        readings = [_by_search(passage, language) for passage in passages]
        return sorted(readings, key=lambda reading: -reading.score)
    passages.sort(key=lambda passage: -_before_reading(passage, language))
    readings = list[Reading]()
    for passage in passages[:MOST_READ]:
        may_reach = _before_reading(passage, language) + READER_WEIGHT * MUCH_EVIDENCE
        if any(reading.score >= may_reach for reading in readings):
            break
        (units,) = reader.read(question, [with_names(question, passage.chunk, text_of)])
        loss = OTHER_YEAR if _tells_of_other_year(question, passage.chunk) else 0.0
        named = _with_clause(question, passage, units)
        readings.append(_by_reader(passage, language, named, loss))
    readings.sort(key=lambda reading: -reading.score)
    return readings + [_by_search(passage, language) for passage in passages[len(readings) :]]


def with_names(question: str, chunk: Chunk, text_of: TextOf) -> Chunk:
    """Return a passage whose title begins with what is asked about and said elsewhere in its text.

    A document names its town once, and then says "the new installation cost 410,000 euros".
    """
    here = f"{chunk.context} {chunk.text}".casefold()
    names = [name for name in names_in(question) if name.casefold() not in here]
    whole = text_of(chunk.source.document_id).casefold() if names else ""
    if said := [name for name in names if name.casefold() in whole]:
        title = f"{', '.join(said)}: {chunk.source.title}"
        return replace(chunk, source=replace(chunk.source, title=title))
    return chunk


def names_in(question: str) -> list[str]:
    """Return what may be names in a question, each once; in German, its nouns."""
    return list(dict.fromkeys(_NAME.findall(question)))


def probability(readings: Sequence[Reading]) -> float:
    """Return the probability, 0 to 1, that what comes first answers."""
    return readings[0].probability if readings else 0.0


def evidence(units: Sequence[float]) -> float:
    """Return how much speaks for a passage: the logarithm of the sum over its sentences."""
    most = max(units)
    return most + math.log(sum(math.exp(unit - most) for unit in units))


def _tells_of_other_year(question: str, chunk: Chunk) -> bool:
    """Whether years are named in or above a passage, and one that is asked about is not."""
    named = set(_YEAR.findall(f"{chunk.context}\n{chunk.text}"))
    published = {str(chunk.source.published.year)} if chunk.source.published else set[str]()
    asked = set(_YEAR.findall(question))
    return bool(named) and not asked <= named | published


def _with_clause(question: str, passage: Passage, units: Sequence[float]) -> Sequence[float]:
    """Return the scores of sentences, more for one that begins with a number asked about."""
    asked = _CLAUSE.findall(question)
    if not asked:
        return units
    chunk = passage.chunk
    begins = [
        any(re.match(rf"{re.escape(number)}[.)]?\s", chunk.sentence(span)) for number in asked)
        for span in chunk.sentences
    ]
    return [unit + NAMED_CLAUSE * is_named for unit, is_named in zip(units, begins, strict=True)]


def _is_own(passage: Passage, language: str) -> bool:
    return language in ("", passage.chunk.source.language)


def _before_reading(passage: Passage, language: str) -> float:
    return passage.score + OWN_LANGUAGE * _is_own(passage, language)


def _by_reader(passage: Passage, language: str, units: Sequence[float], loss: float) -> Reading:
    found, is_own = evidence(units) - loss, _is_own(passage, language)
    score = _before_reading(passage, language) + READER_WEIGHT * found
    chance = BY_READER.probability(found, passage.score, is_own_language=is_own)
    return Reading(passage, tuple(units), score, chance, is_read=True)


def _by_search(passage: Passage, language: str) -> Reading:
    is_own = _is_own(passage, language)
    chance = BY_SEARCH.probability(0.0, passage.score, is_own_language=is_own)
    score = _before_reading(passage, language)
    return Reading(passage, passage.sentence_scores, score, chance, is_read=False)
