"""A panel: members' questions over corpora of files, each with the nuggets of a good answer.

A folder with `open.jsonl` (a question a line: id, text, language, corpus, kind, answerable and the
fields of `Expected`) and `corpus.tar.gz` (a folder of files for each corpus).
"""

import functools
import json
import re
import tarfile
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.domain.errors import InputError

SHORT, SHORT_LEAD = 1200, 360
"""Characters that a reader in a hurry sees, and within which the answer should begin."""

_ALIKE = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛`´′", "'"),
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\ufeff", None),
    }
)
_LIST_MARK = re.compile(r"^\s*(?:#{1,6}|>|[-*•▪◦·]|\d{1,2}[.)])\s+")
_COLUMN_NAME = re.compile(r"^[^:|]{1,80}:\s+")


@dataclass(frozen=True, slots=True)
class Expected:
    """What an answer to one question must show.

    Attributes:
        must: Groups of alternatives; every group is to be shown.
        lead: Which groups are to stand in the first thing shown.
        lead_in: Alternatives that count as leading too.
        wrong: What misleads before the group that leads, or without it.
        context: One of these must stand beside anything wrong.
        is_table: Whether what is wrong are other rows of the right one's own table.
    """

    must: tuple[tuple[str, ...], ...]
    lead: tuple[int, ...] = (0,)
    lead_in: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    is_table: bool = False

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> "Expected":
        """Read it from the fields of a file. Raises KeyError or TypeError for other forms."""
        return cls(
            must=tuple(map(tuple, fields["must"])),
            lead=tuple(fields.get("lead", (0,))),
            lead_in=tuple(fields.get("lead_in", ())),
            wrong=tuple(fields.get("wrong", ())),
            context=tuple(fields.get("context", ())),
            is_table=bool(fields.get("table")),
        )


@dataclass(frozen=True, slots=True)
class Grade:
    """How good an answer is: 1 as a person wants it, 0.67 complete, 0.33 some of it, 0 nothing."""

    value: float
    is_complete: bool = False
    is_leading: bool = False
    is_misleading: bool = False
    is_refused: bool = False


@dataclass(frozen=True, slots=True)
class _Shown:
    """The normalised text of an answer, and where its blocks end."""

    text: str
    ends: tuple[int, ...]

    def first(self, alternatives: Iterable[str]) -> int | None:
        """Return where the earliest of the alternatives begins, None where none stands there."""
        found = (_pattern(alternative).search(self.text) for alternative in alternatives)
        return min((span.start() for span in found if span), default=None)

    def block(self, position: int) -> int:
        """Return the number of the block that a position lies in."""
        return next((at for at, end in enumerate(self.ends) if position < end), len(self.ends))

    @property
    def opening(self) -> "_Shown":
        """The first block alone."""
        return _Shown(self.text[: self.ends[0]], self.ends[:1])


def grade(wanted: Expected | None, answer: Mapping[str, Any], *, is_short: bool = False) -> Grade:
    """Return the grade of an answer in the form that `ask --json` prints.

    Without `wanted`, the documents hold no answer, and a refusal is right.
    """
    is_refused = answer.get("outcome") in (None, "refused", "spoken")
    if wanted is None or is_refused:
        is_right = wanted is None and is_refused
        return Grade(float(is_right), is_refused=is_refused)
    shown = _shown(answer, SHORT if is_short else None)
    places = [shown.first(group) for group in wanted.must]
    wrong = [at for at in (shown.first([each]) for each in wanted.wrong) if at is not None]
    has_context = not (wrong and wanted.context) or shown.first(wanted.context) is not None
    is_complete = None not in places and has_context
    is_leading = _leads(wanted, shown, SHORT_LEAD if is_short else None)
    is_misleading = _misleads(wanted, shown, places, wrong)
    value = 0.33 if any(at is not None for at in places) else 0.0
    if is_complete:
        value = 1.0 if is_leading and not is_misleading else 0.67
    return Grade(value, is_complete, is_leading, is_misleading)


def _leads(wanted: Expected, shown: _Shown, limit: int | None) -> bool:
    opening = shown.opening
    lead = [opening.first(wanted.must[at]) for at in wanted.lead]
    begins = [at for at in lead if at is not None]
    starts = [max(begins)] if begins and len(begins) == len(lead) else []
    if (other := opening.first(wanted.lead_in)) is not None:
        starts.append(other)
    return bool(starts) and (limit is None or min(starts) <= limit)


def _misleads(
    wanted: Expected, shown: _Shown, places: Sequence[int | None], wrong: Sequence[int]
) -> bool:
    lead = [places[at] for at in wanted.lead]
    begins = [at for at in lead if at is not None]
    if len(begins) < len(lead) or not begins:
        return bool(wrong)
    place = max(begins)
    before = [at for at in wrong if at < place]
    if wanted.is_table:
        before = [at for at in before if shown.block(at) < shown.block(place)]
    return bool(before)


def _shown(answer: Mapping[str, Any], limit: int | None) -> _Shown:
    citations = answer.get("citations") or []
    text = answer.get("answer") or "\n".join(
        f"{citation.get('excerpt') or citation.get('quote', '')} [{citation.get('number', at)}]"
        for at, citation in enumerate(citations, start=1)
    )
    numbers = [str(citation.get("number", at)) for at, citation in enumerate(citations, start=1)]
    parts = _parts(text[:limit], "|".join(numbers) or r"\d{1,2}")
    joined, ends = "", []
    for part in parts:
        joined += f"{normal(part)} | "
        ends.append(len(joined))
    return _Shown(joined, tuple(ends))


def _parts(text: str, numbers: str) -> list[str]:
    """Return the blocks of an answer: each closed by a mark, or without marks its lines."""
    parts = re.split(rf"\[(?:{numbers})\](?![(\w])", text)
    if len(parts) > 1:
        return parts
    lines = [line for line in text.split("\n") if line.strip()]
    cut = 2 if lines and lines[0].rstrip().endswith(":") else 1
    return ["\n".join(lines[:cut]), *lines[cut:]]


def normal(text: str) -> str:
    """Return a text as it is compared: folded, without list marks and the names of columns."""
    lines = []
    for raw in unicodedata.normalize("NFKC", text).translate(_ALIKE).split("\n"):
        line = _LIST_MARK.sub("", raw.strip().replace("**", "").replace("__", ""))
        if " · " in line:
            line = " | ".join(_COLUMN_NAME.sub("", cell) for cell in line.split(" · "))
        lines.append(line)
    return re.sub(r"\s+", " ", " | ".join(lines)).strip().casefold()


@functools.cache
def _pattern(nugget: str) -> re.Pattern[str]:
    """Return a pattern that finds a nugget whatever spaces stand in it."""
    text = normal(nugget)
    words = [" ?".join(map(re.escape, word)) for word in re.split(r"[\s|]+", text) if word]
    found = r"[\s|]*".join(words)
    if text[:1].isdigit():
        found = rf"(?<!\d)(?<!\d[.,\s]){found}"
    if text[-1:].isdigit():
        found += r"(?!\d)(?![.,]\d)"
    return re.compile(found)


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
        for number, line in enumerate(text.split("\n"), start=1):
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
