"""Models that training made of the built-in one, ready to use: on ONNX Runtime, in int8.

What training changed lies in this package: the differences from the built-in model's upper layers,
in int8 with one scale a row, and the heads. A machine makes an ONNX file of the built-in model and
of them once, beside the built-in model's.
"""

import json
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Generic, TypeVar

import onnxruntime
from tokenizers import Tokenizer

from vectorstore.embedding import builtin_model, prepared
from vectorstore.embedding.builtin_model import Announce
from vectorstore.embedding.onnx_embedder import TOKENIZER_FILE, session_options
from vectorstore.embedding.prepared import SEAL, sha256
from vectorstore.errors import ModelUnavailableError

Loaded = TypeVar("Loaded")

Convert = Callable[[bytes, Path, Path, Path, Announce], None]
"""Writes the ONNX file: of the built-in model's weights, of the file of what training changed, with
the tokenizer into a folder, to a path, announcing its steps."""


@dataclass(frozen=True, slots=True)
class FineTuned:
    """One such model: what it is called, and where its files lie.

    Attributes:
        name: Of the folder in this package that holds `NAME.safetensors`, and in messages.
        recipe: Changes when the preparation changes.
        convert: Makes the ONNX file; imports what is heavy when it is called.
    """

    name: str
    recipe: str
    convert: Convert

    @property
    def file(self) -> str:
        """The name of the ONNX file."""
        return f"{self.name}_int8.onnx"

    def default_folder(self) -> Path:
        """Return where it lives prepared, if the embedding model is where it is by default."""
        return self.folder_beside(builtin_model.default_folder())

    def folder_beside(self, embedding_model: Path) -> Path:
        """Return where it lives prepared: beside the prepared embedding model."""
        return embedding_model.with_name(f"{self.name}-{self.recipe}")

    def is_prepared(self, folder: Path) -> bool:
        """Whether `folder` holds a finished preparation of this recipe and of these weights."""
        try:
            seal = json.loads((folder / SEAL).read_text(encoding="utf-8"))
            return bool(seal["weights"] == self._digest())
        except (OSError, ValueError, KeyError, TypeError):
            return False

    def prepare(self, folder: Path, announce: Announce) -> None:
        """Make the folder; does nothing where it is made already. Takes half a minute.

        Raises ModelUnavailableError if the built-in model's weights are missing or others.
        """
        if self.is_prepared(folder):
            return
        base = builtin_model.pinned_weights().read_bytes()
        told = {"recipe": self.recipe, "weights": self._digest()}
        with (
            prepared.making(folder, (self.file, TOKENIZER_FILE), told) as made,
            self._weights() as weights,
        ):
            self.convert(base, weights, made, made / self.file, announce)

    def open(self, folder: Path) -> tuple[Tokenizer, onnxruntime.InferenceSession]:
        """Load what was prepared.

        Raises ModelUnavailableError where a file is missing or is not what was made.
        """
        if not self.is_prepared(folder):
            msg = f"the {self.name} is not prepared in {folder}; run `make install`"
            raise ModelUnavailableError(msg)
        prepared.check(folder, self.name)
        try:
            tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
            session = onnxruntime.InferenceSession(
                str(folder / self.file), session_options(), providers=["CPUExecutionProvider"]
            )
        except Exception as exc:  # tokenizers raises bare Exception, onnxruntime its own kinds.
            msg = f"cannot load the {self.name} in {folder}: {exc}"
            raise ModelUnavailableError(msg) from exc
        return tokenizer, session

    def _weights(self) -> AbstractContextManager[Path]:
        return as_file(files("vectorstore") / self.name / f"{self.name}.safetensors")

    def _digest(self) -> str:
        with self._weights() as path:
            return sha256(path)


class Late(Generic[Loaded]):
    """A model that is made ready and loaded when it is first needed, once for all threads."""

    def __init__(
        self, model: FineTuned, folder: Path, load: Callable[[Path], Loaded], announce: Announce
    ) -> None:
        self._model, self._folder, self._load, self._announce = model, folder, load, announce
        self._loading = threading.Lock()
        self._loaded: Loaded | None = None

    def loaded(self) -> Loaded:
        """Return the model itself. Raises ModelUnavailableError where it cannot be loaded."""
        with self._loading:
            if self._loaded is None:
                self._model.prepare(self._folder, self._announce)
                self._loaded = self._load(self._folder)
            return self._loaded
