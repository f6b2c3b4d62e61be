"""What members say of answers, kept for staff; no sign of who it was.

The question stands beside it only where the operator keeps questions, and goes when those go.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Date,
    Integer,
    Row,
    Select,
    Table,
    delete,
    insert,
    select,
    update,
)

from assistant.domain.dialogue import Answer
from assistant.domain.errors import RecordsError
from assistant.records.database import METADATA, Database, SafeText
from assistant.records.redaction import redacted

MOST = 40_000  # ratings; for more, the oldest go
KEPT = timedelta(days=800)
FORMER_FILE = "feedback.jsonl"
"""Where an earlier release kept ratings; taken over at the first look."""

_RATINGS = Table(
    "ratings",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("day", Date, nullable=False, index=True),
    Column("rating", SafeText, nullable=False),
    Column("cause", SafeText, nullable=False),
    Column("reason", SafeText, nullable=False),
    Column("outcome", SafeText, nullable=False),
    Column("mode", SafeText, nullable=False),
    Column("language", SafeText, nullable=False),
    Column("documents", JSON, nullable=False),
    Column("answer", SafeText, nullable=False),
    Column("question", SafeText, nullable=False),
    Column("generation", SafeText, nullable=False),
)
_TYPED = _RATINGS.c.question + "\n" + _RATINGS.c.reason


@dataclass(frozen=True, slots=True)
class Rating:
    """What one member said of one answer.

    Attributes:
        answer: The beginning of what was shown.
        question: Without what looks like personal data; empty where questions are not kept.
    """

    day: date
    rating: str
    cause: str
    reason: str
    outcome: str
    language: str
    documents: tuple[str, ...]
    answer: str = ""
    question: str = ""


SHOWN_OF_AN_ANSWER = 600  # characters


@dataclass(frozen=True, slots=True)
class Feedback:
    """Keeps and finds ratings. Safe to use from several threads.

    Attributes:
        keeps_questions: Whether the question is kept beside a rating.
    """

    database: Database
    keeps_questions: bool = False
    today: Callable[[], date] = field(default=date.today)

    def keep(self, answer: Answer, rating: str, cause: str, reason: str) -> None:
        """Keep a rating. Raises RecordsError where that cannot be done."""
        self._take_over()
        question = redacted(answer.understood or answer.question) if self.keeps_questions else ""
        with self.database.writing() as connection:
            connection.execute(
                insert(_RATINGS).values(
                    day=self.today(),
                    rating=rating,
                    cause=cause,
                    reason=redacted(_storable(reason)),
                    outcome=answer.outcome.value,
                    mode=answer.mode.value,
                    language=answer.language,
                    documents=list(answer.documents),
                    answer=answer.text[:SHOWN_OF_AN_ANSWER] if self.keeps_questions else "",
                    question=question,
                    generation=answer.generation,
                )
            )
            newest = select(_RATINGS.c.id).order_by(_RATINGS.c.id.desc())
            beyond = newest.offset(MOST).limit(1).scalar_subquery()
            connection.execute(delete(_RATINGS).where(_RATINGS.c.id <= beyond))

    def all(self) -> Sequence[Rating]:
        """Return what was said, oldest first. Raises RecordsError."""
        self._take_over()
        return [
            _rating(row) for row in self.database.rows(select(_RATINGS).order_by(_RATINGS.c.id))
        ]

    def meant(self, *, before: date | None = None, holding: str = "") -> Sequence[int]:
        """Return the numbers of the ratings that `erase` would empty."""
        self._take_over()
        return [row.id for row in self.database.holding(holding, _typed(_meant(before)))]

    def erase(self, *, before: date | None = None, holding: str = "") -> int:
        """Erase what was typed with ratings, all or what is meant; return how many.

        The ratings stay, for their counts.
        """
        self._take_over()
        return self._empty(*_meant(before), holding=holding)

    def erase_between(self, first: int, last: int) -> int:
        """Erase what was typed with the ratings of these numbers; return how many."""
        return self._empty(_TYPED != "\n", _RATINGS.c.id.between(first, last))

    def _empty(self, *meant: ColumnElement[bool], holding: str = "") -> int:
        emptied = update(_RATINGS).where(*meant).values(question="", answer="", reason="")
        return self.database.erase(emptied, of=_typed(meant), holding=holding)

    def erase_what_is_old(self, days: int) -> None:
        """Erase questions kept for so many days, all for 0, and ratings of more than two years."""
        today = self.today()
        meant = [_RATINGS.c.question != ""]
        if days:
            meant.append(_RATINGS.c.day < today - timedelta(days=days))
        emptied = update(_RATINGS).where(*meant).values(question="", answer="")
        self.database.erase(emptied, of=select(_RATINGS.c.id).where(*meant))
        old = _RATINGS.c.day < today - KEPT
        self.database.erase(delete(_RATINGS).where(old), of=select(_RATINGS.c.id).where(old))

    def _take_over(self) -> None:
        """Move in what an earlier release kept; damaged lines of it are left out."""
        former = self.database.folder / FORMER_FILE
        if not former.exists():
            return
        rows = list(_former(former))
        with self.database.writing() as connection:
            if rows:
                connection.execute(insert(_RATINGS), rows)
        former.unlink(missing_ok=True)


def _meant(before: date | None) -> list[ColumnElement[bool]]:
    typed = _TYPED != "\n"
    return [typed] if before is None else [typed, _RATINGS.c.day < before]


def _typed(meant: Sequence[ColumnElement[bool]]) -> Select[tuple[int, str]]:
    return select(_RATINGS.c.id, _TYPED).where(*meant)


def _former(path: Path) -> Iterator[dict[str, Any]]:
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError as exc:
        msg = f"cannot read {path} ({exc.strerror}); check its permissions"
        raise RecordsError(msg) from exc
    for line in lines:
        try:
            fields = json.loads(line)
            yield {
                "day": date.fromisoformat(fields["day"]),
                "documents": list(map(str, fields["documents"])),
                **{name: _storable(str(fields[name])) for name in ("rating", "reason", "outcome")},
                "language": str(fields["language"]),
                "cause": str(fields.get("cause", "")),
                "mode": str(fields.get("mode", "")),
                "generation": str(fields.get("generation", "")),
                "answer": "",
                "question": "",
            }
        except (ValueError, KeyError, TypeError):
            continue


def _storable(text: str) -> str:
    """Return a text on one line, as any encoding can carry it."""
    return " ".join(text.encode("utf-8", "replace").decode().split())


def _rating(row: Row[Any]) -> Rating:
    return Rating(
        day=row.day,
        rating=row.rating,
        cause=row.cause,
        reason=row.reason,
        outcome=row.outcome,
        language=row.language,
        documents=tuple(row.documents),
        answer=row.answer,
        question=row.question,
    )
