"""What the staff page needs from outside: ingestion, and what is published.

`ingest.operations.Desk` and `vectorstore.publishing.contents.Contents` fulfil these by shape.
Every method raises an AssistantError, in words for staff, where it cannot do what it says.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from assistant.domain.publication import (
    DocumentList,
    DocumentQuery,
    KeptGeneration,
    OpenedDocument,
    Publication,
)
from assistant.domain.runs import Run, SourceInfo


class Upload(Protocol):
    """A file that staff have put in."""

    @property
    def name(self) -> str:
        """Its name, made safe."""
        ...

    @property
    def size(self) -> int:
        """Its length in bytes."""
        ...

    @property
    def received(self) -> datetime:
        """When it came."""
        ...


class Trial(Protocol):
    """What a source would give."""

    @property
    def found(self) -> Sequence[tuple[str, int]]:
        """What there is, and how many of it."""
        ...

    @property
    def languages(self) -> Sequence[str]:
        """The languages that the source itself names."""
        ...

    @property
    def notes(self) -> Sequence[str]:
        """What is worth knowing though it can be read."""
        ...

    @property
    def reason(self) -> str:
        """Why it cannot be read, empty where it can."""
        ...


class Desk(Protocol):
    """Sources, uploads and runs. A run is a process of its own and outlives the page."""

    def sources(self) -> Sequence[SourceInfo]:
        """Return the configured sources and the uploads, with the last run of each."""
        ...

    def source_faults(self, fields: Mapping[str, object]) -> Mapping[str, str]:
        """Return what is wrong with a source that is to be added, by field; none is well."""
        ...

    def add_source(self, fields: Mapping[str, object]) -> None:
        """Write a source into the configuration."""
        ...

    def remove_source(self, name: str) -> None:
        """Take a source out of the configuration; its documents stay published."""
        ...

    def try_source(self, name: str) -> Trial:
        """Connect to a source and say what it holds, or why it cannot be read."""
        ...

    def sync(self, names: Sequence[str], *, by: str, dry_run: bool) -> str:
        """Start reading sources; return the id of the run."""
        ...

    def publish(self, run_id: str, *, by: str) -> str:
        """Start publishing what a run planned; return the id of the new run."""
        ...

    def runs(self) -> Sequence[Run]:
        """Return the runs that are kept, the newest first."""
        ...

    def run(self, run_id: str) -> Run:
        """Return a run."""
        ...

    def uploads(self) -> Sequence[Upload]:
        """Return the uploaded files, by name."""
        ...

    def upload_forms(self) -> Sequence[str]:
        """Return the endings of the files that can be read."""
        ...

    def upload(self, name: str, pieces: Iterable[bytes]) -> Upload:
        """Keep a file."""
        ...

    def remove_upload(self, name: str) -> None:
        """Forget an uploaded file."""
        ...


class Contents(Protocol):
    """The published documents."""

    def publication(self) -> Publication | None:
        """Return what is published, None where nothing is."""
        ...

    def faults(self) -> Sequence[str]:
        """Return what staff should know of the published generation; nothing is well."""
        ...

    def documents(self, wanted: DocumentQuery, *, first: int, count: int) -> DocumentList:
        """Return documents that pass, newest first, from the place `first` on."""
        ...

    def document(self, document_id: str) -> OpenedDocument:
        """Return a document, be it hidden or not."""
        ...

    def versions(self, document_id: str) -> Sequence[str]:
        """Return the ids of the same work in other languages."""
        ...

    def hide(self, document_id: str) -> None:
        """Take a document out of the answers at once."""
        ...

    def show(self, document_id: str) -> None:
        """Bring a hidden document back: at once where it is still published, else by a run."""
        ...

    def hidden(self) -> Sequence[str]:
        """Return the ids of what is hidden, those that are no longer published as well."""
        ...

    def generations(self) -> Sequence[KeptGeneration]:
        """Return the generations that are kept, the newest first."""
        ...

    def roll_back(self, name: str, *, by: str) -> None:
        """Verify a kept generation and publish it again."""
        ...
