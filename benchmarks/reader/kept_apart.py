"""Members' questions asked over the documents that training never saw."""

import random
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant import settings, wiring
from assistant.domain.corpus import Document, Passage, Span
from assistant.domain.ports import Generation
from assistant.evaluation.sets import EvaluationSet
from benchmarks.reader.questions import asked_documents, told_apart, words_of

FOUND = 30
"""How many passages the search is asked for; the reader reads the first eight of them at most."""


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A member's question on a document.

    Attributes:
        wanted: The pieces of the document that answer; none where it does not.
        rivals: The ids of documents that may answer too.
    """

    text: str
    language: str
    kind: str
    document: Document
    wanted: tuple[Span, ...]
    rivals: frozenset[str]

    def is_answered_by(self, passage: Passage) -> bool:
        """Whether a passage holds a piece that answers."""
        chunk = passage.chunk
        return self.is_answered_in(passage, Span(chunk.start, chunk.end))

    def is_answered_in(self, passage: Passage, part: Span) -> bool:
        """Whether a part of a passage, as a span of its document, holds such a piece."""
        return passage.chunk.source.document_id == self.document.id and any(
            part.start < piece.end and piece.start < part.end for piece in self.wanted
        )

    def found(self, generation: Generation) -> list[Passage]:
        """Return what the search finds."""
        return list(generation.search(self.text, limit=FOUND, language=self.language))

    def without_rivals(self, found: Sequence[Passage]) -> list[Passage]:
        """Return passages, as in training without those of documents that may answer too."""
        return [each for each in found if each.chunk.source.document_id not in self.rivals]


@contextmanager
def asked_over(data: Path, *, others: int = 0) -> Iterator[tuple[Generation, list[AskedQuestion]]]:
    """Publish the documents kept apart and so many others; yield them with all the questions.

    The questions are shuffled, always in the same way.
    """
    apart = list(asked_documents(data, kept_apart=True))
    trained = list(asked_documents(data, kept_apart=False))
    random.Random(5).shuffle(trained)
    published = (*apart, *trained[:others])
    words = words_of(published)
    questions = [
        _question(each.document, fields, words) for each in apart for fields in each.questions
    ]
    random.Random(7).shuffle(questions)
    documents = tuple(each.document for each in published if each.document.text)
    with tempfile.TemporaryDirectory() as scratch:
        library = wiring.open_library(settings.load(data_dir=Path(scratch) / "data"))
        wiring.publish_set(library, EvaluationSet("members' questions", documents, ()))
        with library.generation() as generation:
            yield generation, questions
        library.close()


def _question(
    document: Document, fields: dict[str, Any], words: Mapping[str, str]
) -> AskedQuestion:
    starts = [(document.text.index(piece), len(piece)) for piece in fields["spans"]]
    wanted = tuple(Span(start, start + length) for start, length in starts)
    text = fields["question"]
    apart = told_apart(text, str(document.id), words)
    rivals = frozenset(name for name in words if not apart(name))
    return AskedQuestion(text, fields["language"], fields["kind"], document, wanted, rivals)
