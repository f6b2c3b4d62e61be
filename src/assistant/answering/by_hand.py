"""Which answer written by hand is given to a question, if any. Pure.

Members word things in their own way, and a neighbour's question sounds much the same. So the
question must come close to one of those that staff named, and the reader must find its answer in
what they wrote, nearly as surely as that of theirs, and there rather than in the documents.
"""

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.answering.reading import evidence
from assistant.domain.by_hand import HandAnswer, State, state
from assistant.domain.corpus import Chunk, DocumentId, Kind, Source, Span
from assistant.domain.ports import Generation, Reader
from assistant.language.sentences import sentence_spans

ALIKE = 0.86
"""The cosine from which two questions may be one. It only keeps strangers away: neighbours share
their words, so that of 576 questions those that mean the same come no closer than the others."""

NEARLY_THE_SAME = 0.985
"""The cosine from which the reader is not asked, and which is needed where there is none: 3 of 288
other questions come so close."""

LESS = 2.0
"""How much less may speak for the answer in a member's words than in those of staff. Of 144
questions that mean the same 43 and 48 get the answer at 2 and 2.5, and 17 and 24 of 144 neighbours
(`benchmarks/answers.py by-hand` has other ones)."""

_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class HandReading:
    """Who reads what was written, and what else there is.

    Attributes:
        beside: Returns the evidence that the documents' own passages answer.
    """

    reader: Reader | None
    beside: Callable[[], float]

    def finds(self, question: str, asked: str, text: str, language: str) -> bool:
        """Whether the answer stands in a text, nearly as surely as for `asked`, and rather there.

        `asked` is the question that the text was written for. Without a reader none is found.
        """
        if self.reader is None:
            return False
        found = _evidence(question, asked, text, language, self.reader)
        meant = _evidence(asked, asked, text, language, self.reader)
        return found >= meant - LESS and found >= self.beside()


@dataclass(frozen=True, slots=True)
class MemberQuestion:
    """A question as it is understood, in which language, and the day."""

    question: str
    language: str
    today: date


def given(
    asked: MemberQuestion,
    answers: Sequence[HandAnswer],
    generation: Generation,
    reading: HandReading,
) -> HandAnswer | None:
    """Return the answer written by hand that comes closest, None where none is meant."""
    question, language = asked.question, asked.language
    numbers = _numbers(question)
    known = [
        (answer, text)
        for answer in answers
        if language in answer.texts
        for text in answer.questions
        if _numbers(text) == numbers
    ]
    near = generation.alike(question, [text for _, text in known]) if known else []
    for likeness, (answer, text) in sorted(zip(near, known, strict=True), key=lambda one: -one[0]):
        if likeness < ALIKE:
            return None
        if state(answer, generation.document, asked.today) is not State.GIVEN:
            continue
        is_same = likeness >= NEARLY_THE_SAME
        if is_same or reading.finds(question, text, answer.texts[language], language):
            return answer
    return None


def _numbers(text: str) -> frozenset[str]:
    """Return the numbers of a question; other numbers ask for something else."""
    return frozenset(_NUMBER.findall(text))


def _evidence(question: str, asked: str, text: str, language: str, reader: Reader) -> float:
    """Return how much speaks for the answer being in what was written, rather than nowhere."""
    source = Source(DocumentId(""), asked, "", None, language, Kind.PAGE)
    sentences = tuple(_sentences(text, language))
    chunk = Chunk(source, 0, text, 0, len(text), Kind.PAGE, sentences=sentences)
    (units,) = reader.read(question, [chunk])
    return evidence(units) if units else -math.inf


def _sentences(text: str, language: str) -> Iterator[Span]:
    at = 0
    for line in text.split("\n"):
        yield from sentence_spans(line, language, offset=at)
        at += len(line) + 1
