"""Fit what makes a probability of the readings of a passage, and tell how well it parts questions.

    python benchmarks/reader/calibrate.py DATA [--documents 0] [--questions 700]

Members' questions on the documents that training never saw (`benchmarks/reader/questions.py`) are
asked over those documents and so many others; every fourth once more with its own document taken
out. What comes first is right where it holds a piece that answers. Printed are the weights for
`assistant.answering.reading.Calibration`; the constants there were fitted on what the defaults
give. Recorded is how many bad questions are answered where so many good ones are refused.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from assistant import settings, wiring
from assistant.answering.reading import TextOf, evidence, read, texts_of
from assistant.domain.corpus import Passage
from assistant.domain.ports import Generation, Reader
from benchmarks import figures
from benchmarks.reader.kept_apart import AskedQuestion, asked_over

RATES = (0.03, 0.05, 0.10, 0.20)
TAKEN_OUT_EVERY = 4


@dataclass(frozen=True, slots=True)
class Sample:
    """A question over a corpus, and what came first.

    Attributes:
        readings: Evidence, score of the search, and whether it is in the question's language.
        is_right: Whether it answers.
        is_bad: Whether nothing in the corpus should answer; neither is left out of the fit.
    """

    readings: tuple[float, float, float]
    is_right: bool
    is_bad: bool


def main() -> None:
    """Gather, fit, report; with the reader and without it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--documents", type=int, default=0, help="others beside")
    parser.add_argument("--questions", type=int, default=700)
    arguments = parser.parse_args()
    with asked_over(arguments.data, others=arguments.documents) as (generation, questions):
        rows: dict[str, dict[str, figures.Value]] = {}
        for reader in (wiring.load_reader(settings.load()), None):
            found = [
                sample
                for number, question in enumerate(questions[: arguments.questions])
                for sample in samples(question, generation, reader, number)
            ]
            name = "with the reader" if reader else "without it"
            rows[name] = report(name, found)
        figures.record("refusals", rows, head="bad ones answered", formats={"all": ".0%"})


def samples(
    question: AskedQuestion, generation: Generation, reader: Reader | None, number: int
) -> Iterator[Sample]:
    """Yield the sample of a question, and of it with its document taken out."""
    found = question.found(generation)
    texts = texts_of(generation)
    yield sample(question, found, reader, texts, is_bad=not question.wanted)
    if number % TAKEN_OUT_EVERY == 0:
        own = question.document.id
        rest = [passage for passage in found if passage.chunk.source.document_id != own]
        yield sample(question, rest, reader, texts, is_bad=True)


def sample(
    question: AskedQuestion,
    found: Sequence[Passage],
    reader: Reader | None,
    texts: TextOf,
    *,
    is_bad: bool,
) -> Sample:
    """Return what came first, and whether it is what was wanted."""
    readings = read(question.text, question.language, found, reader, texts)
    if not readings:
        return Sample((-20.0, 0.0, 0.0), is_right=False, is_bad=is_bad)
    first = readings[0]
    is_own = float(first.passage.chunk.source.language == question.language)
    values = (evidence(first.units) if first.is_read else 0.0, first.passage.score, is_own)
    return Sample(values, question.is_answered_by(first.passage), is_bad)


def report(name: str, found: Sequence[Sample]) -> dict[str, figures.Value]:
    """Print the weights; return what is answered where so many good questions are refused."""
    used = [each for each in found if each.is_right or each.is_bad]
    values: NDArray[np.float64] = np.array([each.readings for each in used])
    good: NDArray[np.bool_] = np.array([each.is_right for each in used])
    model = LogisticRegression(C=100, class_weight="balanced").fit(values, good)
    weights = [*model.coef_[0], model.intercept_[0]]
    answerable = sum(not each.is_bad for each in found)
    print(f"{name}: first right {good.sum()} of {answerable}; {(~good).sum()} bad")
    print("  Calibration(" + ", ".join(f"{weight:.2f}" for weight in weights) + ")")
    chances = model.predict_proba(values)[:, 1]
    answered: dict[str, figures.Value] = {}
    for rate in RATES:
        at = float(np.quantile(chances[good], rate))
        answered[f"{rate:.0%} of good ones refused"] = float((chances[~good] >= at).mean())
        print(f"  {rate:.0%} refused at {at:.2f}")
    return answered


if __name__ == "__main__":
    main()
