"""`backup` and `restore`, as an operator uses them."""

import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from assistant import cli, wiring
from assistant.answering import answer_json
from assistant.domain.dialogue import Question
from assistant.domain.roles import Role
from assistant.evaluation import golden_questions
from assistant.records.database import FILE
from assistant.records.passwords import is_right
from assistant.settings import load
from tests import postgresql
from tests.conftest import ROOT
from tests.end_to_end.conftest import a_free_port, wait_for
from tests.test_questions_commands import keep

GOLDEN = golden_questions.load(ROOT / "examples" / "golden-questions.yaml")[:12]
PASSWORD = "tangerine wombat ladder"  # noqa: S105 - a test account's


@pytest.fixture
def data(sample_data: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sample_data, tmp_path / "data"))


def answers(data: Path) -> list[dict[str, object]]:
    """Return all of what is answered to the golden questions."""
    config = load(data_dir=data)
    with closing(wiring.open_library(config)) as library:
        assistant = wiring.make_assistant(config, library)
        return [
            answer_json.answer(None, assistant.answer(Question(each.question)), 0)
            for each in GOLDEN
        ]


def test_on_another_machine_the_forum_answers_as_before_and_its_staff_come_in(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wiring.open_records(load(data_dir=data)).accounts.add("ada", Role.ADMINISTER, password=PASSWORD)
    (tmp_path / "forum.toml").write_text("# the sources")
    file, elsewhere = tmp_path / "b.zip", tmp_path / "elsewhere" / "data"

    assert cli.main(["backup", str(file), "--data", str(data)]) == 0
    told = capsys.readouterr().out
    (tmp_path / "forum.toml").unlink()
    assert cli.main(["restore", str(file), "--data", str(elsewhere)]) == 0

    assert answers(elsewhere) == answers(data)
    account = wiring.open_records(load(data_dir=elsewhere)).accounts.get("ada")
    assert is_right(account.hash, PASSWORD)
    assert (tmp_path / "forum.toml").read_text() == "# the sources"
    assert "Not in it: settings, .env and their secrets" in told
    assert "erase-questions" in capsys.readouterr().out


def test_a_backup_made_by_a_process_of_its_own_holds_the_records(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, file, elsewhere = tmp_path / "data", tmp_path / "b.zip", tmp_path / "elsewhere"
    wiring.open_records(load(data_dir=data)).accounts.add("ada", Role.ADMINISTER, password=PASSWORD)
    command = [sys.executable, "app.py", "backup", str(file), "--data", str(data)]

    ended = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)

    assert "1 records" in ended.stdout
    assert cli.main(["restore", str(file), "--data", str(elsewhere)]) == 0
    assert wiring.open_records(load(data_dir=elsewhere)).accounts.get("ada")
    capsys.readouterr()


def test_a_link_is_told_to_be_missing_from_the_backup(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "big").mkdir()
    (data / "uploads").symlink_to(tmp_path / "big")

    assert cli.main(["backup", str(tmp_path / "b.zip"), "--data", str(data)]) == 1
    assert f"{data / 'uploads'} is a link" in capsys.readouterr().err


def test_a_list_of_sources_that_cannot_be_put_back_lies_beside(
    data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "forum.toml").write_text("# the sources")
    file, elsewhere = tmp_path / "b.zip", tmp_path / "elsewhere"
    assert cli.main(["backup", str(file), "--data", str(data)]) == 0
    monkeypatch.setenv("FORUM_SOURCES", str(tmp_path / "nowhere" / "forum.toml"))

    assert cli.main(["restore", str(file), "--data", str(elsewhere)]) == 0

    assert (elsewhere / "forum.toml.restored").read_text() == "# the sources"
    assert "put it in its place" in capsys.readouterr().err


def test_records_in_a_server_are_backed_up_and_move_into_another(
    data: Path,
    tmp_path: Path,
    postgresql_server: postgresql.Server,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file, elsewhere = tmp_path / "b.zip", tmp_path / "elsewhere"
    (data / FILE).unlink()  # of the run that brought the documents in
    monkeypatch.setenv("FORUM_DATABASE_URL", postgresql_server.new_database())
    wiring.open_records(load(data_dir=data)).accounts.add("ada", Role.ADMINISTER, password=PASSWORD)
    assert not (data / FILE).exists()

    assert cli.main(["backup", str(file), "--data", str(data)]) == 0
    monkeypatch.setenv("FORUM_DATABASE_URL", postgresql_server.new_database())
    assert cli.main(["restore", str(file), "--data", str(elsewhere)]) == 0
    assert "move-records" in capsys.readouterr().out
    assert cli.main(["move-records", "--data", str(elsewhere)]) == 0

    account = wiring.open_records(load(data_dir=elsewhere)).accounts.get("ada")
    assert is_right(account.hash, PASSWORD)
    assert not (elsewhere / FILE).exists()


def test_a_running_server_is_backed_up_and_not_replaced(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, port = tmp_path / "b.zip", a_free_port()
    command = [sys.executable, "app.py", "serve", "--port", str(port), "--data", str(data)]
    with subprocess.Popen(command, cwd=ROOT) as server:
        try:
            wait_for(f"http://127.0.0.1:{port}/livez", server)

            assert cli.main(["backup", str(file), "--data", str(data)]) == 0
            assert cli.main(["restore", str(file), "--replace", "--data", str(data)]) == 1
        finally:
            server.terminate()

    assert "stop the server" in capsys.readouterr().err
    assert cli.main(["restore", str(file), "--replace", "--data", str(data)]) == 0


def test_what_was_erased_after_the_backup_is_in_no_file_once_it_is_restored(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORUM_KEEP_QUESTIONS", "30")
    keep(data, "where is the capybara", "who pays?")
    assert cli.main(["backup", str(tmp_path / "b.zip"), "--data", str(data)]) == 0
    assert cli.main(["erase-questions", "--holding", "Capybara", "--data", str(data)]) == 0

    command = ["restore", str(tmp_path / "b.zip"), "--replace", "--data", str(data)]
    assert cli.main(command) == 0

    assert "1 texts of members" in capsys.readouterr().out
    files = [path.read_bytes() for path in data.rglob("*") if path.is_file()]
    assert not [text for text in files if b"capybara" in text]
    assert [text for text in files if b"who pays?" in text]


def test_a_forum_whose_content_is_damaged_is_backed_up_without_it_and_that_is_told(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / "generations" / "000001" / "catalogue.sqlite").write_bytes(b"")

    status = cli.main(["backup", str(tmp_path / "b.zip"), "--data", str(data)])

    assert status == 1
    assert "not in it: the generation" in capsys.readouterr().err
    assert (tmp_path / "b.zip").exists()


def test_what_is_no_backup_is_told_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "letter.zip").write_text("a letter")

    status = cli.main(["restore", str(tmp_path / "letter.zip"), "--data", str(tmp_path / "new")])

    told = capsys.readouterr().err
    assert status == 1
    assert told.startswith("error: ")
    assert "is no backup" in told
    assert len(told.splitlines()) == 1
    assert not (tmp_path / "new").exists()
