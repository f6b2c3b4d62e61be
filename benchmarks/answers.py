"""How well questions are understood and answered, and what is refused.

    FORUM_EVAL_DATA=... .venv/bin/python benchmarks/answers.py [SUBJECT ...]

`panel`: members' questions, graded, with and without the reader. `passages`: what the reader adds
to the search, on documents that it was not trained on. `by-hand`: whether answers written by hand
are given to those they are meant for. `golden`: the sample's golden questions and conversations.
`followups`: told from whole questions, and found by their rewriting. `wants`: whether an answer, a
list, a summary or a person is wanted. `question-languages`: told with and without the page's.
Patterns were improved on one half of the phrasings; the other, held out, was
looked at as totals only. `--each` behind `wants` or `question-languages` prints what is told wrong
in the half that may be looked at.
"""

import argparse
import gzip
import itertools
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from assistant.answering.followups import needs_history, standalone
from assistant.domain.corpus import UNDETERMINED
from assistant.evaluation import panel
from assistant.language.detection import LanguageDetection
from assistant.language.languages import LANGUAGES
from benchmarks import figures
from benchmarks.reader import ablations, hand_answers
from tests import asked_requests
from vectorstore.embedding import builtin_model
from vectorstore.search.lexical import LexicalIndex
from vectorstore.search.ranking import LEXICAL_WEIGHT

EVERY = 3  # of CANARD's dialogues one in so many, which takes a minute
DEPTH = 10  # places that count for nDCG
SHORT = 4  # the most words of a fragment
GRADES = ".3f"
LARGE_MODEL = "a large language model, given the same passages"
LARGE_MODEL_SCORE = 0.90
"""Measured once, when the panel was written; no script of it is kept."""

GROUPS = {
    "kind definition": "definitions",
    "kind compare": "comparisons",
    "kind keyword": "single words",
    "kind table": "tables",
    "kind yesno": "yes or no",
    "kind fact": "facts",
    "kind howto": "how-to",
    "kind list": "lists",
    "kind why": "reasons",
    "language en": "English",
    "language fr": "French",
    "language de": "German",
    "language nl": "Dutch",
}
"""Groups of the panel, as the tables call them."""


def app(*arguments: str, **settings: str) -> str:
    """Run a command of the assistant and return what it prints."""
    ran = subprocess.run(
        [sys.executable, str(ROOT / "app.py"), *arguments],
        stdout=subprocess.PIPE,
        text=True,
        check=False,  # conversations that end otherwise are a result, and a status of 1
        env={**os.environ, **settings},
    )
    if not ran.stdout:
        sys.exit(f"app.py {arguments[0]} failed")
    return ran.stdout


def measure_panel(_: argparse.Namespace) -> None:
    """Have the panel answered with and without the reader, and grade it."""
    folder = figures.data_folder() / "panel"
    questions = panel.load(folder)
    good = [question for question in questions if question.wanted]
    rows: dict[str, dict[str, figures.Value]] = {}
    kinds: dict[str, figures.Value] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for name, reader in (("without the reader", "false"), ("with the reader", "true")):
            file = Path(scratch) / f"{reader}.jsonl"
            app("evaluate", str(folder), "--answers", str(file), "--json", FORUM_READER=reader)
            answers = panel.earlier_answers(file)
            graded = panel.as_json(questions, answers)["all"]
            bad = len(questions) - len(good)
            rows[name] = {
                "score": graded["score"],
                "of a reader in a hurry": graded["score short"],
                "of the answerable": panel.as_json(good, answers)["all"]["score"],
                "complete": graded["complete"],
                "leading": graded["leading"],
                "something wrong first": graded["misleading"],
                "good ones refused": [round(len(good) * graded["refused"]), len(good)],
                "bad ones answered": [round(bad * graded["answered"]), bad],
            }
            kinds = {
                GROUPS[group]: values["score"]
                for group, values in panel.as_json(questions, answers).items()
                if group in GROUPS
            }
    rows[LARGE_MODEL] = {"score": LARGE_MODEL_SCORE}
    shares = dict.fromkeys(("complete", "leading", "something wrong first"), ".0%")
    figures.record("panel", rows, formats={**shares, "all": GRADES, LARGE_MODEL: ".2f"})
    figures.record("panel by kind", {"score": kinds}, head="questions", formats={"all": ".2f"})


def measure_golden(_: argparse.Namespace) -> None:
    """Ask the golden questions and hold the conversations over the sample forum."""
    examples = ROOT / "examples"
    with tempfile.TemporaryDirectory() as scratch:
        store = ("--data", scratch)
        app("ingest", str(examples / "sample-forum"), *store)
        golden = json.loads(
            app("evaluate", str(examples / "golden-questions.yaml"), "--json", *store)
        )
        held = json.loads(app("evaluate", str(examples / "conversations.yaml"), "--json", *store))
    (told,) = golden["sets"]
    shown = {
        "in the first excerpt": "in excerpt 1",
        "in any": "in any",
        "in the marks": "in marks 1",
        "good ones refused": "refused",
        "others answered": "false answers",
    }
    turns = held["turns"]
    row: dict[str, figures.Value] = {
        "questions": told["questions"],
        **{column: told[name] for column, name in shown.items()},
        "turns of conversations as they should be": [turns - len(held["unexpected"]), turns],
    }
    figures.record("golden questions", {"share": row}, formats=dict.fromkeys(shown, ".0%"))


@dataclass(frozen=True, slots=True)
class Turn:
    """One question: as asked, as people rewrote it, and its answer where there is one."""

    asked: str
    rewritten: str
    answer: str | None


def measure_followups(_: argparse.Namespace) -> None:
    """Tell follow-ups from whole questions, and find the answers to them."""
    data = figures.data_folder()
    folder = data / "followups"
    rows: dict[str, dict[str, figures.Value]] = {}
    for name, questions, language in asked_alone_or_not(data, folder):
        seen = sum(needs_history(question, language) for question in questions) / len(questions)
        rows[name] = {"number": len(questions), "seen as leaning": seen}
    formats = {"seen as leaning": ".1%", "number": ","}
    figures.record("follow-ups seen", rows, head="questions", formats=formats)
    ways = ("as asked", "by the rules", "with the question before", "as people rewrote them")
    found = {
        name: dict(zip(ways, ranked(conversations), strict=True))
        for name, conversations in (
            ("TREC CAsT 2021", list(cast_2021(folder))),
            ("CANARD, a third", list(canard(folder))[::EVERY]),
        )
    }
    figures.record("follow-ups found", found, head="conversations", formats={"all": ".3f"})


def asked_alone_or_not(data: Path, folder: Path) -> Iterator[tuple[str, list[str], str]]:
    """Yield sets of questions that lean and that do not, with their language."""
    entries = map(json.loads, lines(folder / "canard" / "dev.jsonl.gz"))
    of_canard = [(entry["Question"], entry["Rewrite"]) for entry in entries]
    for name, turns in (("CANARD", of_canard), ("TREC CAsT 2019", list(cast_2019(folder)))):
        for label, changed in (("rewritten by people", True), ("left as they were", False)):
            kept = [asked for asked, whole in turns if (bare(asked) != bare(whole)) is changed]
            yield f"{name}, {label}", kept, "en"
    for name, path, language in (
        ("XQuAD, asked alone", "xquad/beir/en", "en"),
        ("XQuAD, asked alone", "xquad/beir/de", "de"),
        ("PIAF, asked alone", "piaf_fr/beir/fr", "fr"),
    ):
        texts = [json.loads(line)["text"] for line in lines(data / f"{path}.queries.jsonl.gz")]
        yield f"{name}, {language}", texts, language


def ranked(conversations: Sequence[Sequence[Turn]]) -> list[float]:
    """Return the mean nDCG@10 of four ways to ask all but the first questions."""
    ways: list[list[str]] = [[], [], [], []]
    right: list[int] = []
    answers: list[str] = []
    for turns in conversations:
        history = [turns[0].rewritten] if turns else []
        answers += [turns[0].answer] if turns and turns[0].answer else []
        for turn in turns[1:]:
            whole = standalone(turn.asked, history, "en")
            if turn.answer:
                right.append(len(answers))
                answers.append(turn.answer)
                asked = (turn.asked, whole, f"{history[-1]} {turn.asked}", turn.rewritten)
                for way, text in zip(ways, asked, strict=True):
                    way.append(text)
            history.append(whole)
    embedder = builtin_model.load(builtin_model.default_folder())
    passages = np.asarray(embedder.embed_passages(answers))
    passages = passages - passages.mean(axis=0)
    lexical = LexicalIndex.build(answers, ["en"] * len(answers))
    means = []
    for texts in ways:
        vectors = np.asarray(embedder.embed_queries(texts))
        gains = []
        for text, vector, place in zip(texts, vectors, right, strict=True):
            scores = passages @ vector + LEXICAL_WEIGHT * lexical.scores(text)
            rank = int((scores > scores[place]).sum())
            gains.append(1 / np.log2(2 + rank) if rank < DEPTH else 0.0)
        means.append(float(np.mean(gains)))
    return means


def canard(folder: Path) -> Iterator[list[Turn]]:
    """Yield dialogues; an answer stands in the history of the question after."""
    dialogues: dict[str, list[dict[str, Any]]] = {}
    for line in lines(folder / "canard" / "dev.jsonl.gz"):
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
    names = ("raw_utterance", "manual_rewritten_utterance", "passage")
    for topic in json.loads(unpacked(folder / "trec_cast" / "2021_manual.json.gz")):
        yield [Turn(*(fields.get(name) for name in names)) for fields in topic["turn"]]


def cast_2019(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield questions as asked and as people rewrote them."""
    rewritten = lines(folder / "trec_cast" / "2019_eval_resolved.tsv.gz")
    resolved = dict(line.split("\t", 1) for line in rewritten)
    for topic in json.loads(unpacked(folder / "trec_cast" / "2019_eval_topics.json.gz")):
        for fields in topic["turn"]:
            yield fields["raw_utterance"], resolved[f"{topic['number']}_{fields['number']}"]


def bare(text: str) -> str:
    """Return the words of a text."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def lines(path: Path) -> list[str]:
    """Return the lines of a packed file."""
    return [line for line in unpacked(path).splitlines() if line.strip()]


def unpacked(path: Path) -> str:
    """Return the text of a packed file."""
    return gzip.decompress(path.read_bytes()).decode("utf-8")


def shares(
    judged: Sequence[tuple[str, bool, bool]], names: Mapping[str, str] | None = None
) -> figures.Rows:
    """Return how many of each label are as they should be, in both halves.

    Args:
        judged: Label, whether it is held out, and whether it is as it should be.
        names: What labels are called in the table.
    """
    rows: dict[str, dict[str, figures.Value]] = {}
    for label in dict.fromkeys(label for label, *_ in judged):
        for column, held_out in (("tuned on", False), ("held out", True)):
            some = [is_well for each, held, is_well in judged if each == label and held is held_out]
            rows.setdefault((names or {}).get(label, label), {})[column] = [sum(some), len(some)]
    return rows


def measure_wants(options: argparse.Namespace) -> None:
    """Tell what is wanted by the phrasings of `tests/data/requests.yaml`."""
    asked = asked_requests.read()
    judged = [
        (each.want, each.is_held_out, asked_requests.told(each) == each.want) for each in asked
    ]
    figures.record("wants", shares(judged), head="wanted")
    if options.each:
        for each, (_, held_out, is_right) in zip(asked, judged, strict=True):
            if not held_out and not is_right:
                told = asked_requests.told(each)
                print(f"{each.language} {each.want}, taken for {told}: {each.text}")


def measure_question_languages(options: argparse.Namespace) -> None:
    """Tell the language of members' questions; every other document was looked at for it."""
    detect = LanguageDetection()
    folder = figures.data_folder() / "training" / "forum_questions"
    asked = [
        (entry["question"], entry["language"], number % 2 == 0)
        for number, path in enumerate(sorted(folder.rglob("*.json")))
        for entry in json.loads(path.read_text(encoding="utf-8"))["questions"]
        if entry["language"] in LANGUAGES
    ]
    pages: dict[str, Callable[[str], str]] = {
        "its own": lambda language: language,
        "none": lambda _: UNDETERMINED,
        "another": lambda code: LANGUAGES[(LANGUAGES.index(code) + 1) % len(LANGUAGES)],
    }
    held_out = [each for each in asked if not each[2]]
    groups = {f"all {len(held_out):,}": held_out}
    fragments = [each for each in held_out if len(each[0].split()) <= SHORT]
    groups[f"the {len(fragments)} of at most {SHORT} words"] = fragments
    groups |= {code: [each for each in held_out if each[1] == code] for code in LANGUAGES}
    rows = {
        name: {
            group: sum(detect(text, fallback=page(code)) == code for text, code, _ in some)
            / len(some)
            for group, some in groups.items()
            if some
        }
        for name, page in pages.items()
    }
    figures.record("question languages", rows, head="the page's language", formats={"all": ".1%"})
    if options.each:
        for text, code, is_seen in asked:
            if is_seen and (told := detect(text, fallback=UNDETERMINED)) != code:
                print(f"{code}, taken for {told}: {text}")


SUBJECTS = {
    "panel": measure_panel,
    "passages": ablations.measure,
    "by-hand": hand_answers.measure,
    "golden": measure_golden,
    "followups": measure_followups,
    "wants": measure_wants,
    "question-languages": measure_question_languages,
}

if __name__ == "__main__":
    figures.run(__doc__, SUBJECTS, each={"action": "store_true"})
