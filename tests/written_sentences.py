"""Sentences as a chat model could write them about the sample forum, and what the checks say."""

import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.domain.corpus import Chunk, DocumentId
from assistant.language.detection import LanguageDetection
from assistant.writing.checking import Evidence, Fault, check
from ingest.chunking import chunk
from ingest.sources.folder import SourceFile, read_document
from vectorstore.embedding.embedder import Embedder, Vectors
from vectorstore.search.centring import Centroids

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


def likenesses(written: Sequence[Written], embedder: Embedder, *, as_queries: bool) -> list[float]:
    """Return the cosine of each sentence with the sentence of its chunk most like it."""
    centroids = Centroids.of(embedder)
    embed = embedder.embed_texts if as_queries else embedder.embed_passages
    claims = _unit(
        centroids.centred(
            np.asarray(embed([each.sentence for each in written])),
            [each.language for each in written],
        )
    )
    found = []
    for passage, claim in zip(written, claims, strict=True):
        texts = [passage.chunk.sentence(place) for place in passage.chunk.sentences]
        language = passage.chunk.source.language
        vectors = np.asarray(embedder.embed_passages(texts))
        centred = _unit(centroids.centred(vectors, [language] * len(texts)))
        found.append(float((centred @ claim).max()))
    return found


def verdicts(written: Sequence[Written], embedder: Embedder) -> list[Evidence | Fault]:
    """Return what the checks say of each sentence."""
    foreign = [each for each in written if each.is_foreign]
    alike = {
        (each.sentence, each.chunk.id): likeness
        for each, likeness in zip(
            foreign, likenesses(foreign, embedder, as_queries=True), strict=True
        )
    }

    def likeness(sentence: str, chunk: Chunk) -> float:
        return alike[sentence, chunk.id]

    return [check(each.sentence, each.language, [each.chunk], likeness) for each in written]


def _unit(vectors: Vectors) -> Vectors:
    lengths: Vectors = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return np.asarray(vectors / lengths, np.float32)
