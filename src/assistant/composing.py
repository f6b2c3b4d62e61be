"""Make answers of what was found. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.corpus import Passage, Source
from assistant.dialogue import Answer, Citation, Mode, Outcome, Statement, Suggestion
from assistant.links import absolute, at_quote
from assistant.quoting import Quote
from assistant.wording import Wording

SUGGESTIONS = 3


@dataclass(frozen=True, slots=True)
class Frame:
    """What every answer to a question has in common.

    Attributes:
        understood: How the question was read, where that is not how it was written.
        generation: The name of the published content.
    """

    question: str
    understood: str
    words: Wording
    generation: str
    public_url: str

    def answered(self, quotes: Sequence[Quote], lead_in: str = "") -> Answer:
        """Return an answer made of quotes."""
        is_list = len(quotes) > 1 and all(quote.is_item for quote in quotes)
        lead_in = lead_in or self.words("answer.list" if is_list else "answer.one")
        numbered = list(enumerate(quotes, start=1))
        return replace(
            self._answer(Outcome.ANSWERED, lead_in),
            statements=tuple(Statement(its.text, at, is_list, its.head) for at, its in numbered),
            citations=tuple(self._citation(at, its) for at, its in numbered),
        )

    def written(self, sentences: Sequence[tuple[str, Quote]], notice: str) -> Answer:
        """Return an answer that a model wrote, each sentence with the quote that backs it."""
        numbered = list(enumerate(sentences, start=1))
        return replace(
            self._answer(Outcome.ANSWERED, self.words("answer.written")),
            mode=Mode.WRITING,
            notice=notice,
            statements=tuple(Statement(text, at, is_written=True) for at, (text, _) in numbered),
            citations=tuple(self._citation(at, quote) for at, (_, quote) in numbered),
        )

    def refused(self, passages: Sequence[Passage]) -> Answer:
        """Return a refusal, with the closest documents."""
        closest = list(dict.fromkeys(its.chunk.source for its in passages))[:SUGGESTIONS]
        return replace(
            self._answer(Outcome.REFUSED, self.words("refusal.text")),
            suggestions=self._suggestions(closest),
        )

    def listed(self, sources: Sequence[Source], more: int, lead_in: str) -> Answer:
        """Return a list of documents."""
        answer = self._answer(Outcome.LISTED, lead_in)
        return replace(answer, suggestions=self._suggestions(sources), more=more)

    def spoken(self, lead_in: str) -> Answer:
        """Return an answer in our own words, about ourselves and not about the documents."""
        return self._answer(Outcome.SPOKEN, lead_in)

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
        return tuple(Suggestion(its, absolute(its.url, self.public_url)) for its in sources)

    def _citation(self, number: int, quote: Quote) -> Citation:
        url = absolute(quote.chunk.source.url, self.public_url)
        return Citation(
            number=number,
            chunk=quote.chunk,
            quote=quote.text,
            start=quote.span.start,
            end=quote.span.end,
            url=url,
            link=at_quote(url, quote.text),
        )
