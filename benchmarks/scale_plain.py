"""The plain recipe: LangChain's embedding port on sentence-transformers, in 32-bit floats."""

import tempfile
from pathlib import Path

from langchain_core.embeddings import Embeddings
from sentence_transformers import SentenceTransformer

from vectorstore.embedding import builtin_model, model_conversion


class SentenceTransformersEmbeddings(Embeddings):
    """The same weights as the built-in model's, on torch."""

    def __init__(self) -> None:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / "model"
            weights = builtin_model.pinned_weights()
            model_conversion.write_sentence_transformer(weights.read_bytes(), folder)
            self._model = SentenceTransformer(str(folder), device="cpu")

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Embed passages."""
        rows = self._model.encode_document(texts, normalize_embeddings=True)
        return [[float(value) for value in row] for row in rows]

    def embed_query(self, text: str) -> list[float]:
        """Embed one question."""
        row = self._model.encode_query(text, normalize_embeddings=True)
        return [float(value) for value in row]
