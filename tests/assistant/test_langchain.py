"""The sockets for LangChain, by LangChain's own standard tests."""

from pathlib import Path
from typing import Any

import pytest
from langchain_tests.integration_tests import (
    EmbeddingsIntegrationTests,
    RetrieversIntegrationTests,
)
from langchain_tests.unit_tests import EmbeddingsUnitTests

from assistant.langchain import ForumEmbeddings, ForumRetriever
from tests.builders import a_document, an_entry, unheard
from tests.fakes import HashEmbedder
from vectorstore.publishing.library import Library


class TestEmbeddingsUnit(EmbeddingsUnitTests):
    @property
    def embeddings_class(self) -> type[ForumEmbeddings]:
        return ForumEmbeddings

    @property
    def embedding_model_params(self) -> dict[str, Any]:
        return {"embedder": HashEmbedder()}


class TestEmbeddings(EmbeddingsIntegrationTests):
    @property
    def embeddings_class(self) -> type[ForumEmbeddings]:
        return ForumEmbeddings

    @property
    def embedding_model_params(self) -> dict[str, Any]:
        return {"embedder": HashEmbedder()}


class TestRetriever(RetrieversIntegrationTests):
    @pytest.fixture(autouse=True)
    def _published(self, tmp_path: Path) -> None:
        self.library = Library(tmp_path, HashEmbedder, model="hash-64")
        with self.library.writing():
            self.library.publish(
                [an_entry(a_document(f"street-{number}")) for number in range(5)],
                [],
                chunking="test",
                rebuild=False,
                progress=unheard,
            )

    @property
    def retriever_constructor(self) -> type[ForumRetriever]:
        return ForumRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"library": self.library}

    @property
    def retriever_query_example(self) -> str:
        return "street lighting"

    def test_a_document_says_where_it_stands(self) -> None:
        (first,) = ForumRetriever(library=self.library, k=1).invoke("street lighting")

        assert first.metadata["document"].startswith("articles/street-")
        assert first.metadata["end"] - first.metadata["start"] == len(first.page_content)
