"""Run an ingestion: crawls → plan → chunks → a published generation.

It calls things in order and decides nothing: `ingest.plan` decides.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

from assistant.corpus import Document, DocumentId, Entry
from ingest import chunking
from ingest.plan import Crawl, Plan, StoredDocument, make_plan
from ingest.report import Report

Progress = Callable[[int, int], None]


class Index(Protocol):
    """What ingestion needs of a store. Every method raises StoreError where the store fails."""

    def stored(self) -> Sequence[StoredDocument]:
        """Return what is published; nothing published is an empty sequence."""
        ...

    def documents(self) -> Iterator[tuple[str, Document]]:
        """Yield every published document after its origin."""
        ...

    def chunking(self) -> str | None:
        """Return the recipe that the published chunks were cut by, None where there are none."""
        ...

    def check_embedder(self) -> None:
        """Raise StoreError if what is published was built with another model."""
        ...

    def count_tokens(self, text: str) -> int:
        """Return the number of tokens that `text` takes in the embedding model."""
        ...

    def token_limit(self) -> int:
        """Return the number of tokens beyond which the embedding model cuts a passage off."""
        ...

    def writing(self) -> AbstractContextManager[None]:
        """Hold the right to publish; raises StoreError where another run has it."""
        ...

    def publish(
        self,
        write: Sequence[Entry],
        delete: Collection[DocumentId],
        *,
        chunking: str,
        rebuild: bool,
        progress: Progress,
    ) -> str:
        """Apply the change all at once, or not at all; return the name of what is published."""
        ...

    def published(self) -> str | None:
        """Return the name of what is published, None where there is nothing yet."""
        ...


def run(  # noqa: PLR0913 - each is one decision of the caller
    crawls: Sequence[Crawl],
    index: Index,
    *,
    replace: bool,
    rebuild: bool,
    dry_run: bool,
    origin_exists: Callable[[str], bool],
    progress: Progress,
) -> Report:
    """Bring the index up to date with what was read; nothing changed, nothing published."""
    # Looking needs no lock, and must not leave so much as a directory behind.
    with nullcontext() if dry_run else index.writing():
        plan = make_plan(index.stored(), crawls, replace=replace, origin_exists=origin_exists)
        skipped = tuple(name for crawl in crawls for name in crawl.skipped)
        recut = index.chunking() not in (None, chunking.RECIPE)
        everything = rebuild or recut
        if not everything:
            index.check_embedder()
        if dry_run or (plan.changes_nothing and not everything):
            return Report(plan, skipped, index.published(), is_new=False, dry_run=dry_run)
        documents = _with_stored(plan, index) if everything else list(plan.write)
        generation = index.publish(
            [_entry(origin, document, index) for origin, document in documents],
            plan.removed,
            chunking=chunking.RECIPE,
            rebuild=everything,
            progress=progress,
        )
        return Report(plan, skipped, generation, is_new=True, dry_run=False)


def _with_stored(plan: Plan, index: Index) -> list[tuple[str, Document]]:
    """Return all documents that are to be published, those that were not read included."""
    gone = {*plan.removed, *(document.id for _, document in plan.write)}
    stored = [found for found in index.documents() if found[1].id not in gone]
    return [*stored, *plan.write]


def _entry(origin: str, document: Document, index: Index) -> Entry:
    chunks = chunking.chunk(document, count_tokens=index.count_tokens, limit=index.token_limit())
    return Entry(origin, document, tuple(chunks))
