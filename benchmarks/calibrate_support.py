"""Fit the model that decides about refusals, and write `src/assistant/support.json`.

    FORUM_EVAL_DATA=... .venv/bin/python benchmarks/calibrate_support.py [--write]

Every question is asked over a corpus that holds its answer, over the same corpus without the
answering document, and over a corpus of another set, in the question's language and in another.
Questions of even number are fitted on, those of odd number are reported on.
"""

import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import app
from assistant import settings, support
from assistant.corpus import Document, DocumentId, Passage
from assistant.evaluation import formats
from assistant.evaluation.sets import Case, EvaluationSet
from assistant.language_detection import LanguageDetection
from vectorstore.library import Library

QUESTIONS = 400  # of each set
USED = {
    "same_language": ("best sentence", "background", "words covered"),
    "foreign": ("similarity", "best sentence"),
}
"""The readings each model may use. Similarity of the chunk adds nothing beside its best sentence's;
of a foreign passage, words tell nothing, and the background misled on short questions."""

FITTED_ON = ("xquad", "piaf")
"""The sets whose questions are fitted on; those of the others are only reported. Unanswerable
questions of SQuAD 2 and NoMIRACL were written to, or found by, the very passages: they read like
answerable ones, and fitting on them makes the model doubt everything."""

CAUTION = 1.0
"""What the foreign model's bias is lowered by: its foreign questions are told worst."""

FEWEST = 20  # samples of a group; smaller ones are neither fitted on nor reported
RATES = (0.05, 0.10, 0.20)


@dataclass(frozen=True, slots=True)
class Sample:
    """The readings for one question, and whether the corpus held the answer."""

    group: str
    readings: tuple[float, ...]
    is_foreign: bool
    is_answerable: bool
    is_fitted_on: bool


def main() -> None:
    """Gather, fit, report; write the model if asked to."""
    data = settings.load().eval_data
    if data is None:
        sys.exit("FORUM_EVAL_DATA is not set: it names the folder with the data sets")
    samples = list(gather(data))
    models = {}
    for name, used in USED.items():
        some = large_groups([its for its in samples if its.is_foreign == (name == "foreign")])
        models[name] = fit(some, used, caution=CAUTION if name == "foreign" else 0.0)
        report(name, some, models[name])
    if "--write" in sys.argv:
        support.save(models, ROOT / "src" / "assistant" / support.MODEL_FILE)


def gather(data: Path) -> list[Sample]:
    """Return the samples of all groups."""
    sets = {its.name: its for its in read_sets(data)}
    plan: list[tuple[str, str]] = [
        ("xquad en", "xquad en"),
        ("xquad de", "xquad de"),
        ("piaf_fr fr", "piaf_fr fr"),
        ("dev-v2.0.cs224n", "dev-v2.0.cs224n"),
        ("nomiracl en", "nomiracl en"),
        ("xquad de", "xquad en"),
        ("xquad en", "xquad de"),
        ("nomiracl en", "xquad en"),
        ("xquad en", "nomiracl en"),
        ("piaf_fr fr", "xquad en"),
        ("piaf_fr fr", "xquad de"),
        ("xquad en", "piaf_fr fr"),
        ("xquad de", "piaf_fr fr"),
        ("nomiracl en", "piaf_fr fr"),
    ]
    samples = []
    for corpus in dict.fromkeys(corpus for _, corpus in plan):
        with tempfile.TemporaryDirectory() as scratch:
            library = app.open_library(settings.load(data_dir=Path(scratch) / "data"))
            app.publish_set(library, sets[corpus])
            for questions, over in plan:
                if over == corpus:
                    samples += ask(library, sets[questions], sets[corpus])
            library.close()
        print(f"{corpus}: {len(samples)} samples so far", file=sys.stderr, flush=True)
    return samples


def read_sets(data: Path) -> list[EvaluationSet]:
    """Return the sets, with parallel ones under the same ids."""
    detect = LanguageDetection()
    nomiracl = [
        formats.read(data / "nomiracl" / f"en.{label}.jsonl.gz", detect)[0].sampled(120)
        for label in ("relevant", "non_relevant")
    ]
    asked = {case.question for its in nomiracl for case in its.cases}
    documents = {
        document.id: document
        for label in ("relevant", "non_relevant")
        for document in nomiracl_documents(data, label, asked)
    }
    cases = tuple(case for its in nomiracl for case in its.cases)
    return [
        *formats.read(data / "xquad" / "beir", detect),
        *formats.read(data / "piaf_fr" / "beir", detect),
        *formats.read(data / "squad2_half_dev" / "dev-v2.0.cs224n.json.gz", detect),
        EvaluationSet("nomiracl en", tuple(documents.values()), cases),
    ]


def nomiracl_documents(data: Path, label: str, asked: set[str]) -> list[Document]:
    """Return the passages of the questions that are asked."""
    path = data / "nomiracl" / f"en.{label}.jsonl.gz"
    ids = {
        its["docid"]
        for entry in formats._json_lines(path)
        if entry["query"] in asked
        for its in entry["passages"]
    }
    (whole,) = formats.read(path, lambda _: "en")
    return [document for document in whole.documents if document.id in ids]


def ask(library: Library, questions: EvaluationSet, corpus: EvaluationSet) -> list[Sample]:
    """Return the samples of one set's questions over one corpus."""
    own = questions.topic == corpus.topic
    held = {document.id for document in corpus.documents}
    parallel = parallel_ids(corpus) if own and questions.name != corpus.name else None
    found = []
    with library.generation() as generation:
        for number, case in enumerate(questions.sampled(QUESTIONS).cases):
            relevant = parallel(case) if parallel else case.relevant & held
            passages = generation.search(case.question, limit=40, language=case.language)
            name = f"{questions.name} over {corpus.name}"
            answerable = own and case.is_answerable and (bool(relevant) or not case.relevant)
            found += sample(f"{name}", case, passages, number, is_answerable=answerable)
            if own and relevant:
                rest = [p for p in passages if p.chunk.source.document_id not in relevant]
                found += sample(f"{name}, taken out", case, rest, number, is_answerable=False)
    return found


def parallel_ids(corpus: EvaluationSet) -> Callable[[Case], frozenset[DocumentId]]:
    """Return how to find the same question's documents in the other language."""
    relevant = {case.id: case.relevant for case in corpus.cases}
    return lambda case: relevant.get(case.id, frozenset())


def sample(
    group: str, case: Case, passages: Sequence[Passage], number: int, *, is_answerable: bool
) -> list[Sample]:
    """Return a sample of the best passage, in a list; an empty one where nothing was found."""
    if not passages:
        return []
    readings = support.readings(passages[0])
    is_foreign = passages[0].chunk.source.language != case.language
    return [Sample(group, readings, is_foreign, is_answerable, number % 2 == 0)]


def large_groups(samples: Sequence[Sample]) -> list[Sample]:
    """Return the samples of groups that are large enough to tell something."""
    sizes: dict[tuple[str, bool], int] = {}
    for its in samples:
        sizes[its.group, its.is_answerable] = sizes.get((its.group, its.is_answerable), 0) + 1
    return [its for its in samples if sizes[its.group, its.is_answerable] >= 2 * FEWEST]


def fit(samples: Sequence[Sample], used: Sequence[str], *, caution: float) -> support.Model:
    """Return the logistic model over some readings; each group of samples weighs the same."""
    chosen = [its for its in samples if its.is_fitted_on and its.group.startswith(FITTED_ON)]
    sizes: dict[tuple[str, bool], int] = {}
    for its in chosen:
        sizes[its.group, its.is_answerable] = sizes.get((its.group, its.is_answerable), 0) + 1
    kinds = {flag: sum(answerable is flag for _, answerable in sizes) for flag in (True, False)}
    shares = [
        1 / (sizes[its.group, its.is_answerable] * kinds[its.is_answerable]) for its in chosen
    ]
    columns = [support.READINGS.index(name) for name in used]
    regression = LogisticRegression(C=1e4, max_iter=10_000).fit(
        np.array([its.readings for its in chosen])[:, columns],
        np.array([its.is_answerable for its in chosen]),
        sample_weight=np.array(shares) * len(chosen),
    )
    weights = dict(
        zip(used, (round(float(value), 2) for value in regression.coef_[0]), strict=True)
    )
    bias = round(float(regression.intercept_[0]) - caution, 2)
    return support.Model(tuple(weights.get(name, 0.0) for name in support.READINGS), bias)


def report(name: str, samples: Sequence[Sample], model: support.Model) -> None:
    """Print what is answered of each group where good questions are refused at some rates."""
    kept = [its for its in samples if not its.is_fitted_on]
    values = np.array([model.probability(its.readings) for its in kept])
    good = np.array([its.is_answerable for its in kept])
    thresholds = [float(np.quantile(values[good], rate)) for rate in RATES]
    print(f"\n{name}: {dict(zip(support.READINGS, model.weights, strict=True))}, bias {model.bias}")
    print(f"{'good ones refused':58} " + " ".join(f"{rate:7.0%}" for rate in RATES))
    print(f"{'at a support of':58} " + " ".join(f"{at:7.2f}" for at in thresholds))
    for group in sorted({(its.group, its.is_answerable) for its in kept}):
        chosen: NDArray[np.bool_] = np.array([(i.group, i.is_answerable) == group for i in kept])
        shares = [float((values[chosen] >= at).mean()) for at in thresholds]
        label = f"{'+' if group[1] else '-'} {group[0]} ({chosen.sum()})"
        print(f"{label:58} " + " ".join(f"{share:7.1%}" for share in shares))
    print_reliability(values, good)


def print_reliability(values: NDArray[np.float64], good: NDArray[np.bool_]) -> None:
    """Print how often the corpus held the answer, by tenths of the probability."""
    tenths = np.minimum((values * 10).astype(int), 9)
    for tenth in range(10):
        inside = tenths == tenth
        if inside.any():
            share = good[inside].mean()
            print(
                f"  support {tenth / 10:.1f}-{(tenth + 1) / 10:.1f}: {share:6.1%} of {inside.sum()}"
            )


if __name__ == "__main__":
    main()
