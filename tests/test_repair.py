"""A store that cannot be opened any more is built anew by one command, and nothing else is lost."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from assistant import cli, wiring
from assistant.domain.corpus import DocumentId
from assistant.records.accounts import Accounts
from assistant.records.database import Database
from assistant.settings import load
from tests.conftest import ROOT
from vectorstore import integrity, manifest
from vectorstore.generation import CATALOGUE_FILE, CHUNK_VECTORS_FILE, LEXICAL_FOLDER
from vectorstore.publishing.generations_folder import CURRENT_FILE, GENERATIONS

LAMPS = "# Lamps\n\nThe lamps in Harbour Street were renewed in March 2019."
TREES = "# Trees\n\nForty trees were planted along the canal in 2021."
UPLOADED = "# Benches\n\nTwelve benches were put up in the park."


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with a folder's documents and an upload, all that staff keep beside them."""
    folder = tmp_path_factory.mktemp("built")
    forum, data = folder / "forum", folder / "data"
    forum.mkdir()
    (forum / "lamps.md").write_text(LAMPS)
    (forum / "trees.md").write_text(TREES)
    (data / "uploads").mkdir(parents=True)
    (data / "uploads" / "benches.md").write_text(UPLOADED)
    assert cli.main(["ingest", str(forum), "--data", str(data)]) == 0
    assert cli.main(["sync", "uploads", "--data", str(data)]) == 0
    shutil.rmtree(data / GENERATIONS / "000001")
    Accounts(Database(data)).set_staff_password("tangerine wombat ladder")
    (data / "hidden.json").write_text('["trees.md"]')
    (data / "feedback.jsonl").write_text("{}\n")
    (data / "link_key").write_bytes(b"k" * 32)
    return folder


@pytest.fixture
def built(ready: Path, tmp_path: Path) -> Path:
    shutil.copytree(ready / "data", tmp_path / "data")
    return tmp_path


def edited(change: Callable[[dict[str, object]], None]) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        fields = json.loads((folder / manifest.FILE).read_text())
        change(fields)
        (folder / manifest.FILE).write_text(json.dumps(fields))

    return edit


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def made_before_changes_were_kept(folder: Path) -> None:
    path = folder / CATALOGUE_FILE
    with closing(sqlite3.connect(path)) as catalogue:
        catalogue.execute("ALTER TABLE documents DROP COLUMN changed")
        catalogue.commit()
    fields = json.loads((folder / manifest.FILE).read_text())
    fields["files"][CATALOGUE_FILE] = integrity.digest(path)
    (folder / manifest.FILE).write_text(json.dumps({**fields, "format": 6}))


def emptied(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


def replaced_by_a_file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("in the way")


READABLE: dict[str, Callable[[Path], object]] = {
    "vectors are gone": lambda folder: (folder / CHUNK_VECTORS_FILE).unlink(),
    "words are gone": lambda folder: shutil.rmtree(folder / LEXICAL_FOLDER),
    "the manifest is gone": lambda folder: (folder / manifest.FILE).unlink(),
    "the manifest is rubbish": lambda folder: (folder / manifest.FILE).write_text("[]"),
    "an older layout": edited(lambda fields: fields.update(format=1)),
    "an older catalogue": made_before_changes_were_kept,
    "a later layout": edited(lambda fields: fields.update(format=99)),
    "a broken seal": edited(lambda fields: fields.update(chunks=1)),
}
UNREADABLE: dict[str, Callable[[Path], object]] = {
    "the catalogue is cut": lambda folder: cut(folder / CATALOGUE_FILE),
    "the catalogue is empty": lambda folder: (folder / CATALOGUE_FILE).write_bytes(b""),
    "the catalogue is rubbish": lambda folder: (folder / CATALOGUE_FILE).write_bytes(b"x" * 9999),
    "everything is gone": emptied,
    "a file stands in its place": replaced_by_a_file,
}


def published(data: Path) -> set[str]:
    library = wiring.open_library(load(data_dir=data))
    found = {str(each.id) for each in library.stored()}
    library.close()
    return found


def beside(data: Path) -> dict[str, bytes]:
    names = ("hidden.json", "feedback.jsonl", "link_key", "uploads/benches.md")
    account = Accounts(Database(data)).get("staff")
    return {"staff": account.stamp.encode(), **{name: (data / name).read_bytes() for name in names}}


@pytest.mark.parametrize("damage", READABLE)
def test_what_can_still_be_read_is_built_anew_without_reading_any_source(
    built: Path, damage: str
) -> None:
    data = built / "data"
    READABLE[damage](data / GENERATIONS / "000002")
    before = beside(data)

    assert cli.main(["ingest", "--rebuild", "--data", str(data)]) == 0

    assert published(data) == {"benches.md", "lamps.md"}, "what is hidden is not published again"
    assert beside(data) == before
    assert cli.main(["ask", "When were the lamps renewed?", "--data", str(data)]) == 0


@pytest.mark.parametrize("damage", UNREADABLE)
def test_where_nothing_can_be_read_folders_and_uploads_are_read_again(
    built: Path, ready: Path, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    data = built / "data"
    UNREADABLE[damage](data / GENERATIONS / "000002")
    before = beside(data)

    assert cli.main(["ingest", "--rebuild", str(ready / "forum"), "--data", str(data)]) == 0

    assert published(data) == {"benches.md", "lamps.md"}
    assert beside(data) == before
    assert "no document can be read" in capsys.readouterr().err


def test_nothing_is_published_where_nothing_can_be_read_and_no_folder_is_named(
    built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = built / "data"
    cut(data / GENERATIONS / "000002" / CATALOGUE_FILE)
    shutil.rmtree(data / "uploads")

    assert cli.main(["ingest", "--rebuild", "--data", str(data)]) == 1

    assert "ingest --rebuild FOLDER" in capsys.readouterr().err
    assert not (data / GENERATIONS / "000003").exists()


def test_a_catalogue_that_is_not_what_was_published_is_not_believed(built: Path) -> None:
    data = built / "data"
    path = data / GENERATIONS / "000002" / CATALOGUE_FILE
    path.write_bytes(path.read_bytes().replace(b"March 2019", b"March 1999"))

    assert cli.main(["ingest", "--rebuild", "--data", str(data)]) == 0

    assert published(data) == {"benches.md"}


@pytest.mark.parametrize("command", ["status", "ask", "ingest"])
@pytest.mark.parametrize("damage", [*READABLE, *list(UNREADABLE)[:-1]])
def test_every_command_says_how_to_repair_it(
    built: Path, ready: Path, damage: str, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    data = built / "data"
    {**READABLE, **UNREADABLE}[damage](data / GENERATIONS / "000002")
    given = {"status": [], "ask": ["Where are the lamps?"], "ingest": [str(ready / "forum")]}

    assert cli.main([command, *given[command], "--data", str(data)]) == 1

    told = capsys.readouterr().err
    assert "`python app.py ingest --rebuild`" in told
    assert "delete" not in told


def test_a_pointer_to_nowhere_is_repaired_as_well(built: Path) -> None:
    data = built / "data"
    (data / CURRENT_FILE).write_bytes(b"\xff\xff")
    (data / GENERATIONS / "000002" / manifest.FILE).unlink()

    assert cli.main(["ingest", "--rebuild", "--data", str(data)]) == 0

    assert published(data) == {"benches.md", "lamps.md"}


def test_a_damaged_list_of_hidden_documents_is_never_passed_over(
    built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = built / "data"
    (data / "hidden.json").write_text("rubbish")

    assert cli.main(["ingest", "--rebuild", "--data", str(data)]) == 1

    assert "mend the list" in capsys.readouterr().err


def test_no_message_and_no_document_advises_to_delete_the_data_directory() -> None:
    for folder in ("src", "ingest", "vectorstore", "docs"):
        for path in (ROOT / folder).rglob("*.*"):
            if path.suffix in {".py", ".md", ".json", ".html"}:
                assert "elete the data" not in path.read_text(encoding="utf-8"), path


def test_a_hidden_document_stays_hidden_in_what_is_built_anew(built: Path, ready: Path) -> None:
    data = built / "data"
    cut(data / GENERATIONS / "000002" / CATALOGUE_FILE)

    cli.main(["ingest", "--rebuild", str(ready / "forum"), "--data", str(data)])

    library = wiring.open_library(load(data_dir=data))
    assert library.document(DocumentId("trees.md")) is None
    assert library.hidden() == {"trees.md"}
    library.close()
