"""What can still be read of published documents where no generation can be opened any more.

A generation is built anew from its documents alone. They stand in its catalogue, which may be whole
where an index is damaged, or where the layout of the other files has changed since.
"""

import json
import logging
import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from assistant.domain.corpus import Document, DocumentId, Entry
from assistant.domain.errors import StoreError
from vectorstore import integrity, manifest
from vectorstore.catalogue import Catalogue, StoredDocument
from vectorstore.errors import StoreUnavailableError
from vectorstore.generation import CATALOGUE_FILE
from vectorstore.publishing.generations_folder import CURRENT_FILE, GenerationsFolder
from vectorstore.publishing.library import Library

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Remains:
    """The documents of a catalogue, each after its origin."""

    stored: tuple[StoredDocument, ...] = ()
    documents: tuple[tuple[str, Document], ...] = ()


class Salvage:
    """A library to rebuild: what it cannot open any more counts as far as it can be read."""

    def __init__(self, library: Library) -> None:
        self._library = library

    @property
    def is_lost(self) -> bool:
        """Whether something is published of which no document can be read."""
        return self._remains is not None and not self._remains.documents

    def stored(self) -> Sequence[StoredDocument]:
        """Return what every document was that can be read."""
        return self._library.stored() if self._remains is None else self._remains.stored

    def document(self, document_id: DocumentId) -> Document | None:
        """Return a document, None where there is none of that id to be read."""
        if self._remains is None:
            return self._library.document(document_id)
        return next(
            (document for _, document in self._remains.documents if document.id == document_id),
            None,
        )

    def documents(self) -> Iterator[tuple[str, Document]]:
        """Yield every document that can be read after its origin."""
        if self._remains is None:
            return self._library.documents()
        return iter(self._remains.documents)

    def chunking(self) -> str | None:
        """Return the recipe that the published chunks were cut by, None where they are lost."""
        return self._library.chunking() if self._remains is None else None

    def hidden(self) -> Collection[DocumentId]:
        """Return the documents that staff have taken out of the answers."""
        return self._library.hidden()

    def check_embedder(self) -> None:
        """Accept any embedder: all is embedded anew."""

    def count_tokens(self, text: str) -> int:
        """Return the number of tokens that `text` takes in the embedding model."""
        return self._library.count_tokens(text)

    def token_limit(self) -> int:
        """Return the number of tokens beyond which the embedding model cuts a passage off."""
        return self._library.token_limit()

    def writing(self, by: str) -> AbstractContextManager[None]:
        """Hold the right to publish."""
        return self._library.writing(by)

    def publish(  # noqa: PLR0913 - each is one decision of the caller
        self,
        write: Sequence[Entry],
        delete: Collection[DocumentId],
        *,
        chunking: str,
        rebuild: bool,
        progress: Callable[[int, int], None],
        examine: Callable[[Any, Any], None] | None,
    ) -> str:
        """Publish a new generation. Raises StoreUnavailableError where it would be an empty one."""
        if self.is_lost and not write:
            msg = (
                f"no document can be read of what is published in {self._library.data}; "
                "name their folders: `python app.py ingest --rebuild FOLDER`"
            )
            raise StoreUnavailableError(msg)
        return self._library.publish(
            write, delete, chunking=chunking, rebuild=rebuild, progress=progress, examine=examine
        )

    def published(self) -> str | None:
        """Return the name of what is published, None where there is nothing yet."""
        return self._library.published()

    @cached_property
    def _remains(self) -> _Remains | None:
        """What can be read of a library that cannot be opened, None where it can."""
        if self._library.published() is None:
            # A pointer alone says that there were documents once.
            return _Remains() if (self._library.data / CURRENT_FILE).exists() else None
        try:
            self._library.stored()
        except StoreError as exc:
            _log.warning("%s", exc)
        except sqlite3.Error as exc:
            _log.warning("what is published cannot be read: %s", exc)
        else:
            return None
        generations = GenerationsFolder(self._library.data)
        found = (_read(generations.folder(name)) for name in generations.candidates())
        return next((each for each in found if each is not None), _Remains())


def _read(folder: Path) -> _Remains | None:
    """Return all that a catalogue holds, None where it is not whole."""
    try:
        with closing(Catalogue(folder / CATALOGUE_FILE, read_only=True)) as catalogue:
            if catalogue.is_whole() and _is_as_published(folder):
                catalogue.take_older()
                return _Remains(tuple(catalogue.stored()), tuple(catalogue.documents()))
    except (sqlite3.Error, OSError, ValueError, TypeError, KeyError) as exc:
        _log.warning("the documents of %s cannot be read: %s", folder, exc)
    return None


def _is_as_published(folder: Path) -> bool:
    """Whether the catalogue is the one of the manifest, as far as that can be told."""
    try:
        files = json.loads((folder / manifest.FILE).read_text(encoding="utf-8"))["files"]
        published = files[CATALOGUE_FILE]
    except (OSError, ValueError, TypeError, KeyError):
        return True
    return bool(integrity.digest(folder / CATALOGUE_FILE) == published)
