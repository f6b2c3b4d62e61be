"""Sentences as a chat model could write them about the sample forum, and what the checks say."""

import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.domain.corpus import Chunk, DocumentId
from assistant.domain.ports import Entailment
from assistant.language.detection import LanguageDetection
from assistant.writing.checking import Evidence, Fault, check
from ingest.chunking import chunk
from ingest.sources.folder import SourceFile, read_document

DATA = Path(__file__).parent / "data" / "written_sentences.jsonl"
SAMPLE_FORUM = Path(__file__).parent.parent / "examples" / "sample-forum"
FAITHFUL = "faithful"


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence, the chunk it is said to be taken from, and what was altered."""

    sentence: str
    language: str
    chunk: Chunk
    label: str
    is_held_out: bool

    @property
    def is_foreign(self) -> bool:
        """Whether it is in another language than its chunk."""
        return self.language != self.chunk.source.language


def read() -> list[Written]:
    """Return all sentences with their chunks."""
    lines = DATA.read_text(encoding="utf-8").splitlines()
    return [_written(json.loads(line)) for line in lines]


def _written(entry: dict[str, str]) -> Written:
    chunks = [each for each in chunks_of(entry["document"]) if entry["passage"] in each.text]
    if len(chunks) != 1:
        msg = f"{entry['passage']!r} stands in {len(chunks)} chunks of {entry['document']}"
        raise ValueError(msg)
    return Written(
        entry["sentence"], entry["language"], chunks[0], entry["label"], bool(entry["held_out"])
    )


@functools.cache
def chunks_of(name: str) -> tuple[Chunk, ...]:
    """Return the chunks of a document of the sample forum, as the built-in model has them."""
    file = SourceFile(SAMPLE_FORUM / name, DocumentId(name))
    document = read_document(file, detect_language=LanguageDetection())
    return tuple(chunk(document, count_tokens=lambda text: len(text) // 4, limit=500))


def verdicts(written: Sequence[Written], entailment: Entailment) -> list[Evidence | Fault]:
    """Return what the checks say of each sentence."""
    return [check(each.sentence, each.language, [each.chunk], entailment) for each in written]
