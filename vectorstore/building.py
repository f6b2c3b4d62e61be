"""Build a generation aside: carry over what is unchanged, embed what is new, write it all.

Nothing here touches what is published; `publishing.library` publishes the finished folder.
"""

import dataclasses
import hashlib
import shutil
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.domain.corpus import Chunk, DocumentId, Entry
from vectorstore import integrity, manifest
from vectorstore.catalogue import Catalogue, ChunkRow
from vectorstore.embedding.embedder import Embedder, Vectors
from vectorstore.generation import (
    CATALOGUE_FILE,
    CENTROIDS_FILE,
    CHUNK_VECTORS_FILE,
    HEADING_VECTORS_FILE,
    LEXICAL_FOLDER,
    SENTENCE_VECTORS_FILE,
    Generation,
)
from vectorstore.search.centring import Centroids
from vectorstore.search.indexes import VectorIndexes
from vectorstore.search.lexical import LexicalIndex
from vectorstore.search.postings import Numbers, ranges

HALF = np.float16
"""Half precision halves the file of sentences, which is the largest, and changes a cosine by less
than 0.00005 (XQuAD, measured). Chunks stay in single: exact search needs them ready to multiply."""

EMBEDDED_TOGETHER = 256  # chunks; bounds the memory that texts and vectors take at a time
COPIED_TOGETHER = 4096  # likewise, of vectors that are only copied
COMPACT_BELOW = 0.7  # HNSW never reuses a deleted slot: with fewer than 70 % alive, build it anew.


@dataclass(frozen=True, slots=True)
class Replacement:
    """What a new generation differs by from the one before."""

    write: Sequence[Entry]
    delete: Collection[DocumentId]
    chunking: str


Progress = Callable[[int, int], None]
"""Hears how many chunks are embedded, and of how many."""


def build(  # noqa: PLR0913 - each is a part of what is built
    folder: Path,
    change: Replacement,
    base: Generation | None,
    embedder: Embedder,
    *,
    indexes: VectorIndexes,
    progress: Progress,
) -> manifest.Manifest:
    """Write a generation into `folder`, which must not exist yet, and return its manifest.

    `base` is the generation to start from: one of the same embedder and chunking, or None.
    """
    folder.mkdir()
    if base is not None:
        shutil.copyfile(base.folder / CATALOGUE_FILE, folder / CATALOGUE_FILE)
    catalogue = Catalogue(folder / CATALOGUE_FILE, create=base is None)
    with closing(catalogue):
        _write_documents(catalogue, change)
        rows = catalogue.rows()
        before = base.catalogue.rows() if base is not None else []
        kept = _kept(before, rows)
        centroids = base.centroids if base is not None else Centroids.of(embedder)
        centroids.save(folder / CENTROIDS_FILE)
        vectors = _Vectors(rows, embedder.dimension)
        if base is not None:
            vectors.carry_over(base, kept)
        _embed_missing(catalogue, rows, kept, vectors, embedder, centroids, progress)
        vectors.save(folder)
        _write_index(folder, base, before, rows, vectors=vectors, indexes=indexes)
        _write_lexical(folder, base, rows, kept, catalogue)
        content = manifest.Manifest(
            generation=folder.name.removeprefix("."),
            built=datetime.now(UTC).isoformat(timespec="seconds"),
            documents=catalogue.count("documents"),
            chunks=len(rows),
            sentences=sum(row.sentence_count for row in rows),
            content=_content_hash(catalogue),
            chunking=change.chunking,
            embedding=manifest.Embedding.of(embedder),
        )
    made = dataclasses.replace(content, files=integrity.digests(folder))
    made.write(folder)
    return made


def _kept(before: Sequence[ChunkRow], rows: Sequence[ChunkRow]) -> Numbers:
    """Return where the base has the vectors and terms of each chunk, -1 where it has none."""
    known = {each.vector_key: at for at, each in enumerate(before)}
    return np.array([known.get(row.vector_key, -1) for row in rows], np.int64)


def _write_documents(catalogue: Catalogue, change: Replacement) -> None:
    catalogue.delete([*change.delete, *(entry.document.id for entry in change.write)])
    for entry in change.write:
        keyed = [(_key(chunk), _vector_key(chunk), chunk) for chunk in entry.chunks]
        catalogue.add(entry.document, entry.origin, keyed)


def _key(chunk: Chunk) -> str:
    """Return the chunk's key in the vector index: another vector, another key."""
    return _digest(f"{chunk.id}\0{_vector_key(chunk)}")


def _vector_key(chunk: Chunk) -> str:
    """Return a hash of all that the chunk's vectors are made from."""
    sentences = (chunk.sentence(span) for span in chunk.sentences)
    return _digest("\0".join((chunk.source.language, embedded_text(chunk), *sentences)))


def embedded_text(chunk: Chunk) -> str:
    """Return what stands for the chunk in the dense index: its context and its text."""
    return f"{chunk.context}\n{chunk.text}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


class _Vectors:
    """A draft's vectors of chunks, of their heading paths and sentences, filled in any order."""

    def __init__(self, rows: Sequence[ChunkRow], dimension: int) -> None:
        self.many = np.array([row.sentence_count for row in rows], np.int64)
        self.first = np.cumsum(self.many) - self.many
        self.chunk = np.empty((len(rows), dimension), np.float32)
        self.headings = np.empty((len(rows), dimension), HALF)
        self.sentences = np.empty((int(self.many.sum()), dimension), HALF)

    def carry_over(self, base: Generation, kept: Numbers) -> None:
        """Copy what the base has, a block at a time."""
        carried = np.flatnonzero(kept >= 0)
        for first in range(0, len(carried), COPIED_TOGETHER):
            to = carried[first : first + COPIED_TOGETHER]
            self.put(to, *base.vectors_of(kept[to]))

    def put(
        self,
        positions: Numbers,
        chunk: Vectors,
        headings: NDArray[np.floating],
        sentences: NDArray[np.floating],
    ) -> None:
        """Fill in the vectors of the chunks at these positions, and of all their sentences."""
        self.chunk[positions] = chunk
        self.headings[positions] = headings
        self.sentences[ranges(self.first[positions], self.many[positions])] = sentences

    def save(self, folder: Path) -> None:
        """Write the files. Mapping them instead would end the process where the disk is full."""
        np.save(folder / CHUNK_VECTORS_FILE, self.chunk)
        np.save(folder / HEADING_VECTORS_FILE, self.headings)
        np.save(folder / SENTENCE_VECTORS_FILE, self.sentences)


def _embed_missing(  # noqa: PLR0913, PLR0917 - one step, cut out to be read alone
    catalogue: Catalogue,
    rows: Sequence[ChunkRow],
    kept: Numbers,
    vectors: _Vectors,
    embedder: Embedder,
    centroids: Centroids,
    progress: Progress,
) -> None:
    missing: dict[str, list[int]] = {}
    for at in np.flatnonzero(kept < 0).tolist():
        missing.setdefault(rows[at].vector_key, []).append(at)
    todo = list(missing.values())
    for first in range(0, len(todo), EMBEDDED_TOGETHER):
        progress(first, len(todo))
        some = todo[first : first + EMBEDDED_TOGETHER]
        chunks = catalogue.chunks([rows[alike[0]].row for alike in some])
        texts = [embedded_text(chunk) for chunk in chunks]
        flat = [chunk.sentence(span) for chunk in chunks for span in chunk.sentences]
        paths = dict.fromkeys((chunk.source.language, chunk.heading_path) for chunk in chunks)
        share = len(some) / max(1, len(texts) + len(flat) + len(paths))

        def report(done: int, first: int = first, share: float = share) -> None:
            progress(first + int(done * share), len(todo))

        languages = [chunk.source.language for chunk in chunks]
        languages += [chunk.source.language for chunk in chunks for _ in chunk.sentences]
        languages += [language for language, _ in paths]
        headings = [path for _, path in paths]
        raw = embedder.embed_passages([*texts, *flat, *headings], progress=report)
        both = centroids.centred(raw, languages)
        # The same text may stand in several documents: it is embedded once.
        source = np.array([place for place, alike in enumerate(some) for _ in alike])
        to = np.array([at for alike in some for at in alike])
        many = np.array([len(chunk.sentences) for chunk in chunks])
        begins = len(texts) + np.cumsum(many) - many
        # Chunks under one heading share its vector.
        place = {path: len(texts) + len(flat) + at for at, path in enumerate(paths)}
        under = [place[chunk.source.language, chunk.heading_path] for chunk in chunks]
        sentences = both[ranges(begins[source], many[source])]
        vectors.put(to, both[source], both[np.array(under, np.int64)[source]], sentences)
    progress(len(todo), len(todo))


def _write_index(  # noqa: PLR0913 - each is a part of what is built
    folder: Path,
    base: Generation | None,
    before: Sequence[ChunkRow],
    rows: Sequence[ChunkRow],
    *,
    vectors: _Vectors,
    indexes: VectorIndexes,
) -> None:
    then, now = {each.key for each in before}, {row.key for row in rows}
    carried = None
    if base is not None and len(now) >= COMPACT_BELOW * len(then | now):
        carried = indexes.copy(base.folder, folder)
    with closing(carried or indexes.draft(folder)) as index:
        if carried:
            index.delete(then - now)
        new = [at for at, row in enumerate(rows) if not carried or row.key not in then]
        for first in range(0, len(new), COPIED_TOGETHER):
            some = new[first : first + COPIED_TOGETHER]
            index.add([rows[at].key for at in some], vectors.chunk[some])


def _write_lexical(
    folder: Path,
    base: Generation | None,
    rows: Sequence[ChunkRow],
    kept: Numbers,
    catalogue: Catalogue,
) -> None:
    index = base.lexical if base is not None else LexicalIndex.build([], [])
    new = [rows[at].row for at in np.flatnonzero(kept < 0).tolist()]
    fresh = (
        embedded_text(chunk)
        for first in range(0, len(new), COPIED_TOGETHER)
        for chunk in catalogue.chunks(new[first : first + COPIED_TOGETHER])
    )
    languages = [row.language for row in rows]
    index.revised(kept, languages, fresh).save(folder / LEXICAL_FOLDER)


def _content_hash(catalogue: Catalogue) -> str:
    lines: Iterable[str] = (f"{each.id}\0{each.fingerprint}\n" for each in catalogue.stored())
    return hashlib.sha256("".join(lines).encode()).hexdigest()
