"""Answers that staff have written by hand, for questions like those they name."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from assistant.domain.corpus import Document, DocumentId


@dataclass(frozen=True, slots=True)
class Basis:
    """A document that an answer was written from, and what it said then.

    Attributes:
        digest: Of its title and text, by `digest`.
    """

    document_id: DocumentId
    digest: str


@dataclass(frozen=True, slots=True)
class HandAnswer:
    """One version of an answer written by hand.

    Attributes:
        questions: As members ask; any of them will do.
        texts: Light Markdown, by the language of those who read it.
        bases: The documents it rests on, shown as its sources.
        valid_until: The last day on which it is given, None for no end.
        written: When, in UTC.
        by: Who wrote this version.
        is_withdrawn: Whether it is no longer given.
    """

    number: int
    version: int
    questions: tuple[str, ...]
    texts: Mapping[str, str]
    bases: tuple[Basis, ...]
    valid_until: date | None
    written: datetime
    by: str
    is_withdrawn: bool = False


class State(StrEnum):
    """Whether an answer is given, and if not, why."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    CHANGED = "changed"
    MISSING = "missing"


HandAnswers = Callable[[], Sequence[HandAnswer]]
"""Returns the present version of each answer."""


def state(
    answer: HandAnswer, published: Callable[[DocumentId], Document | None], today: date
) -> State:
    """Return whether an answer is given.

    One whose sources changed since, or are published no longer, never stands in for them: staff
    look at it again first.
    """
    if answer.is_withdrawn:
        return State.WITHDRAWN
    if answer.valid_until is not None and today > answer.valid_until:
        return State.EXPIRED
    found = [(basis, published(basis.document_id)) for basis in answer.bases]
    if any(document is None for _, document in found):
        return State.MISSING
    if any(document and digest(document) != basis.digest for basis, document in found):
        return State.CHANGED
    return State.GIVEN


def digest(document: Document) -> str:
    """Return what changes with the title or the text of a document."""
    return hashlib.sha256(f"{document.source.title}\n{document.text}".encode()).hexdigest()
