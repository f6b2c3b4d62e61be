"""Records that move from one place to another are the same there, and go on."""

from datetime import date
from pathlib import Path

import pytest

from assistant.domain.errors import RecordsError
from assistant.domain.roles import Role
from assistant.records import moving
from assistant.records.database import METADATA, Database
from assistant.records.records import Records
from tests.assistant.records.conftest import OpenDatabase
from tests.assistant.records.test_edits import an_edit
from tests.assistant.records.test_questions import an_answer
from tests.builders import a_hand_answer

PASSWORD = "tangerine wombat ladder"  # noqa: S105 - only the tests have it


def filled(database: Database) -> Records:
    records = Records.of(database, keep_questions=30)
    records.questions.add(an_answer("Who pays?"))
    records.feedback.keep(an_answer("Who pays?"), "down", "wrong", "it is wrong")
    records.hand_answers.add(a_hand_answer())
    records.golden.add("Who pays?", "en", "fees.md", by="anna")
    records.accounts.add("anna", Role.ADMINISTER, password=PASSWORD)
    records.history.add("anna", "login")
    records.edits.keep([an_edit()])
    return records


def everything(records: Records) -> list[object]:
    today = date.today()  # noqa: DTZ011 - the server's own day
    return [
        records.questions.kept(date.min, date.max),
        records.questions.counts(today, today),
        records.feedback.all(),
        records.hand_answers.all(),
        records.golden.all(),
        records.accounts.all(),
        records.history.entries(),
        records.edits.all(),
    ]


def test_all_records_move_into_an_empty_place_and_go_on_there(
    open_database: OpenDatabase, tmp_path: Path
) -> None:
    before = filled(Database(tmp_path / "before"))
    after = Records.of(open_database(), keep_questions=30)

    count = moving.copy(Database(tmp_path / "before"), open_database())

    assert everything(after) == everything(before)
    assert count >= len(METADATA.tables) - 1  # nothing was cited
    after.history.add("anna", "logout")
    assert [each.what for each in after.history.entries().entries] == ["logout", "login"]


def test_all_records_move_out_of_any_place(open_database: OpenDatabase, tmp_path: Path) -> None:
    before = filled(open_database())
    moving.copy(open_database(), Database(tmp_path / "after"))
    assert everything(Records.of(Database(tmp_path / "after"), 30)) == everything(before)


def test_what_is_there_already_is_never_mixed(open_database: OpenDatabase, tmp_path: Path) -> None:
    filled(Database(tmp_path / "before"))
    there = Records.of(open_database())
    there.golden.add("Who pays?", "en", "other.md", by="bert")

    with pytest.raises(RecordsError, match="holds records already"):
        moving.copy(Database(tmp_path / "before"), open_database())
    assert there.accounts.all() == []
    assert [each.by for each in there.golden.all()] == ["bert"]


def test_many_rows_move_in_parts(
    open_database: OpenDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "AT_ONCE", 2)
    before = Records.of(Database(tmp_path / "before"))
    for number in range(5):
        before.history.add("anna", "document.hide", f"{number}.md")
    assert moving.copy(Database(tmp_path / "before"), open_database()) == 5
    assert Records.of(open_database()).history.entries().total == 5
