"""The entailment model, ready to use; its card is docs/entailment.md."""

from pathlib import Path

import numpy as np

from vectorstore.embedding.builtin_model import Announce
from vectorstore.embedding.fine_tuned import FineTuned, Late
from vectorstore.entailment.encoding import EntailmentEncoding


def _convert(base: bytes, changes: Path, folder: Path, path: Path, announce: Announce) -> None:
    # torch and transformers take seconds to import: only a first preparation pays for them.
    from vectorstore.entailment import conversion  # noqa: PLC0415

    conversion.convert(base, changes, folder, path, announce)


ENTAILMENT = FineTuned("entailment", "int8-1", _convert)


class OnnxEntailment:
    """Tells whether a premise supports a claim. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        """Load what was prepared; raises ModelUnavailableError where it is not what was made."""
        tokenizer, self._session = ENTAILMENT.open(folder)
        self._encoding = EntailmentEncoding(tokenizer)

    def supported(self, claim: str, context: str, premise: str) -> float:
        """Return how probable it is that the premise says what the claim says."""
        read = self._encoding.encode(claim, context, premise)
        token_ids = np.array([read.token_ids], np.int64)
        claims = np.zeros(token_ids.shape, np.float32)
        claims[0, 1 : len(read.offsets) + 1] = 1
        (chances,) = self._session.run(None, {"input_ids": token_ids, "claims": claims})
        return float(chances[0, 0])


class LateEntailment(Late[OnnxEntailment]):
    """The model, made ready and loaded when a sentence is to be checked."""

    def __init__(self, folder: Path, announce: Announce) -> None:
        super().__init__(ENTAILMENT, folder, OnnxEntailment, announce)

    def supported(self, claim: str, context: str, premise: str) -> float:
        """Return how probable it is that the premise says what the claim says.

        Raises ModelUnavailableError where the model cannot be loaded.
        """
        return self.loaded().supported(claim, context, premise)
