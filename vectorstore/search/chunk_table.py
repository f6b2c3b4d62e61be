"""What a search must know of every chunk, in columns; a position is a chunk's place in them."""

from collections.abc import Collection, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from assistant.domain.corpus import EVERYTHING, Filters
from vectorstore.catalogue import ChunkRow
from vectorstore.search.postings import Numbers, ranges

Mask = NDArray[np.bool_]


class ChunkTable:
    """The columns of a generation's chunks.

    Attributes:
        rows: The row of each chunk in the catalogue.
        first_sentence: Where each chunk's sentences begin among all, and behind the last, their
            number.
    """

    def __init__(self, chunks: Sequence[ChunkRow]) -> None:
        self.rows = np.array([chunk.row for chunk in chunks], np.int64)
        many = np.array([chunk.sentence_count for chunk in chunks], np.int64)
        self.first_sentence = np.concatenate([[0], np.cumsum(many)]).astype(np.int64)
        self._languages = _Column([chunk.language for chunk in chunks])
        self._kinds = _Column([chunk.kind for chunk in chunks])
        self._published = np.array([chunk.day for chunk in chunks], np.int32)
        keys = np.array([chunk.key for chunk in chunks], np.bytes_)
        self._by_key = np.argsort(keys)
        self._keys = keys[self._by_key]

    def __len__(self) -> int:
        return len(self.rows)

    def in_language(self, language: str) -> Mask:
        """Of each chunk, whether it is in that language."""
        return self._languages.any_of({language})

    def passing(self, filters: Filters) -> Mask:
        """Of each chunk, whether it may be found."""
        if filters == EVERYTHING:
            return np.ones(len(self), np.bool_)
        mask = np.ones(len(self), np.bool_)
        if filters.languages:
            mask &= self._languages.any_of(filters.languages)
        if filters.kinds:
            mask &= self._kinds.any_of({kind.value for kind in filters.kinds})
        if filters.published_from:
            mask &= self._published >= _number(filters.published_from)
        if filters.published_to:
            mask &= (self._published > 0) & (self._published <= _number(filters.published_to))
        return mask

    def positions_of(self, keys: Sequence[str]) -> Numbers:
        """Return the position of each key. Raises KeyError for one that no chunk has."""
        wanted = np.array(keys, np.bytes_)
        places = np.searchsorted(self._keys, wanted)
        known = places < len(self._keys)
        if not (known.all() and (self._keys[places] == wanted).all()):
            msg = "the index of vectors has a key that the catalogue has not"
            raise KeyError(msg)
        positions: Numbers = self._by_key[places]
        return positions

    def sentences_of(self, positions: Numbers) -> tuple[Numbers, Numbers]:
        """Return the places of all sentences of these chunks, and how many each has."""
        begins = self.first_sentence[positions]
        many = self.first_sentence[positions + 1] - begins
        return ranges(begins, many), many


def _number(day: date) -> int:
    return int(f"{day:%Y%m%d}")


class _Column:
    """A few names, by number."""

    def __init__(self, values: Sequence[str]) -> None:
        self._names = {name: number for number, name in enumerate(dict.fromkeys(values))}
        self._numbers = np.array([self._names[value] for value in values], np.int16)

    def any_of(self, wanted: Collection[str]) -> Mask:
        return np.array([name in wanted for name in self._names], np.bool_)[self._numbers]
