"""What a generation asks of its index of vectors, and the exact implementation of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np

from assistant.domain.corpus import EVERYTHING, Chunk, Filters, Kind
from vectorstore.embedding.embedder import Vectors


@dataclass(frozen=True, slots=True)
class Labels:
    """What a vector can be filtered by.

    Attributes:
        published: The date as a number such as 20210121, or 0 where there is none.
    """

    language: str
    kind: Kind
    published: int

    @classmethod
    def of(cls, chunk: Chunk) -> "Labels":
        """Return the labels of a chunk."""
        day = chunk.source.published
        return cls(chunk.source.language, chunk.kind, day_number(day) if day else 0)


class VectorIndex(Protocol):
    """Keeps vectors under keys and finds those of the highest scalar product with a query."""

    def add(self, keys: Sequence[str], vectors: Vectors, labels: Sequence[Labels]) -> None:
        """Store new vectors; a key that is there already is an error."""
        ...

    def delete(self, keys: Collection[str]) -> None:
        """Forget vectors; unknown keys are ignored."""
        ...

    def nearest(self, vector: Vectors, *, limit: int, filters: Filters = EVERYTHING) -> list[str]:
        """Return at most `limit` keys, nearest first; `vector` is one row of unit length."""
        ...

    def count(self) -> int:
        """Return the number of vectors."""
        ...

    def close(self) -> None:
        """Release files; the index must not be used afterwards."""
        ...


class ExactVectorIndex:
    """Compares with every vector, in memory: the measure of what an approximate index misses."""

    def __init__(self) -> None:
        self._vectors: dict[str, tuple[Vectors, Labels]] = {}

    def add(self, keys: Sequence[str], vectors: Vectors, labels: Sequence[Labels]) -> None:
        """Store new vectors; a key that is there already is an error."""
        if known := self._vectors.keys() & set(keys):
            msg = f"keys that are stored already: {sorted(known)[:3]}"
            raise ValueError(msg)
        self._vectors.update(zip(keys, zip(vectors, labels, strict=True), strict=True))

    def delete(self, keys: Collection[str]) -> None:
        """Forget vectors; unknown keys are ignored."""
        for key in keys:
            self._vectors.pop(key, None)

    def nearest(self, vector: Vectors, *, limit: int, filters: Filters = EVERYTHING) -> list[str]:
        """Return at most `limit` keys, nearest first; `vector` is one row of unit length."""
        allowed = [key for key, (_, labels) in self._vectors.items() if passes(labels, filters)]
        if not allowed:
            return []
        products = np.stack([self._vectors[key][0] for key in allowed]) @ vector
        return [allowed[position] for position in np.argsort(-products, kind="stable")[:limit]]

    def count(self) -> int:
        """Return the number of vectors."""
        return len(self._vectors)

    def close(self) -> None:
        """Do nothing: there are no files."""


def passes(labels: Labels, filters: Filters) -> bool:
    """Tell whether a vector with `labels` may be found."""
    first, last = date_bounds(filters)
    return (
        (not filters.languages or labels.language in filters.languages)
        and (not filters.kinds or labels.kind in filters.kinds)
        and (first is None or labels.published >= first)
        and (last is None or 0 < labels.published <= last)
    )


def date_bounds(filters: Filters) -> tuple[int | None, int | None]:
    """Return the first and last day number that pass, None where there is no bound."""
    first, last = filters.published_from, filters.published_to
    return day_number(first) if first else None, day_number(last) if last else None


def day_number(day: date) -> int:
    """Return a date as a number such as 20210121, which sorts like the date."""
    return int(f"{day:%Y%m%d}")
