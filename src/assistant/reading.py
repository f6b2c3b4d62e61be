"""Which of the passages found answers a question, where in it, and how probable that is. Pure.

A reader (a model that reads question and passage together) gives every sentence, item and row of a
passage a score beside "none of them answers", whose score is 0. Without a reader the order and the
scores of the search stand.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.corpus import Passage, Span
from assistant.ports import Reader

FIRST_READ, MOST_READ = 4, 10
"""How many passages are read at first, and in all where none of those surely answers. The answering
passage is among the first four for 113 of 121 questions of a panel, among eight for 121."""

SURE = 0.9
"""The probability above which no more passages are read."""

READER_WEIGHT = 0.01
"""What one step of the reader's evidence counts beside the search's score. From 0.005 to 0.02 the
answering passage comes first equally often."""

MARKED = 0.4
"""How probable another sentence must be beside the best one to be marked too, as a share."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Turns a score into a probability: `1 / (1 + exp(-(slope * score + intercept)))`."""

    slope: float
    intercept: float

    def probability(self, score: float) -> float:
        """Return the probability, 0 to 1."""
        logit = self.slope * score + self.intercept
        return 1 / (1 + math.exp(-max(-700.0, min(700.0, logit))))


BY_READER = Calibration(0.7, 0.5)
BY_SEARCH = Calibration(14.0, -7.5)


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
        return max(zip(self.units, sentences, strict=True), key=lambda its: its[0])[1]

    @property
    def others(self) -> list[Span]:
        """The sentences that answer nearly as well."""
        floor = max(self.units) + math.log(MARKED)
        sentences = zip(self.units, self.passage.chunk.sentences, strict=True)
        return [span for score, span in sentences if score >= floor]


def read(question: str, found: Sequence[Passage], reader: Reader | None) -> list[Reading]:
    """Return the passages that have sentences, in the order in which they answer."""
    passages = [its for its in found if its.chunk.sentences]
    if reader is None:
        readings = [_by_search(its) for its in passages]
        return sorted(readings, key=lambda its: -its.score)
    readings = list[Reading]()
    for first, last in ((0, FIRST_READ), (FIRST_READ, MOST_READ)):
        if any(its.probability >= SURE for its in readings):
            break
        some = passages[first:last]
        scores = reader.read(question, [its.chunk for its in some])
        readings += [_by_reader(*pair) for pair in zip(some, scores, strict=True)]
    readings.sort(key=lambda its: -its.score)
    return readings + [_by_search(its) for its in passages[len(readings) :]]


def probability(readings: Sequence[Reading]) -> float:
    """Return the probability, 0 to 1, that one of the passages answers."""
    read_ones = [its for its in readings if its.is_read] or readings
    return max((its.probability for its in read_ones), default=0.0)


def evidence(units: Sequence[float]) -> float:
    """Return how much speaks for a passage: the logarithm of the sum over its sentences."""
    most = max(units)
    return most + math.log(sum(math.exp(its - most) for its in units))


def _by_reader(passage: Passage, units: Sequence[float]) -> Reading:
    its = evidence(units)
    score = passage.score + READER_WEIGHT * its
    return Reading(passage, tuple(units), score, BY_READER.probability(its), is_read=True)


def _by_search(passage: Passage) -> Reading:
    probability = BY_SEARCH.probability(passage.score)
    return Reading(passage, passage.sentence_scores, passage.score, probability, is_read=False)
