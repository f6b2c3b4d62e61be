"""Sockets for other LangChain programs: the published content as a retriever, our embedder.

The assistant itself uses neither.
"""

import asyncio
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from assistant.domain.corpus import Passage
from vectorstore.embedding.embedder import Embedder
from vectorstore.publishing.library import Library


class ForumEmbeddings(Embeddings):
    """An embedder as LangChain knows one."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Embed passages."""
        return [[float(value) for value in row] for row in self._embedder.embed_passages(texts)]

    def embed_query(self, text: str) -> list[float]:
        """Embed one question."""
        (row,) = self._embedder.embed_queries([text])
        return [float(value) for value in row]

    async def aembed_documents(self, texts: list[str]) -> list[list[float]]:
        """Embed passages without blocking the event loop."""
        return await asyncio.to_thread(self.embed_documents, texts)

    async def aembed_query(self, text: str) -> list[float]:
        """Embed one question without blocking the event loop."""
        return await asyncio.to_thread(self.embed_query, text)


class ForumRetriever(BaseRetriever):
    """The hybrid search over what is published, as LangChain knows one."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    library: Library
    k: int = 4

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, k: int | None = None
    ) -> list[Document]:
        del run_manager
        with self.library.generation() as generation:
            return [_document(each) for each in generation.search(query, limit=k or self.k)]


def _document(passage: Passage) -> Document:
    chunk, source = passage.chunk, passage.chunk.source
    metadata: dict[str, Any] = {
        "document": source.document_id,
        "title": source.title,
        "url": source.url,
        "language": source.language,
        "kind": chunk.kind.value,
        "date": source.published.isoformat() if source.published else None,
        "changed": source.changed.isoformat() if source.changed else None,
        "start": chunk.start,
        "end": chunk.end,
        "score": passage.score,
    }
    return Document(id=chunk.id, page_content=chunk.text, metadata=metadata)
