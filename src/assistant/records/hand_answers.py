"""The answers that staff write by hand: every version is kept, the last of each is given."""

import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Integer,
    Row,
    Table,
    func,
    insert,
    select,
)

from assistant.domain.by_hand import Basis, HandAnswer
from assistant.domain.corpus import DocumentId
from assistant.domain.errors import InputError, RecordsError
from assistant.records.database import METADATA, Database, SafeText

_log = logging.getLogger(__name__)

MOST_QUESTIONS = 40
LONGEST_QUESTION = 500  # characters
LONGEST_TEXT = 8000  # characters; what is longer is a document
MOST_BASES = 10

_VERSIONS = Table(
    "hand_answers",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("questions", JSON, nullable=False),
    Column("texts", JSON, nullable=False),
    Column("bases", JSON, nullable=False),
    Column("valid_until", Date),
    Column("written", DateTime, nullable=False),
    Column("by", SafeText, nullable=False),
    Column("is_withdrawn", Boolean, nullable=False),
)


@dataclass(frozen=True, slots=True)
class HandAnswerStore:
    """Reads and writes them. Safe to use from several threads."""

    database: Database

    def __call__(self) -> Sequence[HandAnswer]:
        """Return the present version of each answer that was not withdrawn.

        Where they cannot be read there are none: the documents answer all the same.
        """
        try:
            return [answer for answer in self.all() if not answer.is_withdrawn]
        except RecordsError as exc:
            _log.error("no answer by hand is given: %s", exc)
            return ()

    def all(self) -> Sequence[HandAnswer]:
        """Return the last version of each answer, the newest answer first."""
        last = select(func.max(_VERSIONS.c.version)).where(
            _VERSIONS.c.number == (own := _VERSIONS.alias()).c.number
        )
        wanted = select(own).where(own.c.version == last.scalar_subquery())
        return [_answer(row) for row in self.database.rows(wanted.order_by(own.c.number.desc()))]

    def versions(self, number: int) -> Sequence[HandAnswer]:
        """Return all versions of one answer, the newest first; none of an unknown one."""
        wanted = select(_VERSIONS).where(_VERSIONS.c.number == number)
        rows = self.database.rows(wanted.order_by(_VERSIONS.c.version.desc()))
        return [_answer(row) for row in rows]

    def add(self, answer: HandAnswer) -> int:
        """Keep an answer as the next version of its number, 0 for a new one; return the number.

        Raises InputError for an answer that cannot be given.
        """
        _check(answer)
        with self.database.writing() as connection:
            number = answer.number
            if not number:
                last = connection.execute(select(func.max(_VERSIONS.c.number))).scalar()
                number = (last or 0) + 1
            before = select(func.max(_VERSIONS.c.version)).where(_VERSIONS.c.number == number)
            version = (connection.execute(before).scalar() or 0) + 1
            kept = replace(answer, number=number, version=version)
            connection.execute(insert(_VERSIONS).values(**_fields(kept)))
        return number

    def withdraw(self, number: int, *, by: str) -> None:
        """Give an answer no longer; its versions stay. Raises InputError for an unknown one."""
        known = self.versions(number)
        if not known:
            msg = f"there is no answer number {number}; it may never have been written"
            raise InputError(msg)
        now = datetime.now(UTC)
        self.add(replace(known[0], is_withdrawn=True, by=by, written=now))


def _check(answer: HandAnswer) -> None:
    if not answer.questions:
        msg = "no question is named; give at least one, as members ask it"
        raise InputError(msg)
    if len(answer.questions) > MOST_QUESTIONS:
        msg = f"there are {len(answer.questions)} questions; {MOST_QUESTIONS} are enough"
        raise InputError(msg)
    if long := next((each for each in answer.questions if len(each) > LONGEST_QUESTION), ""):
        msg = f'"{long[:40]} …" has {len(long)} characters; shorten it to {LONGEST_QUESTION}'
        raise InputError(msg)
    if not any(answer.texts.values()):
        msg = "there is no answer; write one in at least one language"
        raise InputError(msg)
    if long := next((each for each in answer.texts.values() if len(each) > LONGEST_TEXT), ""):
        msg = f"an answer has {len(long)} characters; shorten it to {LONGEST_TEXT}"
        raise InputError(msg)
    if len(answer.bases) > MOST_BASES:
        msg = f"{len(answer.bases)} documents are named; {MOST_BASES} are enough"
        raise InputError(msg)


def _fields(answer: HandAnswer) -> dict[str, Any]:
    return {
        **asdict(answer),
        "questions": list(answer.questions),
        "texts": {language: text for language, text in answer.texts.items() if text},
        "bases": [asdict(basis) for basis in answer.bases],
        "written": answer.written.astimezone(UTC).replace(tzinfo=None),
    }


def _answer(row: Row[Any]) -> HandAnswer:
    until: date | None = row.valid_until
    return HandAnswer(
        number=row.number,
        version=row.version,
        questions=tuple(row.questions),
        texts=row.texts,
        bases=tuple(Basis(DocumentId(each["document_id"]), each["digest"]) for each in row.bases),
        valid_until=until,
        written=row.written.replace(tzinfo=UTC),
        by=row.by,
        is_withdrawn=row.is_withdrawn,
    )
