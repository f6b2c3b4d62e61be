"""The lexical index: BM25 over stems, one set of postings a language.

Words are folded (lower case, no diacritics) and stemmed by the Snowball stemmer of the document's
language; numbers, names and acronyms survive as they are. A score is the share of the question's
weight that a chunk covers, so it compares between languages and does not drift as the corpus
grows, which raw BM25 and z-scores do.
"""

import json
import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.language.words import stem
from vectorstore.search.postings import Numbers, Postings

WORD = re.compile(r"\w+")
ROWS_FILE = "rows.npy"
LANGUAGES_FILE = "languages.json"


def tokens(text: str, language: str) -> list[str]:
    """Return the index terms of `text`; a language without a stemmer keeps its whole words."""
    words = WORD.findall(unicodedata.normalize("NFKC", text).lower())
    return [stem(word, language) for word in words]


class LexicalIndex:
    """BM25 over all chunks of a generation; positions are the chunks' rows."""

    def __init__(self, partitions: dict[str, "_Partition"], size: int) -> None:
        self._partitions = partitions
        self._size = size

    @classmethod
    def build(cls, texts: Sequence[str], languages: Sequence[str]) -> "LexicalIndex":
        """Index `texts`, each by the stemmer of its language."""
        return cls({}, 0).revised(np.full(len(texts), -1), languages, iter(texts))

    def revised(
        self, kept: Numbers, languages: Sequence[str], fresh: Iterator[str]
    ) -> "LexicalIndex":
        """Return the index of other texts: `kept` has the position each had here, -1 where new.

        `languages` has that of every text, the same as here for those kept; `fresh` yields the new
        ones, in their order. The result is what `build` makes of all of them.
        """
        rows: dict[str, list[int]] = {}
        terms: dict[str, list[list[str]]] = {}
        for row, language in enumerate(languages):
            rows.setdefault(language, []).append(row)
            new = terms.setdefault(language, [])
            if kept[row] < 0:
                new.append(tokens(next(fresh), language))
        nothing = _Partition(Postings.of([]), np.zeros(0, np.int64))
        partitions = {
            language: self._partitions.get(language, nothing).revised(
                np.array(row, np.int64), kept[row], Postings.of(terms[language])
            )
            for language, row in sorted(rows.items())
        }
        return LexicalIndex(partitions, len(languages))

    def scores(self, *queries: str) -> NDArray[np.float32]:
        """Return, for each chunk, the share in 0..1 of a query's weight that it covers.

        Of several ways to put one query, that counts which it covers best.
        """
        found = np.zeros(self._size, np.float32)
        for language, partition in self._partitions.items():
            for query in dict.fromkeys(queries):
                scores = partition.scores(tokens(query, language))
                found[partition.rows] = np.maximum(found[partition.rows], scores)
        return found

    def shares(self, query: str, texts: Sequence[str], language: str) -> list[float]:
        """Return the share in 0..1 of the query's weight whose words stand in each text."""
        partition = self._partitions.get(language)
        if partition is None:
            return [0.0] * len(texts)
        return partition.shares(tokens(query, language), [tokens(it, language) for it in texts])

    def knows(self, word: str) -> bool:
        """Whether some chunk holds a word in any form."""
        return any(
            set(tokens(word, language)) <= each.terms.keys()
            for language, each in self._partitions.items()
        )

    def terms(self, language: str) -> Collection[str]:
        """Return the terms of the chunks in a language."""
        partition = self._partitions.get(language)
        return partition.terms.keys() if partition else ()

    def holding(self, term: str, language: str) -> list[int]:
        """Return the positions of the chunks in a language that hold a term, ascending."""
        partition = self._partitions.get(language)
        return partition.rows[partition.texts_of(term)].tolist() if partition else []

    def save(self, folder: Path) -> None:
        """Write the index into `folder`, which must not exist yet."""
        folder.mkdir()
        for language, partition in self._partitions.items():
            partition.save(folder / language)
        summary = {"size": self._size, "languages": list(self._partitions)}
        (folder / LANGUAGES_FILE).write_text(json.dumps(summary), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "LexicalIndex":
        """Read what `save` wrote; raises OSError, ValueError or KeyError where it is damaged."""
        summary = json.loads((folder / LANGUAGES_FILE).read_text(encoding="utf-8"))
        partitions = {name: _Partition.load(folder / name) for name in summary["languages"]}
        return cls(partitions, summary["size"])


class _Partition:
    """The chunks of one language; `rows` are their positions, ascending."""

    def __init__(self, postings: Postings, rows: Numbers) -> None:
        self._postings = postings
        self.rows = rows

    @property
    def terms(self) -> dict[str, int]:
        return self._postings.terms

    def texts_of(self, term: str) -> NDArray[np.int32]:
        return self._postings.texts_of(term)

    def revised(self, rows: Numbers, kept: Numbers, fresh: Postings) -> "_Partition":
        """Return the partition of the chunks at `rows`, of which those kept are known here."""
        numbers = np.where(kept < 0, -1, np.searchsorted(self.rows, kept))
        return _Partition(self._postings.revised(numbers, fresh), rows)

    def scores(self, terms: Sequence[str]) -> NDArray[np.float32]:
        scores = self._postings.scores(terms)
        weight = sum(self._postings.weight(term) for term in dict.fromkeys(terms))
        return scores / np.float32(weight) if scores.any() else scores

    def shares(self, terms: Sequence[str], texts: Sequence[Sequence[str]]) -> list[float]:
        weights = {term: self._postings.weight(term) for term in terms}
        total = sum(weights.values()) or 1.0
        return [sum(weights[term] for term in weights.keys() & set(text)) / total for text in texts]

    def save(self, folder: Path) -> None:
        self._postings.save(folder)
        np.save(folder / ROWS_FILE, self.rows)

    @classmethod
    def load(cls, folder: Path) -> "_Partition":
        return cls(Postings.load(folder), np.load(folder / ROWS_FILE))
