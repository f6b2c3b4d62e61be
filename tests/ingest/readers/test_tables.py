"""A table reads the same in whatever format it was written: each cell under its own heads."""

import pytest

from ingest.readers.reading_worker import parsed
from tests.ingest.readers.table_files import FORMATS, can_say, table_of
from tests.ingest.readers.written_tables import TABLES, Written

CASES = [
    pytest.param(written, name, id=f"{written.name} in {name}")
    for written in TABLES
    for name in FORMATS
    if can_say(name, written)
]


def read(written: Written, name: str) -> str:
    suffix, make = FORMATS[name]
    return table_of(parsed(make(written), suffix, name=f"x{suffix}").text)


@pytest.mark.parametrize(("written", "name"), CASES)
def test_every_cell_stands_under_its_own_heads(written: Written, name: str) -> None:
    assert read(written, name) == written.text
