"""`doctor`: what is well is said to be, and each fault gets its line."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from assistant import cli, wiring
from assistant.doctor.finding import Finding, Level, findings
from assistant.doctor.looking import Looking
from assistant.domain.roles import Role
from assistant.settings import load
from tests.end_to_end.conftest import a_free_port
from vectorstore.generation import CATALOGUE_FILE
from vectorstore.publishing.generations_folder import GENERATIONS

PASSWORD = "tangerine wombat ladder"  # noqa: S105 - a test account's


@pytest.fixture
def data(sample_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FORUM_PORT", str(a_free_port()))
    copy = Path(shutil.copytree(sample_data, tmp_path / "data"))
    copy.chmod(0o700)
    wiring.open_records(load(data_dir=copy)).accounts.add("ada", Role.ADMINISTER, password=PASSWORD)
    return copy


def examined(
    data: Path, capsys: pytest.CaptureFixture[str], *more: str
) -> tuple[int, dict[str, dict[str, str]]]:
    """Return the exit status, and what was found, by name."""
    capsys.readouterr()
    status = cli.main(["doctor", "--json", "--data", str(data), *more])
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert told["is_well"] is (status == 0)
    return status, {each["name"]: each for each in told["findings"]}


def looked_at(name: str) -> Finding:
    """Return what is found of one thing with the settings as they are."""
    checks = Looking(load(), lambda: None).checks()
    (found,) = findings(each for each in checks if each.name == name)
    return found


def test_a_forum_that_is_well_is_said_to_be(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, found = examined(data, capsys)

    assert status == 0
    assert {name: each for name, each in found.items() if each["level"] != "ok"} == {}
    assert {"content", "answers", "records", "sources", "chat model", "server"} <= set(found)


def test_each_fault_gets_its_line_with_what_to_do(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """All at once: so one fault is seen to hide no other."""
    catalogue = data / GENERATIONS / "000001" / CATALOGUE_FILE
    catalogue.write_bytes(catalogue.read_bytes()[:-1] + b"!")
    (data / "records.sqlite").write_bytes(b"no database" * 999)
    data.chmod(0o755)
    (data.parent / "forum.toml").write_text("[[source]")
    monkeypatch.setenv("FORUM_CHAT_MODEL", "nobody:nothing")
    monkeypatch.setenv("FORUM_EMBED_ORIGINS", "*")
    monkeypatch.setenv("FORUM_PUBLIC_URL", "https://a.example.org")

    status, found = examined(data, capsys)

    assert status == 1
    wrong = {name for name, each in found.items() if each["level"] == "error"}
    assert wrong == {
        *("content", "answers", "records", "staff accounts", "data directory", "sources"),
        *("chat model", "embedding sites", "public address"),
    }
    assert all(found[name]["remedy"] for name in wrong)


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"FORUM_LOGO": "missing.png"}, "look"),
        ({"FORUM_ACCENT_COLOR": "notacolor"}, "look"),
        ({"FORUM_GOLDEN_QUESTIONS": "missing.yaml"}, "golden questions"),
        ({"FORUM_OIDC_ISSUER": "https://login.forum.test"}, "single sign-on"),
        ({"FORUM_OIDC_CLIENT_ID": "forum"}, "single sign-on"),
    ],
)
def test_what_a_server_would_not_start_with_is_told(
    settings: dict[str, str], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for setting, value in settings.items():
        monkeypatch.setenv(setting, value)

    found = looked_at(name)

    assert found.level is Level.ERROR
    assert next(iter(settings)) in found.message or "missing.yaml" in found.message


def test_a_golden_question_that_nobody_can_ask_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    golden = tmp_path / "golden.yaml"
    golden.write_text("- {question: '???', language: en, refuse: true}\n", encoding="utf-8")
    monkeypatch.setenv("FORUM_GOLDEN_QUESTIONS", str(golden))

    found = looked_at("golden questions")

    assert found.level is Level.WARNING
    assert found.message == f"{golden}: “???” can never be asked: it holds no word"


def test_a_database_that_is_away_is_told_without_its_password(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORUM_DATABASE_URL", "postgresql://anna:hush@127.0.0.1:1/forum")

    status, found = examined(data, capsys)

    assert status == 1
    assert found["records"]["remedy"].startswith("check that the server runs")
    assert "hush" not in str(found)
    assert found["answers"]["level"] == "ok"


def test_settings_that_are_wrong_are_told_and_the_machine_is_looked_at(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORUM_PROT", "1")

    status, found = examined(data, capsys)

    assert status == 1
    assert "FORUM_PROT" in found["settings"]["message"]
    assert found["python"]["level"] == "ok"


def test_models_that_are_not_prepared_are_told_and_not_prepared(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORUM_MODEL_DIR", str(data / "models" / "none"))

    status, found = examined(data, capsys)

    assert status == 1
    for name in ("embedding model", "reader", "answers"):
        assert found[name]["level"] == "error"
        assert found[name]["remedy"] == "run `python app.py prepare`"
    assert not (data / "models").exists()


def test_a_line_for_people_says_what_to_do_below_it(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data.chmod(0o755)

    assert cli.main(["doctor", "--data", str(data)]) == 1

    lines = capsys.readouterr().out.splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("error    data directory"))
    assert lines[at + 1].strip() == f"-> run `chmod 700 {data}`"


def test_where_there_is_nothing_yet_it_says_how_to_begin(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, found = examined(tmp_path / "none", capsys)

    assert status == 1
    assert "app.py ingest FOLDER" in found["data directory"]["remedy"]
    assert not (tmp_path / "none").exists(), "looking makes nothing"


@contextmanager
def answering(status: int) -> Iterator[int]:
    """Answer every request with a status, on a port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(("answer", "level"), [(200, "ok"), (404, "error")])
def test_a_server_that_runs_is_asked(
    data: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    answer: int,
    level: str,
) -> None:
    with answering(answer) as port:
        monkeypatch.setenv("FORUM_PORT", str(port))
        _, found = examined(data, capsys)

    assert found["server"]["level"] == level


def test_only_online_are_sources_the_model_and_the_server_tried(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = f"http://127.0.0.1:{a_free_port()}"
    monkeypatch.setenv("FORUM_MAIL_SERVER", f"smtp://ann:hush@127.0.0.1:{a_free_port()}")
    (data.parent / "forum.toml").write_text(
        '[[source]]\nname = "gone"\ntype = "folder"\npath = "gone"\n'
    )
    monkeypatch.setenv("FORUM_CHAT_MODEL", "openai:small")
    monkeypatch.setenv("FORUM_CHAT_BASE_URL", closed)

    _, before = examined(data, capsys)
    status, found = examined(data, capsys, "--online")

    tried = ("sources", "chat model", "mail server", "server")
    assert [before[name]["level"] for name in tried] == ["ok"] * 4
    assert [found[name]["level"] for name in tried] == ["error"] * 4
    assert "FORUM_CHAT_BASE_URL" in str(found["chat model"]["remedy"])
    assert "hush" not in str(found)
    assert status == 1
