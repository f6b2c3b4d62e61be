"""The reader, ready to use: on ONNX Runtime, in int8, on the CPU.

What training changed lies in this package (`reader.safetensors`, its card in docs/reader.md): the
difference from the built-in model's upper layers, in int8 with one scale a row, and the head. A
machine makes its ONNX file of it and the built-in model once.
"""

import json
import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from assistant.domain.corpus import Chunk
from vectorstore.embedding import builtin_model, prepared
from vectorstore.embedding.builtin_model import Announce
from vectorstore.embedding.onnx_embedder import (
    TOKENIZER_FILE,
    at_work,
    session_options,
    shared_tokenizer,
)
from vectorstore.embedding.prepared import SEAL, sha256
from vectorstore.errors import ModelUnavailableError
from vectorstore.reader.encoding import ReaderEncoding, ReaderInput

WEIGHTS_FILE = "reader.safetensors"
MODEL_FILE = "reader_int8.onnx"
RECIPE = "int8-1"
"""Change it when the preparation changes."""
UNREAD = -30.0
"""The score of a unit that lies behind what fits: as good as impossible, and still a number."""


def default_folder() -> Path:
    """Return where the prepared reader lives, if the embedding model is where it is by default."""
    return folder_beside(builtin_model.default_folder())


def folder_beside(embedding_model: Path) -> Path:
    """Return where the prepared reader lives: beside the prepared embedding model."""
    return embedding_model.with_name(f"reader-{RECIPE}")


def is_prepared(folder: Path) -> bool:
    """Whether `folder` holds a finished preparation of this recipe and of these weights."""
    try:
        seal = json.loads((folder / SEAL).read_text(encoding="utf-8"))
        return bool(seal["weights"] == _weights_digest())
    except (OSError, ValueError, KeyError, TypeError):
        return False


def prepare(folder: Path, announce: Announce) -> None:
    """Make the folder; does nothing where it is made already. Takes half a minute.

    Raises ModelUnavailableError if the built-in model's weights are missing or others.
    """
    if is_prepared(folder):
        return
    # torch and transformers take seconds to import: only a first preparation pays for them.
    from vectorstore.reader import conversion  # noqa: PLC0415

    base = builtin_model.pinned_weights().read_bytes()
    told = {"recipe": RECIPE, "weights": _weights_digest()}
    with prepared.making(folder, (MODEL_FILE, TOKENIZER_FILE), told) as made, _weights() as weights:
        conversion.convert(base, weights, made, made / MODEL_FILE, announce)


def load(folder: Path) -> "OnnxReader":
    """Load the prepared reader. Raises ModelUnavailableError where a file is not what was made."""
    if not is_prepared(folder):
        msg = f"the reader is not prepared in {folder}; run `make install`"
        raise ModelUnavailableError(msg)
    prepared.check(folder, "reader")
    return OnnxReader(folder)


class LateReader:
    """A reader that is made ready and loaded when something is to be read, once for all threads."""

    def __init__(self, folder: Path, announce: Announce) -> None:
        self._folder = folder
        self._announce = announce
        self._loading = threading.Lock()
        self._loaded: OnnxReader | None = None

    def read(self, question: str, chunks: Sequence[Chunk]) -> list[tuple[float, ...]]:
        """Return for each chunk the scores of its sentences; raises ModelUnavailableError."""
        return self.loaded().read(question, chunks)

    def loaded(self) -> "OnnxReader":
        """Return the reader itself. Raises ModelUnavailableError where it cannot be loaded."""
        with self._loading:
            if self._loaded is None:
                prepare(self._folder, self._announce)
                self._loaded = load(self._folder)
            return self._loaded


class OnnxReader:
    """Reads a question and passages together. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        try:
            self._encoding = ReaderEncoding(shared_tokenizer(folder))
            self._session = onnxruntime.InferenceSession(
                str(folder / MODEL_FILE), session_options(), providers=["CPUExecutionProvider"]
            )
        except Exception as exc:  # tokenizers raises bare Exception, onnxruntime its own kinds.
            msg = f"cannot load the reader in {folder}: {exc}"
            raise ModelUnavailableError(msg) from exc

    def read(self, question: str, chunks: Sequence[Chunk]) -> list[tuple[float, ...]]:
        """Return for each chunk the scores of its sentences; 0 is that of "none answers".

        Passages are read one at a time: in a batch, padding costs more than it saves.
        """
        return [
            (UNREAD,) * len(chunk.sentences)
            if self._encoding.is_noise(question, chunk)
            else self._scores(self._encoding.encode(question, chunk))
            for chunk in chunks
        ]

    def _scores(self, reader_input: ReaderInput) -> tuple[float, ...]:
        if not reader_input.count:
            return ()
        token_ids = np.array([reader_input.token_ids], np.int64)
        feeds = {"input_ids": token_ids, "membership": _membership(reader_input)}
        with at_work:
            (scores,) = self._session.run(None, feeds)
        read = np.isin(np.arange(1, reader_input.count + 1), reader_input.units)
        return tuple(np.where(read, scores[0], UNREAD).astype(float).tolist())


def _membership(reader_input: ReaderInput) -> NDArray[np.float32]:
    """Return what averages the tokens of each unit: one row a unit."""
    belongs = np.arange(1, reader_input.count + 1)[:, None] == np.array(reader_input.units)[None, :]
    sizes = np.maximum(belongs.sum(axis=1, keepdims=True), 1)
    rows: NDArray[np.float32] = (belongs / sizes).astype(np.float32)[None]
    return rows


def _weights() -> AbstractContextManager[Path]:
    return as_file(files("vectorstore") / "reader" / WEIGHTS_FILE)


def _weights_digest() -> str:
    with _weights() as path:
        return sha256(path)
