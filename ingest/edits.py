"""Apply what staff have corrected to documents as they are read. No input or output happens here.

A source that is read says what it says; staff's words are put over it before a plan compares, so
that an edit shows as a change and outlives every run. Nothing of it is kept in what was read.
"""

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from assistant.domain.corpus import Document, DocumentId, Kind
from assistant.domain.edits import Edit, by_document
from ingest.plan import Crawl, KnownDocument

NAME = "edits by staff"
"""What a run that reads no source is recorded under; no source can have such a name."""

Find = Callable[[DocumentId], Document | None]


def facts(document: Document) -> dict[str, str]:
    """Return the fields of a document that may be edited, as text."""
    source = document.source
    return {
        "title": source.title,
        "published": source.published.isoformat() if source.published else "",
        "kind": source.kind.value,
        "language": source.language,
        "url": source.url,
        "replaced_by": document.replaced_by,
    }


def with_facts(document: Document, values: Mapping[str, str]) -> Document:
    """Return a document with some fields as given."""
    found = {**facts(document), **values}
    published = date.fromisoformat(found["published"]) if found["published"] else None
    changed = document.source.changed
    source = dataclasses.replace(
        document.source,
        title=found["title"],
        published=published,
        kind=Kind(found["kind"]),
        language=found["language"],
        url=found["url"],
        changed=None if changed and published and changed <= published else changed,
    )
    return dataclasses.replace(document, source=source, replaced_by=found["replaced_by"])


def edited(document: Document, edits: Mapping[str, Edit]) -> Document:
    """Return a document that was read with what staff say over it."""
    known = facts(document)
    values = {
        field: edit.value
        for field, edit in edits.items()
        if field in known and not edit.is_undone and known[field] != edit.value
    }
    return with_facts(document, values) if values else document


def renewed(document: Document, edits: Mapping[str, Edit]) -> Document:
    """Return a published document as it is to be: with edits, and without what was undone."""
    known = facts(document)
    values = {
        field: edit.wanted
        for field, edit in edits.items()
        if field in known and known[field] != edit.wanted
    }
    return with_facts(document, values) if values else document


def applied(crawls: Sequence[Crawl], edits: Iterable[Edit], published: Find) -> list[Crawl]:
    """Return what was read, as staff want it.

    Of what was not read because it is published as it is, `published` is what would be read.
    """
    corrected = by_document(edits)
    return [_applied(crawl, corrected, published) for crawl in crawls] if corrected else [*crawls]


def _applied(
    crawl: Crawl, corrected: Mapping[DocumentId, Mapping[str, Edit]], published: Find
) -> Crawl:
    documents = [edited(each, corrected.get(each.id, {})) for each in crawl.documents]
    unchanged = []
    for document_id, fingerprint in crawl.unchanged:
        before = published(document_id) if document_id in corrected else None
        # Published anew meanwhile: the plan tells of that.
        if before is None or before.fingerprint() != fingerprint:
            unchanged.append((document_id, fingerprint))
            continue
        after = renewed(before, corrected[document_id])
        if after == before:
            unchanged.append((document_id, fingerprint))
        else:
            documents.append(after)
    return dataclasses.replace(crawl, documents=tuple(documents), unchanged=tuple(unchanged))


def of_published(stored: Sequence[KnownDocument], edits: Iterable[Edit]) -> list[Crawl]:
    """Return crawls of what is published of edited documents, so that only they are renewed."""
    corrected = by_document(edits)
    origins: dict[str, list[tuple[DocumentId, str]]] = {}
    for each in stored:
        if each.id in corrected:
            origins.setdefault(each.origin, []).append((each.id, each.fingerprint))
    return [
        Crawl(origin, (), complete=False, unchanged=tuple(listed))
        for origin, listed in origins.items()
    ]


def heard(crawls: Sequence[Crawl], edits: Iterable[Edit]) -> dict[DocumentId, dict[str, str]]:
    """Return what sources said of edited documents."""
    corrected = by_document(edits)
    return {
        document.id: facts(document)
        for crawl in crawls
        for document in crawl.documents
        if document.id in corrected
    }


def settled(crawls: Sequence[Crawl], edits: Iterable[Edit]) -> list[Edit]:
    """Return the edits that were undone and that a run over these crawls has taken back."""
    gone = {each.id for crawl in crawls for each in crawl.documents}
    gone |= {each for crawl in crawls for each, _ in crawl.unchanged}
    return [edit for edit in edits if edit.is_undone and edit.document in gone]
