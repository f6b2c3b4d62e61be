"""A panel: members' questions over corpora of files, each with the nuggets of a good answer.

A folder with `open.jsonl` (a question a line: id, text, language, corpus, kind, answerable and the
fields of `nuggets.Wanted`) and `corpus.tar.gz` (a folder of files for each corpus).
"""

import json
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.domain.errors import InputError
from assistant.evaluation.nuggets import Expected, Grade, grade

QUESTIONS_FILE, CORPUS_FILE = "open.jsonl", "corpus.tar.gz"
Answers = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class PanelQuestion:
    """A question of the panel. `wanted` is None where the corpus does not answer it."""

    id: str
    text: str
    language: str
    corpus: str
    kind: str
    wanted: Expected | None


def is_panel(path: Path) -> bool:
    """Whether a folder holds a panel."""
    return (path / QUESTIONS_FILE).is_file() and (path / CORPUS_FILE).is_file()


def load(path: Path) -> list[PanelQuestion]:
    """Read the questions of a panel's folder. Raises InputError naming the line at fault."""
    found = []
    for number, fields in _lines(path / QUESTIONS_FILE):
        try:
            wanted = Expected.of(fields) if fields["answerable"] else None
            found.append(
                PanelQuestion(
                    id=str(fields["id"]),
                    text=str(fields["text"]),
                    language=str(fields["language"]),
                    corpus=str(fields["corpus"]),
                    kind=str(fields["kind"]),
                    wanted=wanted,
                )
            )
        except (KeyError, TypeError, ValueError) as exc:
            msg = f"{path / QUESTIONS_FILE}, line {number}: no question with its nuggets ({exc!r})"
            raise InputError(msg) from exc
    return found


@contextmanager
def corpora(path: Path) -> Iterator[Path]:
    """Unpack the corpora of a panel's folder for as long as they are needed."""
    with tempfile.TemporaryDirectory() as scratch:
        try:
            with tarfile.open(path / CORPUS_FILE) as packed:
                packed.extractall(scratch, filter="data")
        except (OSError, tarfile.TarError) as exc:
            msg = f"{path / CORPUS_FILE} cannot be unpacked ({exc})"
            raise InputError(msg) from exc
        yield Path(scratch)


def earlier_answers(path: Path) -> dict[str, Mapping[str, Any]]:
    """Read answers that an earlier run wrote. Raises InputError where there are none."""
    return {str(fields.get("id")): fields for _, fields in _lines(path)}


def _lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        text = path.read_text(encoding="utf-8")
        for number, line in enumerate(text.splitlines(), start=1):
            if line.strip():
                yield number, json.loads(line)
    except (OSError, ValueError) as exc:
        msg = f"{path} cannot be read as JSON lines ({exc})"
        raise InputError(msg) from exc


def as_lines(questions: Sequence[PanelQuestion], runs: Mapping[str, Answers]) -> Iterator[str]:
    """Yield the scores by kind and language, the runs side by side."""
    yield (
        "SCORE: 1 as a person wants it, 0.67 complete, 0.33 some of it; of the answerable ones how "
        "many are complete, lead, mislead, are refused; of the others how many are answered"
    )
    heads = [f"{name:>24}" for name in runs]
    yield f"{'':26}{'n':>4} " + " |".join(heads)
    columns = "score short compl  lead wrong refus answd"
    yield f"{'':26}{'':4} " + " |".join(columns for _ in runs)
    for name, chosen in _groups(questions):
        cells = [" ".join(_cells(chosen, answers)) for answers in runs.values()]
        yield f"{name:26}{len(chosen):4} " + " |".join(cells)


def as_json(questions: Sequence[PanelQuestion], answers: Answers) -> dict[str, Any]:
    """Return the scores of one run for programs."""
    return {
        name: dict(zip(_FIGURES, map(_number, _figures(chosen, answers)), strict=True))
        for name, chosen in _groups(questions)
    }


_FIGURES = ("score", "score short", "complete", "leading", "misleading", "refused", "answered")


def _groups(
    questions: Sequence[PanelQuestion],
) -> Iterator[tuple[str, Sequence[PanelQuestion]]]:
    yield "all", questions
    by: tuple[tuple[str, Callable[[PanelQuestion], str]], ...] = (
        ("corpus", lambda each: each.corpus),
        ("kind", lambda each: each.kind),
        ("language", lambda each: each.language),
    )
    for name, value_of in by:
        for value in sorted({value_of(question) for question in questions}):
            yield (
                f"{name} {value}",
                [question for question in questions if value_of(question) == value],
            )


def _figures(chosen: Sequence[PanelQuestion], answers: Answers) -> list[float | None]:
    full = [_graded(each, answers, is_short=False) for each in chosen]
    short = [_graded(each, answers, is_short=True) for each in chosen]
    pairs = list(zip(chosen, full, strict=True))
    good = [pair for question, pair in pairs if question.wanted]
    bad = [pair for question, pair in pairs if not question.wanted]
    return [
        _mean([each.value for each in full]),
        _mean([each.value for each in short]),
        _mean([each.is_complete for each in good]),
        _mean([each.is_leading for each in good]),
        _mean([each.is_misleading for each in good]),
        _mean([each.is_refused for each in good]),
        _mean([not each.is_refused for each in bad]),
    ]


def _graded(question: PanelQuestion, answers: Answers, *, is_short: bool) -> Grade:
    answer = answers.get(question.id)
    return Grade(0.0) if answer is None else grade(question.wanted, answer, is_short=is_short)


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _number(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _cells(chosen: Sequence[PanelQuestion], answers: Answers) -> Iterator[str]:
    for value in _figures(chosen, answers):
        yield f"{'-':>5}" if value is None else f"{value:5.3f}"
