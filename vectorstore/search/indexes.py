"""Where the vectors of a generation are indexed: in its folder, or in a Chroma server.

Either way the folder has the vectors themselves too: an index is made anew from them, and where
none can be used they are compared one by one.
"""

import json
import secrets
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from vectorstore.embedding.embedder import Vectors
from vectorstore.errors import StoreUnavailableError
from vectorstore.publishing.private_copy import PrivateCopy

if TYPE_CHECKING:
    from vectorstore.search.chroma import ChromaServer

CHROMA_FOLDER = "chroma"
COLLECTION_FILE = "collection.json"


class VectorIndex(Protocol):
    """An index that is open."""

    def add(self, keys: Sequence[str], vectors: Vectors) -> None:
        """Store new vectors; a key that is there already is an error."""

    def delete(self, keys: set[str]) -> None:
        """Forget vectors; unknown keys are ignored."""

    def nearest(self, vector: Vectors, *, limit: int) -> list[str]:
        """Return at most `limit` keys, nearest first; `vector` is one row of unit length."""

    def count(self) -> int:
        """Return the number of vectors."""

    def close(self) -> None:
        """Release files and connections."""


class VectorIndexes(Protocol):
    """One place where indexes are kept. All raise StoreUnavailableError where it fails.

    Attributes:
        again: After so many seconds, an index that failed is asked once more; None: never.
    """

    @property
    def again(self) -> float | None:
        """Return after how many seconds."""

    def draft(self, folder: Path) -> VectorIndex:
        """Make the empty index of a generation that is being built."""

    def copy(self, base: Path, folder: Path) -> VectorIndex | None:
        """Make it with all that the index of another generation has; None where that is no help."""

    def open(self, folder: Path) -> VectorIndex:
        """Open the index of a generation, to search."""

    def remove(self, folder: Path) -> None:
        """Remove what a generation has outside of its folder."""


class EmbeddedIndexes:
    """Indexes in the folders of their generations."""

    again = None
    """What is damaged stays so."""

    def draft(self, folder: Path) -> VectorIndex:
        """Make the empty index of a generation that is being built."""
        from vectorstore.search.chroma import ChromaVectorIndex  # noqa: PLC0415 - 1.4 s

        return ChromaVectorIndex(folder / CHROMA_FOLDER, create=True)

    def copy(self, base: Path, folder: Path) -> VectorIndex | None:
        """Copy the files; None where the other one was in a server."""
        if not (base / CHROMA_FOLDER).is_dir():
            return None
        shutil.copytree(base / CHROMA_FOLDER, folder / CHROMA_FOLDER)
        return self.draft(folder)

    def open(self, folder: Path) -> VectorIndex:
        """Open a private copy of the index: Chroma writes into what it opens."""
        from vectorstore.search.chroma import ChromaVectorIndex  # noqa: PLC0415 - likewise

        if not (folder / CHROMA_FOLDER).is_dir():
            msg = f"the vectors of {folder} are in a Chroma server; set FORUM_CHROMA_URL"
            raise StoreUnavailableError(msg)
        try:
            copied = PrivateCopy(folder / CHROMA_FOLDER)
        except OSError as exc:
            msg = f"no room for a copy of {folder / CHROMA_FOLDER}: {exc.strerror}"
            raise StoreUnavailableError(msg) from exc
        try:
            return ChromaVectorIndex(copied.folder, release=copied.close)
        except BaseException:
            copied.close()
            raise

    def remove(self, folder: Path) -> None:
        """There is nothing outside of the folder."""


class ServerIndexes:
    """Indexes in a Chroma server, each a collection that its generation names.

    Generations from before there was a server are searched where they are.
    """

    again = 30.0
    """A server that was away comes back."""

    def __init__(self, url: str) -> None:
        self._url = url

    def draft(self, folder: Path) -> VectorIndex:
        """Make an empty collection under a new name."""
        name = f"forum-{folder.name.strip('.')}-{secrets.token_hex(8)}"
        # Written first: what crashes afterwards leaves no collection that nobody knows of.
        (folder / COLLECTION_FILE).write_text(json.dumps({"name": name}) + "\n", encoding="utf-8")
        return self._server().create(name)

    def copy(self, base: Path, folder: Path) -> VectorIndex | None:  # noqa: ARG002 - as the other
        """Return None: a server copies no collection."""
        return None

    def open(self, folder: Path) -> VectorIndex:
        """Open the collection of a generation."""
        name = _collection_of(folder)
        return self._server().open(name) if name else EmbeddedIndexes().open(folder)

    def remove(self, folder: Path) -> None:
        """Delete the collection of a generation."""
        if name := _collection_of(folder):
            self._server().remove(name)

    def _server(self) -> "ChromaServer":
        from vectorstore.search.chroma import ChromaServer  # noqa: PLC0415 - likewise

        return ChromaServer(self._url)


def indexes(chroma_url: str = "") -> VectorIndexes:
    """Return where indexes are kept: in a server where one is named."""
    return ServerIndexes(chroma_url) if chroma_url else EmbeddedIndexes()


def _collection_of(folder: Path) -> str:
    """Return the name of a generation's collection, empty where it has none."""
    try:
        return str(json.loads((folder / COLLECTION_FILE).read_text(encoding="utf-8"))["name"])
    except FileNotFoundError:
        return ""
    except (OSError, ValueError, KeyError, TypeError) as exc:
        msg = f"{folder / COLLECTION_FILE} names no collection ({exc})"
        raise StoreUnavailableError(msg) from exc
