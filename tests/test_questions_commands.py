"""The commands that tell what members asked, and erase it."""

from pathlib import Path

import pytest

from assistant import cli, wiring
from assistant.settings import load
from tests.assistant.records.test_questions import an_answer


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FORUM_KEEP_QUESTIONS", "30")
    return tmp_path / "data"


def is_on_disk(data: Path, words: str) -> bool:
    return any(words.encode() in path.read_bytes() for path in data.rglob("*") if path.is_file())


def keep(data: Path, *questions: str) -> None:
    log = wiring.open_records(load(data_dir=data)).questions
    for question in questions:
        log.add(an_answer(question))


def test_the_report_tells_what_was_asked_in_vain(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(data, "where is the capybara", "where is the capybara?")
    assert cli.main(["report", "--data", str(data), "--language", "fr"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("# Ce que demandent les membres")
    assert "capybara" in told
    assert cli.main(["report", "--data", str(data), "--csv"]) == 0
    assert "capybara" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["report", "--language", "xx"], 1, "the languages are en, fr"),
        (["report", "--days", "0"], 2, "Invalid value for '--days': must be at least 1"),
        (["staff-account", "add", "ann", "--role", "boss"], 2, "'boss' is not one of 'view'"),
        (["report", "--until", "soon"], 2, "is not a date such as"),
        (["report", "--until", "0001-01-02"], 1, "give --until a day from 2000-01-01 on"),
        (["erase-questions"], 1, "say what to erase"),
    ],
)
def test_what_makes_no_sense_is_told_with_what_helps(
    data: Path,
    arguments: list[str],
    status: int,
    told: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main([*arguments, "--data", str(data)]) == status
    assert told in capsys.readouterr().err


def test_erased_questions_are_in_no_file(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keep(data, "where is the capybara", "who pays?")
    assert is_on_disk(data, "capybara")
    assert cli.main(["erase-questions", "--holding", "Capybara", "--data", str(data)]) == 0
    assert "1 text was erased" in capsys.readouterr().out
    assert not is_on_disk(data, "capybara")
    assert is_on_disk(data, "who pays?")
    assert cli.main(["erase-questions", "--all", "--data", str(data)]) == 0
    assert not is_on_disk(data, "who pays?")
