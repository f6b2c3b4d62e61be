"""What was asked: counts always, the questions themselves only where the operator keeps them.

A count says on which day and hour so many questions of a language had which outcome; it holds no
word of any. A kept question is one without what looks like personal data, and goes with its age.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Date,
    Float,
    Integer,
    Row,
    Select,
    Table,
    delete,
    func,
    insert,
    select,
    update,
)

from assistant.domain.dialogue import Answer, Cause, Mode, Outcome
from assistant.records.database import METADATA, Database, SafeText, insertion
from assistant.records.redaction import redacted

COUNTS_KEPT = timedelta(days=800)  # two years, to compare with

_ASKED = Table(
    "asked_counts",
    METADATA,
    Column("day", Date, primary_key=True),
    Column("hour", Integer, primary_key=True),
    Column("language", SafeText, primary_key=True),
    Column("outcome", SafeText, primary_key=True),
    Column("mode", SafeText, primary_key=True),
    Column("cause", SafeText, primary_key=True),
    Column("times", Integer, nullable=False),
)
_CITED = Table(
    "cited_counts",
    METADATA,
    Column("day", Date, primary_key=True),
    Column("document", SafeText, primary_key=True),
    Column("times", Integer, nullable=False),
)
_KEPT = Table(
    "kept_questions",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("day", Date, nullable=False, index=True),
    Column("language", SafeText, nullable=False),
    Column("text", SafeText, nullable=False),
    Column("outcome", SafeText, nullable=False),
    Column("cause", SafeText, nullable=False),
    Column("support", Float, nullable=False),
    Column("documents", JSON, nullable=False),
    Column("is_badly_rated", Integer, nullable=False, default=0),
)


@dataclass(frozen=True, slots=True)
class KeptQuestion:
    """A question as it is kept.

    Attributes:
        cause: Why it was refused, None where it was not.
        documents: What was cited or suggested.
    """

    number: int
    day: date
    language: str
    text: str
    outcome: Outcome
    cause: Cause | None
    support: float
    documents: tuple[str, ...]
    is_badly_rated: bool = False

    @property
    def was_in_vain(self) -> bool:
        """Whether the member did not get what they wanted, as far as anybody knows."""
        return self.outcome is Outcome.REFUSED or self.is_badly_rated


@dataclass(frozen=True, slots=True)
class AskedCount:
    """How many questions of one hour ended alike."""

    day: date
    hour: int
    language: str
    outcome: Outcome
    mode: Mode
    cause: Cause | None
    count: int


@dataclass(frozen=True, slots=True)
class QuestionLog:
    """Counts and keeps questions. Safe to use from several threads.

    Attributes:
        days: For how many days questions are kept; 0: none is.
        now: Returns the time, in the server's own zone.
    """

    database: Database
    days: int = 0
    now: Callable[[], datetime] = field(default=datetime.now)

    def add(self, answer: Answer) -> None:
        """Count an answered question, and keep it where questions are kept. Raises RecordsError."""
        now, cited = self.now(), answer.documents
        with self.database.writing() as connection:
            self._count(connection, answer, now)
            for document in cited if answer.outcome is Outcome.ANSWERED else ():
                key = {"day": now.date(), "document": document}
                _add_one(connection, _CITED, key)
            if self.days and answer.outcome is not Outcome.SPOKEN:
                connection.execute(insert(_KEPT).values(**_kept_fields(answer, now.date(), cited)))

    def rated_badly(self, answer: Answer) -> None:
        """Note that a kept question was answered badly; one that is not kept stays unknown."""
        if not self.days:
            return
        same = (_KEPT.c.text == _text(answer)) & (_KEPT.c.language == answer.language)
        last = select(func.max(_KEPT.c.id)).where(same).scalar_subquery()
        with self.database.writing() as connection:
            connection.execute(update(_KEPT).where(_KEPT.c.id == last).values(is_badly_rated=1))

    def kept(self, since: date, until: date) -> Sequence[KeptQuestion]:
        """Return the questions of these days, the oldest first."""
        wanted = select(_KEPT).where(_KEPT.c.day.between(since, until)).order_by(_KEPT.c.id)
        return [_kept(row) for row in self.database.rows(wanted)]

    def numbered(self, numbers: Sequence[int]) -> Sequence[KeptQuestion]:
        """Return the questions with these numbers that are still kept."""
        wanted = select(_KEPT).where(_KEPT.c.id.in_(numbers)).order_by(_KEPT.c.id)
        return [_kept(row) for row in self.database.rows(wanted)]

    def counts(self, since: date, until: date) -> Sequence[AskedCount]:
        """Return how many questions of these days ended how."""
        wanted = select(_ASKED).where(_ASKED.c.day.between(since, until)).order_by(_ASKED.c.day)
        return [_asked_count(row) for row in self.database.rows(wanted)]

    def cited(self, since: date, until: date) -> Mapping[str, int]:
        """Return how often each document was cited in these days, the most cited first."""
        total = func.sum(_CITED.c.times).label("total")
        wanted = (
            select(_CITED.c.document, total)
            .where(_CITED.c.day.between(since, until))
            .group_by(_CITED.c.document)
            .order_by(total.desc(), _CITED.c.document)
        )
        return {row.document: row.total for row in self.database.rows(wanted)}

    def questions_on(self, document: str) -> Sequence[KeptQuestion]:
        """Return the kept questions that a document was cited or suggested for."""
        wanted = select(_KEPT).order_by(_KEPT.c.id.desc())
        found = (_kept(row) for row in self.database.rows(wanted))
        return [question for question in found if document in question.documents]

    def meant(self, *, before: date | None = None, holding: str = "") -> Sequence[int]:
        """Return the numbers of the kept questions that `erase` would erase."""
        return [row.id for row in self.database.holding(holding, _texts(_meant(before)))]

    def erase(self, *, before: date | None = None, holding: str = "") -> int:
        """Erase kept questions, all or those that are meant; return how many. Raises RecordsError.

        Nothing of them is in the file afterwards.
        """
        return self._erase(*_meant(before), holding=holding)

    def erase_between(self, first: int, last: int) -> int:
        """Erase the kept questions with these numbers; return how many. Raises RecordsError."""
        return self._erase(_KEPT.c.id.between(first, last))

    def _erase(self, *meant: ColumnElement[bool], holding: str = "") -> int:
        return self.database.erase(delete(_KEPT).where(*meant), of=_texts(meant), holding=holding)

    def erase_what_is_old(self) -> None:
        """Erase the questions that are older than they are kept; all, where none are kept."""
        today = self.now().date()
        for table in (_ASKED, _CITED):
            old = table.c.day < today - COUNTS_KEPT
            self.database.erase(delete(table).where(old), of=select(table.c.day).where(old))
        self.erase(before=today - timedelta(days=self.days) if self.days else None)

    @staticmethod
    def _count(connection: Connection, answer: Answer, now: datetime) -> None:
        key = {
            "day": now.date(),
            "hour": now.hour,
            "language": answer.language,
            "outcome": answer.outcome.value,
            "mode": answer.mode.value,
            "cause": answer.cause.value if answer.cause else "",
        }
        _add_one(connection, _ASKED, key)


def _add_one(connection: Connection, table: Table, key: Mapping[str, Any]) -> None:
    added = insertion(connection, table).values(**key, times=1)
    connection.execute(
        added.on_conflict_do_update(index_elements=list(key), set_={"times": table.c.times + 1})
    )


def _meant(before: date | None) -> list[ColumnElement[bool]]:
    return [] if before is None else [_KEPT.c.day < before]


def _texts(meant: Sequence[ColumnElement[bool]]) -> Select[tuple[int, str]]:
    return select(_KEPT.c.id, _KEPT.c.text).where(*meant)


def _text(answer: Answer) -> str:
    return redacted(answer.understood or answer.question)


def _kept_fields(answer: Answer, day: date, documents: Sequence[str]) -> dict[str, Any]:
    return {
        "day": day,
        "language": answer.language,
        "text": _text(answer),
        "outcome": answer.outcome.value,
        "cause": answer.cause.value if answer.cause else "",
        "support": answer.support,
        "documents": list(documents),
    }


def _kept(row: Row[Any]) -> KeptQuestion:
    return KeptQuestion(
        number=row.id,
        day=row.day,
        language=row.language,
        text=row.text,
        outcome=Outcome(row.outcome),
        cause=Cause(row.cause) if row.cause else None,
        support=row.support,
        documents=tuple(row.documents),
        is_badly_rated=bool(row.is_badly_rated),
    )


def _asked_count(row: Row[Any]) -> AskedCount:
    return AskedCount(
        day=row.day,
        hour=row.hour,
        language=row.language,
        outcome=Outcome(row.outcome),
        mode=Mode(row.mode),
        cause=Cause(row.cause) if row.cause else None,
        count=row.times,
    )
