"""The retrieval that other assistants come with, rebuilt from their published defaults.

LangChain's splitters, Chroma and sentence-transformers stand for what each of them uses. Chat
models, query rewriting and rerankers are left out: what is rebuilt is what a question finds.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import bm25s
import chromadb
import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer

from assistant.domain.corpus import Document, DocumentId
from benchmarks.peer_chunks import (
    Embedding,
    Progress,
    Split,
    by_tokens,
    recursive,
    words_and_marks,
)

RANKED = 60  # chunks, so that ten documents are among them
FUSED = 100  # chunks that each half of a hybrid search proposes


@dataclass(frozen=True, slots=True)
class Piece:
    """A chunk as it is handed over; unlike ours, it need not be a slice of its document."""

    document: DocumentId
    text: str


class Peer(Protocol):
    """A retrieval with the defaults it comes with."""

    def ingest(self, documents: Sequence[Document], progress: Progress) -> None:
        """Take in a corpus, instead of any before."""

    def hand_over(self, question: str, language: str) -> list[Piece]:
        """Return what the reader of the passages gets; nothing where the question is refused."""

    def ranking(self, question: str, language: str) -> list[DocumentId]:
        """Return the documents found, best first, whatever would be refused."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """The defaults of a dense retrieval.

    Attributes:
        handed: How many chunks the reader gets; Verba counts none, it keeps what stands out.
        reads_all: Whether the peer's own model takes a whole chunk, however long.
    """

    split: Split
    handed: int
    minimum_similarity: float = -1.0
    reads_all: bool = False


def recipe(name: str, embedding: Embedding) -> Recipe:
    """Return the defaults of a peer that embeds, as its sources had them in 2025 and 2026.

    Tokens are the model's, but for Verba, whose own are words and marks.
    """
    recipes = {
        "Open WebUI": Recipe(recursive(1000, 100), handed=3),
        "AnythingLLM": Recipe(recursive(1000, 20, header=True), handed=4, minimum_similarity=0.25),
        "chat-langchain": Recipe(recursive(4000, 200), handed=6, reads_all=True),
        "DocsGPT": Recipe(by_tokens(1250, 0, embedding.spans), handed=2),
        "Verba-like": Recipe(by_tokens(250, 50, words_and_marks), handed=0),
        "plain LangChain": Recipe(recursive(4000, 200), handed=4),
    }
    return recipes[name]


class DensePeer:
    """Chunks in Chroma, nearest first."""

    def __init__(self, recipe: Recipe, embedding: Embedding, folder: Path) -> None:
        self._recipe = recipe
        self._embedding = embedding
        self._client = chromadb.PersistentClient(str(folder))
        self._collections = 0
        self.pieces: list[Piece] = []

    def ingest(self, documents: Sequence[Document], progress: Progress) -> None:
        """Split, embed and store."""
        split = self._recipe.split
        self.pieces = [
            Piece(document.id, text) for document in documents for text in split(document)
        ]
        self._collections += 1
        self._collection = self._client.create_collection(
            f"corpus-{self._collections}",
            configuration={"hnsw": {"space": "cosine"}},
            embedding_function=None,
        )
        vectors = self._embedding.passages(
            [piece.text for piece in self.pieces], whole=self._recipe.reads_all, progress=progress
        )
        self._collection.add(ids=[str(at) for at in range(len(vectors))], embeddings=vectors)

    def hand_over(self, question: str, language: str) -> list[Piece]:
        """Return the nearest chunks that are near enough."""
        del language
        found = self.nearest(question, self._recipe.handed)
        least = self._recipe.minimum_similarity
        return [self.pieces[at] for at, similarity in found if similarity >= least]

    def ranking(self, question: str, language: str) -> list[DocumentId]:
        """Return the documents of the nearest chunks."""
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
        return [(int(pair), 1.0 - distance) for pair, distance in pairs]


class HybridPeer:
    """Vectors and BM25, their scores fused evenly; as much as stands out, with its neighbours."""

    NEIGHBOURS_FROM = 0.8  # of the best score

    def __init__(self, recipe: Recipe, embedding: Embedding, folder: Path) -> None:
        self._dense = DensePeer(recipe, embedding, folder)

    def ingest(self, documents: Sequence[Document], progress: Progress) -> None:
        """Index the chunks twice."""
        self._dense.ingest(documents, progress)
        self._bm25: Any = bm25s.BM25(k1=1.2, b=0.75)
        self._bm25.index(_words([piece.text for piece in self._dense.pieces]), show_progress=False)

    def hand_over(self, question: str, language: str) -> list[Piece]:
        """Return what is before the first sharp fall of the scores."""
        del language
        fused = self._fused(question)
        kept = fused[: before_fall([score for _, score in fused])]
        pieces = self._dense.pieces
        places: dict[int, None] = {}
        for at, score in kept:
            reach = 1 if score >= self.NEIGHBOURS_FROM * kept[0][1] else 0
            around = range(max(0, at - reach), min(len(pieces), at + reach + 1))
            own = pieces[at].document
            places.update(dict.fromkeys(each for each in around if pieces[each].document == own))
        return [pieces[place] for place in places]

    def ranking(self, question: str, language: str) -> list[DocumentId]:
        """Return the documents of the best chunks."""
        del language
        return documents_of(self._dense.pieces[at] for at, _ in self._fused(question))

    def _fused(self, question: str) -> list[tuple[int, float]]:
        pieces = self._dense.pieces
        (words,) = _words([question]) or [[]]
        lexical: NDArray[np.float32] = (
            self._bm25.get_scores(words) if words else np.zeros(len(pieces), np.float32)
        )
        covering = [int(at) for at in np.argsort(-lexical, kind="stable")[:FUSED] if lexical[at]]
        total = dict.fromkeys(range(len(pieces)), 0.0)
        halves = (self._dense.nearest(question, FUSED), [(at, lexical[at]) for at in covering])
        for found in halves:
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


def before_fall(scores: Sequence[float]) -> int:
    """Return how many scores stand before the first fall that is steeper than the average one."""
    if len(scores) <= 2 or scores[0] == scores[-1]:  # noqa: PLR2004 - two have no fall between
        return len(scores)
    drops = (scores[0] - np.array(scores)) / (scores[0] - scores[-1])
    excess = drops - np.linspace(0, 1, len(scores))
    for at in range(1, len(scores) - 1):
        if excess[at - 1] < excess[at] > excess[at + 1]:
            return at
    return len(scores)


class StemPeer:
    """Paragraphs by TF-IDF over words cut to five letters; needs no model."""

    STEM, SHORTEST = 5, 3
    TITLE_WEIGHT = 5
    THRESHOLD = 0.165

    def ingest(self, documents: Sequence[Document], progress: Progress) -> None:
        """Count the stems of each paragraph, a title five times, each language for itself."""
        del progress
        self._parts: dict[str, _Stems] = {}
        for language in {document.source.language for document in documents}:
            own = [document for document in documents if document.source.language == language]
            pieces = [Piece(each.id, text) for each in own for text in each.text.split("\n\n")]
            titles = {each.id: f"{each.source.title}\n" * self.TITLE_WEIGHT for each in own}
            self._parts[language] = _Stems(
                pieces, [stems(titles[piece.document] + piece.text) for piece in pieces]
            )

    def hand_over(self, question: str, language: str) -> list[Piece]:
        """Return the best paragraph, of another language only where the own one has none."""
        found = self._found(question, language)
        return [piece for score, piece in found[:1] if score >= self.THRESHOLD]

    def ranking(self, question: str, language: str) -> list[DocumentId]:
        """Return the documents of all paragraphs, best first."""
        return documents_of(piece for _, piece in self._found(question, language))

    def _found(self, question: str, language: str) -> list[tuple[float, Piece]]:
        asked = Counter(stems(question))
        own = self._parts[language].scored(asked) if language in self._parts else []
        if own and own[0][0] >= self.THRESHOLD:
            return own
        everything = [pair for part in self._parts.values() for pair in part.scored(asked)]
        return sorted(everything, key=lambda pair: -pair[0])


class _Stems:
    """The paragraphs of one language."""

    COMMON = 0.5  # share of paragraphs beyond which a stem tells nothing

    def __init__(self, pieces: Sequence[Piece], terms: Sequence[list[str]]) -> None:
        self._pieces = pieces
        vectorizer = CountVectorizer(analyzer=list)
        counts: Any = vectorizer.fit_transform(terms).astype(np.float64)
        self._columns: dict[str, int] = vectorizer.vocabulary_
        spread = np.bincount(counts.indices, minlength=counts.shape[1])
        self._weights = np.log((len(pieces) + 1) / (spread + 1)) + 1
        self._weights[spread > self.COMMON * len(pieces)] = 0.0
        counts.data = (1 + np.log(counts.data)) * self._weights[counts.indices]
        lengths = np.sqrt(counts.multiply(counts).sum(axis=1))
        self._rows: Any = counts.multiply(1 / np.maximum(lengths, 1e-9)).tocsr()

    def scored(self, asked: Counter[str]) -> list[tuple[float, Piece]]:
        query = np.zeros(len(self._columns))
        unknown = 0.0  # a stem that no paragraph has makes each of them less of an answer
        for stem, count in asked.items():
            column = self._columns.get(stem)
            if column is None:
                unknown += ((1 + math.log(count)) * (math.log(len(self._pieces) + 1) + 1)) ** 2
            else:
                query[column] = (1 + math.log(count)) * self._weights[column]
        length = math.sqrt(float(query @ query) + unknown)
        scores: NDArray[np.float64] = self._rows @ (query / (length or 1.0))
        order = np.argsort(-scores, kind="stable")
        return [(float(scores[at]), self._pieces[at]) for at in order]


def stems(text: str) -> list[str]:
    """Return the words of a text cut to five letters; very short ones only if they are numbers."""
    cut = [each[: StemPeer.STEM] for each in re.findall(r"\w+", text.casefold())]
    return [char for char in cut if len(char) >= StemPeer.SHORTEST or char.isdigit()]


def documents_of(pieces: Iterable[Piece]) -> list[DocumentId]:
    """Return the documents of pieces, each once."""
    return list(dict.fromkeys(piece.document for piece in pieces))
