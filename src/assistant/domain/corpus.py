"""What the assistant knows: documents, the chunks they are cut into, and passages.

The shared kernel: `ingest` makes these, `vectorstore` keeps them, the core answers from them.

A document's text is *light Markdown*: blocks separated by one blank line, where a block is a
heading (`## Title`), a paragraph on one line, a list (`- item` or `1. item`, one item a line,
nested by two spaces), a table (`| a | b |` rows under a header row and a `| --- |` row) or a
quotation (`> text`). There is no inline markup: what stands in a line is what a reader sees.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NewType

DocumentId = NewType("DocumentId", str)
ChunkId = NewType("ChunkId", str)

UNDETERMINED = "und"
"""The language of a text whose language is not known (ISO 639-2)."""


class Kind(StrEnum):
    """What a forum document is; a recommendation may also be a chunk inside an article."""

    ARTICLE = "article"
    RECOMMENDATION = "recommendation"
    PUBLICATION = "publication"
    EVENT = "event"
    PAGE = "page"


_RECOMMENDS = re.compile(
    r"recomm?and|recommend|recomi?end|raccomand"
    r"|aanbevel|aanbevol|\bbeve(?:elt?|len)\b[^.?!]*\baan\b|empfiehl|empfehl|empfohl",
    re.IGNORECASE,
)
"""English, French, Spanish, Portuguese, Italian, Dutch and German words for a recommendation; the
Dutch verb parts ("beveelt … aan")."""


def recommends(text: str) -> bool:
    """Whether a heading, a lead-in or a question speaks of recommendations."""
    return bool(_RECOMMENDS.search(text))


@dataclass(frozen=True, slots=True)
class Successor:
    """The document that takes the place of another."""

    document_id: DocumentId
    title: str


@dataclass(frozen=True, slots=True)
class Source:
    """The citable identity of a document; it travels with every chunk.

    Attributes:
        document_id: For a folder, the path below the folder.
        url: The public page; absolute, or relative to the assistant's own site (`/documents/...`).
        language: ISO 639-1 code, or `UNDETERMINED`.
        authors: Whom the source names as its authors.
        successor: What takes its place, where that is published too; an index finds it.
        changed: The day on which the text was last changed, where the source tells it and it is
            later than `published`; None where it stands as it appeared, or nobody says.
    """

    document_id: DocumentId
    title: str
    url: str
    published: date | None
    language: str
    kind: Kind
    authors: tuple[str, ...] = ()
    successor: Successor | None = None
    changed: date | None = None


@dataclass(frozen=True, slots=True)
class Translation:
    """Another language version of the same work, as the document itself declares it."""

    language: str
    url: str


@dataclass(frozen=True, slots=True)
class Document:
    """One article, recommendation, publication, event or page, whole, as light Markdown.

    Attributes:
        replaced_by: The address or the id of what takes its place, as the document itself says.
    """

    source: Source
    text: str
    translations: tuple[Translation, ...] = ()
    replaced_by: str = ""

    @property
    def id(self) -> DocumentId:
        """The id of the source."""
        return self.source.document_id

    def fingerprint(self) -> str:
        """Return a hash of all that a reader could see or cite; it decides "changed?"."""
        source = self.source
        visible = [
            source.document_id,
            source.title,
            source.url,
            source.published.isoformat() if source.published else None,
            source.changed.isoformat() if source.changed else None,
            source.language,
            source.kind.value,
            source.authors,
            [[translation.language, translation.url] for translation in self.translations],
            self.replaced_by,
            self.text,
        ]
        return hashlib.sha256(json.dumps(visible, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of characters in a document's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """A contiguous piece of a document: `document.text[start:end] == text`.

    Attributes:
        kind: The document's kind, or `RECOMMENDATION` for a recommendation inside another kind.
        headings: The headings above the chunk, outermost first, without the title.
        lead_in: The sentence that introduces the list this chunk is cut from, if any.
        sentences: What may be quoted, in order; spans in the document's text, inside the chunk.
    """

    source: Source
    ordinal: int
    text: str
    start: int
    end: int
    kind: Kind
    headings: tuple[str, ...] = ()
    lead_in: str = ""
    sentences: tuple[Span, ...] = ()

    @property
    def id(self) -> ChunkId:
        """Stable as long as the document is, so that storing a chunk twice stores it once."""
        return ChunkId(f"{self.source.document_id}#{self.ordinal}")

    @property
    def heading_path(self) -> str:
        """The document's title and the headings above the chunk, as one line."""
        return " › ".join(part for part in (self.source.title, *self.headings) if part)

    @property
    def context(self) -> str:
        """What a reader of the chunk alone would lack: title, headings, and the list's lead-in."""
        path = self.heading_path
        return f"{path}\n{self.lead_in}" if self.lead_in else path

    def sentence(self, span: Span) -> str:
        """Return the text of one of `sentences`."""
        return self.text[span.start - self.start : span.end - self.start]


@dataclass(frozen=True, slots=True)
class Entry:
    """A document as it is written to an index: with its chunks, and the place it came from.

    Attributes:
        origin: The source that holds the document; a later complete read of it may remove it.
    """

    origin: str
    document: Document
    chunks: tuple[Chunk, ...]


@dataclass(frozen=True, slots=True)
class Filters:
    """Which chunks may be found; an empty field lets everything pass.

    A document without a date is not found where a date is asked for.

    Attributes:
        excluded: Documents that are not found, as if they had never been published.
    """

    languages: frozenset[str] = frozenset()
    kinds: frozenset[Kind] = frozenset()
    published_from: date | None = None
    published_to: date | None = None
    excluded: frozenset[DocumentId] = frozenset()

    def beside(self, other: "Filters") -> "Filters":
        """Return these, with those of another where one of these is empty; excluded by both."""
        return Filters(
            self.languages or other.languages,
            self.kinds or other.kinds,
            self.published_from or other.published_from,
            self.published_to or other.published_to,
            self.excluded | other.excluded,
        )


EVERYTHING = Filters()


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk found for one query. Scores compare only within one result list.

    Attributes:
        score: What the passages are ordered by.
        similarity: The cosine of the chunk's vector with the query's, beyond what any text in the
            chunk's language has.
        background: What any text in the chunk's language has.
        lexical: The share of the query's weight that the chunk's words cover, 0..1.
        sentence_similarities: The same as `similarity`, one per sentence of the chunk.
        sentence_scores: How well each sentence answers the query; compare across passages.
    """

    chunk: Chunk
    score: float
    similarity: float = 0.0
    background: float = 0.0
    lexical: float = 0.0
    sentence_similarities: tuple[float, ...] = ()
    sentence_scores: tuple[float, ...] = ()
