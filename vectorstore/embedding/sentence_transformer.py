"""Any model of sentence-transformers as an embedder.

Only local files and what the hub's cache already holds are used, and no code that comes with a
model is ever run.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer

from vectorstore.embedding.embedder import Vectors, as_unit_rows, no_progress
from vectorstore.embedding.onnx_embedder import (
    PASSAGE_PROMPT,
    QUERY_PROMPT,
    TOKEN_LIMIT,
)
from vectorstore.errors import ModelUnavailableError

BATCH = 8
PROGRESS_STEP = 64
E5_PROMPTS = {"query": QUERY_PROMPT, "document": PASSAGE_PROMPT}


class SentenceTransformerEmbedder:
    """Any model that sentence-transformers can load, by name or by folder."""

    def __init__(self, name: str) -> None:
        try:
            self._model = SentenceTransformer(
                name, device="cpu", local_files_only=True, trust_remote_code=False
            )
        except Exception as exc:  # Every layer beneath raises its own kind.
            msg = (
                f"cannot load the embedding model {name!r}: {_first_line(exc)}; give the folder of "
                "a sentence-transformers model, a name that the local hub cache holds, or leave "
                "FORUM_EMBEDDING_MODEL unset for the built-in one"
            )
            raise ModelUnavailableError(msg) from exc
        self._name = name
        if "e5" in Path(name).name.lower() and not any(self._model.prompts.values()):
            # E5 models are trained with these; many copies come without them.
            self._model.prompts = dict(E5_PROMPTS)

    @property
    def name(self) -> str:
        """The name that settings use for the model."""
        return self._name

    @property
    def dimension(self) -> int:
        """The length of every vector."""
        return int(self._model.get_embedding_dimension() or 0)

    @property
    def token_limit(self) -> int:
        """What a passage may hold beside its prompt and the model's own tokens."""
        prompt = self._model.prompts.get("document") or self._model.prompts.get("passage") or ""
        # Static models take text of any length; a passage should still be about one thing.
        limit = min(self._model.get_max_seq_length() or TOKEN_LIMIT, TOKEN_LIMIT)
        return int(limit) - self.count_tokens(prompt) - 2

    def count_tokens(self, text: str) -> int:
        """Return the number of tokens that `text` takes, without the model's own."""
        tokenizer: Any = self._model.tokenizer
        if isinstance(tokenizer, Tokenizer):  # what static models have
            return len(tokenizer.encode(text, add_special_tokens=False).ids)
        return len(tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"])

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Embed questions, near the passages that answer them; one row each."""
        return self.embed_texts(texts)

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        """Embed texts near what says the same, be it a passage or another of them; one row each."""
        return self._embed(self._model.encode_query, texts, no_progress)

    def embed_passages(
        self, texts: Sequence[str], *, progress: Callable[[int], None] = no_progress
    ) -> Vectors:
        """Embed what questions are matched against; `progress` hears how many are done so far."""
        return self._embed(self._model.encode_document, texts, progress)

    def _embed(
        self, encode: Callable[..., Any], texts: Sequence[str], progress: Callable[[int], None]
    ) -> Vectors:
        by_length = sorted(range(len(texts)), key=lambda row: len(texts[row]))
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for first in range(0, len(by_length), PROGRESS_STEP):
            rows = by_length[first : first + PROGRESS_STEP]
            vectors[rows] = encode(
                [texts[row] for row in rows], batch_size=BATCH, show_progress_bar=False
            )
            progress(first + len(rows))
        return as_unit_rows(vectors)


def _first_line(exc: Exception) -> str:
    return (str(exc).strip() or type(exc).__name__).splitlines()[0]
