"""What staff have corrected of documents: kept beside what is published, over every run."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    DateTime,
    Row,
    Table,
    delete,
    insert,
    select,
    update,
)

from assistant.domain.corpus import DocumentId
from assistant.domain.edits import PUBLISHED, VALID_UNTIL, Edit
from assistant.domain.errors import InputError
from assistant.records.database import METADATA, Database, SafeText

LONGEST = 2000  # characters of a value; an address may be long

_EDITS = Table(
    "document_edits",
    METADATA,
    Column("document", SafeText, primary_key=True),
    Column("field", SafeText, primary_key=True),
    Column("value", SafeText, nullable=False),
    Column("said", SafeText, nullable=False),
    Column("by", SafeText, nullable=False),
    Column("when", DateTime, nullable=False),
    Column("is_undone", Boolean, nullable=False),
)


@dataclass(frozen=True, slots=True)
class EditStore:
    """Reads and writes them. Safe to use from several threads."""

    database: Database

    def all(self) -> Sequence[Edit]:
        """Return every edit, and what was undone and is still published. Raises RecordsError."""
        wanted = select(_EDITS).order_by(_EDITS.c.document, _EDITS.c.field)
        return [_edit(row) for row in self.database.rows(wanted)]

    def of(self, document: str) -> Mapping[str, Edit]:
        """Return the edits of one document by field. Raises RecordsError."""
        rows = self.database.rows(select(_EDITS).where(_EDITS.c.document == document))
        return {row.field: _edit(row) for row in rows}

    def keep(self, edits: Sequence[Edit]) -> None:
        """Keep edits, each in place of the one of its field. Raises RecordsError, InputError."""
        for edit in edits:
            _check(edit)
        with self.database.writing() as connection:
            for edit in edits:
                connection.execute(delete(_EDITS).where(_is_of(edit)))
                if edit.value or edit.field != VALID_UNTIL:  # without an end there is no last day
                    connection.execute(insert(_EDITS).values(**_fields(edit)))

    def undo(self, document: str, *, by: str) -> None:
        """Let the source's word come back with the next run; the last day is gone at once."""
        own, now = _EDITS.c.document == document, _stored(datetime.now(UTC))
        with self.database.writing() as connection:
            connection.execute(delete(_EDITS).where(own, _EDITS.c.field == VALID_UNTIL))
            connection.execute(
                update(_EDITS)
                .where(own, ~_EDITS.c.is_undone)
                .values(is_undone=True, by=by, when=now)
            )

    def heard(self, said: Mapping[DocumentId, Mapping[str, str]]) -> None:
        """Note what sources say now of fields that are edited."""
        news = [
            (edit, now)
            for edit in self.all()
            if (now := said.get(edit.document, {}).get(edit.field, edit.said)) != edit.said
        ]
        if news:
            with self.database.writing() as connection:
                for edit, now in news:
                    meant = update(_EDITS).where(_is_of(edit))
                    connection.execute(meant.values(said=now))

    def settle(self, undone: Iterable[Edit]) -> None:
        """Forget what was undone and is no longer published; what was edited anew stays."""
        meant = [edit for edit in undone if edit.is_undone]
        if meant:
            with self.database.writing() as connection:
                for edit in meant:
                    same = (_EDITS.c.when == _stored(edit.when)) & _EDITS.c.is_undone
                    connection.execute(delete(_EDITS).where(_is_of(edit), same))


def edited_documents(edits: Iterable[Edit]) -> frozenset[DocumentId]:
    """Return the documents of which staff say otherwise than their source."""
    active = (edit for edit in edits if not edit.is_undone and edit.field != VALID_UNTIL)
    return frozenset(edit.document for edit in active)


def _check(edit: Edit) -> None:
    if edit.field not in (*PUBLISHED, VALID_UNTIL):
        msg = f"{edit.field!r} cannot be edited; {', '.join((*PUBLISHED, VALID_UNTIL))} can"
        raise InputError(msg)
    if len(edit.value) > LONGEST:
        msg = f"the {edit.field} has {len(edit.value)} characters; shorten it to {LONGEST}"
        raise InputError(msg)


def _is_of(edit: Edit) -> ColumnElement[bool]:
    return (_EDITS.c.document == edit.document) & (_EDITS.c.field == edit.field)


def _stored(when: datetime) -> datetime:
    return when.astimezone(UTC).replace(tzinfo=None)


def _fields(edit: Edit) -> dict[str, Any]:
    return {**asdict(edit), "when": _stored(edit.when)}


def _edit(row: Row[Any]) -> Edit:
    return Edit(
        DocumentId(row.document),
        row.field,
        row.value,
        row.said,
        row.by,
        row.when.replace(tzinfo=UTC),
        row.is_undone,
    )
