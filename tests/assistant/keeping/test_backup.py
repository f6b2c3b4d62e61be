"""What is in a backup, and how it is taken while others write."""

import json
import os
import re
import resource
import shutil
import sqlite3
import stat
import threading
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from assistant.domain.errors import BackupError
from assistant.keeping import archive, backup
from assistant.records.database import Database
from assistant.records.records import Records
from ingest.runs import Runs
from tests.assistant.keeping.forums import a_forum, back_up, restore
from tests.assistant.records.test_questions import an_answer
from tests.builders import a_document
from tests.vectorstore.publishing.test_library import a_library, found, publish
from vectorstore.generation import CATALOGUE_FILE
from vectorstore.publishing.generations_folder import GENERATIONS


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_forum(tmp_path_factory.mktemp("ready") / "data")


@pytest.fixture
def data(ready: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(ready, tmp_path / "data"))


def names(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as members:
        return members.namelist()


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Let no file grow beyond a size, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_all_that_would_be_lost_is_in_it(data: Path, tmp_path: Path) -> None:
    (tmp_path / "forum.toml").write_text("# sources")

    made = back_up(data, tmp_path / "b.zip")

    inside = names(tmp_path / "b.zip")
    assert inside[0] == archive.MANIFEST
    assert {
        *("data/CURRENT", "data/records.sqlite", "data/uploads/benches.md", "data/hidden.json"),
        *("data/link_key", "data/site_counts.json", "forum.toml"),
        *(f"data/generations/{each}/{CATALOGUE_FILE}" for each in ("000001", "000002")),
    } <= set(inside)
    assert (made.generations, made.manifest.published) == (("000001", "000002"), "000002")


@pytest.mark.parametrize(
    "left_out", ["lock", "readings.json", "staff_unlocked", ".env", "fetched", "secret"]
)
def test_secrets_and_what_is_made_again_are_not_in_it(
    data: Path, tmp_path: Path, left_out: str
) -> None:
    back_up(data, tmp_path / "b.zip")

    with zipfile.ZipFile(tmp_path / "b.zip") as members:
        for name in members.namelist():
            assert left_out not in name.split("/")
            assert b"or a secret" not in members.read(name)


def test_it_lists_every_file_with_its_size_and_digest(data: Path, tmp_path: Path) -> None:
    back_up(data, tmp_path / "b.zip")

    with zipfile.ZipFile(tmp_path / "b.zip") as members:
        listed = json.loads(members.read(archive.MANIFEST))
        sizes = {each.filename: each.file_size for each in members.infolist()[1:]}
    assert {each["name"]: each["size"] for each in listed["files"]} == sizes
    assert listed["format"] == archive.FORMAT
    assert listed["version"]


def test_it_is_for_its_owner_alone(data: Path, tmp_path: Path) -> None:
    back_up(data, tmp_path / "b.zip")

    assert stat.S_IMODE((tmp_path / "b.zip").stat().st_mode) == 0o600


def test_only_what_is_published_is_in_it_where_that_is_wanted(data: Path, tmp_path: Path) -> None:
    made = back_up(data, tmp_path / "b.zip", published_only=True)

    assert made.generations == ("000002",)
    assert not [name for name in names(tmp_path / "b.zip") if "000001" in name]


def test_a_generation_that_is_being_built_is_not_in_it(data: Path, tmp_path: Path) -> None:
    (data / GENERATIONS / ".000003").mkdir()
    (data / GENERATIONS / ".000003" / CATALOGUE_FILE).write_text("half made")

    back_up(data, tmp_path / "b.zip")

    assert not [name for name in names(tmp_path / "b.zip") if "000003" in name]


def test_a_damaged_generation_stays_out_and_is_told(data: Path, tmp_path: Path) -> None:
    path = data / GENERATIONS / "000002" / CATALOGUE_FILE
    path.write_bytes(path.read_bytes()[:-1] + b"!")

    made = back_up(data, tmp_path / "b.zip")

    assert (made.generations, made.manifest.published) == (("000001",), "000001")
    assert "is not what was published" in made.faults[0]


def test_a_run_that_goes_on_is_not_in_it_and_one_that_has_ended_is(
    data: Path, tmp_path: Path
) -> None:
    runs = Runs(data)
    with runs.start("x", [], run_id="ended") as run:
        run.fail("the site does not answer")

    with runs.start("x", [], run_id="going-on"):
        back_up(data, tmp_path / "b.zip")

    recorded = [name for name in names(tmp_path / "b.zip") if name.startswith("data/runs/")]
    assert recorded == ["data/runs/ended/run.json"]


def test_links_are_not_followed(data: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.txt").write_text("of somebody else")
    (data / "uploads" / "link.txt").symlink_to(tmp_path / "elsewhere.txt")
    (data / "more").symlink_to(tmp_path)

    back_up(data, tmp_path / "b.zip")

    assert not [name for name in names(tmp_path / "b.zip") if "link.txt" in name or "more" in name]


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("there.zip", "--force"),
        ("data/b.zip", "would be lost with"),
        ("data/../data/b.zip", "would be lost with"),
        (".", "is a folder"),
        ("nowhere/b.zip", "in a folder that you may write to"),
    ],
)
def test_a_place_that_will_not_do_is_told_with_what_helps(
    data: Path, tmp_path: Path, target: str, told: str
) -> None:
    (tmp_path / "there.zip").write_text("of last week")

    with pytest.raises(BackupError, match=told):
        back_up(data, tmp_path / target)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "there.zip"]
    assert (tmp_path / "there.zip").read_text() == "of last week"


def test_another_of_that_name_is_replaced_where_that_is_wanted(data: Path, tmp_path: Path) -> None:
    (tmp_path / "b.zip").write_text("of last week")

    back_up(data, tmp_path / "b.zip", force=True)

    assert names(tmp_path / "b.zip")[0] == archive.MANIFEST


def test_a_full_disk_is_told_and_leaves_nothing_half_written(data: Path, tmp_path: Path) -> None:
    (data / "uploads" / "scan.pdf").write_bytes(os.urandom(400_000))

    with files_of_at_most(200_000), pytest.raises(BackupError, match="free some space"):
        back_up(data, tmp_path / "b.zip")

    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_an_empty_directory_is_no_forum(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="name the data directory with --data"):
        back_up(tmp_path / "data", tmp_path / "b.zip")


def test_every_backup_of_a_forum_that_is_written_to_all_the_time_is_whole(
    data: Path, tmp_path: Path
) -> None:
    over = threading.Event()

    def go_on_publishing() -> None:
        with closing(a_library(data)) as library:
            number = 10
            while not over.is_set():
                publish(library, a_document("lamps", f"There are {number}00 lamps in the town."))
                number += 1

    def go_on_writing() -> None:
        records = Records.of(Database(data), keep_questions=30)
        while not over.is_set():
            records.questions.add(an_answer("who pays?"))
            (data / "uploads" / ".draft").write_text("x" * 9999)
            (data / "uploads" / ".draft").replace(data / "uploads" / "benches.md")

    busy = [threading.Thread(target=each) for each in (go_on_publishing, go_on_writing)]
    for thread in busy:
        thread.start()
    try:
        for number in range(8):
            back_up(data, tmp_path / f"{number}.zip")
    finally:
        over.set()
        for thread in busy:
            thread.join()

    for number in range(8):
        place = tmp_path / "elsewhere" / str(number)
        restored = restore(tmp_path / f"{number}.zip", place)
        assert restored.warnings == ()
        with closing(a_library(place)) as library:
            assert library.published() == restored.manifest.published
            assert found(library, "lamps in the town") == ["articles/lamps.md"]
        with closing(sqlite3.connect(place / "records.sqlite")) as records:
            assert records.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_where_files_change_too_quickly_it_names_their_folder_not_that_of_the_backup(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "ATTEMPTS", 0)
    (tmp_path / "backups").mkdir()

    with pytest.raises(BackupError, match=f"the files of {re.escape(str(data))} change"):
        back_up(data, tmp_path / "backups" / "b.zip")
