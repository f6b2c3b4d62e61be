"""A question on its way to an answer: what it is asked of, and what was said before it. Pure."""

from dataclasses import dataclass
from datetime import date

from assistant.answering import document_facts
from assistant.answering.composing import Frame
from assistant.answering.followups import standalone
from assistant.answering.requests import Request, Want, understood
from assistant.domain.corpus import DocumentId
from assistant.domain.dialogue import Question, Turn
from assistant.domain.ports import Generation, LanguageDetector
from assistant.language.languages import LANGUAGES
from assistant.language.wording import Wording, wording


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question, and what every way of answering it needs.

    Attributes:
        language: The one to search and answer in.
        spoken: That of the conversation so far, for where there are no words in `language`.
        generation: The published content that is asked.
    """

    question: Question
    language: str
    spoken: str
    generation: Generation
    today: date
    public_url: str
    detect_language: LanguageDetector

    @property
    def words(self) -> Wording:
        """What is said in our own words."""
        return wording(self.language if self.language in LANGUAGES else self.spoken)

    @property
    def last(self) -> Turn | None:
        """The last turn in which something was asked of the documents."""
        turns = reversed(self.question.history)
        return next((turn for turn in turns if turn.question), None)

    def frame(self, asked: str, understood: str = "", *, leans_on_history: bool = False) -> Frame:
        """Return what every answer to the question as it was `asked` has in common."""
        name = self.generation.name
        return Frame(asked, understood, self.words, name, self.public_url, leans_on_history)

    def asked_in(self, turn: Turn) -> str:
        """Return the language that a turn's question is in: the answer may have been in another."""
        return self.detect_language(turn.question, fallback=turn.language)

    def request_of(self, turn: Turn) -> Request:
        """Return what a turn asked for."""
        return understood(turn.question, self.asked_in(turn), self.today)

    def standalone(self, text: str) -> str:
        """Return a text so that it needs nothing that was asked before."""
        spoken = self.asked_in(self.last) if self.last else self.language
        return standalone(text, self.subjects(), self.language, spoken)

    def subjects(self) -> list[str]:
        """Return what was asked before, the newest last."""
        return [self._subject(turn) for turn in self.question.history if turn.question]

    def _subject(self, turn: Turn) -> str:
        """Return what a turn asked; where it was of one document as a whole, the title of that."""
        is_of_one = len(turn.documents) == 1 and (
            self.request_of(turn).want in {Want.LIST, Want.SUMMARY}
            or any(document_facts.readings(turn.question, self.asked_in(turn)))
        )
        document = self.generation.document(turn.documents[0]) if is_of_one else None
        return document.source.title if document else turn.question


def shown_alone(turn: Turn | None) -> tuple[DocumentId, ...]:
    """Return the document that a turn quoted first, or told of alone; none after a list."""
    if turn is None or not (turn.quotes or len(turn.documents) == 1):
        return ()
    return turn.documents[:1]
