"""What the quoted sentences gain where a question asks for a number, a price, a duration, a name.

    FORUM_EVAL_DATA=... .venv/bin/python benchmarks/quoting.py [--sample 100]

Of the questions of each kind in XQuAD, PIAF, SQuAD 2 and the sample's golden ones: how many have
their answer in the first sentence, and in one of the first three, were nothing refused; with
nothing added to the score of a sentence that has what is asked for, and with so many times as much
as is.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

import app
from assistant import answer_types, quoting, settings
from assistant.answering import Assistant
from assistant.evaluation import formats
from assistant.evaluation.measures import holds_answer
from assistant.evaluation.runner import observe
from assistant.evaluation.sets import Case, EvaluationSet
from assistant.language_detection import LanguageDetection
from benchmarks.browsing import ingest_sample

SETS = ("xquad/beir", "piaf_fr/beir", "squad2_half_dev/dev-v2.0.cs224n.json.gz")
GOLDEN = ROOT / "examples" / "golden-questions.yaml"
FACTORS = (0.0, 0.5, 1.0, 1.5)
KINDS: dict[str, Callable[[str], bool]] = {
    "QUANTITY_BONUS": answer_types.asks_for_quantity,
    "MONEY_BONUS": answer_types.asks_for_money,
    "DURATION_BONUS": answer_types.asks_for_duration,
    "NAME_BONUS": answer_types.asks_for_name,
}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--sample", type=int, default=100, help="questions of a kind in a set")
    arguments = parser.parse_args()
    data = settings.load().eval_data
    if data is None:
        sys.exit("FORUM_EVAL_DATA is not set: it names the folder with the data sets")
    detection = LanguageDetection()
    sets = [
        its
        for path in (*(data / its for its in SETS), GOLDEN)
        for its in formats.read(path, detection)
    ]
    print("| set | asked for | questions | " + " | ".join(f"× {its:g}" for its in FACTORS) + " |")
    print("| --- | --- | --- |" + " --- |" * len(FACTORS))
    with tempfile.TemporaryDirectory() as scratch:
        ingest_sample(Path(scratch))
        config = settings.load(data_dir=Path(scratch))
        for its in sets:
            with app.assistant_over(its, config) as assistant:
                show(its, assistant, arguments.sample)


def show(its: EvaluationSet, assistant: Assistant, sample: int) -> None:
    """Print a row for each kind of question in a set."""
    for name, asks in KINDS.items():
        cases = tuple(case for case in its.cases if case.answers and asks(case.question))
        if not cases:
            continue
        asked = replace(its, cases=cases).sampled(sample).cases
        found = [answered(assistant, asked, name, factor) for factor in FACTORS]
        kind = name.partition("_")[0].lower()
        shares = " | ".join(f"{first} {three}" for first, three in found)
        print(f"| {its.name} | {kind} | {len(asked)} | {shares} |", flush=True)


def answered(
    assistant: Assistant, cases: tuple[Case, ...], name: str, factor: float
) -> tuple[int, int]:
    """Return how many have their answer in the first sentence, and in one of the first three."""
    with changed(name, factor):
        seen = observe(assistant, cases, hide_relevant=False, progress=lambda *_: None)
    return sum(holds_answer(one, 1) for one in seen), sum(holds_answer(one, 3) for one in seen)


@contextmanager
def changed(name: str, factor: float) -> Iterator[None]:
    """Have a constant of quoting so many times as much for a while."""
    was = getattr(quoting, name)
    setattr(quoting, name, was * factor)
    try:
        yield
    finally:
        setattr(quoting, name, was)


if __name__ == "__main__":
    main()
