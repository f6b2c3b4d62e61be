"""A published generation, open for reading: hybrid search over its chunks."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.corpus import EVERYTHING, Chunk, Document, DocumentId, Filters, Kind, Passage
from vectorstore import manifest
from vectorstore.catalogue import Catalogue
from vectorstore.centring import Centroids
from vectorstore.chroma import ChromaVectorIndex
from vectorstore.embedding import Embedder, Vectors
from vectorstore.errors import GO_BACK, StoreUnavailableError
from vectorstore.lexical import LexicalIndex
from vectorstore.ranking import FOREIGN_LEXICAL, SENTENCE_LEXICAL_WEIGHT, best_first, fuse
from vectorstore.vector_index import Labels, VectorIndex, passes

CATALOGUE_FILE = "catalogue.sqlite"
CENTROIDS_FILE = "language_centroids.npz"
CHROMA_FOLDER = "chroma"
LEXICAL_FOLDER = "lexical"
CHUNK_VECTORS_FILE = "chunk_vectors.npy"
SENTENCE_VECTORS_FILE = "sentence_vectors.npy"

CANDIDATES = 100
"""How many chunks each of the two indexes proposes. With 20, nDCG@10 loses 0.0002 on PIAF's 761
passages and nothing on XQuAD; with 50, 100 and 200 it is the same. 100 leaves room to grow."""


class Generation:
    """One immutable generation. Safe to search from several threads."""

    def __init__(self, folder: Path, embedder: Callable[[], Embedder]) -> None:
        self.folder = folder
        self.manifest = manifest.read(folder)
        self._embedder = embedder
        self._checked = False
        try:
            self.catalogue = Catalogue(folder / CATALOGUE_FILE)
            self._chunk_vectors = np.load(folder / CHUNK_VECTORS_FILE, mmap_mode="r")
            self._sentence_vectors = np.load(folder / SENTENCE_VECTORS_FILE, mmap_mode="r")
            self.centroids = Centroids.load(folder / CENTROIDS_FILE)
            self._lexical = LexicalIndex.load(folder / LEXICAL_FOLDER)
            self._read_rows()
        except (OSError, ValueError, KeyError, sqlite3.Error) as exc:
            msg = f"the generation {folder} cannot be opened ({exc}); {GO_BACK}"
            raise StoreUnavailableError(msg) from exc
        self._index: VectorIndex = ChromaVectorIndex(folder / CHROMA_FOLDER)

    @property
    def name(self) -> str:
        """The generation's name, the same as long as the content is."""
        return self.manifest.generation

    def close(self) -> None:
        """Release files; the generation must not be used afterwards."""
        self._index.close()
        self.catalogue.close()

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
        if not self._rows.size:
            return []
        (vector,) = self._embedder().embed_queries([query])
        lexical = self._lexical_scores(query, language)
        candidates = self._candidates(vector, lexical, filters)
        if not candidates.size:
            return []
        similar = self._chunk_vectors[candidates].astype(np.float32) @ vector
        sentences = [self._sentence_similarities(position, vector) for position in candidates]
        best = np.array(
            [its.max() if its.size else own for its, own in zip(sentences, similar, strict=True)],
            np.float32,
        )
        scores = fuse(similar, best, lexical[candidates])
        order = best_first(scores, limit)
        chunks = self.catalogue.chunks([int(self._rows[candidates[place]]) for place in order])
        backgrounds = self.centroids.matrix([its.source.language for its in chunks]) @ vector
        return [
            Passage(
                chunk,
                score=float(scores[place]),
                similarity=float(similar[place]),
                background=float(background),
                lexical=float(lexical[candidates[place]]),
                sentence_similarities=tuple(map(float, sentences[place])),
                sentence_scores=self._sentence_scores(query, chunk, sentences[place]),
            )
            for chunk, place, background in zip(chunks, order, backgrounds, strict=True)
        ]

    def document(self, document_id: DocumentId) -> Document | None:
        """Return a document, None where there is none of that id."""
        return self.catalogue.document(document_id)

    def document_at(self, url: str) -> Document | None:
        """Return the document with that url, None where there is none."""
        return self.catalogue.document_at(url)

    def chunks_of(self, document_id: DocumentId) -> list[Chunk]:
        """Return the chunks of a document, in its order."""
        return self.catalogue.chunks_of(document_id)

    def vectors_of(self, positions: NDArray[np.int64]) -> tuple[Any, list[Any]]:
        """Return the chunk vectors and sentence vectors at these positions, as they are stored."""
        sentences = [
            self._sentence_vectors[self._first_sentence[at] : self._first_sentence[at + 1]]
            for at in positions
        ]
        return self._chunk_vectors[positions], sentences

    def check_counts(self) -> None:
        """Raise StoreUnavailableError unless every part holds what the manifest says."""
        found = {
            "documents": (self.catalogue.count("documents"), self.manifest.documents),
            "chunks": (len(self._rows), self.manifest.chunks),
            "vectors": (self._index.count(), self.manifest.chunks),
            "sentences": (len(self._sentence_vectors), self.manifest.sentences),
        }
        for what, (count, expected) in found.items():
            if count != expected:
                msg = f"the generation {self.folder} holds {count} {what} instead of {expected}"
                raise StoreUnavailableError(msg)

    def check_embedder(self) -> None:
        """Raise ManifestMismatchError unless the embedder is the one of the manifest."""
        if not self._checked:
            self.manifest.embedding.check(manifest.Embedding.of(self._embedder()))
            self._checked = True

    def _read_rows(self) -> None:
        found = self.catalogue.rows()
        self._rows = np.array([its.row for its in found], np.int64)
        self._positions = {its.key: at for at, its in enumerate(found)}
        counts = np.array([its.sentence_count for its in found], np.int64)
        self._first_sentence = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        self._labels = [
            Labels(its.language, Kind(its.kind), int((its.published or "0").replace("-", "")))
            for its in found
        ]
        self._languages = np.array([its.language for its in found], dtype=np.str_)
        expected = (len(found), int(self._first_sentence[-1]))
        if expected != (len(self._chunk_vectors), len(self._sentence_vectors)):
            msg = "its vectors do not match its catalogue"
            raise ValueError(msg)

    def _candidates(
        self, vector: Vectors, lexical: NDArray[np.float32], filters: Filters
    ) -> NDArray[np.int64]:
        nearest = self._index.nearest(
            vector, limit=min(CANDIDATES, len(self._rows)), filters=filters
        )
        touched = np.flatnonzero(lexical > FOREIGN_LEXICAL)
        if filters != EVERYTHING:
            allowed = [at for at in touched if passes(self._labels[at], filters)]
            touched = np.array(allowed, np.int64)
        covering = touched[best_first(lexical[touched], CANDIDATES)]
        proposed = {self._positions[key] for key in nearest} | set(covering.tolist())
        return np.array(sorted(proposed), np.int64)

    def _sentence_scores(
        self, query: str, chunk: Chunk, similarities: NDArray[np.float32]
    ) -> tuple[float, ...]:
        texts = [chunk.sentence(span) for span in chunk.sentences]
        shares = self._lexical.shares(query, texts, chunk.source.language)
        return tuple(
            float(similarity) + SENTENCE_LEXICAL_WEIGHT * share
            for similarity, share in zip(similarities, shares, strict=True)
        )

    def _sentence_similarities(self, position: int, vector: Vectors) -> NDArray[np.float32]:
        first, last = self._first_sentence[position], self._first_sentence[position + 1]
        found: NDArray[np.float32] = self._sentence_vectors[first:last].astype(np.float32) @ vector
        return found

    def _lexical_scores(self, query: str, language: str | None) -> NDArray[np.float32]:
        scores = self._lexical.scores(query)
        if language is None:
            return scores
        foreign = self._languages != language
        return np.where(foreign, np.maximum(scores, FOREIGN_LEXICAL), scores).astype(np.float32)
