"""Leave the asker's own words out of the passages that may answer. Pure.

Parliamentary questions and letters to the editor stand under a heading "Question", and what was
answered under "Answer": what the question claims is no answer, however much it resembles one.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from assistant.domain.corpus import Chunk, DocumentId, Passage
from assistant.language.languages import in_all

_QUESTION = re.compile(r"questions?|vra(?:ag|gen)|fragen?|preguntas?|domand[ae]|perguntas?")
_ANSWER = re.compile(in_all("answer_headings"))
ANSWERS_READ = 4
"""How many passages of the answer take the place of those of its question."""


def answers_only(
    found: Sequence[Passage], chunks_of: Callable[[DocumentId], Sequence[Chunk]]
) -> list[Passage]:
    """Return the passages, with those of an answer instead of those of its question."""
    kept = dict[str, Passage]()
    for passage in found:
        for each in _instead(passage, chunks_of):
            kept.setdefault(each.chunk.id, each)
    return sorted(kept.values(), key=lambda each: -each.score)


def _instead(
    passage: Passage, chunks_of: Callable[[DocumentId], Sequence[Chunk]]
) -> Iterator[Passage]:
    if not _is_under(_QUESTION, passage.chunk):
        yield passage
        return
    chunks = chunks_of(passage.chunk.source.document_id)
    answering = [chunk for chunk in chunks if _is_under(_ANSWER, chunk) and chunk.sentences]
    for chunk in answering[:ANSWERS_READ]:
        scores = _unread(chunk)
        yield replace(passage, chunk=chunk, sentence_similarities=scores, sentence_scores=scores)
    if not answering:
        yield passage


def _unread(chunk: Chunk) -> tuple[float, ...]:
    """Return the scores of sentences that no search has weighed: in their order."""
    return tuple(-0.001 * at for at in range(len(chunk.sentences)))


def _is_under(pattern: re.Pattern[str], chunk: Chunk) -> bool:
    return any(pattern.fullmatch(heading.strip(" :.").casefold()) for heading in chunk.headings)
