"""Decide what a run must change. No input or output happens here."""

import dataclasses
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Protocol

from assistant.domain.corpus import Document, DocumentId


class KnownDocument(Protocol):
    """What a run must know of a document that is published."""

    @property
    def id(self) -> DocumentId:
        """The document's id."""
        ...

    @property
    def origin(self) -> str:
        """The source it came from."""
        ...

    @property
    def title(self) -> str:
        """The title a reader knows it by."""
        ...

    @property
    def fingerprint(self) -> str:
        """The fingerprint of what is published."""
        ...


REMOVAL_SHARE = 0.3
"""Of a source's documents; a run that would remove more has to be confirmed."""
FEW = 2  # documents; to lose one of three is no alarm

_OVERTAKEN = "was published by another run meanwhile; run the command again"


@dataclass(frozen=True, slots=True)
class Failure:
    """A document that could not be read, by the name a person knows it by, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What somebody should know of a document that was read."""

    document: DocumentId
    text: str


@dataclass(frozen=True, slots=True)
class Crawl:
    """All that one source held when it was read.

    Attributes:
        origin: What tells the source from others; for files, the path.
        skipped: Files of a form that is not read, by name.
        complete: Whether what is missing here is gone; only then may it be removed.
        unchanged: What gives the published document still, and was therefore not read; with the
            fingerprint of that document.
        formerly: Origins that the source had where it was before; what they published is its own.
        is_unread: Whether the source could not even be listed, so that nothing of it was read.
    """

    origin: str
    documents: tuple[Document, ...]
    failures: tuple[Failure, ...] = ()
    skipped: tuple[str, ...] = ()
    complete: bool = True
    unchanged: tuple[tuple[DocumentId, str], ...] = ()
    notices: tuple[Notice, ...] = ()
    formerly: tuple[str, ...] = ()
    is_unread: bool = False

    @property
    def origins(self) -> tuple[str, ...]:
        """All that its documents are or were published under."""
        return (self.origin, *self.formerly)


@dataclass(frozen=True, slots=True)
class IngestionPlan:
    """What is new, changed, unchanged, gone, and what could not be read.

    Attributes:
        concerns: What a person should confirm before the plan is carried out.
    """

    new: tuple[tuple[str, Document], ...]
    changed: tuple[tuple[str, Document], ...]
    unchanged: tuple[DocumentId, ...]
    removed: tuple[DocumentId, ...]
    failures: tuple[Failure, ...]
    concerns: tuple[str, ...] = ()

    @property
    def write(self) -> tuple[tuple[str, Document], ...]:
        """What must be written, each document after its origin."""
        return (*self.new, *self.changed)

    @property
    def changes_nothing(self) -> bool:
        """Whether the published generation may stay as it is."""
        return not (self.new or self.changed or self.removed)


def make_plan(  # noqa: PLR0913 - each is one decision of the caller
    stored: Sequence[KnownDocument],
    crawls: Sequence[Crawl],
    *,
    replace: bool,
    origin_exists: Callable[[str], bool],
    hidden: Collection[DocumentId] = (),
    removal_share: float = REMOVAL_SHARE,
) -> IngestionPlan:
    """Compare what was read with what is published.

    A document that could not be read keeps its published version. Documents of sources that were
    not read stay, unless `replace` says that the crawls are to be all there is. What is `hidden`
    is not brought in, and removed where it is published.
    """
    published = {each.id: each for each in stored}
    may_move = (lambda _: True) if replace else (lambda origin: not origin_exists(origin))
    read, clashes = _what_was_read(crawls, published, hidden, may_move)
    failures = [*(failure for crawl in crawls for failure in crawl.failures), *clashes]
    still, overtaken = _passed_over(crawls, published, hidden)
    failures += overtaken
    present = {*read, *still, *(failure.name for failure in failures)}
    whole = {origin for crawl in crawls if crawl.complete for origin in crawl.origins}
    partial = {origin for crawl in crawls for origin in crawl.origins} - whole
    gone = [
        each
        for each in stored
        if each.id not in present
        and (each.origin in whole or (replace and each.origin not in partial))
    ]
    removed = {each.id for each in gone} | {each.id for each in stored if each.id in hidden}
    plan = _sorted_out(published, read, tuple(i for i in published if i in removed), failures)
    lost = [each.origin for each in gone if each.id not in hidden and each.origin in whole]
    return dataclasses.replace(
        plan,
        unchanged=(*still, *plan.unchanged),
        concerns=tuple(_many_gone(lost, [each.origin for each in stored], removal_share)),
    )


def _what_was_read(
    crawls: Sequence[Crawl],
    published: Mapping[DocumentId, KnownDocument],
    hidden: Collection[DocumentId],
    may_move: Callable[[str], bool],
) -> tuple[dict[DocumentId, tuple[str, Document]], list[Failure]]:
    """Return the documents after their origins, and those whose id another source has.

    From a source that is not read now a document may move, if `may_move` says so, or if that was
    the file alone that a folder now holds.
    """
    read: dict[DocumentId, tuple[str, Document]] = {}
    clashes = []
    now = {crawl.origin for crawl in crawls}
    for crawl in crawls:
        for document in crawl.documents:
            if document.id in hidden:
                continue
            taken = _taken(document.id, crawl.origin, read, published)
            is_same_file = taken == str(PurePath(crawl.origin) / document.id)
            if taken and (taken in now or not (is_same_file or may_move(taken))):
                clashes.append(Failure(document.id, _clash(crawl.origin, taken)))
            else:
                read[document.id] = (crawl.origin, document)
    return read, clashes


def _passed_over(
    crawls: Sequence[Crawl],
    published: Mapping[DocumentId, KnownDocument],
    hidden: Collection[DocumentId],
) -> tuple[list[DocumentId], list[Failure]]:
    """Return what was not read because it is published as it is, and what is so no longer."""
    still, overtaken = [], []
    for crawl in crawls:
        for document_id, fingerprint in crawl.unchanged:
            before = published.get(document_id)
            if document_id in hidden:
                continue
            if before and (before.fingerprint, before.origin) == (fingerprint, crawl.origin):
                still.append(document_id)
            else:
                overtaken.append(Failure(document_id, _OVERTAKEN))
    return still, overtaken


def _many_gone(lost: Sequence[str], before: Sequence[str], share: float) -> list[str]:
    """Return the sources that would lose more than `share` of their documents, in words.

    Both arguments name the source of each document. A site that shows a login page, a folder that
    was not mounted: both look like a deletion.
    """
    had = Counter(before)
    return [
        f"{many} of {had[origin]} documents of {origin} would be removed"
        for origin, many in Counter(lost).items()
        if many >= FEW and many > share * had[origin]
    ]


def _sorted_out(
    published: Mapping[DocumentId, KnownDocument],
    read: Mapping[DocumentId, tuple[str, Document]],
    removed: tuple[DocumentId, ...],
    failures: Sequence[Failure],
) -> IngestionPlan:
    same = {
        document_id
        for document_id, (origin, document) in read.items()
        if (before := published.get(document_id))
        and (before.fingerprint, before.origin) == (document.fingerprint(), origin)
    }
    return IngestionPlan(
        new=tuple(found for each, found in read.items() if each not in published),
        changed=tuple(
            found for each, found in read.items() if each in published and each not in same
        ),
        unchanged=tuple(each for each in read if each in same),
        removed=removed,
        failures=tuple(failures),
    )


def _taken(
    document_id: DocumentId,
    origin: str,
    read: Mapping[DocumentId, tuple[str, Document]],
    published: Mapping[DocumentId, KnownDocument],
) -> str | None:
    """Return the other source that has a document of this id, None where there is none."""
    if document_id in read:
        return read[document_id][0]
    before = published.get(document_id)
    return before.origin if before and before.origin != origin else None


def _clash(origin: str, other: str) -> str:
    if other in map(str, PurePath(origin).parents):
        return f"lies in {other}, which was brought in with all it holds; ingest that folder again"
    return f"{other} has a document of the same name; rename one, or ingest their common folder"
