"""Golden questions that staff have made on their pages, beside those of a file."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Column, Integer, Table, delete, insert, select

from assistant.domain.errors import InputError
from assistant.records.database import METADATA, Database, SafeText

MOST = 500  # each is asked of every draft, before and after

_GOLDEN = Table(
    "golden_questions",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("question", SafeText, nullable=False),
    Column("language", SafeText, nullable=False),
    Column("document", SafeText, nullable=False),
    Column("by", SafeText, nullable=False),
)


@dataclass(frozen=True, slots=True)
class MadeGolden:
    """A golden question; `document` is the one that answers it, empty where none should."""

    number: int
    question: str
    language: str
    document: str
    by: str


@dataclass(frozen=True, slots=True)
class GoldenStore:
    """Keeps them. Safe to use from several threads."""

    database: Database

    def all(self) -> Sequence[MadeGolden]:
        """Return them, the oldest first. Raises RecordsError."""
        rows = self.database.rows(select(_GOLDEN).order_by(_GOLDEN.c.id))
        return [
            MadeGolden(row.id, row.question, row.language, row.document, row.by) for row in rows
        ]

    def add(self, question: str, language: str, document: str, *, by: str) -> None:
        """Make a question golden; what it was before, if it was, it is no longer."""
        if not question:
            msg = "there is no question; give one"
            raise InputError(msg)
        same = (_GOLDEN.c.question == question) & (_GOLDEN.c.language == language)
        if len(self.all()) >= MOST:
            msg = f"there are {MOST} golden questions; remove some that say the same"
            raise InputError(msg)
        fields = {"question": question, "language": language, "document": document, "by": by}
        with self.database.writing() as connection:
            connection.execute(delete(_GOLDEN).where(same))
            connection.execute(insert(_GOLDEN).values(**fields))

    def remove(self, number: int) -> None:
        """Make a question golden no longer; one that is none stays none."""
        with self.database.writing() as connection:
            connection.execute(delete(_GOLDEN).where(_GOLDEN.c.id == number))
