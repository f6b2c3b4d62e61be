"""Text to vectors: what the store asks of an embedding model."""

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""One row a text; from an embedder of unit length, so that scalar products are cosines."""

PROBE = "Municipalities and their partners make public space safer: 25 % fewer incidents in 2021."
"""A fixed text whose vector tells one model from another, whatever it is called."""

SAME_MODEL_COSINE = 0.99
"""The probe's cosine above which two embedders are one model: the built-in model's int8 and fp32
vectors of a text agree to 0.999 on average; the same model with the query prompt gives 0.929."""


def no_progress(done: int) -> None:
    """Ignore progress."""
    del done


class Embedder(Protocol):
    """Turns text into vectors of one fixed size; queries and passages by different methods."""

    @property
    def name(self) -> str:
        """The name that settings use for the model."""
        ...

    @property
    def dimension(self) -> int:
        """The length of every vector."""
        ...

    @property
    def token_limit(self) -> int:
        """The number of tokens beyond which a passage is cut off."""
        ...

    def __hash__(self) -> int:
        """Embedders are told apart as objects; what one made may be kept for it."""
        ...

    def count_tokens(self, text: str) -> int:
        """Return the number of tokens that `text` takes, without the model's own."""
        ...

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Embed questions, near the passages that answer them; one row each."""
        ...

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        """Embed texts near what says the same, be it a passage or another of them; one row each."""
        ...

    def embed_passages(
        self, texts: Sequence[str], *, progress: Callable[[int], None] = no_progress
    ) -> Vectors:
        """Embed what questions are matched against; `progress` hears how many are done so far."""
        ...


def as_unit_rows(vectors: NDArray[np.floating]) -> Vectors:
    """Return the rows at length 1, as 32-bit floats; a zero row stays zero."""
    rows = np.asarray(vectors, dtype=np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Vectors = rows / np.maximum(lengths, np.finfo(np.float32).tiny)
    return unit
