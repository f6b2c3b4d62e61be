"""What the reader is trained on can be trusted: each piece that answers is where it should be."""

import json
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from benchmarks.reader.questions import DOCUMENTS

FILES = sorted(DOCUMENTS.glob("*.jsonl"))


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_each_piece_that_answers_stands_once_in_its_document(path: Path) -> None:
    for row in rows(path):
        for question in row["questions"]:
            assert question["answerable"] == bool(question["spans"]), question
            places = [(row["text"].find(piece), len(piece)) for piece in question["spans"]]
            assert [row["text"].count(piece) for piece in question["spans"]] == [1] * len(places), (
                row["name"],
                question,
            )
            for (start, length), (later, _) in pairwise(sorted(places)):
                assert start + length <= later, (row["name"], question)


def test_no_document_and_no_question_about_it_comes_twice() -> None:
    names = Counter(row["name"] for path in FILES for row in rows(path))
    asked = Counter(
        (row["name"], question["question"])
        for path in FILES
        for row in rows(path)
        for question in row["questions"]
    )
    assert [name for name, count in [*names.items(), *asked.items()] if count > 1] == []
