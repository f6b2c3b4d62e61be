"""What a chat model writes for members' questions, and what the checks let through.

    FORUM_EVAL_DATA=... .venv/bin/python benchmarks/writing.py panel --model openai:NAME \
        --base-url http://localhost:8099/v1 --work FOLDER [--limit N] [--print FILE]

`panel`: the panel's open questions; score with writing beside excerpts alone, how many answers show
prose, what is withheld and why, and how long the first sentence takes. What the model writes is
kept in FOLDER, so that a change of the checks is measured without asking it again; so are the
corpora. Without `--model`, those questions are asked for which something was written before.
`--print` writes the answers side by side for people to read.
`sentences`: of `tests/data/written_sentences.jsonl`, faithful ones and ones with one thing altered;
`--each` prints what is told wrong in the half that may be looked at.
"""

import argparse
import hashlib
import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from assistant import settings, wiring
from assistant.answering import answer_json
from assistant.answering.assistant import Assistant
from assistant.domain.dialogue import Answer, Mode, Outcome, Question
from assistant.domain.errors import ChatModelError
from assistant.evaluation import panel
from assistant.terminal import progress_bar
from assistant.writing import chat_model
from assistant.writing.budget import Budget
from assistant.writing.checking import Fault
from assistant.writing.prompting import Message
from assistant.writing.writer import Writer
from benchmarks import figures
from benchmarks.answers import shares
from ingest.pipeline import Options
from tests import written_sentences
from tests.written_sentences import FAITHFUL
from vectorstore.embedding import builtin_model

PATIENCE = 900.0  # seconds for an answer
SAME_TOKEN = (
    "0" * 16
)  # the same fence in every prompt, so that what was asked before is known again
PRINTED = 50
_ENDS = re.compile(r"\w{2}[.!?\n]")


@dataclass(frozen=True, slots=True)
class Remembered:
    """A chat model whose answers are kept: the same prompt is asked once."""

    model: chat_model.ChatModel | None
    folder: Path
    missing: list[str] = field(default_factory=list)

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """Yield what the model writes, or wrote."""
        known = "\n\n".join(f"{message.role}: {message.text}" for message in messages)
        file = self.folder / f"{hashlib.sha256(known.encode()).hexdigest()[:24]}.json"
        if not file.is_file():
            if self.model is None:
                self.missing.append(known)
                return
            began, pieces, first = time.monotonic(), list[str](), None
            try:
                for piece in self.model.stream(messages):
                    if not isinstance(piece, str):
                        continue
                    pieces.append(piece)
                    if first is None and _ENDS.search("".join(pieces)):
                        first = time.monotonic() - began
                    yield piece
            except ChatModelError as exc:
                print(f"{exc}; what was written before is kept", file=sys.stderr)
                raise
            except GeneratorExit:  # it goes round in a circle
                pass
            kept = {
                "text": "".join(pieces), "prompt": known,
                "first sentence": first, "seconds": time.monotonic() - began,
            }  # fmt: skip
            file.write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")
            return
        yield json.loads(file.read_text(encoding="utf-8"))["text"]


@dataclass(slots=True)
class Counted:
    """Counts what a chat model does, as a `ModelWatch`."""

    reasons: Counter[str]

    def withheld(self, reason: str) -> None:
        """Count a sentence that was not proved."""
        self.reasons[reason] += 1

    def gave_up(self, trouble: str) -> None:
        """Count an answer that was not written."""
        self.reasons[f"trouble: {trouble}"] += 1

    def used(self, sent: int, received: int) -> None:
        """Tokens are counted by nobody here."""


@contextmanager
def over(corpus: Path, work: Path) -> Iterator[Assistant]:
    """Give an assistant over a folder of files, which is embedded once."""
    config = settings.load(data_dir=work / corpus.name)
    library = wiring.open_library(config)
    if not (work / corpus.name / "embedded").is_file():
        wiring.make_ingestion(config, library).ingest([str(corpus)], Options())
        (work / corpus.name / "embedded").touch()
    yield wiring.make_assistant(config, library)
    library.close()


def measure_panel(arguments: argparse.Namespace) -> None:
    """Have the panel answered with excerpts alone and with a chat model."""
    folder = figures.data_folder() / "panel"
    questions = panel.load(folder)
    random.Random(7).shuffle(questions)
    questions = questions[: arguments.limit]
    kept = arguments.work / "written"
    kept.mkdir(parents=True, exist_ok=True)
    model = Remembered(asked_model(arguments), kept)
    watch = Counted(Counter())
    quoted, written = dict[str, Answer](), dict[str, Answer]()
    with panel.corpora(folder) as corpora:
        for corpus in sorted({question.corpus for question in questions}):
            chosen = [question for question in questions if question.corpus == corpus]
            with (
                over(corpora / corpus, arguments.work) as assistant,
                progress_bar(f"corpus {corpus}", "questions") as progress,
            ):
                writing = replace(assistant, writer=writer(model, assistant, watch))
                for done, question in enumerate(chosen, start=1):
                    quoted[question.id] = assistant.answer(Question(question.text))
                    before = len(model.missing)
                    written[question.id] = writing.answer(Question(question.text))
                    if len(model.missing) > before:
                        del quoted[question.id], written[question.id]
                    progress(done, len(chosen))
    questions = [question for question in questions if question.id in written]
    told(questions, quoted, written, watch, kept)
    if arguments.print:
        lines = side_by_side(questions, quoted, written)
        arguments.print.write_text("\n".join(lines), encoding="utf-8")


def asked_model(arguments: argparse.Namespace) -> chat_model.ChatModel | None:
    """Return the model that is asked, None where only what was written before is measured."""
    if not arguments.model:
        return None
    return chat_model.load(
        arguments.model, base_url=arguments.base_url, api_key=arguments.key, timeout=PATIENCE
    )


def writer(model: Remembered, assistant: Assistant, watch: Counted) -> Writer:
    """Return a writer with no limit but patience."""
    budget = Budget(model.folder / "budget.json", 0)
    return Writer(
        model,
        assistant.detect_language,
        budget,
        PATIENCE,
        token=lambda: SAME_TOKEN,
        watch=watch,
    )


def told(
    questions: Sequence[panel.PanelQuestion],
    quoted: dict[str, Answer],
    written: dict[str, Answer],
    watch: Counted,
    kept: Path,
) -> None:
    """Record the figures."""
    rows: dict[str, dict[str, figures.Value]] = {}
    for name, answers in (("excerpts alone", quoted), ("with writing", written)):
        as_printed = {key: answer_json.answer(key, each, 0) for key, each in answers.items()}
        graded = panel.as_json(questions, as_printed)["all"]
        rows[name] = {"score": graded["score"], "in a hurry": graded["score short"]}
    answered = [each for each in written.values() if each.outcome is Outcome.ANSWERED]
    prose = [each for each in answered if each.mode is Mode.WRITING]
    sentences = sum(len(each.statements) for each in prose)
    withheld = sum(each.withheld for each in answered)
    rows["with writing"] |= {
        "answers with prose": [len(prose), len(answered)],
        "sentences shown": [sentences, sentences + withheld],
    }
    figures.record("writing", rows, head="questions", formats={"all": ".3f"})
    reasons = {reason: {"sentences": count} for reason, count in watch.reasons.most_common()}
    figures.record("writing, withheld", reasons, head="reason")
    times = [json.loads(file.read_text(encoding="utf-8")) for file in kept.glob("*.json")]
    first = sorted(each["first sentence"] for each in times if each.get("first sentence"))
    if first:
        print(f"first sentence after {first[len(first) // 2]:.1f} s in the middle")


def side_by_side(
    questions: Sequence[panel.PanelQuestion], quoted: dict[str, Answer], written: dict[str, Answer]
) -> Iterator[str]:
    """Yield questions with both answers, those with prose first."""
    order = sorted(questions, key=lambda each: written[each.id].mode is not Mode.WRITING)
    for question in order[:PRINTED]:
        yield f"## {question.text}\n"
        yield f"### Excerpts\n\n{quoted[question.id].text}\n"
        yield f"### Written\n\n{written[question.id].text}\n"
        if notice := written[question.id].notice:
            yield f"({notice})\n"


def measure_written(arguments: argparse.Namespace) -> None:
    """Check the sentences of `tests/data/written_sentences.jsonl`."""
    written = written_sentences.read()
    embedder = builtin_model.load(builtin_model.default_folder())
    said = written_sentences.verdicts(written, embedder)
    judged = [
        (each.label, each.is_held_out, isinstance(verdict, Fault))
        for each, verdict in zip(written, said, strict=True)
    ]
    both = [
        (FAITHFUL if label == FAITHFUL else "altered, stopped", held, stopped)
        for label, held, stopped in judged
    ]
    altered = sorted(each for each in judged if each[0] != FAITHFUL)
    names = {FAITHFUL: "faithful, withheld"}
    figures.record("written sentences", {**shares(both, names), **shares(altered)})
    if arguments.each:
        for each, verdict in zip(written, said, strict=True):
            if not each.is_held_out and isinstance(verdict, Fault) is (each.label == FAITHFUL):
                print(f"\n{each.label} {each.language}: {each.sentence}\n    {verdict!r}")


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("subject", choices=sorted(SUBJECTS))
    parser.add_argument("--model", default="", help="as in FORUM_CHAT_MODEL")
    parser.add_argument("--base-url", default="")
    parser.add_argument("--key", default="")
    parser.add_argument("--work", type=Path, help="where what is made once is kept")
    parser.add_argument("--limit", type=int, default=1000, help="so many questions")
    parser.add_argument("--print", type=Path, help="the answers side by side, for people to read")
    parser.add_argument("--each", action="store_true")
    arguments = parser.parse_args()
    SUBJECTS[arguments.subject](arguments)


SUBJECTS = {"panel": measure_panel, "sentences": measure_written}

if __name__ == "__main__":
    main()
