"""The data directory: generations side by side, one of them published, one writer at a time.

data/
  CURRENT              the name of the published generation
  lock                 held while a generation is built
  readings.json        what unchanged files gave; may be lost (ingest.readings)
  generations/
    000001/            immutable once published
    .000002/           being built; left by a crash, removed by the next run
"""

import os
import shutil
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.corpus import Document, DocumentId, Entry
from assistant.errors import StoreError
from vectorstore import building, disk, manifest
from vectorstore.building import Change, Progress
from vectorstore.catalogue import StoredDocument
from vectorstore.embedding import Embedder
from vectorstore.errors import (
    GO_BACK,
    DiskFullError,
    NothingPublishedError,
    StoreBusyError,
    StoreUnavailableError,
)
from vectorstore.generation import Generation

KEPT = 3  # generations: the published one and two to go back to
CURRENT_FILE = "CURRENT"
LOCK_FILE = "lock"
GENERATIONS = "generations"
FREE_AT_LEAST = 200 * 2**20
"""Bytes; Chroma alone writes tens of megabytes before it holds anything."""

MakeEmbedder = Callable[[], Embedder]


class Library:
    """Publishes generations and hands out the published one. Safe to use from several threads."""

    def __init__(self, data: Path, make_embedder: MakeEmbedder, *, model: str) -> None:
        self._data = data
        self._make_embedder = make_embedder
        self._model = model
        self._lock = threading.Lock()
        self._loading = threading.Lock()
        self._embedder: Embedder | None = None
        self._open: _Shared | None = None

    @property
    def data(self) -> Path:
        """The data directory."""
        return self._data

    def embedder(self) -> Embedder:
        """Return the embedding model, loading it on first use."""
        with self._loading:
            if self._embedder is None:
                self._embedder = self._make_embedder()
            return self._embedder

    def published(self) -> str | None:
        """Return the name of the published generation, None where there is none yet."""
        try:
            name = (self._data / CURRENT_FILE).read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as exc:
            msg = f"cannot read {self._data / CURRENT_FILE}: {exc}"
            raise StoreUnavailableError(msg) from exc
        if not name.isdecimal() or not self._folder(name).is_dir():
            msg = f"{self._data / CURRENT_FILE} names no generation ({name[:40]!r}); {GO_BACK}"
            raise StoreUnavailableError(msg)
        return name

    @contextmanager
    def generation(self) -> Iterator[Generation]:
        """Hold the published generation; one published meanwhile is seen by the next holder.

        Raises NothingPublishedError where nothing was ingested yet.
        """
        shared = self._current()
        try:
            yield shared.generation
        finally:
            self._release(shared)

    def stored(self) -> list[StoredDocument]:
        """Return what every published document was; nothing published is an empty list."""
        if self.published() is None:
            return []
        with self.generation() as generation:
            return generation.catalogue.stored()

    def documents(self) -> Iterator[tuple[str, Document]]:
        """Yield every published document after its origin."""
        if self.published() is not None:
            with self.generation() as generation:
                yield from generation.catalogue.documents()

    def chunking(self) -> str | None:
        """Return the recipe that the published chunks were cut by, None where there are none."""
        if self.published() is None:
            return None
        with self.generation() as generation:
            return generation.manifest.chunking

    def check_embedder(self) -> None:
        """Raise ManifestMismatchError if what is published was built with another model.

        A model of the same name is believed here, so that looking costs no loading; a search and
        a publication compare the vectors themselves.
        """
        if self.published() is not None:
            with self.generation() as generation:
                if generation.manifest.embedding.model != self._model:
                    generation.check_embedder()

    def count_tokens(self, text: str) -> int:
        """Return the number of tokens that `text` takes in the embedding model."""
        return self.embedder().count_tokens(text)

    def token_limit(self) -> int:
        """Return the number of tokens beyond which the embedding model cuts a passage off."""
        return self.embedder().token_limit

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the right to publish. Raises StoreBusyError where another process has it."""
        self._data_is_writable()
        lock = FileLock(self._data / LOCK_FILE)
        try:
            lock.acquire(timeout=0)
        except Timeout as exc:
            msg = f"another run is writing to {self._data}; wait until it has finished"
            raise StoreBusyError(msg) from exc
        try:
            yield
        finally:
            lock.release()

    def publish(
        self,
        write: Sequence[Entry],
        delete: Collection[DocumentId],
        *,
        chunking: str,
        rebuild: bool,
        progress: Progress,
    ) -> str:
        """Build a generation with the change applied and publish it; return its name.

        Call it while holding `writing`. With `rebuild`, nothing is carried over: `write` must then
        hold every document. Whatever fails, the published generation stays as it is.
        """
        change = Change(write, delete, chunking)
        embedder = self.embedder()
        self._sweep()
        self._check_space()
        name = self._next_name()
        draft = self._folder(f".{name}")
        try:
            if rebuild or self.published() is None:
                building.build(draft, change, None, embedder, progress)
            else:
                with self.generation() as base:
                    base.check_embedder()
                    building.build(draft, change, base, embedder, progress)
            building.verify(draft, self.embedder)
            disk.sync_tree(draft)
            draft.rename(self._folder(name))
            self._point_at(name)
        except StoreError:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        except Exception as exc:
            shutil.rmtree(draft, ignore_errors=True)
            if reason := building.translate_disk_errors(exc):
                msg = f"{reason}: nothing was published; free some space in {self._data}"
                raise DiskFullError(msg) from exc
            raise
        self._sweep()
        return name

    def names(self) -> list[str]:
        """Return the names of the generations that are kept, oldest first."""
        folder = self._data / GENERATIONS
        if not folder.is_dir():
            return []
        return sorted(path.name for path in folder.iterdir() if path.name.isdecimal())

    def manifest(self, name: str) -> manifest.Manifest:
        """Return what a kept generation says of itself."""
        return manifest.read(self._folder(name))

    def roll_back(self, name: str | None = None) -> str:
        """Publish a kept generation again, the one before without a name; return its name.

        Call it while holding `writing`. It is opened and checked first; where it is damaged or not
        there, what is published stays.
        """
        kept = self.names()
        if name is None:
            pointed = self._pointed_at()
            earlier = [its for its in kept if its < pointed] if pointed in kept else kept
            if not earlier:
                msg = f"there is no generation before {pointed or 'the first'} in {self._data}"
                raise StoreUnavailableError(msg)
            name = earlier[-1]
        if name not in kept:
            msg = f"there is no generation {name!r}; there are {', '.join(kept) or 'none'}"
            raise StoreUnavailableError(msg)
        building.verify(self._folder(name), self.embedder)
        self._point_at(name)
        return name

    def close(self) -> None:
        """Release files."""
        with self._lock:
            shared, self._open = self._open, None
        if shared is not None:
            self._release(shared)

    def _folder(self, name: str) -> Path:
        return self._data / GENERATIONS / name

    def _current(self) -> "_Shared":
        with self._lock:
            name = self.published()
            if name is None:
                msg = f"nothing is published in {self._data} yet; run `python app.py ingest FOLDER`"
                raise NothingPublishedError(msg)
            if self._open is None or self._open.generation.name != name:
                fresh = _Shared(Generation(self._folder(name), self.embedder))
                if self._open is not None:
                    self._open.drop()
                self._open = fresh
            self._open.holders += 1
            return self._open

    def _release(self, shared: "_Shared") -> None:
        with self._lock:
            shared.drop()

    def _data_is_writable(self) -> None:
        try:
            (self._data / GENERATIONS).mkdir(parents=True, exist_ok=True)
        except OSError as exc:
            msg = f"cannot write to the data directory {self._data}: {exc.strerror}"
            raise StoreUnavailableError(msg) from exc

    def _check_space(self) -> None:
        current = self.published()
        last = disk.size(self._folder(current)) if current else 0
        needed = max(FREE_AT_LEAST, 2 * last)
        free = disk.free_space(self._data)
        if free < needed:
            msg = (
                f"the disk of {self._data} has {free // 2**20} MB free, a new generation needs "
                f"{needed // 2**20} MB; free some space, or choose another place with --data"
            )
            raise DiskFullError(msg)

    def _pointed_at(self) -> str:
        """Return what the pointer says, whatever it is; empty where it cannot be read."""
        try:
            return (self._data / CURRENT_FILE).read_text(encoding="utf-8").strip()
        except (OSError, ValueError):
            return ""

    def _next_name(self) -> str:
        return f"{int((self.names() or ['0'])[-1]) + 1:06d}"

    def _point_at(self, name: str) -> None:
        draft = self._data / f".{CURRENT_FILE}"
        with draft.open("w", encoding="utf-8") as file:
            file.write(name + "\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._data / CURRENT_FILE)
        disk.sync(self._data)

    def _sweep(self) -> None:
        """Remove what crashed runs left, and generations beyond those that are kept."""
        for path in (self._data / GENERATIONS).glob(".*"):
            shutil.rmtree(path, ignore_errors=True)
        current = self.published()
        older = [name for name in self.names() if current and name <= current]
        for name in older[:-KEPT]:
            shutil.rmtree(self._folder(name), ignore_errors=True)


class _Shared:
    """An open generation with the number of those who hold it, the library among them."""

    def __init__(self, generation: Generation) -> None:
        self.generation = generation
        self.holders = 1

    def drop(self) -> None:
        self.holders -= 1
        if not self.holders:
            self.generation.close()
