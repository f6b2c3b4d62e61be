"""What the reader adds to the search: on members' questions over documents kept from training."""

import argparse
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from assistant import settings, wiring
from assistant.answering.reading import Reading, evidence, read, texts_of
from assistant.domain.corpus import Span
from benchmarks import figures
from benchmarks.reader.kept_apart import AskedQuestion, asked_over

WAYS = {
    "without the reader": ("search", "search"),
    "reader for the marks only": ("search", "reader"),
    "reader for the order only": ("both", "search"),
    "reader without the search's score": ("reader", "reader"),
    "as in use": ("both", "reader"),
}
"""What orders the passages, and what chooses the sentence of the first."""

KINDS = {
    "howto": "how-to", "list": "lists", "yesno": "yes or no", "table": "tables", "fact": "facts",
    "why": "reasons", "definition": "definitions", "keyword": "single words",
}  # fmt: skip
MOST = 500
"""So many questions are asked, drawn by chance, always the same."""

LANGUAGES = {"en": "English", "fr": "French", "de": "German", "nl": "Dutch"}


@dataclass(frozen=True, slots=True)
class Came:
    """What came first for a question in one way.

    Attributes:
        passage: Whether the passage holds a piece that answers.
        sentence: Whether the sentence chosen in it does.
    """

    passage: bool
    sentence: bool


def measure(_: argparse.Namespace) -> None:
    """Tell in which way how many passages and sentences that come first answer."""
    reader = wiring.load_reader(settings.load())
    came: dict[str, list[Came]] = defaultdict(list)
    groups: dict[str, list[Came]] = defaultdict(list)
    among = 0
    with asked_over(figures.data_folder() / "training") as (generation, questions):
        good = [question for question in questions if question.wanted][:MOST]
        texts = texts_of(generation)
        for question in good:
            found = question.without_rivals(question.found(generation))
            searched = read(question.text, question.language, found, None)
            both = read(question.text, question.language, found, reader, texts)
            orders = {"search": searched, "both": both, "reader": by_evidence(both)}
            among += any(question.is_answered_by(each.passage) for each in both if each.is_read)
            for way, (order, choice) in WAYS.items():
                came[way].append(first(question, orders[order], both, choice))
            in_use = came["as in use"][-1]
            groups[KINDS.get(question.kind, "")].append(in_use)
            groups[LANGUAGES.get(question.language, "")].append(in_use)
    rows: dict[str, dict[str, figures.Value]] = {
        way: {
            "an answering passage first": share([each.passage for each in some]),
            "an answering sentence marked first": share([each.sentence for each in some]),
        }
        for way, some in came.items()
    }
    rows["as in use"]["an answering passage among those read"] = among / len(good)
    figures.record("passages", rows, head=f"{len(good)} questions", formats={"all": ".0%"})
    kinds: dict[str, figures.Value] = {
        name: share([each.passage for each in groups[name]])
        for name in (*KINDS.values(), *LANGUAGES.values())
    }
    figures.record("passages by kind", {"first": kinds}, head="questions", formats={"all": ".0%"})


def by_evidence(readings: Sequence[Reading]) -> list[Reading]:
    """Return readings in the order that the reader alone gives; what it did not read comes last."""
    return sorted(readings, key=lambda each: (each.is_read, evidence(each.units)), reverse=True)


def first(
    question: AskedQuestion, order: Sequence[Reading], read_ones: Sequence[Reading], choice: str
) -> Came:
    """Return whether what comes first answers, and whether the sentence chosen in it does."""
    if not order:
        return Came(passage=False, sentence=False)
    passage = order[0].passage
    same = next(each for each in read_ones if each.passage.chunk.id == passage.chunk.id)
    units = same.units if choice == "reader" else passage.sentence_scores
    return Came(
        passage=question.is_answered_by(passage),
        sentence=question.is_answered_in(passage, best(units, passage.chunk.sentences)),
    )


def best(units: Sequence[float], sentences: Sequence[Span]) -> Span:
    """Return the sentence with the highest score."""
    return max(zip(units, sentences, strict=True), key=lambda unit: unit[0])[1]


def share(some: Sequence[bool]) -> float | None:
    """Return how many are so, or nothing where there are none."""
    return sum(some) / len(some) if some else None
