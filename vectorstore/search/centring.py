"""Take the language out of the vectors, so that a passage counts for what it says.

A multilingual model puts texts of one language near each other: a German question finds an
unrelated German passage before the English one that answers it. `anchors.json` holds the same
sentences in seven languages; the mean of their vectors is what a language alone contributes, and it
is subtracted from every passage of that language. In a corpus of one language no order changes.

`benchmarks/retrieval.py`: nDCG@10 of XQuAD questions where half of the paragraphs are in English
and half in German, among 761 French ones, before and after, with `ranking.FOREIGN_LEXICAL`: English
questions 0.836 and 0.884, German ones 0.801 and 0.949.
"""

import functools
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from assistant.language.languages import languages
from vectorstore.embedding.embedder import Embedder, Vectors


class Centroids:
    """The mean vector of each anchored language; any other language has the mean of them all."""

    def __init__(self, languages: Sequence[str], vectors: Vectors) -> None:
        self.languages = tuple(languages)
        self.vectors = vectors
        self._rows = {language: row for row, language in enumerate(self.languages)}

    @classmethod
    @functools.lru_cache(maxsize=1)  # seconds of work, the same for every new store of a process
    def of(cls, embedder: Embedder) -> "Centroids":
        """Embed the anchors."""
        anchors = {code: language.anchors for code, language in languages().items()}
        flat = [sentence for sentences in anchors.values() for sentence in sentences]
        each = len(flat) // len(anchors)
        vectors = embedder.embed_passages(flat).reshape(len(anchors), each, -1).mean(axis=1)
        return cls(tuple(anchors), vectors)

    @classmethod
    def load(cls, path: Path) -> "Centroids":
        """Read what `save` wrote; raises OSError, ValueError or KeyError where it is damaged."""
        with np.load(path) as stored:
            return cls([str(each) for each in stored["languages"]], stored["vectors"])

    def save(self, path: Path) -> None:
        """Write the centroids into a file that ends in `.npz`."""
        np.savez(path, languages=np.array(self.languages), vectors=self.vectors)

    def matrix(self, languages: Sequence[str]) -> Vectors:
        """Return the centroid of each language, one row each."""
        everywhere = self.vectors.mean(axis=0)
        rows = [
            self.vectors[self._rows[language]] if language in self._rows else everywhere
            for language in languages
        ]
        return np.stack(rows) if rows else np.zeros((0, self.vectors.shape[1]), np.float32)

    def centred(self, vectors: Vectors, languages: Sequence[str]) -> Vectors:
        """Return each row without what its language contributes."""
        return vectors - self.matrix(languages)
