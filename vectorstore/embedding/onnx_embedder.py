"""The built-in model on ONNX Runtime: int8, on the CPU, ready in a second.

Needs neither torch nor sentence-transformers to run: their import alone takes seven seconds.
"""

import hashlib
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from vectorstore.embedding.embedder import Vectors, as_unit_rows, no_progress
from vectorstore.embedding.question_adapter import QuestionAdapter
from vectorstore.errors import ModelUnavailableError

MODEL_FILE = "model_int8.onnx"
TOKENIZER_FILE = "tokenizer.json"
QUERY_PROMPT = "query: "
PASSAGE_PROMPT = "passage: "
TOKEN_LIMIT = 512
BATCH = 8  # 8, 16 and 32 embed 43 to 53 passages a second, within noise; larger ones cost memory.


def session_options() -> onnxruntime.SessionOptions:
    """Return how a model runs here: on all cores, and beside others."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = os.cpu_count() or 1
    options.log_severity_level = 3
    # Threads that wait sleep instead of turning: no slower alone, and beside one other process
    # that embeds, a question takes 17 instead of 32 ms, passages 15 % less.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # Where a processor has no VNNI, sums of int8 products saturate; this keeps them exact.
    options.add_session_config_entry("session.x64quantprecision", "1")
    return options


at_work = threading.BoundedSemaphore(os.cpu_count() or 1)
"""Held while a model runs: a run takes all cores, and more of them would only hold up who waits."""

_tokenizers: dict[str, Tokenizer] = {}
_loading = threading.Lock()


def shared_tokenizer(folder: Path) -> Tokenizer:
    """Return the tokenizer of a prepared model, one for all models that have the same.

    It takes a second and 280 MB. It must stay as it is, without truncation and padding.
    """
    data = (folder / TOKENIZER_FILE).read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    with _loading:
        if digest not in _tokenizers:
            tokenizer = Tokenizer.from_buffer(data)
            tokenizer.no_truncation()
            tokenizer.no_padding()
            _tokenizers[digest] = tokenizer
        return _tokenizers[digest]


class OnnxEncoder:
    """Token ids in, one vector a text out: the mean of the last hidden states."""

    def __init__(self, folder: Path) -> None:
        try:
            self.tokenizer = shared_tokenizer(folder)
            self._session = onnxruntime.InferenceSession(
                str(folder / MODEL_FILE), session_options(), providers=["CPUExecutionProvider"]
            )
        except Exception as exc:  # tokenizers raises bare Exception, onnxruntime its own kinds.
            msg = f"cannot load the embedding model in {folder}: {exc}"
            raise ModelUnavailableError(msg) from exc

    def pooled(self, token_ids: NDArray[np.int64], mask: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the mean hidden state of each row, over the tokens that `mask` keeps."""
        with at_work:
            (hidden,) = self._session.run(None, {"input_ids": token_ids, "attention_mask": mask})
        states: NDArray[np.float32] = np.asarray(hidden)
        weights = mask[:, :, None].astype(np.float32)
        means: NDArray[np.float32] = (states * weights).sum(axis=1) / weights.sum(axis=1)
        return means


class OnnxEmbedder:
    """The built-in multilingual embedder."""

    def __init__(self, folder: Path, *, name: str, dimension: int) -> None:
        self._encoder = OnnxEncoder(folder)
        self._adapter = QuestionAdapter.built_in()
        self._name = name
        self._dimension = dimension

    @property
    def name(self) -> str:
        """The name that settings use for the model."""
        return self._name

    @property
    def dimension(self) -> int:
        """The length of every vector."""
        return self._dimension

    @property
    def token_limit(self) -> int:
        """What a passage may hold beside its prompt and the model's own tokens."""
        return TOKEN_LIMIT - len(self._encoder.tokenizer.encode(PASSAGE_PROMPT).ids)

    def count_tokens(self, text: str) -> int:
        """Return the number of tokens that `text` takes, without the model's own."""
        return len(self._encoder.tokenizer.encode(text, add_special_tokens=False).ids)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Embed questions, near the passages that answer them; one row each."""
        return self._adapter(self.embed_texts(texts))

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        """Embed texts near what says the same, be it a passage or another of them; one row each."""
        return self._embed(QUERY_PROMPT, texts, no_progress)

    def embed_passages(
        self, texts: Sequence[str], *, progress: Callable[[int], None] = no_progress
    ) -> Vectors:
        """Embed what questions are matched against; `progress` hears how many are done so far."""
        return self._embed(PASSAGE_PROMPT, texts, progress)

    def _embed(self, prompt: str, texts: Sequence[str], progress: Callable[[int], None]) -> Vectors:
        encoded = self._encoder.tokenizer.encode_batch([prompt + text for text in texts])
        token_ids = [_fitting(each.ids) for each in encoded]
        vectors = np.zeros((len(texts), self._dimension), np.float32)
        # Equal lengths in one batch: no time goes into padding.
        by_length = sorted(range(len(texts)), key=lambda row: len(token_ids[row]))
        for first in range(0, len(by_length), BATCH):
            rows = by_length[first : first + BATCH]
            vectors[rows] = self._encoder.pooled(*_padded([token_ids[row] for row in rows]))
            progress(min(first + BATCH, len(by_length)))
        return as_unit_rows(vectors)


def _fitting(token_ids: Sequence[int]) -> Sequence[int]:
    """Return as many tokens as the model takes, the last of them its own."""
    is_whole = len(token_ids) <= TOKEN_LIMIT
    return token_ids if is_whole else [*token_ids[: TOKEN_LIMIT - 1], token_ids[-1]]


def _padded(texts: Sequence[Sequence[int]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    longest = max(map(len, texts))
    token_ids = np.zeros((len(texts), longest), np.int64)
    mask = np.zeros((len(texts), longest), np.int64)
    for row, text in enumerate(texts):
        token_ids[row, : len(text)] = text
        mask[row, : len(text)] = 1
    return token_ids, mask
