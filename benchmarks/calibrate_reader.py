"""Fit what turns the reader's evidence into a probability, and tell how well it parts questions.

    python benchmarks/calibrate_reader.py DATA [--documents 150] [--questions 400]

Members' questions on the documents that training never saw (`benchmarks/reader_questions.py`) are
asked over those documents alone, and over so many more besides; once as they are, and once with
their own document taken out. Questions of even number are fitted on, those of odd number reported.
"""

import argparse
import itertools
import random
import sys
import tempfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

sys.path[:0] = [str(Path(__file__).parents[1] / "src"), str(Path(__file__).parents[1])]

import app
from assistant import settings
from assistant.corpus import Document, Passage
from assistant.evaluation.sets import EvaluationSet
from assistant.ports import Generation, Reader
from assistant.reading import MOST_READ, evidence
from benchmarks.reader_questions import AskedDocument, asked_documents

RATES = (0.03, 0.05, 0.10, 0.20)


@dataclass(frozen=True, slots=True)
class Sample:
    """A question over a corpus: what speaks for an answer, and whether there is one.

    Attributes:
        is_first: Whether the passage that comes first by the reader answers.
    """

    evidence: float
    search: float
    is_answerable: bool
    is_first: bool
    number: int


def main() -> None:
    """Gather, fit, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--documents", type=int, default=150)
    parser.add_argument("--questions", type=int, default=400)
    arguments = parser.parse_args()
    kept = list(asked_documents(arguments.data, kept_apart=True))
    others = list(asked_documents(arguments.data, kept_apart=False))
    random.Random(5).shuffle(others)
    reader = app.load_reader(settings.load())
    if reader is None:
        sys.exit("FORUM_READER is off")
    small = list(samples(kept, [], reader, arguments.questions))
    large = list(samples(kept, others[: arguments.documents], reader, arguments.questions))
    for name, column in (("reader", "evidence"), ("search", "search")):
        fitted = [its for its in [*small, *large] if its.number % 2 == 0]
        model = LogisticRegression(C=1e4, class_weight="balanced").fit(
            np.array([[getattr(its, column)] for its in fitted]),
            np.array([its.is_answerable for its in fitted]),
        )
        print(f"{name}: slope {model.coef_[0][0]:.3f}, intercept {model.intercept_[0]:.3f}")
        for corpus, found in (("small", small), ("large", large)):
            report(corpus, [its for its in found if its.number % 2], column, model)


def samples(
    asked: Sequence[AskedDocument], others: Sequence[AskedDocument], reader: Reader, count: int
) -> Iterator[Sample]:
    """Yield the samples of questions on some documents, over them and others."""
    documents = [its.document for its in (*asked, *others)]
    pairs = [(its.document, question) for its in asked for question in its.questions]
    random.Random(7).shuffle(pairs)
    with tempfile.TemporaryDirectory() as scratch:
        library = app.open_library(settings.load(data_dir=Path(scratch) / "data"))
        app.publish_set(library, EvaluationSet("members' questions", tuple(documents), ()))
        with library.generation() as generation:
            for number, (document, question) in enumerate(pairs[:count]):
                yield from _asked(document, question, generation, reader, number)
        library.close()


def _asked(
    document: Document,
    question: dict[str, object],
    generation: Generation,
    reader: Reader,
    number: int,
) -> Iterator[Sample]:
    text = str(question["question"])
    language = str(question["language"])
    found = generation.search(text, limit=30, language=language)
    spans = [(document.text.index(its), its) for its in map(str, _list(question["spans"]))]
    answers = {
        its.chunk.id
        for its in found
        if its.chunk.source.document_id == document.id
        and any(its.chunk.start < at + len(s) and at < its.chunk.end for at, s in spans)
    }
    rest = [its for its in found if its.chunk.source.document_id != document.id]
    yield _sample(text, found, answers, reader, number)
    if number % 3 == 0:
        yield _sample(text, rest, set(), reader, number)


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _sample(
    text: str, found: Sequence[Passage], answers: Collection[str], reader: Reader, number: int
) -> Sample:
    read = [its for its in found if its.chunk.sentences][:MOST_READ]
    scores = [evidence(its) for its in reader.read(text, [its.chunk for its in read])]
    order = sorted(range(len(read)), key=lambda at: -(read[at].score + 0.01 * scores[at]))
    is_there = any(its.chunk.id in answers for its in read)
    return Sample(
        max(scores, default=-20.0),
        max((its.score for its in read), default=0.0),
        is_there,
        bool(order) and read[order[0]].chunk.id in answers,
        number,
    )


def report(name: str, found: Sequence[Sample], column: str, model: LogisticRegression) -> None:
    """Print what is answered where so many good questions are refused, and the reliability."""
    values = model.predict_proba(np.array([[getattr(its, column)] for its in found]))[:, 1]
    good = np.array([its.is_answerable for its in found])
    first = sum(its.is_first for its in found) / max(1, int(good.sum()))
    print(f"  {name}: {good.sum()} good, {(~good).sum()} bad; answering passage first {first:.2f}")
    for rate in RATES:
        at = float(np.quantile(values[good], rate))
        print(f"    {rate:.0%} refused at {at:.2f}: {(values[~good] >= at).mean():.0%} answered")
    for low, high in itertools.pairwise(np.linspace(0, 1, 6)):
        inside = (values >= low) & (values < high)
        if inside.any():
            print(f"    {low:.1f}-{high:.1f}: {good[inside].mean():.0%} of {inside.sum()}")


if __name__ == "__main__":
    main()
