"""The data directory: generations side by side, one of them published, one writer at a time.

data/
  CURRENT              the name of the published generation (generations_folder)
  generations/
  lock, writer.json    held while a generation is built; who holds it
  hidden.json          what staff have taken out of the answers (vectorstore.publishing.hidden)
  valid_until.json     the last day of documents that have one (likewise)
  readings.json        what unchanged files gave; may be lost (ingest.reading_cache)

Where the published generation is damaged, or the pointer is, the last good one serves.
"""

import logging
import sqlite3
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path

from assistant.domain.corpus import Document, DocumentId, Entry, Filters, Source
from assistant.domain.errors import StoreError
from vectorstore import building
from vectorstore.building import Progress, Replacement
from vectorstore.catalogue import StoredDocument
from vectorstore.embedding.embedder import Embedder
from vectorstore.errors import GO_BACK, NothingPublishedError, StoreDamagedError
from vectorstore.generation import Generation
from vectorstore.publishing import disk, verification
from vectorstore.publishing.generations_folder import CURRENT_FILE, GenerationsFolder
from vectorstore.publishing.hidden import HiddenDocuments, LastDays
from vectorstore.publishing.rollback import Kept, kept, roll_back
from vectorstore.publishing.writer_lock import writer_lock
from vectorstore.search.indexes import EmbeddedIndexes, VectorIndexes

FREE_AT_LEAST = 200 * 2**20
"""Bytes; Chroma alone writes tens of megabytes before it holds anything."""

MakeEmbedder = Callable[[], Embedder]
Examine = Callable[[Generation, Generation | None], None]
"""Looks at a generation before it is published, given the published one as well, if there is one;
raises an AssistantError to keep it from being published."""

_log = logging.getLogger(__name__)


class Library:
    """Publishes generations and hands out the published one. Safe to use from several threads.

    `verify` looks at a generation before it is published, or published again, and raises
    StoreDamagedError; `furnish` then adds to its folder what members are to have from the first.
    """

    def __init__(  # noqa: PLR0913 - each is one decision of the caller
        self,
        data: Path,
        make_embedder: MakeEmbedder,
        *,
        model: str,
        indexes: VectorIndexes | None = None,
        verify: Callable[[Path], None] | None = None,
        furnish: Examine | None = None,
        today: Callable[[], date] = date.today,
    ) -> None:
        self._generations = GenerationsFolder(data)
        self._make_embedder = make_embedder
        self._model = model
        self._indexes = indexes or EmbeddedIndexes()
        self._verify = verify or verification.in_child
        self._furnish = furnish
        self._lock = threading.Lock()
        self._loading = threading.Lock()
        self._embedder: Embedder | None = None
        self._open: _Shared | None = None
        self._damaged: dict[str, str] = {}
        self._distrusted_under: tuple[int, int] | None = None
        self._hidden = HiddenDocuments(data)
        self._days = LastDays(data)
        self._today = today

    @property
    def data(self) -> Path:
        """The data directory."""
        return self._generations.data

    def embedder(self) -> Embedder:
        """Return the embedding model, loading it on first use."""
        with self._loading:
            if self._embedder is None:
                self._embedder = self._make_embedder()
            return self._embedder

    def published(self) -> str | None:
        """Return the name of the generation that serves, None where there is none yet."""
        if self._damaged and self._generations.stamp() != self._distrusted_under:
            self._damaged = {}  # whoever wrote the pointer anew has verified what it names
        damaged = self._damaged
        sound = [each for each in self._generations.candidates() if each not in damaged]
        return next(iter(sound or self._generations.candidates()), None)

    def faults(self) -> list[str]:
        """Return what staff should know of the published generation; nothing is well."""
        pointed, serving = self._generations.pointed(), self.published()
        if serving is None or pointed == serving:
            return []
        if pointed is None:
            pointer = self.data / CURRENT_FILE
            return [f"{pointer} names no generation; {serving} serves instead; {GO_BACK}"]
        if (fault := self._damaged.get(pointed)) is None:
            return []  # it was published between the two looks
        return [f"{fault}. Generation {serving} serves instead."]

    @contextmanager
    def generation(self) -> Iterator[Generation]:
        """Hold the published generation; one published meanwhile is seen by the next holder.

        Raises NothingPublishedError where nothing was ingested yet.
        """
        shared = self._current()
        try:
            shared.generation.withhold(self.withheld())
            yield shared.generation
        finally:
            self._release(shared)

    def verify_published(self) -> None:
        """Verify what is published, before serving it; go to the last good one where it fails.

        Raises StoreDamagedError where no generation is sound.
        """
        while (name := self.published()) is not None:
            try:
                self._verify(self._generations.folder(name))
            except StoreDamagedError as exc:
                if name in self._damaged:
                    raise
                self._distrust(name, exc)
            else:
                return

    def stored(self) -> list[StoredDocument]:
        """Return what every published document was; nothing published is an empty list."""
        if self.published() is None:
            return []
        with self.generation() as generation:
            return generation.catalogue.stored()

    def document(self, document_id: DocumentId) -> Document | None:
        """Return a published document, withheld or not; None where there is none of that id."""
        if self.published() is None:
            return None
        with self.generation() as generation:
            return generation.catalogue.document(document_id)

    def sources(self) -> Sequence[Source]:
        """Return every published document that is not withheld, whatever its language."""
        if self.published() is None:
            return []
        with self.generation() as generation:
            return generation.documents(Filters(), every_version=True)

    def documents(self) -> Iterator[tuple[str, Document]]:
        """Yield every published document after its origin."""
        if self.published() is not None:
            with self.generation() as generation:
                yield from generation.catalogue.documents()

    def hidden(self) -> frozenset[DocumentId]:
        """Return the documents that staff have hidden."""
        return self._hidden.ids()

    def withheld(self) -> frozenset[DocumentId]:
        """Return the documents that no answer may use today: hidden, or past their last day."""
        return self._hidden.ids() | self._days.past(self._today())

    def last_days(self) -> Mapping[DocumentId, date]:
        """Return the last day of each document that has one."""
        return self._days.days()

    def past(self) -> frozenset[DocumentId]:
        """Return the documents whose last day is over."""
        return self._days.past(self._today())

    def ending(self, within: timedelta) -> frozenset[DocumentId]:
        """Return the documents that may still be used today, but whose last day is near."""
        today = self._today()
        return self._days.ending(today, today + within)

    def hide(self, *documents: DocumentId, hidden: bool = True) -> None:
        """Take documents out of the answers at once, or let the next run bring them back.

        Every process that serves from this data directory follows at its next question.
        """
        change = frozenset.union if hidden else frozenset.difference
        self._hidden.change(lambda before: change(before, documents))

    def limit(self, document_id: DocumentId, last: date | None) -> None:
        """Use a document up to a day, and no longer; None: without an end. It holds at once."""
        limit = {} if last is None else {document_id: last}
        self._days.change(
            lambda days: {each: day for each, day in days.items() if each != document_id} | limit
        )

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
    def writing(self, by: str = "the command line") -> Iterator[None]:
        """Hold the right to publish. Raises StoreBusyError, saying who has it, where another has.

        `by` is who asks, in words fit for those who come second.
        """
        self._generations.make()
        with writer_lock(self.data, by):
            yield

    def publish(  # noqa: PLR0913 - each is one decision of the caller
        self,
        write: Sequence[Entry],
        delete: Collection[DocumentId],
        *,
        chunking: str,
        rebuild: bool,
        progress: Progress,
        examine: Examine | None = None,
    ) -> str:
        """Build a generation with the change applied and publish it; return its name.

        Call it while holding `writing`. With `rebuild`, nothing is carried over: `write` must then
        hold every document. Whatever fails, or `examine` raises, the published generation stays.
        """
        change = Replacement(write, delete, chunking)
        self._generations.sweep(self._indexes.remove)
        current = self.published()
        last = disk.size(self._generations.folder(current)) if current else 0
        disk.check_space(self.data, max(FREE_AT_LEAST, 2 * last))
        name = self._generations.next_name()
        draft = self._generations.draft(name)
        try:
            self._build(draft, change, progress, rebuild=rebuild)
            self._look_at(draft, examine)
            self._generations.keep(draft, name)
            self._generations.point_at(name)
        except (OSError, sqlite3.Error) as exc:
            self._generations.discard(draft, self._indexes.remove)
            raise disk.failure(exc, self.data) from exc
        except BaseException:
            self._generations.discard(draft, self._indexes.remove)
            raise
        self._generations.sweep(self._indexes.remove)
        return name

    def names(self) -> list[str]:
        """Return the names of the generations that are kept, oldest first."""
        return self._generations.names()

    def kept(self) -> list[Kept]:
        """Return what the kept generations say of themselves, oldest first."""
        return kept(self._generations)

    def roll_back(self, name: str | None = None) -> str:
        """Publish a kept generation again; without a name, the last sound one before.

        Call it while holding `writing`. It is verified first; where it is damaged or not there,
        what is published stays.
        """
        return roll_back(self._generations, self._look_at, name)

    def close(self) -> None:
        """Release files."""
        with self._lock:
            shared, self._open = self._open, None
        if shared is not None:
            self._release(shared)

    def _build(
        self, draft: Path, change: Replacement, progress: Progress, *, rebuild: bool
    ) -> None:
        embedder = self.embedder()
        if rebuild or self.published() is None:
            building.build(draft, change, None, embedder, indexes=self._indexes, progress=progress)
            return
        with self.generation() as base:
            base.check_embedder()
            building.build(draft, change, base, embedder, indexes=self._indexes, progress=progress)

    def _look_at(self, folder: Path, examine: Examine | None = None) -> None:
        self._verify(folder)
        looks = [each for each in (examine, self._furnish) if each is not None]
        if not looks:
            return
        with (
            closing(self._opened(folder)) as opened,
            ExitStack() as held,
        ):
            opened.withhold(self.withheld())
            published = None
            with suppress(StoreError):  # what a rebuild replaces may be beyond reading
                published = held.enter_context(self.generation())
            for look in looks:
                look(opened, published)

    def _current(self) -> "_Shared":
        with self._lock:
            while (name := self.published()) is not None:
                if self._open is not None and self._open.generation.name == name:
                    break
                try:
                    fresh = _Shared(self._opened(self._generations.folder(name)))
                except StoreDamagedError as exc:
                    if name in self._damaged:
                        raise
                    self._distrust(name, exc)
                    continue
                if self._open is not None:
                    self._open.drop()
                self._open = fresh
            if name is None or self._open is None:
                msg = f"nothing is published in {self.data} yet; run `python app.py ingest FOLDER`"
                raise NothingPublishedError(msg)
            self._open.holders += 1
            return self._open

    def _opened(self, folder: Path) -> Generation:
        return Generation(folder, self.embedder, self._indexes)

    def _distrust(self, name: str, exc: StoreDamagedError) -> None:
        self._distrusted_under = self._generations.stamp()
        self._damaged[name] = str(exc)
        _log.warning("%s", exc)

    def _release(self, shared: "_Shared") -> None:
        with self._lock:
            shared.drop()


class _Shared:
    """An open generation with the number of those who hold it, the library among them."""

    def __init__(self, generation: Generation) -> None:
        self.generation = generation
        self.holders = 1

    def drop(self) -> None:
        self.holders -= 1
        if not self.holders:
            self.generation.close()
