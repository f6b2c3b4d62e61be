"""The catalogue of a generation: its documents and how they are cut, in one SQLite file."""

import json
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from assistant.domain.corpus import (
    Chunk,
    Document,
    DocumentId,
    Filters,
    Kind,
    Source,
    Span,
    Successor,
    Translation,
)
from vectorstore.search.translations import Version

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


SCHEMA = """
CREATE TABLE documents (
    id TEXT PRIMARY KEY, origin TEXT NOT NULL, title TEXT NOT NULL, url TEXT NOT NULL,
    published TEXT, changed TEXT, language TEXT NOT NULL, kind TEXT NOT NULL,
    fingerprint TEXT NOT NULL, authors TEXT NOT NULL, translations TEXT NOT NULL,
    replaced_by TEXT NOT NULL, text TEXT NOT NULL
);
CREATE INDEX documents_by_url ON documents (url);
CREATE TABLE chunks (
    row INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, vector_key TEXT NOT NULL,
    document_id TEXT NOT NULL REFERENCES documents (id), ordinal INTEGER NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, kind TEXT NOT NULL, headings TEXT NOT NULL,
    lead_in TEXT NOT NULL, sentences TEXT NOT NULL, sentence_count INTEGER NOT NULL
);
CREATE INDEX chunks_by_document ON chunks (document_id);
CREATE INDEX chunks_by_vector_key ON chunks (vector_key);
"""

# The queries are put together from constants only; every value is a parameter.
# ruff: noqa: S608


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """What a run must know of a document that is published.

    Attributes:
        origin: The path the document came from.
    """

    id: DocumentId
    origin: str
    title: str
    fingerprint: str


class ChunkRow(NamedTuple):
    """The index entry of a chunk; `published` is an ISO date or None."""

    row: int
    key: str
    vector_key: str
    sentence_count: int
    language: str
    kind: str
    published: str | None

    @property
    def day(self) -> int:
        """The date as a number such as 20210121, which sorts like the date; 0 for none."""
        return int((self.published or "0").replace("-", ""))


class Catalogue:
    """Reads and writes the file; one instance may be read by several threads.

    Attributes:
        withheld: Documents that are named as the successor of none.
    """

    def __init__(self, path: Path, *, create: bool = False, read_only: bool = False) -> None:
        if not create and not path.is_file():
            msg = f"unable to open {path}"
            raise sqlite3.OperationalError(msg)
        # Immutable: SQLite looks for no journal and takes no lock, so a read-only disk will do.
        mode = "mode=ro&immutable=1" if read_only else "mode=rwc"
        address = f"{path.absolute().as_uri()}?{mode}"
        self._connection = sqlite3.connect(address, uri=True, check_same_thread=False)
        self.withheld: Collection[DocumentId] = frozenset()
        self._connection.create_function(
            "is_withheld", 1, lambda document_id: document_id in self.withheld
        )
        if create:
            self._connection.executescript(SCHEMA)

    def close(self) -> None:
        """Write what is pending and release the file."""
        self._connection.commit()
        self._connection.close()

    def is_whole(self) -> bool:
        """Whether SQLite finds nothing wrong with the file."""
        return [each for (each,) in self._all("PRAGMA integrity_check(1)")] == ["ok"]

    def take_older(self) -> None:
        """Read a file of format 6 as well, which knows of no last changes; to build it anew."""
        columns = {name for _, name, *_ in self._all("PRAGMA table_info(documents)")}
        if "changed" not in columns:  # A temporary view comes before the table of its name.
            view = "CREATE TEMP VIEW documents AS SELECT *, NULL AS changed FROM main.documents"
            self._connection.execute(view)

    def stored(self) -> list[StoredDocument]:
        """Return what every document was when it was published, by id."""
        query = "SELECT id, origin, title, fingerprint FROM documents ORDER BY id"
        return [StoredDocument(*row) for row in self._all(query)]

    def listed(self) -> list[tuple[str, Source]]:
        """Return every document after its origin, newest first, those without a date last.

        New is what was published lately: an old page that was mended yesterday is no news.
        """
        order = "d.published DESC NULLS LAST, d.id"
        query = f"SELECT d.origin, {SOURCE} FROM documents d ORDER BY {order}"
        return [(origin, to_source(rest)) for origin, *rest in self._all(query)]

    def document(self, document_id: DocumentId) -> Document | None:
        """Return a document, None where there is none of that id."""
        return self._one_document("id = ?", document_id)

    def document_at(self, url: str) -> Document | None:
        """Return the document with that url, None where there is none."""
        return self._one_document("url = ?", url)

    def documents(self) -> Iterator[tuple[str, Document]]:
        """Yield the origin of each document and the document, by id."""
        query = f"SELECT d.origin, {DOCUMENT} FROM documents d ORDER BY d.id"
        with closing(self._connection.execute(query)) as cursor:
            for origin, *rest in cursor:
                yield origin, to_document(rest)

    def texts(self) -> Iterator[tuple[DocumentId, str]]:
        """Yield the text of each document after its id, by id."""
        with closing(
            self._connection.execute("SELECT id, text FROM documents ORDER BY id")
        ) as each:
            yield from each

    def passages_by_document(self) -> dict[DocumentId, int]:
        """Return how many chunks each document is cut into."""
        return dict(self._all("SELECT document_id, count(*) FROM chunks GROUP BY 1"))

    def texts_with_acronyms(self, withheld: Collection[DocumentId]) -> list[str]:
        """Return the titles and texts that may say what an acronym stands for, by id.

        Without those of `withheld`: the caller's set, so that it stays the same meanwhile.
        """
        # Not by `is_withheld`: several searches may ask at once, and SQLite would wait for Python
        # while Python waits for SQLite.
        query = (
            "SELECT id, title || char(10) || text AS whole FROM documents "
            "WHERE whole GLOB '*([A-Z][A-Za-z]*)*' OR whole GLOB '*[A-Z][A-Z] (*' ORDER BY id"
        )
        return [whole for each, whole in self._all(query) if each not in withheld]

    def chunks(self, rows: Sequence[int]) -> list[Chunk]:
        """Return the chunks of these rows, in the order asked for."""
        query = (
            f"SELECT {CHUNK} FROM chunks c JOIN documents d ON d.id = c.document_id WHERE c.row = ?"
        )
        return [to_chunk(found) for row in rows for found in self._all(query, int(row))]

    def chunks_of(self, document_id: DocumentId) -> list[Chunk]:
        """Return the chunks of a document, in its order."""
        query = (
            f"SELECT {CHUNK} FROM chunks c JOIN documents d ON d.id = c.document_id "
            "WHERE d.id = ? ORDER BY c.ordinal"
        )
        return [to_chunk(found) for found in self._all(query, document_id)]

    def rows_of(self, document_id: DocumentId) -> list[int]:
        """Return the rows of a document's chunks, in its order."""
        query = "SELECT row FROM chunks WHERE document_id = ? ORDER BY ordinal"
        return [row for (row,) in self._all(query, document_id)]

    def sources(self, filters: Filters) -> list[Source]:
        """Return the documents that pass, newest first, those without a date last.

        A document is of a kind if a part of it is. Who asks for the latest documents, or for those
        of a year, means when they were published: a change of an old one makes no new one.
        """
        conditions, values = ["1"], list[str]()
        for column, allowed in (
            ("d.language", sorted(filters.languages)),
            ("c.kind", sorted(kind.value for kind in filters.kinds)),
        ):
            if allowed:
                conditions.append(f"{column} IN ({', '.join('?' * len(allowed))})")
                values += allowed
        for comparison, day in ((">=", filters.published_from), ("<=", filters.published_to)):
            if day:
                conditions.append(f"d.published {comparison} ?")
                values.append(day.isoformat())
        query = (
            f"SELECT DISTINCT {SOURCE} FROM documents d JOIN chunks c ON c.document_id = d.id "
            f"WHERE {' AND '.join(conditions)} ORDER BY d.published DESC NULLS LAST, d.id"
        )
        return [to_source(row) for row in self._all(query, *values)]

    def versions(self) -> list[Version]:
        """Return every document with the addresses of its translations; none if none has any."""
        if not self._all("SELECT 1 FROM documents WHERE translations != '[]' LIMIT 1"):
            return []
        return [
            Version(
                DocumentId(each), url, language, tuple(url for _, url in json.loads(translations))
            )
            for each, url, language, translations in self._all(
                "SELECT id, url, language, translations FROM documents"
            )
        ]

    def rows(self) -> list[ChunkRow]:
        """Return what search and carrying over must know of every chunk, by row."""
        query = (
            "SELECT c.row, c.key, c.vector_key, c.sentence_count, d.language, c.kind, d.published "
            "FROM chunks c JOIN documents d ON d.id = c.document_id ORDER BY c.row"
        )
        return [ChunkRow(*row) for row in self._all(query)]

    def add(
        self, document: Document, origin: str, chunks: Sequence[tuple[str, str, Chunk]]
    ) -> None:
        """Add a document with its chunks, each under its key and vector key."""
        self._connection.execute(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            from_document(document, origin),
        )
        self._connection.executemany(
            "INSERT INTO chunks VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [from_chunk(key, vector_key, chunk) for key, vector_key, chunk in chunks],
        )

    def delete(self, ids: Collection[DocumentId]) -> None:
        """Forget documents and their chunks; unknown ids are ignored."""
        some = [(document_id,) for document_id in ids]
        self._connection.executemany("DELETE FROM chunks WHERE document_id = ?", some)
        self._connection.executemany("DELETE FROM documents WHERE id = ?", some)

    def count(self, table: str) -> int:
        """Return the number of rows in `documents` or `chunks`."""
        statements = {
            "documents": "SELECT count(*) FROM documents",
            "chunks": "SELECT count(*) FROM chunks",
        }
        ((count,),) = self._all(statements[table])
        return int(count)

    def counts_by(self, column: str) -> dict[str, int]:
        """Return how many documents there are of each `language` or `kind`."""
        statements = {
            "language": "SELECT language, count(*) FROM documents GROUP BY 1 ORDER BY 2 DESC, 1",
            "kind": "SELECT kind, count(*) FROM documents GROUP BY 1 ORDER BY 2 DESC, 1",
        }
        return dict(self._all(statements[column]))

    def _one_document(self, condition: str, value: str) -> Document | None:
        query = f"SELECT {DOCUMENT} FROM documents d WHERE d.{condition}"
        return next(map(to_document, self._all(query, value)), None)

    def _all(self, query: str, *parameters: object) -> list[Any]:
        with closing(self._connection.execute(query, parameters)) as cursor:
            return cursor.fetchall()
