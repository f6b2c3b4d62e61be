"""The forum for LangChain programs: a retriever, a runnable, and the embedding model.

`Forum.as_retriever` and `Forum.as_runnable` make the first two.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableConfig
from pydantic import ConfigDict, Field

from assistant.answering import answer_json
from assistant.answering.assistant import Assistant
from assistant.domain.corpus import DocumentId, Passage
from assistant.domain.dialogue import Question, Turn
from assistant.domain.errors import InputError
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
    k: int = Field(default=4, ge=1)
    language_of: Callable[[str], str] | None = None
    """Tells the language of a query; of a work in several, that version is found."""

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, k: int | None = None
    ) -> list[Document]:
        del run_manager
        language = self.language_of(query) if self.language_of else None
        with self.library.generation() as generation:
            found = generation.search(query, limit=k or self.k, language=language)
        return [_document(each) for each in found]


Asked = str | Mapping[str, Any] | Sequence[BaseMessage]
"""A question; or a mapping with `question` and, if wanted, `messages` before it; or messages, of
which the last is the question."""


class ForumRunnable(Runnable[Asked, AIMessage]):
    """The assistant: a question in, an answer with its sources out."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    def invoke(
        self, input: Asked, config: RunnableConfig | None = None, **kwargs: Any
    ) -> AIMessage:
        """Return the answer. Raises what `Forum.ask` raises, and InputError for another shape."""
        return self._call_with_config(self._answer, input, config, **kwargs)

    def _answer(self, asked: Asked) -> AIMessage:
        text, history = _question(asked)
        started = time.perf_counter()
        answer = self._assistant.answer(Question(text, history=history))
        metadata = answer_json.answer(None, answer, 1000 * (time.perf_counter() - started))
        return AIMessage(answer.text, response_metadata=metadata)


def _question(asked: Asked) -> tuple[str, tuple[Turn, ...]]:
    """Return the question, and the turns before it."""
    if isinstance(asked, str):
        return asked, ()
    if isinstance(asked, Mapping) and isinstance(asked.get("question"), str):
        return asked["question"], _turns(asked.get("messages", ()))
    if isinstance(asked, list | tuple) and asked and isinstance(asked[-1], HumanMessage):
        return asked[-1].text, _turns(asked[:-1])
    msg = "give a question, a mapping with `question`, or messages that end with a human one"
    raise InputError(msg)


def _turns(messages: Sequence[BaseMessage]) -> tuple[Turn, ...]:
    """Return the turns of a conversation; what our own answers carry tells their sources."""
    turns = list[Turn]()
    for message in messages:
        if isinstance(message, HumanMessage):
            turns.append(Turn(message.text, ""))
        elif isinstance(message, AIMessage) and turns and message.response_metadata:
            turns[-1] = _answered(turns[-1].question, message.response_metadata)
    return tuple(turns)


def _answered(question: str, answer: Mapping[str, Any]) -> Turn:
    cited = answer.get("citations", ())
    named = cited or answer.get("suggestions", ())
    return Turn(
        "" if answer.get("outcome") == "spoken" else str(answer.get("understood") or question),
        str(answer.get("language", "")),
        tuple(str(citation["quote"]) for citation in cited),
        tuple(DocumentId(str(source["document"])) for source in named),
    )


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
