"""What a chat model writes for members' questions, and what the checks let through.

    FORUM_EVAL_DATA=... .venv/bin/python benchmarks/writing.py panel --model openai:NAME \
        --base-url http://localhost:8099/v1 --work FOLDER [--limit N] [--print FILE]

`panel`: the panel's open questions; score with writing beside excerpts alone, how many answers show
prose, what is withheld and why, and how long the first sentence takes. What the model writes is
kept in FOLDER, so that a change of the checks is measured without asking it again; so are the
corpora. `--print` writes the answers side by side for people to read.
`check`: sentences with one thing altered and faithful ones, and claims of public sets that people
judged: by rules, by the trained model, and by both.
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
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from assistant import settings, wiring
from assistant.answering import answer_json
from assistant.answering.assistant import Assistant
from assistant.domain.dialogue import Answer, Mode, Outcome, Question
from assistant.domain.ports import Entailment
from assistant.evaluation import panel
from assistant.terminal import progress_bar
from assistant.writing import chat_model
from assistant.writing.budget import Budget
from assistant.writing.checking import SUPPORTED, Fault
from assistant.writing.premises import headers_of, runs
from assistant.writing.premises import told as told_row
from assistant.writing.prompting import Message
from assistant.writing.writer import Writer
from benchmarks import figures
from benchmarks.check.claims import Judged, Label, public_claims
from ingest.pipeline import Options
from tests import written_sentences
from tests.written_sentences import FAITHFUL, verdicts

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

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """Yield what the model writes, or wrote."""
        known = "\n\n".join(f"{message.role}: {message.text}" for message in messages)
        file = self.folder / f"{hashlib.sha256(known.encode()).hexdigest()[:24]}.json"
        if not file.is_file():
            if self.model is None:
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
            finally:  # it is closed where it goes round in a circle
                told = {
                    "text": "".join(pieces), "prompt": known,
                    "first sentence": first, "seconds": time.monotonic() - began,
                }  # fmt: skip
                file.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
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
                    written[question.id] = writing.answer(Question(question.text))
                    progress(done, len(chosen))
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
        wiring.load_entailment(settings.load()),
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


SETS = {
    "begin": "BEGIN", "q2": "Q2", "rte3": "RTE-3", "fever_it_gold": "FEVER-it", "wice": "WiCE",
    "healthver": "HealthVer",
}  # fmt: skip
"""Sets of others, as the table calls them; of Q2 nothing was trained on."""


@dataclass(frozen=True, slots=True)
class Always:
    """An entailment model that supports everything: what the rules alone do."""

    def supported(self, claim: str, context: str, premise: str) -> float:  # noqa: ARG002 - all
        """Support it."""
        return 1.0


def measure_check(arguments: argparse.Namespace) -> None:
    """Check written sentences by rules, by the model and by both; and claims that people judged."""
    model = wiring.load_entailment(settings.load())
    written = written_sentences.read()
    ways = {
        "rules alone": [isinstance(each, Fault) for each in verdicts(written, Always())],
        "model alone": [by_model(each, model) < SUPPORTED for each in written],
        "both": [isinstance(each, Fault) for each in verdicts(written, model)],
    }
    rows: dict[str, dict[str, figures.Value]] = {}
    for name, stopped in ways.items():
        rows[name] = {}
        for held_out, half in ((False, "tuned on"), (True, "held out")):
            for is_faithful, what in ((True, "withheld"), (False, "stopped")):
                some = [
                    is_stopped
                    for each, is_stopped in zip(written, stopped, strict=True)
                    if each.is_held_out is held_out and (each.label == FAITHFUL) is is_faithful
                ]
                told = "faithful" if is_faithful else "altered"
                rows[name][f"{told}, {what}, {half}"] = [sum(some), len(some)]
    figures.record("written sentences", rows, head="checked by")
    kinds: dict[str, dict[str, figures.Value]] = {}
    for kind in sorted({each.label for each in written} - {FAITHFUL}):
        some = [
            stopped
            for each, stopped in zip(written, ways["both"], strict=True)
            if each.label == kind and each.is_held_out
        ]
        kinds[kind] = {"stopped, held out": [sum(some), len(some)]}
    figures.record("written sentences, by what was altered", kinds, head="altered")
    measure_judged(arguments, model)


def by_model(written: written_sentences.Written, model: Entailment) -> float:
    """Return the most that any place of the passage supports a sentence."""
    chunk = written.chunk
    heads = headers_of(chunk.text)
    premises = [
        "\n".join(told_row(chunk.sentence(span), heads) for span in spans)
        for spans in runs(chunk, 1)
    ]
    return max(model.supported(written.sentence, chunk.context, each) for each in premises)


def measure_judged(arguments: argparse.Namespace, model: Entailment) -> None:
    """Tell claims that people judged supported from others, on what was never trained on."""
    kept = public_claims(figures.data_folder() / "training", kept_apart=True)
    random.Random(7).shuffle(kept)
    rows: dict[str, dict[str, figures.Value]] = {}
    for name, title in SETS.items():
        claims = [claim for claim in kept if claim.set_name == name][: arguments.limit]
        began = time.monotonic()
        chances = [model.supported(each.claim, each.context, each.premise) for each in claims]
        taken = (time.monotonic() - began) / len(claims)
        good = [chance for chance, claim in zip(chances, claims, strict=True) if is_said(claim)]
        bad = [chance for chance, claim in zip(chances, claims, strict=True) if not is_said(claim)]
        rows[title] = {
            "claims": len(claims), "AUROC": figures.auroc(good, bad), "ms a claim": 1000 * taken,
        }  # fmt: skip
    formats = {"AUROC": ".3f", "ms a claim": ".0f", "claims": ","}
    figures.record("claims that people judged", rows, head="set", formats=formats)


def is_said(claim: Judged) -> bool:
    """Whether people judged that the premise says it."""
    return claim.label is Label.SUPPORTED


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
    arguments = parser.parse_args()
    SUBJECTS[arguments.subject](arguments)


SUBJECTS = {"panel": measure_panel, "check": measure_check}

if __name__ == "__main__":
    main()
