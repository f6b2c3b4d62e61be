"""Documents and chunks as rows of the catalogue, and back."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from assistant.domain.corpus import (
    Chunk,
    Document,
    DocumentId,
    Kind,
    Source,
    Span,
    Successor,
    Translation,
)

_SUCCESSOR = (
    "CASE d.replaced_by WHEN '' THEN NULL ELSE (SELECT json_array(r.id, r.title) "
    "FROM documents r WHERE r.id != d.id AND NOT is_withheld(r.id) AND (r.id = d.replaced_by "
    "OR r.url IN (d.replaced_by, d.replaced_by || '/', rtrim(d.replaced_by, '/'))) "
    "ORDER BY r.id LIMIT 1) END"
)
_FIELDS = ("id", "title", "url", "published", "changed", "language", "kind", "authors")
SOURCE = f"{', '.join(f'd.{field}' for field in _FIELDS)}, {_SUCCESSOR}"
_SOURCE_LENGTH = len(_FIELDS) + 1
DOCUMENT = f"{SOURCE}, d.text, d.translations, d.replaced_by"
CHUNK = (
    f'{SOURCE}, c.ordinal, substr(d.text, c.start + 1, c."end" - c.start), '
    'c.start, c."end", c.kind, c.headings, c.lead_in, c.sentences'
)


def from_document(document: Document, origin: str) -> tuple[object, ...]:
    """Return the values of a document's row."""
    source = document.source
    return (
        source.document_id,
        origin,
        source.title,
        source.url,
        source.published.isoformat() if source.published else None,
        source.changed.isoformat() if source.changed else None,
        source.language,
        source.kind.value,
        document.fingerprint(),
        json.dumps(source.authors),
        json.dumps([[version.language, version.url] for version in document.translations]),
        document.replaced_by,
        document.text,
    )


def from_chunk(key: str, vector_key: str, chunk: Chunk) -> tuple[object, ...]:
    """Return the values of a chunk's row, but its number."""
    return (
        key,
        vector_key,
        chunk.source.document_id,
        chunk.ordinal,
        chunk.start,
        chunk.end,
        chunk.kind.value,
        json.dumps(chunk.headings),
        chunk.lead_in,
        json.dumps([[span.start, span.end] for span in chunk.sentences]),
        len(chunk.sentences),
    )


def to_source(row: Sequence[Any]) -> Source:
    """Return what `SOURCE` selects."""
    document_id, title, url, published, changed, language, kind, authors, successor = row
    return Source(
        DocumentId(document_id),
        title,
        url,
        date.fromisoformat(published) if published else None,
        language,
        Kind(kind),
        tuple(json.loads(authors)),
        _to_successor(successor),
        date.fromisoformat(changed) if changed else None,
    )


def _to_successor(found: str | None) -> Successor | None:
    if found is None:
        return None
    document_id, title = json.loads(found)
    return Successor(DocumentId(document_id), title)


def to_document(row: Sequence[Any]) -> Document:
    """Return what `DOCUMENT` selects."""
    *source, text, translations, replaced_by = row
    versions = tuple(Translation(*version) for version in json.loads(translations))
    return Document(to_source(source), text, versions, replaced_by)


def to_chunk(row: Sequence[Any]) -> Chunk:
    """Return what `CHUNK` selects."""
    ordinal, text, start, end, kind, headings, lead_in, sentences = row[_SOURCE_LENGTH:]
    return Chunk(
        source=to_source(row[:_SOURCE_LENGTH]),
        ordinal=ordinal,
        text=text,
        start=start,
        end=end,
        kind=Kind(kind),
        headings=tuple(json.loads(headings)),
        lead_in=lead_in,
        sentences=tuple(Span(*span) for span in json.loads(sentences)),
    )
