"""Answer a question from the documents, or say that they do not hold the answer."""

import math
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from assistant.answering import by_hand, catalogue_answers, document_facts, earlier_answers
from assistant.answering.composing import Answered, Frame
from assistant.answering.deciding import Decision
from assistant.answering.followups import says_nothing
from assistant.answering.inquiry import Inquiry, shown_alone
from assistant.answering.passage_answers import PassageAnswers
from assistant.answering.reading import evidence
from assistant.answering.requests import (
    Request,
    Want,
    courtesy_language,
    refined,
    summary_language,
    understood,
)
from assistant.answering.written_answers import written
from assistant.domain.by_hand import HandAnswers
from assistant.domain.dialogue import Answer, Event, Question
from assistant.domain.errors import QuestionError
from assistant.domain.ports import LanguageDetector, Library, QuestionWatch, Reader
from assistant.domain.watching import UNWATCHED, Stage
from assistant.language.contacts import NOBODY, Contacts
from assistant.language.spelling import calm, corrected
from assistant.language.wording import wording
from assistant.writing.writer import Writer

_JOINERS = "\u200c\u200d"  # of letters in Persian, of emoji


@dataclass(frozen=True, slots=True)
class Assistant:
    """Searches, reads, and shows what answers. Holds no conversation: history is an argument.

    Attributes:
        reader: Reads question and passages together; without it the search's order stands.
        writer: Writes above what is quoted, where a chat model is configured.
        by_hand: What staff have written for questions like those they name.
        watch: Times the stages of the one question that this is asked; see `watched_by`.
    """

    library: Library
    detect_language: LanguageDetector
    public_url: str
    minimum_support: float
    question_limit: int
    default_language: str
    reader: Reader | None = None
    contacts: Contacts = NOBODY
    writer: Writer | None = None
    by_hand: HandAnswers = tuple
    today: Callable[[], date] = date.today
    watch: QuestionWatch = UNWATCHED

    def watched_by(self, watch: QuestionWatch) -> "Assistant":
        """Return one that answers a single question while `watch` follows it."""
        return replace(self, watch=watch)

    def ask(self, question: Question) -> Iterator[Event]:
        """Yield exactly one `Answer`, at the end; before it, where a model writes, what answers.

        That comes before the model is asked, as `Found`. What the model writes follows: `Started`,
        then each `Statement`, and before it a `Citation` where no excerpt yet holds its evidence.
        `grown` adds them to what was found.

        Raises QuestionError for a question that cannot be taken and StoreError where the published
        content cannot be searched.
        """
        for event in self.with_decision(question):
            if not isinstance(event, Decision):
                yield event

    def with_decision(self, question: Question) -> Iterator[Event | Decision]:
        """Yield what `ask` does, and first what was decided where passages were searched for."""
        text = self._taken(question)
        spoken = self._spoken_around(question)
        told = self.detect_language(text, fallback=spoken)
        language = summary_language(text, courtesy_language(text, told), spoken)
        with self.library.generation() as generation:
            inquiry = Inquiry(
                question,
                language,
                spoken,
                generation,
                self.today(),
                self.public_url,
                self.detect_language,
            )
            inquiry, reply = self._replied(text, told, inquiry)
            if reply.decision:
                yield reply.decision
            if self.writer and reply.is_writable:
                yield from written(reply, self.writer, inquiry.language, generation, self.watch)
            else:
                yield reply.answer

    def answer(self, question: Question) -> Answer:
        """Return the finished answer alone; raises what `ask` raises."""
        *_, last = self.ask(question)
        if not isinstance(last, Answer):  # pragma: no cover - the contract of `ask`
            msg = "an answer did not end with itself"
            raise TypeError(msg)
        return last

    @property
    def _passages(self) -> PassageAnswers:
        return PassageAnswers(self.reader, self.minimum_support, self.watch)

    def _spoken_around(self, question: Question) -> str:
        """Return the language of the conversation so far, else that of the page."""
        last = question.history[-1].language if question.history else None
        return last or question.interface_language or self.default_language

    def _taken(self, question: Question) -> str:
        text = " ".join("".join(filter(_is_seen, question.text)).split())
        words = wording(question.interface_language or self.default_language)
        if not any(char.isalnum() for char in text):
            raise QuestionError(words("error.empty"))
        if len(text) > self.question_limit:
            message = words("error.too_long", length=len(text), limit=self.question_limit)
            raise QuestionError(message)
        return text

    def _replied(self, text: str, told: str, inquiry: Inquiry) -> tuple[Inquiry, Answered]:
        """Return the reply to a text, and the inquiry in the language that it came to be in.

        `told` is the language of the text, where words of courtesy in another are left out.
        """
        request = understood(text, inquiry.language, inquiry.today)
        if known := self._known(request, inquiry):
            return inquiry, known
        if wished := earlier_answers.wished(text, told, inquiry):
            language, turn = wished
            inquiry = replace(inquiry, language=language)
            return inquiry, earlier_answers.again(turn, inquiry, self._passages)
        if earlier_answers.is_more_wanted(request.text, inquiry):
            return inquiry, earlier_answers.gone_on(inquiry)
        return inquiry, self._answered(request, inquiry)

    def _known(self, request: Request, inquiry: Inquiry) -> Answered | None:
        """Return what is known of a document itself, where a question is for that."""
        shown, excluded = shown_alone(inquiry.last), inquiry.question.filters.excluded
        told = document_facts.known(
            request.text, inquiry.language, shown, inquiry.generation, inquiry.words
        )
        if told is None or not request.is_asked or not excluded.isdisjoint(told.ids):
            return None
        meant = f"{request.text} ({told.shown})" if told.shown else ""
        frame = inquiry.frame(request.text, meant)
        written_by_hand = self._written_by_hand(meant or request.text, inquiry, frame)
        return Answered(written_by_hand or frame.listed(told.sources, 0, told.lead_in), frame)

    def _answered(self, request: Request, inquiry: Inquiry) -> Answered:
        """Return the answer to what a text asks, in the light of what was asked before."""
        is_topic = request.want is Want.ANSWER and bool(request.topic)
        frame = replace(inquiry.frame(request.text), is_topic=is_topic)
        earlier = inquiry.last.question if inquiry.last else ""
        if request.want is Want.ANSWER and (
            narrowed := refined(request.text, earlier, inquiry.language, inquiry.today)
        ):
            is_same = narrowed.text == request.text
            request, frame = narrowed, replace(frame, understood="" if is_same else narrowed.text)
        request, frame = _spelt(request, inquiry, frame)
        asked = request.text
        if request.want is Want.ANSWER:
            asked = self._standalone(request.text, inquiry)
            if asked != request.text:
                frame = replace(frame, understood=asked, leans_on_history=True)
            elif says_nothing(asked, inquiry.language):
                request = replace(request, want=Want.CAPABILITIES)
        if answer := self._written_by_hand(asked, inquiry, frame):
            return Answered(answer, frame)
        match request.want:
            case Want.ANSWER:
                return self._passages.to(asked, inquiry, frame)
            case Want.LIST:
                answer = catalogue_answers.listed(request, inquiry, frame)
            case Want.SUMMARY:
                answer = catalogue_answers.summary(request, inquiry, frame)
            case Want.PERSON if contact := self.contacts.of(inquiry.language):
                answer = frame.spoken(frame.words("talk.person_contact", contact=contact))
            case _:
                answer = frame.spoken(frame.words(f"talk.{request.want.value}"))
        return Answered(answer, frame)

    def _standalone(self, text: str, inquiry: Inquiry) -> str:
        """Return the question so that it needs no history: by the model, else by rules."""
        earlier = inquiry.subjects()
        if self.writer and earlier:
            with self.watch.stage(Stage.REWRITING):
                if rewritten := self.writer.standalone(text, earlier):
                    return rewritten
        return inquiry.standalone(text)

    def _written_by_hand(self, asked: str, inquiry: Inquiry, frame: Frame) -> Answer | None:
        """Return what staff wrote for questions like this one, None where they did not."""

        def beside() -> float:
            readings = self._passages.decide(asked, inquiry).readings
            return max((evidence(one.units) for one in readings if one.is_read), default=-math.inf)

        generation = inquiry.generation
        meant = by_hand.MemberQuestion(asked, inquiry.language, inquiry.today)
        reading = by_hand.HandReading(self.reader, beside)
        found = by_hand.given(meant, self.by_hand(), generation, reading)
        if found is None:
            return None
        sources = [generation.document(basis.document_id) for basis in found.bases]
        shown = [document.source for document in sources if document]
        return frame.by_hand(found.texts[inquiry.language], shown)


def _spelt(request: Request, inquiry: Inquiry, frame: Frame) -> tuple[Request, Frame]:
    """Return a question, or the topic of a list, with its slips mended."""
    language = inquiry.language
    vocabulary = inquiry.generation.vocabulary(language)
    if request.want is Want.LIST and request.topic:
        topic = corrected(request.topic, language, vocabulary)
        meant = request.text.replace(request.topic, topic)
        frame = frame if meant == request.text else replace(frame, understood=meant)
        return replace(request, topic=topic), frame
    if request.want is not Want.ANSWER:
        return request, frame
    said = calm(request.text)
    spelt = corrected(said, language, vocabulary)
    found = understood(spelt, language, inquiry.today)
    return found, replace(frame, understood="" if spelt == said else spelt)


def _is_seen(character: str) -> bool:
    """Whether a character has a shape, parts words, or joins letters or signs.

    Others turn the direction of what follows or hide a message; JSON may hold half a character.
    """
    is_shaped = unicodedata.category(character) not in {"Cc", "Cf", "Co", "Cs"}
    return is_shaped or character.isspace() or character in _JOINERS
