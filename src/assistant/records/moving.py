"""Copy all records from one place to another, such as from the file into a server."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Integer, Table, func, insert, select, text

# Imported first: every module that declares a table, or those of others would not be copied.
import assistant.records.records  # noqa: F401 - for its tables
from assistant.domain.errors import RecordsError
from assistant.records.database import METADATA, Database

AT_ONCE = 1000  # rows that are held in memory


def copy(source: Database, target: Database) -> int:
    """Copy every record, and return how many there are; all are copied, or none.

    Raises RecordsError where the target holds any already.
    """
    count = 0
    with source.snapshot() as reading, target.writing() as connection:
        for table in METADATA.sorted_tables:
            if connection.execute(select(table).limit(1)).first():
                msg = f"{target.name} holds records already ({table.name}); name an empty one"
                raise RecordsError(msg)
            for rows in _in_parts(reading, table):
                connection.execute(insert(table), rows)
                count += len(rows)
            _go_on_counting(connection, table)
    return count


def _in_parts(reading: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    wanted, first = select(table).order_by(*table.primary_key), 0
    while found := reading.execute(wanted.limit(AT_ONCE).offset(first)).all():
        yield [dict(row._mapping) for row in found]  # noqa: SLF001 - SQLAlchemy's public name
        first += AT_ONCE


def _go_on_counting(connection: Connection, table: Table) -> None:
    """Have a server number the next row after those that were copied; a file does so itself."""
    number = table.autoincrement_column
    if connection.dialect.name != "postgresql" or number is None:
        return
    assert isinstance(number.type, Integer)  # noqa: S101 - nothing else counts by itself
    last = connection.execute(select(func.max(number))).scalar()
    if last is not None:
        sequence = f"pg_get_serial_sequence('{table.name}', '{number.name}')"
        connection.execute(text(f"SELECT setval({sequence}, {int(last)})"))
