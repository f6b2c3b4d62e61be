"""Find the chunks nearest to a vector: in Chroma, and exactly where Chroma does not serve."""

import logging
import math
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from vectorstore.embedding.embedder import Vectors
from vectorstore.errors import StoreUnavailableError
from vectorstore.search.chunk_table import ChunkTable
from vectorstore.search.indexes import VectorIndex, VectorIndexes
from vectorstore.search.postings import Numbers
from vectorstore.search.ranking import best_first

_log = logging.getLogger(__name__)

SPARSE = 8
"""Below one chunk in so many, those that a filter lets through are copied before they are
multiplied."""


class NearestChunks:
    """Neighbours among a generation's chunks. Safe to use from several threads.

    The index is opened with the first search.
    """

    def __init__(
        self,
        folder: Path,
        table: ChunkTable,
        vectors: Vectors,
        indexes: VectorIndexes,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder = folder
        self._table = table
        self._vectors = vectors
        self._indexes = indexes
        self._clock = clock
        self._opening = threading.Lock()
        self._index: VectorIndex | None = None
        self._is_exact_until = 0.0

    def among_all(self, vector: Vectors, limit: int) -> Numbers:
        """Return the positions of the nearest chunks, at most `limit`, nearest first."""
        try:
            return self._by_chroma(vector, limit)
        except (StoreUnavailableError, KeyError) as exc:
            self._go_exact(exc)
        return self.exactly(vector, limit)

    def exactly(self, vector: Vectors, limit: int) -> Numbers:
        """Return the same by comparing with every chunk."""
        return np.array(best_first(self._vectors @ vector, limit), np.int64)

    def among(self, allowed: Numbers, vector: Vectors, limit: int) -> Numbers:
        """Return the nearest of these chunks, by comparing with every one.

        Chroma takes longer for a filter than for all chunks (docs/decisions.md).
        """
        if len(allowed) * SPARSE < len(self._table):
            products = self._vectors[allowed] @ vector
        else:  # Multiplying everything where it lies is quicker than copying a part of it first.
            products = (self._vectors @ vector)[allowed]
        return allowed[best_first(products, limit)]

    def count(self) -> int:
        """Return the number of vectors in Chroma. Raises StoreUnavailableError if it fails."""
        return self._opened().count()

    def recall(self, position: int, limit: int, tolerance: float) -> float:
        """Return the share of a chunk's exact neighbours that Chroma finds as near.

        Where several lie equally near, any of them will do. Raises StoreUnavailableError if
        Chroma fails.
        """
        vector = self._vectors[position]
        exact = self._vectors[self.exactly(vector, limit)] @ vector
        found = self._vectors[self._by_chroma(vector, limit)] @ vector
        return float(np.sum(found >= exact[-1] - tolerance)) / len(exact)

    def close(self) -> None:
        """Release files."""
        with self._opening:
            if self._index is not None:
                self._index.close()
            self._index = None

    def _by_chroma(self, vector: Vectors, limit: int) -> Numbers:
        many = min(limit, len(self._table))
        keys = self._opened().nearest(vector, limit=many)
        if len(set(keys)) < many:  # a damaged index answers with less, and without an error
            msg = f"the vectors in {self._folder} give {len(set(keys))} neighbours of {many}"
            raise StoreUnavailableError(msg)
        return self._table.positions_of(keys)

    def _opened(self) -> VectorIndex:
        with self._opening:
            if self._clock() < self._is_exact_until:
                msg = f"the vectors in {self._folder} cannot be searched by Chroma"
                raise StoreUnavailableError(msg)
            if self._index is None:
                self._index = self._indexes.open(self._folder)
            return self._index

    def _go_exact(self, exc: Exception) -> None:
        """Search exactly from now on, or for a while: slower with many chunks, and never wrong."""
        with self._opening:
            if self._clock() < self._is_exact_until:
                return
            _log.warning("Chroma cannot be used (%s); searching exactly instead", exc)
            again = self._indexes.again
            self._is_exact_until = math.inf if again is None else self._clock() + again
