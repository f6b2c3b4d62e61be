"""What is told of what is published: to staff, to a member, and of the generations kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from assistant.domain.corpus import Chunk, Document, DocumentId, Source, Span


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
class Announcement:
    """What a member is told of what is published: how much, in which languages, since when.

    Attributes:
        languages: Those that most documents are in come first.
        newest: The newest documents in the member's language.
        kinds: How many works there are of each kind, most first; versions of one in other
            languages are not counted.
        latest: The date of the newest of all.
    """

    documents: int
    day: date
    languages: tuple[str, ...] = ()
    newest: tuple[Source, ...] = ()
    kinds: tuple[tuple[str, int], ...] = ()
    latest: date | None = None


class QuestionForm(StrEnum):
    """What a question that is offered asks for."""

    FACT = "fact"
    LIST = "list"
    SUMMARY = "summary"
    TOPIC = "topic"


@dataclass(frozen=True, slots=True)
class OfferedQuestion:
    """A question that a generation was asked and did answer.

    Attributes:
        documents: What it was answered from or listed; empty where it is about all there are.
        near: Other documents on the subject of the one that answered.
    """

    text: str
    language: str
    form: QuestionForm
    documents: tuple[DocumentId, ...] = ()
    near: tuple[DocumentId, ...] = ()


@dataclass(frozen=True, slots=True)
class ListedDocument:
    """A document in a list.

    Attributes:
        origin: The source that holds it.
        is_hidden: Whether staff have taken it out of the answers.
    """

    source: Source
    origin: str
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class DocumentQuery:
    """Which documents to list; what is empty lets all pass.

    Attributes:
        words: Of which each must stand in the title or the id, in whatever case and accents.
        since, until: The first and the last day of publication, ISO 8601.
    """

    words: str = ""
    kind: str = ""
    language: str = ""
    origin: str = ""
    since: str = ""
    until: str = ""
    only_hidden: bool = False


@dataclass(frozen=True, slots=True)
class OpenedDocument:
    """One document with all that the assistant knows of it.

    Attributes:
        central: The sentences that say most of it.
        versions: The same work in other languages.
    """

    document: Document
    origin: str
    is_hidden: bool
    chunks: tuple[Chunk, ...]
    central: tuple[tuple[Chunk, Span], ...]
    versions: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class KeptGeneration:
    """A generation that can be published again.

    Attributes:
        built: When it was published, ISO 8601 in UTC; empty where it cannot be read.
        fault: Why it cannot be read; empty where it can.
        is_current: Whether it is the one that serves.
    """

    name: str
    built: str
    documents: int
    passages: int
    fault: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class DocumentList:
    """A page of the documents that pass, and how many there are in all."""

    documents: tuple[ListedDocument, ...]
    total: int
