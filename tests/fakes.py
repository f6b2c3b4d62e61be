"""Fakes for every port. Each is a few lines, deterministic, and satisfies its protocol."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from zlib import crc32

import numpy as np

from assistant.domain.corpus import (
    EVERYTHING,
    Chunk,
    Document,
    DocumentId,
    Filters,
    Passage,
    Source,
    Span,
)
from assistant.domain.errors import ChatModelError, StoreError
from assistant.writing.chat_model import Usage
from assistant.writing.prompting import Message
from vectorstore.embedding.embedder import Vectors, as_unit_rows, no_progress


class HashEmbedder:
    """Bags of hashed words: same words, same vector; no model. Counts what it embeds."""

    dimension = 64
    token_limit = 200

    def __init__(self, name: str = "hash-64", *, seed: str = "") -> None:
        self.name = name
        self.embedded: list[str] = []
        self._seed = seed

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            for word in text.lower().split():
                bare = word.strip(".,;:?!()")
                vectors[row, crc32((self._seed + bare).encode()) % self.dimension] += 1.0
        return as_unit_rows(vectors)

    def embed_passages(
        self, texts: Sequence[str], *, progress: Callable[[int], None] = no_progress
    ) -> Vectors:
        self.embedded += texts
        progress(len(texts))
        return self.embed_queries(texts)

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        return self.embed_queries(texts)


class FakeVocabulary:
    """Knows the words it was given, and offers all of them; explains nothing."""

    def __init__(self, *words: str, acronyms: dict[str, str] | None = None) -> None:
        self._words = words
        self._acronyms = acronyms or {}

    def knows(self, word: str) -> bool:
        return word.lower() in self._words

    def like(self, word: str, slips: int) -> Sequence[str]:
        del word, slips
        return self._words

    def explained(self, text: str) -> str:
        for acronym, words in self._acronyms.items():
            text = text.replace(acronym, f"{acronym} ({words})")
        return text


def _speaks(source: Source, filters: Filters) -> bool:
    return not filters.languages or source.language in filters.languages


class FakeGeneration:
    """Finds the passages it was given, whatever is asked."""

    name = "000007"

    def __init__(
        self,
        *passages: Passage,
        documents: Sequence[Document] = (),
        words: FakeVocabulary | None = None,
    ) -> None:
        self.passages = passages
        self._words = words or FakeVocabulary()
        self._documents = documents
        self.searches: list[tuple[str, Filters, str | None]] = []

    def search(
        self,
        query: str,
        *,
        limit: int,
        filters: Filters = EVERYTHING,
        language: str | None = None,
    ) -> Sequence[Passage]:
        self.searches.append((query, filters, language))
        found = [
            passage for passage in self.passages
            if passage.chunk.source.document_id not in filters.excluded
            and _speaks(passage.chunk.source, filters)
        ]  # fmt: skip
        return found[:limit]

    def vocabulary(self, language: str) -> FakeVocabulary:
        del language
        return self._words

    def chunks_of(self, document_id: DocumentId) -> Sequence[Chunk]:
        return [
            passage.chunk
            for passage in self.passages
            if passage.chunk.source.document_id == document_id
        ]

    def document(self, document_id: DocumentId) -> Document | None:
        known = next((document for document in self._documents if document.id == document_id), None)
        return known or self._document_of(self.chunks_of(document_id))

    def _document_of(self, chunks: Sequence[Chunk]) -> Document | None:
        """Return a document of nothing but these chunks, each where it says that it stands."""
        if not chunks:
            return None
        text = " " * max(chunk.end for chunk in chunks)
        for chunk in chunks:
            text = text[: chunk.start] + chunk.text + text[chunk.end :]
        return Document(chunks[0].source, text)

    def documents(
        self,
        filters: Filters = EVERYTHING,
        language: str | None = None,  # noqa: ARG002 - it knows no translations
        *,
        every_version: bool = False,  # noqa: ARG002
    ) -> Sequence[Source]:
        found = [document.source for document in self._documents]
        dated = [each for each in found if each.published]
        if filters.published_from or filters.published_to:
            first, last = filters.published_from or date.min, filters.published_to or date.max
            found = [each for each in dated if each.published and first <= each.published <= last]
        wanted = [
            each for each in found
            if (not filters.kinds or each.kind in filters.kinds)
            and each.document_id not in filters.excluded and _speaks(each, filters)
        ]  # fmt: skip
        return sorted(wanted, key=lambda each: each.published or date.min, reverse=True)

    def other_versions(self, document_id: DocumentId) -> Sequence[DocumentId]:
        declared = {
            each.id: {translation.url for translation in each.translations}
            for each in self._documents
        }
        page = {each.id: each.source.url for each in self._documents}
        return [
            other for other in page
            if page.get(document_id) in declared[other]
            or page[other] in declared.get(document_id, ())
        ]  # fmt: skip

    def central_sentences(
        self, document_id: DocumentId, limit: int
    ) -> Sequence[tuple[Chunk, Span]]:
        chunks = self.chunks_of(document_id)
        return [(chunk, span) for chunk in chunks for span in chunk.sentences][:limit]

    def likeness(self, text: str, chunk: Chunk) -> float:
        return 1.0 if set(text.split()) & set(chunk.text.split()) else 0.0

    def alike(self, text: str, others: Sequence[str]) -> Sequence[float]:
        asked = set(text.lower().split())
        words = [set(other.lower().split()) for other in others]
        return [len(asked & each) / max(1, len(asked | each)) for each in words]

    def document_at(self, url: str) -> Document | None:
        return next((document for document in self._documents if document.source.url == url), None)


class FakeLibrary:
    """Hands out one generation."""

    def __init__(self, generation: FakeGeneration) -> None:
        self._generation = generation

    @contextmanager
    def generation(self) -> Iterator[FakeGeneration]:
        yield self._generation


class FakeReader:
    """Scores the sentences that hold some words high, and all others low; notes what it reads."""

    def __init__(self, *words: str, high: float = 5.0, low: float = -8.0) -> None:
        self.read_chunks: list[Chunk] = []
        self._words, self._high, self._low = words, high, low

    def read(self, question: str, chunks: Sequence[Chunk]) -> Sequence[Sequence[float]]:
        del question
        self.read_chunks += chunks
        return [[self._score(chunk.sentence(span)) for span in chunk.sentences] for chunk in chunks]

    def _score(self, text: str) -> float:
        return self._high if any(words in text for words in self._words) else self._low


class BrokenLibrary:
    """Fails like a store whose disk is gone."""

    def generation(self) -> AbstractContextManager[FakeGeneration]:
        msg = "cannot open /secret/path/chroma.sqlite3"
        raise StoreError(msg)


class FakeChatModel:
    """Writes the pieces it was given, whatever it is asked, and may fail then; keeps the prompts.

    A text that is given whole comes in two pieces, as from a real model.
    """

    def __init__(self, *pieces: str, is_failing: bool = False) -> None:
        self.asked: list[Sequence[Message]] = []
        whole = len(pieces) == 1
        self._pieces = (pieces[0][:9], pieces[0][9:]) if whole else pieces
        self._is_failing = is_failing

    def stream(self, messages: Sequence[Message]) -> Iterator[str | Usage]:
        self.asked.append(messages)
        yield from self._pieces
        if self._is_failing:
            msg = "the chat model failed (test)"
            raise ChatModelError(msg)


def detect(text: str, *, fallback: str) -> str:
    """Tell French by its accents and "quel"; everything else is the fallback."""
    return "fr" if any(sign in text.lower() for sign in ("é", "è", "quel")) else fallback
