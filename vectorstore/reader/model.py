"""The reader, ready to use; its card is docs/reader.md."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.domain.corpus import Chunk
from vectorstore.embedding.builtin_model import Announce
from vectorstore.embedding.fine_tuned import FineTuned, Late
from vectorstore.reader.encoding import ReaderEncoding, ReaderInput

UNREAD = -30.0
"""The score of a unit that lies behind what fits: as good as impossible, and still a number."""


def _convert(base: bytes, changes: Path, folder: Path, path: Path, announce: Announce) -> None:
    # torch and transformers take seconds to import: only a first preparation pays for them.
    from vectorstore.reader import conversion  # noqa: PLC0415

    conversion.convert(base, changes, folder, path, announce)


READER = FineTuned("reader", "int8-1", _convert)


class LateReader(Late["OnnxReader"]):
    """A reader that is made ready and loaded when something is to be read."""

    def __init__(self, folder: Path, announce: Announce) -> None:
        super().__init__(READER, folder, OnnxReader, announce)

    def read(self, question: str, chunks: Sequence[Chunk]) -> list[tuple[float, ...]]:
        """Return for each chunk the scores of its sentences; raises ModelUnavailableError."""
        return self.loaded().read(question, chunks)


class OnnxReader:
    """Reads a question and passages together. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        """Load what was prepared; raises ModelUnavailableError where it is not what was made."""
        tokenizer, self._session = READER.open(folder)
        self._encoding = ReaderEncoding(tokenizer)

    def read(self, question: str, chunks: Sequence[Chunk]) -> list[tuple[float, ...]]:
        """Return for each chunk the scores of its sentences; 0 is that of "none answers".

        Passages are read one at a time: in a batch, padding costs more than it saves.
        """
        return [self._scores(self._encoding.encode(question, chunk)) for chunk in chunks]

    def _scores(self, reader_input: ReaderInput) -> tuple[float, ...]:
        if not reader_input.count:
            return ()
        token_ids = np.array([reader_input.token_ids], np.int64)
        feeds = {"input_ids": token_ids, "membership": _membership(reader_input)}
        (scores,) = self._session.run(None, feeds)
        read = np.isin(np.arange(1, reader_input.count + 1), reader_input.units)
        return tuple(np.where(read, scores[0], UNREAD).astype(float).tolist())


def _membership(reader_input: ReaderInput) -> NDArray[np.float32]:
    """Return what averages the tokens of each unit: one row a unit."""
    belongs = np.arange(1, reader_input.count + 1)[:, None] == np.array(reader_input.units)[None, :]
    sizes = np.maximum(belongs.sum(axis=1, keepdims=True), 1)
    rows: NDArray[np.float32] = (belongs / sizes).astype(np.float32)[None]
    return rows
