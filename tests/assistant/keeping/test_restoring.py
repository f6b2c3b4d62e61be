"""A backup takes the place of a data directory whole, or not at all."""

import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from assistant.domain.errors import AssistantError, BackupError
from assistant.keeping import archive, restoring
from assistant.keeping.in_use import using
from assistant.keeping.swapping import swap
from assistant.records.database import Database
from assistant.records.passwords import is_right
from assistant.records.records import Records
from ingest.runs import Runs
from tests.assistant.keeping.forums import (
    PASSWORD,
    QUESTIONS,
    a_forum,
    back_up,
    content,
    holds,
    restore,
    written,
)
from tests.assistant.records.test_questions import an_answer
from tests.conftest import ROOT
from tests.vectorstore.publishing.test_library import a_library, found
from vectorstore.errors import StoreBusyError
from vectorstore.publishing.hidden import LastDays

FIRST, LAST = date(2000, 1, 1), date(2100, 1, 1)

LOCAL_HEADER = 30
"""Bytes before the name of a file in an archive (APPNOTE 4.3.7)."""


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ready")
    a_forum(folder / "data")
    back_up(folder / "data", folder / "b.zip")
    return folder


@pytest.fixture
def backup(ready: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(ready / "b.zip", tmp_path / "b.zip"))


@pytest.fixture
def data(ready: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(ready / "data", tmp_path / "data"))


def questions(data: Path) -> list[str]:
    return [each.text for each in Records.of(Database(data)).questions.kept(FIRST, LAST)]


def relisted(backup: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Write an archive anew, with another list of its files."""
    with zipfile.ZipFile(backup) as members:
        files = [(name, members.read(name)) for name in members.namelist()]
    fields = json.loads(files[0][1])
    change(fields)
    written(backup, files[1:], json.dumps(fields).encode())


def renamed(name: str) -> Callable[[Path], None]:
    """Return what gives the first file of an archive another name, in its list as well."""

    def rename(backup: Path) -> None:
        with zipfile.ZipFile(backup) as members:
            files = [(each, members.read(each)) for each in members.namelist()]
        fields = json.loads(files[0][1])
        fields["files"][0]["name"] = name
        written(backup, [(name, files[1][1]), *files[2:]], json.dumps(fields).encode())

    return rename


def altered(backup: Path) -> None:
    """Change one bit of the largest file in an archive; elsewhere one may mean nothing."""
    with zipfile.ZipFile(backup) as members:
        largest = max(members.infolist(), key=lambda each: each.compress_size)
    text = bytearray(backup.read_bytes())
    text[largest.header_offset + LOCAL_HEADER + largest.compress_size // 2] ^= 1
    backup.write_bytes(text)


def with_another_member(backup: Path) -> None:
    with zipfile.ZipFile(backup, "a") as members:
        members.writestr("data/unlisted", "x")


def with_a_member_twice(backup: Path) -> None:
    with (
        zipfile.ZipFile(backup, "a") as members,
        pytest.warns(UserWarning, match="Duplicate name"),
    ):
        members.writestr("data/CURRENT", "000009")


def into_a_folder(backup: Path) -> None:
    backup.unlink()
    backup.mkdir()


BAD: dict[str, Callable[[Path], object]] = {
    "cut": lambda path: os.truncate(path, path.stat().st_size // 2),
    "cut at its end": lambda path: os.truncate(path, path.stat().st_size - 1),
    "empty": lambda path: path.write_bytes(b""),
    "something else": lambda path: path.write_bytes(b"a letter" * 999),
    "gone": lambda path: path.unlink(),
    "a folder": into_a_folder,
    "altered": altered,
    "leads out": renamed("data/../../evil"),
    "from the root": renamed("/tmp/evil"),  # noqa: S108 - what must not be written
    "not of the data": renamed("evil"),
    "one more": with_another_member,
    "one twice": with_a_member_twice,
    "one less": lambda path: relisted(
        path,
        lambda fields: fields["files"].append(
            {"name": "data/x", "size": 1, "sha256": "0" * 64, "modified": 0}
        ),
    ),
    "another size": lambda path: relisted(path, lambda fields: fields["files"][0].update(size=1)),
    "another digest": lambda path: relisted(
        path, lambda fields: fields["files"][0].update(sha256="0" * 64)
    ),
    "another product": lambda path: relisted(path, lambda fields: fields.update(product="wiki")),
    "a later format": lambda path: relisted(path, lambda fields: fields.update(format=99)),
    "no list": lambda path: written(path, [("data/CURRENT", b"000001")], b"[]"),
    "another archive": lambda path: zipfile.ZipFile(path, "w").close(),
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_no_sound_backup_is_refused_and_nothing_is_touched(
    backup: Path, data: Path, tmp_path: Path, what: str
) -> None:
    BAD[what](backup)
    before = content(data)

    with pytest.raises(BackupError, match=r"backup|release"):
        restore(backup, data, replaces=True)

    assert content(data) == before
    assert {path.name for path in tmp_path.iterdir()} <= {"b.zip", "data"}
    assert not (tmp_path.parent / "evil").exists()


def test_a_later_release_is_named_as_the_remedy(backup: Path, tmp_path: Path) -> None:
    BAD["a later format"](backup)

    with pytest.raises(BackupError, match=r"later release .*install that release"):
        restore(backup, tmp_path / "data")


def test_on_another_machine_all_is_as_it_was(backup: Path, data: Path, tmp_path: Path) -> None:
    restored = restore(backup, tmp_path / "else" / "data")

    left_out = {"lock", "readings.json", "staff_unlocked", ".env", "fetched/page"}
    left_out.add("records.sqlite")  # the same records, in a file that was written anew
    there = content(tmp_path / "else" / "data")
    assert there.pop("records.sqlite")
    assert there == {name: each for name, each in content(data).items() if name not in left_out}
    assert questions(tmp_path / "else" / "data") == questions(data)
    assert restored.reapplied is None, "nobody there knows what was erased since"
    account = Records.of(Database(tmp_path / "else" / "data")).accounts.get("ada")
    assert is_right(account.hash, PASSWORD)
    with closing(a_library(tmp_path / "else" / "data")) as library:
        assert library.published() == "000002"
        assert library.names() == ["000001", "000002"]
        assert found(library, "lamps in the town") == ["articles/lamps.md"]


def test_what_is_restored_is_for_its_owner_alone(backup: Path, tmp_path: Path) -> None:
    restore(backup, tmp_path / "new")

    everything = [tmp_path / "new", *(tmp_path / "new").rglob("*")]
    assert not [path for path in everything if path.stat().st_mode & 0o077 and path.is_file()]
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


def test_what_is_there_is_not_replaced_unless_that_is_wanted(backup: Path, data: Path) -> None:
    before = content(data)

    with pytest.raises(BackupError, match="--replace"):
        restore(backup, data)

    assert content(data) == before


def test_what_was_there_is_put_aside_and_named(backup: Path, data: Path) -> None:
    (data / "uploads" / "later.md").write_text("# Later")
    before = content(data)

    restored = restore(backup, data, replaces=True)

    assert restored.aside
    assert content(restored.aside) == before
    assert not (data / "uploads" / "later.md").exists()


def test_a_directory_in_use_is_not_replaced(backup: Path, data: Path) -> None:
    with using(data), pytest.raises(BackupError, match="stop the server"):
        restore(backup, data, replaces=True)


def test_a_directory_with_a_run_is_not_replaced(backup: Path, data: Path) -> None:
    with Runs(data).start("x", []), pytest.raises(BackupError, match="a run goes on"):
        restore(backup, data, replaces=True)


def test_a_directory_that_is_published_to_is_not_replaced(backup: Path, data: Path) -> None:
    with (
        closing(a_library(data)) as library,
        library.writing(),
        pytest.raises(StoreBusyError, match="wait"),
    ):
        restore(backup, data, replaces=True)


def test_nobody_begins_to_use_what_is_being_restored(backup: Path, data: Path) -> None:
    def begin(stage: str) -> None:
        with pytest.raises(BackupError, match="is being restored"), using(data):
            pass
        stages.append(stage)

    stages = list[str]()
    a_restoring(reached=begin).restore(backup, data)

    assert stages == ["unpacked", "examined", "reapplied", "swapped"]


def test_what_does_not_hold_up_when_it_is_opened_is_not_restored(
    backup: Path, data: Path, tmp_path: Path
) -> None:
    def refuse(_: Path) -> Sequence[str]:
        msg = "it does not answer"
        raise AssistantError(msg)

    before = content(data)

    with pytest.raises(AssistantError, match="does not answer"):
        replace(a_restoring(), examine=refuse).restore(backup, data)

    assert content(data) == before
    assert {path.name for path in tmp_path.iterdir()} == {"b.zip", "data"}


def a_restoring(reached: Callable[[str], None] = lambda _: None) -> restoring.Restoring:
    return restoring.Restoring(lambda _: (), lambda _, __: None, replaces=True, reached=reached)


KILLED = """
import os, signal, sys
from pathlib import Path
from assistant.keeping import restoring

def end(*reached):
    if str(reached[0]) == sys.argv[3]:
        os.kill(os.getpid(), signal.SIGKILL)

steps = iter(range(10**6))
restoring.Restoring(
    lambda _: (), lambda done, total: end(f"step {next(steps)}"), replaces=True, reached=end
).restore(Path(sys.argv[1]), Path(sys.argv[2]))
"""


@pytest.mark.parametrize(
    ("stage", "is_new"),
    [
        *(("step 0", False), ("step 7", False), ("step 30", False)),
        *(("unpacked", False), ("examined", False), ("reapplied", False), ("swapped", True)),
    ],
)
def test_killed_at_any_moment_it_leaves_the_old_or_the_new(
    backup: Path, data: Path, stage: str, *, is_new: bool
) -> None:
    (data / "uploads" / "later.md").write_text("# Later")
    before = content(data)

    command = [sys.executable, "-c", KILLED, str(backup), str(data), stage]
    ended = subprocess.run(command, cwd=ROOT, check=False)

    assert ended.returncode == -signal.SIGKILL
    assert (data / "uploads" / "later.md").exists() is not is_new
    if not is_new:
        assert content(data) == before
    restore(backup, data, replaces=True)
    assert questions(data) == list(QUESTIONS)
    assert not data.with_name(".data.restoring").exists()


@pytest.mark.parametrize("exchanges", [True, False])
def test_two_folders_change_places(tmp_path: Path, *, exchanges: bool) -> None:
    for name in ("new", "place"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "which").write_text(name)

    more = {} if exchanges else {"exchanged": lambda _, __: False}
    swap(tmp_path / "new", tmp_path / "place", tmp_path / "aside", **more)

    assert (tmp_path / "place" / "which").read_text() == "new"
    assert (tmp_path / "aside" / "which").read_text() == "place"
    assert not (tmp_path / "new").exists()


def test_what_was_erased_since_is_erased_again(backup: Path, data: Path, tmp_path: Path) -> None:
    assert Records.of(Database(data)).erase_questions(holding="Capybara") == 2

    restored = restore(backup, data, replaces=True)

    assert restored.reapplied
    assert restored.reapplied.erased == 2
    assert questions(data) == ["who pays for the lamps?"]
    assert not holds(data, "capybara")
    (tmp_path / "later").mkdir()
    back_up(data, tmp_path / "later" / "b.zip")
    assert not holds(tmp_path / "later", "capybara")


def test_it_is_erased_as_often_as_that_backup_is_restored(backup: Path, data: Path) -> None:
    Records.of(Database(data)).erase_questions(holding="capybara")

    for _ in range(2):
        restore(backup, data, replaces=True)

        assert not holds(data, "capybara")


def test_what_was_asked_after_an_erasure_and_before_the_backup_stays(
    data: Path, tmp_path: Path
) -> None:
    Records.of(Database(data)).erase_questions()
    records = Records.of(Database(data), keep_questions=30)
    later = replace(records.erasures, now=lambda: datetime(2020, 1, 1, tzinfo=UTC))
    later.save([replace(each, at=later.now()) for each in records.erasures.all()])
    records.questions.add(an_answer("asked since"))
    back_up(data, tmp_path / "later.zip")

    restore(tmp_path / "later.zip", data, replaces=True)

    assert questions(data) == ["asked since"]


def test_no_word_of_what_was_erased_is_kept_to_know_it_by(data: Path) -> None:
    Records.of(Database(data)).erase_questions(holding="capybara")

    assert Records.of(Database(data)).erasures.all()
    assert not holds(data, "capybara")


def test_documents_hidden_since_stay_hidden(backup: Path, data: Path) -> None:
    (data / "hidden.json").write_text('["articles/lamps.md"]')
    LastDays(data).save({"articles/lamps.md": date(2026, 1, 2)})  # type: ignore[dict-item] # an id

    restored = restore(backup, data, replaces=True)

    assert restored.reapplied
    assert restored.reapplied.hidden == 1
    assert json.loads((data / "hidden.json").read_text()) == [
        "articles/lamps.md",
        "articles/old.md",
    ]
    assert list(LastDays(data).days().values()) == [date(2026, 1, 2)]


def test_accounts_that_come_back_are_told(backup: Path, data: Path) -> None:
    Records.of(Database(data)).accounts.remove("ada", may_be_last=True)

    restored = restore(backup, data, replaces=True)

    assert restored.reapplied
    assert restored.reapplied.accounts == ("ada",)


def test_records_that_cannot_be_read_are_no_reason_not_to_replace_them(
    backup: Path, data: Path
) -> None:
    (data / "records.sqlite").write_bytes(b"no database" * 999)

    restored = restore(backup, data, replaces=True)

    assert restored.reapplied
    assert "records.sqlite" in restored.reapplied.faults[0]
    assert questions(data) == list(QUESTIONS)


def test_a_place_that_is_a_file_is_told(backup: Path, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")

    with pytest.raises(BackupError, match="is a file; name a folder"):
        restore(backup, tmp_path / "data")


def test_two_at_once_do_not_meet(backup: Path, tmp_path: Path) -> None:
    def again(stage: str) -> None:
        if stage == "unpacked":
            with pytest.raises(BackupError, match="in use"):
                restore(backup, tmp_path / "data")
            told.append(stage)

    told = list[str]()
    with ExitStack():
        a_restoring(reached=again).restore(backup, tmp_path / "data")

    assert told
    assert questions(tmp_path / "data") == list(QUESTIONS)


def test_the_list_of_sources_from_elsewhere_is_handed_on(data: Path, tmp_path: Path) -> None:
    (tmp_path / "forum.toml").write_text("# sources")
    back_up(data, tmp_path / "b.zip")

    restored = restore(tmp_path / "b.zip", tmp_path / "new")

    assert restored.sources == b"# sources"
    assert not (tmp_path / "new" / archive.SOURCES).exists()
