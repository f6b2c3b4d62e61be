"""The staff password: what is taken, how it is kept."""

import re
import stat
import unicodedata
from pathlib import Path

import pytest

from assistant.domain.errors import InputError
from assistant.web.staff.passwords import FILE, LONGEST, StaffPassword
from tests.assistant.web.staff.staffing import PASSWORD


def test_a_password_is_right_and_no_other_is(tmp_path: Path) -> None:
    password = StaffPassword(tmp_path)

    password.set(PASSWORD)

    assert password.is_right(PASSWORD)
    assert password.is_right(f" {PASSWORD} ")
    for wrong in ("", PASSWORD.upper(), PASSWORD + "s", PASSWORD[:-1], "x" * 10**6, "\0", "\ud800"):
        assert not password.is_right(wrong)


def test_only_a_hash_is_kept_as_strong_as_promised_for_its_owner_only(tmp_path: Path) -> None:
    StaffPassword(tmp_path / "data").set(PASSWORD)

    path = tmp_path / "data" / FILE
    kept = path.read_text()
    found = re.match(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$", kept)
    assert found
    memory, passes, lanes = map(int, found.groups())
    assert memory >= 19 * 1024
    assert (passes, lanes) == (2, 1)
    assert "tangerine" not in kept
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("weak", "said"),
    [
        ("", "0 characters"),
        ("x7$kQ!z", "7 characters"),
        ("y" * (LONGEST + 1), "201 characters"),
        ("password", "too easy"),
        ("qwertyuiop", "too easy"),
        ("12345678", "too easy"),
        ("aaaaaaaaaaaa", "too easy"),
        ("staffstaff", "too easy"),
        ("Summer2024", "too easy"),
    ],
)
def test_a_weak_password_is_refused_with_advice(tmp_path: Path, weak: str, said: str) -> None:
    password = StaffPassword(tmp_path)

    with pytest.raises(InputError, match=said) as caught:
        password.set(weak)

    assert not password.stamp
    assert "Use" in str(caught.value) or "Add" in str(caught.value) or "give" in str(caught.value)


@pytest.mark.parametrize(
    "strong", ["correct horse battery staple", "ж" * 3 + "öß Ωkarton 9", "wombat ladder " * 14]
)
def test_a_strong_password_is_taken_in_any_script_and_length(tmp_path: Path, strong: str) -> None:
    password = StaffPassword(tmp_path)

    password.set(strong)

    assert password.is_right(strong)


def test_a_letter_counts_the_same_however_a_keyboard_writes_it(tmp_path: Path) -> None:
    password = StaffPassword(tmp_path)
    password.set(unicodedata.normalize("NFC", "böhmische Dörfer überall"))

    assert password.is_right(unicodedata.normalize("NFD", "böhmische Dörfer überall"))


def test_a_new_or_removed_password_is_noticed_by_who_reads_it_already(tmp_path: Path) -> None:
    server, terminal = StaffPassword(tmp_path), StaffPassword(tmp_path)
    assert server.stamp == ""
    terminal.set(PASSWORD)
    first = server.stamp

    terminal.set("another wombat on a ladder")
    second = server.stamp
    terminal.remove()

    assert first
    assert second not in ("", first)
    assert server.stamp == ""
    assert not server.is_right(PASSWORD)


@pytest.mark.parametrize("damage", [b"", b"\xff\xfe", b"plain text\n", b"$argon2id$v=19$m=1"])
def test_a_damaged_file_lets_nobody_in(tmp_path: Path, damage: bytes) -> None:
    password = StaffPassword(tmp_path)
    (tmp_path / FILE).write_bytes(damage)

    assert not password.is_right(PASSWORD)
    assert not password.is_right(damage.decode(errors="replace"))


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("no folder")

    with pytest.raises(InputError, match="cannot write"):
        StaffPassword(tmp_path / "data").set(PASSWORD)
