"""What is said: questions, the events of an answer, and its citations."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from assistant.domain.corpus import EVERYTHING, DocumentId, Filters, Kind, Source, Span


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of a conversation, and what came of it.

    Attributes:
        question: As it was understood, so that it can be read without the turns before it; empty
            where nothing was asked of the documents.
        quotes: What was quoted, to the letter.
        documents: What was cited or listed, in its order.
    """

    question: str
    language: str
    quotes: tuple[str, ...] = ()
    documents: tuple[DocumentId, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What the member asks.

    Attributes:
        interface_language: The language of the page, which decides where the question's is unclear.
        history: The turns before, oldest first; the assistant itself remembers nothing.
    """

    text: str
    interface_language: str | None = None
    filters: Filters = EVERYTHING
    history: tuple[Turn, ...] = ()


class Outcome(StrEnum):
    """How a question ended: with statements, without, with documents, or with our own words."""

    ANSWERED = "answered"
    REFUSED = "refused"
    LISTED = "listed"
    SPOKEN = "spoken"


class Mode(StrEnum):
    """Where the words of an answer come from."""

    QUOTING = "quoting"
    WRITING = "writing"
    BY_HAND = "by_hand"


class Cause(StrEnum):
    """Why a question was refused, as far as it is known.

    Nothing came near; what came near did not answer surely enough; what came near is in another
    language; or the filters kept out what answers.
    """

    NOTHING = "nothing"
    UNSURE = "unsure"
    LANGUAGE = "language"
    FILTERS = "filters"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """One contiguous piece of a document: `document.text[start:end] == text`.

    Attributes:
        headings: The headings above it, outermost first, without the title.
        marks: The words that answer; spans in the document's text, inside the piece, in order.
        head: The head of the table, or the sentence that introduces the list, where the piece
            begins further down in it; a slice of the document as well.
        opens_inside, closes_inside: Whether the piece begins or ends inside a paragraph, list or
            table.
        kind: The document's kind, or `RECOMMENDATION` for one inside another kind.
    """

    source: Source
    headings: tuple[str, ...]
    text: str
    start: int
    end: int
    marks: tuple[Span, ...]
    kind: Kind
    head: str = ""
    opens_inside: bool = False
    closes_inside: bool = False

    def holds(self, document: DocumentId, place: Span) -> bool:
        """Whether the whole of a place in a document lies inside the piece."""
        is_there = self.source.document_id == document
        return is_there and self.start <= place.start and place.end <= self.end

    @property
    def heading_path(self) -> str:
        """Where the piece stands: title and headings, as one line."""
        return " › ".join(part for part in (self.source.title, *self.headings) if part)

    @property
    def quote(self) -> str:
        """The marked words."""
        return " … ".join(
            self.text[mark.start - self.start : mark.end - self.start] for mark in self.marks
        )

    @property
    def reading(self) -> str:
        """The piece as it is shown as plain text."""
        before = f"{self.head}\n" if self.head else ""
        opening = "…\n" if self.head else "… " if self.opens_inside else ""
        return f"{before}{opening}{self.text}{' …' if self.closes_inside else ''}"


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered excerpt with all that a reader needs to check it.

    Attributes:
        number: What the marker `[number]` in the answer says, from 1.
        url: The public page, absolute.
        link: The same, opened at the marked words.
    """

    number: int
    excerpt: Excerpt
    url: str
    link: str

    @property
    def source(self) -> Source:
        """The document that is cited."""
        return self.excerpt.source

    @property
    def quote(self) -> str:
        """The words that answer, or that back what a model wrote; to the letter."""
        return self.excerpt.quote


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A document that may help where no answer was found, or to read on."""

    source: Source
    url: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence that a model wrote, in the language of the question, and what backs it.

    Attributes:
        citation: The number of the excerpt that the evidence stands in; others may stand there too.
    """

    text: str
    citation: int
    is_item: bool = False

    @property
    def reading(self) -> str:
        """The sentence as plain text, with its number; an item of a list as one."""
        return f"{'- ' if self.is_item else ''}{self.text} [{self.citation}]"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, complete by itself; the finished one is always the last event.

    It is made of the excerpts that are cited. Where a model wrote, its statements stand above them;
    what backs a statement and was not found to answer the question by itself is cited after the
    others.

    Attributes:
        language: Of the question, and so of all words here that are not quoted.
        lead_in: Our own words before the statements, or the refusal.
        generation: The name of the published content that was answered from.
        notice: What the reader should know of how it came about; mostly nothing.
        withheld: How many sentences a model wrote that could not be proved.
        understood: How the question was read, where that is not how it was written.
        more: How many documents were found beyond those suggested.
        by_hand: What staff wrote for questions like this one, as light Markdown; it stands alone,
            with its sources as suggestions.
        support: The probability that the documents hold the answer; for staff, never for members.
        cause: Why it was refused; for staff likewise.
    """

    question: str
    language: str
    outcome: Outcome
    mode: Mode
    lead_in: str
    generation: str
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    notice: str = ""
    withheld: int = 0
    understood: str = ""
    more: int = 0
    by_hand: str = ""
    support: float = 0.0
    cause: Cause | None = None

    @property
    def text(self) -> str:
        """The answer as plain text: what is shown, each part closed by its marker."""
        parts = [self.lead_in, self.by_hand] if self.by_hand else [self.lead_in]
        parts += [statement.reading for statement in self.statements]
        parts += [
            f"{place}{citation.excerpt.reading} [{citation.number}]"
            for place, citation in zip(self._places(), self.citations, strict=True)
        ]
        if self.outcome is Outcome.LISTED:
            parts += [f"- {suggestion.source.title}" for suggestion in self.suggestions]
        return "\n".join(parts)

    def _places(self) -> Iterator[str]:
        """Yield the line above each excerpt, nothing where it stands where the one before does."""
        last = ""
        for citation in self.citations:
            path = citation.excerpt.heading_path
            yield "" if path == last else f"{path}\n"
            last = path

    @property
    def documents(self) -> tuple[DocumentId, ...]:
        """What is cited or suggested, each once, in its order."""
        sources = [citation.source for citation in self.citations]
        sources += [suggestion.source for suggestion in self.suggestions]
        return tuple(dict.fromkeys(source.document_id for source in sources))

    @property
    def turn(self) -> Turn:
        """What later questions need to know of this one."""
        sources = [citation.source for citation in self.citations]
        if self.outcome is Outcome.LISTED or self.by_hand:
            sources = [suggestion.source for suggestion in self.suggestions]
        return Turn(
            "" if self.outcome is Outcome.SPOKEN else self.understood or self.question,
            self.language,
            tuple(citation.quote for citation in self.citations),
            tuple(dict.fromkeys(source.document_id for source in sources)),
        )


@dataclass(frozen=True, slots=True)
class Found:
    """What answers is found, and a model is about to be asked to write of it.

    Attributes:
        answer: Of the excerpts; it stands, whatever the model does.
    """

    answer: Answer


@dataclass(frozen=True, slots=True)
class Started:
    """A model has written something that is proved: the statements follow one by one."""

    lead_in: str
    language: str


Growth = Started | Citation | Statement
"""What a model adds to an answer; a citation is a further excerpt, cited by the next statement."""

Event = Found | Growth | Answer


def grown(answer: Answer, by: Growth) -> Answer:
    """Return an answer with what a model has added to it."""
    match by:
        case Started(lead_in):
            return replace(answer, mode=Mode.WRITING, lead_in=lead_in)
        case Citation():
            cited = by.source.document_id
            others = (each for each in answer.suggestions if each.source.document_id != cited)
            return replace(answer, citations=(*answer.citations, by), suggestions=tuple(others))
        case Statement():
            return replace(answer, statements=(*answer.statements, by))
