"""Answer a question from the documents, or say that they do not hold the answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.corpus import Passage
from assistant.dialogue import (
    Answer,
    Citation,
    Event,
    Mode,
    Outcome,
    Question,
    Started,
    Statement,
    Suggestion,
)
from assistant.errors import QuestionError
from assistant.links import absolute, at_quote
from assistant.ports import Generation, LanguageDetector, Library
from assistant.quoting import Corpus, Quote, choose
from assistant.support import support
from assistant.wording import Wording, wording

PASSAGES = 8
"""How many passages are read for an answer; the right one is among them for 99 % of XQuAD."""

SUGGESTIONS = 3


@dataclass(frozen=True, slots=True)
class Assistant:
    """Searches, judges the support, and quotes. Holds no conversation."""

    library: Library
    detect_language: LanguageDetector
    public_url: str
    minimum_support: float
    question_limit: int
    default_language: str

    def ask(self, question: Question) -> Iterator[Event]:
        """Yield `Started`, then a `Statement` for each quote, then exactly one `Answer`.

        Raises QuestionError for a question that cannot be taken and StoreError where the published
        content cannot be searched.
        """
        text = self._taken(question)
        fallback = question.interface_language or self.default_language
        language = self.detect_language(text, fallback=fallback)
        with self.library.generation() as generation:
            passages = generation.search(
                text, limit=PASSAGES, filters=question.filters, language=language
            )
            answer = self._decided(text, language, passages, generation)
        if answer.outcome is Outcome.ANSWERED:
            yield Started(answer.lead_in, answer.language)
            yield from answer.statements
        yield answer

    def answer(self, question: Question) -> Answer:
        """Return the finished answer alone; raises what `ask` raises."""
        *_, last = self.ask(question)
        if not isinstance(last, Answer):  # pragma: no cover - the contract of `ask`
            msg = "an answer did not end with itself"
            raise TypeError(msg)
        return last

    def _taken(self, question: Question) -> str:
        encodable = question.text.encode(errors="ignore").decode()  # JSON may hold half a character
        text = " ".join(encodable.split())
        words = wording(question.interface_language or self.default_language)
        if not any(char.isalnum() for char in text):
            raise QuestionError(words("error.empty"))
        if len(text) > self.question_limit:
            message = words("error.too_long", length=len(text), limit=self.question_limit)
            raise QuestionError(message)
        return text

    def _decided(
        self, text: str, language: str, passages: Sequence[Passage], generation: Generation
    ) -> Answer:
        """Return an answer where the passages support one, else a refusal."""
        words = wording(language)
        probability = support(passages, language)
        quotes: list[Quote] = []
        if probability >= self.minimum_support:
            corpus = Corpus(generation.document, generation.chunks_of)
            quotes = choose(text, passages, corpus)
        if quotes:
            answer = self._answered(text, words, quotes, generation)
        else:
            answer = self._refused(text, words, passages, generation)
        return replace(answer, support=probability)

    def _answered(
        self, text: str, words: Wording, quotes: Sequence[Quote], generation: Generation
    ) -> Answer:
        is_list = len(quotes) > 1 and all(quote.is_item for quote in quotes)
        citations = tuple(self._citation(at, quote) for at, quote in enumerate(quotes, start=1))
        return Answer(
            question=text,
            language=words.language,
            outcome=Outcome.ANSWERED,
            mode=Mode.QUOTING,
            lead_in=words("answer.list" if is_list else "answer.one"),
            statements=tuple(
                Statement(quote.text, at, is_list, quote.head)
                for at, quote in enumerate(quotes, start=1)
            ),
            citations=citations,
            suggestions=(),
            generation=generation.name,
        )

    def _refused(
        self, text: str, words: Wording, passages: Sequence[Passage], generation: Generation
    ) -> Answer:
        closest = list(dict.fromkeys(its.chunk.source for its in passages))[:SUGGESTIONS]
        return Answer(
            question=text,
            language=words.language,
            outcome=Outcome.REFUSED,
            mode=Mode.QUOTING,
            lead_in=words("refusal.text"),
            statements=(),
            citations=(),
            suggestions=tuple(
                Suggestion(source, absolute(source.url, self.public_url)) for source in closest
            ),
            generation=generation.name,
        )

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
