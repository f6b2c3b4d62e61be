"""Moving the records of a forum into a server, as an operator does."""

import subprocess
import sys
from pathlib import Path

import pytest

from assistant import cli, wiring
from assistant.keeping.in_use import using
from assistant.records.database import FILE
from assistant.settings import load
from tests.conftest import ROOT

PASSWORD = "tangerine wombat ladder"  # noqa: S105 - only the tests have it


@pytest.fixture
def forum(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory with an account."""
    monkeypatch.setenv("FORUM_DATA_DIR", str(tmp_path / "data"))
    records = wiring.open_records(load())
    records.accounts.set_staff_password(PASSWORD)
    records.history.add("staff", "login")
    return tmp_path / "data"


def test_the_assistant_goes_on_in_the_server_where_the_file_left_off(
    forum: Path,
    postgresql_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("FORUM_DATABASE_URL", postgresql_url)
    assert cli.main(["staff-account", "list"]) == 0
    assert "There is no" in capsys.readouterr().out

    assert cli.main(["move-records"]) == 0

    told = capsys.readouterr().out
    assert "2 records" in told
    assert "secret" not in told
    assert not (forum / FILE).exists()
    assert cli.main(["staff-account", "list"]) == 0
    assert "administer" in capsys.readouterr().out
    assert cli.main(["move-records"]) == 1
    assert "no" in capsys.readouterr().err


def test_without_a_server_nothing_is_moved(forum: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["move-records"]) == 1
    assert "FORUM_DATABASE_URL" in capsys.readouterr().err
    assert (forum / FILE).exists()


def test_where_the_server_is_away_the_file_stays(
    forum: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORUM_DATABASE_URL", "postgresql://anna:hush@127.0.0.1:1/forum")
    assert cli.main(["move-records"]) == 1
    told = capsys.readouterr().err
    assert "check that the server runs" in told
    assert "hush" not in told
    assert (forum / FILE).exists()


def test_a_process_of_its_own_moves_them_all(
    forum: Path, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORUM_DATABASE_URL", postgresql_url)
    command = [sys.executable, "app.py", "move-records"]

    ended = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)

    assert "2 records" in ended.stdout
    assert len(wiring.open_records(load()).accounts.all()) == 1
    assert not (forum / FILE).exists()


def test_while_anybody_uses_the_directory_nothing_is_moved(
    forum: Path,
    postgresql_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("FORUM_DATABASE_URL", postgresql_url)
    with using(forum):
        assert cli.main(["move-records"]) == 1

    assert "stop the server" in capsys.readouterr().err
    assert (forum / FILE).exists()
