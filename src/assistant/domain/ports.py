"""What the core needs from outside, as protocols that adapters satisfy by shape."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from assistant.domain.corpus import (
    Chunk,
    Document,
    DocumentId,
    Filters,
    Passage,
    Source,
    Span,
)
from assistant.domain.dialogue import Answer
from assistant.domain.watching import AskedFrom, Refused, Stage


class Vocabulary(Protocol):
    """The words that the documents of one language are written in."""

    def knows(self, word: str) -> bool:
        """Return whether a word stands in a document in any form."""
        ...

    def like(self, word: str, slips: int) -> Sequence[str]:
        """Return words of documents at most so many slips of typing away, the commonest first."""
        ...

    def explained(self, text: str) -> str:
        """Return the text with what documents say its acronyms stand for, and the other way."""
        ...


class Generation(Protocol):
    """One published state of all documents; it never changes."""

    @property
    def name(self) -> str:
        """The name of the generation."""
        ...

    def search(
        self, query: str, *, limit: int, filters: Filters = ..., language: str | None = ...
    ) -> Sequence[Passage]:
        """Return at most `limit` passages, best first; none found is an empty sequence.

        `language` is the query's, where it is known. Raises StoreError where the store fails.
        """
        ...

    def vocabulary(self, language: str) -> Vocabulary:
        """Return the words that the documents in a language are written in."""
        ...

    def chunks_of(self, document_id: DocumentId) -> Sequence[Chunk]:
        """Return the chunks of a document in its order; none for an unknown id."""
        ...

    def document(self, document_id: DocumentId) -> Document | None:
        """Return a document, None where there is none of that id."""
        ...

    def documents(
        self,
        filters: Filters = ...,
        language: str | None = ...,
        *,
        every_version: bool = ...,
    ) -> Sequence[Source]:
        """Return the documents that pass, newest first, those without a date last.

        Of the versions of one work in several languages only one, that in `language` if there is,
        unless every version is wanted.
        """
        ...

    def other_versions(self, document_id: DocumentId) -> Sequence[DocumentId]:
        """Return the versions of a document in other languages; none for an unknown id."""
        ...

    def central_sentences(
        self, document_id: DocumentId, limit: int
    ) -> Sequence[tuple[Chunk, Span]]:
        """Return the sentences that say most of a document, at most `limit`, in its order."""
        ...

    def likeness(self, text: str, chunk: Chunk) -> float:
        """Return how alike in meaning a text is to the sentence of a chunk most like it, -1..1."""
        ...

    def alike(self, text: str, others: Sequence[str]) -> Sequence[float]:
        """Return how alike in meaning a question is to each of some others, -1..1."""
        ...

    def document_at(self, url: str) -> Document | None:
        """Return the document with that url, None where there is none."""
        ...


class Reader(Protocol):
    """Reads a question and passages together."""

    def read(self, question: str, chunks: Sequence[Chunk]) -> Sequence[Sequence[float]]:
        """Return for each chunk a score for each of its sentences, 0 being that of "none"."""
        ...


class Library(Protocol):
    """Hands out what is published now."""

    def generation(self) -> AbstractContextManager[Generation]:
        """Hold the published generation; one answer uses one of them throughout.

        Raises StoreError where nothing is published or it cannot be opened.
        """
        ...


class LanguageDetector(Protocol):
    """Tells the language of a text."""

    def __call__(self, text: str, *, fallback: str) -> str:
        """Return an ISO 639-1 code; `fallback` where the text is too short or unclear to tell."""
        ...


class QuestionWatch(Protocol):
    """Follows one question while it is answered, in whichever threads that happens."""

    def stage(self, stage: Stage) -> AbstractContextManager[None]:
        """Time a stage; the same one may come several times."""
        ...

    def answered(self, answer: Answer) -> None:
        """Note how the question ended; of the answer only its closed words are looked at."""
        ...

    def failed(self, exc: Exception) -> None:
        """Note that there is no answer; nothing but the kind of the error is looked at."""
        ...


class ModelWatch(Protocol):
    """Counts what a chat model does. Used from several threads."""

    def withheld(self, reason: str) -> None:
        """Count a sentence that could not be proved; the reason is of a closed set."""
        ...

    def gave_up(self, trouble: str) -> None:
        """Count a text that was not written, or not to its end; likewise."""
        ...

    def used(self, sent: int, received: int) -> None:
        """Count tokens, where the model tells them."""
        ...


class Watch(ModelWatch, Protocol):
    """Sees how a server fares. Used from several threads."""

    def question(self, asked_from: AskedFrom) -> AbstractContextManager[QuestionWatch]:
        """Follow a question; one that ends without `answered` or `failed` was left by its asker."""
        ...

    def refused(self, reason: Refused) -> None:
        """Count a visitor who was not let through."""
        ...
