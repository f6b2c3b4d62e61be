"""What is decided of a question: which passages answer, and what of them is shown. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answering import brackets
from assistant.answering.excerpts import excerpt
from assistant.answering.reading import Reading
from assistant.domain.corpus import Chunk, Passage, Source, Span
from assistant.domain.dialogue import Cause, Excerpt
from assistant.domain.ports import Generation

EXCERPTS = 3

NEAR = 0.03
"""How far below the best a passage may score and still be shown as a second or third excerpt. Of
222 such questions, one of what is shown answers at 0.02, 0.03 and 0.04: 0.77, 0.81, 0.83, and so
many excerpts are shown of each: 1.3, 1.5, 1.6."""

CLOSE = 0.1
"""How probable it must be that a document holds the answer to be named with a refusal."""


@dataclass(frozen=True, slots=True)
class Decision:
    """How a question to the documents was decided, for staff who ask why.

    Attributes:
        asked: The question as it was searched for.
        readings: The passages found, in the order in which they answer.
        support: The probability that they hold the answer.
        excerpts: What is shown, nothing where the support is too low.
        repeats: Whether that would only repeat the answer before.
    """

    asked: str
    language: str
    readings: tuple[Reading, ...]
    support: float
    excerpts: tuple[Excerpt, ...]
    repeats: bool

    @property
    def passages(self) -> tuple[Passage, ...]:
        """The passages, best first."""
        return tuple(reading.passage for reading in self.readings)

    @property
    def cause(self) -> Cause:
        """Why a refusal is one: filters, which may be the reason too, are not looked at."""
        closest = self.closest
        if not closest:
            return Cause.NOTHING
        is_foreign = all(source.language != self.language for source in closest)
        return Cause.LANGUAGE if is_foreign else Cause.UNSURE

    @property
    def closest(self) -> list[Source]:
        """The documents that may help where none answers."""
        close = [
            reading.passage.chunk.source
            for reading in self.readings
            if reading.probability >= CLOSE
        ]
        return list(dict.fromkeys(close))


def chosen(
    question: str, readings: Sequence[Reading], minimum: float, generation: Generation
) -> list[Excerpt]:
    """Return the excerpts to show: of the best passage, and of others that answer as well.

    At most three, and never two that overlap.
    """
    excerpts = list[Excerpt]()
    for reading in readings:
        if excerpts and (reading.score < readings[0].score - NEAR or reading.probability < minimum):
            continue
        row = _bracket(question, reading.passage.chunk)
        best, others = (row, ()) if row else (reading.best, reading.others)
        found = cut(reading.passage.chunk, best, others, generation)
        if found is None or any(_overlap(found, other) for other in excerpts):
            continue
        excerpts.append(found)
        if len(excerpts) == EXCERPTS:
            break
    return excerpts


def together(asked: str, decisions: Sequence[Decision]) -> Decision:
    """Return the decision on a text of one or several questions: each with its own excerpts.

    What answers two of them in one place is shown once, with the marks of both.
    """
    if len(decisions) == 1:
        return decisions[0]
    excerpts = list[Excerpt]()
    for each in (first for decision in decisions for first in decision.excerpts[:1]):
        at = next((at for at, other in enumerate(excerpts) if _shows(other, each)), None)
        if at is None:
            excerpts.append(each)
        else:
            marks = sorted({*excerpts[at].marks, *each.marks}, key=lambda mark: mark.start)
            excerpts[at] = replace(excerpts[at], marks=tuple(marks))
    readings = dict[str, Reading]()
    for reading in sorted(
        (reading for one in decisions for reading in one.readings),
        key=lambda reading: -reading.score,
    ):
        readings.setdefault(reading.passage.chunk.id, reading)
    return Decision(
        asked,
        decisions[0].language,
        tuple(readings.values()),
        max(decision.support for decision in decisions),
        tuple(excerpts),
        repeats=all(decision.repeats for decision in decisions),
    )


def _bracket(question: str, chunk: Chunk) -> Span | None:
    """Return the row or item whose bracket holds a number that is asked about."""
    texts = [(sentence, chunk.sentence(sentence)) for sentence in chunk.sentences]
    rows = [(each, text) for each, text in texts if " | " in text] or texts
    head = next((line for line in chunk.text.split("\n") if line.startswith("| ")), "")
    at = brackets.holding(question, [text for _, text in rows], head)
    return None if at is None else rows[at][0]


def cut(chunk: Chunk, best: Span, others: Sequence[Span], generation: Generation) -> Excerpt | None:
    """Return the excerpt around a sentence, None where the document is gone."""
    document = generation.document(chunk.source.document_id)
    if document is None:
        return None
    chunks = generation.chunks_of(document.id)
    sentences = [span for each in chunks for span in each.sentences]
    return excerpt(document, chunk, sentences, best, others)


def _shows(one: Excerpt, other: Excerpt) -> bool:
    """Whether an excerpt holds all that answers in another."""
    return all(one.holds(other.source.document_id, mark) for mark in other.marks)


def _overlap(one: Excerpt, other: Excerpt) -> bool:
    is_same = one.source.document_id == other.source.document_id
    return is_same and one.start < other.end and other.start < one.end
