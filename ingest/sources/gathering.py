"""Gather what one crawl finds: documents, what is unchanged, and what failed."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from urllib.parse import urljoin

from assistant.domain.corpus import UNDETERMINED, Document, DocumentId, Kind, Source
from assistant.domain.light_markdown import clean
from ingest.plan import Crawl, Failure, KnownDocument, Notice
from ingest.readers.extract import Extract
from ingest.readers.quality import noticed
from ingest.reading_cache import Readings, Seen, digest_of

_SAMPLE = 4000  # characters are plenty to tell a language

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class CrawlRun:
    """What a crawl is given besides its source.

    Attributes:
        progress: Hears how many documents are done, and of how many.
        stored: What is published, of whatever source.
    """

    detect_language: Callable[[str], str]
    progress: Progress = lambda _done, _total: None
    stored: Sequence[KnownDocument] = ()
    readings: Readings | None = None


class Gathering:
    """What one crawl of one source has found so far; every id counts once."""

    def __init__(self, origin: str, run: CrawlRun) -> None:
        self.run = run
        self.complete = True
        self._is_listed = True
        self._origin = origin
        self._published = {
            each.id: each.fingerprint for each in run.stored if each.origin == origin
        }
        self._readings = run.readings or Readings()
        self._documents: dict[DocumentId, Document] = {}
        self._unchanged: dict[DocumentId, str] = {}
        self._seen: dict[DocumentId, Seen] = {}
        self._failures: dict[str, Failure] = {}
        self._skipped: dict[str, None] = {}
        self._notices: dict[DocumentId, Notice] = {}

    def has(self, document_id: DocumentId) -> bool:
        """Whether a document was found already, read or unchanged."""
        return document_id in self._documents or document_id in self._unchanged

    def is_published(self, document_id: DocumentId) -> bool:
        """Whether this source has published a document of this id."""
        return document_id in self._published

    def publishes_any(self, prefix: str) -> bool:
        """Whether this source has published a document whose id begins so."""
        return any(text.startswith(prefix) for text in self._published)

    def is_unchanged(self, document_id: DocumentId, content: bytes) -> bool:
        """Whether this content gave the document that is published, and note it if so."""
        digest = digest_of(document_id, content)
        fingerprint = self._readings.fingerprint(self._origin, document_id, digest)
        if fingerprint is None or fingerprint != self._published.get(document_id):
            return False
        self._unchanged[document_id] = fingerprint
        self._seen[document_id] = self._readings.seen(self._origin, document_id)
        return True

    def add(self, document_id: DocumentId, extract: Extract, content: bytes | None) -> None:
        """Take a document; `content` is all that decided it, None where it cannot be known again.

        What the extract leaves open is filled: the language is told by the text.
        """
        title = clean(extract.title) or document_id.rpartition("/")[2]
        sample = f"{title}\n{extract.text[:_SAMPLE]}"
        source = Source(
            document_id=document_id,
            title=title,
            url=extract.url or "",
            published=extract.published,
            language=extract.language or self.run.detect_language(sample) or UNDETERMINED,
            kind=extract.kind or Kind.ARTICLE,
            authors=extract.authors,
            changed=extract.changed_since,
        )
        successor = urljoin(source.url, extract.replaced_by) if extract.replaced_by else ""
        document = Document(source, extract.text, extract.translations, successor)
        self._documents.setdefault(document_id, document)
        text = noticed(extract)
        if text:
            self._notices.setdefault(document_id, Notice(document_id, text))
        if content is not None:
            self._seen[document_id] = Seen(
                digest_of(document_id, content), document.fingerprint(), text, _text_of(document)
            )

    def fail(self, name: str, reason: str) -> None:
        """Report what could not be read; the name of a document keeps its published version."""
        self._failures.setdefault(name, Failure(name, reason))

    def fail_listing(self, name: str, reason: str) -> None:
        """Report a list that could not be read: nothing that is missing may be removed now."""
        self.complete = self._is_listed = False
        self.fail(name, reason)

    def skip(self, names: Iterable[str]) -> None:
        """Report what is passed over on purpose."""
        self._skipped.update(dict.fromkeys(names))

    def _leave_out_what_stands_twice(self) -> None:
        """Keep of documents with one title, day and text the one that is published, else the first.

        The first is that with the shortest id: copies stand in lists, archives and for printing.
        """
        texts = {seen.text: each for each, seen in self._seen.items() if each in self._unchanged}
        for each in sorted(self._documents, key=lambda each: (len(each), each)):
            first = texts.setdefault(_text_of(self._documents[each]), each)
            if first != each:
                self.skip([f"{each} (the same text as {first})"])
                del self._documents[each]
                self._seen.pop(each, None)
                self._notices.pop(each, None)

    def result(self) -> Crawl:
        """Return what was found, and remember what gave it."""
        self._leave_out_what_stands_twice()
        self._readings.remember(self._origin, self._seen)
        return Crawl(
            self._origin,
            tuple(self._documents.values()),
            tuple(self._failures.values()),
            tuple(self._skipped),
            self.complete,
            tuple(self._unchanged.items()),
            tuple(self._notices.values()),
            is_unread=not (self._is_listed or self._documents or self._unchanged),
        )


def _text_of(document: Document) -> str:
    """Return a hash of what a reader sees of a document, wherever it stands."""
    source = document.source
    seen = (source.title, source.language, str(source.published), document.text)
    return sha256(json.dumps(seen).encode()).hexdigest()


def canonical(*values: object) -> bytes:
    """Return bytes that are equal where the values are."""
    return json.dumps(values, sort_keys=True, default=str).encode()


def completed(extract: Extract, **changes: object) -> Extract:
    """Return the extract with what is known from elsewhere; what is not known stays."""
    known = {name: value for name, value in changes.items() if value}
    return replace(extract, **known)  # type: ignore[arg-type] # each is a field of its own type
