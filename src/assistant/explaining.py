"""Say why a question was answered as it was, from what answering really decided. Pure.

Nothing is decided here a second time: the assistant tells of its decision while it answers.
"""

from dataclasses import dataclass, replace

from assistant import support
from assistant.answering import PASSAGES, Assistant, Decision
from assistant.corpus import Chunk, Passage, Span
from assistant.dialogue import Answer, Question
from assistant.quoting import Fate


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage that was looked at.

    Attributes:
        weight: What it was ordered by, with its passage's score; None where nothing was chosen.
        fate: What became of it, None where nothing was chosen.
    """

    text: str
    score: float
    weight: float | None = None
    fate: Fate | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that was found.

    Attributes:
        place: From 1, the best.
        probability: That it answers the question, as the support model reads it.
        vouches: Whether it is one of the few that may vouch for an answer.
        is_read: Whether sentences were chosen from it; only a few passages are read.
    """

    place: int
    passage: Passage
    probability: float
    vouches: bool
    is_read: bool
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
    candidates: tuple[Candidate, ...]


def explain(assistant: Assistant, question: Question) -> Explanation:
    """Answer a question and tell why; raises what `Assistant.answer` raises."""
    heard: list[Decision] = []
    answer = replace(assistant, hear=heard.append).answer(question)
    decision = heard[-1] if heard else None
    found = _candidates(decision) if decision else ()
    return Explanation(answer, decision, assistant.minimum_support, found)


def _candidates(decision: Decision) -> tuple[Candidate, ...]:
    weighed = decision.choice.weighed if decision.choice else ()
    fates = {(its.quote.chunk.id, its.quote.span.start): its for its in weighed}
    quotes = decision.choice.quotes if decision.choice else ()

    def sentence(chunk: Chunk, span: Span, score: float) -> Sentence:
        its, text = fates.get((chunk.id, span.start)), chunk.sentence(span)
        if its is None:
            return Sentence(text, score)
        covered = any(quote.chunk.id == chunk.id and _holds(quote.span, span) for quote in quotes)
        is_along = covered and its.fate not in (Fate.QUOTED, Fate.LIST_INSTEAD)
        return Sentence(text, score, its.weight, Fate.ALONG if is_along else its.fate)

    return tuple(
        Candidate(
            place,
            passage,
            support.probability(passage, decision.language),
            vouches=place <= support.READ,
            is_read=place <= PASSAGES,
            sentences=tuple(
                sentence(passage.chunk, span, score)
                for span, score in zip(
                    passage.chunk.sentences, passage.sentence_scores, strict=True
                )
            ),
        )
        for place, passage in enumerate(decision.found, start=1)
    )


def _holds(quote: Span, sentence: Span) -> bool:
    """Tell whether a quote, which may begin before the sentence it is for, holds another one."""
    return quote.start <= sentence.start and sentence.end <= quote.end
