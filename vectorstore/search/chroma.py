"""An index of vectors in Chroma, embedded; the only module that knows Chroma.

One directory is written once, by one process, and then only read (decisions.md says why). Chroma
never makes an embedding here, and never sees the text.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import chromadb
from chromadb.config import Settings
from chromadb.errors import ChromaError

from vectorstore.embedding.embedder import Vectors
from vectorstore.errors import DiskFullError, StoreUnavailableError

COLLECTION = "chunks"
BATCH = 2000  # Chroma refuses more than 5461 rows a call.
HNSW: Any = {"space": "ip", "ef_search": 800, "ef_construction": 200}
"""Recall@10 against exact search on 20,000 real vectors: 0.972 at Chroma's default of 100, 0.994
at 200; on 100,000 of `benchmarks/scale.py` 0.961 at 200 and 0.996 at 800. The default space is l2;
ours is the scalar product, since centred vectors have no length of their own to be divided by."""


class ChromaVectorIndex:
    """Keeps vectors in a directory of its own."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        with _translated(f"open the vectors in {folder}"):
            if not create and not (folder / "chroma.sqlite3").is_file():
                # Chroma would silently make an empty one.
                msg = f"{folder} holds no vectors"
                raise StoreUnavailableError(msg)
            # `close` is missing in the type that Chroma declares.
            self._client: Any = chromadb.PersistentClient(
                folder, settings=Settings(anonymized_telemetry=False)
            )
            names = [collection.name for collection in self._client.list_collections()]
            if create and COLLECTION not in names:
                self._collection = self._client.create_collection(
                    COLLECTION, configuration={"hnsw": HNSW}, embedding_function=None
                )
            else:
                self._collection = self._client.get_collection(COLLECTION, embedding_function=None)

    def add(self, keys: Sequence[str], vectors: Vectors) -> None:
        """Store new vectors; a key that is there already is an error."""
        for first in range(0, len(keys), BATCH):
            some = slice(first, first + BATCH)
            with _translated("write the vectors"):
                self._collection.add(ids=list(keys[some]), embeddings=vectors[some])

    def delete(self, keys: Collection[str]) -> None:
        """Forget vectors; unknown keys are ignored."""
        some = list(keys)
        for first in range(0, len(some), BATCH):
            with _translated("delete vectors"):
                self._collection.delete(ids=some[first : first + BATCH])

    def nearest(self, vector: Vectors, *, limit: int) -> list[str]:
        """Return at most `limit` keys, nearest first; `vector` is one row of unit length."""
        with _translated("search the vectors"):
            found: Any = self._collection.query(
                query_embeddings=vector[None, :], n_results=limit, include=["distances"]
            )
        return list(found["ids"][0])

    def count(self) -> int:
        """Return the number of vectors."""
        with _translated("count the vectors"):
            return int(self._collection.count())

    def close(self) -> None:
        """Release files; the index must not be used afterwards."""
        self._client.close()


@contextmanager
def _translated(action: str) -> Iterator[None]:
    try:
        yield
    except (ChromaError, OSError) as exc:
        if "disk is full" in str(exc) or "No space left" in str(exc):
            msg = f"cannot {action}: the disk is full; free some space and run it again"
            raise DiskFullError(msg) from exc
        msg = f"cannot {action}: {exc}"
        raise StoreUnavailableError(msg) from exc
