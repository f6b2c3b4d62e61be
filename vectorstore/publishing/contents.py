"""What is published, for those who look at it: what members are told, and what staff do with it."""

import functools
import threading
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from assistant.domain.corpus import Chunk, Document, DocumentId, Filters, Source, Span
from assistant.domain.publication import Announcement
from assistant.language.words import fold
from vectorstore.errors import StoreUnavailableError
from vectorstore.generation import Generation
from vectorstore.publishing.library import Library
from vectorstore.publishing.rollback import Kept
from vectorstore.publishing.texts import FoldedTexts, lacking, place

CENTRAL = 5  # sentences; a summary in the chat has as many
NEWEST = 8  # documents that a member may be offered questions about
SOON = timedelta(days=30)  # time to have a document looked at again before its last day is over


class LastDay(StrEnum):
    """Which last day the documents of a list have."""

    PAST = "past"
    SOON = "soon"


@dataclass(frozen=True, slots=True)
class Publication:
    """What is published now.

    Attributes:
        built: When it was published, ISO 8601 in UTC.
        languages: How many documents there are in each language; `kinds` and `origins` likewise.
    """

    generation: str
    built: str
    documents: int
    passages: int
    languages: Mapping[str, int]
    kinds: Mapping[str, int]
    origins: Mapping[str, int]
    embedding_model: str


@dataclass(frozen=True, slots=True)
class DocumentQuery:
    """Which documents to list; what is empty lets all pass.

    Attributes:
        words: Of which each must stand in title, id or text, in whatever case and accents.
        since, until: The first and the last day of publication, ISO 8601.
        only_edited: Whether to list those alone that staff have corrected; who asks knows which.
        last_day: One of `LastDay`.
    """

    words: str = ""
    kind: str = ""
    language: str = ""
    origin: str = ""
    since: str = ""
    until: str = ""
    only_hidden: bool = False
    only_edited: bool = False
    last_day: str = ""


@dataclass(frozen=True, slots=True)
class ListedDocument:
    """A document in a list.

    Attributes:
        origin: The source that holds it.
        is_hidden: Whether staff have taken it out of the answers.
        is_past: Whether its last day is over.
        place: Where in its text the words stand, where they are not all in title and id.
    """

    source: Source
    origin: str
    is_hidden: bool
    is_past: bool = False
    place: str = ""


@dataclass(frozen=True, slots=True)
class DocumentList:
    """A page of the documents that pass, and how many there are in all."""

    documents: tuple[ListedDocument, ...]
    total: int


@dataclass(frozen=True, slots=True)
class OpenedDocument:
    """One document with all that the assistant knows of it.

    Attributes:
        is_past: Whether its last day, `valid_until`, is over.
        central: The sentences that say most of it.
        versions: The same work in other languages.
    """

    document: Document
    origin: str
    is_hidden: bool
    is_past: bool
    valid_until: date | None
    chunks: tuple[Chunk, ...]
    central: tuple[tuple[Chunk, Span], ...]
    versions: tuple[Source, ...]


class _Row(NamedTuple):
    """A document, with what a search of titles and ids compares."""

    folded: str
    origin: str
    source: Source


class Contents:
    """The published documents of a library. Safe to use from several threads."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._rows: tuple[str, Sequence[_Row]] = ("", ())
        self._reading = threading.Lock()
        self._texts: tuple[str, FoldedTexts | None] = ("", None)
        self._announce = functools.lru_cache(maxsize=32)(self._announcement)

    def publication(self) -> Publication | None:
        """Return what is published, None where nothing is."""
        if self._library.published() is None:
            return None
        with self._library.generation() as generation:
            manifest, catalogue = generation.manifest, generation.catalogue
            origins = Counter(each.origin for each in self._listed(generation))
            return Publication(
                generation=manifest.generation,
                built=manifest.built,
                documents=manifest.documents,
                passages=manifest.chunks,
                languages=catalogue.counts_by("language"),
                kinds=catalogue.counts_by("kind"),
                origins=dict(origins.most_common()),
                embedding_model=manifest.embedding.model,
            )

    def announcement(self, language: str) -> Announcement | None:
        """Return what readers of a language are told, None where nothing is published."""
        name = self._library.published()
        return (
            self._announce(name, self._library.withheld(), language) if name is not None else None
        )

    def _announcement(
        self, _name: str, _withheld: frozenset[DocumentId], language: str
    ) -> Announcement:
        """Return it anew; for another generation or more withheld, there is another entry kept."""
        with self._library.generation() as generation:
            ours = generation.documents(Filters(languages=frozenset({language})))
            works = generation.documents(Filters(), language)
            kinds = Counter(work.kind.value for work in works)
            return Announcement(
                documents=generation.manifest.documents,
                day=datetime.fromisoformat(generation.manifest.built).astimezone().date(),
                languages=tuple(generation.catalogue.counts_by("language")),
                kinds=tuple(kinds.most_common()),
                newest=tuple(ours[:NEWEST]),
                latest=works[0].published if works else None,
            )

    def faults(self) -> list[str]:
        """Return what staff should know of the published generation; nothing is well."""
        return self._library.faults()

    def documents(
        self,
        wanted: DocumentQuery,
        *,
        first: int,
        count: int,
        edited: Collection[DocumentId] = (),
    ) -> DocumentList:
        """Return documents that pass, newest first, from the place `first` on.

        `edited` are those that staff have corrected.
        """
        if self._library.published() is None:
            return DocumentList((), 0)
        hidden, past, words = self._library.hidden(), self._library.past(), _words(wanted)
        among = self._among(wanted, hidden, past, edited)
        with self._library.generation() as generation:
            found = list(_passing(self._listed(generation), wanted, among))
            if words:
                found = self._holding(generation, found, words)
            shown = tuple(
                ListedDocument(
                    each.source,
                    each.origin,
                    each.source.document_id in hidden,
                    each.source.document_id in past,
                    _place(generation, each, words),
                )
                for each in found[first : first + count]
            )
        return DocumentList(shown, len(found))

    def _among(
        self,
        wanted: DocumentQuery,
        hidden: Collection[DocumentId],
        past: Collection[DocumentId],
        edited: Collection[DocumentId],
    ) -> list[Collection[DocumentId]]:
        """Return the sets that a document must be in, all of them, by what staff have done."""
        soon = self._library.ending(SOON) if wanted.last_day == LastDay.SOON else ()
        ends: Mapping[str, Collection[DocumentId]] = {LastDay.PAST: past, LastDay.SOON: soon}
        return [
            *([hidden] if wanted.only_hidden else []),
            *([edited] if wanted.only_edited else []),
            *([ends.get(wanted.last_day, ())] if wanted.last_day else []),
        ]

    def _holding(
        self, generation: Generation, rows: Sequence[_Row], words: Sequence[str]
    ) -> list[_Row]:
        """Return the rows whose title, id or text holds all words; texts are read if they must."""
        missing = {row.source.document_id: lacking(words, row.folded) for row in rows}
        if any(missing.values()):
            for document_id, text in self._texts_of(generation).each(generation.catalogue):
                if left := missing.get(document_id):
                    missing[document_id] = [word for word in left if word not in text]
        return [row for row in rows if not missing[row.source.document_id]]

    def document(self, document_id: str) -> OpenedDocument:
        """Return a document, be it hidden or not. Raises StoreUnavailableError for an unknown one.

        What is hidden has no central sentences: it is never quoted.
        """
        wanted = DocumentId(document_id)
        with self._library.generation() as generation:
            listed = {row.source.document_id: row for row in self._listed(generation)}
            found = generation.catalogue.document(wanted) if wanted in listed else None
            if found is None:
                msg = f"there is no document {document_id!r}; it may have been removed since"
                raise StoreUnavailableError(msg)
            is_hidden, is_past = wanted in self._library.hidden(), wanted in self._library.past()
            return OpenedDocument(
                document=found,
                origin=listed[wanted].origin,
                is_hidden=is_hidden,
                is_past=is_past,
                valid_until=self._library.last_days().get(wanted),
                chunks=tuple(generation.catalogue.chunks_of(wanted)),
                central=()
                if is_hidden or is_past
                else tuple(generation.central_sentences(wanted, CENTRAL)),
                versions=tuple(
                    listed[other].source
                    for other in generation.other_versions(wanted)
                    if other in listed
                ),
            )

    def named(self, name: str) -> Source | None:
        """Return the published document of an id or an address, withheld or not."""
        if self._library.published() is None:
            return None
        with self._library.generation() as generation:
            rows = self._listed(generation)
        sources = [row.source for row in rows]
        found = (each for each in sources if each.document_id == name)
        same = (each for each in sources if each.url.rstrip("/") == name.rstrip("/"))
        return next(found, None) or next(same, None)

    def published(self, documents: Iterable[str]) -> Mapping[DocumentId, Document]:
        """Return those documents that are published, withheld or not."""
        if self._library.published() is None:
            return {}
        with self._library.generation() as generation:
            ids = map(DocumentId, documents)
            found = [generation.catalogue.document(each) for each in ids]
        return {each.id: each for each in found if each}

    def passages(self) -> Mapping[DocumentId, int]:
        """Return how many passages each document is cut into."""
        if self._library.published() is None:
            return {}
        with self._library.generation() as generation:
            return generation.catalogue.passages_by_document()

    def versions(self, document_id: str) -> list[str]:
        """Return the ids of the same work in other languages."""
        with self._library.generation() as generation:
            return [str(version) for version in generation.other_versions(DocumentId(document_id))]

    def hide(self, document_id: str) -> None:
        """Take a document out of the answers at once. Raises StoreUnavailableError."""
        self.document(document_id)
        self._library.hide(DocumentId(document_id))

    def show(self, document_id: str) -> None:
        """Bring a hidden document back: at once where it is still published, else by a run."""
        self._library.hide(DocumentId(document_id), hidden=False)

    def hide_all(self, documents: Iterable[str]) -> int:
        """Take documents out of the answers at once; return how many of them are published."""
        if self._library.published() is None:
            return 0
        with self._library.generation() as generation:
            known = {row.source.document_id for row in self._listed(generation)}
        ids = known.intersection(map(DocumentId, documents))
        self._library.hide(*ids)
        return len(ids)

    def show_all(self, documents: Iterable[str]) -> int:
        """Bring hidden documents back, as `show` does; return how many were hidden."""
        ids = self._library.hidden().intersection(map(DocumentId, documents))
        self._library.hide(*ids, hidden=False)
        return len(ids)

    def limit(self, document_id: str, last: date | None) -> None:
        """Use a document up to a day and no longer, from the next question on; None: no end."""
        self._library.limit(DocumentId(document_id), last)

    def last_days(self) -> Mapping[DocumentId, date]:
        """Return the last day of each document that has one."""
        return self._library.last_days()

    def withheld(self) -> list[str]:
        """Return the ids of what no answer may use today: hidden, or past its last day."""
        return sorted(self._library.withheld())

    def hidden(self) -> list[str]:
        """Return the ids of what is hidden, those that are no longer published as well."""
        return sorted(self._library.hidden())

    def serving(self) -> str | None:
        """Return the name of the generation that serves, None where there is none."""
        return self._library.published()

    def generations(self) -> list[Kept]:
        """Return the generations that are kept, the newest first."""
        return self._library.kept()[::-1]

    def roll_back(self, name: str, *, by: str) -> None:
        """Verify a kept generation and publish it again; raises StoreError where it cannot be."""
        with self._library.writing(by):
            self._library.roll_back(name)

    def _listed(self, generation: Generation) -> Sequence[_Row]:
        """Return the documents of a generation, read once: it never changes."""
        with self._lock:
            if self._rows[0] != generation.name:
                rows = [
                    _Row(fold(f"{source.title} {source.document_id}"), origin, source)
                    for origin, source in generation.catalogue.listed()
                ]
                self._rows = (generation.name, rows)
            return self._rows[1]

    def _texts_of(self, generation: Generation) -> FoldedTexts:
        """Return the texts of a generation, read when they are first searched."""
        with self._reading:  # not the other lock: lists without words must not wait for this
            name, texts = self._texts
            if texts is None or name != generation.name:
                self._texts = ("", None)  # two generations need not fit into memory
                texts = FoldedTexts(generation.catalogue)
                self._texts = (generation.name, texts)
            return texts


def _words(wanted: DocumentQuery) -> list[str]:
    return fold(wanted.words).split()


def _place(generation: Generation, row: _Row, words: Sequence[str]) -> str:
    if not lacking(words, row.folded):
        return ""
    found = generation.catalogue.document(row.source.document_id)
    return place(found.text, words) if found else ""


def _passing(
    rows: Sequence[_Row], wanted: DocumentQuery, among: Sequence[Collection[DocumentId]]
) -> Iterator[_Row]:
    first = date.fromisoformat(wanted.since) if wanted.since else date.min
    last = date.fromisoformat(wanted.until) if wanted.until else date.max
    is_dated = bool(wanted.since or wanted.until)
    for row in rows:
        source = row.source
        day = source.published
        if (
            wanted.kind in ("", source.kind.value)
            and wanted.language in ("", source.language)
            and wanted.origin in ("", row.origin)
            and (not is_dated or (day is not None and first <= day <= last))
            and all(source.document_id in each for each in among)
        ):
            yield row
