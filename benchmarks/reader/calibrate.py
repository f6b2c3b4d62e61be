"""Fit what makes a probability of the readings of a passage, and tell how well it parts questions.

    python benchmarks/reader/calibrate.py DATA [--documents 0] [--questions 320]

Members' questions on the documents that training never saw (`benchmarks/reader/questions.py`) are
asked over those documents and so many others; every fourth once more with its own document taken
out. What comes first is right where it holds a piece that answers. Printed are the weights for
`assistant.answering.reading.Calibration`; the constants there were fitted on what the defaults
give. Recorded is how many bad questions are answered where so many good ones are refused.
"""

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from assistant import settings, wiring
from assistant.answering.reading import evidence, read
from assistant.domain.corpus import Document, Passage
from assistant.domain.ports import Generation, Reader
from assistant.evaluation.sets import EvaluationSet
from benchmarks import figures
from benchmarks.reader.questions import asked_documents

RATES = (0.03, 0.05, 0.10, 0.20)
FOUND = 30
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
    parser.add_argument("--questions", type=int, default=320)
    arguments = parser.parse_args()
    asked = list(asked_documents(arguments.data, kept_apart=True))
    others = list(asked_documents(arguments.data, kept_apart=False))
    random.Random(5).shuffle(others)
    pairs = [(each.document, question) for each in asked for question in each.questions]
    random.Random(7).shuffle(pairs)
    documents = [part.document for part in (*asked, *others[: arguments.documents])]
    with tempfile.TemporaryDirectory() as scratch:
        library = wiring.open_library(settings.load(data_dir=Path(scratch) / "data"))
        wiring.publish_set(library, EvaluationSet("members' questions", tuple(documents), ()))
        with library.generation() as generation:
            rows: dict[str, dict[str, figures.Value]] = {}
            for reader in (wiring.load_reader(settings.load()), None):
                found = [
                    sample
                    for number, (document, question) in enumerate(pairs[: arguments.questions])
                    for sample in samples(document, question, generation, reader, number)
                ]
                name = "with the reader" if reader else "without it"
                rows[name] = report(name, found)
            figures.record("refusals", rows, head="bad ones answered", formats={"all": ".0%"})
        library.close()


def samples(
    document: Document,
    question: dict[str, object],
    generation: Generation,
    reader: Reader | None,
    number: int,
) -> Iterator[Sample]:
    """Yield the sample of a question, and of it with its document taken out."""
    text, language = str(question["question"]), str(question["language"])
    found = generation.search(text, limit=FOUND, language=language)
    pieces = question["spans"] if isinstance(question["spans"], list) else []
    starts = [(document.text.index(piece), len(piece)) for piece in pieces]
    yield sample(text, language, found, reader, document, starts)
    if number % TAKEN_OUT_EVERY == 0:
        rest = [passage for passage in found if passage.chunk.source.document_id != document.id]
        yield sample(text, language, rest, reader, document, [])


def sample(  # noqa: PLR0913, PLR0917 - a question with what answers it
    text: str,
    language: str,
    found: Sequence[Passage],
    reader: Reader | None,
    document: Document,
    starts: Sequence[tuple[int, int]],
) -> Sample:
    """Return what came first, and whether it is what was wanted."""
    readings = read(text, language, found, reader)
    if not readings:
        return Sample((-20.0, 0.0, 0.0), is_right=False, is_bad=not starts)
    first, chunk = readings[0], readings[0].passage.chunk
    is_right = chunk.source.document_id == document.id and any(
        chunk.start < at + length and at < chunk.end for at, length in starts
    )
    is_own = float(chunk.source.language == language)
    values = (evidence(first.units) if first.is_read else 0.0, first.passage.score, is_own)
    return Sample(values, is_right, is_bad=not starts)


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
