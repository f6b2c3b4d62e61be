"""What members are told of what is published, and the questions they are offered."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from assistant.domain.corpus import DocumentId, Source


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
