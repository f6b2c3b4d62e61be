"""Whether answers that staff wrote by hand are given to those they were written for.

`hand_answers.yaml` holds such answers, for each the ways in which members ask the same, and
questions that look alike but that it does not answer. Every other entry is held out: constants are
chosen on the rest.
"""

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

import assistant
from assistant import cli
from assistant.answering.assistant import Assistant
from assistant.domain.by_hand import HandAnswer
from assistant.domain.dialogue import Question
from benchmarks import figures

FILE = Path(__file__).with_suffix(".yaml")
SAMPLE = figures.ROOT / "examples" / "sample-forum"


@dataclass(frozen=True, slots=True)
class Written:
    """An answer written by hand, with questions that mean the same and others that do not."""

    answer: HandAnswer
    language: str
    same: tuple[str, ...]
    different: tuple[str, ...]

    def is_given(self, question: str, forum: Assistant) -> bool:
        """Whether a member who asks this gets the answer."""
        said = forum.answer(Question(question, interface_language=self.language)).by_hand
        return said == self.answer.texts[self.language]


def measure(_: argparse.Namespace) -> None:
    """Ask all questions over the sample forum, with all the answers given at once."""
    entries = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    written = [_written(number, entry) for number, entry in enumerate(entries)]
    rows: dict[str, dict[str, figures.Value]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        cli.main(["ingest", str(SAMPLE), "--data", scratch])
        with assistant.open(scratch) as forum:
            answers = tuple(each.answer for each in written)
            giving = replace(forum.assistant, by_hand=lambda: answers)
            for way, asked in (
                ("with the reader", giving),
                ("without it", replace(giving, reader=None)),
            ):
                rows[f"{way}, chosen on"] = _shares(written[::2], asked)
                rows[f"{way}, held out"] = _shares(written[1::2], asked)
    figures.record("answers by hand", rows, head="an answer by hand is given")


def _shares(written: Sequence[Written], forum: Assistant) -> dict[str, figures.Value]:
    """Return how many questions of each sort get the answer, and of how many."""
    sorts = {
        "the same in other words": [(each, text) for each in written for text in each.same],
        "something else": [(each, text) for each in written for text in each.different],
    }
    return {
        sort: [sum(each.is_given(text, forum) for each, text in asked), len(asked)]
        for sort, asked in sorts.items()
    }


def _written(number: int, entry: dict[str, Any]) -> Written:
    language = entry["language"]
    answer = HandAnswer(
        number=number,
        version=0,
        questions=(entry["question"],),
        texts={language: entry["answer"]},
        bases=(),
        valid_until=None,
        written=datetime(2026, 1, 1, tzinfo=UTC),
        by="",
    )
    return Written(answer, language, tuple(entry["same"]), tuple(entry["different"]))
