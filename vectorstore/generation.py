"""A published generation, open for reading: hybrid search over its chunks."""

import functools
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
from vectorstore import integrity, manifest
from vectorstore.catalogue import Catalogue
from vectorstore.embedding.embedder import Embedder, Vectors
from vectorstore.errors import StoreDamagedError
from vectorstore.search.centrality import central, is_whole
from vectorstore.search.centring import Centroids
from vectorstore.search.chunk_table import ChunkTable, Mask
from vectorstore.search.indexes import VectorIndexes
from vectorstore.search.lexical import LexicalIndex
from vectorstore.search.nearest import NearestChunks
from vectorstore.search.ranking import (
    FOREIGN_LEXICAL,
    READ,
    SENTENCE_LEXICAL_WEIGHT,
    AskedQuery,
    best_first,
    fuse,
    read,
)
from vectorstore.search.translations import Works
from vectorstore.search.vocabulary import Vocabularies, Vocabulary

CATALOGUE_FILE = "catalogue.sqlite"
CENTROIDS_FILE = "language_centroids.npz"
LEXICAL_FOLDER = "lexical"
CHUNK_VECTORS_FILE = "chunk_vectors.npy"
HEADING_VECTORS_FILE = "heading_vectors.npy"
SENTENCE_VECTORS_FILE = "sentence_vectors.npy"

CANDIDATES = 100
"""How many chunks each of the two indexes proposes. With 20, nDCG@10 loses 0.0002 on PIAF's 761
passages and nothing on XQuAD; with 50, 100 and 200 it is the same. 100 leaves room to grow."""


QUESTIONS_KEPT = 4096


@functools.lru_cache(maxsize=QUESTIONS_KEPT)
def _question_vector(embedder: Embedder, text: str) -> NDArray[np.float32]:
    (vector,) = embedder.embed_texts([text])
    return vector  # type: ignore[no-any-return] # a row of such vectors


class Generation:
    """One immutable generation. Safe to search from several threads."""

    def __init__(
        self, folder: Path, embedder: Callable[[], Embedder], indexes: VectorIndexes
    ) -> None:
        self.folder = folder
        self.manifest = manifest.read(folder)
        if self.manifest.generation != folder.name.removeprefix("."):
            raise StoreDamagedError(folder, f"it is generation {self.manifest.generation}")
        integrity.check(folder, self.manifest.files)
        self._embedder = embedder
        self._checked = False
        self._hidden: frozenset[DocumentId] = frozenset()
        try:
            self.catalogue = Catalogue(folder / CATALOGUE_FILE, read_only=True)
            self._chunk_vectors = np.load(folder / CHUNK_VECTORS_FILE, mmap_mode="r")
            self._heading_vectors = np.load(folder / HEADING_VECTORS_FILE, mmap_mode="r")
            self._sentence_vectors = np.load(folder / SENTENCE_VECTORS_FILE, mmap_mode="r")
            self.centroids = Centroids.load(folder / CENTROIDS_FILE)
            self.lexical = LexicalIndex.load(folder / LEXICAL_FOLDER)
            self._table = ChunkTable(self.catalogue.rows())
            self._words = Vocabularies(self.lexical, self.catalogue, self._table.rows)
            self._works = Works(self.catalogue.versions())
            self._check_vectors()
        except (OSError, ValueError, KeyError, sqlite3.Error) as exc:
            raise StoreDamagedError(folder, f"it cannot be opened ({exc})") from exc
        self._nearest = NearestChunks(folder, self._table, self._chunk_vectors, indexes)

    @property
    def name(self) -> str:
        """The generation's name, the same as long as the content is."""
        return self.manifest.generation

    def close(self) -> None:
        """Release files; the generation must not be used afterwards."""
        self._nearest.close()
        self.catalogue.close()

    def withhold(self, hidden: frozenset[DocumentId]) -> None:
        """Answer as if these documents were not there."""
        self._hidden = self.catalogue.withheld = hidden

    def search(
        self,
        query: str,
        *,
        limit: int,
        filters: Filters = EVERYTHING,
        language: str | None = None,
    ) -> list[Passage]:
        """Return at most `limit` passages, best first; none found is an empty list.

        `language` is the query's, where it is known. Raises ManifestMismatchError if the embedder
        is not the one the generation was built with.
        """
        self.check_embedder()
        if not len(self._table):
            return []
        query = query.encode("utf-8", "replace").decode()  # half a surrogate pair is no text
        explained = self._words.acronyms.explained(query)
        (vector,) = self._embedder().embed_queries([explained])
        lexical = self._lexical_scores([query, explained], language)
        candidates = self._candidates(vector, lexical, filters)
        if not candidates.size:
            return []
        asked = AskedQuery(query, vector, lexical)
        passages = self._passages(asked, candidates, max(limit, READ))
        passages = self._in_one_version(passages, asked, filters, language)
        return sorted(passages, key=lambda passage: -passage.score)[:limit]

    def vocabulary(self, language: str) -> Vocabulary:
        """Return the words that the documents in a language are written in."""
        return self._words.of(language)

    def document(self, document_id: DocumentId) -> Document | None:
        """Return a document, None where there is none of that id."""
        return None if document_id in self._hidden else self.catalogue.document(document_id)

    def document_at(self, url: str) -> Document | None:
        """Return the document with that url, None where there is none."""
        found = self.catalogue.document_at(url)
        return None if found is None or found.id in self._hidden else found

    def chunks_of(self, document_id: DocumentId) -> list[Chunk]:
        """Return the chunks of a document, in its order."""
        return [] if document_id in self._hidden else self.catalogue.chunks_of(document_id)

    def documents(
        self,
        filters: Filters = EVERYTHING,
        language: str | None = None,
        *,
        every_version: bool = False,
    ) -> list[Source]:
        """Return the documents that pass, newest first; of each work one version, or every one.

        The one is that in `language`, if there is one that passes.
        """
        left_out = self._hidden | filters.excluded
        found = [
            source
            for source in self.catalogue.sources(filters)
            if source.document_id not in left_out
        ]
        return found if every_version else self._works.in_one_version(found, language)

    def central_sentences(self, document_id: DocumentId, limit: int) -> list[tuple[Chunk, Span]]:
        """Return the sentences that say most of a document, at most `limit`, in its order."""
        places, _ = self._table.sentences_of(self._positions_of(document_id))
        sentences = [
            (chunk, span) for chunk in self.chunks_of(document_id) for span in chunk.sentences
        ]
        whole = [at for at, (chunk, span) in enumerate(sentences) if is_whole(chunk.sentence(span))]
        vectors = self._sentence_vectors[places[whole]].astype(np.float32)
        return [sentences[whole[place]] for place in central(vectors, limit)]

    def other_versions(self, document_id: DocumentId) -> list[DocumentId]:
        """Return the versions of the same work in other languages."""
        return self._works.others(document_id)

    def likeness(self, text: str, chunk: Chunk) -> float:
        """Return the cosine of a text with the sentence of a chunk most like it, as in a search."""
        (vector,) = self._embedder().embed_texts([text])
        positions = self._positions_of(chunk.source.document_id)[[chunk.ordinal]]
        (similarities,) = self._sentence_similarities(positions, vector)
        return float(similarities.max()) if similarities.size else 0.0

    def alike(self, text: str, others: Sequence[str]) -> Sequence[float]:
        """Return the cosine of a question with each of some others; theirs are kept."""
        embedder = self._embedder()
        (vector,) = embedder.embed_texts([text])
        return [float(_question_vector(embedder, other) @ vector) for other in others]

    def vectors_of(self, positions: NDArray[np.int64]) -> tuple[Any, Any, Any]:
        """Return the vectors of these chunks, their headings and all their sentences, as stored."""
        places, _ = self._table.sentences_of(positions)
        return (
            self._chunk_vectors[positions],
            self._heading_vectors[positions],
            self._sentence_vectors[places],
        )

    def check_counts(self) -> None:
        """Raise StoreDamagedError unless every part holds what the manifest says."""
        found = {
            "documents": (self.catalogue.count("documents"), self.manifest.documents),
            "chunks": (len(self._table), self.manifest.chunks),
            "vectors": (self._nearest.count(), self.manifest.chunks),
            "sentences": (len(self._sentence_vectors), self.manifest.sentences),
        }
        for what, (count, expected) in found.items():
            if count != expected:
                raise StoreDamagedError(
                    self.folder, f"it holds {count} {what} instead of {expected}"
                )

    def recall(self, position: int, limit: int, tolerance: float) -> float:
        """Return the share of a chunk's exact neighbours that the index finds as near."""
        return self._nearest.recall(position, limit, tolerance)

    def check_embedder(self) -> None:
        """Raise ManifestMismatchError unless the embedder is the one of the manifest."""
        if not self._checked:
            self.manifest.embedding.check(manifest.Embedding.of(self._embedder()))
            self._checked = True

    def _check_vectors(self) -> None:
        chunks, sentences = len(self._table), int(self._table.first_sentence[-1])
        found = map(len, (self._chunk_vectors, self._heading_vectors, self._sentence_vectors))
        if (chunks, chunks, sentences) != tuple(found):
            msg = "its vectors do not match its catalogue"
            raise ValueError(msg)

    def _candidates(
        self, vector: Vectors, lexical: NDArray[np.float32], filters: Filters
    ) -> NDArray[np.int64]:
        covering = lexical > FOREIGN_LEXICAL
        if filters == EVERYTHING and not self._hidden:
            nearest = self._nearest.among_all(vector, CANDIDATES)
        else:
            allowed = self._allowed(filters)
            covering &= allowed
            nearest = self._nearest.among(np.flatnonzero(allowed), vector, CANDIDATES)
        touched = np.flatnonzero(covering)
        return np.union1d(nearest, touched[best_first(lexical[touched], CANDIDATES)])

    def _passages(
        self, asked: AskedQuery, positions: NDArray[np.int64], limit: int
    ) -> list[Passage]:
        """Return the best of these chunks, read sentence by sentence."""
        similar = self._chunk_vectors[positions] @ asked.vector
        sentences = self._sentence_similarities(positions, asked.vector)
        best = np.array(
            [
                sentence.max() if sentence.size else own
                for sentence, own in zip(sentences, similar, strict=True)
            ],
            np.float32,
        )
        headings = self._heading_vectors[positions].astype(np.float32) @ asked.vector
        scores = fuse(similar, best, asked.lexical[positions], headings)
        order = best_first(scores, limit)
        chunks = self.catalogue.chunks(self._table.rows[positions[order]].tolist())
        languages = [chunk.source.language for chunk in chunks]
        backgrounds = self.centroids.matrix(languages) @ asked.vector
        return [
            read(
                Passage(
                    chunk,
                    score=float(scores[place]),
                    similarity=float(similar[place]),
                    background=float(background),
                    lexical=float(asked.lexical[positions[place]]),
                    sentence_similarities=tuple(map(float, sentences[place])),
                    sentence_scores=self._sentence_scores(asked.query, chunk, sentences[place]),
                )
            )
            for chunk, place, background in zip(chunks, order, backgrounds, strict=True)
        ]

    def _in_one_version(
        self,
        passages: list[Passage],
        asked: AskedQuery,
        filters: Filters,
        language: str | None,
    ) -> list[Passage]:
        """Return the passages with each work in one version: the reader's, else the best found."""
        if not self._works:
            return passages
        ids = dict.fromkeys(passage.chunk.source.document_id for passage in passages)
        versions = {each: self._works.version(each, language) for each in ids} if language else {}
        allowed = self._allowed(filters)
        for version in {version for version in versions.values() if version}:
            positions = self._positions_of(version)
            passed = positions[allowed[positions]]
            if passed.size:
                kept = [
                    passage for passage in passages if passage.chunk.source.document_id != version
                ]
                passages = kept + self._passages(asked, passed, len(passed))
        chosen: dict[DocumentId, DocumentId] = {}
        for passage in sorted(passages, key=lambda passage: -passage.score):
            source = passage.chunk.source
            if source.language == language:
                chosen[self._works.of(source.document_id)] = source.document_id
            chosen.setdefault(self._works.of(source.document_id), source.document_id)
        shown = set(chosen.values())
        return [passage for passage in passages if passage.chunk.source.document_id in shown]

    def _allowed(self, filters: Filters) -> Mask:
        """Of each chunk, whether it may be found."""
        allowed = self._table.passing(filters)
        for document_id in self._hidden | filters.excluded:
            allowed[self._positions_of(document_id)] = False
        return allowed

    def _positions_of(self, document_id: DocumentId) -> NDArray[np.int64]:
        rows = np.array(self.catalogue.rows_of(document_id), np.int64)
        return np.searchsorted(self._table.rows, rows).astype(np.int64)

    def _sentence_scores(
        self, query: str, chunk: Chunk, similarities: NDArray[np.float32]
    ) -> tuple[float, ...]:
        texts = [chunk.sentence(span) for span in chunk.sentences]
        shares = self.lexical.shares(query, texts, chunk.source.language)
        return tuple(
            float(similarity) + SENTENCE_LEXICAL_WEIGHT * share
            for similarity, share in zip(similarities, shares, strict=True)
        )

    def _sentence_similarities(
        self, positions: NDArray[np.int64], vector: Vectors
    ) -> list[NDArray[np.float32]]:
        places, many = self._table.sentences_of(positions)
        products = self._sentence_vectors[places].astype(np.float32) @ vector
        return np.split(products, np.cumsum(many)[:-1])

    def _lexical_scores(self, queries: Sequence[str], language: str | None) -> NDArray[np.float32]:
        scores = self.lexical.scores(*queries)
        if language is None:
            return scores
        foreign = ~self._table.in_language(language)
        return np.where(foreign, np.maximum(scores, FOREIGN_LEXICAL), scores).astype(np.float32)
