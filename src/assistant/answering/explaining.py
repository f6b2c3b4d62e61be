"""Say why a question was answered as it was, from what answering really decided. Pure.

Nothing is decided here a second time: the assistant tells of its decision while it answers.
"""

from dataclasses import dataclass

from assistant.answering.assistant import Assistant
from assistant.answering.deciding import Decision
from assistant.answering.reading import Reading
from assistant.domain.corpus import Span
from assistant.domain.dialogue import Answer, Excerpt, Question


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, item or row of a passage.

    Attributes:
        score: How well it answers, as the reader (or without one the search) sees it.
        is_shown: Whether it stands in an excerpt of the answer.
        is_marked: Whether it is marked there.
    """

    text: str
    score: float
    is_shown: bool
    is_marked: bool


@dataclass(frozen=True, slots=True)
class ReadCandidate:
    """A passage that was found.

    Attributes:
        place: From 1, the best.
    """

    place: int
    reading: Reading
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """An answer as a member would get it, and why.

    Attributes:
        decision: None where the documents were not searched for an answer: the question was taken
            for a courtesy, or as one for a list or a summary.
        minimum: The support below which a question is refused.
    """

    answer: Answer
    decision: Decision | None
    minimum: float
    candidates: tuple[ReadCandidate, ...]


def explain(assistant: Assistant, question: Question) -> Explanation:
    """Answer a question and tell why; raises what `Assistant.answer` raises."""
    events = list(assistant.with_decision(question))
    decision = next((event for event in events if isinstance(event, Decision)), None)
    (answer,) = (event for event in events if isinstance(event, Answer))
    found = _candidates(decision) if decision else ()
    return Explanation(answer, decision, assistant.minimum_support, found)


def _candidates(decision: Decision) -> tuple[ReadCandidate, ...]:
    return tuple(
        ReadCandidate(place, reading, _sentences(reading, decision.excerpts))
        for place, reading in enumerate(decision.readings, start=1)
    )


def _sentences(reading: Reading, excerpts: tuple[Excerpt, ...]) -> tuple[Sentence, ...]:
    chunk = reading.passage.chunk
    shown = [
        excerpt for excerpt in excerpts if excerpt.source.document_id == chunk.source.document_id
    ]
    marks = [mark for each in shown for mark in each.marks]
    return tuple(
        Sentence(
            chunk.sentence(span),
            score,
            is_shown=any(_holds(each.start, each.end, span) for each in shown),
            is_marked=any(_holds(mark.start, mark.end, span) for mark in marks),
        )
        for span, score in zip(chunk.sentences, reading.units, strict=True)
    )


def _holds(start: int, end: int, span: Span) -> bool:
    return start <= span.start and span.end <= end
