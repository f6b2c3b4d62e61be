"""How probable it is that the passages found hold the answer. Pure, but for reading the model.

A logistic model over a few readings of a passage, one for passages in the question's language and
one for foreign ones, whose words tell nothing. `support.json` holds the weights;
`benchmarks/calibrate_support.py` fits them and tells on what, docs/measurements.md how well.
"""

import functools
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from assistant.corpus import Passage

MODEL_FILE = "support.json"
READINGS = ("similarity", "best sentence", "background", "words covered")

READ = 3
"""How many passages may vouch for an answer: each one more is one more chance to be wrong."""


@dataclass(frozen=True, slots=True)
class Model:
    """The weights of the readings, in their order."""

    weights: tuple[float, ...]
    bias: float

    def probability(self, readings: Sequence[float]) -> float:
        """Return the probability, 0 to 1, that a passage with these readings answers."""
        terms = (weight * reading for weight, reading in zip(self.weights, readings, strict=True))
        logit = sum(terms) + self.bias
        return 1 / (1 + math.exp(-max(-700.0, min(700.0, logit))))


def support(passages: Sequence[Passage], language: str) -> float:
    """Return the probability, 0 to 1, that a passage answers a question in `language`."""
    return max((probability(passage, language) for passage in passages[:READ]), default=0.0)


def probability(passage: Passage, language: str) -> float:
    """Return the probability, 0 to 1, that one passage answers a question in `language`."""
    is_same = passage.chunk.source.language == language
    return _models()["same_language" if is_same else "foreign"].probability(readings(passage))


def readings(passage: Passage) -> tuple[float, ...]:
    """Return what the model reads of a passage, in the order of `READINGS`."""
    sentence = max(passage.sentence_similarities, default=passage.similarity)
    return (passage.similarity, sentence, passage.background, passage.lexical)


def save(models: Mapping[str, Model], path: Path) -> None:
    """Write the models as a file that a person can read."""
    fields = {
        name: {"weights": dict(zip(READINGS, its.weights, strict=True)), "bias": its.bias}
        for name, its in models.items()
    }
    path.write_text(json.dumps(fields, indent=2) + "\n", encoding="utf-8")


@functools.cache
def _models() -> dict[str, Model]:
    text = (files("assistant") / MODEL_FILE).read_text(encoding="utf-8")
    return {
        name: Model(tuple(fields["weights"][its] for its in READINGS), fields["bias"])
        for name, fields in json.loads(text).items()
    }
