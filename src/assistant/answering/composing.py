"""Make answers of what was found. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answering.deciding import Decision
from assistant.domain.corpus import Passage, Source
from assistant.domain.dialogue import (
    Answer,
    Citation,
    Excerpt,
    Mode,
    Outcome,
    Suggestion,
)
from assistant.domain.links import absolute, at_quote
from assistant.language.wording import Wording

SUGGESTIONS = 2
MORE = 4  # documents to read on in


@dataclass(frozen=True, slots=True)
class Frame:
    """What every answer to a question has in common.

    Attributes:
        understood: How the question was read, where that is not how it was written.
        generation: The name of the published content.
        leans_on_history: Whether it could not be understood without the questions before.
        is_topic: Whether it names a topic and asks nothing of it.
    """

    question: str
    understood: str
    words: Wording
    generation: str
    public_url: str
    leans_on_history: bool = False
    is_topic: bool = False

    def answered(self, excerpts: Sequence[Excerpt], lead_in: str = "") -> Answer:
        """Return an answer made of excerpts."""
        return replace(
            self._answer(Outcome.ANSWERED, lead_in or self.words("answer.one")),
            citations=tuple(
                self.citation(at, excerpt) for at, excerpt in enumerate(excerpts, start=1)
            ),
        )

    def citation(self, number: int, excerpt: Excerpt) -> Citation:
        """Return an excerpt with its number and the addresses that it can be read at."""
        url = absolute(excerpt.source.url, self.public_url)
        first = excerpt.marks[0]
        words = excerpt.text[first.start - excerpt.start : first.end - excerpt.start]
        return Citation(number, excerpt, url, at_quote(url, words))

    def refused(self, closest: Sequence[Source]) -> Answer:
        """Return a refusal, with the documents that are close."""
        return replace(
            self._answer(Outcome.REFUSED, self.words("refusal.text")),
            suggestions=self._suggestions(closest[:SUGGESTIONS]),
        )

    def listed(self, sources: Sequence[Source], more: int, lead_in: str) -> Answer:
        """Return a list of documents."""
        answer = self._answer(Outcome.LISTED, lead_in)
        return replace(answer, suggestions=self._suggestions(sources), more=more)

    def with_more_to_read(self, answer: Answer, sources: Sequence[Source]) -> Answer:
        """Return an answer with documents to read on in, but for those that it cites."""
        cited = {citation.source.document_id for citation in answer.citations}
        others = [source for source in sources if source.document_id not in cited]
        return replace(answer, suggestions=self._suggestions(others[:MORE]))

    def spoken(self, lead_in: str) -> Answer:
        """Return an answer in our own words, about ourselves and not about the documents."""
        return self._answer(Outcome.SPOKEN, lead_in)

    def by_hand(self, text: str, sources: Sequence[Source]) -> Answer:
        """Return an answer that staff wrote, with the documents that it rests on."""
        return replace(
            self._answer(Outcome.ANSWERED, self.words("answer.by_hand")),
            mode=Mode.BY_HAND,
            by_hand=text,
            suggestions=self._suggestions(sources),
        )

    def _answer(self, outcome: Outcome, lead_in: str) -> Answer:
        return Answer(
            question=self.question,
            language=self.words.language,
            outcome=outcome,
            mode=Mode.QUOTING,
            lead_in=lead_in,
            generation=self.generation,
            understood=self.understood,
        )

    def _suggestions(self, sources: Sequence[Source]) -> tuple[Suggestion, ...]:
        return tuple(
            Suggestion(source, absolute(source.url, self.public_url)) for source in sources
        )


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer, and what a model needs to write above it.

    Attributes:
        asked: What was searched for; nothing where the documents were not searched.
    """

    answer: Answer
    frame: Frame
    asked: str = ""
    decision: Decision | None = None

    @property
    def passages(self) -> Sequence[Passage]:
        """What a model may write from."""
        return self.decision.passages if self.decision else ()

    @property
    def is_writable(self) -> bool:
        """Whether there is an answer that a model could put in its own words."""
        return self.answer.outcome is Outcome.ANSWERED and bool(self.passages)
