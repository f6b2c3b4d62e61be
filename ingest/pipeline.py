"""Run an ingestion: crawls → plan → chunks → a published generation.

It calls things in order and decides nothing: `ingest.plan` decides.
"""

import dataclasses
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Protocol

from assistant.domain.corpus import Document, DocumentId, Entry
from assistant.domain.edits import Edit
from ingest import chunking
from ingest.differences import changes
from ingest.edits import applied
from ingest.errors import HeldError
from ingest.plan import REMOVAL_SHARE, Crawl, IngestionPlan, KnownDocument, make_plan
from ingest.report import Report

Progress = Callable[[int, int], None]
Examine = Callable[[Any, Any], Sequence[str]]
"""Says what speaks against publishing a draft of the index, given it and what is published."""


@dataclass(frozen=True, slots=True)
class Options:
    """What whoever starts a run decides.

    Attributes:
        replace: Whether the crawls are to be all there is.
        rebuild: Whether everything is embedded anew.
        dry_run: Whether to look only.
        accepted: Whether a person has confirmed all that the run may have concerns about.
        removals_accepted: Whether one has confirmed what it removes, and nothing else.
        removal_share: Of a source's documents; removing more is a concern.
        by: Who runs it, in words fit for those who come second.
    """

    replace: bool = False
    rebuild: bool = False
    dry_run: bool = False
    accepted: bool = False
    removals_accepted: bool = False
    removal_share: float = REMOVAL_SHARE
    by: str = "the command line"


class Index(Protocol):
    """What ingestion needs of a store. Every method raises StoreError where the store fails."""

    def stored(self) -> Sequence[KnownDocument]:
        """Return what is published; nothing published is an empty sequence."""
        ...

    def document(self, document_id: DocumentId) -> Document | None:
        """Return a published document, withheld or not; None where there is none of that id."""
        ...

    def hidden(self) -> Collection[DocumentId]:
        """Return the documents that staff have taken out of the answers."""
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

    def writing(self, by: str) -> AbstractContextManager[None]:
        """Hold the right to publish; raises StoreError, saying who has it, where another has."""
        ...

    def publish(  # noqa: PLR0913 - each is one decision of the caller
        self,
        write: Sequence[Entry],
        delete: Collection[DocumentId],
        *,
        chunking: str,
        rebuild: bool,
        progress: Progress,
        examine: Callable[[Any, Any], None] | None,
    ) -> str:
        """Apply the change all at once, or not at all; return the name of what is published.

        `examine` gets the draft and what is published, None where nothing is, and may raise.
        """
        ...

    def published(self) -> str | None:
        """Return the name of what is published, None where there is nothing yet."""
        ...


def run(  # noqa: PLR0913 - each is one decision of the caller
    crawls: Sequence[Crawl],
    index: Index,
    options: Options,
    *,
    origin_exists: Callable[[str], bool],
    progress: Progress,
    examine: Examine | None = None,
    edits: Sequence[Edit] = (),
    check: Callable[[], None] = lambda: None,
) -> Report:
    """Bring the index up to date with what was read; nothing changed, nothing published.

    What a person should confirm first is not published either; the report says why. What staff
    have corrected goes over what was read. `check`, which may raise, is called under the lock.
    """
    # Looking needs no lock, and must not leave so much as a directory behind.
    with nullcontext() if options.dry_run else index.writing(options.by):
        check()
        crawls = applied(crawls, edits, index.document)
        plan = make_plan(
            index.stored(),
            crawls,
            replace=options.replace,
            origin_exists=origin_exists,
            hidden=index.hidden(),
            removal_share=options.removal_share,
        )
        everything = options.rebuild or index.chunking() not in (None, chunking.RECIPE)
        if not everything:
            index.check_embedder()
        report = Report(
            plan,
            changes(plan, index),
            tuple(name for crawl in crawls for name in crawl.skipped),
            index.published(),
            notices=tuple(notice for crawl in crawls for notice in crawl.notices),
            dry_run=options.dry_run,
            is_partial=any(crawl.is_unread for crawl in crawls),
        )
        is_held = bool(plan.concerns) and not (options.accepted or options.removals_accepted)
        if options.dry_run or is_held or (plan.changes_nothing and not everything):
            return dataclasses.replace(report, concerns=plan.concerns, is_held=is_held)
        asked = None if options.accepted else examine
        return _published(report, index, asked, progress, everything=everything)


def _published(
    report: Report, index: Index, examine: Examine | None, progress: Progress, *, everything: bool
) -> Report:
    try:
        generation = _publish(report.plan, index, examine, progress, everything=everything)
    except HeldError as exc:
        return dataclasses.replace(report, concerns=exc.concerns, is_held=True, is_examined=True)
    return dataclasses.replace(report, generation=generation, is_new=True)


def _publish(
    plan: IngestionPlan,
    index: Index,
    examine: Examine | None,
    progress: Progress,
    *,
    everything: bool,
) -> str:
    def hold_where_it_objects(draft: object, published: object) -> None:
        if examine is not None and (concerns := examine(draft, published)):
            raise HeldError(concerns)

    documents = _with_stored(plan, index) if everything else list(plan.write)
    return index.publish(
        [_entry(origin, document, index) for origin, document in documents],
        plan.removed,
        chunking=chunking.RECIPE,
        rebuild=everything,
        progress=progress,
        examine=None if examine is None else hold_where_it_objects,
    )


def _with_stored(plan: IngestionPlan, index: Index) -> list[tuple[str, Document]]:
    """Return all documents that are to be published, those that were not read included."""
    gone = {*plan.removed, *(document.id for _, document in plan.write)}
    stored = [found for found in index.documents() if found[1].id not in gone]
    return [*stored, *plan.write]


def _entry(origin: str, document: Document, index: Index) -> Entry:
    chunks = chunking.chunk(document, count_tokens=index.count_tokens, limit=index.token_limit())
    return Entry(origin, document, tuple(chunks))
