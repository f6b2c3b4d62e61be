"""How well a follow-up is understood: told from a whole question, and found by its rewriting.

    FORUM_EVAL_DATA=... .venv/bin/python benchmarks/followups.py

Told: the share of questions seen as leaning on the history, of conversations (CANARD, TREC CAsT
2019; by whether people rewrote them) and of questions that were asked alone (XQuAD, PIAF). Found:
nDCG@10 over the conversations' own answers (a third of CANARD, TREC CAsT 2021), of the questions as
they were asked, as the rules rewrite them, with the question before, and as people rewrote them.
"""

import gzip
import itertools
import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from assistant import settings
from assistant.answering.followups import needs_history, standalone
from vectorstore.embedding import builtin_model
from vectorstore.search.lexical import LexicalIndex
from vectorstore.search.ranking import LEXICAL_WEIGHT

EVERY = 3  # of CANARD's dialogues one in so many, which takes a minute
DEPTH = 10


@dataclass(frozen=True, slots=True)
class Turn:
    """One question: as asked, as people rewrote it, and its answer where there is one."""

    asked: str
    rewritten: str
    answer: str | None


def main() -> None:
    """Print both tables."""
    data = settings.load().eval_data
    if data is None:
        sys.exit("FORUM_EVAL_DATA is not set: it names the folder with the data sets")
    folder = data / "followups"
    print("| questions | number | seen as leaning |\n|---|---|---|")
    for name, questions, language in told(data, folder):
        seen = sum(needs_history(question, language) for question in questions) / len(questions)
        print(f"| {name} | {len(questions)} | {seen:.1%} |")
    print(
        "\n| conversations | as asked | rules | with the one before | people |\n"
        "|---|---|---|---|---|"
    )
    for name, conversations in (
        ("TREC CAsT 2021", list(cast_2021(folder))),
        ("CANARD", list(canard(folder))[::EVERY]),
    ):
        print(f"| {name} | " + " | ".join(f"{each:.3f}" for each in found(conversations)) + " |")


def told(data: Path, folder: Path) -> Iterator[tuple[str, list[str], str]]:
    """Yield sets of questions that lean and that do not, with their language."""
    for name, turns in (
        ("CANARD", _canard_entries(folder)),
        ("TREC CAsT 2019", list(_cast_2019(folder))),
    ):
        for label, changed in (("rewritten by people", True), ("left as they were", False)):
            kept = [asked for asked, whole in turns if (_bare(asked) != _bare(whole)) is changed]
            yield f"{name}, {label}", kept, "en"
    for name, path, language in (
        ("XQuAD, asked alone", "xquad/beir/en", "en"),
        ("XQuAD, asked alone", "xquad/beir/de", "de"),
        ("PIAF, asked alone", "piaf_fr/beir/fr", "fr"),
    ):
        texts = [json.loads(line)["text"] for line in _lines(data / f"{path}.queries.jsonl.gz")]
        yield f"{name}, {language}", texts, language


def found(conversations: Sequence[Sequence[Turn]]) -> list[float]:
    """Return the mean nDCG@10 of four ways to ask all but the first questions."""
    ways: list[list[str]] = [[], [], [], []]
    gold: list[int] = []
    answers: list[str] = []
    for turns in conversations:
        history = [turns[0].rewritten] if turns else []
        answers += [turns[0].answer] if turns and turns[0].answer else []
        for turn in turns[1:]:
            whole = standalone(turn.asked, history, "en")
            if turn.answer:
                gold.append(len(answers))
                answers.append(turn.answer)
                asked = (turn.asked, whole, f"{history[-1]} {turn.asked}", turn.rewritten)
                for way, text in zip(ways, asked, strict=True):
                    way.append(text)
            history.append(whole)
    return _ndcg(answers, ways, gold)


def _ndcg(answers: Sequence[str], ways: Sequence[list[str]], gold: Sequence[int]) -> list[float]:
    embedder = builtin_model.load(builtin_model.default_folder())
    passages = np.asarray(embedder.embed_passages(answers))
    passages = passages - passages.mean(axis=0)
    lexical = LexicalIndex.build(answers, ["en"] * len(answers))
    means = []
    for texts in ways:
        vectors = np.asarray(embedder.embed_queries(texts))
        gains = []
        for text, vector, right in zip(texts, vectors, gold, strict=True):
            scores = passages @ vector + LEXICAL_WEIGHT * lexical.scores(text)
            rank = int((scores > scores[right]).sum())
            gains.append(1 / np.log2(2 + rank) if rank < DEPTH else 0.0)
        means.append(float(np.mean(gains)))
    return means


def canard(folder: Path) -> Iterator[list[Turn]]:
    """Yield dialogues; an answer stands in the history of the question after."""
    dialogues: dict[str, list[dict[str, Any]]] = {}
    for line in _lines(folder / "canard" / "dev.jsonl.gz"):
        entry = json.loads(line)
        dialogues.setdefault(entry["QuAC_dialog_id"], []).append(entry)
    for entries in dialogues.values():
        entries.sort(key=lambda entry: int(entry["Question_no"]))
        turns = []
        for this, following in itertools.pairwise(entries):
            answer = following["History"][-1]
            known = following["Question_no"] == this["Question_no"] + 1 and "I don't" not in answer
            turns.append(Turn(this["Question"], this["Rewrite"], answer if known else None))
        yield turns


def cast_2021(folder: Path) -> Iterator[list[Turn]]:
    """Yield topics."""
    for topic in json.loads(_text(folder / "trec_cast" / "2021_manual.json.gz")):
        yield [
            Turn(
                fields["raw_utterance"], fields["manual_rewritten_utterance"], fields.get("passage")
            )
            for fields in topic["turn"]
        ]


def _canard_entries(folder: Path) -> list[tuple[str, str]]:
    entries = map(json.loads, _lines(folder / "canard" / "dev.jsonl.gz"))
    return [(entry["Question"], entry["Rewrite"]) for entry in entries]


def _cast_2019(folder: Path) -> Iterator[tuple[str, str]]:
    resolved = dict(
        line.split("\t", 1) for line in _lines(folder / "trec_cast" / "2019_eval_resolved.tsv.gz")
    )
    for topic in json.loads(_text(folder / "trec_cast" / "2019_eval_topics.json.gz")):
        for fields in topic["turn"]:
            yield fields["raw_utterance"], resolved[f"{topic['number']}_{fields['number']}"]


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _lines(path: Path) -> list[str]:
    return [line for line in _text(path).splitlines() if line.strip()]


def _text(path: Path) -> str:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return file.read()


if __name__ == "__main__":
    main()
