"""Build a generation aside: carry over what is unchanged, embed what is new, write it all.

Nothing here touches what is published; `vectorstore.library` publishes the finished folder.
"""

import hashlib
import shutil
import sqlite3
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.corpus import Chunk, DocumentId, Entry
from vectorstore import manifest
from vectorstore.catalogue import Catalogue, ChunkRow
from vectorstore.centring import Centroids
from vectorstore.chroma import ChromaVectorIndex
from vectorstore.embedding import Embedder
from vectorstore.generation import (
    CATALOGUE_FILE,
    CENTROIDS_FILE,
    CHROMA_FOLDER,
    CHUNK_VECTORS_FILE,
    LEXICAL_FOLDER,
    SENTENCE_VECTORS_FILE,
    Generation,
)
from vectorstore.lexical import LexicalIndex
from vectorstore.vector_index import Labels

STORED = np.float16
"""Half precision halves the files and changes a cosine by less than 0.00005 (XQuAD, measured)."""

EMBEDDED_TOGETHER = 256  # chunks; bounds the memory that texts and vectors take at a time
COMPACT_BELOW = 0.7  # HNSW never reuses a deleted slot: with fewer than 70 % alive, build it anew.

Halves = NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class Change:
    """What a new generation differs by from the one before."""

    write: Sequence[Entry]
    delete: Collection[DocumentId]
    chunking: str


Progress = Callable[[int, int], None]
"""Hears how many chunks are embedded, and of how many."""


def build(
    folder: Path, change: Change, base: Generation | None, embedder: Embedder, progress: Progress
) -> manifest.Manifest:
    """Write a generation into `folder`, which must not exist yet, and return its manifest.

    `base` is the generation to start from: one of the same embedder and chunking, or None.
    """
    folder.mkdir()
    if base is not None:
        shutil.copyfile(base.folder / CATALOGUE_FILE, folder / CATALOGUE_FILE)
    catalogue = Catalogue(folder / CATALOGUE_FILE, create=base is None)
    with closing(catalogue):
        before = {its.key: its for its in catalogue.rows()}
        _write_documents(catalogue, change)
        rows = catalogue.rows()
        vectors = _carried(base, rows)
        centroids = base.centroids if base is not None else Centroids.of(embedder)
        centroids.save(folder / CENTROIDS_FILE)
        _embed_missing(catalogue, rows, vectors, embedder, centroids, progress)
        _write_vectors(folder, rows, vectors, embedder.dimension)
        _write_chroma(folder, base, before.keys(), rows, catalogue)
        _write_lexical(folder, catalogue)
        made = manifest.Manifest(
            generation=folder.name.removeprefix("."),
            built=datetime.now(UTC).isoformat(timespec="seconds"),
            documents=catalogue.count("documents"),
            chunks=len(rows),
            sentences=sum(its.sentence_count for its in rows),
            content=_content_hash(catalogue),
            chunking=change.chunking,
            embedding=manifest.Embedding.of(embedder),
        )
    made.write(folder)
    return made


def _write_documents(catalogue: Catalogue, change: Change) -> None:
    catalogue.delete([*change.delete, *(entry.document.id for entry in change.write)])
    for entry in change.write:
        keyed = [(_key(chunk), _vector_key(chunk), chunk) for chunk in entry.chunks]
        catalogue.add(entry.document, entry.origin, keyed)


def _key(chunk: Chunk) -> str:
    """Return the chunk's key in the vector index: another vector or label, another key."""
    labels = Labels.of(chunk)
    parts = (chunk.id, labels.language, labels.kind, labels.published, _vector_key(chunk))
    return _digest("\0".join(map(str, parts)))


def _vector_key(chunk: Chunk) -> str:
    """Return a hash of all that the chunk's vectors are made from."""
    sentences = (chunk.sentence(span) for span in chunk.sentences)
    return _digest("\0".join((chunk.source.language, embedded_text(chunk), *sentences)))


def embedded_text(chunk: Chunk) -> str:
    """Return what stands for the chunk in the dense index: its context and its text."""
    return f"{chunk.context}\n{chunk.text}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


@dataclass(slots=True)
class _Vectors:
    """Chunk vectors and sentence vectors by vector key, while a generation is built."""

    chunk: dict[str, Halves]
    sentences: dict[str, Halves]


def _carried(base: Generation | None, rows: Sequence[ChunkRow]) -> _Vectors:
    """Return the vectors that the base has already."""
    vectors = _Vectors({}, {})
    if base is not None:
        wanted = {its.vector_key for its in rows}
        found = [
            (at, its.vector_key)
            for at, its in enumerate(base.catalogue.rows())
            if its.vector_key in wanted
        ]
        chunk, sentences = base.vectors_of(np.array([at for at, _ in found], np.int64))
        for place, (_, vector_key) in enumerate(found):
            vectors.chunk[vector_key] = chunk[place]
            vectors.sentences[vector_key] = sentences[place]
    return vectors


def _embed_missing(  # noqa: PLR0913, PLR0917 - one step, cut out to be read alone
    catalogue: Catalogue,
    rows: Sequence[ChunkRow],
    vectors: _Vectors,
    embedder: Embedder,
    centroids: Centroids,
    progress: Progress,
) -> None:
    missing = {its.vector_key: its.row for its in rows if its.vector_key not in vectors.chunk}
    todo = list(missing.items())
    for first in range(0, len(todo), EMBEDDED_TOGETHER):
        progress(first, len(todo))
        some = todo[first : first + EMBEDDED_TOGETHER]
        chunks = catalogue.chunks([row for _, row in some])
        texts = [embedded_text(chunk) for chunk in chunks]
        sentences = [[chunk.sentence(span) for span in chunk.sentences] for chunk in chunks]
        flat = [sentence for its in sentences for sentence in its]
        share = len(some) / max(1, len(texts) + len(flat))

        def report(done: int, first: int = first, share: float = share) -> None:
            progress(first + int(done * share), len(todo))

        languages = [chunk.source.language for chunk in chunks]
        languages += [chunk.source.language for chunk in chunks for _ in chunk.sentences]
        raw = embedder.embed_passages([*texts, *flat], progress=report)
        both = centroids.centred(raw, languages).astype(STORED)
        ends = np.cumsum([len(its) for its in sentences]) + len(texts)
        for place, (vector_key, _) in enumerate(some):
            vectors.chunk[vector_key] = both[place]
            vectors.sentences[vector_key] = both[ends[place] - len(sentences[place]) : ends[place]]
    progress(len(todo), len(todo))


def _write_vectors(
    folder: Path, rows: Sequence[ChunkRow], vectors: _Vectors, dimension: int
) -> None:
    nothing = np.zeros((0, dimension), STORED)
    chunk = [vectors.chunk[its.vector_key][None, :] for its in rows]
    sentences = [vectors.sentences[its.vector_key] for its in rows]
    np.save(folder / CHUNK_VECTORS_FILE, np.concatenate([nothing, *chunk]))
    np.save(folder / SENTENCE_VECTORS_FILE, np.concatenate([nothing, *sentences]))


def _write_chroma(
    folder: Path,
    base: Generation | None,
    before: Collection[str],
    rows: Sequence[ChunkRow],
    catalogue: Catalogue,
) -> None:
    now = {its.key: at for at, its in enumerate(rows)}
    stale = set(before) - now.keys()
    carry = base is not None and len(now) >= COMPACT_BELOW * len(set(before) | now.keys())
    if carry and base is not None:
        shutil.copytree(base.folder / CHROMA_FOLDER, folder / CHROMA_FOLDER)
    index = ChromaVectorIndex(folder / CHROMA_FOLDER, create=True)
    with closing(index):
        new = [key for key in now if not carry or key not in before]
        if carry:
            index.delete(stale)
        stored = np.load(folder / CHUNK_VECTORS_FILE, mmap_mode="r")
        chunks = catalogue.chunks([rows[now[key]].row for key in new])
        index.add(
            new,
            stored[[now[key] for key in new]].astype(np.float32),
            [Labels.of(chunk) for chunk in chunks],
        )


def _write_lexical(folder: Path, catalogue: Catalogue) -> None:
    texts, languages = [], []
    for _, chunk in catalogue.all_chunks():
        texts.append(embedded_text(chunk))
        languages.append(chunk.source.language)
    LexicalIndex.build(texts, languages).save(folder / LEXICAL_FOLDER)


def _content_hash(catalogue: Catalogue) -> str:
    lines: Iterable[str] = (f"{its.id}\0{its.fingerprint}\n" for its in catalogue.stored())
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def verify(folder: Path, embedder: Callable[[], Embedder]) -> None:
    """Open a finished generation as a reader would. Raises StoreError if it does not hold up."""
    generation = Generation(folder, embedder)
    with closing(generation):
        generation.check_counts()


def translate_disk_errors(exc: Exception) -> str | None:
    """Return the plain words for an error of the disk, None for any other error."""
    no_space = {28, 122}  # ENOSPC, EDQUOT
    if isinstance(exc, OSError) and exc.errno in no_space:
        return "the disk is full"
    if isinstance(exc, sqlite3.Error) and "full" in str(exc):
        return "the disk is full"
    return None
