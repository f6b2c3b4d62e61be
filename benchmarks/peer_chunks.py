"""How other assistants cut and embed what they take in."""

import hashlib
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from langchain_text_splitters import RecursiveCharacterTextSplitter
from tokenizers import Tokenizer

from assistant.domain.corpus import Document
from vectorstore.embedding.embedder import Vectors, as_unit_rows
from vectorstore.embedding.sentence_transformer import SentenceTransformerEmbedder

WORD_OR_MARK = re.compile(r"\w+|[^\w\s]")

Progress = Callable[[int], None]
Spans = Sequence[tuple[int, int]]
Split = Callable[[Document], list[str]]


class Embedding:
    """sentence-transformers in 32-bit floats.

    Remembers vectors from one peer to the next, so that a comparison of many takes no longer than
    it must; while it is timed, everything is computed anew.
    """

    def __init__(self, folder: Path, memory: Path) -> None:
        self._embedder = SentenceTransformerEmbedder(str(folder))
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._memory = memory
        self._known: dict[str, Vectors] = {}
        self.is_timed = False
        self._embedder.embed_queries(["warm up"])
        if memory.is_file():
            with np.load(memory) as stored:
                self._known = dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))

    def save(self) -> None:
        """Write down what the next peer may use."""
        keys, vectors = list(self._known), list(self._known.values())
        np.savez(self._memory, keys=np.array(keys), vectors=np.stack(vectors))

    def spans(self, text: str) -> Spans:
        """Return where the model's tokens stand in a text."""
        offsets: Spans = self._tokenizer.encode(text, add_special_tokens=False).offsets
        return offsets

    def query(self, text: str) -> Vectors:
        """Embed one question."""
        (vector,) = self._remembered("query", [text], self._embedder.embed_queries)
        return np.asarray(vector, np.float32)

    def passages(self, texts: Sequence[str], *, whole: bool, progress: Progress) -> Vectors:
        """Embed passages; what a text holds beyond the model's limit is read only if `whole`.

        It is then embedded in windows, whose mean by length is the text's vector.
        """
        limit = self._embedder.token_limit
        parts = [windows(text, self.spans(text), limit) if whole else [text] for text in texts]
        flat = [part for each in parts for part in each]
        vectors = self._remembered(
            "passage", flat, lambda some: self._embedder.embed_passages(some, progress=progress)
        )
        owners = np.repeat(np.arange(len(texts)), [len(part) for part in parts])
        sums = np.zeros((len(texts), vectors.shape[1]), np.float32)
        np.add.at(sums, owners, vectors * np.array([[len(part)] for part in flat], np.float32))
        return as_unit_rows(sums)

    def _remembered(
        self, role: str, texts: Sequence[str], embed: Callable[[Sequence[str]], Vectors]
    ) -> Vectors:
        if self.is_timed:
            return embed(texts)
        keys = [hashlib.sha256(f"{role}: {text}".encode()).hexdigest() for text in texts]
        missing = {key: at for at, key in enumerate(keys) if key not in self._known}
        if missing:
            vectors = embed([texts[at] for at in missing.values()])
            self._known.update(zip(missing, vectors, strict=True))
        return np.stack([self._known[key] for key in keys])


def recursive(size: int, overlap: int, *, header: bool = False) -> Split:
    """Return LangChain's splitter by characters; with a `header`, each piece names its document."""
    splitter = RecursiveCharacterTextSplitter(chunk_size=size, chunk_overlap=overlap)

    def split(document: Document) -> list[str]:
        source = document.source
        named = f"<document_metadata>\nsourceDocument: {source.title}\n</document_metadata>\n\n"
        return [(named if header else "") + char for char in splitter.split_text(document.text)]

    return split


def by_tokens(size: int, overlap: int, spans: Callable[[str], Spans]) -> Split:
    """Return a splitter into windows of so many tokens, wherever sentences end."""
    return lambda document: windows(document.text, spans(document.text), size, overlap)


def windows(text: str, spans: Spans, size: int, overlap: int = 0) -> list[str]:
    """Cut a text into windows of `size` spans; a short text is one window."""
    if len(spans) <= size:
        return [text]
    starts = range(0, len(spans) - overlap, size - overlap)
    return [text[spans[at][0] : spans[min(at + size, len(spans)) - 1][1]] for at in starts]


def words_and_marks(text: str) -> Spans:
    """Return where words and punctuation marks stand: tokens as linguists count them."""
    return [match.span() for match in WORD_OR_MARK.finditer(text)]
