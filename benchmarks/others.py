"""The retrieval that other assistants come with, rebuilt from their published defaults.

LangChain's splitters, Chroma and sentence-transformers stand for what each of them uses. Chat
models, query rewriting and rerankers are left out: what is rebuilt is what a question finds, best
first.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bm25s
import chromadb
import numpy as np
from langchain_text_splitters import RecursiveCharacterTextSplitter
from numpy.typing import NDArray
from tokenizers import Tokenizer

from assistant.domain.corpus import Document, DocumentId
from vectorstore.embedding.embedder import Vectors
from vectorstore.embedding.sentence_transformer import SentenceTransformerEmbedder

RANKED = 60  # chunks, so that ten documents are among them
FUSED = 100  # chunks that each half of a hybrid search proposes
WORD_OR_MARK = re.compile(r"\w+|[^\w\s]")

Spans = Sequence[tuple[int, int]]
Split = Callable[[Document], list[str]]


@dataclass(frozen=True, slots=True)
class Piece:
    """A chunk as it is handed over; unlike ours, it need not be a slice of its document."""

    document: DocumentId
    text: str


class Embedding:
    """sentence-transformers in 32-bit floats, which remembers what it embedded."""

    def __init__(self, folder: Path) -> None:
        self._embedder = SentenceTransformerEmbedder(str(folder))
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._known: dict[str, Any] = {}

    def spans(self, text: str) -> Spans:
        """Return where the model's tokens stand in a text."""
        offsets: Spans = self._tokenizer.encode(text, add_special_tokens=False).offsets
        return offsets

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed passages; what a text holds beyond the model's limit is not read."""
        missing = [text for text in dict.fromkeys(texts) if text not in self._known]
        if missing:
            vectors = self._embedder.embed_passages(missing)
            self._known.update(zip(missing, vectors, strict=True))
        return np.stack([self._known[text] for text in texts])

    def query(self, text: str) -> Vectors:
        """Embed one question."""
        (vector,) = self._embedder.embed_texts([text])
        return np.asarray(vector, np.float32)


def recursive(size: int, overlap: int, *, header: bool = False) -> Split:
    """Return LangChain's splitter by characters; with a `header`, each piece names its document."""
    splitter = RecursiveCharacterTextSplitter(chunk_size=size, chunk_overlap=overlap)

    def split(document: Document) -> list[str]:
        title = document.source.title
        named = f"<document_metadata>\nsourceDocument: {title}\n</document_metadata>\n\n"
        return [(named if header else "") + text for text in splitter.split_text(document.text)]

    return split


def by_tokens(size: int, overlap: int, spans_of: Callable[[str], Spans]) -> Split:
    """Return a splitter into windows of so many tokens, wherever sentences end."""

    def split(document: Document) -> list[str]:
        text, spans = document.text, spans_of(document.text)
        if len(spans) <= size:
            return [text]
        starts = range(0, len(spans) - overlap, size - overlap)
        return [text[spans[at][0] : spans[min(at + size, len(spans)) - 1][1]] for at in starts]

    return split


def words_and_marks(text: str) -> Spans:
    """Return where words and punctuation marks stand: tokens as linguists count them."""
    return [match.span() for match in WORD_OR_MARK.finditer(text)]


def assistants(embedding: Embedding, folder: Path) -> dict[str, "DensePeer"]:
    """Return the others as their sources had them in 2025 and 2026, with a folder for stores.

    Tokens are the model's, but for Verba, whose own are words and marks.
    """
    splits = {
        "Open WebUI": recursive(1000, 100),
        "AnythingLLM": recursive(1000, 20, header=True),
        "DocsGPT": by_tokens(1250, 0, embedding.spans),
        "plain LangChain": recursive(4000, 200),
    }
    hybrid = HybridPeer(by_tokens(250, 50, words_and_marks), embedding, folder / "hybrid")
    return {
        **{name: DensePeer(split, embedding, folder / name) for name, split in splits.items()},
        "Verba-like": hybrid,
    }


class DensePeer:
    """Chunks in Chroma, nearest first."""

    def __init__(self, split: Split, embedding: Embedding, folder: Path) -> None:
        self._split = split
        self._embedding = embedding
        self._client = chromadb.PersistentClient(str(folder))
        self._collections = 0
        self.pieces: list[Piece] = []

    def ingest(self, documents: Sequence[Document]) -> None:
        """Split, embed and store a corpus, instead of any before."""
        self.pieces = [
            Piece(document.id, text) for document in documents for text in self._split(document)
        ]
        self._collections += 1
        self._collection = self._client.create_collection(
            f"corpus-{self._collections}",
            configuration={"hnsw": {"space": "cosine"}},
            embedding_function=None,
        )
        vectors = self._embedding.passages([piece.text for piece in self.pieces])
        self._collection.add(ids=[str(at) for at in range(len(vectors))], embeddings=vectors)

    def ranking(self, question: str, language: str) -> list[DocumentId]:
        """Return the documents found, best first."""
        del language
        return documents_of(self.pieces[at] for at, _ in self.nearest(question, RANKED))

    def nearest(self, question: str, limit: int) -> list[tuple[int, float]]:
        """Return places of chunks with their similarity."""
        found: Any = self._collection.query(
            query_embeddings=self._embedding.query(question)[None, :],
            n_results=min(limit, len(self.pieces)),
            include=["distances"],
        )
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return [(int(place), 1.0 - distance) for place, distance in pairs]


class HybridPeer(DensePeer):
    """Vectors and BM25, their scores fused evenly."""

    def ingest(self, documents: Sequence[Document]) -> None:
        """Index the chunks twice."""
        super().ingest(documents)
        self._bm25: Any = bm25s.BM25(k1=1.2, b=0.75)
        self._bm25.index(_words([piece.text for piece in self.pieces]), show_progress=False)

    def ranking(self, question: str, language: str) -> list[DocumentId]:
        """Return the documents of the best chunks."""
        del language
        return documents_of(self.pieces[at] for at, _ in self._fused(question))

    def _fused(self, question: str) -> list[tuple[int, float]]:
        (words,) = _words([question]) or [[]]
        lexical: NDArray[np.float32] = (
            self._bm25.get_scores(words) if words else np.zeros(len(self.pieces), np.float32)
        )
        covering = [int(at) for at in np.argsort(-lexical, kind="stable")[:FUSED] if lexical[at]]
        total = dict.fromkeys(range(len(self.pieces)), 0.0)
        for found in (self.nearest(question, FUSED), [(at, lexical[at]) for at in covering]):
            lowest = min((score for _, score in found), default=0.0)
            width = max((score for _, score in found), default=0.0) - lowest
            for at, score in found:
                total[at] += 0.5 * float((score - lowest) / width if width else 1.0)
        best = sorted(total.items(), key=lambda pair: -pair[1])
        return [(at, score) for at, score in best if score > 0]


def _words(texts: Sequence[str]) -> list[list[str]]:
    words: list[list[str]] = bm25s.tokenize(
        list(texts), stopwords="en", return_ids=False, show_progress=False
    )
    return words


def documents_of(pieces: Iterable[Piece]) -> list[DocumentId]:
    """Return the documents of pieces, each once."""
    return list(dict.fromkeys(piece.document for piece in pieces))
