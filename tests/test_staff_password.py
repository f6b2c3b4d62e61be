"""The command that sets the password of the staff page."""

import io
import stat
import sys
from pathlib import Path

import pytest

from assistant import cli, terminal
from assistant.domain.errors import InputError
from assistant.web.staff.passwords import FILE, StaffPassword

GOOD = "tangerine wombat ladder"


class Typed(io.StringIO):
    """A terminal at which somebody types."""

    def isatty(self) -> bool:
        return True


def typed(monkeypatch: pytest.MonkeyPatch, *words: str) -> None:
    """Type these words where a password is asked for, unseen."""
    answers = iter(words)
    monkeypatch.setattr(sys, "stdin", Typed())
    monkeypatch.setattr(terminal, "getpass", lambda _: next(answers))


def test_a_password_comes_from_one_line_of_the_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{GOOD}\r\nmore\n"))

    assert cli.main(["staff-password", "--data", str(tmp_path / "data")]) == 0

    assert StaffPassword(tmp_path / "data").is_right(GOOD)
    assert stat.S_IMODE((tmp_path / "data" / FILE).stat().st_mode) == 0o600
    printed = capsys.readouterr()
    assert "/staff" in printed.out
    assert "wombat" not in printed.out + printed.err


def test_at_a_terminal_it_is_asked_for_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, GOOD, GOOD)

    assert cli.main(["staff-password", "--data", str(tmp_path)]) == 0
    assert StaffPassword(tmp_path).is_right(GOOD)


def test_two_that_differ_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, GOOD, "tangerine wombat lader")

    with pytest.raises(InputError, match="differ; nothing was changed"):
        terminal.new_password()


@pytest.mark.parametrize("line", ["", "\n", "short\n", "password1\n"])
def test_a_weak_one_leaves_the_page_as_it_was(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    line: str,
) -> None:
    StaffPassword(tmp_path).set(GOOD)
    monkeypatch.setattr(sys, "stdin", io.StringIO(line))

    assert cli.main(["staff-password", "--data", str(tmp_path)]) == 1

    assert capsys.readouterr().err.startswith("error: the password")
    assert StaffPassword(tmp_path).is_right(GOOD)


def test_the_page_is_switched_off_by_the_same_command(tmp_path: Path) -> None:
    StaffPassword(tmp_path).set(GOOD)

    for _ in range(2):
        assert cli.main(["staff-password", "--remove", "--data", str(tmp_path)]) == 0

    assert not (tmp_path / FILE).exists()


def test_the_waiting_after_wrong_passwords_is_lifted_by_a_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stored = StaffPassword(tmp_path)
    stored.set(GOOD)
    before = stored.unlocked

    assert cli.main(["staff-unlock", "--data", str(tmp_path)]) == 0

    assert stored.unlocked != before
    assert "For 5 minutes nobody waits" in capsys.readouterr().out


def test_where_no_password_is_set_there_is_nothing_to_lift(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["staff-unlock", "--data", str(tmp_path)]) == 1

    assert "no staff password is set" in capsys.readouterr().err
