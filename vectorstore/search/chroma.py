"""Indexes of vectors in Chroma, embedded or in a server; the only module that knows Chroma.

An index is written once, by one process, and then only read (decisions.md says why). Chroma never
makes an embedding here, and never sees the text.
"""

import base64
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import chromadb
import httpx
from chromadb.config import Settings
from chromadb.errors import ChromaError, NotFoundError

from vectorstore.embedding.embedder import Vectors
from vectorstore.errors import DiskFullError, StoreUnavailableError

COLLECTION = "chunks"
ANSWERS, WRITES = 3.0, 60.0  # seconds for a server to answer a search, and to keep a batch
BATCH = 2000  # Chroma refuses more than 5461 rows a call.
HNSW: Any = {"space": "ip", "ef_search": 800, "ef_construction": 200}
"""Recall@10 against exact search on 20,000 real vectors: 0.972 at Chroma's default of 100, 0.994
at 200; on 100,000 of `benchmarks/scale.py` 0.961 at 200 and 0.996 at 800. The default space is l2;
ours is the scalar product, since centred vectors have no length of their own to be divided by."""


class ChromaCollection:
    """The vectors of one collection; with it `client` is closed, and `release` called."""

    def __init__(
        self,
        client: Any,  # noqa: ANN401 - untyped in Chroma
        collection: Any,  # noqa: ANN401 - likewise
        release: Callable[[], None] | None = None,
    ) -> None:
        self._client = client
        self._collection = collection
        self._release = release

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
        if self._release:
            self._release()


class ChromaVectorIndex(ChromaCollection):
    """Keeps vectors in a directory of its own."""

    def __init__(
        self, folder: Path, *, create: bool = False, release: Callable[[], None] | None = None
    ) -> None:
        with _translated(f"open the vectors in {folder}"):
            if not create and not (folder / "chroma.sqlite3").is_file():
                # Chroma would silently make an empty one.
                msg = f"{folder} holds no vectors"
                raise StoreUnavailableError(msg)
            # `close` is missing in the type that Chroma declares.
            client = chromadb.PersistentClient(
                folder, settings=Settings(anonymized_telemetry=False)
            )
            names = [collection.name for collection in client.list_collections()]
            if create and COLLECTION not in names:
                made = _created(client, COLLECTION)
            else:
                made = client.get_collection(COLLECTION, embedding_function=None)
            super().__init__(client, made, release)


class ChromaServer:
    """A server in which several assistants look up the same vectors.

    `url` is `http://HOST:PORT`, or https, with the name and password of a proxy before it.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        host = parts.hostname or ""
        self._host, self._port = f"[{host}]" if ":" in host else host, parts.port or 8000
        self.name = f"{parts.scheme}://{self._host}:{self._port}"
        self._is_encrypted = parts.scheme == "https"
        self._headers: dict[str, str] = {}
        if parts.username:
            pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            self._headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"

    def create(self, name: str) -> ChromaCollection:
        """Make an empty collection."""
        with _translated(f"write vectors to {self.name}"):
            client = self._client(WRITES)
            return ChromaCollection(client, _created(client, name))

    def open(self, name: str) -> ChromaCollection:
        """Open a collection. Raises StoreUnavailableError where there is none of that name."""
        with _translated(f"open the vectors {name} in {self.name}"):
            client = self._client(ANSWERS)
            return ChromaCollection(client, client.get_collection(name, embedding_function=None))

    def remove(self, name: str) -> None:
        """Delete a collection; one that is gone already is no error."""
        with _translated(f"remove the vectors {name} from {self.name}"):
            client = self._client(WRITES)
            try:
                client.delete_collection(name)
            except NotFoundError:
                pass
            finally:
                client.close()

    def _client(self, seconds: float) -> Any:  # noqa: ANN401 - untyped in Chroma
        made: Any = chromadb.HttpClient(
            self._host,
            self._port,
            self._is_encrypted,
            dict(self._headers),
            Settings(anonymized_telemetry=False),
        )
        # Chroma would wait for ever, and has no setting for it.
        made._server._session.timeout = seconds  # noqa: SLF001
        return made


def _created(client: Any, name: str) -> Any:  # noqa: ANN401 - untyped in Chroma
    configuration = {"hnsw": HNSW}
    return client.create_collection(name, configuration=configuration, embedding_function=None)


@contextmanager
def _translated(action: str) -> Iterator[None]:
    try:
        yield
    except (
        ChromaError,
        OSError,
        httpx.HTTPError,
        ValueError,
    ) as exc:  # ValueError: no server there
        if "disk is full" in str(exc) or "No space left" in str(exc):
            msg = f"cannot {action}: the disk is full; free some space and run it again"
            raise DiskFullError(msg) from exc
        msg = f"cannot {action}: {exc}"
        raise StoreUnavailableError(msg) from exc
