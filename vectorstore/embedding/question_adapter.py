"""What training adds to the vector of a question, so that it lies nearer to what answers it.

An embedding model puts a text beside what resembles it, and what answers a question need not
resemble it. `question_adapter.safetensors` holds two small layers whose output is added to the
vector; `benchmarks/question_adapter.py` trained them on members' questions in seven languages.
Passages keep their vectors, so a store need not be built anew for another adapter.
"""

from collections.abc import Mapping
from importlib.resources import as_file, files

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from vectorstore.embedding.embedder import Vectors, as_unit_rows

FILE = "question_adapter.safetensors"


class QuestionAdapter:
    """Turns vectors of texts into vectors of questions, for one embedding model."""

    def __init__(self, weights: Mapping[str, NDArray[np.generic]]) -> None:
        self._into, self._into_bias = _floats(weights["into"]), _floats(weights["into_bias"])
        self._out, self._out_bias = _floats(weights["out"]), _floats(weights["out_bias"])

    @classmethod
    def built_in(cls) -> "QuestionAdapter":
        """Read the one of the built-in model, out of this package."""
        with as_file(files("vectorstore") / "embedding" / FILE) as path:
            return cls(load_file(path))

    def __call__(self, vectors: Vectors) -> Vectors:
        """Return the vectors of the same texts as questions, of unit length."""
        hidden = np.maximum(vectors @ self._into + self._into_bias, 0)
        return as_unit_rows(vectors + hidden @ self._out + self._out_bias)


def _floats(weights: NDArray[np.generic]) -> Vectors:
    return np.asarray(weights, dtype=np.float32)
