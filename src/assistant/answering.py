"""Answer a question from the documents, or say that they do not hold the answer."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.composing import Frame
from assistant.conversation import overview
from assistant.conversation.followups import standalone
from assistant.conversation.requests import Request, Want, understood
from assistant.corpus import DocumentId
from assistant.dialogue import Answer, Event, Outcome, Question, Started, Turn
from assistant.errors import QuestionError
from assistant.ports import Generation, LanguageDetector, Library
from assistant.quoting import Corpus, choose
from assistant.support import support
from assistant.wording import wording

PASSAGES = 8
"""How many passages are read for an answer; the right one is among them for 99 % of XQuAD."""


@dataclass(frozen=True, slots=True)
class Assistant:
    """Searches, judges the support, and quotes. Holds no conversation: history is an argument."""

    library: Library
    detect_language: LanguageDetector
    public_url: str
    minimum_support: float
    question_limit: int
    default_language: str
    contact: str = ""
    today: Callable[[], date] = date.today

    def ask(self, question: Question) -> Iterator[Event]:
        """Yield `Started`, then a `Statement` for each quote, then exactly one `Answer`.

        Raises QuestionError for a question that cannot be taken and StoreError where the published
        content cannot be searched.
        """
        text = self._taken(question)
        last = question.history[-1].language if question.history else None
        fallback = last or question.interface_language or self.default_language
        language = self.detect_language(text, fallback=fallback)
        request = understood(text, language, self.today())
        with self.library.generation() as generation:
            answer = self._replied(question, request, language, generation)
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

    def _replied(
        self, question: Question, request: Request, language: str, generation: Generation
    ) -> Answer:
        earlier = [turn.question for turn in question.history]
        words = wording(language)
        frame = Frame(request.text, "", words, generation.name, self.public_url)
        match request.want:
            case Want.ANSWER:
                asked = standalone(request.text, earlier, language)
                frame = replace(frame, understood="" if asked == request.text else asked)
                return self._decided(asked, question, language, frame, generation)
            case Want.LIST:
                return self._listed(request, question, language, frame, generation)
            case Want.SUMMARY:
                spoken_of = question.history[-1].documents if question.history else ()
                return self._summary(request, spoken_of, language, frame, generation)
            case Want.PERSON if self.contact:
                return frame.spoken(words("talk.person_contact", contact=self.contact))
            case _:
                return frame.spoken(words(f"talk.{request.want.value}"))

    def _decided(
        self,
        asked: str,
        question: Question,
        language: str,
        frame: Frame,
        generation: Generation,
    ) -> Answer:
        """Return an answer where the passages support one, else a refusal."""
        passages = generation.search(
            asked, limit=PASSAGES, filters=question.filters, language=language
        )
        probability = support(passages, language)
        answer = frame.refused(passages)
        if probability >= self.minimum_support:
            quotes = choose(asked, passages, Corpus(generation.document, generation.chunks_of))
            said = question.history[-1] if frame.understood else None
            if quotes and not _repeats([its.text for its in quotes], said):
                answer = frame.answered(quotes)
        return replace(answer, support=probability)

    def _listed(
        self,
        request: Request,
        question: Question,
        language: str,
        frame: Frame,
        generation: Generation,
    ) -> Answer:
        asked = question.filters
        narrowed = replace(
            request.filters,
            languages=request.filters.languages or asked.languages,
            kinds=request.filters.kinds or asked.kinds,
            published_from=request.filters.published_from or asked.published_from,
            published_to=request.filters.published_to or asked.published_to,
        )
        found = overview.listed(replace(request, filters=narrowed), generation, language)
        if not found.sources:
            return replace(frame.refused(()), lead_in=frame.words("list.none"))
        count = len(found.sources) + found.more
        key = "list.about" if request.topic else "list.all"
        lead_in = frame.words(key, topic=request.topic, count=count)
        return frame.listed(found.sources, found.more, lead_in)

    def _summary(
        self,
        request: Request,
        spoken_of: Sequence[DocumentId],
        language: str,
        frame: Frame,
        generation: Generation,
    ) -> Answer:
        document = overview.to_summarise(request, generation, language, spoken_of)
        quotes = overview.summary(document, generation) if document else []
        if document is None or not quotes:
            return frame.spoken(frame.words("summary.which"))
        return frame.answered(quotes, frame.words("summary.of", title=document.source.title))


def _repeats(quotes: Sequence[str], said: Turn | None) -> bool:
    """Tell whether a follow-up would only be answered with what answered the question before."""
    return said is not None and set(quotes) <= set(said.quotes)
