"""Retrieval on a public set: the right paragraph for a question, in English and in German.

A sixth of the paragraphs in each language, none in both, all in one forum, with what is asked of
them in their language; `evaluate` measures with all.
"""

import csv
import gzip
import json
import math
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant import cli

THINNED = 6
FIRST = {"en": 0, "de": 3}
# nDCG@10 to reach; 1.000 and 0.995 were measured. Among all paragraphs it is 0.988 and 0.980.
FLOORS = {"en": 0.992, "de": 0.986}


@dataclass(frozen=True)
class Forum:
    """Where it is published, and the ids of its paragraphs by language."""

    data: str
    ids: dict[str, set[str]]


@pytest.fixture(scope="module")
def forum(eval_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Forum:
    documents = tmp_path_factory.mktemp("paragraphs")
    ids: dict[str, set[str]] = {}
    for language, first in FIRST.items():
        entries = _entries(_file(eval_data, f"{language}.corpus.jsonl.gz"))[first::THINNED]
        ids[language] = {entry["_id"] for entry in entries}
        for entry in entries:
            (documents / f"{entry['_id']}.txt").write_text(entry["text"], encoding="utf-8")
    data = str(tmp_path_factory.mktemp("data"))
    assert cli.main(["ingest", str(documents), "--data", data]) == 0
    return Forum(data, ids)


@pytest.mark.parametrize("language", FLOORS)
def test_the_right_paragraph_is_found(
    eval_data: Path, forum: Forum, tmp_path: Path, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    queries = tmp_path / "queries.jsonl"
    relevant = _relevant(_file(eval_data, f"{language}.qrels.tsv"), forum.ids[language])
    entries = _entries(_file(eval_data, f"{language}.queries.jsonl.gz"))
    asked = (entry for entry in entries if entry["_id"] in relevant)
    lines = (json.dumps({"id": fields["_id"], "text": fields["text"]}) for fields in asked)
    queries.write_text("\n".join(lines), encoding="utf-8")

    assert cli.main(["search", "--queries", str(queries), "--data", forum.data]) == 0

    found = {
        result["id"]: [fields["document"].removesuffix(".txt") for fields in result["passages"]]
        for result in map(json.loads, capsys.readouterr().out.splitlines())
    }
    assert _ndcg(found, relevant) >= FLOORS[language]


def _file(eval_data: Path, name: str) -> Path:
    return eval_data / "xquad" / "beir" / name


def _entries(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def _relevant(path: Path, documents: set[str]) -> dict[str, set[str]]:
    """Return the relevant documents of each query, among those that are there."""
    relevant: dict[str, set[str]] = {}
    with path.open(encoding="utf-8") as file:
        for row in csv.reader(file, delimiter="\t"):
            if row[-1] == "1" and row[1] in documents:
                relevant.setdefault(row[0], set()).add(row[1])
    return relevant


def _ndcg(found: dict[str, list[str]], relevant: dict[str, set[str]]) -> float:
    """Return nDCG@10 for queries that have one relevant document each."""
    total = 0.0
    for query, documents in relevant.items():
        ranks = [at for at, text in enumerate(dict.fromkeys(found[query])) if text in documents]
        total += 1 / math.log2(ranks[0] + 2) if ranks else 0.0
    return total / len(relevant)
