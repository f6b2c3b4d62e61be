"""The command that sets the password of the staff page."""

import io
import stat
import sys
from pathlib import Path

import pytest

from assistant import cli, terminal
from assistant.domain.errors import InputError
from assistant.domain.roles import Role
from assistant.records.accounts import Accounts, is_password
from assistant.records.database import FILE, Database
from assistant.records.history import History
from assistant.web.staff.access import Unlocking

GOOD = "tangerine wombat ladder"


def is_right(data: Path, password: str = GOOD, name: str = "staff") -> bool:
    return is_password(Accounts(Database(data)).find(name), password)


def set_to(data: Path, password: str) -> None:
    Accounts(Database(data)).set_staff_password(password)


def done(data: Path) -> list[tuple[str, str, str, str]]:
    kept = History(Database(data)).entries().entries
    return [(each.who, each.what, each.about, each.details) for each in reversed(kept)]


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

    assert is_right(tmp_path / "data")
    assert stat.S_IMODE((tmp_path / "data" / FILE).stat().st_mode) == 0o600
    printed = capsys.readouterr()
    assert "/staff" in printed.out
    assert "wombat" not in printed.out + printed.err


def test_at_a_terminal_it_is_asked_for_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, GOOD, GOOD)

    assert cli.main(["staff-password", "--data", str(tmp_path)]) == 0
    assert is_right(tmp_path)


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
    set_to(tmp_path, GOOD)
    monkeypatch.setattr(sys, "stdin", io.StringIO(line))

    assert cli.main(["staff-password", "--data", str(tmp_path)]) == 1

    assert capsys.readouterr().err.startswith("error: the password")
    assert is_right(tmp_path)


def test_the_page_is_switched_off_by_the_same_command(tmp_path: Path) -> None:
    set_to(tmp_path, GOOD)

    for _ in range(2):
        assert cli.main(["staff-password", "--remove", "--data", str(tmp_path)]) == 0

    assert Accounts(Database(tmp_path)).all() == []


def test_the_waiting_after_wrong_passwords_is_lifted_by_a_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    set_to(tmp_path, GOOD)
    stored = Unlocking(tmp_path)
    before = stored.stamp

    assert cli.main(["staff-unlock", "--data", str(tmp_path)]) == 0

    assert stored.stamp != before
    assert "For 5 minutes nobody waits" in capsys.readouterr().out


def test_where_no_password_is_set_there_is_nothing_to_lift(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["staff-unlock", "--data", str(tmp_path)]) == 1

    assert "no staff password is set" in capsys.readouterr().err


def run(data: Path, *arguments: str) -> int:
    return cli.main(["staff-account", *arguments, "--data", str(data)])


def given(monkeypatch: pytest.MonkeyPatch, password: str = GOOD) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{password}\n"))


def test_accounts_are_added_changed_listed_and_removed_by_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    set_to(tmp_path, GOOD)
    given(monkeypatch)
    assert run(tmp_path, "add", "Anna@forum.test", "--role", "publish") == 0
    assert run(tmp_path, "role", "anna@forum.test", "view") == 0
    given(monkeypatch, "another wombat on a ladder")
    assert run(tmp_path, "password", "anna@forum.test") == 0
    assert run(tmp_path, "disable", "anna@forum.test") == 0
    capsys.readouterr()
    assert run(tmp_path, "list") == 0
    listed = capsys.readouterr().out.splitlines()
    assert run(tmp_path, "enable", "anna@forum.test") == 0

    assert [line.split() for line in listed] == [
        ["anna@forum.test", "view", "disabled", "password"],
        ["staff", "administer", "enabled", "password"],
    ]
    assert is_right(tmp_path, "another wombat on a ladder", "anna@forum.test")
    assert run(tmp_path, "remove", "anna@forum.test") == 0
    assert [each.name for each in Accounts(Database(tmp_path)).all()] == ["staff"]
    whole = ("add", "role", "password", "disable", "enable", "remove")
    assert [what for _, what, _, _ in done(tmp_path)] == [f"account.{each}" for each in whole]
    assert done(tmp_path)[0] == ("the command line", "account.add", "anna@forum.test", "publish")


def test_the_last_account_is_removed_only_by_command_and_says_what_that_means(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    set_to(tmp_path, GOOD)
    given(monkeypatch)
    assert run(tmp_path, "add", "anna", "--role", "edit") == 0

    assert run(tmp_path, "remove", "staff") == 1
    assert cli.main(["staff-password", "--remove", "--data", str(tmp_path)]) == 1
    assert "'staff' is the last account that is enabled" in capsys.readouterr().err
    assert run(tmp_path, "remove", "anna") == 0
    assert run(tmp_path, "remove", "staff") == 0

    assert "The staff page is off" in capsys.readouterr().out
    assert Accounts(Database(tmp_path)).all() == []


@pytest.mark.parametrize("command", ["role", "password", "disable", "enable", "remove"])
def test_a_command_for_nobody_says_so_and_asks_for_no_password(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: str,
) -> None:
    typed(monkeypatch)

    assert run(tmp_path, command, "nobody", *(["view"] if command == "role" else [])) == 1

    assert "there is no account 'nobody'" in capsys.readouterr().err
    assert not (tmp_path / FILE).exists() or done(tmp_path) == []


@pytest.mark.parametrize("role", ["", "boss", "ADMINISTER"])
def test_a_role_that_is_none_is_refused_before_anything_is_done(tmp_path: Path, role: str) -> None:
    assert run(tmp_path, "add", "anna", "--role", role) == 2


def test_the_simple_password_is_an_account_like_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(monkeypatch)

    assert cli.main(["staff-password", "--data", str(tmp_path)]) == 0

    (account,) = Accounts(Database(tmp_path)).all()
    assert (account.name, account.role) == ("staff", Role.ADMINISTER)
    assert done(tmp_path) == [("the command line", "account.password", "staff", "")]
